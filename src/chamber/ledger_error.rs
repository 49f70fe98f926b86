//! What keeps a priest from his ledger, and what can be done.

use std::io;
use std::path::{Path, PathBuf};

use super::founding::ChamberError;
use super::kept_out::{Older, going_on_without};
use crate::records::flaw::BadRow;
use crate::records::record::Place;
use crate::words::{Founding, Name};

/// Why a priest's ledger could not be opened or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// Nobody has founded the chamber.
    #[error("{path}: there is no ledger here, for nobody has founded this chamber; `parliament synod DECREE` founds it", path = path.display())]
    NotFounded {
        /// Where the ledger would be.
        path: PathBuf,
    },
    /// Neither named by the founding decree nor given a ledger since.
    #[error("{name} is not a legislator of this chamber; they are: {founding}")]
    Stranger {
        /// Who.
        name: Name,
        /// The founding decree.
        founding: Founding,
    },
    /// The ledger is missing, or lacks decree 0, while others have it. `[PTP §1.3 note 3]`
    #[error(
        "{path}: {name} has amnesia: this ledger {what}, while the others hold decree 0, so what {name} promised is forgotten\n{}",
        going_on_without(*name), path = path.display()
    )]
    Amnesia {
        /// The owner of the ledger.
        name: Name,
        /// Where it is, or should be.
        path: PathBuf,
        /// The fault.
        what: &'static str,
    },
    /// The ledger is missing, and one stands here whose name is his in another spelling.
    #[error(
        "{path}: {name}'s ledger is not here, but `{there}.csv` is: the same name in another spelling, and his is `{spelt}`. A copy by way of another system can do this. Rename the file, unless it is another's; or go on without him: `--absent {name}`",
        path = path.display(), there = other.spelt(), spelt = name.spelt()
    )]
    Misspelt {
        /// The owner of the ledger.
        name: Name,
        /// The name by which a ledger stands here.
        other: Name,
        /// Where it should be.
        path: PathBuf,
    },
    /// He lives on another machine, so no ledger of his is opened or made here.
    #[error(
        "{path}: {name} lives {}, not on this machine: his ledger is there, and one priest has one body. Bring him in there: `parliament priest {name}`",
        on(*machine), path = path.display()
    )]
    Elsewhere {
        /// Who.
        name: Name,
        /// On which machine, if that is known here.
        machine: Option<Name>,
        /// Where his ledger would be.
        path: PathBuf,
    },
    /// A decree seats him on a machine, and nothing here says which machine this is.
    #[error(
        "{path}: a decree seats {name} on {machine}, and this chamber has no roster that says which machine this is. If `roster.csv` and `ledgers/.roster` were lost, put them back; if this chamber lies on one machine, unseat {name}, and seat another without a machine",
        path = path.display()
    )]
    NoRoster {
        /// Who.
        name: Name,
        /// Where he lives.
        machine: Name,
        /// Where his ledger would be.
        path: PathBuf,
    },
    /// Somebody was seated whose name is another's in another spelling.
    #[error(
        "{path}: {name} gets no ledger, since `{there}` has one: the same name in another spelling, and some file systems take both for one file. Unseat {name}, and seat him under another name", there = other.spelt(), path = path.display()
    )]
    Alike {
        /// Who.
        name: Name,
        /// The other.
        other: Name,
        /// Where his ledger would be.
        path: PathBuf,
    },
    /// The records at hand prove that the ledger is older than its priest, or that he had one and
    /// it is gone. `[PTP §1.3 note 3]`
    #[error(transparent)]
    Older(Box<Older>),
    /// The ledger belongs to another chamber.
    #[error(
        "{place}: this ledger is from another chamber, founded as `{theirs}`, while this one was founded as `{ours}`; put it back where it belongs, or go on without {name}: `--absent {name}`"
    )]
    Foreign {
        /// The owner of the ledger.
        name: Name,
        /// Where its decree 0 stands.
        place: Place,
        /// Its decree 0.
        theirs: String,
        /// Everybody else's.
        ours: Founding,
    },
    /// A row breaks a rule.
    #[error("{row}\n`--absent {name}` goes on without {name}")]
    Untrusted {
        /// The owner of the ledger.
        name: Name,
        /// The row.
        row: Box<BadRow>,
    },
    /// The columns do not stand in the order in which rows are appended.
    #[error("{path}:1:1: rows are appended in the order `{header}`, and this ledger names its columns otherwise; write that line at the top of it, or go on without {name}: `--absent {name}`", path = path.display(), header = crate::records::ledger_row::LEDGER_HEADER)]
    Columns {
        /// The owner of the ledger.
        name: Name,
        /// The ledger.
        path: PathBuf,
    },
    /// One priest, one body.
    #[error("{path}: {name} is in the Chamber already, in another body, which holds this ledger; one priest has one body", path = path.display())]
    Taken {
        /// Who.
        name: Name,
        /// The ledger.
        path: PathBuf,
    },
    /// The chamber itself cannot be read.
    #[error(transparent)]
    Chamber(#[from] Box<ChamberError>),
    /// The disk said no.
    #[error("{path}: cannot {doing}: {source}{repair}", path = path.display(), repair = repair(path, source))]
    Io {
        /// The ledger.
        path: PathBuf,
        /// The action that failed.
        doing: &'static str,
        /// The system's error.
        source: io::Error,
    },
    /// An earlier failure leaves open what is durable.
    #[error("{path}: the ink failed before, so this ledger is closed until it is opened and read again", path = path.display())]
    Spoiled {
        /// The ledger.
        path: PathBuf,
    },
    /// Somebody else wrote in it.
    #[error("{path}: somebody wrote in this ledger while {name} was writing in it; he opens it again and reads what it says now", path = path.display())]
    Intruded {
        /// Who.
        name: Name,
        /// The ledger.
        path: PathBuf,
    },
    /// Another file stands where the ledger stood.
    #[error("{path}: the ledger was removed or replaced while {name} was writing in it", path = path.display())]
    Replaced {
        /// Who.
        name: Name,
        /// The ledger.
        path: PathBuf,
    },
}

/// Where somebody lives who does not live here.
fn on(machine: Option<Name>) -> String {
    machine.map_or_else(|| "on another machine".into(), |machine| format!("on {machine}"))
}

/// What a person can do where the system keeps a priest from his ledger; nothing where it fails in
/// another way.
fn repair(ledger: &Path, refused: &io::Error) -> String {
    use io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem};
    if !matches!(refused.kind(), PermissionDenied | ReadOnlyFilesystem) {
        return String::new();
    }
    let name = ledger.file_stem().unwrap_or_default().to_string_lossy();
    format!(
        "; let the user who runs this read and write it, or go on without {name}: `--absent {name}`"
    )
}
