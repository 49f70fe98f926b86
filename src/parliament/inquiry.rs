//! The decrees that a legislator has asked another for, to copy them. `[PTP §3.1, §3.3.1]`

use super::LONGEST_ANSWER;
use crate::words::ballot::{DecreeNumber, LONGEST_DECREE, LONGEST_PETITION};
use crate::words::name::Name;
use crate::words::time::{Minutes, REPLY};

/// The least number of decrees on a page that is cut for its bytes.
const SHORTEST_PAGE: DecreeNumber =
    (LONGEST_ANSWER / (LONGEST_DECREE + LONGEST_PETITION)) as DecreeNumber;

/// An inquiry under way; there is one at a time.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub(super) struct Inquiry {
    of: Name,
    above: DecreeNumber,
    through: DecreeNumber,
    /// How far the ledger of `of` is complete, as he said.
    claimed: DecreeNumber,
    /// When its answer should have come.
    due: Minutes,
    /// Whether `of` had no seat by the law as far as it was known.
    is_stranger: bool,
}

impl Inquiry {
    /// Asks `of`, whose ledger is complete through `claimed`, for the decrees above one number,
    /// through another.
    pub(super) fn new(
        now: Minutes,
        of: Name,
        (above, through): (DecreeNumber, DecreeNumber),
        claimed: DecreeNumber,
        is_stranger: bool,
    ) -> Inquiry {
        Inquiry { of, above, through, claimed, due: now + REPLY, is_stranger }
    }

    /// When its answer should have come.
    pub(super) fn due(&self) -> Minutes {
        self.due
    }

    /// Whether a ledger complete through `mine` still lacks a decree asked for.
    pub(super) fn lacks(&self, mine: DecreeNumber) -> bool {
        mine < self.through
    }

    /// Whether a ledger complete through `mine` lacks a decree asked for, and the answer is not due.
    pub(super) fn awaits(&self, now: Minutes, mine: DecreeNumber) -> bool {
        self.lacks(mine) && now < self.due
    }

    /// Whether the inquiry went to this name, and he was a stranger.
    pub(super) fn asks_stranger(&self, name: Name) -> bool {
        self.is_stranger && self.of == name
    }

    /// How far this name said that his ledger is complete, if the inquiry went to him.
    pub(super) fn claimed_by(&self, name: Name) -> Option<DecreeNumber> {
        (self.of == name).then_some(self.claimed)
    }

    /// Whether a Presence from `from` ends the answer. `his` and `mine` are the decrees through
    /// which the sender's and the asker's ledgers are complete.
    pub(super) fn is_answered(&self, from: Name, his: DecreeNumber, mine: DecreeNumber) -> bool {
        let has_page = mine >= self.above + SHORTEST_PAGE;
        self.of == from && (has_page || his <= mine)
    }
}
