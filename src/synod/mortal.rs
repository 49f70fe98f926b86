//! The calls with which threads, processes, the simulator and tests run a priest.

use super::deed::Deed;
use crate::words::ballot::{Decree, DecreeNumber};
use crate::words::message::Message;
use crate::words::name::Name;
use crate::words::time::Minutes;

/// A priest or legislator in the Chamber. Time and letters come in, and only deeds go out.
pub trait Mortal {
    /// His name.
    fn name(&self) -> Name;

    /// Enters the Chamber, with his ledger and a blank slip of paper.
    fn enter(&mut self, now: Minutes) -> Deed;

    /// Reads one letter.
    fn receive(&mut self, now: Minutes, from: Name, message: Message) -> Deed;

    /// Reads one letter of many, and adds what he does because of it to a deed.
    fn work_through(&mut self, now: Minutes, from: Name, message: Message, deed: &mut Deed) {
        deed.absorb(self.receive(now, from, message));
    }

    /// Does what is due by his hourglass.
    fn look_at_hourglass(&mut self, now: Minutes) -> Deed;

    /// When he must next look at his hourglass, if no letter comes before.
    fn alarm(&self) -> Option<Minutes>;

    /// Whether a letter that came during his absence is still of use to him: only one that is as
    /// good late as early, such as a petition. The default is false.
    fn is_awaiting(&self, message: &Message) -> bool {
        let _ = message;
        false
    }

    /// How many decrees may be open at once where he sits: those who give him letters may lay more on
    /// his desk where more are open. By default 1, as in the Synod.
    fn open_at_once(&self) -> u64 {
        1
    }

    /// Leaves the Chamber and loses his slip of paper.
    fn leave(&mut self);

    /// Decree `number`, if it stands in his ledger.
    fn outcome(&self, number: DecreeNumber) -> Option<&Decree>;
}
