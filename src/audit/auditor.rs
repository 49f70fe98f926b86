//! The auditor: receives all ledgers, row by row, and then the letters.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::archive::Archive;
use super::books;
use super::finding::{Exhibit, Findings};
use super::heard::Records;
use super::hearing::Hearing;
use super::judgment::Judgment;
use super::members::{InBooks, Members};
use super::rule::{Rule, Severity};
use super::testimony::Testimony;
use crate::records::record::LedgerRow;
use crate::words::{Founding, Name};

/// Receives the ledgers row by row, each ledger in its own order.
#[derive(Default, Debug)]
pub struct Auditor {
    archive: Archive,
    ledgers: Vec<Testimony>,
    by_name: BTreeMap<Name, usize>,
    findings: Findings,
    is_being_founded: bool,
    hears_some_ledgers: bool,
    hears_no_seals: bool,
    live_elsewhere: BTreeSet<Name>,
}

impl Auditor {
    /// An auditor without any rows yet.
    #[must_use]
    pub fn new() -> Auditor {
        Auditor::default()
    }

    /// An auditor who receives one priest's ledger and is then joined to another. Alone it judges
    /// nothing.
    pub(crate) fn of_one_ledger() -> Auditor {
        Auditor { archive: Archive::of_one_ledger(), ..Auditor::default() }
    }

    /// Notes that this priest has a ledger, even an empty one. Pass the rows of the ledgers that
    /// law books replaced before those of the present one, the oldest first; all count as one
    /// ledger.
    pub fn ledger(&mut self, owner: Name) {
        self.index_of(owner);
    }

    fn index_of(&mut self, owner: Name) -> usize {
        // Ledgers come one after the other, so this is probably the latest.
        if self.ledgers.last().is_some_and(|latest| latest.owner == owner) {
            return self.ledgers.len() - 1;
        }
        *self.by_name.entry(owner).or_insert_with(|| {
            self.ledgers.push(Testimony::new(owner, self.archive.open_ledger()));
            self.ledgers.len() - 1
        })
    }

    /// Notes that the founding is not complete yet, so that a ledger without decree 0 is no fault.
    pub fn founding_is_under_way(&mut self) {
        self.is_being_founded = true;
    }

    /// Notes that other ledgers are kept elsewhere, so that a missing ledger is no fault.
    pub fn other_ledgers_are_elsewhere(&mut self) {
        self.hears_some_ledgers = true;
    }

    /// Notes that the records tell of no seals, as a trace does: then a row without one is not said to
    /// be written by hand.
    pub fn seals_are_not_told(&mut self) {
        self.hears_no_seals = true;
    }

    /// Notes that this priest's ledger is kept elsewhere, so that it is no fault if it is missing.
    pub fn lives_elsewhere(&mut self, name: Name) {
        self.live_elsewhere.insert(name);
    }

    /// Receives the next row of a priest's ledger.
    pub fn ledger_row(&mut self, owner: Name, row: &LedgerRow) {
        let index = self.index_of(owner);
        self.ledgers[index].hear(row, &mut self.archive, &mut self.findings);
    }

    /// Adds everything that another auditor received, as if this one had received it afterwards. The
    /// other must have received the ledgers of other priests.
    pub fn join(&mut self, other: Auditor) {
        self.findings.join(other.findings);
        self.is_being_founded |= other.is_being_founded;
        self.hears_some_ledgers |= other.hears_some_ledgers;
        self.hears_no_seals |= other.hears_no_seals;
        self.live_elsewhere.extend(other.live_elsewhere);
        if self.ledgers.is_empty() {
            self.archive = other.archive;
            (self.ledgers, self.by_name) = (other.ledgers, other.by_name);
            if let Some(moved) = self.archive.give_each_text_one_id() {
                self.ledgers.iter_mut().for_each(|ledger| ledger.move_to(&moved));
            }
            return;
        }
        let moved = self.archive.join(other.archive);
        for mut ledger in other.ledgers {
            ledger.move_to(&moved);
            self.by_name.entry(ledger.owner).or_insert(self.ledgers.len());
            self.ledgers.push(ledger);
        }
    }

    /// Adds a finding about something in a file that is no row, such as a torn end or a bad row.
    pub fn defect(&mut self, rule: Rule, severity: Severity, at: Exhibit, why: impl Into<String>) {
        self.findings.add(rule, severity, vec![at], why);
    }

    /// Ends the ledgers, and returns the hearing that receives the messagebooks.
    #[must_use]
    pub fn hear_letters(mut self) -> Hearing {
        let founded = self.founding();
        let foreign = founded.iter().flat_map(|founded| self.set_aside_foreign(founded)).collect();
        self.archive.close();
        let members = self.find_who_sits(founded, &foreign);
        let Auditor { archive, ledgers, by_name, findings, live_elsewhere, .. } = self;
        let is_part = !live_elsewhere.is_empty();
        let records = Records::new(archive, ledgers, by_name, members, is_part);
        Hearing::new(records, findings, !self.hears_no_seals)
    }

    /// Judges the ledgers without any letters.
    #[must_use]
    pub fn judge(self) -> Judgment {
        self.hear_letters().judge()
    }

