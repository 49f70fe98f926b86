//! `parliament explore`: what it finds, and that what it leaves out loses nothing.

use std::process::Command;
use std::sync::atomic::AtomicBool;

use parliament::creeds::Orthodox;
use parliament::explore::{Exploration, Findings, Gauge, Scope, Stopped, explore};
use parliament::heresies::{self, Heresy, Trial, find};
use parliament::invariants::Invariant;

fn paper(ballots: usize, restarts: u16) -> Exploration<'static> {
    let scope = Scope { priests: 3, ballots, decrees: 2, restarts };
    let (creed, watch) = (&Orthodox, Invariant::OF_SYNOD.to_vec());
    let (symmetry, same_integer, by_deeds) = (true, false, false);
    Exploration { scope, creed, watch, symmetry, same_integer, by_deeds }
}

/// A search of the Synod.
fn of_synod(trial: Option<Trial>) -> Exploration<'static> {
    match trial {
        Some(Trial::Synod(exploration)) => exploration,
        _ => panic!("no search of the Synod"),
    }
}

fn run(exploration: &Exploration<'_>) -> Findings {
    explore(exploration, &Gauge::default()).unwrap()
}

#[test]
fn the_paper_keeps_every_rule_in_every_state_of_two_ballots() {
    let findings = run(&paper(2, 1));
    assert!(findings.breach.is_none(), "{}", findings.breach.unwrap());
    assert_eq!((findings.states, findings.transitions), (68_241, 249_600));
    for (what, seen) in findings.sometimes {
        assert!(seen, "never: {what}");
    }
}

#[test]
#[ignore = "7.7 million states; half a minute in release"]
fn the_paper_keeps_every_rule_in_every_state_of_three_ballots() {
    let findings = run(&paper(3, 0));
    assert!(findings.breach.is_none());
    assert_eq!((findings.states, findings.transitions), (7_731_279, 27_350_386));
}

/// A heresy's shortest run has the same length whichever states are told apart.
#[test]
fn symmetry_loses_no_run() {
    for name in ["own-decree", "promise-lowered", "vote-forgotten", "success-after-one-voted"] {
        let heresy = find(name).unwrap();
        let with = of_synod(heresy.trial_by_ledgers());
        let without = Exploration { symmetry: false, ..with.clone() };
        let (with, without) = (run(&with), run(&without));
        let events = |findings: &Findings| findings.breach.as_ref().unwrap().chapters.len();
        assert_eq!(events(&with), events(&without), "{name}");
        assert!(with.states < without.states, "{name}");
    }
}

#[test]
fn a_search_by_deeds_finds_what_a_search_by_events_finds() {
    for name in ["own-decree", "vote-below-a-promise", "stale-voted", "promise-lowered"] {
        let heresy = find(name).unwrap();
        let scope = Scope { ballots: 2, ..heresy.expected().unwrap().scope };
        for watch in [vec![Invariant::Consistency], heresy.watched()] {
            let by_events = of_synod(heresy.trial(scope, watch));
            let by_deeds = Exploration { by_deeds: true, ..by_events.clone() };
            let (by_events, by_deeds) = (run(&by_events), run(&by_deeds));
            assert_eq!(by_events.breach.is_some(), by_deeds.breach.is_some(), "{name}");
            assert!(by_deeds.states <= by_events.states, "{name}");
        }
    }
}

#[test]
fn a_search_that_is_interrupted_tells_what_it_had() {
    static STOP: AtomicBool = AtomicBool::new(true);
    let told_to = explore(&paper(2, 0), &Gauge::that_stops(&STOP, u64::MAX)).unwrap();
    assert_eq!((told_to.states, told_to.waiting), (2, 2));
    assert_eq!(told_to.stopped, Some(Stopped::Interrupted));
    static GO_ON: AtomicBool = AtomicBool::new(false);
    let full = explore(&paper(2, 0), &Gauge::that_stops(&GO_ON, 300_000)).unwrap();
    assert_eq!(full.stopped, Some(Stopped::OutOfMemory));
    assert!((1000..31_184).contains(&full.states) && full.waiting > 0, "{}", full.states);
    assert!(full.breach.is_none() && full.sometimes.is_empty());
    let whole = explore(&paper(2, 0), &Gauge::that_stops(&GO_ON, 3_000_000)).unwrap();
    assert_eq!((whole.states, whole.stopped, whole.waiting), (31_184, None, 0));
}

#[test]
fn a_gauge_shows_how_far_a_search_has_come() {
    let gauge = Gauge::default();
    let findings = explore(&paper(2, 0), &gauge).unwrap();
    assert_eq!((gauge.states(), gauge.gone_through()), (findings.states, findings.states));
    assert_eq!((gauge.depth(), gauge.bytes()), (findings.depth.into(), findings.bytes as u64));
    assert!(gauge.bytes() < 40 * gauge.states());
}

