//! The set of petition ids, which is kept forever in little memory.
//!
//! A citizen counts his petitions: `Dolf/1`, `Dolf/2` and so on. So the ids of a million decrees
//! are a few runs of integers. An id that does not end in an integer is kept as text.

use std::collections::{BTreeMap, BTreeSet};

use rangemap::RangeInclusiveSet;

/// A set of petition ids.
#[derive(Clone, PartialEq, Eq, Debug, Default, Hash)]
pub struct Ids {
    /// The runs of integers, by the text before the integer.
    counted: BTreeMap<Box<str>, RangeInclusiveSet<u64>>,
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
                self.counted.get(citizen).is_some_and(|runs| runs.contains(&count))
            }
            None => self.others.contains(id),
        }
    }

    /// Adds `id`; false if the set had it before.
    pub fn insert(&mut self, id: &str) -> bool {
        let Some((citizen, count)) = split(id) else {
            return !self.others.contains(id) && self.others.insert(id.into());
        };
        let Some(runs) = self.counted.get_mut(citizen) else {
            self.counted.insert(citizen.into(), RangeInclusiveSet::from([count..=count]));
            return true;
        };
        let is_new = !runs.contains(&count);
        if is_new {
            runs.insert(count..=count);
        }
        is_new
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
        self.counted.entry(before.into()).or_default().insert(from..=through);
        Some(())
    }

    /// All ids as runs: the first and the last id of each.
    pub fn runs(&self) -> impl Iterator<Item = (String, String)> + '_ {
        let counted = self.counted.iter().flat_map(|(before, runs)| {
            let id = move |count: u64| format!("{before}{count}");
            runs.iter().map(move |run| (id(*run.start()), id(*run.end())))
        });
        counted.chain(self.others.iter().map(|id| (id.to_string(), id.to_string())))
    }

    /// Adds all ids of another set.
    pub fn extend(&mut self, others: &Ids) {
        for (citizen, runs) in &others.counted {
            let ours = self.counted.entry(citizen.clone()).or_default();
            runs.iter().for_each(|run| ours.insert(run.clone()));
        }
        self.others.extend(others.others.iter().cloned());
    }

    /// Removes `id`; false if the set did not have it.
    pub fn remove(&mut self, id: &str) -> bool {
        let Some((citizen, count)) = split(id) else { return self.others.remove(id) };
        let Some(runs) = self.counted.get_mut(citizen) else { return false };
        let was_there = runs.contains(&count);
        if was_there {
            runs.remove(count..=count);
        }
        if runs.is_empty() {
            self.counted.remove(citizen);
        }
        was_there
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
        assert_eq!(ids.counted["Dolf/"], RangeInclusiveSet::from([0..=999]));
    }
}
