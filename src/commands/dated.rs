//! Decrees dated far ahead are refused at the petition. `[PTP §3.3.3]`
//!
//! A decree's time that lies before that of an earlier decree counts as the earlier one. So one that
//! is dated too late, by a slip of the pen, puts off every term that is appointed after it.

use chrono::{DateTime, TimeDelta, Utc};

use crate::chamber::Chamber;
use crate::law::{Meaning, Moment};
use crate::words::{Decree, Founding};

use super::Failure;
use super::inquiry::Shelf;

/// How many days ahead of the clock is far.
pub const FAR_DAYS: i64 = 31;

/// A decree dated far ahead of the clock.
#[derive(Debug, thiserror::Error)]
#[error(
    "“{decree}” is dated {proposed}, and this machine's clock shows {shown}: more than {FAR_DAYS} days ahead. Every later decree would count as proposed at that time or after it, and no term could begin before (PTP §3.3.3). --ahead has it passed all the same"
)]
struct FarAhead {
    decree: Decree,
    proposed: Moment,
    shown: Moment,
}

/// Refuses decrees dated more than [`FAR_DAYS`] days ahead of the clock, and later than any decree
/// that passed. With `ahead` it only warns.
///
/// # Errors
/// The first such decree; or when the law cannot be read.
pub fn refuse_far_dates(
    chamber: &Chamber,
    decrees: &[Decree],
    clock: DateTime<Utc>,
    ahead: bool,
) -> Result<(), Failure> {
    let horizon = clock.checked_add_signed(TimeDelta::days(FAR_DAYS));
    let horizon = horizon.and_then(|at| Moment::of(at.naive_utc()));
    // A clock beyond the calendar is ahead of every decree.
    let (Some(horizon), Some(shown)) = (horizon, Moment::of(clock.naive_utc())) else {
        return Ok(());
    };
    let is_far = |decree: &&Decree| dated(decree).is_some_and(|proposed| proposed > horizon);
    if !decrees.iter().any(|decree| is_far(&decree)) {
        return Ok(());
    }
    let latest = latest(chamber)?;
    for decree in decrees.iter().filter(is_far) {
        let Some(proposed) = dated(decree).filter(|&proposed| Some(proposed) > latest) else {
            continue;
        };
        let far = FarAhead { decree: decree.clone(), proposed, shown };
        if !ahead {
            return Err(far.into());
        }
        crate::commands::page::aside!(
            "parliament: “{decree}” is dated {proposed}, more than {FAR_DAYS} days ahead of this machine's clock: no later term can begin before"
        );
    }
    Ok(())
}

fn dated(decree: &Decree) -> Option<Moment> {
    match Meaning::of(decree.text()) {
        Meaning::Appoints { proposed, .. }
        | Meaning::Resigns { proposed, .. }
        | Meaning::TakesOffice { proposed, .. } => Some(proposed),
        _ => None,
    }
}

/// The latest time that a decree of this chamber bears, if it has been founded and any does.
fn latest(chamber: &Chamber) -> Result<Option<Moment>, Failure> {
    if chamber.founding()?.is_none() {
        return Ok(None);
    }
    let mut shelf = Shelf::of(chamber, None, false)?;
    shelf.look(&mut |_, _| {})?;
    let book = shelf.most_complete(Founding::NUMBER)?.book;
    Ok(book.state().offices.latest())
}
