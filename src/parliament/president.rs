//! The president's steps, 1, 3 and 5. `[PTP §3.1]`
//!
//! He takes steps 1 and 2 once for all numbers. With a majority of replies he begins at once what
//! B3 binds, fills the gaps before it with the olive-day decree, and gives each petition the
//! lowest number he is free to choose; then a decree costs three message delays.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::agenda::Agenda;
use super::legislator::{Legislator, Office, success};
use super::olive_day;
use super::replies::Replies;
use crate::law::admission::admit_petition;
use crate::synod::conditions;
use crate::synod::deed::{Deed, Entry};
use crate::synod::notes::Poll;
use crate::words::ballot::{BallotNumber, Decree, DecreeNumber, Vote};
use crate::words::members::Membership;
use crate::words::message::Message;
use crate::words::name::Name;
use crate::words::step::{Act, Guard};
use crate::words::time::Minutes;

impl Legislator {
    // ------------------------------------------------------------------ step 1

    /// **Try New Ballot** and **Send NextBallot**, for every number at once. `[PTP §2.3 (1), §3.1]`
    pub(super) fn try_new_ballot(&mut self, now: Minutes, ballot: BallotNumber, deed: &mut Deed) {
        let above = self.pages.complete_through();
        let Ok(last_tried) = self.notes.try_ballot(ballot) else { return };
        self.office = Office::Trying(Replies::awaited(now, above));
        self.tell_of_office(deed, Act::Tries { ballot, last_tried });
        deed.ink(Entry::LastTried { ballot });
        self.ask_who_counts(deed);
    }

    /// Asks those whom he counts and has not asked in this ballot: at first everyone; later those
    /// of whose seats he has learnt meanwhile. `[PTP §3.1, §3.3.6]`
    ///
    /// Who votes on the numbers he may begin, known + 1 to known + α, is the law as of known; so
    /// with each decree he learns while he tries, he may come to count others. Whom he asks, whom he
    /// counts and whom he calls silent is therefore one set at every moment,
    /// [`Legislator::voters`]. If he counted somebody whom he never asked, he could wait for ever
    /// with a majority inside.
    ///
    /// Counting by what he knows now is as safe as counting by what he knew when he tried. He
    /// begins no number n above known + α, so the members as of n − α, who vote on n, are settled
    /// and the same to everyone; and `Poll::open` asks for a majority of them, for each number
    /// anew, whoever was counted before (B2). Everyone he counts was asked in this one ballot about
    /// every number above `above`, which is no larger than known; so the replies of n's quorum
    /// hold its promises and its last votes for n (B3), whenever each of them was asked. A larger
    /// or smaller set of the asked only decides when he begins.
    fn ask_who_counts(&mut self, deed: &mut Deed) {
        let (voters, ballot) = (self.voters(), self.notes.last_tried());
        let (Office::Trying(replies), Some(ballot)) = (&mut self.office, ballot) else { return };
        let complete_through = replies.above;
        for &to in voters.difference(&replies.asked) {
            deed.send(to, Message::NextBallot { ballot, complete_through });
        }
        replies.asked.extend(voters);
    }

    // ------------------------------------------------------------------ step 3

