//! The states met so far: each kept whole, so that no two are ever taken for one.

use std::hash::{BuildHasherDefault, Hasher};

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

/// All states met, each packed into so many words, in the order in which they were met, and a table to find them by.
pub(super) struct Visited<const WORDS: usize> {
    states: Vec<[u64; WORDS]>,
    /// Of a state, its index + 1 in the lower half and the upper half of its hash in the upper, or
    /// 0; as many as a power of two.
    table: Vec<u64>,
}

const UPPER: u64 = 0xFFFF_FFFF_0000_0000;

impl<const WORDS: usize> Visited<WORDS> {
    pub(super) fn new() -> Visited<WORDS> {
        Visited { states: Vec::new(), table: vec![0; 1 << 10] }
    }

    /// Adds a state; false if it was met before, or if there is room for no more.
    pub(super) fn insert(&mut self, state: [u64; WORDS]) -> bool {
        self.insert_hashed(state, hash(&state))
    }

    /// As [`Visited::insert`], by one who knows the hash.
    pub(super) fn insert_hashed(&mut self, state: [u64; WORDS], hash: u64) -> bool {
        if (self.states.len() + 1) * 3 > self.table.len() * 2 {
            self.grow();
        }
        let at = match self.find(&state, hash) {
            Ok(_) => return false,
            Err(at) => at,
        };
        self.states.push(state);
        self.table[at] = hash & UPPER | self.states.len() as u64;
        true
    }

    /// What the table has where this hash belongs, so that it is near when it is asked for.
    pub(super) fn touch(&self, hash: u64) -> u64 {
        self.table[hash as usize & (self.table.len() - 1)]
    }

    /// As [`Visited::touch`], and a word of the state that stands there.
    pub(super) fn touch_state(&self, hash: u64) -> u64 {
        let entry = self.touch(hash);
        let alike = entry != 0 && (entry ^ hash) & UPPER == 0;
        if alike { self.states[entry as u32 as usize - 1][0] } else { 0 }
    }

    /// Where the table has it, or where it would go.
    fn find(&self, state: &[u64; WORDS], hash: u64) -> Result<usize, usize> {
        let mask = self.table.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            match self.table[at] {
                0 => return Err(at),
                entry
                    if (entry ^ hash) & UPPER == 0
                        && self.states[entry as u32 as usize - 1] == *state =>
                {
                    return Ok(at);
                }
                _ => at = (at + 1) & mask,
            }
        }
    }

    fn grow(&mut self) {
        let mask = self.table.len() * 2 - 1;
        let mut table = vec![0_u64; mask + 1];
        for (index, state) in self.states.iter().enumerate() {
            let hash = hash(state);
            let mut at = hash as usize & mask;
            while table[at] != 0 {
                at = (at + 1) & mask;
            }
            table[at] = hash & UPPER | (index as u64 + 1);
        }
        self.table = table;
    }

    pub(super) fn len(&self) -> usize {
        self.states.len()
    }

    pub(super) fn get(&self, index: usize) -> [u64; WORDS] {
        self.states[index]
    }

    /// The memory this takes, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.states.capacity() * size_of::<[u64; WORDS]>()
            + self.table.capacity() * size_of::<u64>()
    }
}

pub(super) fn hash(state: &[u64]) -> u64 {
    let mut fold = Fold::default();
    for &word in state {
        fold.word(word);
    }
    fold.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_new_once() {
        let mut visited = Visited::new();
        let states = || (0..5000_u64).map(|n| [n % 7, n / 7, n, 0]);
        assert!(states().all(|state| visited.insert(state)));
        assert!(!states().any(|state| visited.insert(state)));
        assert_eq!((visited.len(), visited.get(4999)), (5000, [4999 % 7, 714, 4999, 0]));
    }
}
