//! A block of states, searched by several hands at once. Several hands find the next states, and
//! several hands look them up, each in its own parts of all states.
//!
//! The result does not depend on how many hands there are. A state is first reached from
//! where one hand would first reach it, and what a priest does is found out in the order in which
//! one hand would ask.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::hands;
use super::judge::{Case, Judge};
use super::minds::Minds;
use super::moments::Moments;
use super::moves::Code;
use super::scope::ScopeError;
use super::visit::{Order, Reached, Unknown, Visit};
use super::visited::{
    FoldHash, Key, MOST_NUMBERS, PARTS, Part, Place, TOGETHER, Visited, fetch, hash, part_of,
};
use super::world::{Accord, World};
use crate::invariants::Breach;

/// How many states a hand takes at a time.
const CHUNK: usize = 256;
/// From this many questions on, priests are asked by several hands.
const MANY: usize = 32;

/// How many of the states that it reached last a hand remembers: as many as stay in the cache.
const LATELY: usize = 1 << 12;

/// The result of one hand's work.
pub(super) struct Outbox {
    /// The states reached, by part.
    parts: Vec<Vec<Reached>>,
    /// Those reached lately, by hash, so that what is reached again soon is posted once. A hand comes
    /// to states in order, so it came to them earlier from where they are first reached. The empty
    /// key is that of the first state, if of any, which is known.
    lately: Vec<Key>,
    /// The states that cannot be gone through yet, by their place in the block.
    missed: Vec<usize>,
    /// The questions to answer before that, each with the state that asks.
    unknown: Vec<(usize, Unknown)>,
    transitions: u64,
    sights: u16,
}

impl Outbox {
    fn new() -> Outbox {
        let (missed, unknown, transitions, sights) = Default::default();
        let (parts, lately) = (vec![Vec::new(); PARTS], vec![Key::default(); LATELY]);
        Outbox { parts, lately, missed, unknown, transitions, sights }
    }

    /// Keeps what was reached from a state, or that it cannot be gone through yet.
    fn post<W: World>(&mut self, visit: &Visit<'_, W>, at: usize) {
        if !visit.unknown.is_empty() {
            self.missed.push(at);
            self.unknown.extend(visit.unknown.iter().map(|&unknown| (at, unknown)));
            return;
        }
        self.transitions += visit.reached.len() as u64;
        self.sights |= visit.sights;
        visit.reached.iter().for_each(|reached| self.reach(reached));
    }

    /// Keeps a state reached, unless it was reached lately.
    fn reach(&mut self, reached: &Reached) {
        let hash = hash(&reached.key);
        let lately = &mut self.lately[hash as usize % LATELY];
        if *lately != reached.key {
            *lately = reached.key;
            self.parts[part_of(hash)].push(*reached);
        }
    }

    /// Empty again, with the room it has.
    fn clear(&mut self) {
        self.parts.iter_mut().for_each(Vec::clear);
        self.lately.fill(Key::default());
        (self.transitions, self.sights) = Default::default();
    }
}

/// Emptied outboxes, to be filled again by any hand in any world.
pub(super) type Spare = hands::Pool<Outbox>;

/// A state in which a rule is broken.
pub(super) struct Broken {
    order: Order,
    pub(super) place: Place,
    pub(super) breaches: Vec<Breach>,
}

/// The result of searching a block.
pub(super) struct Gone {
    /// The new states, in order.
    pub(super) new: Vec<Place>,
    pub(super) transitions: u64,
    pub(super) sights: u16,
    /// The first new state in which a rule is broken; the new states end with it.
    pub(super) broken: Option<Broken>,
}

/// The states of one world, and all that is known of its priests.
pub(super) struct Known<W: World> {
    pub(super) minds: Minds<W>,
    pub(super) moments: Moments<W>,
    pub(super) accords: Vec<Vec<Accord>>,
    pub(super) visited: Visited,
    /// One for each hand.
    pub(super) judges: Vec<Judge>,
}

impl<W: World> Known<W> {
    /// Goes through the states at these places.
    pub(super) fn go_through(
        &mut self,
        places: &[Place],
        hands: usize,
        spare: &Spare,
    ) -> Result<Gone, ScopeError> {
        let block: Vec<Key> = self.read(places, hands);
        let mut outboxes = self.visit(&block, None, hands, spare);
        loop {
            let mut unknown = Vec::new();
            let mut missed = Vec::new();
            for outbox in &mut outboxes {
                unknown.append(&mut outbox.unknown);
                missed.append(&mut outbox.missed);
            }
            if missed.is_empty() {
                break;
            }
            missed.sort_unstable();
            // One hand finds them out in this order; what one state asks stays in its order.
            unknown.sort_by_key(|(at, _)| *at);
            self.find_out(&unknown, hands);
            if self.minds.positions().max(self.moments.moments()) > MOST_NUMBERS {
                return Err(ScopeError::TooMany { what: "situations", most: MOST_NUMBERS });
            }
            outboxes.extend(self.visit(&block, Some(&missed), hands, spare));
        }
        let gone = self.look_up(&block, places, &outboxes, hands);
        spare.give(&mut outboxes);
        gone
    }

