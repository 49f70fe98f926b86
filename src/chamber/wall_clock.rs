//! This machine's clock. `[ours]`
//!
//! No decision depends on the time of a row, so a wrong clock must do no harm. Every time that a
//! clock can show is written so that it reads back.

use std::time::{SystemTime, UNIX_EPOCH};

use chrono::{DateTime, Utc};

/// The time on this machine's clock. It never panics: times before 1970 and beyond the calendar
/// work.
#[must_use]
pub fn wall_clock() -> DateTime<Utc> {
    shown_by(SystemTime::now())
}

fn shown_by(time: SystemTime) -> DateTime<Utc> {
    let signed = |seconds: u64| i64::try_from(seconds).unwrap_or(i64::MAX);
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) => DateTime::from_timestamp(signed(since.as_secs()), since.subsec_nanos())
            .unwrap_or(DateTime::<Utc>::MAX_UTC),
        Err(before) => DateTime::from_timestamp(-signed(before.duration().as_secs()), 0)
            .unwrap_or(DateTime::<Utc>::MIN_UTC),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;
    use crate::records::in_words;

    proptest! {
        #[test]
        fn every_time_that_a_clock_can_show_reads_back(
            seconds in DateTime::<Utc>::MIN_UTC.timestamp()..=DateTime::<Utc>::MAX_UTC.timestamp(),
            nanos in 0u32..2_000_000_000,
        ) {
            let Some(at) = DateTime::from_timestamp(seconds, nanos) else { return Ok(()) };
            prop_assert!(reads_back(at));
        }

        #[test]
        fn every_time_near_an_edge_reads_back(edge in 0usize..4, off in -100_000_000i64..100_000_000) {
            let edges = ["0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "1970-01-01T00:00:00Z",
                "0001-01-01T00:00:00Z"];
            let edge: DateTime<Utc> = edges[edge].parse().unwrap();
            prop_assert!(reads_back(edge + chrono::TimeDelta::microseconds(off)));
        }

        #[test]
        fn no_time_of_the_machine_clock_panics(before in any::<bool>(), seconds in any::<u64>()) {
            let length = Duration::from_secs(seconds);
            let time = match before {
                true => UNIX_EPOCH.checked_sub(length),
                false => UNIX_EPOCH.checked_add(length),
            };
            prop_assert!(time.is_none_or(|time| reads_back(shown_by(time))));
        }
    }

    fn reads_back(at: DateTime<Utc>) -> bool {
        let words = in_words(at);
        let read = DateTime::parse_from_rfc3339(&words).map(|it| it.to_utc());
        words.len() == "2026-03-01T08:00:00.001462Z".len()
            && read.is_ok_and(|read| in_words(read) == words)
    }

    #[test]
    fn the_first_and_the_last_time_read_back() {
        assert!(reads_back(DateTime::<Utc>::MIN_UTC) && reads_back(DateTime::<Utc>::MAX_UTC));
        assert_eq!(in_words(DateTime::<Utc>::MAX_UTC), "9999-12-31T23:59:59.999999Z");
        assert_eq!(in_words(DateTime::<Utc>::MIN_UTC), "0000-01-01T00:00:00.000000Z");
    }
}
