//! The door through which the answers of somebody else's priest become deeds.

use crate::synod::{Deed, Letter};
use crate::words::Entry;

/// The deed of a priest who was not written in this house: these rows to ink, then these letters,
/// each resting on what its message rests on.
pub(crate) fn deed(rows: Vec<Entry>, letters: Vec<Letter>) -> Deed {
    Deed::foreign(rows, Vec::new(), letters, Vec::new())
}
