//! Each lesson, solved with what its LESSON.md shows; and nothing but its own solution solves it.

use std::path::Path;
use std::process::Child;

use super::student::Student;
use crate::common::{echo, wait_until};

/// Solves a lesson.
pub fn solve(student: &Student, lesson: u8) {
    match lesson {
        1 => ink(student),
        2 => enough(student),
        3 => promise(student),
        4 => late(student),
        5 => wet(student),
        6 => slip(student),
        9 => highest(student),
        7 => fates(student),
        8 => five(student),
        10 => lower(student),
        11 => again(student),
        15 => lost(student),
        16 => seats(student),
        12 => duel(student),
        13 => olive(student),
        14 => today(student),
        _ => panic!("nobody has solved lesson {lesson} yet"),
    }
}

fn ink(student: &Student) {
    student.answers(1, "away", "no");
    student.types(1, &student.commands(1)[0]);
    let voters = student.with_row(1, ".", "prevVote,1");
    let mut learnt = student.with_row(1, ".", "outcome,1");
    learnt.retain(|name| !voters.contains(name));
    student.answers(1, "voters", &voters.join(" "));
    student.answers(1, "learnt", &learnt.join(" "));
}

fn enough(student: &Student) {
    student.answers(2, "heads", "no");
    let (commands, priests) = (student.commands(2), student.priests());
    let absent = format!("{},{}", priests[1], priests[2]);
    student.types(2, &commands[0].replace("NAMES", &absent));
    student.types(2, &commands[1]);
    student.answers(2, "fewest", "2");
}

fn promise(student: &Student) {
    student.answers(3, "promised", "no");
    let mut commands = student.commands(3).into_iter();
    let synod = student.starts(3, &commands.next().unwrap());
    let book = format!("hall/messagebooks/{}.csv", student.priests()[2]);
    student.waits_for(3, &book, "NextBallot");
    for command in commands {
        student.types(3, &command);
        if command.contains("LastVote") {
            student.waits_for(3, &book, "BeginBallot");
        }
    }
    assert!(synod.wait_with_output().unwrap().status.success());
}

/// The decree and the ballot of each BeginBallot in a messagebook, in order.
fn begun(student: &Student, lesson: u8, book: &str) -> Vec<(String, String)> {
    let rows = student.house.rows(&student.path(lesson, book));
    let begun = rows.into_iter().filter(|row| row["message"] == "BeginBallot");
    begun.map(|row| (row["ballot"].clone(), row["decree"].clone())).collect()
}

fn late(student: &Student) {
    student.answers(4, "votes", "no");
    student.answers(4, "later", "no");
    let commands = student.commands(4);
    student.types(4, &commands[0]);
    let gray = &student.priests()[2];
    let begun = begun(student, 4, &format!("hall/messagebooks/{gray}.csv"));
    for (chamber, (ballot, decree)) in ["hall", "sin"].iter().zip(begun) {
        let ledger = student.path(4, &format!("{chamber}/ledgers/{gray}.csv"));
        echo(&ledger, &format!("prevVote,1,{ballot},{decree}"));
    }
    student.types(4, &commands[1]);
}

/// Two of the five, with a comma between; the first is 1.
fn pair(student: &Student, one: usize, other: usize) -> String {
    let priests = student.priests();
    format!("{},{}", priests[one - 1], priests[other - 1])
}

fn fates(student: &Student) {
    student.answers(7, "gamma", "yes");
    student.answers(7, "passed", "no");
    let commands = student.commands(7);
    student.types(7, &commands[0]);
    for (command, (one, other)) in commands[1..].iter().zip([(2, 4), (1, 3), (1, 2)]) {
        student.types(7, &command.replace("NAMES", &pair(student, one, other)));
    }
}

fn five(student: &Student) {
    student.answers(8, "most", "2");
    student.answers(8, "passed", "no");
    student.answers(8, "others", "yes");
    let commands = student.commands(8);
    student.types(8, &commands[0]);
    student.types(8, &commands[1].replace("NAMES", &pair(student, 3, 4)));
}

