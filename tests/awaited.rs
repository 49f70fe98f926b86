//! Unknown is not failed: a petition that left may yet pass, and no command says otherwise.

#![cfg(feature = "cli")]

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::common::{Ended, House, Sitting, echo, wait_until};

const GOATS: &str = "The sale of brown goats is permitted";
const THREE: [&str; 3] = ["Dwork", "Gray", "Oki"];

fn founded() -> House {
    let house = House::new();
    house.run(&["pass", "--priests", "Dwork,Gray,Oki", "Lamps"]).exits(0);
    house
}

fn holds(files: impl Iterator<Item = PathBuf>, text: &str) -> bool {
    let is_file = |path: &PathBuf| path.symlink_metadata().is_ok_and(|it| it.is_file());
    let read = files.filter(is_file).filter_map(|path| std::fs::read(path).ok());
    read.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).any(|it| it.contains(text))
}

fn in_a_ledger(house: &House) -> bool {
    holds(THREE.iter().map(|name| house.ledger(name)), GOATS)
}

fn in_a_messagebook(house: &House) -> bool {
    holds(THREE.iter().map(|name| house.messagebook(name)), GOATS)
}

/// The claims true of every ending, whatever failed.
#[track_caller]
fn is_honest(house: &House, ended: &Ended) {
    let Ended { code, out, err } = ended;
    let told = format!("exit {code:?}\n{out}\n{err}");
    assert!(!err.contains("panicked"), "{told}");
    match code {
        Some(0) => assert!(in_a_ledger(house), "it did not pass: {told}"),
        Some(1) if err.contains("Not seen") && !err.contains("may yet pass") => {
            assert!(in_a_ledger(house), "it was not passed: {told}");
        }
        Some(1) => {
            assert!(err.contains("may yet pass"), "{told}");
            assert!(err.contains("parliament petition --id Citizen/"), "{told}");
        }
        _ => {
            assert!(!in_a_ledger(house) && !in_a_messagebook(house), "it left, or passed: {told}");
        }
    }
}

/// The things that may stand in the place of a messagebook.
const TROUBLES: [&str; 4] = ["directory", "gone", "link to nowhere", "link to a full device"];

fn trouble(house: &House, name: &str, kind: &str) {
    let path = house.messagebook(name);
    std::fs::remove_file(&path).unwrap();
    match kind {
        "directory" => std::fs::create_dir(&path).unwrap(),
        "link to nowhere" => std::os::unix::fs::symlink("/nowhere/at/all", &path).unwrap(),
        "link to a full device" => std::os::unix::fs::symlink("/dev/full", &path).unwrap(),
        _ => {}
    }
}

const BRIEFLY: [&str; 4] = ["--within", "60", "--minute", "2ms"];

fn ask(house: &House, command: &str) -> Ended {
    house.run(&[&[command, GOATS][..], &BRIEFLY].concat())
}

#[test]
fn no_petition_that_left_is_called_failed_for_a_bad_messagebook() {
    for kind in TROUBLES {
        for command in ["petition", "pass"] {
            for troubled in [&THREE[..1], &THREE[1..2], &THREE[2..], &THREE[..2], &THREE] {
                let house = founded();
                troubled.iter().for_each(|name| trouble(&house, name, kind));
                is_honest(&house, &ask(&house, command));
            }
        }
    }
}

#[test]
fn where_one_messagebook_fails_the_other_doors_are_tried() {
    for command in ["petition", "pass"] {
        let house = founded();
        let _sitting = Sitting::of(&house, &["--absent", "Dwork"]);
        trouble(&house, "Dwork", "directory");
        // The legislator who inked last is asked first.
        let soon = std::time::SystemTime::now() + std::time::Duration::from_secs(60);
        let ledger = std::fs::File::options().append(true).open(house.ledger("Dwork")).unwrap();
        ledger.set_modified(soon).unwrap();
        let away: &[&str] = if command == "pass" { &["--absent", "Dwork"] } else { &[] };
        let asked = house.run(&[&[command, GOATS, "--within", "30s"], away].concat()).exits(0);
        is_honest(&house, &asked);
    }
}

