//! The hour in the Chamber: Paxon minutes, measured by this machine's clock.

use std::time::{Duration, Instant};

use crate::words::Minutes;

/// How long a Paxon minute lasts unless told: long enough that on a healthy machine, busy disk and
/// all, nobody waits in vain for 22 of them.
pub const MINUTE: Duration = Duration::from_millis(20);

/// A clock that was started when the Chamber was convened.
#[derive(Clone, Copy, Debug)]
pub struct Hour {
    convened: Instant,
    minute: Duration,
}

impl Hour {
    /// The Chamber is convened now, and a minute lasts `minute`.
    #[must_use]
    pub fn convene(minute: Duration) -> Hour {
        Hour { convened: Instant::now(), minute: minute.max(Duration::from_micros(1)) }
    }

    /// What the clock shows.
    #[must_use]
    pub fn now(&self) -> Minutes {
        let thousandths = self.convened.elapsed().as_nanos() * 1000 / self.minute.as_nanos();
        Minutes::thousandths(u64::try_from(thousandths).unwrap_or(u64::MAX))
    }

    /// How long it is until the clock shows `moment`; nothing when it has.
    #[must_use]
    pub fn until(&self, moment: Minutes) -> Duration {
        // Rounded up, so that whoever slept so long finds that the moment has come.
        let due = self.in_wall_time(moment + Minutes::thousandths(1));
        due.saturating_sub(self.convened.elapsed())
    }

    /// So many minutes in wall time.
    #[must_use]
    pub fn in_wall_time(&self, minutes: Minutes) -> Duration {
        let nanos = u128::from(minutes.in_thousandths()) * self.minute.as_nanos() / 1000;
        Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }
}
