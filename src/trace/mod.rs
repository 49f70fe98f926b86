//! A trace: all that happened in a Chamber, one row each, in one causal order.
//!
//! A simulator's run and a live run are told in the same words, so that one chronicle draws both.
//! The format has its own page, `docs/trace.md`.
//!
//! | file | what it tells |
//! |---|---|
//! | `cells` | which column a message or an entry fills, and what a row's columns say |
//! | `writer` | events to rows |
//! | `reader` | rows to events, one at a time |
//! | `mapping`, `foreign`, `ledgers` | the log of another Paxos, told as a trace |
//! | `error` | a row that tells nothing, with its place |

#[cfg(feature = "files")]
pub(crate) mod cells;
#[cfg(feature = "files")]
pub(crate) mod error;
#[cfg(feature = "cli")]
pub(crate) mod foreign;
#[cfg(feature = "cli")]
pub(crate) mod ledgers;
#[cfg(feature = "cli")]
pub(crate) mod mapping;
#[cfg(feature = "files")]
pub(crate) mod reader;
#[cfg(feature = "files")]
pub(crate) mod writer;

#[cfg(feature = "files")]
pub use error::{BadRow, RowRule, TraceError};
#[cfg(feature = "files")]
pub use reader::TraceReader;
#[cfg(feature = "files")]
pub use writer::TraceWriter;

use crate::words::{Entry, Founding, Message, Minutes, Name};

/// The columns of a trace, in order.
pub const COLUMNS: [&str; 13] = [
    "seq", "at", "event", "from", "to", "message", "ballot", "number", "vote", "decree", "quorum",
    "of", "petition",
];

/// One row of a trace: something happened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TraceRow {
    /// Its number in the one causal order; the founding is 1.
    pub seq: u64,
    /// When, in Paxon minutes since the Chamber was convened.
    pub at: Minutes,
    /// What.
    pub happening: Happening,
}

/// The events of a Chamber.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Happening {
    /// God founded the Parliament: decree 0, inked in every ledger. It comes first, and once.
    Founded(Founding),
    /// A priest, or a citizen with a petition, sent a letter; to himself if `from` is `to`.
    Send {
        /// The sender.
        from: Name,
        /// The receiver.
        to: Name,
        /// The message.
        message: Message,
    },
    /// A priest read a letter, and it was of use to him.
    Receive {
        /// The sender.
        from: Name,
        /// The reader.
        to: Name,
        /// The message.
        message: Message,
    },
    /// A messenger lost a letter.
    Lose {
        /// The sender.
        from: Name,
        /// The one who will not read it.
        to: Name,
        /// The message.
        message: Message,
    },
    /// A messenger carries a letter once more; a second `Receive` may follow.
    Repeat {
        /// The sender.
        from: Name,
        /// The one who may read it again.
        to: Name,
        /// The message.
        message: Message,
    },
    /// A priest read a letter, and a guard kept him from acting on it. It stands in the place of
    /// `Receive`, never beside it.
    Ignore {
        /// The sender.
        from: Name,
        /// The reader.
        to: Name,
        /// The message.
        message: Message,
    },
    /// A priest inked a row in his ledger.
    Ink {
        /// The owner of the ledger.
        priest: Name,
        /// The row.
        entry: Entry,
    },
    /// A priest came into the Chamber, his slip of paper blank.
    Enter(Name),
    /// A priest left the Chamber, by the door or by sudden death, and lost his slip of paper.
    Leave(Name),
}

/// The letter that a priest told himself before he inked this row, which leaves no other record:
/// he asks himself for his vote without a messenger, and his vote alone says that he did. `[PTP
/// §2.3 (3)]`
#[must_use]
pub fn asked_himself(priest: Name, entry: &Entry) -> Option<Message> {
    match entry {
        Entry::PrevVote { number, ballot, decree } if ballot.owner == priest => {
            let (number, ballot, decree) = (*number, *ballot, decree.clone());
            Some(Message::BeginBallot { ballot, number, decree })
        }
        _ => None,
    }
}

impl Happening {
    /// The event's name, as a trace writes it.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Happening::Founded(_) => "founded",
            Happening::Send { .. } => "send",
            Happening::Receive { .. } => "receive",
            Happening::Lose { .. } => "lose",
            Happening::Repeat { .. } => "repeat",
            Happening::Ignore { .. } => "ignore",
            Happening::Ink { .. } => "ink",
            Happening::Enter(_) => "enter",
            Happening::Leave(_) => "leave",
        }
    }

    /// The letter, if the event is about one: from, to, what it says.
    #[must_use]
    pub const fn letter(&self) -> Option<(Name, Name, &Message)> {
        match self {
            Happening::Send { from, to, message }
            | Happening::Receive { from, to, message }
            | Happening::Lose { from, to, message }
            | Happening::Repeat { from, to, message }
            | Happening::Ignore { from, to, message } => Some((*from, *to, message)),
            Happening::Founded(_)
            | Happening::Ink { .. }
            | Happening::Enter(_)
            | Happening::Leave(_) => None,
        }
    }
}
