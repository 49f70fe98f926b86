//! A small cache of recent answers. States that follow each other ask the same questions; this
//! cache answers faster than a large table.

/// How many are remembered.
const RECENT: usize = 1 << 11;

/// Answers by key; a later one may take the place of an earlier.
pub(super) struct Recent(Vec<(u64, u32)>);

impl Default for Recent {
    fn default() -> Recent {
        Recent(vec![(u64::MAX, 0); RECENT])
    }
}

impl Recent {
    fn at(key: u64) -> usize {
        (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 53) as usize
    }

    pub(super) fn get(&self, key: u64) -> Option<u32> {
        let (known, answer) = self.0[Recent::at(key)];
        (known == key).then_some(answer)
    }

    pub(super) fn put(&mut self, key: u64, answer: u32) {
        self.0[Recent::at(key)] = (key, answer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_never_taken_for_another() {
        let mut recent = Recent::default();
        for key in 0..10_000_u64 {
            assert_eq!(recent.get(key << 7), None);
            recent.put(key << 7, key as u32);
            assert_eq!(recent.get(key << 7), Some(key as u32));
        }
    }
}
