//! Answers that commands give at once: a reason, that nobody sits, and messages for a program.

#![cfg(feature = "cli")]

use crate::common::House;

#[test]
fn messages_are_told_to_a_program() {
    let house = House::new();
    house.run(&["synod", "Goats"]).exits(0);
    let told = house.run(&["messages", "Oki", "--json", "--last", "1"]).exits(0).out;
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    let book = &told["messagebooks"]["Oki"][0];
    assert_eq!(book["messages"].as_array().unwrap().len(), 1, "{told}");
    // The last to come is a vote, or the late answer of one who is not in the quorum.
    let kind = book["messages"][0]["message"].as_str().unwrap();
    assert!(["Voted", "LastVote"].contains(&kind), "{told}");
    assert_eq!(book["messages"][0]["ballot"], "1.Oki", "{told}");
}

#[test]
fn a_program_reads_the_fields_of_each_message() {
    let house = House::new();
    house.run(&["pass", "Goats", "Figs"]).exits(0);
    let told = house.run(&["messages", "--json", "--last", "100"]).exits(0).out;
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    let books = told["messagebooks"].as_object().unwrap().values().flat_map(|it| it.as_array());
    let rows = books.flatten().flat_map(|it| it["messages"].as_array().unwrap());
    let rows: Vec<&serde_json::Value> = rows.collect();
    let of = |kind: &str| rows.iter().find(|row| row["message"] == kind).unwrap();
    assert_eq!(of("NextBallot")["completeThrough"], 0, "{told}");
    assert_eq!(of("LastVote")["of"], 0, "{told}");
    assert!(of("LastVote")["vote"].is_null(), "{told}");
    assert_eq!(of("BeginBallot")["decree"], "Goats", "{told}");
    let id = of("BeginBallot")["petition"].as_str().unwrap();
    assert!(id.starts_with("Citizen/"), "{told}");
    assert_eq!(of("Success")["decree"], "Goats", "{told}");
    assert_eq!(of("Petition")["petition"], id, "{told}");
    assert!(of("Presence").get("presides").is_some(), "{told}");
}

#[test]
fn where_nobody_sits_it_is_said_at_once() {
    let house = House::new();
    house.run(&["pass", "Goats"]).exits(0);
    let ended = house.run(&["law", "set", "--within", "5", "toll", "3"]).exits(1);
    assert!(ended.err.starts_with("parliament: nobody is seen to sit"), "{}", ended.err);
}

#[test]
fn whether_somebody_may_act_is_told_with_the_reason() {
    let house = House::new();
    let term = "8:30 15 Jan 72: Dikstra is cheese inspector for 3 months";
    house.run(&["pass", term]).exits(0);
    for (at, name, code, why) in [
        ("8:40 15 Jan 72", "Dikstra", 1, "he begins when it shows 8:45 15 Jan 72"),
        ("8:45 15 Jan 72", "Dikstra", 0, "decree 1 appointed him"),
        ("8:20 15 Apr 72", "Dikstra", 1, "he stops when it shows 8:15 15 Apr 72"),
        ("8:30 16 Apr 72", "Dikstra", 1, "his term ended at 8:30 15 Apr 72"),
        ("8:30 14 Jan 72", "Dikstra", 1, "his term begins at 8:30 15 Jan 72"),
        ("8:30 16 Jan 72", "Gray", 1, "Dikstra holds it until 8:30 15 Apr 72"),
    ] {
        let asked = ["office", "cheese inspector", "--at", at, "--may", name];
        let ended = house.run(&asked).exits(code);
        assert!(ended.out.contains(why), "{at}: {}", ended.out);
    }
}
