//! Rows and where they stand.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::words::{Entry, Message, Name};

/// The longest row, in bytes: the longest decree fits many times, however it is quoted.
pub const LONGEST_ROW: usize = 64 * 1024;

/// Where something stands in a file: line and column counted from 1, the column in characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct Place {
    /// The file, as the user would name it.
    pub file: Arc<PathBuf>,
    /// The line.
    pub line: u64,
    /// The column at which the field begins.
    pub column: u64,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file.display(), self.line, self.column)
    }
}

/// The state of a row's seal.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Seal {
    /// Sealed, and as it was sealed.
    Sound,
    /// Not sealed: written by hand.
    ByHand,
    /// Sealed, and as it was sealed, but elsewhere: an editor saved the whole file in another form.
    Moved {
        /// With a byte order mark before its first row.
        mark: bool,
        /// With other line ends.
        ends: bool,
    },
    /// Sealed, and changed or moved since.
    Broken,
}

/// A row of a ledger.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LedgerRow {
    /// Where it stands.
    pub place: Place,
    /// Its text.
    pub entry: Entry,
    /// When it was inked; `None` if not written.
    pub at: Option<DateTime<Utc>>,
    /// How many bytes of the ledger were known durable when it was inked.
    pub dry: Option<u64>,
    /// Whether it is as it was inked.
    pub seal: Seal,
}

/// A row of a messagebook.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MessageRow {
    /// Where it stands.
    pub place: Place,
    /// The sender.
    pub from: Name,
    /// The owner of the messagebook.
    pub to: Name,
    /// Its text.
    pub message: Message,
    /// When it was written; `None` if not written.
    pub at: Option<DateTime<Utc>>,
}
