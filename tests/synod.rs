//! The Synod as its user runs it. `[PTP §2]`

#![cfg(feature = "cli")]

use crate::common::{Ended, House, Row, Sitting, echo, wait_until};

const PAINTING: &str = "Painting on temple walls is forbidden";
const FREEDOM: &str = "Freedom of artistic expression is guaranteed";

#[test]
fn every_priest_present_has_the_decree_in_his_ledger() {
    let house = House::new();
    house.run(&["synod", PAINTING]).exits(0).says(PAINTING).says("PTP §2.3 (5)");
    for name in ["Dwork", "Fischer", "Gray", "Lynch", "Oki"] {
        assert_eq!(house.entries(name, "outcome", "decree").last().unwrap(), PAINTING);
    }
}

#[test]
fn a_synod_that_has_chosen_gives_the_first_decree_again_by_b3() {
    let house = House::new();
    house.run(&["synod", PAINTING]).exits(0);
    house
        .run(&["synod", FREEDOM])
        .exits(0)
        .says("B3 binds")
        .says("B3 bound 2.Oki")
        .says("chosen before");
    assert_eq!(house.run(&["synod", "--quiet", FREEDOM]).exits(0).out, format!("{PAINTING}\n"));
    assert_eq!(house.decree(), [PAINTING.to_string()].into());
}

#[test]
fn ballot_numbers_are_never_used_again_after_a_restart_b1() {
    let house = House::new();
    for _ in 0..3 {
        house.run(&["synod", PAINTING]).exits(0);
    }
    assert_eq!(house.entries("Oki", "lastTried", "ballot"), ["1.Oki", "2.Oki", "3.Oki"]);
}

#[test]
fn letters_lost_repeated_and_late_cost_time_and_nothing_else() {
    for seed in 1..=6 {
        let house = House::new();
        let seed = seed.to_string();
        let world = ["--lose", "0.2", "--repeat", "0.2", "--delay", "0..9", "--minute", "2ms"];
        let mut arguments = vec!["synod", PAINTING, "--seed", &seed, "--within", "20000"];
        arguments.extend(world);
        house.run(&arguments).exits(0);
        assert_eq!(house.decree().len(), 1);
    }
}

#[test]
fn one_dead_priest_of_three_stops_nobody() {
    let house = House::new();
    house.run(&["synod", PAINTING, "--priests", "A,B,C", "--absent", "A"]).exits(0);
    assert!(house.entries("A", "outcome", "decree").len() == 1, "A has the founding decree alone");
}

#[test]
fn when_the_last_name_is_away_the_next_presides_after_t() {
    let house = House::new();
    let run = house.run(&["synod", PAINTING, "--absent", "Oki", "--minute", "3ms"]).exits(0);
    run.says("Lynch presides: has heard no higher name for 33.000 min");
}

#[test]
fn without_a_majority_the_missing_priests_are_named() {
    let house = House::new();
    let absent = ["--absent", "Gray,Lynch,Oki", "--within", "150", "--minute", "2ms"];
    let mut arguments = vec!["synod", PAINTING];
    arguments.extend(absent);
    house.run(&arguments).exits(1).says("Missing: Gray, Lynch, Oki").says("promises nothing");
    assert!(house.decree().is_empty());
}

#[test]
fn two_presidents_cost_progress_and_never_consistency() {
    for seed in ["1", "2", "3"] {
        let house = House::new();
        let duel =
            ["synod", PAINTING, "--president", "Fischer,Lynch", "--seed", seed, "--minute", "5ms"];
        house.run(&duel).exits(0);
        assert_eq!(house.decree().len(), 1);
    }
}

#[test]
fn whoever_leaves_loses_his_slip_and_nothing_else() {
    let house = House::new();
    let away =
        ["synod", PAINTING, "--absent", "Dwork,Fischer", "--leave", "Oki@1..60", "--delay", "2..3"];
    house.run(&[&away[..], &["--minute", "5ms"]].concat()).exits(0).says("slip of paper is lost");
    let tried = house.entries("Oki", "lastTried", "ballot");
    assert_eq!(tried.len(), tried.iter().collect::<std::collections::BTreeSet<_>>().len());
}

