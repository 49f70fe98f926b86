//! In which form a scene is saved, and where, as a person says it.

use std::path::{Path, PathBuf};

/// A form in which a scene is saved.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Saved {
    /// Its script, with every branch.
    Script,
    /// The ledgers and messagebooks of the way here.
    Chamber,
    /// The trace of the way here.
    Trace,
    /// The way here, drawn.
    Chronicle,
}

impl Saved {
    const NAMED: [(&str, Saved); 4] = [
        ("script", Saved::Script),
        ("chamber", Saved::Chamber),
        ("trace", Saved::Trace),
        ("chronicle", Saved::Chronicle),
    ];

    /// The form and the place that these words name: `chamber DIR`, or a name whose ending says the
    /// form.
    ///
    /// # Errors
    /// If no place is named.
    pub(crate) fn read(words: &str) -> Result<(Saved, PathBuf), String> {
        let (first, rest) = words.split_once(char::is_whitespace).unwrap_or((words, ""));
        let named = Saved::NAMED.iter().find(|(name, _)| *name == first);
        match (named, rest.trim()) {
            (Some((_, form)), place) if !place.is_empty() => Ok((*form, place.into())),
            (Some((name, _)), _) => Err(format!("name a place too: save {name} NAME")),
            (None, _) if words.is_empty() => Err(
                "name a file: save FILE; its ending says the form: .csv a trace, .html or .svg a \
                 chronicle, / a chamber, any other a script"
                    .into(),
            ),
            (None, _) => Ok((Saved::by_ending(words), words.into())),
        }
    }

    /// As [`Saved::read`]; true where `--force` stands behind the place.
    ///
    /// # Errors
    /// If no place is named.
    pub(crate) fn read_forced(words: &str) -> Result<(Saved, PathBuf, bool), String> {
        let forced = words.trim_end().strip_suffix("--force");
        let forced = forced.filter(|rest| rest.is_empty() || rest.ends_with(char::is_whitespace));
        let (form, place) = Saved::read(forced.unwrap_or(words).trim())?;
        Ok((form, place, forced.is_some()))
    }

    /// The words that save a script under this path; none where they cannot be typed.
    #[cfg_attr(not(feature = "tui"), allow(dead_code))]
    pub(crate) fn script_in_words(path: &Path) -> String {
        let Some(name) = path.to_str() else { return String::new() };
        let is_read = Saved::read_forced(name) == Ok((Saved::Script, path.into(), false));
        if is_read { name.into() } else { format!("script {name}") }
    }

    fn by_ending(name: &str) -> Saved {
        let ending = Path::new(name).extension().and_then(|ending| ending.to_str());
        match ending.map(str::to_ascii_lowercase).as_deref() {
            _ if name.ends_with(['/', '\\']) => Saved::Chamber,
            Some("csv") => Saved::Trace,
            Some("html" | "htm" | "svg") => Saved::Chronicle,
            _ => Saved::Script,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn force_behind_a_name_is_no_part_of_the_name() {
        let read = |words| Saved::read_forced(words).map(|(_, place, force)| (place, force));
        assert_eq!(read("mine.txt --force"), Ok(("mine.txt".into(), true)));
        assert_eq!(read("chamber kept --force "), Ok(("kept".into(), true)));
        assert_eq!(read("mine--force"), Ok(("mine--force".into(), false)));
        assert!(read("--force").unwrap_err().contains("name a file"));
    }

    #[test]
    fn a_script_is_saved_under_its_own_path_whatever_its_ending() {
        for path in ["mine.txt", "a/my script", "run.csv", "x.html", "trace of mine"] {
            let words = Saved::script_in_words(path.as_ref());
            assert_eq!(
                Saved::read_forced(&words),
                Ok((Saved::Script, path.into(), false)),
                "{words}"
            );
        }
        assert_eq!(Saved::script_in_words("mine.txt".as_ref()), "mine.txt");
    }

    #[test]
    fn a_place_is_read_by_its_ending_or_by_the_form_that_is_named() {
        for (words, form, place) in [
            ("mine.txt", Saved::Script, "mine.txt"),
            ("mine", Saved::Script, "mine"),
            ("run.csv", Saved::Trace, "run.csv"),
            ("a run.HTML", Saved::Chronicle, "a run.HTML"),
            ("run.svg", Saved::Chronicle, "run.svg"),
            ("kept/", Saved::Chamber, "kept/"),
            ("chamber kept", Saved::Chamber, "kept"),
            ("chronicle run.txt", Saved::Chronicle, "run.txt"),
            ("script run.csv", Saved::Script, "run.csv"),
        ] {
            assert_eq!(Saved::read(words), Ok((form, place.into())), "{words}");
        }
        assert!(Saved::read("").unwrap_err().contains("name a file"));
        assert!(Saved::read("trace").unwrap_err().contains("save trace NAME"));
    }
}