#[test]
fn where_every_door_is_shut_it_is_said_that_nothing_left() {
    let house = founded();
    THREE.iter().for_each(|name| trouble(&house, name, "directory"));
    let shut = ask(&house, "petition").exits(2).says("nothing was handed in");
    THREE
        .iter()
        .for_each(|name| assert!(shut.err.contains(&format!("{name}.csv")), "{}", shut.err));
    let asked_before = ["petition", GOATS, "--id", "Dolf/1", "--within", "30", "--minute", "2ms"];
    house.run(&asked_before).exits(1).says("that one may yet pass");
}

#[test]
fn json_tells_of_a_petition_that_may_yet_pass_and_its_id() {
    let house = founded();
    let ended = house.run(&[&["petition", GOATS, "--json"][..], &BRIEFLY].concat()).exits(1);
    is_honest(&house, &ended);
    let told: serde_json::Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!((&told["number"], &told["mayYetPass"]), (&serde_json::Value::Null, &true.into()));
    let id = told["petition"].as_str().unwrap().to_owned();
    assert!(ended.err.contains(&format!("--id {id} ")), "{}", ended.err);
    // A citizen who asks again under it hears the same of what passed.
    let _sitting = Sitting::of(&house, &[]);
    let again = ["petition", GOATS, "--json", "--id", &id, "--within", "30s"];
    let told: serde_json::Value = serde_json::from_str(&house.run(&again).exits(0).out).unwrap();
    assert_eq!((&told["petition"], &told["mayYetPass"]), (&id.into(), &false.into()));
    assert!(told["number"].is_u64());
}

/// A file that may not grow takes a part of a row, as a full disk does.
#[test]
fn a_petition_of_which_a_part_was_written_may_yet_pass() {
    for room in [0, 1, 40, 90] {
        let house = founded();
        for name in THREE {
            let header = "from,code,ballot,decree,message,number,vote,of,petition,at\n";
            let text = format!("{header}{}\n", "#".repeat(1023 - room - header.len()));
            std::fs::write(house.messagebook(name), text).unwrap();
        }
        let limited = "trap '' XFSZ; ulimit -S -f 2; exec \"$0\" \"$@\"";
        let mut shell = Command::new("sh");
        shell.args(["-c", limited, env!("CARGO_BIN_EXE_parliament"), "petition", GOATS]);
        let ran = shell.args(BRIEFLY).current_dir(house.path()).output().unwrap();
        let ended = Ended::of(ran).exits(1);
        is_honest(&house, &ended);
        ended.says("cannot be written");
    }
}

#[test]
fn an_interrupted_petition_that_left_is_not_called_failed() {
    for command in ["petition", "pass"] {
        for wait in 0..12 {
            let house = founded();
            let asking = [command, GOATS, "--within", "30s"];
            let away: &[&str] = if command == "pass" { &["--absent", "Dwork,Gray"] } else { &[] };
            let mut asking = house.command(&[&asking[..], away].concat());
            let child = asking.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
            match wait {
                11 => wait_until("it leaves", || in_a_messagebook(&house)),
                _ => std::thread::sleep(std::time::Duration::from_millis(wait * wait)),
            }
            let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
            assert!(kill.unwrap().success());
            let ended = Ended::of(child.wait_with_output().unwrap());
            if wait == 11 {
                assert_eq!(ended.code, Some(1), "{}", ended.err);
            }
            is_honest(&house, &ended);
        }
    }
}

