//! A legislator who has tried a ballot, and collects the replies, many rows each, until they are
//! whole.
//! `[PTP §3.1]`

use std::collections::{BTreeMap, BTreeSet};

use crate::synod::deed::Deed;
use crate::words::ballot::{BallotNumber, DecreeNumber, Vote};
use crate::words::message::Message;
use crate::words::name::Name;
use crate::words::time::{Minutes, REPLY};

/// A legislator who tries a ballot: prevVotes for every decree number at once, that is the names of
/// those who have replied, and their votes. `[PTP §2.3 (2), §3.1]`
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct Candidate {
    ballot: BallotNumber,
    asked_at: Minutes,
    above: DecreeNumber,
    asked: BTreeSet<Name>,
    replies: BTreeMap<Name, Reply>,
    /// Those whose replies have grown since he last asked, and are not whole.
    growing: BTreeSet<Name>,
}

/// One legislator's reply.
///
/// A messenger may lose, repeat or reorder its rows. A reply does not count while a row is missing:
/// the missing row may be the vote that binds (B3).
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
struct Reply {
    of: u64,
    votes: BTreeMap<DecreeNumber, Vote>,
}

impl Reply {
    fn is_whole(&self) -> bool {
        self.votes.len() as u64 == self.of
    }
}

impl Candidate {
    /// A candidate who tries this ballot for every number above `above`, and has not asked yet.
    #[must_use]
    pub fn new(ballot: BallotNumber, now: Minutes, above: DecreeNumber) -> Candidate {
        Candidate {
            ballot,
            asked_at: now,
            above,
            asked: BTreeSet::new(),
            replies: BTreeMap::new(),
            growing: BTreeSet::new(),
        }
    }

    /// The ballot that he tries: lastTried.
    #[must_use]
    pub fn ballot(&self) -> BallotNumber {
        self.ballot
    }

    /// When he last asked.
    #[must_use]
    pub fn asked_at(&self) -> Minutes {
        self.asked_at
    }

    /// He asks about the numbers above this one.
    #[must_use]
    pub fn above(&self) -> DecreeNumber {
        self.above
    }

    /// Everyone whom he has asked in this ballot so far.
    #[must_use]
    pub fn asked(&self) -> &BTreeSet<Name> {
        &self.asked
    }

    /// Asks those of these voters whom he has not asked in this ballot.
    pub(super) fn ask(&mut self, voters: BTreeSet<Name>, deed: &mut Deed) {
        for &to in voters.difference(&self.asked) {
            deed.send(to, self.next_ballot());
        }
        self.asked.extend(voters);
    }

    fn next_ballot(&self) -> Message {
        Message::NextBallot { ballot: self.ballot, complete_through: self.above }
    }

    /// Takes one row of a reply of `of` rows. A row that gives another total begins another reply.
    /// `[PTP §2.3 (3)]`
    pub(super) fn hear(&mut self, from: Name, vote: Option<(DecreeNumber, Vote)>, of: u64) {
        let blank = || Reply { of, votes: BTreeMap::new() };
        let reply = self.replies.entry(from).or_insert_with(blank);
        if reply.of != of {
            *reply = blank();
        }
        let had = reply.votes.len();
        reply.votes.extend(vote);
        if reply.is_whole() {
            self.growing.remove(&from);
        } else if reply.votes.len() > had {
            self.growing.insert(from);
        }
    }

    /// The legislators whose reply is whole.
    pub fn whole(&self) -> impl Iterator<Item = Name> + '_ {
        self.replies.iter().filter(|(_, reply)| reply.is_whole()).map(|(&name, _)| name)
    }

    /// The voters whose reply is whole, each with the vote on this number that he reported.
    pub fn votes_on(
        &self,
        number: DecreeNumber,
    ) -> impl Iterator<Item = (Name, Option<&Vote>)> + '_ {
        let whole = self.replies.iter().filter(|(_, reply)| reply.is_whole());
        whole.map(move |(&name, reply)| (name, reply.votes.get(&number)))
    }

    /// The voters whose reply is not whole.
    pub(super) fn silent(&self, voters: &BTreeSet<Name>) -> BTreeSet<Name> {
        let whole: BTreeSet<Name> = self.whole().collect();
        voters - &whole
    }

    /// Whether a reply of one of these has grown since he last asked, and is not whole.
    pub(super) fn grows(&self, of: &BTreeSet<Name>) -> bool {
        !self.growing.is_disjoint(of)
    }

    /// When his patience with the silent ends. `[PTP §2.4]`
    pub(super) fn hourglass(&self) -> Minutes {
        self.asked_at + REPLY
    }

    /// Asks again those voters whose reply is not whole.
    pub(super) fn ask_again(&mut self, now: Minutes, voters: &BTreeSet<Name>, deed: &mut Deed) {
        self.asked_at = now;
        self.growing.clear();
        for to in self.silent(voters) {
            deed.send(to, self.next_ballot());
        }
    }

    /// The votes that members of this quorum reported, by decree number.
    #[must_use]
    pub fn votes_of(&self, quorum: &BTreeSet<Name>) -> BTreeMap<DecreeNumber, Vec<&Vote>> {
        let mut votes: BTreeMap<DecreeNumber, Vec<&Vote>> = BTreeMap::new();
        for (_, reply) in self.replies.iter().filter(|(name, _)| quorum.contains(name)) {
            for (&number, vote) in &reply.votes {
                votes.entry(number).or_default().push(vote);
            }
        }
        votes
    }
}
