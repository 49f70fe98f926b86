//! The law, asked at one moment of everyone inside, and of the president. `[PTP §3.3.4]`

use super::body::Body;
use super::bureau::Bureau;
use super::world::Island;
use crate::invariants::{Breach, Invariant};
use crate::law::{Law, LawBook};
use crate::words::DecreeNumber;

impl Island<'_> {
    /// Asks everyone inside for the law by his ledger. Laws complete through one decree must be one
    /// law.
    pub fn ask_for_the_law(&mut self) {
        if !self.eye.law.may_change() {
            return;
        }
        let mut found = None;
        for body in &mut self.bodies {
            let Some(soul) = &body.soul else { continue };
            let founded = || LawBook::opened(Law::founded(&self.plan.founding));
            let told = soul.tell_law(body.law.get_or_insert_with(founded));
            found = found.or_else(|| self.eye.law.judge(&told));
        }
        found.into_iter().for_each(|breach| self.object_if_watched(breach));
    }

    /// Asks all who think that they preside, giving the number of the last answer. A later inquiry must
    /// reveal no earlier law.
    pub(super) fn ask_the_presidents(&mut self, bureau: &mut Bureau) {
        let in_person = self.plan.cast.custom().answers_in_person();
        let presides = |body: &&Body| body.soul.as_ref().is_some_and(|soul| soul.is_presiding());
        let mut latest = bureau.told;
        let mut found = None;
        for body in self.bodies.iter().filter(presides) {
            let Some(through) = answer(body, bureau.told, in_person) else { continue };
            latest = latest.max(through);
            if through < bureau.told {
                let (name, told) = (body.name, bureau.told);
                let why = format!(
                    "{name}, who thinks that he presides, tells the law through decree {through}, and an earlier inquiry told it through {told}"
                );
                found = Some(Breach { rule: Invariant::Inquiry, why });
            }
        }
        bureau.told = latest;
        found.into_iter().for_each(|breach| self.object_if_watched(breach));
    }

    pub(super) fn object_if_watched(&mut self, breach: Breach) {
        if self.plan.watch.contains(&breach.rule) {
            self.object_to(vec![breach]);
        }
    }
}

/// The last decree that his answer covers, if he answers a citizen whose last answer covered `told`.
fn answer(body: &Body, told: DecreeNumber, in_person: bool) -> Option<DecreeNumber> {
    let book = body.law.as_ref()?;
    let answers = in_person || book.at_least(told).is_ok();
    answers.then(|| book.complete_through())
}
