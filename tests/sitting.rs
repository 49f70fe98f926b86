//! The Parliament as its user runs it. `[PTP §3]`

#![cfg(feature = "cli")]

use std::collections::BTreeMap;
use std::process::Child;

use crate::common::{Ended, House, echo, wait_until};

const FIVE: [&str; 5] = ["Dwork", "Fischer", "Gray", "Lynch", "Oki"];

/// Processes that are killed when the test ends, however it ends.
struct Sitting(Vec<Child>);

impl Drop for Sitting {
    fn drop(&mut self) {
        for child in &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl House {
    fn sit(&self, arguments: &[&str]) -> Sitting {
        Sitting(vec![self.quietly(&[&["sit"], arguments].concat())])
    }

    fn priest(&self, name: &str) -> Child {
        self.quietly(&["priest", name, "--minute", "5ms"])
    }

    fn quietly(&self, arguments: &[&str]) -> Child {
        let mut command = self.command(arguments);
        command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
        command.spawn().unwrap()
    }

    fn petition(&self, arguments: &[&str]) -> Ended {
        self.run(&[&["petition", "--within", "20s"], arguments].concat())
    }

    /// The decrees of a ledger by number, the founding decree left out.
    fn decrees(&self, name: &str) -> BTreeMap<u64, String> {
        let rows = self.rows(&self.ledger(name));
        let outcomes = rows.iter().filter(|row| row["entry"] == "outcome" && row["number"] != "0");
        outcomes.map(|row| (row["number"].parse().unwrap(), row["decree"].clone())).collect()
    }

    fn has(&self, name: &str, decree: &str) -> bool {
        self.ledger(name).exists() && self.decrees(name).values().any(|text| text == decree)
    }
}

#[test]
fn decrees_are_passed_in_order_and_stand_in_every_ledger() {
    let house = House::new();
    let run = house.run(&[
        "pass",
        "The olive tax is 3 drachmas per ton",
        "Lamps must use only olive oil",
    ]);
    run.exits(0).says("1: The olive tax").says("2: Lamps");
    let first = house.decrees("Dwork");
    assert_eq!(first.len(), 2);
    assert!(FIVE.iter().all(|name| house.decrees(name) == first));
    house.run(&["pass", "The sale of brown goats is permitted"]).exits(0).says("3: The sale");
}

#[test]
fn a_bad_line_is_named_and_nothing_passes_without_skip_bad() {
    let house = House::new();
    std::fs::write(house.path().join("decrees.txt"), "Lamps\n=SUM(A1)\nGoats\n").unwrap();
    house.run(&["pass", "--from", "decrees.txt"]).exits(2).says("decrees.txt:2").says("formula");
    assert!(!house.path().join("ledgers").exists());
    let run = house.run(&["pass", "--from", "decrees.txt", "--skip-bad"]).exits(0);
    run.says("decrees.txt:2: passed over").says("2: Goats");
    let run = house.run(&["pass", "--skip-bad", "Goats"]).exits(2);
    run.says("--skip-bad").says("cannot be used with");
}

#[test]
fn a_run_held_back_by_alpha_says_so_and_a_wider_window_is_not() {
    let narrow = House::new();
    let many: Vec<String> = (1..=20).map(|n| format!("The toll is {n}")).collect();
    std::fs::write(narrow.path().join("tolls"), many.join("\n")).unwrap();
    narrow.run(&["pass", "--from", "tolls"]).exits(0).says("with α = 3");
    let wide = House::new();
    std::fs::write(wide.path().join("tolls"), many.join("\n")).unwrap();
    let run = wide.run(&["pass", "--from", "tolls", "--alpha", "100"]).exits(0);
    assert!(!run.out.contains("had to wait for a number"), "{}", run.out);
    assert_eq!(
        wide.entries("Oki", "outcome", "decree")[0],
        "Dwork Fischer Gray Lynch Oki alpha=100"
    );
}

#[test]
fn letters_lost_repeated_and_late_cost_time_and_nothing_else() {
    let house = House::new();
    let many: Vec<String> = (1..=30).map(|n| format!("The toll is {n}")).collect();
    std::fs::write(house.path().join("tolls"), many.join("\n")).unwrap();
    let storm = ["--lose", "0.1", "--repeat", "0.1", "--delay", "0..9", "--minute", "1ms"];
    house.run(&[&["pass", "--from", "tolls", "--within", "60s"], &storm[..]].concat()).exits(0);
    let mut passed: Vec<String> = house.decrees("Gray").into_values().collect();
    passed.retain(|text| text.starts_with("The toll"));
    passed.sort();
    let mut asked = many;
    asked.sort();
    assert_eq!(passed, asked, "each once, and none lost");
}

#[test]
fn a_petition_gets_a_number_and_counts_once_under_its_id() {
    let house = House::new();
    let _sitting = house.sit(&[]);
    wait_until("the ledgers", || house.ledger("Oki").exists());
    let first = house.petition(&["--id", "Dolf/1", "Dolf may keep a cow"]).exits(0).out;
    let again = house.petition(&["--id", "Dolf/1", "Dolf may keep a cow"]).exits(0).out;
    assert_eq!((first.as_str(), again.as_str()), ("1\n", "1\n"));
    assert_eq!(house.petition(&["Goats"]).exits(0).out, "2\n");
}

#[test]
fn a_petition_under_a_used_id_passes_nothing() {
    let house = House::new();
    let _sitting = house.sit(&[]);
    wait_until("the ledgers", || house.ledger("Oki").exists());
    house.petition(&["--id", "Dolf/1", "Dolf may keep a cow"]).exits(0);
    let other = house.petition(&["--id", "Dolf/1", "Dolf may keep a goat"]).exits(1);
    assert_eq!(other.out, "", "the number is that of another decree");
    other.says("under the id Dolf/1").says("decree 1: Dolf may keep a cow").says("another --id");
    let set = ["law", "set", "olive tax", "3", "--id", "Dolf/1", "--within", "20s"];
    house.run(&set).exits(1).says("decree 1: Dolf may keep a cow");
    assert_eq!(house.petition(&["Goats"]).exits(0).out, "2\n");
    house.run(&["audit"]).exits(0).says("Consistent");
}

#[test]
fn a_petition_at_a_legislator_who_is_not_president_is_not_lost() {
    let house = House::new();
    let _sitting = house.sit(&[]);
    wait_until("the ledgers", || house.ledger("Oki").exists());
    house.petition(&["--to", "Dwork", "Lamps must use only olive oil"]).exits(0);
    house.petition(&["--to", "Nobody", "Lamps"]).exits(2).says("Nobody has no ledger");
}

#[test]
fn pass_hands_in_petitions_while_a_sitting_is_open() {
    let house = House::new();
    let _sitting = house.sit(&[]);
    wait_until("Oki presides", || {
        house.ledger("Oki").exists() && !house.entries("Oki", "lastTried", "ballot").is_empty()
    });
    let run = house.run(&["pass", "one", "two", "three"]).exits(0);
    run.says("by petition").says("3: three").says("decrees that waited for α");
    let told = house.run(&["pass", "four", "--json"]).exits(0).out;
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["passed"][0]["number"], 4);
    for unknown in ["sent", "lost", "repeated", "inked", "dried", "heldBack", "lacking"] {
        assert_eq!(told.get(unknown), Some(&serde_json::Value::Null), "{unknown}: {told}");
    }
}

#[test]
fn what_a_run_of_ones_own_cost_is_told_in_numbers() {
    let house = House::new();
    let told = house.run(&["pass", "one", "two", "--json"]).exits(0).out;
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert!(told["sent"].as_u64() > Some(0) && told["inked"].as_u64() > Some(0), "{told}");
    assert_eq!((&told["lost"], &told["heldBack"]), (&0.into(), &0.into()), "{told}");
}

#[test]
fn a_priest_alone_is_told_to_try_once_and_not_to_preside() {
    let house = House::new();
    house.run(&["pass", "Goats"]).exits(0);
    let mut gray = house.start(&["priest", "Gray", "--minute", "1ms"]);
    let tries = || house.entries("Gray", "lastTried", "ballot").len();
    wait_until("he has tried four times", || tries() > 3);
    gray.kill().unwrap();
    let out = Ended::of(gray.wait_with_output().unwrap()).out;
    let lines = |what: &str| out.lines().filter(|line| line.contains(what)).count();
    let once =
        ["Gray takes the chair", "Gray tries 2.Gray", "Gray has waited", "tries again every"];
    assert!(once.iter().all(|what| lines(what) == 1) && lines("presides") == 0, "{out}");
    assert_eq!(lines("Gray tries"), 2, "{out}");
}

#[test]
fn a_priest_who_is_brought_in_is_not_absent() {
    let house = House::new();
    house.run(&["priest", "Gray", "--absent", "Gray"]).exits(2).says("--absent");
    assert!(!house.path().join("ledgers").exists());
}

#[test]
fn a_petition_while_nobody_sits_fails_and_waits_at_the_door() {
    let house = House::new();
    house.run(&["pass", "Lamps must use only olive oil"]).exits(0);
    let run = house.run(&["petition", "--within", "0.2s", "--to", "Oki", "Goats"]);
    run.exits(1).says("may yet pass").says("--id Citizen/");
    let _sitting = house.sit(&[]);
    wait_until("the petition passes", || house.has("Gray", "Goats"));
}

#[test]
fn five_processes_are_a_parliament_and_a_killed_one_catches_up() {
    let house = House::new();
    let mut priests = Sitting(FIVE.iter().map(|name| house.priest(name)).collect());
    wait_until("the ledgers", || FIVE.iter().all(|name| house.ledger(name).exists()));
    house.petition(&["The olive tax is 3 drachmas per ton"]).exits(0);
    priests.0[4].kill().unwrap();
    priests.0[4].wait().unwrap();
    for n in 0..5 {
        house.petition(&["--minute", "5ms", &format!("While Oki is away, {n}")]).exits(0);
    }
    assert!(!house.has("Oki", "While Oki is away, 4"));
    priests.0.push(house.priest("Oki"));
    wait_until("Oki catches up", || house.has("Oki", "While Oki is away, 4"));
    assert!(FIVE.iter().all(|name| {
        let (mine, dworks) = (house.decrees(name), house.decrees("Dwork"));
        mine.iter().all(|(number, text)| dworks.get(number).is_none_or(|other| other == text))
    }));
}

#[test]
fn a_majority_that_is_away_stops_the_sitting_until_it_returns() {
    let house = House::new();
    let _two = house.sit(&["--absent", "Dwork,Fischer,Gray", "--minute", "2ms"]);
    wait_until("the ledgers", || house.ledger("Oki").exists());
    house.run(&["petition", "--within", "0.3s", "--id", "Dolf/1", "Goats"]).exits(1);
    let _three = house.sit(&["--absent", "Lynch,Oki", "--minute", "2ms"]);
    house.petition(&["--id", "Dolf/1", "Goats"]).exits(0);
}

#[test]
fn two_gods_who_claim_one_priest_are_one_too_many() {
    let house = House::new();
    let _sitting = house.sit(&["--absent", "Lynch"]);
    wait_until("Oki presides", || {
        house.ledger("Oki").exists() && !house.entries("Oki", "lastTried", "ballot").is_empty()
    });
    house.run(&["priest", "Oki"]).exits(2).says("one priest has one body");
    house.run(&["sit"]).exits(2).says("one priest has one body");
    let _lynch = Sitting(vec![house.priest("Lynch")]);
    house.petition(&["Goats"]).exits(0);
    wait_until("Lynch hears of it", || house.has("Lynch", "Goats"));
}

#[test]
fn a_messagebook_deleted_in_a_sitting_is_begun_again() {
    let house = House::new();
    let _sitting = house.sit(&["--minute", "3ms"]);
    wait_until("the ledgers", || house.ledger("Oki").exists());
    house.petition(&["one"]).exits(0);
    std::fs::remove_file(house.messagebook("Oki")).unwrap();
    house.petition(&["--minute", "3ms", "two"]).exits(0);
    let book = house.messagebook("Gray");
    let text = std::fs::read_to_string(&book).unwrap();
    std::fs::write(book.with_extension("new"), text).unwrap();
    std::fs::rename(book.with_extension("new"), &book).unwrap();
    house.petition(&["--minute", "3ms", "three"]).exits(0);
    wait_until("Gray has it", || house.has("Gray", "three"));
}

#[test]
fn messagebooks_are_begun_again_when_their_directory_is_removed() {
    let house = House::new();
    let _sitting = house.sit(&["--minute", "3ms"]);
    wait_until("the ledgers", || house.ledger("Oki").exists());
    house.petition(&["one"]).exits(0);
    // Moved first: while a directory is emptied, somebody may write into it.
    let (books, gone) = (house.path().join("messagebooks"), house.path().join("gone"));
    std::fs::rename(&books, &gone).unwrap();
    std::fs::remove_dir_all(&gone).unwrap();
    house.petition(&["--minute", "3ms", "two"]).exits(0);
    wait_until("everyone has it", || FIVE.iter().all(|name| house.has(name, "two")));
    assert!(FIVE.iter().all(|name| house.messagebook(name).exists()));
}

/// Success may come in any order (PTP §3.1), and then so are decrees inked.
#[test]
fn a_sitting_tells_each_inked_decree_once_in_any_order() {
    let house = House::new();
    let told = house.path().join("told");
    let told_of = |number: u64| {
        let told = std::fs::read_to_string(&told).unwrap();
        told.matches(&format!("decree {number}: ")).count()
    };
    let mut sit = house.command(&["sit", "--absent", "Dwork,Fischer,Lynch"]);
    sit.stdout(std::fs::File::create(&told).unwrap());
    let _sitting = Sitting(vec![sit.spawn().unwrap()]);
    let is_in = |name: &str| {
        house.ledger(name).exists() && !house.entries(name, "entered", "at").is_empty()
    };
    wait_until("both are in the Chamber", || is_in("Gray") && is_in("Oki"));
    wait_until("both have messagebooks", || {
        ["Gray", "Oki"].iter().all(|name| house.messagebook(name).exists())
    });
    let success = |to: &str, number: u64| {
        echo(&house.messagebook(to), &format!("Dwork,3,,The toll is {number},Success,{number}"));
    };
    for number in [3, 1, 2] {
        success("Gray", number);
        success("Oki", number);
    }
    let all = |name| (1..=3).all(|number| house.decrees(name).contains_key(&number));
    wait_until("both have all three", || all("Gray") && all("Oki"));
    // A legislator reports these only after those.
    success("Gray", 5);
    success("Oki", 6);
    wait_until("the last are told", || told_of(5) > 0 && told_of(6) > 0);
    assert_eq!([1, 2, 3].map(told_of), [1, 1, 1], "{}", std::fs::read_to_string(&told).unwrap());
}

#[test]
fn without_notifications_sizes_are_looked_at() {
    let house = House::new();
    let _sitting = house.sit(&["--poll"]);
    wait_until("the ledgers", || house.ledger("Oki").exists());
    house.petition(&["Lamps must use only olive oil"]).exits(0);
}

#[test]
fn a_ledger_from_another_chamber_is_refused() {
    let (house, other) = (House::new(), House::new());
    house.run(&["pass", "Goats"]).exits(0);
    other.run(&["pass", "--priests", "Gray,Oki,Strong", "Goats"]).exits(0);
    std::fs::copy(other.ledger("Gray"), house.ledger("Gray")).unwrap();
    house.run(&["pass", "Lamps"]).exits(2).says("another chamber").says("--absent Gray");
    house.run(&["pass", "Lamps", "--absent", "Gray"]).exits(0);
}

#[test]
fn a_petition_written_by_hand_is_a_petition() {
    for arguments in [&[][..], &["--poll"]] {
        let house = House::new();
        let _sitting = house.sit(arguments);
        wait_until("the book", || house.messagebook("Gray").exists());
        wait_until("Oki presides", || {
            house.ledger("Oki").exists() && !house.entries("Oki", "lastTried", "ballot").is_empty()
        });
        echo(&house.messagebook("Gray"), "Dolf,6,,Dolf may keep a cow,,,,,Dolf/1");
        wait_until("it passes", || house.has("Gray", "Dolf may keep a cow"));
    }
}
