//! Petitions that wait: for a number if he presides, for the president if he does not.

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

    /// The oldest petition that is to be given a number.
    pub fn take_oldest(&mut self) -> Option<Decree> {
        let decree = self.waiting.pop_front()?;
        if let Some(id) = decree.petition() {
            self.ids.remove(id);
        }
        Some(decree)
    }

    /// Takes back what could not be begun: it is the oldest again.
    pub fn put_back(&mut self, decree: Decree) {
        if let Some(id) = decree.petition() {
            self.ids.insert(id);
        }
        self.waiting.push_front(decree);
    }

    /// Takes again what stood under a number in a ballot that came to nothing, unless it is known
    /// to be passed. So it is also where B3 bound the president to it: as it stood there already,
    /// he let go of the petition that waited. Without an id it may be passed yet, and is let go.
    pub fn wait_again(&mut self, decree: &Decree, pages: &Pages) {
        if decree.petition().is_some_and(|id| !pages.has_passed(id)) {
            self.take(decree.clone());
        }
    }

    /// Lets go of the oldest, as far as they have been passed.
    pub fn let_go_of_passed(&mut self, pages: &Pages) {
        let passed = |decree: &Decree| decree.petition().is_some_and(|id| pages.has_passed(id));
        while self.waiting.front().is_some_and(passed) {
            self.take_oldest();
        }
    }

    /// Whether they were not handed on for so long that an answer should have come.
    #[must_use]
    pub fn waited_long(&self, now: Minutes) -> bool {
        self.handed_on_at + REPLY <= now
    }

    /// The oldest petitions that are not passed, to be handed on; those without an id are let go.
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

    /// Whether none waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// How many wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.waiting.len()
    }
}
