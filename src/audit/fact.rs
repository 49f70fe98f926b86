//! The numbered rows of all ledgers, in a small form: ten million of them fit in memory.

use std::collections::{BTreeSet, HashMap};
use std::hash::{BuildHasher, RandomState};
use std::path::PathBuf;
use std::sync::Arc;

use super::finding::{Exhibit, cell, numbered};
use crate::records::record::{LedgerRow, Place};
use crate::words::{BallotNumber, Decree, DecreeNumber, Founding, FoundingError, Name};

/// The kind of a numbered row.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Kind {
    /// beginBallot.
    Begun,
    /// prevVote.
    Vote,
    /// outcome.
    Outcome,
}

/// One numbered row of a ledger. The [`Archive`] keeps each text and quorum once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fact {
    pub number: DecreeNumber,
    pub ballot: Option<BallotNumber>,
    pub kind: Kind,
    /// The index of the ledger's owner.
    pub ledger: u32,
    pub line: u32,
    pub decree: u32,
    /// The id of the petition's id; 0 if there is no petition.
    pub petition: u32,
    /// The id of the quorum; used only for [`Kind::Begun`].
    pub quorum: u32,
    /// Microseconds since 1970; [`NEVER`] if no time is written.
    pub at: i64,
}

/// A ledger file of an owner, and the place of its lines among all his lines.
#[derive(Debug)]
struct Volume {
    file: Arc<PathBuf>,
    /// The number of lines before it.
    before: u32,
    /// Its last line so far.
    last: u32,
}

/// The time of a row without a time.
pub(super) const NEVER: i64 = i64::MAX;

/// Texts, each kept once.
#[derive(Debug)]
struct Texts {
    /// The id of each text by its hash, or by the next free number if another text has that hash.
    ids: HashMap<u64, u32>,
    list: Vec<Box<str>>,
    hasher: RandomState,
}

impl Default for Texts {
    fn default() -> Texts {
        let (ids, list, hasher) = (HashMap::new(), Vec::new(), RandomState::new());
        let mut texts = Texts { ids, list, hasher };
        texts.id("");
        texts
    }
}

impl Texts {
    /// The id of a text that comes after the text `last`. It first tries the same text and the next
    /// two, since ledgers often have the same decrees in the same order, each with a petition's id.
    fn id_after(&mut self, last: u32, text: &str) -> u32 {
        let mut likely = (last..).zip(&self.list[last as usize..]).take(3);
        let found = likely.find(|(_, known)| ***known == *text).map(|(id, _)| id);
        found.unwrap_or_else(|| self.id(text))
    }

    fn id(&mut self, text: &str) -> u32 {
        self.known(text).unwrap_or_else(|free| {
            let id = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
            self.list.push(text.into());
            self.ids.insert(free, id);
            id
        })
    }

    /// The id of a text, or the free key for it if it is new.
    fn known(&self, text: &str) -> Result<u32, u64> {
        let mut hash = self.hasher.hash_one(text);
        while let Some(&id) = self.ids.get(&hash) {
            if *self.list[id as usize] == *text {
                return Ok(id);
            }
            hash = hash.wrapping_add(1);
        }
        Err(hash)
    }
}

/// All numbered rows of all ledgers.
#[derive(Default, Debug)]
pub(super) struct Archive {
    texts: Texts,
    quorum_ids: HashMap<BTreeSet<Name>, u32>,
    quorums: Vec<BTreeSet<Name>>,
    /// The ledger files of each owner, by index: those that law books replaced, then the present one.
    volumes: Vec<Vec<Volume>>,
    pub facts: Vec<Fact>,
    /// The founding decree that was read last, with the id of its text: all ledgers repeat it.
    founding: Option<(u32, Founding)>,
    /// The ids of the decree and the petition in the latest row of each kind.
    latest: [(u32, u32); 3],
    /// The index in `facts` at which each number begins, after sorting.
    index: Vec<(DecreeNumber, usize)>,
}

impl Archive {
    pub fn open_ledger(&mut self) -> u32 {
        self.volumes.push(Vec::new());
        u32::try_from(self.volumes.len() - 1).unwrap_or(u32::MAX)
    }

    /// The line of a row, counted over all ledgers of its owner, the oldest first. Call it for the
    /// rows in their order.
    pub fn line(&mut self, ledger: u32, place: &Place) -> u32 {
        let volumes = &mut self.volumes[ledger as usize];
        let is_same = |it: &Volume| Arc::ptr_eq(&it.file, &place.file) || it.file == place.file;
        if !volumes.last().is_some_and(is_same) {
            let before = volumes.last().map_or(0, |last| last.last);
            let file = Arc::clone(&place.file);
            volumes.push(Volume { file, before, last: before });
        }
        let Some(volume) = volumes.last_mut() else { return u32::MAX };
        let line = u32::try_from(place.line).unwrap_or(u32::MAX);
        volume.last = volume.last.max(volume.before.saturating_add(line));
        volume.before.saturating_add(line)
    }

    fn place(&self, ledger: u32, line: u32) -> Place {
        let volumes = &self.volumes[ledger as usize];
        let i = volumes.partition_point(|it| it.before < line).saturating_sub(1);
        let Volume { file, before, .. } = &volumes[i];
        Place { file: Arc::clone(file), line: (line - before).into(), column: 1 }
    }

    pub fn keep(&mut self, fact: Fact) {
        self.facts.push(fact);
    }

