//! When a legislator takes the chair, when he gives it up, and his patience. `[PTP §2.4, §3.3.1]`
//!
//! Who stands before him for the chair is told in [`super::colleagues`].

use std::collections::BTreeSet;

use super::legislator::{Legislator, Office};
use crate::synod::deed::Deed;
use crate::words::ballot::BallotNumber;
use crate::words::message::Message;
use crate::words::name::Name;
use crate::words::step::{Act, Guard};
use crate::words::time::{Minutes, REPLY};

impl Legislator {
    /// Takes the chair if nobody stands before him, which is to try a new ballot for every number
    /// at once. `[PTP §2.3 (1), §3.1, §3.3.1]`
    pub(super) fn take_chair_if_due(&mut self, now: Minutes, deed: &mut Deed) {
        if self.chair_at().is_none_or(|at| at > now) {
            return;
        }
        if let Some(ballot) = self.next_ballot() {
            let far_behind = self.colleagues.passed_over(now);
            let waited = self.colleagues.presence.waited();
            let silent_for = waited.filter(|_| far_behind.is_none());
            self.tell_of_office(deed, Act::Presides { silent_for, far_behind });
            self.try_new_ballot(now, ballot, deed);
        }
    }

    /// When he may take the chair, if he hears nobody until then.
    pub(super) fn chair_at(&self) -> Option<Minutes> {
        let idle = matches!(self.office, Office::None) && self.colleagues.sits();
        let may_try = idle && self.next_ballot().is_some();
        let free_at = || self.colleagues.chair_at(self.pages.complete_through());
        may_try.then(|| free_at().max(self.aside_until).max(self.copies_until()))
    }

    /// A number of his own above all he knows of; `None` when the integers are used up.
    fn next_ballot(&self) -> Option<BallotNumber> {
        let floor = self.notes.largest().max(self.heard_of);
        let ballot = BallotNumber::next(self.name, floor)?;
        self.notes.allow_trying(ballot).is_ok().then_some(ballot)
    }

    /// Says that he can try no ballot any more, if the integers are used up. `[PTP §2.2]`
    pub(super) fn say_if_out_of_numbers(&self, deed: &mut Deed) {
        let largest = self.notes.largest().max(self.heard_of);
        if let Some(last) = largest.filter(|_| self.next_ballot().is_none()) {
            self.tell_of_office(deed, Act::OutOfNumbers { last });
        }
    }

    /// Learns of a higher number, and must try a higher one still. `[PTP §2.4]`
    ///
    /// A president need not heed one whose vote his ballots do not ask for.
    ///
    /// **Departure:** §2.4 has him try again at once. So he does the first time; refused again
    /// before anything passed, he has a rival whom he does not hear, and waits longer each time,
    /// the longer the more names stand above his. So of several presidents one comes to the end.
    pub(super) fn be_refused(
        &mut self,
        now: Minutes,
        from: Name,
        ballot: BallotNumber,
        next_bal: BallotNumber,
        deed: &mut Deed,
    ) -> Result<(), Guard> {
        self.heard_of = self.heard_of.max(Some(next_bal));
        self.notes.is_my_ballot(ballot)?;
        let concerned = match &self.office {
            Office::None => false,
            Office::Trying(_) => true,
            Office::Presiding(agenda) => agenda.quorum.contains(&from),
        };
        if concerned && next_bal > ballot {
            self.tell(deed, || Act::IsRefused { ballot, from, next_bal });
            self.give_up();
            let wait = self.colleagues.presence.courtesy().in_thousandths() * self.refusals;
            self.refusals += 1;
            if wait > 0 {
                let until = now + Minutes::thousandths(wait);
                self.aside_until = until;
                self.tell_of_office(deed, Act::StandsAside { rival: next_bal, until });
            }
            self.take_chair_if_due(now, deed);
        }
        Ok(())
    }