#[test]
fn the_papers_gap_in_the_order_of_decrees_is_called_that() {
    let (code, out, _) = parliament(&["explore", "--parliament", "--ballots", "3"]);
    assert_eq!(code, Some(1), "{out}");
    assert!(out.contains("order is broken: decree 1"), "{out}");
    assert!(out.contains("These priests keep the paper's rules."), "{out}");
    // A heretic's deed is no gap of the paper.
    let (_, out, _) = parliament(&["explore", "--ballots", "1", "--heresy", "second-decree"]);
    assert!(!out.contains("keep the paper's rules"), "{out}");
}

#[test]
fn a_search_too_large_for_the_memory_says_what_it_needs() {
    let (code, out, err) = parliament(&["explore", "--ballots", "4", "--memory", "20GiB"]);
    assert_eq!((code, out.as_str()), (Some(2), ""), "{err}");
    assert!(err.contains("about 1,800,000,000 states") && err.contains("--memory"), "{err}");
}

#[test]
fn only_the_rules_that_are_watched_are_judged() {
    let heresy = find("own-decree").unwrap();
    let blind = of_synod(heresy.trial(heresy.expected().unwrap().scope, Vec::new()));
    assert!(run(&blind).breach.is_none());
}

fn parliament(arguments: &[&str]) -> (Option<i32>, String, String) {
    let run = Command::new(env!("CARGO_BIN_EXE_parliament")).args(arguments).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (run.status.code(), text(&run.stdout), text(&run.stderr))
}

#[test]
fn the_exit_code_tells_whether_all_holds() {
    let (code, out, _) = parliament(&["explore", "--ballots", "1"]);
    assert_eq!(code, Some(0));
    assert!(out.contains("130 states"), "{out}");
    let (code, out, _) = parliament(&["explore", "--ballots", "1", "--heresy", "second-decree"]);
    assert_eq!(code, Some(1));
    assert!(out.contains("B1 is broken") && out.contains("by the paper Dwork"), "{out}");
    for bad in [["explore", "--priests", "9"], ["explore", "--heresy", "arianism"]] {
        let (code, out, err) = parliament(&bad);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{err}");
    }
}

#[test]
fn the_run_is_told_in_json_too() {
    let (code, out, err) =
        parliament(&["explore", "--ballots", "1", "--heresy", "second-decree", "--json"]);
    assert_eq!((code, err.as_str()), (Some(1), ""));
    let told: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(told["version"], 2);
    assert_eq!(told["breach"]["events"].as_array().unwrap().len(), 7);
    assert_eq!(told["breach"]["broken"][0]["rule"], "B1");
}

fn searched(arguments: &[&str]) -> (Option<i32>, serde_json::Value) {
    let program = env!("CARGO_BIN_EXE_parliament");
    let ran = Command::new(program).arg("explore").args(arguments).arg("--json").output().unwrap();
    let told = String::from_utf8_lossy(&ran.stdout);
    (ran.status.code(), serde_json::from_str(&told).unwrap())
}

/// Searched by ledgers alone without a scope, a heresy is found, or it is said what was not
/// searched and that no contradiction is known of it.
fn found_or_told_honestly(heresy: &Heresy) {
    let (code, told) = searched(&["--heresy", heresy.name, "--ledgers-alone"]);
    assert_eq!(told["watched"], serde_json::json!(["consistency"]), "{}", heresy.name);
    let limits = told["limits"].to_string();
    if heresy.trial_by_ledgers().is_some() {
        assert_eq!((code, &*limits), (Some(1), "[]"), "{} is acquitted: {told}", heresy.name);
        return;
    }
    assert_eq!(code, Some(0), "{}: {told}", heresy.name);
    assert!(limits.contains("Not searched: runs of more than"), "{}: {limits}", heresy.name);
    assert!(limits.contains("Not watched: B1"), "{}: {limits}", heresy.name);
    let known = limits.contains("No ledgers that contradict each other are known for");
    assert_eq!(known, !heresy.is_control, "{}: {limits}", heresy.name);
}

/// Contradictions come later than in the scope of the first, and of the last none are known.
const QUICK: [&str; 5] =
    ["promise-forgotten", "success-at-begin", "voted-on-wet-ink", "vote-forgotten", "stale-voted"];

#[test]
fn ledgers_alone_acquit_no_heresy_that_they_can_show() {
    QUICK.iter().filter_map(|name| find(name)).for_each(found_or_told_honestly);
}

#[test]
#[ignore = "minutes"]
fn ledgers_alone_acquit_none_of_all_heresies() {
    heresies::searched().for_each(|(heresy, _)| found_or_told_honestly(heresy));
}

#[test]
fn a_scope_too_small_for_a_heresy_is_named_beside_its_acquittal() {
    let small = ["--heresy", "vote-forgotten", "--ledgers-alone", "--ballots", "1"];
    let (code, told) = searched(&small);
    assert_eq!(code, Some(0));
    let limits = told["limits"].to_string();
    assert!(limits.contains("more than 3 priests, 1 ballot number, 2 decrees"), "{limits}");
    assert!(limits.contains("shows itself with --priests 3 --ballots 2"), "{limits}");
}
