//! The message of a test when a program that it needs is not here.

use std::io::Write as _;

/// Says that this test is skipped, and why. The words reach the terminal whether or not the test
/// passes. Where `PARLIAMENT_NO_SKIP` is set, as in `.ci/run`, a skip is a failure.
///
/// # Panics
/// Where `PARLIAMENT_NO_SKIP` is set to anything but `0` or nothing.
pub fn skipped(reason: &str) {
    let test = std::thread::current().name().unwrap_or("a test").to_owned();
    let is_forbidden =
        std::env::var_os("PARLIAMENT_NO_SKIP").is_some_and(|it| !it.is_empty() && it != "0");
    assert!(!is_forbidden, "{test} may not be skipped here (PARLIAMENT_NO_SKIP): {reason}");
    // `eprintln!` is kept back by the test harness; this is not.
    let _ = writeln!(std::io::stderr(), "SKIPPED {test}: {reason}");
}
