//! A mistake in an answer, drawn so that its writer can put it right.

use std::fmt;

use unicode_width::UnicodeWidthChar;

use super::place::column_of;
use crate::words::ballot::{BallotNumberError, DecreeError, SYNODS_DECREE};
use crate::words::message::Impostor;
use crate::words::shown::{is_hidden, written_out};

/// The longest slip, in bytes of JSON.
pub(super) const LONGEST_SLIP: usize = 64 << 10;

/// An answer that is not as an answer should be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mistake {
    /// The answer.
    pub line: String,
    /// Where in it, in characters from 1.
    pub column: usize,
    /// The mistake there.
    pub wrong: Wrong,
}

/// A mistake at some place of an answer.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Wrong {
    /// It is no JSON at all, but something that somebody printed.
    #[error("this is no JSON object: an answer begins with `{{`")]
    Printed,
    /// It begins as JSON, and is not sound.
    #[error("this is no sound JSON: {0}")]
    Json(String),
    /// Something else than what is needed.
    #[error("{what} is {found}, and should be {expected}")]
    Type {
        /// What.
        what: String,
        /// The kind that it should be.
        expected: &'static str,
        /// The kind that it is.
        found: &'static str,
    },
    /// A field that there is not.
    #[error("there is no field `{name}` here")]
    UnknownField {
        /// The field.
        name: String,
        /// Those that there are.
        known: Vec<&'static str>,
    },
    /// A field that must be there, and is not.
    #[error("{of} has no field `{name}`")]
    MissingField {
        /// The object that lacks it.
        of: String,
        /// The field.
        name: &'static str,
        /// How it is written when there is nothing to say.
        blank: &'static str,
    },
    /// A field that this kind of row or letter does not have.
    #[error("{kind} has no `{name}`")]
    Unwanted {
        /// The kind of row or letter.
        kind: &'static str,
        /// The field.
        name: &'static str,
    },
    /// A kind of row or letter that there is not.
    #[error("{kind:?} is no kind of {of}")]
    UnknownKind {
        /// Row or letter.
        of: &'static str,
        /// The kind.
        kind: String,
        /// Those that there are.
        known: Vec<&'static str>,
    },
    /// Somebody who does not sit.
    #[error("{name:?} does not sit in this Synod")]
    Stranger {
        /// The name.
        name: String,
        /// Those who sit.
        names: Vec<String>,
    },
    /// The number of a decree that the Synod does not have.
    #[error(
        "decree {0} is none of the Synod's: it passes one decree, whose number is {SYNODS_DECREE}"
    )]
    Number(u64),
    /// The slip is too long.
    #[error("a slip of paper has at most {} bytes of JSON, and this one has more", LONGEST_SLIP)]
    LongSlip,
    /// A ballot number that is none.
    #[error(transparent)]
    Ballot(BallotNumberError),
    /// A decree that is none.
    #[error(transparent)]
    Decree(DecreeError),
    /// A letter that he cannot send.
    #[error("{0}")]
    Impostor(Impostor),
}

impl Wrong {
    /// The repair, for its writer.
    #[must_use]
    pub fn repair(&self) -> String {
        match self {
            Wrong::Printed => "print answers alone to standard output; everything else, such as \
                what helps you to find mistakes, goes to standard error"
                .into(),
            Wrong::Json(_) => "let a JSON library write the answer; it is one line".into(),
            Wrong::Type { expected, .. } => format!("write {expected}"),
            Wrong::UnknownField { name, known } => {
                let all = known.join(", ");
                match nearest(name, known) {
                    Some(meant) => format!("did you mean `{meant}`? The fields here are {all}"),
                    None => format!("the fields here are {all}"),
                }
            }
            Wrong::MissingField { name, blank: "", .. } => format!("add `{name}`"),
            Wrong::MissingField { name, blank, .. } => {
                format!("add it; where there is nothing to say, \"{name}\":{blank}")
            }
            Wrong::Unwanted { .. } => "leave it out".into(),
            Wrong::UnknownKind { kind, known, .. } => {
                let all = known.join(", ");
                match nearest(kind, known) {
                    Some(meant) => format!("did you mean {meant}? There are {all}"),
                    None => format!("there are {all}"),
                }
            }
            Wrong::Stranger { names, .. } => format!("those who sit are {}", names.join(", ")),
            Wrong::Number(_) => "leave `number` out".into(),
            Wrong::LongSlip => "keep on the slip only what one ballot needs".into(),
            Wrong::Ballot(_) | Wrong::Decree(_) => "write one that keeps the rule".into(),
            Wrong::Impostor(_) => {
                "only a ballot's owner sends NextBallot and BeginBallot; LastVote, \
                Voted and Refused go to him (§2.3)"
                    .into()
            }
        }
    }
}

/// The known word that was perhaps meant: the same but for case, or one of its letters.
fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let alike = |known: &&&str| known.eq_ignore_ascii_case(word) || is_near(word, known);
    known.iter().find(alike).copied()
}

/// Whether one letter more, less or otherwise makes the one word the other.
fn is_near(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let same = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let (rest, others) = (&one[same..], &other[same..]);
    let without = |word: &[char]| word.get(1..).unwrap_or_default().to_vec();
    without(rest) == without(others) || without(rest) == others || rest == without(others)
}

impl Mistake {
    /// The JSON reader's complaint about a line.
    pub(super) fn of_json(line: &str, error: &serde_json::Error) -> Mistake {
        let begins = line.trim_start();
        if !begins.starts_with(['{', '[', '"']) {
            return Mistake { line: line.into(), column: 1, wrong: Wrong::Printed };
        }
        let told = error.to_string();
        let told = told.split(" at line ").next().unwrap_or_default().to_owned();
        let column = column_of(line, error.column().saturating_sub(1));
        Mistake { line: line.into(), column, wrong: Wrong::Json(told) }
    }
}

/// How many characters are shown on either side of the caret.
const SHOWN: usize = 32;

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let before = self.column.saturating_sub(1);
        let first = before.saturating_sub(SHOWN);
        let mut shown = String::from(if first > 0 { "…" } else { "" });
        let mut indent = usize::from(first > 0);
        for (at, c) in self.line.chars().enumerate().skip(first).take(2 * SHOWN) {
            let drawn = if is_hidden(c) { written_out(c) } else { c.into() };
            if at < before {
                indent += drawn.chars().filter_map(UnicodeWidthChar::width).sum::<usize>();
            }
            shown += &drawn;
        }
        if self.line.chars().count() > first + 2 * SHOWN {
            shown.push('…');
        }
        writeln!(f, "column {}: {}", self.column, self.wrong)?;
        writeln!(f, "  | {shown}")?;
        writeln!(f, "  | {}^", " ".repeat(indent))?;
        write!(f, "  = {}", self.wrong.repair())
    }
}
