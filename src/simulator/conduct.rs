//! The acts of a body: entering, reading all that lies on the desk, inking, sending, dying.

use super::body::{Arrived, Bag, Body, Pen, Stopped};
use super::cast::Raised;
use super::nemesis::{Mishap, Nemeses, Point};
use super::report::{Fault, Sight};
use super::swarm::minutes_below;
use super::world::{Coming, Island};
use crate::chance::Chance;
use crate::synod::{Deed, Letter};
use crate::trace::Happening;
use crate::words::message::Kind;
use crate::words::{DecreeNumber, Entry, Message, Minutes, Name};

impl Island<'_> {
    /// A letter is in somebody's messagebook.
    pub fn arrive(&mut self, from: Name, to: usize, message: Message, again: bool) {
        let (now, body) = (self.now, &mut self.bodies[to]);
        let is_inside = body.soul.is_some();
        body.book.push(Arrived { at: now, from, message });
        if is_inside {
            if again {
                self.tally.see(Sight::ReadTwice);
            }
            let takes = minutes_below(&mut self.chance, self.swarm.acts_within[to]);
            return self.plan_to_act(to, now + takes);
        }
        self.tally.see(Sight::DoorClosed);
        self.tell_of_last_letter(to);
    }

    /// A letter that came while nobody was there is lost, unless it is a petition that may wait.
    fn tell_of_last_letter(&mut self, to: usize) {
        let (name, last) = (self.names[to], self.bodies[to].book.last().cloned());
        if let Some(Arrived { from, message, .. }) = last
            && message.kind() != Kind::Petition
        {
            self.tell(|| Happening::Lose { from, to: name, message });
        }
    }

    /// He turns to his desk at that hour, or before if he meant to.
    fn plan_to_act(&mut self, who: usize, at: Minutes) {
        let at = at.max(self.bodies[who].paused_until);
        let body = &mut self.bodies[who];
        if body.acts.is_none_or(|(planned, _)| at < planned) {
            body.plans += 1;
            body.acts = Some((at, body.plans));
            let plan = body.plans;
            self.plan_at(at, Coming::Act { who, plan });
        }
    }

    fn plan_to_look_at_hourglass(&mut self, who: usize) {
        let body = &self.bodies[who];
        if let Some(alarm) = body.soul.as_ref().and_then(|soul| soul.alarm()) {
            let soonest = self.now + Minutes::thousandths(1);
            self.plan_to_act(who, (alarm - body.ahead).max(soonest));
        }
    }

    /// Takes everything on his desk at once, works it through, and performs it as one deed; again,
    /// while that gave him something to tell himself.
    pub fn act(&mut self, who: usize) {
        if self.now < self.bodies[who].paused_until {
            return self.plan_to_act(who, self.now);
        }
        while self.bodies[who].soul.is_some() && self.failure.is_none() {
            self.touched.clear();
            let mut deed = Deed::nothing();
            let name = self.names[who];
            for message in std::mem::take(&mut self.bodies[who].own) {
                self.read(who, name, message, &mut deed);
            }
            while let Some(Arrived { from, message, .. }) = self.next_letter(who) {
                self.read(who, from, message, &mut deed);
            }
            let body = &mut self.bodies[who];
            let hour = body.hour(self.now);
            if let Some(soul) = &mut body.soul {
                deed.absorb(soul.look_at_hourglass(hour));
            }
            self.perform(who, deed);
            if self.bodies[who].own.is_empty() {
                break;
            }
        }
        self.plan_to_look_at_hourglass(who);
        self.see_who_has_it();
    }

    fn next_letter(&mut self, who: usize) -> Option<Arrived> {
        let body = &mut self.bodies[who];
        let letter = body.book.get(body.read).cloned()?;
        body.read += 1;
        Some(letter)
    }

    /// Reads one letter, and adds to a deed what comes of it.
    fn read(&mut self, who: usize, from: Name, message: Message, deed: &mut Deed) {
        self.tally.read += 1;
        self.judge_letter(from, &message);
        self.touch(&message);
        let is_told = self.is_told();
        let body = &mut self.bodies[who];
        let hour = body.hour(self.now);
        let Some(soul) = &mut body.soul else { return };
        if !is_told {
            return soul.work_through(hour, from, message, deed);
        }
        let of_this = soul.receive(hour, from, message.clone());
        let to = self.names[who];
        self.tell(|| match of_this.is_in_vain() {
            true => Happening::Ignore { from, to, message },
            false => Happening::Receive { from, to, message },
        });
        deed.absorb(of_this);
    }

    fn judge_letter(&mut self, from: Name, message: &Message) {
        let sender = self.names.iter().position(|&name| name == from);
        let sender = sender.and_then(|i| self.bodies[i].soul.as_deref());
        let found = self.eye.judge_letter(from, message, sender);
        self.object_to(found);
    }

    /// Notes which numbers a letter may concern.
    fn touch(&mut self, message: &Message) {
        match message {
            Message::LastVote { vote, .. } => {
                self.touched.extend(self.eye.open_numbers());
                self.touched.extend(vote.as_ref().map(|(number, _)| *number));
            }
            Message::Voted { number, .. }
            | Message::BeginBallot { number, .. }
            | Message::Success { number, .. } => {
                self.touched.push(*number);
            }
            _ => {}
        }
    }

    /// Ink before feet.
    fn perform(&mut self, who: usize, deed: Deed) {
        if deed.is_idle() {
            return self.judge(who);
        }
        let (now, body) = (self.now, &mut self.bodies[who]);
        let in_sending = matches!(body.fate, Mishap::Dies(Point::InSending | Point::AfterSending));
        let mut fate = Mishap::Well;
        if !deed.rows().is_empty() || in_sending {
            fate = std::mem::take(&mut body.fate);
        }
        if now < body.full_until && !deed.rows().is_empty() {
            fate = Mishap::DiskIsFull;
        }
        self.touched.extend(deed.rows().iter().filter_map(number_of));
        if deed.rows().iter().any(is_note_of_all) {
            self.touched.extend(self.eye.open_numbers());
        }
        let before = body.storage.rows().len();
        let most = (fate == Mishap::Dies(Point::InSending)).then(|| self.chance.below(4) as usize);
        let mut bag = Bag { letters: Vec::new(), most };
        let cast = self.plan.cast;
        let (storage, chance) = (&mut body.storage, &mut self.chance);
        let mut pen = Pen { storage, cast, at: now, fate, lied: false, chance };
        let done = deed.perform(&mut pen, &mut bag);
        let lied = pen.lied;
        self.witness(who, before, done.is_ok() || !bag.letters.is_empty());
        for letter in bag.letters {
            self.send(who, letter);
        }
        let dies = done.is_err() || lied || in_sending && fate != Mishap::Well;
        if dies {
            self.die(who, fate, done.err() == Some(Stopped::Disk));
        } else {
            self.judge(who);
        }
    }

    /// The gods see what was written, if anything can have come of it, and what is dry.
    fn witness(&mut self, who: usize, before: usize, has_left: bool) {
        let is_told = self.is_told();
        let body = &mut self.bodies[who];
        let (name, dry) = (body.name, body.storage.dry());
        let rows = body.storage.rows();
        // A row that a crash took after it was seen is not seen again.
        let seen = body.seen.min(rows.len());
        body.seen = if has_left { rows.len() } else { dry.max(seen) };
        rows[seen..body.seen].iter().for_each(|row| self.eye.see_written(row));
        let fresh = std::mem::replace(&mut body.witnessed, dry)..dry;
        let (mut told, mut passed) = (Vec::new(), Vec::new());
        for row in &rows[fresh] {
            self.tally.inked += 1;
            self.eye.see_dry(name, row);
            if let Entry::Outcome { number, decree, .. } = row {
                if self.citizen.learn(self.now, *number, decree) {
                    self.tally.see(Sight::PetitionTwice);
                }
                passed.extend(self.politics.is_some().then(|| decree.clone()));
            }
            if is_told && !body.told_early.contains(row) {
                told.push(row.clone());
            }
        }
        if dry == rows.len() {
            body.told_early.clear();
        } else if has_left && is_told {
            let begun = rows[dry.max(before)..].iter().filter(|row| is_begun(row));
            let begun: Vec<Entry> = begun.cloned().collect();
            body.told_early.extend_from_slice(&begun);
            told.extend(begun);
        }
        for entry in told {
            self.tell(|| Happening::Ink { priest: name, entry });
        }
        for sight in std::mem::take(&mut self.eye.sights) {
            self.tally.see(sight);
        }
        for decree in passed {
            self.seat_whom(&decree);
        }
    }

    fn judge(&mut self, who: usize) {
        self.tally.judged += 1;
        let is_at_work = |body: &&Body| body.soul.as_ref().is_some_and(|soul| soul.is_at_work());
        if self.bodies.iter().filter(is_at_work).count() > 1 {
            self.tally.see(Sight::TwoPresidents);
        }
        if self.plan.decrees == 1 {
            self.touched.push(crate::words::ballot::SYNODS_DECREE);
        }
        let found = self.eye.judge(who, &self.bodies, &mut self.touched);
        self.object_to(found);
    }

    /// Hands a letter to a messenger, or lays it on his own desk.
    fn send(&mut self, who: usize, Letter { to, message }: Letter) {
        let from = self.names[who];
        self.tally.sent += 1;
        match message.kind() {
            Kind::Refused => self.tally.see(Sight::Refused),
            Kind::Inquiry => self.tally.see(Sight::Inquired),
            _ => {}
        }
        self.judge_letter(from, &message);
        if self.is_told() {
            let message = message.clone();
            self.tell(|| Happening::Send { from, to, message });
        }
        if to == from {
            return self.bodies[who].own.push(message);
        }
        let Some(reader) = self.names.iter().position(|&name| name == to) else { return };
        let dries = message.rests_on().map(|_| self.swarm.dries_within[who]).unwrap_or_default();
        self.carry(self.now + dries, who, reader, from, message);
    }

    /// A messenger sets out.
    pub fn carry(&mut self, at: Minutes, road: usize, to: usize, from: Name, message: Message) {
        let name = self.names[to];
        let arrivals = self.links.carry(at, road, to, &mut self.chance);
        if arrivals.struck != Nemeses::NONE {
            arrivals.struck.iter().for_each(|nemesis| self.tally.strike(nemesis));
        }
        if let Some(again) = arrivals.again {
            self.tally.repeated += 1;
            if self.is_told() {
                let message = message.clone();
                self.tell(|| Happening::Repeat { from, to: name, message });
            }
            let message = message.clone();
            self.plan_at(again, Coming::Arrive { from, to, message, again: true });
        }
        match arrivals.first {
            Some(at) => self.plan_at(at, Coming::Arrive { from, to, message, again: false }),
            None => {
                self.tally.lost += 1;
                self.tell(|| Happening::Lose { from, to: name, message });
            }
        }
    }

    /// A priest opens his ledger and comes into the Chamber.
    pub fn enter(&mut self, who: usize) {
        let body = &mut self.bodies[who];
        if body.is_gone || !body.has_ledger || body.soul.is_some() {
            return;
        }
        match (body.storage.open(self.plan.cast.custom()), body.is_rolled_back) {
            (Ok(false), false) => {}
            (Ok(true), false) => self.tally.see(Sight::TornEndCut),
            (Ok(_), true) => {
                let name = body.name;
                return self.object(Fault::LetIn(name));
            }
            (Err(_), true) => {
                body.is_gone = true;
                return self.tally.see(Sight::LedgerRefused);
            }
            (Err(error), false) => {
                let why = error.to_string();
                return self.object(Fault::Refused(why));
            }
        }
        self.witness(who, 0, false);
        let deed = self.raise(who);
        let name = self.names[who];
        self.tell(|| Happening::Enter(name));
        self.touched.clear();
        self.touched.extend(self.eye.numbers());
        self.perform(who, deed);
        self.act(who);
    }

    fn raise(&mut self, who: usize) -> Deed {
        let (is_asked_why, now) = (self.is_told(), self.now);
        if !self.bodies[who].storage.rows().is_empty() {
            self.tally.see(Sight::Recovered);
        }
        let chance = Chance::new(self.chance.below(u64::MAX), 1);
        let body = &mut self.bodies[who];
        let hour = body.hour(now);
        let (name, founding, rows) = (body.name, &self.plan.founding, body.storage.rows());
        let founders = self.eye.law.founders();
        let raised = Raised { name, founding, founders, rows, chance, is_asked_why };
        let mut soul = self.plan.cast.raise(raised);
        let mut deed = soul.enter(hour);
        body.read = body.book.len();
        let waiting = body.book.iter().filter(|letter| soul.is_awaiting(&letter.message));
        for Arrived { from, message, .. } in waiting.collect::<Vec<_>>() {
            soul.work_through(hour, *from, message.clone(), &mut deed);
        }
        body.soul = Some(soul);
        deed
    }

    /// A priest dies; he returns after a while, unless he is gone forever.
    pub fn die(&mut self, who: usize, fate: Mishap, by_disk: bool) {
        if self.bodies[who].soul.is_none() {
            return;
        }
        let body = &mut self.bodies[who];
        body.die();
        if body.storage.dry() < body.storage.rows().len() {
            self.tally.see(Sight::WetInkLost);
        }
        if let Mishap::PowerFails(loss) = fate {
            body.storage.lose_power(loss, &mut self.chance);
        }
        let name = body.name;
        self.tell(|| Happening::Leave(name));
        if !self.is_majority(|body| body.soul.is_some()) {
            self.tally.see(Sight::NoMajority);
        }
        let away = if by_disk {
            crate::words::time::PRESENCE
        } else {
            minutes_below(&mut self.chance, self.swarm.away_within)
        };
        self.plan_at(self.now + away, Coming::Enter(who));
    }
}

/// The number a row is about.
fn number_of(row: &Entry) -> Option<DecreeNumber> {
    match row {
        Entry::Outcome { number, .. }
        | Entry::PrevVote { number, .. }
        | Entry::BeginBallot { number, .. } => Some(*number),
        Entry::LastTried { .. } | Entry::NextBal { .. } | Entry::Entered | Entry::Book(_) => None,
    }
}

/// Whether a row is a note that concerns every number.
fn is_note_of_all(row: &Entry) -> bool {
    matches!(row, Entry::LastTried { .. } | Entry::NextBal { .. })
}

fn is_begun(row: &Entry) -> bool {
    matches!(row, Entry::BeginBallot { .. })
}
