//! The set of petition ids, which is kept forever in little memory.
//!
//! A citizen counts his petitions: `Dolf/1`, `Dolf/2` and so on. So the ids of a million decrees
//! are a few runs of integers. An id that does not end in an integer is kept as text.

use std::collections::{BTreeMap, BTreeSet};

/// A set of petition ids.
#[derive(Clone, PartialEq, Eq, Debug, Default, Hash)]
pub struct Ids {
    /// The runs of integers, by the text before the integer.
    counted: BTreeMap<Box<str>, Runs>,
    others: BTreeSet<Box<str>>,
}

/// The most digits of a count. An id with more is kept as text, so that no count overflows.
const LONGEST_COUNT: usize = 18;

impl Ids {
    /// Whether the set is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.counted.is_empty() && self.others.is_empty()
    }

    /// Whether the set holds `id`.
    #[must_use]
    pub fn has(&self, id: &str) -> bool {
        match split(id) {
            Some((citizen, count)) => {
                self.counted.get(citizen).is_some_and(|runs| runs.around(count).is_some())
            }
            None => self.others.contains(id),
        }
    }

    /// Adds `id`; false if the set had it before.
    pub fn insert(&mut self, id: &str) -> bool {
        let Some((citizen, count)) = split(id) else {
            return !self.others.contains(id) && self.others.insert(id.into());
        };
        match self.counted.get_mut(citizen) {
            Some(runs) => runs.insert(count),
            None => self.counted.entry(citizen.into()).or_default().insert(count),
        }
    }

    /// Adds every id from the first through the last, as [`Ids::runs`] returns them. An empty
    /// `last` means `first`. `None` if the two are not ends of one run.
    pub(super) fn insert_run(&mut self, first: &str, last: &str) -> Option<()> {
        if last.is_empty() || first == last {
            self.insert(first);
            return Some(());
        }
        let ((before, from), (same, through)) = (split(first)?, split(last)?);
        if before != same || from > through {
            return None;
        }
        self.counted.entry(before.into()).or_default().insert_run(from, through);
        Some(())
    }

    /// All ids as runs: the first and the last id of each.
    pub fn runs(&self) -> impl Iterator<Item = (String, String)> + '_ {
        let counted = self.counted.iter().flat_map(|(before, runs)| {
            let id = move |count: u64| format!("{before}{count}");
            runs.0.iter().map(move |(&first, &last)| (id(first), id(last)))
        });
        counted.chain(self.others.iter().map(|id| (id.to_string(), id.to_string())))
    }

    /// Adds all ids of another set.
    pub fn extend(&mut self, others: &Ids) {
        for (first, last) in others.runs() {
            self.insert_run(&first, &last).unwrap_or_default();
        }
    }

    /// Removes `id`; false if the set did not have it.
    pub fn remove(&mut self, id: &str) -> bool {
        let Some((citizen, count)) = split(id) else { return self.others.remove(id) };
        let Some(runs) = self.counted.get_mut(citizen) else { return false };
        let was_there = runs.remove(count);
        if runs.0.is_empty() {
            self.counted.remove(citizen);
        }
        was_there
    }
}

/// Runs of integers that do not touch: the last integer of each, by its first.
#[derive(Clone, PartialEq, Eq, Debug, Default, Hash)]
struct Runs(BTreeMap<u64, u64>);

impl Runs {
    /// The last run that begins at or below this integer.
    fn up_to(&self, count: u64) -> Option<(u64, u64)> {
        self.0.range(..=count).next_back().map(|(&first, &last)| (first, last))
    }

    /// The run that holds this integer.
    fn around(&self, count: u64) -> Option<(u64, u64)> {
        self.up_to(count).filter(|&(_, last)| count <= last)
    }

    /// Adds an integer; false if it was there.
    fn insert(&mut self, count: u64) -> bool {
        let below = self.up_to(count);
        if below.is_some_and(|(_, last)| count <= last) {
            return false;
        }
        let last = self.0.remove(&(count + 1)).unwrap_or(count);
        let touching = below.filter(|&(_, last)| last + 1 == count);
        self.0.insert(touching.map_or(count, |(first, _)| first), last);
        true
    }

