//! A blotter: it dries a ledger while its owner reads on. `[ours]`
//!
//! A priest on whose desk more letters wait need not watch his ink dry. Nothing leaves the sooner
//! for it: whatever rests on the ink waits until the blotter is done.

use std::fs::File;
use std::io;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

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
    pub fn of(file: &File) -> io::Result<Blotter> {
        let file = file.try_clone()?;
        let (orders, heard) = sync_channel::<u64>(1);
        let (tell, done) = sync_channel(1);
        let dry = move || {
            for length in heard {
                if tell.send(file.sync_data().map(|()| length)).is_err() {
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
