//! The errors that keep a priest from his ledger, each with its repair.

use std::io;
use std::path::{Path, PathBuf};

use super::founding::ChamberError;
use super::kept_out::{Older, going_on_without};
use crate::records::flaw::BadRow;
use crate::records::record::Place;
use crate::words::{Founding, Name};

/// The reason why a priest's ledger could not be opened or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// The chamber is not founded.
    #[error("{path}: there is no ledger here, since this chamber has not been founded; `parliament synod DECREE` founds it", path = path.display())]
    NotFounded {
        /// The path that the ledger would have.
        path: PathBuf,
    },
    /// The founding decree does not name him, and no decree has seated him since.
    #[error("{name} is not a legislator of this chamber; they are: {founding}")]
    Stranger {
        /// The one who is no legislator.
        name: Name,
        /// The founding decree.
        founding: Founding,
    },
    /// The ledger is missing, or lacks decree 0, while others have it. `[PTP §1.3 note 3]`
    #[error(
        "{path}: {name} has amnesia: this ledger {what}, while the others hold decree 0, so {name}'s promises are forgotten\n{}",
        going_on_without(*name), path = path.display()
    )]
    Amnesia {
        /// The owner of the ledger.
        name: Name,
        /// The path of the ledger.
        path: PathBuf,
        /// The fault.
        what: &'static str,
    },
    /// The ledger is missing, and there is one with his name in another spelling.
    #[error(
        "{path}: {name}'s ledger is not here, but `{there}.csv` is: the same name in another spelling, and his is `{spelt}`. A copy through another system can do this. Rename the file, unless it is another's; or go on without him: `--absent {name}`",
        path = path.display(), there = other.spelt(), spelt = name.spelt()
    )]
    Misspelt {
        /// The owner of the ledger.
        name: Name,
        /// The name of the ledger that is here.
        other: Name,
        /// The path that his ledger should have.
        path: PathBuf,
    },
    /// He lives on another machine, so his ledger is not opened or made here.
    #[error(
        "{path}: {name} lives {}, not on this machine: his ledger is there, and one priest has one body. Bring him in there: `parliament priest {name}`",
        on(*machine), path = path.display()
    )]
    Elsewhere {
        /// The priest.
        name: Name,
        /// His machine, if it is known here.
        machine: Option<Name>,
        /// The path that his ledger would have.
        path: PathBuf,
    },
    /// The ledger is a copy of one on another machine.
    #[error(
        "{path}: this is a copy of {name}'s ledger, which lives on another machine: it is read, and nobody comes in with it, for one priest has one body",
        path = path.display()
    )]
    Copied {
        /// The priest.
        name: Name,
        /// The copy.
        path: PathBuf,
    },
    /// A decree seats him on a machine, and no roster says which machine this is.
    #[error(
        "{path}: a decree seats {name} on {machine}, and this chamber has no roster that says which machine this is. If `roster.csv` and `ledgers/.roster` were lost, put them back; if this chamber lies on one machine, unseat {name}, and seat another without a machine",
        path = path.display()
    )]
    NoRoster {
        /// The priest.
        name: Name,
        /// His machine.
        machine: Name,
        /// The path that his ledger would have.
        path: PathBuf,
    },
    /// The name of a legislator who was seated is another's in another spelling.
    #[error(
        "{path}: {name} gets no ledger, since `{there}` has one: the same name in another spelling, and some file systems take both for one file. Unseat {name}, and seat him under another name", there = other.spelt(), path = path.display()
    )]
    Alike {
        /// The legislator who was seated.
        name: Name,
        /// The one who has a ledger.
        other: Name,
        /// The path that his ledger would have.
        path: PathBuf,
    },
    /// The records prove that the ledger is older than its priest, or that he had one and it is
    /// gone. `[PTP §1.3 note 3]`
    #[error(transparent)]
    Older(Box<Older>),
    /// The ledger belongs to another chamber.
    #[error(
        "{place}: this ledger is from another chamber, founded as `{theirs}`, while this one was founded as `{ours}`; put it back where it belongs, or go on without {name}: `--absent {name}`"
    )]
    Foreign {
        /// The owner of the ledger.
        name: Name,
        /// The place of its decree 0.
        place: Place,
        /// Its decree 0.
        theirs: String,
        /// The decree 0 of this chamber.
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
    /// The columns are not in the order in which rows are appended.
    #[error("{path}:1:1: this ledger names other columns, or another order, than `{header}`, in which rows are appended; put the columns in that order, or go on without {name}: `--absent {name}`", path = path.display(), header = crate::records::ledger_row::LEDGER_HEADER)]
    Columns {
        /// The owner of the ledger.
        name: Name,
        /// The ledger.
        path: PathBuf,
    },
    /// Another process holds the ledger's lock.
    #[error("{path}: this ledger is locked: another process runs {name}, and one priest has one body; end that process first", path = path.display())]
    Taken {
        /// The priest.
        name: Name,
        /// The ledger.
        path: PathBuf,
    },
    /// The chamber itself cannot be read.
    #[error(transparent)]
    Chamber(#[from] Box<ChamberError>),
    /// The system reported an error.
    #[error("{path}: cannot {doing}: {source}{repair}", path = path.display(), repair = repair(path, source))]
    Io {
        /// The ledger.
        path: PathBuf,
        /// The action that failed.
        doing: &'static str,
        /// The system's error.
        source: io::Error,
    },
    /// After an earlier failure nobody knows which rows are durable.
    #[error("{path}: an earlier write or fdatasync of this ledger failed; it must be opened and read again", path = path.display())]
    Spoiled {
        /// The ledger.
        path: PathBuf,
    },
    /// Somebody else wrote in it.
    #[error("{path}: somebody wrote in this ledger while {name} was writing in it; {name} leaves, and returns by reading it again", path = path.display())]
    Intruded {
        /// The priest.
        name: Name,
        /// The ledger.
        path: PathBuf,
    },
    /// The ledger's name now belongs to another file, or to none.
    #[error("{path}: the ledger was removed or replaced while {name} was writing in it", path = path.display())]
    Replaced {
        /// The priest.
        name: Name,
        /// The ledger.
        path: PathBuf,
    },
}

/// The machine of a priest who lives elsewhere, in words.
fn on(machine: Option<Name>) -> String {
    machine.map_or_else(|| "on another machine".into(), |machine| format!("on {machine}"))
}

/// The repair if the system denies access to a ledger; empty for other errors.
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
