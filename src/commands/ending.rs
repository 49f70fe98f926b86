//! How a command ends: its exit code, and what a signal does to it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How a command ended, when it did not fail: its exit code says so.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// Done and consistent: exit code 0.
    Done,
    /// Judged, and found wanting: exit code 1.
    Wanting,
    /// Ended by the user before it was done: exit code 130.
    Interrupted,
}

/// An error that kept a command from judging or starting: exit code 2.
pub type Failure = Box<dyn std::error::Error>;

/// How long a command has to end after it was told to.
const GRACE: Duration = Duration::from_secs(10);

/// Becomes true at the first Ctrl-C or SIGTERM; at the second the process ends at once, and so it
/// does if something holds it for longer than [`GRACE`], such as a reader of its output who does
/// not read. A row inked by then is dry, or nobody has heard of it.
pub fn catch_interrupts() -> Result<&'static AtomicBool, ctrlc::Error> {
    static INTERRUPTED: AtomicBool = AtomicBool::new(false);
    ctrlc::set_handler(|| {
        if INTERRUPTED.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
        // Without a thread to spare, the second signal is left.
        let _ = std::thread::Builder::new().spawn(|| {
            std::thread::sleep(GRACE);
            std::process::exit(130);
        });
    })?;
    Ok(&INTERRUPTED)
}
