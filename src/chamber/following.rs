//! Following a ledger as it grows, for citizens: they may look, and never write.

use std::fs::File;
use std::io;
use std::sync::Arc;

use super::Chamber;
use super::ledger_row::LedgerReader;
use super::lines::Lines;
use super::record::{LedgerRow, Seal};
use crate::synod::Name;

/// A ledger being followed: each look yields the rows inked since the last one.
pub struct Following {
    lines: Lines<File>,
    reader: LedgerReader,
    has_header: bool,
}

impl Following {
    /// Follows a priest's ledger from its first row.
    ///
    /// # Errors
    /// When the ledger cannot be opened.
    pub fn from_start(chamber: &Chamber, name: Name) -> io::Result<Following> {
        let path = chamber.ledger(name);
        let lines = Lines::of(File::open(&path)?);
        Ok(Following { lines, reader: LedgerReader::new(Arc::new(path)), has_header: false })
    }

    /// Follows a priest's ledger from the rows that come after those that are there now.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn from_now(chamber: &Chamber, name: Name) -> io::Result<Following> {
        let mut following = Following::from_start(chamber, name)?;
        while let Some(line) = following.lines.next()? {
            if !std::mem::replace(&mut following.has_header, true) {
                // A header that cannot be read makes every row after it a bad one.
                let _ = following.reader.read_header(&line);
            }
        }
        Ok(following)
    }

    /// The rows inked since the last look. A row that cannot be read, or whose seal is broken, is
    /// passed over: it is not for a citizen to judge.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn look(&mut self) -> io::Result<Vec<LedgerRow>> {
        let mut rows = Vec::new();
        while let Some(line) = self.lines.next()? {
            if !std::mem::replace(&mut self.has_header, true) {
                let _ = self.reader.read_header(&line);
            } else if let Ok(row) = self.reader.read(&line)
                && row.seal != Seal::Broken
            {
                rows.push(row);
            }
        }
        Ok(rows)
    }
}
