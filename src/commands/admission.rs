//! Decrees that nobody should ask for are refused at the petition, where it can be said why.

use crate::chamber::Chamber;
use crate::law::Meaning;
use crate::law::admission::{admit, admit_name};
use crate::words::{Decree, Founding};

use super::Failure;
use super::inquiry::Shelf;

/// Refuses a decree that speaks of a matter nobody can read, or seats somebody under another's
/// name.
///
/// # Errors
/// The first such decree; or when the law cannot be read.
pub fn refuse_inadmissible(chamber: &Chamber, decrees: &[Decree]) -> Result<(), Failure> {
    let changes = decrees.iter().filter_map(|it| Meaning::of_change_of_members(it.text()));
    let changes: Vec<Meaning> = changes.collect();
    let unfit = decrees.iter().any(|decree| admit(decree, |_| false).is_err());
    if changes.is_empty() && !unfit {
        return Ok(());
    }
    let mut shelf = Shelf::of(chamber, None, false)?;
    shelf.look(&mut |_, _| {})?;
    let book = shelf.most_complete(Founding::NUMBER)?.book;
    let law = book.state();
    decrees.iter().try_for_each(|decree| admit(decree, |it| law.knows(it)))?;
    let mut seats = law.seats.clone();
    for (number, change) in (book.complete_through() + 1..).zip(changes) {
        if let Meaning::Seats { name, .. } = change {
            admit_name(name, &seats)?;
        }
        // What the law will refuse changes nothing.
        let _ = seats.enact(number, &change);
    }
    Ok(())
}
