//! The lessons, a file each, in the order in which they are taken.

use super::lesson::Lesson;

mod again;
mod duel;
mod enough;
mod fates;
mod five;
mod highest;
mod ink;
mod late;
mod lost;
mod lower;
mod olive;
mod promise;
mod seats;
mod slip;
mod today;
mod wet;

/// Every lesson, in order.
pub(crate) const ALL: &[Lesson] = &[
    ink::LESSON,
    enough::LESSON,
    promise::LESSON,
    late::LESSON,
    wet::LESSON,
    slip::LESSON,
    fates::LESSON,
    five::LESSON,
    highest::LESSON,
    lower::LESSON,
    again::LESSON,
    duel::LESSON,
    olive::LESSON,
    today::LESSON,
    lost::LESSON,
    seats::LESSON,
];
