//! Every state the priests can reach, with whatever the messengers do to them.
//!
//! | file | what it tells |
//! |---|---|
//! | [`scope`] | how much of the world is searched, and which worlds differ only by names |
//! | [`pages`] | a ledger in memory, whose power may fail |
//! | [`conduct`] | what a priest does at one event: the real functions, the real [`crate::synod::Deed::perform`] |
//! | `situations` | what each priest does in each situation, asked of him once |
//! | `chronicle` | B as the gods have seen it, and whether the invariants hold |
//! | `visited` | the states met so far |
//! | `worlds` | the states of one world, each judged when it is met |
//! | `hands` | several worlds at once, on all cores |
//! | [`search`] | breadth first, so that the first run found is a shortest one |
//! | `retrace` | the run that led to a state |
//! | [`story`] | that run, told |
//! | [`records`] | that run as a trace, or laid down as a chamber |
//!
//! A messenger may lose a letter, repeat it and carry it late. So letters sent form a set that
//! never shrinks: one that is never read was lost, one read twice was repeated. `[PTP §2.1]`

mod chronicle;
pub mod conduct;
mod hands;
pub mod pages;
pub mod parliament;
pub mod records;
mod retrace;
pub mod scope;
pub mod search;
mod situations;
pub mod story;
mod visited;
mod worlds;

pub use scope::{Scope, ScopeError};
pub use search::{Exploration, Findings, explore};