    /// **Receive LastVote**, one row of a reply; with a majority of whole replies he presides.
    /// `[PTP §2.3 (3), §3.1]`
    ///
    /// Where a change of members is under way, it must be a majority of those who vote on each
    /// number open to him. `[PTP §3.3.6]`
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
        let known = self.pages.complete_through();
        let members = self.membership_for(known + 1);
        let weight = members.weight_of(quorum.iter().copied());
        let whole = members.weight_of(members.names());
        self.tell(deed, || Act::HearsLastVote { ballot, from, vote: reported, weight, of: whole });
        self.preside_with_a_majority(now, deed);
        Ok(())
    }

    /// Presides, if those who have replied are a majority of the members of every list that votes
    /// on a number open to him. `[PTP §2.3 (3), §3.3.6]`
    fn preside_with_a_majority(&mut self, now: Minutes, deed: &mut Deed) {
        let Office::Trying(replies) = &self.office else { return };
        let quorum: BTreeSet<Name> = replies.whole().collect();
        let known = self.pages.complete_through();
        let majority = |members: &Membership| members.is_majority(quorum.iter().copied());
        if self.pages.seats().in_window_after(known).all(majority) {
            let agenda = Agenda::of(replies, quorum, &self.pages, self.window);
            self.office = Office::Presiding(agenda);
            self.send_name(now, deed);
            self.propose(now, deed);
        }
    }

    /// Begins every number there is a decree for: what B3 binds and gaps first, then petitions,
    /// as far as the window of α numbers reaches. `[PTP §3.1, §3.3.6]`
    pub(super) fn propose(&mut self, now: Minutes, deed: &mut Deed) {
        let window = self.window;
        loop {
            let known_through = self.pages.complete_through();
            let left_behind = self.is_left_behind();
            let Office::Presiding(agenda) = &mut self.office else {
                return;
            };
            agenda.next = agenda.next.max(known_through + 1);
            while self.pages.outcome(agenda.next).is_some() {
                agenda.bound.remove(&agenda.next);
                agenda.next += 1;
            }
            let number = agenda.next;
            // What he learns from another is passed, and what he gives a number below comes too late.
            let is_bound = agenda.bound.contains_key(&number);
            let begun = || agenda.open.iter().map(|(number, _)| number);
            let is_overtaken =
                number < self.pages.last() && number < self.pages.reach(window, begun());
            let free = number > agenda.free_above && !is_overtaken && !is_bound;
            if left_behind && !is_overtaken && number < self.pages.last() {
                return self.catch_up_with_ballots(now, deed);
            }
            if number > known_through + window {
                let waits = !free || !self.petitions.is_empty();
                let begins_to_wait = waits && !std::mem::replace(&mut agenda.held_back, waits);
                if begins_to_wait {
                    self.tell_of_office(deed, Act::HeldBack { number, alpha: window });
                }
                return;
            }
            let Some((wish, is_petition)) = self.wish(now, number, free, deed) else {
                return self.hold_nothing_back();
            };
            if self.begin(now, number, &wish, deed).is_err() {
                if is_petition {
                    self.petitions.put_back(wish);
                }
                // Others vote on this number than on those before: he asks them for their votes.
                self.give_up();
                return self.take_chair_if_due(now, deed);
            }
        }
    }

    /// Whether a decree that he knows passed in a ballot above his own: others have gone on under
    /// another president, and what he takes for a free number may be passed. `[PTP §2.4]`
    fn is_left_behind(&self) -> bool {
        let passed_in = self.pages.last_passed_in();
        passed_in > self.notes.last_tried() && passed_in.is_some_and(|it| !self.notes.is_far(it))
    }

    /// Tries a ballot above all in which a decree that he knows has passed, so that those who vote
    /// in it tell him what they know.
    fn catch_up_with_ballots(&mut self, now: Minutes, deed: &mut Deed) {
        self.heard_of = self.heard_of.max(self.pages.last_passed_in());
        self.give_up();
        self.take_chair_if_due(now, deed);
    }

    /// What he would give `number`, if he has anything: the olive day where he must, else a
    /// redundant decree when it is time for one, else a petition, of which he says that it is one.
    fn wish(
        &mut self,
        now: Minutes,
        number: DecreeNumber,
        free: bool,
        deed: &mut Deed,
    ) -> Option<(Decree, bool)> {
        if !free || self.is_olive_day(number) {
            return Some((olive_day(), false));
        }
        if self.is_to_restate(now) {
            // What he restates must be the law, so every decree before must be known.
            if number > self.pages.complete_through() + 1 {
                return None;
            }
            if let Some(redundant) = self.restatement(now) {
                return Some((redundant, false));
            }
        }
        self.next_petition(deed).map(|petition| (petition, true))
    }

    fn hold_nothing_back(&mut self) {
        if let Office::Presiding(agenda) = &mut self.office {
            agenda.held_back = false;
        }
    }

    /// Whether `number` follows too closely on a change of members, inked or begun. `[PTP §3.3.6]`
    fn is_olive_day(&self, number: DecreeNumber) -> bool {
        let begun = match &self.office {
            Office::Presiding(agenda) => agenda.change,
            _ => None,
        };
        let follows = |change| self.pages.seats().is_olive_day(number, change);
        begun.is_some_and(follows) || self.pages.is_olive_day(number)
    }

    /// The oldest petition that is neither passed nor under a number already, and that may be asked
    /// for: one that was written by hand has met no command that refuses it. B3 may bind him to such
    /// a decree all the same.
    fn next_petition(&mut self, deed: &mut Deed) -> Option<Decree> {
        loop {
            let Office::Presiding(agenda) = &self.office else {
                return None;
            };
            let decree = self.petitions.take_oldest()?;
            let known = |id: &str| self.pages.has_passed(id) || agenda.proposed.has(id);
            if decree.petition().is_some_and(known) {
                continue;
            }
            match admit_petition(&decree, self.pages.seats(), || self.pages.law()) {
                Ok(()) => return Some(decree),
                Err(why) => {
                    self.tell_of_office(deed, Act::Declines { decree, why: why.to_string() });
                }
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
        let ballot = self.notes.last_tried().ok_or(Guard::NothingToSend)?;
        let members = self.pages.seats().voting_on(number);
        let Office::Presiding(agenda) = &mut self.office else {
            return Err(Guard::Status { is: self.office.as_str(), not: "presiding" });
        };
        let quorum = agenda.voting_in(members);
        let bound_by = agenda.bound.remove(&number);
        let decree = conditions::choice(&bound_by).unwrap_or(wish).clone();
        let poll =
            Poll::open(Arc::clone(&quorum), decree.clone(), members).ok_or(Guard::NoMajority)?;
        agenda.begin(now, number, poll);
        for &to in quorum.iter().filter(|&&to| to != self.name) {
            deed.send(to, Message::BeginBallot { ballot, number, decree: decree.clone() });
        }
        self.tell(deed, || Act::Begins {
            ballot,
            number,
            decree: decree.clone(),
            quorum: (*quorum).clone(),
            bound_by,
        });
        let in_quorum = quorum.contains(&self.name);
        deed.ink(Entry::BeginBallot { number, ballot, decree: decree.clone(), quorum });
        if in_quorum {
            // He needs no messenger to ask himself; his Voted still waits for the ink.
            self.receive_begin_ballot(now, ballot, number, decree, deed).unwrap_or_default();
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
        let open = agenda.open.get_mut(number).ok_or(Guard::Known { number })?;
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
        let Some(open) = agenda.open.remove(number) else {
            return Ok(());
        };
        self.refusals = 0;
        let decree = open.poll.decree().clone();
        self.pages.ink(number, decree.clone(), Some(ballot))?;
        self.see_who_sits();
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

    /// Goes on from decrees learnt from another. One who tries asks those whom he counts since
    /// then; they may also leave him with a majority.
    pub(super) fn go_on_from_what_is_learnt(&mut self, now: Minutes, deed: &mut Deed) {
        match self.office {
            Office::None => {}
            Office::Trying(_) => {
                self.ask_who_counts(deed);
                self.preside_with_a_majority(now, deed);
            }
            Office::Presiding(_) => self.close_what_is_known(now, deed),
        }
    }

    /// A president who learns outcomes from another holds no poll on them any more. What stood
    /// there waits for a number again, unless it is passed.
    fn close_what_is_known(&mut self, now: Minutes, deed: &mut Deed) {
        let Office::Presiding(agenda) = &mut self.office else { return };
        let open = agenda.open.iter().map(|(number, _)| number);
        let known: Vec<DecreeNumber> = open.filter(|&it| self.pages.knows(it)).collect();
        for open in known.into_iter().filter_map(|number| agenda.open.remove(number)) {
            let decree = open.poll.decree();
            agenda.proposed.remove(decree.petition().unwrap_or_default());
            self.petitions.wait_again(decree, &self.pages);
        }
        self.propose(now, deed);
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
