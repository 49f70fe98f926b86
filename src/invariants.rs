//! Checks the invariant I = I1 ∧ … ∧ I7, clause by clause. `[PTP Appendix A2]`
//!
//! Each function looks at B and one other thing, so that a caller who checks a whole world asks only
//! about what has changed. B is what the gods have seen: a ballot is in it once its president has
//! written it down, a vote once its ink is dry.

use std::fmt;

use serde::Serialize;

use crate::synod::conditions;
use crate::words::{Ballot, BallotNumber, Decree, Membership, Message, Name};

mod view;

pub use view::{Slip, View};

/// A rule that the gods check.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Serialize)]
#[expect(missing_docs, reason = "the paper's own labels")]
#[non_exhaustive]
pub enum Invariant {
    /// No two ledgers hold different decrees. `[PTP §1.1]`
    Consistency,
    I1,
    I2,
    I3,
    I4,
    I5,
    B1,
    B2,
    B3,
    /// Every quorum is a majority set, which I6 asks beside B1, B2 and B3.
    I6,
    I7,
    /// Two laws complete through one decree are one law. `[PTP §3.3.4]`
    Law,
    /// A petition counts once. Ours.
    Once,
    /// A decree passed before another was proposed has a lower number. `[PTP §3.2.1]`
    Order,
    /// Two citizens never hold one office at the same time. `[PTP §3.3.3]`
    Office,
    /// A later inquiry reveals no earlier law. `[PTP §3.3.4]`
    Inquiry,
}

impl Invariant {
    /// All rules: the Synod's, those of the law, and those of the Parliament alone.
    pub const ALL: [Invariant; 16] = [
        Invariant::Consistency,
        Invariant::B1,
        Invariant::B2,
        Invariant::B3,
        Invariant::I1,
        Invariant::I2,
        Invariant::I3,
        Invariant::I4,
        Invariant::I5,
        Invariant::I6,
        Invariant::I7,
        Invariant::Law,
        Invariant::Office,
        Invariant::Inquiry,
        Invariant::Once,
        Invariant::Order,
    ];

    /// The rules of the Synod. `[PTP §2, Appendix A2]`
    pub const OF_SYNOD: &[Invariant] = Invariant::ALL.split_at(11).0;

    /// The rules of a simulated Parliament, where citizens petition for changes of the law.
    pub const OF_LAW: &[Invariant] = Invariant::ALL.split_at(14).0;

    /// The rules of a Parliament whose states are searched. `[PTP §3]`
    pub const OF_PARLIAMENT: &[Invariant] = &[
        Invariant::Consistency,
        Invariant::B1,
        Invariant::B2,
        Invariant::B3,
        Invariant::I1,
        Invariant::I3,
        Invariant::I6,
        Invariant::I7,
        Invariant::Law,
        Invariant::Once,
        Invariant::Order,
    ];

    /// The rule in words.
    #[must_use]
    pub const fn says(self) -> &'static str {
        match self {
            Invariant::Consistency => "no two ledgers hold different decrees",
            Invariant::B1 => "every ballot has a number of its own",
            Invariant::B2 => "any two quorums have a priest in common",
            Invariant::B3 => "a ballot's decree is that of the latest earlier vote of its quorum",
            Invariant::I1 => "an outcome is the decree of a successful ballot",
            Invariant::I2 => {
                "a priest has tried every ballot he owns, and begun none he still tries"
            }
            Invariant::I3 => "prevVote is the priest's largest vote, and nextBal is no smaller",
            Invariant::I4 => "each reply on the slip is still true, and its promise still kept",
            Invariant::I5 => "the ballot on the slip is in B, and the votes on it were cast",
            Invariant::I6 => "every quorum is a majority set",
            Invariant::I7 => "every letter under way tells the truth",
            Invariant::Law => "laws complete through one decree are one law",
            Invariant::Once => "a petition counts once",
            Invariant::Order => "a decree passed before another was proposed has a lower number",
            Invariant::Office => "two citizens never hold one office at once",
            Invariant::Inquiry => "a later inquiry reveals no earlier law",
        }
    }

    /// Where the paper says it.
    #[must_use]
    pub const fn section(self) -> &'static str {
        match self {
            Invariant::Consistency => "1.1",
            Invariant::B1 | Invariant::B2 | Invariant::B3 => "2.1",
            Invariant::Law | Invariant::Inquiry => "3.3.4",
            Invariant::Once => "3.1",
            Invariant::Order => "3.2.1",
            Invariant::Office => "3.3.3",
            _ => "A2",
        }
    }
}

