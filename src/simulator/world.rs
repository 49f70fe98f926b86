//! The world: what happens next, in the order of hours, and at one hour in the order in which it
//! was planned. Nothing else decides what comes first.

use super::body::Body;
use super::bureau::Bureau;
use super::citizen::Citizen;
use super::eye::Eye;
use super::links::Links;
use super::nemesis::Nemesis;
use super::plan::Plan;
use super::politics::Politics;
use super::queue::Queue;
use super::report::{Failure, Fault, Tally};
use super::swarm::Swarm;
use crate::chance::Chance;
use crate::invariants::Breach;
use crate::trace::Happening;
use crate::words::{Decree, DecreeNumber, Message, Minutes, Name};

/// Something that is to happen.
pub(super) enum Coming {
    /// A messenger writes a letter into a messagebook.
    Arrive { from: Name, to: usize, message: Message, again: bool },
    /// A priest turns to his desk, unless he has planned otherwise since.
    Act { who: usize, plan: u64 },
    /// A priest comes into the Chamber.
    Enter(usize),
    /// A nemesis strikes.
    Blow(Nemesis),
    /// The citizen hands in a petition.
    Petition,
    /// The citizen hands in again what has waited for long.
    Insist,
    /// The gods ask everyone what the law is, and which offices are his.
    Ask,
    /// The storm is over, and the doors are locked.
    Lock,
    /// The promise about locked doors is due.
    Due,
}

/// The scribe, who hears all that happens.
pub type Scribe<'a> = dyn FnMut(Minutes, Happening) + 'a;

/// A Chamber in memory.
pub(super) struct Island<'a> {
    pub plan: &'a Plan<'a>,
    pub names: Vec<Name>,
    pub chance: Chance,
    pub swarm: Swarm,
    pub links: Links,
    pub now: Minutes,
    pub bodies: Vec<Body>,
    pub eye: Eye,
    pub citizen: Citizen,
    /// The citizens' wishes about the law, if they have any.
    pub politics: Option<Politics>,
    /// The holders of each office, where offices are filled.
    pub bureau: Option<Bureau>,
    pub tally: Tally,
    pub failure: Option<Failure>,
    pub locked: Option<Minutes>,
    /// The last petition, which is to pass behind locked doors.
    pub last: Option<Decree>,
    /// Whether there is nothing more to wait for.
    pub is_over: bool,
    /// The numbers that what a priest read may concern.
    pub touched: Vec<DecreeNumber>,
    queue: Queue<Coming>,
    scribe: Option<&'a mut Scribe<'a>>,
}

impl<'a> Island<'a> {
    pub fn new(plan: &'a Plan<'a>, scribe: Option<&'a mut Scribe<'a>>) -> Island<'a> {
        let mut chance = Chance::new(plan.seed, 0);
        let swarm = Swarm::drawn(plan, &mut chance);
        let names: Vec<Name> = plan.everyone().collect();
        let (people, storm) = (names.len(), swarm.storm);
        let bodies = names.iter().map(|&name| Body::new(name, &plan.founding)).collect();
        let mut world = Island {
            plan,
            chance,
            links: Links::drawn(names.len(), &swarm),
            names,
            swarm,
            now: Minutes::ZERO,
            bodies,
            eye: Eye::new(plan),
            citizen: Citizen::default(),
            politics: plan.law.is_some().then(|| Politics::drawn(plan.seed)),
            bureau: plan.law.is_some().then(|| Bureau::drawn(plan.seed, people, storm)),
            tally: Tally::default(),
            failure: None,
            locked: None,
            last: None,
            is_over: false,
            touched: Vec::new(),
            queue: Queue::default(),
            scribe,
        };
        world.tell(|| Happening::Founded(plan.founding.as_ref().clone()));
        world.plan_the_storm();
        world
    }

    /// Plans something.
    pub fn plan_at(&mut self, at: Minutes, event: Coming) {
        self.queue.push(at.max(self.now), event);
    }

    /// Takes back every plan that `keep` does not keep.
    pub fn unplan(&mut self, mut keep: impl FnMut(&mut Island<'a>, &Coming) -> bool) {
        let mut planned = std::mem::take(&mut self.queue);
        while let Some((at, event)) = planned.pop() {
            if keep(self, &event) {
                self.queue.push(at, event);
            }
        }
    }

    /// Everything happens.
    pub fn run(&mut self) {
        while self.failure.is_none()
            && !self.is_over
            && let Some((at, event)) = self.queue.pop()
        {
            self.now = at;
            self.happen(event);
        }
        self.tally.minutes = self.now;
    }

    fn happen(&mut self, event: Coming) {
        match event {
            Coming::Arrive { from, to, message, again } => self.arrive(from, to, message, again),
            Coming::Act { who, plan } => {
                if self.bodies[who].acts.is_some_and(|(_, last)| last == plan) {
                    self.bodies[who].acts = None;
                    self.act(who);
                }
            }
            Coming::Enter(who) => self.enter(who),
            Coming::Blow(nemesis) => self.strike(nemesis),
            Coming::Petition => self.petition(),
            Coming::Insist => self.insist(),
            Coming::Ask => self.ask(),
            Coming::Lock => self.lock_the_doors(),
            Coming::Due => self.find_late(),
        }
    }

    /// Tells the scribe, if there is one.
    pub fn tell(&mut self, happening: impl FnOnce() -> Happening) {
        if let Some(scribe) = &mut self.scribe {
            scribe(self.now, happening());
        }
    }

    /// Whether a scribe listens.
    pub fn is_told(&self) -> bool {
        self.scribe.is_some()
    }

    /// The gods object; the first objection stands.
    pub fn object(&mut self, fault: Fault) {
        if self.failure.is_none() {
            self.failure = Some(Failure { seed: self.plan.seed, at: self.now, fault });
        }
    }

    /// The gods object to what they have found, if they have.
    pub fn object_to(&mut self, found: Vec<Breach>) {
        if let Some(breach) = found.into_iter().next() {
            self.object(Fault::Broken(breach));
        }
    }
}
