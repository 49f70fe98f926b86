//! How lessons are told: to a student at a terminal, to a pipe, and to a grader.

use std::collections::BTreeSet;
use std::io::Read;
use std::process::Stdio;

use serde_json::Value;

use super::student::Student;
use crate::common::{Ended, wait_until};

#[test]
fn a_page_and_all_that_is_said_hold_eighty_columns() {
    for name in [None, Some("Ada"), Some("Bob")] {
        let student = Student::new(name);
        for lesson in student.list() {
            let number = lesson.number.to_string();
            let mut said = student.page(lesson.number);
            said += &student.house.run(&["lesson", "check", &number]).out;
            for _ in 0..4 {
                said += &student.house.run(&["lesson", "hint", &number]).out;
            }
            said += &student.house.run(&["lesson", "reset", &number]).exits(0).out;
            for line in said.lines() {
                assert!(line.chars().count() <= 80, "{line}");
            }
        }
    }
}

/// A first-time student finishes lessons 1 to 4 in half an hour.
#[test]
fn the_first_lessons_stay_short_to_read() {
    let student = Student::new(None);
    let words = |text: &str| text.split_whitespace().count();
    let pages: usize = (1..=4).map(|lesson| words(&student.page(lesson))).sum();
    let commands: usize = (1..=4).map(|lesson| student.commands(lesson).len()).sum();
    assert!(pages <= 950 && commands <= 12, "{pages} words, {commands} commands");
    let told = student.types(1, &student.commands(1)[0]);
    assert!(words(&told.out) + words(&told.err) <= 10, "{}{}", told.out, told.err);
    let told = student.types(2, &student.commands(2)[1]);
    assert!(words(&told.out) + words(&told.err) <= 60, "{}{}", told.out, told.err);
}

#[test]
fn four_hints_are_given_one_after_the_other() {
    let student = Student::new(None);
    for lesson in student.list() {
        let number = lesson.number.to_string();
        let hint = || student.house.run(&["lesson", "hint", &number]).exits(0).out;
        let told: Vec<String> = (0..5).map(|_| hint()).collect();
        for (i, hint) in told.iter().take(4).enumerate() {
            assert!(hint.starts_with(&format!("Hint {} of 4: ", i + 1)), "{hint}");
        }
        assert_eq!(told[3], told[4]);
        assert!(!format!("{told:?}").contains('{'), "a template is not filled: {told:?}");
    }
}

#[test]
fn a_grader_reads_one_test_for_each_lesson() {
    let student = Student::new(Some("Ada"));
    super::solutions::solve(&student, 1);
    let told = student.house.run(&["lesson", "--once", "--json"]).exits(1).out;
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(
        (&told["version"], &told["status"], &told["student"]),
        (&2.into(), &"fail".into(), &"Ada".into())
    );
    let tests = told["tests"].as_array().unwrap();
    assert_eq!(tests.len(), student.list().len());
    assert_eq!((&tests[0]["name"], &tests[0]["status"]), (&"1. Ink".into(), &"pass".into()));
    assert_eq!(tests[1]["status"], "fail");
    assert!(tests[1]["message"].as_str().unwrap().contains("Write yes or no"));
}

