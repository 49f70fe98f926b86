//! A row that tells nothing: where it stands, which rule it breaks, and the repair.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use super::COLUMNS;
use crate::records::record::Place;

/// Why a trace could not be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TraceError {
    /// The file itself.
    #[error("cannot read the trace {}: {source}", file.display())]
    Unreadable {
        /// The file, as the user would name it.
        file: Arc<PathBuf>,
        /// The system's error.
        source: io::Error,
    },
    /// A row of it.
    #[error(transparent)]
    Row(#[from] Box<BadRow>),
    /// It could not be written.
    #[error("cannot write the trace: {0}")]
    Unwritable(#[source] io::Error),
    /// The event cannot be told in a row.
    #[error("cannot tell this in a trace: {0}")]
    Untold(RowRule),
}

/// A row that tells nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct BadRow {
    /// Where the bad column begins.
    pub place: Place,
    /// The row.
    pub row: String,
    /// How many characters the bad column has.
    pub width: usize,
    /// The rule broken.
    pub rule: RowRule,
}

impl fmt::Display for BadRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = self.place.line.to_string();
        let margin = " ".repeat(line.chars().count());
        let before = " ".repeat(usize::try_from(self.place.column - 1).unwrap_or(0));
        writeln!(f, "{}: {}", self.place, self.rule)?;
        writeln!(f, "{line} | {}", self.row)?;
        writeln!(f, "{margin} | {before}{}", "^".repeat(self.width.max(1)))?;
        write!(f, "{margin} = {}", self.rule.repair())
    }
}

/// The rules for a row of a trace.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each says itself in full")]
#[non_exhaustive]
pub enum RowRule {
    #[error("the row is not UTF-8")]
    NotUtf8,
    #[error("a record stands on one line, and this one holds a line break")]
    OneLine,
    #[error("the columns are separated by semicolons")]
    Semicolons,
    #[error("the header has no column `{0}`")]
    NoColumn(&'static str),
    #[error("the header names the column {0:?}, which no trace has, or names it twice")]
    StrangeColumn(String),
    #[error("the row has more columns than the header")]
    TooManyColumns,
    #[error("`seq` is an integer above that of the row before, and {0:?} is not")]
    Seq(String),
    #[error("`at` is Paxon minutes, as `12.500`, and {0:?} is not")]
    At(String),
    #[error("`at` is not before that of the row before, and {0:?} is")]
    Backwards(String),
    #[error("there is no event {0:?}")]
    NoSuchEvent(String),
    #[error("there is no message {0:?}")]
    NoSuchMessage(String),
    #[error("there is no ledger entry {0:?}")]
    NoSuchEntry(String),
    #[error("`{column}`: {why}")]
    Cell { column: &'static str, why: String },
    #[error("`{0}` is empty, and this row needs it")]
    Empty(&'static str),
    #[error("`{0}` is filled, and this row has no use for it")]
    NotHere(&'static str),
    #[error("this founds no Parliament: {0}")]
    Founding(String),
    #[error("a trace begins with `founded`, and only its first row is that")]
    FoundedFirst,
}

impl RowRule {
    /// The column that breaks the rule, where it is one.
    #[must_use]
    pub fn column(&self) -> Option<&'static str> {
        match self {
            RowRule::Seq(_) => Some("seq"),
            RowRule::At(_) | RowRule::Backwards(_) => Some("at"),
            RowRule::NoSuchEvent(_) | RowRule::FoundedFirst => Some("event"),
            RowRule::NoSuchMessage(_) | RowRule::NoSuchEntry(_) => Some("message"),
            RowRule::Founding(_) => Some("decree"),
            RowRule::Cell { column, .. } | RowRule::Empty(column) | RowRule::NotHere(column) => {
                Some(column)
            }
            RowRule::NotUtf8
            | RowRule::OneLine
            | RowRule::Semicolons
            | RowRule::NoColumn(_)
            | RowRule::StrangeColumn(_)
            | RowRule::TooManyColumns => None,
        }
    }

    /// The repair.
    #[must_use]
    pub fn repair(&self) -> String {
        match self {
            RowRule::NotUtf8 => "save the file as UTF-8".into(),
            RowRule::OneLine => "look for a quotation mark that is opened and not closed".into(),
            RowRule::Semicolons => "a spreadsheet saved it so: save it with commas".into(),
            RowRule::NoColumn(_) | RowRule::StrangeColumn(_) => {
                format!("the header is `{}`, in any order", COLUMNS.join(","))
            }
            RowRule::TooManyColumns => "quote a decree that holds a comma".into(),
            RowRule::Seq(_) | RowRule::At(_) | RowRule::Backwards(_) => {
                "rows stand in the order in which things happened; write the trace again".into()
            }
            RowRule::NoSuchEvent(_) => {
                "events are founded, send, receive, lose, repeat, ignore, ink, enter, leave".into()
            }
            RowRule::NoSuchMessage(_) => "messages bear the names of docs/trace.md".into(),
            RowRule::NoSuchEntry(_) => {
                "entries are outcome, lastTried, nextBal, prevVote, entered, beginBallot".into()
            }
            RowRule::Cell { .. } | RowRule::Empty(_) | RowRule::NotHere(_) => {
                "docs/trace.md says which columns each row fills, and how".into()
            }
            RowRule::Founding(_) | RowRule::FoundedFirst => {
                "the first row is as `1,0.000,founded,,,,,0,,Dwork Fischer Gray,,,`".into()
            }
        }
    }
}
