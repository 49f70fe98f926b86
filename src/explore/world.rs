//! The questions that the search asks of a world, of the Synod or of the Parliament.

use std::hash::Hash;

use super::conduct::Upshot;
use super::pages::Power;
use super::scope::{Scope, ScopeError};
use super::story::Chapter;
use crate::creeds::Event;
use crate::invariants::{Breach, Invariant};
use crate::synod::Letter;
use crate::words::{Entry, Founding, Message, Name};

/// A search: its worlds differ by who tries which ballot.
pub trait Worlds {
    /// One of them.
    type World<'a>: World
    where
        Self: 'a;

    /// All of them, in the order in which they are searched.
    ///
    /// # Errors
    /// [`ScopeError`] when the scope is out of bounds.
    fn worlds(&self) -> Result<Vec<Self::World<'_>>, ScopeError>;
}

/// An event that a letter does not bring, by number: below [`OWN`].
pub type Own = u32;

/// The return of a priest to his ledger.
pub const RETURN: Own = 15;
/// How many numbers there are for events of a priest's own.
pub const OWN: u32 = 16;

/// The acts that a priest may start himself.
#[derive(Clone, Debug, Default)]
pub struct Accord {
    /// The first of his acts, which do not depend on what he has read.
    pub first: Vec<Own>,
    /// His acts that depend on what he has read.
    pub upon_reading: Vec<Own>,
    /// The last of his acts, which do not depend on what he has read.
    pub last: Vec<Own>,
}

impl Accord {
    /// These acts, without a return where nobody may return.
    pub(super) fn with_returns(mut self, may_return: bool) -> Accord {
        for acts in [&mut self.first, &mut self.upon_reading, &mut self.last] {
            acts.retain(|&own| own != RETURN || may_return);
        }
        self
    }
}

/// A priest has a ballot under way.
pub const BUSY: u8 = 1;
/// A priest collects promises.
pub const TRYING: u8 = 1 << 1;
/// The priest's ledger has a decree.
pub const KNOWS: u8 = 1 << 2;

/// A ballot was begun for a decree that B3 demanded.
pub const ADOPTED: u16 = 1;
/// Two ballots of B were successful.
pub const SUCCESSFUL_TWICE: u16 = 1 << 1;
/// A priest voted in two ballots.
pub const VOTED_TWICE: u16 = 1 << 2;
/// A ballot was begun after a higher one.
pub const BEGUN_LATE: u16 = 1 << 3;
/// Power failed, or a priest returned.
pub const RETURNED: u16 = 1 << 4;
/// Two presidents tried or polled at once.
pub const TWO_PRESIDENTS: u16 = 1 << 5;
/// Every ledger had the decree.
pub const ALL_KNOW: u16 = 1 << 6;

/// One world, in which it is settled who tries which ballot.
pub trait World: Send + Sync {
    /// A priest: his ledger, and who he is by it and his slip.
    type Mind: Clone + Eq + Hash + Send + Sync;
    /// The gods' view of a run.
    type History: Clone + Eq + Hash + Default + Send + Sync;

    /// The sights, seen at least once or never: each with its bit.
    const SOMETIMES: &'static [(&'static str, u16)];
    /// Whether a letter under way is judged again whenever B has changed.
    const JUDGES_LETTERS_AGAIN: bool;

    /// How much is searched.
    fn scope(&self) -> Scope;
    /// The rules to watch for.
    fn watch(&self) -> &[Invariant];
    /// The members.
    fn founding(&self) -> Founding;
    /// A priest who enters for the first time.
    fn enter(&self, name: Name) -> Self::Mind;
    /// Letters on their way before anything happens.
    fn on_their_way(&self) -> Vec<(Name, Letter)> {
        Vec::new()
    }
    /// Letters that a priest has sent before anything happens.
    fn sent_before(&self, _name: Name) -> Vec<Letter> {
        Vec::new()
    }
    /// The acts that a priest may start himself when `tries` ballots have been tried.
    fn accord(&self, who: usize, tries: u16) -> Accord;
    /// The event of this number.
    fn own(&self, own: Own) -> Event;
    /// The event that makes this one needless where both come to the same.
    fn made_needless_by(&self, _own: Own) -> Option<Own> {
        None
    }
    /// The result of an event, if it has one.
    fn meet(&self, mind: &Self::Mind, event: &Event, power: Power) -> Option<Upshot<Self::Mind>>;
    /// Whether only what is on a slip differs.
    fn has_same_ledger(&self, one: &Self::Mind, other: &Self::Mind) -> bool;
    /// How many ballots were tried in this, as far as states tell them apart.
    fn tries(&self, _upshot: &Upshot<Self::Mind>) -> u16 {
        0
    }
    /// `BUSY`, `TRYING`, `KNOWS`.
    fn brief(&self, mind: &Self::Mind) -> u8;

    /// Whether a priest reads what changes his slip alone only at the moment when he acts on it.
    fn is_by_deeds(&self) -> bool {
        false
    }
    /// Whether states do not tell apart what no ledger can come to depend on.
    fn forgets_bygones(&self) -> bool {
        false
    }
    /// Whether a letter comes too late to move this priest, now and ever after.
    fn is_bygone(&self, _mind: &Self::Mind, _letter: &Message) -> bool {
        false
    }

    /// The history after `who` was seen to do this, and what happened; `None` where this world
    /// is another one with names exchanged.
    fn see(
        &self,
        before: &Self::History,
        who: Name,
        rows: &[Entry],
    ) -> Option<(Self::History, u16)>;
    /// The breaches in B itself.
    fn judge(&self, history: &Self::History) -> Vec<Breach>;
    /// The breaches between a priest and B.
    fn judge_mind(&self, mind: &Self::Mind, history: &Self::History) -> Vec<Breach>;
    /// The breaches between two priests.
    fn judge_pair(&self, one: &Self::Mind, other: &Self::Mind) -> Vec<Breach>;
    /// The breaches between a letter and B.
    fn judge_letter(&self, from: Name, letter: &Message, history: &Self::History) -> Vec<Breach>;
    /// The breaches between a letter and its sender.
    fn judge_sender(&self, _letter: &Message, _sender: &Self::Mind) -> Vec<Breach> {
        Vec::new()
    }

    /// An event of the shortest run, told.
    fn chapter(&self, mind: &Self::Mind, event: Event, power: Power) -> Chapter;
    /// B at the end of a run: what was seen, event by event.
    fn ballots(&self, seen: &[(Name, Vec<Entry>)]) -> super::story::Ballots;
}
