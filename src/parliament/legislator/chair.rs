//! When a legislator takes the chair, when he gives it up, and his patience. `[PTP §2.4, §3.3.1]`
//!
//! [`super::super::colleagues`] says who has a better claim to the chair.

use super::{Legislator, Office};
use crate::synod::deed::Deed;
use crate::words::ballot::BallotNumber;
use crate::words::name::Name;
use crate::words::step::{Act, Guard};
use crate::words::time::{Minutes, REPLY};

impl Legislator {
    /// Takes the chair if no colleague has a better claim: he tries a new ballot for every number
    /// at once. `[PTP §2.3 (1), §3.1, §3.3.1]`
    pub(super) fn take_chair_if_due(&mut self, now: Minutes, deed: &mut Deed) {
        if self.chair_at().is_none_or(|at| at > now) {
            return;
        }
        if let Some(ballot) = self.next_ballot() {
            let far_behind = self.colleagues.passed_over(now);
            let waited = self.colleagues.presence.waited();
            let silent_for = waited.filter(|_| far_behind.is_none());
            self.voice.tell_of_office(deed, Act::TakesChair { silent_for, far_behind });
            self.try_new_ballot(now, ballot, deed);
        }
    }

    /// When he may take the chair, if he hears nobody until then.
    pub(super) fn chair_at(&self) -> Option<Minutes> {
        let idle = matches!(self.slip.office, Office::None) && self.colleagues.sits();
        let may_try = idle && self.next_ballot().is_some();
        let free_at = || self.colleagues.chair_at(self.pages.complete_through());
        may_try.then(|| free_at().max(self.slip.aside_until).max(self.copies_until()))
    }

    /// A number of his own above all he knows of; `None` when the integers are used up.
    fn next_ballot(&self) -> Option<BallotNumber> {
        let floor = self.notes.largest().max(self.slip.heard_of);
        let ballot = BallotNumber::next(self.name, floor)?;
        self.notes.allow_trying(ballot).is_ok().then_some(ballot)
    }

    /// Says that he can try no ballot any more, if the integers are used up. `[PTP §2.2]`
    pub(super) fn say_if_out_of_numbers(&self, deed: &mut Deed) {
        let largest = self.notes.largest().max(self.slip.heard_of);
        if let Some(last) = largest.filter(|_| self.next_ballot().is_none()) {
            self.voice.tell_of_office(deed, Act::OutOfNumbers { last });
        }
    }

    /// **Receive Refused**: he learns of a higher number, and must try a number above it.
    /// `[PTP §2.4]`
    ///
    /// A president ignores a refusal from outside his quorum: he needs no vote from there.
    ///
    /// **Departure:** §2.4 has him try again at once. He does so the first time. Refused again
    /// before anything passed, he has a rival whom he does not hear, and waits longer each time;
    /// the wait also grows with the number of names above his. So one of several presidents
    /// finishes.
    pub(super) fn be_refused(
        &mut self,
        now: Minutes,
        from: Name,
        ballot: BallotNumber,
        next_bal: BallotNumber,
        deed: &mut Deed,
    ) -> Result<(), Guard> {
        self.slip.heard_of = self.slip.heard_of.max(Some(next_bal));
        self.notes.is_my_ballot(ballot)?;
        let concerned = match &self.slip.office {
            Office::None => false,
            Office::Trying(_) => true,
            Office::Presiding(president) => president.quorum().contains(&from),
        };
        if concerned && next_bal > ballot {
            self.voice.tell(deed, || Act::IsRefused { ballot, from, next_bal });
            self.give_up();
            let wait = self.colleagues.presence.courtesy().in_thousandths() * self.slip.refusals;
            self.slip.refusals += 1;
            if wait > 0 {
                let until = now + Minutes::thousandths(wait);
                self.slip.aside_until = until;
                self.voice.tell_of_office(deed, Act::StandsAside { rival: next_bal, until });
            }
            self.take_chair_if_due(now, deed);
        }
        Ok(())
    }

    /// Gives up his office to `before`, who has begun a higher ballot or presides in one.
    pub(super) fn stand_down(&mut self, before: Name, deed: &mut Deed) {
        if !matches!(self.slip.office, Office::None) {
            self.voice.tell_of_office(deed, Act::StandsDown { heard: before });
            self.give_up();
        }
    }

    /// Gives up his ballot. The petitions under way in it wait again, so that none is lost.
    pub(super) fn give_up(&mut self) {
        if let Office::Presiding(president) = std::mem::take(&mut self.slip.office) {
            for decree in president.under_way() {
                self.slip.petitions.wait_again(decree, &self.pages);
            }
        }
    }

    /// Starts a new ballot, if he has not reached step 3, or step 5, within 22 minutes.
    /// `[PTP §2.4]`
    ///
    /// **Departure:** where all those asked are in the Chamber, and only a letter or a row was
    /// lost, he first asks again in the same ballot. Otherwise a long reply that loses some row each
    /// time would never be whole. A candidate waits for another hourglass only if more of a reply
    /// has come since he asked, from a voter whom he still counts.
    pub(super) fn see_who_is_silent(&mut self, now: Minutes, deed: &mut Deed) {
        let lately = now - REPLY;
        let (ballot, silent, patient) = match &self.slip.office {
            Office::None => return,
            Office::Trying(candidate) => {
                let silent = candidate.silent(&self.voters());
                let patient = candidate.grows(&silent);
                (candidate.ballot(), silent, patient)
            }
            Office::Presiding(president) => {
                let silent = president.silent(lately);
                let in_chamber = |&name: &Name| self.colleagues.heard_since(name, lately);
                let patient = silent.iter().all(in_chamber) && president.has_asked_once(lately);
                (president.ballot(), silent, patient)
            }
        };
        if patient {
            if !silent.is_empty() {
                self.voice.tell(deed, || Act::AsksAgain { ballot, silent });
            }
            self.ask_again(now, deed);
        } else {
            self.voice.tell_of_office(deed, Act::WaitedInVain { ballot, waited: REPLY, silent });
            self.give_up();
            self.take_chair_if_due(now, deed);
        }
    }

    fn ask_again(&mut self, now: Minutes, deed: &mut Deed) {
        let voters = self.voters();
        match &mut self.slip.office {
            Office::None => {}
            Office::Trying(candidate) => candidate.ask_again(now, &voters, deed),
            Office::Presiding(president) => president.ask_again(now, deed),
        }
    }
}
