//! A Parliament on several machines, each a directory of its own; what carries rows between them is a
//! few lines of these tests. `[ours]`

#![cfg(feature = "cli")]

mod bodies;
mod courier;
mod follow;
mod parts;
mod sea;
