//! A priest's ledger: opened once, only ever appended to, and dry before anything rests on it.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Chamber;
pub use super::binding::Stage;
use super::blotter::Blotter;
use super::founding::ChamberError;
pub use super::kept_out::Older;
use super::kept_out::going_on_without;
pub use super::opening::{LaidDown, TakenDown};
use super::regular;
use super::regular::{Identity, identity};
use crate::records::examination::Opened;
use crate::records::flaw::BadRow;
use crate::records::ledger_row::{LedgerPen, LedgerReader};
use crate::records::lines::Lines;
use crate::records::record::{LedgerRow, Place};
use crate::records::remains::Found;
use crate::synod::{Bound, Ledger};
use crate::words::{Entry, Founding, Name};

/// What keeps a priest from his ledger.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// Nobody has founded the chamber.
    #[error("{path}: there is no ledger here, for nobody has founded this chamber; `parliament synod DECREE` founds it", path = path.display())]
    NotFounded {
        /// Where the ledger would be.
        path: PathBuf,
    },
    /// Neither named by the founding decree nor given a ledger since.
    #[error("{name} is not a legislator of this chamber; they are: {founding}")]
    Stranger {
        /// Who.
        name: Name,
        /// The founding decree.
        founding: Founding,
    },
    /// The ledger is missing, or lacks decree 0, while others have it. `[PTP §1.3 note 3]`
    #[error(
        "{path}: {name} has amnesia: this ledger {what}, while the others hold decree 0, so what {name} promised is forgotten\n{}",
        going_on_without(*name), path = path.display()
    )]
    Amnesia {
        /// Whose ledger.
        name: Name,
        /// Where it is, or should be.
        path: PathBuf,
        /// What is wrong with it.
        what: &'static str,
    },
    /// The ledger is missing, and one stands here whose name is his in another spelling.
    #[error(
        "{path}: {name}'s ledger is not here, but `{there}.csv` is: the same name in another spelling, and his is `{spelt}`. A copy by way of another system can do this. Rename the file, unless it is another's; or go on without him: `--absent {name}`",
        path = path.display(), there = other.spelt(), spelt = name.spelt()
    )]
    Misspelt {
        /// Whose ledger.
        name: Name,
        /// The name by which a ledger stands here.
        other: Name,
        /// Where it should be.
        path: PathBuf,
    },
    /// Somebody was seated whose name is another's in another spelling.
    #[error(
        "{path}: {name} gets no ledger, since `{there}` has one: the same name in another spelling, and some file systems take both for one file. Unseat {name}, and seat him under another name", there = other.spelt(), path = path.display()
    )]
    Alike {
        /// Who.
        name: Name,
        /// The other.
        other: Name,
        /// Where his ledger would be.
        path: PathBuf,
    },
    /// The records at hand prove that the ledger is older than its priest, or that he had one and
    /// it is gone. `[PTP §1.3 note 3]`
    #[error(transparent)]
    Older(Box<Older>),
    /// The ledger belongs to another chamber.
    #[error(
        "{place}: this ledger is from another chamber, founded as `{theirs}`, while this one was founded as `{ours}`; put it back where it belongs, or go on without {name}: `--absent {name}`"
    )]
    Foreign {
        /// Whose ledger.
        name: Name,
        /// Where its decree 0 stands.
        place: Place,
        /// Its decree 0.
        theirs: String,
        /// Everybody else's.
        ours: Founding,
    },
    /// A row breaks a rule.
    #[error("{row}\n`--absent {name}` goes on without {name}")]
    Untrusted {
        /// Whose ledger.
        name: Name,
        /// The row.
        row: Box<BadRow>,
    },
    /// The columns do not stand in the order in which rows are appended.
    #[error("{path}:1:1: rows are appended in the order `{header}`, and this ledger names its columns otherwise; write that line at the top of it, or go on without {name}: `--absent {name}`", path = path.display(), header = crate::records::ledger_row::LEDGER_HEADER)]
    Columns {
        /// Whose ledger.
        name: Name,
        /// The ledger.
        path: PathBuf,
    },
    /// One priest, one body.
    #[error("{path}: {name} is in the Chamber already, in another body, which holds this ledger; one priest has one body", path = path.display())]
    Taken {
        /// Who.
        name: Name,
        /// The ledger.
        path: PathBuf,
    },
    /// The chamber itself cannot be read.
    #[error(transparent)]
    Chamber(#[from] Box<ChamberError>),
    /// The disk said no.
    #[error("{path}: cannot {doing}: {source}{repair}", path = path.display(), repair = repair(path, source))]
    Io {
        /// The ledger.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// An earlier failure leaves open what is durable.
    #[error("{path}: the ink failed before, so this ledger is closed until it is opened and read again", path = path.display())]
    Spoiled {
        /// The ledger.
        path: PathBuf,
    },
    /// Somebody else wrote in it.
    #[error("{path}: somebody wrote in this ledger while {name} was writing in it; he opens it again and reads what it says now", path = path.display())]
    Intruded {
        /// Who.
        name: Name,
        /// The ledger.
        path: PathBuf,
    },
    /// Another file stands where the ledger stood.
    #[error("{path}: the ledger was removed or replaced while {name} was writing in it", path = path.display())]
    Replaced {
        /// Who.
        name: Name,
        /// The ledger.
        path: PathBuf,
    },
}

/// What a person can do where the system keeps a priest from his ledger; nothing where it fails in
/// another way.
fn repair(ledger: &Path, refused: &io::Error) -> String {
    use io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem};
    if !matches!(refused.kind(), PermissionDenied | ReadOnlyFilesystem) {
        return String::new();
    }
    let name = ledger.file_stem().unwrap_or_default().to_string_lossy();
    format!(
        "; give whoever runs this leave to read and write it, or go on without {name}: `--absent {name}`"
    )
}

