//! A heresy tried by a search of all states.

use super::{Expected, Held, Heresy, Nature};
use crate::explore::parliament::ParliamentSearch;
use crate::explore::{self, Exploration, Findings, Gauge, Scope, ScopeError};
use crate::invariants::Invariant;

/// A search for the rules that a heresy breaks.
#[derive(Clone)]
pub enum Trial {
    /// A search of one decree. `[PTP §2]`
    Synod(Exploration<'static>),
    /// A search of decree after decree. `[PTP §3]`
    Parliament(ParliamentSearch<'static>),
}

impl Trial {
    /// Searches, until the gauge says that it must stop.
    ///
    /// # Errors
    /// [`ScopeError`] when the scope is out of bounds.
    pub fn explore(&self, gauge: &Gauge) -> Result<Findings, ScopeError> {
        match self {
            Trial::Synod(exploration) => explore::explore(exploration, gauge),
            Trial::Parliament(sitting) => explore::explore(sitting, gauge),
        }
    }

    /// The same search of another number of ballots.
    #[must_use]
    pub fn with_ballots(&self, ballots: usize) -> Trial {
        let mut trial = self.clone();
        match &mut trial {
            Trial::Synod(exploration) => exploration.scope.ballots = ballots,
            Trial::Parliament(sitting) => sitting.scope.ballots = ballots,
        }
        trial
    }

    /// How much it searches.
    #[must_use]
    pub fn scope(&self) -> Scope {
        match self {
            Trial::Synod(exploration) => exploration.scope,
            Trial::Parliament(sitting) => sitting.scope,
        }
    }

    /// The rules it watches for.
    #[must_use]
    pub fn watched(&self) -> &[Invariant] {
        match self {
            Trial::Synod(exploration) => &exploration.watch,
            Trial::Parliament(sitting) => &sitting.watch,
        }
    }
}

impl Heresy {
    /// The rules watched when all are.
    #[must_use]
    pub fn watched(&self) -> Vec<Invariant> {
        match self.held {
            Held::Priests(_, Nature::OfLedgers) => {
                let fits = |rule: &Invariant| {
                    !matches!(rule, Invariant::I1 | Invariant::I5 | Invariant::I7)
                };
                Invariant::OF_SYNOD.iter().copied().filter(fits).collect()
            }
            Held::Priests(..) => Invariant::OF_SYNOD.to_vec(),
            Held::Legislators(_) | Held::Ledgers => Invariant::OF_PARLIAMENT.to_vec(),
        }
    }

    /// Its trial within `scope`, by these rules; `None` for one of the law.
    #[must_use]
    pub fn trial(&self, scope: Scope, watch: Vec<Invariant>) -> Option<Trial> {
        let expected = self.expected()?;
        match self.held {
            Held::Priests(creed, nature) => {
                let symmetry = !matches!(nature, Nature::OfNames | Nature::OfIntegers);
                let same_integer = nature == Nature::OfIntegers;
                let by_deeds = false;
                let of = Exploration { scope, creed, watch, symmetry, same_integer, by_deeds };
                Some(Trial::Synod(of))
            }
            Held::Legislators(custom) => {
                let Expected { numbers, first, .. } = *expected;
                Some(Trial::Parliament(ParliamentSearch { scope, numbers, first, custom, watch }))
            }
            Held::Ledgers => None,
        }
    }

    /// Its trial by all rules.
    #[must_use]
    pub fn trial_by_all(&self) -> Option<Trial> {
        self.trial(self.expected()?.scope, self.watched())
    }

    /// Its trial by comparing ledgers alone, where that shows anything.
    #[must_use]
    pub fn trial_by_ledgers(&self) -> Option<Trial> {
        let (scope, _) = self.expected()?.contradiction?;
        self.trial(scope, vec![Invariant::Consistency])
    }

    /// Whether its trial by all rules takes seconds.
    #[must_use]
    pub fn is_quick(&self) -> bool {
        let is_small = |expected: &Expected| match self.held {
            Held::Priests(..) => expected.scope.ballots <= 2,
            _ => !self.is_control,
        };
        self.expected().is_none_or(is_small)
    }

    /// Whether comparing ledgers takes seconds too.
    #[must_use]
    pub fn is_quickly_compared(&self) -> bool {
        let contradiction = self.expected().and_then(|expected| expected.contradiction);
        contradiction.is_some_and(|(scope, _)| scope.ballots <= 2)
    }

    /// Within how many ballots its ledgers were compared, where no contradiction is known.
    #[must_use]
    pub fn compared_within(&self) -> usize {
        if self.creed().is_some() { 3 } else { 2 }
    }
}