#[test]
fn a_wrong_guess_hides_no_later_judgment() {
    let student = Student::new(None);
    super::solutions::solve(&student, 1);
    student.answers(1, "away", "yes");
    student.answers(1, "learnt", "nobody");
    let checked = || {
        let told = student.house.run(&["lesson", "check", "1"]).exits(1).out;
        told.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let told = checked();
    let at = |what: &str| told.find(what).unwrap_or_else(|| panic!("{what} in {told}"));
    let first = at("- wrong: lessons/01-ink/answer.csv:2:6: “yes” is not so.");
    let then = at("- done: the voters are named");
    assert!(
        first < then && then < at("- wrong: lessons/01-ink/answer.csv:4:8: “nobody”"),
        "{told}"
    );
    let plain = student.house.run(&["lesson", "check", "1", "--plain"]).exits(1).out;
    let lines: Vec<&str> = plain.lines().collect();
    assert!(lines.len() == 2 && lines[1].starts_with("Lesson 1, step 5: "), "{plain}");
    student.answers(1, "voters", "");
    let told = checked();
    assert!(!told.contains("“nobody”"), "nothing is judged behind an open question: {told}");
}

#[test]
fn progress_tells_what_was_guessed_first() {
    let student = Student::new(None);
    student.answers(1, "away", "yes");
    student.check(1);
    student.answers(1, "away", "no");
    student.check(1);
    student.check(1);
    let progress = student.house.path().join("lessons/progress.csv");
    let rows = student.house.rows(&progress);
    let answered: Vec<&str> = rows
        .iter()
        .filter(|row| row["lesson"] == "1" && row["event"] == "answered")
        .map(|row| &*row["detail"])
        .collect();
    assert_eq!(answered, ["away=yes", "away=no"]);
}

#[test]
fn lessons_belong_to_one_student_and_are_found_from_within() {
    let student = Student::new(Some("Ada"));
    student.house.run(&["lesson", "list", "--student", "Ada"]).exits(0);
    student.house.run(&["lesson", "list", "--student", "Bob"]).exits(2).says("begun by Ada");
    student.types(1, "parliament lesson check 1").says("Write yes or no");
    student.types(4, "parliament lesson check").says("Lesson 4. The late letter");
    assert!(!student.path(1, "lessons").exists());
    let beside = student.house.path().join("notes");
    std::fs::create_dir(&beside).unwrap();
    let list = |options: &[&str]| {
        let mut command = student.house.command(options);
        Ended::of(command.current_dir(&beside).output().unwrap())
    };
    list(&["lesson", "list"]).exits(0);
    assert!(!beside.join("lessons").exists(), "those above are found");
    list(&["lesson", "--student", "Bob", "list"]).exits(2).says("begun by Ada");
    list(&["lesson", "--lessons", "mine", "--student", "Bob", "list"]).exits(0);
    assert!(beside.join("mine/progress.csv").exists(), "options count before the word too");
}

#[test]
fn a_watched_lesson_is_checked_again_at_each_save_and_stays() {
    let student = Student::new(None);
    let mut running =
        student.house.command(&["lesson", "--plain"]).stdout(Stdio::piped()).spawn().unwrap();
    let progress = student.house.path().join("lessons/progress.csv");
    let has = |what: &str| std::fs::read_to_string(&progress).unwrap().contains(what);
    wait_until("the first check", || has("1,missing,"));
    super::solutions::solve(&student, 1);
    wait_until("it is solved", || has("1,solved,"));
    student.answers(1, "away", "yes");
    wait_until("it is checked again", || has("Not every ledger"));
    running.kill().unwrap();
    let mut told = String::new();
    running.stdout.take().unwrap().read_to_string(&mut told).unwrap();
    running.wait().unwrap();
    assert!(told.contains("Lesson 1 is solved") && !told.contains("Lesson 2"), "{told}");
    let lines = told.lines().filter(|line| line.starts_with("Lesson 1, "));
    assert!(lines.count() >= 2, "{told}");
}

/// The page for teachers, as far as it lists what each lesson attacks.
#[test]
fn the_teachers_page_names_the_lessons_of_each_misconception() {
    let page = include_str!("../../docs/teaching.md");
    let (mut told, mut taught) = (BTreeSet::new(), BTreeSet::new());
    for line in page.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let Ok(misconception) = cells[1].parse::<u64>() else { continue };
        if cells.len() == 5 {
            let lessons = cells[3].split(", ").map(|lesson| lesson.parse::<u8>().unwrap());
            told.extend(lessons.map(|lesson| (misconception, lesson)));
        }
    }
    for lesson in Student::new(None).list() {
        taught.extend(lesson.misconceptions.iter().map(|it| (*it, lesson.number)));
    }
    assert_eq!(told, taught);
    let all: BTreeSet<u64> = taught.iter().map(|(misconception, _)| *misconception).collect();
    assert_eq!(all, (1..=13).collect());
}
