//! The states of one world, in which it is settled who owns which ballot number.

use super::chronicle::Chronicle;
use super::scope::{ScopeError, appears_in_order};
use super::search::Exploration;
use super::situations::{Answer, Code, Situations};
use super::visited::{self, Visited};
use crate::invariants::Breach;
use crate::words::{BallotNumber, Decree, Entry};

/// Two presidents tried or polled at once.
pub(super) const TWO_PRESIDENTS: u16 = 1 << 5;
/// Every ledger had the decree.
pub(super) const ALL_KNOW: u16 = 1 << 6;

/// A state of the world, packed into words.
type Packed = [u64; 4];

/// A state of the world.
#[derive(Clone, Copy)]
pub(super) struct World {
    pub(super) letters: u128,
    pub(super) history: u32,
    pub(super) situations: [u16; 5],
    pub(super) returns: u16,
}

impl World {
    pub(super) fn pack(&self) -> Packed {
        let [a, b, c, d, e] = self.situations.map(u64::from);
        [
            self.letters as u64,
            (self.letters >> 64) as u64,
            u64::from(self.history) << 32 | a << 16 | b,
            c << 48 | d << 32 | e << 16 | u64::from(self.returns),
        ]
    }

    pub(super) fn unpack([low, high, third, last]: Packed) -> World {
        World {
            letters: u128::from(high) << 64 | u128::from(low),
            history: (third >> 32) as u32,
            situations: [
                (third >> 16) as u16,
                third as u16,
                (last >> 48) as u16,
                (last >> 32) as u16,
                (last >> 16) as u16,
            ],
            returns: last as u16,
        }
    }
}

/// Where a state was first reached from: state, priest and event.
#[derive(Clone, Copy)]
pub(super) struct Came {
    pub(super) from: u32,
    pub(super) who: u16,
    pub(super) code: u16,
}

/// The search of one world, in which it is settled who owns which number.
pub(super) struct Search<'a> {
    pub(super) of: &'a Exploration<'a>,
    pub(super) situations: Situations<'a>,
    pub(super) chronicle: Chronicle,
    pub(super) visited: Visited<4>,
    pub(super) came: Vec<Came>,
    /// Where the states of the deepest level begin.
    pub(super) level: usize,
    pub(super) transitions: u64,
    pub(super) sights: u16,
    /// States come to and not yet looked up: the memory is asked for many at once.
    pending: Vec<Pending>,
}

/// How many are looked up together.
const TOGETHER: usize = 32;

/// A state come to and not yet looked up.
struct Pending {
    hash: u64,
    before: World,
    next: World,
    came: Came,
}

/// A situation a priest reads himself into, and the last letter he read on the way.
pub(super) struct Reading {
    pub(super) situation: u16,
    pub(super) last: Option<(usize, Code)>,
}

