//! Officers: who holds an office for all that he knows, asked at any moment. `[PTP §3.3.3]`
//!
//! An officer has his own ledger and his own clock. Clocks err by 15 minutes at most; within that
//! they are skewed, and jump. The gods know what time it is, ask all at once, and hear one answer
//! for each office, or none.

use super::body::Body;
use super::storage::{dated, usize_below};
use super::swarm::{minutes_below, rate};
use crate::chance::Chance;
use crate::law::offices::CLOCK_ERROR;
use crate::law::{LawBook, Meaning, Moment, Phrase};
use crate::words::{DecreeNumber, Minutes, Name};

/// The stream of chance that officers draw from.
const STREAM: u64 = 3;
/// The offices.
const OFFICES: [&str; 2] = ["cheese inspector", "wine taster"];
/// A term is a month, and the first term of each office began, by its decree, so long before it
/// ends: so it ends, and the next begins, while we look on.
const MONTH: Minutes = Minutes::whole(30 * 24 * 60);
/// How far apart two clocks may be.
const SPREAD: Minutes = Minutes::whole(30);

/// An office and those who hold it.
pub struct Post {
    pub office: Phrase,
    /// When its first term ends.
    ends: Minutes,
    is_filled: bool,
    /// The one who last claimed the office.
    pub holder: Option<usize>,
}

/// The offices of one run, and everyone's clock.
pub(super) struct Bureau {
    pub chance: Chance,
    pub posts: Vec<Post>,
    /// How far each clock is ahead of the slowest that there may be.
    clocks: Vec<Minutes>,
    /// How likely a clock jumps between two looks.
    jumps: f64,
    /// How likely an officer who is asked resigns.
    pub resigns: f64,
    /// How long it is between two questions, at most, where no term ends.
    pace: Minutes,
    /// (officer, petition id) of pending resignations; these officers no longer act.
    pub stopped: Vec<(usize, String)>,
    /// Through which decree a citizen was told the law.
    pub told: DecreeNumber,
}

impl Bureau {
    /// The offices of this seed, in a storm of that length.
    pub fn drawn(seed: u64, people: usize, storm: Minutes) -> Bureau {
        let mut chance = Chance::new(seed, STREAM);
        let posts = OFFICES.iter().filter_map(|office| {
            let ends = minutes_below(&mut chance, storm);
            Some(Post { office: Phrase::new(office).ok()?, ends, is_filled: false, holder: None })
        });
        Bureau {
            posts: posts.collect(),
            clocks: (0..people).map(|_| skew(&mut chance)).collect(),
            jumps: rate(&mut chance),
            resigns: rate(&mut chance) / 4.0,
            pace: Minutes::whole(1 + chance.below(15)),
            stopped: Vec::new(),
            told: 0,
            chance,
        }
    }

    /// The reading of a clock that is this far ahead of the slowest.
    fn shown(now: Minutes, ahead: Minutes) -> Option<Moment> {
        Moment::of(dated(now + ahead).naive_utc())?.minus(CLOCK_ERROR)
    }

    /// The reading of his clock, which may have jumped since he looked.
    pub fn clock(&mut self, now: Minutes, who: usize) -> Option<Moment> {
        if self.chance.happens(self.jumps) {
            self.clocks[who] = skew(&mut self.chance);
        }
        Bureau::shown(now, self.clocks[who])
    }

    /// The appointment of one of these, from now or the end of the last term.
    pub fn appointment(&mut self, now: Minutes, who: &[Name]) -> Option<Meaning> {
        // Most speak of the first office, so that in it terms follow one another.
        let which = usize_below(&mut self.chance, 4).saturating_sub(2);
        self.appointment_to(which, now, who)
    }

    pub fn appointment_to(&mut self, which: usize, now: Minutes, who: &[Name]) -> Option<Meaning> {
        let (name, citizens) =
            (who[usize_below(&mut self.chance, who.len())], skew(&mut self.chance));
        let post = &mut self.posts[which];
        let office = post.office.clone();
        let proposed = match std::mem::replace(&mut post.is_filled, true) {
            true => Bureau::shown(now, citizens)?,
            false => Bureau::shown(post.ends, CLOCK_ERROR)?.minus(MONTH)?,
        };
        Some(Meaning::Appoints { proposed, name, office, months: 1 })
    }

    /// How long it is until the next question, at most: where a term ends the gods look closely.
    pub fn pace(&self, now: Minutes) -> Minutes {
        let ends = |post: &Post| post.ends <= now + SPREAD && now <= post.ends + SPREAD;
        if self.posts.iter().any(ends) { Minutes::whole(2) } else { self.pace }
    }

    /// Whether he has stopped, though his ledger does not say so yet.
    fn has_stopped(&self, who: usize, book: &LawBook) -> bool {
        self.stopped.iter().any(|(other, id)| *other == who && !book.counted().has(id))
    }

    /// Those of these who hold an office by their own clock and ledger, each told as he sits.
    pub fn holders(
        &mut self,
        now: Minutes,
        bodies: &[Body],
        waits_out: Minutes,
    ) -> Vec<Vec<usize>> {
        let mut holders = vec![Vec::new(); self.posts.len()];
        for (who, body) in bodies.iter().enumerate() {
            let Some(book) = body.law.as_ref().filter(|_| body.soul.is_some()) else { continue };
            let Some(clock) = self.clock(now, who) else { continue };
            if self.has_stopped(who, book) {
                continue;
            }
            let offices = &book.state().offices;
            for (post, holders) in self.posts.iter().zip(&mut holders) {
                if offices.may_act(&post.office, body.name, clock, waits_out) {
                    holders.push(who);
                }
            }
        }
        holders
    }
}

/// By how much a clock is ahead of the slowest: it may be the slowest itself, or the fastest.
fn skew(chance: &mut Chance) -> Minutes {
    match chance.below(3) {
        0 => Minutes::ZERO,
        1 => SPREAD,
        _ => Minutes::thousandths(chance.below(SPREAD.in_thousandths())),
    }
}
