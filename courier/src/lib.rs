//! Carries the letters of a Parliament between the machines on which it sits.
//!
//! A courier takes new rows from the outboxes of its chamber and hands rows from other machines to
//! the priests of its own. It knows nothing of Paxos, and no priest knows of it: files are the only
//! interface. It may lose, repeat and delay letters, as any messenger may.

pub mod accounts;
pub mod allowance;
pub mod charter;
pub mod courier;
pub mod engine;
pub mod founding;
pub mod frame;
pub mod home;
pub mod joining;
pub mod key;
pub mod keys;
pub mod law;
pub mod lookout;
pub mod machines;
pub mod mirrors;
pub mod quic;
