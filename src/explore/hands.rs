//! Many hands: worlds that know nothing of each other are searched on as many cores as there are.
//!
//! What comes of it is what comes of searching one after the other.

use std::panic::resume_unwind;
use std::sync::{Mutex, PoisonError};

/// Below so many waiting states another hand costs more than it brings.
const WORTH_A_HAND: usize = 1000;

/// Does `deepen` to each search, the one with the most states `waiting` first; returns what came of
/// each, in the order of the searches.
pub(super) fn deepen_all<S: Send, T: Send>(
    searches: &mut [S],
    waiting: impl Fn(&S) -> usize,
    deepen: impl Fn(&mut S) -> T + Sync,
) -> Vec<T> {
    let hands = std::thread::available_parallelism().map_or(1, usize::from).min(searches.len());
    if hands < 2 || searches.iter().map(&waiting).sum::<usize>() < WORTH_A_HAND {
        return searches.iter_mut().map(deepen).collect();
    }
    let mut order: Vec<(usize, &mut S)> = searches.iter_mut().enumerate().collect();
    order.sort_by_key(|(_, search)| waiting(search));
    let left = Mutex::new(order);
    let next = || left.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let work = || std::iter::from_fn(next).map(|(at, it)| (at, deepen(it))).collect::<Vec<_>>();
    let mut done: Vec<(usize, T)> = std::thread::scope(|scope| {
        let others: Vec<_> = (1..hands).map(|_| scope.spawn(work)).collect();
        let mine = work();
        let joined =
            others.into_iter().map(|hand| hand.join().unwrap_or_else(|it| resume_unwind(it)));
        std::iter::once(mine).chain(joined).flatten().collect()
    });
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, done)| done).collect()
}
