//! Moves the records of an earlier chamber aside before another is founded in its directory.
//!
//! Letters prove the promises of priests in a chamber whose ledgers are gone. Priests of the same
//! names in the new chamber did not make these promises, so these letters must not keep them out.

use std::io;
use std::path::{Path, PathBuf};

use super::founding::{failed, sync, sync_root};
use super::{Chamber, ChamberError, regular};
use crate::records::message_row::MESSAGE_HEADER;

impl Chamber {
    /// Moves messagebooks, archives and the markers of seats into `earlier/N` and syncs them.
    /// Returns that directory if anything was moved. Call it only where no ledger is.
    pub(super) fn put_earlier_records_aside(&self) -> Result<Option<PathBuf>, ChamberError> {
        let mut moves = Vec::new();
        let earlier = self.below("earlier");
        let aside = free_below(&earlier).map_err(failed("move records aside into", &earlier))?;
        if self.has_letters()? {
            moves.push((self.messagebooks(), aside.join("messagebooks")));
        }
        let ledgers = self.ledgers();
        let archive = ledgers.join("archive");
        if !files_in(&archive)?.is_empty() {
            moves.push((archive, aside.join("ledgers").join("archive")));
        }
        for path in files_in(&ledgers)? {
            let marker = path.file_name().filter(|it| it.to_string_lossy().starts_with(".seated-"));
            if let Some(marker) = marker {
                moves.push((path.clone(), aside.join("ledgers").join(marker)));
            }
        }
        if moves.is_empty() {
            return Ok(None);
        }
        for (from, to) in moves {
            let directory = to.parent().unwrap_or(&aside);
            regular::make_directory(directory).map_err(failed("make the directory", directory))?;
            let moved = regular::move_aside(&from, &to);
            moved.map_err(failed("move the records of an earlier chamber aside", &from))?;
            sync(directory)?;
        }
        for directory in [&aside, &earlier, &ledgers] {
            sync(directory)?;
        }
        sync_root(&self.root)?;
        let messagebooks = self.messagebooks();
        let made = regular::make_directory(&messagebooks);
        made.map_err(failed("make the directory", &messagebooks))?;
        Ok(Some(aside))
    }

    /// Whether a messagebook has more than a header, or one is archived.
    pub(super) fn has_letters(&self) -> Result<bool, ChamberError> {
        let header = MESSAGE_HEADER.len() as u64 + 1;
        let is_written = |path: &PathBuf| {
            let is_csv = path.extension().is_some_and(|extension| extension == "csv");
            is_csv && regular::metadata(path).is_ok_and(|there| there.len() > header)
        };
        Ok(files_in(&self.messagebooks())?.iter().any(is_written)
            || !files_in(&self.archive())?.is_empty())
    }
}

/// The first of `earlier/1`, `earlier/2` … that does not exist.
fn free_below(earlier: &Path) -> io::Result<PathBuf> {
    regular::only_directory(earlier)?;
    for number in 1_u64.. {
        let path = earlier.join(number.to_string());
        match path.symlink_metadata() {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(path),
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

fn files_in(directory: &Path) -> Result<Vec<PathBuf>, ChamberError> {
    regular::files_in(directory).map_err(failed("read the directory", directory))
}
