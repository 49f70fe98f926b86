//! The three conditions on the set of ballots, and MaxVote. `[PTP §2.1]`
//!
//! B1, B2 and B3 together give consistency: two successful ballots have one decree (Theorem 1).
//! A priest keeps B3 by [`choice`] alone. The whole conditions are for callers that see all of B.

use std::collections::BTreeSet;

use crate::words::ballot::{Ballot, BallotNumber, Decree, Vote};
use crate::words::name::Name;

/// The largest of these votes, or the null vote. `[PTP §2.1]`
pub fn max_vote<'a>(votes: impl IntoIterator<Item = &'a Vote>) -> Option<&'a Vote> {
    votes.into_iter().max_by_key(|vote| vote.ballot)
}

/// The decree that B3 demands of a ballot whose quorum had cast these votes: that of the largest
/// vote, or `None` if all votes are null and the choice is free. `[PTP §2.3 (3)]`
pub fn choice<'a>(votes: impl IntoIterator<Item = &'a Vote>) -> Option<&'a Decree> {
    max_vote(votes).map(|vote| &vote.decree)
}

/// MaxVote(b, Q, B): the largest vote below ballot `below` cast by a member of `quorum`.
/// `[PTP §2.1]`
#[must_use]
pub fn max_vote_below<'a>(
    below: BallotNumber,
    quorum: &BTreeSet<Name>,
    ballots: &'a [Ballot],
) -> Option<&'a Ballot> {
    let voted_in = |ballot: &&Ballot| ballot.number < below && !ballot.voters.is_disjoint(quorum);
    ballots.iter().filter(voted_in).max_by_key(|ballot| ballot.number)
}

/// B1: every ballot has a number of its own. `[PTP §2.1]`
#[must_use]
pub fn b1(ballots: &[Ballot]) -> bool {
    let is_new = |(i, ballot): (usize, &Ballot)| {
        ballots[..i].iter().all(|earlier| earlier.number != ballot.number)
    };
    ballots.iter().enumerate().all(is_new)
}

/// B2: any two quorums have a priest in common. `[PTP §2.1]`
#[must_use]
pub fn b2(ballots: &[Ballot]) -> bool {
    let meets_all =
        |ballot: &Ballot| ballots.iter().all(|other| !ballot.quorum.is_disjoint(&other.quorum));
    ballots.iter().all(meets_all)
}

/// B3: each ballot's decree is that of the latest earlier ballot in which a member of its quorum
/// voted, if there is one. `[PTP §2.1]`
#[must_use]
pub fn b3(ballots: &[Ballot]) -> bool {
    ballots.iter().all(|ballot| {
        max_vote_below(ballot.number, &ballot.quorum, ballots)
            .is_none_or(|earlier| earlier.decree == ballot.decree)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> BTreeSet<Name> {
        text.split_whitespace().map(|name| name.parse().unwrap()).collect()
    }

    fn ballot(round: u64, decree: &str, quorum: &str, voters: &str) -> Ballot {
        let number = BallotNumber { round, owner: "A".parse().unwrap() };
        let decree = Decree::new(decree).unwrap();
        Ballot { number, decree, quorum: names(quorum), voters: names(voters) }
    }

    /// The Paxon manuscript. `[PTP Figure 1]`
    fn figure_1() -> Vec<Ballot> {
        vec![
            ballot(2, "α", "A B Γ Δ", "Δ"),
            ballot(5, "β", "A B Γ E", "Γ"),
            ballot(14, "α", "B Δ E", "B E"),
            ballot(27, "β", "A Γ Δ", "A Γ Δ"),
            ballot(29, "β", "B Γ Δ", "B"),
        ]
    }

    #[test]
    fn figure_1_keeps_all_three_conditions() {
        let ballots = figure_1();
        assert!(b1(&ballots) && b2(&ballots) && b3(&ballots));
        let successful: Vec<u64> =
            ballots.iter().filter(|b| b.is_successful()).map(|b| b.number.round).collect();
        assert_eq!(successful, [27]);
    }

    #[test]
    fn each_condition_sees_its_own_offence_in_figure_1() {
        let mut reused = figure_1();
        reused[1].number = reused[0].number;
        assert!(!b1(&reused));

        let mut apart = figure_1();
        apart[0].quorum = names("A");
        assert!(!b2(&apart));

        let mut unbound = figure_1();
        unbound[3].decree = Decree::new("α").unwrap();
        assert!(!b3(&unbound));
    }

    #[test]
    fn the_choice_is_free_only_without_votes() {
        let vote = |b: &Ballot, priest: &str| Vote {
            priest: priest.parse().unwrap(),
            ballot: b.number,
            decree: b.decree.clone(),
        };
        let ballots = figure_1();
        let (early, late) = (vote(&ballots[0], "Δ"), vote(&ballots[1], "Γ"));
        assert_eq!(choice([&late, &early]).unwrap().text(), "β");
        assert_eq!(choice([]), None);
    }
}
