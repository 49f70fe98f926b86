//! What a decree answers: a function of it and of the law before it. `[PTP §4.1]`

use std::fmt;

use serde::{Serialize, Serializer};

use super::calendar::{Moment, Term};
use super::grammar::OLIVE_DAY;
use super::near_miss::Form;
use super::phrase::Phrase;
use crate::words::members::FoundingError;
use crate::words::{DecreeNumber, Name};

/// The law on a matter is so from now on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Declared {
    /// The matter.
    pub matter: Phrase,
    /// The law's words.
    pub value: Phrase,
    /// The words before; `None` if there were none.
    pub was: Option<Phrase>,
}

/// The answer to a decree.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(tag = "response", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum Response {
    /// The law on a matter is so from now on.
    Declared(Declared),
    /// The law on several matters is so from now on.
    Swept {
        /// Each of them.
        declared: Vec<Declared>,
    },
    /// The law is not what it had to be: nothing changed.
    NotAsProvided {
        /// The matter.
        matter: Phrase,
        /// The value that the law had to have.
        provided: Phrase,
        /// The value it has; `None` if there is none.
        is: Option<Phrase>,
    },
    /// There is no law on a matter any more.
    Repealed {
        /// The matter.
        matter: Phrase,
        /// The law's words before; `None` if there were none.
        was: Option<Phrase>,
    },
    /// Somebody sits in Parliament.
    Seated {
        /// Who.
        name: Name,
        /// With what weight.
        weight: u64,
        /// With what weight he sat before; `None` if he did not.
        was: Option<u64>,
        /// The first decree on which he votes with it.
        votes_from: DecreeNumber,
    },
    /// Somebody sits in Parliament no longer.
    Unseated {
        /// Who.
        name: Name,
        /// The first decree on which he does not vote.
        votes_before: DecreeNumber,
    },
    /// A bureaucrat is appointed.
    Appointed {
        /// To what.
        office: Phrase,
        /// His term.
        #[serde(flatten)]
        term: Term,
    },
    /// A bureaucrat resigned.
    Resigned {
        /// Who.
        name: Name,
        /// From what.
        office: Phrase,
        /// From when on he holds it no more.
        at: Moment,
    },
    /// A bureaucrat took office.
    TookOffice {
        /// Who.
        name: Name,
        /// Which.
        office: Phrase,
        /// When, by his own clock.
        at: Moment,
    },
    /// A citizen may read any ledger that is complete through that decree. `[PTP §3.3.4]`
    MayRead {
        /// Who.
        citizen: Name,
        /// The decree before this one.
        through: DecreeNumber,
    },
    /// It is olive day, and nothing changed.
    OliveDay,
    /// The decree stands in the ledger and changes no entry of the law.
    Stands {
        /// The decree's words.
        decree: String,
        /// The form that it resembles, if any.
        resembles: Option<Form>,
    },
    /// The decree cannot have the effect it declares: nothing changed.
    Refused {
        /// Why.
        why: Refusal,
    },
}

/// Why a decree that was passed has no effect.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// Who is to be unseated has no seat.
    #[error("{0} is no legislator")]
    NotSeated(Name),
    /// They would be no Parliament.
    #[error(transparent)]
    NoParliament(#[from] FoundingError),
    /// The term would end after the last year.
    #[error("the calendar ends before that term does")]
    CalendarEnds,
    /// Who resigns holds no such office, now or later.
    #[error("{name} is not {office}")]
    NoOffice {
        /// The officer who resigns.
        name: Name,
        /// From what.
        office: Phrase,
    },
    /// No term of his runs by his own clock.
    #[error("{name} is not {office} at {at}")]
    NotNow {
        /// The citizen who takes office.
        name: Name,
        /// Which.
        office: Phrase,
        /// When, by his own clock.
        at: Moment,
    },
    /// It touches areas of the law that have different specialists. `[PTP §3.3.4]`
    #[error("it touches areas that have several specialists: {} and {}", who(.one), who(.other))]
    SeveralSpecialists {
        /// Of one area; `None` if nobody ever took that office.
        one: Option<Name>,
        /// Of another.
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
    /// The law that it declares, matter by matter.
    fn declared(&self) -> &[Declared] {
        match self {
            Response::Declared(declared) => std::slice::from_ref(declared),
            Response::Swept { declared } => declared,
            _ => &[],
        }
    }

    /// Whether the law on this matter is not what it was.
    #[must_use]
    pub fn changed_the_law_on(&self, matter: &Phrase) -> bool {
        match self {
            Response::Repealed { matter: on, was } => on == matter && was.is_some(),
            _ => self.declared().iter().any(|it| it.matter == *matter && it.changed_the_law()),
        }
    }

    /// Whether some entry of the law is not what it was.
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

    /// What follows the article's first letter, great or small.
    fn clause(&self) -> String {
        let still = if self.changed_the_law() { "" } else { "still " };
        format!("he {} is {still}{}", shown(&self.matter), shown(&self.value))
    }
}

/// A phrase within an answer: quoted where one would not see where it ends.
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
            Response::Seated { name, weight, votes_from, .. } => {
                write!(f, "{name} is a legislator with weight {weight} from decree {votes_from} on")
            }
            Response::Unseated { name, votes_before } => {
                write!(f, "{name} is no legislator from decree {votes_before} on")
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
