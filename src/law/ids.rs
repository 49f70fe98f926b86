//! The ids of petitions, remembered for ever in little room.
//!
//! A citizen counts his petitions, `Dolf/1`, `Dolf/2` and so on, so the ids of a million decrees
//! are a few runs of integers. An id that ends in no integer is remembered as it is written.

use std::collections::{BTreeMap, BTreeSet};

/// A set of petition ids.
#[derive(Clone, PartialEq, Eq, Debug, Default, Hash)]
pub struct Ids {
    /// By what stands before the integer, the runs of the counts: the first of a run, and the last.
    counted: BTreeMap<Box<str>, BTreeMap<u64, u64>>,
    others: BTreeSet<Box<str>>,
}

/// Longer counts are remembered as they are written, so that no count overflows.
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
        match self.counted.get_mut(citizen) {
            Some(runs) => insert(runs, count),
            None => {
                self.counted.insert(citizen.into(), BTreeMap::from([(count, count)]));
                true
            }
        }
    }

    /// Remembers every id from the first through the last, as [`Ids::runs`] tells of them; an empty
    /// last stands for the first. `None` if there is no such run.
    pub(super) fn insert_run(&mut self, first: &str, last: &str) -> Option<()> {
        if last.is_empty() || first == last {
            self.insert(first);
            return Some(());
        }
        let ((before, from), (same, through)) = (split(first)?, split(last)?);
        if before != same || from > through {
            return None;
        }
        // Whole at once: only its ends may touch other runs.
        self.remove_all(before, from, through);
        self.insert(first);
        let runs = self.counted.get_mut(before)?;
        let next = runs.remove(&(through + 1));
        let (_, end) = runs.range_mut(..=from).next_back()?;
        *end = (*end).max(next.unwrap_or(through));
        Some(())
    }

    fn remove_all(&mut self, before: &str, from: u64, through: u64) {
        let Some(runs) = self.counted.get_mut(before) else { return };
        let inside: Vec<u64> = runs.range(from..=through).map(|(&first, _)| first).collect();
        for first in inside {
            if let Some(last) = runs.remove(&first).filter(|&last| last > through) {
                runs.insert(through + 1, last);
            }
        }
    }

    /// The ids, as runs: the first and the last of each.
    pub fn runs(&self) -> impl Iterator<Item = (String, String)> + '_ {
        let counted = self.counted.iter().flat_map(|(before, runs)| {
            let id = move |count: u64| format!("{before}{count}");
            runs.iter().map(move |(&first, &last)| (id(first), id(last)))
        });
        counted.chain(self.others.iter().map(|id| (id.to_string(), id.to_string())))
    }

    /// Remembers all that another set holds.
    pub fn extend(&mut self, others: &Ids) {
        for (first, last) in others.runs() {
            self.insert_run(&first, &last).unwrap_or_default();
        }
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

/// The run that holds `count`. The last run is asked first, since citizens count upwards.
fn run_of(runs: &BTreeMap<u64, u64>, count: u64) -> Option<(u64, u64)> {
    let at_the_end = runs.last_key_value().filter(|(first, _)| **first <= count);
    let (&first, &last) = at_the_end.or_else(|| runs.range(..=count).next_back())?;
    (count <= last).then_some((first, last))
}

/// Adds `count` to the runs; false if it was there before.
fn insert(runs: &mut BTreeMap<u64, u64>, count: u64) -> bool {
    if let Some(mut end) = runs.last_entry()
        && *end.key() <= count
        && count <= *end.get() + 1
    {
        let last = (*end.get()).max(count);
        return std::mem::replace(end.get_mut(), last) < count;
    }
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

/// The integer at the end, and what stands before it. `Dolf/03` is not `Dolf/3`, so only the
/// shortest form is a count.
fn split(id: &str) -> Option<(&str, u64)> {
    let digits = id.bytes().rev().take_while(u8::is_ascii_digit).count();
    let (citizen, digits) = id.split_at(id.len() - digits);
    let shortest = digits == "0" || !digits.starts_with('0');
    let counts = (1..=LONGEST_COUNT).contains(&digits.len());
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
        assert_eq!(ids.counted["Dolf/"], BTreeMap::from([(0, 999)]));
    }
}
