//! The only home of protocol files: ledgers, messagebooks, messengers.
//! [`records`](crate::records) reads and writes the rows in them.
//!
//! | file | contents |
//! |---|---|
//! | `regular` | the one place where records are opened: a record is a regular file |
//! | `ledger`, `ledger_error` | a priest's ledger: inking, drying, and errors |
//! | `opening` | reading a ledger, and opening it if its priest may enter |
//! | `gathered`, `proved` | evidence gathered while the auditor reads the same rows |
//! | `evidence`, `witnesses`, `kept_out` | evidence that a ledger is older than its priest |
//! | `binding` | replacing a long ledger with a law book; the archive |
//! | `trust` | whether a ledger can be trusted |
//! | `messagebook` | an inbox: appended to by all, watched by its owner |
//! | `quoted` | decrees that several priests read, each kept once |
//! | `archive` | messagebooks that have grown long |
//! | `following` | a ledger or a chamber as it grows, for citizens |
//! | [`messenger`] | carrying letters, and losing them on request |
//! | `watch` | waking a priest when letters have come |
//! | `founding` | decree 0 in every ledger, or in none |
//! | `aside` | moving the records of an earlier chamber aside |
//! | `reading` | reading records without changing them |
//! | `crossing` | rows that cross from one machine to another |
//! | `abroad` | copies of ledgers that live on other machines |
//! | `heard` | the priests on other machines who wrote lately |
//! | `laying` | writing a whole chamber |
//! | `papers` | files beside the records, opened with the same care |
//! | `roster` | the priests who live on this machine, if a Parliament sits on several |
//! | `settling` | founding a part of a Parliament: the roster before any ledger |
//! | `seating` | a ledger for a legislator whom a decree seats |
//! | `wall_clock` | this machine's clock |
//! | `extents` | the records to judge, with their lengths at one moment |
//! | `audit`, `audited` | presenting the whole chamber to the auditor, and one file of it |
//! | `readers` | several readers who share the files |

use std::collections::BTreeSet;
use std::fmt;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::words::{Founding, Name};
use blotter::Blotters;
use quoted::Quoted;

pub mod abroad;
pub(crate) mod archive;
mod aside;
mod audit;
mod audited;
pub(crate) mod binding;
mod blotter;
pub mod crossing;
pub(crate) mod evidence;
mod extents;
pub(crate) mod following;
pub(crate) mod founding;
mod gathered;
mod heard;
pub(crate) mod kept_out;
mod laying;
pub(crate) mod ledger;
pub(crate) mod ledger_error;
mod locked;
pub(crate) mod messagebook;
pub mod messenger;
pub(crate) mod opening;
pub(crate) mod papers;
mod proved;
mod quoted;
mod readers;
mod reading;
pub(crate) mod regular;
pub(crate) mod roster;
mod seating;
mod settling;
mod striking;
mod trust;
mod wall_clock;
pub(crate) mod watch;
mod witnesses;

pub use archive::{MessageRows, Volume};
pub use binding::Stage;
pub use evidence::{Case, Evidence, Hand, Looked, Proof, Reach};
pub use extents::AuditError;
pub use following::{Come, Following, Watching};
pub use founding::{ChamberError, Hands};
pub use kept_out::{AllOlder, Lack, Older};
pub use ledger::LedgerFile;
pub use ledger_error::LedgerError;
pub use messagebook::Bookmark;
pub use messagebook::{Cursor, Messagebook};
pub use opening::{LaidDown, TakenDown};
pub use proved::Proved;
pub use reading::{line_of, lines_of, read_ledger};
pub use roster::{Roster, RosterError};
pub use wall_clock::wall_clock;
pub use watch::{Door, Watch};

/// Returns the time that is written in rows. No decision depends on it.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// Dries a ledger's ink, by fdatasync unless a caller sets another function.
pub type Drying = Arc<dyn Fn(&File) -> io::Result<()> + Send + Sync>;

/// The default length in bytes at which a messagebook is archived.
pub const ARCHIVED_AT: u64 = 64 << 20;

/// More priests than these share the decrees that they read.
const FEW: usize = 8;

