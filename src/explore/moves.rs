//! Events and what comes of them, in numbers.

use super::letters::LetterSet;
use super::pages::Power;
use super::world::{OWN, RETURN};

/// Not yet asked for.
pub(super) const UNASKED: u32 = u32::MAX;
/// Nothing comes of it.
pub(super) const NOTHING: u32 = u32::MAX - 1;

/// An event and the power, in one number: the events of a priest's own, then the letters; twice.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct Code(pub(super) u32);

impl Code {
    pub(super) fn own(own: u32) -> Code {
        Code(own * 2)
    }
    pub(super) fn reading(letter: u32) -> Code {
        Code((OWN + letter) * 2)
    }
    /// The same event, and the power fails.
    pub(super) fn in_the_dark(self) -> Code {
        Code(self.0 | 1)
    }
    pub(super) fn power(self) -> Power {
        if self.0 & 1 == 0 { Power::Holds } else { Power::Fails }
    }
    /// 1 where the power fails.
    pub(super) fn darkness(self) -> usize {
        (self.0 & 1) as usize
    }
    pub(super) fn event(self) -> u32 {
        self.0 / 2
    }
    pub(super) fn is_reading(self) -> bool {
        self.event() >= OWN
    }
    /// Whether a return is part of it.
    pub(super) fn returns(self) -> bool {
        self.event() == RETURN || self.power() == Power::Fails
    }
}

/// The result of an event in a situation, in numbers.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) after: u32,
    pub(super) letters: LetterSet,
    pub(super) sighting: u32,
    pub(super) sights: u16,
    pub(super) tries: u16,
    pub(super) is_quiet: bool,
}

/// The result of an event at a priest's position.
#[derive(Clone, Copy)]
pub(super) struct Move {
    /// Where he stands then.
    pub(super) position: u32,
    /// The number of what the gods saw; 0 if nothing.
    pub(super) sighting: u32,
    pub(super) sights: u16,
    pub(super) tries: u16,
    pub(super) returns: bool,
    /// Whether it is a letter read that changes his slip alone.
    pub(super) is_quiet: bool,
}
