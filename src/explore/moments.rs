//! The gods' view of each run, each B judged once, with the numbers of ballots tried and returns
//! made.

use std::collections::HashMap;

use super::minds::Minds;
use super::moves::Move;
use super::visited::{FoldHash, pair};
use super::world::World;
use crate::invariants::Breach;
use crate::words::{Entry, Name};

/// This world is searched under other names, or beyond the scope.
const EXCLUDED: u32 = u32::MAX;

/// One history: what some run leads to.
struct Seen<H> {
    history: H,
    /// The breaches in B itself.
    breaches: Vec<Breach>,
    sights: u16,
}

/// A history, and what was counted on the way to it.
#[derive(Clone, Copy)]
pub(super) struct Moment {
    pub(super) history: u32,
    pub(super) returns: u16,
    pub(super) tries: u16,
}

/// Every history and every moment met.
pub(super) struct Moments<W: World> {
    histories: Vec<Seen<W::History>>,
    history_ids: HashMap<W::History, u32, FoldHash>,
    after: HashMap<u64, u32, FoldHash>,
    moments: Vec<Moment>,
    ids: HashMap<u64, u32, FoldHash>,
    /// After each moment, the moves that lead to another and what each leads to.
    next: Vec<Vec<(u32, u32)>>,
}

/// How much is known of the moment after a move.
pub(super) enum Next {
    /// It is this one.
    Moment(u32),
    /// There is none here.
    Excluded,
    /// It has to be found out.
    Unknown,
}

impl<W: World> Moments<W> {
    /// The first moment, number 0.
    pub(super) fn new() -> Moments<W> {
        let history = W::History::default();
        Moments {
            history_ids: HashMap::from_iter([(history.clone(), 0)]),
            histories: vec![Seen { history, breaches: Vec::new(), sights: 0 }],
            after: HashMap::default(),
            moments: vec![Moment { history: 0, returns: 0, tries: 0 }],
            ids: HashMap::from_iter([(0, 0)]),
            next: vec![Vec::new()],
        }
    }

    pub(super) fn get(&self, moment: u32) -> Moment {
        self.moments[moment as usize]
    }

    pub(super) fn history(&self, history: u32) -> &W::History {
        &self.histories[history as usize].history
    }

    /// The breaches in B itself.
    pub(super) fn breaches(&self, history: u32) -> &[Breach] {
        &self.histories[history as usize].breaches
    }

    pub(super) fn sights(&self, history: u32) -> u16 {
        self.histories[history as usize].sights
    }

    /// How many moments were met.
    pub(super) fn moments(&self) -> usize {
        self.moments.len()
    }

    /// How many histories were met.
    pub(super) fn histories(&self) -> usize {
        self.histories.len()
    }

    /// The moment after a move.
    pub(super) fn next(&self, moment: u32, by: &Move) -> Next {
        let kind = kind(by);
        if kind == 0 {
            return Next::Moment(moment);
        }
        match self.known(moment, kind) {
            None => Next::Unknown,
            Some(EXCLUDED) => Next::Excluded,
            Some(next) => Next::Moment(next),
        }
    }

    fn known(&self, moment: u32, kind: u32) -> Option<u32> {
        let mut next = self.next[moment as usize].iter();
        next.find(|(known, _)| *known == kind).map(|(_, next)| *next)
    }

    /// Finds out the moment after a move.
    pub(super) fn find(&mut self, minds: &Minds<W>, moment: u32, by: &Move) {
        if self.known(moment, kind(by)).is_some() {
            return;
        }
        let Moment { history, returns, tries } = self.get(moment);
        let tries = tries + u16::from(by.tries);
        let (returns, ballots) =
            (returns + u16::from(by.code.returns()), minds.world.scope().ballots);
        let history = if usize::from(tries) > ballots {
            EXCLUDED
        } else if by.sighting == 0 {
            history
        } else {
            let (who, rows) = minds.sighting(by.sighting);
            self.after(&minds.world, history, by.sighting, who, rows)
        };
        let next = if history == EXCLUDED { EXCLUDED } else { self.id(history, returns, tries) };
        self.next[moment as usize].push((kind(by), next));
    }

    fn id(&mut self, history: u32, returns: u16, tries: u16) -> u32 {
        let next = self.moments.len() as u32;
        let counts = u32::from(returns) << 16 | u32::from(tries);
        let id = *self.ids.entry(pair(history, counts)).or_insert(next);
        if id == next {
            self.moments.push(Moment { history, returns, tries });
            self.next.push(Vec::new());
        }
        id
    }

    /// The history after `who` was seen to begin ballots and cast votes.
    fn after(&mut self, world: &W, history: u32, sighting: u32, who: Name, rows: &[Entry]) -> u32 {
        if let Some(&known) = self.after.get(&pair(history, sighting)) {
            return known;
        }
        let before = &self.histories[history as usize];
        let sights = before.sights;
        let id = match world.see(&before.history, who, rows) {
            None => EXCLUDED,
            Some((next, more)) => self.note(world, next, sights | more),
        };
        self.after.insert(pair(history, sighting), id);
        id
    }

    fn note(&mut self, world: &W, history: W::History, sights: u16) -> u32 {
        if let Some(&known) = self.history_ids.get(&history) {
            return known;
        }
        let mut breaches = world.judge(&history);
        breaches.retain(|breach| world.watch().contains(&breach.rule));
        let id = self.histories.len() as u32;
        self.history_ids.insert(history.clone(), id);
        self.histories.push(Seen { history, breaches, sights });
        id
    }
}

/// The part of a move on which the next moment depends: a move tries a ballot at most once.
fn kind(by: &Move) -> u32 {
    by.sighting << 3 | u32::from(by.tries.min(3)) << 1 | u32::from(by.code.returns())
}
