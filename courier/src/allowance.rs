//! How much one machine may send: bytes and rows, in a second. `[ours]`
//!
//! So a machine that is broken or hostile fills no disk in a moment, and takes no core from the
//! priests. What is beyond its allowance is dropped and counted, as if it had been lost.

use std::time::Duration;

/// How many bytes a machine may send in a second. A Parliament on one machine that passes decrees
/// in bulk writes some 15 MB of letters in a second.
pub const BYTES: u64 = 32 << 20;
/// How many rows a machine may send in a second; in bulk they are some 80,000.
pub const ROWS: u64 = 250_000;
/// For how many seconds a machine may save its allowance.
const SAVED: u64 = 2;

/// The allowance of one machine.
#[derive(Debug)]
pub struct Allowance {
    bytes: u64,
    rows: u64,
    since: Duration,
}

impl Allowance {
    /// A full allowance, at this time after the courier began.
    #[must_use]
    pub fn full(now: Duration) -> Allowance {
        Allowance { bytes: SAVED * BYTES, rows: SAVED * ROWS, since: now }
    }

    /// Takes this much from the allowance; false if it does not suffice, and then nothing is taken.
    pub fn take(&mut self, now: Duration, bytes: u64, rows: u64) -> bool {
        let passed = now.saturating_sub(self.since).min(Duration::from_secs(SAVED));
        let grown = |of: u64| u64::try_from(passed.as_micros()).unwrap_or(0) * of / 1_000_000;
        if grown(ROWS) > 0 {
            self.bytes = (self.bytes + grown(BYTES)).min(SAVED * BYTES);
            self.rows = (self.rows + grown(ROWS)).min(SAVED * ROWS);
            self.since = now;
        }
        if bytes > self.bytes || rows > self.rows {
            return false;
        }
        (self.bytes, self.rows) = (self.bytes - bytes, self.rows - rows);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_cut_to_the_allowance() {
        let mut allowance = Allowance::full(Duration::ZERO);
        let mut taken = 0;
        for ms in 0..10_000 {
            // Ten times as much as is allowed.
            taken += u64::from(allowance.take(Duration::from_millis(ms), BYTES / 100, 1));
        }
        assert!((1100..=1300).contains(&taken), "{taken}");
    }

    #[test]
    fn rows_are_bounded_too_and_an_allowance_is_not_saved_for_ever() {
        let mut allowance = Allowance::full(Duration::ZERO);
        assert!(!allowance.take(Duration::from_secs(1000), 1, SAVED * ROWS + 1));
        assert!(allowance.take(Duration::from_secs(1000), 1, SAVED * ROWS));
        assert!(!allowance.take(Duration::from_secs(1000), 1, 1));
        assert!(allowance.take(Duration::from_secs(1001), 1, ROWS));
    }
}
