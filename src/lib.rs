//! The Part-Time Parliament: Paxos as Lamport first told it, in files a person can read.
//!
//! The tour, in reading order; sections are those of *The Part-Time Parliament* (PTP):
//!
//! 1. [`synod`]: how priests choose one decree. Pure. `[PTP §2, Appendix]`
//! 2. [`chamber`]: ledgers, messagebooks and messengers: the only home of protocol files.
//! 3. [`god`]: convenes the Chamber and embodies the priests, one thread each.
//! 4. [`story`]: what happened, told line by line with its section.
//! 5. [`invariants`]: I1 to I7, B1 to B3, as the gods watch them. `[PTP §2.1, Appendix A2]`
//! 6. [`explore`]: every state the priests can reach.
//! 7. [`heresies`]: broken protocols, to prove that the gods see.
//! 8. `commands`: one small file per subcommand.
//!
//! The way of data: decree → president → [`synod::Deed`] → ledger → letters → messenger →
//! messagebook → messenger → priest → [`synod::Deed`] → ledger → … → outcome.
#![deny(missing_docs)]
#![forbid(unsafe_code)]

pub mod chamber;
pub mod chance;
#[cfg(feature = "cli")]
pub mod commands;
pub mod explore;
pub mod god;
pub mod heresies;
pub mod invariants;
pub mod story;
pub mod synod;
