//! The replies to NextBallot, many rows each, collected until they are whole. `[PTP §3.1]`

use std::collections::{BTreeMap, BTreeSet};

use crate::words::ballot::{DecreeNumber, Vote};
use crate::words::name::Name;
use crate::words::time::Minutes;

/// prevVotes for every decree number at once: who has replied, and with which votes.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct Replies {
    /// When they were asked for.
    pub asked_at: Minutes,
    /// The numbers asked for are those above this one.
    pub above: DecreeNumber,
    /// Who was asked in this ballot, so far.
    pub asked: BTreeSet<Name>,
    by_name: BTreeMap<Name, Reply>,
    /// Whose replies have grown since they were asked for, and are not whole.
    growing: BTreeSet<Name>,
}

/// One legislator's reply.
///
/// A messenger may lose, repeat or reorder its rows. A reply of which a row is missing says
/// nothing: the missing row may be the vote that binds (B3).
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

impl Replies {
    /// No replies yet.
    #[must_use]
    pub fn awaited(asked_at: Minutes, above: DecreeNumber) -> Replies {
        Replies {
            asked_at,
            above,
            asked: BTreeSet::new(),
            by_name: BTreeMap::new(),
            growing: BTreeSet::new(),
        }
    }

    /// Hears one row of a reply that speaks of `of` numbers. A row that gives another total begins
    /// another reply. `[PTP §2.3 (3)]`
    pub fn hear(&mut self, from: Name, vote: Option<(DecreeNumber, Vote)>, of: u64) {
        let blank = || Reply { of, votes: BTreeMap::new() };
        let reply = self.by_name.entry(from).or_insert_with(blank);
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

    /// Those whose reply is whole.
    pub fn whole(&self) -> impl Iterator<Item = Name> + '_ {
        self.by_name.iter().filter(|(_, reply)| reply.is_whole()).map(|(&name, _)| name)
    }

    /// Whether the reply of one of these has grown since it was last asked for, and is not whole.
    #[must_use]
    pub fn grow(&self, of: &BTreeSet<Name>) -> bool {
        !self.growing.is_disjoint(of)
    }

    /// Notes that these are asked again.
    pub fn ask_again(&mut self, now: Minutes) {
        self.asked_at = now;
        self.growing.clear();
    }

    /// The votes that members of this quorum reported, by decree number.
    #[must_use]
    pub fn votes_of(&self, quorum: &BTreeSet<Name>) -> BTreeMap<DecreeNumber, Vec<&Vote>> {
        let mut votes: BTreeMap<DecreeNumber, Vec<&Vote>> = BTreeMap::new();
        for (_, reply) in self.by_name.iter().filter(|(name, _)| quorum.contains(name)) {
            for (&number, vote) in &reply.votes {
                votes.entry(number).or_default().push(vote);
            }
        }
        votes
    }
}