/// The default time to wait for another process that founds the chamber. It makes and dries a
/// ledger for each legislator.
const FOUNDING_TAKES: Duration = Duration::from_secs(5);

/// A chamber: a directory with `ledgers/` and `messagebooks/`.
#[derive(Clone)]
pub struct Chamber {
    root: PathBuf,
    clock: Clock,
    drying: Drying,
    archived_at: u64,
    /// The time to wait for another process that founds it.
    patience: Duration,
    /// The priests who enter although their ledgers are older than they are.
    risked: Arc<BTreeSet<Name>>,
    /// The founding decree, once it has been read: it never changes.
    founding: Arc<OnceLock<Founding>>,
    /// The roster, once it has been read: it is written once.
    roster: Arc<OnceLock<Roster>>,
    /// The threads that dry ledgers while their owners read on.
    blotters: Arc<Blotters>,
    /// The decrees that its priests in this process have read lately, if they share them.
    quoted: Option<Arc<Quoted>>,
}

impl Chamber {
    /// The chamber in this directory, which need not be founded yet.
    #[must_use]
    pub fn at(root: impl Into<PathBuf>) -> Chamber {
        Chamber {
            root: root.into(),
            clock: Arc::new(wall_clock),
            drying: Arc::new(File::sync_data),
            archived_at: ARCHIVED_AT,
            patience: FOUNDING_TAKES,
            risked: Arc::default(),
            founding: Arc::default(),
            roster: Arc::default(),
            blotters: Arc::default(),
            quoted: None,
        }
    }

    /// Returns this chamber with another clock for the times in rows.
    #[must_use]
    pub fn with_clock(self, clock: Clock) -> Chamber {
        Chamber { clock, ..self }
    }

    /// Returns this chamber with another function that dries ledgers, for tests that observe
    /// dryings or let them fail. It must not return success for ink that is not dry.
    #[must_use]
    pub fn with_drying(self, drying: Drying) -> Chamber {
        Chamber { drying, ..self }
    }

    /// Returns this chamber with another time to wait for a process that founds it; the default is
    /// 5 seconds.
    #[must_use]
    pub fn waiting_at_most(self, patience: Duration) -> Chamber {
        Chamber { patience, ..self }
    }

    /// Returns this chamber, in which these priests enter even if their ledgers are proved to be
    /// older than they are. All proved notes are inked first. A promise that no record shows is
    /// forgotten, and then two decrees may pass under one number.
    #[must_use]
    pub fn risking_two_decrees(self, names: BTreeSet<Name>) -> Chamber {
        Chamber { risked: Arc::new(names), ..self }
    }

    /// This chamber for this many priests of one process. If they are more than a few, those who
    /// read equal decrees share one, so that they take little memory. A few read faster each for
    /// himself: cores take turns at what is shared.
    #[must_use]
    pub(crate) fn shared_by(&self, priests: usize) -> Chamber {
        let quoted = (priests > FEW).then(Arc::default);
        Chamber { quoted, ..self.clone() }
    }

    /// The chamber's directory.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The directory of the ledgers.
    #[must_use]
    pub fn ledgers(&self) -> PathBuf {
        self.below("ledgers")
    }

    /// The directory of the messagebooks.
    #[must_use]
    pub fn messagebooks(&self) -> PathBuf {
        self.below("messagebooks")
    }

    /// The path of a priest's ledger.
    #[must_use]
    pub fn ledger(&self, name: Name) -> PathBuf {
        self.ledgers().join(format!("{name}.csv"))
    }

    /// The path of a priest's messagebook.
    #[must_use]
    pub fn messagebook(&self, name: Name) -> PathBuf {
        self.messagebooks().join(format!("{name}.csv"))
    }

    fn now(&self) -> DateTime<Utc> {
        (self.clock)()
    }

    /// A path below the root, as a user would write it.
    fn below(&self, directory: &str) -> PathBuf {
        if self.root == Path::new(".") { directory.into() } else { self.root.join(directory) }
    }
}

impl fmt::Debug for Chamber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Chamber").field(&self.root).finish()
    }
}
