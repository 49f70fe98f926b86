//! Replaces a ledger with a law book, so that every failure leaves one whole ledger: the old or the
//! new. `[PTP §3.3.2]`
//!
//! The book is written beside the ledger and dried. Then the old ledger gets a second name in
//! `ledgers/archive`. Then the book is renamed to the ledger's name, which is one act of the file
//! system. So a ledger is there at every moment, and all that is not in the book is in the archive.
//! The body locks the book before it gets a name that others open.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::Chamber;
use super::ledger::LedgerFile;
use super::ledger_error::LedgerError;
use super::locked::Locked;
use super::reading::read_ledger;
use super::regular;
use super::regular::identity;
use crate::records::ledger_row::{LEDGER_HEADER, LedgerPen};
use crate::synod::Bound;
use crate::words::{BookRow, DecreeNumber, Entry, Heading, Name};

/// A stage in the binding of a law book.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Stage {
    /// The book is written beside the ledger, without its last row.
    Written,
    /// The book is whole and dry.
    Dry,
    /// The old ledger has its name in the archive.
    Archived,
    /// The archive's directory is dry, and so is the one above it.
    ArchiveDry,
    /// The book has the ledger's name.
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

/// The reason why a law book was not bound, so that the old ledger stands.
#[derive(Debug, thiserror::Error)]
#[error("{}: cannot {doing}: {source}", path.display())]
struct Unready {
    path: PathBuf,
    doing: &'static str,
    source: io::Error,
}

/// A draft of a law book, with its length.
struct Draft {
    path: PathBuf,
    file: Locked,
    length: u64,
}

impl LedgerFile {
    /// Binds a law book, but stops after this stage, like a body that dies there. For tests.
    ///
    /// # Errors
    /// [`LedgerError`]: then one of the two ledgers stands, whole.
    pub fn bind_as_far_as(&mut self, rows: &[Entry], last: Stage) -> Result<(), LedgerError> {
        match self.prepare(rows, last)? {
            Some(Ok(draft)) if last >= Stage::Replaced => self.replace(draft, last),
            Some(Err(Unready { source, .. })) => self.trying("bind a law book", |_| Err(source)),
            _ => Ok(()),
        }
    }

    /// Binds a law book through all stages.
    pub(super) fn bind_whole(&mut self, rows: &[Entry]) -> Result<(), LedgerError> {
        self.bind_as_far_as(rows, Stage::Finished)
    }

    /// Binds a law book if it can. If the book cannot be written or the old ledger cannot be
    /// archived, the old ledger stays in use unchanged. Only a failure at or after the replacing
    /// leaves open which of the two stands.
    pub(super) fn bind_if_it_can(&mut self, rows: &[Entry]) -> Result<Bound, LedgerError> {
        match self.prepare(rows, Stage::Finished)? {
            Some(Ok(draft)) => self.replace(draft, Stage::Finished)?,
            Some(Err(unready)) => return Ok(Bound::OldStands { why: unready.to_string() }),
            None => {}
        }
        Ok(Bound::Anew)
    }

    /// Writes and dries the book beside the ledger, and archives the ledger. The ledger itself does
    /// not change. `None` if there is no book among the rows.
    fn prepare(
        &mut self,
        rows: &[Entry],
        last: Stage,
    ) -> Result<Option<Result<Draft, Unready>>, LedgerError> {
        let Some(through) = through(rows) else { return Ok(None) };
        self.trying("write a law book", |it| (it.chamber.drying)(&it.file))?;
        let path = self.path.with_file_name(format!(".{}.csv.draft", self.name));
        let archived = self.chamber.ledger_before(self.name, through);
        let draft = self.draft(&path, rows, last);
        let prepared = draft.and_then(|draft| {
            if last >= Stage::Archived {
                self.put_away(&archived, last)?;
            }
            Ok(draft)
        });
        if prepared.is_err() {
            // The draft may be what fills the disk.
            let _ = regular::remove(&path);
        }
        Ok(Some(prepared))
    }

    fn draft(&self, path: &Path, rows: &[Entry], last: Stage) -> Result<Draft, Unready> {
        let write = || {
            let (mut file, mut length) = write_draft(path, rows, self.chamber.now())?;
            if last >= Stage::Dry {
                length = end_draft(&mut file, length, rows, self.chamber.now())?;
            }
            Ok(Draft { path: path.into(), file, length })
        };
        write().map_err(|source| Unready { path: path.into(), doing: "write a law book", source })
    }

    fn put_away(&self, archived: &Path, last: Stage) -> Result<(), Unready> {
        let directory = archived.parent().unwrap_or(archived);
        let put_away = || {
            archive(&self.path, archived, regular::link)?;
            if last >= Stage::ArchiveDry {
                sync_parent(archived)?;
                sync_parent(directory)?;
            }
            Ok(())
        };
        put_away().map_err(|source| {
            let (path, doing) = (directory.into(), "archive the old ledger");
            Unready { path, doing, source }
        })
    }

