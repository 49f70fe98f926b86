//! Learning the law through the program: decree numbers, specialists, following; and what becomes
//! of those whom a decree removes.

#![cfg(feature = "cli")]

use std::io::{BufRead, BufReader};

use crate::common::{Ended, House, Sitting, echo, wait_until};

fn ink(house: &House, name: &str, number: u64, decree: &str) {
    echo(&house.ledger(name), &format!("outcome,{number},,{decree}"));
}

/// A chamber with decrees 1 and 2 in every ledger: Oki is to be specialist until 15 April.
fn with_a_specialist() -> House {
    let house = House::new();
    house
        .run(&[
            "pass",
            "--priests",
            "Gray,Lynch,Oki",
            "The olive tax is 3 drachmas per ton",
            "8:30 15 Jan 72: Oki is specialist on olive for 3 months",
        ])
        .exits(0);
    house
}

fn ask(house: &House, at: &str) -> Ended {
    house.run(&["law", "get", "olive tax", "--specialist", "--at", at, "--wait", "0"])
}

#[test]
fn section_3_3_4_a_specialist_answers_only_in_office() {
    let house = with_a_specialist();
    let noon = "12:00 1 Feb 72";
    ask(&house, noon).exits(1).says("by his ledger he has not taken office");
    ink(&house, "Gray", 3, "8:45 15 Jan 72: Oki takes office as specialist on olive");
    ask(&house, noon).exits(1).says("by his ledger he has not taken office");
    ink(&house, "Oki", 3, "8:45 15 Jan 72: Oki takes office as specialist on olive");
    assert_eq!(ask(&house, noon).exits(0).says("by Oki's ledger").out, "3 drachmas per ton\n");
    ask(&house, "8:44 15 Jan 72").exits(1).says("clocks err too much");
    ask(&house, "8:15 15 Apr 72").exits(1).says("clocks err too much");
    ask(&house, "8:30 15 Apr 72").exits(1).says("nobody is specialist on olive");
    ask(&house, "8:29 15 Jan 72").exits(1).says("nobody is specialist on olive");
    let sales = ["law", "get", "sales tax", "--specialist", "--at", noon, "--wait", "0"];
    house.run(&sales).exits(1).says("nobody is specialist on sales");
    // It is his ledger that answers, though another goes further.
    ink(&house, "Gray", 4, "The olive tax is 6 drachmas per ton");
    assert_eq!(ask(&house, noon).exits(0).out, "3 drachmas per ton\n");
    house.run(&["law", "get", "olive tax"]).exits(0).says("6 drachmas per ton");
}

#[test]
fn section_3_3_4_a_successor_takes_office_before_he_answers() {
    let house = with_a_specialist();
    let taken = "8:45 15 Jan 72: Oki takes office as specialist on olive";
    let gray = "9:00 15 Jan 72: Gray is specialist on olive for 1 month";
    for name in ["Gray", "Oki"] {
        ink(&house, name, 3, taken);
        ink(&house, name, 4, gray);
    }
    ink(&house, "Oki", 5, "The olive tax is 6 drachmas per ton");
    assert_eq!(ask(&house, "8:00 1 Mar 72").exits(0).out, "6 drachmas per ton\n");
    // Gray's ledger lacks decree 5: what he said now would be an earlier law.
    let his_term = "8:46 15 Apr 72";
    ask(&house, his_term).exits(1).says("Gray is specialist on olive, and by his ledger");
    ink(&house, "Gray", 6, "8:45 15 Apr 72: Gray takes office as specialist on olive");
    ask(&house, his_term).exits(1).says("by his ledger he has not taken office");
    ink(&house, "Gray", 5, "The olive tax is 6 drachmas per ton");
    assert_eq!(ask(&house, his_term).exits(0).out, "6 drachmas per ton\n");
    // One who resigned answers nothing, though his own ledger may not say so.
    ink(&house, "Lynch", 3, taken);
    ink(&house, "Lynch", 4, gray);
    ink(&house, "Lynch", 5, "The olive tax is 6 drachmas per ton");
    ink(&house, "Lynch", 6, "8:45 15 Apr 72: Gray takes office as specialist on olive");
    ink(&house, "Lynch", 7, "9:00 15 Apr 72: Gray resigns as specialist on olive");
    ask(&house, "9:30 15 Apr 72").exits(1).says("nobody is specialist on olive");
}