/// A ledger in the hands of the priest who owns it. Nobody else can open it meanwhile.
#[derive(Debug)]
pub struct LedgerFile {
    pub(super) name: Name,
    pub(super) path: PathBuf,
    pub(super) chamber: Chamber,
    pub(super) file: File,
    pub(super) identity: Identity,
    pen: LedgerPen,
    text: Vec<u8>,
    pub(super) length: u64,
    pub(super) dry: u64,
    spoiled: bool,
    /// Who dries it while its owner does something else; nobody before he is asked to.
    pub(super) blotter: Option<Blotter>,
}

impl LedgerFile {
    /// Opens a priest's ledger, checks it, cuts what a crash left at its end, and makes sure that
    /// everything it says is durable. No other record is looked at: who enters the Chamber
    /// [takes his ledger down](TakenDown) first, and opens it if the evidence lets him.
    ///
    /// # Errors
    /// [`LedgerError`]: then nothing was changed.
    pub fn open(chamber: &Chamber, name: Name) -> Result<(LedgerFile, Opened), LedgerError> {
        TakenDown::by(chamber, name)?.open()
    }

    /// A ledger all of which is dry.
    pub(super) fn whole(
        chamber: Chamber,
        name: Name,
        file: File,
        length: u64,
    ) -> io::Result<LedgerFile> {
        let identity = identity(&file.metadata()?);
        Ok(LedgerFile {
            name,
            path: chamber.ledger(name),
            chamber,
            file,
            identity,
            pen: LedgerPen::default(),
            text: Vec::new(),
            length,
            dry: length,
            spoiled: false,
            blotter: None,
        })
    }

    /// Whose ledger it is.
    #[must_use]
    pub fn name(&self) -> Name {
        self.name
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether nobody has written in the ledger since it was opened: a seal names the place of its
    /// row, so what is inked after another's row would seem altered for ever.
    fn is_nobody_elses(&mut self) -> Result<(), LedgerError> {
        if self.trying("look at the ledger", |it| Ok(it.file.metadata()?.len()))? == self.length {
            return Ok(());
        }
        self.spoiled = true;
        Err(LedgerError::Intruded { name: self.name, path: self.path.clone() })
    }

    /// Does something to the file; once that has failed, nobody knows what is durable, and the
    /// ledger must be read again.
    pub(super) fn trying<T>(
        &mut self,
        doing: &'static str,
        act: impl FnOnce(&mut LedgerFile) -> io::Result<T>,
    ) -> Result<T, LedgerError> {
        if self.spoiled {
            return Err(LedgerError::Spoiled { path: self.path.clone() });
        }
        act(self).map_err(|source| {
            self.spoiled = true;
            LedgerError::Io { path: self.path.clone(), doing, source }
        })
    }
}

impl Ledger for LedgerFile {
    type Error = LedgerError;

    fn ink(&mut self, rows: &[Entry]) -> Result<(), LedgerError> {
        self.is_nobody_elses()?;
        self.trying("ink the ledger", |it| {
            it.text.clear();
            it.pen.write(rows, it.chamber.now(), it.dry, it.length, &mut it.text)?;
            it.file.write_all(&it.text)?;
            it.length += it.text.len() as u64;
            Ok(())
        })
    }

    fn dry(&mut self) -> Result<(), LedgerError> {
        self.trying("dry the ledger", |it| {
            if let Some(blotter) = &mut it.blotter {
                it.dry = blotter.wait()?.unwrap_or(it.dry);
            }
            if it.dry < it.length {
                (it.chamber.drying)(&it.file)?;
                it.dry = it.length;
            }
            Ok(())
        })?;
        if regular::metadata(&self.path).is_ok_and(|there| identity(&there) == self.identity) {
            return Ok(());
        }
        self.spoiled = true;
        Err(LedgerError::Replaced { name: self.name, path: self.path.clone() })
    }

    fn blot(&mut self) {
        if self.dry == self.length {
            return;
        }
        if self.blotter.is_none() {
            self.blotter = Blotter::of(&self.file, &self.chamber.drying).ok();
        }
        if let Some(blotter) = &mut self.blotter {
            blotter.begin(self.length);
        }
    }

    fn bind(&mut self, rows: &[Entry]) -> Result<(), LedgerError> {
        self.bind_as_far_as(rows, Stage::Finished)
    }

    fn bind_or_stand(&mut self, rows: &[Entry]) -> Result<Bound, LedgerError> {
        self.bind_if_it_can(rows)
    }
}

/// Reads a ledger row by row, for those who only look: nothing is cut, nothing is locked, and
/// little memory is used however long the ledger is.
///
/// A row whose seal is broken is still yielded, with [`crate::records::Seal::Broken`].
///
/// # Errors
/// When the ledger cannot be opened.
pub fn read_ledger(path: &Path) -> io::Result<LedgerRows> {
    Ok(LedgerRows::of(regular::read(path)?, path))
}

/// The rows of a ledger, in order; see [`read_ledger`].
pub struct LedgerRows<R = File> {
    lines: Lines<R>,
    reader: LedgerReader,
    has_header: bool,
    is_done: bool,
}

impl<R: Read> LedgerRows<R> {
    /// The rows of a ledger that is read from anywhere; `name` is what errors call it.
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
