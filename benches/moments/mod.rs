//! The moments of a ballot, by the machine's own clock.
//!
//! Each mortal is followed by one who looks at a clock when the mortal has acted, before his ink
//! and his letters: so a stretch begins with the writing of its first row.

use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use parliament::synod::{Decree, DecreeNumber, Deed, Message, Minutes, Mortal, Name};
use parliament::words::step::Act;

/// Longer than any ballot takes.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// A moment in the course of a ballot.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Moment {
    /// The president has tried a ballot; NextBallot is not yet inked or sent.
    Tried,
    /// He has begun it; BeginBallot is not yet inked or sent.
    Begun,
    /// He holds Voted from every member of the quorum.
    Decided,
    /// Another has read Success: nothing more is to come for him.
    Heard,
}

/// Looks at the clock when a mortal has acted.
pub struct Timed<M> {
    mortal: M,
    moments: Sender<(Moment, Instant)>,
    /// Those of a ballot under way: to tell of them wakes the thread that waits for them, which is
    /// no part of the ballot.
    untold: Vec<(Moment, Instant)>,
}

impl<M> Timed<M> {
    pub fn new(mortal: M, moments: Sender<(Moment, Instant)>) -> Timed<M> {
        Timed { mortal, moments, untold: Vec::new() }
    }

    fn note(&mut self, moment: Moment) {
        self.untold.push((moment, Instant::now()));
        if matches!(moment, Moment::Decided | Moment::Heard) {
            for told in self.untold.drain(..) {
                // A thread that no longer waits for the moments does not need them.
                let _ = self.moments.send(told);
            }
        }
    }

    fn note_acts(&mut self, deed: Deed) -> Deed {
        for step in deed.steps() {
            match step.act {
                Act::Tries { .. } => self.note(Moment::Tried),
                Act::Begins { .. } => self.note(Moment::Begun),
                Act::Passes { .. } => self.note(Moment::Decided),
                _ => {}
            }
        }
        deed
    }
}

impl<M: Mortal> Mortal for Timed<M> {
    fn name(&self) -> Name {
        self.mortal.name()
    }

    fn enter(&mut self, now: Minutes) -> Deed {
        let deed = self.mortal.enter(now);
        self.note_acts(deed)
    }

    fn receive(&mut self, now: Minutes, from: Name, message: Message) -> Deed {
        let is_success = matches!(message, Message::Success { .. });
        let deed = self.mortal.receive(now, from, message);
        if is_success {
            self.note(Moment::Heard);
        }
        self.note_acts(deed)
    }

    fn look_at_hourglass(&mut self, now: Minutes) -> Deed {
        let deed = self.mortal.look_at_hourglass(now);
        self.note_acts(deed)
    }

    fn alarm(&self) -> Option<Minutes> {
        self.mortal.alarm()
    }

    fn open_at_once(&self) -> u64 {
        self.mortal.open_at_once()
    }

    fn leave(&mut self) {
        self.mortal.leave();
    }

    fn outcome(&self, number: DecreeNumber) -> Option<&Decree> {
        self.mortal.outcome(number)
    }
}
