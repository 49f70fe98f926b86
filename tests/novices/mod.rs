//! A novice in Python: the solution that passes, and how a program is examined.

use std::process::Output;

use super::common::House;
use super::skipping::skipped;

/// A priest who keeps to the paper.
#[allow(dead_code, reason = "not every test examines a priest of the Synod")]
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
#[allow(dead_code, reason = "not every test examines one by questions")]
pub fn examine(program: &str, arguments: &[&str]) -> Output {
    let house = House::new();
    std::fs::write(house.path().join("novice.py"), program).unwrap();
    let all = [&["examine", "--novice", "python3 novice.py"], arguments].concat();
    house.command(&all).output().unwrap()
}
