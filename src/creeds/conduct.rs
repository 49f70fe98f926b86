//! A priest's act at one event, by his creed.
//!
//! He does at once what a letter enables, replies included: a reply that may go later is one that
//! a messenger carries late, and one that may never go is one that is lost, so nothing is missed.
//! Two things he does when he pleases: to try a ballot, and to begin it.

use super::Creed;
use crate::synod::{Deed, Priest};
use crate::words::ballot::SYNODS_DECREE;
use crate::words::{BallotNumber, Decree, Guard, Message, Name};

/// Something that may happen to a priest.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Event {
    /// He tries a ballot.
    Try(BallotNumber),
    /// He begins the ballot he is trying, with this wish should the choice be free.
    Begin(Decree),
    /// He reads a letter.
    Read {
        /// Whose.
        from: Name,
        /// The message.
        message: Message,
    },
    /// He looks at his hourglass, and takes the chair. `[PTP §2.4]`
    Hourglass,
    /// He leaves the Chamber, loses his slip, and returns to his ledger. `[PTP §2.2]`
    Return,
}

/// His act at an event, by his creed.
///
/// # Errors
/// The guard that keeps him from doing anything; always for [`Event::Return`], which is no deed.
pub fn act(priest: &mut Priest, event: &Event, creed: &dyn Creed) -> Result<Deed, Guard> {
    match event.clone() {
        Event::Try(ballot) => {
            let tried = creed.try_new_ballot(priest, ballot)?;
            Ok(to_all(priest, tried, |priest, to| priest.send_next_ballot(to)))
        }
        Event::Begin(wish) => {
            let begun = creed.start_polling_majority_set(priest, &wish)?;
            let sent = to_all(priest, begun, |priest, to| creed.send_begin_ballot(priest, to));
            Ok(conclude(priest, sent))
        }
        Event::Return | Event::Hourglass => Err(Guard::NoUse),
        Event::Read { from, message } => match message {
            Message::NextBallot { ballot, .. } => {
                let promise = creed.receive_next_ballot(priest, ballot)?;
                Ok(promise.then(priest.send_last_vote()?))
            }
            Message::LastVote { ballot, vote, .. } => {
                creed.receive_last_vote(priest, from, ballot, vote.map(|(_, vote)| vote))
            }
            Message::BeginBallot { ballot, decree, .. } => {
                let vote = creed.receive_begin_ballot(priest, ballot, decree)?;
                Ok(vote.then(priest.send_voted()?))
            }
            Message::Voted { ballot, .. } => {
                let heard = creed.receive_voted(priest, from, ballot)?;
                Ok(conclude(priest, heard))
            }
            Message::Success { ballot, number: SYNODS_DECREE, decree } => {
                creed.receive_success(priest, from, ballot, decree)
            }
            _ => Err(Guard::NoUse),
        },
    }
}

/// Ends the ballot if the whole quorum has voted, and tells all others.
fn conclude(priest: &mut Priest, deed: Deed) -> Deed {
    match priest.succeed() {
        Ok(passed) => to_all(priest, deed.then(passed), |priest, to| {
            if to == priest.name() { Err(Guard::NothingToSend) } else { priest.send_success(to) }
        }),
        Err(_) => deed,
    }
}

/// One letter to each who may be sent one.
fn to_all(
    priest: &Priest,
    deed: Deed,
    send: impl Fn(&Priest, Name) -> Result<Deed, Guard>,
) -> Deed {
    let members = priest.members().clone();
    members.names().fold(deed, |deed, to| deed.then(send(priest, to).unwrap_or_default()))
}
