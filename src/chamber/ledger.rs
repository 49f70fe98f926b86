//! A priest's ledger: opened once, only ever appended to, and dry before anything rests on it.
//!
//! Opening reads every row and tells two kinds of damage apart. What a power failure leaves (a row
//! without its line end, or bytes that never reached the disk) is cut off, provided it stands
//! where nothing was known to be durable. Everything else is an alteration: it stops the priest,
//! and nothing is overwritten.

use std::fmt;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Chamber;
use super::flaw::{BadRow, Flaw};
use super::founding::ChamberError;
use super::ledger_row::{LedgerPen, LedgerReader};
use super::lines::{Lines, identity};
use super::record::{LedgerRow, Place, Seal};
use crate::synod::{DecreeNumber, Entry, Founding, Ledger, Name};

/// What keeps a priest from his ledger.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// Nobody has founded the chamber.
    #[error("{path}: there is no ledger here, for nobody has founded this chamber; `parliament synod DECREE` founds it", path = path.display())]
    NotFounded {
        /// Where the ledger would be.
        path: PathBuf,
    },
    /// Not among those whom the founding decree names.
    #[error("{name} is not a legislator of this chamber; they are: {founding}")]
    Stranger {
        /// Who.
        name: Name,
        /// The founding decree.
        founding: Founding,
    },
    /// The ledger is missing, or lacks decree 0, while others have it. `[PTP §1.3 note 3]`
    #[error(
        "{path}: {name} has amnesia: this ledger {what}, while the others hold decree 0, so what {name} promised is forgotten; bring the ledger back from a copy, or go on without him: `--absent {name}`",
        path = path.display()
    )]
    Amnesia {
        /// Whose ledger.
        name: Name,
        /// Where it is, or should be.
        path: PathBuf,
        /// What is wrong with it.
        what: &'static str,
    },
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
    #[error("{path}:1:1: rows are appended in the order `{header}`, and this ledger names its columns otherwise; write that line at the top of it, or go on without {name}: `--absent {name}`", path = path.display(), header = super::ledger_row::LEDGER_HEADER)]
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
    #[error("{path}: cannot {doing}: {source}", path = path.display())]
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
    /// Another file stands where the ledger stood.
    #[error("{path}: the ledger was removed or replaced while {name} was writing in it", path = path.display())]
    Replaced {
        /// Who.
        name: Name,
        /// The ledger.
        path: PathBuf,
    },
}

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
        write!(
            f,
            "cut {} bytes that a crash left at {}: {}",
            self.bytes, self.row.place, self.row.flaw
        )
    }
}

/// What a ledger says when it is opened.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Opened {
    /// Its rows, in order.
    pub rows: Vec<Entry>,
    /// What was cut off, or, where nothing is changed, would be.
    pub cut: Option<Cut>,
    /// Rows without a seal, which somebody wrote by hand: accepted, and to be said.
    pub by_hand: Vec<Place>,
}

/// A ledger in the hands of the priest who owns it. Nobody else can open it meanwhile.
#[derive(Debug)]
pub struct LedgerFile {
    name: Name,
    path: PathBuf,
    chamber: Chamber,
    file: File,
    pen: LedgerPen,
    text: Vec<u8>,
    length: u64,
    dry: u64,
    spoiled: bool,
}

