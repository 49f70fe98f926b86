//! Each known wrong answer is told why it is wrong; and each misconception is met.

use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

use super::solutions::solve;
use super::student::Student;
use crate::common;

/// A wrong answer to a lesson that is solved but for it: the lesson, the question, the answer, what
/// is said to it, and which misconceptions it shows. `{1}` is the first priest.
const WRONG: &[(u8, &str, &str, &str, &[u64])] = &[
    (1, "away", "yes", "Not every ledger tells the current law", &[12]),
    (1, "voters", "{1}", "was away: there is no `prevVote`", &[]),
    (1, "voters", "{learnt}", "learnt of the decree from a letter and did not vote", &[]),
    (1, "voters", "nobody", "Somebody is left out", &[]),
    (1, "learnt", "{1}", "was away: his ledger does not have decree 1", &[]),
    (1, "learnt", "{voter}", "he voted", &[]),
    (1, "learnt", "nobody", "a row `outcome` of decree 1, and no row `prevVote`", &[]),
    (2, "heads", "yes", "If half the weight were enough", &[6]),
    (2, "fewest", "1", "half and not more than half", &[]),
    (2, "fewest", "3", "Weights count, not heads", &[]),
    (2, "fewest", "4", "Not everybody has to be there", &[]),
    (3, "promised", "yes", "A promise is no vote: in the copy", &[1]),
    (4, "votes", "yes", "A promise is no vote, and no right to vote either", &[1]),
    (4, "later", "yes", "ordered by their numbers, not by the hour", &[7]),
    (7, "gamma", "no", "A vote of somebody who is away binds nobody", &[]),
    (7, "passed", "yes", "because it may have passed, not because it has", &[4]),
    (8, "most", "1", "count its voters", &[]),
    (8, "most", "3", "You added the votes of two ballots", &[5]),
    (8, "most", "5", "count those of each ballot for itself", &[]),
    (8, "passed", "yes", "Votes of different ballots do not add up", &[5]),
    (8, "others", "no", "not any majority of votes will do", &[6]),
    (10, "order", "no", "a higher number is not later in time", &[7]),
    (10, "b1", "yes", "B1 says that each ballot has a number of its own", &[]),
    (11, "may", "no", "After a success other ballots may succeed", &[8]),
    (11, "which", "Goats may graze", "B3 bound Oki to it", &[]),
    (11, "which", "nothing", "ballot has succeeded, and it was for “Figs are free”", &[]),
    (15, "safe", "yes", "an older copy is worse than none", &[13]),
    (15, "keep", "votes", "Promises too", &[2]),
    (15, "keep", "promises", "Votes too", &[]),
    (15, "keep", "neither", "two decrees pass under one number", &[]),
    (5, "hurry", "yes", "A promise that lives in memory, even for a moment, is no promise", &[2]),
    (6, "lastTried", "slip", "he may use a number again", &[]),
    (6, "nextBal", "slip", "Promises may not live in memory", &[2]),
    (6, "prevVote", "slip", "leaves out a vote that may have passed a decree", &[]),
    (6, "prevVotes", "ledger", "he tries a new ballot and asks again", &[]),
    (6, "quorum", "ledger", "the ballot is given up, and a new one begun", &[]),
    (6, "voters", "ledger", "the votes themselves are in the ledgers", &[]),
    (9, "which", "α", "That is the lowest vote", &[]),
    (9, "which", "any", "the choice is not free", &[]),
    (9, "lowest", "yes", "Only the highest vote may be that of a ballot which has passed", &[3]),
    (16, "first", "1", "those before it vote on it", &[]),
    (16, "first", "2", "may be open while decree 1 is", &[]),
    (16, "first", "7", "Look at the quorums of `hall`", &[]),
    (16, "sound", "9", "The suspects are 1, 2, 3 and 4", &[]),
    (16, "sound", "{heretic}", "the sound one is another", &[]),
    (12, "safe", "yes", "Two presidents do not break consistency", &[9]),
    (12, "failures", "yes", "no letter was lost and nobody left", &[10]),
    (13, "d2", "goats", "nobody inside knew of them, so number 2 was free", &[]),
    (13, "d2", "Wine is taxed", "A new decree is not put into a gap", &[]),
    (13, "d2", "Goats may graze", "vote is for number 3", &[]),
    (13, "d2", "Figs are free", "Look at it: parliament ledgers", &[]),
    (13, "d3", "Wine is taxed", "B3 binds the new president to that vote", &[]),
    (13, "d3", "olive day", "Number 3 is no gap", &[]),
    (13, "d4", "goats", "The new president knew nothing of the goats", &[]),
    (13, "d4", "Goats may graze", "binds the president there", &[]),
    (13, "lost", "yes", "Filling a gap loses no petition", &[11]),
    (14, "sure", "yes", "It was the law as of decree 1, and decree 2 had changed it", &[12]),
    (14, "third", "9", "his ledger ends with decree 1", &[]),
    (14, "third", "4", "Ask again: parliament law get \"olive tax\" --ledger Gray", &[]),
    (14, "fifth", "3", "That was the tax as of decree 1", &[]),
    (14, "fifth", "4", "Ask again: parliament law get \"olive tax\" --ledger Oki", &[]),
    (14, "atleast", "3", "the ledger must not answer", &[]),
    (14, "atleast", "9", "does not have decree 2, so it cannot know that", &[]),
    (2, "fewest", "7", "Count the names in the column `quorum`", &[]),
];