#[test]
fn a_priest_who_promised_higher_refuses_and_is_outbid() {
    let house = House::new();
    house.run(&["synod", PAINTING, "--absent", "Dwork,Gray,Oki", "--within", "1"]).exits(1);
    echo(&house.ledger("Fischer"), "nextBal,,41.Lynch,,,,,,");
    let run = house.run(&["synod", PAINTING, "--absent", "Dwork,Gray"]).exits(0);
    run.says("Fischer refuses NextBallot").says("42.Oki");
}

#[test]
fn weights_count_in_every_majority() {
    let house = House::new();
    let absent = ["--absent", "B,C,D,E", "--minute", "3ms"];
    house.run(&[&["synod", PAINTING, "--priests", "A:5,B,C,D,E"], &absent[..]].concat()).exits(0);
    let light = House::new();
    let absent = ["--absent", "A", "--within", "100", "--minute", "2ms"];
    light.run(&[&["synod", PAINTING, "--priests", "A:5,B,C,D,E"], &absent[..]].concat()).exits(1);
}

#[test]
fn a_torn_or_garbage_row_in_a_messagebook_is_a_letter_lost() {
    let house = House::new();
    house.run(&["synod", PAINTING, "--absent", "Dwork,Fischer,Gray", "--within", "1"]).exits(1);
    let garbage: &[u8] = b"\0\xff garbage \n\"unclosed,1,2\nGray,9,1.Oki\nOki,1,1.Oki";
    for name in ["Oki", "Gray"] {
        use std::io::Write;
        let path = house.messagebook(name);
        std::fs::OpenOptions::new().append(true).open(path).unwrap().write_all(garbage).unwrap();
    }
    house.run(&["synod", PAINTING]).exits(0);
}

#[test]
fn garbage_in_a_messagebook_is_said_and_skipped() {
    let house = House::new();
    let sitting = house.start(&[
        "synod",
        PAINTING,
        "--priests",
        "A,B,C",
        "--absent",
        "A,B",
        "--within",
        "20s",
    ]);
    wait_until("C tries", || {
        house.ledger("C").exists() && !house.entries("C", "lastTried", "ballot").is_empty()
    });
    echo(&house.messagebook("C"), "B,9,what is this");
    echo(&house.messagebook("C"), "Stranger,1,1.C,");
    echo(&house.messagebook("C"), "B,1,1.C,");
    wait_until("C begins", || !house.entries("C", "beginBallot", "ballot").is_empty());
    echo(&house.messagebook("C"), "B,2,1.C,");
    let ended = Ended::of(sitting.wait_with_output().unwrap()).exits(0);
    ended.says("messagebooks/C.csv:").says("Stranger");
}

#[test]
fn an_absent_priest_can_be_played_with_an_editor() {
    let house = House::new();
    let absent = ["--absent", "Dwork,Fischer,Gray", "--within", "30s"];
    let sitting = house.start(&[&["synod", PAINTING], &absent[..]].concat());
    let asked = |code: &str| {
        let book = house.messagebook("Gray");
        book.exists()
            && house.rows(&book).iter().any(|row| row["from"] == "Oki" && row["code"] == code)
    };
    wait_until("Oki asks Gray for a promise", || asked("1"));
    echo(&house.ledger("Gray"), "nextBal,,1.Oki");
    echo(&house.messagebook("Oki"), "Gray,1,1.Oki,");
    wait_until("Oki asks Gray for his vote", || asked("2"));
    echo(&house.ledger("Gray"), &format!("prevVote,1,1.Oki,{PAINTING}"));
    replace_as_editors_do(&house.messagebook("Oki"), "Gray,2,1.Oki,\n");
    Ended::of(sitting.wait_with_output().unwrap()).exits(0).says("hears Voted 1.Oki from Gray");
    assert_eq!(house.decree(), [PAINTING.to_string()].into());
    house.run(&["synod", FREEDOM]).exits(0).says(PAINTING);
}

