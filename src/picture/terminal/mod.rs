//! The chronicle live in the terminal: lifelines that scroll, ledgers, B, letters, and why.
//!
//! | file | what it tells |
//! |---|---|
//! | `mod.rs` | what is looked at: the step, the priest, the decree |
//! | [`keys`] | which key does what |
//! | [`screen`] | where everything stands |
//! | `ledgers`, `gods` | the panels |

mod gods;
pub mod keys;
mod ledgers;
pub mod screen;
mod style;

use super::live::{Kept, Live};
use super::scene::Scene;
use crate::words::{DecreeNumber, Name};

pub use keys::Act;
pub use screen::draw;

/// The thing looked at.
#[derive(Debug, Default)]
pub struct View {
    /// The number of the event looked at; `None` while the run is followed.
    stopped_at: Option<u64>,
    /// The priest whose story alone is shown.
    priest: Option<Name>,
    /// The decree whose story alone is shown.
    decree: Option<DecreeNumber>,
    /// Whether talk is shown, and what a priest tells himself.
    talk: bool,
    /// Whether the keys are shown.
    keys: bool,
    /// The state at the event of this number; to be found anew when another is looked at.
    scene: Option<(u64, Scene)>,
}

impl View {
    /// Whether the view stands still while the run goes on.
    #[must_use]
    pub const fn is_paused(&self) -> bool {
        self.stopped_at.is_some()
    }

    /// The place, among the events kept, of the one looked at; `None` if none is to be shown.
    #[must_use]
    pub fn place(&self, live: &Live) -> Option<usize> {
        let last = live.kept().len().checked_sub(1)?;
        let place = match self.stopped_at {
            None => last,
            Some(seq) => {
                usize::try_from(seq.saturating_sub(first(live))).map_or(last, |p| p.min(last))
            }
        };
        let back = (0..=place).rev().find(|at| self.shows(&live.kept()[*at]));
        back.or_else(|| (place..=last).find(|at| self.shows(&live.kept()[*at])))
    }

    /// The event looked at.
    #[must_use]
    pub fn step<'a>(&self, live: &'a Live) -> Option<&'a Kept> {
        live.kept().get(self.place(live)?)
    }

    /// Does what a key asks for.
    pub fn act(&mut self, act: Act, live: &Live) {
        if std::mem::take(&mut self.keys) {
            return;
        }
        match act {
            Act::Keys => self.keys = true,
            Act::Pause => self.stopped_at = if self.is_paused() { None } else { self.seq(live) },
            Act::Back(steps) => self.move_to((0..self.here(live)).rev(), steps, live),
            Act::Forth(steps) => self.move_to(self.here(live) + 1..live.kept().len(), steps, live),
            Act::First => self.stopped_at = Some(first(live)),
            Act::Last => self.stopped_at = None,
            Act::NextPriest => self.priest = neighbour(self.priest, live.priests().into_iter()),
            Act::PriestBefore => {
                self.priest = neighbour(self.priest, live.priests().into_iter().rev());
            }
            Act::NextDecree => self.decree = neighbour(self.decree, decrees(live)),
            Act::DecreeBefore => self.decree = neighbour(self.decree, decrees(live).rev()),
            Act::Talk => self.talk = !self.talk,
            Act::All => (self.priest, self.decree) = (None, None),
            Act::Quit => {}
        }
    }

    fn here(&self, live: &Live) -> usize {
        self.place(live).unwrap_or(0)
    }

    fn seq(&self, live: &Live) -> Option<u64> {
        self.step(live).map(|kept| kept.told.record.event.seq)
    }

    /// Stops this many of the shown steps along the way, or at its end.
    fn move_to(&mut self, way: impl Iterator<Item = usize>, steps: usize, live: &Live) {
        let shown = way.filter(|at| self.shows(&live.kept()[*at])).take(steps).last();
        let seq = shown.map(|at| live.kept()[at].told.record.event.seq);
        self.stopped_at = seq.or_else(|| self.seq(live));
    }

    /// Whether an event is part of what is looked at.
    fn shows(&self, kept: &Kept) -> bool {
        let letter = kept.told.happening().letter();
        let concerns = |name| {
            kept.told.actor == Some(name)
                || letter.is_some_and(|(from, to, _)| from == name || to == name)
        };
        (self.talk || !kept.is_aside())
            && self.priest.is_none_or(concerns)
            && self.decree.is_none_or(|number| kept.told.number() == Some(number))
    }

    /// The state at the step looked at; while the run is followed, the present state.
    fn scene<'a>(&'a mut self, live: &'a Live) -> &'a Scene {
        let (Some(place), true) = (self.place(live), self.is_paused()) else { return live.now() };
        let seq = live.kept()[place].told.record.event.seq;
        if self.scene.as_ref().is_some_and(|(of, _)| *of != seq) {
            self.scene = None;
        }
        &self.scene.get_or_insert_with(|| (seq, live.scene_after(place))).1
    }
}

/// The number of the first event kept.
fn first(live: &Live) -> u64 {
    live.kept().front().map_or(0, |kept| kept.told.record.event.seq)
}

/// The decrees of which the events kept tell.
fn decrees(live: &Live) -> impl DoubleEndedIterator<Item = DecreeNumber> {
    let numbers = live.kept().iter().filter_map(|kept| kept.told.number());
    numbers.collect::<std::collections::BTreeSet<_>>().into_iter()
}

/// The one after this, the first one after none, and none after the last.
fn neighbour<T: PartialEq>(chosen: Option<T>, mut all: impl Iterator<Item = T>) -> Option<T> {
    match chosen {
        Some(chosen) => all.by_ref().skip_while(|one| *one != chosen).nth(1),
        None => all.next(),
    }
}
