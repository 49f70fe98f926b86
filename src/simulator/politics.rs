//! What citizens ask of the law: that matters be so and not otherwise, that others sit.
//! `[PTP §1.2, §3.3.6]`
//!
//! Of its own stream of chance, so that where nobody asks for other laws a run is what it was.

use std::collections::BTreeSet;

use super::body::Body;
use super::law::GodsLaw;
use super::storage::usize_below;
use super::swarm::rate;
use super::world::World;
use crate::chance::Chance;
use crate::law::{Meaning, Phrase, Seats};
use crate::words::{Decree, DecreeNumber, Entry, Membership, Name};

/// The stream of chance that politics draw from.
const STREAM: u64 = 2;
/// What the law may be on.
const MATTERS: [&str; 3] = ["olive tax", "price of wool", "tariff on wine"];
/// The greatest weight that citizens think of.
const GREATEST_WEIGHT: u64 = 3;

/// What citizens ask of the law in one run.
pub(super) struct Politics {
    pub chance: Chance,
    /// How likely a petition is for a change of members; if not, for a new officer; if not, for a
    /// law on a matter.
    members: f64,
    offices: f64,
    matters: f64,
    /// A change that is under way: by the id of its petition, and who is to sit after it.
    change: Option<(String, Membership)>,
}

impl Politics {
    /// What this seed makes of citizens.
    pub fn drawn(seed: u64) -> Politics {
        let mut chance = Chance::new(seed, STREAM);
        // A seed in which nobody ever asks for anything of the law shows what others show without.
        let [members, offices, matters] =
            [0.05, 0.2, 0.05].map(|least| rate(&mut chance).max(least));
        Politics { chance, members, offices, matters, change: None }
    }

    /// What a citizen wishes for, if it is no sale of goats. `who` are those of whom he can think,
    /// `alive` those of them who may be in the Chamber yet.
    fn wish(
        &mut self,
        law: &GodsLaw,
        who: &[Name],
        alive: &BTreeSet<Name>,
        appointment: impl FnOnce() -> Option<Meaning>,
    ) -> Option<Meaning> {
        if self.chance.happens(self.members) {
            return self.change_of_members(law, who, alive);
        }
        if self.chance.happens(self.offices) {
            return appointment();
        }
        self.chance.happens(self.matters).then(|| self.statute()).flatten()
    }

    fn statute(&mut self) -> Option<Meaning> {
        let matter = Phrase::new(MATTERS[usize_below(&mut self.chance, MATTERS.len())]).ok()?;
        let value = format!("{} drachmas per ton", 1 + self.chance.below(9));
        Some(Meaning::Declares { matter, value: Phrase::new(&value).ok()?, provided: None })
    }

    /// None that would leave no majority among those who may come yet; and one at a time, since
    /// while another is under way nobody can tell whom it would leave. `[PTP §3.3.6]`
    fn change_of_members(
        &mut self,
        law: &GodsLaw,
        who: &[Name],
        alive: &BTreeSet<Name>,
    ) -> Option<Meaning> {
        let (name, seats) = (who[usize_below(&mut self.chance, who.len())], law.seats()?);
        let weight = 1 + self.chance.below(GREATEST_WEIGHT);
        let is_weighed = self.chance.below(3) == 0;
        let change = match (seats.latest().has(name), is_weighed) {
            (true, false) => Meaning::Unseats { name },
            (false, false) => Meaning::Seats { name, weight: 1 },
            (_, true) => Meaning::Seats { name, weight },
        };
        let changes = seats.after(&change).ok().flatten().is_some();
        let may = changes && self.under_way(law).is_none() && !seats.drowns(&change, alive);
        may.then_some(change)
    }

    /// Who is to sit after the change that is under way, if one is.
    pub fn under_way(&self, law: &GodsLaw) -> Option<&Membership> {
        let (id, after) = self.change.as_ref()?;
        let counts = law.book().is_some_and(|book| book.counted().has(id));
        (!counts).then_some(after)
    }

    /// A petition is handed in.
    fn note(&mut self, law: &GodsLaw, meaning: &Meaning, decree: &Decree) {
        let after = law.seats().and_then(|seats| seats.after(meaning).ok().flatten());
        if let (Some(after), Some(id)) = (after, decree.petition()) {
            self.change = Some((id.to_owned(), after));
        }
    }
}

impl World<'_> {
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

    /// God gives a ledger to whomever a decree seats, now that it stands in one, and he comes.
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
