//! The sample runs under `tests/traces/`: each is played by the priests themselves, by a script.

#![cfg(feature = "cli")]

use crate::script::runs::{adopted, duel, fates, forgotten, hostile, parliament, plain};
use crate::script::{Script, play};

fn check(name: &str, script: Script) {
    let path = format!("tests/traces/{name}.csv");
    let played = play(script);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &played).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap();
    assert!(played == kept, "{path} is another run; BLESS=1 keeps the new one");
}

#[test]
fn the_sample_runs_are_those_of_the_scripts() {
    check("plain", plain());
    check("fates", fates());
    check("duel", duel());
    check("adopted", adopted());
    check("forgotten", forgotten());
    check("hostile", hostile());
    check("parliament", parliament(20, 23));
}

/// Not a test: `LONG=FILE cargo test --test suite traces -- --ignored` writes a long run there.
#[test]
#[ignore = "writes a long run for those who measure"]
fn a_long_run_for_those_who_measure() {
    let file = std::env::var_os("LONG").expect("LONG names a file");
    std::fs::write(file, play(parliament(240, 0))).unwrap();
}
