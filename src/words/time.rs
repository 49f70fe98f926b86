//! Paxon time, as an input: the core gets the time from its caller, and reads no clock.

use std::fmt;
use std::ops::{Add, Sub};
use std::str::FromStr;

use serde::{Serialize, Serializer};

/// Paxon minutes, as a moment since the Chamber was convened or as a length of time; counted in
/// thousandths, so that a simulated hour is the same hour everywhere. `[PTP §2.4]`
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct Minutes(u64);

/// A messenger inside the Chamber delivers within 4 minutes. `[PTP §2.4]`
pub const DELIVER: Minutes = Minutes::whole(4);
/// A priest inside the Chamber acts within 7 minutes. `[PTP §2.4]`
pub const ACT: Minutes = Minutes::whole(7);
/// A reply returns within 4 + 7 + 4 + 7 = 22 minutes. `[PTP §2.4]`
pub const REPLY: Minutes = Minutes::whole(22);
/// T: a priest who has heard no higher name for this long presides. `[PTP §2.4]`
pub const PRESENCE: Minutes = Minutes::whole(33);

impl Minutes {
    /// The moment at which the Chamber was convened.
    pub const ZERO: Minutes = Minutes(0);

    /// Whole minutes.
    #[must_use]
    pub const fn whole(minutes: u64) -> Minutes {
        Minutes(minutes.saturating_mul(1000))
    }

    /// Thousandths of a minute.
    #[must_use]
    pub const fn thousandths(thousandths: u64) -> Minutes {
        Minutes(thousandths)
    }

    /// This time in thousandths of a minute.
    #[must_use]
    pub const fn in_thousandths(self) -> u64 {
        self.0
    }
}

/// Why a text is not a number of Paxon minutes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no number of Paxon minutes, such as 30 or 2.5")]
pub struct MinutesError(String);

impl FromStr for Minutes {
    type Err = MinutesError;
    /// Reads minutes with up to three decimals.
    fn from_str(text: &str) -> Result<Minutes, MinutesError> {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        let sound = digits(whole) && digits(decimals) && decimals.len() <= 3;
        let whole = whole.parse().ok().filter(|_| sound);
        let thousandths = format!("{decimals:0<3}").parse().ok();
        whole
            .and_then(|whole: u64| whole.checked_mul(1000)?.checked_add(thousandths?))
            .map(Minutes)
            .ok_or_else(|| MinutesError(text.into()))
    }
}

impl Add for Minutes {
    type Output = Minutes;
    fn add(self, other: Minutes) -> Minutes {
        Minutes(self.0.saturating_add(other.0))
    }
}

impl Sub for Minutes {
    type Output = Minutes;
    fn sub(self, other: Minutes) -> Minutes {
        Minutes(self.0.saturating_sub(other.0))
    }
}

impl fmt::Display for Minutes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}.{:03}", self.0 / 1000, self.0 % 1000))
    }
}

impl fmt::Debug for Minutes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self} min")
    }
}

impl Serialize for Minutes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[expect(
            clippy::cast_precision_loss,
            reason = "a run lasts far less than 2^53 thousandths"
        )]
        serializer.serialize_f64(self.0 as f64 / 1000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_read_back_as_written_and_others_are_refused() {
        for thousandths in [0, 1, 500, 2500, 33_000, u64::MAX] {
            let minutes = Minutes::thousandths(thousandths);
            assert_eq!(minutes.to_string().parse(), Ok(minutes));
        }
        assert_eq!("2.5".parse(), Ok(Minutes::thousandths(2500)));
        assert_eq!("30".parse(), Ok(Minutes::whole(30)));
        for bad in ["", ".", "1.", ".5", "-1", "+1", "1.2345", "1.2.3", "18446744073709551.616"] {
            assert!(bad.parse::<Minutes>().is_err(), "{bad:?} passed for minutes");
        }
    }
}