#[test]
fn the_command_that_is_told_asks_again_and_counts_once() {
    let house = founded();
    let asked = ask(&house, "petition").exits(1);
    let line = asked.err.lines().find(|line| line.trim_start().starts_with("parliament petition"));
    let again = line.unwrap().trim().replacen("parliament", "\"$0\"", 1) + " --within 30s";
    let again = again.replacen(" -- ", " --within 30s -- ", 1).replace("\" --within 30s", "\"");
    let _sitting = Sitting::of(&house, &[]);
    let mut shell = Command::new("sh");
    shell.args(["-c", &again, env!("CARGO_BIN_EXE_parliament")]);
    let ended = Ended::of(shell.current_dir(house.path()).output().unwrap()).exits(0);
    assert_eq!(ended.out, "2\n", "{again}");
    house.run(&["audit"]).exits(0);
}

#[test]
fn a_passed_decree_is_called_passed_without_standard_output() {
    let house = founded();
    let _sitting = Sitting::of(&house, &[]);
    let full = || std::fs::File::options().write(true).open("/dev/full").unwrap();
    let mut asking = house.command(&["petition", GOATS, "--within", "30s"]);
    let ran = asking.stdout(full()).stderr(Stdio::piped()).spawn().unwrap();
    let ended = Ended::of(ran.wait_with_output().unwrap()).exits(1);
    ended.says("it is passed as decree 2");
}

#[test]
fn an_unseated_priest_is_told_the_members_of_today() {
    let house = founded();
    let unseat = ["pass", "Oki is no longer a legislator", "b1", "b2", "b3"];
    // Nobody tells him what passes without him, so nobody waits for him either.
    house.run(&[&unseat[..], &["--within", "60s", "--minute", "2ms"]].concat()).exits(0);
    let refused = house.run(&["priest", "Oki"]).exits(2);
    assert!(!refused.err.contains("founding decree"), "{}", refused.err);
    refused.says("its legislators are Dwork, Gray");
    house.run(&["pass", "--absent", "Skeen", "x"]).exits(2).says("its legislators are Dwork, Gray");
    house.run(&["synod", "--president", "Skeen", "x"]).exits(2).says("those of decree 0 vote");
}

#[test]
fn a_sitting_that_closes_names_a_ledger_that_is_gone() {
    let house = founded();
    let sitting = house.start(&["sit", "--minute", "2ms"]);
    wait_until("Oki tries", || house.entries("Oki", "entered", "at").len() == 2);
    std::fs::remove_file(house.ledger("Gray")).unwrap();
    let kill = Command::new("kill").args(["-INT", &sitting.id().to_string()]).status();
    assert!(kill.unwrap().success());
    let ended = Ended::of(sitting.wait_with_output().unwrap()).exits(0);
    assert!(!ended.out.contains("every ledger is whole"), "{}", ended.out);
    ended.says("ledgers/Gray.csv: ");
}

/// A passed decree is not said to pass yet, and one is no majority of decrees.
#[test]
fn what_all_passed_is_not_said_to_be_passing() {
    let house = founded();
    let away = ["pass", GOATS, "--lose", "1", "--within", "40", "--minute", "2ms"];
    let ended = house.run(&away);
    is_honest(&house, &ended);
    assert!(!ended.err.contains("1 of 1 decrees"), "{}", ended.err);
}

#[test]
fn json_tells_of_ledgers_that_contradict_each_other_when_opened() {
    let house = House::new();
    house.run(&["pass", "--priests", "A,B,C", "--minute", "2ms", "Bread"]).exits(0);
    echo(&house.ledger("A"), "outcome,2,1.A,Goats");
    echo(&house.ledger("B"), "outcome,2,1.A,Sheep");
    let ended = house.run(&["pass", "--minute", "2ms", "--json", "Wine"]).exits(0);
    let told: serde_json::Value = serde_json::from_str(&ended.out).unwrap();
    let expected = serde_json::json!({ "priest": "A", "number": 2, "decree": "Goats" });
    assert_eq!(told["contradiction"], expected);
    assert_eq!(told["complete"], true, "decrees that pass the law anew heal it");
}