#[test]
fn section_3_3_4_a_specialist_tells_a_citizen_his_own_decrees() {
    let house = House::new();
    let _sitting = Sitting::of(&house, &["--priests", "Gray,Lynch,Oki"]);
    let office = |more: &[&str]| {
        house.run(&[&["office", "specialist on olive", "--minute", "2ms"], more].concat())
    };
    office(&["--at", "8:30 15 Jan 72", "--appoint", "Oki", "--months", "3"]).exits(0);
    office(&["--at", "8:44 15 Jan 72", "--take", "Oki"]).exits(1).says("may not act");
    office(&["--at", "8:45 15 Jan 72", "--take", "Oki"]).exits(0).says("2: Oki took office");
    let by_oki = ["--specialist", "--at", "9:00 15 Jan 72", "--minute", "2ms"];
    let set = [&["law", "set", "olive tax", "6", "--json"], &by_oki[..]].concat();
    house.run(&set).exits(0).says("\"number\":3");
    let get = [&["law", "get", "olive tax", "--at-least", "3"], &by_oki[..]].concat();
    assert_eq!(house.run(&get).exits(0).says("by Oki's ledger").out, "6\n");
    let other = [&["law", "get", "olive tax", "--ledger", "Gray"], &by_oki[..]].concat();
    house.run(&other).exits(2).says("cannot be used with");
    // A decree that touches the areas of several specialists does nothing.
    let sweep = "The olive tax is 7; the sales tax is 5";
    house.run(&["petition", sweep, "--minute", "2ms"]).exits(0);
    house.run(&["law", "get", "sales tax"]).exits(1).says("there is no law on sales tax");
    house.run(&["petition", "The goat tax is 7; the sales tax is 5", "--minute", "2ms"]).exits(0);
    house.run(&["law", "get", "sales tax", "--at-least", "5"]).exits(0).says("5");
    house.run(&["audit"]).exits(0);
}

#[test]
fn each_change_is_a_json_object_and_a_closed_pipe_is_success() {
    let house = with_a_specialist();
    ink(&house, "Gray", 3, "The olive tax is 6; the goat tax is 2");
    let mut following = house.start(&["law", "follow", "olive tax", "--after", "0", "--json"]);
    let mut lines = BufReader::new(following.stdout.take().unwrap()).lines();
    let mut next =
        || -> serde_json::Value { serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap() };
    let (first, second) = (next(), next());
    assert_eq!((&first["version"], &first["number"]), (&1.into(), &1.into()));
    assert_eq!(second["answer"]["declared"][0]["was"], "3 drachmas per ton");
    drop(lines);
    // A child that another test begins at this moment holds the pipe open for a while.
    let mut changes = 4..;
    wait_until("the follower has seen enough", || {
        let number = changes.next().unwrap();
        ink(&house, "Gray", number, &format!("The olive tax is {number} drachmas"));
        following.try_wait().unwrap().is_some()
    });
    let ended = Ended::of(following.wait_with_output().unwrap()).exits(0);
    assert_eq!(ended.err, "");
    let told = house.run(&["law", "history", "goat tax"]).exits(0);
    assert_eq!(told.out, "3: The olive tax is 6; the goat tax is 2\n");
}

#[test]
fn a_near_miss_is_answered_with_the_form_it_resembles() {
    let house = House::new();
    let _sitting = Sitting::of(&house, &["--priests", "Gray,Lynch,Oki"]);
    let asked = house.run(&["petition", "Strong is a legislator", "--minute", "2ms"]).exits(0);
    assert_eq!(asked.out, "1\n");
    assert!(asked.err.contains("it resembles `N is now a legislator"), "{}", asked.err);
    let long = format!("{} is now a legislator", "X".repeat(41));
    house.run(&["petition", &long, "--minute", "2ms"]).exits(0).says("it resembles `N is now");
    let words = ["petition", "Lamps must use only olive oil", "--minute", "2ms"];
    assert_eq!(house.run(&words).exits(0).err, "");
    let matter = "m".repeat(4093);
    house.run(&["law", "set", &matter, "v"]).exits(2).says("at most 4096 bytes");
    house.run(&["law", "set", "two\nlines", "v"]).exits(2).says("one line");
}

