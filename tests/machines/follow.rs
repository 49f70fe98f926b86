//! A machine that holds no priest follows all decrees by copies of the others' ledgers.
#![cfg(unix)]

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use super::courier::{alone, lay};
use crate::common::House;

/// A machine that has joined, whose courier copies nothing by itself.
fn lodge() -> House {
    let lodge = House::new();
    lay(lodge.path(), "echo ready; cat");
    lodge
}

/// Brings a copy of this priest's ledger.
fn bring(from: &House, to: &House, priest: &str) {
    let abroad = to.path().join("abroad/ledgers");
    fs::create_dir_all(&abroad).unwrap();
    let half = abroad.join("half");
    fs::copy(from.ledger(priest), &half).unwrap();
    fs::rename(half, abroad.join(format!("{priest}.csv"))).unwrap();
}

#[test]
fn each_decree_is_told_once_and_through_which_all_are_known() {
    let (hill, lodge) = (House::new(), lodge());
    let pass = |decree| hill.run(&["pass", "--priests", "Ada,Ben,Cid", decree]).exits(0);
    let mut command = Command::new(alone(&lodge));
    command.args(["follow", "--after", "0"]).current_dir(lodge.path());
    let mut following = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut told = BufReader::new(following.stdout.take().unwrap()).lines().map(Result::unwrap);
    pass("Goats may graze");
    bring(&hill, &lodge, "Ada");
    assert_eq!(told.next().unwrap(), "1: Goats may graze");
    assert_eq!(told.next().unwrap(), "complete through 1");
    // A ledger of which a copy comes later is further.
    pass("Lamps burn olive oil");
    bring(&hill, &lodge, "Cid");
    assert_eq!(told.next().unwrap(), "2: Lamps burn olive oil");
    assert_eq!(told.next().unwrap(), "complete through 2");
    following.kill().unwrap();
    following.wait().unwrap();
    for nothing in ["ledgers", "messagebooks"] {
        let there = fs::read_dir(lodge.path().join(nothing));
        assert!(there.is_err() || there.unwrap().next().is_none(), "it wrote {nothing}");
    }
}

#[test]
fn copies_accuse_nobody_of_whom_there_is_none() {
    let (hill, lodge) = (House::new(), lodge());
    hill.run(&["pass", "--priests", "Ada,Ben,Cid", "Goats may graze"]).exits(0);
    bring(&hill, &lodge, "Ada");
    bring(&hill, &lodge, "Ben");
    // A courier marks a directory of copies so.
    fs::write(lodge.path().join("abroad/ledgers/.mirror"), "").unwrap();
    let judged = lodge.run(&["audit", "--chamber", "abroad"]).exits(0);
    assert!(
        judged.out.contains("Cid"),
        "a part, and it says whose ledger is elsewhere: {}",
        judged.out
    );
    // Without the mark it is a chamber whose ledger is missing.
    fs::remove_file(lodge.path().join("abroad/ledgers/.mirror")).unwrap();
    lodge.run(&["audit", "--chamber", "abroad"]).exits(1);
}

/// An outcome whose votes may still be on their way is no fault of anybody.
#[test]
fn copies_that_grow_accuse_nobody() {
    let (hill, lodge) = (House::new(), lodge());
    hill.run(&["pass", "--priests", "Ada,Ben,Cid", "Goats may graze"]).exits(0);
    for priest in ["Ada", "Ben", "Cid"] {
        bring(&hill, &lodge, priest);
    }
    let abroad = lodge.path().join("abroad/ledgers");
    fs::write(abroad.join(".mirror"), "").unwrap();
    lodge.run(&["audit", "--chamber", "abroad"]).exits(0);
    // All votes are gone but Ada's, if she cast one.
    for late in ["Ben.csv", "Cid.csv"] {
        let text = fs::read_to_string(abroad.join(late)).unwrap();
        let begins: String = text.split_inclusive('\n').take(2).collect();
        fs::write(abroad.join(late), begins).unwrap();
    }
    let told = lodge.run(&["audit", "--chamber", "abroad"]).exits(1).out;
    assert!(told.contains("Not consistent"), "copies at rest are judged: {told}");
    let ends = std::sync::atomic::AtomicBool::new(false);
    let told = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !ends.load(std::sync::atomic::Ordering::Relaxed) {
                let mut ben =
                    fs::File::options().append(true).open(abroad.join("Ben.csv")).unwrap();
                std::io::Write::write_all(&mut ben, b"entered,,,,,,,,\n").unwrap();
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
        });
        let told = lodge.run(&["audit", "--chamber", "abroad"]);
        ends.store(true, std::sync::atomic::Ordering::Relaxed);
        told
    });
    assert!(told.exits(2).err.contains("Ben.csv: this copy is growing"));
}

#[test]
fn a_machine_with_a_priest_does_not_follow() {
    let house = lodge();
    house.run(&["pass", "--priests", "Ada,Ben,Cid", "Goats may graze"]).exits(0);
    let refused = house.run(&["follow"]).exits(2);
    assert!(refused.err.contains("Ada lives on this machine"), "{}", refused.err);
}

#[test]
fn nothing_is_followed_where_the_courier_fails() {
    let house = House::new();
    lay(house.path(), "exit 2");
    let mut command = Command::new(alone(&house));
    let ended = command.arg("follow").current_dir(house.path()).output().unwrap();
    assert_eq!(ended.status.code(), Some(2));
    let told = String::from_utf8(ended.stderr).unwrap();
    assert!(told.contains("parliament-sea does not carry"), "{told}");
}
