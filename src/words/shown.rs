//! Text as it is shown to a person: each hidden character is written out.
//!
//! A decree may hold characters that turn the direction of a line, or take no room. They make one
//! text look like another. Records, JSON and CSV keep them. A person reads `\u202e`, as in JSON, so
//! that the same form is right in a story, in a table, and in a line of JSON.

use std::borrow::Cow;

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// Signs of numbers and of ends of verses. Unicode counts them as formats, but they can be seen.
const SEEN: [std::ops::RangeInclusive<char>; 7] = [
    '\u{600}'..='\u{605}',
    '\u{6dd}'..='\u{6dd}',
    '\u{70f}'..='\u{70f}',
    '\u{890}'..='\u{891}',
    '\u{8e2}'..='\u{8e2}',
    '\u{110bd}'..='\u{110bd}',
    '\u{110cd}'..='\u{110cd}',
];

/// Letters and marks that take no room or leave it empty: joiners of marks, fillers of Hangul,
/// selectors of variants. Unicode lists them among what may be left out when a text is drawn.
const EMPTY: [std::ops::RangeInclusive<char>; 10] = [
    '\u{34f}'..='\u{34f}',
    '\u{115f}'..='\u{1160}',
    '\u{17b4}'..='\u{17b5}',
    '\u{180b}'..='\u{180f}',
    '\u{2065}'..='\u{2065}',
    '\u{3164}'..='\u{3164}',
    '\u{fe00}'..='\u{fe0f}',
    '\u{ffa0}'..='\u{ffa0}',
    '\u{fff0}'..='\u{fff8}',
    '\u{e0000}'..='\u{e0fff}',
];

/// Scripts whose letters change their shape beside a joiner or a non-joiner: from Hebrew's end to
/// Sinhala, and Burmese, Khmer and Mongolian. There both are part of the spelling of a word, as in
/// Persian.
const JOINING: [std::ops::RangeInclusive<char>; 4] = [
    '\u{600}'..='\u{dff}',
    '\u{1000}'..='\u{109f}',
    '\u{1780}'..='\u{17ff}',
    '\u{1800}'..='\u{18af}',
];

fn within(ranges: &[std::ops::RangeInclusive<char>], c: char) -> bool {
    ranges.iter().any(|range| range.contains(&c))
}

/// Whether a character is a control, turns the direction of a line, breaks it, or takes no room.
#[must_use]
pub fn is_hidden(c: char) -> bool {
    use GeneralCategory::{Control, Format, LineSeparator, ParagraphSeparator};
    if (' '..='~').contains(&c) {
        return false;
    }
    let unseen =
        matches!(c.general_category(), Control | Format | LineSeparator | ParagraphSeparator);
    (unseen && !within(&SEEN, c)) || within(&EMPTY, c)
}

/// The first hidden character of a text, and its position in bytes. A joiner between letters that
/// need it does not count as hidden, since it changes their shape.
#[must_use]
pub fn first_hidden(text: &str) -> Option<(usize, char)> {
    // Most texts are plain, and that is seen many bytes at a time.
    if text.bytes().fold(true, |plain, byte| plain & (b' '..0x7f).contains(&byte)) {
        return None;
    }
    text.char_indices().find(|(at, c)| is_hidden(*c) && !joins(text, *at, *c))
}

fn joins(text: &str, at: usize, c: char) -> bool {
    let letter = |c: char| within(&JOINING, c) && !is_hidden(c) && !c.is_numeric();
    let (before, after) = (&text[..at], &text[at + c.len_utf8()..]);
    matches!(c, '\u{200c}' | '\u{200d}')
        && before.chars().next_back().is_some_and(letter)
        && after.chars().next().is_some_and(letter)
}

/// A character as JSON writes it out: `\u202e`.
#[must_use]
pub fn written_out(c: char) -> String {
    let mut units = [0; 2];
    c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")).collect()
}

/// A text as it is shown to a person. It keeps its line breaks.
#[must_use]
pub fn shown(text: &str) -> Cow<'_, str> {
    shown_by(text, written_out)
}

/// Like [`shown`], but `written_out` writes the hidden characters.
pub fn shown_by(text: &str, written_out: impl Fn(char) -> String) -> Cow<'_, str> {
    let Some((first, _)) = first_hidden(text) else { return Cow::Borrowed(text) };
    let mut seen = text[..first].to_owned();
    for (at, c) in text.char_indices().skip_while(|(at, _)| *at < first) {
        if c == '\n' || !is_hidden(c) || joins(text, at, c) {
            seen.push(c);
        } else {
            seen.push_str(&written_out(c));
        }
    }
    Cow::Owned(seen)
}

/// A number with thousands separators.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut told = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            told.push(',');
        }
        told.push(digit);
    }
    told
}

/// A count in words, as `1 letter`, `2,000 letters`.
#[must_use]
pub fn counted(many: u64, what: &str) -> String {
    format!("{} {what}{}", grouped(many), if many == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn hidden_characters_are_written_out() {
        for (text, seen) in [
            ("The olive tax is 3", "The olive tax is 3"),
            ("3\u{202e}4\u{200b}", "3\\u202e4\\u200b"),
            ("a\u{feff}\u{2066}b\u{ad}", "a\\ufeff\\u2066b\\u00ad"),
            ("a\u{1b}[8mb\tc\rd\u{7f}\u{85}", "a\\u001b[8mb\\u0009c\\u000dd\\u007f\\u0085"),
            ("a\u{2028}b\u{2029}", "a\\u2028b\\u2029"),
            ("a\u{e0041}\u{3164}", "a\\udb40\\udc41\\u3164"),
            ("two\nlines", "two\nlines"),
            ("Γραι\u{342} 王の ☀", "Γραι\u{342} 王の ☀"),
        ] {
            assert_eq!(shown(text), seen);
        }
    }

    #[test]
    fn a_joiner_stays_where_a_script_needs_it() {
        let persian = "می\u{200c}شود";
        assert_eq!(shown(persian), persian);
        assert_eq!(shown("क\u{94d}\u{200d}ष"), "क\u{94d}\u{200d}ष");
        for hidden in ["ol\u{200c}ive", "می\u{200c}", "\u{200d}شود", "می\u{200c}\u{200c}شود"]
        {
            assert!(first_hidden(hidden).is_some(), "{hidden:?}");
        }
        assert_eq!(shown("\u{600}12"), "\u{600}12", "the sign of a number is seen");
    }

    proptest! {
        #[test]
        fn shown_text_hides_nothing_and_shows_the_same_again(
            text in "(\\PC|\\p{Cf}|\\p{Cc}|[\u{fe00}-\u{fe0f}\u{3164}\u{200c}\u{200d}می]){0,20}"
        ) {
            let seen = shown(&text).into_owned();
            prop_assert_eq!(first_hidden(&seen.replace('\n', "")), None);
            prop_assert_eq!(shown(&seen), &*seen);
        }
    }

    #[test]
    fn json_with_written_out_text_means_the_same() {
        let text = "3\u{202e}\u{e0041}\u{200b}\"\\";
        let json = serde_json::Value::from(text).to_string();
        let seen = shown(&json);
        assert_eq!(first_hidden(&seen), None);
        assert_eq!(serde_json::from_str::<String>(&seen).unwrap(), text);
    }
}
