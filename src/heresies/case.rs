//! A case: a heresy or a control, of the Synod or of the Parliament, and how it is tried.

use super::{Heresy, parliaments};
use crate::explore::{self, Findings, Scope, ScopeError};

/// A creed of the Synod or a custom of the Parliament under trial.
#[derive(Clone, Copy)]
pub enum Case {
    /// One decree. `[PTP §2]`
    Synod(&'static Heresy),
    /// Decree after decree. `[PTP §3]`
    Parliament(&'static parliaments::Heresy),
}

/// Every case: the Synod's, then the Parliament's.
pub fn all() -> impl Iterator<Item = Case> {
    let synods = super::ALL.iter().map(Case::Synod);
    synods.chain(parliaments::ALL.iter().map(Case::Parliament))
}

/// The case of that name.
#[must_use]
pub fn find(name: &str) -> Option<Case> {
    all().find(|case| case.name() == name)
}

/// Priests, ballots, decrees and restarts.
fn of_synod(scope: Scope) -> [usize; 4] {
    [scope.priests, scope.ballots, scope.decrees, scope.restarts.into()]
}

/// The same of the Parliament.
fn of_parliament(scope: explore::parliament::Scope) -> [usize; 4] {
    [scope.legislators, scope.tries.into(), scope.petitions, scope.restarts.into()]
}

impl Case {
    /// What it is called on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Case::Synod(heresy) => heresy.name,
            Case::Parliament(heresy) => heresy.name,
        }
    }

    /// What its adherents do.
    #[must_use]
    pub fn says(self) -> &'static str {
        match self {
            Case::Synod(heresy) => heresy.says,
            Case::Parliament(heresy) => heresy.says,
        }
    }

    /// The section it offends, and the rule there; of a control, why it is no heresy.
    #[must_use]
    pub fn against(self) -> (&'static str, &'static str) {
        match self {
            Case::Synod(heresy) => (heresy.section, heresy.rule),
            Case::Parliament(heresy) => (heresy.section, heresy.rule),
        }
    }

    /// Whether nothing may be found.
    #[must_use]
    pub fn is_control(self) -> bool {
        match self {
            Case::Synod(heresy) => heresy.is_control(),
            Case::Parliament(heresy) => heresy.is_control(),
        }
    }

    /// Whether its trial by all rules takes seconds.
    #[must_use]
    pub fn is_quick(self) -> bool {
        match self {
            Case::Synod(heresy) => heresy.is_quick(),
            Case::Parliament(heresy) => heresy.is_quick(),
        }
    }

    /// Priests, ballots, decrees and restarts of the smallest scope in which a rule is found
    /// broken, or of a control, in which that could be expected.
    #[must_use]
    pub fn scope(self) -> [usize; 4] {
        match self {
            Case::Synod(heresy) => of_synod(heresy.scope),
            Case::Parliament(heresy) => of_parliament(heresy.scope),
        }
    }

    /// The same of the smallest scope in which ledgers come to contradict each other, if any of
    /// those searched is one.
    #[must_use]
    pub fn scope_by_ledgers(self) -> Option<[usize; 4]> {
        match self {
            Case::Synod(heresy) => heresy.contradiction.map(|(scope, _)| of_synod(scope)),
            Case::Parliament(heresy) => heresy.contradiction.map(|(scope, _)| of_parliament(scope)),
        }
    }

    /// Within how many ballots the ledgers of a case were compared, when no contradiction is known.
    #[must_use]
    pub fn compared_within(self) -> usize {
        match self {
            Case::Synod(_) => 3,
            Case::Parliament(_) => 2,
        }
    }

    /// How many events the shortest run has that breaks a rule; 0 of a control.
    #[must_use]
    pub fn events(self) -> usize {
        match self {
            Case::Synod(heresy) => heresy.events,
            Case::Parliament(heresy) => heresy.events,
        }
    }

    /// In how many ballots and events ledgers come to contradict each other, if they do.
    #[must_use]
    pub fn contradiction(self) -> Option<(usize, usize)> {
        match self {
            Case::Synod(heresy) => {
                heresy.contradiction.map(|(scope, events)| (scope.ballots, events))
            }
            Case::Parliament(heresy) => {
                heresy.contradiction.map(|(scope, events)| (scope.tries.into(), events))
            }
        }
    }

    /// Whether comparing ledgers takes seconds too.
    #[must_use]
    pub fn is_quickly_compared(self) -> bool {
        self.contradiction().is_some_and(|(ballots, _)| ballots <= 2)
    }

    /// Tries it by all rules.
    ///
    /// # Errors
    /// [`ScopeError`].
    pub fn try_by_all(self) -> Result<Findings, ScopeError> {
        match self {
            Case::Synod(heresy) => explore::explore(&heresy.trial_by_all(), |_| {}),
            Case::Parliament(heresy) => {
                explore::parliament::explore(&heresy.trial_by_all(), |_| {})
            }
        }
    }

    /// Tries it by comparing ledgers alone, where that shows anything.
    ///
    /// # Errors
    /// [`ScopeError`].
    pub fn try_by_ledgers(self) -> Result<Option<Findings>, ScopeError> {
        match self {
            Case::Synod(heresy) => {
                let trial = heresy.trial_by_ledgers();
                trial.map(|trial| explore::explore(&trial, |_| {})).transpose()
            }
            Case::Parliament(heresy) => {
                let trial = heresy.trial_by_ledgers();
                trial.map(|trial| explore::parliament::explore(&trial, |_| {})).transpose()
            }
        }
    }
}
