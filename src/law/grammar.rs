//! One grammar: a decree's text to its meaning, and a meaning to its text. `docs/law.md`
//!
//! | form | meaning |
//! |---|---|
//! | `The M is V` | [`Meaning::Declares`] |
//! | `The M is V, provided it is W` | the same, if the law on M is W |
//! | `The law on M is repealed` | [`Meaning::Repeals`] |
//! | `N is now a legislator`, `… with weight w` | [`Meaning::Seats`] |
//! | `N is no longer a legislator` | [`Meaning::Unseats`] |
//! | `8:30 15 Jan 72: N is OFFICE for 3 months` | [`Meaning::Appoints`] |
//! | `9:15 3 Mar 72: N resigns as OFFICE` | [`Meaning::Resigns`] |
//! | `Citizen N is reading the law` | [`Meaning::Reads`] |
//! | `The ides of February is national olive day` | [`Meaning::OliveDay`] |
//! | anything else | [`Meaning::Words`] |

use std::fmt;

use super::calendar::{LONGEST_TERM, Moment, integer};
use super::phrase::Phrase;
use crate::synod::Name;

/// The traditional decree that made absolutely no difference to anyone in Paxos. `[PTP §3.1]`
pub const OLIVE_DAY: &str = "The ides of February is national olive day";

/// What a decree means.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub enum Meaning {
    /// The law on a matter is from now on a value, `[PTP §1.2]`, or is so only if it is another
    /// value now, which is ours.
    Declares {
        /// What the law is about: `olive tax`.
        matter: Phrase,
        /// What it says: `3 drachmas per ton`.
        value: Phrase,
        /// What it must say now, for the decree to have force.
        provided: Option<Phrase>,
    },
    /// There is no law on a matter any more.
    Repeals {
        /// What the law was about.
        matter: Phrase,
    },
    /// Somebody sits in Parliament from now on. `[PTP §3.3.6]`
    Seats {
        /// Who.
        name: Name,
        /// With what weight.
        weight: u64,
    },
    /// Somebody sits in Parliament no longer. `[PTP §3.3.6]`
    Unseats {
        /// Who.
        name: Name,
    },
    /// A bureaucrat is appointed. `[PTP §3.3.3]`
    Appoints {
        /// When the decree was proposed.
        proposed: Moment,
        /// Who.
        name: Name,
        /// To what.
        office: Phrase,
        /// For how long, 1 to [`LONGEST_TERM`].
        months: u32,
    },
    /// A bureaucrat resigns. `[PTP §3.3.3]`
    Resigns {
        /// When the decree was proposed.
        proposed: Moment,
        /// Who.
        name: Name,
        /// From what.
        office: Phrase,
    },
    /// A citizen reads the law: the slow and certain way to learn it. `[PTP §3.3.4]`
    Reads {
        /// Who.
        citizen: Name,
    },
    /// The olive day, which makes no difference to anyone. `[PTP §3.1]`
    OliveDay,
    /// A decree of no form: it stands in the ledger and changes no entry of the law.
    Words(String),
}

impl Meaning {
    /// The meaning of a decree's text. Every text has one.
    #[must_use]
    pub fn of(text: &str) -> Meaning {
        if text == OLIVE_DAY {
            return Meaning::OliveDay;
        }
        statute(text)
            .or_else(|| seat(text))
            .or_else(|| post(text))
            .or_else(|| reading(text))
            .unwrap_or_else(|| Meaning::Words(text.into()))
    }

    /// The meaning of a decree's text if it changes who sits in Parliament. `[PTP §3.3.6]`
    ///
    /// Quick to say no, since every legislator asks it of every decree.
    #[must_use]
    pub fn of_change_of_members(text: &str) -> Option<Meaning> {
        if !text.contains("a legislator") {
            return None;
        }
        Some(Meaning::of(text)).filter(Meaning::changes_membership)
    }

    /// Whether it changes who sits in Parliament. `[PTP §3.3.6]`
    #[must_use]
    pub fn changes_membership(&self) -> bool {
        matches!(self, Meaning::Seats { .. } | Meaning::Unseats { .. })
    }

    /// The text of it; `word` says how each of its phrases is written, in their order.
    fn worded(&self, mut word: impl FnMut(&Phrase) -> String) -> String {
        match self {
            Meaning::Declares { matter, value, provided } => {
                let declared = format!("The {} is {}", word(matter), word(value));
                match provided {
                    Some(provided) => format!("{declared}, provided it is {}", word(provided)),
                    None => declared,
                }
            }
            Meaning::Repeals { matter } => format!("The law on {} is repealed", word(matter)),
            Meaning::Seats { name, weight: 1 } => format!("{name} is now a legislator"),
            Meaning::Seats { name, weight } => {
                format!("{name} is now a legislator with weight {weight}")
            }
            Meaning::Unseats { name } => format!("{name} is no longer a legislator"),
            Meaning::Appoints { proposed, name, office, months } => {
                format!("{proposed}: {name} is {} for {}", word(office), length(*months))
            }
            Meaning::Resigns { proposed, name, office } => {
                format!("{proposed}: {name} resigns as {}", word(office))
            }
            Meaning::Reads { citizen } => format!("Citizen {citizen} is reading the law"),
            Meaning::OliveDay => OLIVE_DAY.into(),
            Meaning::Words(words) => words.clone(),
        }
    }
}

