//! A body in memory: a desk, a clock, a ledger. It handles the desk as a body in a thread does:
//! it reads everything that lies there, inks all of it at once, then sends the letters.

use std::sync::Arc;

use super::cast::{Cast, Soul};
use super::nemesis::{Mishap, Point};
use super::storage::Storage;
use crate::creeds::Creed;
use crate::law::LawBook;
use crate::synod::{Ledger, Letter, Post, Released};
use crate::words::{Entry, Founding, Message, Minutes, Name};

/// A letter in a messagebook.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// When it was written there.
    pub at: Minutes,
    /// The sender.
    pub from: Name,
    /// The message.
    pub message: Message,
}

/// A priest's place in the Chamber, whether he is in it or not.
pub struct Body {
    /// His name.
    pub name: Name,
    /// His ledger.
    pub storage: Storage,
    /// His messagebook: all that ever came.
    pub book: Vec<Arrived>,
    /// How far he has read in it.
    pub read: usize,
    /// His letters to himself, to be read next.
    pub own: Vec<Message>,
    /// He himself, if he is in the Chamber.
    pub soul: Option<Box<dyn Soul>>,
    /// By how much his clock is ahead.
    pub ahead: Minutes,
    /// Until when he does nothing and does not notice.
    pub paused_until: Minutes,
    /// Until when his disk is full.
    pub full_until: Minutes,
    /// The fate of his next deed.
    pub fate: Mishap,
    /// When he acts next, and which of his plans to act that is: older ones are void.
    pub acts: Option<(Minutes, u64)>,
    /// How many plans to act he has made.
    pub plans: u64,
    /// Whether he has a ledger from God: one who is no founder gets it when a decree seats him.
    pub has_ledger: bool,
    /// Whether he will never return.
    pub is_gone: bool,
    /// Whether his ledger was rolled back, so that he must be refused.
    pub is_rolled_back: bool,
    /// How many rows of his ledger the gods have seen written.
    pub seen: usize,
    /// How many they have seen dry.
    pub witnessed: usize,
    /// Rows of which the scribe was told before they were dry.
    pub told_early: Vec<Entry>,
    /// The law as he would tell it, as far as he was ever asked.
    pub law: Option<LawBook>,
}

/// Most priests of a Synod get fewer letters in a run.
const USUAL_LETTERS: usize = 32;

impl Body {
    /// The body of a priest who has yet to enter.
    #[must_use]
    pub fn new(name: Name, founding: &Arc<Founding>) -> Body {
        Body {
            name,
            storage: Storage::founded(name, Arc::clone(founding)),
            book: Vec::with_capacity(USUAL_LETTERS),
            read: 0,
            own: Vec::new(),
            soul: None,
            ahead: Minutes::ZERO,
            paused_until: Minutes::ZERO,
            full_until: Minutes::ZERO,
            fate: Mishap::Well,
            acts: None,
            plans: 0,
            has_ledger: founding.membership.has(name),
            is_gone: false,
            is_rolled_back: false,
            seen: 0,
            witnessed: 0,
            told_early: Vec::new(),
            law: None,
        }
    }

    /// The time on his clock.
    #[must_use]
    pub fn hour(&self, now: Minutes) -> Minutes {
        now + self.ahead
    }

    /// He is no longer in the Chamber: his slip and his desk are lost.
    pub fn die(&mut self) {
        self.soul = None;
        self.own.clear();
        self.acts = None;
        self.law = None;
        self.fate = Mishap::Well;
    }

    /// Whether he may come into the Chamber again, if he is not in it.
    #[must_use]
    pub fn may_come(&self) -> bool {
        !self.is_gone && !self.is_rolled_back
    }
}

/// Why ink did not dry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stopped {
    /// The priest is dead.
    Dead,
    /// The disk said no.
    Disk,
}

/// A ledger open on a desk, whose owner may die at some moment of his deed.
pub struct Pen<'a> {
    pub(super) storage: &'a mut Storage,
    pub(super) cast: &'a dyn Cast,
    pub(super) at: Minutes,
    pub(super) fate: Mishap,
    /// Whether rows that are not dry were said to be.
    pub(super) lied: bool,
    pub(super) chance: &'a mut crate::chance::Chance,
}

impl Pen<'_> {
    fn creed(&self) -> &dyn Creed {
        self.cast.creed()
    }

    fn ignores_failed_drying(&self) -> bool {
        self.cast.custom().takes_wet_ink_for_dry()
    }

    /// The power failed before the ink was dry; a priest who takes wet ink for dry does not notice
    /// yet.
    fn stop_unless_taken_for_dry(&mut self) -> Result<(), Stopped> {
        let wet = &self.storage.rows()[self.storage.dry()..];
        self.lied = wet.iter().any(|row| self.creed().takes_wet_ink_for_dry(row))
            || !wet.is_empty() && self.ignores_failed_drying();
        if self.lied { Ok(()) } else { Err(Stopped::Dead) }
    }
}

impl Ledger for Pen<'_> {
    type Error = Stopped;

    fn ink(&mut self, rows: &[Entry]) -> Result<(), Stopped> {
        match self.fate {
            Mishap::Dies(Point::BeforeInk) => Err(Stopped::Dead),
            Mishap::Dies(Point::InInk) => {
                self.storage.write_torn(self.at, rows, self.chance);
                Err(Stopped::Dead)
            }
            Mishap::Dies(Point::AfterInk) => {
                self.storage.write(self.at, rows);
                Err(Stopped::Dead)
            }
            Mishap::DiskIsFull => {
                if self.chance.below(2) == 0 {
                    self.storage.write_torn(self.at, rows, self.chance);
                }
                Err(Stopped::Disk)
            }
            _ => {
                self.storage.write(self.at, rows);
                Ok(())
            }
        }
    }

    fn dry(&mut self) -> Result<(), Stopped> {
        match self.fate {
            Mishap::Dies(Point::BeforeSync) => Err(Stopped::Dead),
            Mishap::PowerFails(_) => self.stop_unless_taken_for_dry(),
            Mishap::SyncFails if self.ignores_failed_drying() => Ok(()),
            Mishap::SyncFails => Err(Stopped::Disk),
            Mishap::Dies(Point::AfterSync) => {
                self.storage.sync();
                Err(Stopped::Dead)
            }
            _ => {
                self.storage.sync();
                Ok(())
            }
        }
    }
}

/// Letters on their way out of the door, of which only some may leave.
#[derive(Default)]
pub struct Bag {
    /// Those that have left.
    pub letters: Vec<Letter>,
    /// How many may leave at most.
    pub most: Option<usize>,
}

impl Post for Bag {
    fn post(&mut self, letters: Released) {
        let room = self.most.map_or(usize::MAX, |most| most - self.letters.len());
        let leaving = letters.into_iter().take(room);
        if self.letters.is_empty() {
            self.letters = leaving.collect();
        } else {
            self.letters.extend(leaving);
        }
    }
}
