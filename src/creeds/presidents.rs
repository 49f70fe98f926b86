//! Heresies of presidents: whom they count, and what they put to the vote. `[PTP §2.3 (1, 3, 5)]`

use std::collections::BTreeSet;

use super::creed::{Creed, feign_every_voted};
use super::forgery::Forgery;
use crate::synod::notes::Poll;
use crate::synod::{Deed, Letter, Priest, Status};
use crate::words::step::Guard;
use crate::words::{BallotNumber, Decree, Message, Name, Vote};

/// Begins the ballot as if those who replied were a majority set, if `enough` says so; in the
/// next ballot he weighs everyone alike again.
fn poll_the_few(
    priest: &mut Priest,
    wish: &Decree,
    enough: impl Fn(usize, usize) -> bool,
) -> Result<Deed, Guard> {
    let mut forgery = Forgery::of(priest);
    let all = forgery.members.size();
    let few: BTreeSet<Name> =
        forgery.prev_votes().map(|votes| votes.keys().copied().collect()).unwrap_or_default();
    if !few.is_empty() && enough(few.len(), all) {
        forgery.overrate(&few);
        forgery.pass_off(priest);
    }
    priest.start_polling_majority_set(wish)
}

fn try_among_equals(priest: &mut Priest, ballot: BallotNumber) -> Result<Deed, Guard> {
    let mut forgery = Forgery::of(priest);
    forgery.rate_evenly();
    forgery.pass_off(priest);
    priest.try_new_ballot(ballot)
}

/// Any one LastVote is a quorum.
pub(crate) struct OneReplyIsAQuorum;

impl Creed for OneReplyIsAQuorum {
    fn try_new_ballot(&self, priest: &mut Priest, ballot: BallotNumber) -> Result<Deed, Guard> {
        try_among_equals(priest, ballot)
    }
    fn start_polling_majority_set(
        &self,
        priest: &mut Priest,
        wish: &Decree,
    ) -> Result<Deed, Guard> {
        poll_the_few(priest, wish, |_, _| true)
    }
}

/// Half of the priests count as a majority.
pub(crate) struct HalfIsAMajority;

impl Creed for HalfIsAMajority {
    fn try_new_ballot(&self, priest: &mut Priest, ballot: BallotNumber) -> Result<Deed, Guard> {
        try_among_equals(priest, ballot)
    }
    fn start_polling_majority_set(
        &self,
        priest: &mut Priest,
        wish: &Decree,
    ) -> Result<Deed, Guard> {
        poll_the_few(priest, wish, |few, all| 2 * few >= all)
    }
}

/// A LastVote that comes twice counts as two: he takes those who replied for a majority.
pub(crate) struct RepeatedLastVotesCount;

impl Creed for RepeatedLastVotesCount {
    fn try_new_ballot(&self, priest: &mut Priest, ballot: BallotNumber) -> Result<Deed, Guard> {
        try_among_equals(priest, ballot)
    }
    fn receive_last_vote(
        &self,
        priest: &mut Priest,
        from: Name,
        ballot: BallotNumber,
        vote: Option<Vote>,
    ) -> Result<Deed, Guard> {
        let heard = |status: &Status| match status {
            Status::Trying { prev_votes } => prev_votes.keys().copied().collect(),
            _ => BTreeSet::new(),
        };
        let before = heard(priest.status());
        let deed = priest.receive_last_vote(from, ballot, vote)?;
        if before.contains(&from) && 2 * (before.len() + 1) > priest.members().size() {
            let mut forgery = Forgery::of(priest);
            forgery.overrate(&before);
            forgery.pass_off(priest);
        }
        Ok(deed)
    }
}

/// Success at BeginBallot: he takes the votes for given.
pub(crate) struct SuccessAtBeginBallot;

impl Creed for SuccessAtBeginBallot {
    fn start_polling_majority_set(
        &self,
        priest: &mut Priest,
        wish: &Decree,
    ) -> Result<Deed, Guard> {
        priest.start_polling_majority_set(wish).map(|deed| feign_every_voted(priest, deed))
    }
}

/// Success after one Voted.
pub(crate) struct SuccessAfterOneVoted;

impl Creed for SuccessAfterOneVoted {
    fn receive_voted(
        &self,
        priest: &mut Priest,
        from: Name,
        ballot: BallotNumber,
    ) -> Result<Deed, Guard> {
        priest.receive_voted(from, ballot).map(|deed| feign_every_voted(priest, deed))
    }
}

/// A Voted that comes twice counts as two.
pub(crate) struct RepeatedVotedCounts;

impl Creed for RepeatedVotedCounts {
    fn receive_voted(
        &self,
        priest: &mut Priest,
        from: Name,
        ballot: BallotNumber,
    ) -> Result<Deed, Guard> {
        let repeated = matches!(priest.status(), Status::Polling(p) if p.voters().contains(&from));
        let deed = priest.receive_voted(from, ballot)?;
        let missing = match priest.status() {
            Status::Polling(poll) if repeated => {
                poll.quorum().difference(poll.voters()).next().copied()
            }
            _ => None,
        };
        let feigned = missing.map(|name| priest.receive_voted(name, ballot).unwrap_or_default());
        Ok(deed.then(feigned.unwrap_or_default()))
    }
}

