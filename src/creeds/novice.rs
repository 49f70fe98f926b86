//! The door through which the answers of somebody else's priest become deeds.

use crate::synod::{Deed, Letter};
use crate::words::Entry;
use crate::words::step::Step;

/// The deed of a priest who was not written in this house: these rows to ink, then these letters,
/// each resting on what its message rests on.
pub(crate) fn deed(rows: Vec<Entry>, letters: Vec<Letter>) -> Deed {
    Deed::foreign(rows, Vec::new(), letters, Vec::new())
}

/// Such a deed, with the step that those who watch hear.
pub(crate) fn deed_told(rows: Vec<Entry>, letters: Vec<Letter>, step: Step) -> Deed {
    Deed::foreign(rows, Vec::new(), letters, vec![step])
}
