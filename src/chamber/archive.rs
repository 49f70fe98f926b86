//! The archive of messagebooks that have grown long. `[ours]`
//!
//! Rows are only appended to a messagebook, so in a long sitting it would grow without bound, and a
//! priest who enters reads all of it. When it has the length that the chamber allows, its owner's
//! messenger renames it to `messagebooks/archive/<name>.<count>.csv` and begins a new one. Writers
//! notice that their file has another name now, and deliver their letters again. The owner reads
//! the archived file to its end and goes on looking into it. So archiving loses no letter while the
//! owner is in the Chamber. If he is killed meanwhile, the letters not read are lost like any that
//! come while he is away. That costs progress and never consistency. A petition with an id is found
//! again, since a priest who enters reads the last volume too.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::locked::Locked;
use super::messagebook::in_file;
use super::regular::{self, files_in};
use super::regular::{Identity, identity};
use super::{Chamber, ChamberError, messagebook};
use crate::records::flaw::BadRow;
use crate::records::lines::Lines;
use crate::records::message_row::MessageReader;
use crate::records::record::MessageRow;
use crate::words::Name;

/// The most looks at the archive until two in a row agree.
const LOOKS: usize = 1000;

/// The paths of archived volumes, by owner and count.
type Archived = BTreeMap<(Name, u64), PathBuf>;

impl Chamber {
    /// Returns this chamber with another length in bytes at which a messagebook is archived.
    #[must_use]
    pub fn archiving_at(self, bytes: u64) -> Chamber {
        Chamber { archived_at: bytes, ..self }
    }

    /// The directory of archived messagebooks.
    #[must_use]
    pub fn archive(&self) -> PathBuf {
        self.messagebooks().join("archive")
    }

    /// Every messagebook and archived volume, with their lengths at one moment. The volumes of each
    /// owner are in the order in which they were written.
    ///
    /// # Errors
    /// When the directories cannot be read, or a messagebook cannot be opened.
    pub fn volumes(&self) -> io::Result<Vec<Volume>> {
        let mut archived = self.archived()?;
        for _ in 0..LOOKS {
            let current = self.current_volumes()?;
            let again = self.archived()?;
            if again == archived {
                return self.in_order(archived, current);
            }
            // A messagebook was archived meanwhile: it may have been listed twice, or not at all.
            archived = again;
        }
        let busy = "messagebooks are archived faster than they can be listed; try again";
        Err(io::Error::new(io::ErrorKind::ResourceBusy, busy))
    }

    /// Those who have a messagebook here and no ledger, where a Parliament sits on several machines:
    /// letters to them wait here to be carried.
    ///
    /// # Errors
    /// When a directory cannot be read, or the roster cannot be believed.
    pub fn outboxes(&self) -> Result<BTreeSet<Name>, ChamberError> {
        if self.roster()?.is_none() {
            return Ok(BTreeSet::new());
        }
        let directory = self.messagebooks();
        let paths = files_in(&directory).map_err(|source| ChamberError::Io {
            path: directory,
            doing: "read the directory",
            source,
        })?;
        let owners = paths.iter().filter_map(|path| volume_of(path)).map(|(owner, _)| owner);
        Ok(owners.filter(|&owner| !self.has_ledger(owner)).collect())
    }

    /// The volumes of one owner, the current one last.
    ///
    /// # Errors
    /// As [`Chamber::volumes`].
    pub fn volumes_of(&self, owner: Name) -> io::Result<Vec<Volume>> {
        let mut volumes = self.volumes()?;
        volumes.retain(|volume| volume.owner == owner);
        Ok(volumes)
    }

    fn in_order(&self, archived: Archived, current: Vec<Volume>) -> io::Result<Vec<Volume>> {
        let owners: BTreeSet<Name> = archived.keys().map(|(owner, _)| *owner).collect();
        let owners = owners.into_iter().chain(current.iter().map(|volume| volume.owner));
        let owners: BTreeSet<Name> = owners.collect();
        let mut current: BTreeMap<Name, Volume> =
            current.into_iter().map(|volume| (volume.owner, volume)).collect();
        let mut volumes = Vec::new();
        for owner in owners {
            for path in archived.range((owner, 0)..=(owner, u64::MAX)).map(|(_, path)| path) {
                let volume = Volume::archived(owner, path.clone());
                volumes.push(volume.map_err(in_file(path))?);
            }
            volumes.extend(current.remove(&owner));
        }
        Ok(volumes)
    }

