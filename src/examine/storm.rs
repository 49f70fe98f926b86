//! A storm: five priests, some of them novices, to whom everything happens at random from a seed;
//! then the doors are locked, and it is seen whether a decree passes.

use super::hall::{Hall, Novice, Part};
use super::telling::Conviction;
use super::walk::Walk;
use crate::chance::Chance;
use crate::explore::Scope;
use crate::explore::world::World;
use crate::invariants::Invariant;
use crate::scene::moves::{CrashAt, Move, Which};
use crate::synod::Letter;
use crate::words::message::Kind;
use crate::words::{BallotNumber, Decree, Founding, Message, Name};

/// How many priests there are, and how many decrees they wish for.
const SCOPE: Scope = Scope { priests: 5, ballots: 1, decrees: 3, restarts: 0 };
/// The weight of one who weighs more than all others together.
const HEAVY: u64 = SCOPE.priests as u64;
/// How much happens before the doors are locked.
const MOVES: usize = 120;
/// How many letters are carried at most behind locked doors.
const LETTERS: usize = 200;
/// How often a run is played again to shorten it.
const SHORTENINGS: usize = 200;

/// How a storm ended.
pub enum Weathered {
    /// No rule was broken.
    Passed {
        /// Whether a decree passed, at last behind locked doors.
        finished: bool,
        /// Whether none can pass without a novice: the others are no majority.
        needs_him: bool,
    },
    /// A rule was broken.
    Broken {
        /// The run, shortened.
        conviction: Box<Conviction>,
        /// Where the novices sit.
        novices: Vec<Name>,
    },
}

/// A kind of storm; the seeds take turns.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Weather {
    /// All weigh the same, and anything happens.
    Any,
    /// One of the five, each in his turn, weighs more than the four others together.
    Uneven,
    /// Presidents contend first, so that votes for different decrees stand in the ledgers.
    Contested,
}

impl Weather {
    fn of(seed: u64) -> Weather {
        match seed / 2 % 3 {
            0 => Weather::Any,
            1 => Weather::Uneven,
            _ => Weather::Contested,
        }
    }
}

/// The members in the storm of a seed.
fn founding(seed: u64) -> Option<Founding> {
    let founding = SCOPE.founding();
    let heavy = (Weather::of(seed) == Weather::Uneven).then_some(seed / 6 % SCOPE.priests as u64);
    let weigh = |(at, name)| (name, if heavy == Some(at) { HEAVY } else { 1 });
    Founding::new((0..).zip(founding.membership.names()).map(weigh), founding.alpha).ok()
}

/// The storm of a seed. In every other one all five are novices; in the others two are, and may be silent.
#[must_use]
pub fn storm(novice: &dyn Novice, seed: u64) -> Weathered {
    let seats: &[usize] = if seed.is_multiple_of(2) { &[1, 3] } else { &[0, 1, 2, 3, 4] };
    let founding = founding(seed).unwrap_or_else(|| SCOPE.founding());
    let part = Part::new(novice, SCOPE, seats, Vec::new()).founded(founding);
    let hall = part.stage();
    let names: Vec<Name> = SCOPE.members().names().collect();
    let mut storm = Storm {
        walk: Walk::begin(&hall, &names),
        chance: Chance::new(seed, 0),
        wishes: SCOPE.wishes(),
        names,
        highest: 0,
        moves: Vec::new(),
    };
    let is_contested = Weather::of(seed) == Weather::Contested;
    let contended = if is_contested { storm.contends(&part.novices()) } else { None };
    let mut broken = contended.or_else(|| storm.rages()).or_else(|| storm.lock_doors());
    let Some(rules) = broken.take() else {
        let finished = storm.walk.members.values().any(|it| it.seat.priest.outcome().is_some());
        let is_ours = |name: &Name| !part.novices().contains(name);
        let members = hall.founding().membership;
        let ours = members.weight_of(members.names().filter(is_ours));
        return Weathered::Passed { finished, needs_him: 2 * ours <= members.weight() };
    };
    let moves = shortened(&hall, &storm.names, std::mem::take(&mut storm.moves), &rules);
    let mut walk = Walk::begin(&hall, &storm.names);
    moves.iter().for_each(|by| {
        walk.go(by);
    });
    let breaches = walk.judge();
    Weathered::Broken { conviction: Box::new(walk.convict(breaches)), novices: part.novices() }
}

