//! Petitions that wait: for a number if he presides, for the president if he does not.

use std::collections::VecDeque;

use super::FAR_BEHIND;
use super::legislator::{Legislator, Office};
use super::pages::Pages;
use crate::law::ids::Ids;
use crate::synod::deed::Deed;
use crate::words::ballot::{BallotNumber, Decree};
use crate::words::message::Message;
use crate::words::name::Name;
use crate::words::step::{Act, Guard};
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
    pub handed_on_at: Minutes,
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

    /// The oldest petitions that are not passed, to be handed on; those without an id are let go.
    pub fn hand_on(&mut self, at_most: usize, pages: &Pages) -> Vec<Decree> {
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

impl Legislator {
    /// Takes a petition, from a citizen or from a legislator who hands it on. `[PTP §3.1]`
    pub(super) fn take_petition(
        &mut self,
        now: Minutes,
        from: Name,
        decree: Decree,
        deed: &mut Deed,
    ) -> Result<(), Guard> {
        let known = |id: &str| {
            self.pages.has_passed(id)
                || matches!(&self.office, Office::Presiding(agenda) if agenda.proposed.has(id))
        };
        if decree.petition().is_some_and(known) || !self.petitions.take(decree.clone()) {
            return Err(Guard::KnownPetition);
        }
        match self.office {
            Office::None => self.hand_on_new(now, from, decree, deed),
            Office::Trying(_) => {}
            Office::Presiding(_) => self.propose(now, deed),
        }
        Ok(())
    }

    /// Hands a new petition on. One without an id goes no further than one colleague, or two who
    /// each take the other for the president would pass it to and fro for ever.
    fn hand_on_new(&mut self, now: Minutes, from: Name, decree: Decree, deed: &mut Deed) {
        let Some(to) = self.president() else {
            return;
        };
        if decree.petition().is_some() {
            self.tell(deed, || Act::Forwards { decree: decree.clone(), to });
            deed.send(to, Message::Petition { decree });
        } else if from == self.name || !self.pages.seats().ever_had(from) {
            self.hand_on_petitions(now, deed);
        }
    }

    /// Hands on what waits, to the president as far as he is known.
    pub(super) fn hand_on_petitions(&mut self, now: Minutes, deed: &mut Deed) {
        let Some(to) = self.president().filter(|_| matches!(self.office, Office::None)) else {
            return;
        };
        self.petitions.handed_on_at = now;
        for decree in self.petitions.hand_on(FAR_BEHIND as usize, &self.pages) {
            self.tell(deed, || Act::Forwards { decree: decree.clone(), to });
            deed.send(to, Message::Petition { decree });
        }
    }

    /// Learns who presides, or soon will.
    pub(super) fn learn_of_presidency(
        &mut self,
        now: Minutes,
        ballot: BallotNumber,
        deed: &mut Deed,
    ) {
        let new = self.presidency.replace(ballot) != Some(ballot);
        let waited_long = self.petitions.handed_on_at + REPLY <= now;
        if (new || waited_long) && !self.petitions.is_empty() {
            self.hand_on_petitions(now, deed);
        }
    }

    /// Another who presides, as far as he knows.
    fn president(&self) -> Option<Name> {
        self.presidency.map(|ballot| ballot.owner)
    }
}
