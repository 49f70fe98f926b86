//! The Part-Time Parliament: Paxos as Lamport first told it, in files a person can read.
//!
//! The tour, in reading order; sections are those of *The Part-Time Parliament* (PTP):
//!
//! 1. [`synod`]: how priests choose one decree. Pure. `[PTP §2, Appendix]`
//! 2. [`parliament`]: how legislators pass decree after decree under one president. Pure.
//!    `[PTP §3]`
//! 3. [`chamber`]: ledgers, messagebooks and messengers: the only home of protocol files.
//! 4. [`god`]: convenes the Chamber and embodies the priests, one thread each.
//! 5. [`audit`]: B, judged from the records alone, by one who shares no rule with the priests.
//! 6. [`story`]: what happened, told line by line with its section.
//! 7. [`trace`]: all that happened, one row each, in one causal order.
//! 8. [`picture`]: the chronicle, drawn from records and verdicts alone.
//! 9. `commands`: one small file per subcommand.
//!
//! The way of data: decree → president → [`synod::Deed`] → ledger → letters → messenger →
//! messagebook → messenger → priest → [`synod::Deed`] → ledger → … → outcome.
#![deny(missing_docs)]
#![forbid(unsafe_code)]

pub mod audit;
pub mod chamber;
pub mod chance;
#[cfg(feature = "cli")]
pub mod commands;
pub mod god;
pub mod parliament;
pub mod picture;
pub mod story;
pub mod synod;
pub mod trace;
