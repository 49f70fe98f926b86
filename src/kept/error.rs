//! Why a run could not be kept.

use crate::chamber::{ChamberError, LedgerError};

/// Why a run could not be kept.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeepError {
    /// A chamber stands there.
    #[error(
        "{0}: a record of a chamber is here already, and a run is kept in a chamber of its own; name another directory"
    )]
    Taken(String),
    /// It cannot be founded.
    #[error(transparent)]
    Chamber(#[from] ChamberError),
    /// A ledger cannot be written.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A file of the chamber cannot be written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: String,
        /// The system's error.
        source: std::io::Error,
    },
    /// A messagebook cannot be written.
    #[error("{path}: cannot append to the messagebook: {source}")]
    Messagebook {
        /// The messagebook.
        path: String,
        /// The system's error.
        source: std::io::Error,
    },
}
