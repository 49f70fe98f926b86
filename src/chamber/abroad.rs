//! Copies of ledgers that live on other machines: `abroad/ledgers/NAME.csv`. `[ours]`
//!
//! They are read, never written by a priest, and no ledger here is ever one of them. They show what
//! was decreed elsewhere, and they are evidence: a copy of a ledger that lives here, brought back by
//! those who have it, proves that the ledger is older than its priest.
//!
//! A copy grows by whole rows whose seals fit. It is replaced only by one that holds all that was
//! dry in it, or that begins with a law book, and then the old one is archived.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::crossing::LARGEST_CHUNK;
use super::{Chamber, regular};
use crate::records::Seal;
use crate::records::ledger_row::LedgerReader;
use crate::records::lines::Lines;
use crate::words::Name;

/// How many bytes before a place are in its checksum.
const CHECKED: u64 = 4096;

/// A place in a ledger, known by the number of bytes before it and a checksum of the last of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Reached {
    /// How many bytes stand before it.
    pub offset: u64,
    /// CRC-32 of the last bytes before it; 0 at the beginning.
    pub check: u32,
}

/// Rows of a ledger that follow a place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Excerpt {
    /// The place after which they follow: the one that was asked for, or the beginning, if the
    /// ledger is another there.
    pub after: Reached,
    /// Whole rows, with their line ends.
    pub rows: Vec<u8>,
    /// Whether these are the last there are now.
    pub is_all: bool,
}

/// The fate of an excerpt.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Copied {
    /// It does not follow what is here, or repeats it.
    Misplaced,
    /// It was added; more is to come.
    More,
    /// It was added, and the copy is whole for now.
    Whole,
    /// It was refused: a row is damaged, or it belongs to no ledger.
    Refused(String),
    /// It lacks rows that were dry before: the ledger was put back from a copy, or there are two.
    Contradicts,
}

/// A copy of a ledger.
pub struct Mirror {
    path: PathBuf,
    archive: PathBuf,
    /// The copy that stands.
    standing: Copy,
    /// One that was begun anew and is not whole.
    draft: Option<Copy>,
}

/// A file of whole rows, and how far it is read.
struct Copy {
    path: PathBuf,
    reached: Reached,
    /// As many bytes as a row in it says were dry.
    dry: u64,
    reader: LedgerReader,
}

impl Chamber {
    /// The directory of what was copied from other machines. It has the form of a chamber.
    #[must_use]
    pub fn abroad(&self) -> PathBuf {
        self.below("abroad")
    }

    /// The copy of a priest's ledger, as far as it is here.
    ///
    /// # Errors
    /// When the directory cannot be made, or the copy cannot be read.
    pub fn mirror(&self, name: Name) -> io::Result<Mirror> {
        let ledgers = self.abroad().join("ledgers");
        regular::make_directory(&ledgers)?;
        // So nobody takes a copy for a ledger, and brings a priest in with it.
        let mark = ledgers.join(MARK);
        if !regular::stands(&mark) {
            regular::make(&mark)?;
        }
        let path = ledgers.join(format!("{name}.csv"));
        let standing = Copy::at(path.clone())?;
        Ok(Mirror { path, archive: ledgers.join("archive"), standing, draft: None })
    }

    /// Whether the ledgers in this directory are copies from other machines.
    pub(crate) fn is_abroad(&self) -> bool {
        regular::stands(&self.ledgers().join(MARK))
    }

