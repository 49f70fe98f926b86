//! §3.3.2: a Parliament whose ledgers become law books, in processes: the law, its history, the
//! judge, a long voyage, and kills at any moment.

#![cfg(feature = "cli")]

use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;

use crate::common::House;
use parliament::audit::{Rule, Severity};
use parliament::chamber::Chamber;
use parliament::parliament::Legislator;
use parliament::synod::{Entry, Heading, Name};

/// Passes this many decrees, with law books every ten.
fn pass(house: &House, from: u64, through: u64, more: &[&str]) {
    let decrees: Vec<String> = (from..=through).map(|n| format!("The toll is {n}")).collect();
    let mut arguments = vec!["pass", "--law-book-every", "10"];
    arguments.extend(more);
    arguments.extend(decrees.iter().map(String::as_str));
    house.run(&arguments).exits(0);
}

fn begins_with_a_book(house: &House, name: &str) -> bool {
    house.rows(&house.ledger(name))[1]["entry"] == "lawBook"
}

#[test]
fn law_history_and_audit_are_the_same_for_a_list_and_a_book() {
    let house = House::new();
    house
        .run(&["pass", "The olive tax is 3", "The \"odd is even\" is , so", "--priests", "3"])
        .exits(0);
    house.run(&["pass", "8:30 15 Jan 72: Dikstra is cheese inspector for 3 months"]).exits(0);
    house.run(&["petition", "--help"]).exits(0);
    let list = house.run(&["law", "--json"]).exits(0).out;
    pass(&house, 1, 45, &[]);
    for name in ["Dwork", "Fischer", "Gray"] {
        assert!(begins_with_a_book(&house, name), "{name}'s ledger is a list still");
    }
    let book: serde_json::Value =
        serde_json::from_str(&house.run(&["law", "--json"]).exits(0).out).unwrap();
    let list: serde_json::Value = serde_json::from_str(&list).unwrap();
    assert_eq!(book["matters"]["olive tax"], list["matters"]["olive tax"]);
    assert_eq!(book["matters"]["odd is even"], list["matters"]["odd is even"]);
    assert_eq!(book["offices"], list["offices"]);
    assert_eq!(book["matters"]["toll"]["value"], "45");
    let history = house.run(&["law", "history", "toll"]).exits(0).out;
    assert_eq!(history.lines().count(), 45, "{history}");
    house.run(&["law", "follow", "--help"]).exits(0);
    house.run(&["audit"]).exits(0).says("Consistent");
    house.run(&["ledgers"]).exits(0);
    house.run(&["ledgers", "Gray"]).exits(0).says("lawBook");
    house.run(&["chronicle"]).exits(0);

    fs::remove_dir_all(house.path().join("ledgers/archive")).unwrap();
    house.run(&["audit"]).exits(0).says("taken at its word");
    let lost = house.run(&["law", "history", "toll"]).exits(0).says("The archive is not here");
    assert!(lost.out.lines().count() < 45);
    house.run(&["law", "get", "olive tax"]).exits(0).says("3");
    house.run(&["pass", "The toll is 46"]).exits(0);
}

#[test]
fn a_law_book_that_cannot_be_bound_stops_nobody() {
    let house = House::new();
    house.run(&["pass", "--priests", "3", "The olive tax is 3"]).exits(0);
    let archive = house.path().join("ledgers/archive");
    fs::write(&archive, "no directory").unwrap();
    let decrees: Vec<String> = (1..=40).map(|n| format!("The toll is {n}")).collect();
    let decrees = decrees.iter().map(String::as_str);
    let arguments: Vec<&str> =
        ["pass", "--within", "60s", "--law-book-every", "3"].into_iter().chain(decrees).collect();
    let told = house.run(&arguments).exits(0).err;
    let cause = |line: &&str| line.contains("Gray: no law book could be bound");
    let told: Vec<&str> = told.lines().filter(cause).collect();
    assert!((1..=2).contains(&told.len()), "it is told once, and the tenth time: {told:?}");
    assert!(told[0].contains("ledgers/archive is a file"), "{told:?}");
    assert!(!begins_with_a_book(&house, "Gray"));
    house.run(&["audit"]).exits(0).says("Consistent");
    // With the cause, the trouble is gone.
    fs::remove_file(&archive).unwrap();
    pass(&house, 41, 52, &[]);
    assert!(begins_with_a_book(&house, "Gray"));
    house.run(&["audit"]).exits(0).says("Consistent");
}

#[test]
fn a_petition_sent_again_after_the_book_counts_once() {
    let house = House::new();
    house.run(&["pass", "--priests", "1", "The olive tax is 3"]).exits(0);
    let mut sitting = house.start(&["sit", "--law-book-every", "10"]);
    let ask = |text: &str, id: &str| house.run(&["petition", text, "--id", id]).exits(0).out;
    let first = ask("Dolf may keep a cow", "Dolf/3");
    for n in 1..=25 {
        ask(&format!("The toll is {n}"), &format!("Skeen/{n}"));
    }
    assert!(begins_with_a_book(&house, "Dwork"));
    assert_eq!(ask("Dolf may keep a cow", "Dolf/3"), first, "its number, from the archive");
    let number = ask("The toll is 26", "Skeen/26");
    sitting.kill().unwrap();
    sitting.wait().unwrap();
    assert_eq!(number.trim(), "28", "Dolf's petition was passed again");
}

