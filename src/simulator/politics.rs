//! Citizens' petitions about the law: what a matter shall be, and who shall sit.
//! `[PTP §1.2, §3.3.6]`
//!
//! It draws from its own stream of chance, so runs without such petitions stay as they were.

use std::collections::BTreeSet;

use super::law::GodsLaw;
use super::storage::usize_below;
use super::swarm::rate;
use crate::chance::Chance;
use crate::law::{Meaning, Phrase};
use crate::words::{Decree, Membership, Name};

/// The stream of chance that politics draw from.
const STREAM: u64 = 2;
/// The matters of the law.
const MATTERS: [&str; 3] = ["olive tax", "price of wool", "tariff on wine"];
/// The greatest weight that citizens think of.
const GREATEST_WEIGHT: u64 = 3;

/// The citizens' wishes about the law in one run.
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
    /// The wishes that follow from this seed.
    pub fn drawn(seed: u64) -> Politics {
        let mut chance = Chance::new(seed, STREAM);
        // A seed in which nobody ever asks for anything of the law shows what others show without.
        let [members, offices, matters] =
            [0.05, 0.2, 0.05].map(|least| rate(&mut chance).max(least));
        Politics { chance, members, offices, matters, change: None }
    }

    /// A citizen's wish, unless it is the sale of a goat. `who` are those he may name,
    /// `alive` those of them who may be in the Chamber yet.
    pub fn wish(
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
            (false, false) => Meaning::Seats { name, weight: 1, machine: None },
            (_, true) => Meaning::Seats { name, weight, machine: None },
        };
        let changes = seats.after(&change).ok().flatten().is_some();
        let may = changes && self.under_way(law).is_none() && !seats.drowns(&change, alive);
        may.then_some(change)
    }

    /// The members after the change that is under way, if one is.
    pub fn under_way(&self, law: &GodsLaw) -> Option<&Membership> {
        let (id, after) = self.change.as_ref()?;
        let counts = law.book().is_some_and(|book| book.counted().has(id));
        (!counts).then_some(after)
    }

    /// A petition is handed in.
    pub fn note(&mut self, law: &GodsLaw, meaning: &Meaning, decree: &Decree) {
        let after = law.seats().and_then(|seats| seats.after(meaning).ok().flatten());
        if let (Some(after), Some(id)) = (after, decree.petition()) {
            self.change = Some((id.to_owned(), after));
        }
    }
}
