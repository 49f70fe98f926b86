//! Whether a ledger can be trusted: what it says, what a crash left at its end, what was altered.
//!
//! Two kinds of damage are told apart, by `remains`. What a crash leaves is cut off, provided it
//! stands where nothing was known to be durable. Everything else is an alteration: it stops the
//! priest, and nothing is overwritten. A row whose seal is broken is an alteration wherever it
//! stands, because no crash leaves one: where a row was taken out of the ledger, all after it are so.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::Arc;

use super::Chamber;
use super::flaw::{BadRow, Flaw};
use super::ledger::LedgerError;
use super::ledger_row::LedgerReader;
use super::lines::{Line, Lines};
use super::record::{LedgerRow, Place, Seal};
use super::regular;
use super::remains::{Found, Witness};
use crate::words::{BallotNumber, DecreeNumber, Entry, Founding, Heading, Name};

/// What a crash left, and the opening cut off.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cut {
    /// The first row cut, and why.
    pub row: BadRow,
    /// How many bytes were cut, from that row to the end.
    pub bytes: u64,
}

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place { file, line, .. } = &self.row.place;
        let s = if self.bytes == 1 { "" } else { "s" };
        write!(
            f,
            "{}:{line}: a crash left a torn end, {} byte{s}, cut: {:?}",
            file.display(),
            self.bytes,
            self.row.row.chars().take(SHOWN).collect::<String>()
        )
    }
}

/// How many characters of what was cut are shown.
const SHOWN: usize = 200;

/// What a ledger says when it is opened.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Opened {
    /// Its rows, in order.
    pub rows: Vec<Entry>,
    /// What was cut off, or, where nothing is changed, would be.
    pub cut: Option<Cut>,
    /// Where the last row stands that was kept, though its line end was lost; the opening writes it.
    pub mended: Option<Place>,
    /// Rows without a seal, which somebody wrote by hand: accepted, and to be said.
    pub by_hand: Vec<Place>,
    /// So many bytes were durable before, as the rows say; at most the length of the ledger.
    pub dry: u64,
    /// What other records say of him that he should hear, though it does not keep him out.
    pub said: Vec<String>,
}

impl Chamber {
    /// Everything that opening this ledger would check in it, without changing or locking it. What
    /// other records prove is not looked at.
    ///
    /// # Errors
    /// [`LedgerError`], as [`super::LedgerFile::open`] would say it.
    pub fn check(&self, name: Name) -> Result<Opened, LedgerError> {
        let path = self.ledger(name);
        match regular::read(&path) {
            Ok(file) => Ok(self.trust(name, &file)?.0),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(self.missing(name)),
            Err(source) => Err(LedgerError::Io { path, doing: "open the ledger", source }),
        }
    }

    /// Reads a ledger through; yields what it says and how many of its bytes can be trusted.
    pub(super) fn trust(&self, name: Name, file: &File) -> Result<(Opened, u64), LedgerError> {
        let path = self.ledger(name);
        let founding = self.standing().map_err(Box::new)?;
        let founding = founding.ok_or_else(|| LedgerError::NotFounded { path: path.clone() })?;
        if !self.may_have_ledger(name, &founding) {
            return Err(LedgerError::Stranger { name, founding });
        }
        read_through(name, path, &founding, file)
    }

    /// Why there is no ledger: the chamber is not founded, or the ledger was lost.
    pub(super) fn missing(&self, name: Name) -> LedgerError {
        let path = self.ledger(name);
        match self.standing() {
            Ok(None) => LedgerError::NotFounded { path },
            Ok(Some(founding)) if !self.may_have_ledger(name, &founding) => {
                LedgerError::Stranger { name, founding }
            }
            Ok(Some(founding)) => match self.spelt_otherwise(name, &founding) {
                Some(other) => LedgerError::Misspelt { name, other, path },
                None => LedgerError::Amnesia { name, path, what: "is missing" },
            },
            Err(error) => LedgerError::Chamber(Box::new(error)),
        }
    }
}

