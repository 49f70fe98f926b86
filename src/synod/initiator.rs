//! The complete Synod protocol: a priest who acts promptly, and an hourglass. `[PTP §2.4]`
//!
//! The basic protocol says what a priest *may* do; this says when he does it. He does at once
//! everything that a letter enables. If he presides, he starts a new ballot when the last one has
//! not reached step 3, or step 5, within 22 minutes, or when he has learnt of a higher number.

use super::acting::Acting;
use super::deed::Deed;
use super::mortal::Mortal;
use super::notes::Unheeded;
use super::presence::Presence;
use super::priest::{Priest, Status};
use crate::words::Entry;
use crate::words::ballot::SYNODS_DECREE;
use crate::words::ballot::{BallotNumber, Decree, DecreeNumber};
use crate::words::message::{Kind, Message};
use crate::words::name::Name;
use crate::words::step::{Act, Guard};
use crate::words::time::{Minutes, REPLY};

/// A priest in the Chamber with his hourglass, and perhaps a decree he wishes to see passed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Initiator<P = Priest> {
    acting: P,
    presence: Presence,
    wish: Option<Decree>,
    presiding: bool,
    /// The largest ballot number in letters from others.
    heard_of: Option<BallotNumber>,
    /// Until when he lets a rival finish.
    aside_until: Minutes,
    /// When he starts a new ballot, if the present one does not end before.
    hourglass: Option<Minutes>,
}

impl<P: Acting> Initiator<P> {
    /// An initiator from one who acts as a priest, his knowledge of who presides, and the decree he would propose.
    #[must_use]
    pub fn new(acting: P, presence: Presence, wish: Option<Decree>) -> Initiator<P> {
        Initiator {
            acting,
            presence,
            wish,
            presiding: false,
            heard_of: None,
            aside_until: Minutes::ZERO,
            hourglass: None,
        }
    }

    /// The priest.
    #[must_use]
    pub fn priest(&self) -> &Priest {
        self.acting.priest()
    }

    /// The same initiator, in whose place another one acts.
    pub(crate) fn acted_by<Q: Acting>(self, other: impl FnOnce(P) -> Q) -> Initiator<Q> {
        let Initiator { acting, presence, wish, presiding, heard_of, aside_until, hourglass } =
            self;
        let acting = other(acting);
        Initiator { acting, presence, wish, presiding, heard_of, aside_until, hourglass }
    }

    /// Reads one letter. His letters to himself in the deed are not read yet.
    fn read(&mut self, now: Minutes, from: Name, message: Message) -> Deed {
        let (kind, ballot) = (message.kind(), message.ballot());
        if let Err(guard) = self.priest().heed(&message, from) {
            return self.ignore(kind, from, ballot, guard);
        }
        let mut deed = Deed::nothing();
        if self.presence.hear(now, from) && self.presiding {
            self.presiding = false;
            self.hourglass = None;
            deed = self.told(|| Act::StandsDown { heard: from });
        }
        let answer = match message {
            Message::NextBallot { ballot, .. } => {
                deed.absorb(self.hear_of_rival(now, ballot));
                self.acting.answer_next_ballot(ballot)
            }
            Message::LastVote { ballot, vote, .. } => self
                .acting
                .receive_last_vote(from, ballot, vote.map(|(_, vote)| vote))
                .map(|heard| heard.then(self.poll(now))),
            Message::BeginBallot { ballot, decree, .. } => {
                deed.absorb(self.hear_of_rival(now, ballot));
                self.acting.answer_begin_ballot(ballot, decree)
            }
            Message::Voted { ballot, .. } => {
                self.acting.receive_voted(from, ballot).map(|heard| heard.then(self.conclude()))
            }
            Message::Success { ballot, decree, .. } => {
                self.hourglass = None;
                self.acting.receive_success(from, ballot, decree)
            }
            Message::Refused { ballot, next_bal } => self.be_refused(now, from, ballot, next_bal),
            Message::Presence { last_tried, complete_through, .. } => {
                self.heard_of = self.heard_of.max(last_tried);
                Ok(if self.presiding {
                    self.tell_of_outcome(from, complete_through)
                } else {
                    Deed::nothing()
                })
            }
            Message::Inquiry { above, .. } => Ok(self.tell_of_outcome(from, above)),
            Message::Failed { .. } | Message::Petition { .. } | Message::LawBook { .. } => {
                Err(Guard::NoUse)
            }
        };
        deed.then(answer.unwrap_or_else(|guard| {
            let letter = Unheeded { message: kind, from, ballot, guard };
            let (act, refused) = self.priest().notes().refuse_or_ignore(self.name(), letter);
            refused.into_iter().fold(self.told(|| act), |deed, refused| deed.sending(from, refused))
        }))
    }

