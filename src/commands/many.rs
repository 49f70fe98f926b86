//! Many seeds on all cores. The result does not depend on the number of cores: seeds
//! count in their order, up to the first in which a rule is broken.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::simulator::{Plan, Tally, simulate};

/// Seeds that a thread takes at once.
const AT_ONCE: u64 = 64;

/// The work that is done or in progress.
struct Work {
    /// The next seed that nobody has taken.
    next: u64,
    /// The seeds below this are counted in `sum`.
    counted: u64,
    sum: Tally,
    /// The results that cannot be counted yet, by their first seed.
    ahead: BTreeMap<u64, Tally>,
}

/// How many threads this many seeds can keep busy here.
#[must_use]
pub fn threads_for(seeds: u64) -> usize {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    cores.min(usize::try_from(seeds.div_ceil(AT_ONCE)).unwrap_or(usize::MAX)).max(1)
}

/// Simulates the plan for this many seeds, from its own on, in this many threads; calls `watcher`
/// from time to time.
pub fn simulate_many(
    plan: &Plan<'_>,
    seeds: u64,
    threads: usize,
    watcher: impl Fn(&Tally) + Sync,
) -> Tally {
    let end = plan.seed.saturating_add(seeds);
    let (next, counted) = (plan.seed, plan.seed);
    let (sum, ahead) = (Tally::default(), BTreeMap::new());
    let work = Mutex::new(Work { next, counted, sum, ahead });
    thread::scope(|scope| {
        for _ in 0..threads {
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::heresies;
    use crate::invariants::Invariant;
    use crate::simulator::{Believers, Cast, Nemeses, Priests, Roads};

    fn plan(cast: &dyn Cast) -> Plan<'_> {
        Plan {
            seed: 5,
            founding: Arc::new("Gray Lynch Oki".parse().unwrap()),
            decrees: 1,
            law: None,
            roads: Roads::default(),
            absent: Default::default(),
            nemeses: Nemeses::ALL,
            cast,
            watch: Invariant::OF_SYNOD.to_vec(),
        }
    }

    #[test]
    fn the_result_of_many_seeds_does_not_depend_on_threads() {
        let rare = Believers(heresies::find("voted-on-wet-ink").unwrap().creed().unwrap());
        let casts: [&dyn Cast; 2] = [&Priests, &rare];
        for (cast, breaks) in casts.into_iter().zip([0, 1]) {
            let plan = plan(cast);
            let alone = run(&plan, plan.seed, plan.seed + 150);
            assert_eq!(alone.broken, breaks);
            for threads in [1, 2, 7] {
                assert_eq!(simulate_many(&plan, 150, threads, |_| {}), alone, "{threads} threads");
            }
        }
    }
}
