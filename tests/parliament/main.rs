//! The Parliament in a Chamber of memory: tests named after the paper's sections.

mod chamber;
mod judge;
mod pace;
mod passing;
mod wild;
