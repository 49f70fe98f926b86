//! Founds a part of a Parliament on a machine: its roster is written before any ledger.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::founding::{failed, sync, sync_root, write_whole};
use super::roster::{Roster, RosterError};
use super::{Chamber, ChamberError, regular};
use crate::words::{Founding, Name};

impl Chamber {
    /// Writes the roster and its copy before any ledger, and returns the priests who live here.
    pub(super) fn begin_roster(
        &self,
        rows: &str,
        founding: &Founding,
    ) -> Result<BTreeSet<Name>, ChamberError> {
        if rows.is_empty() {
            return Ok(founding.membership.names().collect());
        }
        let path = self.half_done();
        let roster = Roster::of_rows(rows).map_err(|what| RosterError::Lost {
            path,
            what,
            and: "is not written yet".into(),
        })?;
        for path in [self.roster_copy(), self.roster_file()] {
            write_whole(&path, rows.as_bytes())?;
        }
        sync(&self.ledgers())?;
        sync_root(&self.root)?;
        Ok(roster.here().clone())
    }

    /// Fails if the directory has letters, archives or markers of seats. They may belong to this
    /// very part of a Parliament, which has lost its ledgers.
    pub(super) fn refuse_earlier_records(&self) -> Result<Option<PathBuf>, ChamberError> {
        let is_marker = |path: &PathBuf| {
            path.file_name().is_some_and(|it| it.to_string_lossy().starts_with(".seated-"))
        };
        let (ledgers, archive) = (self.ledgers(), self.ledgers().join("archive"));
        let path = if self.has_letters()? {
            self.messagebooks()
        } else if !entries(&archive)?.is_empty() {
            archive
        } else if entries(&ledgers)?.iter().any(is_marker) {
            ledgers
        } else {
            return Ok(None);
        };
        Err(RosterError::AmongRecords { path }.into())
    }
}

fn entries(directory: &std::path::Path) -> Result<Vec<PathBuf>, ChamberError> {
    regular::files_in(directory).map_err(failed("read the directory", directory))
}
