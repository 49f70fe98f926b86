//! An answer as a person is shown it: what takes no room on a page, or turns its lines, is written out.

use serde_json::Value;

use crate::words::shown::shown;

/// Fields that are put into a script again, and stay as they are.
const OF_SCRIPTS: [&str; 3] = ["key", "short", "words"];

/// Writes out the hidden characters of each text that a person is shown.
pub(super) fn written_out(answer: &mut Value) {
    match answer {
        Value::String(text) => {
            if let std::borrow::Cow::Owned(seen) = shown(text) {
                *text = seen;
            }
        }
        Value::Array(all) => all.iter_mut().for_each(written_out),
        Value::Object(fields) => fields
            .iter_mut()
            .filter(|(field, _)| !OF_SCRIPTS.contains(&field.as_str()))
            .for_each(|(_, value)| written_out(value)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn hidden_characters_are_written_out_but_in_scripts() {
        let mut answer =
            json!({ "key": "b.Oki.\u{202e}", "offers": [{ "text": "a\u{202e}b", "n": 1 }] });
        super::written_out(&mut answer);
        let shown = json!({ "key": "b.Oki.\u{202e}", "offers": [{ "text": "a\\u202eb", "n": 1 }] });
        assert_eq!(answer, shown);
    }
}
