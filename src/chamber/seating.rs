//! A ledger from God for one whom a decree seats in Parliament. `[PTP §3.3.6]`
//!
//! He begins with decree 0 and nothing else, and learns the law from the others. That he was given
//! a ledger is remembered beside it, in `ledgers/.seated-NAME`, so that it is given once: whoever
//! loses it afterwards has amnesia, like any other, and is never taken for fresh.

use std::collections::BTreeSet;
use std::fs::TryLockError;
use std::path::PathBuf;
use std::time::SystemTime;

use super::founding::{sync, write_whole};
use super::opening::stands_under;
use super::{Chamber, ChamberError, LedgerError, regular};
use crate::words::{Founding, Name};

impl Chamber {
    /// Gives a legislator whom the law seats his ledger, unless he has it. Whether the law seats
    /// him is for the caller to know.
    ///
    /// # Errors
    /// [`LedgerError::Amnesia`] or [`LedgerError::Older`] if he was given one before and it is
    /// gone, as a marker beside it or any other record proves.
    pub fn seat(&self, name: Name) -> Result<(), LedgerError> {
        self.seat_on(name, None)
    }

    /// As [`Chamber::seat`], where the decree that first seated him says on which machine he lives.
    /// Where a Parliament sits on several, he gets his ledger there and nowhere else.
    ///
    /// # Errors
    /// As [`Chamber::seat`]; [`LedgerError::Elsewhere`] on another machine, and on every one if no
    /// machine was named; [`LedgerError::NoRoster`] where one was and this chamber has no roster.
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
        // What remembers that he had one may be lost with it.
        if !regular::stands(&self.ledger(name))
            && let Some(older) = self.had_a_ledger(name)
        {
            return Err(LedgerError::Older(older));
        }
        Ok(self.give_ledger(name, &founding).map_err(Box::new)?)
    }

    /// Whether one whom a decree seats lives on this machine.
    fn live_here(&self, name: Name, machine: Option<Name>) -> Result<(), LedgerError> {
        let path = self.ledger(name);
        match (self.roster().map_err(ChamberError::from).map_err(Box::new)?, machine) {
            (None, None) => Ok(()),
            (None, Some(machine)) => Err(LedgerError::NoRoster { name, machine, path }),
            (Some(roster), Some(machine)) if machine == roster.machine() => Ok(()),
            (Some(_), machine) => Err(LedgerError::Elsewhere { name, machine, path }),
        }
    }

    /// The ledger first, then what remembers it: he enters only after both.
    fn give_ledger(&self, name: Name, founding: &Founding) -> Result<(), ChamberError> {
        self.found_ledger(name, founding)?;
        sync(&self.ledgers())?;
        self.remember_seat(name)?;
        sync(&self.ledgers())
    }

    /// Remembers that he was given a ledger.
    pub(super) fn remember_seat(&self, name: Name) -> Result<(), ChamberError> {
        write_whole(&self.remembered(name), b"")
    }

    /// All who have or had a seat, and have a ledger: those of decree 0, and those whom a decree
    /// seated and God gave one. In alphabetical order.
    ///
    /// # Errors
    /// When the directory of ledgers cannot be read.
    pub fn legislators(&self, founding: &Founding) -> Result<Vec<Name>, ChamberError> {
        let mut names = self.names()?;
        names.retain(|&name| self.may_have_ledger(name, founding));
        Ok(names)
    }

    /// A name under which a stranger's ledger stands here, and which is this one in another
    /// spelling.
    pub(super) fn spelt_otherwise(&self, name: Name, founding: &Founding) -> Option<Name> {
        let strangers = self.strangers(founding).unwrap_or_default();
        strangers.into_iter().find(|other| other.folded() == name.folded())
    }

    /// Whether anything stands where this priest's ledger should be.
    #[must_use]
    pub fn has_ledger(&self, name: Name) -> bool {
        regular::stands(&self.ledger(name))
    }

    /// When this priest last inked something, as far as his ledger can be looked at.
    #[must_use]
    pub fn inked_last(&self, name: Name) -> Option<SystemTime> {
        regular::metadata(&self.ledger(name)).and_then(|there| there.modified()).ok()
    }

    /// Who is in the Chamber: whose ledger some body holds; and, where a Parliament sits on several
    /// machines, who of the others wrote to somebody here within the last minute.
    ///
    /// To look takes each ledger's lock for a moment, if nobody holds it; who enters at that very
    /// moment is told that it is taken, and tries again.
    ///
    /// # Errors
    /// When the directory of ledgers cannot be read.
    pub fn inside(&self) -> Result<BTreeSet<Name>, ChamberError> {
        let is_held = |name: &Name| {
            let path = self.ledger(*name);
            let Ok(file) = regular::read(&path) else { return false };
            match file.try_lock_shared() {
                // Let go since it was opened, for the sake of a law book that its body now holds.
                Ok(()) => !stands_under(&path, &file),
                Err(refused) => matches!(refused, TryLockError::WouldBlock),
            }
        };
        let mut inside: BTreeSet<Name> = self.names()?.into_iter().filter(is_held).collect();
        if self.roster()?.is_some() {
            inside.extend(self.heard_lately()?);
        }
        Ok(inside)
    }

    /// Whether he sits by decree 0, or was given a ledger since.
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
