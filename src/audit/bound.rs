//! A law book as a ledger or a letter has it. `[PTP §3.3.2]`

use super::fact::Fact;
use super::finding::Exhibit;
use crate::words::{BallotNumber, BookRow, DecreeNumber};

/// A law book as a ledger or a letter has it.
#[derive(Debug)]
pub(super) struct Book {
    /// Complete through this decree.
    pub through: DecreeNumber,
    pub rows: Vec<BookRow>,
    /// The row that begins it.
    pub at: Exhibit,
}

/// A law book in a ledger, and what was copied into it.
#[derive(Debug)]
pub(super) struct Bound {
    pub book: Book,
    /// Where it begins, among all lines of its owner.
    pub line: u32,
    /// lastTried and nextBal before, in the ledger it replaced.
    pub notes_before: [Option<BallotNumber>; 2],
    /// The highest number that ledger spoke of.
    pub highest_before: DecreeNumber,
    /// lastTried and nextBal as copied.
    pub notes: [Option<BallotNumber>; 2],
    pub copied: Vec<Fact>,
}
