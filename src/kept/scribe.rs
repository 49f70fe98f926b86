//! Ledgers and messagebooks, written as of a given minute.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::DateTime;

use super::error::KeepError;
use crate::chamber::{Chamber, LedgerFile, Messagebook, papers};
use crate::records::ledger_row::LedgerPen;
use crate::synod::Ledger;
use crate::words::{Entry, Founding, Message, Minutes, Name};

/// When a kept run begins, in seconds since 1970: the first second of the year 2000. Ours.
const CONVENED: i64 = 946_684_800;

/// Writes ledgers and messagebooks as of a given minute.
pub(super) struct Scribe {
    chamber: Chamber,
    ledgers: BTreeMap<Name, LedgerFile>,
    micros: Arc<AtomicI64>,
    minute: Duration,
}

impl Scribe {
    /// Founds the chamber, and writes the rows that stood there before.
    pub(super) fn found(
        founding: &Founding,
        given: &[(Name, Entry)],
        chamber: &Chamber,
        minute: Duration,
    ) -> Result<Scribe, KeepError> {
        let micros = Arc::new(AtomicI64::new(CONVENED * 1_000_000));
        let hand = Arc::clone(&micros);
        let clock = move || {
            DateTime::from_timestamp_micros(hand.load(Ordering::Relaxed)).unwrap_or_default()
        };
        let chamber = chamber.clone().with_clock(Arc::new(clock));
        chamber.found(founding)?;
        for (name, row) in given {
            let path = chamber.ledger(*name);
            let failed = |source| KeepError::File { path: path.display().to_string(), source };
            papers::add(&path, &format!("{}\n", LedgerPen::by_hand(row))).map_err(failed)?;
        }
        let mut scribe = Scribe { chamber, ledgers: BTreeMap::new(), micros, minute };
        for name in founding.membership.names() {
            scribe.ledgers.insert(name, LedgerFile::open(&scribe.chamber, name)?.0);
        }
        Ok(scribe)
    }

    pub(super) fn turn_to(&self, at: Minutes) {
        let since = self.minute.as_micros() as i64 * at.in_thousandths() as i64 / 1000;
        self.micros.store(CONVENED * 1_000_000 + since, Ordering::Relaxed);
    }

    pub(super) fn ink(&mut self, priest: Name, row: &Entry) -> Result<(), KeepError> {
        if let Some(ledger) = self.ledgers.get_mut(&priest) {
            ledger.ink(std::slice::from_ref(row))?;
            ledger.dry()?;
        }
        Ok(())
    }

    /// Delivers a letter. A letter of a priest to himself needs no messenger.
    pub(super) fn deliver(&self, from: Name, to: Name, message: &Message) -> Result<(), KeepError> {
        if from == to {
            return Ok(());
        }
        let path = || self.chamber.messagebook(to).display().to_string();
        Messagebook::of(&self.chamber, to)
            .append([(from, message)])
            .map_err(|source| KeepError::Messagebook { path: path(), source })
    }
}
