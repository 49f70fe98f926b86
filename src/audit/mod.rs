//! The gods' eye: a judge of records, who shares no rule with the judged. `[PTP §2.2]`
//!
//! "B is a quantity observed only by the gods": the [`Auditor`] puts it together from ledgers and
//! messagebooks alone. It shares *data types* with the priests, names, ballot numbers, rows and
//! letters, and no rule: majority, MaxVote, B1 to B3 and every promise are written again in here,
//! so it cannot inherit a priest's mistakes. It knows no file.
//!
//! | file | what it tells |
//! |---|---|
//! | [`rule`] | the rules, their sections, how bad it is to break one |
//! | [`finding`] | a finding: rule, rows, why |
//! | `fact` | the numbered rows of all ledgers, kept small |
//! | `testimony` | one ledger in its own order: promises, tries, seals |
//! | `progress` | how far a ledger went when ballots were tried and begun |
//! | `reading` | what decrees say |
//! | `law`, `ids`, `books` | law books against the decrees they stand for |
//! | `members` | who votes on each number: the law as of n − α |
//! | `ballots` | B of one number; majority, MaxVote, B1 to B3 |
//! | `offices` | who holds which office, and the times of decrees |
//! | `decrees` | one number judged: conditions, votes, I1, consistency |
//! | `order` | the order of decrees, and petitions sent twice |
//! | `hearing`, `success` | the letters against the ledgers: I7 |
//! | `claims` | *complete through n*, and α |
//! | `petitions` | what was asked for, and what stands under the petition's id |
//! | [`judgment`] | what comes of it: B, ballot by ballot, and the findings |
//!
//! # What a crash may take
//! A ledger loses rows from its end only, and only rows that nothing sent rested on. lastTried,
//! nextBal and prevVote are dry before NextBallot, LastVote and Voted leave; so a promise or vote
//! of which a letter tells, and a lastTried that others have promised, is in its ledger or was
//! never honestly made. BeginBallot and Success may leave while their rows dry: a ballot without
//! its beginBallot row, and a Success whose outcome nobody has inked, are [`Severity::Lost`] as long
//! as lastTried or the votes bear them out. A law book that was copied and is not bound yet may be
//! lost too, with all that its owner knew by it: so he may have said that he knew more than his
//! ledger shows.
//!
//! ```
//! use parliament::audit::Auditor;
//! let judgment = Auditor::new().judge();
//! assert!(judgment.is_consistent());
//! ```

mod ballots;
mod books;
mod claims;
mod decrees;
mod fact;
pub mod finding;
mod hearing;
mod ids;
pub mod judgment;
mod law;
mod members;
mod offices;
mod order;
mod petitions;
mod progress;
mod reading;
pub mod rule;
mod success;
mod testimony;

use std::collections::{BTreeMap, BTreeSet};

use ballots::{Ballot, Conditions};
use fact::Archive;
use finding::Findings;
use members::{InBooks, Members};
use testimony::Testimony;

pub use finding::{Exhibit, Finding};
pub use hearing::Hearing;
pub use judgment::{JudgedBallot, Judgment};
pub use rule::{Rule, Severity};

use crate::records::record::LedgerRow;
use crate::words::{DecreeNumber, Founding, Name};

/// Hears the ledgers, row by row, each ledger in its own order.
#[derive(Default, Debug)]
pub struct Auditor {
    archive: Archive,
    ledgers: Vec<Testimony>,
    by_name: BTreeMap<Name, usize>,
    findings: Findings,
    is_being_founded: bool,
    hears_some_ledgers: bool,
}

/// Everything the ledgers say, ready to be judged.
#[derive(Debug)]
struct Records {
    archive: Archive,
    ledgers: Vec<Testimony>,
    by_name: BTreeMap<Name, usize>,
    members: Members,
    /// Of each ledger, through which decree the longest law book in another's goes, and through which
    /// decree its owner knew all, had he copied it.
    copies: Vec<(DecreeNumber, DecreeNumber)>,
}

impl Records {
    fn new(
        archive: Archive,
        ledgers: Vec<Testimony>,
        by_name: BTreeMap<Name, usize>,
        members: Members,
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
        Records { archive, ledgers, by_name, members, copies }
    }

    fn of(&self, owner: Name) -> Option<&Testimony> {
        self.by_name.get(&owner).map(|&i| &self.ledgers[i])
    }