/// Reads the bytes of `name`'s ledger through, wherever they come from; yields what it says and
/// how many of its bytes can be trusted.
///
/// # Errors
/// [`LedgerError`], as opening the ledger in a chamber of this founding would say it.
pub fn read_through(
    name: Name,
    path: PathBuf,
    founding: &Founding,
    source: impl Read,
) -> Result<(Opened, u64), LedgerError> {
    let file_name = Arc::new(path.clone());
    let (opened, length) = match Examination::of(name, source, Arc::clone(&file_name)) {
        Ok(examination) => examination.finish(),
        Err(Stopped::Columns) => return Err(LedgerError::Columns { name, path }),
        Err(Stopped::Row(row)) => return Err(LedgerError::Untrusted { name, row }),
        Err(Stopped::Disk(source)) => {
            return Err(LedgerError::Io { path, doing: "read the ledger", source });
        }
    };
    let decree = opened.rows.iter().enumerate().find_map(|(i, row)| match row {
        Entry::Outcome { number: Founding::NUMBER, decree, .. } => Some((i, decree)),
        _ => None,
    });
    match decree {
        None => Err(LedgerError::Amnesia { name, path, what: "lacks decree 0" }),
        Some((_, decree)) if decree.text().parse().as_ref() == Ok(founding) => Ok((opened, length)),
        Some((i, decree)) => {
            let place = Place { file: file_name, line: i as u64 + 2, column: 1 };
            let theirs = decree.text().to_owned();
            Err(LedgerError::Foreign { name, place, theirs, ours: founding.clone() })
        }
    }
}

/// Why an examination stopped.
enum Stopped {
    Columns,
    Row(Box<BadRow>),
    Disk(io::Error),
}

/// A ledger being read from its first row to its last.
struct Examination {
    name: Name,
    opened: Opened,
    /// Where each decree was inked: its number, its row among `opened.rows`, its line.
    outcomes: Vec<(DecreeNumber, usize, u64)>,
    /// The last promise, and its line.
    promised: Option<(BallotNumber, u64)>,
    /// What all rows say, those behind a hole too.
    witness: Witness,
    /// The first place at which a crash may have left what stands there, and its byte.
    hole: Option<(BadRow, u64)>,
    /// The row that lost its line end, and where that is missing.
    unended: Option<(Place, u64)>,
    length: u64,
    /// The row that begins a law book which no row has ended yet.
    open_book: Option<BadRow>,
}

impl Examination {
    fn of(name: Name, source: impl Read, file: Arc<PathBuf>) -> Result<Examination, Stopped> {
        let mut examination = Examination {
            name,
            opened: Opened::default(),
            outcomes: Vec::new(),
            promised: None,
            witness: Witness::default(),
            hole: None,
            unended: None,
            length: 0,
            open_book: None,
        };
        let mut reader = LedgerReader::new(file);
        let mut lines = Lines::of(source);
        let mut has_header = false;
        while let Some(line) = lines.next().map_err(Stopped::Disk)? {
            if !std::mem::replace(&mut has_header, true) {
                reader.read_header(&line).map_err(Stopped::Row)?;
                if !reader.table().stands_in_order() {
                    return Err(Stopped::Columns);
                }
                continue;
            }
            if line.is_blank() {
                continue;
            }
            let found = reader.find(&line);
            let flaw = match &found {
                Found::Row(row) if examination.hole.is_none() => row.seal.flaw(),
                _ => None,
            };
            let found = match flaw {
                Some(flaw) => Found::Damage(reader.bad_seal(&line, flaw)),
                None => found,
            };
            examination.take(found, &line)?;
        }
        if let Some(line) = lines.tail() {
            examination.take(reader.find(&line), &line)?;
        }
        examination.length = lines.position();
        examination.conclude()
    }

    /// What a crash left may be cut only where nothing was dry.
    fn conclude(mut self) -> Result<Examination, Stopped> {
        if let Some((bad, begins)) = &self.hole
            && let Some(flaw) = self.witness.against(bad, *begins)
        {
            return Err(Stopped::Row(BadRow { flaw, ..bad.clone() }.into()));
        }
        match self.open_book.take() {
            Some(row) => Err(Stopped::Row(row.into())),
            None => Ok(self),
        }
    }

