//! The hour in the Chamber: Paxon minutes, measured by this machine's clock.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::words::Minutes;

/// How long a Paxon minute lasts unless told: long enough that on a healthy machine, busy disk and
/// all, nobody waits in vain for 22 of them.
pub const MINUTE: Duration = Duration::from_millis(20);

/// A clock that was started when the Chamber was convened; its clones show the same.
#[derive(Clone, Debug)]
pub struct Hour {
    convened: Instant,
    minute: Duration,
    still: Arc<Mutex<Still>>,
}

/// How long the clock stood still, and since when it does.
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
    /// The Chamber is convened now, and a minute lasts `minute`.
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

    /// For how long the clock has run.
    fn run(&self) -> Duration {
        let still = self.still.lock().unwrap_or_else(PoisonError::into_inner);
        let until = still.since.unwrap_or_else(Instant::now);
        until.saturating_duration_since(self.convened).saturating_sub(still.before)
    }

    /// The clock stands still from now on, if it does not already.
    pub fn stand_still(&self) {
        let mut still = self.still.lock().unwrap_or_else(PoisonError::into_inner);
        still.since.get_or_insert_with(Instant::now);
    }

    /// The clock runs from now on.
    pub fn go_on(&self) {
        let mut still = self.still.lock().unwrap_or_else(PoisonError::into_inner);
        still.before = still.lasted();
        still.since = None;
    }

    /// For how long the clock has stood still in all.
    #[must_use]
    pub fn stood_still(&self) -> Duration {
        self.still.lock().unwrap_or_else(PoisonError::into_inner).lasted()
    }

    /// How long it is until the clock shows `moment`, if it runs; nothing when it has.
    #[must_use]
    pub fn until(&self, moment: Minutes) -> Duration {
        // Rounded up, so that a sleeper of this length finds that the moment has come.
        let due = self.in_wall_time(moment + Minutes::thousandths(1));
        due.saturating_sub(self.run())
    }

    /// So many minutes in wall time.
    #[must_use]
    pub fn in_wall_time(&self, minutes: Minutes) -> Duration {
        let nanos = u128::from(minutes.in_thousandths()) * self.minute.as_nanos() / 1000;
        Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }
}
