//! How complete a ledger was when its owner tried and began his ballots.
//! `[PTP §3.1, §3.2.1, §3.3.6]`
//!
//! The rows above a row were inked before it, and are dry if it is dry. So a letter that rests on a
//! row can be checked against the rows above it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound::{Excluded, Unbounded};

use crate::words::{BallotNumber, DecreeNumber, Founding};

/// A ballot begun for a number below one already inked in the same ledger. Only a ballot whose
/// decree B3 fixed may be. `[PTP §3.2.1]`
#[derive(Debug)]
pub(super) struct Belated {
    pub number: DecreeNumber,
    pub ballot: BallotNumber,
    pub line: u32,
    /// The highest number passed before, and its line.
    pub passed: (DecreeNumber, u32),
}

/// A ballot begun for a number more than α above the decrees known. `[PTP §3.3.6]`
#[derive(Debug)]
pub(super) struct Ahead {
    pub number: DecreeNumber,
    pub ballot: BallotNumber,
    pub line: u32,
    /// The number through which the ledger was complete then.
    pub complete_through: DecreeNumber,
}

/// How complete one ledger is, after the rows so far.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// The number through which it holds every decree, or a law book that covers them.
    pub complete_through: DecreeNumber,
    /// The decrees inked beyond the first gap.
    beyond: BTreeSet<DecreeNumber>,
    /// The highest number inked of the decrees whose order matters, and its line.
    highest_passed: Option<(DecreeNumber, u32)>,
    /// For each ballot in lastTried or beginBallot: the number through which the ledger was
    /// complete then.
    tried: BTreeMap<BallotNumber, DecreeNumber>,
    /// lastTried in a law book whose older ledger is not here. The rows of that ballot and of those
    /// below it are not here either.
    forgotten_tries: Option<BallotNumber>,
    /// lastTried when another's law book was last bound. He may have copied that book earlier.
    bound_copy_after: Option<BallotNumber>,
    pub belated: Vec<Belated>,
    pub ahead: Vec<Ahead>,
}

impl Progress {
    /// Whether this ballot was tried, or may have been in a ledger that is not here.
    pub fn has_tried(&self, ballot: BallotNumber) -> bool {
        self.tried.contains_key(&ballot) || self.may_have_begun(ballot)
    }

    /// Whether the rows that began this ballot may be in a ledger that is not here.
    pub fn may_have_begun(&self, ballot: BallotNumber) -> bool {
        self.forgotten_tries >= Some(ballot)
    }

    /// The largest number through which the ledger may have been complete when this ballot was
    /// tried.
    pub fn when_tried(&self, ballot: BallotNumber) -> DecreeNumber {
        let then = self.tried.get(&ballot).filter(|_| self.bound_copy_after < Some(ballot));
        then.copied().unwrap_or(self.complete_through)
    }

    /// The largest number through which the ledger may have been complete while this ballot was
    /// lastTried.
    pub fn while_last_tried(&self, ballot: Option<BallotNumber>) -> DecreeNumber {
        let next = match ballot {
            Some(ballot) => self.tried.range((Excluded(ballot), Unbounded)).next(),
            None => self.tried.first_key_value(),
        };
        let then = next.filter(|(next, _)| self.bound_copy_after < Some(**next));
        then.map_or(self.complete_through, |(_, &then)| then)
    }

    /// The number through which its owner would know all decrees if he had copied a law book that
    /// covers those through `through`.
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

    /// Notes lastTried in a law book whose older ledger is not here.
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

    /// Notes a law book that covers the decrees through `through`. If the ledger did not go that
    /// far, it is a copy of another's, and its owner knew these decrees before he bound it.
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
