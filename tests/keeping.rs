//! A run that breaks a rule, laid down as a chamber or told as a trace: a reader of the records
//! finds what the search found.

#![cfg(feature = "cli")]

mod common;

use std::time::Duration;

use common::House;
use parliament::chamber::Chamber;
use parliament::explore::Gauge;
use parliament::explore::story::Story;
use parliament::heresies::{Heresy, find, of_synod};
use parliament::kept::KeepError;
use parliament::trace::{Happening, TraceReader};

const MINUTE: Duration = Duration::from_millis(20);

fn contradiction(heresy: &Heresy) -> Option<Story> {
    let trial = heresy.trial_by_ledgers().filter(|trial| trial.scope().ballots <= 2)?;
    trial.explore(&Gauge::default()).unwrap().breach
}

fn shortest_run(name: &str) -> Story {
    let trial = find(name).unwrap().trial_by_all().unwrap();
    trial.explore(&Gauge::default()).unwrap().breach.unwrap()
}

/// The auditor shares no rule with priests, heretics or the search.
#[test]
fn the_auditor_finds_every_contradiction_that_was_kept() {
    let mut kept = 0;
    for (heresy, story) in
        of_synod().filter_map(|(heresy, _)| Some((heresy, contradiction(heresy)?)))
    {
        let house = House::new();
        story.keep(&Chamber::at(house.path()), MINUTE).unwrap();
        let audit = house.run(&["audit"]);
        assert_eq!(audit.code, Some(1), "{}: {}", heresy.name, audit.out);
        assert!(audit.out.contains("broken: one decree under one number"), "{}", audit.out);
        kept += 1;
    }
    assert!(kept > 15, "{kept}");
}

/// The gods' view, row by row, and the letters in the order in which they were read.
#[test]
fn a_kept_chamber_opens_like_any_other() {
    let house = House::new();
    let command = ["explore", "--heresy", "own-decree", "--ledgers-alone", "--keep", "kept"];
    let explored = house.run(&command);
    assert_eq!(explored.code, Some(1), "{}", explored.err);
    assert!(explored.out.contains("Kept in kept. Next: parliament audit --chamber kept"));
    for (command, expected) in [
        (vec!["ledgers", "Fischer", "--chamber", "kept"], "prevVote"),
        (vec!["messages", "Dwork", "--chamber", "kept"], "LastVote"),
        (vec!["chronicle", "--chamber", "kept"], "B3 ✗"),
        (vec!["audit", "--chamber", "kept"], "broken: B3"),
    ] {
        let opened = house.run(&command);
        assert!(opened.out.contains(expected), "{command:?}: {}{}", opened.out, opened.err);
    }
    let again = house.run(&command);
    assert_eq!(again.code, Some(2));
    assert!(again.err.contains("a record of a chamber is here already"), "{}", again.err);
}

#[test]
fn nothing_is_kept_where_no_rule_is_broken_and_that_is_said() {
    let house = House::new();
    let explored = house.run(&["explore", "--ballots", "1", "--keep", "kept", "--trace", "t.csv"]);
    assert_eq!(explored.code, Some(0));
    assert!(explored.out.contains("there is no run to keep"), "{}", explored.out);
    assert!(!house.path().join("kept").exists() && !house.path().join("t.csv").exists());
}

#[test]
fn a_traced_run_is_drawn_by_the_chronicle() {
    let house = House::new();
    let command = ["explore", "--heresy", "voted-counted-twice", "--trace", "run.csv"];
    let explored = house.run(&[&command[..], &["--chronicle", "run.svg"]].concat());
    assert_eq!(explored.code, Some(1), "{}", explored.err);
    let drawn = house.run(&["chronicle", "--trace", "run.csv"]);
    assert_eq!(drawn.code, Some(0), "{}", drawn.err);
    assert!(drawn.out.contains("Voted") && drawn.out.contains("gods:"), "{}", drawn.out);
    let svg = std::fs::read_to_string(house.path().join("run.svg")).unwrap();
    assert!(svg.starts_with("<?xml") || svg.starts_with("<svg"), "{}", &svg[..80]);
}

/// The search leaves nothing to chance, so the command beneath a drawing draws it again.
#[test]
fn the_command_beneath_a_drawing_draws_the_same_run_again() {
    let house = House::new();
    let path = house.path().join("run.txt");
    for command in [
        &["explore", "--heresy", "voted-counted-twice", "--chronicle", "run.txt"][..],
        &[
            "explore",
            "--heresy",
            "own-decree",
            "--ballots",
            "2",
            "--by-deeds",
            "--chronicle",
            "run.txt",
        ],
        &["explore", "--heresy", "torn-tail-accepted", "--ledgers-alone", "--chronicle", "run.txt"],
    ] {
        house.run(command).exits(1);
        let drawn = std::fs::read_to_string(&path).unwrap();
        let again = drawn.lines().last().unwrap().strip_prefix("To see it again: parliament ");
        let again: Vec<&str> = again.unwrap_or_else(|| panic!("{drawn}")).split(' ').collect();
        assert!(command.iter().all(|word| again.contains(word)), "{again:?}");
        std::fs::remove_file(&path).unwrap();
        house.run(&again).exits(1);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), drawn);
    }
}

/// A heretic's reason is his own: what the paper demands of him is told by the votes he has heard.
#[test]
fn a_choice_that_b3_binds_is_never_told_as_free() {
    for (name, at, told) in [
        ("own-decree", 13, "but B3 demands “α”, of Fischer's vote in 1.Dwork"),
        ("second-decree", 6, "all votes null, the choice is free"),
    ] {
        let story = shortest_run(name);
        let lines = story.to_string();
        let at =
            lines.lines().find(|line| line.starts_with(&format!("{at:>3}  §2.3 (3)"))).unwrap();
        assert!(at.contains(told), "{name}: {at}\n{lines}");
    }
}

/// Nothing is read that was not sent, and what is read again was carried again.
#[test]
fn a_trace_reads_back_in_one_causal_order() {
    for name in ["voted-counted-twice", "number-reused", "voted-on-wet-ink", "stale-last-vote"] {
        let story = shortest_run(name);
        let mut trace = Vec::new();
        story.write_trace(&mut trace).unwrap();
        let mut carried = std::collections::HashMap::new();
        let (mut events, mut repeats) = (0, 0);
        for event in TraceReader::new(&trace[..], std::path::Path::new("trace")) {
            let event = event.unwrap();
            events += 1;
            assert_eq!(event.seq, events, "{name}");
            let Some((from, to, message)) = event.happening.letter() else { continue };
            let copies: &mut u32 = carried.entry((from, to, message.clone())).or_default();
            match event.happening {
                Happening::Send { .. } => *copies += 1,
                Happening::Repeat { .. } => (*copies, repeats) = (*copies + 1, repeats + 1),
                _ => *copies = copies.checked_sub(1).unwrap_or_else(|| panic!("{name}: {events}")),
            }
        }
        assert_eq!(repeats > 0, name == "voted-counted-twice", "{name}: {repeats}");
    }
}

#[test]
fn a_run_is_never_laid_over_a_chamber() {
    let house = House::new();
    let story = shortest_run("own-decree");
    let chamber = Chamber::at(house.path());
    chamber.found(&"Gray Oki".parse().unwrap()).unwrap();
    assert!(matches!(story.keep(&chamber, MINUTE), Err(KeepError::Taken(_))));
}
