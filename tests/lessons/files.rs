//! A student's files are never trusted, and whatever is broken is named by its place.

use super::student::Student;

/// Texts for `answer.csv` of lesson 1, and the answers to them.
const BROKEN: &[(&str, &str)] = &[
    ("", "Write yes or no behind `away,`"),
    ("answer\naway,no\n", "answer.csv:1:1: the first line must be `question,answer`"),
    ("question,answer\naway;no\n", "answer.csv:2:1: no comma is here"),
    ("question,answer\nawy,no\n", "answer.csv:2:1: no question is called “awy”"),
    (
        "question,answer\naway,maybe\n",
        "answer.csv:2:6: “maybe” does not answer `away`; write yes or no",
    ),
    ("question,answer\naway,no\naway,yes\n", "answer.csv:3:6: `away` is answered already, at"),
    (
        "question,answer\nvoters,Zeno\n",
        "answer.csv:2:8: “Zeno” is no priest of this lesson; they are Dwork,",
    ),
];

#[test]
fn a_broken_answer_is_named_by_line_and_column_with_the_repair() {
    let student = Student::new(None);
    for (text, says) in BROKEN {
        std::fs::write(student.path(1, "answer.csv"), text).unwrap();
        student.is_told(1, says);
    }
    std::fs::write(student.path(1, "answer.csv"), b"question,answer\naway,\xff\n").unwrap();
    student.is_told(1, "save it as UTF-8");
    std::fs::write(student.path(1, "answer.csv"), vec![b'x'; 1 << 20]).unwrap();
    student.is_told(1, "longer than");
    std::fs::remove_file(student.path(1, "answer.csv")).unwrap();
    student.is_told(1, "write it anew");
}

#[test]
fn answers_saved_by_a_spreadsheet_are_read() {
    let student = Student::new(None);
    let text = "\u{feff}question,answer\r\naway,\"No\"\r\nvoters,\r\n";
    std::fs::write(student.path(1, "answer.csv"), text).unwrap();
    student.is_told(1, "No priest has a ledger yet");
}

#[cfg(unix)]
#[test]
fn a_link_or_pipe_in_the_place_of_answers_is_refused() {
    let student = Student::new(None);
    let answers = student.path(1, "answer.csv");
    std::fs::remove_file(&answers).unwrap();
    std::os::unix::fs::symlink("/dev/zero", &answers).unwrap();
    student.is_told(1, "this is a symbolic link");
    std::fs::remove_file(&answers).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(&answers).status().unwrap().success());
    student.is_told(1, "this is a named pipe");
    let folder = student.path(1, "");
    std::fs::remove_dir_all(&folder).unwrap();
    std::os::unix::fs::symlink("/", folder.to_str().unwrap().trim_end_matches('/')).unwrap();
    student.is_told(1, "01-ink");
}

#[test]
fn a_broken_ledger_is_named_by_its_place() {
    let student = Student::new(None);
    super::solutions::solve(&student, 1);
    let ledger = student.path(1, &format!("ledgers/{}.csv", student.priests()[2]));
    let text = std::fs::read_to_string(&ledger).unwrap();
    std::fs::write(&ledger, text.replace("nextBal", "nextBall")).unwrap();
    student.is_told(1, "Gray.csv:4:1");
    std::fs::write(&ledger, text.replace("Figs", "Pigs")).unwrap();
    student.is_told(1, "a rule of the paper is broken here");
}

/// No advice to a student loses rows, and none is for a Chamber that others use.
#[test]
fn damaged_records_are_answered_with_a_new_beginning() {
    let student = Student::new(None);
    super::solutions::solve(&student, 1);
    let ledger = student.path(1, &format!("ledgers/{}.csv", student.priests()[2]));
    let whole = std::fs::read(&ledger).unwrap();
    let noise: Vec<u8> = (0..400_u32).map(|i| (i * 73 % 251) as u8).collect();
    for damaged in [noise.clone(), [&whole[..], &noise, b"\n"].concat(), Vec::new()] {
        std::fs::write(&ledger, damaged).unwrap();
        student.is_told(1, "begin again; these files are kept: parliament lesson reset 1");
        let (_, told) = student.check(1);
        assert!(!told.contains("seat another") && !told.contains("remove"), "{told}");
    }
}

#[test]
fn a_ledgers_row_without_its_line_end_is_named_first() {
    let student = Student::new(None);
    super::solutions::solve(&student, 1);
    let ledger = student.path(1, &format!("ledgers/{}.csv", student.priests()[2]));
    let text = std::fs::read_to_string(&ledger).unwrap();
    std::fs::write(&ledger, format!("{text}nextBal,,9.Oki")).unwrap();
    student.is_told(1, "press Enter");
}

#[test]
fn a_broken_progress_file_is_named_by_its_line() {
    let student = Student::new(None);
    let progress = student.house.path().join("lessons/progress.csv");
    let text = std::fs::read_to_string(&progress).unwrap();
    std::fs::write(&progress, format!("{text}seven,begun,,\n")).unwrap();
    let line = text.lines().count() + 1;
    let place = format!("progress.csv:{line}:1: “seven” is no lesson; remove that line");
    student.house.run(&["lesson", "--once"]).exits(2).says(&place);
}

