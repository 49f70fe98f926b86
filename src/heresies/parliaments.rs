//! The heresies of the Parliament, and its controls: customs under trial. `[PTP §3]`

use super::custom::Custom;
use super::legislators;
use crate::explore::parliament::{Scope, Sitting};
use crate::invariants::Rule;

/// A custom under trial.
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
    pub custom: &'static dyn Custom,
    /// The smallest scope in which a rule is found broken; of a control, one in which that could
    /// be expected.
    pub scope: Scope,
    /// How many events the shortest run has that breaks a rule; 0 of a control.
    pub events: usize,
    /// The smallest scope in which ledgers come to contradict each other, and the events of the
    /// shortest run that leads there. `None` if none of the scopes searched does.
    pub contradiction: Option<(Scope, usize)>,
}

impl Heresy {
    /// Whether nothing may be found.
    #[must_use]
    pub fn is_control(&self) -> bool {
        self.events == 0
    }

    /// Whether its trial by all rules takes seconds: of a control, that of a scope a state of
    /// which is quickly told.
    #[must_use]
    pub fn is_quick(&self) -> bool {
        !self.is_control()
    }

    /// Its trial by all rules.
    #[must_use]
    pub fn trial_by_all(&self) -> Sitting<'static> {
        self.trial(self.scope, Rule::OF_PARLIAMENT.to_vec())
    }

    /// Its trial by comparing ledgers alone.
    #[must_use]
    pub fn trial_by_ledgers(&self) -> Option<Sitting<'static>> {
        self.contradiction.map(|(scope, _)| self.trial(scope, vec![Rule::Consistency]))
    }

    /// Its trial within `scope`, by these rules.
    #[must_use]
    pub fn trial(&self, scope: Scope, watch: Vec<Rule>) -> Sitting<'static> {
        Sitting { scope, custom: self.custom, watch }
    }
}

const fn scope(tries: u8, petitions: usize, numbers: u64, restarts: u8) -> Scope {
    Scope { legislators: 3, tries, petitions, first: None, numbers, restarts }
}

/// A decree after which Gray alone is a majority.
const AT_ONCE: Option<&str> = Some("Gray is now a legislator with weight 3");

/// Every heresy of the Parliament, and then the controls.
pub const ALL: &[Heresy] = &[
    Heresy {
        name: "no-olive-day",
        says: "a president fills the gaps in his ledger with a decree of his own",
        section: "3.1",
        rule: "gaps are filled with the olive day, which matters to nobody",
        custom: &legislators::NoOliveDay,
        scope: scope(2, 2, 2, 0),
        events: 10,
        contradiction: None,
    },
    Heresy {
        name: "last-vote-trimmed",
        says: "LastVote leaves out the numbers that stand in the replier's ledger",
        section: "3.1",
        rule: "a LastVote for every number above the president's, not above one's own",
        custom: &legislators::TrimmedLastVote,
        scope: scope(2, 2, 1, 0),
        events: 10,
        contradiction: Some((scope(3, 2, 1, 0), 15)),
    },
    Heresy {
        name: "success-across-a-gap",
        says: "a decree learnt beyond a gap is taken for the next one",
        section: "3.3.2",
        rule: "it is written in the back, and waits for those before it",
        custom: &legislators::AcrossAGap,
        scope: scope(1, 2, 2, 0),
        events: 10,
        contradiction: None,
    },
    Heresy {
        name: "petition-passes-twice",
        says: "a petition that was sent twice passes twice",
        section: "3.1",
        rule: "a petition counts once, by its id",
        custom: &legislators::PassesTwice,
        scope: scope(1, 1, 2, 0),
        events: 9,
        contradiction: None,
    },
    Heresy {
        name: "torn-tail-accepted",
        says: "a row whose end is missing is accepted as far as it goes",
        section: "2.2",
        rule: "a note is in the ledger when it is dry, and then whole",
        custom: &legislators::TornTailAccepted,
        scope: scope(1, 1, 1, 1),
        events: 4,
        contradiction: Some((scope(1, 1, 1, 1), 7)),
    },
    Heresy {
        name: "failed-drying-ignored",
        says: "an fdatasync that fails is taken for one that succeeds",
        section: "2.3",
        rule: "in the ledger first, then the letter",
        custom: &legislators::FailedDryingIgnored,
        scope: scope(1, 1, 1, 1),
        events: 5,
        contradiction: Some((scope(2, 2, 1, 1), 12)),
    },
    Heresy {
        name: "membership-at-once",
        says: "a decree that changes the members is in force on the next number",
        section: "3.3.6",
        rule: "who votes on decree n is the law as of n − α",
        custom: &legislators::MembershipAtOnce,
        scope: Scope { first: AT_ONCE, ..scope(2, 3, 2, 0) },
        events: 9,
        contradiction: Some((Scope { first: AT_ONCE, ..scope(2, 3, 2, 0) }, 12)),
    },
    Heresy {
        name: "decrees-forgotten",
        says: "a legislator who returns has forgotten every decree, and none of his notes",
        section: "2.1",
        rule: "a successful ballot is found again from its votes (Theorem 1)",
        custom: &legislators::DecreesForgotten,
        scope: scope(2, 2, 1, 1),
        events: 0,
        contradiction: None,
    },
    Heresy {
        name: "every-letter-twice",
        says: "a legislator reads every letter twice",
        section: "2.1",
        rule: "a message that comes twice is one message",
        custom: &legislators::ReadTwice,
        scope: scope(2, 2, 2, 0),
        events: 0,
        contradiction: None,
    },
];

/// The heresy of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Heresy> {
    ALL.iter().find(|heresy| heresy.name == name)
}
