//! Inquiries about the law: whose ledger answers, and through which decree. `[PTP §3.3.4]`

use std::io;
use std::time::Duration;

use clap::Args;

use crate::chamber::regular::is_closed;
use crate::chamber::{Chamber, Following};
use crate::god::hour::Hour;
use crate::law::binding::BookRows;
use crate::law::law_book::NotYet;
use crate::law::{Area, Enacted, Law, LawBook, NoSpecialist, Phrase, Response};
use crate::words::{DecreeNumber, Entry, Founding, Name};

use super::Failure;
use super::arguments::Length;
use super::clock::Clock;
use super::petition::{LOOK, NotFounded};

/// Whose ledger answers an inquiry, and how far it must go.
#[derive(Args, Clone)]
pub struct Inquiry {
    /// Whose ledger answers; by default the most complete.
    #[arg(long, value_name = "NAME")]
    ledger: Option<Name>,
    /// Answer only from a law complete through this decree: quote the number of your last answer,
    /// and you never learn an earlier state of the law.
    #[arg(long, value_name = "N", default_value = "0")]
    at_least: DecreeNumber,
    /// How long to wait for a ledger that goes so far: Paxon minutes, or wall time such as `5s`.
    #[arg(long, value_name = "MINUTES", default_value = "22")]
    wait: Length,
    /// Whether every decree is wanted, and so the archive too.
    #[arg(skip)]
    archive: bool,
}

/// Whether the specialist on a matter's area is asked. `[PTP §3.3.4]`
#[derive(Args, Clone)]
pub struct BySpecialist {
    /// Ask the specialist on the matter's area, its first word: nobody has to remember a number.
    #[arg(long, conflicts_with = "ledger")]
    specialist: bool,
    #[command(flatten)]
    clock: Clock,
}

impl BySpecialist {
    /// Who is asked about this matter.
    #[must_use]
    pub fn about(&self, matter: &Phrase) -> Whom<'_> {
        if self.specialist {
            Whom::Specialist(Area::of(matter), &self.clock)
        } else {
            Whom::MostComplete
        }
    }
}

/// Whose ledger answers.
pub enum Whom<'a> {
    /// The most complete one of those asked for.
    MostComplete,
    /// That of the specialist on this area, by this clock.
    Specialist(Area, &'a Clock),
}

/// Why no ledger answers now: wait, or ask someone else. `[PTP §3.3.4]`
#[derive(Debug, thiserror::Error)]
pub enum NotNow {
    /// It does not go far enough.
    #[error(transparent)]
    NotYet(#[from] NotYet),
    /// No specialist is in office.
    #[error(transparent)]
    NoSpecialist(#[from] NoSpecialist),
    /// The specialist is no legislator.
    #[error("{0} is specialist on that area, and has no ledger in this chamber to answer from")]
    NoLegislator(Name),
}

impl Inquiry {
    /// The law, from the ledger asked for or the most complete one; waits for a ledger that goes
    /// far enough, and tells every decree it reads, in each ledger, as that ledger's law has it.
    ///
    /// # Errors
    /// When there is no Parliament here, or a ledger cannot be read. [`NotNow`] comes within: no
    /// ledger goes so far.
    pub fn answer(
        &self,
        chamber: &Chamber,
        minute: Duration,
        learnt: impl FnMut(Name, Enacted<Response>),
    ) -> Result<Result<Shelved, NotNow>, Failure> {
        self.answer_by(&Whom::MostComplete, chamber, minute, learnt)
    }

    /// The law, from the ledger of whoever is asked.
    ///
    /// # Errors
    /// As [`Inquiry::answer`].
    pub fn answer_by(
        &self,
        whom: &Whom<'_>,
        chamber: &Chamber,
        minute: Duration,
        mut learnt: impl FnMut(Name, Enacted<Response>),
    ) -> Result<Result<Shelved, NotNow>, Failure> {
        let mut shelf = Shelf::of(chamber, self.ledger, self.archive)?;
        for why in &shelf.closed {
            crate::commands::page::aside!("parliament: {why}; the other ledgers answer");
        }
        let hour = Hour::convene(minute);
        loop {
            shelf.look(&mut learnt)?;
            let answer = match whom {
                Whom::MostComplete => shelf.most_complete(self.at_least).map_err(NotNow::from),
                Whom::Specialist(area, clock) => {
                    let whose = shelf.specialist(area, clock)?;
                    whose.and_then(|n| Ok(shelf.take(n, self.at_least)?))
                }
            };
            match answer {
                Err(_) if hour.now() < self.wait.in_minutes(minute) => std::thread::sleep(LOOK),
                done => return Ok(done),
            }
        }
    }

    /// This inquiry, with every decree that a law book stands for, as far as the archive has it.
    #[must_use]
    pub fn with_archive(&self) -> Inquiry {
        Inquiry { archive: true, ..self.clone() }
    }

    /// This inquiry, of a law complete through decree `number` at least.
    #[must_use]
    pub fn through(&self, number: DecreeNumber) -> Inquiry {
        Inquiry { at_least: self.at_least.max(number), ..self.clone() }
    }
}

/// A law book that a ledger makes.
pub struct Shelved {
    /// Whose ledger it is.
    pub whose: Name,
    /// The law in it.
    pub book: LawBook,
    ledger: Following,
    /// Decrees through this one were read in a law book, not one by one; 0 if all were.
    pub in_book_through: DecreeNumber,
    /// What it has shown of a law book that is not whole yet.
    rows: BookRows,
}

/// Law books side by side, each made by one ledger and growing with it.
///
/// A row that cannot be read is passed over, so its book is complete through the decree before it
/// and no further: it may say less than it could, never anything else. A ledger that may not be read
/// is passed over likewise, unless it alone is asked for.
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

    fn furthest(&self) -> Option<usize> {
        (0..self.books.len()).max_by_key(|&n| self.books[n].book.complete_through())
    }

    fn take(&mut self, n: usize, at_least: DecreeNumber) -> Result<Shelved, NotYet> {
        self.books[n].book.at_least(at_least)?;
        Ok(self.books.swap_remove(n))
    }

    /// Which book is that of the specialist on an area: the furthest says who he is, lest he does
    /// not know that he resigned; and his own must say that he took office.
    fn specialist(&self, area: &Area, clock: &Clock) -> Result<Result<usize, NotNow>, Failure> {
        let shown = clock.shows()?;
        let by = |n: usize| {
            self.books[n].book.state().offices.specialist(area, shown, clock.clock_error)
        };
        let Some(furthest) = self.furthest() else { return Err(NotFounded.into()) };
        let name = match by(furthest) {
            Ok((name, _)) => name,
            Err(nobody) => return Ok(Err(nobody.into())),
        };
        let Some(his) = self.books.iter().position(|shelved| shelved.whose == name) else {
            return Ok(Err(NotNow::NoLegislator(name)));
        };
        Ok(match by(his) {
            Ok((himself, _)) if himself == name => Ok(his),
            Ok(_) => Err(NoSpecialist::NotTaken { name, office: area.office() }.into()),
            Err(nobody) => Err(nobody.into()),
        })
    }
}
