//! A novice's seat in a Chamber: what a priest of the house is to threads, a novice is here.
//! `[PTP §2.4]`
//!
//! The examiner tells when he may try a ballot and when he may begin it, as the hourglass of §2.4
//! would, and sends his name; all the rest is the novice's own.

use std::sync::Arc;

use super::hall::Novice;
use super::question::{Level, Question};
use crate::creeds::{Event, novice};
use crate::explore::pages::Pages;
use crate::synod::presence::Presence;
use crate::synod::{Deed, Initiator, Letter, Mortal};
use crate::words::ballot::SYNODS_DECREE;
use crate::words::step::{Act, Step};
use crate::words::time::{PRESENCE, REPLY};
use crate::words::{BallotNumber, Decree, DecreeNumber, Entry, Membership, Message, Minutes, Name};

/// The ballot number that a letter tells its reader.
pub(super) fn ballot_in(message: &Message) -> Option<BallotNumber> {
    match message {
        Message::Refused { next_bal, .. } => Some(*next_bal),
        Message::Presence { last_tried, .. } => *last_tried,
        other => other.ballot(),
    }
}

/// The deed with which a novice's name goes out to all others.
pub(super) fn name_sent(
    (name, members): (Name, &Membership),
    last_tried: Option<BallotNumber>,
    complete_through: DecreeNumber,
) -> Deed {
    let message = Message::Presence { last_tried, complete_through, presides: None };
    let others = members.names().filter(|&to| to != name);
    let letters = others.map(|to| Letter { to, message: message.clone() });
    novice::deed(Vec::new(), letters.collect())
}

/// A novice who sits in a Chamber.
pub struct Seat {
    novice: Arc<dyn Novice + Send>,
    name: Name,
    members: Arc<Membership>,
    wish: Decree,
    ledger: Pages,
    slip: Option<Arc<str>>,
    presence: Presence,
    presides: bool,
    /// The largest ballot number in letters to him.
    heard_of: Option<BallotNumber>,
    /// When he may try a ballot, or try another.
    hourglass: Option<Minutes>,
}

impl Seat {
    /// A novice of this name who enters with these rows in his ledger.
    pub fn new(
        novice: Arc<dyn Novice + Send>,
        name: Name,
        members: &Arc<Membership>,
        (rows, wish): (&[Entry], Decree),
        is_appointed: bool,
    ) -> Seat {
        let mut presence = Presence::new(name, members, PRESENCE);
        if is_appointed {
            presence.appoint();
        }
        Seat {
            novice,
            name,
            members: Arc::clone(members),
            wish,
            ledger: Pages::of(rows.iter().filter(is_his).cloned().collect()),
            slip: None,
            presence,
            presides: false,
            heard_of: None,
            hourglass: None,
        }
    }

    /// Asks him what he does, and does it.
    fn ask(&mut self, now: Minutes, event: &Event) -> Deed {
        let question = Question {
            level: Level::Synod,
            you: self.name,
            members: &self.members,
            ledger: self.ledger.rows(),
            slip: self.slip.as_deref(),
            now,
            event,
        };
        let Some(answer) = self.novice.answer(&question) else { return Deed::nothing() };
        self.slip.clone_from(&answer.slip);
        let inked_before = self.passed().is_some();
        let rows = self.ledger.rows().iter().chain(&answer.ink).cloned();
        self.ledger = Pages::of(rows.collect());
        let (rows, letters) = (answer.ink.clone(), answer.send.clone());
        let is_success = |letter: &&Letter| matches!(letter.message, Message::Success { .. });
        let passes = answer.send.iter().find(is_success).and(self.last_tried());
        match (passes, self.passed().cloned()) {
            (Some(ballot), Some(decree)) => {
                self.hourglass = None;
                let number = SYNODS_DECREE;
                let act = Act::Passes { ballot, number, decree, inked_before };
                novice::deed_told(rows, letters, Step { priest: self.name, act })
            }
            _ => novice::deed(rows, letters),
        }
    }

    /// The decree in his ledger.
    fn passed(&self) -> Option<&Decree> {
        self.ledger.rows().iter().find_map(|row| match row {
            Entry::Outcome { decree, .. } => Some(decree),
            _ => None,
        })
    }

    fn last_tried(&self) -> Option<BallotNumber> {
        self.ledger.rows().iter().find_map(|row| match row {
            Entry::LastTried { ballot } => Some(*ballot),
            _ => None,
        })
    }

    /// The largest ballot number that he has met.
    fn largest(&self) -> Option<BallotNumber> {
        let noted = self.ledger.rows().iter().map(|row| match row {
            Entry::LastTried { ballot }
            | Entry::NextBal { ballot }
            | Entry::PrevVote { ballot, .. } => Some(*ballot),
            _ => None,
        });
        noted.chain([self.heard_of]).flatten().max()
    }

