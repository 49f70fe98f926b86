//! Broken protocols, to prove that the gods see, and controls that look broken and are not.
//!
//! | file | what it tells |
//! |---|---|
//! | [`case`] | a heresy or a control, and how it is tried |
//! | [`creed`] | how a priest performs each action; the paper's creed by default |
//! | [`forgery`] | how a heretic comes to a state that no priest comes to |
//! | `presidents`, `voters`, `ledgers` | the heresies of the Synod, by who errs |
//! | `synods` | the table of them |
//! | [`custom`] | how a legislator behaves at the seams between him and the world |
//! | `legislators` | the heresies of the Parliament |
//! | [`parliaments`] | the table of them |
//! | `lawless` | stories of the law, each with one decision left open |
//! | [`laws`] | the table of the heresies tried by them |
//!
//! The rules hold no trace of any of this: a heresy is one decision of a [`Creed`] substituted, or
//! of a [`Custom`], or one that a story of the law leaves open.

pub mod case;
pub mod creed;
pub mod custom;
pub mod forgery;
mod lawless;
pub mod laws;
mod ledgers;
mod legislators;
pub mod parliaments;
mod presidents;
mod synods;
mod voters;

use crate::explore::{Exploration, Scope};
use crate::invariants::Rule;

pub use creed::{Creed, Orthodox};
pub use custom::{Custom, Usual};
pub use synods::ALL;

/// A creed under trial.
pub struct Heresy {
    /// What it is called on the command line.
    pub name: &'static str,
    /// What its adherents do.
    pub says: &'static str,
    /// The section it offends.
    pub section: &'static str,
    /// The rule there, in a few words; of a control, why it is no heresy.
    pub rule: &'static str,
    /// How they do it.
    pub creed: &'static dyn Creed,
    /// The smallest scope in which a rule is found broken; of a control, one in which that could
    /// be expected.
    pub scope: Scope,
    /// How many events the shortest run has that breaks a rule; of a control, none.
    pub events: usize,
    /// The smallest scope in which ledgers come to contradict each other, and the events of the
    /// shortest run that leads there: who compares ledgers alone sees nothing before. `None` if
    /// none of three ballots does.
    pub contradiction: Option<(Scope, usize)>,
    /// What else the search must know.
    pub nature: Nature,
}

/// What the search must know of a creed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Nature {
    /// A heresy that takes no notice of names and uses no number twice.
    Heresy,
    /// A heresy under which names or reused numbers matter, so that no symmetry is left.
    HeresyOfNames,
    /// A heresy that only shows among numbers with one integer.
    HeresyOfIntegers,
    /// No heresy: every rule holds.
    Control,
    /// No heresy: ledgers never differ, though this is not the paper's ballot and the clauses
    /// that say what a successful ballot is do not fit it.
    ControlByLedgers,
}

impl Heresy {
    /// Whether nothing may be found.
    #[must_use]
    pub fn is_control(&self) -> bool {
        matches!(self.nature, Nature::Control | Nature::ControlByLedgers)
    }

    /// Whether its trial by all rules takes seconds.
    #[must_use]
    pub fn is_quick(&self) -> bool {
        self.scope.ballots <= 2
    }

    /// Its trial by all rules.
    #[must_use]
    pub fn trial_by_all(&self) -> Exploration<'static> {
        self.trial(self.scope, self.watched())
    }

    /// Its trial by comparing ledgers alone.
    #[must_use]
    pub fn trial_by_ledgers(&self) -> Option<Exploration<'static>> {
        self.contradiction.map(|(scope, _)| self.trial(scope, vec![Rule::Consistency]))
    }

    /// The rules watched when all are.
    #[must_use]
    pub fn watched(&self) -> Vec<Rule> {
        let fits = |rule: &Rule| match self.nature {
            Nature::ControlByLedgers => !matches!(rule, Rule::I1 | Rule::I5 | Rule::I7),
            _ => true,
        };
        Rule::ALL.into_iter().filter(fits).collect()
    }

    /// Its trial within `scope`, by these rules.
    #[must_use]
    pub fn trial(&self, scope: Scope, watch: Vec<Rule>) -> Exploration<'static> {
        let symmetry = !matches!(self.nature, Nature::HeresyOfNames | Nature::HeresyOfIntegers);
        let same_integer = self.nature == Nature::HeresyOfIntegers;
        Exploration { scope, creed: self.creed, watch, symmetry, same_integer, by_deeds: false }
    }
}

/// The creed of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Heresy> {
    ALL.iter().find(|heresy| heresy.name == name)
}
