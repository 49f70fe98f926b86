//! A chamber as a check sees it: what the auditor finds, and what the rows of ledgers state.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, SystemTime};

use super::missing::{Check, Missing};
use crate::audit::{Finding, JudgedBallot, Judgment, Rule, Severity};
use crate::chamber::{AuditError, Chamber, read_ledger};
use crate::records::{LedgerRow, Seal};
use crate::words::{BallotNumber, Decree, DecreeNumber, Entry, Founding, Name};

/// How far the time of a file may be from that of the act that wrote it.
const SLACK: Duration = Duration::from_secs(1);

/// A chamber, audited.
pub(crate) struct Facts {
    chamber: Chamber,
    judgment: Judgment,
    rows: BTreeMap<Name, Vec<LedgerRow>>,
}

impl Facts {
    /// The facts of this chamber; `None` where no ledger is yet.
    pub fn of(chamber: &Chamber) -> Check<Option<Facts>> {
        let judgment = match chamber.audit() {
            Ok(judgment) => judgment,
            Err(AuditError::NoLedgers { .. }) => return Ok(None),
            Err(error) => return Err(Missing::broken(error)),
        };
        let mut rows = BTreeMap::new();
        for name in judgment.members() {
            // A ledger that is gone, or that the auditor could not read, has no rows.
            let read = read_ledger(&chamber.ledger(name)).into_iter().flatten();
            let read: Vec<LedgerRow> = read.flatten().flatten().collect();
            if !read.is_empty() {
                rows.insert(name, read);
            }
        }
        Ok(Some(Facts { chamber: chamber.clone(), judgment, rows }))
    }

    fn entries(&self, priest: Name) -> impl Iterator<Item = &Entry> {
        self.rows.get(&priest).into_iter().flatten().map(|row| &row.entry)
    }

    /// The founding decree, where a ledger holds it.
    pub fn founding(&self) -> Option<Founding> {
        let mut entries = self.rows.values().flatten().map(|row| &row.entry);
        entries.find_map(|entry| match entry {
            Entry::Outcome { number: Founding::NUMBER, decree, .. } => decree.text().parse().ok(),
            _ => None,
        })
    }

    /// The ballots on this number, in the order of their numbers.
    pub fn ballots(&self, number: DecreeNumber) -> Vec<JudgedBallot> {
        self.judgment.ballots(number)
    }

    /// The ballots on this number that have succeeded.
    pub fn successful(&self, number: DecreeNumber) -> Vec<JudgedBallot> {
        self.ballots(number).into_iter().filter(|it| it.successful).collect()
    }

    /// The decree that this priest's ledger has under this number.
    pub fn outcome(&self, priest: Name, number: DecreeNumber) -> Option<&str> {
        self.entries(priest).find_map(|entry| match entry {
            Entry::Outcome { number: n, decree, .. } if *n == number => Some(decree.text()),
            _ => None,
        })
    }

    /// The decree that has passed under this number, by any ledger.
    pub fn passed(&self, number: DecreeNumber) -> Option<&str> {
        self.rows.keys().find_map(|&name| self.outcome(name, number))
    }

    fn outcomes(&self) -> impl Iterator<Item = (DecreeNumber, &Decree)> {
        self.rows.values().flatten().filter_map(|row| match &row.entry {
            Entry::Outcome { number, decree, .. } => Some((*number, decree)),
            _ => None,
        })
    }

    /// Under which numbers the petition of this id has passed.
    pub fn numbers_of(&self, petition: &str) -> Vec<DecreeNumber> {
        let is_his = |decree: &Decree| decree.petition() == Some(petition);
        let numbers: BTreeSet<DecreeNumber> =
            self.outcomes().filter(|(_, decree)| is_his(decree)).map(|it| it.0).collect();
        numbers.into_iter().collect()
    }

    /// Whether a decree of these words has passed.
    pub fn anything_says(&self, text: &str) -> bool {
        self.outcomes().any(|(_, decree)| decree.text() == text)
    }

    /// All who have an outcome of this number.
    pub fn informed(&self, number: DecreeNumber) -> BTreeSet<Name> {
        let all = self.rows.keys().copied();
        all.filter(|&name| self.outcome(name, number).is_some()).collect()
    }

    /// Whether this priest's ledger is here.
    pub fn has_ledger(&self, priest: Name) -> bool {
        self.rows.contains_key(&priest)
    }

