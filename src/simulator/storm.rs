//! The storm: the nemeses strike, each at its own pace, while the citizen petitions.

use super::nemesis::{Mishap, Nemesis};
use super::storage::usize_below;
use super::swarm::minutes_below;
use super::world::{Coming, Island};
use crate::trace::Happening;
use crate::words::time::REPLY;
use crate::words::{Decree, Message, Minutes};

/// The longest that a nemesis goes on once it has struck.
const LONGEST_BLOW: Minutes = Minutes::whole(60);
/// By how much at most a clock jumps.
const LONGEST_JUMP: Minutes = Minutes::whole(200);

impl Island<'_> {
    /// Plans when each priest enters, when each nemesis strikes first, when the doors are locked.
    pub fn plan_the_storm(&mut self) {
        let storm = self.swarm.storm;
        for who in 0..self.bodies.len() {
            if self.plan.absent.contains(&self.names[who]) {
                self.bodies[who].is_gone = true;
            } else if self.bodies[who].has_ledger {
                self.plan_to_enter(who);
            }
        }
        for (nemesis, _) in self.swarm.blows.clone() {
            self.plan_next_blow(nemesis);
        }
        if self.plan.decrees > 1 {
            // Citizens come in crowds: at most this many different hours.
            let hours = 1 + self.chance.below(2 * self.plan.decrees);
            for _ in 0..self.plan.decrees {
                let part = self.chance.below(hours) * storm.in_thousandths() / hours;
                self.plan_at(Minutes::thousandths(part), Coming::Petition);
            }
            self.plan_at(REPLY, Coming::Insist);
        }
        if self.bureau.is_some() {
            self.plan_at(Minutes::ZERO, Coming::Ask);
        }
        self.plan_at(storm, Coming::Lock);
    }

    /// He comes soon, or, it may be, late.
    pub fn plan_to_enter(&mut self, who: usize) {
        let late = if self.chance.below(4) == 0 { self.swarm.storm } else { Minutes::whole(1) };
        let at = self.now + minutes_below(&mut self.chance, late);
        self.plan_at(at, Coming::Enter(who));
    }

    fn plan_next_blow(&mut self, nemesis: Nemesis) {
        let pace = self.swarm.blows.iter().find(|(other, _)| *other == nemesis);
        if let Some(&(_, pace)) = pace {
            let twice = Minutes::thousandths(2 * pace.in_thousandths());
            let at = self.now + minutes_below(&mut self.chance, twice);
            self.plan_at(at, Coming::Blow(nemesis));
        }
    }

    /// A nemesis strikes.
    pub fn strike(&mut self, nemesis: Nemesis) {
        let until = self.now + minutes_below(&mut self.chance, LONGEST_BLOW);
        let who = usize_below(&mut self.chance, self.bodies.len());
        let landed = match nemesis {
            Nemesis::Halves | Nemesis::Bridge | Nemesis::OneWay => self.cut(nemesis, who, until),
            Nemesis::Clog => self.clog(who, until),
            Nemesis::Pause => self.pause(who, until),
            Nemesis::RolledBack => self.roll_back(who),
            Nemesis::MajorityGone => self.empty_the_chamber(),
            Nemesis::ClockJump => self.set_clock_ahead(who),
            Nemesis::AwayForEver => self.send_away_for_ever(who),
            _ => nemesis.fate().is_some_and(|fate| self.befall(who, fate, until)),
        };
        if landed {
            self.tally.strike(nemesis);
        }
        self.plan_next_blow(nemesis);
    }

    /// The fate of his next deed.
    fn befall(&mut self, who: usize, fate: Mishap, until: Minutes) -> bool {
        let body = &mut self.bodies[who];
        let lands = body.soul.is_some() && body.fate == Mishap::Well;
        if lands && fate == Mishap::DiskIsFull {
            body.full_until = until;
        } else if lands {
            body.fate = fate;
        }
        lands
    }

    /// The Chamber falls into two parts, by a mask; a bridge belongs to both.
    fn cut(&mut self, nemesis: Nemesis, bridge: usize, until: Minutes) -> bool {
        let priests = self.bodies.len();
        if nemesis == Nemesis::OneWay {
            let to = usize_below(&mut self.chance, priests);
            self.links.cut(bridge, to, until);
            return bridge != to;
        }
        let mask = self.chance.below(1 << priests.min(63));
        let side = |priest: usize| mask >> priest & 1;
        for from in 0..priests {
            for to in (0..priests).filter(|&to| side(to) != side(from)) {
                if nemesis == Nemesis::Halves || from != bridge && to != bridge {
                    self.links.cut(from, to, until);
                }
            }
        }
        priests > 1
    }

    fn clog(&mut self, from: usize, until: Minutes) -> bool {
        let to = usize_below(&mut self.chance, self.bodies.len());
        self.links.clog(from, to, until);
        from != to
    }

    fn pause(&mut self, who: usize, until: Minutes) -> bool {
        let body = &mut self.bodies[who];
        body.paused_until = until;
        body.soul.is_some()
    }

    /// Only a priest who is outside, and only while the others can still be a majority.
    fn roll_back(&mut self, who: usize) -> bool {
        let is_out = self.bodies[who].soul.is_none() && !self.bodies[who].is_gone;
        if !is_out || self.bodies[who].is_rolled_back || !self.can_spare(who) {
            return false;
        }
        let body = &mut self.bodies[who];
        body.is_rolled_back = body.storage.roll_back(&mut self.chance);
        body.is_rolled_back
    }

    /// Whether those who may still come are a majority without him.
    fn can_spare(&self, who: usize) -> bool {
        let name = self.names[who];
        self.is_majority(|body| body.has_ledger && body.may_come() && body.name != name)
    }

    fn empty_the_chamber(&mut self) -> bool {
        let mut struck = false;
        for who in 0..self.bodies.len() {
            if self.is_majority(|body| body.soul.is_some()) && self.bodies[who].soul.is_some() {
                self.die(who, Mishap::Well, false);
                struck = true;
            }
        }
        struck
    }

    fn set_clock_ahead(&mut self, who: usize) -> bool {
        let jump = minutes_below(&mut self.chance, LONGEST_JUMP);
        let body = &mut self.bodies[who];
        body.ahead = body.ahead + jump;
        body.soul.is_some()
    }

    fn send_away_for_ever(&mut self, who: usize) -> bool {
        let body = &self.bodies[who];
        if body.is_gone || !body.has_ledger || !self.can_spare(who) {
            return false;
        }
        self.die(who, Mishap::Well, false);
        self.bodies[who].is_gone = true;
        true
    }

    /// The citizen hands in a petition.
    pub fn petition(&mut self) {
        if let Some(decree) = self.wish() {
            self.hand_in(decree);
        }
    }

    /// The citizen hands in again what has waited for long.
    pub fn insist(&mut self) {
        for decree in self.citizen.insist(self.now) {
            self.hand_in(decree);
        }
        if self.locked.is_none() {
            self.plan_at(self.now + REPLY, Coming::Insist);
        }
    }

    /// Hands a petition to this legislator; if he is out, it waits at his door.
    pub fn hand_in(&mut self, decree: Decree) {
        let mut doors = (0..self.bodies.len()).filter(|&who| self.bodies[who].has_ledger);
        let to = usize_below(&mut self.chance, doors.clone().count());
        if let Some(to) = doors.nth(to) {
            self.hand_in_to(to, decree);
        }
    }

    /// Hands a petition to this legislator.
    pub fn hand_in_to(&mut self, who: usize, decree: Decree) {
        let (from, to) = (self.citizen.name, self.names[who]);
        let message = Message::Petition { decree };
        if self.is_told() {
            let message = message.clone();
            self.tell(|| Happening::Send { from, to, message });
        }
        self.carry(self.now, who, who, from, message);
    }
}
