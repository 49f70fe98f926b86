//! Many seeds on all cores. What comes of them is the same however many cores there are: seeds
//! count in their order, up to the first in which a rule is broken.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::simulator::{Plan, Tally, simulate};

/// Seeds that a thread takes at once.
const AT_ONCE: u64 = 64;

/// What is done, what is being done.
struct Work {
    /// The next seed that nobody has taken.
    next: u64,
    /// The seeds below this are counted in `sum`.
    counted: u64,
    sum: Tally,
    /// What is done and cannot be counted yet, by its first seed.
    ahead: BTreeMap<u64, Tally>,
}

/// How many threads run.
#[must_use]
pub fn cores() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

/// Simulates the plan for so many seeds, from its own on; `watcher` is told now and then.
pub fn simulate_many(plan: &Plan<'_>, seeds: u64, watcher: impl Fn(&Tally) + Sync) -> Tally {
    let end = plan.seed.saturating_add(seeds);
    let (next, counted) = (plan.seed, plan.seed);
    let (sum, ahead) = (Tally::default(), BTreeMap::new());
    let work = Mutex::new(Work { next, counted, sum, ahead });
    thread::scope(|scope| {
        for _ in 0..cores().min(seeds.div_ceil(AT_ONCE) as usize) {
            scope.spawn(|| {
                while let Some(first) = take(&work, end) {
                    let last = first.saturating_add(AT_ONCE).min(end);
                    let tally = run(plan, first, last);
                    watcher(&count(&work, first, tally));
                }
            });
        }
    });
    work.into_inner().unwrap_or_else(PoisonError::into_inner).sum
}

/// Seeds in order, up to the first in which a rule is broken.
fn run(plan: &Plan<'_>, first: u64, last: u64) -> Tally {
    let mut sum = Tally::default();
    for seed in first..last {
        sum.add(&simulate(&Plan { seed, ..plan.clone() }));
        if sum.broken > 0 {
            break;
        }
    }
    sum
}

fn take(work: &Mutex<Work>, end: u64) -> Option<u64> {
    let mut work = work.lock().unwrap_or_else(PoisonError::into_inner);
    let first = work.next;
    work.next = first.saturating_add(AT_ONCE);
    (first < end && work.sum.broken == 0).then_some(first)
}

/// Counts what can be counted in order, and nothing after a rule was broken.
fn count(work: &Mutex<Work>, first: u64, tally: Tally) -> Tally {
    let mut work = work.lock().unwrap_or_else(PoisonError::into_inner);
    work.ahead.insert(first, tally);
    while work.sum.broken == 0
        && let counted = work.counted
        && let Some(tally) = work.ahead.remove(&counted)
    {
        work.sum.add(&tally);
        work.counted = counted.saturating_add(AT_ONCE);
    }
    work.sum.clone()
}
