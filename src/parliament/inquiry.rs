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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn name(text: &str) -> Name {
        text.parse().unwrap()
    }

    proptest! {
        /// Asked above `above` through `above + wanted`, of one who claimed `beyond` more.
        #[test]
        fn one_inquiry_is_answered_by_the_one_asked_or_in_time(
            (above, wanted, beyond) in (0..5_000_u64, 1..2_000_u64, 0..10_u64),
            (mine, his, late) in (0..8_000_u64, 0..8_000_u64, 0..3_u64),
            is_stranger: bool,
        ) {
            let (asked_at, through) = (Minutes::whole(7), above + wanted);
            let (oki, gray) = (name("Oki"), name("Gray"));
            let claimed = through + beyond;
            let inquiry = Inquiry::new(asked_at, oki, (above, through), claimed, is_stranger);
            // He waits as long as a reply takes, for what he lacks, and no longer.
            let now = asked_at + REPLY + Minutes::whole(late) - Minutes::whole(1);
            prop_assert_eq!(inquiry.due(), asked_at + REPLY);
            prop_assert_eq!(inquiry.lacks(mine), mine < through);
            prop_assert_eq!(inquiry.awaits(now, mine), mine < through && late == 0);
            // Another's word is no answer, and says nothing of what the one asked has.
            prop_assert!(!inquiry.is_answered(gray, his, mine));
            prop_assert_eq!(inquiry.claimed_by(oki), Some(claimed));
            prop_assert_eq!(inquiry.claimed_by(gray), None);
            prop_assert_eq!(inquiry.asks_stranger(oki), is_stranger);
            prop_assert!(!inquiry.asks_stranger(gray));
            // A Presence ends it that leaves nothing to tell, or that comes behind a page; one that
            // overtook a page of many bytes does not.
            if his <= mine {
                prop_assert!(inquiry.is_answered(oki, his, mine));
            } else if mine < above + (LONGEST_ANSWER / (LONGEST_DECREE + LONGEST_PETITION)) as u64 {
                prop_assert!(!inquiry.is_answered(oki, his, mine));
            } else {
                prop_assert!(inquiry.is_answered(oki, his, mine));
            }
        }
    }
}
