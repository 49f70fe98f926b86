//! A ledger in memory, at which the power may fail.

use super::moves::CrashAt;
use crate::synod::Ledger;
use crate::words::Entry;

/// A ledger in memory, at which the power may fail.
#[derive(Default)]
pub(super) struct Parchment {
    pub(super) crash: Option<CrashAt>,
    pub(super) crashed: Option<CrashAt>,
    pub(super) trusts_wet_ink: bool,
    pub(super) written: Vec<Entry>,
    pub(super) wet: Vec<Entry>,
    pub(super) dried: Vec<Entry>,
}

impl Ledger for Parchment {
    type Error = CrashAt;

    fn ink(&mut self, rows: &[Entry]) -> Result<(), CrashAt> {
        if let Some(at @ CrashAt::BeforeInk) = self.crash {
            self.crashed = Some(at);
            return Err(at);
        }
        self.written.extend_from_slice(rows);
        self.wet.extend_from_slice(rows);
        Ok(())
    }

    fn dry(&mut self) -> Result<(), CrashAt> {
        if self.wet.is_empty() {
            return Ok(());
        }
        self.crashed = self.crash;
        match self.crash {
            Some(CrashAt::Wet) if self.trusts_wet_ink => Ok(()),
            Some(at @ CrashAt::Wet) => Err(at),
            Some(at) => {
                self.dried.append(&mut self.wet);
                Err(at)
            }
            None => {
                self.dried.append(&mut self.wet);
                Ok(())
            }
        }
    }
}
