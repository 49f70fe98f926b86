//! The one search: breadth first, so that the first run found is a shortest one.

use super::block::{Broken, Known, Spare};
use super::gauge::{Gauge, Stopped};
use super::hands;
use super::judge::Judge;
use super::minds::Minds;
use super::moments::Moments;
use super::scope::ScopeError;
use super::story::Story;
use super::visit::Visit;
use super::visited::{Key, Place, Visited};
use super::world::{Accord, World, Worlds};
use crate::words::{Entry, Name};

/// The result of a search.
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
    /// How many times a clause of the invariant was evaluated; this depends on how many cores there
    /// are, for each remembers what it has found to hold.
    pub clauses: u64,
    /// Memory for states, in bytes.
    pub bytes: usize,
    /// On how many cores.
    pub cores: usize,
    /// How many of the states reached were not gone through yet.
    pub waiting: u64,
    /// Why the search ended before its end, if it did.
    pub stopped: Option<Stopped>,
    /// The sights seen at least once, and those never seen.
    pub sometimes: Vec<(&'static str, bool)>,
    /// The shortest run that breaks a rule, if there is one.
    pub breach: Option<Story>,
}

/// How many states are gone through at once.
const BLOCK: usize = 1 << 16;
/// Below this many states in all, another hand costs more than it brings.
const WORTH_A_HAND: usize = 1000;

/// The search of one world.
struct Search<W: World> {
    known: Known<W>,
    /// The states of the deepest level, in the order in which they were reached.
    level: Vec<Place>,
    /// How many states before these were not gone through.
    left: usize,
    bytes: usize,
    states: u64,
    transitions: u64,
    sights: u16,
    broken: Option<Broken>,
}

/// Searches every state within the scope, or until a rule is found broken, or until `gauge` says
/// that it must stop.
///
/// # Errors
/// [`ScopeError`] when the scope is out of bounds.
pub fn explore<E: Worlds>(of: &E, gauge: &Gauge) -> Result<Findings, ScopeError> {
    let cores = hands::hands();
    let mut searches: Vec<_> =
        of.worlds()?.into_iter().map(|world| Search::new(world, cores)).collect();
    gauge.add(searches.len(), 0, 0);
    let mut findings = Findings { worlds: searches.len(), cores, ..Findings::default() };
    let spare = Spare::default();
    let (mut done, mut sights) = (Findings::default(), 0);
    while !searches.is_empty() {
        deepen_all(&mut searches, cores, gauge, &spare)?;
        findings.count(&done, &searches);
        if let Some(search) = searches.iter().find(|search| search.broken.is_some()) {
            findings.depth += 1;
            findings.breach = search.tell();
            return Ok(findings);
        }
        findings.stopped = gauge.must_stop().filter(|_| findings.waiting > 0);
        if findings.stopped.is_some() {
            return Ok(findings);
        }
        let (grown, ended): (Vec<_>, Vec<_>) =
            searches.into_iter().partition(|search| !search.level.is_empty());
        searches = grown;
        for search in &ended {
            sights |= search.sights();
            done.add(search);
        }
        // It takes time to free millions of states, so each hand frees a world.
        hands::share(cores, ended, drop);
        if !searches.is_empty() {
            findings.depth += 1;
            gauge.deeper();
        }
    }
    findings.sometimes = sometimes::<E::World<'_>>(sights);
    Ok(findings)
}

fn sometimes<W: World>(sights: u16) -> Vec<(&'static str, bool)> {
    W::SOMETIMES.iter().map(|&(what, bit)| (what, sights & bit != 0)).collect()
}

/// Each world one event further. A world with more states than a hand's fair share is gone through
/// by all hands at once; the others one by each hand.
fn deepen_all<W: World>(
    searches: &mut [Search<W>],
    hands: usize,
    gauge: &Gauge,
    spare: &Spare,
) -> Result<(), ScopeError> {
    let mut left: usize = searches.iter().map(|search| search.level.len()).sum();
    if hands < 2 || left < WORTH_A_HAND {
        return searches.iter_mut().try_for_each(|search| search.deepen(1, gauge, spare));
    }
    let mut order: Vec<&mut Search<W>> = searches.iter_mut().collect();
    order.sort_by_key(|search| search.level.len());
    while let Some(largest) = order.pop_if(|search| search.level.len() * hands > left) {
        left -= largest.level.len();
        largest.deepen(hands, gauge, spare)?;
    }
    hands::share(hands, order, |search| search.deepen(1, gauge, spare)).into_iter().collect()
}

