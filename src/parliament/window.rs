//! A map for decree numbers that lie close together, such as those of open polls and late votes.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;

use crate::words::ballot::DecreeNumber;

/// A map by decree number. Numbers close to one another stand in a row, so that a look-up needs no
/// search. A number far from the row stands in a tree, so that the row does not grow with it.
#[derive(Clone)]
pub struct Window<T> {
    /// The number whose place is the first of the row.
    first: DecreeNumber,
    /// The places; the first is never blank.
    row: VecDeque<Option<T>>,
    /// The entries whose numbers have no place in the row.
    apart: BTreeMap<DecreeNumber, T>,
}

/// The row grows by at most this many blanks at once.
const LONGEST_GAP: DecreeNumber = 64;

impl<T> Default for Window<T> {
    fn default() -> Window<T> {
        Window { first: 0, row: VecDeque::new(), apart: BTreeMap::new() }
    }
}

/// Formats as a map, however the entries are kept: the search compares this output.
impl<T: fmt::Debug> fmt::Debug for Window<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl<T: PartialEq> PartialEq for Window<T> {
    fn eq(&self, other: &Window<T>) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<T: Eq> Eq for Window<T> {}

/// Hashes the entries, however they are kept, as equality compares them.
impl<T: std::hash::Hash> std::hash::Hash for Window<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.iter().for_each(|entry| entry.hash(state));
    }
}

impl<T> Window<T> {
    /// Whether the map has no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.row.is_empty() && self.apart.is_empty()
    }

    /// The entry under this number.
    #[must_use]
    pub fn get(&self, number: DecreeNumber) -> Option<&T> {
        match self.row.get(self.place(number)) {
            Some(place) => place.as_ref(),
            None => self.apart.get(&number),
        }
    }

    /// The entry under this number, to change it.
    pub fn get_mut(&mut self, number: DecreeNumber) -> Option<&mut T> {
        let place = self.place(number);
        match self.row.get_mut(place) {
            Some(place) => place.as_mut(),
            None => self.apart.get_mut(&number),
        }
    }

    /// Puts an entry under a number, and drops the one that stood there.
    pub fn insert(&mut self, number: DecreeNumber, thing: T) {
        if self.row.is_empty() {
            self.first = number;
            self.apart.remove(&number);
            return self.row.push_back(Some(thing));
        }
        let place = self.place(number);
        if let Some(place) = self.row.get_mut(place) {
            *place = Some(thing);
        } else if self.first <= number && number - self.end() <= LONGEST_GAP {
            // An entry that stood apart moves into the row as the row reaches it.
            for number in self.end()..number {
                self.row.push_back(self.apart.remove(&number));
            }
            self.apart.remove(&number);
            self.row.push_back(Some(thing));
        } else {
            self.apart.insert(number, thing);
        }
    }

    /// Removes and returns the entry under a number.
    pub fn remove(&mut self, number: DecreeNumber) -> Option<T> {
        let place = self.place(number);
        let Some(place) = self.row.get_mut(place) else { return self.apart.remove(&number) };
        let thing = place.take();
        self.pass_over_blanks();
        thing
    }

    /// Removes the entries under this number and those below.
    pub fn remove_through(&mut self, number: DecreeNumber) {
        while self.first <= number && self.row.pop_front().is_some() {
            self.first += 1;
        }
        self.pass_over_blanks();
        while let Some(lowest) = self.apart.first_entry()
            && *lowest.key() <= number
        {
            lowest.remove();
        }
    }

    /// All entries, the lowest number first.
    pub fn iter(&self) -> impl Iterator<Item = (DecreeNumber, &T)> {
        self.from(0)
    }

    /// The entries under this number and those above, the lowest first.
    pub fn from(&self, number: DecreeNumber) -> impl Iterator<Item = (DecreeNumber, &T)> {
        let skipped = self.place(number.max(self.first));
        let row = (self.first..).zip(&self.row).skip(skipped);
        let row = row.filter_map(|(number, place)| Some((number, place.as_ref()?)));
        let below = self.apart.range(number..self.first.max(number));
        let above = self.apart.range(self.end().max(number)..);
        let apart = |(&number, thing)| (number, thing);
        below.map(apart).chain(row).chain(above.map(apart))
    }

    /// This number's index in the row; an index beyond the row if it has none.
    fn place(&self, number: DecreeNumber) -> usize {
        let place = number.checked_sub(self.first).and_then(|place| usize::try_from(place).ok());
        place.unwrap_or(usize::MAX)
    }

    /// The number that follows the row.
    fn end(&self) -> DecreeNumber {
        self.first + self.row.len() as DecreeNumber
    }

    fn pass_over_blanks(&mut self) {
        while let Some(None) = self.row.front() {
            self.row.pop_front();
            self.first += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_window_holds_what_a_tree_holds(
            moves in proptest::collection::vec((0..6u8, prop_oneof![0..20u64, 0..400u64]), 0..200)
        ) {
            let (mut window, mut tree) = (Window::default(), BTreeMap::new());
            for (turn, (what, number)) in moves.into_iter().enumerate() {
                match what {
                    0 => prop_assert_eq!(window.remove(number), tree.remove(&number)),
                    1 => {
                        window.remove_through(number / 2);
                        tree.retain(|&other, _| other > number / 2);
                    }
                    _ => {
                        window.insert(number, turn);
                        tree.insert(number, turn);
                    }
                }
                prop_assert_eq!(window.is_empty(), tree.is_empty());
                prop_assert_eq!(window.get(number), tree.get(&number));
                prop_assert_eq!(window.get_mut(number), tree.get_mut(&number));
                let all: Vec<_> = tree.iter().map(|(&number, thing)| (number, thing)).collect();
                prop_assert_eq!(window.iter().collect::<Vec<_>>(), all);
                let late: Vec<_> = tree.range(number..).map(|(&n, thing)| (n, thing)).collect();
                prop_assert_eq!(window.from(number).collect::<Vec<_>>(), late);
            }
        }
    }

    #[test]
    fn a_number_far_away_makes_no_long_row() {
        let mut window = Window::default();
        [1, 2, 1 << 53, 3].into_iter().for_each(|number| window.insert(number, number));
        assert_eq!((window.row.len(), window.apart.len()), (3, 1));
        assert_eq!(window.get(1 << 53), Some(&(1 << 53)));
    }
}
