//! Judges one ledger by itself, in the order in which it was inked.
//!
//! A crash takes rows only from the end of a ledger. So every row in it was inked after all rows
//! above it. A person who inks by hand may leave out a note that the next row implies; a priest
//! never does.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::archive::{Archive, Moved};
use super::bound::{Book, Bound};
use super::fact::Kind;
use super::finding::{Exhibit, Findings, entry_text};
use super::progress::Progress;
use super::reading::is_important;
use super::rule::Rule;
use crate::records::flaw::Flaw;
use crate::records::record::{LedgerRow, Place, Seal};
use crate::words::{
    BallotNumber, BookRow, DecreeNumber, Entry, Founding, FoundingError, Heading, Name,
};

/// The most rows by hand that are shown for one ledger.
const SHOWN_BY_HAND: usize = 3;

/// A note's present value, and its row.
#[derive(Debug)]
pub(super) struct Standing {
    pub ballot: BallotNumber,
    place: Place,
    entry: Entry,
}

impl Standing {
    fn new(ballot: BallotNumber, row: &LedgerRow) -> Standing {
        Standing { ballot, place: row.place.clone(), entry: row.entry.clone() }
    }

    /// The row, as a finding shows it. It is made only when needed, since few rows are shown.
    pub fn exhibit(&self) -> Exhibit {
        Exhibit { place: self.place.clone(), row: entry_text(&self.entry) }
    }
}

/// One ledger: its notes after the rows so far.
#[derive(Debug)]
pub(super) struct Testimony {
    pub owner: Name,
    /// The index of this ledger in the archive.
    pub ledger: u32,
    /// Decree 0, and its row.
    pub founding: Option<(Arc<Founding>, LedgerRow)>,
    pub last_tried: Option<Standing>,
    pub next_bal: Option<Standing>,
    /// How complete the ledger is, and was when ballots were tried.
    pub progress: Progress,
    /// For each ballot owner, the highest ballot promised in a sealed row.
    pub promises: BTreeMap<Name, Standing>,
    highest_voted: DecreeNumber,
    /// For each promise, the highest number voted on before it.
    voted_before: Vec<(BallotNumber, DecreeNumber)>,
    highest_inked: DecreeNumber,
    by_hand: (u64, Vec<Exhibit>),
    /// The file that an editor saved in another form, so that its rows moved.
    moved: Option<Arc<PathBuf>>,
    /// The last decree whose rows are only in a law book, because the ledger that it replaced is
    /// not here; 0 if all rows are here.
    pub forgotten_through: DecreeNumber,
    /// The votes copied into such a book. Earlier votes on the same numbers are not here.
    forgotten_below: BTreeMap<DecreeNumber, BallotNumber>,
    /// Law books that replaced a ledger which is here.
    pub bound: Vec<Bound>,
    /// Law books that replaced a ledger which is not here, so that they cannot be checked.
    unproven: Vec<Book>,
    /// The law book being read, and whether the ledger that it replaced is here.
    begun: Option<(Bound, bool)>,
    /// Whether a row other than decree 0 has come.
    has_spoken: bool,
}

impl Testimony {
    pub fn new(owner: Name, ledger: u32) -> Testimony {
        Testimony {
            owner,
            ledger,
            founding: None,
            last_tried: None,
            next_bal: None,
            progress: Progress::default(),
            promises: BTreeMap::new(),
            highest_voted: 0,
            voted_before: Vec::new(),
            highest_inked: Founding::NUMBER,
            by_hand: (0, Vec::new()),
            moved: None,
            forgotten_through: 0,
            forgotten_below: BTreeMap::new(),
            bound: Vec::new(),
            unproven: Vec::new(),
            begun: None,
            has_spoken: false,
        }
    }

    /// Its archive was joined to another.
    pub fn move_to(&mut self, moved: &Moved) {
        self.ledger += moved.ledgers;
        let begun = self.begun.iter_mut().map(|(bound, _)| bound);
        let copied = self.bound.iter_mut().chain(begun).flat_map(|bound| &mut bound.copied);
        copied.for_each(|fact| moved.apply(fact));
    }

