//! The rules for a legislator, for two of them, and for a letter. `[PTP §3, Appendix A2]`

use std::collections::BTreeSet;

use super::super::story::Ballots;
use super::conduct::Member;
use crate::invariants::{Breach, Invariant, of_letter};
use crate::parliament::OLIVE_DAY;
use crate::synod::Mortal;
use crate::words::{Ballot, Decree, DecreeNumber, Entry, Message, Name};

fn of_number(ballots: &Ballots, number: DecreeNumber) -> &[Ballot] {
    ballots.get(&number).map_or(&[], Vec::as_slice)
}

/// Whether a decree is important: any but the olive day. `[PTP §3.2.1]`
#[must_use]
pub fn is_important(decree: &Decree) -> bool {
    decree.text() != OLIVE_DAY
}

/// I1 and I3 of each number, and that a petition counts once: one legislator and B.
#[must_use]
pub fn of_member(member: &Member, ballots: &Ballots) -> Vec<Breach> {
    let mut found = Vec::new();
    let mut broken = |rule, why: String| found.push(Breach { rule, why });
    let name = member.mind.name();
    let mut counted = BTreeSet::new();
    for (number, decree) in member.outcomes() {
        let passed = |ballot: &Ballot| ballot.is_successful() && ballot.decree == *decree;
        if !of_number(ballots, number).iter().any(passed) {
            let why = format!(
                "{name} has decree {number} as “{decree}”, and no successful ballot has it"
            );
            broken(Invariant::I1, why);
        }
        let counts = member.mind.pages().counts(number);
        if let Some(id) = decree.petition()
            && counts
            && !counted.insert(id)
        {
            broken(
                Invariant::Once,
                format!("{name} counts petition {id} again as decree {number}"),
            );
        }
    }
    for (&number, ballots) in ballots {
        let his = ballots.iter().filter(|ballot| ballot.voters.contains(&name));
        let largest = his.max_by_key(|ballot| ballot.number).map(|b| (b.number, &b.decree));
        let prev = member.rows.iter().find_map(|row| match row {
            Entry::PrevVote { number: n, ballot, decree } if *n == number => {
                Some((*ballot, decree))
            }
            _ => None,
        });
        if prev != largest {
            let told = |vote: Option<(_, &Decree)>| {
                vote.map_or("null".into(), |(ballot, decree)| format!("{ballot} for “{decree}”"))
            };
            let (prev, largest) = (told(prev), told(largest));
            let why = format!(
                "prevVote of {name} on decree {number} is {prev}, and his largest vote {largest}"
            );
            broken(Invariant::I3, why);
        }
    }
    found
}

/// Consistency of two ledgers, and that two laws complete through one decree are one law.
#[must_use]
pub fn of_pair(one: &Member, other: &Member) -> Vec<Breach> {
    let mut found = Vec::new();
    let (name, rival) = (one.mind.name(), other.mind.name());
    for (number, decree) in one.outcomes() {
        let differs = |(n, theirs): &(DecreeNumber, &Decree)| *n == number && *theirs != decree;
        if let Some((_, theirs)) = other.outcomes().find(differs) {
            let why = format!("decree {number} is “{decree}” with {name}, “{theirs}” with {rival}");
            found.push(Breach { rule: Invariant::Consistency, why });
        }
    }
    let (mine, his) = (one.mind.pages(), other.mind.pages());
    for number in 1..=mine.complete_through().min(his.complete_through()) {
        if let (Some(a), Some(b)) = (mine.outcome(number), his.outcome(number))
            && (&a.decree, mine.counts(number)) != (&b.decree, his.counts(number))
        {
            let (a, b) = (&a.decree, &b.decree);
            let why = format!("to {name} decree {number} is “{a}”, and to {rival} “{b}”");
            found.push(Breach { rule: Invariant::Law, why });
        }
    }
    found
}

/// I7, as far as a letter and B can tell: of a LastVote, that the vote it reports was cast.
#[must_use]
pub fn of_letter_under_way(from: Name, message: &Message, ballots: &Ballots) -> Vec<Breach> {
    let number = match message {
        Message::LastVote { vote: Some((number, _)), .. }
        | Message::BeginBallot { number, .. }
        | Message::Voted { number, .. }
        | Message::Success { number, .. } => *number,
        _ => return Vec::new(),
    };
    of_letter(from, message, of_number(ballots, number))
}