    /// The rows of a ledger that lives here after this place; of one that does not, those of its
    /// copy that were dry. `None` if neither is here.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn excerpt(&self, name: Name, after: Reached) -> io::Result<Option<Excerpt>> {
        let copy = self.abroad().join("ledgers").join(format!("{name}.csv"));
        let (path, most) = if self.has_ledger(name) {
            (self.ledger(name), u64::MAX)
        } else if regular::stands(&copy) {
            let dry = Copy::at(copy.clone())?.dry;
            (copy, dry)
        } else {
            return Ok(None);
        };
        let mut file = regular::read(&path)?;
        let length = file.metadata()?.len().min(most);
        if after.offset > length && most < u64::MAX {
            // A copy that is behind has nothing to tell.
            return Ok(Some(Excerpt { after, rows: Vec::new(), is_all: true }));
        }
        let is_known = after.offset <= length && reached(&mut file, after.offset)? == after;
        let after = if is_known { after } else { Reached::default() };
        file.seek(SeekFrom::Start(after.offset))?;
        let mut rows = Vec::new();
        file.take((length - after.offset).min(LARGEST_CHUNK as u64)).read_to_end(&mut rows)?;
        let is_all = after.offset + rows.len() as u64 == length;
        rows.truncate(rows.iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1));
        Ok(Some(Excerpt { after, rows, is_all }))
    }

    /// Where a ledger that lives here ends.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn reached(&self, name: Name) -> io::Result<Reached> {
        let mut file = regular::read(&self.ledger(name))?;
        let length = file.metadata()?.len();
        reached(&mut file, length)
    }

    /// Begins the copy of a ledger that lives here with the ledger itself, so that what others have
    /// beyond it can follow.
    ///
    /// # Errors
    /// When a file cannot be read or written.
    pub fn mirror_of_ours(&self, name: Name) -> io::Result<Mirror> {
        let mut mirror = self.mirror(name)?;
        if mirror.standing.reached.offset < self.reached(name)?.offset {
            let draft = mirror.path.with_file_name(format!(".{name}.csv.draft"));
            let mut file = regular::make_draft(&draft)?;
            io::copy(&mut regular::read(&self.ledger(name))?, &mut file)?;
            regular::rename(&draft, &mirror.path)?;
            mirror.standing = Copy::at(mirror.path.clone())?;
        }
        Ok(mirror)
    }
}

/// A directory of copies has a file of this name.
const MARK: &str = ".mirror";

impl Mirror {
    /// The place up to which it is here; of one that is begun anew, how far that has come.
    #[must_use]
    pub fn reached(&self) -> Reached {
        self.draft.as_ref().unwrap_or(&self.standing).reached
    }

    /// Adds an excerpt.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn add(&mut self, excerpt: &Excerpt) -> io::Result<Copied> {
        let begins_anew = excerpt.after == Reached::default() && self.standing.reached.offset > 0;
        if begins_anew && self.draft.is_none() {
            let name = self.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let path = self.path.with_file_name(format!(".{name}.draft"));
            drop(regular::make_draft(&path)?);
            self.draft = Some(Copy::at(path)?);
        }
        let copy = self.draft.as_mut().unwrap_or(&mut self.standing);
        if copy.reached != excerpt.after {
            self.draft = None;
            return Ok(Copied::Misplaced);
        }
        if let Err(why) = copy.add(&excerpt.rows)? {
            self.draft = None;
            return Ok(Copied::Refused(why));
        }
        if !excerpt.is_all {
            return Ok(Copied::More);
        }
        match self.draft.take() {
            Some(draft) => self.replace_by(draft),
            None => Ok(Copied::Whole),
        }
    }

    /// Puts a copy that was begun anew in the place of the one that stands.
    fn replace_by(&mut self, draft: Copy) -> io::Result<Copied> {
        let dry = self.standing.dry;
        let goes_on = draft.reached.offset >= dry && {
            let (mut old, mut new) = (Vec::new(), Vec::new());
            regular::read(&self.standing.path)?.take(dry).read_to_end(&mut old)?;
            regular::read(&draft.path)?.take(dry).read_to_end(&mut new)?;
            old == new
        };
        if !goes_on && !draft.begins_with_a_law_book()? {
            // It is kept, for it may prove something.
            self.put_away(&draft.path)?;
            return Ok(Copied::Contradicts);
        }
        if !goes_on {
            self.put_away(&self.path)?;
        }
        regular::rename(&draft.path, &self.path)?;
        self.standing = Copy::at(self.path.clone())?;
        Ok(Copied::Whole)
    }

    /// Moves a file into the archive of copies.
    fn put_away(&self, path: &Path) -> io::Result<()> {
        regular::make_directory(&self.archive)?;
        let name = self.path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let free = (1_u64..).map(|number| self.archive.join(format!("{name}.{number}.csv")));
        let free = { free }.find(|path| !regular::stands(path));
        free.map_or(Ok(()), |free| regular::rename(path, &free))
    }
}

