//! Why a priest did what he did: each step with its guard's real values and its section.

use std::collections::BTreeSet;
use std::fmt;

use serde::Serialize;

use super::ballot::{BallotNumber, Decree, DecreeNumber, Vote};
pub use super::guard::Guard;
use super::guard::{OrMinusInfinity, Set};
use super::message::Kind;
use super::name::Name;
use super::shown::counted;
use super::time::Minutes;

/// One step of one priest, with all that is needed to check it against the paper.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// The priest.
    pub priest: Name,
    /// His act.
    pub act: Act,
}

/// An act of a priest, with the values that allowed it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(tag = "act", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[expect(missing_docs, reason = "the fields are the paper's words for the same things")]
#[non_exhaustive]
pub enum Act {
    /// Presides in the Synod: he has heard no higher name for T, or there is no higher name.
    Presides { silent_for: Option<Minutes> },
    /// Takes the chair of the Parliament, that is, tries a ballot: as above, or because the higher
    /// name is far behind. He presides when a majority has answered.
    TakesChair {
        silent_for: Option<Minutes>,
        #[serde(skip_serializing_if = "Option::is_none")]
        far_behind: Option<Name>,
    },
    /// Presides in the Parliament: a majority set has answered, for every number open to him.
    PresidesIn { ballot: BallotNumber, quorum: BTreeSet<Name> },
    /// Gives up his office, because he has heard a higher name.
    StandsDown { heard: Name },
    /// Waits a little, because another president is at work. Ours.
    StandsAside { rival: BallotNumber, until: Minutes },
    /// Sends his name to all.
    SendsName,
    /// Step 1.
    Tries { ballot: BallotNumber, last_tried: Option<BallotNumber> },
    /// Step 2.
    Promises { ballot: BallotNumber, next_bal: Option<BallotNumber>, vote: Option<Vote> },
    /// Step 3, a reply.
    HearsLastVote { ballot: BallotNumber, from: Name, vote: Option<Vote>, weight: u64, of: u64 },
    /// Step 3, with a majority.
    Begins {
        ballot: BallotNumber,
        number: DecreeNumber,
        #[serde(flatten)]
        decree: Decree,
        quorum: BTreeSet<Name>,
        bound_by: Option<Vote>,
    },
    /// Step 4.
    Votes {
        ballot: BallotNumber,
        number: DecreeNumber,
        #[serde(flatten)]
        decree: Decree,
    },
    /// Step 5, a vote heard.
    HearsVoted { ballot: BallotNumber, number: DecreeNumber, from: Name, missing: BTreeSet<Name> },
    /// Step 5, the whole quorum.
    Passes {
        ballot: BallotNumber,
        number: DecreeNumber,
        #[serde(flatten)]
        decree: Decree,
        inked_before: bool,
    },
    /// Step 6.
    Learns {
        number: DecreeNumber,
        #[serde(flatten)]
        decree: Decree,
        from: Name,
    },
    /// Step 2 for every decree number at once; `votes` is the number of votes in the reply.
    PromisesAll {
        ballot: BallotNumber,
        next_bal: Option<BallotNumber>,
        above: DecreeNumber,
        votes: u64,
    },
    /// Holds a decree back, because the law for its number is not known yet.
    HeldBack { number: DecreeNumber, alpha: u64 },
    /// Gives a petition no number, because it is not admissible. Ours.
    Declines {
        #[serde(flatten)]
        decree: Decree,
        why: String,
    },
    /// Hands a petition on to the president.
    Forwards {
        #[serde(flatten)]
        decree: Decree,
        to: Name,
    },
    /// Asks for decrees he lacks.
    Inquires { above: DecreeNumber, through: DecreeNumber, of: Name },
    /// Asks again, because only a part of the answers has come. Ours.
    AsksAgain { ballot: BallotNumber, silent: BTreeSet<Name> },
    /// Has copied every row of another's law book.
    Copies { through: DecreeNumber, from: Name },
    /// Tells a decree to a priest who lacks it.
    Tells { number: DecreeNumber, to: Name },
    /// Tells the owner of a stale ballot his nextBal.
    Refuses { message: Kind, from: Name, ballot: BallotNumber, next_bal: BallotNumber },
    /// Learns that his ballot is stale.
    IsRefused { ballot: BallotNumber, from: Name, next_bal: BallotNumber },
    /// Gives a ballot up after the time for replies.
    WaitedInVain { ballot: BallotNumber, waited: Minutes, silent: BTreeSet<Name> },
    /// Does nothing, because a guard fails.
    Ignores { message: Kind, from: Name, ballot: Option<BallotNumber>, guard: Guard },
    /// Cannot go on trying: the integers of ballot numbers are used up.
    OutOfNumbers { last: BallotNumber },
    /// Finds a number in his ledger to which no honest chamber counts. Ours.
    CountsFar { largest: BallotNumber },
}