    /// Puts the book in the place of the ledger. Later rows go into the book.
    fn replace(&mut self, draft: Draft, last: Stage) -> Result<(), LedgerError> {
        let Draft { path, file, length } = draft;
        self.trying("bind a law book", |it| {
            regular::rename(&path, &it.path)?;
            if last < Stage::Finished {
                return Ok(());
            }
            sync_parent(&it.path)?;
            it.blotter = None;
            it.identity = identity(&file.metadata()?);
            it.file = file;
            (it.length, it.dry) = (length, length);
            Ok(())
        })
    }
}

/// The last decree that the book among these rows covers.
fn through(rows: &[Entry]) -> Option<DecreeNumber> {
    rows.iter().find_map(|row| match row {
        Entry::Book(BookRow { heading: Heading::LawBook, number, .. }) => Some(*number),
        _ => None,
    })
}

/// The index of the row that ends the book. Only a whole book has this row.
fn end_of(rows: &[Entry]) -> usize {
    rows.iter().position(Entry::ends_book).unwrap_or(rows.len())
}

fn write_draft(
    path: &Path,
    rows: &[Entry],
    at: chrono::DateTime<chrono::Utc>,
) -> io::Result<(Locked, u64)> {
    let mut file = Locked::alone(regular::make_draft(path)?)?;
    let mut text = format!("{LEDGER_HEADER}\n").into_bytes();
    let offset = text.len() as u64;
    LedgerPen::default().write(&rows[..end_of(rows)], at, 0, offset, &mut text)?;
    file.write_all(&text)?;
    Ok((file, text.len() as u64))
}

/// Dries the draft, then writes its last rows, which say that all before them is dry.
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

/// Gives a record a second name.
type Link = fn(&Path, &Path) -> io::Result<()>;

/// Gives a ledger its name in the archive. If the same file or the same bytes are there already, a
/// body archived them and died before the book took the ledger's place. Any other volume of that
/// name came from elsewhere. It is kept under a name of its own, since it may prove that this
/// ledger is an older copy.
fn archive(ledger: &Path, archived: &Path, link: Link) -> io::Result<()> {
    regular::make_directory(archived.parent().unwrap_or(archived))?;
    match link_or_copy(ledger, archived, link) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        linked => return linked,
    }
    if says_the_same(ledger, archived)? {
        return regular::read(archived)?.sync_all();
    }
    set_aside(archived, link)?;
    let draft = archived.with_extension("csv.draft");
    match regular::remove(&draft) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => link_or_copy(ledger, &draft, link)?,
    }
    regular::rename(&draft, archived)
}

/// Gives a record a second name, which must be free. If the file system has no second names, a
/// whole and dry copy gets that name.
fn link_or_copy(record: &Path, name: &Path, link: Link) -> io::Result<()> {
    use io::ErrorKind::{AlreadyExists, NotFound};
    match link(record, name) {
        Err(error) if !matches!(error.kind(), AlreadyExists | NotFound) => {}
        linked => return linked,
    }
    if regular::stands(name) {
        return Err(AlreadyExists.into());
    }
    let copy = name.with_extension("copy");
    let write = || {
        let mut file = regular::make_draft(&copy)?;
        io::copy(&mut regular::read(record)?, &mut file)?;
        file.sync_all()?;
        regular::rename(&copy, name)
    };
    write().inspect_err(|_| drop(regular::remove(&copy)))
}

/// Whether two records are one file or hold the same bytes.
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
fn set_aside(volume: &Path, link: Link) -> io::Result<()> {
    for count in 1u64.. {
        let other = volume.with_extension(format!("other-{count}.csv"));
        match link_or_copy(volume, &other, link) {
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
    /// The path in the archive of the ledger that a law book complete through this decree replaced.
    #[must_use]
    pub fn ledger_before(&self, name: Name, through: DecreeNumber) -> PathBuf {
        self.ledgers().join("archive").join(format!("{name}.{through}.csv"))
    }

    /// The last decree that this priest's law book covers, if his ledger begins with one.
    #[must_use]
    pub fn law_book_of(&self, name: Name) -> Option<DecreeNumber> {
        book_at_the_beginning(&self.ledger(name))
    }

    /// The paths of a priest's ledger and of those it replaced, the oldest first, as far as they
    /// are here. Each begins with the law book that replaced the one before it.
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

/// The last decree that the law book at the beginning of this ledger covers.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ledger_is_archived_on_a_file_system_without_links() {
        let root = tempfile::tempdir().unwrap();
        let at = |name: &str| root.path().join("ledgers").join(name);
        let (ledger, archived) = (at("Gray.csv"), at("archive/Gray.7.csv"));
        std::fs::create_dir(root.path().join("ledgers")).unwrap();
        let refuses: Link = |_, _| Err(io::ErrorKind::PermissionDenied.into());
        for text in ["one", "one", "another"] {
            std::fs::write(&ledger, text).unwrap();
            archive(&ledger, &archived, refuses).unwrap();
            assert_eq!(std::fs::read_to_string(&archived).unwrap(), text);
        }
        let aside = std::fs::read_to_string(at("archive/Gray.7.other-1.csv")).unwrap();
        assert_eq!((aside.as_str(), std::fs::read_dir(at("archive")).unwrap().count()), ("one", 2));
    }
}
