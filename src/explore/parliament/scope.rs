//! How much of the Parliament's world is searched.

use std::sync::Arc;

use super::super::scope::{Scope as Synod, ScopeError};
use crate::words::{Decree, DecreeNumber, Founding, Name};

/// The most petitions: as many as there are decrees below.
pub const MOST_PETITIONS: usize = 3;

const PETITIONS: [&str; MOST_PETITIONS] = [
    "The olive tax is 3 drachmas per ton",
    "Lamps must use only olive oil",
    "Painting on temple walls is forbidden",
];

/// How much is searched.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Scope {
    /// How many legislators there are.
    pub legislators: usize,
    /// How many ballots are tried in all.
    pub tries: u8,
    /// How many petitions there are. Any legislator who presides may read any of them, and again.
    pub petitions: usize,
    /// What the first petition asks for, if not one of the paper's decrees.
    pub first: Option<&'static str>,
    /// The largest decree number that is ever begun.
    pub numbers: DecreeNumber,
    /// How many times in all a legislator may leave, or lose power, and return to his ledger.
    pub restarts: u8,
}

impl Scope {
    /// This scope, if a state has room for it.
    ///
    /// # Errors
    /// [`ScopeError::OutOfBounds`].
    pub fn checked(self) -> Result<Scope, ScopeError> {
        let bound = |what, given, most| {
            let sound = (1..=most).contains(&given);
            if sound { Ok(()) } else { Err(ScopeError::OutOfBounds { what, most, given }) }
        };
        bound("legislators", self.legislators, super::super::scope::MOST_PRIESTS)?;
        bound("petitions", self.petitions, MOST_PETITIONS)?;
        Ok(self)
    }

    /// The founding decree that seats the legislators, each with the same weight; α is the paper's.
    #[must_use]
    pub fn founding(&self) -> Arc<Founding> {
        let (priests, ballots, decrees, restarts) = (self.legislators, 1, 1, 0);
        Arc::new(Synod { priests, ballots, decrees, restarts }.founding())
    }

    /// The orders in which legislators may try their ballots, by index.
    #[must_use]
    pub fn rolls(&self) -> Vec<Vec<usize>> {
        (0..self.tries).fold(vec![Vec::new()], |rolls: Vec<Vec<usize>>, _| {
            let longer = |roll: &Vec<usize>| {
                let roll = roll.clone();
                (0..self.legislators).map(move |who| [roll.clone(), vec![who]].concat())
            };
            rolls.iter().flat_map(longer).collect()
        })
    }

    /// The citizen whose petitions these are.
    #[must_use]
    pub fn citizen(&self) -> Option<Name> {
        Name::new("Dolf").ok()
    }

    /// The petitions.
    #[must_use]
    pub fn petitions(&self) -> Vec<Decree> {
        let texts = self.first.into_iter().chain(PETITIONS).take(self.petitions);
        let petition = |(text, id): (&str, usize)| {
            Decree::new(text).and_then(|decree| decree.petitioned(&format!("Dolf/{id}"))).ok()
        };
        texts.zip(1..).filter_map(petition).collect()
    }
}
