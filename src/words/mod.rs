//! The words of the Parliament: names, decrees, messages, rows and steps. There is no rule here.
//!
//! Every other room uses these words. The rules stand elsewhere: `synod` defines majority sets and
//! says when a priest may promise, and `law` says what a decree changes.
//!
//! | file | what it names | paper |
//! |---|---|---|
//! | `name`, [`ballot`] | names, ballot numbers, decrees, votes, ballots | §2.1, §2.2 |
//! | `members` | the members, and the founding decree that names them | §2.2, §3.3.6 |
//! | [`message`] | the messages that messengers carry | §2.3, §2.4, §3.1 |
//! | `entry` | the rows of a ledger | §2.2 |
//! | [`book`] | the rows of a law book, which stands for many decrees | §3.3.2 |
//! | [`step`], `guard` | why a priest did something, or did nothing, with the real values | |
//! | [`time`] | Paxon minutes, and the paper's bounds | §2.4 |
//! | `shown` | text as a person sees it | |
//! | `spreadsheet` | names that a spreadsheet changes | |

pub mod ballot;
pub mod book;
pub(crate) mod entry;
pub(crate) mod guard;
pub(crate) mod members;
pub mod message;
pub(crate) mod name;
pub(crate) mod shown;
pub(crate) mod spreadsheet;
pub mod step;
pub mod time;

pub use ballot::{Ballot, BallotNumber, Decree, DecreeNumber, Vote};
pub use book::{BookRow, Heading};
pub use entry::Entry;
pub use entry::Note;
pub use guard::Guard;
pub use members::FoundingError;
pub use members::{Founding, Membership};
pub use message::Message;
pub use name::Name;
pub use name::{LONGEST_NAME, MOST_NAMES, NameError};
pub use shown::shown;
pub use spreadsheet::Misread;
pub use step::Step;
pub use time::Minutes;
