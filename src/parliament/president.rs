//! The president's steps, 1, 3 and 5, and how petitions reach him. `[PTP §3.1, §3.3.1]`
//!
//! He takes steps 1 and 2 once for all numbers. With a majority of replies he begins at once what
//! B3 binds, fills the gaps before it with the olive-day decree, and gives each petition the
//! lowest number he is free to choose; then a decree costs three message delays.

use std::collections::BTreeSet;

use super::FAR_BEHIND;
use super::agenda::Agenda;
use super::legislator::{Legislator, Office, success};
use super::olive_day;
use super::replies::Replies;
use crate::synod::ballot::{BallotNumber, Decree, DecreeNumber, Vote};
use crate::synod::conditions;
use crate::synod::deed::{Deed, Entry};
use crate::synod::message::Message;
use crate::synod::name::Name;
use crate::synod::notes::Poll;
use crate::synod::step::{Act, Guard};
use crate::synod::time::{Minutes, REPLY};

impl Legislator {
    // ------------------------------------------------------------------ step 1

    /// Takes the chair if nobody stands before him, which is to try a new ballot for every number
    /// at once. `[PTP §2.3 (1), §3.1, §3.3.1]`
    pub(super) fn take_chair_if_due(&mut self, now: Minutes, deed: &mut Deed) {
        if self.chair_at().is_none_or(|at| at > now) {
            return;
        }
        let mine = self.pages.complete_through();
        let last_tried = self.notes.last_tried;
        let Some(ballot) = self.next_ballot() else {
            return;
        };
        self.notes.last_tried = Some(ballot);
        self.office = Office::Trying(Replies::awaited(now, mine));
        let silent_for = self.colleagues.presence.waited();
        self.tell(deed, || Act::Presides { silent_for });
        self.tell(deed, || Act::Tries { ballot, last_tried });
        deed.ink(Entry::LastTried { ballot });
        let members = self.membership_for(mine + 1).names();
        for to in members {
            deed.send(to, Message::NextBallot { ballot, complete_through: mine });
        }
    }

    /// When he may take the chair, if he hears nobody until then.
    pub(super) fn chair_at(&self) -> Option<Minutes> {
        let may_try = matches!(self.office, Office::None) && self.next_ballot().is_some();
        let free_at = || self.colleagues.chair_at(self.pages.complete_through());
        may_try.then(|| free_at().max(self.aside_until))
    }

    /// A number of his own above all he knows of; `None` when the integers are used up.
    fn next_ballot(&self) -> Option<BallotNumber> {
        let floor = self.notes.largest().max(self.heard_of);
        let ballot = BallotNumber::next(self.name, floor)?;
        self.notes.allow_trying(ballot).is_ok().then_some(ballot)
    }

    // ------------------------------------------------------------------ step 3

    /// **Receive LastVote**, one row of a reply; with a majority of whole replies he presides.
    /// `[PTP §2.3 (3), §3.1]`
    pub(super) fn receive_last_vote(
        &mut self,
        now: Minutes,
        from: Name,
        ballot: BallotNumber,
        vote: Option<(DecreeNumber, Vote)>,
        of: u64,
        deed: &mut Deed,
    ) -> Result<(), Guard> {
        self.notes.is_my_ballot(ballot)?;
        let Office::Trying(replies) = &mut self.office else {
            return Err(Guard::Status { is: self.office.as_str(), not: "trying" });
        };
        let reported = vote.as_ref().map(|(_, vote)| vote.clone());
        replies.hear(from, vote, of);
        let quorum: BTreeSet<Name> = replies.whole().collect();
        let members = self.membership_for(self.pages.complete_through() + 1);
        let weight = members.weight_of(quorum.iter().copied());
        let whole = members.weight_of(members.names());
        self.tell(deed, || Act::HearsLastVote { ballot, from, vote: reported, weight, of: whole });
        let Office::Trying(replies) = &self.office else {
            return Ok(());
        };
        if members.is_majority(quorum.iter().copied()) {
            let agenda = Agenda::of(replies, quorum, self.pages.last());
            self.office = Office::Presiding(agenda);
            self.presidency = self.presidency.max(Some(ballot));
            self.send_name(now, deed);
            self.propose(now, deed);
        }
        Ok(())
    }

