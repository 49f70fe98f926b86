//! The law on each matter. `[PTP §3.3.2]`
//!
//! "To learn the current olive tax, one looked in the law book under taxes." A matter has its value
//! and the number of the decree that set it. Older values are only in the decrees.

use std::collections::BTreeMap;
use std::ops::Bound;

use serde::Serialize;

use super::phrase::Phrase;
use crate::words::DecreeNumber;

/// The law on one matter.
#[derive(Clone, PartialEq, Eq, Debug, Hash, Serialize)]
pub struct Statute {
    /// The value, such as `3 drachmas per ton`.
    pub value: Phrase,
    /// The decree that set this value.
    pub since: DecreeNumber,
    /// The last decree with this value; later than `since` if the law was restated. `[PTP §3.3.5]`
    pub declared: DecreeNumber,
}

/// All matters on which there is a law, in alphabetical order.
#[derive(Clone, PartialEq, Eq, Debug, Default, Hash)]
pub struct Matters(BTreeMap<Phrase, Statute>);

impl Matters {
    /// The law on a matter.
    #[must_use]
    pub fn get(&self, matter: &Phrase) -> Option<&Statute> {
        self.0.get(matter)
    }

    /// Every matter with the law on it, in alphabetical order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Phrase, &Statute)> {
        self.0.iter()
    }

    /// The matter after this one in alphabetical order, and the first after the last. Parliament
    /// restates its laws in this order. `[PTP §3.3.5]`
    #[must_use]
    pub fn after(&self, matter: Option<&Phrase>) -> Option<(&Phrase, &Statute)> {
        let later = |than| self.0.range::<Phrase, _>((Bound::Excluded(than), Bound::Unbounded));
        matter.and_then(|matter| later(matter).next()).or_else(|| self.0.first_key_value())
    }

    /// Sets the law on a matter by decree `number`, and returns the law before.
    pub(super) fn declare(
        &mut self,
        number: DecreeNumber,
        matter: Phrase,
        value: Phrase,
    ) -> Option<Statute> {
        let was = self.0.get(&matter);
        let since = was.filter(|was| was.value == value).map_or(number, |was| was.since);
        self.0.insert(matter, Statute { value, since, declared: number })
    }

    /// Removes the law on a matter, and returns it.
    pub(super) fn repeal(&mut self, matter: &Phrase) -> Option<Statute> {
        self.0.remove(matter)
    }
}
