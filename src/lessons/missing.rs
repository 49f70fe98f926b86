//! The result of a check: the first thing that is missing.

use std::fmt;

/// The first thing that a lesson lacks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Missing {
    /// The thing, in words for the student.
    pub said: String,
    /// Whether a file is broken, so that nothing could be judged.
    pub is_broken: bool,
    /// Whether it is a wrong answer, so that what comes after it can be judged all the same.
    pub is_wrong: bool,
}

/// How a check of a lesson ends.
pub(crate) type Check<T = ()> = Result<T, Missing>;

impl Missing {
    /// Something is not done yet, or not right.
    pub fn yet(said: impl Into<String>) -> Missing {
        Missing { said: said.into(), is_broken: false, is_wrong: false }
    }

    /// A file cannot be read or says nothing that can be judged.
    pub fn broken(said: impl fmt::Display) -> Missing {
        Missing { said: said.to_string(), is_broken: true, is_wrong: false }
    }
}

/// As `Err(Missing::yet(…))`.
pub(super) fn missing<T>(said: impl Into<String>) -> Check<T> {
    Err(Missing::yet(said))
}