impl Copy {
    /// The copy in this file, which need not exist. Its rows were checked when they came.
    fn at(path: PathBuf) -> io::Result<Copy> {
        let reader = LedgerReader::new(Arc::new(path.clone()));
        let mut copy = Copy { path, reached: Reached::default(), dry: 0, reader };
        if regular::stands(&copy.path) {
            let mut file = regular::read(&copy.path)?;
            let length =
                copy.hear(Lines::of(file.try_clone()?)).map_or_else(|it| it.0, |()| u64::MAX);
            let length = length.min(file.metadata()?.len());
            copy.reached = reached(&mut file, length)?;
        }
        Ok(copy)
    }

    /// Reads rows; a damaged one is an error, with the byte at which it begins.
    fn hear<R: Read>(&mut self, mut lines: Lines<R>) -> Result<(), (u64, String)> {
        let failed = |offset: u64, error: &dyn std::fmt::Display| (offset, error.to_string());
        loop {
            let line = match lines.next() {
                Ok(Some(line)) => line,
                Ok(None) => break,
                Err(error) => return Err(failed(0, &error)),
            };
            if line.offset == 0 {
                self.reader.read_header(&line).map_err(|bad| failed(0, &bad.flaw))?;
                continue;
            }
            if line.is_blank() {
                continue;
            }
            let row = self.reader.read(&line).map_err(|bad| failed(line.offset, &bad.flaw))?;
            if !matches!(row.seal, Seal::Sound | Seal::ByHand) {
                return Err((line.offset, "the seal of a row does not fit".into()));
            }
            self.dry = self.dry.max(row.dry.unwrap_or(0).min(line.offset));
        }
        match lines.tail() {
            Some(torn) => Err((torn.offset, "a row has no line end".into())),
            None => Ok(()),
        }
    }

    /// Adds rows whose seals fit.
    fn add(&mut self, rows: &[u8]) -> io::Result<Result<(), String>> {
        if let Err((_, why)) = self.hear(Lines::beginning_at(self.reached.offset, rows)) {
            return Ok(Err(why));
        }
        let mut file = regular::append_or_make(&self.path)?;
        // A write that was cut short left a part of a row.
        file.set_len(self.reached.offset)?;
        file.write_all(rows)?;
        self.reached = reached(&mut file, self.reached.offset + rows.len() as u64)?;
        Ok(Ok(()))
    }

    /// Whether its second row begins a law book.
    fn begins_with_a_law_book(&self) -> io::Result<bool> {
        let mut lines = Lines::of(regular::read(&self.path)?);
        for _ in 0..2 {
            lines.next()?;
        }
        Ok(lines.next()?.is_some_and(|line| line.bytes.starts_with(b"lawBook,")))
    }
}

/// The place after this many bytes of a file.
fn reached(file: &mut File, offset: u64) -> io::Result<Reached> {
    let from = offset.saturating_sub(CHECKED);
    file.seek(SeekFrom::Start(from))?;
    let mut last = Vec::new();
    file.take(offset - from).read_to_end(&mut last)?;
    Ok(Reached { offset, check: if offset == 0 { 0 } else { crc32fast::hash(&last) } })
}

#[cfg(test)]
mod tests {
    use super::super::opening::TakenDown;
    use super::super::{LedgerError, LedgerFile};
    use super::*;
    use crate::words::{BallotNumber, Entry, Founding};

    fn name() -> Name {
        "Ada".parse().unwrap()
    }