    /// Starts a new ballot above every number he knows. `[PTP §2.3 (1)]`
    fn try_again(&mut self, now: Minutes) -> Deed {
        let floor = self.priest().notes().largest().max(self.heard_of);
        self.hourglass = Some(now + REPLY);
        let Some(ballot) = BallotNumber::next(self.priest().name(), floor) else {
            self.hourglass = None;
            return floor
                .map_or_else(Deed::nothing, |last| self.told(|| Act::OutOfNumbers { last }));
        };
        self.acting.try_ballot(ballot).unwrap_or_default()
    }

    /// Begins the ballot as soon as a majority set has replied. `[PTP §2.3 (3)]`
    fn poll(&mut self, now: Minutes) -> Deed {
        let Some(wish) = self.wish.as_ref().or(self.priest().outcome()).cloned() else {
            return Deed::nothing();
        };
        let Ok(begun) = self.acting.begin_ballot(&wish) else {
            return Deed::nothing();
        };
        // If he has stood down meanwhile, he may end this ballot, but starts no other.
        let is_open = *self.priest().status() != Status::Idle;
        self.hourglass = (self.presiding && is_open).then(|| now + REPLY);
        begun
    }

    /// Ends the ballot as soon as the whole quorum has voted. `[PTP §2.3 (5)]`
    fn conclude(&mut self) -> Deed {
        match self.acting.conclude() {
            Ok(passed) => {
                self.hourglass = None;
                passed
            }
            Err(Guard::Unfinished { .. }) => Deed::nothing(),
            Err(guard) => {
                let (from, ballot) = (self.priest().name(), self.priest().notes().last_tried());
                self.ignore(Kind::Voted, from, ballot, guard)
            }
        }
    }

    fn send_success_to_all(&self) -> Deed {
        self.priest().to_others(Deed::nothing(), |priest, to| priest.send_success(to))
    }

    /// Tells the decree to a priest who lacks it.
    fn tell_of_outcome(&self, to: Name, complete_through: DecreeNumber) -> Deed {
        match self.priest().send_success(to) {
            Ok(success) if complete_through < SYNODS_DECREE && to != self.priest().name() => {
                self.told(|| Act::Tells { number: SYNODS_DECREE, to }).then(success)
            }
            _ => Deed::nothing(),
        }
    }

    /// Notes that another's ballot is under way. A president with a ballot of his own lets the other
    /// finish first, so that two presidents do not stop each other again and again.
    fn hear_of_rival(&mut self, now: Minutes, ballot: BallotNumber) -> Deed {
        if ballot.owner == self.priest().name() {
            return Deed::nothing();
        }
        self.heard_of = self.heard_of.max(Some(ballot));
        if self.hourglass.is_none() || Some(ballot) <= self.priest().notes().last_tried() {
            return Deed::nothing();
        }
        self.aside_until = now + self.presence.courtesy();
        self.hourglass = Some(self.aside_until);
        if self.presence.insists() {
            return Deed::nothing();
        }
        self.told(|| Act::StandsAside { rival: ballot, until: self.aside_until })
    }

