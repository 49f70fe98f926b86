//! The front of a ledger, in quires of 512 pages.
//!
//! A list in one piece moves whenever it outgrows its room, and leaves a hole in memory. In
//! quires, only the last one grows; those before it stay where they are.

use std::collections::VecDeque;
use std::hash::{Hash, Hasher};

/// How many pages a quire has.
const LEAVES: usize = 512;

/// Pages in a row. They are added at the end, and leave from the beginning.
#[derive(Clone, Debug)]
pub(super) struct Quires<P> {
    /// All are full but the last, and the first if pages have left it.
    quires: VecDeque<Vec<P>>,
    /// How many pages have left the first.
    left: usize,
    pages: usize,
}

impl<P> Quires<P> {
    /// No pages.
    pub(super) fn new() -> Quires<P> {
        Quires { quires: VecDeque::new(), left: 0, pages: 0 }
    }

    /// How many pages there are.
    pub(super) fn len(&self) -> usize {
        self.pages
    }

    /// The page at this place.
    pub(super) fn get(&self, at: usize) -> Option<&P> {
        self.from(at).next()
    }

    /// All pages from this place on.
    pub(super) fn from(&self, at: usize) -> impl Iterator<Item = &P> {
        let (quire, page) = self.place(at.min(self.pages));
        let first = self.quires.get(quire).and_then(|it| it.get(page..)).unwrap_or_default();
        first.iter().chain(self.quires.iter().skip(quire + 1).flatten())
    }

    /// The quire of this place, and the page in it.
    fn place(&self, at: usize) -> (usize, usize) {
        let (quire, page) = ((at + self.left) / LEAVES, (at + self.left) % LEAVES);
        (quire, if quire == 0 { page - self.left } else { page })
    }

    /// Adds a page at the end.
    pub(super) fn push(&mut self, page: P) {
        let (quire, _) = self.place(self.pages);
        match self.quires.get_mut(quire) {
            Some(last) => last.push(page),
            None => {
                // Most ledgers have a few pages.
                let mut new = Vec::with_capacity(if quire == 0 { 0 } else { LEAVES });
                new.push(page);
                self.quires.push_back(new);
            }
        }
        self.pages += 1;
    }

    /// Takes away the first `many` pages.
    pub(super) fn leave(&mut self, many: usize) -> impl Iterator<Item = P> {
        let many = many.min(self.pages);
        let (quire, page) = self.place(many);
        let stay = self.quires.split_off(quire.min(self.quires.len()));
        let mut leaving = std::mem::replace(&mut self.quires, stay);
        if let Some(first) = self.quires.front_mut() {
            leaving.push_back(first.drain(..page).collect());
        }
        self.left = (many + self.left) % LEAVES;
        self.pages -= many;
        if self.pages == 0 {
            *self = Quires::new();
        }
        leaving.into_iter().flatten()
    }
}

impl<P: PartialEq> PartialEq for Quires<P> {
    fn eq(&self, other: &Quires<P>) -> bool {
        self.pages == other.pages && self.from(0).eq(other.from(0))
    }
}

impl<P: Eq> Eq for Quires<P> {}

impl<P: Hash> Hash for Quires<P> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.pages.hash(state);
        self.from(0).for_each(|page| page.hash(state));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn hash(quires: &Quires<usize>) -> u64 {
        let mut hasher = std::hash::DefaultHasher::new();
        quires.hash(&mut hasher);
        hasher.finish()
    }

    proptest! {
        #[test]
        fn quires_hold_the_same_pages_as_a_plain_list(
            moves in proptest::collection::vec((0..1200_usize, 0..1200_usize, 0..1200_usize), 1..6)
        ) {
            let (mut quires, mut plain, mut next) = (Quires::new(), VecDeque::new(), 0);
            for (come, go, at) in moves {
                for _ in 0..come {
                    quires.push(next);
                    plain.push_back(next);
                    next += 1;
                }
                prop_assert_eq!(quires.len(), plain.len());
                prop_assert!(quires.from(at).eq(plain.iter().skip(at)));
                prop_assert_eq!(quires.get(at), plain.get(at));
                let gone: Vec<usize> = plain.drain(..go.min(plain.len())).collect();
                prop_assert_eq!(quires.leave(go).collect::<Vec<_>>(), gone);
                prop_assert!(quires.from(0).eq(&plain));
                let mut again = Quires::new();
                plain.iter().for_each(|page| again.push(*page));
                prop_assert_eq!(&quires, &again);
                prop_assert_eq!(hash(&quires), hash(&again));
                quires = quires.clone();
            }
        }
    }

    #[test]
    fn a_quire_is_full_before_the_next_begins() {
        let mut quires = Quires::new();
        (0..3 * LEAVES).for_each(|n| quires.push(n));
        quires.leave(LEAVES + 7).for_each(drop);
        (0..LEAVES).for_each(|n| quires.push(n));
        let pages: Vec<usize> = quires.quires.iter().map(Vec::len).collect();
        assert_eq!(pages, [LEAVES - 7, LEAVES, LEAVES]);
    }
}