#[test]
fn section_3_3_6_one_removed_stops_counting_and_is_told() {
    let house = House::new();
    let mut sitting = Sitting::of(&house, &["--priests", "Gray,Lynch,Oki"]);
    let quick = ["--minute", "2ms"];
    let petition = |text: &str| house.run(&[&["petition", text], &quick[..]].concat());
    petition("Oki is no longer a legislator").exits(0);
    petition("The olive tax is 3").exits(0);
    petition("The olive tax is 6").exits(0);
    wait_until("Oki is told", || {
        house.entries("Oki", "outcome", "decree").contains(&"Oki is no longer a legislator".into())
    });
    sitting.0.kill().unwrap();
    sitting.0.wait().unwrap();
    let rows = ["Gray", "Lynch", "Oki"].map(|name| house.rows(&house.ledger(name))).concat();
    let begun = rows.iter().filter(|row| row["entry"] == "beginBallot");
    let asked_after = |row: &&std::collections::BTreeMap<String, String>| {
        row["number"].parse::<u64>().unwrap() >= 4 && row["quorum"].contains("Oki")
    };
    assert_eq!(begun.filter(asked_after).count(), 0, "he is asked no longer");
    house.run(&["law"]).exits(0).says("Legislators: Gray, Lynch.");
    house.run(&["audit"]).exits(0).says("Consistent");
    // Without him the two are a majority, and all.
    house.run(&["priest", "Oki"]).exits(2).says("Oki is no priest of this chamber");
    house.run(&["pass", "--minute", "2ms", "The olive tax is 9"]).exits(0);
}

#[test]
fn section_3_3_6_a_coup_founds_another_chamber_without_law() {
    let house = House::new();
    house.run(&["pass", "--priests", "3", "The olive tax is 3"]).exits(0);
    let sailor = "Elpenor is now a legislator with weight 1000000";
    house.run(&["pass", "--minute", "2ms", "--drown", sailor]).exits(0);
    let correction = "Elpenor is no longer a legislator";
    let vain = ["pass", "--minute", "2ms", "--within", "200", "--absent", "Elpenor", "--drown"];
    house.run(&[&vain[..], &[correction]].concat()).exits(1);
    assert!(!house.entries("Gray", "outcome", "decree").contains(&correction.into()));
    // General Lampson: a founding decree of his own, in a chamber of his own.
    let palace = ["--chamber", "palace"];
    let coup = ["pass", "--priests", "Lampson", "Long live the general"];
    house.run(&[&palace[..], &coup].concat()).exits(0);
    let tax = ["law", "get", "olive tax"];
    house.run(&[&palace[..], &tax].concat()).exits(1).says("there is no law on olive tax");
    house.run(&tax).exits(0).says("3");
    house.run(&["audit"]).exits(0).says("Consistent");
}

#[test]
fn section_3_3_5_a_sitting_restates_the_law_in_a_cycle() {
    let house = House::new();
    house.run(&["sit", "--restate", "soon"]).exits(2).says("is no length of time");
    let _sitting = Sitting::of(&house, &["--priests", "Gray,Lynch,Oki", "--restate", "20"]);
    for (matter, law) in [("olive tax", "9"), ("goat tax", "2")] {
        house.run(&["law", "set", matter, law, "--minute", "2ms"]).exits(0);
    }
    let redundant = || {
        let rows = house.rows(&house.ledger("Gray"));
        let of = |text: &str| {
            let restates = |row: &&std::collections::BTreeMap<String, String>| {
                row["entry"] == "outcome" && row["decree"] == text && row["petition"].is_empty()
            };
            rows.iter().filter(restates).count()
        };
        of("The olive tax is 9").min(of("The goat tax is 2"))
    };
    wait_until("the cycle goes round twice", || redundant() >= 2);
    let history = house.run(&["law", "history", "olive tax"]).exits(0).out;
    assert_eq!(history.lines().count(), 1, "{history}");
}

/// Three ledgers written by hand, of which Oki's contradicts the others.
fn contradicting() -> House {
    let house = House::new();
    for room in ["ledgers", "messagebooks"] {
        std::fs::create_dir_all(house.path().join(room)).unwrap();
    }
    for name in ["Gray", "Lynch", "Oki"] {
        let columns = "entry,number,ballot,decree,quorum,petition,at,dry,seal\n";
        std::fs::write(house.ledger(name), columns).unwrap();
        echo(&house.ledger(name), "outcome,0,,Gray Lynch Oki");
        let (tax, toll) = match name {
            "Oki" => ("The olive tax is 9", "The toll is 'high'!"),
            _ => ("The olive tax is 3", "The law on toll is repealed"),
        };
        echo(&house.ledger(name), &format!("outcome,1,,{tax}"));
        echo(&house.ledger(name), &format!("outcome,2,,{toll}"));
    }
    house
}

