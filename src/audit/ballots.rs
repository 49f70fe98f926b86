//! B, the set of all ballots of one decree number, as the gods see it; with majority, MaxVote and
//! B1 to B3 written here for the auditor alone. `[PTP §2.1]`

use std::collections::{BTreeMap, BTreeSet};

use super::fact::{Archive, Fact, Kind};
use super::members::Sitting;
use super::testimony::Testimony;
use crate::words::{BallotNumber, Name};

/// A ballot put together from the rows that speak of it.
#[derive(Debug)]
pub(super) struct Ballot<'a> {
    pub number: BallotNumber,
    /// The decree's text, by its id.
    pub decree: u32,
    /// The row that began it; without it nobody knows the quorum.
    pub begun: Option<&'a Fact>,
    pub quorum: Option<&'a BTreeSet<Name>>,
    pub voters: BTreeSet<Name>,
    /// The rows by which they voted, votes for another decree included.
    pub votes: Vec<&'a Fact>,
}

impl<'a> Ballot<'a> {
    /// The rows it was put together from, the one that began it first.
    pub fn rows(&self) -> impl Iterator<Item = &'a Fact> + '_ {
        self.begun.into_iter().chain(self.votes.iter().copied())
    }

    /// Every member of the quorum voted; where the quorum is unknown, a majority set did.
    pub fn is_successful(&self, sitting: &Sitting) -> bool {
        self.may_be_successful(&BTreeSet::new(), sitting)
    }

    /// It may have been successful, for all that can be told when nobody knows how these voted.
    pub fn may_be_successful(&self, silent: &BTreeSet<Name>, sitting: &Sitting) -> bool {
        let may_have_voted = |name| self.voters.contains(name) || silent.contains(name);
        match self.quorum {
            Some(quorum) => quorum.iter().all(may_have_voted),
            None => sitting.more_than_half(&(&self.voters | silent)),
        }
    }
}

/// Puts together the ballots of one number, in the order of their numbers.
pub(super) fn ballots<'a>(
    facts: &'a [Fact],
    archive: &'a Archive,
    ledgers: &[Testimony],
) -> Vec<Ballot<'a>> {
    let mut found: Vec<Ballot> = Vec::new();
    for fact in facts {
        let Some(number) = fact.ballot else { continue };
        // The rows stand in the order of ballots, so those of this number come last.
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

/// How one ballot stands with B1, B2 and B3 among the others; `None` where the quorum is unknown.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Conditions {
    /// The other ballot of the same number.
    pub b1: Option<usize>,
    /// The ballot whose quorum has no priest in common with this one's.
    pub b2: Option<usize>,
    /// The latest earlier ballot in which a member of the quorum voted.
    pub max_vote: Option<usize>,
    /// The earlier ballot that bound this one to its decree, if this one is for another.
    pub b3: Option<usize>,
}

/// B1, B2 and B3 of every ballot. The ballots stand in the order of their numbers. Of those who are
/// silent nobody knows how they voted.
pub(super) fn conditions(
    ballots: &[Ballot<'_>],
    sitting: &Sitting,
    silent: &BTreeSet<Name>,
) -> Vec<Conditions> {
    let is_majority: Vec<bool> = ballots
        .iter()
        .map(|ballot| ballot.quorum.is_some_and(|quorum| sitting.more_than_half(quorum)))
        .collect();
    // Each priest's latest vote below the ballot looked at: MaxVote, carried upward.
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
            // Two majority sets meet, so only a smaller quorum need be compared.
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

/// The first ballot for another decree after a majority set voted in one, and that one. Every quorum
/// has a member of the majority, so even if it is unknown, B3 bound it. `[PTP §2.1, Lemma]`
pub(super) fn against_a_majority(
    ballots: &[Ballot<'_>],
    sitting: &Sitting,
) -> Option<(usize, usize)> {
    let bound = ballots.iter().position(|ballot| sitting.more_than_half(&ballot.voters))?;
    let later = ballots.iter().skip(bound).position(|ballot| {
        ballot.number > ballots[bound].number && ballot.decree != ballots[bound].decree
    })?;
    Some((bound + later, bound))
}
