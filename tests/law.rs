//! The law through the program: set, get, quoted numbers, history, following, offices.

#![cfg(feature = "cli")]

use std::io::{BufRead, BufReader};

use crate::common::{Ended, House, Sitting, echo, wait_until};

fn json(ended: &Ended) -> serde_json::Value {
    serde_json::from_str(&ended.out).unwrap()
}

/// Appends a decree to a ledger by hand.
fn ink(house: &House, name: &str, number: u64, decree: &str) {
    echo(&house.ledger(name), &format!("outcome,{number},,{decree}"));
}

/// A chamber that was founded, and in which nobody sits any more.
fn founded() -> House {
    let house = House::new();
    house.run(&["synod", "The olive tax is 3 drachmas per ton"]).exits(0);
    house
}

#[test]
fn the_law_is_set_read_conditionally_set_and_repealed() {
    let house = House::new();
    let _sitting = Sitting::of(&house, &[]);
    let set = house.run(&["law", "set", "olive tax", "3 drachmas per ton"]).exits(0);
    assert_eq!(set.out, "1: The olive tax is 3 drachmas per ton\n");
    let get = house.run(&["law", "get", "olive tax"]).exits(0).says("As of decree 1");
    assert_eq!(get.out, "3 drachmas per ton\n");
    house
        .run(&["law", "set", "olive tax", "6", "--provided", "5"])
        .exits(1)
        .says("2: The olive tax is not 5 but 3 drachmas per ton: nothing changed");
    house.run(&["law", "set", "olive tax", "6", "--provided", "3 drachmas per ton"]).exits(0);
    let slow = house.run(&["law", "get", "olive tax", "--slow", "--citizen", "Schneider"]).exits(0);
    assert_eq!(slow.out, "6\n");
    assert!(
        house
            .entries("Oki", "outcome", "decree")
            .contains(&"Citizen Schneider is reading the law".into())
    );
    house.run(&["law", "repeal", "olive tax"]).exits(0).says("it was 6");
    let gone =
        house.run(&["law", "get", "olive tax"]).exits(1).says("there is no law on olive tax");
    assert_eq!(gone.out, "");
    house.run(&["law", "repeal", "olive tax"]).exits(1).says("6: There was no law on olive tax");
    let history = house.run(&["law", "history", "olive tax"]).exits(0);
    assert_eq!(
        history.out,
        "1: The olive tax is 3 drachmas per ton\n3: The olive tax is 6\n\
         5: There is no law on olive tax any more; it was 6\n"
    );
}

/// A citizen who asks an absent legislator learns at least which number to quote. `[PTP §3.3.4]`
#[test]
fn a_set_law_is_told_by_number_when_no_ledger_answers_yet() {
    let house = House::new();
    let _sitting = Sitting::of(&house, &["--absent", "Dwork"]);
    let set = ["law", "set", "olive tax", "3 drachmas", "--ledger", "Dwork", "--wait", "0"];
    let set = house.run(&set).exits(1);
    assert_eq!(set.out, "", "nobody has answered");
    set.says("it is passed as decree 1").says("parliament law --at-least 1");
    let get = ["law", "get", "olive tax", "--at-least", "1"];
    assert_eq!(house.run(&get).exits(0).out, "3 drachmas\n");
}

#[test]
fn matters_and_values_that_need_quotes_come_back_unchanged() {
    let house = House::new();
    let _sitting = Sitting::of(&house, &[]);
    for (matter, value) in [
        ("law on laws", "repealed"),
        ("question: what is art", "a hard one, provided it is asked"),
        ("ides of February", "national olive day"),
        ("empty", ""),
        (" space ", "\"quoted\" \\ and so on"),
    ] {
        house.run(&["law", "set", matter, value]).exits(0);
        let got = house.run(&["law", "get", matter]).exits(0);
        assert_eq!(got.out, format!("{value}\n"), "{matter:?}");
    }
    house.run(&["law", "set", "", "x"]).exits(2).says("at least one character");
    house.run(&["law", "set", "x", "two\nlines"]).exits(2).says("one line");
}

#[test]
fn an_inquiry_that_quotes_a_number_learns_no_earlier_law() {
    let house = founded();
    ink(&house, "Gray", 2, "The sale of brown goats is permitted");
    let goats = ["law", "get", "sale of brown goats"];
    let told = house.run(&[&goats[..], &["--json"]].concat()).exits(0);
    let told = json(&told);
    assert_eq!((&told["law"], &told["completeThrough"]), (&"permitted".into(), &2.into()));
    assert_eq!(told["ledger"], "Gray");
    // Stockmeyer had been out of the Chamber.
    house.run(&[&goats[..], &["--ledger", "Oki"]].concat()).exits(1).says("no law");
    house
        .run(&[&goats[..], &["--ledger", "Oki", "--at-least", "2", "--wait", "0"]].concat())
        .exits(1)
        .says("complete through decree 1, not through 2: wait, or ask someone else");
    let waiting = house
        .start(&[&goats[..], &["--ledger", "Oki", "--at-least", "2", "--wait", "30s"]].concat());
    ink(&house, "Oki", 2, "The sale of brown goats is permitted");
    assert_eq!(Ended::of(waiting.wait_with_output().unwrap()).exits(0).out, "permitted\n");
}

