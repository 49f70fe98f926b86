//! Broken protocols, to prove that the gods see, and controls that look broken and are not.
//!
//! | file | what it tells |
//! |---|---|
//! | `table` | every heresy and control: what it does, against which rule, and where that shows |
//! | `trial` | a heresy tried by a search of all states |
//! | `stories` | the stories that try heresies of the law |
//!
//! How they decide stands in [`crate::creeds`]; the rules hold no trace of any of this.

mod stories;
pub(crate) mod table;
pub(crate) mod trial;

use crate::creeds::{Creed, Custom};
use crate::explore::Scope;

pub use table::ALL;
pub use trial::Trial;

/// A heresy, or a control: a practice that looks like one.
pub struct Heresy {
    /// Its name on the command line.
    pub name: &'static str,
    /// The acts of its adherents.
    pub says: &'static str,
    /// The section it offends.
    pub section: &'static str,
    /// The rule there, in a few words; for a control, why it is no heresy.
    pub rule: &'static str,
    /// Whether it is a control, in which nothing may be found.
    pub is_control: bool,
    /// How its adherents decide.
    pub held: Held,
    /// How it is tried, and what is found then.
    pub shown: Shown,
}

/// How adherents decide.
#[derive(Clone, Copy)]
pub enum Held {
    /// Priests of the Synod hold this creed. `[PTP §2]`
    Priests(&'static dyn Creed, Nature),
    /// Legislators keep this custom. `[PTP §3]`
    Legislators(&'static dyn Custom),
    /// A ledger keeps its rows so.
    Ledgers,
}

/// The facts that a search of the Synod must know about a creed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Nature {
    /// It takes no notice of names and uses no number twice.
    Plain,
    /// Names or reused numbers matter to it, so that no symmetry is left.
    OfNames,
    /// It shows only among numbers with one integer.
    OfIntegers,
    /// Its ballots are not the paper's, and the clauses that say what a successful ballot is do not
    /// fit them. Its ledgers can be compared.
    OfLedgers,
}

/// How a heresy is tried.
#[derive(Clone, Copy)]
pub enum Shown {
    /// By a search of all states.
    Search(Expected),
    /// By short stories that follow from a seed: no search of ballots comes to it, since its harm
    /// is in an answer, in an office, on a disk, or in nothing that happens. `[PTP §3.3]`
    Stories(Stories),
}

/// The result of a search, and its scope.
#[derive(Clone, Copy)]
pub struct Expected {
    /// The smallest scope in which a rule is found broken; for a control, one in which that could
    /// be expected.
    pub scope: Scope,
    /// How many events the shortest run has that breaks a rule; 0 for a control.
    pub events: usize,
    /// The smallest scope in which ledgers come to contradict each other, and the events of the
    /// shortest run that leads there. `None` if none of the scopes searched does: three ballots of
    /// the Synod, two of the Parliament.
    pub contradiction: Option<(Scope, usize)>,
    /// The largest decree number that the Parliament's search begins.
    pub numbers: u64,
    /// The text of the Parliament's first petition, if not one of the paper's decrees.
    pub first: Option<&'static str>,
}

/// A story told twice: as the paper has it, and with one decision otherwise.
#[derive(Clone, Copy)]
pub struct Stories {
    /// The story of a seed as the paper has it: what goes wrong, which is nothing.
    pub paper: fn(u64) -> Option<String>,
    /// The story of a seed as the adherents have it: what goes wrong, if anything does.
    pub heresy: fn(u64) -> Option<String>,
    /// Whether it may lead, in time, to ledgers that contradict each other. No story goes so far.
    pub by_ledgers: bool,
}

/// The number of stories for each heresy of the law.
pub const SEEDS: u64 = 20;

impl Stories {
    /// The first seed whose story goes wrong, and what goes wrong there.
    #[must_use]
    pub fn found(&self) -> Option<(u64, String)> {
        (0..SEEDS).find_map(|seed| (self.heresy)(seed).map(|why| (seed, why)))
    }

    /// The first seed that accuses those who keep to the paper, and of what.
    #[must_use]
    pub fn accused(&self) -> Option<(u64, String)> {
        (0..SEEDS).find_map(|seed| (self.paper)(seed).map(|why| (seed, why)))
    }
}

impl Heresy {
    /// The creed that priests of the Synod hold, if it is theirs.
    #[must_use]
    pub fn creed(&self) -> Option<&'static dyn Creed> {
        match self.held {
            Held::Priests(creed, _) => Some(creed),
            _ => None,
        }
    }

    /// The custom that legislators keep, if it is theirs.
    #[must_use]
    pub fn custom(&self) -> Option<&'static dyn Custom> {
        match self.held {
            Held::Legislators(custom) => Some(custom),
            _ => None,
        }
    }

    /// The expected result of a search, if it is tried by one.
    #[must_use]
    pub fn expected(&self) -> Option<&Expected> {
        match &self.shown {
            Shown::Search(expected) => Some(expected),
            Shown::Stories(_) => None,
        }
    }

    /// The stories that try it, if it is one of the law.
    #[must_use]
    pub fn stories(&self) -> Option<&Stories> {
        match &self.shown {
            Shown::Stories(stories) => Some(stories),
            Shown::Search(_) => None,
        }
    }

    /// The house it offends: "Synod", "Parliament" or "Law".
    #[must_use]
    pub fn of(&self) -> &'static str {
        match (&self.shown, self.held) {
            (Shown::Stories(_), _) => "Law",
            (_, Held::Priests(..)) => "Synod",
            _ => "Parliament",
        }
    }
}

/// Those that a search tries: the Synod's, then the Parliament's.
pub fn searched() -> impl Iterator<Item = (&'static Heresy, &'static Expected)> {
    ALL.iter().filter_map(|heresy| Some((heresy, heresy.expected()?)))
}

/// Those of the Synod.
pub fn of_synod() -> impl Iterator<Item = (&'static Heresy, &'static Expected)> {
    searched().filter(|(heresy, _)| heresy.creed().is_some())
}

/// Those of the Parliament.
pub fn of_parliament() -> impl Iterator<Item = (&'static Heresy, &'static Expected)> {
    searched().filter(|(heresy, _)| heresy.custom().is_some())
}

/// Those of the law.
pub fn of_law() -> impl Iterator<Item = (&'static Heresy, &'static Stories)> {
    ALL.iter().filter_map(|heresy| Some((heresy, heresy.stories()?)))
}

/// The heresy or control of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Heresy> {
    ALL.iter().find(|heresy| heresy.name == name)
}