impl Act {
    /// The paper's section on this act; `None` if the act is ours.
    #[must_use]
    pub const fn section(&self) -> Option<&'static str> {
        Some(match self {
            Act::Tries { .. } => "2.3 (1)",
            Act::Promises { .. } => "2.3 (2)",
            Act::HearsLastVote { .. } | Act::Begins { .. } => "2.3 (3)",
            Act::Votes { .. } => "2.3 (4)",
            Act::HearsVoted { .. } | Act::Passes { .. } => "2.3 (5)",
            Act::Learns { .. } => "2.3 (6)",
            Act::TakesChair { far_behind: Some(_), .. } => "3.3.1",
            Act::Presides { .. }
            | Act::TakesChair { .. }
            | Act::StandsDown { .. }
            | Act::SendsName
            | Act::Refuses { .. }
            | Act::IsRefused { .. }
            | Act::WaitedInVain { .. } => "2.4",
            Act::Tells { .. } => "2.3 (5)",
            Act::PresidesIn { .. }
            | Act::PromisesAll { .. }
            | Act::Inquires { .. }
            | Act::Forwards { .. } => "3.1",
            Act::Copies { .. } => "3.3.2",
            Act::HeldBack { .. } => "3.3.6",
            Act::OutOfNumbers { .. } => "2.2",
            Act::StandsAside { .. }
            | Act::AsksAgain { .. }
            | Act::Declines { .. }
            | Act::CountsFar { .. } => return None,
            Act::Ignores { message, .. } => match message {
                Kind::NextBallot => "2.3 (2)",
                Kind::LastVote => "2.3 (3)",
                Kind::BeginBallot => "2.3 (4)",
                Kind::Voted => "2.3 (5)",
                Kind::Success => "2.3 (6)",
                Kind::Refused | Kind::Failed | Kind::Presence => "2.4",
                Kind::Petition | Kind::Inquiry => "3.1",
                Kind::LawBook => "3.3.2",
            },
        })
    }

    /// Whether this act concerns the choice of the president or his powers, which is rare and
    /// important; or says that consistency is broken, which never happens with honest ledgers.
    #[must_use]
    pub const fn concerns_office(&self) -> bool {
        matches!(
            self,
            Act::Presides { .. }
                | Act::TakesChair { .. }
                | Act::PresidesIn { .. }
                | Act::StandsDown { .. }
                | Act::StandsAside { .. }
                | Act::Tries { .. }
                | Act::WaitedInVain { .. }
                | Act::HeldBack { .. }
                | Act::Declines { .. }
                | Act::OutOfNumbers { .. }
                | Act::Ignores { guard: Guard::Contradicts { .. }, .. }
                | Act::CountsFar { .. }
        )
    }

    /// Whether he ignores a message.
    #[must_use]
    pub const fn is_ignoring(&self) -> bool {
        matches!(self, Act::Ignores { .. })
    }
}

/// How long no higher name was heard; `None` if there is no higher name.
struct Silence(Option<Minutes>);

impl fmt::Display for Silence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(t) => write!(f, "has heard no higher name for {t} min"),
            None => f.write_str("no name stands above his"),
        }
    }
}

/// The vote a LastVote reports.
struct Reported<'a>(&'a Option<Vote>);

