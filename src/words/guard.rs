//! Why a priest does nothing: the guard that fails, with its real values.

use std::collections::BTreeSet;
use std::fmt;

use serde::Serialize;

use super::ballot::{BallotNumber, Decree, DecreeNumber};
use super::message::Impostor;
use super::name::Name;

/// The guard that kept a priest from acting, with its real values.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(tag = "guard", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[expect(missing_docs, reason = "the fields are the paper's words for the same things")]
#[non_exhaustive]
pub enum Guard {
    /// b ≤ lastTried.
    NotAboveLastTried { ballot: BallotNumber, last_tried: BallotNumber },
    /// The ballot belongs to another.
    NotHis { ballot: BallotNumber },
    /// b ≤ nextBal.
    NotAboveNextBal { ballot: BallotNumber, next_bal: BallotNumber },
    /// b ≠ nextBal.
    NotNextBal { ballot: BallotNumber, next_bal: Option<BallotNumber> },
    /// b ≠ lastTried.
    NotLastTried { ballot: BallotNumber, last_tried: Option<BallotNumber> },
    /// prevBal = b already.
    HasVoted { ballot: BallotNumber },
    /// The status is another.
    Status { is: &'static str, not: &'static str },
    /// The priest is not in this ballot's quorum.
    NotInQuorum { from: Name },
    /// Some members of the quorum have not voted.
    Unfinished { missing: BTreeSet<Name> },
    /// The repliers are not a majority set.
    NoMajority,
    /// The decree is in the ledger.
    Known { number: DecreeNumber },
    /// The ledger has another decree under this number.
    Contradicts { number: DecreeNumber, inked: Decree },
    /// The Synod has one decree, number 1.
    NotTheSynods { number: DecreeNumber },
    /// The sender is not a member.
    Stranger { from: Name },
    /// Only a part of a reply, which has this many rows.
    PartOfReply { of: u64 },
    /// The votes on passed decrees are crossed out in his law book, so he cannot report them.
    InLawBook,
    /// The sender's ledger is too far behind for him to preside.
    FarBehind { complete_through: DecreeNumber, mine: DecreeNumber },
    /// The decree is further ahead of all he knows than any honest sender would be.
    FarAhead { number: DecreeNumber, known: DecreeNumber },
    /// The ballot is further ahead of all he knows than any honest chamber gets.
    BallotFarAhead { ballot: BallotNumber, known: Option<BallotNumber> },
    /// The petition has been passed, is being voted on, or waits its turn.
    KnownPetition,
    /// Not a message of the Synod's.
    NoUse,
    /// There is nothing to send.
    NothingToSend,
    /// The sender could not have sent this.
    #[serde(serialize_with = "as_text")]
    Forged(Impostor),
}

fn as_text<S: serde::Serializer>(impostor: &Impostor, serializer: S) -> Result<S::Ok, S::Error> {
    use serde::ser::SerializeMap;
    let mut map = serializer.serialize_map(Some(1))?;
    map.serialize_entry("why", &impostor.to_string())?;
    map.end()
}

impl fmt::Display for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Guard::NotAboveLastTried { ballot, last_tried } => {
                write!(f, "{ballot} ≤ lastTried {last_tried}")
            }
            Guard::NotHis { ballot } => write!(f, "{ballot} belongs to {}", ballot.owner),
            Guard::NotAboveNextBal { ballot, next_bal } => {
                write!(f, "{ballot} ≤ nextBal {next_bal}")
            }
            Guard::NotNextBal { ballot, next_bal } => {
                write!(f, "{ballot} ≠ nextBal {}", OrMinusInfinity(*next_bal))
            }
            Guard::NotLastTried { ballot, last_tried } => {
                write!(f, "{ballot} ≠ lastTried {}", OrMinusInfinity(*last_tried))
            }
            Guard::HasVoted { ballot } => write!(f, "prevBal = {ballot}, he has voted in it"),
            Guard::Status { is, not } => write!(f, "status is {is}, not {not}"),
            Guard::NotInQuorum { from } => write!(f, "{from} is not in the quorum"),
            Guard::Unfinished { missing } => write!(f, "{} have not voted", Set(missing)),
            Guard::NoMajority => f.write_str("the repliers are no majority set"),
            Guard::Known { number } => write!(f, "decree {number} is in his ledger"),
            Guard::Contradicts { number, inked } => {
                write!(f, "his ledger has decree {number} as “{inked}”: consistency is broken")
            }
            Guard::NotTheSynods { number } => {
                write!(f, "the Synod's one decree is 1, and this is {number}")
            }
            Guard::Stranger { from } => write!(f, "{from} is no member"),
            Guard::PartOfReply { of } => {
                write!(f, "it is part of a reply that speaks of {of} numbers")
            }
            Guard::InLawBook => f.write_str("his ledger is a law book, which tells no votes"),
            Guard::FarBehind { complete_through, mine } => {
                write!(f, "his ledger is complete through {complete_through}, mine through {mine}")
            }
            Guard::FarAhead { number, known } => {
                write!(f, "decree {number} is far ahead of all he knows, through {known}: he asks")
            }
            Guard::BallotFarAhead { ballot, known } => write!(
                f,
                "no honest chamber comes to {ballot} from {}, the largest he knows",
                OrMinusInfinity(*known)
            ),
            Guard::KnownPetition => f.write_str("the petition is known"),
            Guard::NoUse => f.write_str("the Synod has no use for it"),
            Guard::NothingToSend => f.write_str("there is nothing to send"),
            Guard::Forged(impostor) => impostor.fmt(f),
        }
    }
}

impl std::error::Error for Guard {}

/// A ballot number or −∞.
pub(crate) struct OrMinusInfinity(pub Option<BallotNumber>);

impl fmt::Display for OrMinusInfinity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(ballot) => ballot.fmt(f),
            None => f.write_str("−∞"),
        }
    }
}

/// Names in braces.
pub(crate) struct Set<'a>(pub &'a BTreeSet<Name>);

impl fmt::Display for Set<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.0.iter().map(Name::as_str).collect();
        write!(f, "{{{}}}", names.join(", "))
    }
}
