//! The chronicle: every event with its reason, every letter with its fate, and B.

use std::collections::BTreeMap;

use super::ballots::{Ballots, Change};
use super::desk::Desk;
use super::flight::{Flight, Flights};
use super::judged::{Verdict, verdict};
use super::record::Record;
use super::why::{Before, Why, why};
use crate::synod::{BallotNumber, DecreeNumber, Entry, Founding, Minutes, Name};
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
    /// The legislators, in alphabetical order.
    pub priests: Vec<Name>,
    /// Every event, in order.
    pub events: Vec<Told>,
    /// Every way of every letter.
    pub flights: Vec<Flight>,
}

/// One event, and what it means.
#[derive(Debug)]
pub struct Told {
    /// The row and its place.
    pub record: Record,
    /// Whose lifeline it happens on; `None` for what messengers and God do, and for strangers.
    pub actor: Option<Name>,
    /// The letter it is about, as an index of [`Chronicle::flights`].
    pub flight: Option<usize>,
    /// Why.
    pub why: Why,
    /// How it changed B, and what the judge then says of that decree's ballots.
    pub change: Option<(Change, Verdict)>,
    /// The slip of paper after the event, if the event changed it.
    pub slip: Option<Option<String>>,
}

/// Why a run cannot be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Untellable {
    /// No record says who sits in Parliament.
    #[error("the records hold no founding decree, so nobody knows who sits in Parliament")]
    NotFounded,
}

impl Told {
    /// When it happened.
    #[must_use]
    pub const fn at(&self) -> Minutes {
        self.record.event.at
    }

    /// What happened.
    #[must_use]
    pub const fn happening(&self) -> &Happening {
        &self.record.event.happening
    }
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
        let priests: Vec<Name> = founding.membership.names().collect();
        let mut desks: BTreeMap<Name, Desk> =
            priests.iter().map(|name| (*name, Desk::default())).collect();
        let (mut ballots, mut flights) = (Ballots::default(), Flights::default());
        let mut tellings = Vec::with_capacity(records.len());
        for (index, record) in records.iter().enumerate() {
            let happening = &record.event.happening;
            let flight = flights.follow(index, &record.event);
            let before = Before {
                desks: &desks,
                ballots: &ballots,
                members: &founding.membership,
                flight: flight.map(|flight| flights.get(flight)),
            };
            let why = why(happening, &before);
            let actor = actor(happening).filter(|name| founding.membership.has(*name));
            let slip = actor.and_then(|name| {
                let desk = desks.get_mut(&name)?;
                let slip_before = desk.slip.clone();
                desk.take_down(happening);
                (desk.slip != slip_before).then(|| desk.slip.written())
            });
            let change = ballots.take_down(happening);
            let change = change.map(|change| {
                let number = change.number();
                let verdict = verdict(&founding, number, ballots.on(number));
                (change, verdict)
            });
            tellings.push((actor, flight, why, change, slip));
        }
        let flights = flights.into_flights();
        let told = |(record, (actor, flight, why, change, slip))| Told {
            record,
            actor,
            flight,
            why,
            change,
            slip,
        };
        let events = records.into_iter().zip(tellings).map(told).collect();
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
        match self.events[event].happening() {
            Happening::Ink { entry, .. } => match entry {
                Entry::LastTried { ballot }
                | Entry::NextBal { ballot }
                | Entry::PrevVote { ballot, .. }
                | Entry::BeginBallot { ballot, .. } => Some(*ballot),
                Entry::Outcome { ballot, .. } => *ballot,
                Entry::Entered | Entry::Book(_) => None,
            },
            happening => happening.letter().and_then(|(_, _, message)| message.ballot()),
        }
    }

    /// The decree number an event is about, if it is about one.
    #[must_use]
    pub fn number_of(&self, event: usize) -> Option<DecreeNumber> {
        use crate::synod::Message;
        match self.events[event].happening() {
            Happening::Ink { entry, .. } => match entry {
                Entry::PrevVote { number, .. }
                | Entry::BeginBallot { number, .. }
                | Entry::Outcome { number, .. } => Some(*number),
                _ => None,
            },
            happening => match happening.letter()?.2 {
                Message::BeginBallot { number, .. }
                | Message::Voted { number, .. }
                | Message::Success { number, .. } => Some(*number),
                _ => None,
            },
        }
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

/// On whose lifeline an event happens.
fn actor(happening: &Happening) -> Option<Name> {
    match happening {
        Happening::Send { from, .. } => Some(*from),
        Happening::Receive { to, .. } | Happening::Ignore { to, .. } => Some(*to),
        Happening::Ink { priest, .. } => Some(*priest),
        Happening::Enter(name) | Happening::Leave(name) => Some(*name),
        Happening::Founded(_) | Happening::Lose { .. } | Happening::Repeat { .. } => None,
    }
}