#[test]
fn a_decree_beyond_a_gap_waits_in_the_back() {
    let house = founded();
    ink(&house, "Gray", 3, "The olive tax is 6 drachmas per ton");
    let tax = ["law", "get", "olive tax", "--ledger", "Gray"];
    assert_eq!(
        house.run(&tax).exits(0).says("A decree beyond a gap waits").out,
        "3 drachmas per ton\n"
    );
    ink(&house, "Gray", 2, "The ides of February is national olive day");
    assert_eq!(house.run(&tax).exits(0).says("As of decree 3").out, "6 drachmas per ton\n");
}

#[test]
fn a_petition_that_passed_twice_counts_once() {
    let house = founded();
    echo(&house.ledger("Gray"), "outcome,2,,The olive tax is 6,,Dolf/3");
    echo(&house.ledger("Gray"), "outcome,3,,The olive tax is 9,,");
    echo(&house.ledger("Gray"), "outcome,4,,The olive tax is 6,,Dolf/3");
    assert_eq!(house.run(&["law", "get", "olive tax"]).exits(0).out, "9\n");
}

#[test]
fn every_change_is_followed_as_it_happens() {
    let house = founded();
    let mut following = house.start(&["law", "follow", "olive tax", "--after", "0"]);
    let mut lines = BufReader::new(following.stdout.take().unwrap()).lines();
    let mut next = || lines.next().unwrap().unwrap();
    assert_eq!(next(), "1: The olive tax is 3 drachmas per ton");
    for name in ["Gray", "Oki"] {
        ink(&house, name, 2, "The lamp oil is olive oil");
        ink(&house, name, 3, "The olive tax is 3 drachmas per ton");
        ink(&house, name, 4, "The olive tax is 6 drachmas per ton");
        ink(&house, name, 5, "The law on olive tax is repealed");
    }
    assert_eq!(next(), "4: The olive tax is 6 drachmas per ton");
    assert_eq!(next(), "5: There is no law on olive tax any more; it was 6 drachmas per ton");
    std::process::Command::new("kill")
        .args(["-INT", &following.id().to_string()])
        .status()
        .unwrap();
    assert_eq!(following.wait().unwrap().code(), Some(0), "Ctrl-C ends it");
    assert!(lines.next().is_none(), "each change is told once");
}

#[test]
fn the_cheese_inspector_may_act_when_his_clock_shows_8_45() {
    let house = founded();
    ink(&house, "Gray", 2, "8:30 15 Jan 72—Dikstra is cheese inspector for 3 months");
    ink(&house, "Gray", 3, "9:00 1 Feb 72: Gouda is cheese inspector for 1 month");
    let office = |more: &[&str]| house.run(&[&["office", "cheese inspector"], more].concat());
    let held = office(&["--at", "8:30 15 Jan 72"]).exits(0);
    assert_eq!(held.out, "Dikstra is cheese inspector until 8:30 15 Apr 72\n");
    office(&["--at", "8:30 15 Apr 72"])
        .exits(0)
        .says("Gouda is cheese inspector until 8:30 15 May 72");
    office(&[]).exits(1).says("Nobody is cheese inspector");
    office(&["--at", "8:44 15 Jan 72", "--may", "Dikstra"]).exits(1).says("may not act");
    office(&["--at", "8:45 15 Jan 72", "--may", "Dikstra"]).exits(0).says("may act");
    let sharp = ["--at", "8:31 15 Jan 72", "--may", "Dikstra", "--clock-error", "1"];
    office(&sharp).exits(0);
    office(&["--at", "half past eight"]).exits(2).says("a time is written");
    let told = json(&office(&["--at", "8:30 15 Jan 72", "--json"]).exits(0));
    assert_eq!(
        (&told["term"]["holder"], &told["term"]["appointedBy"]),
        (&"Dikstra".into(), &2.into())
    );
}

#[test]
fn the_book_shows_matters_legislators_and_offices() {
    let house = founded();
    ink(&house, "Gray", 2, "Strong is now a legislator with weight 2");
    ink(&house, "Gray", 3, "8:30 15 Jan 72: Dikstra is cheese inspector for 3 months");
    let book = house.run(&["law"]).exits(0);
    let book = book.says("olive tax").says("3 drachmas per ton").says("Strong with weight 2");
    book.says("Dikstra is cheese inspector from").says("As of decree 3, by Gray's ledger");
    let told = json(&house.run(&["law", "--json"]).exits(0));
    assert_eq!(told["matters"]["olive tax"]["value"], "3 drachmas per ton");
    assert_eq!(told["legislators"]["Strong"], 2);
    assert_eq!(told["version"], 1);
}