    /// Stands down before one who has begun a higher ballot or presides in one.
    pub(super) fn stand_down(&mut self, before: Name, deed: &mut Deed) {
        if !matches!(self.office, Office::None) {
            self.tell_of_office(deed, Act::StandsDown { heard: before });
            self.give_up();
        }
    }

    /// Gives his ballot up; petitions that were under way in it wait again, so none is lost.
    pub(super) fn give_up(&mut self) {
        if let Office::Presiding(agenda) = std::mem::take(&mut self.office) {
            for (_, open) in agenda.open.iter() {
                self.petitions.wait_again(open.poll.decree(), &self.pages);
            }
        }
    }

    /// When the president's patience with those who do not answer ends.
    pub(super) fn hourglass(&self) -> Option<Minutes> {
        match &self.office {
            Office::None => None,
            Office::Trying(replies) => Some(replies.asked_at + REPLY),
            Office::Presiding(agenda) => agenda.hourglass,
        }
    }

    /// He has not reached step 3, or step 5, within 22 minutes: he starts a new ballot.
    /// `[PTP §2.4]`
    ///
    /// **Departure:** where all those asked are in the Chamber, and only a letter or a row was
    /// lost, he first asks again in the same ballot; else a long reply of which each time some
    /// row is lost would never be whole. A part of a reply buys one hourglass: unless more of it
    /// has come since he asked, and from one whom he counts still, he tries a new ballot.
    pub(super) fn see_who_is_silent(&mut self, now: Minutes, deed: &mut Deed) {
        let Some(ballot) = self.notes.last_tried() else {
            return;
        };
        let lately = now - REPLY;
        let (silent, patient) = match &self.office {
            Office::None => return,
            Office::Trying(replies) => {
                let whole: BTreeSet<Name> = replies.whole().collect();
                let silent = &self.voters() - &whole;
                let patient = replies.grow(&silent);
                (silent, patient)
            }
            Office::Presiding(agenda) => {
                let late = || {
                    agenda.open.iter().map(|(_, open)| open).filter(|open| open.asked_at <= lately)
                };
                let silent: BTreeSet<Name> =
                    late().flat_map(|open| open.poll.quorum() - open.poll.voters()).collect();
                let in_chamber = |&name: &Name| self.colleagues.heard_since(name, lately);
                let patient = silent.iter().all(in_chamber) && !late().any(|open| open.again);
                (silent, patient)
            }
        };
        if patient || self.waits_for_ever {
            if !silent.is_empty() {
                self.tell(deed, || Act::AsksAgain { ballot, silent });
            }
            self.ask_again(now, ballot, deed);
        } else {
            self.tell_of_office(deed, Act::WaitedInVain { ballot, waited: REPLY, silent });
            self.give_up();
            self.take_chair_if_due(now, deed);
        }
    }

    fn ask_again(&mut self, now: Minutes, ballot: BallotNumber, deed: &mut Deed) {
        let voters = self.voters();
        match &mut self.office {
            Office::None => {}
            Office::Trying(replies) => {
                replies.ask_again(now);
                let whole: BTreeSet<Name> = replies.whole().collect();
                let complete_through = replies.above;
                for &to in voters.difference(&whole) {
                    deed.send(to, Message::NextBallot { ballot, complete_through });
                }
            }
            Office::Presiding(agenda) => {
                let numbers: Vec<_> = agenda.open.iter().map(|(n, _)| n).collect();
                for number in numbers {
                    if let Some(open) = agenda.open.get_mut(number)
                        && open.asked_at + REPLY <= now
                    {
                        open.asked_at = now;
                        open.again = true;
                        let decree = open.poll.decree();
                        for &to in open.poll.quorum().difference(open.poll.voters()) {
                            let decree = decree.clone();
                            deed.send(to, Message::BeginBallot { ballot, number, decree });
                        }
                    }
                }
                agenda.turn_hourglass();
            }
        }
    }
}
