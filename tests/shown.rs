//! No output for a person holds a character that he could not see, whatever stands in the records.

#![cfg(feature = "cli")]

use crate::common::{Ended, House, echo};
use parliament::law::Meaning;

/// Turns the line around, takes no room, hides what follows, breaks the line.
const HIDDEN: [char; 6] = ['\u{202e}', '\u{200b}', '\u{2066}', '\u{feff}', '\u{ad}', '\u{e0041}'];

/// A chamber whose records hold what is hidden in decrees, matters, offices, and ids, as old ones
/// may: two decrees by hand, in every ledger and with a letter that tells of them.
fn house() -> House {
    let house = House::new();
    let dark: String = HIDDEN.iter().collect();
    let value = format!("The olive tax is 3{dark} drachmas");
    house.run(&["pass", "--priests", "Dwork,Gray,Oki", &value, "The lamp oil is pure"]).exits(0);
    let by_hand = [
        format!("outcome,3,,The goat{dark} tax is {dark}4,,Dolf{dark}/9,,,"),
        format!("outcome,4,,8:30 15 Jan 72: Oki is wine{dark} taster for 3 months,,,,,"),
        format!("outcome,5,,the lamp{dark} oil is dear,,,,,"),
        format!("outcome,6,,The goat{dark} tax is 5; the sheep{dark} tax is 6,,,,,"),
    ];
    for name in ["Dwork", "Gray", "Oki"] {
        for row in &by_hand {
            echo(&house.ledger(name), row);
        }
        let letters = [
            format!("Gray,3,1.Gray,The goat{dark} tax is {dark}4,Success,3,,,Dolf{dark}/9,"),
            format!("Dolf,6,,The {dark}tax is 3,Petition,,,,Dolf{dark}/10,"),
            format!("Gray{dark},1,1.Gray,,NextBallot,0,,,,"),
        ];
        for letter in &letters {
            echo(&house.messagebook(name), letter);
        }
    }
    house
}

#[track_caller]
fn plain(what: &str, text: &str) {
    let hidden = |c: &char| HIDDEN.contains(c) || (c.is_control() && *c != '\n');
    if let Some(c) = text.chars().find(hidden) {
        let at = text.find(c).unwrap();
        let around: String =
            text[..at].chars().rev().take(60).collect::<Vec<_>>().iter().rev().collect();
        panic!("{what} prints {c:?} raw after {around:?}");
    }
}

fn read(house: &House, arguments: &[&str]) -> Ended {
    let ended = house.run(arguments);
    let what = arguments.join(" ");
    plain(&what, &ended.out);
    plain(&what, &ended.err);
    ended
}

#[test]
fn no_command_prints_what_nobody_can_see() {
    let house = house();
    let bidi = "The olive tax is 5\u{202e}\u{200b}";
    let all: &[&[&str]] = &[
        &["ledgers"],
        &["ledgers", "Gray"],
        &["ledgers", "--json"],
        &["messages"],
        &["messages", "Gray"],
        &["audit"],
        &["audit", "--json"],
        &["law"],
        &["law", "--json"],
        &["law", "history", "olive tax"],
        &["law", "get", "olive tax"],
        &["law", "get", "olive\u{202e} tax"],
        &["law", "set", "olive\u{202e} tax", "4"],
        &["office"],
        &["chronicle"],
        &["chronicle", "--svg", "run.svg"],
        &["chronicle", "--html", "run.html"],
        &["pass", "The \u{202e}goat tax is 4"],
        &["pass", "the olive\u{200b} tax is 4"],
        &["pass", "-v", bidi],
        &["synod", bidi],
        &["petition", "--within", "10", "The \u{202e}goat tax is 4"],
        &["petition", "--within", "10", "--id", "Dolf/\u{200b}", "The goat tax is 4"],
        &["petition", "--within", "10", "=\u{202e}"],
        &["simulate", "--seed", "3", "--decrees", "2"],
    ];
    for arguments in all {
        read(&house, arguments);
    }
    for file in ["run.svg", "run.html"] {
        let drawn = std::fs::read_to_string(house.path().join(file)).unwrap();
        plain(file, &drawn);
        assert!(drawn.contains("\\u202e"), "{file} shows no decree of them");
        // JSON from a script is shown as it was read.
        assert!(file == "run.svg" || drawn.contains("\\\\u202e"), "{file}");
    }
    let elsewhere = House::new();
    read(&elsewhere, &["synod", "--priests", "Dwork,Gray,Oki", "--trace", "run.csv", bidi])
        .exits(0);
    read(&elsewhere, &["synod", "--story", bidi]).exits(2);
    for file in ["run.txt", "run.svg", "run.html"] {
        let drawing = House::new();
        read(&drawing, &["synod", "--priests", "Dwork,Gray,Oki", "--chronicle", file, bidi])
            .exits(0);
        plain(file, &std::fs::read_to_string(drawing.path().join(file)).unwrap());
    }
    read(&elsewhere, &["chronicle", "--trace", "run.csv"]).exits(0);
    read(&elsewhere, &["chronicle"]);
    read(&elsewhere, &["ledgers", "Gray"]);
}