impl fmt::Display for Invariant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Invariant::Consistency => "consistency",
            Invariant::I1 => "I1",
            Invariant::I2 => "I2",
            Invariant::I3 => "I3",
            Invariant::I4 => "I4",
            Invariant::I5 => "I5",
            Invariant::I6 => "I6",
            Invariant::I7 => "I7",
            Invariant::Law => "one law",
            Invariant::Once => "once",
            Invariant::Order => "order",
            Invariant::Office => "one holder",
            Invariant::Inquiry => "no earlier law",
            Invariant::B1 => "B1",
            Invariant::B2 => "B2",
            Invariant::B3 => "B3",
        })
    }
}

/// A rule found broken, and by what.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Breach {
    /// The rule.
    pub rule: Invariant,
    /// The values that break it.
    pub why: String,
}

/// The breaches found so far.
#[derive(Default)]
struct Findings(Vec<Breach>);

impl Findings {
    fn demand(&mut self, rule: Invariant, holds: bool, why: impl FnOnce() -> String) {
        if !holds {
            self.0.push(Breach { rule, why: why() });
        }
    }
}

/// The ballot and decree of a vote, as text; “null” for none.
fn of_vote(vote: Option<(BallotNumber, &Decree)>) -> String {
    vote.map_or("null".into(), |(ballot, decree)| format!("{ballot} for “{decree}”"))
}

/// MaxVote(b, p, B): p's largest vote below b. `None` for `below` is b = ∞. `[PTP §2.1]`
fn max_vote(
    below: Option<BallotNumber>,
    priest: Name,
    ballots: &[Ballot],
) -> Option<(BallotNumber, &Decree)> {
    let of_his = |ballot: &&Ballot| ballot.voters.contains(&priest);
    let below = |ballot: &&Ballot| below.is_none_or(|below| ballot.number < below);
    let largest = ballots.iter().filter(of_his).filter(below).max_by_key(|ballot| ballot.number);
    largest.map(|ballot| (ballot.number, &ballot.decree))
}

/// The breaches of I1, I2, I3, I5 and one half of I4 (the replies report true votes) by a priest.
#[must_use]
pub fn of_priest(priest: &View<'_>, ballots: &[Ballot]) -> Vec<Breach> {
    let mut found = Findings::default();
    let name = priest.name;
    if let Some(decree) = priest.outcome.as_deref() {
        let passed = |ballot: &Ballot| ballot.is_successful() && ballot.decree == *decree;
        found.demand(Invariant::I1, ballots.iter().any(passed), || {
            format!("{name} has “{decree}” in his ledger, and no successful ballot has it")
        });
    }
    let trying = priest.slip.is_trying();
    for ballot in ballots.iter().filter(|ballot| ballot.number.owner == name) {
        let tried = priest
            .last_tried
            .is_some_and(|last| ballot.number < last || (ballot.number == last && !trying));
        found.demand(Invariant::I2, tried, || {
            let last = priest.last_tried.map_or("−∞".into(), |last| last.to_string());
            format!("ballot {} of {name} is begun, and his lastTried is {last}", ballot.number)
        });
    }
    found.demand(Invariant::I2, priest.last_tried.is_none_or(|last| last.owner == name), || {
        format!("lastTried of {name} belongs to another")
    });
    let prev = priest.prev_vote.as_ref().map(|vote| (vote.ballot, &vote.decree));
    let largest = max_vote(None, name, ballots);
    found.demand(Invariant::I3, prev == largest, || {
        let (prev, largest) = (of_vote(prev), of_vote(largest));
        format!("prevVote of {name} is {prev}, and his largest vote is {largest}")
    });
    let promised = prev.map(|(ballot, _)| ballot) <= priest.next_bal;
    found.demand(Invariant::I3, promised, || format!("nextBal of {name} is below his prevBal"));
    of_slip(priest, ballots, &mut found);
    found.0
}

