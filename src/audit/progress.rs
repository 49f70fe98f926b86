//! How far a ledger went when its owner tried and began his ballots, read in its own order.
//! `[PTP §3.1, §3.2.1, §3.3.6]`
//!
//! What stands above a row was known when the row was inked, and is dry if the row is. So what a
//! letter claims that rests on the row can be held against what stands above it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound::{Excluded, Unbounded};

use crate::words::{BallotNumber, DecreeNumber, Founding};

/// A ballot begun for a number below one already passed in the same ledger, which only a ballot
/// bound by B3 may be. `[PTP §3.2.1]`
#[derive(Debug)]
pub(super) struct Belated {
    pub number: DecreeNumber,
    pub ballot: BallotNumber,
    pub line: u32,
    /// The highest number passed before, and its line.
    pub passed: (DecreeNumber, u32),
}

/// A ballot begun for a number far above those known, which α may forbid. `[PTP §3.3.6]`
#[derive(Debug)]
pub(super) struct Ahead {
    pub number: DecreeNumber,
    pub ballot: BallotNumber,
    pub line: u32,
    /// The ledger was complete through this decree then.
    pub complete_through: DecreeNumber,
}

/// How far one ledger goes, after the rows heard so far.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// It holds every decree through this one, or what those made, in a law book.
    pub complete_through: DecreeNumber,
    /// The decrees inked beyond the first gap.
    beyond: BTreeSet<DecreeNumber>,
    /// The highest number inked of the decrees whose order matters, and its line.
    highest_passed: Option<(DecreeNumber, u32)>,
    /// Of every ballot that lastTried or beginBallot names, how far the ledger went then.
    tried: BTreeMap<BallotNumber, DecreeNumber>,
    /// lastTried in a law book whose older ledger is not here: nor is what was inked of that
    /// ballot and those below it.
    forgotten_tries: Option<BallotNumber>,
    /// lastTried when another's law book was bound last. It may have been copied before.
    bound_copy_after: Option<BallotNumber>,
    pub belated: Vec<Belated>,
    pub ahead: Vec<Ahead>,
}

impl Progress {
    /// Whether this ballot was ever tried, for all that is here.
    pub fn has_tried(&self, ballot: BallotNumber) -> bool {
        self.tried.contains_key(&ballot) || self.may_have_begun(ballot)
    }

    /// Whether the rows that began this ballot may be in a ledger that is not here.
    pub fn may_have_begun(&self, ballot: BallotNumber) -> bool {
        self.forgotten_tries >= Some(ballot)
    }

    /// Through which decree the ledger was complete, at most, when this ballot was tried.
    pub fn when_tried(&self, ballot: BallotNumber) -> DecreeNumber {
        let then = self.tried.get(&ballot).filter(|_| self.bound_copy_after < Some(ballot));
        then.copied().unwrap_or(self.complete_through)
    }

    /// Through which decree the ledger was complete, at most, while this ballot was lastTried.
    pub fn while_last_tried(&self, ballot: Option<BallotNumber>) -> DecreeNumber {
        let next = match ballot {
            Some(ballot) => self.tried.range((Excluded(ballot), Unbounded)).next(),
            None => self.tried.first_key_value(),
        };
        let then = next.filter(|(next, _)| self.bound_copy_after < Some(**next));
        then.map_or(self.complete_through, |(_, &then)| then)
    }

    /// Through which decree its owner would know all, had he copied a law book that is complete
    /// through this one.
    pub fn with_copy(&self, through: DecreeNumber) -> DecreeNumber {
        let start = self.complete_through.max(through);
        let next = start.saturating_add(1);
        let follow = self.beyond.range(next..).zip(next..);
        start + follow.take_while(|(inked, next)| *inked == next).count() as DecreeNumber
    }

    pub fn ink(&mut self, number: DecreeNumber, line: u32, is_important: bool) {
        if number == Founding::NUMBER {
            return;
        }
        if is_important && self.highest_passed.is_none_or(|(highest, _)| highest < number) {
            self.highest_passed = Some((number, line));
        }
        if number == self.complete_through + 1 {
            self.complete_through = number;
            self.close_gap();
        } else if number > self.complete_through {
            self.beyond.insert(number);
        }
    }

    fn close_gap(&mut self) {
        while self.beyond.first() == Some(&(self.complete_through + 1)) {
            self.beyond.pop_first();
            self.complete_through += 1;
        }
    }

    pub fn try_ballot(&mut self, ballot: BallotNumber) {
        self.tried.entry(ballot).or_insert(self.complete_through);
    }

    /// Hears lastTried in a law book whose older ledger is not here.
    pub fn forget_tries_through(&mut self, ballot: BallotNumber) {
        self.forgotten_tries = Some(ballot);
    }

    pub fn begin(
        &mut self,
        (number, line): (DecreeNumber, u32),
        ballot: BallotNumber,
        is_important: bool,
        alpha: u64,
    ) {
        let complete_through = self.complete_through;
        if number > complete_through.saturating_add(alpha) {
            self.ahead.push(Ahead { number, ballot, line, complete_through });
        }
        let passed = self.highest_passed.filter(|passed| is_important && passed.0 > number);
        self.belated.extend(passed.map(|passed| Belated { number, ballot, line, passed }));
    }

    /// Hears of a law book that stands for every decree through this one. If the ledger did not go
    /// so far it is another's, and its owner knew what it says before he bound it.
    pub fn bind(&mut self, through: DecreeNumber, last_tried: Option<BallotNumber>, alpha: u64) {
        if through <= self.complete_through {
            return;
        }
        self.complete_through = through;
        self.beyond = self.beyond.split_off(&through.saturating_add(1));
        self.close_gap();
        self.bound_copy_after = last_tried;
        let bound = self.complete_through.saturating_add(alpha);
        self.ahead.retain(|ahead| ahead.number > bound);
    }
}