    fn sends_name(&mut self, now: Minutes) -> Deed {
        self.presence.name_has_gone_out(now);
        let complete_through = if self.passed().is_some() { SYNODS_DECREE } else { 0 };
        name_sent((self.name, &self.members), self.last_tried(), complete_through)
    }

    /// Notes what a letter means for his hourglass.
    fn heed(&mut self, now: Minutes, from: Name, message: &Message) {
        if self.presence.hear(now, from) {
            (self.presides, self.hourglass) = (false, None);
        }
        let told = ballot_in(message);
        let is_new = told > self.largest() && told.is_some_and(|it| it.owner != self.name);
        self.heard_of = self.heard_of.max(told);
        let is_refused = matches!(message, Message::Refused { .. });
        if self.hourglass.is_some() && (is_new || is_refused) {
            // The other may finish first.
            self.hourglass = Some(now + self.presence.courtesy());
        }
        let lacks = matches!(message, Message::Presence { complete_through: 0, .. });
        if self.presides && lacks && self.passed().is_some() && self.hourglass.is_none() {
            self.hourglass = Some(now);
        }
    }
}

impl Mortal for Seat {
    fn name(&self) -> Name {
        self.name
    }

    fn enter(&mut self, now: Minutes) -> Deed {
        self.slip = None;
        self.presence.enter(now);
        novice::deed(vec![Entry::Entered], Vec::new()).then(self.look_at_hourglass(now))
    }

    fn receive(&mut self, now: Minutes, from: Name, message: Message) -> Deed {
        self.heed(now, from, &message);
        let is_reply = matches!(message, Message::LastVote { .. });
        let had = self.passed().is_some();
        let deed = self.ask(now, &Event::Read { from, message });
        if self.passed().is_some() && !had {
            self.hourglass = None;
        }
        if is_reply {
            return deed.then(self.ask(now, &Event::Begin(self.wish.clone())));
        }
        deed
    }

    fn look_at_hourglass(&mut self, now: Minutes) -> Deed {
        let mut deed = Deed::nothing();
        if self.presence.name_due() <= now {
            deed.absorb(self.sends_name(now));
        }
        if !self.presides && self.presence.presides(now) {
            self.presides = true;
            self.hourglass = Some(now);
        }
        if self.hourglass.is_some_and(|due| due <= now) {
            self.hourglass = Some(now + REPLY);
            if let Some(ballot) = BallotNumber::next(self.name, self.largest()) {
                deed.absorb(self.ask(now, &Event::Try(ballot)));
            }
        }
        deed
    }

    fn alarm(&self) -> Option<Minutes> {
        let presides_at = (!self.presides).then(|| self.presence.presides_at());
        [Some(self.presence.name_due()), presides_at, self.hourglass].into_iter().flatten().min()
    }

    fn leave(&mut self) {
        self.slip = None;
        (self.presides, self.hourglass) = (false, None);
        self.novice.leave();
    }

    fn outcome(&self, number: DecreeNumber) -> Option<&Decree> {
        self.passed().filter(|_| number == SYNODS_DECREE)
    }
}

/// Whether he wrote a row: decree 0 was inked by those who founded the Chamber.
fn is_his(row: &&Entry) -> bool {
    !matches!(row, Entry::Outcome { number: 0, .. })
}

/// A priest of the house, or a novice.
pub enum Sitter {
    /// One of the house.
    Ours(Box<Initiator>),
    /// A novice.
    His(Box<Seat>),
}

impl Sitter {
    fn mortal(&self) -> &dyn Mortal {
        match self {
            Sitter::Ours(it) => &**it,
            Sitter::His(it) => &**it,
        }
    }

    fn mortal_mut(&mut self) -> &mut dyn Mortal {
        match self {
            Sitter::Ours(it) => &mut **it,
            Sitter::His(it) => &mut **it,
        }
    }
}

impl Mortal for Sitter {
    fn name(&self) -> Name {
        self.mortal().name()
    }
    fn enter(&mut self, now: Minutes) -> Deed {
        self.mortal_mut().enter(now)
    }
    fn receive(&mut self, now: Minutes, from: Name, message: Message) -> Deed {
        self.mortal_mut().receive(now, from, message)
    }
    fn look_at_hourglass(&mut self, now: Minutes) -> Deed {
        self.mortal_mut().look_at_hourglass(now)
    }
    fn alarm(&self) -> Option<Minutes> {
        self.mortal().alarm()
    }
    fn leave(&mut self) {
        self.mortal_mut().leave();
    }
    fn outcome(&self, number: DecreeNumber) -> Option<&Decree> {
        self.mortal().outcome(number)
    }
}
