//! The grammar: reads a decree's text into its meaning. `docs/law.md`
//!
//! | form | meaning |
//! |---|---|
//! | `The M is V` | [`Meaning::Declares`] |
//! | `The M is V, provided it is W` | the same, if the law on M is W |
//! | `The M is V; the M2 is V2` and so on | [`Meaning::Sweeps`] |
//! | `The law on M is repealed` | [`Meaning::Repeals`] |
//! | `N is now a legislator`, `… with weight w`, `…, on MACHINE` | [`Meaning::Seats`] |
//! | `N is no longer a legislator` | [`Meaning::Unseats`] |
//! | `8:30 15 Jan 72: N is OFFICE for 3 months` | [`Meaning::Appoints`] |
//! | `9:15 3 Mar 72: N resigns as OFFICE` | [`Meaning::Resigns`] |
//! | `8:45 15 Jan 72: N takes office as OFFICE` | [`Meaning::TakesOffice`] |
//! | `Citizen N is reading the law` | [`Meaning::Reads`] |
//! | `The ides of February is national olive day` | [`Meaning::OliveDay`] |
//! | anything else | [`Meaning::Words`] |

use memchr::memmem;

use super::calendar::{LONGEST_TERM, Moment, integer};
use super::phrase::Phrase;
use crate::words::Name;

/// The text of the traditional decree that made absolutely no difference to anyone in Paxos.
/// `[PTP §3.1]`
pub const OLIVE_DAY: &str = "The ides of February is national olive day";

/// The first words of a repeal, after its article.
pub(super) const LAW_ON: &str = "law on ";
/// The words between a matter and its value.
pub(super) const IS: &str = " is ";
/// The words before the value that the law must have now.
pub(super) const PROVIDED: &str = ", provided it is ";
/// The words before the next clause of a sweeping change.
pub(super) const NEXT_CLAUSE: &str = "; the ";
/// The words before the machine of a legislator who is seated.
pub(super) const ON: &str = ", on ";
/// The marks that end a value without quotes.
pub(super) const VALUE_ENDS: [&str; 2] = [PROVIDED, NEXT_CLAUSE];

/// The meaning of a decree.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
#[non_exhaustive]
pub enum Meaning {
    /// Sets the law on a matter to a value `[PTP §1.2]`; with `provided`, only if it has that value
    /// now (ours).
    Declares {
        /// The matter, such as `olive tax`.
        matter: Phrase,
        /// The new value, such as `3 drachmas per ton`.
        value: Phrase,
        /// The value that the law must have now; without it the decree changes nothing.
        provided: Option<Phrase>,
    },
    /// A sweeping change: sets the law on several matters, on all or on none. `[PTP §3.3.4]`
    Sweeps {
        /// Each matter with its new value; two at least, and no matter twice.
        clauses: Vec<(Phrase, Phrase)>,
    },
    /// Removes the law on a matter.
    Repeals {
        /// The matter of the law.
        matter: Phrase,
    },
    /// Makes somebody a legislator, or changes his weight. `[PTP §3.3.6]`
    Seats {
        /// The legislator.
        name: Name,
        /// His weight from then on.
        weight: u64,
        /// The machine on which he lives, if the Parliament sits on several. Ours.
        machine: Option<Name>,
    },
    /// Removes a legislator. `[PTP §3.3.6]`
    Unseats {
        /// The legislator.
        name: Name,
    },
    /// Appoints a bureaucrat. `[PTP §3.3.3]`
    Appoints {
        /// The time at which the decree was proposed.
        proposed: Moment,
        /// The bureaucrat.
        name: Name,
        /// The office.
        office: Phrase,
        /// The length of his term, 1 to `LONGEST_TERM`.
        months: u32,
    },
    /// A bureaucrat resigns. `[PTP §3.3.3]`
    Resigns {
        /// The time at which the decree was proposed.
        proposed: Moment,
        /// The bureaucrat.
        name: Name,
        /// The office that he gives up.
        office: Phrase,
    },
    /// A bureaucrat takes office. He acts only after this decree has passed, so all decrees before
    /// it have passed too. `[PTP §3.3.4]` Ours.
    TakesOffice {
        /// The time at which the decree was proposed, by his own clock.
        proposed: Moment,
        /// The bureaucrat.
        name: Name,
        /// The office.
        office: Phrase,
    },
    /// A citizen reads the law: the slow and certain way to learn it. `[PTP §3.3.4]`
    Reads {
        /// The citizen.
        citizen: Name,
    },
    /// The olive day, which makes no difference to anyone. `[PTP §3.1]`
    OliveDay,
    /// A text of no other form. It stands in the ledger and changes no entry of the law.
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

