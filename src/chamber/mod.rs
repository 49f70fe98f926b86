//! The only home of protocol files: ledgers, messagebooks, messengers. What a row says is told in
//! [`records`](crate::records).
//!
//! | file | what it tells |
//! |---|---|
//! | `regular` | the one place where records are opened: a record is a regular file |
//! | `ledger`, `ledger_error` | a priest's ledger: inking, drying; what keeps him from it |
//! | [`opening`] | a ledger taken down, and opened once its priest may enter |
//! | `gathered` | evidence gathered in passing, while the auditor hears the same rows |
//! | [`evidence`], `witnesses`, `kept_out` | what other records prove of a ledger that is older than its priest |
//! | [`binding`] | a long ledger written anew, as a law book; the archive |
//! | `trust` | whether a ledger can be trusted, and what of it is cut |
//! | `messagebook` | an inbox: appended to by all, watched by its owner |
//! | `archive` | messagebooks that grew long |
//! | `following` | a ledger or a chamber as it grows, for citizens |
//! | [`messenger`] | watches messagebooks, carries letters, and on request loses them |
//! | `watch` | who wakes a priest when letters have come |
//! | `founding` | decree 0 in every ledger, or in none |
//! | `aside` | records of an earlier chamber, moved aside |
//! | `reading` | records read by those who only look |
//! | `heard` | who of those elsewhere was heard lately |
//! | `laying` | a chamber laid down whole |
//! | `papers` | files beside the records, opened with the same care |
//! | `roster` | who lives on this machine, where a Parliament sits on several |
//! | `settling` | a part that settles on a machine: the roster, before any ledger |
//! | `seating` | a ledger for one whom a decree seats |
//! | `wall_clock` | this machine's clock |
//! | `extents` | the records that are judged, as long as they were at one moment |
//! | `audit` | the whole chamber laid before the auditor |

use std::collections::BTreeSet;
use std::fmt;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::words::{Founding, Name};

pub(crate) mod archive;
mod aside;
pub(crate) mod audit;
pub mod binding;
mod blotter;
pub mod evidence;
mod extents;
pub(crate) mod following;
pub(crate) mod founding;
pub(crate) mod gathered;
mod heard;
pub(crate) mod kept_out;
mod laying;
pub(crate) mod ledger;
pub(crate) mod ledger_error;
pub(crate) mod messagebook;
pub mod messenger;
pub mod opening;
#[cfg(feature = "cli")]
pub(crate) mod papers;
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
pub use extents::AuditError;
pub use following::{Come, Following, Watching};
pub use founding::{ChamberError, Hands};
pub use gathered::Proved;
pub use kept_out::{AllOlder, Lack, Older};
pub use ledger::LedgerFile;
pub use ledger_error::LedgerError;
pub use messagebook::Bookmark;
pub use messagebook::{Cursor, Messagebook};
pub use reading::{line_of, lines_of, read_ledger};
pub use roster::{Roster, RosterError};
pub use wall_clock::wall_clock;
pub use watch::{Door, Watch};

/// Tells the time that rows bear. Nothing is ever decided by it.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// How a ledger's ink is dried.
pub type Drying = Arc<dyn Fn(&File) -> io::Result<()> + Send + Sync>;

/// How many bytes a messagebook grows to before it is archived, unless told.
pub const ARCHIVED_AT: u64 = 64 << 20;

/// How long another may take to found: he inks and dries a ledger for each legislator.
const FOUNDING_TAKES: Duration = Duration::from_secs(5);

/// A chamber: a directory with `ledgers/` and `messagebooks/`.
#[derive(Clone)]
pub struct Chamber {
    root: PathBuf,
    clock: Clock,
    drying: Drying,
    archived_at: u64,
    /// How long to wait for another who founds it.
    patience: Duration,
    /// The priests who enter although their ledgers are older than the evidence.
    risked: Arc<BTreeSet<Name>>,
    /// The founding decree, once it has been read: no ink is more indelible.
    founding: Arc<OnceLock<Founding>>,
    /// The roster, once it has been read: it is written once.
    roster: Arc<OnceLock<Roster>>,
}

impl Chamber {
    /// The chamber in this directory, whether or not it has been founded.
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
        }
    }

    /// This chamber, its rows dated by another clock.
    #[must_use]
    pub fn with_clock(self, clock: Clock) -> Chamber {
        Chamber { clock, ..self }
    }

    /// This chamber, the ink of its ledgers dried so, and not by fdatasync alone: for those who look
    /// on, or want it to fail. It must not say that ink is dry which is not.
    #[must_use]
    pub fn with_drying(self, drying: Drying) -> Chamber {
        Chamber { drying, ..self }
    }

    /// This chamber, where another who founds it is waited for at most so long: 5 seconds unless
    /// told.
    #[must_use]
    pub fn waiting_at_most(self, patience: Duration) -> Chamber {
        Chamber { patience, ..self }
    }

    /// This chamber, in which these priests enter though the records prove that their ledgers are
    /// older than they are. What is proved is inked first; a promise that no record shows is
    /// forgotten, and then two decrees may pass under one number.
    #[must_use]
    pub fn risking_two_decrees(self, names: BTreeSet<Name>) -> Chamber {
        Chamber { risked: Arc::new(names), ..self }
    }

    /// The directory itself.
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

    /// The ledger of a priest.
    #[must_use]
    pub fn ledger(&self, name: Name) -> PathBuf {
        self.ledgers().join(format!("{name}.csv"))
    }

    /// The messagebook of a priest.
    #[must_use]
    pub fn messagebook(&self, name: Name) -> PathBuf {
        self.messagebooks().join(format!("{name}.csv"))
    }

    fn now(&self) -> DateTime<Utc> {
        (self.clock)()
    }

    /// A path below the root, as short as the user would write it.
    fn below(&self, directory: &str) -> PathBuf {
        if self.root == Path::new(".") { directory.into() } else { self.root.join(directory) }
    }
}

impl fmt::Debug for Chamber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Chamber").field(&self.root).finish()
    }
}
