//! Programs laid where a test runs them.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// Lays a file that can be run. Another process writes it: a file that a thread holds open for
/// writing is held by each program that another thread starts meanwhile, and cannot be run.
pub fn lay(path: &Path, bytes: &[u8]) {
    let mut shell = Command::new("sh");
    shell.args(["-c", "cat > \"$0\" && chmod 755 \"$0\""]).arg(path).stdin(Stdio::piped());
    let mut shell = shell.spawn().unwrap();
    shell.stdin.take().unwrap().write_all(bytes).unwrap();
    assert!(shell.wait().unwrap().success());
}
