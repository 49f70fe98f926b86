//! The ids of petitions, remembered for ever in little room.
//!
//! A citizen counts his petitions, `Dolf/1`, `Dolf/2` and so on, so the ids of a million decrees
//! are a few runs of integers. An id of another shape is remembered as it is written.

use std::collections::{BTreeMap, BTreeSet};

/// A set of petition ids.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Ids {
    /// By citizen, the runs of his counts: the first of a run, and the last.
    counted: BTreeMap<Box<str>, BTreeMap<u64, u64>>,
    others: BTreeSet<Box<str>>,
}

/// Longer counts are remembered as they are written, so that no count overflows.
const LONGEST_COUNT: usize = 18;

impl Ids {
    /// Whether the set holds `id`.
    #[must_use]
    pub fn has(&self, id: &str) -> bool {
        match split(id) {
            Some((citizen, count)) => {
                self.counted.get(citizen).is_some_and(|runs| run_of(runs, count).is_some())
            }
            None => self.others.contains(id),
        }
    }

    /// Remembers `id`; false if it was there before.
    pub fn insert(&mut self, id: &str) -> bool {
        let Some((citizen, count)) = split(id) else {
            return !self.others.contains(id) && self.others.insert(id.into());
        };
        if !self.counted.contains_key(citizen) {
            self.counted.insert(citizen.into(), BTreeMap::new());
        }
        let Some(runs) = self.counted.get_mut(citizen) else {
            return false;
        };
        if run_of(runs, count).is_some() {
            return false;
        }
        let last = runs.remove(&(count + 1)).unwrap_or(count);
        match runs.range_mut(..count).next_back() {
            Some((_, end)) if *end + 1 == count => *end = last,
            _ => {
                runs.insert(count, last);
            }
        }
        true
    }

    /// Forgets `id`.
    pub fn remove(&mut self, id: &str) {
        let Some((citizen, count)) = split(id) else {
            self.others.remove(id);
            return;
        };
        let Some(runs) = self.counted.get_mut(citizen) else {
            return;
        };
        let Some((first, last)) = run_of(runs, count) else {
            return;
        };
        runs.remove(&first);
        if first < count {
            runs.insert(first, count - 1);
        }
        if count < last {
            runs.insert(count + 1, last);
        }
        if runs.is_empty() {
            self.counted.remove(citizen);
        }
    }
}

/// The run that holds `count`.
fn run_of(runs: &BTreeMap<u64, u64>, count: u64) -> Option<(u64, u64)> {
    let (&first, &last) = runs.range(..=count).next_back()?;
    (count <= last).then_some((first, last))
}

/// A citizen and his count. `Dolf/03` is not `Dolf/3`, so only the shortest form is a count.
fn split(id: &str) -> Option<(&str, u64)> {
    let (citizen, digits) = id.rsplit_once('/')?;
    let shortest = digits == "0" || !digits.starts_with('0');
    let counts = digits.len() <= LONGEST_COUNT && digits.bytes().all(|b| b.is_ascii_digit());
    if shortest && counts { digits.parse().ok().map(|count| (citizen, count)) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn runs_remember_what_a_plain_set_remembers(
            moves in proptest::collection::vec((0..3u8, 0..2u8, 0..12u64), 0..80)
        ) {
            let (mut ids, mut plain) = (Ids::default(), BTreeSet::new());
            for (what, citizen, count) in moves {
                let id = format!("{}/{count}", ["Dolf", "Skeen"][usize::from(citizen)]);
                if what == 0 {
                    ids.remove(&id);
                    plain.remove(&id);
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
        assert_eq!(ids.counted["Dolf"], BTreeMap::from([(0, 999)]));
    }
}