    /// Sets the ledgers of another chamber aside, and returns their owners. Their rows are about
    /// other ballots, so these owners count as if their ledgers were missing. If as many ledgers
    /// hold another decree 0, nobody knows which are foreign, and none is set aside.
    /// `[PTP §1.3 note 3]`
    fn set_aside_foreign(&mut self, (ours, row): &(Arc<Founding>, LedgerRow)) -> Vec<Name> {
        let held = self.ledgers.iter().filter_map(|ledger| ledger.founding.as_ref());
        let (held, others): (Vec<_>, Vec<_>) = held.partition(|(founding, _)| founding == ours);
        let as_many =
            |it: &Arc<Founding>| others.iter().filter(|(of, _)| of == it).count() >= held.len();
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
            let shown = [at, row].map(Exhibit::of_ledger).into();
            self.findings.broken(Rule::Founding, shown, why);
            self.archive.forget(index);
            self.by_name.remove(&name);
            *ledger = Testimony::new(name, index);
            set_aside.push(name);
        }
        set_aside
    }

    /// Finds the members, and adds findings about ledgers that lack decree 0 or are missing. The
    /// foreign ones have findings already. `[PTP §1.3 note 3]`
    fn find_who_sits(
        &mut self,
        founded: Option<(Arc<Founding>, LedgerRow)>,
        foreign: &BTreeSet<Name>,
    ) -> Members {
        let Some((founding, row)) = founded else {
            self.say_that_nobody_founded();
            return Members::unfounded(self.by_name.keys().copied());
        };
        let shown = || vec![Exhibit::of_ledger(&row)];
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
                    let both = [at, &row].map(Exhibit::of_ledger).into();
                    findings.broken(Rule::Consistency, both, why);
                }
                Some(_) if members.ever_had(name) => {}
                None if members.ever_had(name) && !self.is_being_founded => {
                    let why = format!(
                        "{name}'s ledger lacks decree 0, which other ledgers hold: his promises and votes are unknown"
                    );
                    findings.broken(Rule::Founding, shown(), why);
                }
                Some(_) | None => {
                    let why = format!(
                        "{name} has a ledger but no seat by law, so his votes do not count"
                    );
                    findings.add(Rule::Founding, Severity::Said, shown(), why);
                }
            }
        }
        let absent = members.first().absent.difference(foreign);
        let is_no_fault = self.is_being_founded || self.hears_some_ledgers;
        let absent = absent.filter(|name| !is_no_fault && !self.live_elsewhere.contains(name));
        for name in absent {
            let why = format!(
                "{name} sits by decree 0, and his ledger is missing: his promises and votes are unknown"
            );
            self.findings.broken(Rule::Founding, shown(), why);
        }
        members
    }

    /// The decree 0 that most ledgers hold, with one of its rows.
    fn founding(&self) -> Option<(Arc<Founding>, LedgerRow)> {
        let all = || self.ledgers.iter().filter_map(|ledger| ledger.founding.as_ref());
        let count = |founding: &Arc<Founding>| all().filter(|(other, _)| other == founding).count();
        // Reversed, because `max_by_key` returns the last of equals and the first is wanted.
        all().rev().max_by_key(|(founding, _)| count(founding)).cloned()
    }

    fn say_that_nobody_founded(&mut self) {
        if !self.ledgers.is_empty() && !self.is_being_founded {
            let why = "no ledger holds decree 0, so the owners of the ledgers count as the legislators, all with the same weight";
            self.findings.add(Rule::Founding, Severity::Said, Vec::new(), why);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::sync::Arc;

    use super::*;
    use crate::records::record::{Place, Seal};
    use crate::words::{BookRow, Decree, DecreeNumber, Entry, Heading};

    /// The last decree that the law book covers, and the last one in the ledger. The rows between
    /// are copied, and name more texts than a list of the latest ones finds again.
    const THROUGH: DecreeNumber = 10_000;
    const LAST: DecreeNumber = 40_000;

    #[test]
    fn copies_of_rows_in_a_law_book_are_known_again() {
        let name: Name = "Oki".parse().unwrap();
        let outcome = |number: DecreeNumber| {
            let text = if number == 0 { "Oki".into() } else { format!("decree {number}") };
            Entry::Outcome { number, decree: Decree::new(&text).unwrap(), ballot: None }
        };
        let book = |heading| Entry::Book(BookRow::of(heading, THROUGH, ""));
        let before = (0..=LAST).map(outcome);
        let after = std::iter::once(book(Heading::LawBook))
            .chain((THROUGH + 1..=LAST).map(outcome))
            .chain([book(Heading::Bound)]);
        let file = Arc::new(PathBuf::from("ledgers/Oki.csv"));
        let mut of_one = Auditor::of_one_ledger();
        for (entry, line) in before.chain(after).zip(2..) {
            let place = Place { file: Arc::clone(&file), line, column: 1 };
            let row = LedgerRow { place, entry, at: None, dry: None, seal: Seal::Sound };
            of_one.ledger_row(name, &row);
        }
        let mut all = Auditor::new();
        all.join(of_one);
        let judgment = all.judge();
        let of_the_book = judgment.findings().iter().find(|it| it.rule == Rule::LawBook);
        assert_eq!(of_the_book, None);
    }
}
