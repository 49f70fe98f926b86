//! Why: one sentence for each event, with the guard's real values and the section.
//!
//! The values are those the records show at that moment. They explain, and accuse nobody: it is the
//! auditor who judges ([`judged`](super::judged)).

mod ink;
mod letters;

use std::collections::BTreeMap;

pub use letters::named;

use super::cells::shortened;
use super::desk::Desk;
use super::flight::Flight;
use super::judged::Judged;
use crate::trace::Happening;
use crate::words::{BallotNumber, Decree, DecreeNumber, Name};

/// Why something happened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Why {
    /// The section of the paper, as `2.3 (4)`; `None` for what is ours.
    pub section: Option<&'static str>,
    /// One sentence, which needs nothing beside it.
    pub sentence: String,
    /// The same in a few words, for beside a lifeline.
    pub short: String,
}

impl Why {
    fn new(section: &'static str, short: String, sentence: String) -> Why {
        Why { section: Some(section), sentence, short }
    }
}

/// What was known before the event.
pub struct Before<'a> {
    /// Everyone's desk.
    pub desks: &'a BTreeMap<Name, Desk>,
    /// Who votes, as the auditor has it; `None` before he has judged.
    pub judged: Option<&'a Judged>,
    /// The letter the event is about.
    pub flight: Option<&'a Flight>,
}

impl Before<'_> {
    fn desk(&self, name: Name) -> &Desk {
        self.desks.get(&name).unwrap_or(Desk::BARE)
    }

    /// `, 3 of 5`: how much these priests weigh in votes on a decree, where it is known.
    fn weight(
        &self,
        number: Option<DecreeNumber>,
        names: impl IntoIterator<Item = Name>,
    ) -> String {
        let weight = self.judged.and_then(|judged| judged.weight(number, names));
        weight.map(|weight| format!(", {weight}")).unwrap_or_default()
    }
}

/// Why this happened, given what was before.
#[must_use]
pub fn why(happening: &Happening, before: &Before<'_>) -> Why {
    match happening {
        Happening::Founded(founding) => Why::new(
            "2.2",
            "founded".into(),
            format!("God founds the Parliament: decree 0 names {founding}."),
        ),
        Happening::Enter(name) => Why::new(
            "2.2",
            "enters".into(),
            format!(
                "{name} enters the Chamber: he knows what his ledger says, and his slip is blank."
            ),
        ),
        Happening::Leave(name) => {
            let slip = before.desk(*name).slip.written();
            let lost = slip
                .map_or("his slip was blank".into(), |slip| format!("his slip is lost: {slip}"));
            Why::new("2.2", "leaves".into(), format!("{name} leaves the Chamber; {lost}."))
        }
        Happening::Ink { priest, entry } => ink::why(*priest, entry, before),
        Happening::Send { from, to, message } => letters::send(*from, *to, message, before),
        Happening::Receive { from, to, message } => letters::receive(*from, *to, message, before),
        Happening::Ignore { from, to, message } => letters::ignore(*from, *to, message, before),
        Happening::Lose { from, to, message } => letters::lose(*from, *to, message, before),
        Happening::Repeat { from, to, message } => letters::repeat(*from, *to, message),
    }
}

/// A ballot number or −∞.
#[must_use]
pub fn or_minus_infinity(ballot: Option<BallotNumber>) -> String {
    ballot.map_or("−∞".into(), |ballot| ballot.to_string())
}

/// How two ballot numbers compare, as it is written: `1.Oki > nextBal −∞`.
fn compared(ballot: BallotNumber, note: &str, value: Option<BallotNumber>) -> String {
    let sign = match Some(ballot).cmp(&value) {
        std::cmp::Ordering::Less => '<',
        std::cmp::Ordering::Equal => '=',
        std::cmp::Ordering::Greater => '>',
    };
    format!("{ballot} {sign} {note} {}", or_minus_infinity(value))
}

/// Names in braces.
#[must_use]
pub fn set<'a>(names: impl IntoIterator<Item = &'a Name>) -> String {
    let names: Vec<&str> = names.into_iter().map(Name::as_str).collect();
    format!("{{{}}}", names.join(", "))
}

/// The decree in quotation marks, or its first words.
fn quoted(decree: &Decree) -> String {
    format!("“{}”", shortened(decree.text(), 60))
}
