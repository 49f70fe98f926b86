//! A blotter dries a ledger while its owner reads on. `[ours]`
//!
//! A priest with more letters on his desk need not wait for his ink to dry. No letter leaves
//! sooner: all letters that rest on the ink wait until the blotter is done.

use std::fs::File;
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use super::Drying;

/// Dries one file, in a thread of its own.
#[derive(Debug)]
pub(super) struct Blotter {
    /// Sends the length to dry; `None` once the thread must end.
    orders: Option<SyncSender<u64>>,
    done: Receiver<io::Result<u64>>,
    is_busy: bool,
    thread: Option<JoinHandle<()>>,
}

impl Blotter {
    /// Starts a blotter for this file.
    ///
    /// # Errors
    /// When the system gives no thread, or no second handle.
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

    /// Starts to dry the file, which has this `length` now, unless a drying is under way.
    pub fn begin(&mut self, length: u64) {
        if !self.is_busy {
            let heard = self.orders.as_ref().map(|orders| orders.send(length));
            self.is_busy = matches!(heard, Some(Ok(())));
        }
    }

    /// Waits for the drying that is under way and returns the length that is dry now; `None` if
    /// none is under way.
    ///
    /// # Errors
    /// When the drying failed.
    pub fn wait(&mut self) -> io::Result<Option<u64>> {
        if !std::mem::take(&mut self.is_busy) {
            return Ok(None);
        }
        let gone = |_| io::Error::other("the thread that dries the ledger has ended");
        self.done.recv().map_err(gone)?.map(Some)
    }
}

impl Drop for Blotter {
    /// Waits for the thread to end, because its handle keeps the file locked.
    fn drop(&mut self) {
        self.orders = None;
        if let Some(thread) = self.thread.take() {
            // The thread does not panic; if it did, it holds nothing any more.
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
        // The second body finds the ledger unlocked, though the first had a blotter.
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
    fn waiting_for_a_blotter_returns_the_dry_length_or_the_error() {
        let dir = tempfile::tempdir().unwrap();
        let file = File::create(dir.path().join("ledger")).unwrap();
        let mut blotter = Blotter::of(&file, &(Arc::new(File::sync_data) as Drying)).unwrap();
        assert_eq!(blotter.wait().unwrap(), None, "no drying was started");
        blotter.begin(7);
        blotter.begin(8);
        assert_eq!(blotter.wait().unwrap(), Some(7), "one drying at a time");
        blotter.orders = None;
        blotter.begin(9);
        assert_eq!(blotter.wait().unwrap(), None);
        blotter.is_busy = true;
        assert!(blotter.wait().is_err(), "the thread has ended");
    }
}
