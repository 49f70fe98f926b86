//! A citizen's errand: he hands in decrees, a deskful at a time, and waits until they pass.
//! `[PTP §1.2, §3.1]`
//!
//! The errand is the same whether this process convened the Chamber or another one did. Only the
//! [`Lookout`] differs, through which the citizen sees the ledgers.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::parliament::window::Window;
use crate::words::{Decree, DecreeNumber, Minutes, Name};

use super::citizen::{Citizen, Passed};
use super::news::Contradiction;
use super::porter::Counts;

/// The least number of petitions kept waiting, so that a legislator always finds work on his desk.
const LEAST_WAITING: u64 = 64;
/// The largest number of petitions kept waiting, so that a long list of decrees takes little
/// memory.
const MOST_WAITING: u64 = 20_000;

/// A view of the ledgers for a citizen.
pub trait Lookout {
    /// The time, in Paxon minutes since the Chamber was convened.
    fn now(&self) -> Minutes;

    /// Blocks briefly, then returns the decrees inked since the last call, with the owner of the
    /// ledger. `passed`, the number of the citizen's decrees that have passed, is for display.
    fn look(&mut self, passed: usize) -> Vec<(Name, Vec<Passed>)>;

    /// The owners of ledgers that cannot be read, with the reason.
    fn unread(&self) -> BTreeMap<Name, String> {
        BTreeMap::new()
    }

    /// Law books bound since the last call: the owner of the ledger, and the last decree that the
    /// book covers. `[PTP §3.3.2]`
    fn books(&mut self) -> Vec<(Name, DecreeNumber)> {
        Vec::new()
    }

    /// A ledger that has another decree under a number than a letter that its owner read.
    fn contradiction(&self) -> Option<Contradiction> {
        None
    }

    /// The legislators whose ledgers must hold every decree before the errand is done. Those who no
    /// longer sit are not among them.
    fn inside(&self) -> &BTreeSet<Name>;
}

/// A list of decrees, and the citizen who asks for them.
pub struct Errand<'a> {
    /// The citizen who asks.
    pub citizen: Citizen,
    /// The decrees he asks for, in this order. Each has the id of a petition.
    pub decrees: Vec<Decree>,
    /// α: how many decrees may be open at once. `[PTP §3.3.6]`
    pub alpha: u64,
    /// The time at which he gives up.
    pub within: Minutes,
    /// Set to true, it makes him give up at once.
    pub interrupted: &'a AtomicBool,
}

/// The result of an errand.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Passage {
    /// The decrees passed, in the order of their numbers.
    pub passed: Vec<Passed>,
    /// The number of decrees asked for.
    pub asked: usize,
    /// Decrees that were handed in and not seen in any ledger. They may still pass.
    pub awaited: Vec<Decree>,
    /// The owners of messagebooks in which these may lie.
    pub left_with: BTreeSet<Name>,
    /// The owners of messagebooks that took no petition, with the reason.
    pub shut: BTreeMap<Name, String>,
    /// The owners of ledgers that could not be read, with the reason.
    pub unread: BTreeMap<Name, String>,
    /// A decree in a ledger that contradicts one of those passed.
    pub contradiction: Option<Contradiction>,
    /// A disagreement of two ledgers about one number, found before anybody acted. It does not stop
    /// decrees from passing. Decrees that pass the law again repair it. `[PTP §3.3.5]`
    pub disagreement: Option<Contradiction>,
    /// Legislators inside who were not seen to have all that passed.
    pub lacking: BTreeSet<Name>,
    /// The places of rows and letters that were written by hand, if God was patient.
    pub by_hand: Vec<String>,
    /// Whether the user ended it.
    pub interrupted: bool,
    /// Letters and rows, as far as they are known.
    pub counts: Counts,
    /// How long it took, in Paxon minutes.
    pub took: Minutes,
}

