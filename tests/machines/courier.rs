//! How `parliament` finds, starts and ends the courier, which is another program.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::common::{House, wait_until};

/// A copy of the program, beside which no courier lies.
#[cfg(unix)]
pub(super) fn alone(house: &House) -> PathBuf {
    let alone = house.path().join("parliament");
    crate::common::program::lay(&alone, &fs::read(env!("CARGO_BIN_EXE_parliament")).unwrap());
    alone
}

/// Lays a script where the courier would be.
#[cfg(unix)]
pub(super) fn lay(directory: &Path, script: &str) {
    let courier = directory.join("parliament-sea");
    crate::common::program::lay(&courier, format!("#!/bin/sh\n{script}\n").as_bytes());
}

#[cfg(unix)]
#[test]
fn where_the_courier_lacks_it_is_said_how_to_get_it() {
    let house = House::new();
    for arguments in [&["sea", "who"][..], &["sit", "--priests", "A,B,C", "--sea"]] {
        let mut command = Command::new(alone(&house));
        let ended = command.args(arguments).env("PATH", house.path()).output().unwrap();
        let told = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(2), "{told}");
        assert!(told.contains("cargo build -p parliament-courier"), "{told}");
    }
}

#[cfg(unix)]
#[test]
fn the_courier_gets_the_chamber_and_all_arguments() {
    let house = House::new();
    lay(house.path(), "echo \"$@\"; exit 7");
    let mut command = Command::new(alone(&house));
    command.args(["--chamber", "x", "sea", "join", "T", "--as", "Ben", "--help"]);
    let ended = command.output().unwrap();
    assert_eq!(ended.status.code(), Some(7));
    let told = String::from_utf8(ended.stdout).unwrap();
    assert_eq!(told, "--chamber x join T --as Ben --help\n");
}

#[cfg(unix)]
#[test]
fn a_sitting_starts_its_courier_first_and_ends_it() {
    let house = House::new();
    let marks = house.path().display();
    lay(
        house.path(),
        &format!(
            "echo $@ > {marks}/began; ls {marks}/ledgers > {marks}/before; echo ready; cat; echo > {marks}/ended"
        ),
    );
    let mut command = Command::new(alone(&house));
    command.args(["sit", "--priests", "A,B,C", "--sea"]).current_dir(house.path());
    let mut sitting = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    wait_until("they enter", || house.ledger("A").exists());
    let began = fs::read_to_string(house.path().join("began")).unwrap();
    assert_eq!(began, "carry --with-parent\n");
    assert_eq!(fs::read_to_string(house.path().join("before")).unwrap(), "", "nobody was in yet");
    // However it ends, the courier ends.
    sitting.kill().unwrap();
    sitting.wait().unwrap();
    wait_until("the courier ends", || house.path().join("ended").exists());
}

#[cfg(unix)]
#[test]
fn nobody_comes_in_where_the_courier_fails() {
    let house = House::new();
    lay(house.path(), "exit 2");
    let mut command = Command::new(alone(&house));
    command.args(["sit", "--priests", "A,B,C", "--sea"]).current_dir(house.path());
    let ended = command.output().unwrap();
    assert_eq!(ended.status.code(), Some(2));
    assert!(!house.ledger("A").exists());
}
