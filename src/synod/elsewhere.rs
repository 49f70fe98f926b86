//! The votes in a priest's ledger for other numbers than the Synod's one decree. `[PTP §3.1]`
//!
//! A ledger may have served for many decrees, and one promise holds for every number. So a president
//! who asks for the promise must hear of all votes that may bind him (B3), also of those that the
//! Synod does not use.

use std::collections::BTreeMap;

use crate::words::Entry;
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
    /// Keeps a vote of his ledger, if it is for another number, and notes a law book.
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

    /// Checks whether he may promise: in a law book the votes on passed decrees are crossed out, so
    /// its owner could not report them. `[PTP §3.3.2]`
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
