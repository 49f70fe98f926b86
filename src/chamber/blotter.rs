//! A blotter: it dries a ledger while its owner reads on. `[ours]`
//!
//! A priest on whose desk more letters wait need not watch his ink dry. Nothing leaves the sooner
//! for it: whatever rests on the ink waits until the blotter is done.

use std::fs::File;
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use super::Drying;

/// One who dries one file, in a thread of his own.
#[derive(Debug)]
pub(super) struct Blotter {
    /// Through which byte the file is to be dry; `None` when he is dismissed.
    orders: Option<SyncSender<u64>>,
    done: Receiver<io::Result<u64>>,
    is_busy: bool,
    thread: Option<JoinHandle<()>>,
}

impl Blotter {
    /// A blotter for this file.
    ///
    /// # Errors
    /// When the system grants no thread, or no second handle.
    pub fn of(file: &File, drying: &Drying) -> io::Result<Blotter> {
        let (file, drying) = (file.try_clone()?, Arc::clone(drying));
        let (orders, heard) = sync_channel::<u64>(1);
        let (tell, done) = sync_channel(1);
        let dry = move || {
            for length in heard {
                if tell.send(drying(&file).map(|()| length)).is_err() {
                    return;
                }
            }
        };
        let thread = std::thread::Builder::new().name("blotter".into()).spawn(dry)?;
        Ok(Blotter { orders: Some(orders), done, is_busy: false, thread: Some(thread) })
    }

    /// Begins to dry the file, which is so long now, unless he is at it.
    pub fn begin(&mut self, length: u64) {
        if !self.is_busy {
            let heard = self.orders.as_ref().map(|orders| orders.send(length));
            self.is_busy = matches!(heard, Some(Ok(())));
        }
    }

    /// Waits until he is done; through which byte the file is dry now, if he was at it.
    ///
    /// # Errors
    /// When the drying failed.
    pub fn wait(&mut self) -> io::Result<Option<u64>> {
        if !std::mem::take(&mut self.is_busy) {
            return Ok(None);
        }
        let gone = |_| io::Error::other("whoever dried the ledger is gone");
        self.done.recv().map_err(gone)?.map(Some)
    }
}

impl Drop for Blotter {
    /// The file is locked for as long as he holds it too.
    fn drop(&mut self) {
        self.orders = None;
        if let Some(thread) = self.thread.take() {
            // He cannot panic, and if he did he holds nothing any more.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chamber::Chamber;
    use crate::chamber::ledger::LedgerFile;
    use crate::chamber::read_ledger;
    use crate::synod::Ledger;
    use crate::words::Entry;

    #[test]
    fn rows_dried_meanwhile_are_known_to_be_dry() {
        let dir = tempfile::tempdir().unwrap();
        let chamber = Chamber::at(dir.path());
        chamber.found(&"Lynch Oki".parse().unwrap()).unwrap();
        let oki = "Oki".parse().unwrap();
        let mut lengths = Vec::new();
        // The second body finds the ledger free, though the first had a blotter.
        for _ in 0..2 {
            let (mut ledger, _) = LedgerFile::open(&chamber, oki).unwrap();
            for blots in [true, false, true] {
                ledger.ink(&[Entry::Entered]).unwrap();
                if blots {
                    ledger.blot();
                }
                ledger.dry().unwrap();
                lengths.push(std::fs::metadata(ledger.path()).unwrap().len());
            }
            ledger.ink(&[Entry::Entered]).unwrap();
            ledger.blot();
        }
        let rows: Vec<_> = read_ledger(&chamber.ledger(oki)).unwrap().collect();
        let dry: Vec<u64> = rows.into_iter().filter_map(|row| row.unwrap().unwrap().dry).collect();
        assert_eq!(dry[2..5], lengths[..3], "each row says how far all before it was dry");
    }

    #[test]
    fn a_drying_that_fails_is_told_to_whoever_waits_for_it() {
        let dir = tempfile::tempdir().unwrap();
        let file = File::create(dir.path().join("ledger")).unwrap();
        let mut blotter = Blotter::of(&file, &(Arc::new(File::sync_data) as Drying)).unwrap();
        assert_eq!(blotter.wait().unwrap(), None, "nothing was asked of him");
        blotter.begin(7);
        blotter.begin(8);
        assert_eq!(blotter.wait().unwrap(), Some(7), "he dries one thing at a time");
        blotter.orders = None;
        blotter.begin(9);
        assert_eq!(blotter.wait().unwrap(), None);
        blotter.is_busy = true;
        assert!(blotter.wait().is_err(), "he is gone");
    }
}
