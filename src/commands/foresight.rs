//! The forecast of a search: about how many states it has, the memory for them, and how far it
//! is.

use std::io::{IsTerminal, Write};
use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

use crate::explore::{Gauge, Scope};
use crate::heresies::Trial;
use crate::words::shown::grouped;

use super::Failure;

/// From this many ballots on, a search may take more memory than there is.
const LARGE: usize = 3;
/// The memory that states may take where the system does not say what it has, in bytes.
const MOST_BYTES: u64 = 16 << 30;

/// About how many states a search will reach, and the bytes they take.
#[derive(Clone, Copy)]
pub struct Foresight {
    /// States.
    pub states: f64,
    /// Bytes.
    pub bytes: f64,
}

/// The forecast for a search of many ballots, from the same search of one and of two ballots:
/// each further ballot multiplies the states by about the same. `None` for a small search.
///
/// # Errors
/// When the scope is out of bounds.
pub fn foresee(trial: &Trial) -> Result<Option<Foresight>, Failure> {
    let Scope { priests, ballots, .. } = trial.scope();
    if ballots < LARGE {
        return Ok(None);
    }
    let states_of = |ballots| -> Result<f64, Failure> {
        Ok(trial.with_ballots(ballots).explore(&Gauge::default())?.states as f64)
    };
    let (of_one, of_two) = (states_of(1)?, states_of(2)?);
    let states = (of_two / of_one).powi(ballots as i32 - 2) * of_two;
    // Three bytes for each priest and for what was seen, and 11 to find the state by.
    let bytes = states * (3 * (priests + 1) + 11) as f64;
    Ok(Some(Foresight { states, bytes }))
}

impl Foresight {
    /// Whether the states have room in this much memory.
    ///
    /// # Errors
    /// A text with the memory needed, and the options that reduce it.
    pub fn fits(self, memory: u64) -> Result<(), Failure> {
        if self.bytes <= memory as f64 {
            return Ok(());
        }
        let (states, needed) = (rough(self.states), in_gibibytes(self.bytes));
        let (memory, more) = (in_gibibytes(memory as f64), (self.bytes / GIB).ceil());
        Err(format!(
            "this search has about {states} states, which take about {needed}, and {memory} may be used: \
             search fewer ballots, decrees or restarts, or with --by-deeds or --ledgers-alone; \
             or say --memory {more}GiB"
        )
        .into())
    }
}

const GIB: f64 = (1_u64 << 30) as f64;

fn in_gibibytes(bytes: f64) -> String {
    format!("{:.1} GiB", bytes / GIB)
}

/// A number of which two figures are known.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is rough")]
fn rough(number: f64) -> String {
    let unit = 10_f64.powf((number.max(10.0).log10() - 1.0).floor());
    grouped(((number / unit).round() * unit) as u64)
}

/// The memory that states may take unless the user says: most of what the system has to spare.
pub fn memory_to_spare() -> u64 {
    let told = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let available = told.lines().find_map(|line| line.strip_prefix("MemAvailable:"));
    let kibibytes = available.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
    kibibytes.map_or(MOST_BYTES, |kibibytes: u64| kibibytes * 1024 / 10 * 9)
}

/// Searches; tells a terminal meanwhile how far the search is.
pub fn watched<T: Send>(
    silent: bool,
    gauge: &Gauge,
    foresight: Option<Foresight>,
    search: impl FnOnce() -> T,
) -> T {
    if silent || !std::io::stderr().is_terminal() {
        return search();
    }
    std::thread::scope(|scope| {
        let (done, is_done) = std::sync::mpsc::channel::<()>();
        scope.spawn(move || {
            while let Err(RecvTimeoutError::Timeout) = is_done.recv_timeout(LOOK) {
                let told = in_progress(gauge, foresight);
                // A terminal that has gone away wants no progress.
                let _gone = write!(std::io::stderr(), "\r\x1b[K{told}\r");
            }
            let _gone = write!(std::io::stderr(), "\r\x1b[K");
        });
        let found = search();
        drop(done);
        found
    })
}

/// How often progress is told.
const LOOK: Duration = Duration::from_millis(250);

/// How far a search is, in a line.
fn in_progress(gauge: &Gauge, foresight: Option<Foresight>) -> String {
    let (states, depth) = (grouped(gauge.states()), gauge.depth());
    let of = foresight.map_or(String::new(), |it| format!(" of about {}", rough(it.states)));
    let (mebibytes, waiting) =
        (gauge.bytes() >> 20, gauge.states().saturating_sub(gauge.gone_through()));
    format!(
        "{states} states{of}, {depth} events deep, {} to go through, {mebibytes} MiB",
        grouped(waiting)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_that_has_no_room_says_what_it_needs() {
        let foresight = Foresight { states: 1.916e9, bytes: 53.7e9 };
        assert!(foresight.fits(60 << 30).is_ok());
        let told = foresight.fits(20 << 30).unwrap_err().to_string();
        assert!(told.contains("1,900,000,000 states"), "{told}");
        assert!(told.contains("50.0 GiB, and 20.0 GiB may be used"), "{told}");
        assert!(told.contains("--memory 51GiB"), "{told}");
    }
}
