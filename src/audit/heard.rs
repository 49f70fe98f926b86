//! Everything the ledgers say, ready to be judged.

use std::collections::{BTreeMap, BTreeSet};

use super::ballots::{self, Ballot, Conditions};
use super::fact::Archive;
use super::members::Members;
use super::testimony::Testimony;
use crate::words::{DecreeNumber, Name};

/// Everything the ledgers say, ready to be judged.
#[derive(Debug)]
pub(super) struct Records {
    pub archive: Archive,
    pub ledgers: Vec<Testimony>,
    by_name: BTreeMap<Name, usize>,
    pub members: Members,
    /// Of each ledger, through which decree the longest law book in another's goes, and through which
    /// decree its owner knew all, had he copied it.
    copies: Vec<(DecreeNumber, DecreeNumber)>,
    /// Whether ledgers of members are kept elsewhere, so that the rows in them are no fault here.
    pub is_part: bool,
}

impl Records {
    pub fn new(
        archive: Archive,
        ledgers: Vec<Testimony>,
        by_name: BTreeMap<Name, usize>,
        members: Members,
        is_part: bool,
    ) -> Records {
        let in_books: Vec<DecreeNumber> = ledgers
            .iter()
            .map(|ledger| ledger.books().map(|book| book.through).max().unwrap_or_default())
            .collect();
        let copies = ledgers.iter().enumerate().map(|(i, ledger)| {
            let others = in_books.iter().enumerate().filter(|(j, _)| *j != i);
            let longest = others.map(|(_, &through)| through).max().unwrap_or_default();
            (longest, ledger.progress.with_copy(longest))
        });
        let copies = copies.collect();
        Records { archive, ledgers, by_name, members, copies, is_part }
    }

    pub fn of(&self, owner: Name) -> Option<&Testimony> {
        self.by_name.get(&owner).map(|&i| &self.ledgers[i])
    }

    /// Those of whom nobody knows all that they inked of this number: their ledger is not here, or
    /// begins with a law book that stands for it, or that tells their last vote alone.
    pub fn silent_on(&self, number: DecreeNumber) -> BTreeSet<Name> {
        let forgetful = self.ledgers.iter().filter(|ledger| ledger.may_have_voted(number));
        let absent = &self.members.voting_on(number).absent;
        forgetful.map(|ledger| ledger.owner).chain(absent.iter().copied()).collect()
    }

    /// Whether a ballot may have passed something under this number of which no row is here: those who
    /// live elsewhere and those who are silent for another reason are a majority.
    pub fn may_have_passed_elsewhere(&self, number: DecreeNumber) -> bool {
        self.is_part && self.members.voting_on(number).more_than_half(&self.silent_on(number))
    }

    /// Whether he may have known all through the decree that is `needed`, though his ledger was
    /// complete through another: by a law book that he copied, and a crash kept him from binding.
    pub fn may_have_copied(
        &self,
        who: &Testimony,
        ledger: DecreeNumber,
        needed: DecreeNumber,
    ) -> bool {
        let (longest, with_copy) = self.copies[who.ledger as usize];
        ledger < longest && needed <= with_copy
    }

    /// Whether a vote on this number may be in a ledger that is not here, of one whose ledger is.
    pub fn may_have_voted(&self, number: DecreeNumber) -> bool {
        self.ledgers.iter().any(|ledger| ledger.may_have_voted(number))
    }

    /// The number through which this priest's ledger holds every decree, or what those made that
    /// stand in his law book, which may be a copy of another's.
    pub fn complete_through(&self, priest: Name) -> DecreeNumber {
        self.of(priest).map_or(0, |testimony| testimony.progress.complete_through)
    }

    /// B1, B2 and B3 of these ballots on a number.
    pub fn conditions(&self, number: DecreeNumber, ballots: &[Ballot<'_>]) -> Vec<Conditions> {
        let sitting = self.members.voting_on(number);
        let mut found = ballots::conditions(ballots, sitting, &self.silent_on(number));
        if self.members.are_certain(number)
            && let Some((i, bound)) = ballots::against_a_majority(ballots, sitting)
        {
            found[i].b3.get_or_insert(bound);
        }
        found
    }

    pub fn ballots(&self, number: DecreeNumber) -> Vec<Ballot<'_>> {
        ballots::ballots(self.archive.of(number), &self.archive, &self.ledgers)
    }
}
