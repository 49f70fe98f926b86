//! Messengers: they watch messagebooks and carry letters, and on request lose, repeat and delay
//! them. `[PTP §1.3]`
//!
//! One [`Watch`] serves all priests of a process. A notification is a hint and never data: it
//! wakes the priest, who then reads his messagebook from where he stopped.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use crate::chance::Chance;
use crate::synod::{Letter, Message, Minutes, Name};

use super::Chamber;
use super::message_row::MessagePen;
use super::messagebook::Messagebook;

/// What messengers do to letters on their way. By default they carry each once and at once.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Roads {
    /// The probability that a letter is lost.
    pub lose: f64,
    /// The probability that a letter is delivered once more.
    pub repeat: f64,
    /// The least and the greatest time a letter takes, in Paxon minutes.
    pub delay_minutes: (Minutes, Minutes),
}

/// What became of a letter when it was handed to a messenger.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    /// Delivered, or on its way.
    Carried,
    /// Lost.
    Lost,
    /// Delivered, and to be delivered once more.
    Repeated,
}

/// A letter that is still on its way.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct OnTheWay {
    due: Minutes,
    turn: u64,
}

/// The messengers of one priest.
pub struct Messenger {
    name: Name,
    chamber: Chamber,
    bundles: BTreeMap<Name, Bundle>,
    roads: Roads,
    chance: Chance,
    on_the_way: BinaryHeap<Reverse<OnTheWay>>,
    satchel: BTreeMap<u64, Letter>,
    turn: u64,
    pen: MessagePen,
    /// The message put into words last, since its receivers were last given what is theirs.
    told: Option<Message>,
    /// Its words.
    row: Vec<u8>,
    /// What keeps letters from being carried, and nobody was told of yet.
    troubles: Vec<String>,
}

/// What one receiver is to get, in one write.
struct Bundle {
    book: Messagebook,
    rows: Vec<u8>,
    trouble: Trouble,
}

/// What keeps one receiver from being written to. A cause is told when it begins, and counted.
#[derive(Default)]
struct Trouble {
    cause: Option<String>,
    failed: u64,
}

impl Trouble {
    /// Hears whether a write succeeded; yields what is worth telling.
    fn hear(&mut self, to: Name, written: std::io::Result<()>) -> Option<String> {
        let Err(error) = written else {
            let failed = std::mem::take(self).failed;
            let again =
                || format!("his messenger writes to {to} again; {failed} writes had failed");
            return (failed > 0).then(again);
        };
        self.failed += 1;
        let cause = error.to_string();
        let is_new = self.cause.as_ref() != Some(&cause);
        let told = is_new.then(|| format!("his messenger cannot write to {to}: {cause}"));
        self.cause = Some(cause);
        told
    }
}

impl Messenger {
    /// Messengers of `name` in this chamber. What befalls their letters is drawn from `seed`.
    #[must_use]
    pub fn new(chamber: Chamber, name: Name, roads: Roads, seed: u64) -> Messenger {
        let stream = name.as_str().bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Messenger {
            name,
            chamber,
            bundles: BTreeMap::new(),
            roads,
            chance: Chance::new(seed, stream),
            on_the_way: BinaryHeap::new(),
            satchel: BTreeMap::new(),
            turn: 0,
            pen: MessagePen::default(),
            told: None,
            row: Vec::new(),
            troubles: Vec::new(),
        }
    }

    /// What kept letters from being carried since this was asked last, each cause once.
    pub fn troubles(&mut self) -> Vec<String> {
        std::mem::take(&mut self.troubles)
    }

    /// Takes letters to others; tells `fate` what becomes of each before it does.
    pub fn carry(
        &mut self,
        now: Minutes,
        letters: impl IntoIterator<Item = Letter>,
        mut fate: impl FnMut(&Letter, Fate),
    ) {
        let at = self.chamber.now();
        for letter in letters {
            if self.chance_of(self.roads.lose) {
                fate(&letter, Fate::Lost);
                continue;
            }
            let again = self.chance_of(self.roads.repeat);
            fate(&letter, if again { Fate::Repeated } else { Fate::Carried });
            if again {
                self.send_off(now, letter.clone(), at);
            }
            self.send_off(now, letter, at);
        }
        self.deliver();
    }

