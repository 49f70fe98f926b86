//! All rows of the ledgers, sorted and ready to be judged.

use std::collections::{BTreeMap, BTreeSet};

use super::archive::Archive;
use super::ballots::{self, Ballot, Conditions};
use super::members::Members;
use super::testimony::Testimony;
use crate::words::{DecreeNumber, Name};

/// All rows of the ledgers, sorted and ready to be judged.
#[derive(Debug)]
pub(super) struct Records {
    pub archive: Archive,
    pub ledgers: Vec<Testimony>,
    by_name: BTreeMap<Name, usize>,
    pub members: Members,
    /// For each ledger: the last decree of the longest law book in the others, and the number
    /// through which its owner would know all if he had copied that book.
    copies: Vec<(DecreeNumber, DecreeNumber)>,
    /// Whether ledgers of members are on other machines, so that their missing rows are no fault.
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

    /// Members whose rows for this decree are incomplete: the ledger is not here, or it begins with
    /// a law book that covers the decree or has only the last vote on it.
    pub fn silent_on(&self, number: DecreeNumber) -> BTreeSet<Name> {
        let forgetful = self.ledgers.iter().filter(|ledger| ledger.may_have_voted(number));
        let absent = &self.members.voting_on(number).absent;
        forgetful.map(|ledger| ledger.owner).chain(absent.iter().copied()).collect()
    }

    /// Whether a ballot whose rows are not here may have passed a decree under this number: the
    /// members with incomplete rows are a majority.
    pub fn may_have_passed_elsewhere(&self, number: DecreeNumber) -> bool {
        self.is_part && self.members.voting_on(number).more_than_half(&self.silent_on(number))
    }

    /// Whether he may have known all decrees through `needed`, though his ledger was complete only
    /// through `ledger`: he may have copied a law book and crashed before he bound it.
    pub fn may_have_copied(
        &self,
        who: &Testimony,
        ledger: DecreeNumber,
        needed: DecreeNumber,
    ) -> bool {
        let (longest, with_copy) = self.copies[who.ledger as usize];
        ledger < longest && needed <= with_copy
    }

    /// Whether a vote on this number may have been in a ledger that a law book replaced and that is
    /// not here.
    pub fn may_have_voted(&self, number: DecreeNumber) -> bool {
        self.ledgers.iter().any(|ledger| ledger.may_have_voted(number))
    }

    /// The number through which this priest's ledger holds every decree; his law book, which may be
    /// a copy of another's, covers the first of them.
    pub fn complete_through(&self, priest: Name) -> DecreeNumber {
        self.of(priest).map_or(0, |testimony| testimony.progress.complete_through)
    }

    /// Checks B1, B2 and B3 for these ballots of a number.
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
