//! The lessons, walked as a student walks them: with the program, an editor, and nothing besides.
//!
//! `solutions` solves each lesson with what its `LESSON.md` shows; `wrong` gives each known wrong
//! answer, and reads what is said to it.
#![cfg(feature = "cli")]

mod files;
mod solutions;
mod student;
mod told;
mod wrong;
