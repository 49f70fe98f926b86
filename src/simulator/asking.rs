//! Petitions of citizens, and the gods' questions to everyone: politics and the bureau at work.
//! `[PTP §3.3]`

use std::collections::BTreeSet;

use super::body::Body;
use super::bureau::Bureau;
use super::report::Sight;
use super::swarm::minutes_below;
use super::world::{Coming, Island};
use crate::invariants::{Breach, Invariant};
use crate::law::{Meaning, Seats};
use crate::words::{Decree, DecreeNumber, Entry, Membership, Name};

impl Island<'_> {
    /// Everyone inside is asked at one moment what the law is, and which offices are his.
    pub fn ask(&mut self) {
        self.ask_for_the_law();
        let Some(mut bureau) = self.bureau.take() else { return };
        self.ask_the_presidents(&mut bureau);
        let waits_out = self.plan.cast.custom().waits_out();
        let all = bureau.holders(self.now, &self.bodies, waits_out);
        for (which, holders) in all.into_iter().enumerate() {
            let post = &mut bureau.posts[which];
            match holders[..] {
                [one] => {
                    let before = post.holder.replace(one);
                    if before.is_some_and(|other| other != one) {
                        self.tally.see(Sight::HandedOver);
                    }
                    if bureau.chance.happens(bureau.resigns) {
                        self.resign(&mut bureau, which, one);
                    }
                }
                [one, other, ..] => {
                    let [one, other] = [one, other].map(|who| self.names[who]);
                    let why = format!("{one} and {other} both act as {}", post.office);
                    self.object_if_watched(Breach { rule: Invariant::Office, why });
                }
                [] => {}
            }
        }
        let pace = bureau.pace(self.now);
        let next = self.now + minutes_below(&mut bureau.chance, pace);
        self.bureau = Some(bureau);
        self.plan_at(next, Coming::Ask);
    }

    /// An officer stops, and petitions for his own resignation; a citizen, for a successor.
    fn resign(&mut self, bureau: &mut Bureau, which: usize, who: usize) {
        let (office, name) = (bureau.posts[which].office.clone(), self.names[who]);
        let Some(proposed) = bureau.clock(self.now, who) else { return };
        let meaning = Meaning::Resigns { proposed, name, office };
        if let Some(decree) = self.citizen.petition_for(self.now, &meaning.to_string()) {
            let id = decree.petition().unwrap_or_default().to_owned();
            bureau.stopped.push((who, id));
            self.hand_in_to(who, decree);
        }
        let successor = bureau.appointment_to(which, self.now, &self.names);
        let successor = successor.map(|meaning| meaning.to_string());
        if let Some(decree) = successor.and_then(|text| self.citizen.petition_for(self.now, &text))
        {
            self.hand_in(decree);
        }
    }
}

impl Island<'_> {
    /// A petition for what a citizen wishes; for the sale of a goat, where nobody petitions for
    /// changes of the law or nothing else occurs to him.
    pub fn wish(&mut self) -> Option<Decree> {
        let alive = || self.bodies.iter().filter(|body| body.may_come()).map(|body| body.name);
        let Some(politics) = &mut self.politics else {
            return self.citizen.petition(self.now);
        };
        let alive: BTreeSet<Name> = alive().collect();
        let (now, names) = (self.now, &self.names);
        let appointment = || self.bureau.as_mut()?.appointment(now, names);
        let Some(meaning) = politics.wish(&self.eye.law, names, &alive, appointment) else {
            return self.citizen.petition(self.now);
        };
        let decree = self.citizen.petition_for(self.now, &meaning.to_string())?;
        politics.note(&self.eye.law, &meaning, &decree);
        Some(decree)
    }

    /// Whether these bodies are a majority: of everyone who votes on a number that is not in
    /// their ledgers, or soon will. `[PTP §3.3.6]`
    pub fn is_majority(&self, counts: impl Fn(&Body) -> bool) -> bool {
        let counted = || self.bodies.iter().filter(|body| counts(body));
        let names = || counted().map(|body| body.name);
        let (Some(politics), Some(seats)) = (&self.politics, self.eye.law.seats()) else {
            return self.plan.founding.membership.is_majority(names());
        };
        let known = counted().map(complete_through).max().unwrap_or(0);
        let first = (known + 1).saturating_sub(self.plan.founding.alpha);
        lists_after(seats, first)
            .chain(politics.under_way(&self.eye.law))
            .all(|members| members.is_majority(names()))
    }

    /// Whether he sits, and will when the change that is under way is in force.
    pub fn sits(&self, who: usize) -> bool {
        let (law, name) = (&self.eye.law, self.names[who]);
        let has = |members: &Membership| members.has(name);
        let politics = self.politics.as_ref();
        law.seats().is_none_or(|seats| has(seats.latest()))
            && politics.and_then(|it| it.under_way(law)).is_none_or(has)
    }

    /// God gives a ledger to a priest whom a decree in some ledger seats, and the priest comes.
    /// `[PTP §3.3.6]`
    pub fn seat_whom(&mut self, decree: &Decree) {
        let Some(Meaning::Seats { name, .. }) = Meaning::of_change_of_members(decree.text()) else {
            return;
        };
        let seated = self.names.iter().position(|&other| other == name);
        let Some(who) = seated.filter(|&who| !self.bodies[who].has_ledger) else { return };
        self.bodies[who].has_ledger = true;
        if self.locked.is_none() {
            self.plan_to_enter(who);
        }
    }
}

/// The members as of this decree, and as of each that changed them since.
fn lists_after(seats: &Seats, first: DecreeNumber) -> impl Iterator<Item = &Membership> {
    let later = seats.changes().filter(move |(number, _)| *number > first);
    [seats.as_of(first)].into_iter().chain(later.map(|(_, members)| members))
}

/// Through which decree his ledger is complete, as far as it is dry.
fn complete_through(body: &Body) -> DecreeNumber {
    let dry = &body.storage.rows()[..body.storage.dry()];
    let inked: BTreeSet<DecreeNumber> = dry
        .iter()
        .filter_map(|row| match row {
            Entry::Outcome { number, .. } => Some(*number),
            _ => None,
        })
        .collect();
    (1..).zip(&inked).take_while(|(due, number)| due == *number).count() as DecreeNumber
}