    /// Whether a vote of his on this number may be in a ledger that is not here.
    pub fn may_have_voted(&self, number: DecreeNumber) -> bool {
        number <= self.forgotten_through || self.forgotten_below.contains_key(&number)
    }

    /// Whether his vote in this ballot may be in a ledger that is not here.
    pub fn may_have_voted_in(&self, number: DecreeNumber, ballot: BallotNumber) -> bool {
        number <= self.forgotten_through || self.forgotten_below.get(&number) > Some(&ballot)
    }

    /// All law books in this ledger.
    pub fn books(&self) -> impl Iterator<Item = &Book> {
        self.bound.iter().map(|bound| &bound.book).chain(&self.unproven)
    }

    /// The first row of a law book without its last row.
    pub fn begins_a_book(&self) -> Option<&Exhibit> {
        self.begun.as_ref().map(|(bound, _)| &bound.book.at)
    }

    /// A decree number above which this priest cast no vote below the ballot, if he kept his
    /// promises.
    pub fn voted_through(&self, ballot: BallotNumber) -> DecreeNumber {
        let i = self.voted_before.partition_point(|before| before.0 < ballot);
        self.voted_before.get(i).map_or(self.highest_voted, |before| before.1)
    }

    /// α by decree 0 of this ledger; 0 while it is unknown.
    fn alpha(&self) -> u64 {
        self.founding.as_ref().map_or(0, |(founding, _)| founding.alpha)
    }

    /// The number of rows without a seal, and the first of them.
    pub fn by_hand(&self) -> (u64, &[Exhibit]) {
        (self.by_hand.0, &self.by_hand.1)
    }

    pub fn hear(&mut self, row: &LedgerRow, archive: &mut Archive, findings: &mut Findings) {
        self.look_at_seal(row, findings);
        let line = archive.line(self.ledger, &row.place);
        let at = (self.ledger, line);
        if let Entry::Book(book_row) = &row.entry {
            return self.hear_book_row(book_row, row, line);
        }
        if self.hear_copy(row, line, archive) {
            return;
        }
        self.has_spoken |= !matches!(row.entry, Entry::Outcome { number: Founding::NUMBER, .. });
        match &row.entry {
            Entry::Outcome { number, decree, ballot } => {
                let fact = archive.fact(at, row, (Kind::Outcome, *number, *ballot), decree, None);
                archive.keep(fact);
                self.highest_inked = self.highest_inked.max(*number);
                self.progress.ink(*number, line, is_important(decree.text()));
                if *number == Founding::NUMBER {
                    self.hear_founding(row, archive.founding(fact.decree), findings);
                }
            }
            Entry::LastTried { ballot } => self.hear_last_tried(*ballot, row, findings),
            Entry::NextBal { ballot } => self.hear_next_bal(*ballot, row, findings),
            Entry::PrevVote { number, ballot, decree } => {
                let fact =
                    archive.fact(at, row, (Kind::Vote, *number, Some(*ballot)), decree, None);
                archive.keep(fact);
                if matches!(self.begun, Some((_, false))) {
                    self.forgotten_below.insert(*number, *ballot);
                }
                self.hear_vote(*ballot, row, findings);
                self.highest_voted = self.highest_voted.max(*number);
            }
            Entry::BeginBallot { number, ballot, decree, quorum } => {
                let what = (Kind::Begun, *number, Some(*ballot));
                let fact = archive.fact(at, row, what, decree, Some(quorum));
                archive.keep(fact);
                self.hear_begin_ballot(*ballot, row, findings);
                let (where_, alpha) = ((*number, line), self.alpha());
                self.progress.begin(where_, *ballot, is_important(decree.text()), alpha);
            }
            Entry::Entered | Entry::Book(_) => {}
        }
    }

