//! Breadth first, so that the first run found is a shortest one.

use super::chronicle::{BEGUN_LATE, Chronicle, SUCCESSFUL_TWICE, VOTED_TWICE};
use super::scope::{Scope, ScopeError, appears_in_order};
use super::situations::{ADOPTED, Answer, Code, RETURNED, Situations};
use super::story::{Chapter, Story};
use super::visited::{Packed, Visited};
use crate::heresies::Creed;
use crate::invariants::{Breach, Rule};
use crate::synod::{BallotNumber, Decree, Entry};

/// What is to be searched, and for what.
#[derive(Clone)]
pub struct Exploration<'a> {
    /// How much of the world.
    pub scope: Scope,
    /// What the priests believe.
    pub creed: &'a dyn Creed,
    /// What the gods watch for.
    pub watch: Vec<Rule>,
    /// Whether worlds that differ only by names, of priests and of decrees, are searched once.
    /// Sound where the creed takes no notice of names and uses no number twice.
    pub symmetry: bool,
    /// Whether all ballot numbers have one integer, so that only their owners tell them apart.
    pub same_integer: bool,
    /// Whether a priest reads LastVotes and Voteds only at the moment when he acts on them. What
    /// is on a slip meanwhile shows to nobody, and letters wait, so this loses no outcome; it
    /// looks at fewer states, and counts deeds instead of events.
    ///
    /// If besides ledgers alone are watched, states do not tell apart what no ledger can come to
    /// depend on: what B was, and letters that came too late for ever.
    pub by_deeds: bool,
}

impl Exploration<'_> {
    fn forgets_bygones(&self) -> bool {
        self.by_deeds && self.watch == [Rule::Consistency]
    }
}

/// What a search has found.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// How many different states were reached, the first ones included.
    pub states: u64,
    /// How many transitions were generated: events that changed something, known result or new.
    pub transitions: u64,
    /// How many events the longest of all shortest runs has.
    pub depth: u32,
    /// How many ways of owning the ballot numbers were searched.
    pub worlds: usize,
    /// How many different situations the priests were in; their code ran for each event in each.
    pub situations: usize,
    /// How many different B the gods saw.
    pub histories: usize,
    /// How many times a clause of the invariant was evaluated.
    pub clauses: u64,
    /// Memory for states, in bytes.
    pub bytes: usize,
    /// What came to pass at least once, and what never did.
    pub sometimes: Vec<(&'static str, bool)>,
    /// The shortest run that breaks a rule, if there is one.
    pub breach: Option<Story>,
}

/// Two presidents tried or polled at once.
const TWO_PRESIDENTS: u16 = 1 << 5;
/// Every ledger had the decree.
const ALL_KNOW: u16 = 1 << 6;

const SOMETIMES: [(&str, u16); 7] = [
    ("a ballot took over an earlier decree, as B3 demands", ADOPTED),
    ("two presidents were at work at once", TWO_PRESIDENTS),
    ("a ballot was begun after a higher one", BEGUN_LATE),
    ("a priest voted in two ballots", VOTED_TWICE),
    ("two ballots were successful, with one decree", SUCCESSFUL_TWICE),
    ("every ledger had the decree", ALL_KNOW),
    ("a priest returned to his ledger", RETURNED),
];

/// A state of the world.
#[derive(Clone, Copy)]
struct World {
    letters: u128,
    history: u32,
    situations: [u16; 5],
    returns: u16,
}

impl World {
    fn pack(&self) -> Packed {
        let [a, b, c, d, e] = self.situations.map(u64::from);
        [
            self.letters as u64,
            (self.letters >> 64) as u64,
            u64::from(self.history) << 32 | a << 16 | b,
            c << 48 | d << 32 | e << 16 | u64::from(self.returns),
        ]
    }

