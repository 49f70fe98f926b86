//! Events and what comes of them, in numbers.

use super::letters::LetterSet;
use super::pages::Power;
use super::world::{OWN, RETURN};

/// The answer that was not asked for yet.
pub(super) const UNASKED: u32 = u32::MAX;
/// The answer that nothing comes of it.
pub(super) const NOTHING: u32 = u32::MAX - 1;

/// An event and the power, in one number: the events of a priest's own, then the letters; twice.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct Code(pub(super) u32);

impl Code {
    pub(super) fn own(own: u32) -> Code {
        debug_assert!(own < OWN);
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
    /// The letter read while the power holds, if it is such an event.
    pub(super) fn letter(self) -> Option<u32> {
        (self.is_reading() && self.power() == Power::Holds).then(|| self.event() - OWN)
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
    pub(super) tries: u8,
    pub(super) is_quiet: bool,
}

/// The result of an event at a priest's position.
#[derive(Clone, Copy)]
pub(super) struct Move {
    pub(super) code: Code,
    /// Where he stands then.
    pub(super) position: u32,
    /// The number of what the gods saw; 0 if nothing.
    pub(super) sighting: u32,
    pub(super) sights: u16,
    pub(super) tries: u8,
    /// Whether it is a letter read that changes his slip alone.
    pub(super) is_quiet: bool,
}

/// Moves, each of a higher code than the one before, gone through once.
pub(super) struct InOrder<'a>(pub(super) &'a [Move]);

impl<'a> InOrder<'a> {
    /// The move of this code. The code asked for next must be higher.
    pub(super) fn of(&mut self, code: Code) -> Option<&'a Move> {
        while let [first, later @ ..] = self.0 {
            if first.code >= code {
                return (first.code == code).then_some(first);
            }
            self.0 = later;
        }
        None
    }
}

/// How much is known of what comes of an event where a priest stands.
pub(super) enum Comes<'a> {
    /// This.
    Move(&'a Move),
    /// Nothing.
    Nothing,
    /// It has to be found out.
    Unknown,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_are_found_in_the_order_of_their_codes() {
        let by = |code| Move {
            code: Code(code),
            position: code * 10,
            sighting: 0,
            sights: 0,
            tries: 0,
            is_quiet: false,
        };
        let moves = [2, 3, 8, 9].map(by);
        let mut moves = InOrder(&moves);
        let found = [1, 2, 4, 8, 9, 10].map(|code| moves.of(Code(code)).map(|by| by.position));
        assert_eq!(found, [None, Some(20), None, Some(80), Some(90), None]);
    }
}
