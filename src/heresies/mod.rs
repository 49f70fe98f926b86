//! Broken protocols, to prove that the gods see, and controls that look broken and are not.
//!
//! | file | what it tells |
//! |---|---|
//! | [`creed`] | how a priest performs each action; the paper's creed by default |
//! | [`forgery`] | how a heretic comes to a state that no priest comes to |
//! | `presidents`, `voters`, `ledgers` | the heresies, by who errs |
//!
//! The priests' rules hold no trace of any of this: a heresy is one decision of a [`Creed`]
//! substituted.

pub mod creed;
pub mod custom;
pub mod forgery;
mod ledgers;
mod legislators;
pub mod parliaments;
mod presidents;
mod voters;

use crate::explore::{Exploration, Scope};
use crate::invariants::Rule;
use crate::synod::deed::Note;

pub use creed::{Creed, Orthodox};

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

const fn scope(priests: usize, ballots: usize, decrees: usize, restarts: u16) -> Scope {
    Scope { priests, ballots, decrees, restarts }
}

/// Every heresy of the Synod, and then the controls.
pub const ALL: &[Heresy] = &[
    Heresy {
        name: "one-reply-quorum",
        says: "any one LastVote is a quorum",
        section: "2.1 B2",
        rule: "any two quorums have a priest in common",
        creed: &presidents::OneReplyIsAQuorum,
        scope: scope(3, 1, 2, 0),
        events: 4,
        contradiction: Some((scope(3, 2, 2, 0), 12)),
        nature: Nature::Heresy,
    },
    Heresy {
        name: "half-a-majority",
        says: "half of the priests are a majority",
        section: "2.2",
        rule: "a majority set holds more than half",
        creed: &presidents::HalfIsAMajority,
        scope: scope(4, 1, 2, 0),
        events: 6,
        contradiction: Some((scope(4, 2, 2, 0), 20)),
        nature: Nature::Heresy,
    },
    Heresy {
        name: "last-votes-counted-twice",
        says: "a LastVote that comes twice counts as two",
        section: "2.3 (3)",
        rule: "a LastVote from every member of a majority set",
        creed: &presidents::RepeatedLastVotesCount,
        scope: scope(3, 1, 2, 0),
        events: 5,
        contradiction: Some((scope(3, 2, 2, 0), 14)),
        nature: Nature::Heresy,
    },
    Heresy {
        name: "success-at-begin",
        says: "a ballot has succeeded once it is begun",
        section: "2.3 (5)",
        rule: "Voted from every priest in the quorum",
        creed: &presidents::SuccessAtBeginBallot,
        scope: scope(3, 1, 2, 0),
        events: 6,
        contradiction: Some((scope(3, 2, 2, 0), 12)),
        nature: Nature::Heresy,
    },
    Heresy {
        name: "success-after-one-voted",
        says: "a ballot has succeeded once one priest has voted",
        section: "2.3 (5)",
        rule: "Voted from every priest in the quorum",
        creed: &presidents::SuccessAfterOneVoted,
        scope: scope(3, 1, 2, 0),
        events: 8,
        contradiction: Some((scope(3, 2, 2, 0), 16)),
        nature: Nature::Heresy,
    },
    Heresy {
        name: "voted-counted-twice",
        says: "a Voted that comes twice counts as two",
        section: "2.3 (5)",
        rule: "Voted from every priest in the quorum",
        creed: &presidents::RepeatedVotedCounts,
        scope: scope(3, 1, 2, 0),
        events: 9,
        contradiction: Some((scope(3, 2, 2, 0), 18)),
        nature: Nature::HeresyOfNames,
    },
    Heresy {
        name: "president-past-his-promise",
        says: "a president votes in his ballot although he has promised a higher one",
        section: "2.3 (4)",
        rule: "he votes only in the ballot nextBal",
        creed: &voters::PresidentPastHisPromise,
        scope: scope(3, 2, 2, 0),
        events: 9,
        contradiction: Some((scope(3, 2, 2, 0), 20)),
        nature: Nature::Heresy,
    },
    Heresy {
        name: "vote-below-a-promise",
        says: "a priest votes below his promise",
        section: "2.3 (4)",
        rule: "he votes only in the ballot nextBal",
        creed: &voters::VoteBelowAPromise,
        scope: scope(3, 2, 2, 0),
        events: 9,
        contradiction: Some((scope(3, 2, 2, 0), 20)),
        nature: Nature::Heresy,
    },
    Heresy {
        name: "number-reused",
        says: "a priest who returns has forgotten lastTried and uses a number again",
        section: "2.1 B1",
        rule: "every ballot has a number of its own",
        creed: &ledgers::Forgets(Note::LastTried),
        scope: scope(3, 1, 2, 1),
        events: 2,
        contradiction: Some((scope(3, 1, 2, 1), 17)),
        nature: Nature::HeresyOfNames,
    },
    Heresy {
        name: "own-decree",
        says: "a president begins his own decree despite the LastVotes",
        section: "2.1 B3",
        rule: "the decree of the latest earlier vote of the quorum",
        creed: &presidents::OwnDecree,
        scope: scope(3, 2, 2, 0),
        events: 13,
        contradiction: Some((scope(3, 2, 2, 0), 20)),
        nature: Nature::Heresy,
    },
    Heresy {
        name: "equal-numbers",
        says: "ballot numbers with equal integers pass for equal",
        section: "2.2",
        rule: "numbers compare by integer and name, and b > nextBal",
        creed: &voters::EqualNumbersPass,
        scope: scope(3, 2, 2, 0),
        events: 4,
        contradiction: Some((scope(3, 2, 2, 0), 21)),
        nature: Nature::HeresyOfIntegers,
    },
    Heresy {
        name: "promise-lowered",
        says: "an old NextBallot lowers nextBal",
        section: "2.3 (2)",
        rule: "only b > nextBal is promised",
        creed: &voters::OldNextBallotLowers,
        scope: scope(3, 2, 2, 0),
        events: 4,
        contradiction: Some((scope(3, 2, 2, 0), 21)),
        nature: Nature::Heresy,
    },
    Heresy {
        name: "second-decree",
        says: "a president begins one ballot with two decrees",
        section: "2.1 B1",
        rule: "every ballot has a number of its own",
        creed: &presidents::SecondDecree,
        scope: scope(3, 1, 2, 0),
        events: 7,
        contradiction: Some((scope(3, 2, 2, 0), 21)),
        nature: Nature::HeresyOfNames,
    },
    Heresy {
        name: "vote-struck-out",
        says: "a priest strikes out his vote once Success is known",
        section: "2.3 (4)",
        rule: "prevVote is superseded by a later vote alone",
        creed: &voters::VoteStruckOut,
        scope: scope(3, 1, 2, 0),
        events: 11,
        contradiction: Some((scope(3, 2, 2, 0), 21)),
        nature: Nature::Heresy,
    },
    Heresy {
        name: "vote-forgotten",
        says: "a priest who returns has forgotten prevVote",
        section: "2.2",
        rule: "prevVote is kept in the ledger",
        creed: &ledgers::Forgets(Note::PrevVote),
        scope: scope(3, 1, 2, 1),
        events: 8,
        contradiction: Some((scope(3, 2, 2, 1), 21)),
        nature: Nature::Heresy,
    },
    Heresy {
        name: "voted-on-wet-ink",
        says: "Voted leaves before prevVote is dry",
        section: "2.3 (4)",
        rule: "prevVote in the ledger first, then Voted",
        creed: &ledgers::WetInk(Note::PrevVote),
        scope: scope(3, 1, 2, 1),
        events: 7,
        contradiction: Some((scope(3, 2, 2, 1), 20)),
        nature: Nature::Heresy,
    },
    Heresy {
        name: "promise-forgotten",
        says: "a priest who returns has forgotten nextBal",
        section: "2.2",
        rule: "nextBal is kept in the ledger",
        creed: &ledgers::Forgets(Note::NextBal),
        scope: scope(3, 1, 2, 1),
        events: 3,
        contradiction: Some((scope(3, 2, 2, 1), 22)),
        nature: Nature::Heresy,
    },
    Heresy {
        name: "last-vote-on-wet-ink",
        says: "LastVote leaves before nextBal is dry",
        section: "2.3 (2)",
        rule: "nextBal in the ledger first, then LastVote",
        creed: &ledgers::WetInk(Note::NextBal),
        scope: scope(3, 1, 2, 1),
        events: 2,
        contradiction: Some((scope(3, 2, 2, 1), 21)),
        nature: Nature::Heresy,
    },
    Heresy {
        name: "stale-last-vote",
        says: "a LastVote of an earlier ballot counts for the present one",
        section: "2.3 (3)",
        rule: "LastVote(b, v) with b = lastTried",
        creed: &presidents::StaleLastVoteCounts,
        scope: scope(3, 2, 2, 0),
        events: 4,
        contradiction: Some((scope(3, 3, 2, 0), 22)),
        nature: Nature::Heresy,
    },
    Heresy {
        name: "stale-voted",
        says: "a Voted of an earlier ballot counts for the present one",
        section: "2.3 (5)",
        rule: "Voted(b, q) with b = lastTried",
        creed: &presidents::StaleVotedCounts,
        scope: scope(3, 2, 2, 0),
        events: 14,
        contradiction: None,
        nature: Nature::Heresy,
    },
    Heresy {
        name: "lowest-vote",
        says: "a president takes the decree of the lowest vote",
        section: "2.1 B3",
        rule: "the decree of the latest earlier vote of the quorum",
        creed: &presidents::LowestVote,
        scope: scope(3, 3, 2, 0),
        events: 20,
        contradiction: Some((scope(3, 3, 2, 0), 27)),
        nature: Nature::Heresy,
    },
    Heresy {
        name: "vote-without-raising",
        says: "a priest votes above his promise without raising it; any majority counts",
        section: "2.3 (4)",
        rule: "he votes only in the ballot nextBal",
        creed: &voters::VoteWithoutRaising,
        scope: scope(3, 1, 2, 0),
        events: 7,
        contradiction: Some((scope(3, 3, 2, 0), 27)),
        nature: Nature::Heresy,
    },
    Heresy {
        name: "first-vote-stays",
        says: "prevVote keeps the first vote",
        section: "2.3 (4)",
        rule: "prevVote := (b, d)",
        creed: &voters::FirstVoteStays,
        scope: scope(3, 2, 2, 0),
        events: 14,
        contradiction: None,
        nature: Nature::Heresy,
    },
    Heresy {
        name: "any-majority-counts",
        says: "BeginBallot goes to everyone, and any majority that votes is counted",
        section: "2.3 (5)",
        rule: "whoever votes in b had promised b, and any two majorities meet",
        creed: &presidents::AnyMajorityCounts,
        scope: scope(3, 3, 2, 0),
        events: 0,
        contradiction: None,
        nature: Nature::ControlByLedgers,
    },
    Heresy {
        name: "vote-and-raise",
        says: "a priest votes above his promise and raises it; BeginBallot goes to all",
        section: "2.3 (4)",
        rule: "to vote in b and promise b at once breaks no promise",
        creed: &voters::VoteAndRaise,
        scope: scope(3, 3, 2, 0),
        events: 0,
        contradiction: None,
        nature: Nature::Control,
    },
];

/// The creed of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Heresy> {
    ALL.iter().find(|heresy| heresy.name == name)
}