    /// Those of whom nobody knows all that they inked of this number: their ledger is not here, or
    /// begins with a law book that stands for it, or that tells their last vote alone.
    fn silent_on(&self, number: DecreeNumber) -> BTreeSet<Name> {
        let forgetful = self.ledgers.iter().filter(|ledger| ledger.may_have_voted(number));
        let absent = &self.members.voting_on(number).absent;
        forgetful.map(|ledger| ledger.owner).chain(absent.iter().copied()).collect()
    }

    /// Whether he may have known all through the decree that is `needed`, though his ledger was
    /// complete through another: by a law book that he copied, and a crash kept him from binding.
    fn may_have_copied(&self, who: &Testimony, ledger: DecreeNumber, needed: DecreeNumber) -> bool {
        let (longest, with_copy) = self.copies[who.ledger as usize];
        ledger < longest && needed <= with_copy
    }

    /// Whether a vote on this number may be in a ledger that is not here, of one whose ledger is.
    fn may_have_voted(&self, number: DecreeNumber) -> bool {
        self.ledgers.iter().any(|ledger| ledger.may_have_voted(number))
    }

    /// The number through which this priest's ledger holds every decree, or what those made that
    /// stand in his law book, which may be a copy of another's.
    fn complete_through(&self, priest: Name) -> DecreeNumber {
        self.of(priest).map_or(0, |testimony| testimony.progress.complete_through)
    }

    /// B1, B2 and B3 of these ballots on a number.
    fn conditions(&self, number: DecreeNumber, ballots: &[Ballot<'_>]) -> Vec<Conditions> {
        let sitting = self.members.voting_on(number);
        let mut found = ballots::conditions(ballots, sitting, &self.silent_on(number));
        if self.members.are_certain(number)
            && let Some((i, bound)) = ballots::against_a_majority(ballots, sitting)
        {
            found[i].b3.get_or_insert(bound);
        }
        found
    }

    fn ballots(&self, number: DecreeNumber) -> Vec<Ballot<'_>> {
        ballots::ballots(self.archive.of(number), &self.archive, &self.ledgers)
    }
}

impl Auditor {
    /// An auditor who has heard nothing.
    #[must_use]
    pub fn new() -> Auditor {
        Auditor::default()
    }

    /// Hears that this priest has a ledger, be it empty. Those that a law book replaced are heard
    /// before it, as one with it, the oldest first.
    pub fn ledger(&mut self, owner: Name) {
        self.index_of(owner);
    }

    fn index_of(&mut self, owner: Name) -> usize {
        // Ledgers are heard one after the other, so it is likely the latest.
        if self.ledgers.last().is_some_and(|latest| latest.owner == owner) {
            return self.ledgers.len() - 1;
        }
        *self.by_name.entry(owner).or_insert_with(|| {
            self.ledgers.push(Testimony::new(owner, self.archive.open_ledger()));
            self.ledgers.len() - 1
        })
    }

    /// Hears that the founding is not yet complete: a ledger without decree 0 is no fault then.
    pub fn founding_is_under_way(&mut self) {
        self.is_being_founded = true;
    }

    /// Hears that other ledgers are kept elsewhere: one that is not heard is no fault then.
    pub fn other_ledgers_are_elsewhere(&mut self) {
        self.hears_some_ledgers = true;
    }

    /// Hears the next row of a priest's ledger.
    pub fn ledger_row(&mut self, owner: Name, row: &LedgerRow) {
        let index = self.index_of(owner);
        self.ledgers[index].hear(row, &mut self.archive, &mut self.findings);
    }

    /// Hears of something in a file that is no row: a torn tail, an altered row, a bad one.
    pub fn defect(&mut self, rule: Rule, severity: Severity, at: Exhibit, why: impl Into<String>) {
        self.findings.add(rule, severity, vec![at], why);
    }

    /// Closes the ledgers, and is ready to hear the messagebooks against them.
    #[must_use]
    pub fn hear_letters(mut self) -> Hearing {
        let founded = self.founding();
        let foreign = founded.iter().flat_map(|founded| self.set_aside_foreign(founded)).collect();
        self.archive.sort();
        let members = self.find_who_sits(founded, &foreign);
        let Auditor { archive, ledgers, by_name, findings, .. } = self;
        Hearing::new(Records::new(archive, ledgers, by_name, members), findings)
    }

    /// Judges the ledgers alone.
    #[must_use]
    pub fn judge(self) -> Judgment {
        self.hear_letters().judge()
    }