    /// **Receive Refused**: he learns of a higher number, and must try a number above it.
    /// `[PTP §2.4]`
    fn be_refused(
        &mut self,
        now: Minutes,
        from: Name,
        ballot: BallotNumber,
        next_bal: BallotNumber,
    ) -> Result<Deed, Guard> {
        self.heard_of = self.heard_of.max(Some(next_bal));
        self.priest().notes().is_my_ballot(ballot)?;
        let heard = self.told(|| Act::IsRefused { ballot, from, next_bal });
        if self.hourglass.is_some() && next_bal > ballot {
            self.hourglass = Some(self.aside_until.max(now));
        }
        Ok(heard.then(self.start_ballot_if_due(now)))
    }

    fn start_ballot_if_due(&mut self, now: Minutes) -> Deed {
        if self.hourglass.is_some_and(|due| due <= now) {
            self.try_again(now)
        } else {
            Deed::nothing()
        }
    }

    fn ignore(
        &self,
        message: Kind,
        from: Name,
        ballot: Option<BallotNumber>,
        guard: Guard,
    ) -> Deed {
        self.told(|| Act::Ignores { message, from, ballot, guard })
    }

    /// The priests who were asked in the present ballot and have not answered.
    fn silent(&self) -> std::collections::BTreeSet<Name> {
        match self.priest().status() {
            Status::Idle => Default::default(),
            Status::Trying { prev_votes } => self
                .priest()
                .members()
                .names()
                .filter(|name| !prev_votes.contains_key(name))
                .collect(),
            Status::Polling(poll) => poll.quorum() - poll.voters(),
        }
    }

    fn told(&self, act: impl FnOnce() -> Act) -> Deed {
        self.priest().told(act)
    }

    /// Sends his name to all. `[PTP §2.4]`
    fn send_name(&mut self, now: Minutes) -> Deed {
        self.presence.name_has_gone_out(now);
        let message = Message::Presence {
            last_tried: self.priest().notes().last_tried(),
            complete_through: if self.priest().outcome().is_some() { SYNODS_DECREE } else { 0 },
            presides: self.presiding.then_some(self.priest().notes().last_tried()).flatten(),
        };
        let others = self.priest().members().names().filter(|&to| to != self.priest().name());
        others.fold(self.told(|| Act::SendsName), |deed, to| deed.sending(to, message.clone()))
    }
}

impl<P: Acting> Mortal for Initiator<P> {
    fn name(&self) -> Name {
        self.priest().name()
    }

    fn enter(&mut self, now: Minutes) -> Deed {
        self.leave();
        self.presence.enter(now);
        let far = self.priest().notes().far_beyond_all();
        let far = far.map(|largest| self.told(|| Act::CountsFar { largest })).unwrap_or_default();
        Deed::nothing().inking(Entry::Entered).then(far).then(self.look_at_hourglass(now))
    }

    fn receive(&mut self, now: Minutes, from: Name, message: Message) -> Deed {
        let mut deed = self.read(now, from, message);
        if self.presence.insists() {
            // Another's higher ballot stops his own, unless he tries a still higher one. `[PTP §2.4]`
            deed.absorb(self.start_ballot_if_due(now));
        }
        loop {
            let own = deed.take_own_words(self.name());
            if own.is_empty() {
                return deed;
            }
            for message in own {
                let me = self.name();
                deed.absorb(self.read(now, me, message));
            }
        }
    }

    fn look_at_hourglass(&mut self, now: Minutes) -> Deed {
        let mut deed = Deed::nothing();
        if self.presence.name_due() <= now {
            deed.absorb(self.send_name(now));
        }
        if !self.presiding && self.presence.presides(now) {
            self.presiding = true;
            let silent_for = self.presence.waited();
            deed.absorb(self.told(|| Act::Presides { silent_for }));
            if self.wish.is_some() {
                self.hourglass = Some(now);
            } else {
                deed.absorb(self.send_success_to_all());
            }
        } else if self.hourglass.is_some_and(|due| due <= now)
            && let Some(ballot) = self.priest().notes().last_tried()
            && self.aside_until < now
        {
            let silent = self.silent();
            deed.absorb(self.told(|| Act::WaitedInVain { ballot, waited: REPLY, silent }));
        }
        deed.then(self.start_ballot_if_due(now))
    }