    /// Delivers what is due at `now`.
    pub fn deliver_due(&mut self, now: Minutes) {
        while let Some(Reverse(next)) = self.on_the_way.peek() {
            if next.due > now {
                break;
            }
            if let Some(letter) = self.satchel.remove(&next.turn) {
                self.put_into_words(letter, self.chamber.now());
            }
            self.on_the_way.pop();
        }
        self.deliver();
    }

    /// When the next delayed letter is due.
    #[must_use]
    pub fn next_due(&self) -> Option<Minutes> {
        self.on_the_way.peek().map(|Reverse(next)| next.due)
    }

    /// A road of probability 0 costs no draw.
    fn chance_of(&mut self, probability: f64) -> bool {
        probability > 0.0 && self.chance.happens(probability)
    }

    fn send_off(&mut self, now: Minutes, letter: Letter, at: DateTime<Utc>) {
        let (least, greatest) = self.roads.delay_minutes;
        if greatest == Minutes::ZERO {
            return self.put_into_words(letter, at);
        }
        let spread = (greatest - least).in_thousandths() + 1;
        let due = now + least + Minutes::thousandths(self.chance.below(spread));
        self.turn += 1;
        self.on_the_way.push(Reverse(OnTheWay { due, turn: self.turn }));
        self.satchel.insert(self.turn, letter);
    }

    /// Adds a letter to what its receiver is to get. A broadcast is put into words once: the sooner
    /// the last receiver has his letter, the more of them dry their ledgers together.
    fn put_into_words(&mut self, Letter { to, message }: Letter, at: DateTime<Utc>) {
        if self.told.as_ref() != Some(&message) {
            self.row.clear();
            let worded = self.pen.write([(self.name, &message)], at, &mut self.row);
            self.troubles.extend(Trouble::default().hear(to, worded));
            self.told = Some(message);
        }
        let bundle = self.bundles.entry(to).or_insert_with(|| Bundle::to(&self.chamber, to));
        bundle.rows.extend_from_slice(&self.row);
    }

    /// One write for each receiver. A letter that cannot be written is a letter lost.
    fn deliver(&mut self) {
        self.told = None;
        for (&to, Bundle { book, rows, trouble }) in &mut self.bundles {
            if !rows.is_empty() {
                self.troubles.extend(trouble.hear(to, book.append_written(rows)));
                rows.clear();
            }
        }
    }
}

impl Bundle {
    fn to(chamber: &Chamber, owner: Name) -> Bundle {
        let (book, trouble) = (Messagebook::of(chamber, owner), Trouble::default());
        Bundle { book, rows: Vec::new(), trouble }
    }
}

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
    /// When the file cannot be watched.
    pub fn over(&self, path: &Path, wake: impl Fn() + Send + 'static) -> notify::Result<()> {
        // Events name files by their absolute path, however the watch was asked for.
        let absolute = std::path::absolute(path)?;
        let mut sleepers = self.sleepers.lock().unwrap_or_else(PoisonError::into_inner);
        sleepers.insert(absolute.clone(), Box::new(wake));
        drop(sleepers);
        let watched = self.ask(|it| it.watch(&absolute, RecursiveMode::NonRecursive));
        if let Err(error) = &watched {
            self.note(error);
        }
        watched
    }

    /// Watches the file that now bears the name `path`, which an editor may have replaced.
    ///
    /// # Errors
    /// When there is no such file now.
    pub fn renew(&self, path: &Path) -> notify::Result<()> {
        let path = std::path::absolute(path)?;
        self.ask(|watcher| {
            // The watch on a file that is gone is gone with it; there is nothing to end then.
            let _ = watcher.unwatch(&path);
            watcher.watch(&path, RecursiveMode::NonRecursive)
        })
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

    #[test]
    fn a_cause_is_told_once_and_counted() {
        let oki: Name = "Oki".parse().unwrap();
        let mut trouble = Trouble::default();
        let full = || Err(std::io::Error::from(std::io::ErrorKind::StorageFull));
        assert!(
            trouble.hear(oki, full()).unwrap().starts_with("his messenger cannot write to Oki")
        );
        assert_eq!(trouble.hear(oki, full()), None);
        assert_eq!(trouble.hear(oki, full()), None);
        let again = "his messenger writes to Oki again; 3 writes had failed";
        assert_eq!(trouble.hear(oki, Ok(())).unwrap(), again);
        assert_eq!(trouble.hear(oki, Ok(())), None);
    }
}