/// Writes moves at the end of the script of a lesson, `1`, `3` and `5` standing for priests.
fn moves(student: &Student, lesson: u8, moves: &[&str]) {
    let priests = student.priests();
    let named = |word: &str| match word.split_once('.') {
        Some((round, owner)) => format!("{round}.{}", priests[owner.parse::<usize>().unwrap() - 1]),
        None => word.parse().map_or(word.to_owned(), |n: usize| priests[n - 1].clone()),
    };
    for line in moves {
        let line: Vec<String> = line.split(' ').map(named).collect();
        echo(&student.path(lesson, "script.txt"), &line.join(" "));
    }
}

fn wet(student: &Student) {
    student.answers(5, "hurry", "no");
    moves(student, 5, &["try 1.1", "crash 3 wet", "deliver 1 3"]);
}

fn slip(student: &Student) {
    for key in ["lastTried", "nextBal", "prevVote"] {
        student.answers(6, key, "ledger");
    }
    for key in ["prevVotes", "quorum", "voters"] {
        student.answers(6, key, "slip");
    }
    moves(student, 6, &["try 1.1", "deliver 1 3", "crash 3", "return 3"]);
}

fn highest(student: &Student) {
    student.answers(9, "which", "β");
    student.answers(9, "lowest", "no");
    moves(
        student,
        9,
        &[
            "try 1.1",
            "deliver 1 1",
            "deliver 1 1 LastVote 1.1",
            "deliver 1 3",
            "deliver 3 1",
            "begin 1 α",
            "try 2.1",
            "deliver 1 1 NextBallot 2.1",
            "deliver 1 1 LastVote 2.1",
            "deliver 1 3 BeginBallot 1.1",
            "deliver 1 5 NextBallot 2.1",
            "deliver 5 1",
            "begin 1 β",
            "try 3.1",
            "deliver 1 1 BeginBallot 2.1",
            "deliver 1 1 NextBallot 3.1",
            "deliver 1 1 LastVote 3.1",
            "deliver 1 3 NextBallot 3.1",
            "deliver 3 1 LastVote 3.1",
            "begin 1 α",
        ],
    );
}

fn lower(student: &Student) {
    student.answers(10, "order", "yes");
    student.answers(10, "b1", "no");
    let commands = student.commands(10);
    // Chance decides, as the page says: run it until it is so.
    for _ in 0..60 {
        student.types(10, &commands[0]);
        student.types(10, &commands[1]);
        if student.check(10).0 == "pass" {
            break;
        }
    }
}

fn again(student: &Student) {
    student.answers(11, "may", "yes");
    student.answers(11, "which", &student.decrees()[0]);
    for command in student.commands(11) {
        student.types(11, &command);
    }
}

fn lost(student: &Student) {
    student.answers(15, "safe", "no");
    student.answers(15, "keep", "both");
    for command in student.commands(15) {
        if command.contains("--chamber gone") {
            student.is_refused(15, &command, "amnesia");
        } else {
            student.types(15, &command);
        }
    }
}

fn seats(student: &Student) {
    student.answers(16, "first", "4");
    let commands = student.commands(16);
    commands[..4].iter().for_each(|command| drop(student.types(16, command)));
    for (i, command) in (1..).zip(&commands[4..]) {
        // A student who gives up is shown the sin.
        let typed = format!("1\n1\n1\n1\n1\n1\nsound\nb 0\nshortest\ns suspect-{i}.txt\nq\n");
        let told = student.types(16, &format!("printf '{typed}' | {command} --plain")).out;
        if told.contains("they keep to the paper") {
            student.answers(16, "sound", &i.to_string());
        }
    }
}

fn duel(student: &Student) {
    student.answers(12, "safe", "no");
    student.answers(12, "failures", "no");
    for command in student.commands(12) {
        student.types(12, &command);
    }
}

/// A sitting in a lesson's folder, until it is dropped.
struct Sits(Child);