    /// Sets aside the ledgers of another chamber, and yields whose they are: their rows tell of
    /// other priests' ballots, so of their owners no more is known than if they were missing. Where
    /// as many ledgers hold another decree 0, nobody knows which are foreign, and all are heard.
    /// `[PTP §1.3 note 3]`
    fn set_aside_foreign(&mut self, (ours, row): &(Founding, Exhibit)) -> Vec<Name> {
        let held = self.ledgers.iter().filter_map(|ledger| ledger.founding.as_ref());
        let (held, others): (Vec<_>, Vec<_>) = held.partition(|(founding, _)| founding == ours);
        let as_many =
            |it: &Founding| others.iter().filter(|(of, _)| of == it).count() >= held.len();
        if others.iter().any(|(founding, _)| as_many(founding)) {
            return Vec::new();
        }
        let mut set_aside = Vec::new();
        for ledger in &mut self.ledgers {
            let Some((theirs, at)) = ledger.founding.as_ref().filter(|it| it.0 != *ours) else {
                continue;
            };
            let (name, index) = (ledger.owner, ledger.ledger);
            let why = format!(
                "{name}'s ledger is from another chamber, founded as “{theirs}”, while this one was founded as “{ours}”: \
                 nothing in it is judged; put his own back, or go on without him: `--absent {name}`"
            );
            self.findings.broken(Rule::Founding, vec![at.clone(), row.clone()], why);
            self.archive.facts.retain(|fact| fact.ledger != index);
            self.by_name.remove(&name);
            *ledger = Testimony::new(name, index);
            set_aside.push(name);
        }
        set_aside
    }

    /// Who sits by decree 0, and whose ledger lacks it or is not here at all; of those that are
    /// foreign this is said already. `[PTP §1.3 note 3]`
    fn find_who_sits(
        &mut self,
        founded: Option<(Founding, Exhibit)>,
        foreign: &BTreeSet<Name>,
    ) -> Members {
        let Some((founding, row)) = founded else {
            self.say_that_nobody_founded();
            return Members::unfounded(self.by_name.keys().copied());
        };
        let has_ledger = |name: Name| self.by_name.contains_key(&name);
        let mut in_books = InBooks::default();
        for book in self.ledgers.iter().flat_map(Testimony::books) {
            let Some(seated) = books::members(&book.rows) else { continue };
            in_books.through = in_books.through.max(book.through);
            in_books
                .changes
                .extend(seated.into_iter().map(|(n, name, weight)| (n, (name, weight))));
        }
        let members = Members::by_law(&founding, &self.archive, in_books, has_ledger);
        for ledger in self.ledgers.iter().filter(|ledger| !foreign.contains(&ledger.owner)) {
            let (name, findings) = (ledger.owner, &mut self.findings);
            match &ledger.founding {
                Some((other, at)) if *other != founding => {
                    let why = format!("decree 0 is “{other}” here and “{founding}” there");
                    findings.broken(Rule::Consistency, vec![at.clone(), row.clone()], why);
                }
                Some(_) if members.ever_had(name) => {}
                None if members.ever_had(name) && !self.is_being_founded => {
                    let why = format!(
                        "{name}'s ledger lacks decree 0, which other ledgers hold: what he promised and voted nobody knows"
                    );
                    findings.broken(Rule::Founding, vec![row.clone()], why);
                }
                Some(_) | None => {
                    let why =
                        format!("{name} has a ledger and, by law, no seat: he weighs nothing");
                    findings.add(Rule::Founding, Severity::Said, vec![row.clone()], why);
                }
            }
        }
        let absent = members.first().absent.difference(foreign);
        let is_no_fault = self.is_being_founded || self.hears_some_ledgers;
        for name in absent.filter(|_| !is_no_fault) {
            let why = format!(
                "{name} sits by decree 0, and his ledger is missing: what he promised and voted nobody knows"
            );
            self.findings.broken(Rule::Founding, vec![row.clone()], why);
        }
        members
    }

    /// The decree 0 that most ledgers hold, and a row that says so.
    fn founding(&self) -> Option<(Founding, Exhibit)> {
        let all = || self.ledgers.iter().filter_map(|ledger| ledger.founding.as_ref());
        let count = |founding: &Founding| all().filter(|(other, _)| other == founding).count();
        // Of several, the first: max_by_key yields the last.
        all().rev().max_by_key(|(founding, _)| count(founding)).cloned()
    }

    fn say_that_nobody_founded(&mut self) {
        if !self.ledgers.is_empty() && !self.is_being_founded {
            let why = "no ledger holds decree 0, so the owners of the ledgers are taken to sit in Parliament, all of one weight";
            self.findings.add(Rule::Founding, Severity::Said, Vec::new(), why);
        }
    }
}
