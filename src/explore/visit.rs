//! Everything that may happen next in a state, from what is known of the priests.

use super::letters::LetterSet;
use super::minds::Minds;
use super::moments::{Moments, Next};
use super::moves::{Code, Comes, Move};
use super::visited::Key;
use super::world::{Accord, RETURN, World};

/// A state come to.
#[derive(Clone, Copy)]
pub(super) struct Reached {
    pub(super) key: Key,
    pub(super) order: Order,
}

/// The place of a state reached in the order in which one hand would come to it; and by whose move.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Order(u64);

impl Order {
    /// The first reached from the state at this place in the block.
    pub(super) fn first(at: usize) -> Order {
        Order((at as u64) << 24)
    }

    /// The next reached from the same state.
    fn next(self) -> Order {
        Order(self.0 + 8)
    }

    fn by(self, who: usize) -> Order {
        Order(self.0 | who as u64)
    }

    /// The state it is reached from, by its place in the block.
    pub(super) fn from(self) -> usize {
        (self.0 >> 24) as usize
    }

    /// How many are reached from there before it.
    pub(super) fn within(self) -> u64 {
        self.0 >> 3 & 0x1F_FFFF
    }

    /// The priest who moves.
    pub(super) fn who(self) -> usize {
        (self.0 & 7) as usize
    }
}

/// A question to answer before the search can continue from a state.
#[derive(Clone, Copy)]
pub(super) enum Unknown {
    /// The reaction of a priest at his position.
    Move(u32, Code),
    /// The moment after a move.
    Moment(u32, Move),
    /// Where a priest stands without letters that come too late to another's situation.
    Without(u32, u32),
}

/// A situation a priest reads himself into, and the last letter he read on the way.
struct Reading {
    position: u32,
    last: Option<(usize, Code)>,
}

/// One hand's desk.
pub(super) struct Visit<'a, W: World> {
    minds: &'a Minds<W>,
    moments: &'a Moments<W>,
    /// By priest, and ballots tried.
    accords: &'a [Vec<Accord>],
    /// How often a priest may return in one run.
    restarts: u16,
    mail: LetterSet,
    /// The states reached from the present state.
    pub(super) reached: Vec<Reached>,
    /// The event that led to each, and the priest's position: kept only when a run is told.
    told: Option<Vec<(u32, Code)>>,
    /// The open questions about the present state.
    pub(super) unknown: Vec<Unknown>,
    pub(super) sights: u16,
    order: Order,
}