/// Wrong deeds that a test of their own shows, and the misconceptions that they meet.
const DEEDS: &[u64] = &[];

fn filled(student: &Student, answer: &str) -> String {
    if answer == "{heretic}" {
        // His own script breaks a rule.
        let solved = std::fs::read_to_string(student.path(16, "answer.csv")).unwrap();
        let is_heretic = |suspect: &u64| !solved.contains(&format!("sound,{suspect}\n"));
        return (1..=4).find(is_heretic).unwrap().to_string();
    }
    if answer.starts_with('{') {
        let voters = student.with_row(1, ".", "prevVote,1");
        let known = student.with_row(1, ".", "outcome,1");
        return match answer {
            "{1}" => student.priests()[0].clone(),
            "{voter}" => voters[0].clone(),
            _ => known.into_iter().find(|name| !voters.contains(name)).unwrap(),
        };
    }
    answer.to_owned()
}

#[test]
fn each_known_wrong_answer_has_a_line_of_its_own() {
    let student = Student::new(None);
    for lesson in WRONG.iter().map(|it| it.0).collect::<BTreeSet<u8>>() {
        solve(&student, lesson);
        let solved = std::fs::read_to_string(student.path(lesson, "answer.csv")).unwrap();
        let mut told = BTreeSet::new();
        for (_, key, answer, says, _) in WRONG.iter().filter(|it| it.0 == lesson) {
            student.answers(lesson, key, &filled(&student, answer));
            student.is_told(lesson, says);
            assert!(told.insert(says), "lesson {lesson} says {says:?} twice");
            std::fs::write(student.path(lesson, "answer.csv"), &solved).unwrap();
            student.passes(lesson);
        }
    }
}

#[test]
fn each_misconception_of_a_lesson_is_met_by_a_wrong_answer() {
    let student = Student::new(None);
    let met: BTreeSet<u64> = WRONG.iter().flat_map(|it| it.4).chain(DEEDS).copied().collect();
    let said: BTreeSet<u64> =
        student.list().iter().flat_map(|it| it.misconceptions.clone()).collect();
    assert_eq!(met, said);
}

#[test]
fn a_priest_who_should_be_away_and_was_not_is_noticed() {
    let student = Student::new(None);
    student.answers(1, "away", "no");
    let absent = format!(" --absent {}", student.priests()[0]);
    student.types(1, &student.commands(1)[0].replace(&absent, ""));
    student.is_told(1, "has decree 1 in his ledger, so he was not away");
    student.answers(2, "heads", "no");
    let (commands, priests) = (student.commands(2), student.priests());
    let header = "entry,number,ballot,decree,quorum,petition,at,dry,seal";
    std::fs::create_dir_all(student.path(2, "few/ledgers")).unwrap();
    for (i, name) in priests[..4].iter().enumerate() {
        let own = "lastTried,,1.Dwork\nbeginBallot,1,1.Dwork,Figs are free,Dwork Fischer Gray";
        let own = if i == 0 { own } else { "" };
        let vote = if i == 3 { "" } else { "nextBal,,1.Dwork\nprevVote,1,1.Dwork,Figs are free" };
        let rows = format!("{header}\noutcome,0,,Dwork:3 Fischer Gray Lynch\n{own}\n{vote}\n");
        std::fs::write(student.path(2, &format!("few/ledgers/{name}.csv")), rows).unwrap();
    }
    student.is_told(2, "with 3 priests in the quorum. Fewer can do it");
    student.house.run(&["lesson", "reset", "2"]).exits(0);
    student.answers(2, "heads", "no");
    student.types(2, &commands[0].replace("NAMES", &priests[1]));
    student.types(2, &commands[0].replace("NAMES", &format!("{},{}", priests[1], priests[2])));
    student.types(2, &commands[1].replace(&absent, ""));
    student.is_told(2, "he must be away");
}

