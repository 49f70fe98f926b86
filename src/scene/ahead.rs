//! The shortest run from a moment at which priests look at hourglasses: every order of the moves of
//! this scene is tried, shorter runs first.
//!
//! The search of [`crate::explore`] knows no hour, so no moment of a clock can be handed to it. Here a
//! move is one of the scene's own: a letter is read, everybody waits for the next hourglass, a priest
//! enters or leaves, a citizen asks one who presides. A letter that is lost is one that is never read,
//! so nothing is lost on purpose; nor is a letter read that nobody would act on.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::moves::{CrashAt, Move};
use super::seat::Mind;
use super::setting::Level;
use super::stage::Scene;
use super::told::Happened;
use crate::explore::Gauge;
use crate::words::{Minutes, Name};

/// The longest run that is tried, in moves.
const LONGEST: usize = 16;
/// Roughly the memory that a moment takes while the next ones are tried, in bytes.
const BYTES: usize = 4_000;

/// A moment to go on from.
struct Ahead {
    scene: Scene,
    /// Its place among the moves.
    at: usize,
    /// For each who sits, all that has happened to him since the start. Two runs in which the same
    /// happened to everybody, in whatever order, come to one state.
    courses: Vec<u64>,
    restarts: u16,
}

/// A search by the moves of a scene.
struct Search<'a> {
    restarts: u16,
    gauge: &'a Gauge,
    /// Each move that was made, and the place of the one before it.
    moves: Vec<(usize, Option<Move>)>,
    seen: HashSet<(Vec<u64>, Minutes, u16)>,
}

/// Every run that was tried to its end, which broke no rule.
pub(super) struct NoneWithin {
    /// How many moves each has, at most.
    pub(super) moves: usize,
    /// The states searched.
    pub(super) states: u64,
}

/// Searches the shortest run from this scene, in which no rule is broken.
pub(super) fn search(scene: &Scene, restarts: u16, gauge: &Gauge) -> Result<Vec<Move>, NoneWithin> {
    let mut search = Search { restarts, gauge, moves: vec![(0, None)], seen: HashSet::new() };
    let courses = vec![0; scene.seats.len()];
    let mut now = vec![Ahead { scene: scene.clone(), at: 0, courses, restarts: 0 }];
    for moves in 0..LONGEST {
        let mut next = Vec::new();
        for ahead in &now {
            if gauge.must_stop().is_some() {
                return Err(NoneWithin { moves, states: search.seen.len() as u64 });
            }
            if let Some(found) = search.go_on(ahead, &mut next) {
                return Ok(found);
            }
        }
        gauge.deeper();
        now = next;
    }
    Err(NoneWithin { moves: LONGEST, states: search.seen.len() as u64 })
}

impl Search<'_> {
    /// Tries every move of one moment; the run, if one of them breaks a rule.
    fn go_on(&mut self, from: &Ahead, next: &mut Vec<Ahead>) -> Option<Vec<Move>> {
        for by in moves(&from.scene, from.restarts < self.restarts) {
            let mut scene = from.scene.clone();
            let Ok((by, told)) = scene.play(&by) else { continue };
            let is_idle = |event: &Happened| {
                matches!(event, Happened::Said { .. } | Happened::Reads { is_ignored: true, .. })
            };
            if matches!(by, Move::Deliver(_)) && told.events.iter().all(is_idle) {
                continue;
            }
            let courses = courses(from, &by, &told.events, scene.now);
            let restarts = from.restarts + u16::from(matches!(by, Move::Crash { .. }));
            if !self.seen.insert((courses.clone(), scene.now, restarts)) {
                continue;
            }
            self.gauge.add(1, 1, BYTES);
            self.moves.push((from.at, Some(by)));
            let at = self.moves.len() - 1;
            if !scene.broken().is_empty() {
                return Some(self.run(at));
            }
            next.push(Ahead { scene, at, courses, restarts });
        }
        None
    }

    fn run(&self, mut at: usize) -> Vec<Move> {
        let mut run = Vec::new();
        while let (before, Some(by)) = &self.moves[at] {
            run.push(by.clone());
            at = *before;
        }
        run.reverse();
        run
    }
}

/// The course of everybody, with this move.
fn courses(from: &Ahead, by: &Move, events: &[Happened], now: Minutes) -> Vec<u64> {
    let met = |name: Name, course: u64| {
        let mut hasher = DefaultHasher::new();
        (course, now).hash(&mut hasher);
        match by {
            Move::Deliver(_) => events.iter().for_each(|event| {
                if let Happened::Reads { letter, .. } = event {
                    (letter.from, &letter.letter.message).hash(&mut hasher);
                }
            }),
            other => other.in_short().hash(&mut hasher),
        }
        name.hash(&mut hasher);
        hasher.finish()
    };
    let to = match by {
        Move::Deliver(which) => Some(which.to),
        Move::Crash { who, .. } | Move::Enter { who, .. } | Move::Petition { who, .. } => {
            Some(*who)
        }
        _ => None,
    };
    let all = from.scene.seats.keys().zip(&from.courses);
    all.map(|(&name, &course)| match to {
        Some(to) if to != name => course,
        _ => met(name, course),
    })
    .collect()
}

/// The moves that are tried at a moment.
fn moves(scene: &Scene, may_restart: bool) -> Vec<Move> {
    let mut moves = Vec::new();
    let mut seen: Vec<(Name, &crate::synod::Letter)> = Vec::new();
    let is_there = |name: Name| scene.seats.get(&name).is_some_and(|seat| seat.is_present);
    for carried in &scene.bag {
        let letter = (carried.from, &carried.letter);
        if is_there(carried.letter.to) && !seen.contains(&letter) {
            seen.push(letter);
            moves.push(Move::Deliver(scene.describe(carried)));
        }
    }
    for seat in scene.seats.values() {
        let who = seat.name;
        if !seat.is_present {
            moves.push(Move::Enter { who, wish: None, appointed: false });
            if scene.level() == Level::Synod {
                let wishes = scene.setting.wishes().into_iter().take(2);
                moves.extend(wishes.map(|wish| Move::Enter {
                    who,
                    wish: Some(wish),
                    appointed: false,
                }));
            }
            continue;
        }
        if let Mind::Parliament(legislator) = &seat.mind
            && legislator.presides().is_some()
        {
            let wishes = scene.setting.wishes().into_iter().take(2);
            moves.extend(wishes.map(|decree| Move::Petition { who, decree }));
        }
        if may_restart && seat.crash.is_none() {
            moves.push(Move::Crash { who, at: None });
            moves.push(Move::Crash { who, at: Some(CrashAt::Wet) });
        }
    }
    moves.extend(scene.next_hourglass().map(Move::Wait));
    moves
}
