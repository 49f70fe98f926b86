//! How a legislator takes petitions and hands them on to the president. `[PTP §3.1]`

use super::super::FAR_BEHIND;
use super::{Legislator, Office};
use crate::synod::deed::Deed;
use crate::words::ballot::{BallotNumber, Decree};
use crate::words::message::Message;
use crate::words::name::Name;
use crate::words::step::{Act, Guard};
use crate::words::time::Minutes;

impl Legislator {
    /// Takes a petition, from a citizen or from a legislator who hands it on. `[PTP §3.1]`
    pub(super) fn take_petition(
        &mut self,
        now: Minutes,
        from: Name,
        decree: Decree,
        deed: &mut Deed,
    ) -> Result<(), Guard> {
        let president = self.slip.office.president();
        let known =
            |id: &str| self.pages.has_passed(id) || president.is_some_and(|it| it.has_proposed(id));
        if decree.petition().is_some_and(known) || !self.slip.petitions.take(decree.clone()) {
            return Err(Guard::KnownPetition);
        }
        match self.slip.office {
            Office::None => self.hand_on_new(now, from, decree, deed),
            Office::Trying(_) => {}
            Office::Presiding(_) => self.propose(now, deed),
        }
        Ok(())
    }

    /// Hands a new petition on. One without an id is handed on once only: two legislators who each
    /// take the other for the president would otherwise pass it to and fro forever.
    fn hand_on_new(&mut self, now: Minutes, from: Name, decree: Decree, deed: &mut Deed) {
        let Some(to) = self.other_president() else {
            return;
        };
        if decree.petition().is_some() {
            self.voice.tell(deed, || Act::Forwards { decree: decree.clone(), to });
            deed.send(to, Message::Petition { decree });
        } else if from == self.name || !self.pages.seats().ever_had(from) {
            self.hand_on_petitions(now, deed);
        }
    }

    /// Hands on the waiting petitions, if he knows of a president.
    pub(super) fn hand_on_petitions(&mut self, now: Minutes, deed: &mut Deed) {
        let Some(to) = self.other_president().filter(|_| matches!(self.slip.office, Office::None))
        else {
            return;
        };
        for decree in self.slip.petitions.hand_on(now, FAR_BEHIND as usize, &self.pages) {
            self.voice.tell(deed, || Act::Forwards { decree: decree.clone(), to });
            deed.send(to, Message::Petition { decree });
        }
    }

    /// Notes who presides or soon will, and hands on waiting petitions if that is news.
    pub(super) fn learn_of_presidency(
        &mut self,
        now: Minutes,
        ballot: BallotNumber,
        deed: &mut Deed,
    ) {
        let new = self.slip.presidency.replace(ballot) != Some(ballot);
        let waited_long = self.slip.petitions.waited_long(now);
        if (new || waited_long) && !self.slip.petitions.is_empty() {
            self.hand_on_petitions(now, deed);
        }
    }

    /// The president, as far as he knows.
    fn other_president(&self) -> Option<Name> {
        self.slip.presidency.map(|ballot| ballot.owner)
    }
}