    /// Notes a row of a law book. The ledger that it replaced is here if any row came before.
    fn hear_book_row(&mut self, book_row: &BookRow, row: &LedgerRow, line: u32) {
        match (book_row.heading, self.begun.as_mut()) {
            (Heading::LawBook, _) => {
                let note = |it: &Option<Standing>| it.as_ref().map(|it| it.ballot);
                let (through, at) = (book_row.number, Exhibit::of_ledger(row));
                let book = Book { through, rows: Vec::new(), at };
                let bound = Bound {
                    book,
                    line,
                    notes_before: [note(&self.last_tried), note(&self.next_bal)],
                    highest_before: self.highest_voted.max(self.highest_inked),
                    notes: [None, None],
                    copied: Vec::new(),
                };
                self.progress.bind(through, note(&self.last_tried), self.alpha());
                if !self.has_spoken {
                    self.forgotten_through = self.forgotten_through.max(through);
                }
                self.begun = Some((bound, self.has_spoken));
            }
            (Heading::Bound, Some(_)) => match self.begun.take() {
                Some((bound, true)) => self.bound.push(bound),
                Some((bound, false)) => self.unproven.push(bound.book),
                None => {}
            },
            (_, Some((bound, _))) => bound.book.rows.push(book_row.clone()),
            (_, None) => {}
        }
        self.has_spoken = true;
    }

    /// Notes a row that a law book copied from the ledger before it; false if it is no such row.
    fn hear_copy(&mut self, row: &LedgerRow, line: u32, archive: &mut Archive) -> bool {
        let at = (self.ledger, line);
        let Some((bound, true)) = &mut self.begun else { return false };
        let (what, decree) = match &row.entry {
            Entry::LastTried { ballot } => {
                bound.notes[0] = Some(*ballot);
                return true;
            }
            Entry::NextBal { ballot } => {
                bound.notes[1] = Some(*ballot);
                return true;
            }
            Entry::Outcome { number, decree, ballot } => {
                ((Kind::Outcome, *number, *ballot), decree)
            }
            Entry::PrevVote { number, ballot, decree } => {
                ((Kind::Vote, *number, Some(*ballot)), decree)
            }
            Entry::Entered | Entry::BeginBallot { .. } | Entry::Book(_) => return false,
        };
        bound.copied.push(archive.fact(at, row, what, decree, None));
        true
    }

    fn look_at_seal(&mut self, row: &LedgerRow, findings: &mut Findings) {
        match row.seal {
            Seal::Sound => {}
            Seal::ByHand => {
                self.by_hand.0 += 1;
                if self.by_hand.1.len() < SHOWN_BY_HAND {
                    self.by_hand.1.push(Exhibit::of_ledger(row));
                }
            }
            // One finding for the whole file is enough.
            Seal::Moved { .. } if self.moved.as_ref() == Some(&row.place.file) => {}
            Seal::Moved { mark, ends } => {
                self.moved = Some(Arc::clone(&row.place.file));
                let flaw = Flaw::Resaved { mark, ends };
                let why = format!("{flaw}; {}", flaw.repair());
                findings.broken(Rule::IndelibleInk, vec![Exhibit::of_ledger(row)], why);
            }
            Seal::Broken => findings.broken(
                Rule::IndelibleInk,
                vec![Exhibit::of_ledger(row)],
                format!(
                    "the seal does not fit: {}'s row was changed or moved after it was inked",
                    self.owner
                ),
            ),
        }
    }

    fn hear_founding(
        &mut self,
        row: &LedgerRow,
        read: Result<Arc<Founding>, FoundingError>,
        findings: &mut Findings,
    ) {
        let at = || Exhibit::of_ledger(row);
        match (read, &self.founding) {
            (Ok(founding), None) => self.founding = Some((founding, row.clone())),
            (Ok(founding), Some((first, _))) if founding == *first => {}
            (Ok(founding), Some((first, above))) => findings.broken(
                Rule::Consistency,
                vec![at(), Exhibit::of_ledger(above)],
                format!("{}'s ledger says “{first}” and “{founding}” of decree 0", self.owner),
            ),
            (Err(error), _) => findings.broken(
                Rule::Founding,
                vec![at()],
                format!("decree 0 of {}'s ledger founds no Parliament: {error}", self.owner),
            ),
        }
    }

