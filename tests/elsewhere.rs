//! A trace is judged, ours or the log of another Paxos by a mapping.
#![cfg(feature = "cli")]

use crate::common::{Ended, House};

const PAGE: &str = include_str!("../docs/elsewhere.md");

/// The mapping that the page shows.
fn mapping() -> &'static str {
    let from = PAGE.split("```text\n").nth(1).unwrap();
    from.split("```").next().unwrap()
}

/// A log in the form of the page's program.
fn log(rows: &[&str]) -> String {
    rows.iter().map(|row| format!("{{{row}}}\n")).collect()
}

const PREPARE: &str = r#""event":"send","node":"A","what":"prepare","proposal":[1,"A"]"#;
const PROMISE: &str = r#""event":"send","node":"B","what":"promise","to":"A","proposal":[1,"A"],"previous":null,"value":null"#;
const PROMISED: &str = r#""event":"receive","node":"B","what":"promise","to":"A","proposal":[1,"A"],"previous":null,"value":null"#;
const OWN_PROMISE: &str = r#""event":"send","node":"A","what":"promise","to":"A","proposal":[1,"A"],"previous":null,"value":null"#;
const OWN_PROMISED: &str = r#""event":"receive","node":"A","what":"promise","to":"A","proposal":[1,"A"],"previous":null,"value":null"#;
const ACCEPT: &str =
    r#""event":"send","node":"A","what":"accept","proposal":[1,"A"],"value":"goats""#;
const LATER: &str = r#""event":"send","node":"C","what":"prepare","proposal":[2,"C"]"#;
const LATER_PROMISE: &str = r#""event":"send","node":"B","what":"promise","to":"C","proposal":[2,"C"],"previous":null,"value":null"#;
const VOTED: &str =
    r#""event":"send","node":"B","what":"accepted","proposal":[1,"A"],"value":"goats""#;
const OWN_VOTED: &str =
    r#""event":"send","node":"A","what":"accepted","proposal":[1,"A"],"value":"goats""#;
const LEARNT: &str =
    r#""event":"learn","node":"C","what":"resolution","proposal":[1,"A"],"value":"goats""#;

fn audit(log: &str, mapping: &str) -> Ended {
    let house = House::new();
    std::fs::write(house.path().join("run.jsonl"), log).unwrap();
    std::fs::write(house.path().join("my.map"), mapping).unwrap();
    house.run(&["audit", "--trace", "run.jsonl", "--mapping", "my.map"])
}

#[test]
fn a_sound_log_from_elsewhere_is_consistent() {
    let rows =
        [PREPARE, OWN_PROMISE, OWN_PROMISED, PROMISE, PROMISED, ACCEPT, OWN_VOTED, VOTED, LEARNT];
    let ended = audit(&log(&rows), mapping()).exits(0);
    assert!(ended.out.contains("[A] [B]"), "{}", ended.out);
    assert!(ended.out.contains("passed  ✓  ✓  ✓"), "{}", ended.out);
    assert!(ended.out.contains("Consistent: no rule is broken"), "{}", ended.out);
}

#[test]
fn a_vote_below_a_promise_is_found_by_its_lines() {
    let rows = [
        PREPARE,
        PROMISE,
        PROMISED,
        OWN_PROMISE,
        OWN_PROMISED,
        ACCEPT,
        LATER,
        LATER_PROMISE,
        VOTED,
    ];
    let ended = audit(&log(&rows), mapping()).exits(1);
    assert!(ended.out.contains("broken: a promise is kept"), "{}", ended.out);
    for line in ["run.jsonl:9  prevVote,1,1.A,goats", "run.jsonl:8  nextBal,,2.C"] {
        assert!(ended.out.contains(line), "{line} is not in {}", ended.out);
    }
}

#[test]
fn a_value_learnt_without_a_majority_is_found() {
    let rows = [PREPARE, PROMISE, PROMISED, OWN_PROMISE, OWN_PROMISED, ACCEPT, VOTED, LEARNT];
    let ended = audit(&log(&rows), mapping()).exits(1);
    assert!(ended.out.contains("run.jsonl:8  outcome,1,1.A,goats"), "{}", ended.out);
}

#[test]
fn votes_of_another_majority_than_the_quorum_count() {
    let c_votes = VOTED.replace("\"node\":\"B\"", "\"node\":\"C\"");
    let rows = [
        PREPARE,
        OWN_PROMISE,
        OWN_PROMISED,
        PROMISE,
        PROMISED,
        ACCEPT,
        OWN_VOTED,
        &c_votes,
        LEARNT,
    ];
    audit(&log(&rows), mapping()).exits(0);
}

#[test]
fn a_csv_log_is_read_by_its_header() {
    let map = "members P1 P2 P3\nfrom P{node}\nmessage {type}\nballot {n}.P{by}\ndecree {value}\n\
               mean message prepare = NextBallot\nmean message heartbeat = skip\n\
               ledgers from letters\n";
    let log = "type,node,n,by,value\nheartbeat,1,,,\nprepare,1,1,1,\nprepare,1,1,1,\n";
    audit(log, map).exits(0);
}

#[test]
fn a_row_of_which_no_sense_is_made_is_told_with_its_repair() {
    let strange = PREPARE.replace("prepare", "hello");
    let ended = audit(&log(&[PREPARE, &strange]), mapping()).exits(2);
    for part in ["line 2 of the log", "\"hello\"", "`mean message hello = NextBallot`"] {
        assert!(ended.err.contains(part), "{part} is not in {}", ended.err);
    }
    let ended = audit(&log(&[PREPARE]), "members A B C\nfrom {node}\nsender {x}\n").exits(2);
    assert!(ended.err.contains("line 3 of the mapping"), "{}", ended.err);
    let ended = audit("{\"node\":", mapping()).exits(2);
    assert!(ended.err.contains("line 1 of the log: this is no JSON object"), "{}", ended.err);
}

#[test]
fn a_trace_of_ours_is_judged_without_a_chamber() {
    let house = House::new();
    house.run(&["simulate", "--seed", "7", "--trace", "run.csv"]).exits(0);
    let ended = house.run(&["audit", "--trace", "run.csv"]).exits(0);
    assert!(ended.out.contains("Consistent: no rule is broken"), "{}", ended.out);
    house.run(&["explore", "--heresy", "one-reply-quorum", "--trace", "broken.csv"]).exits(1);
    house.run(&["audit", "--trace", "broken.csv", "--json"]).exits(1);
}
