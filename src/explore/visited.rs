//! The states met so far: each kept whole, so that no two are ever taken for one.
//!
//! A state is a number for each priest, for where he stands and what he has sent, and one for what
//! the gods have seen. States lie in 256 parts by their hash, so that several hands can look states
//! up at once, and no part is ever long in growing.

use std::hash::{BuildHasherDefault, Hash, Hasher};
use std::hint::black_box;

use super::scope::MOST_PRIESTS;

/// A hash that is the same on every machine: words are multiplied in and folded.
#[derive(Clone, Copy, Default)]
pub(super) struct Fold(u64);

/// A table keyed by [`Fold`].
pub(super) type FoldHash = BuildHasherDefault<Fold>;

impl Fold {
    /// The hash of a thing.
    pub(super) fn of(thing: &impl Hash) -> u64 {
        let mut fold = Fold::default();
        thing.hash(&mut fold);
        fold.finish()
    }

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
    fn write_u8(&mut self, word: u8) {
        self.word(word.into());
    }
    fn write_usize(&mut self, word: usize) {
        self.word(word as u64);
    }
}

/// Two numbers in one.
pub(super) fn pair(high: u32, low: u32) -> u64 {
    u64::from(high) << 32 | u64::from(low)
}

/// A state: a number for each priest, then one for what was seen; the rest are 0.
pub(super) type Key = [u32; MOST_PRIESTS + 1];

/// Each number of a state is less than this: it is kept in three bytes.
pub(super) const MOST_NUMBERS: usize = 1 << 24;

/// The bytes in which the numbers of a state are kept.
type Packed = [u8; 3 * (MOST_PRIESTS + 1)];

fn pack(key: &Key) -> Packed {
    let mut packed = Packed::default();
    for (bytes, number) in packed.chunks_exact_mut(3).zip(key) {
        bytes.copy_from_slice(&number.to_le_bytes()[..3]);
    }
    packed
}

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

/// How many states a page has room for: few, since what is empty is memory, too.
const PAGE: usize = 64;
/// A table of fewer entries doubles; a larger one grows by a half.
const SMALL: usize = 512;

/// States whose hashes begin alike.
pub(super) struct Part {
    /// How many numbers of a state are not always 0.
    numbers: usize,
    /// The numbers of each state, then the place from which it was first reached. A page stays
    /// where it is, but for the first, which begins small.
    pages: Vec<Vec<u8>>,
    states: usize,
    /// For each state, a byte of its hash and its place + 1; or 0.
    table: Vec<u32>,
}

/// No part has room for more.
#[derive(Debug)]
pub(super) struct Full;

impl Part {
    fn new(numbers: usize) -> Part {
        Part { numbers, pages: Vec::new(), states: 0, table: Vec::new() }
    }

    /// How many states lie here.
    pub(super) fn states(&self) -> usize {
        self.states
    }

    fn slot(&self, hash: u64) -> usize {
        ((((hash >> 24) & 0xFFFF_FFFF) * self.table.len() as u64) >> 32) as usize
    }

    /// The bytes of the state at this place.
    fn record(&self, at: usize) -> &[u8] {
        let wide = 3 * self.numbers + size_of::<Place>();
        let from = at % PAGE * wide;
        &self.pages[at / PAGE][from..from + wide]
    }

    /// Prefetches the entry for this hash.
    fn touch(&self, hash: u64) -> u32 {
        if self.table.is_empty() { 0 } else { self.table[self.slot(hash)] }
    }

    /// As [`Part::touch`], and the state that stands there.
    fn touch_state(&self, entry: u32) -> u32 {
        if entry == 0 { 0 } else { self.record((entry as usize & (MOST - 1)) - 1)[0].into() }
    }

    /// The place of a state here; where it is not known, the slot that waits for it.
    fn find(&self, packed: &Packed, hash: u64) -> Result<usize, usize> {
        let (tag, mut slot) = ((hash as u32) << 24, self.slot(hash));
        let wide = 3 * self.numbers;
        loop {
            let entry = self.table[slot];
            if entry == 0 {
                return Err(slot);
            }
            let at = (entry as usize & (MOST - 1)) - 1;
            if entry & 0xFF00_0000 == tag && self.record(at)[..wide] == packed[..wide] {
                return Ok(at);
            }
            slot = if slot + 1 == self.table.len() { 0 } else { slot + 1 };
        }
    }

    /// Adds a state unless it is known; its place here.
    pub(super) fn insert(&mut self, key: &Key, hash: u64, from: Place) -> Result<usize, Full> {
        let at = self.states;
        if (at + 1) * 5 > self.table.len() * 4 {
            self.grow();
        }
        let packed = pack(key);
        let slot = match self.find(&packed, hash) {
            Ok(known) => return Ok(known),
            Err(slot) => slot,
        };
        if at + 1 == MOST {
            return Err(Full);
        }
        if at.is_multiple_of(PAGE) {
            if self.pages.len() == self.pages.capacity() {
                self.pages.reserve_exact(if at == 0 { 1 } else { 4 + at / PAGE / 8 });
            }
            self.pages.push(Vec::new());
        }
        let (wide, page) = (3 * self.numbers, &mut self.pages[at / PAGE]);
        if page.len() == page.capacity() {
            // A small search has a few states in each part.
            let more = if at < PAGE { at.max(4) } else { PAGE };
            page.reserve_exact(more * (wide + size_of::<Place>()));
        }
        page.extend_from_slice(&packed[..wide]);
        page.extend_from_slice(&from.to_le_bytes());
        self.states += 1;
        self.table[slot] = (hash as u32) << 24 | (at as u32 + 1);
        Ok(at)
    }

