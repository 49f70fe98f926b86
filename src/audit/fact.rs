//! The numbered rows of all ledgers, kept small: ten million of them fit in memory.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

use super::finding::{Exhibit, cell, numbered};
use crate::chamber::record::{LedgerRow, Place};
use crate::synod::{BallotNumber, Decree, DecreeNumber, Founding, Name};

/// What a numbered row records.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Kind {
    /// beginBallot.
    Begun,
    /// prevVote.
    Vote,
    /// outcome.
    Outcome,
}

/// One numbered row of a ledger. Texts and quorums are kept once, in the [`Archive`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Fact {
    pub number: DecreeNumber,
    pub ballot: Option<BallotNumber>,
    pub kind: Kind,
    /// Whose ledger, as an index.
    pub ledger: u32,
    pub line: u32,
    pub decree: u32,
    /// 0 if nobody petitioned.
    pub petition: u32,
    /// Meaningful for [`Kind::Begun`].
    pub quorum: u32,
    /// Microseconds since 1970; [`NEVER`] if no time is written.
    pub at: i64,
}

/// The time of a row that tells none.
pub(super) const NEVER: i64 = i64::MAX;

/// Texts, each kept once.
#[derive(Debug)]
struct Texts {
    ids: HashMap<Arc<str>, u32>,
    list: Vec<Arc<str>>,
}

impl Default for Texts {
    fn default() -> Texts {
        let mut texts = Texts { ids: HashMap::new(), list: Vec::new() };
        texts.id("");
        texts
    }
}

impl Texts {
    /// The id of a text, which is likely to be the one of `last`.
    fn id_after(&mut self, last: u32, text: &str) -> u32 {
        if *self.list[last as usize] == *text { last } else { self.id(text) }
    }

    fn id(&mut self, text: &str) -> u32 {
        if let Some(&id) = self.ids.get(text) {
            return id;
        }
        let id = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        let text: Arc<str> = text.into();
        self.list.push(Arc::clone(&text));
        self.ids.insert(text, id);
        id
    }
}

/// All numbered rows of all ledgers.
#[derive(Default, Debug)]
pub(super) struct Archive {
    texts: Texts,
    quorum_ids: HashMap<BTreeSet<Name>, u32>,
    quorums: Vec<BTreeSet<Name>>,
    /// The files of the ledgers, by index.
    files: Vec<Arc<PathBuf>>,
    pub facts: Vec<Fact>,
    /// Where in `facts` each number begins, once they are sorted.
    index: Vec<(DecreeNumber, usize)>,
}

impl Archive {
    pub fn open_ledger(&mut self, file: Arc<PathBuf>) -> u32 {
        self.files.push(file);
        u32::try_from(self.files.len() - 1).unwrap_or(u32::MAX)
    }

    pub fn keep(
        &mut self,
        ledger: u32,
        row: &LedgerRow,
        (kind, number, ballot): (Kind, DecreeNumber, Option<BallotNumber>),
        decree: &Decree,
        quorum: Option<&BTreeSet<Name>>,
    ) {
        // A decree is begun, voted for and passed row after row.
        let last = self.facts.last().map_or((0, 0), |last| (last.decree, last.petition));
        let petition = decree.petition().unwrap_or_default();
        let fact = Fact {
            number,
            ballot,
            kind,
            ledger,
            line: u32::try_from(row.place.line).unwrap_or(u32::MAX),
            decree: self.texts.id_after(last.0, decree.text()),
            petition: self.texts.id_after(last.1, petition),
            quorum: quorum.map_or(0, |names| self.quorum_id(names)),
            at: row.at.map_or(NEVER, |at| at.timestamp_micros()),
        };
        self.facts.push(fact);
    }

    fn quorum_id(&mut self, names: &BTreeSet<Name>) -> u32 {
        if let Some(&id) = self.quorum_ids.get(names) {
            return id;
        }
        let id = u32::try_from(self.quorums.len()).unwrap_or(u32::MAX);
        self.quorums.push(names.clone());
        self.quorum_ids.insert(names.clone(), id);
        id
    }

