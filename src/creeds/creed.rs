//! A creed: how one priest performs the actions of Appendix A1.

use std::collections::BTreeSet;

use crate::synod::{Deed, Priest, Status};
use crate::words::step::Guard;
use crate::words::{BallotNumber, Decree, Entry, Message, Name, Vote};

/// How a priest acts: one method per action of Appendix A1 on which somebody might err. Each is
/// by default the priest's own function, so that an empty creed is the paper's. `[PTP Appendix A1]`
///
/// A heresy substitutes one of these decisions. It bends nothing inside the priest: it tells him
/// what nobody said, or has a forgery written for him and lets the honest function run
/// on that.
///
/// # Errors
/// Every method hands on the guard that fails.
#[expect(clippy::missing_errors_doc, reason = "said once, above")]
pub trait Creed: Sync {
    /// **Try New Ballot.** `[PTP §2.3 (1)]`
    fn try_new_ballot(&self, priest: &mut Priest, ballot: BallotNumber) -> Result<Deed, Guard> {
        priest.try_new_ballot(ballot)
    }

    /// **Receive NextBallot(b).** `[PTP §2.3 (2)]`
    fn receive_next_ballot(
        &self,
        priest: &mut Priest,
        ballot: BallotNumber,
    ) -> Result<Deed, Guard> {
        priest.receive_next_ballot(ballot)
    }

    /// **Receive LastVote(b, v).** `[PTP §2.3 (3)]`
    fn receive_last_vote(
        &self,
        priest: &mut Priest,
        from: Name,
        ballot: BallotNumber,
        vote: Option<Vote>,
    ) -> Result<Deed, Guard> {
        priest.receive_last_vote(from, ballot, vote)
    }

    /// **Start Polling Majority Set Q.** `[PTP §2.3 (3)]`
    fn start_polling_majority_set(
        &self,
        priest: &mut Priest,
        wish: &Decree,
    ) -> Result<Deed, Guard> {
        priest.start_polling_majority_set(wish)
    }

    /// **Send BeginBallot.** `[PTP §2.3 (3)]`
    fn send_begin_ballot(&self, priest: &Priest, to: Name) -> Result<Deed, Guard> {
        priest.send_begin_ballot(to)
    }

    /// **Receive BeginBallot(b, d).** `[PTP §2.3 (4)]`
    fn receive_begin_ballot(
        &self,
        priest: &mut Priest,
        ballot: BallotNumber,
        decree: Decree,
    ) -> Result<Deed, Guard> {
        priest.receive_begin_ballot(ballot, decree)
    }

    /// **Receive Voted(b, q).** `[PTP §2.3 (5)]`
    fn receive_voted(
        &self,
        priest: &mut Priest,
        from: Name,
        ballot: BallotNumber,
    ) -> Result<Deed, Guard> {
        priest.receive_voted(from, ballot)
    }

    /// **Receive Success(d).** `[PTP §2.3 (6)]`
    fn receive_success(
        &self,
        priest: &mut Priest,
        from: Name,
        ballot: Option<BallotNumber>,
        decree: Decree,
    ) -> Result<Deed, Guard> {
        priest.receive_success(from, ballot, decree)
    }

    /// Whether a row of his ledger still stands when he returns to the Chamber. `[PTP §2.2]`
    fn remembers(&self, _row: &Entry) -> bool {
        true
    }

    /// Whether this letter, which has come too late to move a priest who keeps to the paper, comes
    /// too late forever under this creed too. A search may then forget the letter.
    fn lets_bygones_be(&self, _letter: &Message) -> bool {
        false
    }

    /// Whether his ledger says that this row is dry before it is. `[PTP §2.3]`
    fn takes_wet_ink_for_dry(&self, _row: &Entry) -> bool {
        false
    }
}

/// The paper's own creed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Orthodox;

impl Creed for Orthodox {
    fn lets_bygones_be(&self, _letter: &Message) -> bool {
        true
    }
}

/// Tells a president that all of his quorum have voted, even if some have not.
pub(super) fn feign_every_voted(priest: &mut Priest, deed: Deed) -> Deed {
    let quorum: BTreeSet<Name> = match priest.status() {
        Status::Polling(poll) => poll.quorum().clone(),
        _ => BTreeSet::new(),
    };
    let Some(ballot) = priest.notes().last_tried() else { return deed };
    quorum
        .into_iter()
        .fold(deed, |deed, name| deed.then(priest.receive_voted(name, ballot).unwrap_or_default()))
}

/// Whether `letter` comes too late to move this priest, now and ever after: notes only rise, and
/// no ballot is tried or begun twice. `[PTP §2.3]`
#[must_use]
pub fn is_bygone(priest: &Priest, letter: &Message) -> bool {
    let notes = priest.notes();
    let voted_in = priest.prev_vote().map(|vote| vote.ballot);
    match letter {
        Message::NextBallot { ballot, .. } => notes.next_bal() >= Some(*ballot),
        Message::BeginBallot { ballot, .. } => {
            notes.next_bal() > Some(*ballot) || voted_in >= Some(*ballot)
        }
        Message::LastVote { ballot, .. } => {
            let trying = matches!(priest.status(), Status::Trying { .. });
            notes.last_tried() > Some(*ballot) || (notes.last_tried() == Some(*ballot) && !trying)
        }
        Message::Voted { ballot, .. } => {
            let idle = *priest.status() == Status::Idle;
            notes.last_tried() > Some(*ballot) || (notes.last_tried() == Some(*ballot) && idle)
        }
        Message::Success { .. } => priest.outcome().is_some(),
        _ => false,
    }
}
