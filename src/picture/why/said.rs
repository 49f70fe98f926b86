//! The form of a reason, the state before it, and how its values are written.

use std::collections::BTreeMap;

use crate::picture::cells::shortened;
use crate::picture::desk::Desk;
use crate::picture::flight::Flight;
use crate::picture::judged::Judged;
use crate::words::guard::OrMinusInfinity;
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
    pub(super) fn new(section: &'static str, short: String, sentence: String) -> Why {
        Why { section: Some(section), sentence, short }
    }
}

/// The state before the event.
pub struct Before<'a> {
    /// Everyone's desk.
    pub desks: &'a BTreeMap<Name, Desk>,
    /// The voters, as the auditor has them; `None` before he has judged.
    pub judged: Option<&'a Judged>,
    /// The letter the event is about.
    pub flight: Option<&'a Flight>,
}

impl Before<'_> {
    pub(super) fn desk(&self, name: Name) -> &Desk {
        self.desks.get(&name).unwrap_or(Desk::BARE)
    }

    /// `, 3 of 5`: how much these priests weigh in votes on a decree, where it is known.
    pub(super) fn weight(
        &self,
        number: Option<DecreeNumber>,
        names: impl IntoIterator<Item = Name>,
    ) -> String {
        let weight = self.judged.and_then(|judged| judged.weight(number, names));
        weight.map(|weight| format!(", {weight}")).unwrap_or_default()
    }
}

/// A ballot number or −∞.
#[must_use]
pub fn or_minus_infinity(ballot: Option<BallotNumber>) -> String {
    OrMinusInfinity(ballot).to_string()
}

/// How two ballot numbers compare, as it is written: `1.Oki > nextBal −∞`.
pub(super) fn compared(ballot: BallotNumber, note: &str, value: Option<BallotNumber>) -> String {
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
pub(super) fn quoted(decree: &Decree) -> String {
    format!("“{}”", shortened(decree.text(), 60))
}
