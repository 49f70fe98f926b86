//! Everything numbered that the ledgers say: rows, and the words in them.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use super::fact::{Fact, Kind, NEVER};
use super::finding::{Exhibit, cell, numbered};
use super::merged::{Merged, Told};
use super::named::Named;
use super::texts::Texts;
use crate::records::record::{LedgerRow, Place};
use crate::words::{BallotNumber, Decree, DecreeNumber, Founding, FoundingError, Name};

/// A ledger file of an owner, and the place of its lines among all his lines.
#[derive(Debug)]
struct Volume {
    file: Arc<PathBuf>,
    /// The number of lines before it.
    before: u32,
    /// Its last line so far.
    last: u32,
}

/// All numbered rows of all ledgers.
#[derive(Default, Debug)]
pub(super) struct Archive {
    texts: Texts,
    named: Named,
    /// The ledger files of each owner, by index: those that law books replaced, then the present
    /// one.
    volumes: Vec<Vec<Volume>>,
    /// The rows of each ledger, by index, until all are read.
    told: Vec<Told>,
    merged: Merged,
    /// By the id of a petition's text, the text of the first decree under it; 0 if there is none.
    first_under: Vec<u32>,
    /// The founding decree that was read last, with the id of its text: all ledgers repeat it.
    founding: Option<(u32, Arc<Founding>)>,
    /// The ids of the ballot, the decree and the petition in the latest row of each kind.
    latest: [(u32, u32, u32); 3],
}

/// Which id each text and each ballot has where an archive was joined to another, and how many
/// ledgers stand before its own.
pub(super) struct Moved {
    texts: Vec<u32>,
    named: Vec<u32>,
    pub ledgers: u32,
}

impl Moved {
    pub fn apply(&self, fact: &mut Fact) {
        fact.ledger += self.ledgers;
        fact.named = self.named[fact.named as usize];
        fact.decree = self.texts[fact.decree as usize];
        fact.petition = self.texts[fact.petition as usize];
    }
}

impl Archive {
    /// An archive that may have several ids for one text, until it is joined to another.
    pub fn of_one_ledger() -> Archive {
        Archive { texts: Texts::latest(), ..Archive::default() }
    }

    /// Gives each text one id, so that the archive can be judged. Returns these ids, if texts had
    /// others before.
    pub fn give_each_text_one_id(&mut self) -> Option<Moved> {
        if !self.texts.may_repeat() {
            return None;
        }
        let (texts, named) = (self.texts.find_all(), self.named.ids().collect());
        let moved = Moved { texts, named, ledgers: 0 };
        self.told.iter_mut().flat_map(Told::rows_mut).for_each(|fact| moved.apply(fact));
        self.latest = Default::default();
        self.founding = None;
        Some(moved)
    }

    pub fn open_ledger(&mut self) -> u32 {
        self.volumes.push(Vec::new());
        self.told.push(Told::default());
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
        self.told[fact.ledger as usize].push(fact, &self.named);
    }

    pub fn fact(
        &mut self,
        (ledger, line): (u32, u32),
        row: &LedgerRow,
        (kind, number, ballot): (Kind, DecreeNumber, Option<BallotNumber>),
        decree: &Decree,
        quorum: Option<&Arc<BTreeSet<Name>>>,
    ) -> Fact {
        // Rows of each kind come in nearly the same order, but a busy president begins a thousand
        // decrees before the first passes. So the latest text is kept for each kind.
        let before = self.latest[kind as usize];
        let named = self.named.id_after(before.0, ballot, quorum);
        let petition = decree.petition().unwrap_or_default();
        let decree = self.texts.id_after(before.1, decree.text());
        let petition = self.texts.id_after(before.2, petition);
        self.latest[kind as usize] = (named, decree, petition);
        let at = row.at.map_or(NEVER, |at| at.timestamp_micros());
        Fact { number, at, kind, ledger, line, named, decree, petition }
    }