    fn grow(&mut self) {
        let entries = self.table.len();
        self.table = vec![0; if entries < SMALL { 16.max(entries * 2) } else { entries * 3 / 2 }];
        for at in 0..self.states {
            let hash = hash(&self.key(at));
            let mut slot = self.slot(hash);
            while self.table[slot] != 0 {
                slot = if slot + 1 == self.table.len() { 0 } else { slot + 1 };
            }
            self.table[slot] = (hash as u32) << 24 | (at as u32 + 1);
        }
    }

    fn key(&self, at: usize) -> Key {
        let (mut key, record) = (Key::default(), self.record(at));
        for (number, bytes) in key[..self.numbers].iter_mut().zip(record.chunks_exact(3)) {
            *number = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], 0]);
        }
        key
    }

    fn came(&self, at: usize) -> Place {
        let (_, bytes) = self.record(at).split_at(3 * self.numbers);
        bytes.iter().rev().fold(0, |place, byte| place << 8 | Place::from(*byte))
    }

    /// The state at this place was first reached from there.
    pub(super) fn came_from(&mut self, at: usize, from: Place) {
        let wide = 3 * self.numbers + size_of::<Place>();
        let end = (at % PAGE + 1) * wide;
        self.pages[at / PAGE][end - size_of::<Place>()..end].copy_from_slice(&from.to_le_bytes());
    }

    fn bytes(&self) -> usize {
        let pages: usize = self.pages.iter().map(Vec::capacity).sum();
        pages
            + self.pages.capacity() * size_of::<Vec<u8>>()
            + self.table.capacity() * size_of::<u32>()
    }
}

/// All states met.
pub(super) struct Visited {
    pub(super) parts: Vec<Part>,
    /// Where the first state lies.
    pub(super) first: Place,
}

impl Visited {
    /// The first state alone, of this many numbers.
    pub(super) fn new(first: &Key, numbers: usize) -> Visited {
        let mut parts: Vec<Part> = (0..PARTS).map(|_| Part::new(numbers)).collect();
        let hash = hash(first);
        // An empty part has room.
        let _new = parts[part_of(hash)].insert(first, hash, 0);
        Visited { parts, first: Visited::place(part_of(hash), 0) }
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
        part.key(at)
    }

    /// Where the state at this place was first reached from.
    pub(super) fn came(&self, place: Place) -> Place {
        let (part, at) = self.part(place);
        part.came(at)
    }

    /// The memory this takes, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.parts.iter().map(Part::bytes).sum()
    }
}

/// How many states are looked up together.
pub(super) const TOGETHER: usize = 32;

/// Asks the memory for all that is needed to look these states up, at once: each alone would be
/// waited for.
pub(super) fn fetch<'a>(of: impl Iterator<Item = (&'a Part, u64)> + Clone) {
    let mut entries = [0; TOGETHER];
    for (entry, (part, hash)) in entries.iter_mut().zip(of.clone()) {
        *entry = part.touch(hash);
    }
    let states = entries.iter().zip(of).map(|(&entry, (part, _))| part.touch_state(entry));
    black_box(states.fold(0, |all, state| all ^ state));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn insert(visited: &mut Visited, key: Key) -> bool {
        let (hash, before) = (hash(&key), states(visited));
        let part = &mut visited.parts[part_of(hash)];
        let at = part.insert(&key, hash, 7).unwrap();
        assert_eq!((part.key(at), part.came(at)), (key, 7));
        states(visited) > before
    }

    fn states(visited: &Visited) -> usize {
        visited.parts.iter().map(Part::states).sum()
    }

    #[test]
    fn a_state_is_new_once() {
        let mut visited = Visited::new(&Key::default(), 4);
        let all = || (1..50_000_u32).map(|n| [n % 7, n / 7, n, n * 300, 0, 0]);
        assert!(all().all(|state| insert(&mut visited, state)));
        assert!(!all().any(|state| insert(&mut visited, state)));
        assert_eq!(states(&visited), 50_000);
        let [word, _, number, ..] = visited.get(Visited::place(3, 0));
        assert_eq!(word, number % 7);
    }

    #[test]
    fn a_state_tells_from_where_it_was_first_reached() {
        let (mut visited, key) = (Visited::new(&Key::default(), 3), [1, 2, 3, 0, 0, 0]);
        let hash = hash(&key);
        let part = part_of(hash);
        let at = visited.parts[part].insert(&key, hash, u32::MAX - 1).unwrap();
        assert_eq!(visited.came(Visited::place(part, at)), u32::MAX - 1);
        visited.parts[part].came_from(at, 1 << 17);
        let place = Visited::place(part, at);
        assert_eq!((visited.came(place), visited.get(place)), (1 << 17, key));
    }

    #[test]
    fn a_state_takes_32_bytes_at_most() {
        for (numbers, most) in [(4, 25), (MOST_PRIESTS + 1, 32)] {
            let mut visited = Visited::new(&Key::default(), numbers);
            for n in 0..600_000_u32 {
                let key = [n, n / 3, n / 5, n / 7, n / 11, n / 13];
                let key = std::array::from_fn(|at| if at < numbers { key[at] } else { 0 });
                let (hash, from) = (hash(&key), n);
                visited.parts[part_of(hash)].insert(&key, hash, from).unwrap();
                let states = n as usize + 1;
                if states >= 200_000 && states.is_multiple_of(1000) {
                    let bytes = visited.bytes();
                    assert!(bytes <= most * states, "{bytes} bytes, {states} states");
                }
            }
        }
    }
}
