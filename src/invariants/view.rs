//! A priest as a clause sees him: the contents of his ledger and his slip, borrowed from their
//! owner.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::synod::notes::Poll;
use crate::synod::{Priest, Status};
use crate::words::{BallotNumber, Decree, Name, Vote};

/// The gods' view of one priest, for one decree number. `[PTP §2.2]`
#[derive(Clone, Debug)]
pub struct View<'a> {
    /// His name.
    pub name: Name,
    /// lastTried.
    pub last_tried: Option<BallotNumber>,
    /// nextBal.
    pub next_bal: Option<BallotNumber>,
    /// prevVote.
    pub prev_vote: Option<Cow<'a, Vote>>,
    /// The decree in his ledger.
    pub outcome: Option<Cow<'a, Decree>>,
    /// His slip of paper.
    pub slip: Slip<'a>,
}

/// The gods' view of a slip of paper: a borrowed [`Status`]. `[PTP §2.2]`
#[derive(Clone, Debug)]
pub enum Slip<'a> {
    /// He is neither trying nor polling.
    Blank,
    /// prevVotes: who has replied in ballot lastTried, and with which vote.
    Trying(Vec<(Name, Option<Cow<'a, Vote>>)>),
    /// His ballot lastTried.
    Polling {
        /// The priests who must vote.
        quorum: &'a BTreeSet<Name>,
        /// The priests whose votes have come.
        voters: &'a BTreeSet<Name>,
        /// The decree of the ballot.
        decree: Cow<'a, Decree>,
    },
}

impl<'a> View<'a> {
    /// A priest of the Synod.
    #[must_use]
    pub fn of(priest: &'a Priest) -> View<'a> {
        View {
            name: priest.name(),
            last_tried: priest.notes().last_tried(),
            next_bal: priest.notes().next_bal(),
            prev_vote: priest.prev_vote().map(Cow::Borrowed),
            outcome: priest.outcome().map(Cow::Borrowed),
            slip: priest.status().into(),
        }
    }

    /// His name and the decree in his ledger, to be kept: all that [`super::of_ledgers`] asks for.
    #[must_use]
    pub fn ledger_alone(&self) -> View<'static> {
        View {
            name: self.name,
            last_tried: None,
            next_bal: None,
            prev_vote: None,
            outcome: self.outcome.as_deref().cloned().map(Cow::Owned),
            slip: Slip::Blank,
        }
    }
}

impl<'a> From<&'a Status> for Slip<'a> {
    fn from(status: &'a Status) -> Slip<'a> {
        match status {
            Status::Idle => Slip::Blank,
            Status::Trying { prev_votes } => {
                let lent = prev_votes.iter();
                Slip::trying(lent.map(|(&from, vote)| (from, vote.as_ref())))
            }
            Status::Polling(poll) => poll.into(),
        }
    }
}

impl<'a> From<&'a Poll> for Slip<'a> {
    fn from(poll: &'a Poll) -> Slip<'a> {
        let decree = Cow::Borrowed(poll.decree());
        Slip::Polling { quorum: poll.quorum(), voters: poll.voters(), decree }
    }
}

impl<'a> Slip<'a> {
    /// Whether a reply of this priest stands on it.
    #[must_use]
    pub fn has_reply_of(&self, priest: Name) -> bool {
        matches!(self, Slip::Trying(replies) if replies.iter().any(|(from, _)| *from == priest))
    }

    /// The slip of one to whom these have replied, each with this vote.
    pub fn trying(replies: impl Iterator<Item = (Name, Option<&'a Vote>)>) -> Slip<'a> {
        Slip::Trying(replies.map(|(from, vote)| (from, vote.map(Cow::Borrowed))).collect())
    }
}
