//! Checks whether a ledger can be trusted in this chamber.

use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use super::founding::ChamberError;
use super::ledger_error::LedgerError;
use super::{Chamber, regular};
use crate::records::examination::{Distrust, Opened, read_through};
use crate::words::{Founding, Name};

impl Chamber {
    /// Reads a ledger and checks all that opening it would check, without changing or locking it.
    /// It reads no other record.
    ///
    /// # Errors
    /// [`LedgerError`], the same that [`super::LedgerFile::open`] would return.
    pub fn check(&self, name: Name) -> Result<Opened, LedgerError> {
        let path = self.ledger(name);
        match regular::read(&path) {
            Ok(file) => Ok(self.trust(name, &file)?.0),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(self.missing(name)),
            Err(source) => Err(LedgerError::Io { path, doing: "open the ledger", source }),
        }
    }

    /// Reads a ledger to its end; returns its contents and the number of bytes that can be trusted.
    pub(super) fn trust(&self, name: Name, file: &File) -> Result<(Opened, u64), LedgerError> {
        let path = self.ledger(name);
        let founding = self.standing().map_err(Box::new)?;
        let founding = founding.ok_or_else(|| LedgerError::NotFounded { path: path.clone() })?;
        if !self.may_have_ledger(name, &founding) {
            return Err(LedgerError::Stranger { name, founding });
        }
        self.refuse_elsewhere(name)?;
        read_through(name, Arc::new(path.clone()), &founding, file)
            .map_err(|distrust| distrusted(name, path, founding, distrust))
    }

    /// Refuses a legislator of decree 0 who lives on another machine, even if a copy of his ledger
    /// is here.
    fn refuse_elsewhere(&self, name: Name) -> Result<(), LedgerError> {
        match self.lives_elsewhere(name) {
            Ok(false) => Ok(()),
            Ok(true) => {
                let path = self.ledger(name);
                Err(LedgerError::Elsewhere { name, machine: None, path })
            }
            Err(error) => Err(Box::new(ChamberError::from(error)).into()),
        }
    }

    /// The error for a ledger that is not there: the chamber is not founded, the name is no
    /// legislator's, or the ledger was lost.
    pub(super) fn missing(&self, name: Name) -> LedgerError {
        let path = self.ledger(name);
        if let Err(elsewhere) = self.refuse_elsewhere(name) {
            return elsewhere;
        }
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

/// The error for a ledger that cannot be trusted.
fn distrusted(name: Name, path: PathBuf, ours: Founding, distrust: Distrust) -> LedgerError {
    match distrust {
        Distrust::Columns => LedgerError::Columns { name, path },
        Distrust::Row(row) => LedgerError::Untrusted { name, row },
        Distrust::NoFounding => LedgerError::Amnesia { name, path, what: "lacks decree 0" },
        Distrust::Foreign { place, theirs } => LedgerError::Foreign { name, place, theirs, ours },
        Distrust::Disk(source) => LedgerError::Io { path, doing: "read the ledger", source },
    }
}
