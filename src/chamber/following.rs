//! Follows a ledger or a whole chamber as it grows, for citizens, who may read and never write.

use std::collections::{BTreeMap, VecDeque};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::opening::stands_under;
use super::regular::{Identity, identity};
use super::{Chamber, ChamberError, Cursor, regular};
use crate::records::ledger_row::LedgerReader;
use crate::records::lines::Lines;
use crate::records::record::{LedgerRow, MessageRow};
use crate::words::{Entry, Heading, Name};

/// Follows a ledger: each look returns the rows inked since the last one.
///
/// When a law book takes the ledger's place, the old ledger is read to its end, and then the book
/// after its copied rows, which repeat the old ledger. `[PTP §3.3.2]`
pub struct Following {
    chamber: Chamber,
    name: Name,
    open: Opened,
    /// Archived ledgers to read next. Each begins with rows copied from the one before it.
    to_come: VecDeque<PathBuf>,
}

/// An open ledger, and the place in it that was read last.
struct Opened {
    lines: Lines<File>,
    reader: LedgerReader,
    has_header: bool,
    /// Whether the next rows are copies from the ledger before it.
    is_copy: bool,
    file: File,
}

impl Opened {
    fn at(path: &Path, is_copy: bool) -> io::Result<Opened> {
        let file = regular::read(path)?;
        let lines = Lines::of(file.try_clone()?);
        let reader = LedgerReader::new(Arc::new(path.into()));
        Ok(Opened { lines, reader, has_header: false, is_copy, file })
    }

    fn identity(&self) -> io::Result<Identity> {
        Ok(identity(&self.file.metadata()?))
    }

    /// Skips the rows that are there now.
    fn skip(&mut self) -> io::Result<()> {
        while let Some(line) = self.lines.next()? {
            if !std::mem::replace(&mut self.has_header, true) {
                // If the header cannot be read, every row after it is bad.
                let _ = self.reader.read_header(&line);
            }
        }
        Ok(())
    }

    fn read_on(&mut self, rows: &mut Vec<LedgerRow>) -> io::Result<()> {
        while let Some(line) = self.lines.next()? {
            if !std::mem::replace(&mut self.has_header, true) {
                let _ = self.reader.read_header(&line);
            } else if let Ok(row) = self.reader.read(&line)
                && row.seal.flaw().is_none()
            {
                if !self.is_copy {
                    rows.push(row);
                } else if let Entry::Book(book_row) = &row.entry {
                    self.is_copy = book_row.heading != Heading::Bound;
                }
            }
        }
        Ok(())
    }
}

impl Following {
    /// Follows a priest's ledger from its first row.
    ///
    /// # Errors
    /// When the ledger cannot be opened.
    pub fn from_start(chamber: &Chamber, name: Name) -> io::Result<Following> {
        let open = Opened::at(&chamber.ledger(name), false)?;
        Ok(Following { chamber: chamber.clone(), name, open, to_come: VecDeque::new() })
    }

