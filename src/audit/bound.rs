//! Law books in ledgers and letters. `[PTP §3.3.2]`

use super::fact::Fact;
use super::finding::Exhibit;
use crate::words::{BallotNumber, BookRow, DecreeNumber};

/// A law book in a ledger or a letter.
#[derive(Debug)]
pub(super) struct Book {
    /// The last decree that it covers.
    pub through: DecreeNumber,
    pub rows: Vec<BookRow>,
    /// The row that begins it.
    pub at: Exhibit,
}

/// A law book in a ledger, with the rows copied into it.
#[derive(Debug)]
pub(super) struct Bound {
    pub book: Book,
    /// The line at which it begins, counted over all ledgers of its owner.
    pub line: u32,
    /// lastTried and nextBal in the ledger that it replaced.
    pub notes_before: [Option<BallotNumber>; 2],
    /// The highest decree number in that ledger.
    pub highest_before: DecreeNumber,
    /// lastTried and nextBal as copied.
    pub notes: [Option<BallotNumber>; 2],
    pub copied: Vec<Fact>,
}