#[test]
fn a_priest_back_from_a_long_voyage_copies_the_book() {
    let house = House::new();
    house.run(&["pass", "--priests", "3", "--alpha", "20", "The olive tax is 3"]).exits(0);
    pass(&house, 1, 200, &["--absent", "Dwork"]);
    assert!(!begins_with_a_book(&house, "Dwork"));
    pass(&house, 201, 201, &[]);
    assert!(begins_with_a_book(&house, "Dwork"), "he copied the years");
    let copied = house.entries("Dwork", "outcome", "number").len();
    assert!(copied < 30, "{copied} decrees were copied one by one");
    house.run(&["law", "get", "toll", "--ledger", "Dwork"]).exits(0).says("201");
    house.run(&["audit"]).exits(0).says("Consistent");
}

#[test]
fn a_sent_law_book_that_differs_from_its_decrees_is_found() {
    let house = House::new();
    house.run(&["pass", "--priests", "3", "--alpha", "20", "The olive tax is 3"]).exits(0);
    pass(&house, 1, 60, &["--absent", "Dwork"]);
    pass(&house, 61, 61, &[]);
    let book = fs::read_to_string(house.messagebook("Dwork")).unwrap();
    assert!(book.contains("law 1: The olive tax is 3"), "{book}");
    fs::write(
        house.messagebook("Dwork"),
        book.replace("law 1: The olive tax is 3", "law 1: The olive tax is 4"),
    )
    .unwrap();
    let judgment = Chamber::at(house.path()).audit().unwrap();
    let found: Vec<_> =
        judgment.findings().iter().filter(|it| it.severity == Severity::Broken).collect();
    assert!(!found.is_empty() && found.iter().all(|it| it.rule == Rule::LawBook), "{found:?}");
}

#[test]
fn a_ledger_is_never_missing_while_others_look() {
    let house = House::new();
    house.run(&["pass", "--priests", "1", "The olive tax is 3"]).exits(0);
    let path = house.ledger("Dwork");
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        let looker = scope.spawn(|| {
            let mut missed = 0;
            while !done.load(std::sync::atomic::Ordering::Relaxed) {
                let begins =
                    fs::read_to_string(&path).is_ok_and(|text| text.contains("outcome,0,"));
                missed += u64::from(!begins);
            }
            missed
        });
        pass(&house, 1, 100, &[]);
        done.store(true, std::sync::atomic::Ordering::Relaxed);
        assert_eq!(looker.join().unwrap(), 0, "the ledger was missing, or half written");
    });
}

#[test]
fn a_process_killed_at_any_moment_loses_no_ledger_and_no_decree() {
    let house = House::new();
    house.run(&["pass", "--priests", "3", "--alpha", "40", "The olive tax is 3"]).exits(0);
    let decrees: String = (1..=3000).map(|n| format!("The toll is {n}\n")).collect();
    fs::write(house.path().join("decrees.txt"), decrees).unwrap();
    let mut bound = BTreeSet::new();
    let mut through = 0;
    for round in 0..20u64 {
        let arguments = ["pass", "--from", "decrees.txt", "--law-book-every", "8"];
        // Killed where the ledgers stand, and not by a clock: in a round of few rows, or after some
        // law books. The kill comes at any step of a priest who inks on meanwhile.
        let archive = house.path().join("ledgers/archive");
        let books = || fs::read_dir(&archive).map_or(0, |entries| entries.count() as u64);
        let rows = || fs::metadata(house.ledger("Fischer")).map_or(0, |there| there.len());
        let before = (books(), rows());
        let mut sitting = house.start(&arguments);
        let has_grown = || match round % 4 {
            0 => rows() != before.1,
            more => books() >= before.0 + more,
        };
        while !has_grown() {
            assert!(sitting.try_wait().unwrap().is_none(), "round {round}: it passed nothing");
            std::thread::yield_now();
        }
        sitting.kill().unwrap();
        sitting.wait().unwrap();
        let chamber = Chamber::at(house.path());
        let mut best = 0;
        for name in ["Dwork", "Fischer", "Gray"] {
            let name: Name = name.parse().unwrap();
            let opened = chamber.check(name).unwrap_or_else(|e| panic!("round {round}: {e}"));
            let founding = Arc::new("Dwork Fischer Gray alpha=40".parse().unwrap());
            let priest = Legislator::from_ledger(name, founding, &opened.rows);
            best = best.max(priest.pages().complete_through());
            bound.insert(priest.pages().in_book_through());
            let begins =
                |row: &Entry| matches!(row, Entry::Book(row) if row.heading == Heading::LawBook);
            assert!(opened.rows.iter().filter(|row| begins(row)).count() <= 1);
        }
        assert!(best >= through, "round {round}: {through} decrees became {best}");
        through = best;
    }
    assert!(bound.len() > 3, "hardly any kill came after a law book: {bound:?}");
    house.run(&["pass", "The last word", "--law-book-every", "8"]).exits(0);
    house.run(&["audit"]).exits(0).says("Consistent");
}