    /// Follows a priest's ledger from the next row that will be inked.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn from_now(chamber: &Chamber, name: Name) -> io::Result<Following> {
        let mut following = Following::from_start(chamber, name)?;
        following.open.skip()?;
        Ok(following)
    }

    /// Follows a priest's ledger from the first row of the oldest archived ledger that it replaced.
    ///
    /// # Errors
    /// When a ledger cannot be opened.
    pub fn from_archive(chamber: &Chamber, name: Name) -> io::Result<Following> {
        let mut to_come = VecDeque::from(chamber.ledgers_of(name));
        // The ledger after the archived ones is found when its turn comes: it may be bound by then.
        let last = to_come.pop_back();
        let first = to_come.pop_front().or(last).unwrap_or_else(|| chamber.ledger(name));
        Ok(Following { chamber: chamber.clone(), name, open: Opened::at(&first, false)?, to_come })
    }

    /// The rows inked since the last look. Rows that cannot be read, or have a broken seal, are
    /// skipped: judging them is the auditor's work.
    ///
    /// # Errors
    /// When a ledger cannot be read.
    pub fn look(&mut self) -> io::Result<Vec<LedgerRow>> {
        let mut rows = Vec::new();
        loop {
            self.open.read_on(&mut rows)?;
            if let Some(path) = self.to_come.pop_front() {
                match Opened::at(&path, true) {
                    Ok(next) => self.open = next,
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    Err(error) => return Err(error),
                }
                continue;
            }
            if stands_under(&self.chamber.ledger(self.name), &self.open.file) {
                return Ok(rows);
            }
            // Read the rows inked between the reading and the binding.
            self.open.read_on(&mut rows)?;
            match self.next() {
                Ok(Some(next)) => self.open = next,
                Ok(None) => {}
                // The ledger is lost, or is bound again at this moment: the next look finds out.
                Err(_) => return Ok(rows),
            }
        }
    }

    /// The ledger that replaced the open one; `None` if others must be read before it, or if it was
    /// replaced meanwhile.
    fn next(&mut self) -> io::Result<Option<Opened>> {
        let (mut after, is_copy) = self.those_after()?;
        let Some(last) = after.pop_back() else { return Ok(None) };
        self.to_come = after;
        if !self.to_come.is_empty() {
            return Ok(None);
        }
        let next = Opened::at(&last, is_copy)?;
        let (after, _) = self.those_after()?;
        let stands = after.front().is_some_and(|path| stands_under(path, &next.file));
        Ok(Some(next).filter(|_| stands))
    }

    /// The ledgers that replaced the open one, in order, and true. If the open one is not in the
    /// archive, only the latest ledger, and false.
    fn those_after(&self) -> io::Result<(VecDeque<PathBuf>, bool)> {
        let mine = self.open.identity()?;
        let all = self.chamber.ledgers_of(self.name);
        let is_mine =
            |path: &PathBuf| regular::metadata(path).is_ok_and(|it| identity(&it) == mine);
        let found = all.iter().rposition(is_mine);
        let after = found.map_or(all.len().saturating_sub(1), |at| at + 1);
        Ok((all.into_iter().skip(after).collect(), found.is_some()))
    }

    /// Whether the followed ledger no longer has its name: it was removed or replaced.
    #[must_use]
    pub fn is_replaced(&self) -> bool {
        !stands_under(&self.chamber.ledger(self.name), &self.open.file)
    }
}

/// The rows that have come since the last look.
#[derive(Debug, Default)]
pub struct Come {
    /// The new rows of each ledger.
    pub ledgers: Vec<(Name, Vec<LedgerRow>)>,
    /// The new rows of each messagebook.
    pub messagebooks: Vec<Vec<MessageRow>>,
}

/// Follows a whole chamber: every ledger and messagebook, including new ones.
pub struct Watching {
    chamber: Chamber,
    ledgers: BTreeMap<Name, Following>,
    messagebooks: BTreeMap<Name, Cursor>,
}

impl Watching {
    /// Follows a chamber from its first row.
    #[must_use]
    pub fn from_start(chamber: &Chamber) -> Watching {
        let chamber = chamber.clone();
        Watching { chamber, ledgers: BTreeMap::new(), messagebooks: BTreeMap::new() }
    }

    /// The rows that have come since the last look. Rows that cannot be read are skipped.
    ///
    /// # Errors
    /// When a record exists and cannot be read.
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
        for name in self.chamber.outboxes()? {
            if !self.messagebooks.contains_key(&name) {
                let opened = self.open(name).map_err(unreadable(self.chamber.archive()));
                come.messagebooks.push(opened?);
            }
        }
        // Letters first: the ink on which they rest is there when the ledgers are read after them.
        for cursor in self.messagebooks.values_mut() {
            let rows = cursor.read().map_err(unreadable(cursor.path().to_owned()))?;
            come.messagebooks.push(rows.into_iter().flatten().collect());
        }
        for (name, ledger) in &mut self.ledgers {
            let rows = ledger.look().map_err(unreadable(self.chamber.ledger(*name)))?;
            come.ledgers.push((*name, rows));
        }
        Ok(come)
    }

    /// Opens a messagebook and returns all letters in it so far, the archived ones first.
    fn open(&mut self, name: Name) -> io::Result<Vec<MessageRow>> {
        // In this order a letter that is archived at this moment may come twice, but none is
        // missed.
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

    /// Whether a followed ledger no longer has its name: the chamber is gone, or is another.
    #[must_use]
    pub fn is_replaced(&self) -> bool {
        self.ledgers.values().any(Following::is_replaced)
    }
}

fn unreadable(path: PathBuf) -> impl FnOnce(io::Error) -> ChamberError {
    move |source| ChamberError::Io { path, doing: "read the record", source }
}
