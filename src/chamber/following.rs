//! Following a ledger, or a whole chamber, as it grows, for citizens: they may look, and never
//! write.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use super::ledger_row::LedgerReader;
use super::lines::{Identity, Lines, identity};
use super::record::{LedgerRow, MessageRow, Seal};
use super::{Chamber, ChamberError, Cursor};
use crate::synod::Name;

/// A ledger being followed: each look yields the rows inked since the last one.
pub struct Following {
    lines: Lines<File>,
    reader: LedgerReader,
    has_header: bool,
    path: PathBuf,
    identity: Identity,
}

impl Following {
    /// Follows a priest's ledger from its first row.
    ///
    /// # Errors
    /// When the ledger cannot be opened.
    pub fn from_start(chamber: &Chamber, name: Name) -> io::Result<Following> {
        let path = chamber.ledger(name);
        let file = File::open(&path)?;
        let identity = identity(&file.metadata()?);
        let (lines, reader) = (Lines::of(file), LedgerReader::new(Arc::new(path.clone())));
        Ok(Following { lines, reader, has_header: false, path, identity })
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

    /// Whether the ledger being followed stands no more under its name.
    #[must_use]
    pub fn is_replaced(&self) -> bool {
        std::fs::metadata(&self.path).map_or(true, |there| identity(&there) != self.identity)
    }
}

/// The rows that have come since the last look.
#[derive(Debug, Default)]
pub struct Come {
    /// To each ledger.
    pub ledgers: Vec<(Name, Vec<LedgerRow>)>,
    /// To each messagebook.
    pub messagebooks: Vec<Vec<MessageRow>>,
}

/// A whole chamber being followed: every ledger and every messagebook, and those that come.
pub struct Watching {
    chamber: Chamber,
    ledgers: BTreeMap<Name, Following>,
    messagebooks: BTreeMap<Name, Cursor>,
}

impl Watching {
    /// Watches a chamber from its first row.
    #[must_use]
    pub fn from_start(chamber: &Chamber) -> Watching {
        let chamber = chamber.clone();
        Watching { chamber, ledgers: BTreeMap::new(), messagebooks: BTreeMap::new() }
    }

    /// The rows that have come since the last look. A row that cannot be read is passed over.
    ///
    /// # Errors
    /// When a record is there and cannot be read.
    pub fn look(&mut self) -> Result<Come, ChamberError> {
        let mut come = Come::default();
        for name in self.chamber.names()? {
            if !self.ledgers.contains_key(&name) {
                let following = Following::from_start(&self.chamber, name);
                let following = following.map_err(unreadable(self.chamber.ledger(name)))?;
                self.ledgers.insert(name, following);
                come.messagebooks
                    .push(self.open(name).map_err(unreadable(self.chamber.archive()))?);
            }
        }
        // Letters first: whatever ink they rest on is there by the time the ledgers are read.
        for cursor in self.messagebooks.values_mut() {
            let rows = cursor.read().map_err(unreadable(cursor.path().to_owned()))?;
            come.messagebooks.push(rows.into_iter().flatten().collect());
        }
        for (name, ledger) in &mut self.ledgers {
            let rows = ledger.look().map_err(unreadable(ledger.path.clone()))?;
            come.ledgers.push((*name, rows));
        }
        Ok(come)
    }

    /// Opens a messagebook; yields what has come to it so far, the archived letters first.
    fn open(&mut self, name: Name) -> io::Result<Vec<MessageRow>> {
        // In this order one may be seen twice that is archived at this moment, but none is missed.
        let mut cursor = Cursor::at_start(&self.chamber, name);
        let current = cursor.read()?;
        self.messagebooks.insert(name, cursor);
        let mut letters = Vec::new();
        for volume in self.chamber.volumes_of(name)?.into_iter().filter(|it| !it.is_current()) {
            for row in volume.rows()? {
                letters.extend(row?.ok());
            }
        }
        letters.extend(current.into_iter().flatten());
        Ok(letters)
    }

    /// Whether a ledger being watched stands no more: the chamber is gone, or is another.
    #[must_use]
    pub fn is_replaced(&self) -> bool {
        self.ledgers.values().any(Following::is_replaced)
    }
}

fn unreadable(path: PathBuf) -> impl FnOnce(io::Error) -> ChamberError {
    move |source| ChamberError::Io { path, doing: "read the record", source }
}
