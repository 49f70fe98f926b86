//! Many hands: work that can be done in parallel is done on all cores.
//!
//! The result is the same as when one hand does all of it.

use std::panic::resume_unwind;
use std::sync::{Mutex, PoisonError};

/// How many hands there are.
pub(super) fn hands() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Does `work` to each task, a hand for each; returns what came of each, in order.
pub(super) fn each<T: Send, R: Send>(tasks: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    if tasks.len() < 2 {
        return tasks.into_iter().map(work).collect();
    }
    std::thread::scope(|scope| {
        let mut tasks = tasks.into_iter();
        let first = tasks.next();
        let work = &work;
        let others: Vec<_> = tasks.map(|task| scope.spawn(move || work(task))).collect();
        let first = first.map(work);
        let joined =
            others.into_iter().map(|hand| hand.join().unwrap_or_else(|it| resume_unwind(it)));
        first.into_iter().chain(joined).collect()
    })
}

/// Takes each task from the end of the list, hand by hand; returns what came of each, in no order.
pub(super) fn share<T: Send, R: Send>(
    hands: usize,
    tasks: Vec<T>,
    work: impl Fn(T) -> R + Sync,
) -> Vec<R> {
    let hands = hands.min(tasks.len());
    let left = Mutex::new(tasks);
    let next = || left.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let done = each((0..hands).collect(), |_: usize| {
        std::iter::from_fn(next).map(&work).collect::<Vec<_>>()
    });
    done.into_iter().flatten().collect()
}

/// Things that hands take, and give back when they need them no more.
pub(super) struct Pool<T>(Mutex<Vec<T>>);

impl<T> Default for Pool<T> {
    fn default() -> Pool<T> {
        Pool(Mutex::new(Vec::new()))
    }
}

impl<T> Pool<T> {
    /// One of them, or a new one.
    pub(super) fn take(&self, new: impl FnOnce() -> T) -> T {
        let taken = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        taken.unwrap_or_else(new)
    }

    /// Gives them back.
    pub(super) fn give(&self, things: &mut Vec<T>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).append(things);
    }
}