#[test]
fn a_last_row_without_its_line_end_stays_a_row_of_its_own() {
    let student = Student::new(None);
    let progress = student.house.path().join("lessons/progress.csv");
    let text = std::fs::read_to_string(&progress).unwrap();
    std::fs::write(&progress, text.trim_end()).unwrap();
    student.house.run(&["lesson", "hint", "1"]).exits(0);
    let after = std::fs::read_to_string(&progress).unwrap();
    assert!(after.starts_with(&text) && after[text.len()..].starts_with("1,hint,1,"), "{after}");
}

#[test]
fn a_torn_row_of_progress_is_named_with_its_repair() {
    let student = Student::new(None);
    let progress = student.house.path().join("lessons/progress.csv");
    let text = std::fs::read_to_string(&progress).unwrap();
    std::fs::write(&progress, format!("{text}1,hi")).unwrap();
    let line = text.lines().count() + 1;
    let place =
        format!("progress.csv:{line}:1: this row was torn, its line end is missing, and “hi”");
    let told = student.house.run(&["lesson", "check", "1"]).exits(2).says(&place);
    told.says("remove that line");
    std::fs::write(&progress, text).unwrap();
    student.house.run(&["lesson", "check", "1"]).exits(1);
}

#[test]
fn the_question_of_a_lesson_is_answered_once_it_is_solved() {
    let student = Student::new(None);
    student.house.run(&["lesson", "answer", "1"]).exits(1).says("Lesson 1 is not solved yet");
    super::solutions::solve(&student, 1);
    student.house.run(&["lesson", "check", "1"]).exits(0).says("parliament lesson answer 1");
    student.house.run(&["lesson", "answer", "1"]).exits(0).says("No. Alone he is no majority");
    student.house.run(&["lesson", "answer", "17"]).exits(2);
}

#[test]
fn lessons_whose_progress_is_gone_ask_whose_they_are() {
    let student = Student::new(Some("Ben"));
    std::fs::remove_file(student.house.path().join("lessons/progress.csv")).unwrap();
    student.house.run(&["lesson", "check", "2"]).exits(2).says("progress.csv, which says whose");
    student.house.run(&["lesson", "--student", "Ben", "check", "2"]).exits(1);
}

#[test]
fn a_reset_keeps_the_old_files_in_a_folder_beside() {
    let student = Student::new(None);
    super::solutions::solve(&student, 1);
    student.passes(1);
    std::fs::write(student.path(1, ".mine"), "a note").unwrap();
    student.house.run(&["lesson", "reset", "1"]).exits(0).says("01-ink.old-1");
    student.is_told(1, "Write yes or no behind `away,`");
    let old = |file: &str| student.house.path().join("lessons/01-ink.old-1").join(file);
    assert!(std::fs::read_to_string(old("answer.csv")).unwrap().contains("away,no"));
    assert!(
        old(".mine").exists() && old("ledgers").exists() && !student.path(1, "ledgers").exists()
    );
    student.house.run(&["lesson", "reset", "1"]).exits(0).says("01-ink.old-2");
}

#[test]
fn a_shell_in_the_folder_stays_in_the_lesson_that_is_reset() {
    let student = Student::new(None);
    let reset = "parliament lesson reset; echo away,maybe > answer.csv; parliament lesson check";
    student.types(3, &format!("{{ {reset}; }} 2>&1")).says("Lesson 3. A promise is no vote");
    student.is_told(3, "answer.csv:1:1: the first line must be");
}

#[test]
fn a_reset_without_a_number_takes_the_only_lesson_under_way() {
    let student = Student::new(None);
    student.house.run(&["lesson", "reset"]).exits(2).says("say which lesson");
    student.house.run(&["lesson", "hint", "4"]).exits(0);
    student.house.run(&["lesson", "reset"]).exits(0).says("Lesson 4 begins again");
    student.house.run(&["lesson", "hint", "4"]).exits(0);
    student.house.run(&["lesson", "hint", "2"]).exits(0);
    student.house.run(&["lesson", "reset"]).exits(2).says("say which lesson");
}

#[test]
fn a_kept_copy_of_a_lesson_is_not_taken_for_a_lesson() {
    let student = Student::new(None);
    student.house.run(&["lesson", "reset", "4"]).exits(0);
    let copy = "cd ../04-late.old-1/hall && exec parliament lesson";
    for word in ["check", "hint", "reset", ""] {
        student.is_refused(4, &format!("{copy} {word}"), "04-late.old-1 is a kept copy");
    }
    student.types(4, &format!("{copy} check 4")).says("Lesson 4. The late letter");
    student.types(4, "cd hall && exec parliament lesson check").says("Lesson 4. The late letter");
}

/// His body would go on to write by the paths of the files.
#[test]
fn a_lesson_in_which_a_priest_runs_is_not_reset() {
    let student = Student::new(None);
    let mut synod = student.starts(3, &student.commands(3)[0]);
    student.waits_for(3, "hall/messagebooks/Gray.csv", "NextBallot");
    student.is_refused(3, "parliament lesson reset", "is in the Chamber here");
    assert!(student.path(3, "hall").exists());
    synod.kill().unwrap();
    synod.wait().unwrap();
    student.types(3, "parliament lesson reset").says("Lesson 3 begins again");
}
