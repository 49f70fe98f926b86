//! The way of a letter, from hand to hand, and its fate.

use std::collections::{HashMap, VecDeque};

use crate::synod::message::Kind;
use crate::synod::time::DELIVER;
use crate::synod::{Message, Minutes, Name};
use crate::trace::{Event, Happening};

/// What became of a letter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    /// Still on its way when the records end.
    UnderWay,
    /// Read, and of use.
    Received,
    /// Read, and a guard kept its reader from acting.
    Ignored,
    /// Lost by the messenger.
    Lost,
}

/// One way of one letter. A letter repeated has several. Events are counted from 0.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Flight {
    /// Who sent it.
    pub from: Name,
    /// Who is to read it.
    pub to: Name,
    /// What it says.
    pub message: Message,
    /// The event of sending; `None` if the records hold no such row.
    pub sent: Option<usize>,
    /// The event that ended it.
    pub ended: Option<usize>,
    /// What became of it.
    pub fate: Fate,
    /// The event by which the messenger carried it once more.
    pub repeated: Option<usize>,
    /// Whether it was longer on its way than a messenger takes in the Chamber. `[PTP §2.4]`
    pub late: bool,
}

impl Flight {
    /// Which message it is.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.message.kind()
    }

    /// Whether it is the talk that goes on beside the story: who is here, who lacks a decree. It is
    /// drawn faintly and bears no label.
    #[must_use]
    pub const fn is_talk(&self) -> bool {
        matches!(self.kind(), Kind::Presence | Kind::Inquiry | Kind::LawBook)
    }

    /// Whether a priest told himself, without a messenger.
    #[must_use]
    pub fn is_own(&self) -> bool {
        self.from == self.to
    }
}

/// All flights, and which of them each event is about.
#[derive(Debug, Default)]
pub struct Flights<'a> {
    flights: Vec<Flight>,
    under_way: HashMap<(Name, Name, &'a Message), VecDeque<usize>>,
    sent_last: HashMap<(Name, Name, &'a Message), usize>,
    sent_at: Vec<Minutes>,
}

impl<'a> Flights<'a> {
    /// Follows one event; returns the flight it is about.
    pub fn follow(&mut self, index: usize, event: &'a Event) -> Option<usize> {
        let (from, to, message) = event.happening.letter()?;
        let letter = (from, to, message);
        let fate = match event.happening {
            Happening::Send { .. } => {
                return Some(self.set_out(letter, Some(index), None, event.at));
            }
            Happening::Repeat { .. } => {
                let original = self.sent_last.get(&letter).copied();
                let sent = original.and_then(|flight| self.flights[flight].sent);
                return Some(self.set_out(letter, sent, Some(index), event.at));
            }
            Happening::Receive { .. } => Fate::Received,
            Happening::Lose { .. } => Fate::Lost,
            _ => Fate::Ignored,
        };
        let oldest = self.under_way.get_mut(&letter).and_then(VecDeque::pop_front);
        let flight = oldest.unwrap_or_else(|| {
            let stray = self.set_out(letter, None, None, event.at);
            self.under_way.remove(&letter);
            stray
        });
        let late = fate != Fate::Lost && event.at - self.sent_at[flight] > DELIVER;
        let way = &mut self.flights[flight];
        (way.ended, way.fate, way.late) = (Some(index), fate, late);
        Some(flight)
    }

    /// All flights, in the order in which they set out.
    #[must_use]
    pub fn into_flights(self) -> Vec<Flight> {
        self.flights
    }

    /// A flight so far.
    #[must_use]
    pub fn get(&self, flight: usize) -> &Flight {
        &self.flights[flight]
    }

    fn set_out(
        &mut self,
        letter: (Name, Name, &'a Message),
        sent: Option<usize>,
        repeated: Option<usize>,
        at: Minutes,
    ) -> usize {
        let (from, to, message) = letter;
        let index = self.flights.len();
        self.flights.push(Flight {
            from,
            to,
            message: message.clone(),
            sent,
            ended: None,
            fate: Fate::UnderWay,
            repeated,
            late: false,
        });
        self.sent_at.push(at);
        self.under_way.entry(letter).or_default().push_back(index);
        self.sent_last.insert(letter, index);
        index
    }
}
