//! The tests of the Parliament, in the order of the paper. One program, so that a test that waits
//! for a priest stands beside one that works.
//!
//! `cargo test --test suite learning::` runs one part; `tidy`, `house`, `phrases` and `readme` are the
//! tests of the text, and programs of their own.

// The ground that they stand on.
#[cfg(feature = "files")]
mod common;
#[cfg(all(unix, feature = "cli"))]
mod novices;
#[cfg(feature = "cli")]
mod parsers;
#[cfg(any(feature = "chronicle", feature = "cli"))]
mod script;
#[cfg(any(feature = "chronicle", feature = "cli"))]
mod skipping;

// The paper, without a file: §2.1, §2.3, §3.
mod conditions;
mod parliament;
mod theorems;
mod transcripts;

// The records: ledgers, messagebooks, and those who read them.
mod audit;
mod audit_honest;
mod evidence;
mod evidence_properties;
mod founding;
mod fuzz_corpus;
mod keeping;
mod ledger;
mod messagebook;
mod one_judge;
mod python;
mod remains;
mod shown;
mod spreadsheet;
mod trust;

// Priests with bodies, who are killed, and return.
mod adversity;
mod binding;
mod crash;
mod drying;
mod files;
mod knocking;
mod machines;
mod soak;

// The Parliament as its user runs it.
mod answers;
mod archive;
mod awaited;
mod dated;
mod law;
mod law_page;
mod learning;
mod long_ledgers;
mod long_sitting;
mod patient;
mod rivals;
mod sitting;
mod synod;

// Search, simulation and heresies.
mod elsewhere;
mod explore;
mod heresies;
mod heresies_of_parliament;
mod live_trace;
mod simulate;
mod trace;
mod traces;

// Lessons, pages and the playground: all that teaches.
mod browser;
mod chronicle;
mod class;
mod examine;
mod examine_files;
mod examine_parliament;
mod examine_roads;
mod examples;
mod help;
mod lessons;
mod play;
mod scene;
mod watch;
mod web;
mod window;