    /// Ada's machine, on which her ledger grows by promises of these rounds.
    fn ledger(root: &Path, rounds: std::ops::Range<u64>) -> Chamber {
        use crate::synod::Ledger;
        let chamber = Chamber::at(root);
        let founding: Founding = "Ada Ben".parse().unwrap();
        chamber.found(&founding).unwrap();
        let (mut ledger, _) = LedgerFile::open(&chamber, name()).unwrap();
        for round in rounds {
            let ballot = BallotNumber::new(round, name()).unwrap();
            ledger.ink(&[Entry::NextBal { ballot }]).unwrap();
            ledger.dry().unwrap();
        }
        chamber
    }

    fn copy(from: &Chamber, mirror: &mut Mirror) -> Copied {
        loop {
            let excerpt = from.excerpt(name(), mirror.reached()).unwrap().unwrap();
            match mirror.add(&excerpt).unwrap() {
                Copied::More => {}
                copied => return copied,
            }
        }
    }

    #[test]
    fn a_copy_follows_its_ledger_and_refuses_what_does_not_fit() {
        let (there, here) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (from, to) = (ledger(there.path(), 1..2000), Chamber::at(here.path()));
        let mut mirror = to.mirror(name()).unwrap();
        assert_eq!(copy(&from, &mut mirror), Copied::Whole);
        let bytes = |path: PathBuf| std::fs::read(path).unwrap();
        let same = || bytes(to.abroad().join("ledgers/Ada.csv")) == bytes(from.ledger(name()));
        assert!(same());
        assert_eq!(to.mirror(name()).unwrap().reached(), mirror.reached(), "found again");
        // A damaged row, rows twice, and rows out of their place.
        let all = from.excerpt(name(), Reached::default()).unwrap().unwrap();
        let mut damaged = Excerpt { after: mirror.reached(), ..all.clone() };
        assert!(matches!(mirror.add(&damaged).unwrap(), Copied::Refused(_)), "moved");
        damaged.after = Reached { offset: 7, check: 7 };
        assert_eq!(mirror.add(&damaged).unwrap(), Copied::Misplaced);
        let mut fresh = Chamber::at(here.path().join("x")).mirror(name()).unwrap();
        let (mut altered, at) = (all.clone(), all.rows.len() / 2);
        altered.rows[at] ^= 1;
        assert!(matches!(fresh.add(&altered).unwrap(), Copied::Refused(_)));
        assert!(same());
        // Nobody comes in with a copy.
        let refused = LedgerFile::open(&Chamber::at(to.abroad()), name()).unwrap_err();
        assert!(matches!(refused, LedgerError::Copied { .. }), "{refused}");
    }

    #[test]
    fn a_ledger_put_back_from_a_copy_never_replaces_what_was_dry() {
        let (there, here) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let from = ledger(there.path(), 1..4);
        let backup = std::fs::read(from.ledger(name())).unwrap();
        let from = ledger(there.path(), 4..9);
        let to = Chamber::at(here.path());
        let mut mirror = to.mirror(name()).unwrap();
        assert_eq!(copy(&from, &mut mirror), Copied::Whole);
        let whole = mirror.reached();
        std::fs::write(from.ledger(name()), &backup).unwrap();
        assert_eq!(copy(&from, &mut mirror), Copied::Contradicts);
        assert_eq!(mirror.reached(), whole, "the longer one stays");
        // Back on its own machine the copy proves that the ledger is older.
        let mut ours = from.mirror_of_ours(name()).unwrap();
        let rest = to.excerpt(name(), from.reached(name()).unwrap()).unwrap().unwrap();
        assert!(!rest.rows.is_empty());
        assert_eq!(ours.add(&rest).unwrap(), Copied::Whole);
        let taken = TakenDown::by(&from, name()).unwrap();
        let evidence = taken.evidence_since(None);
        let older = taken.kept_out(&evidence).expect("he is kept out");
        assert!(older.to_string().contains("abroad"), "{older}");
    }
}
