//! Checks law books: each must hold the law that its decrees made, and leave out nothing that is
//! still needed. `[PTP §3.3.2]`
//!
//! A law book is the beginning of a ledger that replaced another. If the old ledger is in the
//! archive, the notes, votes and recent decrees copied from it must be unchanged. If it is not,
//! they are believed. The law in the book is checked against the decrees, if all of them are here.

use std::collections::{BTreeMap, BTreeSet};

use super::archive::Archive;
use super::bound::{Book, Bound};
use super::fact::{Fact, Kind};
use super::finding::{Exhibit, Findings};
use super::heard::Records;
use super::law::Enacted;
use super::members::change;
use super::rule::{Rule, Severity};
use super::testimony::Testimony;
use crate::records::record::MessageRow;
use crate::words::{BallotNumber, BookRow, DecreeNumber, Heading, Name};

/// The distance behind the last decree at which votes may be left out: no president who lacks this
/// many decrees gets a promise. `[PTP §3.3.1]`
const FAR_BEHIND: DecreeNumber = 1000;

/// Collects the law books in letters, row by row.
#[derive(Debug, Default)]
pub(super) struct SentBooks {
    /// The rows and the first letter, by sender, last decree and number of rows.
    rows: BTreeMap<(Name, DecreeNumber, u64), (BTreeSet<BookRow>, Exhibit)>,
}

impl SentBooks {
    /// Notes a row of the book that covers the decrees through `through` and has `of` rows.
    pub fn hear(&mut self, letter: &MessageRow, (through, of): (u64, u64), row: &BookRow) {
        let book = self.rows.entry((letter.from, through, of));
        let book = book.or_insert_with(|| (BTreeSet::new(), Exhibit::of_letter(letter)));
        book.0.insert(row.clone());
    }

    /// Adds what later letters tell.
    pub fn join(&mut self, later: SentBooks) {
        for (key, (rows, first)) in later.rows {
            self.rows.entry(key).or_insert_with(|| (BTreeSet::new(), first)).0.extend(rows);
        }
    }

    /// The books whose rows were all sent.
    pub fn whole(&self) -> Vec<Book> {
        let whole = self.rows.iter().filter(|((.., of), (rows, _))| rows.len() as u64 == *of);
        let book = |(&(_, through, _), (rows, at)): (&_, &(BTreeSet<BookRow>, Exhibit))| Book {
            through,
            rows: rows.iter().cloned().collect(),
            at: at.clone(),
        };
        whole.map(book).collect()
    }
}

/// Judges every law book, in ledgers and in letters.
pub(super) fn judge(letters: Vec<Book>, records: &Records, findings: &mut Findings) {
    let mut books: Vec<&Book> = letters.iter().collect();
    for ledger in &records.ledgers {
        for bound in &ledger.bound {
            judge_copies(bound, ledger, records, findings);
        }
        if let Some(half) = ledger.begins_a_book() {
            let why = format!("{}'s law book does not end: it was never whole", ledger.owner);
            findings.broken(Rule::LawBook, vec![half.clone()], why);
        }
        books.extend(ledger.books());
    }
    books.sort_by_key(|book| book.through);
    judge_law(&books, records, findings);
}

/// Checks that a book copied everything needed from the old ledger, and added nothing.
fn judge_copies(bound: &Bound, ledger: &Testimony, records: &Records, findings: &mut Findings) {
    let owner = ledger.owner;
    for (i, note) in ["lastTried", "nextBal"].into_iter().enumerate() {
        let (was, is) = (bound.notes_before[i], bound.notes[i]);
        if was != is {
            let text = |it: Option<BallotNumber>| it.map_or("−∞".into(), |it| it.to_string());
            let why = format!(
                "{owner}'s {note} was {} when he wrote this law book, and in it is {}",
                text(was),
                text(is)
            );
            findings.broken(Rule::LawBook, vec![bound.book.at.clone()], why);
        }
    }
    let says = |fact: &Fact| (records.archive.ballot(fact), fact.decree);
    for kind in [Kind::Vote, Kind::Outcome] {
        let mut was = latest(kind, bound, ledger, &records.archive);
        for copy in bound.copied.iter().filter(|fact| fact.kind == kind) {
            let same = |was: &&Fact| says(was) == says(copy);
            if was.remove(&copy.number).filter(same).is_none() {
                let why = format!(
                    "this row on decree {} is in the law book of {owner}'s ledger, and was not in the ledger before",
                    copy.number
                );
                findings.broken(Rule::LawBook, vec![records.archive.exhibit(copy)], why);
            }
        }
        let forgiven = bound.highest_before.saturating_sub(FAR_BEHIND);
        let left_out = was.values().find(|it| kind == Kind::Outcome || it.number > forgiven);
        if let Some(left_out) = left_out {
            let shown = vec![bound.book.at.clone(), records.archive.exhibit(left_out)];
            let why = format!("{owner}'s law book leaves out this row, which may still be needed");
            findings.broken(Rule::LawBook, shown, why);
        }
    }
}