impl fmt::Display for Reported<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(vote) => write!(f, "{} for “{}”", vote.ballot, vote.decree),
            None => f.write_str("null"),
        }
    }
}

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Act::Presides { silent_for } => write!(f, "presides: {}", Silence(*silent_for)),
            Act::TakesChair { far_behind: Some(name), .. } => {
                write!(f, "takes the chair: {name}, who stands above him, is far behind")
            }
            Act::TakesChair { silent_for, far_behind: None } => {
                write!(f, "takes the chair: {}", Silence(*silent_for))
            }
            Act::PresidesIn { ballot, quorum } => {
                write!(f, "presides in {ballot}: {} is a majority", Set(quorum))
            }
            Act::StandsDown { heard } => write!(f, "presides no longer: has heard {heard}"),
            Act::StandsAside { rival, until } => {
                write!(f, "stands aside until {until} min: ballot {rival} is under way")
            }
            Act::SendsName => f.write_str("sends his name to all"),
            Act::Tries { ballot, last_tried } => {
                write!(f, "tries {ballot}: {ballot} > lastTried {}", OrMinusInfinity(*last_tried))
            }
            Act::Promises { ballot, next_bal, vote } => write!(
                f,
                "promises {ballot}: {ballot} > nextBal {}; prevVote {}",
                OrMinusInfinity(*next_bal),
                Reported(vote)
            ),
            Act::HearsLastVote { ballot, from, vote, weight, of } => write!(
                f,
                "hears LastVote {ballot} from {from}, vote {}; has {weight} of {of}",
                Reported(vote)
            ),
            Act::Begins { ballot, decree, quorum, bound_by, .. } => {
                write!(f, "begins {ballot} for “{decree}”: {} is a majority, ", Set(quorum))?;
                match bound_by {
                    None => f.write_str("all votes null, the choice is free"),
                    Some(vote) => write!(
                        f,
                        "its largest vote is {}'s in {}, B3 binds",
                        vote.priest, vote.ballot
                    ),
                }
            }
            Act::Votes { ballot, decree, .. } => {
                write!(f, "votes in {ballot} for “{decree}”: {ballot} = nextBal")
            }
            Act::HearsVoted { ballot, from, missing, .. } if missing.is_empty() => {
                write!(f, "hears Voted {ballot} from {from}; the quorum is complete")
            }
            Act::HearsVoted { ballot, from, missing, .. } => {
                write!(f, "hears Voted {ballot} from {from}; awaits {}", Set(missing))
            }
            Act::Passes { ballot, number, decree, inked_before } => {
                let ledger =
                    if *inked_before { "stands in his ledger" } else { "goes into his ledger" };
                write!(
                    f,
                    "passes {ballot}: the whole quorum has voted; decree {number} {ledger}: “{decree}”"
                )
            }
            Act::Learns { number, decree, from } => {
                write!(f, "learns of decree {number} from {from}: “{decree}”")
            }
            Act::PromisesAll { ballot, next_bal, above, votes } => write!(
                f,
                "promises {ballot} for every number above {above}: {ballot} > nextBal {}; \
                 reports {}",
                OrMinusInfinity(*next_bal),
                counted(*votes, "vote")
            ),
            Act::HeldBack { number, alpha } => {
                write!(f, "holds decree {number} back until {number} − {alpha} is known")
            }
            Act::Declines { decree, why } => write!(f, "does not propose “{decree}”: {why}"),
            Act::Forwards { decree, to } => write!(f, "hands “{decree}” on to {to}"),
            Act::Inquires { above, through, of } => {
                write!(f, "asks {of} for the decrees above {above}, through {through}")
            }
            Act::AsksAgain { ballot, silent } => {
                write!(f, "asks {} again in {ballot}", Set(silent))
            }
            Act::Tells { number, to } => write!(f, "tells {to}, who lacks it, of decree {number}"),
            Act::Copies { through, from } => {
                write!(f, "copies {from}'s law book, complete through decree {through}")
            }
            Act::Refuses { message, from, ballot, next_bal } => {
                write!(f, "refuses {message} {ballot} of {from}: {ballot} < nextBal {next_bal}")
            }
            Act::IsRefused { ballot, from, next_bal } => {
                write!(f, "is refused in {ballot} by {from}: his nextBal is {next_bal}")
            }
            Act::WaitedInVain { ballot, waited, silent } => {
                write!(f, "has waited {waited} min in {ballot}; silent: {}", Set(silent))
            }
            Act::Ignores { message, from, ballot: Some(ballot), guard } => {
                write!(f, "ignores {message} {ballot} of {from}: {guard}")
            }
            Act::Ignores { message, from, ballot: None, guard } => {
                write!(f, "ignores {message} of {from}: {guard}")
            }
            Act::OutOfNumbers { last } => {
                write!(
                    f,
                    "can try no ballot above {last}: the integers are used up. Where that holds of a \
                     majority, no ballot is left to anyone: found a new chamber, and pass the law of \
                     this one there"
                )
            }
            Act::CountsFar { largest } => write!(
                f,
                "has {largest} in his ledger, and no honest chamber counts so far: a row by hand, or \
                 one that was damaged, said so. He must keep the promise: do not lower the number. \
                 Leave him out with --absent while the others are a majority, and by decree seat \
                 another in his place"
            ),
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.priest, self.act)
    }
}
