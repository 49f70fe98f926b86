//! Redundant decrees: the president cycles through the law. `[PTP §3.3.5]`
//!
//! "All legislators would agree on the current law of the land within six months", even if their
//! law books were spoilt without anyone's knowledge. A decree is redundant only if no other decree
//! comes between. So the president restates a matter under number n when his ledger is complete
//! through n − 1 and he is free to choose: then the law before n is settled, and he restates it.
//! The decree has no petition's id, so it is given up with its ballot. It never returns under a
//! later number, where it might undo what was decreed meanwhile.

use super::pages::Pages;
use crate::law::{Law, LawBook, Meaning, Phrase};
use crate::words::ballot::Decree;
use crate::words::members::Founding;
use crate::words::time::Minutes;

/// How far a president has come in his cycle.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct Restating {
    every: Minutes,
    /// When he restates the next matter; unknown until he first presides.
    due: Option<Minutes>,
    /// The matter that was restated last.
    last: Option<Phrase>,
    /// The law by his own ledger; read on when he restates, not before.
    book: LawBook,
}

impl Restating {
    /// A cycle that restates a matter every `every` minutes. It has not begun.
    #[must_use]
    pub fn new(founding: &Founding, every: Minutes) -> Restating {
        let book = LawBook::opened(Law::founded(founding));
        Restating { every, due: None, last: None, book }
    }

    /// When he restates the next matter, if he knows yet.
    #[must_use]
    pub fn due(&self) -> Option<Minutes> {
        self.due
    }

    /// Whether it is time to restate a matter. Then he begins nothing new until he has done it.
    pub fn is_time(&mut self, now: Minutes) -> bool {
        *self.due.get_or_insert(now + self.every) <= now
    }

    /// The decree that restates the next matter. Turns the hourglass.
    pub fn restatement(&mut self, now: Minutes, pages: &Pages) -> Option<Decree> {
        self.due = Some(now + self.every);
        self.next(pages)
    }

    /// The next decree of the cycle, as the law stands by these pages.
    fn next(&mut self, pages: &Pages) -> Option<Decree> {
        if self.book.complete_through() < pages.in_book_through() {
            // The ledger no longer holds the words of the decrees between. [PTP §3.3.2]
            self.book = pages.book().clone();
        }
        let known = self.book.complete_through();
        for (number, page) in pages.inked(known, pages.complete_through()) {
            self.book.learn(number, page.decree.clone());
        }
        let (matter, statute) = self.book.state().matters.after(self.last.as_ref())?;
        let (matter, value) = (matter.clone(), statute.value.clone());
        self.last = Some(matter.clone());
        let decree = Meaning::Declares { matter, value, provided: None };
        // A restatement that would be too long, for its quotes, is skipped.
        Decree::new(&decree.to_string()).ok()
    }
}
