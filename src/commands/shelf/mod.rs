//! Law books side by side, each made by one ledger: what several commands look up. `[PTP §3.3.4]`
//!
//! | file | what it tells |
//! |---|---|
//! | [`inquiry`] | whose ledger answers, and through which decree |
//! | [`residents`] | who lives on this machine, where a Parliament sits on several |
//! | [`refusals`] | which decrees are refused before anybody is asked for them |

use std::io;
use std::time::Duration;

use crate::chamber::regular::is_closed;
use crate::chamber::{Chamber, Following};
use crate::commands::Failure;
use crate::law::BookRows;
use crate::law::law_book::NotYet;
use crate::law::{Enacted, Law, LawBook, Response};
use crate::words::{DecreeNumber, Entry, Founding, Name};

pub mod inquiry;
pub mod refusals;
pub mod residents;

/// How often a citizen looks at the ledgers.
pub const LOOK: Duration = Duration::from_millis(2);

/// Nobody founded the chamber.
#[derive(Debug, thiserror::Error)]
#[error("nobody has founded this chamber; `parliament sit` founds it and sits")]
pub struct NotFounded;

/// A law book that a ledger makes.
pub struct Shelved {
    /// The owner of the ledger.
    pub whose: Name,
    /// The law in it.
    pub book: LawBook,
    ledger: Following,
    /// Decrees through this one were read in a law book, not one by one; 0 if all were.
    pub in_book_through: DecreeNumber,
    /// The changes it has shown of a law book that is not whole yet.
    rows: BookRows,
}

/// Law books side by side, each made by one ledger and growing with it.
///
/// A row that cannot be read is passed over, so its book is complete through the decree before it
/// and no further: it may say less than it could, never anything else. A ledger that may not be
/// read is passed over likewise, unless it alone is asked for.
pub struct Shelf {
    founding: Founding,
    books: Vec<Shelved>,
    /// Ledgers that the one who asks may not read, and why.
    closed: Vec<String>,
}

/// A ledger that is not there.
#[derive(Debug, thiserror::Error)]
#[error("{0} has no ledger in this chamber; those who have one: {1:?}")]
struct NoLedger(Name, Vec<Name>);

impl Shelf {
    /// The book of one ledger, or of all in this chamber; with the archive, every decree is read
    /// that led to it.
    ///
    /// # Errors
    /// When there is no Parliament here, or no such ledger.
    pub fn of(chamber: &Chamber, only: Option<Name>, archive: bool) -> Result<Shelf, Failure> {
        let founding = chamber.founding()?.ok_or(NotFounded)?;
        let mut names = chamber.legislators(&founding)?;
        if let Some(only) = only {
            if !names.contains(&only) {
                return Err(NoLedger(only, names).into());
            }
            names = vec![only];
        }
        let (mut books, mut closed) = (Vec::new(), Vec::new());
        for whose in names {
            let book = LawBook::opened(Law::founded(&founding));
            let follow = if archive { Following::from_archive } else { Following::from_start };
            let ledger = match follow(chamber, whose) {
                Ok(ledger) => ledger,
                Err(error) => {
                    let why = format!("{}: {error}", chamber.ledger(whose).display());
                    if only.is_some() || !is_closed(&error) {
                        return Err(why.into());
                    }
                    closed.push(why);
                    continue;
                }
            };
            let rows = BookRows::default();
            books.push(Shelved { whose, book, ledger, in_book_through: 0, rows });
        }
        Ok(Shelf { founding, books, closed })
    }

    /// Reads what was inked since the last look.
    ///
    /// # Errors
    /// When a ledger cannot be read.
    pub fn look(&mut self, learnt: &mut impl FnMut(Name, Enacted<Response>)) -> io::Result<()> {
        for Shelved { whose, book, ledger, in_book_through, rows } in &mut self.books {
            for row in ledger.look()? {
                let enacted = match row.entry {
                    Entry::Outcome { number, decree, .. } => book.learn(number, decree),
                    Entry::Book(row) => {
                        let known = book.complete_through();
                        let Some(bound) = rows.read(&row, &self.founding, known) else { continue };
                        *in_book_through = bound.complete_through();
                        book.go_on_from(bound)
                    }
                    _ => Vec::new(),
                };
                enacted.into_iter().for_each(|enacted| learnt(*whose, enacted));
            }
        }
        Ok(())
    }

    /// The most complete book, if it is complete through decree `at_least`.
    ///
    /// # Errors
    /// [`NotYet`] if it is not.
    pub fn most_complete(&mut self, at_least: DecreeNumber) -> Result<Shelved, NotYet> {
        let nothing = NotYet { at_least, complete_through: Founding::NUMBER };
        self.take(self.furthest().ok_or(nothing)?, at_least)
    }

    /// The number through which the most complete book has all decrees.
    pub fn complete_through(&self) -> DecreeNumber {
        self.furthest().map_or(Founding::NUMBER, |n| self.books[n].book.complete_through())
    }

    /// Ledgers that the one who asks may not read, and why.
    pub fn closed(&self) -> &[String] {
        &self.closed
    }

    fn book(&self, n: usize) -> &LawBook {
        &self.books[n].book
    }

    fn position(&self, whose: Name) -> Option<usize> {
        self.books.iter().position(|shelved| shelved.whose == whose)
    }

    fn furthest(&self) -> Option<usize> {
        (0..self.books.len()).max_by_key(|&n| self.books[n].book.complete_through())
    }

    fn take(&mut self, n: usize, at_least: DecreeNumber) -> Result<Shelved, NotYet> {
        self.books[n].book.at_least(at_least)?;
        Ok(self.books.swap_remove(n))
    }
}
