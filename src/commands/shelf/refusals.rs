//! Warnings about decrees before anybody is asked for them, and refusals, where the reason is
//! known. `[PTP §3.3]`
//!
//! Because of a scribe's error a decree that was to honour drowned sailors made them the only
//! members of Parliament. It passed, and nothing ever passed again. And a decree's time that lies
//! before that of an earlier decree counts as the earlier one: one that is dated too late, by a
//! slip of the pen, puts off every term that is appointed after it.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::Shelf;
use super::residents::refuse_misplaced;
use crate::chamber::Chamber;
use crate::commands::Failure;
use crate::law::admission::{admit, admit_name};
use crate::law::{Form, LawBook, Meaning, Moment};
use crate::words::{Decree, Founding, Name};

/// The largest number of decrees with a warning.
const SAID: usize = 3;

/// Says on standard error which decrees will change no entry of the law, and what they resemble.
pub fn say_what_resembles(decrees: &[Decree]) {
    let near = decrees.iter().filter_map(|it| Some((it, Form::resembled_by(it.text())?)));
    for (decree, form) in near.take(SAID) {
        crate::commands::page::aside!(
            "parliament: “{decree}” will stand in the ledger and change no entry of the law; it resembles {form}"
        );
    }
}

/// Refuses a decree that speaks of a matter nobody can read, or seats somebody on no machine or on
/// one on which he cannot live, or somebody under another's
/// name.
///
/// # Errors
/// The first such decree; or when the law cannot be read.
pub fn refuse_inadmissible(chamber: &Chamber, decrees: &[Decree]) -> Result<(), Failure> {
    let changes = changes_of_members(decrees);
    if rests_on_the_law(decrees, &changes) {
        let book = the_law(chamber)?;
        refuse_misplaced(chamber, book.state(), &changes)?;
        admit_all(decrees, changes, &book)?;
    }
    Ok(())
}

/// Why a president does not propose one of these decrees, as the ledgers stand now, if they tell.
pub fn why_not_proposed(chamber: &Chamber, decrees: &[Decree]) -> Option<String> {
    let changes = changes_of_members(decrees);
    if !rests_on_the_law(decrees, &changes) {
        return None;
    }
    let law = the_law(chamber).ok()?;
    admit_all(decrees, changes, &law).err().map(|why| why.to_string())
}

fn changes_of_members(decrees: &[Decree]) -> Vec<Meaning> {
    decrees.iter().filter_map(|it| Meaning::of_change_of_members(it.text())).collect()
}

/// Whether the law says which of these are admitted: most are, whatever the law is.
fn rests_on_the_law(decrees: &[Decree], changes: &[Meaning]) -> bool {
    !changes.is_empty() || decrees.iter().any(|decree| admit(decree, |_| false).is_err())
}

/// The law as the most complete ledger here tells it.
fn the_law(chamber: &Chamber) -> Result<LawBook, Failure> {
    let mut shelf = Shelf::of(chamber, None, false)?;
    shelf.look(&mut |_, _| {})?;
    Ok(shelf.most_complete(Founding::NUMBER)?.book)
}

fn admit_all(decrees: &[Decree], changes: Vec<Meaning>, book: &LawBook) -> Result<(), Failure> {
    let law = book.state();
    decrees.iter().try_for_each(|decree| admit(decree, |it| law.knows(it)))?;
    let mut seats = law.seats.clone();
    for (number, change) in (book.complete_through() + 1..).zip(changes) {
        if let Meaning::Seats { name, .. } = change {
            admit_name(name, &seats)?;
        }
        // A decree that the law will refuse changes nothing.
        let _ = seats.enact(number, &change);
    }
    Ok(())
}

/// A decree that would leave no majority inside the Chamber.
#[derive(Debug, thiserror::Error)]
#[error(
    "“{decree}” would leave no majority of the legislators inside the Chamber, where {inside}; then nothing would ever pass again without those outside, not even its repeal (PTP §3.3.6). --drown has it passed all the same"
)]
struct Drowned {
    decree: Decree,
    inside: String,
}

/// Refuses decrees that would leave no majority inside the Chamber, taken one after the other.
///
/// # Errors
/// The first such decree; or when the law cannot be read.
pub fn refuse_to_drown(
    chamber: &Chamber,
    decrees: &[Decree],
    inside: impl FnOnce() -> Result<BTreeSet<Name>, Failure>,
) -> Result<(), Failure> {
    let meanings =
        decrees.iter().map(|decree| (decree, Meaning::of_change_of_members(decree.text())));
    let changes: Vec<(&Decree, Meaning)> =
        meanings.filter_map(|(decree, meaning)| Some((decree, meaning?))).collect();
    if changes.is_empty() {
        return Ok(());
    }
    let mut shelf = Shelf::of(chamber, None, false)?;
    shelf.look(&mut |_, _| {})?;
    let book = shelf.most_complete(Founding::NUMBER)?.book;
    let (mut seats, inside) = (book.state().seats.clone(), inside()?);
    for (number, (decree, meaning)) in (book.complete_through() + 1..).zip(changes) {
        if seats.drowns(&meaning, &inside) {
            let names: Vec<&str> = inside.iter().map(Name::as_str).collect();
            let inside = match names.as_slice() {
                [] => "nobody is".into(),
                [one] => format!("{one} is"),
                _ => format!("{} are", names.join(", ")),
            };
            return Err(Drowned { decree: decree.clone(), inside }.into());
        }
        // A decree that the law will refuse changes nothing.
        let _ = seats.enact(number, &meaning);
    }
    Ok(())
}

/// The name that a decree seats or unseats, and whether he sits from then on. `[PTP §3.3.6]`
#[must_use]
pub fn change_of_seat(decree: &Decree) -> Option<(Name, bool)> {
    match Meaning::of_change_of_members(decree.text())? {
        Meaning::Seats { name, .. } => Some((name, true)),
        Meaning::Unseats { name } => Some((name, false)),
        _ => None,
    }
}

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
