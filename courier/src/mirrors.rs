//! Copies of the others' ledgers, and what the others have of ours.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use parliament::chamber::Chamber;
use parliament::chamber::abroad::{Copied, Excerpt, Mirror, Reached};
use parliament::words::Name;

use crate::frame::{Frame, Place};
use crate::key::Key;

/// How long an answer is awaited before the same is asked again.
const PATIENCE: Duration = Duration::from_secs(2);

/// The copies of one machine's courier.
pub struct Mirrors {
    chamber: Chamber,
    of: BTreeMap<Name, Mirror>,
    /// When each was asked for, and not answered.
    asked: BTreeMap<Name, Duration>,
    /// When each machine was asked what it has of a ledger that lives here.
    asked_about_ours: BTreeMap<(Name, Key), Duration>,
    /// Those whose ledgers lack rows that were dry. Their letters are not believed.
    suspects: BTreeSet<Name>,
}

/// What another machine has told of a ledger that lives here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Told {
    /// There is more to ask for.
    More,
    /// All that it has.
    All,
    /// Rows that do not follow what others have told since: it is asked again.
    Beside,
}

impl Mirrors {
    /// The copies of this chamber.
    #[must_use]
    pub fn of(chamber: &Chamber) -> Mirrors {
        let chamber = chamber.clone();
        Mirrors {
            chamber,
            of: BTreeMap::new(),
            asked: BTreeMap::new(),
            asked_about_ours: BTreeMap::new(),
            suspects: BTreeSet::new(),
        }
    }

    /// Whether a priest's ledger is not what it was.
    #[must_use]
    pub fn suspects(&self, name: Name) -> bool {
        self.suspects.contains(&name)
    }

    /// What to ask the machine on which he lives; nothing if an answer is awaited.
    pub fn ask(&mut self, name: Name, now: Duration) -> Option<Frame> {
        let waits = self.asked.get(&name).is_some_and(|at| now < *at + PATIENCE);
        if waits || self.suspects(name) {
            return None;
        }
        self.asked.insert(name, now);
        Some(Frame::Ask(place(name, self.mirror(name)?.reached())))
    }

    /// What to ask another machine about a ledger that lives here; nothing if an answer is awaited.
    pub fn ask_about_ours(&mut self, name: Name, of: Key, now: Duration) -> Option<Frame> {
        let asked = self.asked_about_ours.get(&(name, of));
        if asked.is_some_and(|at| now < *at + PATIENCE) {
            return None;
        }
        self.asked_about_ours.insert((name, of), now);
        let reached = match self.of.get(&name) {
            Some(mirror) => mirror.reached(),
            None => {
                let ours = self.chamber.reached(name).ok()?;
                let told = self.chamber.mirror(name).ok().map(|it| it.reached());
                told.filter(|it| it.offset > ours.offset).unwrap_or(ours)
            }
        };
        Some(Frame::Ask(place(name, reached)))
    }

    /// The answer to one who asks.
    #[must_use]
    pub fn answer(&self, asked: Place) -> Frame {
        let after = Reached { offset: asked.offset, check: asked.check };
        let excerpt = self.chamber.excerpt(asked.name, after).ok().flatten();
        let excerpt = excerpt.unwrap_or(Excerpt { after, rows: Vec::new(), is_all: true });
        let Excerpt { after, rows, is_all } = excerpt;
        Frame::Rows { place: place(asked.name, after), is_all, rows }
    }

    /// Takes rows of a ledger that lives elsewhere. Returns whether more is to be asked for now,
    /// and a remark.
    pub fn take(&mut self, name: Name, excerpt: &Excerpt) -> (bool, Option<String>) {
        self.asked.remove(&name);
        let Some(mirror) = self.mirror(name) else { return (false, None) };
        match mirror.add(excerpt) {
            Ok(Copied::More) => (true, None),
            Ok(Copied::Whole | Copied::Misplaced) => (false, None),
            Ok(Copied::Refused(why)) => {
                (false, Some(format!("refused rows of {name}'s ledger: {why}")))
            }
            Ok(Copied::Contradicts) => {
                self.suspects.insert(name);
                let why = "it was put back from a copy, or there are two of it";
                (
                    false,
                    Some(format!(
                        "{name}'s ledger lacks rows that it had: {why}; no letter of {name} is believed here until this courier begins anew"
                    )),
                )
            }
            Err(error) => (false, Some(format!("{name}'s ledger cannot be copied: {error}"))),
        }
    }

    /// Takes rows that others have of a ledger that lives here. If they have more than is here, it
    /// becomes evidence, and that is the remark.
    pub fn take_ours(&mut self, name: Name, of: Key, excerpt: &Excerpt) -> (Told, Option<String>) {
        if excerpt.rows.is_empty() {
            return (Told::All, None);
        }
        let added = match self.of.get_mut(&name) {
            Some(mirror) => mirror.add(excerpt),
            None => self.chamber.mirror_of_ours(name).and_then(|mut mirror| {
                let added = mirror.add(excerpt);
                self.of.insert(name, mirror);
                added
            }),
        };
        match added {
            Ok(Copied::More) => (Told::More, None),
            // Another machine has told more since this one was asked.
            Ok(Copied::Misplaced) => {
                self.asked_about_ours.remove(&(name, of));
                (Told::Beside, None)
            }
            Ok(Copied::Whole | Copied::Contradicts) => {
                self.of.remove(&name);
                let told = format!(
                    "other machines have rows of {name}'s ledger that it lacks here; they are evidence under abroad/"
                );
                (Told::All, Some(told))
            }
            Ok(Copied::Refused(_)) | Err(_) => {
                self.of.remove(&name);
                (Told::All, None)
            }
        }
    }

    /// Where the copy of ours ends, while it comes.
    #[must_use]
    pub fn reached_of_ours(&self, name: Name) -> Option<Frame> {
        Some(Frame::Ask(place(name, self.of.get(&name)?.reached())))
    }

    fn mirror(&mut self, name: Name) -> Option<&mut Mirror> {
        if !self.of.contains_key(&name) {
            self.of.insert(name, self.chamber.mirror(name).ok()?);
        }
        self.of.get_mut(&name)
    }
}

fn place(name: Name, Reached { offset, check }: Reached) -> Place {
    Place { name, offset, check }
}