    /// A law book counts only when the row is there that ends it; it was dry, so no crash takes it.
    fn follow_book(&mut self, row: &LedgerRow, line: &Line<'_>) {
        let Entry::Book(book_row) = &row.entry else { return };
        match book_row.heading {
            Heading::LawBook => {
                let text = String::from_utf8_lossy(line.bytes).into_owned();
                let place = row.place.clone();
                self.open_book = Some(BadRow { place, row: text, flaw: Flaw::HalfABook });
            }
            Heading::Bound => self.open_book = None,
            _ => {}
        }
    }

    fn take(&mut self, found: Found, line: &Line<'_>) -> Result<(), Stopped> {
        self.witness.hear(&found, line.offset);
        match found {
            // Behind a hole rows only bear witness.
            _ if self.hole.is_some() => {}
            Found::Row(row) => self.take_row(row, line)?,
            Found::Unended { row, ends, remains } => {
                self.unended = Some((row.place.clone(), ends));
                self.take_row(row, line)?;
                self.hole = remains.map(|bad| (*bad, ends));
            }
            Found::Remains(bad) => self.hole = Some((*bad, line.offset)),
            Found::Damage(bad) => return Err(Stopped::Row(bad)),
        }
        Ok(())
    }

    fn take_row(&mut self, row: LedgerRow, line: &Line<'_>) -> Result<(), Stopped> {
        if row.seal != Seal::Sound {
            self.opened.by_hand.push(row.place.clone());
        }
        if let Err(flaw) = self.agree(&row) {
            let text = String::from_utf8_lossy(line.bytes).into_owned();
            let bad = BadRow { place: row.place, row: text, flaw };
            return Err(Stopped::Row(bad.into()));
        }
        self.follow_book(&row, line);
        self.opened.rows.push(row.entry);
        Ok(())
    }

    /// A ballot is its owner's, a promise is never taken back, and an outcome is never written twice with another decree.
    fn agree(&mut self, row: &LedgerRow) -> Result<(), Flaw> {
        if let Entry::LastTried { ballot } | Entry::BeginBallot { ballot, .. } = &row.entry
            && ballot.owner != self.name
        {
            return Err(Flaw::NotHis(*ballot));
        }
        if let Entry::NextBal { ballot } = row.entry {
            match self.promised.replace((ballot, row.place.line)) {
                Some((promised, line)) if ballot < promised => {
                    return Err(Flaw::TakenBack { promised, line });
                }
                _ => {}
            }
        }
        let Entry::Outcome { number, decree, .. } = &row.entry else { return Ok(()) };
        // Outcomes come nearly always in order: then there is nothing to search, and this is a push.
        let in_order = self.outcomes.last().is_none_or(|last| last.0 < *number);
        let search = || self.outcomes.partition_point(|earlier| earlier.0 < *number);
        let at = if in_order { self.outcomes.len() } else { search() };
        match self.outcomes.get(at) {
            Some(&(earlier, i, line)) if earlier == *number => match &self.opened.rows[i] {
                Entry::Outcome { decree: first, .. } if first != decree => {
                    Err(Flaw::SecondDecree { number: *number, line })
                }
                _ => Ok(()),
            },
            _ => {
                let here = (*number, self.opened.rows.len(), row.place.line);
                self.outcomes.insert(at, here);
                Ok(())
            }
        }
    }

    fn finish(self) -> (Opened, u64) {
        let mut opened = self.opened;
        let (mended, ends) = self.unended.unzip();
        opened.mended = mended;
        let begins = self.hole.as_ref().map(|(_, begins)| *begins);
        let kept = begins.or(ends).unwrap_or(self.length);
        opened.dry = self.witness.dry.min(kept);
        let length = self.length;
        opened.cut = self.hole.map(|(row, begins)| Cut { row, bytes: length - begins });
        (opened, kept)
    }
}
