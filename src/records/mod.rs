//! Records: the rows of ledgers and messagebooks, and how they are written as bytes.
//!
//! This room turns bytes into rows and rows into bytes. It opens no file: only `chamber` does.
//! Priests, the auditor, the trace and the pictures all read rows with it.
//!
//! | file | contents |
//! |---|---|
//! | [`record`] | a row, its place, and the state of its seal |
//! | `column`, `filled` | the columns, and those that a message or an entry fills |
//! | `flaw` | the flaws of a row, with their repairs |
//! | `lines`, `split`, `table`, `known` | the lines of a growing file, and their fields |
//! | [`ledger_row`], [`message_row`] | writing, sealing and reading rows |
//! | `quill`, `at` | writing fields and times |
//! | `remains` | telling the torn end that a crash leaves from damage |
//! | `rows` | an iterator over the rows of a ledger |
//! | `examination` | reading a ledger from its first row to its last |
//! | `evidence` | the notes that one record proves of a ledger, which may be an older copy |

pub(crate) mod at;
pub(crate) mod column;
pub(crate) mod evidence;
pub(crate) mod examination;
pub(crate) mod filled;
pub(crate) mod flaw;
mod known;
pub mod ledger_row;
pub(crate) mod lines;
pub mod message_row;
#[cfg(test)]
mod properties;
mod quill;
pub mod record;
pub(crate) mod remains;
mod rows;
mod split;
pub(crate) mod table;

pub use at::in_words;
pub use column::Column;
pub use evidence::{Claim, Held};
pub use examination::{Cut, Distrust, Opened, read_through};
#[cfg(feature = "cli")]
#[cfg(feature = "cli")]
pub(crate) use flaw::PUT_BACK;
pub use flaw::{BadRow, Flaw};
pub use record::{LONGEST_ROW, LedgerRow, MessageRow, Place, Seal};
pub use rows::LedgerRows;
