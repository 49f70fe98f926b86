//! The chronicle: every event with its reason, every letter with its fate, and B.

use super::flight::Flight;
use super::record::Record;
use super::teller::{Teller, Told};
use crate::synod::{BallotNumber, DecreeNumber, Entry, Founding, Name};
use crate::trace::Happening;

/// A run, told from its records alone.
#[derive(Debug)]
pub struct Chronicle {
    /// What the run is called.
    pub title: String,
    /// The command that replays it, or draws it again.
    pub replay: Option<String>,
    /// The founding decree.
    pub founding: Founding,
    /// The legislators, and whoever was seated later, in alphabetical order.
    pub priests: Vec<Name>,
    /// Every event, in order.
    pub events: Vec<Told>,
    /// Every way of every letter.
    pub flights: Vec<Flight>,
}

/// Why a run cannot be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Untellable {
    /// No record says who sits in Parliament.
    #[error("the records hold no founding decree, so nobody knows who sits in Parliament")]
    NotFounded,
}

impl Chronicle {
    /// Tells a run from its records, in causal order.
    ///
    /// # Errors
    /// [`Untellable`] when the records do not begin with the founding.
    pub fn of(title: &str, records: Vec<Record>) -> Result<Chronicle, Untellable> {
        let founding = match records.first().map(|record| &record.event.happening) {
            Some(Happening::Founded(founding)) => founding.clone(),
            _ => return Err(Untellable::NotFounded),
        };
        let mut teller = Teller::new(founding.clone());
        let events = records.into_iter().map(|record| teller.tell(record)).collect();
        let priests = teller.scene().desks.keys().copied().collect();
        let flights = teller.into_flights();
        Ok(Chronicle { title: title.into(), replay: None, founding, priests, events, flights })
    }

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

    /// The run in one sentence.
    #[must_use]
    pub fn summary(&self) -> String {
        use super::flight::Fate;
        let count = |fate| self.flights.iter().filter(|flight| flight.fate == fate).count();
        let letters = self.flights.iter().filter(|flight| !flight.is_own()).count();
        let mut passed: Vec<(DecreeNumber, &str)> = Vec::new();
        for told in &self.events {
            if let Happening::Ink { entry: Entry::Outcome { number, decree, .. }, .. } =
                told.happening()
                && !passed.contains(&(*number, decree.text()))
            {
                passed.push((*number, decree.text()));
            }
        }
        let decrees = match passed.as_slice() {
            [] => "no decree passed".into(),
            [(number, text)] => format!("decree {number} passed: “{text}”"),
            many => {
                let numbers: std::collections::BTreeSet<DecreeNumber> =
                    many.iter().map(|(number, _)| *number).collect();
                let torn = many.len() - numbers.len();
                let contradicted = match torn {
                    0 => "",
                    _ => ", and one number holds two of them: consistency is broken",
                };
                format!("{} decrees passed{contradicted}", many.len())
            }
        };
        let offences = self.events.iter().filter(|told| told.why.offence).count();
        let offences = match offences {
            0 => String::new(),
            1 => "; 1 deed against the rules".into(),
            n => format!("; {n} deeds against the rules"),
        };
        format!(
            "{decrees}; {} priests, {letters} letters, {} lost, {} ignored{offences}",
            self.priests.len(),
            count(Fate::Lost),
            count(Fate::Ignored),
        )
    }
}
