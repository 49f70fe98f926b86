//! A legislator in the Chamber: entering, reading letters, the hourglass, leaving. `[PTP §2.4]`

use super::FAR_BEHIND;
use super::legislator::{Legislator, Office};
use super::petitions::Petitions;
use crate::synod::deed::{Deed, Entry};
use crate::synod::mortal::Mortal;
use crate::words::ballot::{BallotNumber, Decree, DecreeNumber};
use crate::words::message::{Kind, Message};
use crate::words::name::Name;
use crate::words::step::{Act, Guard};
use crate::words::time::Minutes;

impl Legislator {
    /// The decrees that stand one by one in his ledger, in order.
    pub fn decrees(&self) -> impl Iterator<Item = (DecreeNumber, &Decree)> {
        let pages = self.pages.inked(0, DecreeNumber::MAX);
        pages.map(|(number, page)| (number, &page.decree))
    }

    /// Takes a petition of his own, or of a citizen who stands before him. `[PTP §3.1]`
    pub fn petition(&mut self, now: Minutes, decree: Decree) -> Deed {
        self.receive(now, self.name, Message::Petition { decree })
    }

    /// Whether the letter deserves to be read at all. Anyone may petition, and whoever was asked
    /// may answer; the rest is for legislators.
    fn heed(&self, from: Name, message: &Message) -> Result<(), Guard> {
        let may_write = matches!(message, Message::Petition { .. })
            || self.pages.seats().ever_had(from)
            || self.is_strangers_answer(from, message);
        if !may_write {
            return Err(Guard::Stranger { from });
        }
        message.could_pass(from, self.name).map_err(Guard::Forged)?;
        let passed = || self.pages.inked(0, DecreeNumber::MAX).filter_map(|(_, page)| page.ballot);
        self.notes.allow_hearing(message, || passed().max())
    }

    fn act_on(
        &mut self,
        now: Minutes,
        from: Name,
        message: Message,
        deed: &mut Deed,
    ) -> Result<(), Guard> {
        if let Err(guard) = self.heed(from, &message) {
            if matches!(guard, Guard::Stranger { .. } | Guard::BallotFarAhead { .. }) {
                self.ask_before_judging(now, from, &message, deed);
            }
            return Err(guard);
        }
        let next = self.pages.complete_through() + 1;
        self.colleagues.hear(now, from, self.pages.seats().voting_on(next));
        match message {
            Message::NextBallot { ballot, complete_through } => {
                self.heard_of = self.heard_of.max(Some(ballot));
                self.colleagues.learn_progress(from, complete_through);
                self.receive_next_ballot(now, ballot, complete_through, deed)
            }
            Message::LastVote { ballot, vote, of } => {
                self.receive_last_vote(now, from, ballot, vote, of, deed)
            }
            Message::BeginBallot { ballot, number, decree } => {
                self.receive_begin_ballot(now, ballot, number, decree, deed)
            }
            Message::Voted { ballot, number } => {
                self.receive_voted(now, from, ballot, number, deed)
            }
            Message::Success { ballot, number, decree } => {
                let known = self.pages.complete_through();
                self.ask_if_far_ahead(now, from, number, known, deed)?;
                self.receive_success(from, ballot, number, decree, deed)?;
                self.go_on_from_what_is_learnt(now, deed);
                Ok(())
            }
            Message::Refused { ballot, next_bal } => {
                self.be_refused(now, from, ballot, next_bal, deed)
            }
            Message::Presence { last_tried, complete_through, presides } => {
                self.heard_of = self.heard_of.max(last_tried);
                self.receive_presence(now, from, complete_through, presides, deed);
                Ok(())
            }
            Message::Petition { decree } => self.take_petition(now, from, decree, deed),
            Message::Inquiry { above, through } => {
                self.colleagues.learn_progress(from, above);
                self.answer(from, above, through, deed);
                self.inquire(now, from, above, deed);
                Ok(())
            }
            Message::LawBook { through, row, of } => {
                self.copy_book(now, from, (through, of), row, deed)
            }
            Message::Failed { .. } => Err(Guard::NoUse),
        }
    }

    /// Hears a colleague's name, how far his ledger goes, and whether he presides.
    /// `[PTP §2.4, §3.3.1]`
    fn receive_presence(
        &mut self,
        now: Minutes,
        from: Name,
        complete_through: DecreeNumber,
        presides: Option<BallotNumber>,
        deed: &mut Deed,
    ) {
        self.colleagues.learn_progress(from, complete_through);
        self.colleagues.learn_office(from, presides);
        let he_sits_above_me = presides > self.notes.last_tried();
        let too_far_ahead = complete_through > self.pages.complete_through() + FAR_BEHIND;
        let i_only_try = matches!(self.office, Office::Trying(_));
        if from != self.name && (he_sits_above_me || too_far_ahead && i_only_try) {
            self.stand_down(from, deed);
        }
        self.see_if_answered(from, complete_through);
        self.inquire(now, from, complete_through, deed);
        if let Some(ballot) = presides {
            self.learn_of_presidency(now, ballot, deed);
        }
    }

