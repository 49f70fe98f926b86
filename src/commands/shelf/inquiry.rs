//! Inquiries about the law: whose ledger answers, and through which decree. `[PTP §3.3.4]`

use std::time::Duration;

use clap::Args;

use crate::chamber::Chamber;
use crate::god::hour::Hour;
use crate::law::law_book::NotYet;
use crate::law::{Area, Enacted, LawBook, NoSpecialist, Phrase, Response};
use crate::words::{DecreeNumber, Name};

use super::residents::refuse_elsewhere;
use super::{LOOK, NotFounded, Shelf, Shelved};
use crate::commands::arguments::{Clock, Length};
use crate::commands::{Failure, Verdict};

/// The ledger that answers an inquiry, and how far it must go.
#[derive(Args, Clone)]
pub struct Inquiry {
    /// Answer from this priest's ledger. Default: the most complete.
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
    /// Ask the specialist on the matter's area (its first word); then no number need be quoted.
    #[arg(long, conflicts_with = "ledger")]
    specialist: bool,
    #[command(flatten)]
    clock: Clock,
}

impl BySpecialist {
    /// The choice of the ledger that answers about this matter.
    #[must_use]
    pub fn about(&self, matter: &Phrase) -> Whom<'_> {
        if self.specialist {
            Whom::Specialist(Area::of(matter), &self.clock)
        } else {
            Whom::MostComplete
        }
    }
}

/// The ledger that answers.
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

    /// The law, from the ledger of the one who is asked.
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
        if let Some(name) = self.ledger {
            refuse_elsewhere(chamber, name)?;
        }
        let mut shelf = Shelf::of(chamber, self.ledger, self.archive)?;
        for why in shelf.closed() {
            crate::commands::page::aside!("parliament: {why}; the other ledgers answer");
        }
        let hour = Hour::convene(minute);
        loop {
            shelf.look(&mut learnt)?;
            let answer = match whom {
                Whom::MostComplete => shelf.most_complete(self.at_least).map_err(NotNow::from),
                Whom::Specialist(area, clock) => {
                    let whose = specialist(&shelf, area, clock)?;
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

/// The index of the book of the specialist on an area. The most complete book names him, since he
/// may not know that he resigned; his own book must say that he took office.
fn specialist(shelf: &Shelf, area: &Area, clock: &Clock) -> Result<Result<usize, NotNow>, Failure> {
    let shown = clock.shows()?;
    let by = |n: usize| shelf.book(n).state().offices.specialist(area, shown, clock.clock_error);
    let Some(furthest) = shelf.furthest() else { return Err(NotFounded.into()) };
    let name = match by(furthest) {
        Ok((name, _)) => name,
        Err(nobody) => return Ok(Err(nobody.into())),
    };
    let Some(his) = shelf.position(name) else {
        return Ok(Err(NotNow::NoLegislator(name)));
    };
    Ok(match by(his) {
        Ok((himself, _)) if himself == name => Ok(his),
        Ok(_) => Err(NoSpecialist::NotTaken { name, office: area.office() }.into()),
        Err(nobody) => Err(nobody.into()),
    })
}

/// How the law is asked for and shown.
#[derive(Args)]
pub struct View {
    #[command(flatten)]
    pub inquiry: Inquiry,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// Where nobody answers, the inquiry is found wanting.
pub fn not_now(not_now: NotNow) -> Verdict {
    crate::commands::page::aside!("parliament: {not_now}");
    Verdict::Wanting
}

/// The decree through which the answer is true: the number to quote in the next inquiry.
pub fn as_of(whose: &Name, book: &LawBook) -> String {
    let mut text = format!("As of decree {}, by {whose}'s ledger.", book.complete_through());
    match book.waiting() {
        0 => {}
        1 => text += " A decree beyond a gap waits in the back.",
        many => text += &format!(" {many} decrees beyond a gap wait in the back."),
    }
    text
}
