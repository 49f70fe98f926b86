//! A citizen's errand: decrees handed in, a deskful at a time, and followed until they are passed.
//! `[PTP §1.2, §3.1]`
//!
//! The same whether God convened the Chamber for it or others sit there; only the [`Lookout`] from
//! which the citizen sees what is inked differs.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::words::{Decree, DecreeNumber, Minutes, Name};

use super::citizen::{Citizen, Passed};
use super::news::Contradiction;
use super::office::Counts;

/// How many petitions wait at least, so that a legislator always finds work on his desk.
const LEAST_WAITING: u64 = 64;
/// How many petitions wait at most, so that a long list of decrees takes little memory.
const MOST_WAITING: u64 = 20_000;

/// From where a citizen sees what is inked.
pub trait Lookout {
    /// The hour.
    fn now(&self) -> Minutes;

    /// Blocks briefly, then returns the decrees inked since the last call, and by whom. `passed`,
    /// how many of the citizen's are known to be passed, is for display.
    fn look(&mut self, passed: usize) -> Vec<(Name, Passed)>;

    /// The owners of ledgers that cannot be read, with the reason.
    fn unread(&self) -> BTreeMap<Name, String> {
        BTreeMap::new()
    }

    /// Law books bound since the last time: whose ledger begins with one, and through which decree
    /// it is complete. `[PTP §3.3.2]`
    fn books(&mut self) -> Vec<(Name, DecreeNumber)> {
        Vec::new()
    }

    /// Whose ledger has another decree under a number than a letter that he read, if anybody's has.
    fn contradiction(&self) -> Option<Contradiction> {
        None
    }

    /// Those whose ledgers must hold every decree before the errand is done. Who no longer sits is
    /// not among them.
    fn inside(&self) -> &BTreeSet<Name>;
}

/// A list of decrees, and the citizen who asks for them.
pub struct Errand<'a> {
    /// The citizen who asks.
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
    /// The decrees passed, in the order of the numbers.
    pub passed: Vec<Passed>,
    /// How many decrees were asked for.
    pub asked: usize,
    /// Those that were handed in and not seen in any ledger: they may yet pass.
    pub awaited: Vec<Decree>,
    /// In whose messagebooks these may lie.
    pub left_with: BTreeSet<Name>,
    /// Whose messagebook took no petition, and why.
    pub shut: BTreeMap<Name, String>,
    /// The owners of ledgers that could not be read, with the reason.
    pub unread: BTreeMap<Name, String>,
    /// What contradicts any of them, if anything does.
    pub contradiction: Option<Contradiction>,
    /// What two ledgers said of one number before anybody acted, if they contradicted each other. It
    /// keeps nothing from passing: decrees that pass the law anew heal it. `[PTP §3.3.5]`
    pub disagreement: Option<Contradiction>,
    /// Who sits inside and was not seen to have all that passed.
    pub lacking: BTreeSet<Name>,
    /// Where rows and letters stand that were written by hand, if God was patient.
    pub by_hand: Vec<String>,
    /// Whether the user ended it.
    pub interrupted: bool,
    /// Letters and rows, as far as they are known.
    pub counts: Counts,
    /// How long it took, in Paxon minutes.
    pub took: Minutes,
}

impl Passage {
    /// How many decrees were handed in to nobody.
    #[must_use]
    pub fn kept(&self) -> usize {
        self.asked.saturating_sub(self.passed.len() + self.awaited.len())
    }

    /// Whether every decree asked for is in the ledger of everyone inside, and no other under its
    /// number.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.passed.len() == self.asked && self.lacking.is_empty() && self.contradiction.is_none()
    }
}

/// Which of the decrees asked for stand in one legislator's ledger.
#[derive(Default)]
struct Known {
    /// Those he inked, as runs: the first of a run, and the last.
    inked: BTreeMap<DecreeNumber, DecreeNumber>,
    /// How many he inked.
    count: usize,
    /// How many he copied in another's law book and never inked. `[PTP §3.3.2]`
    copied: usize,
}

