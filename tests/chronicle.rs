//! The chronicle of the sample runs: its text to the letter, its picture without a collision.

use std::path::Path;

use parliament::picture::{Chronicle, Verdict, record, text};
use parliament::synod::conditions;

fn chronicle(name: &str) -> Chronicle {
    let path = format!("tests/traces/{name}.csv");
    let bytes = std::fs::read(&path).unwrap();
    let records = record::from_trace(bytes.as_slice(), Path::new(&format!("{name}.csv"))).unwrap();
    Chronicle::of(name, records, |ballots| Verdict {
        b1: conditions::b1(ballots),
        b2: conditions::b2(ballots),
        b3: conditions::b3(ballots),
    })
    .unwrap()
    .replayed_by(&format!("parliament chronicle --trace {name}.csv"))
}

const RUNS: [&str; 6] = ["plain", "fates", "duel", "adopted", "forgotten", "hostile"];

/// Compares with what is kept beside the trace; `BLESS=1` keeps the new one.
fn check(path: &str, drawn: &str) {
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, drawn).unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap();
    assert!(kept == drawn, "{path} is drawn otherwise now; BLESS=1 keeps the new one");
}

#[test]
fn the_text_of_each_sample_run_is_as_kept_and_80_columns_wide() {
    for run in RUNS {
        let drawn = text::draw(&chronicle(run));
        check(&format!("tests/traces/{run}.txt"), &drawn);
        for line in drawn.lines().filter(|line| !line.starts_with("To see it again")) {
            assert!(line.chars().count() <= 80, "{run}: {line}");
        }
    }
}