/// Those whom a president asks for their last votes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// Three, first of those who have not voted.
    NonVoters,
    /// All.
    All,
}

impl Asked {
    const fn at_most(self) -> usize {
        match self {
            Asked::NonVoters => SCOPE.priests / 2 + 1,
            Asked::All => SCOPE.priests,
        }
    }
}

struct Storm<'a, 'h> {
    walk: Walk<'a, 'h>,
    chance: Chance,
    wishes: Vec<Decree>,
    names: Vec<Name>,
    /// The largest integer of a ballot number so far.
    highest: u64,
    moves: Vec<Move>,
}

impl Storm<'_, '_> {
    /// Does a move; the rules that it breaks, if it breaks any.
    fn does(&mut self, by: Move) -> Option<Vec<Invariant>> {
        // A letter that moves nobody has left the bag all the same.
        let is_done = self.walk.go(&by);
        self.moves.push(by);
        if !is_done {
            return None;
        }
        let broken: Vec<Invariant> = self.walk.judge().iter().map(|breach| breach.rule).collect();
        (!broken.is_empty()).then_some(broken)
    }

    fn one_of<T: Clone>(&mut self, all: &[T]) -> Option<T> {
        let at = self.chance.below(all.len() as u64);
        all.get(at as usize).cloned()
    }

    /// Two presidents, one after the other, ask those who have not voted, and one priest votes for the
    /// decree of each. Then a novice asks all: he hears of two votes, in any order of names.
    fn contends(&mut self, novices: &[Name]) -> Option<Vec<Invariant>> {
        let mut wishes = self.wishes.clone();
        let mut last = None;
        for asked in [Asked::NonVoters, Asked::NonVoters, Asked::All] {
            let presidents = if asked == Asked::All { novices } else { &self.names.clone() };
            let owner = self.one_of(presidents)?;
            // Often the same integer as before, so that the owners' names decide.
            let is_same = last.is_some_and(|it| it < owner) && self.chance.below(2) == 0;
            self.highest += u64::from(!is_same);
            last = Some(owner);
            let ballot = BallotNumber { round: self.highest, owner };
            let wish = wishes.pop()?;
            let broken = self
                .does(Move::Try(ballot))
                .or_else(|| self.carry(Kind::NextBallot, ballot, asked.at_most()))
                .or_else(|| self.carry(Kind::LastVote, ballot, usize::MAX))
                .or_else(|| self.does(Move::Begin { who: owner, wish }))
                .or_else(|| self.carry(Kind::BeginBallot, ballot, 1));
            if broken.is_some() {
                return broken;
            }
        }
        None
    }

    /// Delivers letters of a kind and a ballot in any order, this many at most: first to those who
    /// have not voted.
    fn carry(&mut self, kind: Kind, ballot: BallotNumber, most: usize) -> Option<Vec<Invariant>> {
        let is_it = |it: &Message| it.kind() == kind && it.ballot() == Some(ballot);
        let bag = self.walk.bag.iter().filter(|(_, letter)| is_it(&letter.message));
        let mut letters: Vec<(Name, Letter)> = bag.cloned().collect();
        for at in (1..letters.len()).rev() {
            letters.swap(at, self.chance.below(at as u64 + 1) as usize);
        }
        let has_voted = |it: &(Name, Letter)| {
            self.walk.members.get(&it.1.to).is_some_and(|it| it.seat.priest.prev_vote().is_some())
        };
        letters.sort_by_key(has_voted);
        for letter in letters.iter().take(most) {
            let at = self.walk.bag.iter().position(|it| it == letter)?;
            let which = self.which(at)?;
            if let Some(broken) = self.does(Move::Deliver(which)) {
                return Some(broken);
            }
        }
        None
    }

