//! B, the set of all ballots of one decree number, as the gods see it. Majority, MaxVote and B1 to
//! B3 are written here again, for the auditor alone. `[PTP §2.1]`

use std::collections::{BTreeMap, BTreeSet};

use super::archive::Archive;
use super::fact::{Fact, Kind};
use super::members::Roll;
use super::testimony::Testimony;
use crate::words::{BallotNumber, Name};

/// A ballot, built from the rows about it.
#[derive(Debug)]
pub(super) struct Ballot<'a> {
    pub number: BallotNumber,
    /// The id of the decree's text.
    pub decree: u32,
    /// The row that began it; without it the quorum is unknown.
    pub begun: Option<&'a Fact>,
    pub quorum: Option<&'a BTreeSet<Name>>,
    pub voters: BTreeSet<Name>,
    /// The rows of the votes, including votes for another decree.
    pub votes: Vec<&'a Fact>,
}

impl<'a> Ballot<'a> {
    /// The rows about it, the one that began it first.
    pub fn rows(&self) -> impl Iterator<Item = &'a Fact> + '_ {
        self.begun.into_iter().chain(self.votes.iter().copied())
    }

    /// Whether every member of the quorum voted; if the quorum is unknown, whether a majority set
    /// did.
    pub fn is_successful(&self, roll: &Roll) -> bool {
        self.may_be_successful(&BTreeSet::new(), roll)
    }

    /// Whether it may have been successful, if the votes of `silent` are unknown.
    pub fn may_be_successful(&self, silent: &BTreeSet<Name>, roll: &Roll) -> bool {
        let may_have_voted = |name| self.voters.contains(name) || silent.contains(name);
        match self.quorum {
            Some(quorum) => quorum.iter().all(may_have_voted),
            None => roll.more_than_half(&(&self.voters | silent)),
        }
    }
}

/// Builds the ballots of one decree number, in the order of ballot numbers.
pub(super) fn ballots<'a>(
    facts: &'a [Fact],
    archive: &'a Archive,
    ledgers: &[Testimony],
) -> Vec<Ballot<'a>> {
    let mut found: Vec<Ballot> = Vec::new();
    for fact in facts {
        let Some(number) = archive.ballot(fact) else { continue };
        // The rows are in the order of ballots, so those of this ballot come last.
        let first = found.iter().rposition(|ballot| ballot.number != number).map_or(0, |i| i + 1);
        let same_decree = |ballot: &Ballot| ballot.decree == fact.decree;
        match fact.kind {
            Kind::Begun => {
                let quorum = Some(archive.quorum(fact));
                if !found[first..].iter().any(|b| same_decree(b) && b.quorum == quorum) {
                    found.push(Ballot { begun: Some(fact), quorum, ..unknown(number, fact) });
                }
            }
            Kind::Vote => {
                let exact = found[first..].iter().position(same_decree);
                let i = first + exact.unwrap_or_default();
                if i == found.len() {
                    found.push(unknown(number, fact));
                }
                found[i].voters.insert(ledgers[fact.ledger as usize].owner);
                found[i].votes.push(fact);
            }
            Kind::Outcome => {}
        }
    }
    found
}

fn unknown<'a>(number: BallotNumber, fact: &Fact) -> Ballot<'a> {
    Ballot {
        number,
        decree: fact.decree,
        begun: None,
        quorum: None,
        voters: BTreeSet::new(),
        votes: Vec::new(),
    }
}

/// The other ballots with which one ballot breaks B1, B2 and B3, by index.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Conditions {
    /// Another ballot of the same number.
    pub b1: Option<usize>,
    /// A ballot whose quorum has no priest in common with this one's.
    pub b2: Option<usize>,
    /// The latest earlier ballot in which a member of the quorum voted; this breaks nothing.
    pub max_vote: Option<usize>,
    /// The earlier ballot that fixed this one's decree by B3, if this one has another decree.
    pub b3: Option<usize>,
}

/// Checks B1, B2 and B3 for every ballot. The ballots are in the order of their numbers. The votes
/// of `silent` are unknown.
pub(super) fn conditions(
    ballots: &[Ballot<'_>],
    roll: &Roll,
    silent: &BTreeSet<Name>,
) -> Vec<Conditions> {
    let is_majority: Vec<bool> = ballots
        .iter()
        .map(|ballot| ballot.quorum.is_some_and(|quorum| roll.more_than_half(quorum)))
        .collect();
    // Each priest's latest vote below the present ballot, for MaxVote.
    let mut latest: BTreeMap<Name, usize> = BTreeMap::new();
    let mut counted = 0;
    let mut found = Vec::with_capacity(ballots.len());
    for (i, ballot) in ballots.iter().enumerate() {
        while ballots[counted].number < ballot.number {
            latest.extend(ballots[counted].voters.iter().map(|&name| (name, counted)));
            counted += 1;
        }
        let beside = |j: &usize| ballots.get(*j).is_some_and(|b| b.number == ballot.number);
        let b1 = i.checked_sub(1).filter(beside).or_else(|| Some(i + 1).filter(beside));
        let quorum = ballot.quorum;
        let b2 = quorum.and_then(|quorum| {
            // Two majority sets always meet, so only smaller quorums are compared.
            (0..ballots.len())
                .filter(|&j| !(is_majority[i] && is_majority[j]))
                .find(|&j| ballots[j].quorum.is_some_and(|other| quorum.is_disjoint(other)))
        });
        let max_vote =
            quorum.and_then(|quorum| quorum.iter().filter_map(|name| latest.get(name)).max());
        let is_known = quorum.is_some_and(|quorum| quorum.is_disjoint(silent));
        let b3 = max_vote.filter(|&&j| is_known && ballots[j].decree != ballot.decree);
        found.push(Conditions { b1, b2, max_vote: max_vote.copied(), b3: b3.copied() });
    }
    found
}

/// The first ballot for another decree after a ballot in which a majority set voted, and that
/// ballot. Every quorum has a member of the majority. So B3 fixed the decree even if the quorum is
/// unknown. `[PTP §2.1, Lemma]`
pub(super) fn against_a_majority(ballots: &[Ballot<'_>], roll: &Roll) -> Option<(usize, usize)> {
    let bound = ballots.iter().position(|ballot| roll.more_than_half(&ballot.voters))?;
    let later = ballots.iter().skip(bound).position(|ballot| {
        ballot.number > ballots[bound].number && ballot.decree != ballots[bound].decree
    })?;
    Some((bound + later, bound))
}
