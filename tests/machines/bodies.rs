//! Two machines that both believe that Ben lives on them: the auditor convicts, and no courier lets
//! it come so far.

use std::process::{Child, Stdio};

use crate::common::{House, wait_until};

const PETITION: &[&str] = &["petition", "--minute", "5ms", "--within", "60s"];

/// Begins a sitting on a machine on which these live.
fn sit(house: &House, here: &str, machine: &str) -> Child {
    let sit = ["sit", "--quiet", "--minute", "5ms", "--priests", "Ada,Ben,Cid"];
    let mut command = house.command(&[&sit[..], &["--here", here, "--machine", machine]].concat());
    let sitting = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let is_in = |name: &str| {
        house.ledger(name).exists() && !house.entries(name, "entered", "at").is_empty()
    };
    wait_until("they enter", || here.split(',').all(is_in));
    sitting
}

/// Sits on a machine on which these live until a decree has passed there.
fn pass(house: &House, here: &str, machine: &str, decree: &str) {
    let mut sitting = sit(house, here, machine);
    let ended = house.run(&[PETITION, &[decree]].concat());
    sitting.kill().unwrap();
    sitting.wait().unwrap();
    ended.exits(0);
}

#[test]
fn two_bodies_pass_two_laws_and_the_judge_of_both_says_so() {
    let (hill, isle) = (House::new(), House::new());
    // Founded by hand, where nobody binds a name to one machine. Each half holds a majority.
    pass(&hill, "Ada,Ben", "hill", "The olive tax is 3");
    pass(&isle, "Ben,Cid", "isle", "The olive tax is 6");
    // A part alone shows nothing.
    hill.run(&["audit"]).exits(0);
    isle.run(&["audit"]).exits(0);
    let both = hill.run(&["audit", "--with", &isle.path().display().to_string()]).exits(1);
    let both = both.says("broken: one decree under one number").says("Ben has two bodies");
    both.says("The ledgers contradict each other");
}

#[test]
fn one_body_passes_on_one_shore_only() {
    let (hill, isle) = (House::new(), House::new());
    pass(&hill, "Ada,Ben", "hill", "The olive tax is 3");
    let mut sitting = sit(&isle, "Cid", "isle");
    let asked = isle.run(&["petition", "--minute", "5ms", "--within", "2s", "The tax is 6"]);
    sitting.kill().unwrap();
    sitting.wait().unwrap();
    assert_ne!(asked.code, Some(0), "{}", asked.out);
    hill.run(&["audit", "--with", &isle.path().display().to_string()]).exits(0);
}
