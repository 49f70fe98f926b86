//! A ledger written anew, as a law book, so that whatever fails leaves one ledger or the other.
//! `[PTP §3.3.2]`
//!
//! The book is written beside the ledger and dried; then the old ledger gets a second name in
//! `ledgers/archive`; then the book takes its place under the first, which is one act of the file
//! system. So at no moment is a ledger missing, and what is not in the book is in the archive. The
//! body holds the book, by its lock, before it has a name that others look for.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::Chamber;
use super::ledger::{LedgerError, LedgerFile, read_ledger};
use super::ledger_row::{LEDGER_HEADER, LedgerPen};
use super::lines::identity;
use super::regular;
use crate::synod::{BookRow, DecreeNumber, Entry, Heading, Name};

/// How far the writing of a law book has come.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Stage {
    /// The book is written beside the ledger, but for the row that ends it.
    Written,
    /// The book is whole, and dry.
    Dry,
    /// The old ledger has its name in the archive.
    Archived,
    /// That name is dry, and that of the archive.
    ArchiveDry,
    /// The book stands in the place of the ledger.
    Replaced,
    /// All is dry, and the body writes in the book.
    Finished,
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: [Stage; 6] = [
        Stage::Written,
        Stage::Dry,
        Stage::Archived,
        Stage::ArchiveDry,
        Stage::Replaced,
        Stage::Finished,
    ];
}

impl LedgerFile {
    /// Writes the ledger anew, but goes only so far: what a body does that dies there.
    ///
    /// # Errors
    /// [`LedgerError`]: then one of the two ledgers stands, whole.
    pub fn bind_as_far_as(&mut self, rows: &[Entry], last: Stage) -> Result<(), LedgerError> {
        let draft = self.path.with_file_name(format!(".{}.csv.draft", self.name));
        let archived = match through(rows) {
            Some(through) => self.chamber.ledger_before(self.name, through),
            None => return Ok(()),
        };
        let (mut file, mut length) = self.trying("write a law book", |it| {
            (it.chamber.drying)(&it.file)?;
            write_draft(&draft, rows, it.chamber.now())
        })?;
        for stage in Stage::ALL.into_iter().skip(1).take_while(|&stage| stage <= last) {
            self.trying("bind a law book", |it| {
                match stage {
                    Stage::Written => {}
                    Stage::Dry => {
                        length = end_draft(&mut file, length, rows, it.chamber.now())?;
                    }
                    Stage::Archived => archive(&it.path, &archived)?,
                    Stage::ArchiveDry => {
                        sync_parent(&archived)?;
                        sync_parent(archived.parent().unwrap_or(&archived))?;
                    }
                    Stage::Replaced => regular::rename(&draft, &it.path)?,
                    Stage::Finished => {
                        sync_parent(&it.path)?;
                        it.blotter = None;
                        it.file = file.try_clone()?;
                        it.identity = identity(&file.metadata()?);
                        (it.length, it.dry) = (length, length);
                    }
                }
                Ok(())
            })?;
        }
        Ok(())
    }
}

/// The number through which the book among these rows is complete.
fn through(rows: &[Entry]) -> Option<DecreeNumber> {
    rows.iter().find_map(|row| match row {
        Entry::Book(BookRow { heading: Heading::LawBook, number, .. }) => Some(*number),
        _ => None,
    })
}

/// The row that ends what was copied into a book, so that only a whole book has it; and what
/// follows it.
fn end_of(rows: &[Entry]) -> usize {
    let ends = |row: &Entry| matches!(row, Entry::Book(row) if row.heading == Heading::Bound);
    rows.iter().position(ends).unwrap_or(rows.len())
}

fn write_draft(
    path: &Path,
    rows: &[Entry],
    at: chrono::DateTime<chrono::Utc>,
) -> io::Result<(File, u64)> {
    let mut file = regular::make_draft(path)?;
    file.try_lock()?;
    let mut text = format!("{LEDGER_HEADER}\n").into_bytes();
    let offset = text.len() as u64;
    LedgerPen::default().write(&rows[..end_of(rows)], at, 0, offset, &mut text)?;
    file.write_all(&text)?;
    Ok((file, text.len() as u64))
}