impl Known {
    fn hear(&mut self, number: DecreeNumber) {
        self.count += 1;
        match self.inked.last_entry() {
            Some(mut run) if *run.get() + 1 == number => *run.get_mut() = number,
            _ => {
                self.inked.entry(number).or_insert(number);
            }
        }
    }

    /// His ledger begins with a law book that holds this and all before it.
    fn hear_of_book(&mut self, through: DecreeNumber, passed: &BTreeMap<DecreeNumber, Decree>) {
        let inked = self.inked.range(..=through);
        let inked: u64 = inked.map(|(&first, &last)| last.min(through) + 1 - first).sum();
        let passed = passed.range(..=through).count();
        let copied = passed.saturating_sub(usize::try_from(inked).unwrap_or(usize::MAX));
        self.copied = self.copied.max(copied);
    }

    fn all(&self) -> usize {
        self.count + self.copied
    }
}

impl Errand<'_> {
    /// Sees it through: until all are passed and stand in every ledger inside, or he gives up; at
    /// once, if nobody's messagebook takes any of it. What was handed in may pass after that.
    pub fn run(&mut self, lookout: &mut impl Lookout) -> Passage {
        let mut passage = Passage { asked: self.decrees.len(), ..Passage::default() };
        let mut to_come: VecDeque<Decree> = std::mem::take(&mut self.decrees).into();
        let mut passed: BTreeMap<DecreeNumber, Decree> = BTreeMap::new();
        let mut known: BTreeMap<Name, Known> = BTreeMap::new();
        while !self.interrupted.load(Ordering::Relaxed) {
            self.hand_in(lookout.now(), &mut to_come);
            for (of, (number, decree)) in lookout.look(passed.len()) {
                match passed.get(&number) {
                    Some(ours) if ours.text() != decree.text() => {
                        passage.contradiction = Some(Contradiction { of, number, inked: decree });
                    }
                    Some(_) => known.entry(of).or_default().hear(number),
                    None if self.citizen.learn(&decree) => {
                        passed.insert(number, decree);
                        known.entry(of).or_default().hear(number);
                    }
                    None => {}
                }
            }
            for (of, through) in lookout.books() {
                known.entry(of).or_default().hear_of_book(through, &passed);
            }
            let all = |name: &Name| known.get(name).map_or(0, Known::all) >= passage.asked;
            let stand = || lookout.inside().iter().all(all) || passage.contradiction.is_some();
            let is_done = passed.len() == passage.asked && stand();
            if is_done || self.citizen.is_shut_out() || lookout.now() > self.within {
                break;
            }
        }
        passage.contradiction = passage.contradiction.or_else(|| lookout.contradiction());
        let some = |name: &&Name| known.get(*name).map_or(0, Known::all) < passed.len();
        passage.lacking = lookout.inside().iter().filter(some).copied().collect();
        passage.interrupted = self.interrupted.load(Ordering::Relaxed);
        passage.took = lookout.now();
        passage.passed = passed.into_iter().collect();
        passage.awaited = self.citizen.awaited();
        passage.left_with = self.citizen.left_with().clone();
        passage.shut = self.citizen.shut().clone();
        passage.unread = lookout.unread();
        passage
    }

    /// Hands in what finds room, many at a time and not a decree at a time, and anew what has waited
    /// too long. A heap of petitions would keep the president from the votes that come after it.
    fn hand_in(&mut self, now: Minutes, to_come: &mut VecDeque<Decree>) {
        let most = (2 * self.alpha).clamp(LEAST_WAITING, MOST_WAITING) as usize;
        let room = most.saturating_sub(self.citizen.waiting());
        if room * 8 > most && !to_come.is_empty() {
            let handed_in = to_come.drain(..room.min(to_come.len())).collect();
            self.citizen.petition(now, handed_in);
        }
        self.citizen.insist(now);
    }
}