    /// Adds a run, which becomes one with those that it touches.
    fn insert_run(&mut self, mut first: u64, mut last: u64) {
        while let Some(other) = self.up_to(last + 1).filter(|other| other.1 + 1 >= first) {
            self.0.remove(&other.0);
            (first, last) = (first.min(other.0), last.max(other.1));
        }
        self.0.insert(first, last);
    }

    /// Removes an integer; false if it was not there.
    fn remove(&mut self, count: u64) -> bool {
        let Some((first, last)) = self.around(count) else { return false };
        self.0.remove(&first);
        if first < count {
            self.0.insert(first, count - 1);
        }
        if count < last {
            self.0.insert(count + 1, last);
        }
        true
    }
}

/// Splits an id into the text before its last integer and that integer. Only the shortest form is a
/// count, because `Dolf/03` is not `Dolf/3`.
fn split(id: &str) -> Option<(&str, u64)> {
    let last = id.bytes().rposition(|byte| !byte.is_ascii_digit());
    let (citizen, digits) = id.split_at(last.map_or(0, |last| last + 1));
    let digits = digits.as_bytes();
    let shortest = digits == b"0" || digits.first() != Some(&b'0');
    let counts = shortest && (1..=LONGEST_COUNT).contains(&digits.len());
    let add = |count: u64, digit: &u8| 10 * count + u64::from(digit - b'0');
    counts.then(|| (citizen, digits.iter().fold(0, add)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn runs_hold_the_same_ids_as_a_plain_set(
            moves in proptest::collection::vec((0..3u8, 0..2u8, 0..12u64), 0..80)
        ) {
            let (mut ids, mut plain) = (Ids::default(), BTreeSet::new());
            for (what, citizen, count) in moves {
                let id = format!("{}/{count}", ["Dolf", "Skeen"][usize::from(citizen)]);
                if what == 0 {
                    prop_assert_eq!(ids.remove(&id), plain.remove(&id));
                } else {
                    prop_assert_eq!(ids.insert(&id), plain.insert(id));
                }
                for count in 0..12 {
                    let id = format!("Dolf/{count}");
                    prop_assert_eq!(ids.has(&id), plain.contains(&id));
                }
            }
        }
    }

    proptest! {
        #[test]
        fn runs_written_down_and_read_back_are_the_same_ids(
            ids in proptest::collection::vec((0..3u8, 0..14u64), 0..40),
            more in (0..14u64, 0..14u64)
        ) {
            let mut set = Ids::default();
            for (citizen, count) in ids {
                set.insert(&format!("{}{count}", ["Dolf/", "Skeen-", "x/0"][usize::from(citizen)]));
            }
            let mut again = Ids::default();
            again.extend(&set);
            prop_assert_eq!(&again, &set);
            let (first, last) = (more.0.min(more.1), more.0.max(more.1));
            again.insert_run(&format!("Dolf/{first}"), &format!("Dolf/{last}")).unwrap();
            for count in first..=last {
                set.insert(&format!("Dolf/{count}"));
            }
            prop_assert_eq!(again, set);
        }
    }

    #[test]
    fn ids_of_every_shape_are_kept_apart() {
        let mut ids = Ids::default();
        let shapes = ["Dolf/3", "Dolf/03", "Dolf/", "Dolf", "/3", "Dolf/99999999999999999999", "3"];
        for id in shapes {
            assert!(!ids.has(id) && ids.insert(id) && ids.has(id) && !ids.insert(id), "{id}");
        }
    }

    #[test]
    fn a_citizen_who_counts_costs_one_run() {
        let mut ids = Ids::default();
        for count in (0..1000).rev() {
            ids.insert(&format!("Dolf/{count}"));
        }
        assert_eq!(ids.counted["Dolf/"], Runs(BTreeMap::from([(0, 999)])));
    }
}