/// The end is written when all before it is dry, and says so.
fn end_draft(
    file: &mut File,
    length: u64,
    rows: &[Entry],
    at: chrono::DateTime<chrono::Utc>,
) -> io::Result<u64> {
    file.sync_data()?;
    let mut text = Vec::new();
    LedgerPen::default().write(&rows[end_of(rows)..], at, length, length, &mut text)?;
    file.write_all(&text)?;
    file.sync_all()?;
    Ok(length + text.len() as u64)
}

/// Gives a ledger its name in the archive. The same file, or another of the same bytes, was archived
/// by a body that died before the book took its place. Any other volume of that name came from
/// elsewhere: it is kept under a name of its own, for it may prove that this ledger is an older copy.
fn archive(ledger: &Path, archived: &Path) -> io::Result<()> {
    regular::make_directory(archived.parent().unwrap_or(archived))?;
    match regular::link(ledger, archived) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        linked => return linked,
    }
    if says_the_same(ledger, archived)? {
        return regular::read(archived)?.sync_all();
    }
    set_aside(archived)?;
    let draft = archived.with_extension("csv.draft");
    match regular::remove(&draft) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => regular::link(ledger, &draft)?,
    }
    regular::rename(&draft, archived)
}

/// Whether two records are one file, or hold the same bytes.
fn says_the_same(one: &Path, other: &Path) -> io::Result<bool> {
    let (a, b) = (regular::metadata(one)?, regular::metadata(other)?);
    if identity(&a) == identity(&b) {
        return Ok(true);
    }
    if a.len() != b.len() {
        return Ok(false);
    }
    let (mut a, mut b) = (regular::read(one)?, regular::read(other)?);
    let (mut left, mut right) = (vec![0; 64 * 1024], vec![0; 64 * 1024]);
    loop {
        let (n, m) = (fill(&mut a, &mut left)?, fill(&mut b, &mut right)?);
        if left[..n] != right[..m] || n == 0 {
            return Ok(n == 0 && m == 0);
        }
    }
}

/// Reads until the buffer is full or the file ends.
fn fill(file: &mut File, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// Gives a volume a second name, `<name>.<number>.other-<count>.csv`, unless it has one already.
fn set_aside(volume: &Path) -> io::Result<()> {
    for count in 1u64.. {
        let other = volume.with_extension(format!("other-{count}.csv"));
        match regular::link(volume, &other) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                if says_the_same(volume, &other)? {
                    break;
                }
            }
            linked => return linked,
        }
    }
    Ok(())
}

fn sync_parent(path: &Path) -> io::Result<()> {
    regular::open_directory(path.parent().unwrap_or(path))?.sync_all()
}

impl Chamber {
    /// Where the ledger of a priest is kept that a law book complete through this decree replaced.
    #[must_use]
    pub fn ledger_before(&self, name: Name, through: DecreeNumber) -> PathBuf {
        self.ledgers().join("archive").join(format!("{name}.{through}.csv"))
    }

    /// The number through which the law book of this priest is complete, if his ledger is one.
    #[must_use]
    pub fn law_book_of(&self, name: Name) -> Option<DecreeNumber> {
        book_at_the_beginning(&self.ledger(name))
    }

    /// A priest's ledger and those it replaced, the oldest first, as far as they are here. Each
    /// begins with the law book for whose sake the one before it was archived.
    #[must_use]
    pub fn ledgers_of(&self, name: Name) -> Vec<PathBuf> {
        let mut found = vec![self.ledger(name)];
        let mut below = DecreeNumber::MAX;
        while let Some(through) = found.last().and_then(|path| book_at_the_beginning(path)) {
            let before = self.ledger_before(name, through);
            if through >= below || !regular::stands(&before) {
                break;
            }
            below = through;
            found.push(before);
        }
        found.reverse();
        found
    }
}

/// The number through which the law book at the beginning of this ledger is complete.
fn book_at_the_beginning(path: &Path) -> Option<DecreeNumber> {
    for row in read_ledger(path).ok()?.take(2) {
        if let Ok(Ok(row)) = row
            && let Some(through) = through(&[row.entry])
        {
            return Some(through);
        }
    }
    None
}
