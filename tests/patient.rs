//! A priest who is played by hand is waited for: nobody's hourglass runs while he owes an answer.

#![cfg(feature = "cli")]

use std::io::Write;
use std::path::Path;
use std::process::Child;

use crate::common::{House, wait_until};

/// Writes a row at the end of a file, as an editor does.
fn write(path: &Path, row: &str) {
    let mut file = std::fs::OpenOptions::new().append(true).open(path).unwrap();
    file.write_all(format!("{row}\n").as_bytes()).unwrap();
}

/// How many letters of this kind lie in Gray's messagebook.
fn count(house: &House, message: &str) -> usize {
    let book = house.messagebook("Gray");
    let rows = if book.exists() { house.rows(&book) } else { Vec::new() };
    rows.iter().filter(|row| row["message"] == message).count()
}

/// The ballot of the latest letter of this kind in Gray's messagebook.
fn ballot(house: &House, message: &str) -> String {
    let rows = house.rows(&house.messagebook("Gray"));
    rows.iter().rfind(|row| row["message"] == message).unwrap()["ballot"].clone()
}

/// Promises and votes for Gray by hand, when Oki asks for it.
fn play_gray(house: &House) {
    let promised = ballot(house, "NextBallot");
    write(&house.ledger("Gray"), &format!("nextBal,,{promised},,,,,,"));
    write(&house.messagebook("Oki"), &format!("Gray,1,{promised},,LastVote,,,0,,"));
    wait_until("Gray is to vote", || count(house, "BeginBallot") > 0);
    write(&house.ledger("Gray"), &format!("prevVote,1,{promised},Goats,,,,,"));
    write(&house.messagebook("Oki"), &format!("Gray,2,{promised},,Voted,1,,,,"));
}

/// Many times the 22 minutes after which a president tries again, if a minute lasts 10 ms.
const LONG: std::time::Duration = std::time::Duration::from_millis(900);

const WITHOUT_GRAY: [&str; 5] = ["--absent", "Dwork,Fischer,Gray", "--minute", "10ms", "--patient"];

/// Starts a command in which Gray, who is away, is asked for his promise; returns how often he had
/// been asked before.
fn start_without_gray(house: &House, command: &[&str], rest: &[&str]) -> (Child, usize) {
    house.run(&["synod", "--absent", "Dwork,Fischer,Gray", "--within", "1", "Figs"]).exits(1);
    let asked = count(house, "NextBallot");
    let running = house.start(&[command, &WITHOUT_GRAY[..], rest].concat());
    wait_until("Gray is asked", || count(house, "NextBallot") > asked);
    (running, asked)
}

fn is_waited_for(house: &House, asked: usize) {
    std::thread::sleep(LONG);
    assert_eq!(count(house, "NextBallot"), asked + 1, "nobody's hourglass runs");
}

/// The output of a command that has ended.
fn told_by(running: Child) -> (bool, String) {
    let ended = running.wait_with_output().unwrap();
    (ended.status.success(), String::from_utf8(ended.stdout).unwrap())
}

#[cfg(unix)]
fn interrupt(running: &Child) {
    std::process::Command::new("kill").args(["-INT", &running.id().to_string()]).status().unwrap();
}

fn says_what_is_by_hand(told: &str) {
    let places = told.lines().find(|line| line.starts_with("Written by hand: "));
    let places = places.unwrap_or_else(|| panic!("nothing is by hand:\n{told}"));
    assert!(places.contains("Gray.csv:") && places.contains("Oki.csv:"), "{places}");
}

#[test]
fn a_priest_played_by_hand_is_waited_for() {
    let house = House::new();
    let (running, asked) = start_without_gray(&house, &["synod"], &["--within", "2000", "Goats"]);
    is_waited_for(&house, asked);
    play_gray(&house);
    let (succeeded, told) = told_by(running);
    assert!(succeeded, "{told}");
    says_what_is_by_hand(&told);
}

#[test]
fn json_names_the_rows_that_were_written_by_hand() {
    let house = House::new();
    let (running, _) =
        start_without_gray(&house, &["synod"], &["--within", "2000", "--json", "Goats"]);
    play_gray(&house);
    let (_, told) = told_by(running);
    let closed = told.lines().find(|line| line.contains("\"event\":\"closed\"")).unwrap();
    let closed: serde_json::Value = serde_json::from_str(closed).unwrap();
    let rows: Vec<&str> =
        closed["byHand"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
    for file in ["ledgers/Gray.csv:", "messagebooks/Oki.csv:"] {
        assert_eq!(rows.iter().filter(|row| row.contains(file)).count(), 2, "{rows:?}");
    }
}

#[test]
fn a_legislator_played_by_hand_is_waited_for_by_pass() {
    let house = House::new();
    let (running, asked) = start_without_gray(&house, &["pass"], &["--within", "2000", "Goats"]);
    is_waited_for(&house, asked);
    play_gray(&house);
    let (succeeded, told) = told_by(running);
    assert!(succeeded && told.starts_with("1: Goats\n"), "{told}");
    says_what_is_by_hand(&told);
}

#[cfg(unix)]
#[test]
fn a_sitting_waits_for_a_legislator_played_by_hand() {
    let house = House::new();
    let (running, asked) = start_without_gray(&house, &["sit"], &[]);
    is_waited_for(&house, asked);
    house.run(&["petition", "--within", "1", "Goats"]);
    play_gray(&house);
    wait_until("it is passed", || house.decree().contains("Goats"));
    interrupt(&running);
    says_what_is_by_hand(&told_by(running).1);
}

#[cfg(unix)]
#[test]
fn json_of_a_sitting_ends_with_what_was_by_hand() {
    let house = House::new();
    let (running, _) = start_without_gray(&house, &["sit", "--json"], &[]);
    let ballot = ballot(&house, "NextBallot");
    write(&house.ledger("Gray"), &format!("nextBal,,{ballot},,,,,,"));
    interrupt(&running);
    let (_, told) = told_by(running);
    let last: serde_json::Value = serde_json::from_str(told.lines().last().unwrap()).unwrap();
    assert_eq!(last["event"], "closed", "{told}");
    let by_hand = last["byHand"].as_array().unwrap();
    assert!(by_hand.iter().any(|row| row.as_str().unwrap().contains("Gray.csv:")), "{told}");
}

#[test]
fn who_has_promised_a_higher_ballot_owes_no_answer() {
    let house = House::new();
    house.run(&["synod", "--absent", "Dwork,Fischer,Gray", "--within", "1", "Goats"]).exits(1);
    for absent in ["Dwork", "Fischer", "Gray"] {
        write(&house.ledger(absent), "nextBal,,900.Fischer,,,,,,");
    }
    let asked = count(&house, "NextBallot");
    let synod = [&["synod"], &WITHOUT_GRAY[..], &["--within", "20000", "Goats"]].concat();
    let mut running = house.start(&synod);
    wait_until("hourglasses run", || count(&house, "NextBallot") > asked + 1);
    running.kill().unwrap();
    running.wait().unwrap();
}
