//! A priest of some creed, for an hourglass that asks him for his acts. `[PTP §2.4]`

use super::{Creed, Event, act};
use crate::synod::{Acting, Deed, Priest};
use crate::words::ballot::SYNODS_DECREE;
use crate::words::step::Guard;
use crate::words::{BallotNumber, Decree, Entry, Membership, Message, Name, Vote};

/// A priest who acts by a creed.
#[derive(Clone)]
pub struct Believer {
    priest: Priest,
    creed: &'static dyn Creed,
}

impl Believer {
    /// A priest of this creed who opens a ledger with these rows.
    #[must_use]
    pub fn open(
        name: Name,
        members: std::sync::Arc<Membership>,
        rows: &[Entry],
        creed: &'static dyn Creed,
    ) -> Believer {
        let rows = rows.iter().filter(|row| creed.remembers(row));
        Believer { priest: Priest::from_ledger(name, members, rows), creed }
    }

    /// The same priest, of another creed from now on.
    #[must_use]
    pub fn converted(self, creed: &'static dyn Creed) -> Believer {
        Believer { creed, ..self }
    }

    fn read(&mut self, from: Name, message: Message) -> Result<Deed, Guard> {
        act(&mut self.priest, &Event::Read { from, message }, self.creed)
    }
}

impl Acting for Believer {
    fn priest(&self) -> &Priest {
        &self.priest
    }
    fn forget(&mut self) {
        self.priest.forget();
    }
    fn try_ballot(&mut self, ballot: BallotNumber) -> Result<Deed, Guard> {
        act(&mut self.priest, &Event::Try(ballot), self.creed)
    }
    fn answer_next_ballot(&mut self, ballot: BallotNumber) -> Result<Deed, Guard> {
        self.read(ballot.owner, Message::NextBallot { ballot, complete_through: 0 })
    }
    fn receive_last_vote(
        &mut self,
        from: Name,
        ballot: BallotNumber,
        vote: Option<Vote>,
    ) -> Result<Deed, Guard> {
        self.creed.receive_last_vote(&mut self.priest, from, ballot, vote)
    }
    fn begin_ballot(&mut self, wish: &Decree) -> Result<Deed, Guard> {
        act(&mut self.priest, &Event::Begin(wish.clone()), self.creed)
    }
    fn answer_begin_ballot(&mut self, ballot: BallotNumber, decree: Decree) -> Result<Deed, Guard> {
        let number = SYNODS_DECREE;
        self.read(ballot.owner, Message::BeginBallot { ballot, number, decree })
    }
    fn receive_voted(&mut self, from: Name, ballot: BallotNumber) -> Result<Deed, Guard> {
        self.creed.receive_voted(&mut self.priest, from, ballot)
    }
    fn conclude(&mut self) -> Result<Deed, Guard> {
        self.priest.conclude()
    }
    fn receive_success(
        &mut self,
        from: Name,
        ballot: Option<BallotNumber>,
        decree: Decree,
    ) -> Result<Deed, Guard> {
        self.creed.receive_success(&mut self.priest, from, ballot, decree)
    }
}
