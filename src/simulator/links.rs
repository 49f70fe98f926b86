//! Messengers between two priests: what happens to a letter on its way. `[PTP §1.3]`

use super::nemesis::{Nemeses, Nemesis};
use super::swarm::{Road, Swarm};
use crate::chance::Chance;
use crate::words::Minutes;

/// A road and what has become of it.
#[derive(Clone, Copy, Debug, Default)]
struct Link {
    road: Road,
    /// Nobody passes until then.
    cut_until: Minutes,
    /// Letters pile up until then.
    clogged_until: Minutes,
    /// When the last letter arrives.
    last: Minutes,
}

/// When a letter arrives, once for each time it is carried; not at all when it is lost.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Arrivals {
    /// The first.
    pub first: Option<Minutes>,
    /// The second, if it is carried once more.
    pub again: Option<Minutes>,
    /// The trouble it met on the road.
    pub struck: Nemeses,
}

/// All links of the Chamber.
#[derive(Debug)]
pub struct Links {
    priests: usize,
    links: Vec<Link>,
    /// Whether every messenger is honest: then a letter may overtake another, and that is no blow.
    honest: bool,
}

impl Links {
    /// The links of a run.
    #[must_use]
    pub fn drawn(priests: usize, swarm: &Swarm) -> Links {
        let link = |&road: &Road| Link { road, ..Link::default() };
        Links { priests, links: swarm.roads.iter().map(link).collect(), honest: false }
    }

    fn link(&mut self, from: usize, to: usize) -> &mut Link {
        &mut self.links[from * self.priests + to]
    }

    /// Hands a letter to a messenger.
    pub fn carry(&mut self, now: Minutes, from: usize, to: usize, chance: &mut Chance) -> Arrivals {
        let honest = self.honest;
        let link = self.link(from, to);
        if link.cut_until > now {
            return Arrivals::default();
        }
        let mut struck = Nemeses::NONE;
        if happens(chance, link.road.lose) {
            return Arrivals { struck: struck.with(Nemesis::Loss), ..Arrivals::default() };
        }
        let first = Some(link.arrival(now, chance, &mut struck));
        let again = happens(chance, link.road.repeat).then(|| {
            struck = struck.with(Nemesis::Repeat);
            link.arrival(now, chance, &mut struck)
        });
        Arrivals { first, again, struck: if honest { Nemeses::NONE } else { struck } }
    }

    /// Nobody passes from one to the other until then.
    pub fn cut(&mut self, from: usize, to: usize, until: Minutes) {
        let link = self.link(from, to);
        link.cut_until = link.cut_until.max(until);
    }

    /// Letters pile up between the two until then.
    pub fn clog(&mut self, from: usize, to: usize, until: Minutes) {
        let link = self.link(from, to);
        link.clogged_until = link.clogged_until.max(until);
    }

    /// Every messenger is honest and delivers within four minutes from now on. `[PTP §2.4]`
    pub fn heal(&mut self) {
        let road = Road { latest: crate::words::time::DELIVER, overtakes: true, ..Road::default() };
        self.links.fill(Link { road, ..Link::default() });
        self.honest = true;
    }
}

impl Link {
    fn arrival(&mut self, now: Minutes, chance: &mut Chance, struck: &mut Nemeses) -> Minutes {
        let Road { soonest, latest, longest, stray, overtakes, .. } = self.road;
        let strays = happens(chance, stray);
        let latest = if strays { longest.max(latest) } else { latest };
        let spread = (latest - soonest).in_thousandths() + 1;
        let takes = soonest + Minutes::thousandths(chance.below(spread));
        let arrives = now.max(self.clogged_until) + takes;
        if strays {
            *struck = struck.with(Nemesis::Delay);
        }
        if overtakes && arrives < self.last {
            *struck = struck.with(Nemesis::Reorder);
        }
        self.last = self.last.max(arrives);
        if overtakes { arrives } else { self.last }
    }
}

/// A thing with probability 0 takes no draw.
fn happens(chance: &mut Chance, probability: f64) -> bool {
    probability > 0.0 && chance.happens(probability)
}