    /// The meaning of a decree's text, if it seats or unseats somebody. `[PTP §3.3.6]`
    ///
    /// It is fast for other decrees, since every legislator calls it for every decree.
    #[must_use]
    pub fn of_change_of_members(text: &str) -> Option<Meaning> {
        // A name has no space, so what becomes of him begins at the first.
        let (_, becomes) = text.split_once(' ')?;
        if !becomes.starts_with("is no") {
            return None;
        }
        Some(Meaning::of(text)).filter(Meaning::changes_membership)
    }

    /// Whether it seats or unseats somebody. `[PTP §3.3.6]`
    #[must_use]
    pub fn changes_membership(&self) -> bool {
        matches!(self, Meaning::Seats { .. } | Meaning::Unseats { .. })
    }
}

fn statute(text: &str) -> Option<Meaning> {
    let rest = text.strip_prefix("The ")?;
    if let Some(rest) = rest.strip_prefix(LAW_ON) {
        let (matter, rest) = topic(rest)?;
        return (rest == "repealed").then_some(Meaning::Repeals { matter });
    }
    let (matter, rest) = topic(rest)?;
    let (value, rest) = phrase_before(rest, &VALUE_ENDS)?;
    match rest {
        Some((PROVIDED, rest)) => {
            let (provided, rest) = phrase_before(rest, &[NEXT_CLAUSE])?;
            let provided = Some(provided);
            rest.is_none().then_some(Meaning::Declares { matter, value, provided })
        }
        Some((_, rest)) => sweep((matter, value), rest),
        None => Some(Meaning::Declares { matter, value, provided: None }),
    }
}

/// Reads the clauses of a sweeping change after the first.
fn sweep(first: (Phrase, Phrase), mut text: &str) -> Option<Meaning> {
    let mut clauses = vec![first];
    loop {
        let (matter, rest) = topic(text).filter(|_| !text.starts_with(LAW_ON))?;
        let (value, rest) = phrase_before(rest, &VALUE_ENDS)?;
        if clauses.iter().any(|(other, _)| *other == matter) {
            return None;
        }
        clauses.push((matter, value));
        text = match rest {
            None => return Some(Meaning::Sweeps { clauses }),
            Some((NEXT_CLAUSE, rest)) => rest,
            Some(_) => return None,
        };
    }
}

fn seat(text: &str) -> Option<Meaning> {
    // A name has no space.
    let (name, becomes) = text.split_once(' ')?;
    if becomes == "is no longer a legislator" {
        return Some(Meaning::Unseats { name: name.parse().ok()? });
    }
    let rest = becomes.strip_prefix("is now a legislator")?;
    let (rest, machine) = match rest.split_once(ON) {
        Some((rest, machine)) => (rest, Some(machine.parse().ok()?)),
        None => (rest, None),
    };
    let weight = match rest {
        "" => 1,
        _ => integer(rest.strip_prefix(" with weight ")?, 9)?,
    };
    Some(Meaning::Seats { name: name.parse().ok()?, weight: weight.into(), machine })
}

