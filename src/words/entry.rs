//! The rows of a ledger: outcomes at its front, notes at its back. `[PTP §2.2]`

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;

use super::ballot::{BallotNumber, Decree, DecreeNumber, Vote};
use super::book::{BookRow, Heading};
use super::name::Name;

/// The notes at the back of the ledger on which letters rest. `[PTP §2.2]`
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Note {
    /// lastTried, on which NextBallot rests.
    LastTried,
    /// nextBal, the promise, on which LastVote rests.
    NextBal,
    /// prevVote, on which Voted rests.
    PrevVote,
}

/// A row of a ledger. `[PTP §2.2]`
#[derive(Clone, PartialEq, Eq, Debug, Hash, Serialize)]
#[serde(tag = "entry", rename_all = "camelCase")]
pub enum Entry {
    /// The front of the ledger: a decree that was passed.
    Outcome {
        /// Its number.
        number: DecreeNumber,
        /// The decree.
        #[serde(flatten)]
        decree: Decree,
        /// The ballot that passed it, where known.
        ballot: Option<BallotNumber>,
    },
    /// Note: the last ballot this priest tried.
    LastTried {
        /// The ballot.
        ballot: BallotNumber,
    },
    /// Note: the promise to vote in no ballot below this one.
    NextBal {
        /// The ballot.
        ballot: BallotNumber,
    },
    /// Note: a vote.
    PrevVote {
        /// The number of the decree.
        number: DecreeNumber,
        /// The ballot.
        ballot: BallotNumber,
        /// The decree voted for.
        #[serde(flatten)]
        decree: Decree,
    },
    /// Ours: this priest entered the Chamber.
    Entered,
    /// Note: a ballot this priest began.
    BeginBallot {
        /// The number of the decree.
        number: DecreeNumber,
        /// The ballot.
        ballot: BallotNumber,
        /// The decree put to the vote.
        #[serde(flatten)]
        decree: Decree,
        /// The priests who must vote for it.
        quorum: Arc<BTreeSet<Name>>,
    },
    /// A row of a law book, which stands for many decrees. `[PTP §3.3.2]`
    Book(BookRow),
}

impl Entry {
    /// The note that records this vote on decree `number`.
    #[must_use]
    pub fn prev_vote(number: DecreeNumber, vote: &Vote) -> Entry {
        Entry::PrevVote { number, ballot: vote.ballot, decree: vote.decree.clone() }
    }

    /// The kinds of entries, as the ledger writes them.
    pub const KINDS: [&'static str; 6] =
        ["outcome", "lastTried", "nextBal", "prevVote", "entered", "beginBallot"];

    /// The entry's kind, as the ledger writes it.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Entry::Outcome { .. } => "outcome",
            Entry::LastTried { .. } => "lastTried",
            Entry::NextBal { .. } => "nextBal",
            Entry::PrevVote { .. } => "prevVote",
            Entry::Entered => "entered",
            Entry::BeginBallot { .. } => "beginBallot",
            Entry::Book(row) => row.heading.as_str(),
        }
    }

    /// Whether it is the last row of a law book. Only a whole book has it. `[PTP §3.3.2]`
    #[must_use]
    pub fn ends_book(&self) -> bool {
        matches!(self, Entry::Book(row) if row.heading == Heading::Bound)
    }
}