#[test]
fn who_plays_a_priest_is_told_the_next_row_to_write() {
    let student = Student::new(None);
    let lesson = 3;
    student.answers(lesson, "promised", "no");
    student.is_told(lesson, "The Synod has not begun. In");
    let commands = student.commands(lesson);
    let mut synod = student.starts(lesson, &commands[0]);
    student.waits_for(lesson, "hall/messagebooks/Gray.csv", "NextBallot");
    student.is_told(lesson, "Gray has promised nothing");
    student.types(lesson, &commands[1]);
    student.is_told(lesson, "promise is in ink, and Oki does not know of it");
    student.types(lesson, &commands[2]);
    student.waits_for(lesson, "hall/messagebooks/Gray.csv", "BeginBallot");
    student.is_told(lesson, "Keep a copy of this moment");
    student.types(lesson, &commands[5]);
    student.is_told(lesson, "no copy was kept before");
    student.types(lesson, "cp -r hall promised");
    student.is_told(lesson, "In the copy `promised`, Gray has voted already");
    synod.kill().unwrap();
    synod.wait().unwrap();
}

#[test]
fn ink_that_comes_after_its_letter_is_no_ink_before_it() {
    let student = Student::new(None);
    let lesson = 3;
    student.answers(lesson, "promised", "no");
    let commands = student.commands(lesson);
    let [hold, promise, last_vote, _, _, vote, voted] = &commands[..] else { panic!() };
    let book = "hall/messagebooks/Gray.csv";
    let synod = student.starts(lesson, hold);
    student.waits_for(lesson, book, "NextBallot");
    student.types(lesson, last_vote);
    student.waits_for(lesson, book, "BeginBallot");
    student.is_told(lesson, "Gray's LastVote has left, and the promise is not in Gray's ledger");
    student.types(lesson, promise);
    student.is_told(lesson, "Keep a copy of this moment");
    let ledger = student.path(lesson, "hall/ledgers/Gray.csv");
    let is_of = |shift: u64| {
        let ledger = std::fs::OpenOptions::new().append(true).open(&ledger).unwrap();
        ledger.set_modified(SystemTime::now() + Duration::from_secs(shift)).unwrap();
    };
    is_of(60);
    let late = "hall/ledgers/Gray.csv was written after Oki had acted on Gray's LastVote";
    student.is_told(lesson, late);
    student.types(lesson, "cp -r hall promised");
    student.is_told(lesson, late);
    student.types(lesson, voted);
    assert!(synod.wait_with_output().unwrap().status.success());
    student.is_told(lesson, "Gray's Voted has left, and the vote is not in Gray's ledger");
    student.types(lesson, vote);
    student.passes(lesson);
    is_of(60);
    student.is_told(lesson, "written after Oki had acted on Gray's Voted");
    // In copies, the times of files say nothing.
    let other = student.path(lesson, "hall/ledgers/Oki.csv");
    let other = std::fs::OpenOptions::new().append(true).open(other).unwrap();
    other.set_modified(SystemTime::now() + Duration::from_secs(60)).unwrap();
    student.passes(lesson);
}

