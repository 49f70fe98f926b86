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
    Untold(Rule),
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
    pub rule: Rule,
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
pub enum Rule {
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

impl Rule {
    /// The column that breaks the rule, where it is one.
    #[must_use]
    pub fn column(&self) -> Option<&'static str> {
        match self {
            Rule::Seq(_) => Some("seq"),
            Rule::At(_) | Rule::Backwards(_) => Some("at"),
            Rule::NoSuchEvent(_) | Rule::FoundedFirst => Some("event"),
            Rule::NoSuchMessage(_) | Rule::NoSuchEntry(_) => Some("message"),
            Rule::Founding(_) => Some("decree"),
            Rule::Cell { column, .. } | Rule::Empty(column) | Rule::NotHere(column) => Some(column),
            Rule::NotUtf8
            | Rule::OneLine
            | Rule::Semicolons
            | Rule::NoColumn(_)
            | Rule::StrangeColumn(_)
            | Rule::TooManyColumns => None,
        }
    }

    /// The repair.
    #[must_use]
    pub fn repair(&self) -> String {
        match self {
            Rule::NotUtf8 => "save the file as UTF-8".into(),
            Rule::OneLine => "look for a quotation mark that is opened and not closed".into(),
            Rule::Semicolons => "a spreadsheet saved it so: save it with commas".into(),
            Rule::NoColumn(_) | Rule::StrangeColumn(_) => {
                format!("the header is `{}`, in any order", COLUMNS.join(","))
            }
            Rule::TooManyColumns => "quote a decree that holds a comma".into(),
            Rule::Seq(_) | Rule::At(_) | Rule::Backwards(_) => {
                "rows stand in the order in which things happened; write the trace again".into()
            }
            Rule::NoSuchEvent(_) => {
                "events are founded, send, receive, lose, repeat, ignore, ink, enter, leave".into()
            }
            Rule::NoSuchMessage(_) => "messages bear the names of docs/trace.md".into(),
            Rule::NoSuchEntry(_) => {
                "entries are outcome, lastTried, nextBal, prevVote, entered, beginBallot".into()
            }
            Rule::Cell { .. } | Rule::Empty(_) | Rule::NotHere(_) => {
                "docs/trace.md says which columns each row fills, and how".into()
            }
            Rule::Founding(_) | Rule::FoundedFirst => {
                "the first row is as `1,0.000,founded,,,,,0,,Dwork Fischer Gray,,,`".into()
            }
        }
    }
}
