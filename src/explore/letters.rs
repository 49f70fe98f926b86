//! Sets of letters, each by number: of letters sent, and of letters that move nobody.

use std::collections::HashMap;

use super::visited::FoldHash;

/// A set of letters, by number.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(super) struct LetterSet(Vec<u64>);

impl LetterSet {
    pub(super) fn put(&mut self, letter: u32) {
        let at = letter as usize / 64;
        if self.0.len() <= at {
            self.0.resize(at + 1, 0);
        }
        self.0[at] |= 1 << (letter % 64);
    }

    pub(super) fn has(&self, letter: u32) -> bool {
        self.word(letter as usize / 64) >> (letter % 64) & 1 == 1
    }

    /// Sixty-four of its letters.
    pub(super) fn word(&self, at: usize) -> u64 {
        self.0.get(at).copied().unwrap_or_default()
    }

    pub(super) fn words(&self) -> usize {
        self.0.len()
    }

    pub(super) fn add(&mut self, other: &LetterSet) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        self.0.iter_mut().zip(&other.0).for_each(|(word, more)| *word |= more);
    }

    pub(super) fn remove(&mut self, other: &LetterSet) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, less)| *word &= !less);
    }

    /// Without those of `other`. Words at the end that are empty go, so that equal sets are equal.
    pub(super) fn without(mut self, other: &LetterSet) -> LetterSet {
        self.remove(other);
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
        self
    }

    /// Becomes a copy of `other`.
    pub(super) fn copy(&mut self, other: &LetterSet) {
        self.0.clear();
        self.0.extend_from_slice(&other.0);
    }

    /// Those that are in `wanted` too and not in `unwanted`, in the order of their numbers.
    pub(super) fn picked(
        &self,
        wanted: &LetterSet,
        unwanted: &LetterSet,
    ) -> impl Iterator<Item = u32> {
        let words = self.0.iter().zip(&wanted.0).enumerate();
        words.flat_map(|(at, (word, wanted))| bits(at, word & wanted & !unwanted.word(at)))
    }

    /// The letters, in the order of their numbers.
    pub(super) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.0.iter().enumerate().flat_map(|(at, &word)| bits(at, word))
    }
}

/// The letters of one word.
pub(super) fn bits(at: usize, mut word: u64) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || {
        (word != 0).then(|| {
            let bit = word.trailing_zeros();
            word &= word - 1;
            at as u32 * 64 + bit
        })
    })
}

/// Sets of letters, each kept once.
pub(super) struct Sets {
    sets: Vec<LetterSet>,
    ids: HashMap<LetterSet, u32, FoldHash>,
}

impl Sets {
    /// The empty set is number 0.
    pub(super) fn new() -> Sets {
        let empty = LetterSet::default();
        Sets { sets: vec![empty.clone()], ids: HashMap::from_iter([(empty, 0)]) }
    }

    pub(super) fn get(&self, id: u32) -> &LetterSet {
        &self.sets[id as usize]
    }

    pub(super) fn id(&mut self, set: LetterSet) -> u32 {
        let next = self.sets.len() as u32;
        *self.ids.entry(set).or_insert_with_key(|set| {
            self.sets.push(set.clone());
            next
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(letters: impl IntoIterator<Item = u32>) -> LetterSet {
        let mut set = LetterSet::default();
        letters.into_iter().for_each(|letter| set.put(letter));
        set
    }

    #[test]
    fn a_set_has_room_for_any_number_of_letters() {
        let mut all = set((0..3000).step_by(3));
        assert!(all.iter().eq((0..3000).step_by(3)));
        all.add(&set([5000]));
        assert_eq!(all.iter().last(), Some(5000));
    }

    #[test]
    fn letters_are_picked_in_order() {
        let all = set([1, 2, 70, 300]);
        let picked = |wanted, unwanted| all.picked(&wanted, &unwanted).collect::<Vec<_>>();
        assert_eq!(picked(set([1, 3, 70, 300, 400]), set([])), [1, 70, 300]);
        assert_eq!(picked(set([1, 2, 70, 300]), set([1, 70, 500])), [2, 300]);
        assert_eq!(picked(set([1, 2]), set([])), [1, 2]);
    }

    #[test]
    fn equal_sets_have_one_number_however_they_came_to_be() {
        let mut sets = Sets::new();
        let short = sets.id(set([1, 2]));
        assert_eq!(sets.id(set([1, 2, 700]).without(&set([700, 900]))), short);
        assert_eq!(sets.id(set([7]).without(&set([7]))), 0);
        assert_ne!(sets.id(set([1])), short);
    }
}
