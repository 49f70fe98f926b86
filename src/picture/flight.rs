//! The way of a letter, from hand to hand, and its fate.

use std::collections::{HashMap, VecDeque};

use crate::trace::{Happening, TraceRow};
use crate::words::message::Kind;
use crate::words::time::DELIVER;
use crate::words::{Message, Minutes, Name};

/// The fate of a letter.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Fate {
    /// On its way: nothing in the records says that it was read.
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
    /// The sender.
    pub from: Name,
    /// The receiver.
    pub to: Name,
    /// The message.
    pub message: Message,
    /// The event of sending; `None` if the records hold no such row.
    pub sent: Option<usize>,
    /// The event that ended it.
    pub ended: Option<usize>,
    /// Its fate.
    pub fate: Fate,
    /// The event of the second delivery.
    pub repeated: Option<usize>,
    /// Whether it was longer on its way than a messenger takes in the Chamber. `[PTP §2.4]`
    pub late: bool,
    /// Whether the records hold no row of its setting out.
    pub is_stray: bool,
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
        is_talk(&self.message)
    }

    /// Whether a priest told himself, without a messenger.
    #[must_use]
    pub fn is_own(&self) -> bool {
        self.from == self.to
    }
}

/// Whether a message is talk beside the story; see [`Flight::is_talk`].
#[must_use]
pub const fn is_talk(message: &Message) -> bool {
    matches!(message.kind(), Kind::Presence | Kind::Inquiry | Kind::LawBook)
}

/// All flights, and which of them each event is about.
#[derive(Debug, Default)]
pub struct Flights {
    flights: VecDeque<Flight>,
    under_way: HashMap<Letter, VecDeque<usize>>,
    sent_last: HashMap<Letter, usize>,
    sent_at: VecDeque<Minutes>,
    /// How many of the first are forgotten.
    forgotten: usize,
}

/// From, to, what it says.
type Letter = (Name, Name, Message);

/// How many flights are remembered, by those who forget.
const REMEMBERED: usize = 20_000;

impl Flights {
    /// Follows one event; returns the flight it is about.
    pub fn follow(&mut self, index: usize, event: &TraceRow) -> Option<usize> {
        let (from, to, message) = event.happening.letter()?;
        let letter = (from, to, message.clone());
        let fate = match event.happening {
            Happening::Send { .. } => {
                return Some(self.set_out(letter, Some(index), None, event.at));
            }
            Happening::Repeat { .. } => {
                let original = self.sent_last.get(&letter).copied();
                let sent = original.and_then(|flight| self.get(flight)?.sent);
                return Some(self.set_out(letter, sent, Some(index), event.at));
            }
            Happening::Receive { .. } => Fate::Received,
            Happening::Lose { .. } => Fate::Lost,
            _ => Fate::Ignored,
        };
        let flight = self.land(&letter).unwrap_or_else(|| {
            let stray = self.set_out(letter.clone(), None, None, event.at);
            self.land(&letter);
            self.flights[stray - self.forgotten].is_stray = true;
            stray
        });
        let place = flight - self.forgotten;
        let late = fate != Fate::Lost && event.at - self.sent_at[place] > DELIVER;
        let way = &mut self.flights[place];
        (way.ended, way.fate, way.late) = (Some(index), fate, late);
        Some(flight)
    }

    /// All flights, in the order in which they set out.
    #[must_use]
    pub fn into_flights(self) -> Vec<Flight> {
        self.flights.into()
    }

    /// A flight so far; `None` if it is forgotten.
    #[must_use]
    pub fn get(&self, flight: usize) -> Option<&Flight> {
        self.flights.get(flight.checked_sub(self.forgotten)?)
    }

    /// Forgets all but the last flights, for those who watch a long sitting: a letter that comes
    /// after that comes from nowhere.
    pub fn forget(&mut self) {
        let excess = self.flights.len().saturating_sub(REMEMBERED);
        self.flights.drain(..excess);
        self.sent_at.drain(..excess);
        self.forgotten += excess;
        let first = self.forgotten;
        self.sent_last.retain(|_, flight| *flight >= first);
        self.under_way.retain(|_, flights| {
            flights.retain(|flight| *flight >= first);
            !flights.is_empty()
        });
    }

    /// Begins to count anew: only letters under way are remembered, as if they came from nowhere.
    pub fn begin_window(&mut self) {
        let under_way = std::mem::take(&mut self.under_way);
        let mut kept: Vec<(usize, Letter)> = under_way
            .into_iter()
            .flat_map(|(letter, flights)| flights.into_iter().map(move |at| (at, letter.clone())))
            .collect();
        kept.sort_by_key(|(at, _)| *at);
        let old = std::mem::take(self);
        for (at, letter) in kept {
            let Some(place) = at.checked_sub(old.forgotten) else { continue };
            let Some(flight) = old.flights.get(place) else { continue };
            let index = self.set_out(letter, None, None, old.sent_at[place]);
            self.flights[index].late = flight.late;
        }
    }

    /// Takes the oldest flight of this letter that is still under way.
    fn land(&mut self, letter: &Letter) -> Option<usize> {
        let flights = self.under_way.get_mut(letter)?;
        let oldest = flights.pop_front();
        if flights.is_empty() {
            self.under_way.remove(letter);
        }
        oldest
    }

    fn set_out(
        &mut self,
        letter: Letter,
        sent: Option<usize>,
        repeated: Option<usize>,
        at: Minutes,
    ) -> usize {
        let (from, to, message) = letter.clone();
        let index = self.forgotten + self.flights.len();
        self.flights.push_back(Flight {
            from,
            to,
            message,
            sent,
            ended: None,
            fate: Fate::UnderWay,
            repeated,
            late: false,
            is_stray: false,
        });
        self.sent_at.push_back(at);
        self.under_way.entry(letter.clone()).or_default().push_back(index);
        self.sent_last.insert(letter, index);
        index
    }
}
