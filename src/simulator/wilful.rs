//! A priest of the basic protocol, who tries and begins ballots when it pleases him. `[PTP §2.3]`
//!
//! "The basic protocol says what a priest *may* do." He keeps no hourglass and defers to nobody,
//! skips ballot numbers, begins a ballot late or with another wish; what he does with a letter is
//! what [`crate::creeds::conduct`] has him do. He may hold a heresy.

use crate::chance::Chance;
use crate::creeds::Creed;
use crate::creeds::{Event, act};
use crate::synod::{Deed, Mortal, Priest, Status};
use crate::words::step::{Act, Guard, Step};
use crate::words::{BallotNumber, Decree, DecreeNumber, Entry, Message, Minutes, Name};

/// The decree that a priest of the Synod wishes for.
#[must_use]
pub fn wish_of(name: Name) -> Option<Decree> {
    Decree::new(&format!("The sale of {name}'s goats is permitted")).ok()
}

/// A priest who does as he pleases.
pub struct Wilful {
    priest: Priest,
    creed: &'static dyn Creed,
    chance: Chance,
    /// When he next does something of his own accord.
    whim: Minutes,
    /// How long he rests between two whims, at most.
    rest: Minutes,
}

/// By how much at most he goes beyond the least number he may try.
const LONGEST_SKIP: u64 = 3;

impl Wilful {
    /// A priest who holds this creed.
    #[must_use]
    pub fn new(priest: Priest, creed: &'static dyn Creed, mut chance: Chance) -> Wilful {
        let rest = Minutes::whole(2 << chance.below(6));
        Wilful { priest, creed, chance, whim: Minutes::ZERO, rest }
    }

    /// The priest.
    #[must_use]
    pub fn priest(&self) -> &Priest {
        &self.priest
    }

    fn wait_for_a_whim(&mut self, now: Minutes) {
        self.whim = now + Minutes::thousandths(1 + self.chance.below(self.rest.in_thousandths()));
    }

    /// A ballot of his own that he has not tried; it may be below others that he has heard of.
    fn fresh_ballot(&mut self) -> BallotNumber {
        let notes = self.priest.notes();
        let floor = if self.chance.below(2) == 0 { notes.largest() } else { notes.last_tried() };
        let round = floor.map_or(0, |ballot| ballot.round);
        BallotNumber {
            round: round + 1 + self.chance.below(LONGEST_SKIP),
            owner: self.priest.name(),
        }
    }

    /// The wish of one of three.
    fn wish(&mut self) -> Option<Decree> {
        let which = self.chance.below(3) as usize;
        wish_of(self.priest.members().names().cycle().nth(which)?)
    }

    fn please_himself(&mut self) -> Deed {
        let is_trying = matches!(self.priest.status(), Status::Trying { .. });
        let begins = self.chance.below(8) < if is_trying { 7 } else { 2 };
        let event = match (begins, self.wish()) {
            (true, Some(wish)) => Event::Begin(wish),
            _ => Event::Try(self.fresh_ballot()),
        };
        act(&mut self.priest, &event, self.creed).unwrap_or_default()
    }

    fn ignore(&self, message: &Message, from: Name, guard: Guard) -> Deed {
        let (kind, ballot) = (message.kind(), message.ballot());
        let act = Act::Ignores { message: kind, from, ballot, guard };
        let steps = vec![Step { priest: self.priest.name(), act }];
        Deed::foreign(Vec::new(), Vec::new(), [], steps)
    }
}

impl Mortal for Wilful {
    fn name(&self) -> Name {
        self.priest.name()
    }

    fn enter(&mut self, now: Minutes) -> Deed {
        self.leave();
        self.wait_for_a_whim(now);
        Deed::foreign(vec![Entry::Entered], Vec::new(), [], Vec::new())
    }

    fn receive(&mut self, _: Minutes, from: Name, message: Message) -> Deed {
        if let Err(impostor) = message.could_pass(from, self.name()) {
            return self.ignore(&message, from, Guard::Forged(impostor));
        }
        let read = Event::Read { from, message: message.clone() };
        match act(&mut self.priest, &read, self.creed) {
            Ok(deed) => deed,
            Err(guard) => self.ignore(&message, from, guard),
        }
    }

    fn look_at_hourglass(&mut self, now: Minutes) -> Deed {
        if now < self.whim {
            return Deed::nothing();
        }
        self.wait_for_a_whim(now);
        self.please_himself()
    }

    fn alarm(&self) -> Option<Minutes> {
        Some(self.whim)
    }

    fn leave(&mut self) {
        self.priest.forget();
    }

    fn outcome(&self, number: DecreeNumber) -> Option<&Decree> {
        self.priest.outcome().filter(|_| number == crate::words::ballot::SYNODS_DECREE)
    }
}
