//! Tells what happened, event by event: why, what became of the letter, and how B changed.

use super::ballots::Change;
use super::flight::{Flight, Flights};
use super::judged::Judged;
use super::record::Record;
use super::scene::{Scene, Taken};
use super::why::{Before, Why, why};
use crate::trace::Happening;
use crate::words::{BallotNumber, DecreeNumber, Entry, Founding, Message, Minutes, Name};

/// One event, and what it means.
#[derive(Clone, Debug)]
pub struct Told {
    /// The row and its place.
    pub record: Record,
    /// The lifeline it happens on; `None` for acts of messengers and God, and for strangers.
    pub actor: Option<Name>,
    /// The letter it is about, as an index of [`super::Chronicle::flights`].
    pub flight: Option<usize>,
    /// Why.
    pub why: Why,
    /// How it changed B.
    pub change: Option<Change>,
    /// The slip of paper after the event, if the event changed it.
    pub slip: Option<Option<String>>,
}

impl Told {
    /// When it happened.
    #[must_use]
    pub const fn at(&self) -> Minutes {
        self.record.event.at
    }

    /// The event.
    #[must_use]
    pub const fn happening(&self) -> &Happening {
        &self.record.event.happening
    }

    /// The ballot it is about, if it is about one.
    #[must_use]
    pub fn ballot(&self) -> Option<BallotNumber> {
        match self.happening() {
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

    /// The decree number it is about, if it is about one.
    #[must_use]
    pub fn number(&self) -> Option<DecreeNumber> {
        match self.happening() {
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
}

/// Tells a run from its records, one after another.
#[derive(Debug)]
pub struct Teller {
    founding: Founding,
    scene: Scene,
    flights: Flights,
    told: usize,
}

impl Teller {
    /// Begins where this Parliament is founded.
    #[must_use]
    pub fn new(founding: Founding) -> Teller {
        let scene = Scene::founded(&founding);
        Teller { founding, scene, flights: Flights::default(), told: 0 }
    }

    /// Tells the next event; `judged` says who votes, where the auditor has judged already.
    pub fn tell(&mut self, record: Record, judged: Option<&Judged>) -> Told {
        let flight = self.flights.follow(self.told, &record.event);
        self.told += 1;
        let happening = &record.event.happening;
        let before = Before {
            desks: &self.scene.desks,
            judged,
            flight: flight.and_then(|flight| self.flights.get(flight)),
        };
        let why = why(happening, &before);
        let Taken { actor, change, slip } = self.scene.take_down(happening);
        Told { record, actor, flight, why, change, slip }
    }

    /// Takes the next event down without telling it: for stretches at which nobody will look.
    /// Returns whether it ends the way of a letter that nobody sent.
    pub fn pass_over(&mut self, record: &Record) -> bool {
        let flight = self.flights.follow(self.told, &record.event);
        self.told += 1;
        self.scene.take_down(&record.event.happening);
        self.is_of_nowhere(flight, &record.event.happening)
    }

    /// Whether an event ends the way of a letter that nobody sent.
    #[must_use]
    pub fn is_stray(&self, told: &Told) -> bool {
        self.is_of_nowhere(told.flight, told.happening())
    }

    fn is_of_nowhere(&self, flight: Option<usize>, happening: &Happening) -> bool {
        let sets_out = matches!(happening, Happening::Send { .. } | Happening::Repeat { .. });
        let flight = flight.and_then(|flight| self.flights.get(flight));
        !sets_out && flight.is_some_and(|it| it.is_stray)
    }

    /// Begins to count events anew, where a window begins: letters that set out before come from
    /// nowhere.
    pub fn begin_window(&mut self) {
        self.flights.begin_window();
        self.told = 0;
    }

    /// Forgets letters of which nobody will hear again.
    pub fn forget_letters(&mut self) {
        self.flights.forget();
    }

    /// The founding decree.
    #[must_use]
    pub const fn founding(&self) -> &Founding {
        &self.founding
    }

    /// The state after the last event told.
    #[must_use]
    pub const fn scene(&self) -> &Scene {
        &self.scene
    }

    /// Forgets the decrees before `number`, and letters of which nobody will hear again.
    pub fn forget_before(&mut self, number: DecreeNumber) {
        self.scene.forget_before(number);
        self.flights.forget();
    }

    /// Every way of every letter, in the order in which they set out.
    #[must_use]
    pub fn into_flights(self) -> Vec<Flight> {
        self.flights.into_flights()
    }
}
