//! Several readers, each with a thread of his own, who share files or questions among them.
//!
//! The caller hears of their work on its own thread, and takes their results in the order of the
//! tasks. So the result does not depend on how many readers there are, nor on who is first.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;

/// How many readers this machine has work for at once.
pub(super) fn readers() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// News from a reader about his work.
enum News<R, E> {
    /// This many more bytes have been read.
    Read(u64),
    /// The task at this place is done.
    Done(usize, Result<R, E>),
}

/// Lets this many readers do `work` to each task. The first reader takes the tasks in order, so that
/// results are taken soon and do not wait in memory; the others take the largest, so that none of
/// these is left for the end. Meanwhile it reports how much more they have read, and takes the
/// results of the tasks in order.
///
/// # Errors
/// What the first of the tasks failed with that fails. Nothing is taken of those that follow it.
pub(super) fn share<T: Send, R: Send, E: Send>(
    readers: usize,
    tasks: Vec<T>,
    size: impl Fn(&T) -> u64,
    work: impl Fn(T, &mut dyn FnMut(u64)) -> Result<R, E> + Sync,
    mut tell: impl FnMut(u64),
    mut take: impl FnMut(R),
) -> Result<(), E> {
    let readers = readers.min(tasks.len());
    let sizes: Vec<u64> = tasks.iter().map(size).collect();
    let left: BTreeMap<usize, T> = tasks.into_iter().enumerate().collect();
    let (left, failed) = (Mutex::new(left), AtomicUsize::new(usize::MAX));
    let next = |is_first: bool| {
        let mut left = left.lock().unwrap_or_else(PoisonError::into_inner);
        let largest = || left.keys().copied().max_by_key(|&place| (sizes[place], Reverse(place)));
        let place = if is_first { left.keys().next().copied() } else { largest() }?;
        left.remove_entry(&place)
    };
    let one_reader = |is_first: bool, tell: &mut dyn FnMut(News<R, E>)| {
        while let Some((place, task)) = next(is_first) {
            if place > failed.load(Ordering::Relaxed) {
                continue;
            }
            let done = work(task, &mut |bytes| tell(News::Read(bytes)));
            if done.is_err() {
                failed.fetch_min(place, Ordering::Relaxed);
            }
            tell(News::Done(place, done));
        }
    };
    let (mut early, mut expected, mut outcome) = (BTreeMap::new(), 0, Ok(()));
    let mut hear = |news: News<R, E>| match news {
        News::Read(bytes) => tell(bytes),
        News::Done(place, done) => {
            early.insert(place, done);
            while let Some(done) = early.remove(&expected).filter(|_| outcome.is_ok()) {
                expected += 1;
                match done {
                    Ok(found) => take(found),
                    Err(error) => outcome = Err(error),
                }
            }
        }
    };
    if readers > 1 {
        thread::scope(|scope| {
            let (send, news) = mpsc::channel();
            for reader in 0..readers {
                let (send, one_reader) = (send.clone(), &one_reader);
                // Nobody hears him only where another reader has panicked.
                let reads = move || one_reader(reader == 0, &mut |news| drop(send.send(news)));
                if thread::Builder::new().spawn_scoped(scope, reads).is_err() {
                    break;
                }
            }
            drop(send);
            news.into_iter().for_each(&mut hear);
        });
    }
    // The rest, if the system gives no threads.
    one_reader(true, &mut hear);
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_however_many_readers_there_are() {
        for readers in [1, 2, 7] {
            let (mut read, mut taken) = (0, Vec::new());
            let tasks: Vec<u64> = (0..100).map(|i| i * 37 % 100).collect();
            let work = |task: u64, tell: &mut dyn FnMut(u64)| {
                tell(task);
                if task % 10 == 3 {
                    thread::yield_now()
                }
                Ok::<u64, u64>(task)
            };
            let shared =
                share(readers, tasks.clone(), |&it| it, work, |it| read += it, |it| taken.push(it));
            assert_eq!((shared, read, taken), (Ok(()), 4950, tasks));
        }
    }

    #[test]
    fn the_first_failed_task_is_reported_and_no_later_one_is_taken() {
        for readers in [1, 2, 7] {
            let mut taken = Vec::new();
            let work = |task: u64, _: &mut dyn FnMut(u64)| {
                if matches!(task, 20 | 21 | 90) { Err(task) } else { Ok(task) }
            };
            let shared =
                share(readers, (0..100).collect(), |&it| it, work, |_| {}, |it| taken.push(it));
            assert_eq!((shared, taken), (Err(20), (0..20).collect()));
        }
    }
}
