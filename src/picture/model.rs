//! The chronicle: every event with its reason, every letter with its fate, and B.

use std::collections::HashSet;

use super::flight::Flight;
use super::judged::Judged;
use super::overview::Overview;
use super::scene::Scene;
use super::tally::{Tally, Window};
use super::teller::Told;
use crate::audit::Finding;
use crate::words::shown::grouped;
use crate::words::{BallotNumber, DecreeNumber, Founding, Name};

/// A run, told from its records alone.
#[derive(Debug)]
pub struct Chronicle {
    /// The title: who sat, and in which house.
    pub title: String,
    /// Its source, as the reader calls it.
    pub source: String,
    /// Which of its steps are told here, where it is not all of them.
    pub window: Option<Window>,
    /// The whole run at a glance, where it is not all told here.
    pub overview: Option<Overview>,
    /// The state before the first event that is told here.
    pub before: Scene,
    /// The sums over the whole run.
    pub tally: Tally,
    /// The command that replays it, or draws it again.
    pub replay: Option<String>,
    /// The founding decree.
    pub founding: Founding,
    /// The legislators and those seated later, in alphabetical order.
    pub priests: Vec<Name>,
    /// Every event, in order.
    pub events: Vec<Told>,
    /// Every way of every letter.
    pub flights: Vec<Flight>,
    /// The auditor's findings.
    pub judged: Judged,
}

/// Why a run cannot be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Untellable {
    /// No record says who sits in Parliament.
    #[error("the records hold no founding decree, so nobody knows who sits in Parliament")]
    NotFounded,
}

impl Chronicle {
    /// The same chronicle, with the command that replays the run.
    #[must_use]
    pub fn replayed_by(self, command: &str) -> Chronicle {
        Chronicle { replay: Some(command.into()), ..self }
    }

    /// The ballot an event is about, if it is about one.
    #[must_use]
    pub fn ballot_of(&self, event: usize) -> Option<BallotNumber> {
        self.events[event].ballot()
    }

    /// The decree number an event is about, if it is about one.
    #[must_use]
    pub fn number_of(&self, event: usize) -> Option<DecreeNumber> {
        self.events[event].number()
    }

    /// Every ballot number met, in the order of meeting.
    #[must_use]
    pub fn ballot_numbers(&self) -> Vec<BallotNumber> {
        let mut met = Vec::new();
        for event in 0..self.events.len() {
            if let Some(ballot) = self.ballot_of(event).filter(|ballot| !met.contains(ballot)) {
                met.push(ballot);
            }
        }
        met
    }

    /// The faults that accuse no event drawn here: of rows that cannot be read, and of what is not
    /// here.
    pub fn faults_elsewhere(&self) -> impl Iterator<Item = &Finding> {
        let drawn = self.events.iter().flat_map(|told| self.judged.against(&told.record));
        let drawn: HashSet<*const Finding> = drawn.map(std::ptr::from_ref).collect();
        let faults = self.judged.faults().iter();
        faults.filter(move |fault| !drawn.contains(&std::ptr::from_ref(*fault)))
    }

    /// The run in one sentence.
    #[must_use]
    pub fn summary(&self) -> String {
        let faults = self.judged.counted().map(|faults| format!("; {faults}")).unwrap_or_default();
        format!("{}{faults}", self.tally.told(self.priests.len()))
    }

    /// Which steps are told here, in words, where it is not all of them.
    #[must_use]
    pub fn window_in_words(&self) -> Option<String> {
        let Window { from, to, of } = self.window?;
        let [from, to, of] = [from, to, of].map(grouped);
        Some(format!("steps {from} to {to} of {of}"))
    }
}
