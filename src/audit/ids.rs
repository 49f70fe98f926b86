//! The ids of the petitions that took effect, each of which counts once. `[PTP §3.3.2]`

use std::collections::{BTreeMap, BTreeSet};

/// A set of petition ids, as runs of the integers at their ends.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Petitions {
    runs: BTreeMap<String, BTreeMap<u64, u64>>,
    others: BTreeSet<String>,
}

impl Petitions {
    /// Adds an id; false if the set has it.
    pub fn insert(&mut self, id: &str) -> bool {
        let Some((stem, count)) = stem_and_count(id) else {
            return self.others.insert(id.into());
        };
        let runs = match self.runs.get_mut(stem) {
            Some(runs) => runs,
            None => self.runs.entry(stem.into()).or_default(),
        };
        let below = runs.range(..=count).next_back().map(|(&first, &last)| (first, last));
        if below.is_some_and(|(_, last)| count <= last) {
            return false;
        }
        let last = runs.remove(&(count + 1)).unwrap_or(count);
        let first = below.filter(|(_, last)| last + 1 == count).map_or(count, |(first, _)| first);
        runs.insert(first, last);
        true
    }

    /// Adds a run from a law book, which overlaps no other. False if it is no run, or is known.
    pub fn insert_run(&mut self, first: &str, last: &str) -> bool {
        if last.is_empty() {
            return self.insert(first);
        }
        match (stem_and_count(first), stem_and_count(last)) {
            (Some((stem, from)), Some((same, to))) if stem == same && from <= to => {
                let runs = self.runs.entry(stem.into()).or_default();
                runs.insert(from, to).is_none()
            }
            _ => false,
        }
    }
}

fn stem_and_count(id: &str) -> Option<(&str, u64)> {
    let stem = id.trim_end_matches(|c: char| c.is_ascii_digit());
    let count = &id[stem.len()..];
    let counts = (1..=18).contains(&count.len()) && (count == "0" || !count.starts_with('0'));
    if counts { count.parse().ok().map(|count| (stem, count)) } else { None }
}
