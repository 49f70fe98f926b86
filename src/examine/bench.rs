//! A novice on the Parliament's bench: decree after decree, one promise for all numbers. `[PTP §3]`
//!
//! He sits in the simulator's Chamber through the seam that legislators sit at. The examiner hears
//! the citizens for him, keeps time, and sends his name; all the rest is the novice's own.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use super::answer::Answer;
use super::hall::Novice;
use super::question::{Level, Question};
use super::seat::{ballot_in, name_sent};
use crate::creeds::{Event, novice};
use crate::invariants::View;
use crate::simulator::{Cast, Legislators, Raised, Soul};
use crate::synod::presence::Presence;
use crate::synod::{Deed, Mortal};
use crate::words::time::{PRESENCE, REPLY};
use crate::words::{
    BallotNumber, Decree, DecreeNumber, Entry, Founding, Message, Minutes, Name, Vote,
};

/// A question, and the answer to it, as lines.
pub(super) type Asked = (String, String);

/// Legislators, of whom some are novices.
pub(super) struct Benches {
    pub(super) novice: Arc<dyn Novice + Send>,
    /// Where novices sit.
    pub(super) seats: BTreeSet<Name>,
    /// The last question at which he did something.
    pub(super) last: Arc<Mutex<Option<Asked>>>,
}

impl Cast for Benches {
    fn raise(&self, raised: Raised<'_>) -> Box<dyn Soul> {
        if self.seats.contains(&raised.name) {
            return Box::new(Bench::new(self, raised.name, raised.founding, raised.rows));
        }
        Legislators.raise(raised)
    }

    fn keeps_time(&self) -> bool {
        false
    }
}

/// A novice on the bench.
pub(super) struct Bench {
    novice: Arc<dyn Novice + Send>,
    last: Arc<Mutex<Option<Asked>>>,
    name: Name,
    founding: Arc<Founding>,
    /// His ledger: of each kind of note, and of each number, the last row.
    rows: Vec<Entry>,
    /// His last votes, of which the gods ask.
    votes: Vec<(DecreeNumber, Vote)>,
    slip: Option<Arc<str>>,
    presence: Presence,
    presides: bool,
    heard_of: Option<BallotNumber>,
    hourglass: Option<Minutes>,
    /// The decrees that citizens ask for, and whether each was given to him in this ballot.
    wishes: Vec<(Decree, bool)>,
}

impl Bench {
    pub(super) fn new(of: &Benches, name: Name, founding: &Arc<Founding>, rows: &[Entry]) -> Bench {
        let mut bench = Bench {
            novice: Arc::clone(&of.novice),
            last: Arc::clone(&of.last),
            name,
            founding: Arc::clone(founding),
            rows: Vec::new(),
            votes: Vec::new(),
            slip: None,
            presence: Presence::new(name, &founding.membership, PRESENCE),
            presides: false,
            heard_of: None,
            hourglass: None,
            wishes: Vec::new(),
        };
        bench.keep(rows);
        bench
    }

    /// Notes rows that were inked.
    fn keep(&mut self, rows: &[Entry]) {
        let key = |row: &Entry| (row.kind(), numbered(row));
        for row in rows {
            match row {
                Entry::Outcome { number: 0, .. }
                | Entry::BeginBallot { .. }
                | Entry::Entered
                | Entry::Book(_) => continue,
                Entry::PrevVote { number, ballot, decree } => {
                    self.votes.retain(|(other, _)| other != number);
                    let (priest, ballot, decree) = (self.name, *ballot, decree.clone());
                    self.votes.push((*number, Vote { priest, ballot, decree }));
                }
                _ => {}
            }
            self.rows.retain(|old| key(old) != key(row));
            self.rows.push(row.clone());
        }
        self.rows.sort_by_key(key);
        let rows = &self.rows;
        let passed = |wish: &Decree| {
            rows.iter().any(|row| {
                matches!(row, Entry::Outcome { decree, .. } if decree.petition() == wish.petition())
            })
        };
        self.wishes.retain(|(wish, _)| !passed(wish));
    }

    fn ask(&mut self, now: Minutes, event: &Event) -> Deed {
        let answer = self.answer(now, event);
        answer.map_or_else(Deed::nothing, |it| novice::deed(it.ink.clone(), it.send.clone()))
    }

    /// His answer to an event; his slip and his ledger are then as he has it.
    pub(super) fn answer(&mut self, now: Minutes, event: &Event) -> Option<Arc<Answer>> {
        let level = Level::Parliament { alpha: self.founding.alpha };
        let question = Question {
            level,
            you: self.name,
            members: &self.founding.membership,
            ledger: &self.rows,
            slip: self.slip.as_deref(),
            now,
            event,
        };
        let answer = self.novice.answer(&question)?;
        if !answer.is_idle(self.slip.as_deref()) {
            let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
            *last = Some((question.line(), answer.line()));
        }
        self.slip.clone_from(&answer.slip);
        self.keep(&answer.ink);
        Some(answer)
    }

    fn decree(&self, number: DecreeNumber) -> Option<&Decree> {
        self.rows.iter().find_map(|row| match row {
            Entry::Outcome { number: of, decree, .. } if *of == number => Some(decree),
            _ => None,
        })
    }

