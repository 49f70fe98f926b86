//! The Synod: how priests choose one decree. `[PTP §2, Appendix]`
//!
//! Nothing here knows a file, a clock, a thread or chance. Read in this order:
//!
//! | file | what it tells | paper |
//! |---|---|---|
//! | [`name`], [`ballot`] | names, ballot numbers, decrees, votes, ballots | §2.1, §2.2 |
//! | [`mod@shown`] | text as a person is shown it | |
//! | [`majority`] | who sits, what a majority set is, the founding decree | §2.2 |
//! | [`conditions`] | B1, B2, B3 and MaxVote | §2.1 |
//! | [`message`] | what messengers carry | §2.3, §2.4 |
//! | [`book`] | rows of a law book, which stands for many decrees | §3.3.2 |
//! | [`entry`] | the rows of a ledger | §2.2 |
//! | [`deed`] | rows to ink, then letters to send: ink before feet | §2.3 |
//! | [`notes`] | lastTried, nextBal and the guards on them | §2.3 |
//! | [`priest`] | the basic protocol, one function per action | §2.3, Appendix A1 |
//! | `prompt` | the same for whoever drives a priest from outside: reading and answering as one deed | §2.3 |
//! | [`step`], [`guard`] | why a priest did what he did, or did nothing, with the real values | |
//! | [`mortal`] | what whoever embodies a priest asks of him | |
//! | [`presence`] | who presides | §2.4 |
//! | [`initiator`] | the complete protocol: a priest with an hourglass | §2.4 |

pub mod ballot;
pub mod book;
pub mod conditions;
pub mod deed;
mod elsewhere;
pub mod entry;
pub mod evidence;
pub mod guard;
pub mod initiator;
pub mod majority;
pub mod message;
pub mod mortal;
pub mod name;
pub mod notes;
pub mod presence;
pub mod priest;
mod prompt;
pub mod shown;
pub mod step;
pub mod time;

pub use ballot::{Ballot, BallotNumber, Decree, DecreeNumber, Vote};
pub use book::{BookRow, Heading};
pub use deed::{Bound, Deed, Entry, Ledger, Letter, Post, Released, WetLedger, Witness};
pub use initiator::Initiator;
pub use majority::{Founding, Membership};
pub use message::Message;
pub use mortal::Mortal;
pub use name::Name;
pub use priest::{Priest, Status};
pub use shown::shown;
pub use step::Step;
pub use time::Minutes;
