//! Every state the priests can reach, with whatever the messengers do to them.
//!
//! | file | what it tells |
//! |---|---|
//! | `scope` | how much of the world is searched, and which worlds differ only by names |
//! | `world` | what the one search asks of a world |
//! | [`synod`], [`parliament`] | the worlds: one decree, and decree after decree |
//! | `onward` | the world of the Synod from a given moment on |
//! | `pages` | a ledger in memory, whose power may fail |
//! | `conduct` | what a priest does at one event: the real functions, the real [`crate::synod::Deed::perform`] |
//! | `minds` | what each priest does in each situation, asked of him once |
//! | `moves`, `letters` | events and what comes of them, and sets of letters, in numbers |
//! | `moments` | what the gods have seen, each B judged once |
//! | `visited` | the states met so far |
//! | `visit` | everything that may happen next in a state |
//! | `judge` | whether every rule holds in a new state |
//! | `block` | many states gone through at once, by several hands |
//! | `hands` | several hands, on all cores |
//! | `search` | breadth first, so that the first run found is a shortest one |
//! | `gauge` | how far a search has come, and whether it is to stop |
//! | `story` | that run, told |
//!
//! A messenger may lose a letter, repeat it and carry it late. So letters sent form a set that
//! never shrinks: one that is never read was lost, one read twice was repeated. `[PTP §2.1]`

mod block;
pub(crate) mod conduct;
pub(crate) mod gauge;
mod hands;
mod judge;
mod letters;
mod minds;
mod moments;
mod moves;
pub(crate) mod onward;
pub(crate) mod pages;
pub mod parliament;
pub(crate) mod scope;
pub(crate) mod search;
pub(crate) mod story;
pub mod synod;
mod visit;
mod visited;
pub(crate) mod world;

pub use conduct::{Situation, Upshot};
pub use gauge::{Gauge, Stopped};
pub use pages::{Pages, Power};
pub use scope::{Scope, ScopeError};
pub use search::{Findings, explore};
pub use story::{Chapter, Story};
pub use synod::Exploration;
pub use world::{Accord, World, Worlds};
