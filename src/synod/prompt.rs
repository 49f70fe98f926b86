//! A prompt priest: an action and the letters it enables, as one deed. `[PTP §2.3]`
//!
//! In Appendix A1 reading a letter and answering it are two actions, since a priest may take his
//! time. If a program called them one by one, an answer could leave although its row was never
//! inked. So a program that drives a [`Priest`] gets both as one [`Deed`], and the actions that send
//! letters resting on a note are private to this crate.

use super::deed::Deed;
use super::priest::Priest;
use crate::words::ballot::SYNODS_DECREE;
use crate::words::ballot::{BallotNumber, Decree};
use crate::words::message::Message;
use crate::words::name::Name;
use crate::words::step::Guard;

impl Priest {
    /// Tries `ballot` and sends NextBallot (*prepare*) to every priest, himself included.
    /// `[PTP §2.3 (1)]`
    ///
    /// # Errors
    /// The guard that fails: the ballot is not his, or not above lastTried.
    #[doc(alias = "prepare")]
    pub fn try_ballot(&mut self, ballot: BallotNumber) -> Result<Deed, Guard> {
        let tried = self.try_new_ballot(ballot)?;
        Ok(self.to_each(tried, |priest, to| priest.send_next_ballot(to)))
    }

    /// Promises `ballot` and answers its owner with LastVote (*promise*). `[PTP §2.3 (2)]`
    ///
    /// # Errors
    /// The guard that fails: the ballot is not above nextBal.
    #[doc(alias = "promise")]
    pub fn answer_next_ballot(&mut self, ballot: BallotNumber) -> Result<Deed, Guard> {
        let promise = self.receive_next_ballot(ballot)?;
        Ok(promise.then(self.send_last_vote()?))
    }

    /// Begins the ballot with all who have replied, and sends BeginBallot (*accept*) to each of
    /// them. The decree is the one that B3 demands, or `wish` where B3 leaves the choice free.
    /// `[PTP §2.3 (3)]`
    ///
    /// # Errors
    /// The guard that fails: he is not trying, or too few have replied.
    #[doc(alias = "accept")]
    pub fn begin_ballot(&mut self, wish: &Decree) -> Result<Deed, Guard> {
        let begun = self.start_polling_majority_set(wish)?;
        Ok(self.to_each(begun, |priest, to| priest.send_begin_ballot(to)))
    }

    /// Votes in `ballot` for `decree`, and sends Voted (*accepted*) to its owner. `[PTP §2.3 (4)]`
    ///
    /// # Errors
    /// The guard that fails: the ballot is not nextBal, or he has voted in it.
    #[doc(alias = "accepted")]
    pub fn answer_begin_ballot(
        &mut self,
        ballot: BallotNumber,
        decree: Decree,
    ) -> Result<Deed, Guard> {
        let vote = self.receive_begin_ballot(ballot, decree)?;
        Ok(vote.then(self.send_voted()?))
    }

    /// Inks the decree when the whole quorum has voted, and sends Success (*commit*) to all others.
    /// `[PTP §2.3 (5)]`
    ///
    /// # Errors
    /// The guard that fails: he is not polling, or some vote is missing.
    #[doc(alias = "commit")]
    pub fn conclude(&mut self) -> Result<Deed, Guard> {
        let passed = self.succeed()?;
        Ok(self.to_others(passed, |priest, to| priest.send_success(to)))
    }

    /// Does at once everything that a letter enables: answers it, begins the ballot when a majority
    /// set has replied, or inks the decree when the whole quorum has voted. `[PTP §2.3]`
    ///
    /// # Errors
    /// The guard that stops him. Then nothing has changed.
    pub fn answer(&mut self, from: Name, message: Message, wish: &Decree) -> Result<Deed, Guard> {
        self.heed(&message, from)?;
        match message {
            Message::NextBallot { ballot, .. } => self.answer_next_ballot(ballot),
            Message::LastVote { ballot, vote, .. } => {
                let heard = self.receive_last_vote(from, ballot, vote.map(|(_, vote)| vote))?;
                Ok(heard.then(self.begin_ballot(wish).unwrap_or_default()))
            }
            Message::BeginBallot { ballot, decree, .. } => self.answer_begin_ballot(ballot, decree),
            Message::Voted { ballot, .. } => {
                let heard = self.receive_voted(from, ballot)?;
                Ok(heard.then(self.conclude().unwrap_or_default()))
            }
            Message::Success { ballot, decree, .. } => self.receive_success(from, ballot, decree),
            _ => Err(Guard::NoUse),
        }
    }

    /// Checks whether he may act on a letter: its sender is in the Synod, could have sent it to him,
    /// and it is about the Synod's one decree.
    ///
    /// # Errors
    /// The guard that fails.
    pub(super) fn heed(&self, message: &Message, from: Name) -> Result<(), Guard> {
        if !self.members().has(from) {
            return Err(Guard::Stranger { from });
        }
        message.could_pass(from, self.name()).map_err(Guard::Forged)?;
        // `None`: once the Synod's one decree has passed, no number is judged by it.
        self.notes().allow_hearing(message, || None)?;
        match message {
            Message::BeginBallot { number, .. }
            | Message::Voted { number, .. }
            | Message::Success { number, .. }
            | Message::LastVote { vote: Some((number, _)), .. }
                if *number != SYNODS_DECREE =>
            {
                Err(Guard::NotTheSynods { number: *number })
            }
            // A null vote is a whole reply. Beside other rows it would hide the vote that counts.
            Message::LastVote { vote: None, of, .. } if *of > 0 => {
                Err(Guard::PartOfReply { of: *of })
            }
            _ => Ok(()),
        }
    }

    /// Adds one letter to each priest to whom it may go.
    fn to_each(&self, mut deed: Deed, send: impl Fn(&Priest, Name) -> Result<Deed, Guard>) -> Deed {
        let sent = self.members().names().filter_map(|to| send(self, to).ok());
        sent.for_each(|letter| deed.absorb(letter));
        deed
    }

    /// Adds one letter to each other priest to whom it may go.
    pub(super) fn to_others(
        &self,
        deed: Deed,
        send: impl Fn(&Priest, Name) -> Result<Deed, Guard>,
    ) -> Deed {
        let others = |priest: &Priest, to: Name| match to == priest.name() {
            true => Err(Guard::NothingToSend),
            false => send(priest, to),
        };
        self.to_each(deed, others)
    }
}
