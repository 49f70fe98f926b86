//! The ballots that rows name, each kept once, those that a row begins with their quorums.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::words::{BallotNumber, Name};

/// A ballot as a row names it: its number, if the row says which, and its quorum, which is empty
/// but where the row begins it.
type Naming = (Option<BallotNumber>, Arc<BTreeSet<Name>>);

/// Ballots as rows name them, each kept once.
#[derive(Debug, Default)]
pub(super) struct Named {
    list: Vec<Naming>,
    ids: BTreeMap<Naming, u32>,
}

impl Named {
    /// The id of a ballot that is named after the one of `last`, likely the same again.
    pub fn id_after(
        &mut self,
        last: u32,
        number: Option<BallotNumber>,
        quorum: Option<&Arc<BTreeSet<Name>>>,
    ) -> u32 {
        let is_same = |(its_number, its_quorum): &Naming| {
            *its_number == number
                && quorum.map_or(its_quorum.is_empty(), |quorum| {
                    Arc::ptr_eq(its_quorum, quorum) || its_quorum == quorum
                })
        };
        match self.list.get(last as usize).is_some_and(is_same) {
            true => last,
            false => self.id((number, quorum.cloned().unwrap_or_default())),
        }
    }

    fn id(&mut self, naming: Naming) -> u32 {
        let new = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        let id = *self.ids.entry(naming.clone()).or_insert(new);
        if id == new {
            self.list.push(naming);
        }
        id
    }

    /// All ids, in order.
    pub fn ids(&self) -> impl Iterator<Item = u32> + use<> {
        0..u32::try_from(self.list.len()).unwrap_or(u32::MAX)
    }

    pub fn number(&self, id: u32) -> Option<BallotNumber> {
        self.list[id as usize].0
    }

    pub fn quorum(&self, id: u32) -> &BTreeSet<Name> {
        &self.list[id as usize].1
    }

    /// Keeps all of another list too; returns the id that each has here.
    pub fn join(&mut self, other: Named) -> Vec<u32> {
        other.list.into_iter().map(|naming| self.id(naming)).collect()
    }
}
