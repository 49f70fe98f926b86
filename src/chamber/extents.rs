//! Lists the records to judge, each with its length at one moment.
//!
//! A chamber may be in session while it is audited. So all lengths are taken first, messagebooks
//! before ledgers, until two looks agree. Then no letter is read without the rows on which it
//! rests.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::archive::lack_some;
use super::founding::ChamberError;
use super::{Chamber, Volume, regular};
use crate::audit::Exhibit;
use crate::records::flaw::BadRow;
use crate::records::lines::Lines;
use crate::records::record::Place;
use crate::words::Name;

/// The reason why a chamber could not be judged.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AuditError {
    /// There is nothing to judge.
    #[error("{path}: no ledger is here, so there is nothing to judge; `--chamber DIR` names another chamber", path = path.display())]
    NoLedgers {
        /// The directory of the ledgers.
        path: PathBuf,
    },
    /// A ledger's row cannot be read.
    #[error("{0}")]
    Unreadable(Box<BadRow>),
    /// The directory cannot be read.
    #[error(transparent)]
    Chamber(#[from] ChamberError),
    /// The system reported an error.
    #[error("{path}: cannot read it: {source}", path = path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
}

/// The most looks at all lengths until two agree; after that the latest are used.
const LOOKS: usize = 1000;

/// A file, and the number of its bytes that are judged.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Extent {
    pub owner: Name,
    pub path: Arc<PathBuf>,
    pub bytes: u64,
}

impl Extent {
    /// The present extent of a file.
    fn of(owner: Name, path: PathBuf) -> Result<Extent, AuditError> {
        let bytes = match regular::metadata(&path) {
            Ok(there) => there.len(),
            Err(source) => return Err(AuditError::Io { path, source }),
        };
        Ok(Extent { owner, path: Arc::new(path), bytes })
    }

    pub fn io(&self, source: io::Error) -> AuditError {
        AuditError::Io { path: self.path.as_ref().clone(), source }
    }

    pub fn lines(&self) -> Result<Lines<io::Take<File>>, AuditError> {
        let file = regular::read(&self.path).map_err(|error| self.io(error))?;
        Ok(Lines::of(file.take(self.bytes)))
    }
}

/// The records of all parts of a Parliament that are judged together.
#[derive(Default)]
pub(super) struct Parts {
    pub volumes: Vec<Volume>,
    pub ledgers: Vec<Extent>,
    /// Whether a messagebook or volume of somebody whose ledger is judged is missing.
    pub lacks_letters: bool,
    /// Legislators of decree 0 whose ledgers are on other machines.
    pub elsewhere: BTreeSet<Name>,
    /// Priests with more than one ledger, and the places of two of them.
    pub twice: Vec<(Name, Exhibit, Arc<PathBuf>)>,
}

impl Parts {
    /// The number of bytes in all of them.
    pub fn bytes(&self) -> u64 {
        let volumes = self.volumes.iter().map(|volume| volume.bytes);
        volumes.chain(self.ledgers.iter().map(|ledger| ledger.bytes)).sum()
    }
}

impl Chamber {
    /// Lists the records of this part of a Parliament and of the others.
    pub(super) fn parts(&self, others: &[Chamber]) -> Result<Parts, AuditError> {
        let mut all = Parts::default();
        let mut homes: BTreeMap<Name, Arc<PathBuf>> = BTreeMap::new();
        let mut roots = BTreeSet::new();
        for chamber in std::iter::once(self).chain(others) {
            // One directory that is named twice is one part.
            let root = std::fs::canonicalize(chamber.root()).unwrap_or(chamber.root().into());
            if !roots.insert(root) {
                continue;
            }
            let (volumes, ledgers) = chamber.extents()?;
            if ledgers.is_empty() {
                return Err(AuditError::NoLedgers { path: chamber.ledgers() });
            }
            if chamber.is_abroad() {
                // Those of whom there is no copy live somewhere.
                let founding = chamber.standing()?;
                all.elsewhere.extend(founding.iter().flat_map(|it| it.membership.names()));
            }
            let roster = chamber.roster().map_err(ChamberError::from)?;
            let elsewhere = roster.map(|it| it.elsewhere().clone()).unwrap_or_default();
            // A copy of the ledger of one who lives elsewhere may be here. Only his own is judged.
            let is_copy = |it: &Extent| !others.is_empty() && elsewhere.contains(&it.owner);
            let ledgers: Vec<Extent> = ledgers.into_iter().filter(|it| !is_copy(it)).collect();
            all.lacks_letters |= lack_some(&volumes, ledgers.iter().map(|ledger| ledger.owner));
            for current in ledgers.iter().filter(|it| *it.path == chamber.ledger(it.owner)) {
                if let Some(other) = homes.insert(current.owner, Arc::clone(&current.path)) {
                    let place = Place { file: Arc::clone(&current.path), line: 1, column: 1 };
                    let at = Exhibit { place, row: String::new() };
                    all.twice.push((current.owner, at, other));
                }
            }
            all.volumes.extend(volumes);
            all.ledgers.extend(ledgers);
            all.elsewhere.extend(elsewhere);
        }
        all.elsewhere.retain(|name| !homes.contains_key(name));
        Ok(all)
    }

    /// All messagebooks, their archived volumes, and all ledgers, with their lengths at one moment.
    fn extents(&self) -> Result<(Vec<Volume>, Vec<Extent>), AuditError> {
        let look = || {
            let io = |source| AuditError::Io { path: self.messagebooks(), source };
            let ledgers = extents_in(&self.ledgers())?;
            let all = ledgers.into_iter().map(|ledger| self.with_archive(ledger));
            let all: Result<Vec<Vec<Extent>>, AuditError> = all.collect();
            Ok::<_, AuditError>((self.volumes().map_err(io)?, all?.concat()))
        };
        let mut seen = look()?;
        for _ in 0..LOOKS {
            let again = look()?;
            if again == seen {
                break;
            }
            seen = again;
        }
        Ok(seen)
    }
}

impl Chamber {
    /// A ledger and the ones that law books replaced, the oldest first. `[PTP §3.3.2]`
    fn with_archive(&self, ledger: Extent) -> Result<Vec<Extent>, AuditError> {
        let mut paths = self.ledgers_of(ledger.owner);
        paths.pop();
        let mut found = Vec::with_capacity(paths.len() + 1);
        for path in paths {
            found.push(Extent::of(ledger.owner, path)?);
        }
        found.push(ledger);
        Ok(found)
    }
}

/// The files `<name>.csv` of a directory, in the order of names.
fn extents_in(directory: &Path) -> Result<Vec<Extent>, AuditError> {
    let io = |source| AuditError::Io { path: directory.into(), source };
    let mut found = Vec::new();
    for path in regular::files_in(directory).map_err(io)? {
        let is_table = path.extension().is_some_and(|extension| extension == "csv");
        let name = path.file_stem().and_then(|stem| stem.to_str()).map(Name::new);
        let (true, Some(Ok(owner))) = (is_table, name) else { continue };
        found.push(Extent::of(owner, path)?);
    }
    found.sort_by_key(|extent| extent.owner);
    Ok(found)
}