    fn complete_through(&self) -> DecreeNumber {
        (1..).take_while(|&number| self.decree(number).is_some()).last().unwrap_or_default()
    }

    fn last_tried(&self) -> Option<BallotNumber> {
        self.rows.iter().find_map(|row| match row {
            Entry::LastTried { ballot } => Some(*ballot),
            _ => None,
        })
    }

    fn next_bal(&self) -> Option<BallotNumber> {
        self.rows.iter().find_map(|row| match row {
            Entry::NextBal { ballot } => Some(*ballot),
            _ => None,
        })
    }

    /// Offers him each decree that a citizen asks for, once in a ballot.
    fn offer(&mut self, now: Minutes) -> Deed {
        let mut deed = Deed::nothing();
        for at in 0..self.wishes.len() {
            let Some((wish, false)) = self.wishes.get(at).cloned() else { continue };
            let begins = self.ask(now, &Event::Begin(wish.clone()));
            if begins.is_idle() {
                break;
            }
            if let Some(given) = self.wishes.get_mut(at) {
                given.1 = true;
            }
            deed.absorb(begins);
        }
        deed
    }

    fn tries(&mut self, now: Minutes) -> Deed {
        self.hourglass = Some(now + REPLY);
        let largest = self.last_tried().max(self.next_bal()).max(self.heard_of);
        let Some(ballot) = BallotNumber::next(self.name, largest) else { return Deed::nothing() };
        self.wishes.iter_mut().for_each(|(_, given)| *given = false);
        self.ask(now, &Event::Try(ballot))
    }

    fn sends_name(&mut self, now: Minutes) -> Deed {
        self.presence.name_has_gone_out(now);
        let members = &self.founding.membership;
        name_sent((self.name, members), self.last_tried(), self.complete_through())
    }

    fn heed(&mut self, now: Minutes, from: Name, message: &Message) {
        if self.presence.hear(now, from) {
            (self.presides, self.hourglass) = (false, None);
        }
        let told = ballot_in(message);
        let is_rival = told > self.last_tried().max(self.heard_of)
            && told.is_some_and(|it| it.owner != self.name);
        self.heard_of = self.heard_of.max(told);
        if self.hourglass.is_some() && (is_rival || matches!(message, Message::Refused { .. })) {
            self.hourglass = Some(now + self.presence.courtesy());
        }
    }
}

/// The number that a row is about.
fn numbered(row: &Entry) -> DecreeNumber {
    match row {
        Entry::Outcome { number, .. } | Entry::PrevVote { number, .. } => *number,
        _ => 0,
    }
}

impl Mortal for Bench {
    fn name(&self) -> Name {
        self.name
    }

    fn enter(&mut self, now: Minutes) -> Deed {
        self.presence.enter(now);
        novice::deed(vec![Entry::Entered], Vec::new()).then(self.look_at_hourglass(now))
    }

    fn receive(&mut self, now: Minutes, from: Name, message: Message) -> Deed {
        match message {
            Message::Petition { decree } => {
                let is_known = self.wishes.iter().any(|(it, _)| it.petition() == decree.petition());
                if !is_known && !self.has(&decree) {
                    self.wishes.push((decree, false));
                }
                let due = self.presides && self.hourglass.is_none();
                self.hourglass = self.hourglass.or(due.then_some(now));
                Deed::nothing()
            }
            Message::LawBook { .. } => Deed::nothing(),
            message => {
                self.heed(now, from, &message);
                let goes_on = matches!(message, Message::LastVote { .. } | Message::Voted { .. });
                let deed = self.ask(now, &Event::Read { from, message });
                if goes_on { deed.then(self.offer(now)) } else { deed }
            }
        }
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
            self.hourglass = None;
            if !self.wishes.is_empty() {
                let begins = self.offer(now);
                deed.absorb(if begins.is_idle() { self.tries(now) } else { begins });
                self.hourglass = Some(now + REPLY);
            }
        }
        deed
    }

    fn alarm(&self) -> Option<Minutes> {
        let presides_at = (!self.presides).then(|| self.presence.presides_at());
        [Some(self.presence.name_due()), presides_at, self.hourglass].into_iter().flatten().min()
    }

    fn is_awaiting(&self, message: &Message) -> bool {
        matches!(message, Message::Petition { .. })
    }

    fn leave(&mut self) {
        self.slip = None;
    }

    fn outcome(&self, number: DecreeNumber) -> Option<&Decree> {
        self.decree(number)
    }
}

impl Soul for Bench {
    fn view(&self, number: DecreeNumber) -> Option<View<'_>> {
        let vote = self.votes.iter().find(|(of, _)| *of == number);
        Some(View {
            prev_vote: vote.map(|(_, vote)| Cow::Borrowed(vote)),
            outcome: self.decree(number).map(Cow::Borrowed),
            ..self.notes()
        })
    }

    fn notes(&self) -> View<'static> {
        View::of_notes(self.name, self.last_tried(), self.next_bal())
    }

    fn is_at_work(&self) -> bool {
        false
    }

    fn is_trying(&self) -> bool {
        false
    }

    fn has(&self, decree: &Decree) -> bool {
        let is_it = |row: &Entry| matches!(row, Entry::Outcome { decree: it, .. } if it.petition() == decree.petition());
        self.rows.iter().any(is_it)
    }
}