impl Findings {
    /// Counts what one search has found.
    fn add<W: World>(&mut self, search: &Search<W>) {
        self.states += search.states;
        self.transitions += search.transitions;
        self.situations += search.known.minds.situations();
        self.histories += search.known.moments.histories();
        self.clauses += search.known.judges.iter().map(|judge| judge.asked).sum::<u64>();
        self.bytes += search.bytes;
        self.waiting += (search.level.len() + search.left) as u64;
    }

    /// Counts anew: what was `done`, and the searches still going on.
    fn count<W: World>(&mut self, done: &Findings, searches: &[Search<W>]) {
        let mut sum =
            Findings { worlds: self.worlds, cores: self.cores, depth: self.depth, ..done.clone() };
        searches.iter().for_each(|search| sum.add(search));
        *self = sum;
    }
}

impl<W: World> Search<W> {
    fn new(world: W, hands: usize) -> Search<W> {
        let minds = Minds::new(world);
        let priests = minds.names.len();
        let tries = minds.world.scope().ballots as u16;
        let may_return = minds.world.scope().restarts > 0;
        let accord = |who, tries| minds.world.accord(who, tries).with_returns(may_return);
        let accords = |who| (0..=tries).map(|tries| accord(who, tries)).collect();
        let accords: Vec<Vec<Accord>> = (0..priests).map(accords).collect();
        let mut first = Key::default();
        first[..priests].iter_mut().zip(0..).for_each(|(word, position)| *word = position);
        let visited = Visited::new(&first, priests + 1);
        let place = visited.first;
        let judges = (0..hands).map(|_| Judge::default()).collect();
        let known = Known { minds, moments: Moments::new(), accords, visited, judges };
        let (level, broken) = (vec![place], None);
        Search { known, level, left: 0, bytes: 0, states: 1, transitions: 0, sights: 0, broken }
    }

    /// Goes one event further, or part of the way where the gauge says so.
    fn deepen(&mut self, hands: usize, gauge: &Gauge, spare: &Spare) -> Result<(), ScopeError> {
        let level = std::mem::take(&mut self.level);
        self.left = level.len();
        for block in level.chunks(BLOCK) {
            if gauge.must_stop().is_some() {
                break;
            }
            let gone = self.known.go_through(block, hands, spare)?;
            self.left -= block.len();
            self.states += gone.new.len() as u64;
            self.transitions += gone.transitions;
            self.sights |= gone.sights;
            self.level.extend(&gone.new);
            let bytes = self.known.visited.bytes();
            gauge.add(gone.new.len(), block.len(), bytes - self.bytes);
            self.bytes = bytes;
            self.broken = gone.broken;
            if self.broken.is_some() {
                break;
            }
        }
        Ok(())
    }

    fn sights(&self) -> u16 {
        self.known.judges.iter().fold(self.sights, |all, judge| all | judge.sights)
    }

    // ------------------------------------------------------------ the run that led to a state

    /// The run that led to the state in which rules are broken.
    fn tell(&self) -> Option<Story> {
        let Broken { place, breaches, .. } = self.broken.as_ref()?;
        let visited = &self.known.visited;
        let mut path = vec![*place];
        while let Some(&at) = path.last()
            && at != visited.first
        {
            path.push(visited.came(at));
        }
        path.reverse();
        let Known { minds, moments, accords, .. } = &self.known;
        let (world, mut visit) = (&minds.world, Visit::new(minds, moments, accords));
        let (mut chapters, mut seen): (_, Vec<(Name, Vec<Entry>)>) = (Vec::new(), Vec::new());
        for hop in path.windows(2) {
            for (position, code) in visit.events(&visited.get(hop[0]), &visited.get(hop[1])) {
                let mind = minds.mind(minds.situation(position));
                let event = minds.event(code);
                let chapter = world.chapter(mind, event, code.power());
                let met = minds.meet(position, code);
                seen.push((chapter.priest, met.map(|it| it.upshot.seen).unwrap_or_default()));
                chapters.push(chapter);
            }
        }
        let ballots = world.ballots(&seen);
        Some(Story { founding: world.founding(), chapters, breaches: breaches.clone(), ballots })
    }
}
