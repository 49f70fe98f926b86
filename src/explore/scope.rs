//! How much of the world is searched, and which worlds differ only by names.

use std::sync::Arc;

use crate::words::members::PAPERS_ALPHA;
use crate::words::{BallotNumber, Decree, Founding, Membership, Name};

/// The most priests a search takes: as many as a state has room for.
pub const MOST_PRIESTS: usize = 5;
/// The most ballot numbers.
pub const MOST_BALLOTS: usize = 6;
/// The most decrees.
pub const MOST_DECREES: usize = 4;

const PRIESTS: [&str; MOST_PRIESTS] = ["Dwork", "Fischer", "Gray", "Lynch", "Oki"];
const DECREES: [&str; MOST_DECREES] = ["α", "β", "γ", "δ"];

/// How much is searched.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Scope {
    /// How many priests there are.
    pub priests: usize,
    /// How many ballot numbers there are in all. Only their order matters and a number is tried
    /// once, so these are the runs of that many tries, numbers skipped at will.
    pub ballots: usize,
    /// How many decrees presidents may wish for.
    pub decrees: usize,
    /// How many times in all a priest may leave, or lose power, and return to his ledger.
    pub restarts: u16,
}

/// Why a scope cannot be searched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScopeError {
    /// A number is out of bounds.
    #[error("a search takes 1 to {most} {what}, and {given} were asked for")]
    OutOfBounds {
        /// The kind of number.
        what: &'static str,
        /// The most.
        most: usize,
        /// The number asked for.
        given: usize,
    },
    /// More than 128 different letters, or more rows or situations than a state has room for.
    #[error(
        "this scope has more {what} than a state has room for ({most}); try fewer ballots or priests"
    )]
    TooMany {
        /// The kind of number.
        what: &'static str,
        /// The most.
        most: usize,
    },
}

impl ScopeError {
    /// An error unless `given` is 1 to `most`.
    pub(super) fn within(what: &'static str, given: usize, most: usize) -> Result<(), ScopeError> {
        let is_sound = (1..=most).contains(&given);
        if is_sound { Ok(()) } else { Err(ScopeError::OutOfBounds { what, most, given }) }
    }
}

impl Scope {
    /// This scope, if a state has room for it.
    ///
    /// # Errors
    /// [`ScopeError::OutOfBounds`].
    pub fn checked(self) -> Result<Scope, ScopeError> {
        ScopeError::within("priests", self.priests, MOST_PRIESTS)?;
        ScopeError::within("ballots", self.ballots, MOST_BALLOTS)?;
        ScopeError::within("decrees", self.decrees, MOST_DECREES)?;
        Ok(self)
    }

    /// The priests, each with the same weight.
    #[must_use]
    pub fn members(&self) -> Arc<Membership> {
        Arc::new(self.founding().membership)
    }

    /// The founding decree that seats them.
    #[must_use]
    #[expect(clippy::missing_panics_doc, reason = "as its own reason says")]
    pub fn founding(&self) -> Founding {
        let names = PRIESTS[..self.priests].iter().filter_map(|name| Name::ours(name).ok());
        let founding = Founding::new(names.map(|name| (name, 1)), PAPERS_ALPHA);
        founding.expect("the names above are names, and different ones")
    }

    /// The decrees.
    #[must_use]
    pub fn wishes(&self) -> Vec<Decree> {
        DECREES[..self.decrees].iter().filter_map(|text| Decree::new(text).ok()).collect()
    }

    /// The ways in which the ballot numbers may belong to priests, by index.
    ///
    /// With `symmetry`, only those in which the owners appear in alphabetical order: names enter
    /// the protocol only by comparing ballot numbers, whose integers differ here, so every run is
    /// one of these with the priests' names exchanged.
    #[must_use]
    pub fn rolls(&self, symmetry: bool) -> Vec<Vec<usize>> {
        let all = (0..self.ballots).fold(vec![Vec::new()], |rolls: Vec<Vec<usize>>, _| {
            let longer = |roll: &Vec<usize>| {
                let roll = roll.clone();
                (0..self.priests).map(move |owner| [roll.clone(), vec![owner]].concat())
            };
            rolls.iter().flat_map(longer).collect()
        });
        let in_order = |roll: &Vec<usize>| {
            !symmetry || appears_in_order(roll.iter().map(|&owner| Some(owner)))
        };
        all.into_iter().filter(in_order).collect()
    }

    /// The ballot numbers in a world in which `roll` says who owns which.
    #[must_use]
    pub fn numbers(&self, roll: &[usize], same_integer: bool) -> Vec<BallotNumber> {
        let names: Vec<Name> = self.members().names().collect();
        let round = |at: usize| if same_integer { 1 } else { at as u64 + 1 };
        roll.iter()
            .enumerate()
            .map(|(at, &owner)| BallotNumber { round: round(at), owner: names[owner] })
            .collect()
    }
}

/// Whether each label is at most one above all before it, or can still come to be so once the
/// labels that are open are filled in.
///
/// Things that are only told apart, never ordered, may exchange their labels; of all worlds that
/// differ by such an exchange this picks one.
pub fn appears_in_order(labels: impl IntoIterator<Item = Option<usize>>) -> bool {
    let mut fresh = 0;
    labels.into_iter().all(|label| match label {
        Some(label) => {
            let fits = label <= fresh;
            fresh = fresh.max(label + 1);
            fits
        }
        None => {
            fresh += 1;
            true
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_numbers_have_owners_in_five_ways_up_to_names() {
        let scope = Scope { priests: 3, ballots: 3, decrees: 2, restarts: 0 };
        assert_eq!(scope.rolls(false).len(), 27);
        let expected: [[usize; 3]; 5] = [[0, 0, 0], [0, 0, 1], [0, 1, 0], [0, 1, 1], [0, 1, 2]];
        assert_eq!(scope.rolls(true), expected.map(Vec::from));
    }

    #[test]
    fn an_open_label_may_still_be_the_first_of_its_kind() {
        assert!(appears_in_order([None, Some(1)]));
        assert!(!appears_in_order([Some(1), None]));
    }
}
