//! A priest as a clause sees him: the contents of his ledger and his slip, borrowed from their
//! owner.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

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
    Trying(&'a BTreeMap<Name, Option<Vote>>),
    /// The same of a legislator, who tries his ballot for every number at once.
    TryingAll(Vec<(Name, Option<Cow<'a, Vote>>)>),
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

    /// A priest's two notes, which are the same for every number.
    #[must_use]
    pub fn of_notes(
        name: Name,
        last_tried: Option<BallotNumber>,
        next_bal: Option<BallotNumber>,
    ) -> View<'static> {
        View { name, last_tried, next_bal, prev_vote: None, outcome: None, slip: Slip::Blank }
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
            Status::Trying { prev_votes } => Slip::Trying(prev_votes),
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
        match self {
            Slip::Trying(replies) => replies.contains_key(&priest),
            Slip::TryingAll(replies) => replies.iter().any(|(from, _)| *from == priest),
            Slip::Blank | Slip::Polling { .. } => false,
        }
    }

    /// Whether he tries a ballot that he has not begun.
    #[must_use]
    pub fn is_trying(&self) -> bool {
        matches!(self, Slip::Trying(_) | Slip::TryingAll(_))
    }

    /// prevVotes: each priest who has replied, and the vote in his reply.
    pub fn prev_votes(&self) -> impl Iterator<Item = (Name, Option<&Vote>)> {
        let (of_one, of_all) = match self {
            Slip::Trying(replies) => (Some(*replies), None),
            Slip::TryingAll(replies) => (None, Some(replies)),
            Slip::Blank | Slip::Polling { .. } => (None, None),
        };
        let of_one = of_one.into_iter().flatten().map(|(&from, vote)| (from, vote.as_ref()));
        let of_all = of_all.into_iter().flatten().map(|(from, vote)| (*from, vote.as_deref()));
        of_one.chain(of_all)
    }

    /// The slip of a legislator to whom these have replied, each with this vote.
    pub fn trying_all(replies: impl Iterator<Item = (Name, Option<&'a Vote>)>) -> Slip<'a> {
        Slip::TryingAll(replies.map(|(from, vote)| (from, vote.map(Cow::Borrowed))).collect())
    }
}