/// Adds the breaches of I4 and I5 that one priest and B show.
fn of_slip(priest: &View<'_>, ballots: &[Ballot], found: &mut Findings) {
    let (name, Some(number)) = (priest.name, priest.last_tried) else { return };
    match &priest.slip {
        Slip::Blank => {}
        Slip::Trying(_) | Slip::TryingAll(_) => {
            for (from, vote) in priest.slip.prev_votes() {
                let told = vote.map(|vote| (vote.ballot, &vote.decree));
                let truth = max_vote(Some(number), from, ballots);
                found.demand(Invariant::I4, told == truth, || {
                    let (told, truth) = (of_vote(told), of_vote(truth));
                    format!("{name} has {from}'s vote below {number} as {told}, and it is {truth}")
                });
            }
        }
        Slip::Polling { quorum, voters, decree } => {
            let his = ballots.iter().find(|ballot| {
                ballot.number == number && ballot.decree == **decree && ballot.quorum == **quorum
            });
            found.demand(Invariant::I5, his.is_some(), || {
                format!("{name} polls on {number}, and no such ballot is in B")
            });
            let heard = his.is_none_or(|ballot| voters.is_subset(&ballot.voters));
            found.demand(Invariant::I5, heard, || {
                format!("{name} counts votes in {number} that were not cast")
            });
        }
    }
}

/// The breaches of the other half of I4: a priest who replied to `president` keeps his promise.
#[must_use]
pub fn of_promise(president: &View<'_>, replier: &View<'_>) -> Vec<Breach> {
    let mut found = Findings::default();
    if let Some(tried) = president.last_tried
        && president.slip.has_reply_of(replier.name)
    {
        found.demand(Invariant::I4, replier.next_bal >= Some(tried), || {
            let (president, replier) = (president.name, replier.name);
            format!("{president} holds {replier}'s promise of {tried}, and nextBal is below it")
        });
    }
    found.0
}

/// The breaches between two priests of the Synod: of I4's promises, either way, and of consistency.
pub(crate) fn of_pair(one: &View<'_>, other: &View<'_>) -> Vec<Breach> {
    let mut found = of_ledgers(one, other);
    found.extend(of_promise(one, other));
    found.extend(of_promise(other, one));
    found
}

/// The breach of consistency between two ledgers, if there is one.
#[must_use]
pub fn of_ledgers(one: &View<'_>, other: &View<'_>) -> Vec<Breach> {
    let mut found = Findings::default();
    if let (Some(decree), Some(rival)) = (&one.outcome, &other.outcome) {
        found.demand(Invariant::Consistency, decree == rival, || {
            let (one, other) = (one.name, other.name);
            format!("{one} has “{decree}” in his ledger, and {other} has “{rival}”")
        });
    }
    found.0
}

