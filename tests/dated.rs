//! A decree dated far ahead of the clock puts off every later term, and is asked for by a flag.
//! `[PTP §3.3.3]`

#![cfg(feature = "cli")]

use crate::common::{House, Sitting};

const FAR: &str = "8:30 15 Jan 9972: Gouda is cheese inspector for 3 months";

fn appointed(house: &House) -> String {
    house.run(&["law"]).exits(0).out
}

#[test]
fn a_decree_dated_far_ahead_passes_only_with_a_flag() {
    let house = House::new();
    house.run(&["pass", "--priests", "Dwork,Gray,Oki", FAR]).exits(2).says("9972").says("--ahead");
    let synod = ["synod", "--priests", "Dwork,Gray,Oki", FAR];
    house.run(&synod).exits(2).says("more than 31 days ahead").says("--ahead");
    assert!(!house.path().join("ledgers").exists(), "nothing is founded for it");
    house.run(&["pass", "--priests", "Dwork,Gray,Oki", "Lamps"]).exits(0);
    let _sitting = Sitting::of(&house, &[]);
    house.run(&["petition", FAR]).exits(2).says("more than 31 days ahead").says("--ahead");
    let at = ["--at", "8:30 15 Jan 9972"];
    let appoint = ["office", "cheese inspector", "--appoint", "Gouda", "--months", "3"];
    house.run(&[&appoint[..], &at].concat()).exits(2).says("--ahead");
    assert!(!appointed(&house).contains("Gouda"));
    house.run(&["petition", "--ahead", FAR]).exits(0).says("no later term can begin before");
    assert!(appointed(&house).contains("Gouda is cheese inspector from 8:30 15 Jan 9972"));
    // The harm is done: what is dated no later does none, and is told when it counts.
    house.run(&appoint).exits(0).says("An earlier decree is dated 8:30 15 Jan 9972");
}

#[test]
fn a_decree_dated_long_ago_or_today_needs_no_flag() {
    let house = House::new();
    let long_ago = "8:30 15 Jan 72: Gouda is cheese inspector for 3 months";
    house.run(&["pass", "--priests", "Dwork,Gray,Oki", long_ago]).exits(0);
    let _sitting = Sitting::of(&house, &[]);
    let appoint = ["office", "wine taster", "--appoint", "Gouda", "--months", "3"];
    house.run(&appoint).exits(0);
}

#[test]
fn the_synod_chooses_a_far_date_only_with_the_flag() {
    let house = House::new();
    let synod = ["synod", "--priests", "Dwork,Gray,Oki", "--quiet", FAR];
    house.run(&synod).exits(2).says("--ahead");
    let chosen = house.run(&[&synod[..], &["--ahead"]].concat()).exits(0);
    assert_eq!(chosen.says("no later term can begin before").out.trim_end(), FAR);
}
