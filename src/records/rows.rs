//! An iterator over the rows of a ledger, for programs that only read.

use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use super::flaw::BadRow;
use super::ledger_row::LedgerReader;
use super::lines::Lines;
use super::record::LedgerRow;
use super::remains::Found;

/// An iterator over the rows of a ledger, in order; a bad row comes as an error.
pub struct LedgerRows<R> {
    lines: Lines<R>,
    reader: LedgerReader,
    has_header: bool,
    is_done: bool,
}

impl<R: Read> LedgerRows<R> {
    /// Reads a ledger from `source`; `name` is its name in errors.
    #[must_use]
    pub fn of(source: R, name: &Path) -> LedgerRows<R> {
        let (lines, reader) = (Lines::of(source), LedgerReader::new(Arc::new(name.into())));
        LedgerRows { lines, reader, has_header: false, is_done: false }
    }
}

impl<R: Read> Iterator for LedgerRows<R> {
    type Item = io::Result<Result<LedgerRow, Box<BadRow>>>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.is_done {
            let line = match self.lines.next() {
                Ok(Some(line)) => line,
                Ok(None) => {
                    self.is_done = true;
                    let torn = self.lines.tail()?;
                    return Some(Ok(match self.reader.find(&torn) {
                        Found::Row(row) | Found::Unended { row, .. } => Ok(row),
                        Found::Remains(bad) | Found::Damage(bad) => Err(bad),
                    }));
                }
                Err(error) => {
                    self.is_done = true;
                    return Some(Err(error));
                }
            };
            if self.has_header && line.is_blank() {
                continue;
            }
            if self.has_header {
                return Some(Ok(self.reader.read(&line)));
            }
            self.has_header = true;
            if let Err(bad) = self.reader.read_header(&line) {
                return Some(Ok(Err(bad)));
            }
        }
        None
    }
}