impl LedgerFile {
    /// Opens a priest's ledger, checks it, cuts what a crash left at its end, and makes sure that
    /// everything it says is durable.
    ///
    /// # Errors
    /// [`LedgerError`]: then nothing was changed.
    pub fn open(chamber: &Chamber, name: Name) -> Result<(LedgerFile, Opened), LedgerError> {
        let path = chamber.ledger(name);
        let io =
            |doing| move |source, path: &Path| LedgerError::Io { path: path.into(), doing, source };
        let file = match OpenOptions::new().read(true).append(true).open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(chamber.missing(name));
            }
            Err(error) => return Err(io("open the ledger for writing")(error, &path)),
        };
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(LedgerError::Taken { name, path }),
            Err(TryLockError::Error(error)) => return Err(io("lock the ledger")(error, &path)),
        }
        let (opened, length) = chamber.trust(name, &file)?;
        if opened.cut.is_some() {
            file.set_len(length).map_err(|error| io("cut the torn end")(error, &path))?;
        }
        file.sync_data().map_err(|error| io("dry the ledger")(error, &path))?;
        let ledger = LedgerFile {
            name,
            path,
            chamber: chamber.clone(),
            file,
            pen: LedgerPen::default(),
            text: Vec::new(),
            length,
            dry: length,
            spoiled: false,
        };
        Ok((ledger, opened))
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

    /// Does something to the file; once that has failed, nobody knows what is durable, and the
    /// ledger must be read again.
    fn trying<T>(
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
            it.file.sync_data()?;
            it.dry = it.length;
            Ok(())
        })?;
        let same = |there| Ok(identity(&there) == identity(&self.file.metadata()?));
        if std::fs::metadata(&self.path).and_then(same).unwrap_or(false) {
            return Ok(());
        }
        self.spoiled = true;
        Err(LedgerError::Replaced { name: self.name, path: self.path.clone() })
    }
}

impl Chamber {
    /// Everything that opening this ledger would check, without changing or locking it.
    ///
    /// # Errors
    /// [`LedgerError`], as [`LedgerFile::open`] would say it.
    pub fn check(&self, name: Name) -> Result<Opened, LedgerError> {
        let path = self.ledger(name);
        match File::open(&path) {
            Ok(file) => Ok(self.trust(name, &file)?.0),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(self.missing(name)),
            Err(source) => Err(LedgerError::Io { path, doing: "open the ledger", source }),
        }
    }

    /// Reads a ledger through; yields what it says and how many of its bytes can be trusted.
    fn trust(&self, name: Name, file: &File) -> Result<(Opened, u64), LedgerError> {
        let path = self.ledger(name);
        let founding = self.standing().map_err(Box::new)?;
        let founding = founding.ok_or_else(|| LedgerError::NotFounded { path: path.clone() })?;
        if !founding.membership.has(name) {
            return Err(LedgerError::Stranger { name, founding });
        }
        let file_name = Arc::new(path.clone());
        let (opened, length) = match Examination::of(file, Arc::clone(&file_name)) {
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
            Some((_, decree)) if decree.text().parse().as_ref() == Ok(&founding) => {
                Ok((opened, length))
            }
            Some((i, decree)) => {
                let place = Place { file: file_name, line: i as u64 + 2, column: 1 };
                let theirs = decree.text().to_owned();
                Err(LedgerError::Foreign { name, place, theirs, ours: founding })
            }
        }
    }

