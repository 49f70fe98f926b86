//! Whom God calls back into the Chamber, and when. `[ours]`
//!
//! One whose ink failed returns by reading his ledger anew. Where the cause stays he is driven out
//! again at once, so after a few times he waits longer, twice as long each time, and once he has
//! stayed for a while that is forgotten.

use std::collections::BTreeMap;

use crate::words::time::PRESENCE;
use crate::words::{Minutes, Name};

/// How often he returns after T each time.
const FEW: u32 = 3;

/// How often the wait is doubled at most: then he waits 64 T.
const DOUBLINGS: u32 = 6;

/// How long he must stay so that what drove him out before is forgotten, in T.
const STAY: u64 = 10;

/// What God remembers of those whom something drove out.
#[derive(Debug, Default)]
pub struct Recall {
    due: BTreeMap<Name, Minutes>,
    driven_out: BTreeMap<Name, Record>,
}

/// How often something drove a priest out, and when he came back.
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
    /// Hears that he has entered.
    pub fn entered(&mut self, name: Name, at: Minutes) {
        if let Some(record) = self.driven_out.get_mut(&name) {
            record.entered = Some(at);
        }
    }

    /// Hears that something drove him out, or kept him out. Where he is to wait longer for the
    /// first time, yields what to say of it.
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

    /// Those whose time has come; each is named once.
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

    /// How often he returns within so long, when he is driven out as soon as he enters.
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
    fn who_is_driven_out_at_once_waits_longer_each_time() {
        assert_eq!(returns(presences(3)), (3, 0));
        assert_eq!(returns(presences(1000)), (23, 1));
    }

    #[test]
    fn who_has_stayed_for_a_while_returns_as_soon_as_at_first() {
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
