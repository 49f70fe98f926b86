//! The states met so far: each kept whole, so that no two are ever taken for one.
//!
//! A state is a number for each priest, for where he stands and what he has sent, and one for what
//! the gods have seen. States lie in 256 parts by their hash, so that several hands can look states
//! up at once, and no part is ever long in growing.

use std::hash::{BuildHasherDefault, Hasher};

use super::scope::MOST_PRIESTS;

/// A hash that is the same on every machine: words are multiplied in and folded.
#[derive(Clone, Copy, Default)]
pub(super) struct Fold(u64);

/// A table keyed by [`Fold`].
pub(super) type FoldHash = BuildHasherDefault<Fold>;

impl Fold {
    fn word(&mut self, word: u64) {
        // 2^64 divided by the golden ratio, and made odd.
        let product = u128::from(self.0 ^ word ^ 0x9E37_79B9_7F4A_7C15) * 0xD6E8_FEB8_6659_FD93;
        self.0 = (product as u64) ^ ((product >> 64) as u64);
    }
}

impl Hasher for Fold {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.word(u64::from_le_bytes(word));
        }
    }
    fn write_u64(&mut self, word: u64) {
        self.word(word);
    }
    fn write_u32(&mut self, word: u32) {
        self.word(word.into());
    }
}

/// A state: a word for each priest, then one for what was seen; the rest are 0.
pub(super) type Key = [u32; MOST_PRIESTS + 1];

/// The hash of a state.
pub(super) fn hash(key: &Key) -> u64 {
    let mut fold = Fold::default();
    let [a, b, c, d, e, f] = key.map(u64::from);
    fold.word(a << 32 | b);
    fold.word(c << 32 | d);
    if e | f != 0 {
        fold.word(e << 32 | f);
    }
    fold.finish()
}

/// How many parts there are.
pub(super) const PARTS: usize = 256;
/// How many states a part has room for.
const MOST: usize = 1 << 24;

/// The part in which a state of this hash lies.
pub(super) fn part_of(hash: u64) -> usize {
    (hash >> 56) as usize
}

/// Where a state lies: its part, and its place there.
pub(super) type Place = u32;

/// States whose hashes begin alike.
#[derive(Default)]
pub(super) struct Part {
    /// The words of each state that are not always 0.
    keys: Vec<u32>,
    /// Where each state was first reached from.
    came: Vec<Place>,
    /// For each state, a byte of its hash and its place + 1; or 0.
    table: Vec<u32>,
}

/// No part has room for more.
#[derive(Debug)]
pub(super) struct Full;

impl Part {
    fn slot(&self, hash: u64) -> usize {
        ((((hash >> 24) & 0xFFFF_FFFF) * self.table.len() as u64) >> 32) as usize
    }

    /// Prefetches the entry for this hash.
    pub(super) fn touch(&self, hash: u64) -> u32 {
        if self.table.is_empty() { 0 } else { self.table[self.slot(hash)] }
    }

    /// As [`Part::touch`], and a word of the state that stands there.
    pub(super) fn touch_state(&self, entry: u32, words: usize) -> u32 {
        if entry == 0 { 0 } else { self.keys[(entry as usize & (MOST - 1)) * words - words] }
    }

    /// Adds a state; its place here, if it is new.
    pub(super) fn insert(
        &mut self,
        key: &[u32],
        hash: u64,
        from: Place,
    ) -> Result<Option<usize>, Full> {
        let at = self.came.len();
        if (at + 1) * 5 > self.table.len() * 4 {
            self.grow(key.len());
        }
        let (tag, mut slot) = ((hash as u32) << 24, self.slot(hash));
        loop {
            let entry = self.table[slot];
            if entry == 0 {
                break;
            }
            let place = entry as usize & (MOST - 1);
            let alike = entry & 0xFF00_0000 == tag;
            if alike && self.keys[(place - 1) * key.len()..place * key.len()] == *key {
                return Ok(None);
            }
            slot = if slot + 1 == self.table.len() { 0 } else { slot + 1 };
        }
        if at + 1 == MOST {
            return Err(Full);
        }
        // An eighth at a time: doubling would keep as much again empty.
        if self.came.len() == self.came.capacity() {
            let more = 16 + at / 8;
            self.came.reserve_exact(more);
            self.keys.reserve_exact(more * key.len());
        }
        self.keys.extend_from_slice(key);
        self.came.push(from);
        self.table[slot] = tag | (at as u32 + 1);
        Ok(Some(at))
    }

    fn grow(&mut self, words: usize) {
        self.table = vec![0; 16.max(self.table.len() * 3 / 2)];
        for at in 0..self.came.len() {
            let mut key = Key::default();
            key[..words].copy_from_slice(&self.keys[at * words..(at + 1) * words]);
            let hash = hash(&key);
            let mut slot = self.slot(hash);
            while self.table[slot] != 0 {
                slot = if slot + 1 == self.table.len() { 0 } else { slot + 1 };
            }
            self.table[slot] = (hash as u32) << 24 | (at as u32 + 1);
        }
    }

    fn bytes(&self) -> usize {
        (self.keys.capacity() + self.came.capacity() + self.table.capacity()) * size_of::<u32>()
    }
}

/// All states met.
pub(super) struct Visited {
    /// How many words a state has.
    pub(super) words: usize,
    pub(super) parts: Vec<Part>,
    /// Where the first state lies.
    pub(super) first: Place,
}

impl Visited {
    /// No states yet, of this many words.
    pub(super) fn new(words: usize) -> Visited {
        Visited { words, parts: (0..PARTS).map(|_| Part::default()).collect(), first: 0 }
    }

    pub(super) fn place(part: usize, at: usize) -> Place {
        (part << 24 | at) as Place
    }

    fn part(&self, place: Place) -> (&Part, usize) {
        (&self.parts[place as usize >> 24], place as usize & (MOST - 1))
    }

    /// The state at this place.
    pub(super) fn get(&self, place: Place) -> Key {
        let (part, at) = self.part(place);
        let mut key = Key::default();
        key[..self.words].copy_from_slice(&part.keys[at * self.words..(at + 1) * self.words]);
        key
    }

    /// Where the state at this place was first reached from.
    pub(super) fn came(&self, place: Place) -> Place {
        let (part, at) = self.part(place);
        part.came[at]
    }

    /// The memory this takes, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.parts.iter().map(Part::bytes).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn insert(visited: &mut Visited, key: Key) -> bool {
        let (hash, words) = (hash(&key), visited.words);
        visited.parts[part_of(hash)].insert(&key[..words], hash, 0).unwrap().is_some()
    }

    fn states(visited: &Visited) -> usize {
        visited.parts.iter().map(|part| part.came.len()).sum()
    }

    #[test]
    fn a_state_is_new_once() {
        let mut visited = Visited::new(4);
        let all = || (0..50_000_u32).map(|n| [n % 7, n / 7, n, 0, 0, 0]);
        assert!(all().all(|state| insert(&mut visited, state)));
        assert!(!all().any(|state| insert(&mut visited, state)));
        assert_eq!(states(&visited), 50_000);
        let [word, _, number, ..] = visited.get(Visited::place(3, 0));
        assert_eq!(word, number % 7);
    }

    #[test]
    fn a_state_of_three_priests_takes_32_bytes_at_most() {
        let mut visited = Visited::new(4);
        for n in 0..400_000_u32 {
            insert(&mut visited, [n, n / 3, n / 5, n / 7, 0, 0]);
            let (bytes, states) = (visited.bytes(), states(&visited));
            assert!(states < 200_000 || bytes <= 32 * states, "{bytes} bytes, {states} states");
        }
    }
}