    /// Begins every number there is a decree for: what B3 binds and gaps first, then petitions,
    /// as far as the window of α numbers reaches. `[PTP §3.1, §3.3.6]`
    pub(super) fn propose(&mut self, now: Minutes, deed: &mut Deed) {
        let alpha = self.founding.alpha;
        loop {
            let known_through = self.pages.complete_through();
            let Office::Presiding(agenda) = &mut self.office else {
                return;
            };
            agenda.next = agenda.next.max(known_through + 1);
            while self.pages.outcome(agenda.next).is_some() {
                agenda.bound.remove(&agenda.next);
                agenda.next += 1;
            }
            let number = agenda.next;
            let free = number > agenda.free_above;
            if number > known_through + alpha {
                let waits = !free || !self.petitions.is_empty();
                let begins_to_wait = waits && !std::mem::replace(&mut agenda.held_back, waits);
                if begins_to_wait {
                    self.tell(deed, || Act::HeldBack { number, alpha });
                }
                return;
            }
            agenda.held_back = false;
            let wish = if free { self.next_petition() } else { Some(olive_day()) };
            let Some(wish) = wish else {
                return;
            };
            if self.begin(now, number, &wish, deed).is_err() {
                self.petitions.take(wish);
                return;
            }
        }
    }

    /// The oldest petition that is neither passed nor under a number already.
    fn next_petition(&mut self) -> Option<Decree> {
        let Office::Presiding(agenda) = &self.office else {
            return None;
        };
        loop {
            let decree = self.petitions.take_oldest()?;
            let known = |id: &str| self.pages.has_passed(id) || agenda.proposed.has(id);
            if !decree.petition().is_some_and(known) {
                return Some(decree);
            }
        }
    }

    /// **Start Polling Majority Set Q** and **Send BeginBallot**, for one number: for the decree
    /// that B3 demands, or for `wish` where the choice is free. `[PTP §2.3 (3)]`
    fn begin(
        &mut self,
        now: Minutes,
        number: DecreeNumber,
        wish: &Decree,
        deed: &mut Deed,
    ) -> Result<(), Guard> {
        let ballot = self.notes.last_tried.ok_or(Guard::NothingToSend)?;
        let members = &self.founding.clone().membership;
        let Office::Presiding(agenda) = &mut self.office else {
            return Err(Guard::Status { is: self.office.as_str(), not: "presiding" });
        };
        let bound_by = agenda.bound.remove(&number);
        let decree = conditions::choice(&bound_by).unwrap_or(wish).clone();
        let quorum = agenda.quorum.clone();
        let poll = Poll::open(quorum.clone(), decree.clone(), members).ok_or(Guard::NoMajority)?;
        agenda.begin(now, number, poll);
        for &to in quorum.iter().filter(|&&to| to != self.name) {
            deed.send(to, Message::BeginBallot { ballot, number, decree: decree.clone() });
        }
        self.tell(deed, || Act::Begins {
            ballot,
            number,
            decree: decree.clone(),
            quorum: quorum.clone(),
            bound_by,
        });
        let in_quorum = quorum.contains(&self.name);
        deed.ink(Entry::BeginBallot { number, ballot, decree: decree.clone(), quorum });
        if in_quorum {
            // He needs no messenger to ask himself; his Voted still waits for the ink.
            self.receive_begin_ballot(ballot, number, decree, deed).unwrap_or_default();
        }
        Ok(())
    }

    // ------------------------------------------------------------------ step 5

    /// **Receive Voted**, **Succeed** and **Send Success**, for one number. `[PTP §2.3 (5)]`
    pub(super) fn receive_voted(
        &mut self,
        now: Minutes,
        from: Name,
        ballot: BallotNumber,
        number: DecreeNumber,
        deed: &mut Deed,
    ) -> Result<(), Guard> {
        self.notes.is_my_ballot(ballot)?;
        let silent = self.is_silent();
        let Office::Presiding(agenda) = &mut self.office else {
            return Err(Guard::Status { is: self.office.as_str(), not: "presiding" });
        };
        let open = agenda.open.get_mut(&number).ok_or(Guard::Known { number })?;
        open.poll.hear(from)?;
        let successful = open.poll.is_successful();
        if !silent {
            let missing = open.poll.quorum() - open.poll.voters();
            self.tell(deed, || Act::HearsVoted { ballot, number, from, missing });
        }
        if successful {
            self.succeed(number, ballot, deed)?;
            self.propose(now, deed);
        }
        Ok(())
    }