    /// A stale NextBallot or BeginBallot is answered with nextBal. `[PTP §2.4]`
    fn refuse_or_ignore(
        &self,
        message: Kind,
        from: Name,
        ballot: Option<BallotNumber>,
        guard: Guard,
        deed: &mut Deed,
    ) {
        let next_bal = ballot.and_then(|ballot| self.notes.refusal(ballot));
        match (message, ballot, next_bal) {
            (Kind::NextBallot | Kind::BeginBallot, Some(ballot), Some(next_bal))
                if ballot.owner == from && from != self.name =>
            {
                self.tell(deed, || Act::Refuses { message, from, ballot, next_bal });
                deed.send(from, Message::Refused { ballot, next_bal });
            }
            // That consistency is broken everyone must hear.
            _ if matches!(guard, Guard::Contradicts { .. }) => {
                self.tell_of_office(deed, Act::Ignores { message, from, ballot, guard });
            }
            _ => self.tell(deed, || Act::Ignores { message, from, ballot, guard }),
        }
    }

    /// Sends his name to all. `[PTP §2.4]`
    pub(super) fn send_name(&mut self, now: Minutes, deed: &mut Deed) {
        self.colleagues.presence.name_has_gone_out(now);
        self.tell(deed, || Act::SendsName);
        for to in self.others() {
            deed.send(to, self.presence_message());
        }
    }
}

impl Mortal for Legislator {
    fn name(&self) -> Name {
        self.name
    }

    fn enter(&mut self, now: Minutes) -> Deed {
        self.leave();
        let next = self.pages.complete_through() + 1;
        self.colleagues.enter(now, self.pages.seats().voting_on(next));
        let mut deed = Deed::nothing().inking(Entry::Entered);
        self.ask_how_things_stand(&mut deed);
        if let Some(largest) = self.notes.far_beyond_all() {
            self.tell_of_office(&mut deed, Act::CountsFar { largest });
        }
        self.say_if_out_of_numbers(&mut deed);
        deed.then(self.look_at_hourglass(now))
    }

    fn receive(&mut self, now: Minutes, from: Name, message: Message) -> Deed {
        let mut deed = Deed::nothing();
        self.work_through(now, from, message, &mut deed);
        deed
    }

    fn work_through(&mut self, now: Minutes, from: Name, message: Message, deed: &mut Deed) {
        let (kind, ballot) = (message.kind(), message.ballot());
        if let Err(guard) = self.act_on(now, from, message, deed) {
            self.refuse_or_ignore(kind, from, ballot, guard, deed);
        }
    }

    fn look_at_hourglass(&mut self, now: Minutes) -> Deed {
        let mut deed = Deed::nothing();
        if self.colleagues.presence.name_due() <= now {
            self.send_name(now, &mut deed);
        }
        if self.hourglass().is_some_and(|due| due <= now) {
            self.see_who_is_silent(now, &mut deed);
        }
        self.take_chair_if_due(now, &mut deed);
        self.inquire_again(now, &mut deed);
        if self.restates_at().is_some_and(|due| due <= now) {
            self.propose(now, &mut deed);
        }
        self.bind_book_if_due(&mut deed);
        deed
    }

    fn alarm(&self) -> Option<Minutes> {
        let answer = self.asked.as_ref().map(|asked| asked.due);
        let name = Some(self.colleagues.presence.name_due());
        let book = self.is_book_due().then_some(Minutes::ZERO);
        let alarms = [name, self.chair_at(), self.hourglass(), answer, self.restates_at(), book];
        alarms.into_iter().flatten().min()
    }

    /// A petition with an id counts once, however often it is read; one that has passed is of no
    /// use any more.
    fn is_awaiting(&self, message: &Message) -> bool {
        let Message::Petition { decree } = message else {
            return false;
        };
        decree.petition().is_some_and(|id| !self.pages.has_passed(id))
    }

    fn leave(&mut self) {
        self.office = Office::None;
        self.petitions = Petitions::default();
        self.asked = None;
        self.books.forget_what_is_copied();
        self.heard_of = None;
        self.refusals = 0;
        self.aside_until = Minutes::ZERO;
        self.presidency = None;
    }

    fn outcome(&self, number: DecreeNumber) -> Option<&Decree> {
        self.pages.outcome(number).map(|page| &page.decree)
    }
}