impl<'a> Search<'a> {
    pub(super) fn new(of: &'a Exploration<'a>, roll: &[usize]) -> Search<'a> {
        let members = of.scope.members();
        let numbers = of.scope.numbers(roll, of.same_integer);
        let situations = Situations::new(&members, numbers, of.scope.wishes(), of.creed);
        let mut visited = Visited::new();
        let first = World { letters: 0, history: 0, situations: [0; 5], returns: 0 };
        visited.insert(first.pack());
        Search {
            of,
            situations,
            chronicle: Chronicle::new(members, of.watch.clone()),
            visited,
            came: vec![Came { from: 0, who: 0, code: 0 }],
            level: 0,
            transitions: 0,
            sights: 0,
            pending: Vec::with_capacity(TOGETHER),
        }
    }

    /// How many states of the deepest level wait to be gone through.
    pub(super) fn waiting(&self) -> usize {
        self.visited.len() - self.level
    }

    /// Goes one event further; false when there is nothing further.
    pub(super) fn deepen(&mut self) -> Result<bool, Stop> {
        let (from, to) = (self.level, self.visited.len());
        self.level = to;
        for at in from..to {
            let world = World::unpack(self.visited.get(at));
            for who in 0..self.of.scope.priests {
                self.visit(at as u32, &world, who)?;
            }
        }
        self.look_up()?;
        Ok(self.visited.len() > to)
    }

    /// Everything that may happen to one priest.
    fn visit(&mut self, at: u32, world: &World, who: usize) -> Result<(), Stop> {
        for number in 0..self.situations.numbers.len() {
            if self.situations.numbers[number].owner == self.situations.names[who] {
                self.happen(at, world, world, who, Code::trying(number))?;
            }
        }
        if world.returns < self.of.scope.restarts {
            self.meet(at, world, world, who, Code::RETURN)?;
        }
        if !self.of.by_deeds {
            return self.read_or_begin(at, world, world, who);
        }
        for reading in self.readings(world, who)? {
            let mut having_read = *world;
            having_read.situations[who] = reading.situation;
            self.read_or_begin(at, world, &having_read, who)?;
        }
        Ok(())
    }

    fn read_or_begin(
        &mut self,
        at: u32,
        before: &World,
        world: &World,
        who: usize,
    ) -> Result<(), Stop> {
        for wish in 0..self.of.scope.decrees {
            self.happen(at, before, world, who, Code::beginning(wish))?;
        }
        let mut news = self.situations.news(who, world.situations[who], world.letters);
        while news != 0 {
            self.happen(at, before, world, who, Code::reading(news.trailing_zeros()))?;
            news &= news - 1;
        }
        Ok(())
    }

    /// The situations a priest can read himself into without anyone's notice, nearest first.
    pub(super) fn readings(
        &mut self,
        world: &World,
        who: usize,
    ) -> Result<Vec<Reading>, ScopeError> {
        let mut all = vec![Reading { situation: world.situations[who], last: None }];
        let mut at = 0;
        while at < all.len() {
            let situation = all[at].situation;
            let mut news = self.situations.news(who, situation, world.letters);
            while news != 0 {
                let code = Code::reading(news.trailing_zeros());
                news &= news - 1;
                let Some(id) = self.situations.ask(who, situation, code)? else { continue };
                let answer = self.situations.answer(id);
                let known = |reading: &Reading| reading.situation == answer.after;
                if answer.is_quiet && !all.iter().any(known) {
                    all.push(Reading { situation: answer.after, last: Some((at, code)) });
                }
            }
            at += 1;
        }
        Ok(all)
    }

    /// An event, while the power holds and when it fails.
    fn happen(
        &mut self,
        at: u32,
        before: &World,
        world: &World,
        who: usize,
        code: Code,
    ) -> Result<(), Stop> {
        self.meet(at, before, world, who, code)?;
        if world.returns < self.of.scope.restarts {
            self.meet(at, before, world, who, code.in_the_dark())?;
        }
        Ok(())
    }

    fn meet(
        &mut self,
        at: u32,
        before: &World,
        world: &World,
        who: usize,
        code: Code,
    ) -> Result<(), Stop> {
        let Some(id) = self.situations.ask(who, world.situations[who], code)? else {
            return Ok(());
        };
        let Some((next, answer)) = self.after(world, who, code, id) else { return Ok(()) };
        let packed = next.pack();
        if !code.returns() && packed == before.pack() {
            return Ok(());
        }
        self.transitions += 1;
        self.sights |= answer.sights;
        let hash = visited::hash(&packed);
        std::hint::black_box(self.visited.touch(hash));
        let came = Came { from: at, who: who as u16, code: code.0 };
        self.pending.push(Pending { hash, before: *before, next, came });
        if self.pending.len() < TOGETHER { Ok(()) } else { self.look_up() }
    }

    /// Looks up what is pending, and judges what is new.
    fn look_up(&mut self) -> Result<(), Stop> {
        let mut pending = std::mem::take(&mut self.pending);
        let words = pending.iter().map(|it| self.visited.touch_state(it.hash));
        std::hint::black_box(words.fold(0, |all, word| all ^ word));
        for Pending { hash, before, next, came } in pending.drain(..) {
            if self.visited.insert_hashed(next.pack(), hash) {
                self.came.push(came);
                let breaches = self.judge(&before, &next, usize::from(came.who));
                if !breaches.is_empty() {
                    return Err(Stop::Broken(breaches));
                }
            }
        }
        self.pending = pending;
        Ok(())
    }

    /// The world after an event; `None` if this search has it under other names, or later.
    pub(super) fn after(
        &mut self,
        world: &World,
        who: usize,
        code: Code,
        id: u32,
    ) -> Option<(World, Answer)> {
        let answer = self.situations.answer(id);
        if self.of.by_deeds && answer.is_quiet {
            return None;
        }
        if self.of.symmetry && answer.sighting != 0 && !self.is_first_of_its_kind(world, &answer) {
            return None;
        }
        let mut next = *world;
        next.situations[who] = answer.after;
        next.letters |= answer.letters;
        next.returns += u16::from(code.returns());
        if self.of.forgets_bygones() {
            next.history |= u32::from(self.put_to_the_vote(&answer).is_some());
            for other in 0..self.of.scope.priests {
                let situation = next.situations[other];
                next.letters = self.situations.still_of_use(other, situation, next.letters);
            }
        } else if answer.sighting != 0 {
            let (name, rows) = self.situations.sighting(answer.sighting);
            next.history = self.chronicle.after(world.history, answer.sighting, name, rows);
        }
        Some((next, answer))
    }

    /// Whether the decrees put to the vote appear in order, ballots taken by number; if not, this
    /// world is another one with the decrees' names exchanged.
    fn is_first_of_its_kind(&self, world: &World, answer: &Answer) -> bool {
        let Some((begun, put)) = self.put_to_the_vote(answer) else { return true };
        let wishes = self.situations.wishes();
        if self.of.forgets_bygones() {
            return world.history != 0 || wishes.first() == Some(put);
        }
        let ballots = self.chronicle.ballots(world.history);
        appears_in_order(self.situations.numbers.iter().map(|number| {
            let earlier = ballots.iter().find(|ballot| ballot.number == *number);
            let decree = if number == begun { Some(put) } else { earlier.map(|b| &b.decree) }?;
            wishes.iter().position(|wish| wish == decree)
        }))
    }

    /// The ballot begun, and its decree.
    fn put_to_the_vote(&self, answer: &Answer) -> Option<(&BallotNumber, &Decree)> {
        match self.situations.sighting(answer.sighting).1.first()? {
            Entry::BeginBallot { ballot, decree, .. } => Some((ballot, decree)),
            _ => None,
        }
    }

    /// Every clause of the invariant that speaks of what has changed.
    fn judge(&mut self, before: &World, now: &World, who: usize) -> Vec<Breach> {
        let (here, priests) = (&self.situations, self.of.scope.priests);
        let mut found = Vec::new();
        if self.of.forgets_bygones() {
            let others = (0..priests).filter(|&other| other != who);
            for other in others {
                let (mine, his) = (now.situations[who], now.situations[other]);
                found.extend(self.chronicle.of_pair(here, (who, mine), (other, his)));
            }
            return found;
        }
        if now.history != before.history {
            self.sights |= self.chronicle.sights(now.history);
            found.extend_from_slice(self.chronicle.of_ballots(now.history));
        }
        for other in 0..priests {
            let (mine, his) = (now.situations[who], now.situations[other]);
            if other == who || now.history != before.history {
                found.extend(self.chronicle.of_priest(here, other, his, now.history));
            }
            if other != who && mine != before.situations[who] {
                found.extend(self.chronicle.of_pair(here, (who, mine), (other, his)));
            }
        }
        found.extend(self.chronicle.of_letters(here, now.letters, now.history));
        found.extend(self.chronicle.of_sender(here, now.letters, who, now.situations[who]));
        self.look_for_sights(now);
        found
    }

    fn look_for_sights(&mut self, now: &World) {
        let here = &self.situations;
        let priests = 0..self.of.scope.priests;
        if self.sights & TWO_PRESIDENTS == 0 {
            let busy = |&who: &usize| here.brief(who, now.situations[who]).busy;
            if priests.clone().filter(busy).count() > 1 {
                self.sights |= TWO_PRESIDENTS;
            }
        }
        if self.sights & ALL_KNOW == 0 {
            let knows = |who| here.brief(who, now.situations[who]).knows;
            if priests.into_iter().all(knows) {
                self.sights |= ALL_KNOW;
            }
        }
    }

    pub(super) fn bytes(&self) -> usize {
        self.visited.bytes() + self.came.capacity() * size_of::<Came>()
    }
}

/// Why a search ends before its end.
pub(super) enum Stop {
    Broken(Vec<Breach>),
    Scope(ScopeError),
}

impl From<ScopeError> for Stop {
    fn from(error: ScopeError) -> Stop {
        Stop::Scope(error)
    }
}
