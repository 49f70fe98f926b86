//! How much is proved of one priest, and whether his present ledger holds it.

use crate::records::evidence::{Claim, CrossedOut};
use crate::words::{BallotNumber, Decree, DecreeNumber, Entry, Name};

/// How much is proved of a priest.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Proved {
    /// The number of notes proved, including those that his ledger holds.
    pub notes: u64,
    /// The largest nextBal proved.
    pub promised: Option<BallotNumber>,
    /// The largest lastTried proved.
    pub tried: Option<BallotNumber>,
}

impl Proved {
    /// Notes a claim; returns the vote if it is one.
    pub(super) fn hear(&mut self, claim: &Claim) -> Option<Vote> {
        self.notes += 1;
        match claim {
            Claim::Promised(ballot) => self.promised = self.promised.max(Some(*ballot)),
            Claim::Tried(ballot) => self.tried = self.tried.max(Some(*ballot)),
            Claim::Voted { number, ballot, decree } => {
                return Some(Vote::of(*number, *ballot, decree.as_ref()));
            }
        }
        None
    }

    pub(super) fn join(&mut self, other: Proved) {
        self.notes += other.notes;
        self.promised = self.promised.max(other.promised);
        self.tried = self.tried.max(other.tried);
    }
}

/// A vote: its ballot, and a checksum of its decree's text to tell two decrees apart. The checksum
/// is `None` if the record does not name the decree.
#[derive(Clone, Copy)]
pub(super) struct Vote {
    number: DecreeNumber,
    pub ballot: BallotNumber,
    words: Option<u32>,
}

impl Vote {
    pub fn of(number: DecreeNumber, ballot: BallotNumber, decree: Option<&Decree>) -> Vote {
        let words = decree.map(|decree| crc32fast::hash(decree.text().as_bytes()));
        Vote { number, ballot, words }
    }
}

/// The facts about one priest so far.
#[derive(Default)]
pub(super) struct Priest {
    pub proved: Proved,
    /// The largest promise that only another's beginBallot row without a seal proves.
    pub begun_by_hand: Option<BallotNumber>,
    pub has_founding: bool,
    pub next_bal: Option<BallotNumber>,
    pub last_tried: Option<BallotNumber>,
    /// The votes in his ledger. Once all ledgers are read: the largest for each number, in order.
    votes: Vec<Vote>,
    crossed_out: CrossedOut,
    /// The votes in his archived ledgers.
    pub voted_before: Vec<Vote>,
}

impl Priest {
    /// Adds what was heard of him beside this; `is_his` if his own ledgers were heard there.
    pub fn join(&mut self, other: Priest, is_his: bool) {
        let (proved, begun_by_hand) = (self.proved, self.begun_by_hand);
        if is_his {
            *self = other;
            self.proved.join(proved);
            self.begun_by_hand = self.begun_by_hand.max(begun_by_hand);
        } else {
            self.proved.join(other.proved);
            self.begun_by_hand = begun_by_hand.max(other.begun_by_hand);
        }
    }

    /// Notes a row of his present ledger. False if a ledger with this row could not be opened.
    pub fn hear_his_own(&mut self, name: Name, entry: &Entry) -> bool {
        self.crossed_out.hear(entry);
        match entry {
            Entry::NextBal { ballot } => self.next_bal.replace(*ballot) <= Some(*ballot),
            Entry::LastTried { ballot } => {
                self.last_tried = self.last_tried.max(Some(*ballot));
                ballot.owner == name
            }
            Entry::BeginBallot { ballot, .. } => ballot.owner == name,
            Entry::PrevVote { number, ballot, decree } => {
                self.votes.push(Vote::of(*number, *ballot, Some(decree)));
                true
            }
            Entry::Outcome { .. } | Entry::Entered | Entry::Book(_) => true,
        }
    }

    /// Sorts his votes after all his ledgers are read. Returns whether his present ledger bears out
    /// those in the earlier ones, which are forgotten then: there is one for each decree.
    pub fn settle(&mut self) -> bool {
        self.votes.sort_by_key(|vote| (vote.number, std::cmp::Reverse(vote.ballot)));
        self.votes.dedup_by_key(|vote| vote.number);
        let before = std::mem::take(&mut self.voted_before);
        before.into_iter().all(|vote| self.bears_out(vote))
    }

    pub fn bears_out(&self, claimed: Vote) -> bool {
        if claimed.number <= self.crossed_out.through() {
            return true;
        }
        let found = self.votes.binary_search_by_key(&claimed.number, |vote| vote.number);
        found.is_ok_and(|at| {
            let held = self.votes[at];
            let same = claimed.words.is_none() || claimed.words == held.words;
            held.ballot > claimed.ballot || held.ballot == claimed.ballot && same
        })
    }
}
