//! What a priest of the Synod did on other numbers, when he sat in the Parliament. `[PTP §3.1]`
//!
//! One promise holds for every number, so whoever asks for it must hear of all votes that may bind
//! him (B3), whether the Synod has a use for them or not.

use std::collections::BTreeMap;

use super::deed::Entry;
use crate::words::ballot::SYNODS_DECREE;
use crate::words::ballot::{DecreeNumber, Vote};
use crate::words::name::Name;
use crate::words::step::Guard;

/// His last votes on other numbers than the Synod's, and whether he still knows them all.
#[derive(Clone, PartialEq, Eq, Debug, Default, Hash)]
pub(super) struct Elsewhere {
    votes: BTreeMap<DecreeNumber, Vote>,
    has_law_book: bool,
}

impl Elsewhere {
    /// Takes down a row of his ledger, if it speaks of another number.
    pub fn take_down(&mut self, priest: Name, row: &Entry) {
        match row {
            Entry::PrevVote { number, ballot, decree } if *number != SYNODS_DECREE => {
                let vote = Vote { priest, ballot: *ballot, decree: decree.clone() };
                self.votes.insert(*number, vote);
            }
            Entry::Book(_) => self.has_law_book = true,
            _ => {}
        }
    }

    /// Whether he may promise: in a law book the votes on what is law are crossed out, so
    /// its owner could not tell them. `[PTP §3.3.2]`
    ///
    /// # Errors
    /// The guard that fails.
    pub fn allow_to_speak(&self) -> Result<(), Guard> {
        if self.has_law_book { Err(Guard::InLawBook) } else { Ok(()) }
    }

    /// His votes, by number.
    pub fn votes(&self) -> impl Iterator<Item = (DecreeNumber, &Vote)> + Clone {
        self.votes.iter().map(|(&number, vote)| (number, vote))
    }
}
