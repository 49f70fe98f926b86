//! The hour in the Chamber: Paxon minutes, measured by this machine's clock.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::words::Minutes;

/// The default length of a Paxon minute. It is long enough that on a healthy machine, even with a
/// busy disk, a reply comes within 22 of them.
pub const MINUTE: Duration = Duration::from_millis(20);

/// A clock that started when the Chamber was convened. Its clones show the same time.
#[derive(Clone, Debug)]
pub struct Hour {
    convened: Instant,
    minute: Duration,
    still: Arc<Mutex<Still>>,
}

/// How long the clock has stood still before, and since when it stands still now.
#[derive(Debug, Default)]
struct Still {
    before: Duration,
    since: Option<Instant>,
}

impl Still {
    fn lasted(&self) -> Duration {
        self.before + self.since.map_or(Duration::ZERO, |since| since.elapsed())
    }
}

impl Hour {
    /// Starts a clock at zero, on which a minute lasts `minute`.
    #[must_use]
    pub fn convene(minute: Duration) -> Hour {
        let minute = minute.max(Duration::from_micros(1));
        Hour { convened: Instant::now(), minute, still: Arc::default() }
    }

    /// The time on the clock.
    #[must_use]
    pub fn now(&self) -> Minutes {
        let thousandths = self.run().as_nanos() * 1000 / self.minute.as_nanos();
        Minutes::thousandths(u64::try_from(thousandths).unwrap_or(u64::MAX))
    }

    /// How long the clock has run.
    fn run(&self) -> Duration {
        let still = self.still.lock().unwrap_or_else(PoisonError::into_inner);
        let until = still.since.unwrap_or_else(Instant::now);
        until.saturating_duration_since(self.convened).saturating_sub(still.before)
    }

    /// Stops the clock, if it runs.
    pub fn stand_still(&self) {
        let mut still = self.still.lock().unwrap_or_else(PoisonError::into_inner);
        still.since.get_or_insert_with(Instant::now);
    }

    /// Lets the clock run again.
    pub fn go_on(&self) {
        let mut still = self.still.lock().unwrap_or_else(PoisonError::into_inner);
        still.before = still.lasted();
        still.since = None;
    }

    /// How long the clock has stood still in all.
    #[must_use]
    pub fn stood_still(&self) -> Duration {
        self.still.lock().unwrap_or_else(PoisonError::into_inner).lasted()
    }

    /// The wall time until the clock shows `moment`, if it runs; zero when that is past.
    #[must_use]
    pub fn until(&self, moment: Minutes) -> Duration {
        // Rounded up, so that after a sleep of this length the moment has come.
        let due = self.in_wall_time(moment + Minutes::thousandths(1));
        due.saturating_sub(self.run())
    }

    /// Converts Paxon minutes to wall time.
    #[must_use]
    pub fn in_wall_time(&self, minutes: Minutes) -> Duration {
        let nanos = u128::from(minutes.in_thousandths()) * self.minute.as_nanos() / 1000;
        Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }
}
