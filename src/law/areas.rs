//! The areas of the law and their specialists: the third way to learn it. `[PTP §3.3.4]`
//!
//! "They divided the law into separate areas, and a legislator was chosen as specialist for each".
//! The state of an area is the one in its specialist's ledger. So a citizen need not remember a
//! decree's number. Three rules make it work:
//!
//! - An area has one specialist at a time. His office is like any other (§3.3.3).
//! - He answers only while the office is certainly his by his own clock, and only from a ledger
//!   that holds the decree with which he took office. That decree was proposed when his predecessor
//!   had stopped answering, so all that the predecessor told stands before it (§3.2.1). The paper
//!   does not have this rule. Without it a successor with a shorter ledger would reveal an earlier
//!   state.
//! - A decree may touch several areas only if one person is specialist for all of them.

use super::calendar::Moment;
use super::offices::Offices;
use super::phrase::Phrase;
use crate::words::{DecreeNumber, Minutes, Name};

/// The first words of a specialist's office.
const SPECIALIST_ON: &str = "specialist on ";

/// An area of the law: all matters with the same first word, such as `olive tax` and `olive press`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct Area(Phrase);

/// The reason why nobody answers for an area. The citizen must wait, or ask in another way.
/// `[PTP §3.3.4]`
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoSpecialist {
    /// No term runs by the law and this clock.
    #[error("nobody is {office} at {clock}: wait, or quote a decree's number")]
    Vacant {
        /// The specialist's office.
        office: Phrase,
        /// The time on the clock.
        clock: Moment,
    },
    /// A term begins or ends so close to this time that a wrong clock could miss it.
    #[error("{name} is {office}, but at {clock} clocks err too much to be sure: wait")]
    Unsure {
        /// The holder whose term runs.
        name: Name,
        /// The specialist's office.
        office: Phrase,
        /// The time on the clock.
        clock: Moment,
    },
    /// The holder's ledger has no decree in which he takes office in this term.
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
    /// The area to which a matter belongs.
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

/// The last specialist who took office in each of these matters' areas, without repeats; `None` for
/// an area in which nobody ever did.
///
/// A decree may touch all these areas only if the list has one entry.
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
    /// The specialist who answers for an area, and the decree with which he took office.
    /// `clock_error` is the largest error of the clock. A specialist whose term has ended does not
    /// answer.
    ///
    /// A citizen calls it twice: on the most complete ledger, to find the specialist, and on that
    /// specialist's own ledger, to check that he may answer.
    ///
    /// # Errors
    /// [`NoSpecialist`], the reason why nobody answers.
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
