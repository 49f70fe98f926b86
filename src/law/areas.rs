//! The areas of the law and their specialists: the third way to learn it. `[PTP §3.3.4]`
//!
//! "They divided the law into separate areas, and a legislator was chosen as specialist for each":
//! the state of an area is what its specialist's ledger says. So nobody has to remember a decree's
//! number. Three rules make it work:
//!
//! - an area has one specialist at a time: his is an office like any other (§3.3.3);
//! - he answers only while it is surely his by his own clock, and from a ledger that holds the
//!   decree by which he took office. That decree was proposed when his predecessor had stopped
//!   answering, so what his predecessor told stands before it (§3.2.1). On this the paper is
//!   silent, and without it a successor with a shorter ledger would reveal an earlier state;
//! - a decree touches several areas only if one and the same holds them all.

use super::calendar::Moment;
use super::offices::Offices;
use super::phrase::Phrase;
use crate::words::{DecreeNumber, Minutes, Name};

/// The first words of a specialist's office.
const SPECIALIST_ON: &str = "specialist on ";

/// An area of the law: all matters that begin with the same word, `olive tax` and `olive press`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct Area(Phrase);

/// Why nobody answers for an area: wait, or ask in another way. `[PTP §3.3.4]`
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoSpecialist {
    /// Nobody's term runs, by the law and this clock.
    #[error("nobody is {office} at {clock}: wait, or quote a decree's number")]
    Vacant {
        /// The specialist's office.
        office: Phrase,
        /// The time on the clock.
        clock: Moment,
    },
    /// His term begins or ends too near for a clock that errs.
    #[error("{name} is {office}, but at {clock} clocks err too much to be sure: wait")]
    Unsure {
        /// The holder whose term runs.
        name: Name,
        /// The specialist's office.
        office: Phrase,
        /// The time on the clock.
        clock: Moment,
    },
    /// No decree in his ledger says that he took office in this term.
    #[error(
        "{name} is {office}, and by his ledger he has not taken office: wait, or have him take it"
    )]
    NotTaken {
        /// The holder whose term runs.
        name: Name,
        /// The specialist's office.
        office: Phrase,
    },
}

impl Area {
    /// The area that a matter belongs to.
    #[must_use]
    pub fn of(matter: &Phrase) -> Area {
        Area(matter.first_word())
    }

    /// The office of this area's specialist: `specialist on olive`.
    #[must_use]
    pub fn office(&self) -> Phrase {
        self.0.after(SPECIALIST_ON)
    }
}

/// The last to take office as specialist of each area, without repeats.
///
/// A decree may touch all these areas only if this is one, or if there is none: then nobody ever
/// answered for any of them.
pub(super) fn specialists<'a>(
    offices: &Offices,
    matters: impl Iterator<Item = &'a Phrase>,
) -> Vec<Option<Name>> {
    let offices = matters.map(|matter| offices.taken(&Area::of(matter).office()));
    let mut names: Vec<Option<Name>> = offices.map(|taken| Some(taken?.by)).collect();
    names.sort();
    names.dedup();
    names
}

impl Offices {
    /// Who answers for an area by this law and by a clock that errs so much at most, and the
    /// decree by which he took office. A specialist whose term has ended answers nothing.
    ///
    /// A citizen must ask twice: the most complete ledger, who it is; and his own, if it is he.
    ///
    /// # Errors
    /// [`NoSpecialist`] says why nobody does.
    pub fn specialist(
        &self,
        area: &Area,
        clock: Moment,
        clock_error: Minutes,
    ) -> Result<(Name, DecreeNumber), NoSpecialist> {
        let office = area.office();
        let Some(name) = self.term_at(&office, clock).map(|term| term.holder) else {
            return Err(NoSpecialist::Vacant { office, clock });
        };
        if !self.may_act(&office, name, clock, clock_error) {
            return Err(NoSpecialist::Unsure { name, office, clock });
        }
        let in_this_term = |from: Moment| {
            let (from, until) = (from.minus(clock_error), clock.plus(clock_error));
            from.zip(until).is_some_and(|(from, until)| self.holds(&office, name, from, until))
        };
        let taken = self.taken(&office).filter(|taken| taken.by == name && in_this_term(taken.at));
        taken.map(|taken| (name, taken.decree)).ok_or(NoSpecialist::NotTaken { name, office })
    }
}
