//! Times as they are written in rows. `[ours]`

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};

/// The nearest time whose year has four digits, as RFC 3339 requires.
#[must_use]
pub fn in_four_digits(at: DateTime<Utc>) -> DateTime<Utc> {
    let midnight = |year| NaiveDate::from_ymd_opt(year, 1, 1).and_then(|d| d.and_hms_opt(0, 0, 0));
    let (first, after) = (midnight(0), midnight(10_000));
    match (first, after) {
        (Some(first), _) if at < first.and_utc() => first.and_utc(),
        (_, Some(after)) if at >= after.and_utc() => {
            after.and_utc() - chrono::TimeDelta::microseconds(1)
        }
        _ => at,
    }
}

/// Formats a time for a row: RFC 3339, UTC, microseconds.
#[must_use]
pub fn in_words(at: DateTime<Utc>) -> String {
    in_four_digits(at).to_rfc3339_opts(SecondsFormat::Micros, true)
}
