//! A ledger in memory, whose power may fail.

use crate::creeds::Creed;
use crate::synod::Ledger;
use crate::words::Entry;

/// The content of a ledger: the last row of each note, since a later note supersedes an earlier
/// one.
///
/// BeginBallot rows are not kept: no priest reads them on his return.
#[derive(Clone, PartialEq, Eq, Debug, Default, Hash)]
pub struct Pages {
    rows: Vec<Entry>,
}

impl Pages {
    /// A ledger with these rows.
    pub(crate) fn of(rows: Vec<Entry>) -> Pages {
        let mut pages = Pages::default();
        pages.keep(rows);
        pages
    }

    /// The rows.
    #[must_use]
    pub fn rows(&self) -> &[Entry] {
        &self.rows
    }

    /// Adds rows, each in the place of the one it supersedes; the order is that of the kinds.
    fn keep(&mut self, rows: Vec<Entry>) {
        for row in rows {
            if matches!(row, Entry::BeginBallot { .. } | Entry::Entered) {
                continue;
            }
            self.rows.retain(|old| old.kind() != row.kind());
            self.rows.push(row);
        }
        self.rows.sort_by_key(Entry::kind);
    }

    /// Removes the rows that this creed does not remember.
    pub fn retain(&mut self, creed: &dyn Creed) {
        self.rows.retain(|row| creed.remembers(row));
    }
}

/// Whether the power holds while a deed is performed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Power {
    /// It holds.
    Holds,
    /// It fails after the rows are written and before they are dry.
    Fails,
}

/// The power failed, and rows that were not dry are gone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PowerFailed;

/// A ledger open on a desk.
pub struct OpenLedger<'a> {
    /// The dry rows.
    pub pages: &'a mut Pages,
    /// Every row ever written, dry or not.
    pub written: Vec<Entry>,
    /// The rows dried since the ledger was opened.
    pub dried: Vec<Entry>,
    wet: Vec<Entry>,
    power: Power,
    creed: &'a dyn Creed,
}

impl<'a> OpenLedger<'a> {
    /// Opens a ledger.
    pub fn new(pages: &'a mut Pages, power: Power, creed: &'a dyn Creed) -> OpenLedger<'a> {
        let (written, dried, wet) = (Vec::new(), Vec::new(), Vec::new());
        OpenLedger { pages, written, dried, wet, power, creed }
    }
}

impl Ledger for OpenLedger<'_> {
    type Error = PowerFailed;

    fn ink(&mut self, rows: &[Entry]) -> Result<(), PowerFailed> {
        self.written.extend_from_slice(rows);
        self.wet.extend_from_slice(rows);
        Ok(())
    }

    fn dry(&mut self) -> Result<(), PowerFailed> {
        match self.power {
            Power::Holds => {
                let rows = std::mem::take(&mut self.wet);
                self.dried.extend_from_slice(&rows);
                self.pages.keep(rows);
                Ok(())
            }
            Power::Fails if self.wet.iter().any(|row| self.creed.takes_wet_ink_for_dry(row)) => {
                Ok(())
            }
            Power::Fails => Err(PowerFailed),
        }
    }
}
