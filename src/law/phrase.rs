//! Phrases: the matters, values and offices in decrees.

use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use crate::words::ballot::LONGEST_DECREE;

/// A text of one line within a decree: a matter, a value, or an office.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phrase(Arc<str>);

/// The reason why a text is not a phrase.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PhraseError {
    /// The text is empty.
    #[error("a matter or an office has at least one character")]
    Empty,
    /// The text does not fit into a decree.
    #[error("it has {0} bytes, and a whole decree has at most {LONGEST_DECREE}")]
    TooLong(usize),
    /// The text has a line break or another control character.
    #[error("it must be one line without control characters, and {0:?} is one")]
    Control(char),
}

impl Phrase {
    /// Makes a phrase from a text, which may be empty.
    ///
    /// # Errors
    /// [`PhraseError`] says which rule the text breaks.
    pub fn new(text: &str) -> Result<Phrase, PhraseError> {
        if text.len() > LONGEST_DECREE {
            return Err(PhraseError::TooLong(text.len()));
        }
        let breaks_a_line = |c: &char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
        match text.chars().find(breaks_a_line) {
            Some(c) => Err(PhraseError::Control(c)),
            None => Ok(Phrase(text.into())),
        }
    }

    /// Makes a phrase that names a matter or an office, so the text may not be empty.
    ///
    /// # Errors
    /// As [`Phrase::new`], and [`PhraseError::Empty`].
    pub fn naming(text: &str) -> Result<Phrase, PhraseError> {
        if text.is_empty() { Err(PhraseError::Empty) } else { Phrase::new(text) }
    }

    /// The phrase's words.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first word; the whole phrase, if it is only space.
    pub(super) fn first_word(&self) -> Phrase {
        self.0.split_whitespace().next().map_or_else(|| self.clone(), |word| Phrase(word.into()))
    }

    /// Returns these words followed by the phrase.
    pub(super) fn after(&self, words: &str) -> Phrase {
        Phrase(format!("{words}{self}").into())
    }

    /// Reads a phrase written without quotes; space around it does not count.
    pub(super) fn plain(text: &str) -> Option<Phrase> {
        let text = text.trim();
        if text.is_empty() || text.starts_with('"') { None } else { Phrase::new(text).ok() }
    }

    /// Reads a phrase written as a JSON string at the front of `text`; returns it with the text
    /// after.
    pub(super) fn quoted(text: &str) -> Option<(Phrase, &str)> {
        let mut words = serde_json::Deserializer::from_str(text).into_iter::<String>();
        let phrase = Phrase::new(&words.next()?.ok()?).ok()?;
        Some((phrase, text.get(words.byte_offset()..)?))
    }

    /// The phrase as a JSON string.
    pub(super) fn in_quotes(&self) -> String {
        serde_json::Value::from(self.as_str()).to_string()
    }
}

impl fmt::Display for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl Serialize for Phrase {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}