#[test]
fn a_script_that_breaks_a_rule_is_told_which_and_where() {
    let student = Student::new(None);
    super::solutions::solve(&student, 5);
    let told = student.house.run(&["lesson", "check", "5"]).exits(0).out;
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    let says = "05-wet/script.txt:6: with `deliver Dwork Gray`, I7 is broken, \
                “every letter under way tells the truth” (PTP §A2): ";
    assert!(told.contains(says), "{told}");
    for (lesson, place, rule) in
        [(6, "06-slip/script.txt:7: with `return Gray`", "I7"), (9, "09-", "B3")]
    {
        super::solutions::solve(&student, lesson);
        let told = student.house.run(&["lesson", "check", &lesson.to_string()]).exits(0).out;
        assert!(told.contains(place) && told.contains(&format!("{rule} is broken")), "{told}");
    }
    let sin = "convene Dwork Gray Oki\ngiven Gray nextBal 1.Dwork\n";
    let sin = format!("{sin}letter Gray Dwork Voted 1.Dwork\n");
    std::fs::write(student.path(5, "script.txt"), sin).unwrap();
    student.is_told(5, "when all keep to the paper, too");
}

#[test]
fn who_breaks_the_promise_in_the_wrong_place_is_told() {
    let student = Student::new(None);
    let lesson = 4;
    student.answers(lesson, "votes", "no");
    student.answers(lesson, "later", "no");
    student.is_told(lesson, "In `hall`, Gray has not voted yet");
    student.types(lesson, "echo 'prevVote,1,2.Fischer,Figs are free' >> hall/ledgers/Gray.csv");
    student.is_told(lesson, "to vote in no lower ballot. Ink stays");
    student.house.run(&["lesson", "reset", "4"]).exits(0);
    student.answers(lesson, "votes", "no");
    student.answers(lesson, "later", "no");
    student.types(lesson, "cp -r hall sin");
    student.types(lesson, "echo 'prevVote,1,5.Oki,Goats may graze' >> hall/ledgers/Gray.csv");
    student.is_told(lesson, "In `sin`, Gray has kept the promise so far");
    student.types(lesson, "sed -i 2,3d hall/ledgers/Gray.csv");
    student.is_told(lesson, "does not begin with the rows that it had");
}

#[test]
fn letting_another_decree_pass_is_answered_with_its_name() {
    let student = Student::new(None);
    for (key, answer) in [("gamma", "yes"), ("passed", "no")] {
        student.answers(7, key, answer);
    }
    student.is_told(7, "There is no copy `one` yet");
    let commands = student.commands(7);
    student.types(7, &commands[0]);
    student.is_told(
        7,
        "Nothing has passed in `one`. It is to be “Figs are free”: who must stay away?",
    );
    student.types(7, &commands[1].replace("NAMES", "Dwork,Gray"));
    student.is_told(7, "In `one`, “Goats may graze” has passed, and it was to be “Figs are free”");
    for (key, answer) in [("most", "2"), ("passed", "no"), ("others", "yes")] {
        student.answers(8, key, answer);
    }
    student.types(8, &student.commands(8)[1].replace("NAMES", "Fischer,Lynch"));
    student.is_told(8, "“Figs are free” has passed, and not “Goats may graze”");
}

#[test]
fn a_script_that_shows_nothing_or_does_not_read_is_told() {
    let student = Student::new(None);
    student.answers(5, "hurry", "no");
    student.is_told(5, "the 0 moves of script.txt break no rule yet");
    let script = student.path(5, "script.txt");
    common::echo(&script, "try 1.Dwork");
    student.is_told(5, "the 1 move of script.txt break no rule yet");
    common::echo(&script, "deliver Zeno Gray");
    student.is_told(5, "script.txt:5:");
    std::fs::remove_file(&script).unwrap();
    student.is_told(5, "script.txt: ");
}

/// A duel is ended among two; a run in which nobody was a rival ends none.
#[test]
fn a_peace_without_a_rival_is_no_end_of_a_duel() {
    let student = Student::new(None);
    student.answers(12, "safe", "no");
    student.answers(12, "failures", "no");
    let [duel, peace] = &student.commands(12)[..] else { panic!("two commands") };
    student.types(12, duel);
    let words: Vec<&str> = peace.split(' ').collect();
    let at = words.iter().position(|word| *word == "--president").unwrap();
    let alone = [&words[..at], &words[at + 2..]].concat().join(" ");
    student.types(12, &alone);
    student.is_told(12, "one priest alone has tried a ballot, so no duel was ended there");
}