    /// Whether this priest has ever voted for this decree, under number 1.
    pub fn has_voted_for(&self, priest: Name, decree: &str) -> bool {
        self.votes(priest, 1).iter().any(|(_, voted)| *voted == decree)
    }

    /// Whether this priest has ever voted on this number.
    pub fn has_voted(&self, priest: Name, number: DecreeNumber) -> bool {
        let is_vote = |it: &Entry| matches!(it, Entry::PrevVote { number: n, .. } if *n == number);
        self.entries(priest).any(is_vote)
    }

    /// The ballots in which this priest has voted on this number, and for what.
    pub fn votes(&self, priest: Name, number: DecreeNumber) -> Vec<(BallotNumber, &str)> {
        let vote = |entry| match entry {
            &Entry::PrevVote { number: n, ballot, ref decree } if n == number => {
                Some((ballot, decree.text()))
            }
            _ => None,
        };
        self.entries(priest).filter_map(vote).collect()
    }

    /// The ballots that this priest has promised, in the order of his ledger.
    pub fn promises(&self, priest: Name) -> Vec<BallotNumber> {
        let promise = |entry: &Entry| match entry {
            Entry::NextBal { ballot } => Some(*ballot),
            _ => None,
        };
        self.entries(priest).filter_map(promise).collect()
    }

    /// Whether this priest's ledger begins with these rows.
    pub fn begins_with(&self, priest: Name, entries: &[Entry]) -> bool {
        let rows = self.rows.get(&priest).map_or(&[][..], Vec::as_slice);
        rows.len() >= entries.len() && rows.iter().zip(entries).all(|(row, it)| row.entry == *it)
    }

    /// Whether this priest has ever come into the Chamber.
    pub fn has_entered(&self, priest: Name) -> bool {
        self.entries(priest).any(|entry| matches!(entry, Entry::Entered))
    }

    /// Whether anybody has tried to begin a ballot.
    pub fn anybody_tried(&self) -> bool {
        let entries = self.rows.values().flatten().map(|row| &row.entry);
        entries.into_iter().any(|entry| matches!(entry, Entry::LastTried { .. }))
    }

    /// How many rows of this priest's ledger were written by hand.
    pub fn by_hand(&self, priest: Name) -> usize {
        let rows = self.rows.get(&priest).into_iter().flatten();
        rows.filter(|row| row.seal == Seal::ByHand).count()
    }

    /// Whether this priest's ledger was written after another one inked a row of this kind, by the
    /// times of the files. Nobody can tell, and it is not so, if the other ledger's file has not the
    /// time of its own last row: then these files are copies.
    pub fn is_inked_after(&self, priest: Name, other: Name, kind: &str) -> bool {
        let rows = self.rows.get(&other).map(Vec::as_slice).unwrap_or_default();
        let at = |row: &LedgerRow| row.at.map(SystemTime::from);
        let acted = rows.iter().rfind(|row| row.entry.kind() == kind).and_then(at);
        let last = rows.last().and_then(at);
        let (Some(acted), Some(last)) = (acted, last) else { return false };
        let files = (self.chamber.inked_last(priest), self.chamber.inked_last(other));
        let (Some(his), Some(others)) = files else { return false };
        let is_copy = others > last + SLACK || others + SLACK < last;
        !is_copy && his > acted + SLACK
    }

    /// The first rule that is broken.
    pub fn broken(&self) -> Option<&Finding> {
        self.judgment.findings().iter().find(|finding| finding.severity == Severity::Broken)
    }

    /// The first row of a ledger without its line end, which does not count.
    pub fn unended(&self) -> Option<&Finding> {
        self.judgment.findings().iter().find(|finding| {
            let at = finding.exhibits.first().and_then(|exhibit| exhibit.place.file.parent());
            finding.rule == Rule::TornRow && at.is_some_and(|it| it.ends_with("ledgers"))
        })
    }

    /// The first rule that is broken, this one apart.
    pub fn broken_besides(&self, rule: Rule) -> Option<&Finding> {
        let mut all = self.judgment.findings().iter();
        all.find(|finding| finding.severity == Severity::Broken && finding.rule != rule)
    }

    /// A finding that this rule is broken.
    pub fn finding(&self, rule: Rule) -> Option<&Finding> {
        let mut all = self.judgment.findings().iter();
        all.find(|finding| finding.severity == Severity::Broken && finding.rule == rule)
    }
}
