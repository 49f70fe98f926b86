//! The shortest run from a moment that breaks a rule, as moves that can be played from there.

use std::sync::Arc;

use super::ahead;
use super::judge::watched;
use super::moves::{CrashAt, Move};
use super::seat::Mind;
use super::setting::Level;
use super::stage::Scene;
use crate::creeds::Event;
use crate::explore::onward::Onward;
use crate::explore::pages::Power;
use crate::explore::story::Chapter;
use crate::explore::{Gauge, Stopped, explore};
use crate::heresies::{Held, Nature};
use crate::words::{Decree, Name};

/// How much is searched.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bounds {
    /// How many more ballots are tried, at most, their numbers above all that anybody knows.
    pub ballots: usize,
    /// How many times a priest leaves, or his power fails, at most.
    pub restarts: u16,
}

/// The result of a search from a moment.
#[derive(Clone, Debug)]
pub enum Found {
    /// The moves of a shortest run, and how many events it has, as the search counts them.
    Run(Vec<Move>, usize),
    /// Within the bounds no rule can be broken; this many states were searched.
    Nothing(u64),
    /// No run of at most `moves` moves breaks a rule, where priests look at hourglasses; this many
    /// states were searched, until the search was stopped or the runs became too long.
    NoneWithin {
        /// How many moves every run that was tried to its end has, at most.
        moves: usize,
        /// The states searched.
        states: u64,
    },
    /// The search was stopped before its end, after this many states.
    Stopped(Stopped, u64),
}

impl Scene {
    /// Searches the shortest run from this moment that breaks a rule, until the gauge says that it
    /// must stop.
    ///
    /// # Errors
    /// Why nothing can be searched here.
    pub fn shortest(&self, bounds: Bounds, gauge: &Gauge) -> Result<Found, String> {
        if !self.broken().is_empty() {
            return Err("a rule is broken already; go back to a moment at which all hold".into());
        }
        if self.setting.level != Level::Basic {
            return Ok(match ahead::search(self, bounds.restarts, gauge) {
                Ok(run) => {
                    let moves = run.len();
                    Found::Run(run, moves)
                }
                Err(ahead::NoneWithin { moves, states }) => Found::NoneWithin { moves, states },
            });
        }
        let onward = self.onward(bounds);
        let findings = explore(&onward, gauge).map_err(|why| why.to_string())?;
        match (findings.breach, findings.stopped) {
            (Some(story), _) => {
                let events = story.chapters.len();
                // A letter that was read lies as much as one under way: then it is kept under way.
                let played = self.as_moves(&story.chapters, false);
                let moves = match played {
                    Some(moves) => moves,
                    None => self.as_moves(&story.chapters, true).ok_or_else(|| {
                        "the search found a run that this scene does not play".to_owned()
                    })?,
                };
                Ok(Found::Run(moves, events))
            }
            (None, Some(stopped)) => Ok(Found::Stopped(stopped, findings.states)),
            (None, None) => Ok(Found::Nothing(findings.states)),
        }
    }

    fn onward(&self, bounds: Bounds) -> Onward {
        let minds = self.seats.values().filter_map(|seat| match &seat.mind {
            Mind::Basic(situation) => Some((seat.name, (**situation).clone())),
            _ => None,
        });
        let heretics = self.setting.heretics.iter();
        let of_integers = |held: &Held| matches!(held, Held::Priests(_, Nature::OfIntegers));
        Onward {
            founding: Arc::clone(&self.founding),
            minds: minds.collect(),
            creeds: heretics.clone().filter_map(|(who, it)| Some((*who, it.creed()?))).collect(),
            letters: self.bag.iter().map(|it| (it.from, it.letter.clone())).collect(),
            history: Arc::clone(&self.history),
            wishes: self.wishes_searched(),
            ballots: bounds.ballots,
            same_integer: heretics.clone().any(|(_, heresy)| of_integers(&heresy.held)),
            restarts: bounds.restarts,
            watch: watched(&self.setting),
        }
    }

    /// Two wishes are enough for a contradiction.
    fn wishes_searched(&self) -> Vec<Decree> {
        let mut wishes = self.setting.wishes();
        wishes.truncate(2);
        wishes
    }

    // ------------------------------------------------------------------ a run as moves

    /// The moves of a run, played from here on a copy; `None` if they do not break a rule.
    fn as_moves(&self, chapters: &[Chapter], keeps_letters: bool) -> Option<Vec<Move>> {
        let mut scene = self.clone();
        let mut moves = Vec::new();
        for (at, chapter) in chapters.iter().enumerate() {
            let mut play = |scene: &mut Scene, by: Move| {
                let (by, _) = scene.play(&by).ok()?;
                moves.push(by);
                Some(())
            };
            let who = chapter.priest;
            if !scene.seats.get(&who).is_some_and(|seat| seat.is_present) {
                play(&mut scene, entering(who))?;
            }
            if chapter.power == Power::Fails {
                play(&mut scene, Move::Crash { who, at: Some(CrashAt::Wet) })?;
            }
            match &chapter.event {
                Event::Try(ballot) => play(&mut scene, Move::Try(*ballot))?,
                Event::Begin(wish) => play(&mut scene, Move::Begin { who, wish: wish.clone() })?,
                Event::Return => {
                    play(&mut scene, Move::Crash { who, at: None })?;
                    play(&mut scene, entering(who))?;
                }
                Event::Read { from, message } => {
                    let is = |it: &super::told::Carried| {
                        (it.from, it.letter.to, &it.letter.message) == (*from, who, message)
                    };
                    let again = chapters[at + 1..]
                        .iter()
                        .any(|later| (later.priest, &later.event) == (who, &chapter.event));
                    let copies = scene.bag.iter().filter(|it| is(it)).count();
                    let which = scene.bag.iter().find(|it| is(it)).map(|it| scene.describe(it))?;
                    if (again || keeps_letters) && copies == 1 {
                        play(&mut scene, Move::Repeat(which))?;
                    }
                    play(&mut scene, Move::Deliver(which))?;
                }
                Event::Hourglass => return None,
            }
        }
        (!scene.broken().is_empty()).then_some(moves)
    }
}

fn entering(who: Name) -> Move {
    Move::Enter { who, wish: None, appointed: false }
}
