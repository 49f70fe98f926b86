//! Blotters dry ledgers while their owners read on. `[ours]`
//!
//! A priest with more letters on his desk need not wait for his ink to dry. No letter leaves
//! sooner: all letters that rest on the ink wait until it is dry.

use std::fs::File;
use std::io;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// The most blotters of a chamber in one process. When all are busy, a priest dries his ledger
/// himself, as he does when no more letters wait.
const MOST: usize = 8;

/// The blotters of a chamber in this process, which all its ledgers share: each is a thread that
/// dries one ledger at a time.
#[derive(Debug, Default)]
pub(super) struct Blotters(Mutex<Drawer>);

#[derive(Debug, Default)]
struct Drawer {
    idle: Vec<SyncSender<Order>>,
    made: usize,
}

/// An order to a blotter.
struct Order {
    /// Dries a file and closes it; returns the length that is dry then.
    dry: Box<dyn FnOnce() -> io::Result<u64> + Send>,
    tell: SyncSender<io::Result<u64>>,
    /// Where the blotter hears his next order.
    next: SyncSender<Order>,
}

impl Blotters {
    /// An idle blotter; makes one if there are few. `None` if all are busy, or the system gives no
    /// thread.
    fn idle(self: &Arc<Blotters>) -> Option<SyncSender<Order>> {
        let mut drawer = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(idle) = drawer.idle.pop() {
            return Some(idle);
        }
        if drawer.made == MOST {
            return None;
        }
        let (orders, heard) = sync_channel(1);
        let drawer_of = Arc::downgrade(self);
        let work = move || heard.into_iter().for_each(|order: Order| order.carry_out(&drawer_of));
        std::thread::Builder::new().name("blotter".into()).spawn(work).ok()?;
        drawer.made += 1;
        Some(orders)
    }
}

impl Order {
    /// Dries the file, and waits for the next order while the chamber is in use.
    fn carry_out(self, blotters: &Weak<Blotters>) {
        let Order { dry, tell, next } = self;
        let dried = dry();
        if let Some(blotters) = blotters.upgrade() {
            blotters.0.lock().unwrap_or_else(PoisonError::into_inner).idle.push(next);
        }
        // If nobody hears it, the ledger is closed.
        let _ = tell.send(dried);
    }
}

/// Dries one file, by whichever blotter is idle.
#[derive(Debug)]
pub(super) struct Blotter {
    blotters: Arc<Blotters>,
    file: Arc<File>,
    /// Where the end of the drying that is under way is heard.
    done: Option<Receiver<io::Result<u64>>>,
}

impl Blotter {
    /// A blotter for this file.
    ///
    /// # Errors
    /// When the system gives no second handle.
    pub fn of(file: &File, blotters: &Arc<Blotters>) -> io::Result<Blotter> {
        let (file, blotters) = (Arc::new(file.try_clone()?), Arc::clone(blotters));
        Ok(Blotter { blotters, file, done: None })
    }

    /// Starts to dry the file, which has this `length` now, unless a drying is under way or all
    /// blotters are busy.
    pub fn begin(
        &mut self,
        length: u64,
        drying: impl FnOnce(&File) -> io::Result<()> + Send + 'static,
    ) {
        if self.done.is_some() {
            return;
        }
        let Some(idle) = self.blotters.idle() else { return };
        let (tell, done) = sync_channel(1);
        let (file, next) = (Arc::clone(&self.file), idle.clone());
        let dry = Box::new(move || drying(&file).map(|()| length));
        let heard = idle.send(Order { dry, tell, next });
        self.done = heard.is_ok().then_some(done);
    }

    /// Waits for the drying that is under way and returns the length that is dry now; `None` if
    /// none is under way.
    ///
    /// # Errors
    /// When the drying failed.
    pub fn wait(&mut self) -> io::Result<Option<u64>> {
        let Some(done) = self.done.take() else { return Ok(None) };
        let gone = |_| io::Error::other("the thread that dries the ledger has ended");
        done.recv().map_err(gone)?.map(Some)
    }
}

impl Drop for Blotter {
    /// Waits for the drying that is under way, because its handle keeps the file locked.
    fn drop(&mut self) {
        let _ = self.wait();
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
        let mut blotter = Blotter::of(&file, &Arc::default()).unwrap();
        assert_eq!(blotter.wait().unwrap(), None, "no drying was started");
        blotter.begin(7, File::sync_data);
        blotter.begin(8, File::sync_data);
        assert_eq!(blotter.wait().unwrap(), Some(7), "one drying at a time");
        assert_eq!(blotter.wait().unwrap(), None);
        blotter.begin(9, |_| panic!("the thread dies of this"));
        assert!(blotter.wait().is_err(), "the thread has ended");
    }

    #[test]
    fn when_all_blotters_are_busy_no_drying_is_begun() {
        let dir = tempfile::tempdir().unwrap();
        let file = File::create(dir.path().join("ledger")).unwrap();
        let blotters = Arc::default();
        let mut all: Vec<Blotter> =
            (0..=MOST).map(|_| Blotter::of(&file, &blotters).unwrap()).collect();
        let (go, gate) = sync_channel(0);
        let gate = Arc::new(Mutex::new(gate));
        for blotter in &mut all {
            let gate = Arc::clone(&gate);
            blotter.begin(7, move |_| gate.lock().unwrap().recv().map_err(io::Error::other));
        }
        assert!(all[MOST].done.is_none(), "its owner dries it himself");
        (0..MOST).for_each(|_| go.send(()).unwrap());
        assert!(all[..MOST].iter_mut().all(|blotter| blotter.wait().unwrap() == Some(7)));
        all[0].begin(8, File::sync_data);
        assert_eq!(all[0].wait().unwrap(), Some(8), "he has another order");
    }
}
