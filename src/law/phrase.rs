//! Phrases: the matters, values and offices that decrees speak of.

use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use crate::words::ballot::LONGEST_DECREE;

/// A text of one line within a decree: a matter, a value, or an office.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phrase(Arc<str>);

/// Why a text is no phrase.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PhraseError {
    /// Nothing is written where something must be named.
    #[error("a matter or an office has at least one character")]
    Empty,
    /// It would not fit into a decree.
    #[error("it has {0} bytes, and a whole decree has at most {LONGEST_DECREE}")]
    TooLong(usize),
    /// A line break or another control character.
    #[error("it is one line without control characters, and {0:?} is one")]
    Control(char),
}

impl Phrase {
    /// Reads a phrase; the empty text is one.
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

    /// Reads a phrase that names something, a matter or an office: it is not empty.
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

    /// Its first word; the whole phrase, if it is nothing but space.
    pub(super) fn first_word(&self) -> Phrase {
        self.0.split_whitespace().next().map_or_else(|| self.clone(), |word| Phrase(word.into()))
    }

    /// The phrase after these words.
    pub(super) fn after(&self, words: &str) -> Phrase {
        Phrase(format!("{words}{self}").into())
    }

    /// A phrase written without quotes; space around it does not count.
    pub(super) fn plain(text: &str) -> Option<Phrase> {
        let text = text.trim();
        if text.is_empty() || text.starts_with('"') { None } else { Phrase::new(text).ok() }
    }

    /// A phrase written as a JSON string at the front of `text`, and what comes after it.
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
