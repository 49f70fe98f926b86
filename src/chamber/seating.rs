//! Gives a ledger to a legislator whom a decree seats. `[PTP §3.3.6]`
//!
//! The ledger has only decree 0, and he learns the law from the others. The file
//! `ledgers/.seated-NAME` beside it records that he was given one, so that he gets it once. If he
//! loses it later, he has amnesia like any other, and is never taken for a new legislator.

use std::collections::BTreeSet;
use std::fs::TryLockError;
use std::path::PathBuf;
use std::time::SystemTime;

use super::founding::{sync, write_whole};
use super::locked::Locked;
use super::opening::stands_under;
use super::{Chamber, ChamberError, LedgerError, regular};
use crate::words::{Founding, Name};

impl Chamber {
    /// Gives a legislator his ledger, unless he has it. The caller must know that the law seats
    /// him.
    ///
    /// # Errors
    /// [`LedgerError::Amnesia`] or [`LedgerError::Older`] if he was given one before and it is
    /// gone, as a marker beside it or any other record proves.
    pub fn seat(&self, name: Name) -> Result<(), LedgerError> {
        self.seat_on(name, None)
    }

    /// Like [`Chamber::seat`], for a Parliament on several machines: he gets his ledger only on the
    /// machine that the decree which first seated him names.
    ///
    /// # Errors
    /// As [`Chamber::seat`]; [`LedgerError::Elsewhere`] on another machine, and on every one if the
    /// decree names none; [`LedgerError::NoRoster`] if it names one and this chamber has no roster.
    pub fn seat_on(&self, name: Name, machine: Option<Name>) -> Result<(), LedgerError> {
        let path = self.ledger(name);
        if self.was_seated(name) {
            return if regular::stands(&path) { Ok(()) } else { Err(self.missing(name)) };
        }
        let founding = self.standing().map_err(Box::new)?;
        let founding = founding.ok_or_else(|| LedgerError::NotFounded { path: path.clone() })?;
        if founding.membership.has(name) {
            return Ok(());
        }
        self.live_here(name, machine)?;
        let alike = |other: &Name| *other != name && other.folded() == name.folded();
        if let Some(other) = self.legislators(&founding).map_err(Box::new)?.into_iter().find(alike)
        {
            return Err(LedgerError::Alike { name, other, path });
        }
        // The marker that he had one may be lost with the ledger.
        if !regular::stands(&self.ledger(name))
            && let Some(older) = self.had_a_ledger(name)
        {
            return Err(LedgerError::Older(older));
        }
        Ok(self.give_ledger(name, &founding).map_err(Box::new)?)
    }

    /// Whether a legislator whom a decree seats lives on this machine.
    fn live_here(&self, name: Name, machine: Option<Name>) -> Result<(), LedgerError> {
        let path = self.ledger(name);
        match (self.roster().map_err(ChamberError::from).map_err(Box::new)?, machine) {
            (None, None) => Ok(()),
            (None, Some(machine)) => Err(LedgerError::NoRoster { name, machine, path }),
            (Some(roster), Some(machine)) if machine == roster.machine() => Ok(()),
            (Some(_), machine) => Err(LedgerError::Elsewhere { name, machine, path }),
        }
    }

    /// Makes the ledger first, then its marker. He enters only after both.
    fn give_ledger(&self, name: Name, founding: &Founding) -> Result<(), ChamberError> {
        self.found_ledger(name, founding)?;
        sync(&self.ledgers())?;
        self.remember_seat(name)?;
        sync(&self.ledgers())
    }

    /// Makes the marker that he was given a ledger.
    pub(super) fn remember_seat(&self, name: Name) -> Result<(), ChamberError> {
        write_whole(&self.remembered(name), b"")
    }

    /// All who have a ledger and have or had a seat, in alphabetical order: those whom decree 0
    /// names, and those whom a later decree seated.
    ///
    /// # Errors
    /// When the directory of ledgers cannot be read.
    pub fn legislators(&self, founding: &Founding) -> Result<Vec<Name>, ChamberError> {
        let mut names = self.names()?;
        names.retain(|&name| self.may_have_ledger(name, founding));
        Ok(names)
    }

    /// The name of a stranger's ledger here that is this name in another spelling.
    pub(super) fn spelt_otherwise(&self, name: Name, founding: &Founding) -> Option<Name> {
        let strangers = self.strangers(founding).unwrap_or_default();
        strangers.into_iter().find(|other| other.folded() == name.folded())
    }

    /// Whether anything has the path of this priest's ledger.
    #[must_use]
    pub fn has_ledger(&self, name: Name) -> bool {
        regular::stands(&self.ledger(name))
    }

    /// The time at which this priest's ledger was last written, if it can be read.
    #[must_use]
    pub fn inked_last(&self, name: Name) -> Option<SystemTime> {
        regular::metadata(&self.ledger(name)).and_then(|there| there.modified()).ok()
    }

    /// The priests in the Chamber: those whose ledgers are locked by a body. If the Parliament sits
    /// on several machines, also the priests of other machines who wrote to somebody here in the
    /// last minute.
    ///
    /// It takes the lock of each free ledger for a moment. A priest who enters at that moment waits
    /// for it.
    ///
    /// # Errors
    /// When the directory of ledgers cannot be read.
    pub fn inside(&self) -> Result<BTreeSet<Name>, ChamberError> {
        let is_held = |name: &Name| {
            let path = self.ledger(*name);
            let Ok(file) = regular::read(&path) else { return false };
            match Locked::beside_others(file) {
                // Its body has just replaced it with a law book, and holds that one now.
                Ok(file) => !stands_under(&path, &file),
                Err(refused) => matches!(refused, TryLockError::WouldBlock),
            }
        };
        let mut inside: BTreeSet<Name> = self.names()?.into_iter().filter(is_held).collect();
        if self.roster()?.is_some() {
            inside.extend(self.heard_lately()?);
        }
        Ok(inside)
    }

    /// Whether decree 0 names him, or he was given a ledger since.
    pub(super) fn may_have_ledger(&self, name: Name, founding: &Founding) -> bool {
        founding.membership.has(name) || self.was_seated(name)
    }

    fn was_seated(&self, name: Name) -> bool {
        regular::stands(&self.remembered(name))
    }

    fn remembered(&self, name: Name) -> PathBuf {
        self.ledgers().join(format!(".seated-{name}"))
    }
}
