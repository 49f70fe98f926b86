//! The times at which God calls priests back into the Chamber. `[ours]`
//!
//! A priest whose ink failed returns by reading his ledger again. If the cause remains, he is
//! driven out again at once. So after a few times each wait is twice the one before. After he has
//! stayed for a while, the wait is short again.

use std::collections::BTreeMap;

use crate::words::time::PRESENCE;
use crate::words::{Minutes, Name};

/// The number of returns before the wait grows; each waits T.
const FEW: u32 = 3;

/// The number of times that the wait may double: the longest wait is 64 T.
const DOUBLINGS: u32 = 6;

/// How long he must stay, in T, until the wait is short again.
const STAY: u64 = 10;

/// The priests who were driven out, and when each is called back.
#[derive(Debug, Default)]
pub struct Recall {
    due: BTreeMap<Name, Minutes>,
    driven_out: BTreeMap<Name, Record>,
}

/// How often a priest was driven out, and when he came back.
#[derive(Debug, Default)]
struct Record {
    times: u32,
    entered: Option<Minutes>,
}

/// A multiple of T.
fn presences(many: u64) -> Minutes {
    Minutes::thousandths(many * PRESENCE.in_thousandths())
}

impl Recall {
    /// Notes that a priest has entered.
    pub fn entered(&mut self, name: Name, at: Minutes) {
        if let Some(record) = self.driven_out.get_mut(&name) {
            record.entered = Some(at);
        }
    }

    /// Notes that a fault drove a priest out, or kept him out. Returns a remark when his wait grows
    /// for the first time.
    pub fn driven_out(&mut self, name: Name, at: Minutes) -> Option<String> {
        let record = self.driven_out.entry(name).or_default();
        if record.entered.take().is_some_and(|entered| at >= entered + presences(STAY)) {
            record.times = 0;
        }
        record.times = record.times.saturating_add(1);
        let doublings = record.times.saturating_sub(FEW).min(DOUBLINGS);
        self.due.insert(name, at + presences(1 << doublings));
        (record.times == FEW + 1).then(|| {
            format!(
                "was driven out {} times; he waits longer each time before he returns",
                record.times
            )
        })
    }

    /// The priests to call back now; each is returned once.
    pub fn due(&mut self, now: Minutes) -> Vec<Name> {
        let is_due = |(name, due): (&Name, &Minutes)| (*due <= now).then_some(*name);
        let due: Vec<Name> = self.due.iter().filter_map(is_due).collect();
        self.due.retain(|_, due| *due > now);
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gray() -> Name {
        "Gray".parse().unwrap()
    }

    /// The number of returns and of remarks in this time, if each entering fails at once.
    fn returns(within: Minutes) -> (u64, usize) {
        let (mut recall, mut now, mut returns, mut told) = (Recall::default(), Minutes::ZERO, 0, 0);
        while now < within {
            told += usize::from(recall.driven_out(gray(), now).is_some());
            while recall.due(now).is_empty() {
                now = now + Minutes::whole(1);
            }
            recall.entered(gray(), now);
            returns += 1;
        }
        (returns, told)
    }

    #[test]
    fn each_wait_is_longer_if_every_entering_fails() {
        assert_eq!(returns(presences(3)), (3, 0));
        assert_eq!(returns(presences(1000)), (23, 1));
    }

    #[test]
    fn after_a_long_stay_the_wait_is_short_again() {
        let mut recall = Recall::default();
        for _ in 0..9 {
            recall.driven_out(gray(), Minutes::ZERO);
        }
        assert_eq!(recall.due(presences(63)), []);
        assert_eq!(recall.due(presences(64)), [gray()]);
        recall.entered(gray(), presences(64));
        recall.driven_out(gray(), presences(74));
        assert_eq!(recall.due(presences(75)), [gray()]);
    }
}
