//! Finished decrees fold: a stretch of the run that tells of nothing else is one line.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::flight::Fate;
use super::model::Chronicle;
use super::moment::Moments;
use super::teller::Told;
use crate::trace::Happening;
use crate::words::shown::counted;
use crate::words::{DecreeNumber, Entry};

/// The shortest stretch worth folding, in rows.
const SHORTEST: usize = 6;
/// How many decrees must pass before anything folds, so that one sees how it goes.
const SHOWN: usize = 2;
/// How many decrees must pass in a run that folds at all.
const LEAST: usize = 4;

/// Rows that are drawn as one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fold {
    /// Which rows.
    pub rows: Range<usize>,
    /// The text that stands for them.
    pub words: String,
}

/// The stretches of a run in which decrees passed and nothing else happened.
#[must_use]
pub fn folds(chronicle: &Chronicle, moments: &Moments) -> Vec<Fold> {
    let finished = finished(chronicle);
    if finished.len() < LEAST {
        return Vec::new();
    }
    let begin = begin(chronicle, moments);
    let mut plain: Vec<bool> = (0..moments.rows).map(|row| row > begin).collect();
    let mut events: Vec<Vec<usize>> = vec![Vec::new(); moments.rows];
    for (event, told) in chronicle.events.iter().enumerate() {
        let row = moments.moments[moments.of_event[event]].row;
        plain[row] &= is_plain(chronicle, told, chronicle.number_of(event), &finished);
        events[row].push(event);
    }
    let mut folds = Vec::new();
    let mut from = 0;
    while from < plain.len() {
        let length = plain[from..].iter().take_while(|plain| **plain).count();
        if length >= SHORTEST {
            let rows = from..from + length;
            let words = words(chronicle, rows.clone().flat_map(|row| events[row].iter().copied()));
            folds.push(Fold { rows, words });
        }
        from += length.max(1);
    }
    folds
}

/// The row in which the last of the first few decrees passed: inked in any ledger.
fn begin(chronicle: &Chronicle, moments: &Moments) -> usize {
    let mut passed = BTreeSet::new();
    for (event, told) in chronicle.events.iter().enumerate() {
        if let Happening::Ink { entry: Entry::Outcome { number, .. }, .. } = told.happening() {
            passed.insert(*number);
            if passed.len() == SHOWN {
                return moments.moments[moments.of_event[event]].row;
            }
        }
    }
    moments.rows
}

/// The decrees that more than half of those drawn have inked.
fn finished(chronicle: &Chronicle) -> BTreeSet<DecreeNumber> {
    let mut inked: BTreeMap<DecreeNumber, BTreeSet<_>> = BTreeMap::new();
    for told in &chronicle.events {
        if let Happening::Ink { priest, entry: Entry::Outcome { number, .. } } = told.happening() {
            inked.entry(*number).or_default().insert(*priest);
        }
    }
    let by_most = inked.into_iter().filter(|(_, who)| 2 * who.len() > chronicle.priests.len());
    by_most.map(|(number, _)| number).collect()
}

/// Whether an event is part of a finished decree's own story, letters lost and all.
fn is_plain(
    chronicle: &Chronicle,
    told: &Told,
    number: Option<DecreeNumber>,
    finished: &BTreeSet<DecreeNumber>,
) -> bool {
    let flight = told.flight.map(|flight| &chronicle.flights[flight]);
    if chronicle.judged.accuses(&told.record) {
        return false;
    }
    if let Some(flight) = flight {
        use crate::words::message::Kind;
        // An ignored letter changes nothing.
        let idle =
            flight.fate == Fate::Ignored && matches!(told.happening(), Happening::Ignore { .. });
        if idle || flight.is_talk() || flight.kind() == Kind::Petition {
            return true;
        }
    }
    number.is_some_and(|number| finished.contains(&number))
}

fn words(chronicle: &Chronicle, events: impl Iterator<Item = usize>) -> String {
    let (mut passed, mut told_of) = (BTreeSet::new(), BTreeSet::new());
    let (mut letters, mut lost) = (0u64, 0u64);
    for event in events {
        told_of.extend(chronicle.number_of(event));
        match chronicle.events[event].happening() {
            Happening::Ink { entry: Entry::Outcome { number, .. }, .. } => {
                passed.insert(*number);
            }
            Happening::Send { .. } => letters += 1,
            Happening::Lose { .. } => lost += 1,
            _ => {}
        }
    }
    let span = |numbers: &BTreeSet<DecreeNumber>| match (numbers.first(), numbers.last()) {
        (Some(first), Some(last)) if first < last => Some(format!("decrees {first} to {last}")),
        (Some(one), _) => Some(format!("decree {one}")),
        _ => None,
    };
    let decrees = match (span(&passed), span(&told_of)) {
        (Some(passed), _) => format!("{passed} passed"),
        (None, Some(told_of)) => format!("{told_of}, repeated to others"),
        (None, None) => "nothing but talk".into(),
    };
    format!("… {decrees}: {}, {lost} lost …", counted(letters, "letter"))
}
