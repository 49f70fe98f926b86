//! The messages that messengers carry. `[PTP §2.3, §2.4, §3.1]`

use serde::Serialize;

use super::ballot::{BallotNumber, Decree, DecreeNumber, Vote};
use super::book::BookRow;
use super::entry::Note;
use super::name::Name;

/// A message, by the paper's own names. One message is one row of the receiver's messagebook.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub enum Message {
    /// Step 1 (*prepare*, 1a): please promise to vote in no ballot below this one. `[PTP §2.3 (1)]`
    #[doc(alias = "prepare")]
    NextBallot {
        /// The new ballot.
        ballot: BallotNumber,
        /// The sender's ledger is complete through this decree; the message stands for every
        /// number above it. `[PTP §3.1]`
        complete_through: DecreeNumber,
    },
    /// Step 2 (*promise*, 1b): I promise, and this was my last vote. A reply of many votes is many
    /// rows. `[PTP §2.3 (2)]`
    #[doc(alias = "promise")]
    LastVote {
        /// The ballot promised.
        ballot: BallotNumber,
        /// The number of the decree, and the vote; the null vote is `None`.
        vote: Option<(DecreeNumber, Vote)>,
        /// The number of votes that the whole reply reports, each on another decree number. It
        /// counts only when all are there.
        of: u64,
    },
    /// Step 3 (*accept*, 2a): vote for this decree. `[PTP §2.3 (3)]`
    #[doc(alias = "accept")]
    BeginBallot {
        /// The ballot.
        ballot: BallotNumber,
        /// The number of the decree.
        number: DecreeNumber,
        /// The decree.
        decree: Decree,
    },
    /// Step 4 (*accepted*, 2b): I have voted. `[PTP §2.3 (4)]`
    #[doc(alias = "accepted")]
    Voted {
        /// The ballot.
        ballot: BallotNumber,
        /// The number of the decree.
        number: DecreeNumber,
    },
    /// Step 5 (*commit*): this decree has been passed. `[PTP §2.3 (5)]`
    #[doc(alias = "commit")]
    Success {
        /// The ballot that passed it, where known.
        ballot: Option<BallotNumber>,
        /// The number of the decree.
        number: DecreeNumber,
        /// The decree.
        decree: Decree,
    },
    /// I have promised more than your ballot asks; this is my nextBal. `[PTP §2.4]`
    Refused {
        /// The ballot refused.
        ballot: BallotNumber,
        /// The refuser's nextBal.
        next_bal: BallotNumber,
    },
    /// The sender has given this ballot up.
    Failed {
        /// The ballot.
        ballot: BallotNumber,
    },
    /// I am in the Chamber. `[PTP §2.4]`
    Presence {
        /// The sender's lastTried.
        last_tried: Option<BallotNumber>,
        /// The sender's ledger is complete through this decree.
        complete_through: DecreeNumber,
        /// The ballot he presides in, if any.
        presides: Option<BallotNumber>,
    },
    /// Please pass this decree (a *request* of a *client*).
    #[doc(alias = "request")]
    Petition {
        /// The decree, with the petition's id.
        decree: Decree,
    },
    /// Send me the decrees above one number, through another. `[PTP §3.1]`
    Inquiry {
        /// Above this decree.
        above: DecreeNumber,
        /// Through this one; to the end of the ledger when `None`.
        through: Option<DecreeNumber>,
    },
    /// A row of a law book (a *snapshot*), for a legislator who was long away: he copies the book
    /// instead of all decrees. It counts only when all its rows are there. `[PTP §3.3.2]`
    LawBook {
        /// The book is complete through this decree.
        through: DecreeNumber,
        /// The row.
        row: BookRow,
        /// The number of rows of the book.
        of: u64,
    },
}

/// The kinds of message, by the paper's own names.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, PartialOrd, Ord, Serialize)]
#[expect(missing_docs, reason = "each is the message of that name")]
pub enum Kind {
    NextBallot,
    LastVote,
    BeginBallot,
    Voted,
    Success,
    Refused,
    Failed,
    Presence,
    Petition,
    Inquiry,
    LawBook,
}

impl Kind {
    /// Every kind, in the order of the codes.
    pub const ALL: [Kind; 11] = [
        Kind::NextBallot,
        Kind::LastVote,
        Kind::BeginBallot,
        Kind::Voted,
        Kind::Success,
        Kind::Refused,
        Kind::Failed,
        Kind::Presence,
        Kind::Petition,
        Kind::Inquiry,
        Kind::LawBook,
    ];

    /// The message's name as the paper and the records write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::NextBallot => "NextBallot",
            Kind::LastVote => "LastVote",
            Kind::BeginBallot => "BeginBallot",
            Kind::Voted => "Voted",
            Kind::Success => "Success",
            Kind::Refused => "Refused",
            Kind::Failed => "Failed",
            Kind::Presence => "Presence",
            Kind::Petition => "Petition",
            Kind::Inquiry => "Inquiry",
            Kind::LawBook => "LawBook",
        }
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

