//! The Parliament in a Chamber of memory: tests named after the paper's sections.

mod books;
mod chair;
mod chamber;
mod copying;
mod far;
mod histories;
mod judge;
mod membership;
mod pace;
mod passing;
mod petitions;
mod progress;
mod restating;
mod wild;
