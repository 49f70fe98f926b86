//! The Parliament sits: for as long as some decrees need, or until God closes it. `[PTP §3]`

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::parliament::Legislator;
use crate::synod::time::PRESENCE;
use crate::synod::{Decree, DecreeNumber, Entry, Founding, Minutes, Name};

use super::body::{Knock, Raise};
use super::citizen::{Citizen, Passed};
use super::news::{News, Tiding};
use super::office::Counts;
use super::{Convening, GodError, Sitting};

/// How often God looks up from his news at the hour.
const GLANCE: Duration = Duration::from_millis(20);
/// How many petitions wait at least, so that a legislator always finds work on his desk.
const LEAST_WAITING: u64 = 64;
/// How many petitions wait at most, so that a long list of decrees takes little memory.
const MOST_WAITING: u64 = 20_000;

/// What legislators are told when they are raised.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Manner {
    /// They give no reasons.
    pub silent: bool,
    /// The president restates a matter of the law every so many minutes. `[PTP §3.3.5]`
    pub restate: Option<Minutes>,
}

/// What God hears and does while the Parliament sits.
pub struct Assembly {
    sitting: Sitting,
    founding: Founding,
    inside: BTreeSet<Name>,
    /// Whom he will call back in, and when: those whose ink failed.
    called_back: BTreeMap<Name, Minutes>,
}

impl Assembly {
    /// Convenes these legislators.
    ///
    /// # Errors
    /// [`GodError`]: then nobody has acted.
    pub fn convene(
        convening: &Convening,
        founding: Founding,
        manner: Manner,
    ) -> Result<Assembly, GodError> {
        // A trace tells what was of no use, and only reasons tell that.
        let manner = Manner { silent: manner.silent && convening.trace.is_none(), ..manner };
        let sitting = Sitting::convene(convening, raise(&founding, manner))?;
        let inside = convening.priests.iter().copied().collect();
        Ok(Assembly { sitting, founding, inside, called_back: BTreeMap::new() })
    }

    /// The hour, in Paxon minutes since the Chamber was convened.
    #[must_use]
    pub fn now(&self) -> Minutes {
        self.sitting.hour().now()
    }

    /// Whether a majority of the legislators is in the Chamber, as far as this God knows.
    #[must_use]
    pub fn has_majority(&self) -> bool {
        self.founding.membership.is_majority(self.inside.iter().copied())
    }

    /// Waits a little for news. Whoever was driven out is called back after T, to read his ledger.
    pub fn hear(&mut self) -> Option<News> {
        let now = self.now();
        let due: Vec<Name> = self
            .called_back
            .iter()
            .filter(|(_, due)| **due <= now)
            .map(|(name, _)| *name)
            .collect();
        for name in due {
            self.called_back.remove(&name);
            self.sitting.call(name, Knock::Enter);
        }
        let news = self.sitting.hear(GLANCE)?;
        match &news.what {
            Tiding::Entered => {
                self.inside.insert(news.of);
            }
            Tiding::Left { why } => {
                self.inside.remove(&news.of);
                if why.is_some() {
                    self.called_back.insert(news.of, news.at + PRESENCE);
                }
            }
            _ => {}
        }
        Some(news)
    }

    /// Closes the Chamber; every ledger is whole.
    ///
    /// # Errors
    /// The names of those whose thread died of a fault in this program.
    pub fn close(self) -> (Counts, Vec<News>, Result<(), Vec<Name>>) {
        self.sitting.close()
    }
}

/// How legislators are raised from their ledgers.
fn raise(founding: &Founding, manner: Manner) -> Arc<Raise<Legislator>> {
    let founding = Arc::new(founding.clone());
    Arc::new(move |name: Name, rows: &[Entry]| {
        let mut legislator = Legislator::from_ledger(name, Arc::clone(&founding), rows);
        if let Some(every) = manner.restate {
            legislator = legislator.restating(every);
        }
        if manner.silent { legislator.silent() } else { legislator }
    })
}

/// How a list of decrees fared.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Passage {
    /// What was passed, in the order in which it was learnt.
    pub passed: Vec<Passed>,
    /// How many decrees were asked for.
    pub asked: usize,
    /// Who is inside and lacks some of them.
    pub lacking: BTreeSet<Name>,
    /// Whether the user ended it.
    pub interrupted: bool,
    /// Letters and rows.
    pub counts: Counts,
    /// How long it took, in Paxon minutes.
    pub took: Minutes,
}

impl Passage {
    /// Whether every decree asked for is in the ledger of everyone inside.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.passed.len() == self.asked && self.lacking.is_empty()
    }
}

/// Has decrees passed by legislators whom God convenes for it, and closes the Chamber when they
/// stand in every ledger inside, or at `within`, or when `interrupted`.
///
/// # Errors
/// When a citizen cannot write into a messagebook.
pub fn pass(
    mut assembly: Assembly,
    citizen: Citizen,
    decrees: Vec<Decree>,
    within: Minutes,
    interrupted: &AtomicBool,
    mut listen: impl FnMut(&News, &Passage),
) -> std::io::Result<Passage> {
    let herald = assembly.sitting.herald_of(citizen.name());
    let mut citizen = citizen.heard_of_by(herald);
    let mut passage = Passage { asked: decrees.len(), ..Passage::default() };
    let most = (4 * assembly.founding.alpha).clamp(LEAST_WAITING, MOST_WAITING) as usize;
    let mut to_come: VecDeque<Decree> = decrees.into();
    let mut ours: HashSet<DecreeNumber> = HashSet::new();
    let mut known: BTreeMap<Name, usize> = BTreeMap::new();
    while !interrupted.load(Ordering::Relaxed) && assembly.now() <= within {
        // A full write at a time, not a decree at a time.
        let room = most.saturating_sub(citizen.waiting());
        if room * 2 > most && !to_come.is_empty() {
            let handed_in = to_come.drain(..room.min(to_come.len())).collect();
            citizen.petition(assembly.now(), handed_in)?;
        }
        citizen.insist(assembly.now())?;
        let Some(news) = assembly.hear() else { continue };
        if let Tiding::Knows(decrees) = &news.what {
            for (number, decree) in decrees {
                if citizen.learn(decree) {
                    passage.passed.push((*number, decree.clone()));
                    ours.insert(*number);
                }
                *known.entry(news.of).or_default() += usize::from(ours.contains(number));
            }
        }
        listen(&news, &passage);
        let all = |name: &Name| known.get(name).copied().unwrap_or_default() >= passage.asked;
        if passage.passed.len() == passage.asked && assembly.inside.iter().all(all) {
            break;
        }
    }
    let all = |name: &&Name| known.get(name).copied().unwrap_or_default() < passage.asked;
    passage.lacking = assembly.inside.iter().filter(all).copied().collect();
    passage.interrupted = interrupted.load(Ordering::Relaxed);
    passage.took = assembly.now();
    passage.counts = assembly.close().0;
    Ok(passage)
}
