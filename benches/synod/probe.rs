//! Ballots in a Chamber that sits, one after another.
//!
//! Everything is the real thing: God, bodies, ledgers, messagebooks, one watcher.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Instant;

use parliament::chamber::Chamber;
use parliament::chamber::messenger::Roads;
use parliament::god::{Convening, Curiosity, Knock, MINUTE, Raise, Sitting};
use parliament::synod::{Decree, Entry, Founding, Initiator, Name, Presence, Priest};
use parliament::words::time::PRESENCE;

use crate::floor::Times;
use crate::moments::{Moment, PATIENCE, Timed};

/// The decree proposed.
pub const DECREE: &str = "The price of olive oil is 3 drachmas per ton";

/// A Chamber in which the president leaves and returns, and holds a ballot each time.
pub struct Ballots {
    sitting: Sitting,
    president: Name,
    others: usize,
    moments: Receiver<(Moment, Instant)>,
}

impl Ballots {
    /// Founds a chamber for this many priests, and brings them in.
    pub fn convene(dir: &Path, priests: usize) -> Result<Ballots, Box<dyn std::error::Error>> {
        let names = ["Dwork", "Fischer", "Gray", "Lynch", "Oki"];
        let founding: Founding = names[names.len() - priests..].join(" ").parse()?;
        let chamber = Chamber::at(dir);
        chamber.found(&founding)?;
        let members = Arc::new(founding.membership.clone());
        let priests: Vec<Name> = members.names().collect();
        let president = *priests.last().ok_or("nobody presides over nobody")?;
        let (decree, (send, moments)) = (Decree::new(DECREE)?, mpsc::channel());
        let raise: Arc<Raise<Timed<Initiator>>> = Arc::new(move |name, rows: &[Entry]| {
            let presence = Presence::new(name, &members, PRESENCE);
            let priest = Priest::from_ledger(name, Arc::clone(&members), rows);
            let mortal = Initiator::new(priest, presence, Some(decree.clone()));
            Timed::new(mortal, send.clone())
        });
        let (roads, seed, minute) = (Roads::default(), 0, MINUTE);
        let (curiosity, others) = (Curiosity::Decrees, priests.len() - 1);
        let (poll, trace) = (false, None);
        let convening = Convening { chamber, priests, roads, seed, minute, poll, curiosity, trace };
        let sitting = Sitting::convene(&convening, raise)?;
        let ballots = Ballots { sitting, president, others, moments };
        ballots.follow()?;
        Ok(ballots)
    }

    /// Holds this many ballots, one after another: how long each took from BeginBallot and from
    /// NextBallot to decided.
    pub fn hold(&self, ballots: usize) -> Result<(Times, Times), RecvTimeoutError> {
        let (mut from_begin, mut from_next) = (Times::default(), Times::default());
        for _ in 0..ballots {
            self.sitting.call(self.president, Knock::Leave);
            self.sitting.call(self.president, Knock::Enter);
            let (tried, begun, decided) = self.follow()?;
            from_begin.add(decided - begun);
            from_next.add(decided - tried);
        }
        Ok((from_begin, from_next))
    }

    /// Follows one ballot until everybody has heard of its success. A ballot that was given up is
    /// followed by another, and counts from its own NextBallot.
    fn follow(&self) -> Result<(Instant, Instant, Instant), RecvTimeoutError> {
        let (mut tried, mut begun, mut decided, mut heard) = (None, None, None, 0);
        loop {
            if let (Some(tried), Some(begun), Some(decided)) = (tried, begun, decided)
                && heard >= self.others
            {
                return Ok((tried, begun, decided));
            }
            let (moment, at) = self.moments.recv_timeout(PATIENCE)?;
            match moment {
                Moment::Tried => (tried, begun, decided, heard) = (Some(at), None, None, 0),
                Moment::Begun => begun = Some(at),
                Moment::Decided => decided = Some(at),
                Moment::Heard => heard += 1,
            }
        }
    }

    /// Closes the Chamber.
    pub fn close(self) {
        let _ = self.sitting.close();
    }
}
