//! The steps of the protocol, as §2.3 counts them: where in a run each of them begins.

use std::collections::HashSet;

use super::model::Chronicle;
use crate::trace::Happening;
use crate::words::{BallotNumber, DecreeNumber, Entry};

/// Where a step of the protocol begins.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Phase {
    /// Its first event.
    pub event: usize,
    /// Its name: `(3) BeginBallot, ballot 1.Oki`.
    pub words: String,
}

/// The steps that have begun already.
#[derive(PartialEq, Eq, Hash)]
enum Begun {
    Tried(BallotNumber),
    Promised(BallotNumber),
    Polled(BallotNumber, DecreeNumber),
    Voted(BallotNumber, DecreeNumber),
    Passed(DecreeNumber),
}

/// The steps of a run, in order: each begins with its first row of ink. Comings and goings count
/// as steps too.
#[must_use]
pub fn phases(chronicle: &Chronicle) -> Vec<Phase> {
    let mut begun = HashSet::new();
    let mut phases: Vec<Phase> = Vec::new();
    let mut has_tried = false;
    for (event, told) in chronicle.events.iter().enumerate() {
        let words = match told.happening() {
            Happening::Founded(_) => Some("the Parliament is founded".into()),
            Happening::Enter(name) if has_tried => Some(format!("{name} enters")),
            Happening::Leave(name) => Some(format!("{name} leaves")),
            Happening::Ink { priest, entry } => {
                let begins = begins(entry, |ballot| ballot.owner == *priest);
                has_tried |= matches!(entry, Entry::LastTried { .. });
                begins.and_then(|(what, words)| begun.insert(what).then_some(words))
            }
            _ => None,
        };
        phases.extend(words.map(|words| Phase { event, words }));
    }
    phases
}

/// Which step a row of ink may begin. A president's own promise and vote are part of his trying
/// and his polling.
fn begins(entry: &Entry, is_own: impl Fn(&BallotNumber) -> bool) -> Option<(Begun, String)> {
    let decree = |number: DecreeNumber| match number {
        1 => String::new(),
        _ => format!(", decree {number}"),
    };
    Some(match entry {
        Entry::LastTried { ballot } => {
            (Begun::Tried(*ballot), format!("(1) NextBallot, ballot {ballot}"))
        }
        Entry::NextBal { ballot } if !is_own(ballot) => {
            (Begun::Promised(*ballot), format!("(2) LastVote, ballot {ballot}"))
        }
        Entry::BeginBallot { ballot, number, .. } => (
            Begun::Polled(*ballot, *number),
            format!("(3) BeginBallot, ballot {ballot}{}", decree(*number)),
        ),
        Entry::PrevVote { ballot, number, .. } if !is_own(ballot) => {
            let words = format!("(4) Voted, ballot {ballot}{}", decree(*number));
            (Begun::Voted(*ballot, *number), words)
        }
        Entry::Outcome { number, .. } if *number > 0 => {
            (Begun::Passed(*number), format!("(5) Success, decree {number}"))
        }
        _ => return None,
    })
}
