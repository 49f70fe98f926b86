//! A class: a teacher asks, many phones answer, talk, answer again, and see why. No name, no file, no
//! clock and no network is known here: phones are random keys, and what each is shown is JSON.
//!
//! | file | what it tells |
//! |---|---|
//! | `beliefs` | the thirteen usual misconceptions |
//! | `asked` | a question put to a class: from a move of the scene, ready, or the teacher's own |
//! | `ready` | the ready questions, one for each misconception |
//! | `poll` | a question's two rounds: who may answer, and what was answered |
//! | `moment` | a moment of the scene: the class's own, or that of a phone |
//! | `seats` | the phones: how many, and who must go when there are too many |
//! | `sight` | a scene as a phone shows it |
//! | [`hour`] | the class itself: what the teacher and the phones do, and what comes of it |
//! | `shown` | what the teacher and the phones are shown |
//! | `totals` | answers and misconceptions, as CSV |

pub(crate) mod asked;
pub(crate) mod beliefs;
pub(crate) mod hour;
mod moment;
mod poll;
pub(crate) mod ready;
pub(crate) mod seats;
mod shown;
mod sight;
mod totals;

#[cfg(test)]
mod tests;

pub(crate) use asked::{Asked, Own};
pub(crate) use hour::{Class, Deed};
pub(crate) use moment::Moment;
pub(crate) use seats::Key;