    /// Why there is no ledger: the chamber is not founded, or the ledger was lost.
    fn missing(&self, name: Name) -> LedgerError {
        let path = self.ledger(name);
        match self.standing() {
            Ok(None) => LedgerError::NotFounded { path },
            Ok(Some(founding)) if !founding.membership.has(name) => {
                LedgerError::Stranger { name, founding }
            }
            Ok(Some(_)) => LedgerError::Amnesia { name, path, what: "is missing" },
            Err(error) => LedgerError::Chamber(Box::new(error)),
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
    opened: Opened,
    /// Where each decree was inked: its number, its row among `opened.rows`, its line.
    outcomes: Vec<(DecreeNumber, usize, u64)>,
    /// The largest `dry` of any sound row: so much was durable once.
    durable: u64,
    /// The first row that a crash may have left, and where it begins.
    damage: Option<(BadRow, u64)>,
    length: u64,
}

impl Examination {
    fn of(source: impl Read, file: Arc<PathBuf>) -> Result<Examination, Stopped> {
        let mut examination = Examination {
            opened: Opened::default(),
            outcomes: Vec::new(),
            durable: 0,
            damage: None,
            length: 0,
        };
        let mut reader = LedgerReader::new(file);
        let mut lines = Lines::of(source);
        let mut has_header = false;
        while let Some(line) = lines.next().map_err(Stopped::Disk)? {
            if !std::mem::replace(&mut has_header, true) {
                reader.read_header(&line).map_err(|row| Stopped::Row(row.into()))?;
                if !reader.table().stands_in_order() {
                    return Err(Stopped::Columns);
                }
                continue;
            }
            if line.is_blank() {
                continue;
            }
            let read = match reader.read(&line) {
                Ok(row) if row.seal == Seal::Broken => Err(reader.broken_seal(&line)),
                read => read,
            };
            examination.take(read, line.offset)?;
        }
        if let Some(line) = lines.tail() {
            let (torn, offset) = (reader.read(&line), line.offset);
            examination.take(torn, offset)?;
        }
        examination.length = lines.position();
        match &examination.damage {
            Some((row, begins)) if *begins < examination.durable => {
                Err(Stopped::Row(row.clone().into()))
            }
            _ => Ok(examination),
        }
    }

    fn take(&mut self, read: Result<LedgerRow, BadRow>, offset: u64) -> Result<(), Stopped> {
        match read {
            Ok(row) => {
                if row.seal == Seal::Sound {
                    self.durable = self.durable.max(row.dry.unwrap_or(0));
                } else {
                    self.opened.by_hand.push(row.place.clone());
                }
                if self.damage.is_none() {
                    self.agree(&row)?;
                    self.opened.rows.push(row.entry);
                }
            }
            Err(row) if row.flaw.can_be_a_crash() => {
                self.damage.get_or_insert((row, offset));
            }
            Err(row) => return Err(Stopped::Row(row.into())),
        }
        Ok(())
    }

    /// An outcome is never written twice with another decree.
    fn agree(&mut self, row: &LedgerRow) -> Result<(), Stopped> {
        let Entry::Outcome { number, decree, .. } = &row.entry else { return Ok(()) };
        let here = (*number, self.opened.rows.len(), row.place.line);
        // Outcomes come nearly always in order, so this is nearly always a push.
        let at = self.outcomes.partition_point(|earlier| earlier.0 < *number);
        match self.outcomes.get(at) {
            Some(&(earlier, i, line)) if earlier == *number => match &self.opened.rows[i] {
                Entry::Outcome { decree: first, .. } if first != decree => {
                    let flaw = Flaw::SecondDecree { number: *number, line };
                    let place = row.place.clone();
                    let text = format!("{},{number},…,{decree},…", row.entry.kind());
                    Err(Stopped::Row(Box::new(BadRow { place, row: text, flaw })))
                }
                _ => Ok(()),
            },
            _ => {
                self.outcomes.insert(at, here);
                Ok(())
            }
        }
    }

    fn finish(self) -> (Opened, u64) {
        let (mut opened, length) = (self.opened, self.length);
        let Some((row, begins)) = self.damage else { return (opened, length) };
        opened.by_hand.retain(|place| place.line < row.place.line);
        opened.cut = Some(Cut { row, bytes: length - begins });
        (opened, begins)
    }
}

/// Reads a ledger row by row, for those who only look: nothing is cut, nothing is locked, and
/// little memory is used however long the ledger is.
///
/// A row whose seal is broken is still yielded, with [`Seal::Broken`].
///
/// # Errors
/// When the ledger cannot be opened.
pub fn read_ledger(path: &Path) -> io::Result<LedgerRows> {
    let lines = Lines::of(File::open(path)?);
    let reader = LedgerReader::new(Arc::new(path.into()));
    Ok(LedgerRows { lines, reader, has_header: false, is_done: false })
}

/// The rows of a ledger, in order; see [`read_ledger`].
pub struct LedgerRows {
    lines: Lines<File>,
    reader: LedgerReader,
    has_header: bool,
    is_done: bool,
}

impl Iterator for LedgerRows {
    type Item = io::Result<Result<LedgerRow, BadRow>>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.is_done {
            let line = match self.lines.next() {
                Ok(Some(line)) => line,
                Ok(None) => {
                    self.is_done = true;
                    let torn = self.lines.tail()?;
                    return Some(Ok(self.reader.read(&torn)));
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
