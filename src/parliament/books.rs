//! Long ledgers: a law book in the place of old decrees, and copying another's. `[PTP §3.3.2]`
//!
//! A legislator whose ledger holds many decrees writes it anew: decree 0, the law book with all
//! decrees except the latest, his notes and votes, those latest decrees. A colleague who lacks the
//! old decrees copies the book.

use std::collections::{BTreeMap, BTreeSet};

use crate::words::BookRow;
use crate::words::ballot::DecreeNumber;
use crate::words::name::Name;

/// When a legislator writes law books, and the rows that he has copied of another's.
#[derive(Clone, PartialEq, Eq, Debug, Hash, Default)]
pub struct Books {
    /// He writes a book when more single decrees than this stand in his ledger.
    every: Option<DecreeNumber>,
    /// The rows each colleague has sent: a book counts when all its rows are there.
    copied: BTreeMap<Name, Copied>,
    /// Whether he has copied a book that is not in his ledger yet.
    is_unbound: bool,
}

/// The rows of one book that have come.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
struct Copied {
    through: DecreeNumber,
    of: u64,
    rows: BTreeSet<BookRow>,
}

impl Books {
    /// From now on he writes a book when more than this many single decrees stand in his ledger.
    pub(super) fn write_every(&mut self, decrees: DecreeNumber) {
        self.every = Some(decrees);
    }

    /// The most single decrees his ledger holds before he writes a book; `None` if he writes none.
    pub(super) fn every(&self) -> Option<DecreeNumber> {
        self.every
    }

    /// Whether it is time to write the ledger anew, when this many single decrees stand in it.
    pub(super) fn is_due(&self, single: DecreeNumber) -> bool {
        self.is_unbound || self.every.is_some_and(|every| single > every)
    }

    /// Notes that he has copied a book that is not in his ledger yet.
    pub(super) fn has_copied(&mut self) {
        self.is_unbound = true;
    }

    /// Notes that he writes his ledger now, and returns whether it lacked a copied book.
    pub(super) fn bind_copied(&mut self) -> bool {
        std::mem::take(&mut self.is_unbound)
    }

    /// Forgets the books that are not whole: they are on his slip of paper, and lost with it.
    pub(super) fn forget_what_is_copied(&mut self) {
        self.copied.clear();
    }

    /// Takes a row, and returns the whole book if this row completes it.
    pub(super) fn take(
        &mut self,
        from: Name,
        (through, of): (DecreeNumber, u64),
        row: BookRow,
    ) -> Option<BTreeSet<BookRow>> {
        let none = || Copied { through, of, rows: BTreeSet::new() };
        let copied = self.copied.entry(from).or_insert_with(none);
        if (copied.through, copied.of) != (through, of) {
            // He has another book now.
            *copied = none();
        }
        copied.rows.insert(row);
        if copied.rows.len() as u64 != of {
            return None;
        }
        self.copied.remove(&from).map(|copied| copied.rows)
    }
}
