//! A citizen's errand: decrees handed in, a deskful at a time, and followed until they are passed.
//! `[PTP §1.2, §3.1]`
//!
//! The same whether God convened the Chamber for it or others sit there; only the [`Lookout`] from
//! which the citizen sees what is inked differs.

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::synod::{Decree, DecreeNumber, Minutes, Name};

use super::citizen::{Citizen, Passed};
use super::office::Counts;

/// How many petitions wait at least, so that a legislator always finds work on his desk.
const LEAST_WAITING: u64 = 64;
/// How many petitions wait at most, so that a long list of decrees takes little memory.
const MOST_WAITING: u64 = 20_000;

/// From where a citizen sees what is inked.
pub trait Lookout {
    /// The hour.
    fn now(&self) -> Minutes;

    /// Waits a little; the decrees that were inked meanwhile, and by whom. So many of the citizen's
    /// are known to be passed, for those who show it.
    ///
    /// # Errors
    /// When it cannot be seen.
    fn look(&mut self, passed: usize) -> io::Result<Vec<(Name, Passed)>>;

    /// Those whose ledgers must hold every decree before the errand is done.
    fn inside(&self) -> &BTreeSet<Name>;
}

/// A list of decrees, and the citizen who asks for them.
pub struct Errand<'a> {
    /// Who asks.
    pub citizen: Citizen,
    /// For what, in this order; each has the id of a petition.
    pub decrees: Vec<Decree>,
    /// How many decrees may be open at once. `[PTP §3.3.6]`
    pub alpha: u64,
    /// When he gives up.
    pub within: Minutes,
    /// When this is true he gives up at once.
    pub interrupted: &'a AtomicBool,
}

/// How an errand fared.
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
    /// Letters and rows, as far as they are known.
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

impl Errand<'_> {
    /// Sees it through: until all are passed and stand in every ledger inside, or he gives up.
    ///
    /// # Errors
    /// When a messagebook cannot be written, or the lookout is blind.
    pub fn run(&mut self, lookout: &mut impl Lookout) -> io::Result<Passage> {
        let mut passage = Passage { asked: self.decrees.len(), ..Passage::default() };
        let mut to_come: VecDeque<Decree> = std::mem::take(&mut self.decrees).into();
        let mut ours: HashSet<DecreeNumber> = HashSet::new();
        let mut known: BTreeMap<Name, usize> = BTreeMap::new();
        while !self.interrupted.load(Ordering::Relaxed) && lookout.now() <= self.within {
            self.hand_in(lookout.now(), &mut to_come)?;
            for (of, (number, decree)) in lookout.look(passage.passed.len())? {
                if self.citizen.learn(&decree) {
                    passage.passed.push((number, decree));
                    ours.insert(number);
                }
                *known.entry(of).or_default() += usize::from(ours.contains(&number));
            }
            let all = |name: &Name| known.get(name).is_some_and(|known| *known >= passage.asked);
            if passage.passed.len() == passage.asked && lookout.inside().iter().all(all) {
                break;
            }
        }
        let some = |name: &&Name| known.get(name).is_none_or(|known| *known < passage.asked);
        passage.lacking = lookout.inside().iter().filter(some).copied().collect();
        passage.interrupted = self.interrupted.load(Ordering::Relaxed);
        passage.took = lookout.now();
        Ok(passage)
    }

    /// Hands in what finds room, a full write at a time and not a decree at a time, and anew what
    /// has waited too long.
    fn hand_in(&mut self, now: Minutes, to_come: &mut VecDeque<Decree>) -> io::Result<()> {
        let most = (4 * self.alpha).clamp(LEAST_WAITING, MOST_WAITING) as usize;
        let room = most.saturating_sub(self.citizen.waiting());
        if room * 2 > most && !to_come.is_empty() {
            let handed_in = to_come.drain(..room.min(to_come.len())).collect();
            self.citizen.petition(now, handed_in)?;
        }
        self.citizen.insist(now)
    }
}
