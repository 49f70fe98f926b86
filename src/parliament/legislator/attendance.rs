//! A legislator in the Chamber: entering, reading letters, the hourglass, leaving. `[PTP §2.4]`

use super::super::FAR_BEHIND;
use super::super::inquiry::Inquiry;
use super::{Legislator, Office, Slip};
use crate::synod::deed::Deed;
use crate::synod::mortal::Mortal;
use crate::synod::notes::Unheeded;
use crate::words::Entry;
use crate::words::ballot::{BallotNumber, Decree, DecreeNumber};
use crate::words::message::Message;
use crate::words::name::Name;
use crate::words::step::{Act, Guard};
use crate::words::time::Minutes;

/// An event a legislator waits for. Each has an hourglass of its own. `[PTP §2.4]`
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Hourglass {
    /// To send his name.
    Name,
    /// Answers to the ballot he has tried or begun.
    Answers,
    /// To take the chair.
    Chair,
    /// An answer to his inquiry. `[PTP §3.3.1]`
    Copying,
    /// To restate a matter of the law. `[PTP §3.3.5]`
    Restating,
    /// To write his ledger anew. When that is due, it is due at once. `[PTP §3.3.2]`
    Book,
}

impl Hourglass {
    /// Every hourglass, in the order he looks at them.
    pub const ALL: [Hourglass; 6] = [
        Hourglass::Name,
        Hourglass::Answers,
        Hourglass::Chair,
        Hourglass::Copying,
        Hourglass::Restating,
        Hourglass::Book,
    ];
}

impl Legislator {
    /// Does what is due by these hourglasses, one after the other, and returns the deed.
    pub fn look_at(&mut self, hourglasses: &[Hourglass], now: Minutes) -> Deed {
        let mut deed = Deed::nothing();
        for &hourglass in hourglasses {
            if self.due(hourglass).is_some_and(|due| due <= now) {
                self.act_when_due(hourglass, now, &mut deed);
            }
        }
        deed
    }

    /// When the first of these hourglasses runs out.
    #[must_use]
    pub fn alarm_of(&self, hourglasses: &[Hourglass]) -> Option<Minutes> {
        hourglasses.iter().filter_map(|&hourglass| self.due(hourglass)).min()
    }

    /// When an hourglass runs out, if it runs.
    fn due(&self, hourglass: Hourglass) -> Option<Minutes> {
        match hourglass {
            Hourglass::Name => Some(self.colleagues.presence.name_due()),
            Hourglass::Answers => match &self.slip.office {
                Office::None => None,
                Office::Trying(candidate) => Some(candidate.hourglass()),
                Office::Presiding(president) => president.hourglass(),
            },
            Hourglass::Chair => self.chair_at(),
            Hourglass::Copying => self.slip.inquiry.as_ref().map(Inquiry::due),
            Hourglass::Restating => self.restates_at(),
            Hourglass::Book => self.is_book_due().then_some(Minutes::ZERO),
        }
    }

    fn act_when_due(&mut self, hourglass: Hourglass, now: Minutes, deed: &mut Deed) {
        match hourglass {
            Hourglass::Name => self.send_name(now, deed),
            Hourglass::Answers => self.see_who_is_silent(now, deed),
            Hourglass::Chair => self.take_chair_if_due(now, deed),
            Hourglass::Copying => self.inquire_again(now, deed),
            Hourglass::Restating => self.propose(now, deed),
            Hourglass::Book => self.bind_book(deed),
        }
    }

    /// The decrees that stand one by one in his ledger, in order.
    pub fn decrees(&self) -> impl Iterator<Item = (DecreeNumber, &Decree)> {
        let pages = self.pages.inked(0, DecreeNumber::MAX);
        pages.map(|(number, page)| (number, &page.decree))
    }

    /// Takes his own petition, or one of a citizen who asks him in person. `[PTP §3.1]`
    pub fn petition(&mut self, now: Minutes, decree: Decree) -> Deed {
        self.receive(now, self.name, Message::Petition { decree })
    }

    /// Checks whether he may act on a letter. Anyone may petition, and a stranger may answer what
    /// he was asked. All other letters must come from legislators.
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
                self.slip.heard_of = self.slip.heard_of.max(Some(ballot));
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
                self.slip.heard_of = self.slip.heard_of.max(last_tried);
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

    /// **Receive Presence**: a colleague's name, how far his ledger goes, and whether he presides.
    /// `[PTP §2.4, §3.3.1]`
    ///
    /// He stands down before a higher president, since two who both preside only delay each other.
    /// A candidate who lacks very much stands down too: he must copy first.
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
        let i_only_try = matches!(self.slip.office, Office::Trying(_));
        if from != self.name && (he_sits_above_me || too_far_ahead && i_only_try) {
            self.stand_down(from, deed);
        }
        self.see_if_answered(from, complete_through);
        self.inquire(now, from, complete_through, deed);
        if let Some(ballot) = presides {
            self.learn_of_presidency(now, ballot, deed);
        }
    }

    /// **Send Presence** to all: the others would otherwise take him for absent. `[PTP §2.4]`
    pub(super) fn send_name(&mut self, now: Minutes, deed: &mut Deed) {
        self.colleagues.presence.name_has_gone_out(now);
        self.voice.tell(deed, || Act::SendsName);
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
            self.voice.tell_of_office(&mut deed, Act::CountsFar { largest });
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
            let letter = Unheeded { message: kind, from, ballot, guard };
            let (act, refused) = self.notes.refuse_or_ignore(self.name, letter);
            self.voice.tell_if_heard(deed, act);
            if let Some(refused) = refused {
                deed.send(from, refused);
            }
        }
    }

    fn look_at_hourglass(&mut self, now: Minutes) -> Deed {
        self.look_at(&Hourglass::ALL, now)
    }

    fn alarm(&self) -> Option<Minutes> {
        self.alarm_of(&Hourglass::ALL)
    }

    /// Whether the petition in this message has an id and has not passed. Such a petition counts
    /// once, however often it is read.
    fn is_awaiting(&self, message: &Message) -> bool {
        let Message::Petition { decree } = message else {
            return false;
        };
        decree.petition().is_some_and(|id| !self.pages.has_passed(id))
    }

    fn open_at_once(&self) -> u64 {
        self.founding.alpha
    }

    fn leave(&mut self) {
        self.slip = Slip::default();
        self.books.forget_what_is_copied();
    }

    fn outcome(&self, number: DecreeNumber) -> Option<&Decree> {
        self.pages.outcome(number).map(|page| &page.decree)
    }
}