/// Most editors write a new file and rename it over the old one.
fn replace_as_editors_do(path: &std::path::Path, more: &str) {
    let text = std::fs::read_to_string(path).unwrap();
    let new = path.with_extension("new");
    std::fs::write(&new, text + more).unwrap();
    std::fs::rename(new, path).unwrap();
}

#[test]
fn greek_names_are_accepted_and_bad_names_refused() {
    let house = House::new();
    house.run(&["synod", PAINTING, "--priests", "Γραῐ,Δφωρκ,Ωκι"]).exits(0).says("Ωκι presides");
    for bad in ["../x", "1A", "A B,A", "", "a/b", &"x".repeat(41)] {
        let other = House::new();
        other.run(&["synod", PAINTING, "--priests", bad]).exits(2);
        assert!(!other.path().join("ledgers").exists(), "nothing is founded for {bad:?}");
    }
}

#[test]
fn decrees_that_fit_no_ledger_are_refused_with_the_rule() {
    let house = House::new();
    for (bad, rule) in [
        ("", "at least one character"),
        ("two\nlines", "one line"),
        ("=SUM(A1)", "formula"),
        ("-1", "formula"),
        (&"x".repeat(4097), "4096 bytes"),
    ] {
        house.run(&["synod", "--", bad]).exits(2).says(rule);
    }
    assert!(!house.path().join("ledgers").exists(), "nothing is founded for a bad decree");
}

#[test]
fn quiet_prints_the_decree_alone_and_json_one_object_a_line() {
    let house = House::new();
    assert_eq!(house.run(&["synod", "-q", PAINTING]).exits(0).out, format!("{PAINTING}\n"));
    let told = house.run(&["synod", "--json", PAINTING]).exits(0).out;
    let events: Vec<serde_json::Value> =
        told.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(events.first().unwrap()["event"], "convened");
    assert!(events.iter().any(|e| e["act"] == "begins" && e["section"] == "2.3 (3)"));
    assert_eq!(events.last().unwrap()["decree"], PAINTING);
}

#[test]
fn a_chamber_founded_for_other_priests_is_left_alone() {
    let house = House::new();
    house.run(&["synod", PAINTING, "--priests", "A,B,C"]).exits(0);
    house.run(&["synod", PAINTING, "--priests", "A,B,D"]).exits(2).says("founded for");
    house.run(&["synod", PAINTING, "--absent", "D"]).exits(2).says("D is no priest");
}

#[test]
fn the_decree_may_come_on_standard_input() {
    use std::io::Write;
    let house = House::new();
    let mut command = house.command(&["synod", "-q", "-"]);
    let mut child = command
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    writeln!(child.stdin.take().unwrap(), "{FREEDOM}").unwrap();
    assert_eq!(Ended::of(child.wait_with_output().unwrap()).out, format!("{FREEDOM}\n"));
}

/// The records know nothing of a letter lost; the trace does that God keeps beside the picture.
#[test]
fn a_chronicle_of_what_was_just_run_shows_the_letters_lost() {
    let house = House::new();
    house.run(&["synod", PAINTING, "--lose", "0.3", "--seed", "4", "--chronicle", "run.txt"]);
    let drawn = std::fs::read_to_string(house.path().join("run.txt")).unwrap();
    assert!(drawn.contains("lost") && !drawn.contains(" 0 lost"), "{drawn}");
    assert!(house.path().join("run.trace.csv").exists());
}

#[test]
fn a_synod_after_the_parliament_gives_the_first_decree_again() {
    let house = House::new();
    house.run(&["pass", "--priests", "3", "Lamps", "Goats", "Cows"]).exits(0);
    house.run(&["synod", PAINTING, "--absent", "Dwork"]).exits(0).says("Decree 1: Lamps");
    house.run(&["audit"]).exits(0).says("Consistent");
    house.run(&["pass", "Olives"]).exits(0).says("4: Olives");
    house.run(&["audit"]).exits(0).says("Consistent");
}

