//! Names that a spreadsheet changes: nobody is founded or seated under one; who sits already goes
//! on.

#![cfg(feature = "cli")]

use crate::common::House;

#[test]
fn a_name_that_a_spreadsheet_changes_founds_nothing() {
    for name in ["E3", "MARCH1", "True", "NaN"] {
        let house = House::new();
        let ended = house.run(&["synod", "--priests", &format!("Gray,{name},Oki"), "x"]).exits(2);
        assert!(ended.err.contains(&format!("reads `{name}` as")), "{}", ended.err);
        assert!(!house.ledger("Gray").exists(), "{name}");
    }
}

#[test]
fn a_name_that_a_spreadsheet_changes_is_not_seated() {
    let house = House::new();
    house.run(&["pass", "--priests", "Dwork,Gray", "The toll is 3"]).exits(0);
    let ended = house.run(&["pass", "e10 is now a legislator"]).exits(2);
    assert!(ended.err.contains("choose another name"), "{}", ended.err);
    house.run(&["pass", "Ed10 is now a legislator"]).exits(0);
}

#[test]
fn a_chamber_where_such_a_name_sits_still_opens() {
    let old = House::new();
    for directory in ["ledgers", "messagebooks"] {
        std::fs::create_dir(old.path().join(directory)).unwrap();
    }
    let founded = "entry,number,ballot,decree,quorum,petition,at,dry,seal\n\
                   outcome,0,,Dwork E3,,,,,\n";
    for name in ["Dwork", "E3"] {
        std::fs::write(old.ledger(name), founded).unwrap();
    }
    old.run(&["pass", "The toll is 4", "E3 is now a legislator with weight 2"]).exits(0);
    old.run(&["audit"]).exits(0);
}