impl Passage {
    /// The number of decrees that were handed in to nobody.
    #[must_use]
    pub fn kept(&self) -> usize {
        self.asked.saturating_sub(self.passed.len() + self.awaited.len())
    }

    /// Whether every decree asked for is in the ledger of everyone inside, and no ledger has
    /// another decree under its number.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.passed.len() == self.asked && self.lacking.is_empty() && self.contradiction.is_none()
    }
}

/// The decrees asked for that stand in one legislator's ledger.
#[derive(Default)]
struct Known {
    /// The decrees inked, as runs: the first of a run, and the last.
    inked: BTreeMap<DecreeNumber, DecreeNumber>,
    /// The number of decrees inked.
    count: usize,
    /// The number of decrees that he has only from another's law book. `[PTP §3.3.2]`
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

    /// Notes that his ledger begins with a law book that covers all decrees up to `through`.
    fn hear_of_book(&mut self, through: DecreeNumber, passed: &Window<Decree>) {
        let inked = self.inked.range(..=through);
        let inked: u64 = inked.map(|(&first, &last)| last.min(through) + 1 - first).sum();
        let passed = passed.iter().take_while(|(number, _)| *number <= through).count();
        let copied = passed.saturating_sub(usize::try_from(inked).unwrap_or(usize::MAX));
        self.copied = self.copied.max(copied);
    }

    fn all(&self) -> usize {
        self.count + self.copied
    }
}

impl Errand<'_> {
    /// Hands in the decrees and waits until all have passed and stand in every ledger inside, or
    /// until he gives up. Returns at once if no messagebook takes a petition. Decrees that were
    /// handed in may pass after this returns.
    pub fn run(&mut self, lookout: &mut impl Lookout) -> Passage {
        let mut passage = Passage { asked: self.decrees.len(), ..Passage::default() };
        let mut to_come: VecDeque<Decree> = std::mem::take(&mut self.decrees).into();
        let (mut passed, mut count) = (Window::<Decree>::default(), 0);
        let mut known: BTreeMap<Name, Known> = BTreeMap::new();
        while !self.interrupted.load(Ordering::Relaxed) {
            self.hand_in(lookout.now(), &mut to_come);
            for (of, decrees) in lookout.look(count) {
                let known = known.entry(of).or_default();
                for (number, decree) in decrees {
                    match passed.get(number) {
                        Some(ours) if ours.text() != decree.text() => {
                            let contradiction = Contradiction { of, number, inked: decree };
                            passage.contradiction = Some(contradiction);
                        }
                        Some(_) => known.hear(number),
                        None if self.citizen.learn(&decree) => {
                            passed.insert(number, decree);
                            count += 1;
                            known.hear(number);
                        }
                        None => {}
                    }
                }
            }
            for (of, through) in lookout.books() {
                known.entry(of).or_default().hear_of_book(through, &passed);
            }
            let all = |name: &Name| known.get(name).map_or(0, Known::all) >= passage.asked;
            let stand = || lookout.inside().iter().all(all) || passage.contradiction.is_some();
            let is_done = count == passage.asked && stand();
            if is_done || self.citizen.is_shut_out() || lookout.now() > self.within {
                break;
            }
        }
        passage.contradiction = passage.contradiction.or_else(|| lookout.contradiction());
        let some = |name: &&Name| known.get(*name).map_or(0, Known::all) < count;
        passage.lacking = lookout.inside().iter().filter(some).copied().collect();
        passage.interrupted = self.interrupted.load(Ordering::Relaxed);
        passage.took = lookout.now();
        passage.passed = passed.iter().map(|(number, decree)| (number, decree.clone())).collect();
        passage.awaited = self.citizen.awaited();
        passage.left_with = self.citizen.left_with().clone();
        passage.shut = self.citizen.shut().clone();
        passage.unread = lookout.unread();
        passage
    }

    /// Hands in new petitions when there is room for many, and again those that have waited too
    /// long. The number is limited: the president would read a large heap of petitions before the
    /// votes that come after it.
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