/// A promise holds for every number: a priest of the Synod tells a president of the Parliament how
/// he voted on the others too, or two decrees pass under one of them (B3).
#[test]
fn a_synod_after_the_parliament_hides_no_vote() {
    let house = House::new();
    let away = ["--priests", "3", "--absent", "Dwork,Fischer", "--within", "1"];
    house.run(&[&["synod", PAINTING][..], &away].concat()).exits(1);
    // Decree 2 was passed while decree 1 was not, and Dwork, who has it, has left.
    echo(&house.ledger("Gray"), "beginBallot,2,1.Gray,Goats,Dwork Fischer");
    for name in ["Dwork", "Fischer"] {
        echo(&house.ledger(name), "nextBal,,1.Gray");
        echo(&house.ledger(name), "prevVote,2,1.Gray,Goats");
    }
    echo(&house.ledger("Dwork"), "outcome,2,1.Gray,Goats");
    let alone = ["--absent", "Dwork,Gray", "--minute", "1s", "--within", "100"];
    let synod = Sitting(house.start(&[&["synod", PAINTING][..], &alone].concat()));
    let is_in = |name| !house.entries(name, "entered", "at").is_empty();
    wait_until("Fischer enters", || is_in("Fischer"));
    for n in 1..=3 {
        echo(&house.messagebook("Gray"), &format!("Dolf,6,,Cow {n},,,,,Dolf/{n}"));
    }
    let president = Sitting(house.start(&["priest", "Gray", "--quiet", "--minute", "5ms"]));
    let begun = |row: &Row| row["entry"] == "beginBallot" && row["number"] == "2";
    let anew = || house.rows(&house.ledger("Gray")).into_iter().filter(begun).nth(1);
    wait_until("Gray begins a ballot on decree 2", || anew().is_some());
    assert_eq!(anew().unwrap()["decree"], "Goats");
    drop((synod, president));
    house.run(&["pass", "Olives"]).exits(0);
    house.run(&["audit"]).exits(0).says("Consistent");
}

#[test]
fn a_synod_that_is_refused_tells_of_nobody_in_the_chamber() {
    let house = House::new();
    let _sitting = Sitting::of(&house, &[]);
    for told in [&["synod", PAINTING][..], &["synod", PAINTING, "--json"]] {
        let refused = house.run(told).exits(2).says("one priest has one body");
        assert_eq!(refused.out, "");
    }
}

#[test]
fn a_synod_is_refused_where_decree_1_is_in_a_law_book() {
    let house = House::new();
    let tolls: Vec<String> = (1..=30).map(|n| format!("The toll is {n}")).collect();
    let tolls: Vec<&str> = tolls.iter().map(String::as_str).collect();
    let pass = ["pass", "--priests", "3", "--alpha", "10", "--law-book-every", "10"];
    house.run(&[&pass[..], &tolls].concat()).exits(0);
    house.run(&["synod", PAINTING]).exits(2).says("is a law book").says("parliament pass");
    house.run(&["audit"]).exits(0).says("Consistent");
}

#[test]
fn a_ledger_of_another_chamber_or_priest_is_refused() {
    let (ours, theirs) = (House::new(), House::new());
    ours.run(&["synod", "--priests", "3", "Lamps"]).exits(0);
    theirs.run(&["synod", "--priests", "3", "Goats"]).exits(0);
    let own = std::fs::read(ours.ledger("Fischer")).unwrap();
    std::fs::copy(theirs.ledger("Fischer"), ours.ledger("Fischer")).unwrap();
    let refused = ours.run(&["synod", PAINTING]).exits(2);
    refused.says("ledgers/Fischer.csv").says("another chamber").says("--absent");
    std::fs::copy(ours.ledger("Gray"), ours.ledger("Fischer")).unwrap();
    ours.run(&["synod", PAINTING]).exits(2).says("ledgers/Fischer.csv:").says("ballots of his own");
    std::fs::write(ours.ledger("Fischer"), own).unwrap();
    ours.run(&["synod", PAINTING]).exits(0).says("Decree 1: Lamps");
}