impl fmt::Display for Meaning {
    /// The text whose meaning this is, with no more quotes than the grammar needs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// One bit for each phrase: no meaning has more than three.
        const ALL: u8 = 0b111;
        let text = |mut quotes: u8| {
            self.worded(|phrase| {
                let quoted = quotes & 1 == 1;
                quotes >>= 1;
                if quoted { phrase.in_quotes() } else { phrase.to_string() }
            })
        };
        let sparing = (0..ALL).map(text).find(|text| Meaning::of(text) == *self);
        f.pad(&sparing.unwrap_or_else(|| text(ALL)))
    }
}

fn statute(text: &str) -> Option<Meaning> {
    let rest = text.strip_prefix("The ")?;
    if let Some(rest) = rest.strip_prefix("law on ") {
        let (matter, rest) = topic(rest)?;
        return (rest == "repealed").then_some(Meaning::Repeals { matter });
    }
    let (matter, rest) = topic(rest)?;
    let (value, provided) = phrase_before(rest, ", provided it is ")?;
    let provided = match provided {
        Some(rest) => Some(last_phrase(rest)?),
        None => None,
    };
    Some(Meaning::Declares { matter, value, provided })
}

fn seat(text: &str) -> Option<Meaning> {
    if let Some(name) = text.strip_suffix(" is no longer a legislator") {
        return Some(Meaning::Unseats { name: name.parse().ok()? });
    }
    let (name, rest) = text.split_once(" is now a legislator")?;
    let weight = match rest {
        "" => 1,
        _ => integer(rest.strip_prefix(" with weight ")?, 9)?,
    };
    Some(Meaning::Seats { name: name.parse().ok()?, weight: weight.into() })
}

fn post(text: &str) -> Option<Meaning> {
    // The paper writes a dash after the time.
    let (proposed, rest) = text.split_once(": ").or_else(|| text.split_once('—'))?;
    let (proposed, rest) = (proposed.trim().parse().ok()?, rest.trim());
    let (name, rest) = rest.split_once(' ')?;
    let name = name.parse().ok()?;
    if let Some(office) = rest.strip_prefix("resigns as ") {
        return Some(Meaning::Resigns { proposed, name, office: an_office(office)? });
    }
    let (office, term) = rest.strip_prefix("is ")?.rsplit_once(" for ")?;
    let months = months(term)?;
    Some(Meaning::Appoints { proposed, name, office: an_office(office)?, months })
}

fn reading(text: &str) -> Option<Meaning> {
    let citizen = text.strip_prefix("Citizen ")?.strip_suffix(" is reading the law")?;
    Some(Meaning::Reads { citizen: citizen.parse().ok()? })
}

/// What a statute is about, and what follows the first ` is ` after it.
fn topic(text: &str) -> Option<(Phrase, &str)> {
    let (matter, rest) = phrase_before(text, " is ")?;
    Some((matter, rest?)).filter(|(matter, _)| !matter.as_str().is_empty())
}

/// A phrase, quoted or up to the first `mark`, and what comes after that mark.
fn phrase_before<'a>(text: &'a str, mark: &str) -> Option<(Phrase, Option<&'a str>)> {
    if text.starts_with('"') {
        let (phrase, rest) = Phrase::quoted(text)?;
        return match rest {
            "" => Some((phrase, None)),
            _ => Some((phrase, Some(rest.strip_prefix(mark)?))),
        };
    }
    match text.split_once(mark) {
        Some((phrase, rest)) => Some((Phrase::plain(phrase)?, Some(rest))),
        None => Some((Phrase::plain(text)?, None)),
    }
}

fn last_phrase(text: &str) -> Option<Phrase> {
    if text.starts_with('"') {
        return Phrase::quoted(text).filter(|(_, rest)| rest.is_empty()).map(|(phrase, _)| phrase);
    }
    Phrase::plain(text)
}

fn an_office(text: &str) -> Option<Phrase> {
    last_phrase(text).filter(|office| !office.as_str().is_empty())
}

fn months(text: &str) -> Option<u32> {
    let (number, unit) = text.split_once(' ')?;
    let number = integer(number, 4).filter(|n| (1..=LONGEST_TERM).contains(n))?;
    (unit == if number == 1 { "month" } else { "months" }).then_some(number)
}

/// A length of office in words: `1 month`, `3 months`.
fn length(months: u32) -> String {
    format!("{months} month{}", if months == 1 { "" } else { "s" })
}