impl Sits {
    fn of(student: &Student, lesson: u8, command: &str, ledger: &str) -> Sits {
        let entered = |told: &str| told.matches("entered,").count();
        let before = std::fs::read_to_string(student.path(lesson, ledger)).unwrap();
        let sits = Sits(student.starts(lesson, command));
        wait_until("somebody enters", || {
            let now = std::fs::read_to_string(student.path(lesson, ledger)).unwrap();
            entered(&now) > entered(&before)
        });
        sits
    }
}

impl Drop for Sits {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn olive(student: &Student) {
    let [_, beta, gamma] = student.decrees();
    for (key, answer) in [("d2", "olive day"), ("d3", &beta), ("d4", &gamma), ("lost", "no")] {
        student.answers(13, key, answer);
    }
    let commands = student.commands(13);
    student.types(13, &commands[0]);
    student.types(13, &commands[1]);
    let ledger = format!("hall/ledgers/{}.csv", student.priests()[3]);
    let _sits = Sits::of(student, 13, &commands[2], &ledger);
    student.types(13, &commands[3]);
    student.types(13, &commands[4]);
}

fn today(student: &Student) {
    student.answers(14, "sure", "no");
    student.answers(14, "atleast", "nothing");
    let commands = student.commands(14);
    student.types(14, &commands[0]);
    student.types(14, &commands[1]);
    for (key, command) in [("third", &commands[2]), ("fifth", &commands[3])] {
        let told = student.types(14, command).out;
        student.answers(14, key, told.split(' ').next().unwrap());
    }
    student.types(14, &commands[4]).says("not through 2");
    let _sits =
        Sits::of(student, 14, &commands[5], &format!("ledgers/{}.csv", student.priests()[4]));
    student.types(14, &commands[6]);
}

/// Every lesson there is.
fn lessons(student: &Student) -> Vec<u8> {
    student.list().iter().map(|it| it.number).collect()
}

fn solves_all(name: Option<&str>) {
    let student = Student::new(name);
    for lesson in lessons(&student) {
        solve(&student, lesson);
        student.passes(lesson);
    }
    let told = student.house.run(&["lesson", "--once"]).exits(0);
    assert_eq!(told.out.lines().count(), lessons(&student).len());
}

#[test]
fn every_lesson_is_solved_with_what_its_page_shows() {
    solves_all(None);
}

#[test]
fn a_student_with_a_name_solves_every_lesson_of_his_own() {
    solves_all(Some("Ada"));
}

#[test]
fn every_lesson_fails_unsolved_and_asks_its_first_question() {
    let student = Student::new(None);
    for lesson in lessons(&student) {
        let (status, message) = student.check(lesson);
        assert_eq!(status, "fail", "lesson {lesson}");
        let page = student.page(lesson).split_whitespace().collect::<Vec<_>>().join(" ");
        let question = message.split(" Write ").next().unwrap();
        assert!(page.contains(question), "lesson {lesson} asks first: {message}");
    }
}

/// Copies a directory over another, but for the page.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let there = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &there);
        } else if entry.file_name() != "LESSON.md" {
            std::fs::copy(entry.path(), there).unwrap();
        }
    }
}

#[test]
fn the_solution_of_another_lesson_solves_nothing() {
    let student = Student::new(None);
    let all = lessons(&student);
    all.iter().for_each(|&lesson| solve(&student, lesson));
    let copied = Student::new(None);
    for &mine in &all {
        for &other in all.iter().filter(|it| **it != mine) {
            let folder = copied.path(mine, "");
            std::fs::remove_dir_all(&folder).unwrap();
            copy(&student.path(other, ""), &folder);
            let (status, _) = copied.check(mine);
            assert_ne!(status, "pass", "lesson {other}'s solution solves lesson {mine}");
        }
    }
}

#[test]
fn a_classmates_solution_solves_nothing() {
    let (ada, bob) = (Student::new(Some("Ada")), Student::new(Some("Bob")));
    for lesson in lessons(&ada) {
        solve(&ada, lesson);
        let folder = bob.path(lesson, "");
        std::fs::remove_dir_all(&folder).unwrap();
        copy(&ada.path(lesson, ""), &folder);
        let (status, _) = bob.check(lesson);
        assert_ne!(status, "pass", "Ada's solution of lesson {lesson} is Bob's too");
    }
}
