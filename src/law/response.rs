//! The response to a decree: a function of the decree and of the law before it. `[PTP §4.1]`

use std::fmt;

use serde::{Serialize, Serializer};

use super::calendar::{Moment, Term};
use super::grammar::OLIVE_DAY;
use super::near_miss::Form;
use super::phrase::Phrase;
use crate::words::members::FoundingError;
use crate::words::{DecreeNumber, Name};

/// A change of the law on one matter.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Declared {
    /// The matter.
    pub matter: Phrase,
    /// The new value.
    pub value: Phrase,
    /// The value before; `None` if there was none.
    pub was: Option<Phrase>,
}

/// The response to a decree.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(tag = "response", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum Response {
    /// The law on a matter was set.
    Declared(Declared),
    /// The law on several matters was set.
    Swept {
        /// The change on each matter.
        declared: Vec<Declared>,
    },
    /// The law did not have the value provided: nothing changed.
    NotAsProvided {
        /// The matter.
        matter: Phrase,
        /// The value that the law had to have.
        provided: Phrase,
        /// The value it has; `None` if there is none.
        is: Option<Phrase>,
    },
    /// The law on a matter was removed.
    Repealed {
        /// The matter.
        matter: Phrase,
        /// The value before; `None` if there was none.
        was: Option<Phrase>,
    },
    /// Somebody is a legislator.
    Seated {
        /// The legislator.
        name: Name,
        /// His weight from now on.
        weight: u64,
        /// His weight before; `None` if he was no legislator.
        was: Option<u64>,
        /// The first decree on which he votes with this weight.
        votes_from: DecreeNumber,
        /// The machine on which he lives, if the decree that first seated him named one.
        #[serde(skip_serializing_if = "Option::is_none")]
        machine: Option<Name>,
    },
    /// Somebody is no longer a legislator.
    Unseated {
        /// The legislator.
        name: Name,
        /// The first decree on which he does not vote.
        votes_before: DecreeNumber,
    },
    /// A bureaucrat was appointed.
    Appointed {
        /// The office.
        office: Phrase,
        /// His term.
        #[serde(flatten)]
        term: Term,
    },
    /// A bureaucrat resigned.
    Resigned {
        /// The bureaucrat.
        name: Name,
        /// The office.
        office: Phrase,
        /// The time from which he does not hold it.
        at: Moment,
    },
    /// A bureaucrat took office.
    TookOffice {
        /// The bureaucrat.
        name: Name,
        /// The office.
        office: Phrase,
        /// The time, by his own clock.
        at: Moment,
    },
    /// A citizen may read any ledger that is complete through that decree. `[PTP §3.3.4]`
    MayRead {
        /// The citizen.
        citizen: Name,
        /// The decree before this one.
        through: DecreeNumber,
    },
    /// The olive day: nothing changed.
    OliveDay,
    /// The decree stands in the ledger and changes no entry of the law.
    Stands {
        /// The decree's words.
        decree: String,
        /// The form that it resembles, if any.
        resembles: Option<Form>,
    },
    /// The decree cannot take effect: nothing changed.
    Refused {
        /// The reason.
        why: Refusal,
    },
}

/// The reason why a decree that was passed has no effect.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The one to be unseated is no legislator.
    #[error("{0} is not a legislator")]
    NotSeated(Name),
    /// The members would break a rule for Parliaments.
    #[error(transparent)]
    NoParliament(#[from] FoundingError),
    /// The term would end after the last year.
    #[error("the calendar ends before that term does")]
    CalendarEnds,
    /// The one who resigns does not hold the office, now or later.
    #[error("{name} is not {office}")]
    NoOffice {
        /// The one who resigns.
        name: Name,
        /// The office.
        office: Phrase,
    },
    /// The one who takes office has no term that runs by his own clock.
    #[error("{name} is not {office} at {at}")]
    NotNow {
        /// The one who takes office.
        name: Name,
        /// The office.
        office: Phrase,
        /// The time, by his own clock.
        at: Moment,
    },
    /// The decree touches areas of the law that have different specialists. `[PTP §3.3.4]`
    #[error("it touches areas that have several specialists: {} and {}", who(.one), who(.other))]
    SeveralSpecialists {
        /// The specialist of one area; `None` if nobody ever took that office.
        one: Option<Name>,
        /// The specialist of another area.
        other: Option<Name>,
    },
}

fn who(name: &Option<Name>) -> String {
    name.map_or_else(|| "nobody".into(), |name| name.to_string())
}

