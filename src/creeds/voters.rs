//! Heresies of voters: what they promise, and what their vote says. `[PTP §2.3 (2, 4, 6)]`

use super::creed::Creed;
use super::forgery::Forgery;
use super::presidents::{AnyMajorityCounts, begin_ballot_to_anyone};
use crate::synod::{Deed, Priest};
use crate::words::step::Guard;
use crate::words::{BallotNumber, Decree, Message, Name};

/// Votes in `ballot` as if he had promised just that, and then recalls his promise.
fn vote_regardless(
    priest: &mut Priest,
    ballot: BallotNumber,
    decree: Decree,
) -> Result<Deed, Guard> {
    let mut forgery = Forgery::of(priest);
    let promise = forgery.next_bal.replace(ballot);
    forgery.pass_off(priest);
    let deed = priest.receive_begin_ballot(ballot, decree);
    let mut forgery = Forgery::of(priest);
    forgery.next_bal = promise;
    forgery.pass_off(priest);
    deed
}

/// Promises as if he had promised nothing yet.
fn promise_regardless(priest: &mut Priest, ballot: BallotNumber) -> Result<Deed, Guard> {
    let mut forgery = Forgery::of(priest);
    forgery.next_bal = None;
    forgery.pass_off(priest);
    priest.receive_next_ballot(ballot)
}

/// Votes below a promise.
pub(crate) struct VoteBelowAPromise;

impl Creed for VoteBelowAPromise {
    fn receive_begin_ballot(
        &self,
        priest: &mut Priest,
        ballot: BallotNumber,
        decree: Decree,
    ) -> Result<Deed, Guard> {
        if priest.notes().next_bal() > Some(ballot) {
            vote_regardless(priest, ballot, decree)
        } else {
            priest.receive_begin_ballot(ballot, decree)
        }
    }
}

/// The president votes in his own ballot although he has promised a higher one.
pub(crate) struct PresidentPastHisPromise;

impl Creed for PresidentPastHisPromise {
    fn receive_begin_ballot(
        &self,
        priest: &mut Priest,
        ballot: BallotNumber,
        decree: Decree,
    ) -> Result<Deed, Guard> {
        if ballot.owner == priest.name() && priest.notes().next_bal() > Some(ballot) {
            vote_regardless(priest, ballot, decree)
        } else {
            priest.receive_begin_ballot(ballot, decree)
        }
    }
}

/// Votes at or above his promise without raising it; BeginBallot goes to all, and any majority
/// that votes is counted.
pub(crate) struct VoteWithoutRaising;

impl Creed for VoteWithoutRaising {
    fn send_begin_ballot(&self, priest: &Priest, to: Name) -> Result<Deed, Guard> {
        begin_ballot_to_anyone(priest, to)
    }
    fn receive_begin_ballot(
        &self,
        priest: &mut Priest,
        ballot: BallotNumber,
        decree: Decree,
    ) -> Result<Deed, Guard> {
        if priest.notes().next_bal() > Some(ballot) {
            return priest.receive_begin_ballot(ballot, decree);
        }
        // His promise is all he looks at; it does not know of his votes.
        let mut forgery = Forgery::of(priest);
        forgery.prev_vote = forgery.prev_vote.filter(|vote| vote.ballot <= ballot);
        forgery.pass_off(priest);
        vote_regardless(priest, ballot, decree)
    }
    fn receive_voted(
        &self,
        priest: &mut Priest,
        from: Name,
        ballot: BallotNumber,
    ) -> Result<Deed, Guard> {
        AnyMajorityCounts.receive_voted(priest, from, ballot)
    }
}

/// Control: votes in a ballot above his promise, and raises the promise to it; BeginBallot goes
/// to all.
pub(crate) struct VoteAndRaise;

impl Creed for VoteAndRaise {
    fn send_begin_ballot(&self, priest: &Priest, to: Name) -> Result<Deed, Guard> {
        begin_ballot_to_anyone(priest, to)
    }
    fn receive_begin_ballot(
        &self,
        priest: &mut Priest,
        ballot: BallotNumber,
        decree: Decree,
    ) -> Result<Deed, Guard> {
        let promise = match priest.receive_next_ballot(ballot) {
            Ok(promise) => promise,
            Err(_) => Deed::nothing(),
        };
        priest.receive_begin_ballot(ballot, decree).map(|vote| promise.then(vote))
    }
}

/// Ballot numbers whose integers are equal pass for equal, and b ≥ nextBal is enough.
pub(crate) struct EqualNumbersPass;

impl Creed for EqualNumbersPass {
    fn receive_next_ballot(
        &self,
        priest: &mut Priest,
        ballot: BallotNumber,
    ) -> Result<Deed, Guard> {
        match priest.notes().next_bal() {
            Some(next_bal) if next_bal.round == ballot.round && next_bal != ballot => {
                promise_regardless(priest, ballot)
            }
            _ => priest.receive_next_ballot(ballot),
        }
    }
}

/// An old NextBallot lowers nextBal.
pub(crate) struct OldNextBallotLowers;

impl Creed for OldNextBallotLowers {
    fn receive_next_ballot(
        &self,
        priest: &mut Priest,
        ballot: BallotNumber,
    ) -> Result<Deed, Guard> {
        if priest.notes().next_bal() > Some(ballot) {
            promise_regardless(priest, ballot)
        } else {
            priest.receive_next_ballot(ballot)
        }
    }
}

/// prevVote keeps the first vote.
pub(crate) struct FirstVoteStays;

impl Creed for FirstVoteStays {
    fn lets_bygones_be(&self, _letter: &Message) -> bool {
        true
    }
    fn receive_begin_ballot(
        &self,
        priest: &mut Priest,
        ballot: BallotNumber,
        decree: Decree,
    ) -> Result<Deed, Guard> {
        let first = priest.prev_vote().cloned();
        let deed = priest.receive_begin_ballot(ballot, decree)?;
        Ok(match first {
            None => deed,
            Some(first) => {
                // He tells of this vote, then turns back to the first.
                let told = deed.then(priest.send_voted().unwrap_or_default());
                let mut forgery = Forgery::of(priest);
                forgery.prev_vote = Some(first);
                forgery.pass_off(priest);
                told
            }
        })
    }
}

/// The vote is struck out once Success is known.
pub(crate) struct VoteStruckOut;

impl Creed for VoteStruckOut {
    fn receive_success(
        &self,
        priest: &mut Priest,
        from: Name,
        ballot: Option<BallotNumber>,
        decree: Decree,
    ) -> Result<Deed, Guard> {
        let deed = priest.receive_success(from, ballot, decree)?;
        let mut forgery = Forgery::of(priest);
        forgery.prev_vote = None;
        forgery.pass_off(priest);
        Ok(deed)
    }
}
