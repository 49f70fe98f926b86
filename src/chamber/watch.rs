//! The one watcher of a process, who wakes priests when their messagebooks change.
//!
//! A notification is a hint and never data: it wakes the priest, who then reads his messagebook from
//! where he stopped. So nothing is lost by a watcher who fails, and nobody waits for him.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};

use notify::{ErrorKind, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

/// The one watcher of this process: it wakes each priest when his messagebook changes.
///
/// It may fail, or die in a thread that is not ours; then priests look at their messagebooks now and
/// then, and the cause is said once.
pub struct Watch {
    /// Nobody, once the watcher is known to be dead: it must not be spoken to any more.
    watcher: Mutex<Option<RecommendedWatcher>>,
    sleepers: Sleepers,
    is_dead: Arc<AtomicBool>,
    /// Why something is not watched, until somebody asks; and whether somebody has.
    trouble: Mutex<(Option<String>, bool)>,
}

type Sleepers = Arc<Mutex<BTreeMap<PathBuf, Box<dyn Fn() + Send>>>>;

/// Held by the watcher's own thread: when that ends, however it does, this is dropped.
struct Pulse(Arc<AtomicBool>);

impl Drop for Pulse {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

impl Watch {
    /// Begins to watch nothing yet.
    ///
    /// # Errors
    /// When the system grants no watcher (on Linux, at most 128 to a user by default).
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

    /// Whether priests are still woken by it.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        !self.is_dead.load(Ordering::Acquire)
    }

    /// Why messagebooks are only looked at now and then, if they are: told to the first who asks.
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

    /// Calls `wake` whenever the file at `path` may have changed, from the watcher's own thread.
    ///
    /// # Errors
    /// When the file cannot be watched. One that is not there yet is, once it is renewed.
    pub fn over(&self, path: &Path, wake: impl Fn() + Send + 'static) -> notify::Result<()> {
        // Events name files by their absolute path, however the watch was asked for.
        let absolute = std::path::absolute(path)?;
        let mut sleepers = self.sleepers.lock().unwrap_or_else(PoisonError::into_inner);
        sleepers.insert(absolute.clone(), Box::new(wake));
        drop(sleepers);
        self.noting(self.ask(|it| it.watch(&absolute, RecursiveMode::NonRecursive)))
    }

    /// Watches the file that now bears the name `path`, which an editor may have replaced.
    ///
    /// # Errors
    /// When there is no such file now.
    pub fn renew(&self, path: &Path) -> notify::Result<()> {
        let path = std::path::absolute(path)?;
        self.noting(self.ask(|watcher| {
            // The watch on a file that is gone is gone with it; there is nothing to end then.
            let _ = watcher.unwatch(&path);
            watcher.watch(&path, RecursiveMode::NonRecursive)
        }))
    }

    /// Notes what keeps a file from being watched, unless it only has to come first.
    fn noting(&self, watched: notify::Result<()>) -> notify::Result<()> {
        if let Err(error) = &watched
            && !matches!(error.kind, ErrorKind::PathNotFound)
        {
            self.note(error);
        }
        watched
    }

    /// Asks the watcher for something, if he lives: he who asks a dead one panics in notify.
    fn ask(
        &self,
        act: impl FnOnce(&mut RecommendedWatcher) -> notify::Result<()>,
    ) -> notify::Result<()> {
        let mut watcher = self.watcher.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(living) = watcher.as_mut().filter(|_| self.is_alive()) {
            // He may die between the question and the answer.
            let asked = std::panic::catch_unwind(AssertUnwindSafe(|| act(living)));
            if let Ok(answer) = asked {
                return answer;
            }
            self.is_dead.store(true, Ordering::Release);
        }
        // His end waits for an answer too.
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

/// What is said where messagebooks are not watched.
#[must_use]
pub fn unwatched(cause: &dyn std::fmt::Display) -> String {
    format!("messagebooks cannot be watched, and are looked at now and then: {cause}")
}

/// Wakes whom an event concerns, and everyone when events may have been dropped.
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

/// A knock at a priest's door: sent once, however often the watcher calls, until it is answered.
#[derive(Clone)]
pub struct Door<T> {
    knocked: Arc<AtomicBool>,
    bell: Sender<T>,
}

impl<T: Send + 'static> Door<T> {
    /// A door whose bell rings at `bell`.
    #[must_use]
    pub fn new(bell: Sender<T>) -> Door<T> {
        Door { knocked: Arc::default(), bell }
    }

    /// Knocks, unless a knock is waiting to be answered.
    pub fn knock(&self, knock: T) {
        if !self.knocked.swap(true, Ordering::AcqRel) {
            // Nobody is behind the door any more: then nobody needs to be woken.
            let _ = self.bell.send(knock);
        }
    }

    /// Answers: the next knock will ring again. To be called before looking for what has come.
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
        assert_eq!(watch.trouble(), None, "it only has to come first");
        std::fs::write(&path, "").unwrap();
        watch.renew(&path).unwrap();
        std::fs::write(&path, "a letter").unwrap();
        wakings.recv_timeout(Duration::from_secs(30)).unwrap();
        assert_eq!(watch.trouble(), None);
    }

    #[test]
    fn a_dead_watcher_is_noticed_told_once_and_asked_nothing() {
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
        assert!(watch.trouble().unwrap().contains("looked at now and then"));
        assert_eq!(watch.trouble(), None);
    }
}
