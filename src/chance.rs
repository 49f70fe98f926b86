//! Chance: a seeded stream of draws, the same on every machine and in every release.
//!
//! Raw words of ChaCha8, whose stream is fixed by its definition; the draws over them are ours, so
//! that no library's change of mind changes a run.

use chacha20::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

/// A stream of draws.
#[derive(Debug)]
pub struct Chance(ChaCha8Rng);

impl Chance {
    /// The stream of `seed` that bears the number `stream`; distinct streams are independent.
    #[must_use]
    pub fn new(seed: u64, stream: u64) -> Chance {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8..16].copy_from_slice(&stream.to_le_bytes());
        Chance(ChaCha8Rng::from_seed(key))
    }

    /// A number below `bound`, each as likely as the next; 0 when `bound` is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        // The high word of a 128-bit product; its bias is below bound / 2^64, far under notice.
        let product = u128::from(self.0.next_u64()) * u128::from(bound);
        (product >> 64) as u64
    }

    /// Whether something of this probability (0 to 1) happens.
    pub fn happens(&mut self, probability: f64) -> bool {
        #[expect(clippy::cast_precision_loss, reason = "53 bits are exact")]
        let draw = (self.0.next_u64() >> 11) as f64 / (1u64 << 53) as f64;
        draw < probability
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_of_a_seed_never_changes() {
        let mut chance = Chance::new(7, 0);
        let drawn: Vec<u64> = (0..8).map(|_| chance.below(1000)).collect();
        assert_eq!(drawn, GOLDEN);
        let mut other = Chance::new(7, 1);
        assert_ne!((0..8).map(|_| other.below(1000)).collect::<Vec<_>>(), GOLDEN);
    }

    const GOLDEN: [u64; 8] = [764, 465, 5, 301, 386, 336, 354, 193];

    #[test]
    fn never_and_always_are_what_they_say() {
        let mut chance = Chance::new(1, 0);
        assert!((0..1000).all(|_| !chance.happens(0.0) && chance.happens(1.0)));
        assert_eq!(chance.below(0), 0);
    }
}