    fn succeed(
        &mut self,
        number: DecreeNumber,
        ballot: BallotNumber,
        deed: &mut Deed,
    ) -> Result<(), Guard> {
        let Office::Presiding(agenda) = &mut self.office else {
            return Ok(());
        };
        let Some(open) = agenda.open.remove(&number) else {
            return Ok(());
        };
        self.refusals = 0;
        let decree = open.poll.decree().clone();
        self.pages.ink(number, decree.clone(), Some(ballot))?;
        self.tell(deed, || Act::Passes {
            ballot,
            number,
            decree: decree.clone(),
            inked_before: false,
        });
        if let Some(page) = self.pages.outcome(number) {
            for to in self.others() {
                deed.send(to, success(number, page));
            }
        }
        deed.ink(Entry::Outcome { number, decree, ballot: Some(ballot) });
        Ok(())
    }

    /// A president who learns an outcome from another holds no poll on it any more.
    pub(super) fn close(&mut self, now: Minutes, number: DecreeNumber, deed: &mut Deed) {
        if let Office::Presiding(agenda) = &mut self.office {
            agenda.open.remove(&number);
            self.propose(now, deed);
        }
    }

    // ------------------------------------------------------------- the chair

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
                self.tell(deed, || Act::StandsAside { rival: next_bal, until });
            }
            self.take_chair_if_due(now, deed);
        }
        Ok(())
    }

    /// Stands down before one who has begun a higher ballot or presides in one.
    pub(super) fn stand_down(&mut self, before: Name, deed: &mut Deed) {
        if !matches!(self.office, Office::None) {
            self.tell(deed, || Act::StandsDown { heard: before });
            self.give_up();
        }
    }

    /// Gives his ballot up; petitions that were under way in it wait again, so none is lost.
    fn give_up(&mut self) {
        if let Office::Presiding(agenda) = std::mem::take(&mut self.office) {
            let chosen = agenda.open.into_iter().filter(|(number, _)| *number > agenda.free_above);
            let decrees = chosen.map(|(_, open)| open.poll.decree().clone());
            for decree in decrees.filter(|decree| decree.petition().is_some()) {
                self.petitions.take(decree);
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
    /// row is lost would never be whole.
    pub(super) fn see_who_is_silent(&mut self, now: Minutes, deed: &mut Deed) {
        let Some(ballot) = self.notes.last_tried else {
            return;
        };
        let lately = now - REPLY;
        let (silent, patient) = match &self.office {
            Office::None => return,
            Office::Trying(replies) => {
                let whole: BTreeSet<Name> = replies.whole().collect();
                let members = self.membership_for(replies.above + 1).names();
                (members.filter(|name| !whole.contains(name)).collect(), replies.are_in_part())
            }
            Office::Presiding(agenda) => {
                let late = || agenda.open.values().filter(|open| open.asked_at <= lately);
                let silent: BTreeSet<Name> =
                    late().flat_map(|open| open.poll.quorum() - open.poll.voters()).collect();
                let in_chamber = |&name: &Name| self.colleagues.heard_since(name, lately);
                let patient = silent.iter().all(in_chamber) && !late().any(|open| open.again);
                (silent, patient)
            }
        };
        if patient {
            if !silent.is_empty() {
                self.tell(deed, || Act::AsksAgain { ballot, silent });
            }
            self.ask_again(now, ballot, deed);
        } else {
            self.tell(deed, || Act::WaitedInVain { ballot, waited: REPLY, silent });
            self.give_up();
            self.take_chair_if_due(now, deed);
        }
    }

    fn ask_again(&mut self, now: Minutes, ballot: BallotNumber, deed: &mut Deed) {
        match &mut self.office {
            Office::None => {}
            Office::Trying(replies) => {
                replies.asked_at = now;
                let whole: Vec<Name> = replies.whole().collect();
                let complete_through = replies.above;
                for to in self.founding.membership.names().filter(|name| !whole.contains(name)) {
                    deed.send(to, Message::NextBallot { ballot, complete_through });
                }
            }
            Office::Presiding(agenda) => {
                for (&number, open) in &mut agenda.open {
                    if open.asked_at + REPLY <= now {
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

    // -------------------------------------------------------------- petitions

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
        } else if from == self.name || !self.founding.membership.has(from) {
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
        let new = self.presidency < Some(ballot);
        self.presidency = self.presidency.max(Some(ballot));
        let waited_long = self.petitions.handed_on_at + REPLY <= now;
        if (new || waited_long) && !self.petitions.is_empty() {
            self.hand_on_petitions(now, deed);
        }
    }

    /// Another who presides, as far as he knows.
    fn president(&self) -> Option<Name> {
        self.presidency.map(|ballot| ballot.owner).filter(|&name| name != self.name)
    }
}

impl Office {
    /// The office in a word.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Office::None => "none",
            Office::Trying(_) => "trying",
            Office::Presiding(_) => "presiding",
        }
    }
}
