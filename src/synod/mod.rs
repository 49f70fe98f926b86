//! The Synod: how priests choose one decree. `[PTP §2, Appendix]`
//!
//! It uses the [`words`](crate::words) of the Parliament, and no file, clock, thread or chance. Read
//! in this order:
//!
//! | file | what it tells | paper |
//! |---|---|---|
//! | `majority` | majority sets | §2.2 |
//! | `conditions` | B1, B2, B3 and MaxVote | §2.1 |
//! | `deed` | rows to ink, then letters to send: ink before feet | §2.3 |
//! | `notes` | lastTried, nextBal and the guards on them | §2.3 |
//! | `priest` | the basic protocol, one function per action | §2.3, Appendix A1 |
//! | `prompt` | the same for programs that drive a priest: reading and answering as one deed | §2.3 |
//! | `mortal` | the calls with which a program runs a priest | |
//! | `presence` | who presides | §2.4 |
//! | `acting` | what an initiator asks of a priest | §2.3 |
//! | `initiator` | the complete protocol: a priest with an hourglass | §2.4 |

pub(crate) mod acting;
pub mod conditions;
pub(crate) mod deed;
mod elsewhere;
pub(crate) mod initiator;
pub(crate) mod majority;
pub(crate) mod mortal;
pub(crate) mod notes;
pub(crate) mod presence;
pub(crate) mod priest;
mod prompt;

pub use acting::Acting;
pub use deed::{Bound, Deed, Ledger, Letter, Post, Released, WetLedger, Witness};
pub use initiator::Initiator;
pub use mortal::Mortal;
pub use notes::{Cast, FARTHEST_AHEAD, Notes, Poll, Unheeded};
pub use presence::Presence;
pub use priest::{Priest, Status};

/// The words of the Synod, for programs that drive one.
pub use crate::words::{
    Ballot, BallotNumber, BookRow, Decree, DecreeNumber, Entry, Founding, Heading, Membership,
    Message, Minutes, Name, Step, Vote, shown,
};
