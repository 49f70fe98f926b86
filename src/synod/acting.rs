//! The acts that an initiator asks of a priest.
//!
//! An initiator says when something is done, and a priest what is done then. Between them lies this
//! seam, so that one hourglass serves everybody who acts as a priest.

use super::deed::Deed;
use super::priest::Priest;
use crate::words::Vote;
use crate::words::ballot::{BallotNumber, Decree};
use crate::words::name::Name;
use crate::words::step::Guard;

/// One who acts as a priest: each act with the letters that it enables, as one deed. `[PTP §2.3]`
///
/// # Errors
/// Every act returns the guard that fails; then nothing has changed.
#[expect(clippy::missing_errors_doc, reason = "said once, above")]
pub trait Acting {
    /// The priest: his notes, his slip, and the Synod in which he sits.
    fn priest(&self) -> &Priest;

    /// He loses his slip. `[PTP §2.2]`
    fn forget(&mut self);

    /// As [`Priest::try_ballot`].
    fn try_ballot(&mut self, ballot: BallotNumber) -> Result<Deed, Guard>;

    /// As [`Priest::answer_next_ballot`].
    fn answer_next_ballot(&mut self, ballot: BallotNumber) -> Result<Deed, Guard>;

    /// As [`Priest::receive_last_vote`].
    fn receive_last_vote(
        &mut self,
        from: Name,
        ballot: BallotNumber,
        vote: Option<Vote>,
    ) -> Result<Deed, Guard>;

    /// As [`Priest::begin_ballot`].
    fn begin_ballot(&mut self, wish: &Decree) -> Result<Deed, Guard>;

    /// As [`Priest::answer_begin_ballot`].
    fn answer_begin_ballot(&mut self, ballot: BallotNumber, decree: Decree) -> Result<Deed, Guard>;

    /// As [`Priest::receive_voted`].
    fn receive_voted(&mut self, from: Name, ballot: BallotNumber) -> Result<Deed, Guard>;

    /// As [`Priest::conclude`].
    fn conclude(&mut self) -> Result<Deed, Guard>;

    /// As [`Priest::receive_success`].
    fn receive_success(
        &mut self,
        from: Name,
        ballot: Option<BallotNumber>,
        decree: Decree,
    ) -> Result<Deed, Guard>;
}

impl Acting for Priest {
    fn priest(&self) -> &Priest {
        self
    }
    fn forget(&mut self) {
        self.forget();
    }
    fn try_ballot(&mut self, ballot: BallotNumber) -> Result<Deed, Guard> {
        self.try_ballot(ballot)
    }
    fn answer_next_ballot(&mut self, ballot: BallotNumber) -> Result<Deed, Guard> {
        self.answer_next_ballot(ballot)
    }
    fn receive_last_vote(
        &mut self,
        from: Name,
        ballot: BallotNumber,
        vote: Option<Vote>,
    ) -> Result<Deed, Guard> {
        self.receive_last_vote(from, ballot, vote)
    }
    fn begin_ballot(&mut self, wish: &Decree) -> Result<Deed, Guard> {
        self.begin_ballot(wish)
    }
    fn answer_begin_ballot(&mut self, ballot: BallotNumber, decree: Decree) -> Result<Deed, Guard> {
        self.answer_begin_ballot(ballot, decree)
    }
    fn receive_voted(&mut self, from: Name, ballot: BallotNumber) -> Result<Deed, Guard> {
        self.receive_voted(from, ballot)
    }
    fn conclude(&mut self) -> Result<Deed, Guard> {
        self.conclude()
    }
    fn receive_success(
        &mut self,
        from: Name,
        ballot: Option<BallotNumber>,
        decree: Decree,
    ) -> Result<Deed, Guard> {
        self.receive_success(from, ballot, decree)
    }
}