#[test]
fn without_a_parliament_there_is_no_law() {
    let house = House::new();
    for arguments in
        [&["law"][..], &["law", "get", "x"], &["office", "x"], &["law", "set", "x", "y"]]
    {
        house.run(arguments).exits(2).says("nobody has founded this chamber");
    }
    founded().run(&["law", "--ledger", "Nobody"]).exits(2).says("Nobody has no ledger");
}

#[test]
fn section_3_3_6_a_new_legislator_gets_a_ledger_and_the_law() {
    let house = House::new();
    let _sitting = Sitting::of(&house, &["--priests", "Gray,Oki"]);
    house.run(&["law", "set", "olive tax", "3", "--minute", "2ms"]).exits(0);
    house.run(&["priest", "Strong"]).exits(2).says("Strong is no priest of this chamber");
    let heavy = "Strong is now a legislator with weight 3";
    // A scribe's error: with him outside, there would be no majority inside.
    let refused = house.run(&["petition", heavy]).exits(2).says("Gray, Oki are");
    refused.says("no majority of the legislators inside");
    house.run(&["petition", heavy, "--minute", "2ms", "--drown"]).exits(0).says("2");
    // Two olive days may pass without him, and nothing more.
    let within = ["--within", "200", "--minute", "2ms"];
    let set = [&["law", "set", "olive tax", "6", "--id", "Dolf/1"], &within[..]].concat();
    house.run(&set).exits(1).says("not seen to pass within");
    let strong = ["priest", "Strong", "--quiet", "--minute", "2ms"];
    let mut strong = Sitting(house.start(&strong));
    house
        .run(&["law", "set", "olive tax", "6", "--id", "Dolf/1"])
        .exits(0)
        .says("5: The olive tax is 6");
    wait_until("Strong has the law", || house.entries("Strong", "outcome", "number").len() > 5);
    assert!(house.entries("Strong", "prevVote", "number").contains(&"5".into()));
    strong.0.kill().unwrap();
    strong.0.wait().unwrap();
    house.run(&["audit"]).exits(0).says("Consistent");
    // His promises are forgotten with his ledger, and no other is given him.
    std::fs::remove_file(house.ledger("Strong")).unwrap();
    house.run(&["priest", "Strong"]).exits(2).says("Strong has amnesia");
}

#[test]
fn section_3_3_6_the_sailors_decree_is_refused_at_the_petition() {
    let house = House::new();
    let sailor = "Elpenor is now a legislator with weight 1000000";
    let honour = "Sailors who drowned are honoured";
    house.run(&["pass", "--priests", "3", honour]).exits(0);
    house.run(&["pass", honour, sailor]).exits(2).says("--drown");
    assert_eq!(house.entries("Gray", "outcome", "number").len(), 2, "and nothing of it is passed");
    house.run(&["pass", "Strong is now a legislator"]).exits(0);
    house.run(&["pass", "--minute", "2ms", "--drown", sailor]).exits(0);
    let correction = "Elpenor is no longer a legislator";
    house
        .run(&[
            "pass", "--minute", "2ms", "--within", "300", "--absent", "Elpenor", "--drown",
            correction,
        ])
        .exits(1);
}

#[test]
fn section_3_3_3_times_rise_with_numbers_though_a_clock_is_slow() {
    let house = House::new();
    let _sitting = Sitting::of(&house, &[]);
    let taster = ["office", "wine taster", "--minute", "2ms"];
    let office = |more: &[&str]| house.run(&[&taster, more].concat());
    office(&["--at", "9:45 9 Apr 78", "--appoint", "Francez", "--months", "2"])
        .exits(0)
        .says("1: Francez is wine taster from 9:45 9 Apr 78 until 9:45 9 Jun 78");
    office(&["--at", "9:20 9 Apr 78", "--appoint", "Pnueli", "--months", "1"]).exits(0);
    assert_eq!(
        house.entries("Oki", "outcome", "decree")[2],
        "9:45 9 Apr 78: Pnueli is wine taster for 1 month"
    );
    office(&["--at", "9:50 9 Apr 78", "--resign", "Francez"]).exits(0);
    office(&["--at", "9:50 9 Apr 78", "--resign", "Francez"])
        .exits(1)
        .says("Nothing changed: Francez is not wine taster");
    office(&["--at", "9:50 9 Apr 78"]).exits(1).says("Nobody is wine taster");
    office(&["--appoint", "Gouda", "--months", "0"]).exits(2);
    office(&["--appoint", "Gouda"]).exits(2).says("--months");
}
