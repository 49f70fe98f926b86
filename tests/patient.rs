//! A priest who is played by hand is waited for: nobody's hourglass runs while he owes an answer.

#![cfg(feature = "cli")]

mod common;

use std::io::Write;
use std::path::Path;

use common::{House, wait_until};

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

#[test]
fn a_priest_played_by_hand_is_waited_for() {
    let house = House::new();
    house.run(&["synod", "--absent", "Dwork,Fischer,Gray", "--within", "1", "Goats"]).exits(1);
    let asked = count(&house, "NextBallot");
    let synod = ["synod", "--absent", "Dwork,Fischer,Gray", "--minute", "1ms", "--patient"];
    let running = house.start(&[&synod[..], &["--within", "20000", "Goats"]].concat());
    wait_until("Gray is asked", || count(&house, "NextBallot") > asked);
    // Many times the 22 minutes after which a president tries again.
    std::thread::sleep(std::time::Duration::from_millis(400));
    assert_eq!(count(&house, "NextBallot"), asked + 1, "nobody's hourglass runs");
    let rows = house.rows(&house.messagebook("Gray"));
    let ballot = &rows.iter().rfind(|row| row["message"] == "NextBallot").unwrap()["ballot"];
    write(&house.ledger("Gray"), &format!("nextBal,,{ballot},,,,,,"));
    write(&house.messagebook("Oki"), &format!("Gray,1,{ballot},,LastVote,,,0,,"));
    wait_until("Gray is to vote", || count(&house, "BeginBallot") > 0);
    write(&house.ledger("Gray"), &format!("prevVote,1,{ballot},Goats,,,,,"));
    write(&house.messagebook("Oki"), &format!("Gray,2,{ballot},,Voted,1,,,,"));
    let ended = running.wait_with_output().unwrap();
    let told = String::from_utf8(ended.stdout).unwrap();
    assert!(ended.status.success(), "{told}");
    let places = told.lines().find(|line| line.starts_with("Written by hand: ")).unwrap();
    assert!(places.contains("Gray.csv:") && places.contains("Oki.csv:"), "{places}");
}