    fn unpack([low, high, third, last]: Packed) -> World {
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
struct Came {
    from: u32,
    who: u16,
    code: u16,
}

/// The search of one world, in which it is settled who owns which number.
struct Search<'a> {
    of: &'a Exploration<'a>,
    situations: Situations<'a>,
    chronicle: Chronicle,
    visited: Visited,
    came: Vec<Came>,
    /// Where the states of the deepest level begin.
    level: usize,
    transitions: u64,
    sights: u16,
}

/// A situation a priest reads himself into, and the last letter he read on the way.
struct Reading {
    situation: u16,
    last: Option<(usize, Code)>,
}

impl<'a> Search<'a> {
    fn new(of: &'a Exploration<'a>, roll: &[usize]) -> Search<'a> {
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
        }
    }

    /// Goes one event further; false when there is nothing further.
    fn deepen(&mut self) -> Result<bool, Stop> {
        let (from, to) = (self.level, self.visited.len());
        self.level = to;
        for at in from..to {
            let world = World::unpack(self.visited.get(at));
            for who in 0..self.of.scope.priests {
                self.visit(at as u32, &world, who)?;
            }
        }
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
    fn readings(&mut self, world: &World, who: usize) -> Result<Vec<Reading>, ScopeError> {
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
        if !self.visited.insert(packed) {
            return Ok(());
        }
        let last = Came { from: at, who: who as u16, code: code.0 };
        self.came.push(last);
        let breaches = self.judge(before, &next, who);
        if breaches.is_empty() { Ok(()) } else { Err(Stop::Broken(breaches)) }
    }

    /// The world after an event; `None` if this search has it under other names, or later.
    fn after(&mut self, world: &World, who: usize, code: Code, id: u32) -> Option<(World, Answer)> {
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

    /// The run that led to the last state met, in which these rules are broken.
    fn tell(mut self, breaches: Vec<Breach>) -> Result<Story, ScopeError> {
        let mut path = vec![self.came.len() - 1];
        while let Some(&at) = path.last()
            && at != 0
        {
            path.push(self.came[at].from as usize);
        }
        path.reverse();
        let (mut chapters, mut history) = (Vec::new(), 0);
        for hop in path.windows(2) {
            let (before, after) =
                (World::unpack(self.visited.get(hop[0])), World::unpack(self.visited.get(hop[1])));
            let Came { who, code, .. } = self.came[hop[1]];
            let who = usize::from(who);
            let events = self.events(&before, &after, who, Code(code))?;
            for &(situation, code) in &events {
                let event = self.situations.event(code);
                let situation = self.situations.situation(who, situation);
                chapters.push(Chapter::tell(situation, event, code.power(), self.of.creed));
            }
            let Some(&(situation, code)) = events.last() else { continue };
            let Some(id) = self.situations.ask(who, situation, code)? else { continue };
            let sighting = self.situations.answer(id).sighting;
            let (name, rows) = self.situations.sighting(sighting);
            history = self.chronicle.after(history, sighting, name, rows);
        }
        let ballots = self.chronicle.ballots(history).to_vec();
        Ok(Story { chapters, breaches, ballots })
    }

    /// The events from one state to the next: what was read in silence, then what was done.
    fn events(
        &mut self,
        before: &World,
        after: &World,
        who: usize,
        code: Code,
    ) -> Result<Vec<(u16, Code)>, ScopeError> {
        let silent = self.of.by_deeds && !code.is_own_time();
        let readings = if silent { self.readings(before, who)? } else { Vec::new() };
        for (at, reading) in readings.iter().enumerate() {
            let mut world = *before;
            world.situations[who] = reading.situation;
            let Some(id) = self.situations.ask(who, reading.situation, code)? else { continue };
            let leads = self.after(&world, who, code, id);
            if leads.is_some_and(|(next, _)| next.pack() == after.pack()) {
                let mut events = vec![(reading.situation, code)];
                let mut at = at;
                while let Some((earlier, read)) = readings[at].last {
                    events.push((readings[earlier].situation, read));
                    at = earlier;
                }
                events.reverse();
                return Ok(events);
            }
        }
        Ok(vec![(before.situations[who], code)])
    }

    fn bytes(&self) -> usize {
        self.visited.bytes() + self.came.capacity() * size_of::<Came>()
    }
}

/// Searches every state within the scope, or until a rule is found broken; `watcher` is told of
/// the states and transitions so far, level by level.
///
/// # Errors
/// [`ScopeError`] when a state has no room for this scope.
pub fn explore(
    exploration: &Exploration<'_>,
    mut watcher: impl FnMut(&Findings),
) -> Result<Findings, ScopeError> {
    let scope = exploration.scope.checked()?;
    let distinct = |roll: &Vec<usize>| {
        let mut owners = roll.clone();
        owners.sort_unstable();
        owners.dedup();
        !exploration.same_integer || owners.len() == roll.len()
    };
    let rolls: Vec<Vec<usize>> =
        scope.rolls(exploration.symmetry).into_iter().filter(distinct).collect();
    let mut searches: Vec<Search<'_>> =
        rolls.iter().map(|roll| Search::new(exploration, roll)).collect();
    let mut findings = Findings { worlds: searches.len(), ..Findings::default() };
    let (mut done, mut sights) = (Findings::default(), 0);
    while !searches.is_empty() {
        let mut ended = Vec::new();
        for at in 0..searches.len() {
            match searches[at].deepen() {
                Ok(true) => {}
                Ok(false) => ended.push(at),
                Err(Stop::Scope(error)) => return Err(error),
                Err(Stop::Broken(broken)) => {
                    findings.count(&done, &searches);
                    findings.depth += 1;
                    findings.breach = Some(searches.swap_remove(at).tell(broken)?);
                    return Ok(findings);
                }
            }
        }
        findings.count(&done, &searches);
        for at in ended.into_iter().rev() {
            let search = searches.remove(at);
            sights |= search.sights;
            done.add(&search);
        }
        if !searches.is_empty() {
            findings.depth += 1;
        }
        watcher(&findings);
    }
    let sighted = |&(what, bit): &(&'static str, u16)| (what, sights & bit != 0);
    findings.sometimes = SOMETIMES.iter().map(sighted).collect();
    Ok(findings)
}

impl Findings {
    /// Counts what one search has found.
    fn add(&mut self, search: &Search<'_>) {
        self.states += search.visited.len() as u64;
        self.transitions += search.transitions;
        self.situations += search.situations.sizes().0;
        self.histories += search.chronicle.len();
        self.clauses += search.chronicle.asked;
        self.bytes += search.bytes();
    }

    /// Counts anew: what was `done`, and the searches still going on.
    fn count(&mut self, done: &Findings, searches: &[Search<'_>]) {
        let mut sum = Findings { worlds: self.worlds, depth: self.depth, ..done.clone() };
        searches.iter().for_each(|search| sum.add(search));
        *self = sum;
    }
}

/// Why a search ends before its end.
enum Stop {
    Broken(Vec<Breach>),
    Scope(ScopeError),
}

impl From<ScopeError> for Stop {
    fn from(error: ScopeError) -> Stop {
        Stop::Scope(error)
    }
}