    /// The states at these places.
    fn read(&self, places: &[Place], hands: usize) -> Vec<Key> {
        let runs = places.chunks(places.len().div_ceil(hands).max(CHUNK)).collect();
        let get =
            |run: &[Place]| run.iter().map(|&place| self.visited.get(place)).collect::<Vec<Key>>();
        hands::each(runs, get).concat()
    }

    /// Visits the states of a block, or those of it that were missed.
    fn visit(
        &self,
        block: &[Key],
        missed: Option<&[usize]>,
        hands: usize,
        spare: &Spare,
    ) -> Vec<Outbox> {
        let many = missed.map_or(block.len(), <[usize]>::len);
        let next = AtomicUsize::new(0);
        let hands = hands.min(many.div_ceil(CHUNK)).max(1);
        hands::each((0..hands).map(|_| spare.take(Outbox::new)).collect(), |mut outbox: Outbox| {
            outbox.clear();
            let mut visit = Visit::new(&self.minds, &self.moments, &self.accords);
            loop {
                let from = next.fetch_add(CHUNK, Ordering::Relaxed);
                if from >= many {
                    return outbox;
                }
                for at in from..many.min(from + CHUNK) {
                    let at = missed.map_or(at, |missed| missed[at]);
                    visit.state(at, &block[at]);
                    outbox.post(&visit, at);
                }
            }
        })
    }

    /// Finds out what is unknown, in order. Priests are asked by several hands: what one does is
    /// his alone.
    fn find_out(&mut self, unknown: &[(usize, Unknown)], hands: usize) {
        let mut asked: Vec<(u32, u32, Code)> = Vec::new();
        for (_, unknown) in unknown {
            if let Unknown::Move(position, code) = *unknown
                && self.minds.is_unasked(position, code)
            {
                asked.push((self.minds.situation(position), position, code));
            }
        }
        asked.sort_unstable();
        asked.dedup_by_key(|(situation, _, code)| (*situation, *code));
        let mut met: HashMap<(u32, Code), _, FoldHash> = HashMap::default();
        if hands > 1 && asked.len() >= MANY {
            let minds = &self.minds;
            let chunks: Vec<_> = asked.chunks(asked.len().div_ceil(hands * 4)).collect();
            let answers = hands::share(hands, chunks, |chunk| {
                let meet =
                    |&(situation, position, code)| ((situation, code), minds.meet(position, code));
                chunk.iter().map(meet).collect::<Vec<_>>()
            });
            met.extend(answers.into_iter().flatten());
        }
        for (_, unknown) in unknown {
            match *unknown {
                Unknown::Move(position, code) => {
                    let met = met.remove(&(self.minds.situation(position), code));
                    self.minds.keep(position, code, met);
                }
                Unknown::Moment(moment, ref by) => self.moments.find(&self.minds, moment, by),
                Unknown::Without(position, situation) => self.minds.prune(position, situation),
            }
        }
    }

    /// Looks up what was reached, and judges what is new.
    fn look_up(
        &mut self,
        block: &[Key],
        places: &[Place],
        outboxes: &[Outbox],
        hands: usize,
    ) -> Result<Gone, ScopeError> {
        let hands = if block.len() < CHUNK { 1 } else { hands.min(self.judges.len()) };
        let mut desks: Vec<Desk<'_, '_>> =
            (0..hands).map(|_| Desk { places, parts: Vec::new() }).collect();
        for (at, part) in self.visited.parts.iter_mut().enumerate() {
            let reached: Vec<&[Reached]> =
                outboxes.iter().map(|outbox| &*outbox.parts[at]).collect();
            if reached.iter().any(|reached| !reached.is_empty()) {
                desks[at % hands].parts.push((at, part, reached));
            }
        }
        let found = hands::each(desks, Desk::look_up);
        let mut new = found.into_iter().collect::<Result<Vec<_>, _>>()?.concat();
        // Each hand's are in order already, and such runs are merged.
        new.sort_by_key(|new| new.order);
        let broken = self.judge(block, &new, hands);
        let mut gone = Gone { new: Vec::new(), transitions: 0, sights: 0, broken };
        for outbox in outboxes {
            gone.transitions += outbox.transitions;
            gone.sights |= outbox.sights;
        }
        if let Some(Broken { order, .. }) = gone.broken {
            gone.transitions = self.transitions_to(block, order);
            new.truncate(new.partition_point(|new| new.order <= order));
        }
        gone.new = new.iter().map(|new| new.place).collect();
        Ok(gone)
    }

