//! Long ledgers: a law book in the place of old decrees, and copying another's. `[PTP §3.3.2]`
//!
//! A legislator whose ledger holds many decrees writes it anew: decree 0, the law book with all
//! decrees but the latest, his notes and votes, those latest decrees. What is left out nobody will
//! ask him for: whoever lacks it copies the book.

use std::collections::{BTreeMap, BTreeSet};

use super::FAR_BEHIND;
use super::legislator::Legislator;
use crate::law::LawBook;
use crate::synod::deed::{Deed, Entry};
use crate::words::ballot::{Decree, DecreeNumber};
use crate::words::members::Founding;
use crate::words::message::Message;
use crate::words::name::Name;
use crate::words::step::{Act, Guard};
use crate::words::time::Minutes;
use crate::words::{BookRow, Heading};

/// When a legislator writes law books, and what he has copied of another's.
#[derive(Clone, PartialEq, Eq, Debug, Hash, Default)]
pub struct Books {
    /// He writes a book when more single decrees than this stand in his ledger.
    every: Option<DecreeNumber>,
    /// The rows each colleague has sent: a book counts when all its rows are there.
    copied: BTreeMap<Name, Copied>,
    /// Whether he has copied a book that is not in his ledger yet.
    is_unbound: bool,
}

/// Rows of one book, as they come.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
struct Copied {
    through: DecreeNumber,
    of: u64,
    rows: BTreeSet<BookRow>,
}

impl Books {
    /// Rows not yet whole are on his slip of paper, and lost with it.
    pub(super) fn forget_what_is_copied(&mut self) {
        self.copied.clear();
    }

    /// Takes a row; the whole book once it is there.
    fn take(
        &mut self,
        from: Name,
        (through, of): (DecreeNumber, u64),
        row: BookRow,
    ) -> Option<BTreeSet<BookRow>> {
        let none = || Copied { through, of, rows: BTreeSet::new() };
        let copied = self.copied.entry(from).or_insert_with(none);
        if (copied.through, copied.of) != (through, of) {
            // He has another book now.
            *copied = none();
        }
        copied.rows.insert(row);
        if copied.rows.len() as u64 != of {
            return None;
        }
        self.copied.remove(&from).map(|copied| copied.rows)
    }
}

impl Legislator {
    /// This legislator, who writes his ledger anew, as a law book, when more than `decrees` single
    /// decrees stand in it. `[PTP §3.3.2]`
    #[must_use]
    pub fn with_law_book_every(mut self, decrees: DecreeNumber) -> Legislator {
        self.books.every = Some(decrees);
        self
    }

    /// Whether it is time to write the ledger anew.
    pub(super) fn is_book_due(&self) -> bool {
        let single = self.pages.complete_through() - self.pages.in_book_through();
        self.books.is_unbound || self.books.every.is_some_and(|every| single > every)
    }

    /// Writes the ledger anew, if it is time. The latest decrees remain as they are, so that few
    /// who are behind need the book.
    pub(super) fn bind_book_if_due(&mut self, deed: &mut Deed) {
        if !self.is_book_due() {
            return;
        }
        if let Some(every) = self.books.every {
            self.pages.enter_in_book(FAR_BEHIND.min(every / 2));
        }
        let is_copied = std::mem::take(&mut self.books.is_unbound);
        deed.bind(self.ledger_as_a_book(), is_copied);
    }

    /// His ledger as a law book: decree 0, the book, the notes, the votes above the book's number,
    /// the decrees that follow, and the row that ends what was copied into it.
    #[must_use]
    pub fn ledger_as_a_book(&self) -> Vec<Entry> {
        let founding = Decree::new(&self.founding.to_string()).ok();
        let founding = founding.map(|decree| Entry::Outcome {
            number: Founding::NUMBER,
            decree,
            ballot: None,
        });
        let mut rows: Vec<Entry> = founding.into_iter().collect();
        rows.extend(self.pages.book().rows().into_iter().map(Entry::Book));
        rows.extend(self.notes.last_tried().map(|ballot| Entry::LastTried { ballot }));
        rows.extend(self.notes.next_bal().map(|ballot| Entry::NextBal { ballot }));
        let through = self.pages.in_book_through();
        let votes = self.pages.votes_above(through);
        rows.extend(votes.map(|(number, vote)| Entry::prev_vote(number, vote)));
        for (number, page) in self.pages.inked(through, DecreeNumber::MAX) {
            let (decree, ballot) = (page.decree.clone(), page.ballot);
            rows.push(Entry::Outcome { number, decree, ballot });
        }
        rows.push(Entry::Book(BookRow::of(Heading::Bound, through, "")));
        rows
    }

    /// Sends his law book to one who was long away.
    pub(super) fn send_book(&self, to: Name, deed: &mut Deed) {
        let (through, rows) = (self.pages.in_book_through(), self.pages.book().rows());
        let of = rows.len() as u64;
        for row in rows {
            deed.send(to, Message::LawBook { through, row, of });
        }
    }

    /// **Copies a law book**, one row of it; with all its rows he knows what it stands for, and
    /// goes on from there. `[PTP §3.3.2]`
    ///
    /// # Errors
    /// The guard that fails.
    pub(super) fn copy_book(
        &mut self,
        now: Minutes,
        from: Name,
        (through, of): (DecreeNumber, u64),
        row: BookRow,
        deed: &mut Deed,
    ) -> Result<(), Guard> {
        let mine = self.pages.complete_through();
        if through <= mine {
            return Err(Guard::Known { number: through });
        }
        // A book answers an inquiry, and so goes about as far as its owner has said that he is.
        self.ask_if_far_ahead(now, from, through, mine.max(self.claimed_by(from)), deed)?;
        let Some(rows) = self.books.take(from, (through, of), row) else { return Ok(()) };
        let Some(book) = LawBook::of_rows(&self.founding, &rows) else { return Ok(()) };
        if book.complete_through() != through || !self.pages.begin_with(book) {
            return Ok(());
        }
        self.books.is_unbound = true;
        self.tell(deed, || Act::Copies { through, from });
        self.petitions.let_go_of_passed(&self.pages);
        self.see_who_sits();
        self.go_on_from_what_is_learnt(now, deed);
        Ok(())
    }
}
