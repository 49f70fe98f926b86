//! A priest's ledger: opened by one body, only appended to, and dry before any letter rests on it.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::blotter::Blotter;
use super::ledger_error::LedgerError;
use super::locked::Locked;
use super::regular::{Identity, identity};
use super::{Chamber, regular};
use crate::records::ledger_row::LedgerPen;
use crate::synod::{Bound, Ledger};
use crate::words::{Entry, Name};

/// An open ledger. Its lock keeps all other bodies from opening it.
#[derive(Debug)]
pub struct LedgerFile {
    pub(super) name: Name,
    pub(super) path: PathBuf,
    pub(super) chamber: Chamber,
    pub(super) file: Locked,
    pub(super) identity: Identity,
    pen: LedgerPen,
    text: Vec<u8>,
    pub(super) length: u64,
    pub(super) dry: u64,
    spoiled: bool,
    /// Has the ledger dried in another thread; made at the first call of `blot`.
    pub(super) blotter: Option<Blotter>,
}

impl LedgerFile {
    /// A ledger of this length, all of which is dry.
    pub(super) fn whole(
        chamber: Chamber,
        name: Name,
        file: Locked,
        length: u64,
    ) -> io::Result<LedgerFile> {
        let identity = identity(&file.metadata()?);
        Ok(LedgerFile {
            name,
            path: chamber.ledger(name),
            chamber,
            file,
            identity,
            pen: LedgerPen::default(),
            text: Vec::new(),
            length,
            dry: length,
            spoiled: false,
            blotter: None,
        })
    }

    /// The owner of this ledger.
    #[must_use]
    pub fn name(&self) -> Name {
        self.name
    }

    /// The path of this ledger.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Fails if somebody else has written in the ledger since it was opened. A seal covers the
    /// place of its row, so rows inked after another's row would have broken seals.
    fn is_nobody_elses(&mut self) -> Result<(), LedgerError> {
        if self.trying("look at the ledger", |it| Ok(it.file.metadata()?.len()))? == self.length {
            return Ok(());
        }
        self.spoiled = true;
        Err(LedgerError::Intruded { name: self.name, path: self.path.clone() })
    }

    /// Runs `act` on the ledger. After a failure nobody knows which bytes are durable, so all later
    /// calls fail until the ledger is opened and read again.
    pub(super) fn trying<T>(
        &mut self,
        doing: &'static str,
        act: impl FnOnce(&mut LedgerFile) -> io::Result<T>,
    ) -> Result<T, LedgerError> {
        if self.spoiled {
            return Err(LedgerError::Spoiled { path: self.path.clone() });
        }
        act(self).map_err(|source| {
            self.spoiled = true;
            LedgerError::Io { path: self.path.clone(), doing, source }
        })
    }
}

impl Ledger for LedgerFile {
    type Error = LedgerError;

    fn ink(&mut self, rows: &[Entry]) -> Result<(), LedgerError> {
        self.is_nobody_elses()?;
        self.trying("ink the ledger", |it| {
            it.text.clear();
            it.pen.write(rows, it.chamber.now(), it.dry, it.length, &mut it.text)?;
            it.file.write_all(&it.text)?;
            it.length += it.text.len() as u64;
            Ok(())
        })
    }

    fn dry(&mut self) -> Result<(), LedgerError> {
        self.trying("dry the ledger", |it| {
            if let Some(blotter) = &mut it.blotter {
                it.dry = blotter.wait()?.unwrap_or(it.dry);
            }
            if it.dry < it.length {
                (it.chamber.drying)(&it.file)?;
                it.dry = it.length;
            }
            Ok(())
        })?;
        if regular::metadata(&self.path).is_ok_and(|there| identity(&there) == self.identity) {
            return Ok(());
        }
        self.spoiled = true;
        Err(LedgerError::Replaced { name: self.name, path: self.path.clone() })
    }

    fn blot(&mut self) {
        if self.dry == self.length {
            return;
        }
        if self.blotter.is_none() {
            self.blotter = Blotter::of(&self.file, &self.chamber.blotters).ok();
        }
        if let Some(blotter) = &mut self.blotter {
            let drying = Arc::clone(&self.chamber.drying);
            blotter.begin(self.length, move |file| drying(file));
        }
    }

    fn bind(&mut self, rows: &[Entry]) -> Result<(), LedgerError> {
        self.bind_whole(rows)
    }

    fn bind_or_stand(&mut self, rows: &[Entry]) -> Result<Bound, LedgerError> {
        self.bind_if_it_can(rows)
    }
}
