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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lessons::cast::Cast;

    #[test]
    fn every_lesson_names_a_heresy_that_there_is() {
        for lesson in ALL {
            let (_, command) = lesson.after.heresy;
            let Some((_, name)) = command.split_once("--heresy ") else { continue };
            assert!(crate::heresies::find(name).is_some(), "lesson {}: {name}", lesson.number);
        }
    }

    #[test]
    fn lessons_are_numbered_in_order_and_leave_no_template_unfilled() {
        let cast = Cast::of(Some("Ada"));
        for (number, lesson) in (1..).zip(ALL) {
            assert_eq!(lesson.number, number);
            let after = &lesson.after;
            let told = [after.why, after.heresy.0, after.quiz, after.picture];
            let titles = lesson.steps.iter().map(|step| step.title);
            let texts = told.into_iter().chain(titles).chain(lesson.hints);
            let texts = texts.map(|text| cast.fill(text)).chain([lesson.page(&cast)]);
            for text in texts {
                assert!(!text.contains('{'), "lesson {number}: {text}");
            }
        }
    }
}
