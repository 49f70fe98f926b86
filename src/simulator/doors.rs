//! The doors are locked: honest messengers, nobody enters or leaves, and the decree is due.
//! `[PTP §2.4]`

use super::nemesis::Mishap;
use super::report::{Fault, Sight};
use super::storage::usize_below;
use super::world::{Coming, Island};
use crate::trace::Happening;
use crate::words::time::{PRESENCE, REPLY};
use crate::words::{Decree, Minutes};

/// With one who initiates and a majority inside, passed and in every ledger inside within so long.
/// `[PTP §2.4]`
const PASSED_WITHIN: Minutes = Minutes::whole(99);

impl Island<'_> {
    /// Ends the storm: messengers outside with a letter stay outside, those who may still come come
    /// in, all but a few, and a last petition is handed in.
    pub fn lock_the_doors(&mut self) {
        self.unplan(|world, event| {
            if let Coming::Arrive { from, to, message, .. } = event {
                let (from, to, message) = (*from, world.names[*to], message.clone());
                world.tell(|| Happening::Lose { from, to, message });
                world.tally.lost += 1;
            }
            matches!(event, Coming::Act { .. })
        });
        self.links.heal();
        self.swarm.dries_within.fill(Minutes::ZERO);
        self.swarm.acts_within.fill(crate::words::time::ACT);
        for body in &mut self.bodies {
            body.fate = Mishap::Well;
            body.full_until = Minutes::ZERO;
            body.paused_until = Minutes::ZERO;
        }
        for who in 0..self.bodies.len() {
            if self.bodies[who].soul.is_some() || self.chance.below(3) > 0 || !self.has_majority() {
                self.enter(who);
            }
        }
        self.locked = Some(self.now);
        if !self.has_majority() {
            self.is_over = true;
            return;
        }
        self.tally.see(Sight::DoorsLocked);
        self.petition_for_the_last_time();
        self.plan_at(self.now + self.due_within(), Coming::Due);
        self.see_who_has_it();
    }

    fn has_majority(&self) -> bool {
        self.is_majority(|body| body.soul.is_some())
    }

    fn petition_for_the_last_time(&mut self) {
        if self.plan.decrees == 1 {
            return;
        }
        let sits = |who: &usize| self.bodies[*who].soul.is_some() && self.sits(*who);
        let inside: Vec<usize> = (0..self.bodies.len()).filter(sits).collect();
        let who = inside[usize_below(&mut self.chance, inside.len())];
        self.last = self.citizen.petition(self.now);
        if let Some(decree) = self.last.clone() {
            self.hand_in_to(who, decree);
        }
    }

    /// T + 99. In a Parliament as long again as a reply takes, where a ledger must be copied first,
    /// and for every α petitions that wait before the last, since no more are open at once.
    fn due_within(&self) -> Minutes {
        let windows = match self.plan.decrees {
            1 => 0,
            _ => 1 + self.citizen.waiting() / self.plan.founding.alpha,
        };
        PRESENCE + PASSED_WITHIN + Minutes::thousandths(windows * REPLY.in_thousandths())
    }

    /// Whether everyone inside has the last decree: then nothing is left to wait for.
    pub fn see_who_has_it(&mut self) {
        let Some(locked) = self.locked else { return };
        let has = |last: &Option<Decree>| {
            let sit = (0..self.bodies.len()).filter(|&who| self.sits(who));
            let inside = sit.filter_map(|who| self.bodies[who].soul.as_ref());
            inside.clone().count() > 0
                && inside.clone().all(|soul| match last {
                    Some(decree) => soul.has(decree),
                    None => soul.outcome(crate::words::ballot::SYNODS_DECREE).is_some(),
                })
        };
        if has(&self.last) {
            self.tally.slowest = self.tally.slowest.max(self.now - locked);
            self.is_over = true;
        }
    }

    /// The promise about locked doors is due.
    pub fn find_late(&mut self) {
        self.is_over = true;
        if self.plan.cast.keeps_time()
            && let Some(locked) = self.locked
        {
            self.object(Fault::Late { locked, bound: self.now - locked });
        }
    }
}