    /// The present messagebooks, opened so that they stay the same files if they are archived.
    fn current_volumes(&self) -> io::Result<Vec<Volume>> {
        let mut volumes = Vec::new();
        for path in files_in(&self.messagebooks())? {
            let Some((owner, None)) = volume_of(&path) else { continue };
            match Volume::current(owner, path.clone()) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                opened => volumes.push(opened.map_err(in_file(&path))?),
            }
        }
        Ok(volumes)
    }

    fn archived(&self) -> io::Result<Archived> {
        let paths = files_in(&self.archive())?;
        let numbered = paths.into_iter().filter_map(|path| {
            let (owner, count) = volume_of(&path)?;
            Some(((owner, count?), path))
        });
        Ok(numbered.collect())
    }

    /// The last archived volume of one owner: its count and path.
    pub(super) fn last_archived(&self, owner: Name) -> io::Result<Option<(u64, PathBuf)>> {
        let mut archived = self.archived()?.into_iter();
        let last = archived.rfind(|((name, _), _)| *name == owner);
        Ok(last.map(|((_, count), path)| (count, path)))
    }

    /// Archives the messagebook here of an owner who lives elsewhere, if it is long. If several
    /// writers call it at the same time, one archives.
    pub(super) fn put_outbox_away(&self, owner: Name) -> io::Result<()> {
        let alone = regular::open_directory(&self.messagebooks())?;
        let Ok(_alone) = Locked::alone(alone) else { return Ok(()) };
        let there = regular::metadata(&self.messagebook(owner))?;
        if there.len() < self.archived_at { Ok(()) } else { self.put_away(owner) }
    }

    /// Archives the messagebook of `owner` and begins a new one. Only his own messenger calls it.
    pub(super) fn put_away(&self, owner: Name) -> io::Result<()> {
        regular::make_directory(&self.archive())?;
        let count = self.last_archived(owner)?.map_or(1, |(count, _)| count + 1);
        // Six digits, so that alphabetical order is the order of volumes.
        let path = self.archive().join(format!("{owner}.{count:06}.csv"));
        match regular::rename(&self.messagebook(owner), &path) {
            // An editor is replacing the file at this moment.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            renamed => renamed?,
        }
        // A sender may have begun the new one already.
        messagebook::open(&self.messagebook(owner)).map(drop)
    }
}

/// Whether the messagebook of any of these owners is missing, or one of the archived volumes, which
/// are numbered from 1 for each owner.
pub(super) fn lack_some(volumes: &[Volume], mut owners: impl Iterator<Item = Name>) -> bool {
    let mut archived: BTreeMap<Name, u64> = BTreeMap::new();
    let mut current = BTreeSet::new();
    for volume in volumes {
        let Some((owner, count)) = volume_of(&volume.path) else { continue };
        let Some(count) = count else {
            current.insert(owner);
            continue;
        };
        let before = archived.insert(owner, count).unwrap_or(0);
        if before + 1 != count {
            return true;
        }
    }
    owners.any(|owner| !current.contains(&owner))
}

/// The owner of a volume, and its count if it is archived. A name has no dot.
fn volume_of(path: &Path) -> Option<(Name, Option<u64>)> {
    let stem = path.file_name()?.to_str()?.strip_suffix(".csv")?;
    match stem.split_once('.') {
        None => Some((Name::new(stem).ok()?, None)),
        Some((name, count)) => Some((Name::new(name).ok()?, Some(count.parse().ok()?))),
    }
}

/// A messagebook or an archived volume, with its length at one moment.
pub struct Volume {
    /// The owner of the messagebook.
    pub owner: Name,
    /// The path at that moment.
    pub path: Arc<PathBuf>,
    /// The length at that moment.
    pub bytes: u64,
    identity: Identity,
    /// The open file, if it may still be archived.
    file: Option<File>,
}

impl PartialEq for Volume {
    fn eq(&self, other: &Volume) -> bool {
        (&self.path, self.bytes, self.identity) == (&other.path, other.bytes, other.identity)
    }
}

impl Volume {
    fn current(owner: Name, path: PathBuf) -> io::Result<Volume> {
        let file = regular::read(&path)?;
        let there = file.metadata()?;
        let (path, identity) = (Arc::new(path), identity(&there));
        Ok(Volume { owner, path, bytes: there.len(), identity, file: Some(file) })
    }

    fn archived(owner: Name, path: PathBuf) -> io::Result<Volume> {
        let there = regular::metadata(&path)?;
        let (path, identity) = (Arc::new(path), identity(&there));
        Ok(Volume { owner, path, bytes: there.len(), identity, file: None })
    }

    /// Whether it is the present messagebook, to which rows are appended.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.file.is_some()
    }

    /// The rows, in order.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub fn rows(self) -> io::Result<MessageRows> {
        let file = match self.file {
            Some(file) => file,
            None => regular::read(&self.path)?,
        };
        let lines = Lines::of(file.take(self.bytes));
        Ok(MessageRows { lines, reader: MessageReader::new(self.path, self.owner), at: 0 })
    }
}

/// An iterator over the rows of a messagebook, in order; a bad row comes as an error.
pub struct MessageRows {
    lines: Lines<io::Take<File>>,
    reader: MessageReader,
    at: u64,
}

impl MessageRows {
    /// The number of bytes before the row that came last.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.at
    }

    /// After all rows: the partial row after the last line end, if there is one.
    pub fn tail(&mut self) -> Option<Result<MessageRow, Box<BadRow>>> {
        self.reader.read(&self.lines.tail()?)
    }
}

impl Iterator for MessageRows {
    type Item = io::Result<Result<MessageRow, Box<BadRow>>>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.lines.next() {
                Ok(Some(line)) => {
                    self.at = line.offset;
                    if let Some(row) = self.reader.read(&line) {
                        return Some(Ok(row));
                    }
                }
                Ok(None) => return None,
                Err(error) => return Some(Err(error)),
            }
        }
    }
}