/// The breaches of I6: B1, B2, B3, and every quorum is a majority set.
#[must_use]
pub fn of_ballots(ballots: &[Ballot], members: &Membership) -> Vec<Breach> {
    let mut found = Findings::default();
    found.demand(Invariant::B1, conditions::b1(ballots), || {
        "two ballots have one number".to_string()
    });
    found.demand(Invariant::B2, conditions::b2(ballots), || {
        "two quorums have no priest in common".to_string()
    });
    let unbound = |ballot: &&Ballot| {
        conditions::max_vote_below(ballot.number, &ballot.quorum, ballots)
            .is_some_and(|earlier| earlier.decree != ballot.decree)
    };
    found.demand(Invariant::B3, conditions::b3(ballots), || {
        let number = ballots.iter().find(unbound).map(|ballot| ballot.number.to_string());
        format!("ballot {} is not for the decree B3 demands", number.unwrap_or_default())
    });
    for ballot in ballots {
        let majority = members.is_majority(ballot.quorum.iter().copied());
        found.demand(Invariant::I6, majority, || {
            format!("the quorum of {} is not a majority set", ballot.number)
        });
    }
    found.0
}

/// The breaches of I6 where members change: every member of a quorum has a vote. `[PTP §3.3.6]`
#[must_use]
pub fn of_quorums(ballots: &[Ballot], members: &Membership) -> Vec<Breach> {
    let mut found = Findings::default();
    for ballot in ballots {
        let stranger = ballot.quorum.iter().find(|&&name| !members.has(name));
        found.demand(Invariant::I6, stranger.is_none(), || {
            let name = stranger.map_or("nobody", |name| name.as_str());
            format!("{name} is in the quorum of {}, and has no vote", ballot.number)
        });
    }
    found.0
}

/// The breaches of I7 that a letter and B show.
///
/// **Departure:** for Success(d) the paper demands that some ledger holds d. Here Success may leave
/// while that ink dries, so the demand is that a successful ballot has d (Theorem 1).
#[must_use]
pub fn of_letter(from: Name, message: &Message, ballots: &[Ballot]) -> Vec<Breach> {
    let mut found = Findings::default();
    match message {
        Message::LastVote { ballot: number, vote, .. } => {
            let told = vote.as_ref().map(|(_, vote)| (vote.ballot, &vote.decree));
            let truth = max_vote(Some(*number), from, ballots);
            found.demand(Invariant::I7, told == truth, || {
                let (told, truth) = (of_vote(told), of_vote(truth));
                format!(
                    "LastVote {number} of {from} says {told}, and his largest vote below {number} is {truth}"
                )
            });
        }
        Message::BeginBallot { ballot: number, decree, .. } => {
            let begun = |ballot: &Ballot| ballot.number == *number && ballot.decree == *decree;
            found.demand(Invariant::I7, ballots.iter().any(begun), || {
                format!("BeginBallot {number} for “{decree}” is under way, and not in B")
            });
        }
        Message::Voted { ballot: number, .. } => {
            let voted = |ballot: &Ballot| ballot.number == *number && ballot.voters.contains(&from);
            found.demand(Invariant::I7, ballots.iter().any(voted), || {
                format!("Voted {number} of {from} is under way, and he has not voted there")
            });
        }
        Message::Success { decree, .. } => {
            let passed = |ballot: &Ballot| ballot.is_successful() && ballot.decree == *decree;
            found.demand(Invariant::I7, ballots.iter().any(passed), || {
                format!("Success “{decree}” is under way, and no successful ballot has it")
            });
        }
        _ => {}
    }
    found.0
}

/// The breaches of the rest of I7: a letter agrees with its sender's notes.
#[must_use]
pub fn of_sender(message: &Message, sender: &View<'_>) -> Vec<Breach> {
    let mut found = Findings::default();
    let name = sender.name;
    match message {
        Message::NextBallot { ballot, .. } => {
            let tried = Some(*ballot) <= sender.last_tried;
            found.demand(Invariant::I7, tried, || {
                format!("NextBallot {ballot} is under way, and lastTried of {name} is below it")
            });
        }
        Message::LastVote { ballot, .. } => {
            let kept = Some(*ballot) <= sender.next_bal;
            found.demand(Invariant::I7, kept, || {
                format!("LastVote {ballot} of {name} is under way, and his nextBal is below it")
            });
        }
        _ => {}
    }
    found.0
}