/// Gray began 1.Gray with Dwork, and these two voted, or he alone.
fn voted_in_gray(voters: &[&str]) -> House {
    let house = House::new();
    let away = ["--priests", "Dwork,Gray,Oki", "--absent", "Gray,Oki", "--within", "1"];
    house.run(&[&["synod", PAINTING][..], &away].concat()).exits(1);
    for row in ["lastTried,,1.Gray", &format!("beginBallot,1,1.Gray,{PAINTING},Dwork Gray")] {
        echo(&house.ledger("Gray"), row);
    }
    for name in voters {
        echo(&house.ledger(name), "nextBal,,1.Gray");
        echo(&house.ledger(name), &format!("prevVote,1,1.Gray,{PAINTING}"));
    }
    house
}

fn closed_in_json(house: &House, arguments: &[&str]) -> (serde_json::Value, serde_json::Value) {
    let told = house.run(arguments).out;
    let events = told.lines().map(|line| serde_json::from_str(line).unwrap());
    let events: Vec<serde_json::Value> = events.collect();
    (events[0].clone(), events.last().unwrap().clone())
}

/// Accepted is not chosen: one vote binds by B3, and proves nothing of a majority. `[PTP §2.1]`
#[test]
fn a_decree_that_one_vote_bound_is_not_called_chosen() {
    let bound = "the largest vote of its quorum was Gray's in 1.Gray";
    let house = voted_in_gray(&["Gray"]);
    let run = house.run(&["synod", FREEDOM, "--absent", "Dwork"]).exits(0);
    assert!(!run.out.contains("chosen before"), "{}", run.out);
    run.says(&format!("Decree 1: {PAINTING}")).says(bound).says("No earlier ballot is proved");
    let house = voted_in_gray(&["Gray"]);
    let again = ["synod", FREEDOM, "--absent", "Dwork", "--json"];
    let (convened, closed) = closed_in_json(&house, &again);
    assert_eq!(convened["version"], 2);
    let by = serde_json::json!({ "priest": "Gray", "ballot": "1.Gray" });
    assert_eq!((&closed["boundBy"], &closed["chosenIn"]), (&by, &serde_json::Value::Null));
}

#[test]
fn a_decree_is_called_chosen_where_all_of_a_quorum_voted() {
    let house = voted_in_gray(&["Dwork", "Gray"]);
    let run = house.run(&["synod", FREEDOM, "--absent", "Dwork"]).exits(0);
    run.says("It had been chosen before, in 1.Gray: all of its quorum, Dwork and Gray, voted");
    let house = voted_in_gray(&["Dwork", "Gray"]);
    let (_, closed) = closed_in_json(&house, &["synod", FREEDOM, "--absent", "Dwork", "--json"]);
    assert_eq!(closed["chosenIn"], "1.Gray");
}

#[test]
fn a_decree_is_called_chosen_where_a_ledger_names_its_ballot() {
    let house = House::new();
    house.run(&["synod", PAINTING, "--priests", "3"]).exits(0);
    let run = house.run(&["synod", FREEDOM]).exits(0);
    run.says("It had been chosen before, in 1.");
    let (_, closed) = closed_in_json(&house, &["synod", FREEDOM, "--json"]);
    assert_eq!(closed["chosenIn"], "1.Gray");
}

/// An outcome by hand that nobody voted for contradicts what the others pass.
#[test]
fn no_success_is_told_where_consistency_is_broken() {
    for form in ["--json", "--quiet", ""] {
        let house = House::new();
        let away = ["--priests", "3", "--absent", "Fischer,Gray", "--within", "1"];
        house.run(&[&["synod", PAINTING][..], &away].concat()).exits(1);
        echo(&house.ledger("Dwork"), "outcome,1,,Goats");
        let forms: &[&str] = if form.is_empty() { &[] } else { &[form] };
        let run = house.run(&[&["synod", FREEDOM][..], forms].concat()).exits(1);
        match form {
            "--json" => drop(run.says("\"complete\":false").says("\"contradiction\":{")),
            _ => {
                assert!(!run.out.contains("Decree 1:") && !run.out.starts_with(FREEDOM));
                run.says("onsistency is broken").says("parliament audit");
            }
        }
    }
}