    /// Judges new states; the first in which a rule is broken. Neighbours have much in common, so
    /// each hand judges a run of them.
    fn judge(&mut self, block: &[Key], new: &[New], hands: usize) -> Option<Broken> {
        let (known, visited) = ((&self.minds, &self.moments), &self.visited);
        let runs = new.chunks(new.len().div_ceil(hands).max(1));
        let broken = hands::each(self.judges.iter_mut().zip(runs).collect(), |(judge, run)| {
            run.chunks(TOGETHER).find_map(|together| {
                let case = |&New { order, place }| {
                    Case::new(known, order.who(), block[order.from()], visited.get(place))
                };
                let cases = together.iter().map(case).collect();
                let (nth, breaches) = judge.first_broken(cases)?;
                let New { order, place } = together[nth];
                Some(Broken { order, place, breaches })
            })
        });
        broken.into_iter().flatten().next()
    }

    /// How many transitions of this block there are up to this one.
    fn transitions_to(&self, block: &[Key], order: Order) -> u64 {
        let mut visit = Visit::new(&self.minds, &self.moments, &self.accords);
        let earlier = block[..order.from()].iter().map(|key| {
            visit.state(0, key);
            visit.reached.len() as u64
        });
        earlier.sum::<u64>() + order.within() + 1
    }
}

/// A new state.
#[derive(Clone, Copy)]
struct New {
    order: Order,
    place: Place,
}

/// One hand's share of what is to be looked up.
struct Desk<'a, 'p> {
    places: &'a [Place],
    parts: Vec<(usize, &'p mut Part, Vec<&'a [Reached]>)>,
}

impl Desk<'_, '_> {
    /// The new states, in order.
    fn look_up(self) -> Result<Vec<New>, ScopeError> {
        let mut new: Vec<New> = Vec::new();
        for (at, part, reached) in self.parts {
            let (known, first) = (part.states(), new.len());
            for together in reached.iter().flat_map(|reached| reached.chunks(TOGETHER)) {
                fetch(together.iter().map(|reached| (&*part, hash(&reached.key))));
                for &Reached { key, order } in together {
                    let from = self.places[order.from()];
                    let place = part
                        .insert(&key, hash(&key), from)
                        .map_err(|_| ScopeError::TooMany { what: "states", most: PARTS << 24 })?;
                    let Some(nth) = place.checked_sub(known) else { continue };
                    match new.get_mut(first + nth) {
                        None => new.push(New { order, place: Visited::place(at, place) }),
                        Some(new) if order < new.order => {
                            new.order = order;
                            part.came_from(place, from);
                        }
                        Some(_) => {}
                    }
                }
            }
        }
        new.sort_unstable_by_key(|new| new.order);
        Ok(new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hand_posts_a_state_once_from_where_it_came_first() {
        let (mut outbox, key) = (Outbox::new(), [1, 2, 3, 0, 0, 0]);
        let part = part_of(hash(&key));
        let orders = |outbox: &Outbox| {
            outbox.parts[part].iter().map(|reached| reached.order.from()).collect::<Vec<_>>()
        };
        for at in [5, 6, 8] {
            outbox.reach(&Reached { key, order: Order::first(at) });
        }
        assert_eq!(orders(&outbox), [5]);
        // In another block, or when states that were missed are gone through, it is posted again.
        outbox.clear();
        outbox.reach(&Reached { key, order: Order::first(2) });
        assert_eq!(orders(&outbox), [2]);
    }

    #[test]
    fn a_state_comes_from_where_one_hand_would_first_reach_it() {
        let (mut visited, key) = (Visited::new(&Key::default(), 3), [1, 2, 3, 0, 0, 0]);
        let reached = |at| [Reached { key, order: Order::first(at) }];
        let (at, hands) = (part_of(hash(&key)), [reached(2), reached(1), reached(3)]);
        let lists = hands.iter().map(|reached| &reached[..]).collect();
        let parts = vec![(at, &mut visited.parts[at], lists)];
        let new = Desk { places: &[50, 60, 70, 80], parts }.look_up().unwrap();
        assert_eq!(new.len(), 1);
        assert!(new[0].order == Order::first(1));
        assert_eq!((visited.get(new[0].place), visited.came(new[0].place)), (key, 60));
    }
}