impl Message {
    /// The kind of message.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Message::NextBallot { .. } => Kind::NextBallot,
            Message::LastVote { .. } => Kind::LastVote,
            Message::BeginBallot { .. } => Kind::BeginBallot,
            Message::Voted { .. } => Kind::Voted,
            Message::Success { .. } => Kind::Success,
            Message::Refused { .. } => Kind::Refused,
            Message::Failed { .. } => Kind::Failed,
            Message::Presence { .. } => Kind::Presence,
            Message::Petition { .. } => Kind::Petition,
            Message::Inquiry { .. } => Kind::Inquiry,
            Message::LawBook { .. } => Kind::LawBook,
        }
    }

    /// The ballot the message is about, if it is about one.
    #[must_use]
    pub const fn ballot(&self) -> Option<BallotNumber> {
        match self {
            Message::NextBallot { ballot, .. }
            | Message::LastVote { ballot, .. }
            | Message::BeginBallot { ballot, .. }
            | Message::Voted { ballot, .. }
            | Message::Refused { ballot, .. }
            | Message::Failed { ballot } => Some(*ballot),
            Message::Success { ballot, .. } => *ballot,
            Message::Presence { presides, .. } => *presides,
            Message::Petition { .. } | Message::Inquiry { .. } | Message::LawBook { .. } => None,
        }
    }

    /// The ballot numbers that the reader of this message must go beyond, promise, or vote in. The
    /// ballot of a Success is only noted beside the decree.
    #[must_use]
    pub fn ballots_to_heed(&self) -> [Option<BallotNumber>; 2] {
        match self {
            Message::Success { .. } => [None, None],
            Message::LastVote { ballot, vote, .. } => {
                [Some(*ballot), vote.as_ref().map(|(_, vote)| vote.ballot)]
            }
            Message::Refused { ballot, next_bal } => [Some(*ballot), Some(*next_bal)],
            Message::Presence { last_tried, presides, .. } => [*last_tried, *presides],
            other => [other.ballot(), None],
        }
    }

    /// The note this message rests on: it may not leave before that note is dry.
    ///
    /// BeginBallot, Success and LawBook rest on no note. A ballot begun and forgotten is never begun
    /// again, because lastTried is dry by then. A successful ballot is found again from its votes
    /// (Theorem 1). A message that quotes a note rests on that note.
    #[must_use]
    pub const fn rests_on(&self) -> Option<Note> {
        match self {
            Message::NextBallot { .. } | Message::Presence { .. } => Some(Note::LastTried),
            Message::LastVote { .. } | Message::Refused { .. } => Some(Note::NextBal),
            Message::Voted { .. } => Some(Note::PrevVote),
            Message::BeginBallot { .. }
            | Message::Success { .. }
            | Message::Failed { .. }
            | Message::Petition { .. }
            | Message::Inquiry { .. }
            | Message::LawBook { .. } => None,
        }
    }

    /// Checks whether `from` could have sent this to `to`: only a ballot's owner sends NextBallot,
    /// BeginBallot and Failed, and only he is sent LastVote, Voted and Refused. `[PTP §2.2]`
    ///
    /// # Errors
    /// [`Impostor`] names the rule broken.
    pub fn could_pass(&self, from: Name, to: Name) -> Result<(), Impostor> {
        let kind = self.kind();
        match self {
            Message::NextBallot { ballot, .. }
            | Message::BeginBallot { ballot, .. }
            | Message::Failed { ballot }
                if ballot.owner != from =>
            {
                Err(Impostor::NotHis { kind, ballot: *ballot, from })
            }
            Message::LastVote { ballot, .. }
            | Message::Voted { ballot, .. }
            | Message::Refused { ballot, .. }
                if ballot.owner != to =>
            {
                Err(Impostor::NotForHim { kind, ballot: *ballot, to })
            }
            Message::LastVote { vote: Some((_, vote)), .. } if vote.priest != from => {
                Err(Impostor::AnothersVote { from, voter: vote.priest })
            }
            Message::Presence { presides: Some(ballot), .. } if ballot.owner != from => {
                Err(Impostor::NotHis { kind, ballot: *ballot, from })
            }
            _ => Ok(()),
        }
    }
}

/// A message that its sender could not have sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Impostor {
    /// Only the owner of a ballot sends this.
    #[error("{from} cannot send {kind} {ballot}: the ballot belongs to {}", ballot.owner)]
    NotHis {
        /// The kind of message.
        kind: Kind,
        /// Its ballot.
        ballot: BallotNumber,
        /// The sender.
        from: Name,
    },
    /// This goes only to the owner of the ballot.
    #[error("{to} cannot be sent {kind} {ballot}: it goes to the ballot's owner, {}", ballot.owner)]
    NotForHim {
        /// The kind of message.
        kind: Kind,
        /// Its ballot.
        ballot: BallotNumber,
        /// The receiver.
        to: Name,
    },
    /// A LastVote reports its sender's own vote.
    #[error("{from} cannot report {voter}'s vote")]
    AnothersVote {
        /// The sender.
        from: Name,
        /// The priest whose vote it is.
        voter: Name,
    },
}
