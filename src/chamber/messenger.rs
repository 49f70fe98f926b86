//! Messengers: they watch messagebooks and carry letters, and on request lose, repeat and delay
//! them. `[PTP §1.3]`
//!
//! One [`Watch`] serves all priests of a process. A notification is a hint and never data: it
//! wakes the priest, who then reads his messagebook from where he stopped.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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
}

/// What one receiver is to get, in one write.
struct Bundle {
    book: Messagebook,
    rows: Vec<u8>,
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
        }
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
            worded.unwrap_or_else(|error| complain(self.name, to, &error));
            self.told = Some(message);
        }
        let bundle = self.bundles.entry(to).or_insert_with(|| Bundle::to(&self.chamber, to));
        bundle.rows.extend_from_slice(&self.row);
    }

    /// One write for each receiver. A letter that cannot be written is a letter lost.
    fn deliver(&mut self) {
        self.told = None;
        for (&to, Bundle { book, rows }) in &mut self.bundles {
            let written = book.append_written(rows);
            written.unwrap_or_else(|error| complain(self.name, to, &error));
            rows.clear();
        }
    }
}

fn complain(from: Name, to: Name, error: &io::Error) {
    eprintln!("parliament: {from}'s messenger could not write to {to}: {error}");
}

impl Bundle {
    fn to(chamber: &Chamber, owner: Name) -> Bundle {
        Bundle { book: Messagebook::of(chamber, owner), rows: Vec::new() }
    }
}

/// The one watcher of this process: it wakes each priest when his messagebook changes.
pub struct Watch {
    watcher: Mutex<RecommendedWatcher>,
    sleepers: Sleepers,
}

type Sleepers = Arc<Mutex<BTreeMap<PathBuf, Box<dyn Fn() + Send>>>>;

impl Watch {
    /// Begins to watch nothing yet.
    ///
    /// # Errors
    /// When the system grants no watcher (on Linux, at most 128 to a user by default).
    pub fn new() -> notify::Result<Watch> {
        let sleepers = Sleepers::default();
        let to_wake = Arc::clone(&sleepers);
        let watcher = notify::recommended_watcher(move |event| wake(&to_wake, event))?;
        Ok(Watch { watcher: Mutex::new(watcher), sleepers })
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
        self.watcher().watch(&absolute, RecursiveMode::NonRecursive)
    }

    /// Watches the file that now bears the name `path`, which an editor may have replaced.
    ///
    /// # Errors
    /// When there is no such file now.
    pub fn renew(&self, path: &Path) -> notify::Result<()> {
        let path = std::path::absolute(path)?;
        let mut watcher = self.watcher();
        // The watch on a file that is gone is gone with it; there is nothing to end then.
        let _ = watcher.unwatch(&path);
        watcher.watch(&path, RecursiveMode::NonRecursive)
    }

    fn watcher(&self) -> MutexGuard<'_, RecommendedWatcher> {
        self.watcher.lock().unwrap_or_else(PoisonError::into_inner)
    }
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
    knocked: Arc<std::sync::atomic::AtomicBool>,
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
        if !self.knocked.swap(true, std::sync::atomic::Ordering::AcqRel) {
            // Nobody is behind the door any more: then nobody needs to be woken.
            let _ = self.bell.send(knock);
        }
    }

    /// Answers: the next knock will ring again. To be called before looking for what has come.
    pub fn answer(&self) {
        self.knocked.store(false, std::sync::atomic::Ordering::Release);
    }
}
