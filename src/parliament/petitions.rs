//! Petitions that wait: for a number if the legislator presides, otherwise for the president.

use std::collections::VecDeque;

use super::pages::Pages;
use crate::law::ids::Ids;
use crate::words::ballot::Decree;
use crate::words::time::{Minutes, REPLY};

/// The petitions a legislator has taken and not yet seen passed, oldest first.
///
/// They are on his slip of paper. A petition with an id is kept until a decree of that id is
/// inked, so it outlives a change of president; one without an id cannot be recognised again, and
/// is let go as soon as it is proposed or handed on.
#[derive(Clone, PartialEq, Eq, Debug, Hash, Default)]
pub struct Petitions {
    waiting: VecDeque<Decree>,
    ids: Ids,
    /// When they were last handed on.
    handed_on_at: Minutes,
}

impl Petitions {
    /// Takes a petition; false if it waits here already.
    pub fn take(&mut self, decree: Decree) -> bool {
        let new = decree.petition().is_none_or(|id| self.ids.insert(id));
        if new {
            self.waiting.push_back(decree);
        }
        new
    }

    /// Removes and returns the oldest petition.
    pub fn take_oldest(&mut self) -> Option<Decree> {
        let decree = self.waiting.pop_front()?;
        if let Some(id) = decree.petition() {
            self.ids.remove(id);
        }
        Some(decree)
    }

    /// Takes back a petition that could not be begun, as the oldest.
    pub fn put_back(&mut self, decree: Decree) {
        if let Some(id) = decree.petition() {
            self.ids.insert(id);
        }
        self.waiting.push_front(decree);
    }

    /// Takes again a petition that stood under a number in a ballot that ended, unless it is known
    /// to have passed. The same holds where B3 bound the president to it, since he then let go of
    /// the petition that waited. One without an id is let go: it may pass yet, and could not be
    /// recognised.
    pub fn wait_again(&mut self, decree: &Decree, pages: &Pages) {
        if decree.petition().is_some_and(|id| !pages.has_passed(id)) {
            self.take(decree.clone());
        }
    }

    /// Removes the oldest petitions as long as they have passed.
    pub fn let_go_of_passed(&mut self, pages: &Pages) {
        let passed = |decree: &Decree| decree.petition().is_some_and(|id| pages.has_passed(id));
        while self.waiting.front().is_some_and(passed) {
            self.take_oldest();
        }
    }

    /// Whether an answer should have come since they were last handed on.
    #[must_use]
    pub fn waited_long(&self, now: Minutes) -> bool {
        self.handed_on_at + REPLY <= now
    }

    /// Returns the oldest petitions that have not passed, to hand on. Those without an id are
    /// removed.
    pub fn hand_on(&mut self, now: Minutes, at_most: usize, pages: &Pages) -> Vec<Decree> {
        self.handed_on_at = now;
        self.waiting.retain(|decree| {
            let passed = decree.petition().is_some_and(|id| pages.has_passed(id));
            if let Some(id) = decree.petition().filter(|_| passed) {
                self.ids.remove(id);
            }
            !passed
        });
        let handed: Vec<Decree> = self.waiting.iter().take(at_most).cloned().collect();
        let mut left = at_most;
        self.waiting.retain(|decree| {
            let gone = left > 0 && decree.petition().is_none();
            left = left.saturating_sub(1);
            !gone
        });
        handed
    }

    /// Whether no petition waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// The number of petitions that wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.waiting.len()
    }
}