/// Puts his own decree to the vote whatever the LastVotes say.
pub(crate) struct OwnDecree;

impl Creed for OwnDecree {
    fn lets_bygones_be(&self, _letter: &Message) -> bool {
        true
    }
    fn start_polling_majority_set(
        &self,
        priest: &mut Priest,
        wish: &Decree,
    ) -> Result<Deed, Guard> {
        let mut forgery = Forgery::of(priest);
        for vote in forgery.prev_votes().into_iter().flat_map(|votes| votes.values_mut()) {
            *vote = None;
        }
        forgery.pass_off(priest);
        priest.start_polling_majority_set(wish)
    }
}

/// Chooses the decree of the lowest vote.
pub(crate) struct LowestVote;

impl Creed for LowestVote {
    fn lets_bygones_be(&self, _letter: &Message) -> bool {
        true
    }
    fn start_polling_majority_set(
        &self,
        priest: &mut Priest,
        wish: &Decree,
    ) -> Result<Deed, Guard> {
        let mut forgery = Forgery::of(priest);
        if let Some(prev_votes) = forgery.prev_votes() {
            let lowest = prev_votes.values().flatten().map(|vote| vote.ballot).min();
            for vote in prev_votes.values_mut() {
                *vote = vote.take().filter(|vote| Some(vote.ballot) == lowest);
            }
        }
        forgery.pass_off(priest);
        priest.start_polling_majority_set(wish)
    }
}

/// Begins a ballot again with another decree while the first is being voted on.
pub(crate) struct SecondDecree;

impl Creed for SecondDecree {
    fn start_polling_majority_set(
        &self,
        priest: &mut Priest,
        wish: &Decree,
    ) -> Result<Deed, Guard> {
        let mut forgery = Forgery::of(priest);
        if let Some(poll) = forgery.poll().cloned() {
            let replies = poll.quorum().iter().map(|&name| (name, None)).collect();
            forgery.status = Status::Trying { prev_votes: replies };
            forgery.pass_off(priest);
        }
        priest.start_polling_majority_set(wish)
    }
}

/// Counts a LastVote of an earlier ballot of his for the present one.
pub(crate) struct StaleLastVoteCounts;

impl Creed for StaleLastVoteCounts {
    fn receive_last_vote(
        &self,
        priest: &mut Priest,
        from: Name,
        ballot: BallotNumber,
        vote: Option<Vote>,
    ) -> Result<Deed, Guard> {
        let present = priest.notes().last_tried().unwrap_or(ballot);
        priest.receive_last_vote(from, present, vote)
    }
}

/// Counts a Voted of an earlier ballot of his for the present one.
pub(crate) struct StaleVotedCounts;

impl Creed for StaleVotedCounts {
    fn lets_bygones_be(&self, letter: &Message) -> bool {
        !matches!(letter, Message::Voted { .. })
    }
    fn receive_voted(
        &self,
        priest: &mut Priest,
        from: Name,
        ballot: BallotNumber,
    ) -> Result<Deed, Guard> {
        priest.receive_voted(from, priest.notes().last_tried().unwrap_or(ballot))
    }
}

/// Control: BeginBallot goes to everyone, and any majority that votes is counted.
pub(crate) struct AnyMajorityCounts;

impl Creed for AnyMajorityCounts {
    fn send_begin_ballot(&self, priest: &Priest, to: Name) -> Result<Deed, Guard> {
        begin_ballot_to_anyone(priest, to)
    }
    fn receive_voted(
        &self,
        priest: &mut Priest,
        from: Name,
        ballot: BallotNumber,
    ) -> Result<Deed, Guard> {
        let mut forgery = Forgery::of(priest);
        if let (Some(poll), true) = (forgery.poll(), priest.notes().last_tried() == Some(ballot)) {
            let mut voters = poll.voters().clone();
            voters.insert(from);
            let settled = priest.members().is_majority(voters.iter().copied());
            let quorum = if settled { voters.clone() } else { &voters | poll.quorum() };
            if let Some(mut widened) = Poll::open(quorum, poll.decree().clone(), priest.members()) {
                for &voter in poll.voters() {
                    widened.hear(voter)?;
                }
                forgery.status = Status::Polling(widened);
                forgery.pass_off(priest);
            }
        }
        priest.receive_voted(from, ballot)
    }
}

/// Send BeginBallot to anyone, inside the quorum or not.
pub(super) fn begin_ballot_to_anyone(priest: &Priest, to: Name) -> Result<Deed, Guard> {
    priest.send_begin_ballot(to).or_else(|guard| {
        match (priest.status(), priest.notes().last_tried()) {
            (Status::Polling(poll), Some(ballot)) => {
                let (number, decree) = (crate::words::ballot::SYNODS_DECREE, poll.decree().clone());
                let message = Message::BeginBallot { ballot, number, decree };
                Ok(Deed::foreign(Vec::new(), Vec::new(), [Letter { to, message }], Vec::new()))
            }
            _ => Err(guard),
        }
    })
}
