//! A scene in which a novice sits, played move by move.

use std::collections::BTreeMap;

use super::hall::{Hall, Member};
use super::telling::Conviction;
use crate::creeds::Event;
use crate::explore::pages::Power;
use crate::explore::story::{Chapter, Story};
use crate::explore::synod::Seen;
use crate::explore::world::World;
use crate::invariants::Breach;
use crate::scene::moves::{CrashAt, Move, Which};
use crate::synod::Letter;
use crate::words::{Entry, Name};

/// A scene in which a novice sits, as far as it has gone.
pub(super) struct Walk<'a, 'h> {
    hall: &'a Hall<'h>,
    pub(super) members: BTreeMap<Name, Member>,
    pub(super) bag: Vec<(Name, Letter)>,
    /// Every letter that was ever sent.
    sent: Vec<(Name, Letter)>,
    /// The priests who lose power at their next deed that inks.
    pub(super) crashes: Option<(Name, Power)>,
    history: Seen,
    seen_by: Vec<(Name, Vec<Entry>)>,
    chapters: Vec<Chapter>,
}

impl<'a, 'h> Walk<'a, 'h> {
    pub(super) fn begin(hall: &'a Hall<'h>, names: &[Name]) -> Walk<'a, 'h> {
        let members = names.iter().map(|&name| (name, hall.enter(name))).collect();
        let (bag, sent, crashes, history, seen_by, chapters) = Default::default();
        Walk { hall, members, bag, sent, crashes, history, seen_by, chapters }
    }

    /// Does what a move says, though nothing may come of it; false if there is no such letter.
    pub(super) fn go(&mut self, by: &Move) -> bool {
        match by {
            Move::Try(ballot) => self.meet(ballot.owner, Event::Try(*ballot)),
            Move::Begin { who, wish } => self.meet(*who, Event::Begin(wish.clone())),
            Move::Deliver(which) => {
                let Some((from, letter)) = self.take(which) else { return false };
                self.meet(letter.to, Event::Read { from, message: letter.message })
            }
            Move::Repeat(which) => {
                let Some(at) = self.find(which) else { return false };
                self.bag.insert(at, self.bag[at].clone());
                true
            }
            Move::Lose(which) => self.take(which).is_some(),
            Move::Crash { who, at: Some(CrashAt::Wet) } => {
                self.crashes = Some((*who, Power::Fails));
                true
            }
            Move::Crash { who, .. } => self.meet(*who, Event::Return),
            _ => true,
        }
    }

    fn find(&self, which: &Which) -> Option<usize> {
        which.find(self.bag.iter().map(|(from, letter)| (*from, letter)))
    }

    /// Takes the letter that is meant out of the bag.
    fn take(&mut self, which: &Which) -> Option<(Name, Letter)> {
        self.find(which).map(|at| self.bag.remove(at))
    }

    fn meet(&mut self, who: Name, event: Event) -> bool {
        let Some(member) = self.members.get(&who) else { return false };
        let power = match self.crashes.take_if(|(it, _)| *it == who) {
            Some((_, power)) => power,
            None => Power::Holds,
        };
        let chapter = self.hall.chapter(member, event.clone(), power);
        let Some(upshot) = self.hall.meet(member, &event, power) else { return true };
        self.chapters.push(chapter);
        for letter in upshot.letters {
            self.bag.push((who, letter.clone()));
            self.sent.push((who, letter));
        }
        if let Some((history, _)) = self.hall.see(&self.history, who, &upshot.seen) {
            self.history = history;
        }
        self.seen_by.push((who, upshot.seen));
        self.members.insert(who, upshot.after);
        true
    }

    /// The run, with these rules broken, and what the paper has the novices do.
    pub(super) fn convict(self, breaches: Vec<Breach>) -> Conviction {
        let Walk { hall, chapters, seen_by, .. } = self;
        let ballots = hall.ballots(&seen_by);
        hall.convict(Story { founding: hall.founding(), chapters, breaches, ballots })
    }

    /// Every rule that is broken.
    pub(super) fn judge(&self) -> Vec<Breach> {
        let (hall, history) = (self.hall, &self.history);
        let mut found = hall.judge(history);
        for (at, one) in self.members.values().enumerate() {
            found.extend(hall.judge_mind(one, history));
            for other in self.members.values().skip(at + 1) {
                found.extend(hall.judge_pair(one, other));
            }
        }
        for (from, letter) in &self.sent {
            found.extend(hall.judge_letter(*from, &letter.message, history));
            let sender = self.members.get(from);
            found.extend(sender.into_iter().flat_map(|it| hall.judge_sender(&letter.message, it)));
        }
        found.dedup();
        found
    }
}