    fn alarm(&self) -> Option<Minutes> {
        let presides_at = (!self.presiding).then(|| self.presence.presides_at());
        [Some(self.presence.name_due()), presides_at, self.hourglass].into_iter().flatten().min()
    }

    fn leave(&mut self) {
        self.acting.forget();
        self.presiding = false;
        self.hourglass = None;
    }

    fn outcome(&self, number: DecreeNumber) -> Option<&Decree> {
        self.priest().outcome().filter(|_| number == SYNODS_DECREE)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::synod::notes::FARTHEST_AHEAD;
    use crate::words::step::Step;
    use crate::words::time::PRESENCE;
    use crate::words::{Founding, Vote};

    fn name(text: &str) -> Name {
        text.parse().unwrap()
    }

    /// Lynch, who wishes to pass a decree, and has promised Oki a ballot of this integer.
    fn lynch(round: u64, presides: bool) -> Initiator {
        let members = Arc::new("Gray Lynch Oki".parse::<Founding>().unwrap().membership);
        let rows = [Entry::NextBal { ballot: BallotNumber { round, owner: name("Oki") } }];
        let presence = Presence::new(name("Lynch"), &members, PRESENCE);
        let priest = Priest::from_ledger(name("Lynch"), members, &rows);
        let mut lynch = Initiator::new(priest, presence, Decree::new("Goats").ok());
        let _ = lynch.enter(Minutes::ZERO);
        if presides {
            let _ = lynch.look_at_hourglass(PRESENCE + Minutes::whole(1));
        }
        lynch
    }

    /// The letters from `from` in which Lynch would heed a ballot of this integer.
    fn heard(lynch: &Initiator, from: Name, round: u64) -> [Message; 6] {
        let far = BallotNumber { round, owner: from };
        let tried = lynch.priest().notes().last_tried();
        let ballot = tried.unwrap_or(BallotNumber { round: 1, owner: name("Lynch") });
        let decree = || Decree::new("Figs").unwrap();
        let vote = Some((SYNODS_DECREE, Vote { priest: from, ballot: far, decree: decree() }));
        let presence =
            |last_tried, presides| Message::Presence { last_tried, complete_through: 0, presides };
        [
            Message::NextBallot { ballot: far, complete_through: 0 },
            Message::BeginBallot { ballot: far, number: SYNODS_DECREE, decree: decree() },
            Message::LastVote { ballot, vote, of: 1 },
            Message::Refused { ballot, next_bal: far },
            presence(Some(far), None),
            presence(None, Some(far)),
        ]
    }

    proptest! {
        #[test]
        fn no_priest_heeds_a_ballot_that_is_far_ahead(
            (round, presides) in (1u64..1000, any::<bool>()),
            (is_gray, kind) in (any::<bool>(), 0usize..6),
            beyond in prop_oneof![1u64..100, 1u64..1 << 52],
        ) {
            let (now, from) = (PRESENCE + Minutes::whole(2), name(if is_gray { "Gray" } else { "Oki" }));
            let before = lynch(round, presides);
            let known = before.priest().notes().largest().unwrap().round;
            let mut lynch = before.clone();
            let far = heard(&lynch, from, known + FARTHEST_AHEAD + beyond)[kind].clone();
            let deed = lynch.receive(now, from, far);
            prop_assert!(deed.is_idle() && lynch == before, "{deed:?}");
            let nearest = heard(&lynch, from, known + FARTHEST_AHEAD)[kind].clone();
            let deed = lynch.receive(now, from, nearest);
            let is_far = |step: &Step| {
                matches!(&step.act, Act::Ignores { guard: Guard::BallotFarAhead { .. }, .. })
            };
            prop_assert!(!deed.steps().iter().any(is_far), "{deed:?}");
        }
    }
}
