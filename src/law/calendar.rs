//! The Paxon calendar in decrees: times such as `8:30 15 Jan 72`, and terms in months.
//! `[PTP §3.3.3]`

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Months, NaiveDate, NaiveDateTime, TimeDelta, Timelike};
use serde::{Serialize, Serializer};

use crate::words::{DecreeNumber, Minutes, Name};

/// The last year of the calendar.
pub const LAST_YEAR: i32 = 9999;
/// The longest term of office, in months.
pub const LONGEST_TERM: u32 = 1200;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A minute in the years 1 to 9999, without time zones. `[PTP §3.3.3]`
///
/// The year is as written: 72 is the year 72.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(NaiveDateTime);

/// The error for a text that is not a time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a time is written `8:30 15 Jan 72`, hour:minute day month year, and {0:?} is not")]
pub struct MomentError(String);

impl Moment {
    /// The minute in which a clock shows this; `None` outside the years 1 to 9999.
    #[must_use]
    pub fn of(clock: NaiveDateTime) -> Option<Moment> {
        let minute = clock.with_second(0)?.with_nanosecond(0)?;
        (1..=LAST_YEAR).contains(&minute.year()).then_some(Moment(minute))
    }

    /// The time this many months later, on the same day of the month, or on the last day of a
    /// shorter month. `None` after the year 9999.
    ///
    /// **Departure:** 3 months from 15 January end on 15 April; §3.3.3 has 15 March.
    #[must_use]
    pub fn plus_months(self, months: u32) -> Option<Moment> {
        Moment::of(self.0.checked_add_months(Months::new(months))?)
    }

    /// The time this much later; part of a minute counts as a minute. `None` after the year 9999.
    #[must_use]
    pub fn plus(self, minutes: Minutes) -> Option<Moment> {
        Moment::of(self.0.checked_add_signed(rounded_up(minutes)?)?)
    }

    /// The time this much earlier; part of a minute counts as a minute. `None` before the year 1.
    #[must_use]
    pub fn minus(self, minutes: Minutes) -> Option<Moment> {
        Moment::of(self.0.checked_sub_signed(rounded_up(minutes)?)?)
    }
}

fn rounded_up(minutes: Minutes) -> Option<TimeDelta> {
    let whole = minutes.in_thousandths().div_ceil(1000);
    TimeDelta::try_minutes(i64::try_from(whole).ok()?)
}

/// Reads an integer of at most `digits` digits; a sign is not allowed.
pub(super) fn integer(text: &str, digits: usize) -> Option<u32> {
    let sound = (1..=digits).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if sound { text.parse().ok() } else { None }
}

fn read(text: &str) -> Option<Moment> {
    let mut words = text.split(' ');
    let (time, day, month, year) = (words.next()?, words.next()?, words.next()?, words.next()?);
    if words.next().is_some() {
        return None;
    }
    let (hour, minute) = time.split_once(':').filter(|(_, minute)| minute.len() == 2)?;
    let month = MONTHS.iter().position(|name| *name == month)?;
    let year = i32::try_from(integer(year, 4)?).ok()?;
    let date = NaiveDate::from_ymd_opt(year, month as u32 + 1, integer(day, 2)?)?;
    Moment::of(date.and_hms_opt(integer(hour, 2)?, integer(minute, 2)?, 0)?)
}

impl FromStr for Moment {
    type Err = MomentError;
    fn from_str(text: &str) -> Result<Moment, MomentError> {
        read(text).ok_or_else(|| MomentError(text.into()))
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hour, minute) = (self.0.hour(), self.0.minute());
        let month = MONTHS[self.0.month0() as usize];
        f.pad(&format!("{hour}:{minute:02} {} {month} {}", self.0.day(), self.0.year()))
    }
}

impl fmt::Debug for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A term of office: a *lease*. It includes the minute `from` and excludes the minute `until`.
#[doc(alias = "lease")]
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Term {
    /// The holder.
    pub holder: Name,
    /// The start: the decree's time or the end of the term before, whichever is later.
    pub from: Moment,
    /// The end.
    pub until: Moment,
    /// The decree that appointed him.
    pub appointed_by: DecreeNumber,
}

impl Term {
    /// Whether the term runs at this moment.
    pub(super) fn holds(&self, at: Moment) -> bool {
        self.from <= at && at < self.until
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Moment {
        text.parse().unwrap()
    }

    #[test]
    fn moments_read_back_as_written_and_bad_ones_are_refused() {
        for good in ["8:30 15 Jan 72", "9:15 3 Mar 72", "0:00 1 Jan 1", "23:59 31 Dec 9999"] {
            assert_eq!(at(good).to_string(), good);
        }
        assert_eq!(at("08:30 05 Jan 0072"), at("8:30 5 Jan 72"));
        for bad in [
            "",
            "8:30",
            "8:3 15 Jan 72",
            "24:00 1 Jan 72",
            "8:60 1 Jan 72",
            "8:30 30 Feb 72",
            "8:30 29 Feb 71",
            "8:30 15 jan 72",
            "8:30  15 Jan 72",
            "8:30 15 Jan 72 ",
            "8:30 15 Jan 0",
            "8:30 15 Jan 10000",
            "+8:30 15 Jan 72",
            "8:30 15 Jan",
        ] {
            assert!(bad.parse::<Moment>().is_err(), "{bad:?} was read as a time");
        }
    }

    #[test]
    fn three_months_from_15_january_end_on_15_april() {
        assert_eq!(at("8:30 15 Jan 72").plus_months(3), Some(at("8:30 15 Apr 72")));
        assert_eq!(at("8:30 31 Jan 72").plus_months(1), Some(at("8:30 29 Feb 72")));
        assert_eq!(at("8:30 15 Nov 72").plus_months(3), Some(at("8:30 15 Feb 73")));
        assert_eq!(at("8:30 15 Nov 9999").plus_months(3), None);
        assert_eq!(at("8:30 15 Nov 9999").plus_months(u32::MAX), None);
    }

    #[test]
    fn part_of_a_minute_counts_as_a_minute() {
        let half_past = at("8:30 15 Jan 72");
        assert_eq!(half_past.plus(Minutes::thousandths(14_001)), Some(at("8:45 15 Jan 72")));
        assert_eq!(half_past.minus(Minutes::whole(15)), Some(at("8:15 15 Jan 72")));
        assert_eq!(half_past.plus(Minutes::thousandths(u64::MAX)), None);
        assert_eq!(at("0:00 1 Jan 1").minus(Minutes::whole(1)), None);
    }
}