    /// Reads the founding decree in this text.
    ///
    /// # Errors
    /// If the text is not a founding decree.
    pub fn founding(&mut self, text: u32) -> Result<Arc<Founding>, FoundingError> {
        if let Some((_, founding)) = self.founding.as_ref().filter(|(known, _)| *known == text) {
            return Ok(Arc::clone(founding));
        }
        let founding = Arc::new(self.text(text).parse()?);
        self.founding = Some((text, Arc::clone(&founding)));
        Ok(founding)
    }

    /// Keeps what another archive keeps too. Its ledgers come after those that are kept here.
    pub fn join(&mut self, other: Archive) -> Moved {
        let ledgers = u32::try_from(self.volumes.len()).unwrap_or(u32::MAX);
        let named = self.named.join(other.named);
        let moved = Moved { texts: self.texts.join(&other.texts), named, ledgers };
        self.volumes.extend(other.volumes);
        for mut told in other.told {
            told.rows_mut().for_each(|fact| moved.apply(fact));
            self.told.push(told);
        }
        moved
    }

    /// Forgets all that one ledger tells.
    pub fn forget(&mut self, ledger: u32) {
        self.told[ledger as usize] = Told::default();
    }

    /// All ledgers have been heard: puts the rows in the order of numbers, then ballots, then
    /// kinds, then ledgers.
    pub fn close(&mut self) {
        self.merged = Merged::of(std::mem::take(&mut self.told), &self.named);
        self.first_under = vec![0; self.texts.count()];
        for fact in self.merged.rows().filter(|fact| fact.petition != 0) {
            let first = &mut self.first_under[fact.petition as usize];
            *first = if *first == 0 { fact.decree } else { *first };
        }
    }

    /// The text of the first decree that ledgers hold under a petition's id.
    pub fn first_under(&self, petition: u32) -> Option<u32> {
        self.first_under.get(petition as usize).copied().filter(|&decree| decree != 0)
    }

    /// The decree numbers in the ledgers, in order.
    pub fn numbers(&self) -> impl DoubleEndedIterator<Item = DecreeNumber> + ExactSizeIterator {
        self.merged.numbers()
    }

    /// All rows, in order.
    pub fn facts(&self) -> impl Iterator<Item = &Fact> {
        self.merged.rows()
    }

    /// All rows of a number.
    pub fn of(&self, number: DecreeNumber) -> &[Fact] {
        self.merged.of_number(number)
    }

    /// The rows of each number above the first and up to the second.
    pub fn between(&self, range: (DecreeNumber, DecreeNumber)) -> impl Iterator<Item = &[Fact]> {
        self.merged.between(range)
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

    pub fn text(&self, id: u32) -> &str {
        self.texts.get(id)
    }

    /// The number of texts.
    pub fn texts(&self) -> usize {
        self.texts.count()
    }

    /// The id of a text that probably comes soon after the text `last`, if a ledger holds it.
    pub fn known_after(&self, last: u32, text: &str) -> Option<u32> {
        self.texts.known_after(last, text)
    }

    /// The id of a text, if a ledger holds it.
    pub fn known(&self, text: &str) -> Option<u32> {
        self.texts.known(text)
    }

    /// The ballot that a row names.
    pub fn ballot(&self, fact: &Fact) -> Option<BallotNumber> {
        self.named.number(fact.named)
    }

    /// The quorum of the ballot that a row begins.
    pub fn quorum(&self, fact: &Fact) -> &BTreeSet<Name> {
        self.named.quorum(fact.named)
    }

    pub fn exhibit(&self, fact: &Fact) -> Exhibit {
        let kind = match fact.kind {
            Kind::Begun => "beginBallot",
            Kind::Vote => "prevVote",
            Kind::Outcome => "outcome",
        };
        let mut row = kind.to_owned();
        numbered(&mut row, fact.number, self.ballot(fact), self.text(fact.decree));
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