fn post(text: &str) -> Option<Meaning> {
    if !text.trim_start().starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    // The paper writes a dash after the time.
    let (proposed, rest) = text.split_once(": ").or_else(|| text.split_once('—'))?;
    let (proposed, rest) = (proposed.trim().parse().ok()?, rest.trim());
    let (name, rest) = rest.split_once(' ')?;
    let name = name.parse().ok()?;
    if let Some(office) = rest.strip_prefix("resigns as ") {
        return Some(Meaning::Resigns { proposed, name, office: an_office(office)? });
    }
    if let Some(office) = rest.strip_prefix("takes office as ") {
        return Some(Meaning::TakesOffice { proposed, name, office: an_office(office)? });
    }
    let (office, term) = rest.strip_prefix("is ")?.rsplit_once(" for ")?;
    let months = months(term)?;
    Some(Meaning::Appoints { proposed, name, office: an_office(office)?, months })
}

fn reading(text: &str) -> Option<Meaning> {
    let citizen = text.strip_prefix("Citizen ")?.strip_suffix(" is reading the law")?;
    Some(Meaning::Reads { citizen: citizen.parse().ok()? })
}

/// Reads a matter; returns it with the text after the first ` is `.
fn topic(text: &str) -> Option<(Phrase, &str)> {
    let (matter, rest) = phrase_before(text, &[IS])?;
    let (_, rest) = rest?;
    Some((matter, rest)).filter(|(matter, _)| !matter.as_str().is_empty())
}

/// Reads a phrase, which is in quotes or ends at the first of these marks. Returns it with that
/// mark and the text after the mark.
pub(super) fn phrase_before<'a>(
    text: &'a str,
    marks: &[&'static str],
) -> Option<(Phrase, Option<(&'static str, &'a str)>)> {
    if text.starts_with('"') {
        let (phrase, rest) = Phrase::quoted(text)?;
        if rest.is_empty() {
            return Some((phrase, None));
        }
        let after = |mark: &&'static str| Some((*mark, rest.strip_prefix(*mark)?));
        return Some((phrase, Some(marks.iter().find_map(after)?)));
    }
    let at = |mark: &str| memmem::find(text.as_bytes(), mark.as_bytes());
    let first = marks.iter().filter_map(|mark| Some((at(mark)?, *mark))).min();
    match first {
        Some((at, mark)) => {
            Some((Phrase::plain(&text[..at])?, Some((mark, &text[at + mark.len()..]))))
        }
        None => Some((Phrase::plain(text)?, None)),
    }
}

fn an_office(text: &str) -> Option<Phrase> {
    let (office, _) = phrase_before(text, &[])?;
    Some(office).filter(|office| !office.as_str().is_empty())
}

fn months(text: &str) -> Option<u32> {
    let (number, unit) = text.split_once(' ')?;
    let number = integer(number, 4).filter(|n| (1..=LONGEST_TERM).contains(n))?;
    (unit == if number == 1 { "month" } else { "months" }).then_some(number)
}

/// Formats the length of a term: `1 month`, `3 months`.
pub(super) fn length(months: u32) -> String {
    format!("{months} month{}", if months == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEGINNINGS: [&str; 7] =
        ["Oki", "", " Oki", "The ", "The tax is 3; ", "\u{a0}Oki", "5:00"];
    const MIDDLES: [&str; 5] = [
        " is no longer a legislator",
        " is now a legislator",
        " is no legislator",
        " is ",
        "is now a legislator",
    ];
    const ENDS: [&str; 5] = ["", " with weight 3", " on isle", " ", "; the tax"];

    #[test]
    fn the_quick_look_finds_the_changes_that_reading_finds() {
        let mut changes = 0;
        for (begin, middle) in BEGINNINGS.iter().flat_map(|it| MIDDLES.map(|middle| (it, middle))) {
            for end in ENDS {
                let text = format!("{begin}{middle}{end}");
                let read = Some(Meaning::of(&text)).filter(Meaning::changes_membership);
                changes += usize::from(read.is_some());
                assert_eq!(Meaning::of_change_of_members(&text), read, "{text}");
            }
        }
        assert!(changes > 3, "{changes}");
    }
}
