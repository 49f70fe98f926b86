//! A novice in Python: the solution that passes, and how a program is examined.

use std::process::Output;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::common::House;
use crate::skipping::skipped;

/// A priest who keeps to the paper.
pub const SOLUTION: &str = include_str!("solution.py");

/// Whether Python is here; without it nothing is examined, and that is said.
pub fn has_python() -> bool {
    let has = std::process::Command::new("python3").arg("--version").output().is_ok();
    if !has {
        skipped("python3 is not here");
    }
    has
}

/// Examines a Python program.
pub fn examine(program: &str, arguments: &[&str]) -> Output {
    let house = House::new();
    std::fs::write(house.path().join("novice.py"), program).unwrap();
    let all = [&["examine", "--novice", "python3 novice.py"], arguments].concat();
    house.command(&all).output().unwrap()
}

/// Does this with each, several at once: an examination waits for the novice most of the time.
pub fn side_by_side<T: Sync>(all: &[T], each: impl Fn(&T) + Sync) {
    let next = AtomicUsize::new(0);
    let take = || all.get(next.fetch_add(1, Ordering::Relaxed));
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| std::iter::from_fn(take).for_each(&each));
        }
    });
}