impl<'a, W: World> Visit<'a, W> {
    pub(super) fn new(
        minds: &'a Minds<W>,
        moments: &'a Moments<W>,
        accords: &'a [Vec<Accord>],
    ) -> Visit<'a, W> {
        let (mail, reached, unknown, sights) = Default::default();
        let (told, order, restarts) = (None, Order::first(0), minds.world.scope().restarts);
        Visit { minds, moments, accords, restarts, mail, reached, told, unknown, sights, order }
    }

    /// The events that first bring a priest from one state to the next: what he read in silence,
    /// then what he did; each with where he stood.
    pub(super) fn events(&mut self, before: &Key, after: &Key) -> Vec<(u32, Code)> {
        self.told = Some(Vec::new());
        self.state(0, before);
        let told = self.told.take().unwrap_or_default();
        let Some(at) = self.reached.iter().position(|reached| reached.key == *after) else {
            return Vec::new();
        };
        let (who, (position, code)) = (self.reached[at].order.who(), told[at]);
        let mut events = self.read_before(before, who, position);
        events.push((position, code));
        events
    }

    /// Goes through the state at this place of the block.
    pub(super) fn state(&mut self, at: usize, key: &Key) {
        self.reached.clear();
        self.unknown.clear();
        self.sights = 0;
        self.order = Order::first(at);
        let priests = self.minds.names.len();
        let mut mail = std::mem::take(&mut self.mail);
        self.minds.under_way(&key[..priests], &mut mail);
        let moment = self.moments.get(key[priests]);
        let may_return = moment.returns < self.restarts;
        for who in 0..priests {
            let accord = &self.accords[who][usize::from(moment.tries)];
            self.own(key, key, who, &accord.first, may_return);
            if self.minds.is_by_deeds {
                for reading in self.readings(key, who, &mail) {
                    let mut having_read = *key;
                    having_read[who] = reading.position;
                    self.upon_reading(key, &having_read, who, accord, &mail, may_return);
                }
            } else {
                self.upon_reading(key, key, who, accord, &mail, may_return);
            }
            self.own(key, key, who, &accord.last, may_return);
        }
        self.mail = mail;
    }

    fn own(&mut self, before: &Key, now: &Key, who: usize, own: &[u32], may_return: bool) {
        if own.is_empty() {
            return;
        }
        let idle = self.minds.idle(now[who]);
        for &own in own.iter().filter(|&&own| own != RETURN || may_return) {
            let code = Code::own(own);
            if idle >> code.0 & 1 == 0 {
                self.meet(before, now, who, code);
            }
            if own != RETURN && may_return {
                self.meet(before, now, who, code.in_the_dark());
            }
        }
    }

    fn upon_reading(
        &mut self,
        before: &Key,
        now: &Key,
        who: usize,
        accord: &Accord,
        mail: &LetterSet,
        may_return: bool,
    ) {
        self.own(before, now, who, &accord.upon_reading, may_return);
        let (minds, position) = (self.minds, now[who]);
        let mut moves = minds.moves(position);
        for letter in minds.news(who, position, mail) {
            let code = Code::reading(letter);
            match moves.of(code) {
                Some(by) => self.follow(before, now, who, by),
                None => self.unknown.push(Unknown::Move(position, code)),
            }
            if may_return {
                self.meet(before, now, who, code.in_the_dark());
            }
        }
    }

    /// The situations a priest can read himself into without anyone's notice, nearest first.
    fn readings(&mut self, key: &Key, who: usize, mail: &LetterSet) -> Vec<Reading> {
        let mut all = vec![Reading { position: key[who], last: None }];
        let mut at = 0;
        while at < all.len() {
            let position = all[at].position;
            for letter in self.minds.news(who, position, mail) {
                let code = Code::reading(letter);
                let Some(by) = self.known(position, code) else { continue };
                if by.is_quiet && !all.iter().any(|it| it.position == by.position) {
                    all.push(Reading { position: by.position, last: Some((at, code)) });
                }
            }
            at += 1;
        }
        all
    }

    /// The letters that a priest read before he came from one position to another, in order: where
    /// he stood, and what he read there.
    fn read_before(&mut self, key: &Key, who: usize, then: u32) -> Vec<(u32, Code)> {
        let mut mail = LetterSet::default();
        self.minds.under_way(&key[..self.minds.names.len()], &mut mail);
        let readings = self.readings(key, who, &mail);
        let mut read = Vec::new();
        let mut at = readings.iter().position(|it| it.position == then);
        while let Some((earlier, code)) = at.and_then(|at| readings[at].last) {
            read.push((readings[earlier].position, code));
            at = Some(earlier);
        }
        read.reverse();
        read
    }

    fn known(&mut self, position: u32, code: Code) -> Option<&'a Move> {
        match self.minds.known(position, code) {
            Comes::Move(by) => Some(by),
            Comes::Nothing => None,
            Comes::Unknown => {
                self.unknown.push(Unknown::Move(position, code));
                None
            }
        }
    }

    fn meet(&mut self, before: &Key, now: &Key, who: usize, code: Code) {
        if let Some(by) = self.known(now[who], code) {
            self.follow(before, now, who, by);
        }
    }

    /// Keeps the state to which a move leads.
    fn follow(&mut self, before: &Key, now: &Key, who: usize, by: &Move) {
        let Some(next) = self.after(now, who, by) else { return };
        if next == *before {
            return;
        }
        self.sights |= by.sights;
        self.reached.push(Reached { key: next, order: self.order.by(who) });
        if let Some(told) = &mut self.told {
            told.push((now[who], by.code));
        }
        self.order = self.order.next();
    }

    /// The state after a move; `None` if this search has it under other names, or later.
    fn after(&mut self, now: &Key, who: usize, by: &Move) -> Option<Key> {
        if by.is_quiet && self.minds.is_by_deeds {
            return None;
        }
        let seen = self.minds.names.len();
        let moment = match self.moments.next(now[seen], by) {
            Next::Moment(next) => next,
            Next::Excluded => return None,
            Next::Unknown => {
                self.unknown.push(Unknown::Moment(now[seen], *by));
                return None;
            }
        };
        let next = std::array::from_fn(|at| match at {
            _ if at == who => by.position,
            _ if at == seen => moment,
            _ => now[at],
        });
        if self.minds.forgets_bygones { self.forget_bygones(next, who) } else { Some(next) }
    }

    /// Removes letters that come too late in every later state: among those he has sent, and among
    /// those that he no longer needs.
    fn forget_bygones(&mut self, mut next: Key, who: usize) -> Option<Key> {
        let priests = self.minds.names.len();
        for other in 0..priests {
            let his = self.minds.situation(next[other]);
            next[who] = self.without(next[who], his)?;
        }
        let mine = self.minds.situation(next[who]);
        for other in (0..priests).filter(|&other| other != who) {
            next[other] = self.without(next[other], mine)?;
        }
        Some(next)
    }

    fn without(&mut self, position: u32, situation: u32) -> Option<u32> {
        let known = self.minds.known_without(position, situation);
        if known.is_none() {
            self.unknown.push(Unknown::Without(position, situation));
        }
        known
    }
}
