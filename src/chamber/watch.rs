//! The one watcher of a process: it wakes priests when their messagebooks change.
//!
//! A notification is only a hint. It wakes the priest, who then reads his messagebook from the
//! place where he stopped. So no letter is lost if the watcher fails, and nobody waits for it.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};

use notify::{ErrorKind, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

/// The one watcher of this process: it wakes each priest when his messagebook changes.
///
/// It may fail, or its thread may die. Then priests poll their messagebooks, and the cause is
/// reported once.
pub struct Watch {
    /// `None` once the watcher is known to be dead: calls to it would panic.
    watcher: Mutex<Option<RecommendedWatcher>>,
    sleepers: Sleepers,
    is_dead: Arc<AtomicBool>,
    /// The cause of a failure until it is reported, and whether there was one.
    trouble: Mutex<(Option<String>, bool)>,
}

type Sleepers = Arc<Mutex<BTreeMap<PathBuf, Box<dyn Fn() + Send>>>>;

/// Owned by the watcher's thread. It is dropped when that thread ends, even by a panic.
struct Pulse(Arc<AtomicBool>);

impl Drop for Pulse {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

impl Watch {
    /// Starts a watcher that watches no file yet.
    ///
    /// # Errors
    /// When the system gives no watcher (on Linux a user has at most 128 by default).
    pub fn new() -> notify::Result<Watch> {
        let sleepers = Sleepers::default();
        let (to_wake, is_dead) = (Arc::clone(&sleepers), Arc::default());
        let pulse = Pulse(Arc::clone(&is_dead));
        let watcher = notify::recommended_watcher(move |event| {
            let _beats = &pulse;
            wake(&to_wake, event);
        })?;
        let (watcher, trouble) = (Mutex::new(Some(watcher)), Mutex::default());
        Ok(Watch { watcher, sleepers, is_dead, trouble })
    }

    /// Whether it still wakes priests.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        !self.is_dead.load(Ordering::Acquire)
    }

    /// The cause why messagebooks are polled, if they are. It is returned once.
    pub fn trouble(&self) -> Option<String> {
        if !self.is_alive() {
            self.note(&"the thread that watches them has died");
        }
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).0.take()
    }

    fn note(&self, cause: &dyn std::fmt::Display) {
        let mut trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        if !std::mem::replace(&mut trouble.1, true) {
            trouble.0 = Some(unwatched(cause));
        }
    }

    /// Calls `wake` from the watcher's thread when the file at `path` may have changed.
    ///
    /// # Errors
    /// When the file cannot be watched. If it does not exist yet, call [`Watch::renew`] when it
    /// does.
    pub fn over(&self, path: &Path, wake: impl Fn() + Send + 'static) -> notify::Result<()> {
        // Events name files by their absolute path.
        let absolute = std::path::absolute(path)?;
        let mut sleepers = self.sleepers.lock().unwrap_or_else(PoisonError::into_inner);
        sleepers.insert(absolute.clone(), Box::new(wake));
        drop(sleepers);
        self.noting(self.ask(|it| it.watch(&absolute, RecursiveMode::NonRecursive)))
    }

    /// Watches the file that is at `path` now; an editor may have replaced the old one.
    ///
    /// # Errors
    /// When there is no such file now.
    pub fn renew(&self, path: &Path) -> notify::Result<()> {
        let path = std::path::absolute(path)?;
        self.noting(self.ask(|watcher| {
            // If the old file is gone, its watch is gone too, and this fails.
            let _ = watcher.unwatch(&path);
            watcher.watch(&path, RecursiveMode::NonRecursive)
        }))
    }

    /// Notes the cause if a file cannot be watched, unless it only does not exist yet.
    fn noting(&self, watched: notify::Result<()>) -> notify::Result<()> {
        if let Err(error) = &watched
            && !matches!(error.kind, ErrorKind::PathNotFound)
        {
            self.note(error);
        }
        watched
    }

    /// Calls the watcher if it is alive. A call to a dead one panics in the library `notify`.
    fn ask(
        &self,
        act: impl FnOnce(&mut RecommendedWatcher) -> notify::Result<()>,
    ) -> notify::Result<()> {
        let mut watcher = self.watcher.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(living) = watcher.as_mut().filter(|_| self.is_alive()) {
            // It may die during the call.
            let asked = std::panic::catch_unwind(AssertUnwindSafe(|| act(living)));
            if let Ok(answer) = asked {
                return answer;
            }
            self.is_dead.store(true, Ordering::Release);
        }
        // It is not dropped, since its drop would call the dead thread too.
        std::mem::forget(watcher.take());
        Err(notify::Error::generic("the thread that watches has died"))
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let watcher = self.watcher.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        if self.is_dead.load(Ordering::Acquire) {
            std::mem::forget(watcher);
        } else {
            let _ = std::panic::catch_unwind(AssertUnwindSafe(|| drop(watcher)));
        }
    }
}

