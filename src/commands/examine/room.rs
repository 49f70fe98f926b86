//! A directory for chambers that nobody may want to keep.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::chamber::Chamber;
use crate::words::Name;

/// A directory that is removed at the end, or kept.
pub(super) struct Room {
    pub(super) path: PathBuf,
    is_kept: bool,
}

impl Room {
    /// This directory, or one of the system's place for such.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(super) fn new(kept: Option<&Path>) -> std::io::Result<Room> {
        if let Some(kept) = kept {
            fs::create_dir_all(kept)?;
            return Ok(Room { path: kept.into(), is_kept: true });
        }
        static NTH: AtomicU64 = AtomicU64::new(0);
        let nth = NTH.fetch_add(1, Ordering::Relaxed);
        let name = format!("parliament-examine-{}-{nth}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir(&path)?;
        Ok(Room { path, is_kept: false })
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        if !self.is_kept {
            // A directory that stays in the system's place for such is removed by the system.
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

/// How long the records of a chamber were at one look.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Snapshot {
    lengths: BTreeMap<PathBuf, u64>,
    /// Whether nobody wrote meanwhile, so that it shows one moment.
    pub(super) is_still: bool,
}

impl Snapshot {
    /// Looks at the records of a chamber: messagebooks first, then his ledger, then the others. So
    /// the row on which a letter of his rests is there, if it was written first.
    pub(super) fn of(chamber: &Chamber, his: Name) -> std::io::Result<Snapshot> {
        let his = chamber.ledger(his);
        let look = || {
            let mut lengths = BTreeMap::new();
            look_into(&chamber.messagebooks(), &mut lengths)?;
            lengths.insert(his.clone(), fs::metadata(&his)?.len());
            let last = lengths[&his];
            look_into(&chamber.ledgers(), &mut lengths)?;
            lengths.insert(his.clone(), last);
            std::io::Result::Ok(lengths)
        };
        let lengths = look()?;
        let is_still = look()? == lengths;
        Ok(Snapshot { lengths, is_still })
    }

    /// How long somebody's ledger was.
    pub(super) fn of_ledger(&self, chamber: &Chamber, his: Name) -> Option<u64> {
        self.lengths.get(&chamber.ledger(his)).copied()
    }

    /// Whether the records have the same lengths in both.
    pub(super) fn is_like(&self, other: &Snapshot) -> bool {
        self.lengths == other.lengths && self.is_still == other.is_still
    }

    /// Lays the records down as they were.
    pub(super) fn lay_down(&self, to: &Path) -> std::io::Result<()> {
        for (path, length) in &self.lengths {
            let directory = path.parent().and_then(Path::file_name).unwrap_or_default();
            let directory = to.join(directory);
            fs::create_dir_all(&directory)?;
            let mut record = fs::read(path)?;
            record.truncate(usize::try_from(*length).unwrap_or(usize::MAX));
            fs::write(directory.join(path.file_name().unwrap_or_default()), record)?;
        }
        Ok(())
    }
}

/// Notes how long each record in a directory is.
fn look_into(directory: &Path, lengths: &mut BTreeMap<PathBuf, u64>) -> std::io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let (path, there) = entry.and_then(|it| Ok((it.path(), it.metadata()?)))?;
        if there.is_file() && path.extension().is_some_and(|it| it == "csv") {
            lengths.insert(path, there.len());
        }
    }
    Ok(())
}
