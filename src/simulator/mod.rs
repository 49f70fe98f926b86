//! A seeded Chamber in memory, and the invariants that the gods watch in it.

pub mod invariants;