#[test]
fn section_3_3_5_the_auditors_decrees_heal_a_contradiction() {
    let house = contradicting();
    let found = house.run(&["audit"]).exits(1).says("is “The olive tax is 9” here");
    let petitions: Vec<&str> =
        found.out.lines().filter_map(|it| it.strip_prefix("  parliament petition ")).collect();
    assert_eq!(petitions, ["\"The olive tax is 3\"", "\"The law on toll is repealed\""]);
    let json = house.run(&["audit", "--json"]).exits(1);
    json.says(r#"{"decree":"The olive tax is 3","what":"heal"}"#);
    house.run(&["law", "get", "olive tax", "--ledger", "Oki"]).exits(0).says("9");
    let healing = ["pass", "The olive tax is 3", "The law on toll is repealed"];
    let healed = house.run(&[&healing[..], &["--minute", "2ms"]].concat()).exits(0);
    // It can only be healed if it may go on; but not without a word.
    healed.says("decree 1 is “The olive tax is 3” in his ledger").says("ledgers/Oki.csv");
    for name in ["Gray", "Lynch", "Oki"] {
        let tax = house.run(&["law", "get", "olive tax", "--ledger", name]).exits(0);
        assert_eq!(tax.out, "3\n", "{name}");
        house.run(&["law", "get", "toll", "--ledger", name]).exits(1);
    }
    house.run(&["audit"]).exits(1).says("on every matter of the law they say the same");
}

/// The ledgers that this priest's law book replaced are lost.
fn forget_what_was_before_the_book(house: &House, name: &str) {
    for entry in std::fs::read_dir(house.path().join("ledgers/archive")).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().unwrap().to_string_lossy().starts_with(name) {
            std::fs::remove_file(path).unwrap();
        }
    }
}

/// A Parliament of three whose ledgers contradict each other and have become law books.
fn contradicting_in_books() -> House {
    let house = contradicting();
    let words: Vec<String> = (0..12).map(|n| format!("Word {n}")).collect();
    let mut pass = vec!["pass", "--minute", "2ms", "--law-book-every", "4"];
    pass.extend(words.iter().map(String::as_str));
    house.run(&pass).exits(0);
    house
}

#[test]
fn section_3_3_5_a_contradiction_in_law_books_is_healed_too() {
    let house = contradicting_in_books();
    let oki = std::fs::read_to_string(house.ledger("Oki")).unwrap();
    assert!(oki.contains("law,1,,The olive tax is 9"), "no book: {oki}");
    let proposes_healing = || {
        let found = house.run(&["audit"]).exits(1);
        let petitions: Vec<&str> =
            found.out.lines().filter_map(|it| it.strip_prefix("  parliament petition ")).collect();
        assert_eq!(petitions, ["\"The olive tax is 3\"", "\"The law on toll is repealed\""]);
    };
    proposes_healing();
    // Nor does anything else tell what his book stands for.
    forget_what_was_before_the_book(&house, "Oki");
    proposes_healing();
    let healing = ["The olive tax is 3", "The law on toll is repealed"];
    house.run(&[&["pass", "--minute", "2ms"], &healing[..]].concat()).exits(0);
    let healed = house.run(&["audit"]).exits(1);
    assert!(!healed.out.contains("petition"), "{}", healed.out);
}

#[test]
fn no_healing_is_proposed_without_the_decrees_of_law_books() {
    let house = contradicting_in_books();
    for name in ["Gray", "Lynch", "Oki"] {
        forget_what_was_before_the_book(&house, name);
    }
    let oki = std::fs::read_to_string(house.ledger("Oki")).unwrap();
    let endless: Vec<&str> = oki.lines().filter(|row| !row.starts_with("bound,")).collect();
    std::fs::write(house.ledger("Oki"), endless.join("\n") + "\n").unwrap();
    let found = house.run(&["audit"]).exits(1).says("Oki's law book does not end");
    assert!(!found.out.contains("petition"), "{}", found.out);
}

#[test]
fn no_healing_is_proposed_where_an_earlier_decree_is_missing() {
    let house = contradicting();
    for name in ["Gray", "Lynch", "Oki"] {
        let rows = std::fs::read_to_string(house.ledger(name)).unwrap();
        std::fs::write(house.ledger(name), rows.replace("outcome,1,", "outcome,3,")).unwrap();
    }
    let found = house.run(&["audit"]).exits(1).says("is “The olive tax is 9” here");
    assert!(!found.out.contains("agree") && !found.out.contains("one law"), "{}", found.out);
}

#[test]
fn a_contradiction_in_an_unfounded_chamber_is_judged_too() {
    let house = House::new();
    std::fs::create_dir_all(house.path().join("ledgers")).unwrap();
    for (name, tax) in [("Gray", 3), ("Oki", 9)] {
        let rows = format!("entry,number,ballot,decree\noutcome,1,,The olive tax is {tax}\n");
        std::fs::write(house.ledger(name), rows).unwrap();
    }
    house.run(&["audit"]).exits(1).says("is “The olive tax is 9” here");
}
