//! How much of the Parliament's world is searched.

use std::sync::Arc;

use super::super::scope::{MOST_BALLOTS, MOST_PRIESTS, Scope, ScopeError};
use crate::creeds::Custom;
use crate::invariants::Invariant;
use crate::words::{Decree, DecreeNumber, Founding, Name};

/// The most petitions: as many as there are decrees below.
pub const MOST_PETITIONS: usize = 3;

const PETITIONS: [&str; MOST_PETITIONS] = [
    "The olive tax is 3 drachmas per ton",
    "Lamps must use only olive oil",
    "Painting on temple walls is forbidden",
];

/// A search of the Parliament: how much of it, and for what.
#[derive(Clone)]
pub struct ParliamentSearch<'a> {
    /// How many legislators there are, how many ballots they try in all, how many petitions there
    /// are, and how many times in all a legislator may leave, or lose power, and return. Any
    /// legislator who presides may read any petition, and again.
    pub scope: Scope,
    /// The largest decree number that is ever begun.
    pub numbers: DecreeNumber,
    /// The text of the first petition, if not one of the paper's decrees.
    pub first: Option<&'static str>,
    /// How the legislators behave.
    pub custom: &'a dyn Custom,
    /// The rules to watch for.
    pub watch: Vec<Invariant>,
}

impl ParliamentSearch<'_> {
    /// Whether this is a search that can be made.
    ///
    /// # Errors
    /// [`ScopeError::OutOfBounds`].
    pub fn check(&self) -> Result<(), ScopeError> {
        ScopeError::within("legislators", self.scope.priests, MOST_PRIESTS)?;
        ScopeError::within("ballots", self.scope.ballots, MOST_BALLOTS)?;
        ScopeError::within("petitions", self.scope.decrees, MOST_PETITIONS)
    }

    /// The founding decree that seats the legislators, each with the same weight; α is the paper's.
    #[must_use]
    pub fn founding(&self) -> Arc<Founding> {
        Arc::new(self.scope.founding())
    }

    /// The orders in which legislators may try their ballots, by index.
    #[must_use]
    pub fn rolls(&self) -> Vec<Vec<usize>> {
        self.scope.rolls(false)
    }

    /// The citizen whose petitions these are.
    #[must_use]
    pub fn citizen(&self) -> Option<Name> {
        Name::ours("Dolf").ok()
    }

    /// The petitions.
    #[must_use]
    pub fn petitions(&self) -> Vec<Decree> {
        let texts = self.first.into_iter().chain(PETITIONS).take(self.scope.decrees);
        let petition = |(text, id): (&str, usize)| {
            Decree::new(text).and_then(|decree| decree.petitioned(&format!("Dolf/{id}"))).ok()
        };
        texts.zip(1..).filter_map(petition).collect()
    }
}
