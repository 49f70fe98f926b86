//! The sailors' decree is refused at the petition. `[PTP §3.3.6]`
//!
//! Because of a scribe's error a decree that was to honour drowned sailors made them the only
//! members of Parliament. It passed, and nothing ever passed again.

use std::collections::BTreeSet;

use crate::chamber::Chamber;
use crate::law::Meaning;
use crate::words::{Decree, Founding, Name};

use super::Failure;
use super::inquiry::Shelf;

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
        // What the law will refuse changes nothing.
        let _ = seats.enact(number, &meaning);
    }
    Ok(())
}

/// Whom a decree seats or unseats, and whether he sits from then on. `[PTP §3.3.6]`
#[must_use]
pub fn change_of_seat(decree: &Decree) -> Option<(Name, bool)> {
    match Meaning::of_change_of_members(decree.text())? {
        Meaning::Seats { name, .. } => Some((name, true)),
        Meaning::Unseats { name } => Some((name, false)),
        _ => None,
    }
}