    fn hear_last_tried(&mut self, ballot: BallotNumber, row: &LedgerRow, findings: &mut Findings) {
        if ballot.owner != self.owner {
            let why = format!("{} tried {ballot}, which is {}'s", self.owner, ballot.owner);
            return findings.broken(Rule::OwnBallots, vec![Exhibit::of_ledger(row)], why);
        }
        match self.begun {
            Some((_, false)) => self.progress.forget_tries_through(ballot),
            _ => self.progress.try_ballot(ballot),
        }
        if let Some(last) = self.last_tried.as_ref().filter(|last| ballot <= last.ballot) {
            let why =
                format!("{} tried {ballot}, and {ballot} ≤ lastTried {}", self.owner, last.ballot);
            let exhibits = vec![Exhibit::of_ledger(row), last.exhibit()];
            return findings.broken(Rule::LastTriedRises, exhibits, why);
        }
        self.last_tried = Some(Standing::new(ballot, row));
    }

    fn hear_next_bal(&mut self, ballot: BallotNumber, row: &LedgerRow, findings: &mut Findings) {
        if let Some(promised) = self.next_bal.as_ref().filter(|promised| ballot < promised.ballot) {
            let why = format!(
                "{} promised {ballot} after {}, and a promise is never taken back",
                self.owner, promised.ballot
            );
            let exhibits = vec![Exhibit::of_ledger(row), promised.exhibit()];
            return findings.broken(Rule::NextBalRises, exhibits, why);
        }
        if row.seal != Seal::ByHand {
            self.promises.insert(ballot.owner, Standing::new(ballot, row));
        }
        self.next_bal = Some(Standing::new(ballot, row));
        self.voted_before.push((ballot, self.highest_voted));
    }

    fn hear_vote(&mut self, ballot: BallotNumber, row: &LedgerRow, findings: &mut Findings) {
        let Some(promised) = self.next_bal.as_ref().filter(|promised| promised.ballot >= ballot)
        else {
            if row.seal != Seal::ByHand {
                let promised = self.next_bal.as_ref();
                let next_bal = promised.map_or("−∞".into(), |it| it.ballot.to_string());
                let why = format!("{} voted in {ballot} with nextBal {next_bal}", self.owner);
                let shown = [Exhibit::of_ledger(row)].into_iter();
                let shown = shown.chain(promised.map(Standing::exhibit)).collect();
                findings.broken(Rule::VoteWithPromise, shown, why);
            }
            self.next_bal = Some(Standing::new(ballot, row));
            return;
        };
        // In a law book the note stands above the votes, though each vote was cast before it.
        if promised.ballot > ballot && self.begun.is_none() {
            let why = format!(
                "{} voted in {ballot} after promising {} to vote in no ballot below {}",
                self.owner, promised.ballot.owner, promised.ballot
            );
            let exhibits = vec![Exhibit::of_ledger(row), promised.exhibit()];
            findings.broken(Rule::PromiseKept, exhibits, why);
        }
    }

    fn hear_begin_ballot(
        &mut self,
        ballot: BallotNumber,
        row: &LedgerRow,
        findings: &mut Findings,
    ) {
        if ballot.owner != self.owner {
            let why = format!("{} began {ballot}, which is {}'s", self.owner, ballot.owner);
            return findings.broken(Rule::OwnBallots, vec![Exhibit::of_ledger(row)], why);
        }
        self.progress.try_ballot(ballot);
        let last = self.last_tried.as_ref();
        if last.is_some_and(|last| last.ballot == ballot) {
            return;
        }
        let is_behind = last.is_some_and(|last| last.ballot > ballot);
        if is_behind || row.seal != Seal::ByHand {
            let last_tried = last.map_or("−∞".into(), |it| it.ballot.to_string());
            let why = format!("{} began {ballot} while lastTried was {last_tried}", self.owner);
            let shown = [Exhibit::of_ledger(row)].into_iter();
            let shown = shown.chain(last.map(Standing::exhibit)).collect();
            findings.broken(Rule::BegunWhileTried, shown, why);
        }
        if !is_behind {
            self.last_tried = Some(Standing::new(ballot, row));
        }
    }
}
