//! The rates of one run, drawn from its seed: of each link, each priest, each nemesis its own.
//!
//! A run in which everything goes wrong a little is like every other such run. So each nemesis is
//! left out of half of the runs, and those that take part have rates that differ by orders of
//! magnitude from link to link and from run to run.

use super::nemesis::{Nemeses, Nemesis};
use super::plan::Plan;
use crate::chance::Chance;
use crate::words::Minutes;
use crate::words::time::{ACT, DELIVER};

/// The rates for letters from one priest to another.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Road {
    /// How likely a letter is lost.
    pub lose: f64,
    /// How likely it is carried once more.
    pub repeat: f64,
    /// How likely it takes a long walk, of up to [`Road::longest`].
    pub stray: f64,
    /// The least time it takes.
    pub soonest: Minutes,
    /// The greatest, unless it takes a long walk.
    pub latest: Minutes,
    /// The longest walk.
    pub longest: Minutes,
    /// Whether letters may overtake each other.
    pub overtakes: bool,
}

/// The rates of one run.
#[derive(Debug)]
pub struct Swarm {
    /// The roads, from each to each.
    pub roads: Vec<Road>,
    /// How long each priest takes at most to act.
    pub acts_within: Vec<Minutes>,
    /// How long each priest's ink takes to dry.
    pub dries_within: Vec<Minutes>,
    /// The nemeses that take part, each with the mean time between two of its blows.
    pub blows: Vec<(Nemesis, Minutes)>,
    /// How long a priest stays away after he died, at most.
    pub away_within: Minutes,
    /// For how long things go wrong.
    pub storm: Minutes,
}

impl Swarm {
    /// The rates of this plan.
    #[must_use]
    pub fn drawn(plan: &Plan<'_>, chance: &mut Chance) -> Swarm {
        let priests = plan.everyone().count();
        let all = plan.nemeses == Nemeses::ALL;
        let part = Nemeses::of(plan.nemeses.iter().filter(|_| !all || chance.below(2) == 0));
        let storm = Minutes::whole(match plan.decrees {
            1 => 20 + chance.below(180),
            many => 60 + chance.below(200) + many * (1 + chance.below(8)),
        });
        Swarm {
            roads: (0..priests * priests).map(|_| road(plan, part, chance)).collect(),
            acts_within: (0..priests).map(|_| minutes_below(chance, ACT)).collect(),
            dries_within: (0..priests).map(|_| rarely(chance, 4, Minutes::whole(2))).collect(),
            blows: part.iter().filter_map(|it| Some((it, pace(it, storm, chance)?))).collect(),
            away_within: Minutes::whole(1 + chance.below(60)),
            storm,
        }
    }
}

/// A random duration from one thousandth to `bound`.
pub(super) fn minutes_below(chance: &mut Chance, bound: Minutes) -> Minutes {
    Minutes::thousandths(1 + chance.below(bound.in_thousandths()))
}

/// With probability 1/n a random duration below `bound`, otherwise zero.
fn rarely(chance: &mut Chance, one_in: u64, bound: Minutes) -> Minutes {
    if chance.below(one_in) == 0 { minutes_below(chance, bound) } else { Minutes::ZERO }
}

/// A random probability, often 0 and rarely high.
pub(super) fn rate(chance: &mut Chance) -> f64 {
    const RATES: [f64; 8] = [0.0, 0.0, 0.01, 0.03, 0.1, 0.2, 0.4, 0.8];
    RATES[chance.below(8) as usize]
}

fn road(plan: &Plan<'_>, part: Nemeses, chance: &mut Chance) -> Road {
    let mut drawn = |nemesis| if part.has(nemesis) { rate(chance) } else { 0.0 };
    let (lose, repeat) = (drawn(Nemesis::Loss), drawn(Nemesis::Repeat));
    let stray = drawn(Nemesis::Delay);
    let latest = minutes_below(chance, DELIVER);
    let soonest = Minutes::thousandths(chance.below(latest.in_thousandths()));
    let longest = minutes_below(chance, Minutes::whole(90));
    let overtakes = part.has(Nemesis::Reorder);
    let (soonest, latest) = plan.roads.delay.unwrap_or((soonest, latest));
    Road {
        lose: plan.roads.lose.unwrap_or(lose),
        repeat: plan.roads.repeat.unwrap_or(repeat),
        stray: if plan.roads.delay.is_some() { 0.0 } else { stray },
        soonest,
        latest,
        longest,
        overtakes,
    }
}

/// How long it is between two blows; `None` for what is in the roads already.
fn pace(nemesis: Nemesis, storm: Minutes, chance: &mut Chance) -> Option<Minutes> {
    let in_roads =
        matches!(nemesis, Nemesis::Loss | Nemesis::Repeat | Nemesis::Delay | Nemesis::Reorder);
    (!in_roads).then(|| Minutes::whole(1) + minutes_below(chance, storm))
}