    pub fn fact(
        &mut self,
        (ledger, line): (u32, u32),
        row: &LedgerRow,
        (kind, number, ballot): (Kind, DecreeNumber, Option<BallotNumber>),
        decree: &Decree,
        quorum: Option<&BTreeSet<Name>>,
    ) -> Fact {
        // Rows of each kind come in nearly the same order, but a busy president begins a thousand
        // decrees before the first passes. So the latest text is kept for each kind.
        let before = self.latest[kind as usize];
        let petition = decree.petition().unwrap_or_default();
        let found =
            (self.texts.id_after(before.0, decree.text()), self.texts.id_after(before.1, petition));
        self.latest[kind as usize] = found;
        Fact {
            number,
            ballot,
            kind,
            ledger,
            line,
            decree: found.0,
            petition: found.1,
            quorum: quorum.map_or(0, |names| self.quorum_id(names)),
            at: row.at.map_or(NEVER, |at| at.timestamp_micros()),
        }
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

    /// Sorts the rows by number, then ballot, then kind, then ledger.
    pub fn sort(&mut self) {
        let rest = |fact: &Fact| (fact.ballot, fact.kind, fact.ledger, fact.line);
        let by_number = |one: &Fact, other: &Fact| {
            one.number.cmp(&other.number).then_with(|| rest(one).cmp(&rest(other)))
        };
        // Each ledger is nearly in order, and a stable sort merges ordered parts fast. It sorts
        // indices, since sorting the rows themselves would need twice the memory.
        let facts = &mut self.facts;
        let mut order: Vec<u32> = (0..).take(facts.len()).collect();
        order.sort_by(|&i, &j| by_number(&facts[i as usize], &facts[j as usize]));
        // Move the rows along each cycle of the permutation.
        for first in 0..order.len() {
            let mut here = first;
            loop {
                let there = std::mem::replace(&mut order[here], here as u32) as usize;
                if there == first {
                    break;
                }
                facts.swap(here, there);
                here = there;
            }
        }
        let starts = |(i, fact): (usize, &Fact)| {
            let is_first = i == 0 || self.facts[i - 1].number != fact.number;
            is_first.then_some((fact.number, i))
        };
        self.index = self.facts.iter().enumerate().filter_map(starts).collect();
    }

    /// The decree numbers in the ledgers, in order.
    pub fn numbers(&self) -> impl DoubleEndedIterator<Item = DecreeNumber> + '_ {
        self.index.iter().map(|&(number, _)| number)
    }

    /// All rows of a number.
    pub fn of(&self, number: DecreeNumber) -> &[Fact] {
        // If no number is missing, the number gives its index.
        let guess = usize::try_from(number.saturating_sub(self.index.first().map_or(0, |e| e.0)));
        let guess = guess.ok().filter(|&i| self.index.get(i).is_some_and(|e| e.0 == number));
        let found = guess.or_else(|| self.index.binary_search_by_key(&number, |e| e.0).ok());
        found.map_or(&[], |i| self.at(i))
    }

    /// The rows of each number above the first and up to the second.
    pub fn between(
        &self,
        (above, through): (DecreeNumber, DecreeNumber),
    ) -> impl Iterator<Item = &[Fact]> {
        let first = self.index.partition_point(|entry| entry.0 <= above);
        let range = (first..self.index.len()).take_while(move |&i| self.index[i].0 <= through);
        range.map(|i| self.at(i))
    }

    /// The decrees that any ledger holds as passed, in order. A petition that was passed twice
    /// counts once.
    pub fn passed(&self) -> impl Iterator<Item = &Fact> {
        let mut is_known = vec![false; self.texts()];
        let numbers = self.numbers().filter(|&number| number != Founding::NUMBER);
        let outcomes = numbers
            .filter_map(|number| self.of(number).iter().find(|fact| fact.kind == Kind::Outcome));
        outcomes.filter(move |fact| {
            let is_known = &mut is_known[fact.petition as usize];
            fact.petition == 0 || !std::mem::replace(is_known, true)
        })
    }

    /// The number through which all ledgers together hold every decree; law books cover those
    /// through `in_books`.
    pub fn complete_through(&self, in_books: DecreeNumber) -> DecreeNumber {
        let is_passed =
            |number: &DecreeNumber| self.of(*number).iter().any(|fact| fact.kind == Kind::Outcome);
        (in_books + 1..).take_while(is_passed).last().unwrap_or(in_books)
    }

    fn at(&self, i: usize) -> &[Fact] {
        let end = self.index.get(i + 1).map_or(self.facts.len(), |entry| entry.1);
        &self.facts[self.index[i].1..end]
    }

    pub fn text(&self, id: u32) -> &str {
        &self.texts.list[id as usize]
    }

    /// The number of texts.
    pub fn texts(&self) -> usize {
        self.texts.list.len()
    }

    /// The id of a text, if a ledger holds it.
    pub fn known(&self, text: &str) -> Option<u32> {
        self.texts.known(text).ok()
    }

    /// Reads the founding decree in this text.
    ///
    /// # Errors
    /// If the text is not a founding decree.
    pub fn founding(&mut self, text: u32) -> Result<Founding, FoundingError> {
        if let Some((_, founding)) = self.founding.as_ref().filter(|(known, _)| *known == text) {
            return Ok(founding.clone());
        }
        let founding: Founding = self.text(text).parse()?;
        self.founding = Some((text, founding.clone()));
        Ok(founding)
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
        Exhibit { place: self.place(fact.ledger, fact.line), row }
    }
}
