//! Every state legislators can reach, with whatever the messengers do to them. `[PTP §3]`
//!
//! As the search of the Synod, one floor up: many decree numbers under one promise, petitions that
//! may be read again and again, and laws that must agree.
//!
//! | file | what it tells |
//! |---|---|
//! | [`scope`] | how much of the world is searched |
//! | [`conduct`] | what a legislator does at one event |
//! | `history` | B of every decree number, and what was proposed too late |
//! | [`rules`] | what must hold of a legislator, of two, and of a letter |
//! | [`world`] | this, as the one search asks for it |

pub mod conduct;
pub mod history;
pub mod rules;
pub mod scope;
pub mod world;

pub use scope::ParliamentSearch;
