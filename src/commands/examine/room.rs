//! A directory for chambers that nobody may want to keep.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

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
            std::fs::create_dir_all(kept)?;
            return Ok(Room { path: kept.into(), is_kept: true });
        }
        static NTH: AtomicU64 = AtomicU64::new(0);
        let nth = NTH.fetch_add(1, Ordering::Relaxed);
        let name = format!("parliament-examine-{}-{nth}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir(&path)?;
        Ok(Room { path, is_kept: false })
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        if !self.is_kept {
            // A directory that stays in the system's place for such is removed by the system.
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}
