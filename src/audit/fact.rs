//! A numbered row of a ledger, in a small form: ten million of them fit in memory.

use crate::words::DecreeNumber;

/// The kind of a numbered row.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Kind {
    /// beginBallot.
    Begun,
    /// prevVote.
    Vote,
    /// outcome.
    Outcome,
}

/// One numbered row of a ledger. The archive keeps each text and ballot once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fact {
    pub number: DecreeNumber,
    /// Microseconds since 1970; [`NEVER`] if no time is written.
    pub at: i64,
    pub kind: Kind,
    /// The index of the ledger's owner.
    pub ledger: u32,
    pub line: u32,
    /// By its id, the ballot that the row names, and its quorum if the row begins it.
    pub named: u32,
    /// By its id, the decree's text.
    pub decree: u32,
    /// The id of the petition's id; 0 if there is no petition.
    pub petition: u32,
}

const _: () = assert!(size_of::<Fact>() <= 40);

/// The time of a row without a time.
pub(super) const NEVER: i64 = i64::MAX;