impl Serialize for Refusal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Response {
    /// The changes that it declares, one for each matter.
    fn declared(&self) -> &[Declared] {
        match self {
            Response::Declared(declared) => std::slice::from_ref(declared),
            Response::Swept { declared } => declared,
            _ => &[],
        }
    }

    /// Whether the law on this matter changed.
    #[must_use]
    pub fn changed_the_law_on(&self, matter: &Phrase) -> bool {
        match self {
            Response::Repealed { matter: on, was } => on == matter && was.is_some(),
            _ => self.declared().iter().any(|it| it.matter == *matter && it.changed_the_law()),
        }
    }

    /// Whether any entry of the law changed.
    #[must_use]
    pub fn changed_the_law(&self) -> bool {
        match self {
            Response::Declared(_) | Response::Swept { .. } => {
                self.declared().iter().any(Declared::changed_the_law)
            }
            Response::Repealed { was, .. } => was.is_some(),
            Response::Seated { weight, was, .. } => was.as_ref() != Some(weight),
            Response::Unseated { .. }
            | Response::Appointed { .. }
            | Response::Resigned { .. }
            | Response::TookOffice { .. } => true,
            Response::NotAsProvided { .. }
            | Response::MayRead { .. }
            | Response::OliveDay
            | Response::Stands { .. }
            | Response::Refused { .. } => false,
        }
    }
}

impl Declared {
    fn changed_the_law(&self) -> bool {
        self.was.as_ref() != Some(&self.value)
    }

    /// The clause without the `T` or `t` of its article.
    fn clause(&self) -> String {
        let still = if self.changed_the_law() { "" } else { "still " };
        format!("he {} is {still}{}", shown(&self.matter), shown(&self.value))
    }
}

/// A phrase for a response, in quotes if its end would not be clear.
fn shown(phrase: &Phrase) -> String {
    let text = phrase.as_str();
    let plain = !text.is_empty() && text == text.trim() && !text.contains(['"', ',', ';', ':']);
    if plain { text.into() } else { phrase.in_quotes() }
}

impl fmt::Display for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Response::Declared(_) | Response::Swept { .. } => {
                let clauses: Vec<String> = self.declared().iter().map(Declared::clause).collect();
                write!(f, "T{}", clauses.join("; t"))
            }
            Response::NotAsProvided { matter, provided, is: Some(is) } => {
                let (matter, provided, is) = (shown(matter), shown(provided), shown(is));
                write!(f, "The {matter} is not {provided} but {is}: nothing changed")
            }
            Response::NotAsProvided { matter, .. } => {
                write!(f, "There is no law on {}: nothing changed", shown(matter))
            }
            Response::Repealed { matter, was: Some(was) } => {
                write!(f, "There is no law on {} any more; it was {}", shown(matter), shown(was))
            }
            Response::Repealed { matter, was: None } => {
                write!(f, "There was no law on {}: nothing changed", shown(matter))
            }
            Response::Seated { name, weight, was, .. } if was.as_ref() == Some(weight) => {
                write!(f, "{name} is a legislator with weight {weight} already")
            }
            Response::Seated { name, weight, votes_from, machine, .. } => {
                write!(
                    f,
                    "{name} is a legislator with weight {weight} from decree {votes_from} on"
                )?;
                machine.map_or(Ok(()), |machine| write!(f, "; he lives on {machine}"))
            }
            Response::Unseated { name, votes_before } => {
                write!(f, "{name} is not a legislator from decree {votes_before} on")
            }
            Response::Appointed { office, term } => {
                write!(f, "{} is {office} from {} until {}", term.holder, term.from, term.until)
            }
            Response::Resigned { name, office, at } => {
                write!(f, "{name} is no longer {office} from {at} on")
            }
            Response::TookOffice { name, office, at } => {
                write!(f, "{name} took office as {office} at {at}")
            }
            Response::MayRead { citizen, through } => {
                write!(f, "Citizen {citizen} may read any ledger complete through {through}")
            }
            Response::OliveDay => f.write_str(OLIVE_DAY),
            Response::Stands { resembles: None, .. } => f.write_str("It stands in the ledger"),
            Response::Stands { resembles: Some(form), .. } => {
                write!(f, "It stands in the ledger and changes no entry; it resembles {form}")
            }
            Response::Refused { why } => write!(f, "Nothing changed: {why}"),
        }
    }
}
