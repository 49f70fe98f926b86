//! The chronicle: every event with its reason, every letter with its fate, and B.

use std::collections::{BTreeSet, HashSet};

use super::flight::Flight;
use super::judged::Judged;
use super::laid;
use super::record::Record;
use super::teller::{Teller, Told};
use crate::audit::Finding;
use crate::trace::Happening;
use crate::words::message::Kind;
use crate::words::shown::counted;
use crate::words::{BallotNumber, DecreeNumber, Entry, Founding, Name};

/// A run, told from its records alone.
#[derive(Debug)]
pub struct Chronicle {
    /// What the run is: who sat, and in what.
    pub title: String,
    /// What it was drawn from, as its reader calls it.
    pub source: String,
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
    /// What the auditor says of it.
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
    /// Tells a trace, and lays it before the auditor.
    ///
    /// # Errors
    /// As [`Chronicle::of`].
    pub fn of_trace(source: &str, records: Vec<Record>) -> Result<Chronicle, Untellable> {
        let judged = Judged::of(&laid::judge(&records));
        Chronicle::of(source, records, judged)
    }

    /// Tells a run from its records, in causal order, as the auditor judged them.
    ///
    /// # Errors
    /// [`Untellable`] when the records do not begin with the founding.
    pub fn of(source: &str, records: Vec<Record>, judged: Judged) -> Result<Chronicle, Untellable> {
        let founding = match records.first().map(|record| &record.event.happening) {
            Some(Happening::Founded(founding)) => founding.clone(),
            _ => return Err(Untellable::NotFounded),
        };
        let mut teller = Teller::new(founding.clone());
        let events = records.into_iter();
        let events: Vec<Told> = events.map(|record| teller.tell(record, Some(&judged))).collect();
        let priests: Vec<Name> = teller.scene().desks.keys().copied().collect();
        let flights = teller.into_flights();
        let title = title(&priests, &events);
        let (source, replay) = (source.into(), None);
        Ok(Chronicle { title, source, replay, founding, priests, events, flights, judged })
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
                let numbers: BTreeSet<DecreeNumber> = many.iter().map(|it| it.0).collect();
                match many.len() == numbers.len() {
                    true => format!("{} decrees passed", many.len()),
                    false => format!(
                        "{} decrees under {}",
                        many.len(),
                        counted(numbers.len() as u64, "number")
                    ),
                }
            }
        };
        let faults = self.judged.counted().map(|faults| format!("; {faults}")).unwrap_or_default();
        format!(
            "{decrees}; {}, {}, {} lost, {} ignored{faults}",
            counted(self.priests.len() as u64, "priest"),
            counted(letters as u64, "letter"),
            count(Fate::Lost),
            count(Fate::Ignored),
        )
    }
}

/// How many names a title holds.
const NAMED: usize = 5;

/// Who sat: one decree is the Synod's, more are a Parliament's.
fn title(priests: &[Name], events: &[Told]) -> String {
    let is_parliament = events.iter().any(|told| {
        let letter = told.happening().letter();
        told.number() > Some(1)
            || letter.is_some_and(|(_, _, message)| message.kind() == Kind::Petition)
    });
    let house = if is_parliament { "Parliament" } else { "Synod" };
    let who = match priests {
        [names @ .., last] if !names.is_empty() && priests.len() <= NAMED => {
            let names: Vec<&str> = names.iter().map(Name::as_str).collect();
            format!("{} and {last}", names.join(", "))
        }
        [one] => one.to_string(),
        many => format!("{} priests", many.len()),
    };
    format!("The {house} of {who}")
}
