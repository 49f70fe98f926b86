//! Heresies of the ledger: notes forgotten, and letters sent on wet ink. `[PTP §2.2, §2.3]`

use super::creed::Creed;
use crate::words::Entry;
use crate::words::entry::Note;

/// The note that a row records.
fn note(row: &Entry) -> Option<Note> {
    match row {
        Entry::LastTried { .. } => Some(Note::LastTried),
        Entry::NextBal { .. } => Some(Note::NextBal),
        Entry::PrevVote { .. } => Some(Note::PrevVote),
        Entry::Outcome { .. } | Entry::Entered | Entry::BeginBallot { .. } | Entry::Book(_) => None,
    }
}

/// On his return a priest finds every row but those of one note.
pub(crate) struct Forgets(pub(crate) Note);

impl Creed for Forgets {
    fn remembers(&self, row: &Entry) -> bool {
        note(row) != Some(self.0)
    }
}

/// A ledger that calls one note dry as soon as it is written.
pub(crate) struct WetInk(pub(crate) Note);

impl Creed for WetInk {
    fn takes_wet_ink_for_dry(&self, row: &Entry) -> bool {
        note(row) == Some(self.0)
    }
}
