//! What is to be searched, what was found, and the search itself: breadth first, so that the first
//! run found is a shortest one.

use super::chronicle::{BEGUN_LATE, SUCCESSFUL_TWICE, VOTED_TWICE};
use super::hands::deepen_all;
use super::scope::{Scope, ScopeError};
use super::situations::{ADOPTED, RETURNED};
use super::story::Story;
use super::worlds::{ALL_KNOW, Search, Stop, TWO_PRESIDENTS};
use crate::creeds::Creed;
use crate::invariants::Rule;

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
    pub(super) fn forgets_bygones(&self) -> bool {
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

const SOMETIMES: [(&str, u16); 7] = [
    ("a ballot took over an earlier decree, as B3 demands", ADOPTED),
    ("two presidents were at work at once", TWO_PRESIDENTS),
    ("a ballot was begun after a higher one", BEGUN_LATE),
    ("a priest voted in two ballots", VOTED_TWICE),
    ("two ballots were successful, with one decree", SUCCESSFUL_TWICE),
    ("every ledger had the decree", ALL_KNOW),
    ("a priest returned to his ledger", RETURNED),
];

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
        let deepened = deepen_all(&mut searches, Search::waiting, Search::deepen);
        for (at, deepened) in deepened.into_iter().enumerate() {
            match deepened {
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
