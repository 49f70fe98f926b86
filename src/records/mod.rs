//! Records: what a row of a ledger or messagebook is, and the bytes in which it stands.
//!
//! Bytes in, words out, and back: nothing here opens a file, which `chamber`
//! alone does. Priests, the auditor, the trace and the pictures ask here what a row says.
//!
//! | file | what it tells |
//! |---|---|
//! | [`record`] | what a row is, where it stands, and whether it is as it was inked |
//! | `column`, `filled` | the columns, and which of them a message or an entry fills |
//! | `flaw` | what can be wrong with a row, and its repair |
//! | `lines`, `split`, `table`, `known` | the lines of a growing file, and their fields |
//! | [`ledger_row`], [`message_row`] | rows written, sealed and read |
//! | `quill`, `at` | fields and times in the words that rows bear |
//! | `remains` | what a crash leaves at the end of a ledger, told from damage |
//! | `rows` | the rows of a ledger, one after the other |
//! | `examination` | a ledger read from its first row to its last |
//! | `evidence` | what one record proves of a ledger that may be older than its priest |

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
pub use flaw::{BadRow, Flaw};
pub use record::{LONGEST_ROW, LedgerRow, MessageRow, Place, Seal};
pub use rows::LedgerRows;