    /// Puts the rows in the order of numbers, then ballots, then kinds, then ledgers.
    pub fn sort(&mut self) {
        let rest = |fact: &Fact| (fact.ballot, fact.kind, fact.ledger, fact.line);
        self.facts.sort_unstable_by(|one, other| {
            one.number.cmp(&other.number).then_with(|| rest(one).cmp(&rest(other)))
        });
        let starts = |(i, fact): (usize, &Fact)| {
            let is_first = i == 0 || self.facts[i - 1].number != fact.number;
            is_first.then_some((fact.number, i))
        };
        self.index = self.facts.iter().enumerate().filter_map(starts).collect();
    }

    /// The numbers that ledgers speak of, in order.
    pub fn numbers(&self) -> impl DoubleEndedIterator<Item = DecreeNumber> + '_ {
        self.index.iter().map(|&(number, _)| number)
    }

    /// All rows of a number.
    pub fn of(&self, number: DecreeNumber) -> &[Fact] {
        // Where no number is left out, the number says where it stands.
        let guess = usize::try_from(number.saturating_sub(self.index.first().map_or(0, |e| e.0)));
        let guess = guess.ok().filter(|&i| self.index.get(i).is_some_and(|e| e.0 == number));
        let found = guess.or_else(|| self.index.binary_search_by_key(&number, |e| e.0).ok());
        found.map_or(&[], |i| self.at(i))
    }

    /// Rows of the numbers above the first, through the second, number by number.
    pub fn between(
        &self,
        (above, through): (DecreeNumber, DecreeNumber),
    ) -> impl Iterator<Item = &[Fact]> {
        let first = self.index.partition_point(|entry| entry.0 <= above);
        let range = (first..self.index.len()).take_while(move |&i| self.index[i].0 <= through);
        range.map(|i| self.at(i))
    }

    /// The decrees passed, as far as any ledger holds them, in order. A petition that was sent
    /// twice, and passed twice, counts once.
    pub fn passed(&self) -> impl Iterator<Item = &Fact> {
        let mut petitions = BTreeSet::new();
        let numbers = self.numbers().filter(|&number| number != Founding::NUMBER);
        let outcomes = numbers
            .filter_map(|number| self.of(number).iter().find(|fact| fact.kind == Kind::Outcome));
        outcomes.filter(move |fact| fact.petition == 0 || petitions.insert(fact.petition))
    }

    /// All ledgers together hold every decree through this number.
    pub fn complete_through(&self) -> DecreeNumber {
        let is_passed =
            |number: &DecreeNumber| self.of(*number).iter().any(|fact| fact.kind == Kind::Outcome);
        (1..).take_while(is_passed).last().unwrap_or_default()
    }

    fn at(&self, i: usize) -> &[Fact] {
        let end = self.index.get(i + 1).map_or(self.facts.len(), |entry| entry.1);
        &self.facts[self.index[i].1..end]
    }

    pub fn text(&self, id: u32) -> &str {
        &self.texts.list[id as usize]
    }

    /// The id of a text that some ledger holds.
    pub fn known(&self, text: &str) -> Option<u32> {
        self.texts.ids.get(text).copied()
    }

    pub fn quorum(&self, fact: &Fact) -> &BTreeSet<Name> {
        &self.quorums[fact.quorum as usize]
    }

    pub fn exhibit(&self, fact: &Fact) -> Exhibit {
        let kind = match fact.kind {
            Kind::Begun => "beginBallot",
            Kind::Vote => "prevVote",
            Kind::Outcome => "outcome",
        };
        let mut row = kind.to_owned();
        numbered(&mut row, fact.number, fact.ballot, self.text(fact.decree));
        if fact.kind == Kind::Begun {
            let names: Vec<&str> = self.quorum(fact).iter().map(Name::as_str).collect();
            cell(&mut row, Some(names.join(" ")));
        }
        if fact.petition != 0 {
            row.push_str(if fact.kind == Kind::Begun { "" } else { "," });
            cell(&mut row, Some(self.text(fact.petition)));
        }
        let file = Arc::clone(&self.files[fact.ledger as usize]);
        Exhibit { place: Place { file, line: fact.line.into(), column: 1 }, row }
    }
}
