//! Rows and their places.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::words::{Entry, Message, Name};

/// The longest row, in bytes. The longest decree fits many times, even if it is quoted.
pub const LONGEST_ROW: usize = 64 * 1024;

/// A place in a file. Line and column are counted from 1, the column in characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct Place {
    /// The file, as a user names it.
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
    /// The seal fits.
    Sound,
    /// The row has no seal: a person wrote it by hand.
    ByHand,
    /// The row is unchanged but begins at another byte: an editor saved the file in another form.
    Moved {
        /// Whether the file now has a byte order mark before its first row.
        mark: bool,
        /// Whether the file now has other line ends.
        ends: bool,
    },
    /// The seal does not fit: the row was changed or moved since it was inked.
    Broken,
}

/// A row of a ledger.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LedgerRow {
    /// The row's place.
    pub place: Place,
    /// The entry that it holds.
    pub entry: Entry,
    /// The time at which it was inked; `None` if the field is blank.
    pub at: Option<DateTime<Utc>>,
    /// The number of bytes of the ledger that were known to be dry when it was inked.
    pub dry: Option<u64>,
    /// The state of its seal.
    pub seal: Seal,
}

/// A row of a messagebook.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MessageRow {
    /// The row's place.
    pub place: Place,
    /// The sender.
    pub from: Name,
    /// The owner of the messagebook.
    pub to: Name,
    /// The message that it holds.
    pub message: Message,
    /// The time at which it was written; `None` if the field is blank.
    pub at: Option<DateTime<Utc>>,
}
