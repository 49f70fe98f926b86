//! The Part-Time Parliament: Paxos as Lamport first told it, in files a person can read.
//!
//! A whole Synod of three priests, in memory. Letters may be carried in any order, lost or repeated;
//! the priests and their ledgers stay the same.
//!
//! ```
//! use std::collections::{BTreeMap, VecDeque};
//! use std::sync::Arc;
//! use parliament::synod::Priest;
//! use parliament::words::{Decree, Entry, Founding, Name};
//!
//! let members = Arc::new("Dwork Gray Oki".parse::<Founding>()?.membership);
//! let open = |name| (name, (Priest::from_ledger(name, members.clone(), &[]), Vec::<Entry>::new()));
//! let mut chamber: BTreeMap<Name, (Priest, Vec<Entry>)> = members.names().map(open).collect();
//! let (goats, oki) = (Decree::new("Goats may graze in the agora")?, "Oki".parse()?);
//! let (mut post, mut on_the_way) = (Vec::new(), VecDeque::new());
//! let (priest, ledger) = chamber.get_mut(&oki).unwrap();
//! priest.try_ballot("1.Oki".parse()?)?.perform(ledger, &mut post)?;
//! on_the_way.extend(post.drain(..).map(|letter| (oki, letter)));
//! while let Some((from, letter)) = on_the_way.pop_front() {
//!     let (priest, ledger) = chamber.get_mut(&letter.to).unwrap();
//!     let deed = priest.answer(from, letter.message, &goats).unwrap_or_default();
//!     deed.perform(ledger, &mut post)?;
//!     on_the_way.extend(post.drain(..).map(|next| (letter.to, next)));
//! }
//! assert!(chamber.values().all(|(priest, _)| priest.outcome() == Some(&goats)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The tour, in reading order; sections are those of *The Part-Time Parliament* (PTP):
//!
//! 1. [`words`]: what is said and written, without a rule.
//! 2. [`synod`]: how priests choose one decree. `[PTP §2, Appendix]`
//! 3. [`law`]: what decrees mean, who may vote, who holds an office. `[PTP §3.3, §4.1]`
//! 4. [`parliament`]: how legislators pass decree after decree under one president. `[PTP §3]`
//! 5. [`invariants`]: I1 to I7 and B1 to B3, clause by clause. `[PTP §2.1, Appendix A2]`
//! 6. [`records`]: what a row is, and its bytes.
//! 7. [`audit`]: B, judged from the records alone, by one who shares no rule with the priests.
//! 8. [`creeds`]: how a broken priest decides, as a wrapper over the sound one.
//! 9. [`explore`]: every state the priests can reach, and the shortest run that breaks a rule.
//! 10. [`heresies`]: the table of broken protocols, to prove that the gods see.
//! 11. [`trace`]: what happened, one row each, in one causal order.
//! 12. [`simulator`]: a Chamber in memory, in which everything follows from a seed.
//! 13. [`scene`]: a Chamber in memory, in which a person moves the priests.
//!
//! So far goes the pure core: it knows no file, clock, thread or terminal, and stands without
//! any feature. With the feature `files`:
//!
//! 14. `chamber`: ledgers, messagebooks and messengers, the only home of protocol files.
//! 15. `god`: convenes the Chamber and embodies the priests, one thread each.
//! 16. `picture`: a run drawn from its records: text, SVG, HTML.
//! 17. `kept`: a run that the search found or a person played, kept in records.
//! 18. `story`: what happened, told line by line with its section.
//!
//! And with `cli` the lessons, `examine`, which judges a priest that somebody else wrote, and the
//! command line, one small file for each subcommand.
//!
//! The way of data: decree → president → [`synod::Deed`] → ledger → letters → messenger →
//! messagebook → messenger → priest → [`synod::Deed`] → ledger → … → outcome.
#![deny(missing_docs, unnameable_types)]
#![forbid(unsafe_code)]
// Some of what the rooms hold is asked for by one feature alone.
#![cfg_attr(not(all(feature = "chronicle", feature = "tui", feature = "web")), allow(dead_code))]

pub mod audit;
#[cfg(feature = "files")]
pub mod chamber;
pub mod chance;
#[cfg(feature = "web")]
pub(crate) mod class;
#[cfg(feature = "cli")]
mod commands;

pub mod creeds;
#[cfg(feature = "cli")]
pub(crate) mod examine;
pub mod explore;
#[cfg(feature = "files")]
pub mod god;
pub mod heresies;
pub mod invariants;
#[cfg(feature = "files")]
pub mod kept;
pub mod law;
#[cfg(feature = "cli")]
mod lessons;
pub mod parliament;
#[cfg(feature = "files")]
pub mod picture;
#[cfg(feature = "cli")]
pub(crate) mod playground;
pub mod records;
#[cfg(feature = "files")]
pub(crate) mod restaged;
pub mod scene;
pub mod simulator;
#[cfg(feature = "files")]
pub mod story;
pub mod synod;
pub mod trace;
#[cfg(feature = "web")]
pub(crate) mod web;
pub mod words;

/// The command line: reads the arguments, runs the command, returns its exit code.
#[cfg(feature = "cli")]
#[doc(hidden)]
pub use commands::main;
