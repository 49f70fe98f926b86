//! Lays down a whole chamber: ledgers and messagebooks that were written elsewhere.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::founding::{ChamberError, failed, sync, write_whole};
use super::{Chamber, regular};
use crate::records::Place;
use crate::words::Name;

impl Chamber {
    /// The first record in the directories of this chamber, if there is one.
    ///
    /// # Errors
    /// When a directory cannot be read.
    pub fn first_record(&self) -> Result<Option<PathBuf>, ChamberError> {
        for directory in [self.ledgers(), self.messagebooks()] {
            let files = regular::files_in(&directory);
            let files = files.map_err(failed("read the directory", &directory))?;
            if let Some(record) = files.into_iter().filter(|file| is_record(file)).min() {
                return Ok(Some(record));
            }
        }
        Ok(None)
    }

    /// Writes ledgers and messagebooks, byte for byte, where no chamber is yet.
    ///
    /// # Errors
    /// [`ChamberError::Occupied`] if a record is there; another error if the system reports one.
    pub fn lay_down(
        &self,
        ledgers: &[(Name, Vec<u8>)],
        messagebooks: &[(Name, Vec<u8>)],
    ) -> Result<(), ChamberError> {
        if let Some(file) = self.first_record()?.map(Arc::new) {
            return Err(ChamberError::Occupied { place: Place { file, line: 1, column: 1 } });
        }
        for directory in [self.ledgers(), self.messagebooks()] {
            let made = regular::make_directory(&directory);
            made.map_err(failed("make the directory", &directory))?;
        }
        self.put_earlier_records_aside()?;
        for (name, text) in ledgers {
            write_whole(&self.ledger(*name), text)?;
        }
        for (name, text) in messagebooks {
            write_whole(&self.messagebook(*name), text)?;
        }
        // Legislators whom decree 0 does not name were given their ledgers by God.
        let founding = self.standing()?;
        let is_seated = |name: Name| founding.as_ref().is_some_and(|it| !it.membership.has(name));
        for (name, _) in ledgers.iter().filter(|(name, _)| is_seated(*name)) {
            self.remember_seat(*name)?;
        }
        sync(&self.ledgers())
    }
}

/// Whether a file in a directory of a chamber is one of its records. Other files explain the
/// directory, or were left there by other programs.
fn is_record(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let notes = [".founding", ".roster", ".seated-"];
    name.ends_with(".csv") || name == "archive" || notes.iter().any(|note| name.starts_with(note))
}