/// The remark that messagebooks are polled, with the cause.
#[must_use]
pub fn unwatched(cause: &dyn std::fmt::Display) -> String {
    format!("messagebooks cannot be watched, so they are polled: {cause}")
}

/// Wakes the priests whose files an event names; wakes all if events may have been dropped.
fn wake(sleepers: &Sleepers, event: notify::Result<Event>) {
    let sleepers = sleepers.lock().unwrap_or_else(PoisonError::into_inner);
    match event {
        Ok(event) if !event.need_rescan() => {
            if matches!(event.kind, EventKind::Access(_)) {
                return;
            }
            for path in &event.paths {
                if let Some(wake) = sleepers.get(path) {
                    wake();
                }
            }
        }
        _ => sleepers.values().for_each(|wake| wake()),
    }
}

/// Wakes a priest through a channel. After one knock, further knocks are not sent until it is
/// answered.
#[derive(Clone)]
pub struct Door<T> {
    knocked: Arc<AtomicBool>,
    bell: Sender<T>,
}

impl<T: Send + 'static> Door<T> {
    /// A door that sends its knocks to `bell`.
    #[must_use]
    pub fn new(bell: Sender<T>) -> Door<T> {
        Door { knocked: Arc::default(), bell }
    }

    /// Sends a knock, unless one is waiting to be answered.
    pub fn knock(&self, knock: T) {
        if !self.knocked.swap(true, Ordering::AcqRel) {
            // If nobody receives any more, nobody needs to be woken.
            let _ = self.bell.send(knock);
        }
    }

    /// Lets the next knock be sent again. Call it before reading new letters.
    pub fn answer(&self) {
        self.knocked.store(false, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    #[test]
    fn a_messagebook_that_is_not_there_yet_is_watched_later() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("book");
        let watch = Watch::new().unwrap();
        let (woken, wakings) = std::sync::mpsc::channel();
        watch.over(&path, move || woken.send(()).unwrap_or(())).unwrap_err();
        assert_eq!(watch.trouble(), None, "the file only does not exist yet");
        std::fs::write(&path, "").unwrap();
        watch.renew(&path).unwrap();
        std::fs::write(&path, "a letter").unwrap();
        wakings.recv_timeout(Duration::from_secs(30)).unwrap();
        assert_eq!(watch.trouble(), None);
    }

    #[test]
    fn a_dead_watcher_is_reported_once_and_not_called_again() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("book");
        std::fs::write(&path, "").unwrap();
        let watch = Watch::new().unwrap();
        watch.over(&path, || panic!("the watcher's thread dies of this")).unwrap();
        assert!(watch.is_alive() && watch.trouble().is_none());
        let begun = Instant::now();
        while watch.is_alive() {
            assert!(begun.elapsed() < Duration::from_secs(30), "nobody noticed");
            std::fs::write(&path, "a letter").unwrap();
            std::thread::sleep(Duration::from_millis(1));
        }
        assert!(watch.renew(&path).is_err());
        assert!(watch.over(&path, || {}).is_err());
        assert!(watch.trouble().unwrap().contains("polled"));
        assert_eq!(watch.trouble(), None);
    }
}