#[test]
fn a_person_reads_it_written_out_and_json_says_the_same() {
    let house = house();
    read(&house, &["ledgers", "Gray"]);
    // So wide that nothing wraps.
    let out = house.command(&["ledgers", "Gray"]).env("COLUMNS", "400").output().unwrap().stdout;
    let (out, json) = (String::from_utf8(out).unwrap(), read(&house, &["law", "--json"]).out);
    assert!(out.contains("\\u202e\\u200b\\u2066\\ufeff\\u00ad\\udb40\\udc41"), "{out}");
    let dark: String = HIDDEN.iter().collect();
    let said: Vec<serde_json::Value> =
        json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let value = format!("3{dark} drachmas");
    assert!(format!("{said:?}").contains(&format!("{value:?}")), "{json}");
    let ledger = std::fs::read_to_string(house.ledger("Gray")).unwrap();
    assert!(ledger.contains(&value), "a record keeps the text");
}

#[test]
fn what_cannot_be_seen_is_refused_in_matters_names_and_ids() {
    let house = house();
    for text in ["The olive\u{202e} tax is 3", "Stro\u{3164}ng is now a legislator"] {
        read(&house, &["petition", "--within", "10", text]).exits(2);
        read(&house, &["pass", text]).exits(2);
    }
    read(&house, &["law", "set", "olive\u{200b} tax", "3", "--within", "10"]).exits(2);
    read(&house, &["petition", "--within", "10", "--id", "x\u{200b}", "The toll is 3"]).exits(2);
    read(
        &house,
        &["pass", "The law on goat\u{202e}\u{200b}\u{2066}\u{feff}\u{ad}\u{e0041} tax is repealed"],
    )
    .exits(0);
}

#[test]
fn the_petition_that_heals_can_be_typed_as_it_is_shown() {
    let house = House::new();
    house.run(&["pass", "--priests", "Dwork,Gray,Oki", "The toll is 3"]).exits(0);
    let dark: String = HIDDEN.iter().collect();
    for (name, value) in [("Dwork", 4), ("Gray", 5), ("Oki", 5)] {
        echo(&house.ledger(name), &format!("outcome,2,,The goat{dark} tax is {value},,,,,"));
    }
    let audit = read(&house, &["audit"]).exits(1).out;
    let said = audit.lines().find_map(|line| line.strip_prefix("  parliament petition ")).unwrap();
    let said = said.trim_matches('\'');
    let meant = Meaning::of(&format!("The goat{dark} tax is 5"));
    assert_eq!(Meaning::of(said), meant, "{said}");
    for name in ["Gray", "Oki"] {
        read(&house, &["ledgers", name]);
    }
    read(&house, &["pass", "--absent", "Dwork", said]).exits(0);
}

#[test]
fn one_name_in_two_spellings_founds_nothing_and_seats_nobody() {
    for pair in ["Γρα\u{1fd6},Γραι\u{342}", "Σωκράτης,ΣΩΚΡΆΤΗΣ", "Σωκράτης,Σωκράτησ", "A,a"]
    {
        let house = House::new();
        read(&house, &["synod", "--priests", &format!("Dwork,{pair}"), "x"]).exits(2);
        assert!(!house.ledger("Dwork").exists(), "{pair}");
    }
    let house = House::new();
    house.run(&["pass", "--priests", "Dwork,Γρα\u{1fd6}", "The toll is 3"]).exits(0);
    let twin = "Γραι\u{342} is now a legislator";
    read(&house, &["pass", twin]).exits(2).says("\\u1fd6");
    read(&house, &["petition", "--within", "10", twin]).exits(2);
    read(&house, &["pass", "Γρα\u{1fd6} is now a legislator with weight 2"]).exits(0);
}

#[test]
fn a_chamber_founded_with_two_spellings_still_opens() {
    let old = House::new();
    for directory in ["ledgers", "messagebooks"] {
        std::fs::create_dir(old.path().join(directory)).unwrap();
    }
    let founded = "entry,number,ballot,decree,quorum,petition,at,dry,seal\n\
                   outcome,0,,Dwork Γρα\u{1fd6} Γραι\u{342},,,,,\n";
    for name in ["Dwork", "Γρα\u{1fd6}", "Γραι\u{342}"] {
        std::fs::write(old.ledger(name), founded).unwrap();
    }
    read(&old, &["pass", "The toll is 4"]).exits(0);
    read(&old, &["audit"]).exits(0);
}

#[test]
fn a_ledger_named_in_another_spelling_is_named() {
    let house = House::new();
    house.run(&["pass", "--priests", "Dwork,Gray,Γρα\u{1fd6}", "The toll is 3"]).exits(0);
    std::fs::rename(house.ledger("Γρα\u{1fd6}"), house.ledger("Γραι\u{342}")).unwrap();
    let ended = read(&house, &["pass", "The toll is 4"]).exits(2);
    assert!(
        ended.err.contains("Γρα\\u03b9") || ended.err.contains("\\u03b9\\u0342.csv"),
        "{}",
        ended.err
    );
    assert!(!ended.err.contains("amnesia"), "{}", ended.err);
    std::fs::rename(house.ledger("Γραι\u{342}"), house.ledger("Γρα\u{1fd6}")).unwrap();
    read(&house, &["pass", "The toll is 4"]).exits(0);
}