    /// Everything happens, until a rule is broken.
    fn rages(&mut self) -> Option<Vec<Invariant>> {
        (0..MOVES).find_map(|_| {
            let by = self.next_move()?;
            self.does(by)
        })
    }

    fn next_move(&mut self) -> Option<Move> {
        let who = self.one_of(&self.names.clone())?;
        match self.chance.below(100) {
            0..8 => {
                // Now and then a number that is not above all others.
                let round = 1 + self.chance.below(self.highest + 2);
                self.highest = self.highest.max(round);
                Some(Move::Try(BallotNumber { round, owner: who }))
            }
            8..18 => {
                let wish = self.one_of(&self.wishes.clone())?;
                Some(Move::Begin { who, wish })
            }
            18..22 => Some(Move::Crash { who, at: None }),
            22..24 => Some(Move::Crash { who, at: Some(CrashAt::Wet) }),
            24..29 => self.a_letter().map(Move::Lose),
            29..34 => self.a_letter().map(Move::Repeat),
            _ => self.a_letter().map(Move::Deliver),
        }
    }

    fn a_letter(&mut self) -> Option<Which> {
        let at = self.chance.below(self.walk.bag.len() as u64) as usize;
        self.which(at)
    }

    /// The letter at this place of the bag.
    fn which(&self, at: usize) -> Option<Which> {
        let (from, letter) = self.walk.bag.get(at)?;
        let before = self.walk.bag[..at].iter().map(|(from, letter)| (*from, letter));
        Some(Which::of(*from, letter, before))
    }

    /// Nothing is lost any more, nobody leaves, and one president tries a number above all others.
    fn lock_doors(&mut self) -> Option<Vec<Invariant>> {
        self.walk.crashes = None;
        let owner = *self.names.first()?;
        let ballot = BallotNumber { round: self.highest + 1, owner };
        let wish = self.wishes.first()?.clone();
        self.does(Move::Try(ballot))
            .or_else(|| self.deliver_all())
            .or_else(|| self.does(Move::Begin { who: owner, wish }))
            .or_else(|| self.deliver_all())
    }

    fn deliver_all(&mut self) -> Option<Vec<Invariant>> {
        for _ in 0..LETTERS {
            let (from, letter) = self.walk.bag.first()?;
            let oldest = Which::of(*from, letter, std::iter::empty());
            if let Some(broken) = self.does(Move::Deliver(oldest)) {
                return Some(broken);
            }
        }
        None
    }
}

/// The same run without moves that it does not need: what remains breaks one of these rules.
fn shortened(hall: &Hall<'_>, names: &[Name], moves: Vec<Move>, rules: &[Invariant]) -> Vec<Move> {
    let breaks = |moves: &[Move]| {
        let mut walk = Walk::begin(hall, names);
        for (at, by) in moves.iter().enumerate() {
            walk.go(by);
            if at + 1 < moves.len() && at % 8 != 0 {
                continue;
            }
            if walk.judge().iter().any(|breach| rules.contains(&breach.rule)) {
                return Some(at + 1);
            }
        }
        None
    };
    let (mut moves, mut size, mut left) = (moves, 32, SHORTENINGS);
    while size > 0 && left > 0 {
        let mut at = 0;
        while at < moves.len() && left > 0 {
            left -= 1;
            let until = moves.len().min(at + size);
            let shorter = [&moves[..at], &moves[until..]].concat();
            match breaks(&shorter) {
                Some(end) => {
                    moves = shorter;
                    moves.truncate(end);
                }
                None => at += size,
            }
        }
        size /= 2;
    }
    moves
}