/// The last row of this kind in the old ledger for each number above the book's.
fn latest<'a>(
    kind: Kind,
    bound: &Bound,
    ledger: &Testimony,
    archive: &'a Archive,
) -> BTreeMap<DecreeNumber, &'a Fact> {
    let range = (bound.book.through, bound.highest_before);
    let facts = archive.between(range).flatten();
    let his = facts.filter(|fact| (fact.kind, fact.ledger) == (kind, ledger.ledger));
    let mut found: BTreeMap<DecreeNumber, &Fact> = BTreeMap::new();
    for fact in his.filter(|fact| fact.line < bound.line) {
        let entry = found.entry(fact.number).or_insert(fact);
        if entry.line < fact.line {
            *entry = fact;
        }
    }
    found
}

/// Checks that the law in each book is the one that its decrees made.
fn judge_law(books: &[&Book], records: &Records, findings: &mut Findings) {
    let archive = &records.archive;
    let (mut law, mut through) = (Enacted::default(), 0);
    // The first book of each number that could not be checked.
    let mut taken: Option<&Book> = None;
    for book in books {
        while through < book.through {
            let mut passed = archive.of(through + 1).iter();
            let Some(passed) = passed.find(|fact| fact.kind == Kind::Outcome) else { break };
            through += 1;
            law.enact(through, archive.text(passed.decree), archive.text(passed.petition));
        }
        if through < book.through {
            let why = format!(
                "decree {} is in no ledger here, so this law book is taken at its word",
                through + 1
            );
            findings.add(Rule::LawBook, Severity::Said, vec![book.at.clone()], why);
            match taken.filter(|first| first.through == book.through) {
                Some(first) if !agree(first, book) => {
                    let why = format!(
                        "decrees 1 to {} make one law, and these two law books hold two",
                        book.through
                    );
                    let shown = vec![book.at.clone(), first.at.clone()];
                    findings.broken(Rule::LawBook, shown, why);
                }
                Some(_) => {}
                None => taken = Some(book),
            }
        } else if let Some(why) = differs(book, &law, records) {
            findings.broken(Rule::LawBook, vec![book.at.clone()], why);
        }
    }
}

/// Whether two law books hold the same law and the same members.
fn agree(first: &Book, other: &Book) -> bool {
    let told = |book: &Book| {
        let mut law = Enacted::default();
        book.rows.iter().all(|row| law.read(row)).then_some(law)
    };
    members(&first.rows) == members(&other.rows)
        && told(first).zip(told(other)).is_some_and(|(law, it)| law.differs_from(&it).is_none())
}

/// The first difference between a law book and the law that its decrees made.
fn differs(book: &Book, law: &Enacted, records: &Records) -> Option<String> {
    let mut told = Enacted::default();
    for row in &book.rows {
        if !told.read(row) {
            return Some(format!("its row “{}” cannot be read as law", row.in_a_line()));
        }
    }
    let told_members = members(&book.rows);
    let is = records.members.changes_through(book.through);
    if told_members.as_deref() != Some(is) {
        return Some("the members are not those whom the decrees seated".into());
    }
    law.differs_from(&told)
}

/// The changes of members in the rows of a book: decree, name and weight (0 if unseated).
pub(super) fn members(rows: &[BookRow]) -> Option<Vec<(DecreeNumber, Name, u64)>> {
    let rows = rows.iter().filter(|row| row.heading == Heading::Member);
    rows.map(|row| change(&row.words).map(|(name, weight)| (row.number, name, weight))).collect()
}
