//! A legislator of one's own is examined: many decrees, gaps, catching up.
#![cfg(all(unix, feature = "cli"))]

mod common;
mod novices;
mod skipping;

use novices::{examine, has_python};

/// A legislator who keeps to the paper.
const LEGISLATOR: &str = include_str!("novices/parliament.py");

/// Broken legislators: a part of the sound one, what stands in its place, and the rule.
const BROKEN: &[(&str, &str, &str, &str)] = &[
    (
        "he puts a decree of his own into a gap",
        "begin(nth, slip[\"bound\"].get(str(nth), gap))",
        "begin(nth, slip[\"bound\"].get(str(nth), wish))",
        "the order of decrees (§3.2.1)",
    ),
    (
        "he forgets his promise, for all numbers",
        "                ink.append({\"entry\": \"nextBal\", \"ballot\": ballot})\n",
        "",
        "",
    ),
    (
        "he leaves out the olive day, and counts on above the gap",
        "            while slip[\"next\"] <= complete + alpha:\n                nth = slip[\"next\"]\n                slip[\"next\"] += 1\n                if nth in passed:\n",
        "            while slip[\"next\"] <= max([complete, *passed]) + alpha:\n                nth = slip[\"next\"]\n                slip[\"next\"] += 1\n                if nth in passed or (nth <= slip[\"last\"] and str(nth) not in slip[\"bound\"]):\n",
        "no ballot beyond α",
    ),
    (
        "he takes one vote for a majority",
        "if set(slip[\"quorum\"]) <= set(poll[\"voters\"]):",
        "if poll[\"voters\"]:",
        "",
    ),
    (
        "he counts a reply of which a row is missing",
        "if len(reply[\"votes\"]) == reply[\"of\"]}",
        "}",
        "a quorum has replied in full",
    ),
    (
        "he takes the lowest vote",
        "if number(vote[\"vote\"]) > number(bound.get(int(nth), {}).get(\"vote\")):",
        "if int(nth) not in bound or number(vote[\"vote\"]) < number(bound[int(nth)][\"vote\"]):",
        "B3",
    ),
];

/// Examines a legislator in these cases.
fn told(program: &str, arguments: &[&str]) -> (Option<i32>, String) {
    let output = examine(program, &[&["--level", "parliament"], arguments].concat());
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn a_sound_legislator_passes() {
    if !has_python() {
        return;
    }
    let (code, told) = told(LEGISLATOR, &["--seeds", "8"]);
    assert!(told.contains("storm     passed: 8 sittings; "), "{told}");
    assert!(!told.contains("; 0 decrees passed"), "{told}");
    assert_eq!(code, Some(0), "{told}");
}

#[test]
fn each_broken_legislator_is_convicted_by_a_rule() {
    if !has_python() {
        return;
    }
    for (name, part, instead, rule) in BROKEN {
        assert_eq!(LEGISLATOR.matches(part).count(), 1, "{part:?} stands once in the solution");
        let broken = LEGISLATOR.replace(part, instead);
        let (code, told) = told(&broken, &["--seeds", "100"]);
        assert!(told.contains(&format!("\n{rule}")), "{name}: {told}");
        assert!(told.contains(" is broken; scene: "), "{name}: {told}");
        assert!(told.contains("\"level\":\"parliament\",\"alpha\":3"), "{name}: {told}");
        assert_eq!(code, Some(1), "{name}: {told}");
    }
}

#[test]
fn the_parliament_has_no_search_of_a_novice() {
    let (code, _) = told("", &["--case", "search"]);
    assert_eq!(code, Some(2));
}
