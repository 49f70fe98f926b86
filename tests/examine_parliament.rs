//! A legislator of one's own is examined: many decrees, gaps, catching up.
#![cfg(all(unix, feature = "cli"))]

use crate::common::House;
use crate::novices::{examine, has_python};

/// A legislator who keeps to the paper.
const LEGISLATOR: &str = include_str!("novices/parliament.py");

/// The beginning of one.
const STARTER: &str = include_str!("../starters/python/legislator.py");

/// A part of the solution, and what stands in its place.
type Patch = (&'static str, &'static str);

const PROMISES: &str = "                ink.append({\"entry\": \"nextBal\", \"ballot\": ballot})\n";
const VOTE_GUARD: &str =
    "elif ballot == next_bal and number(ballot) > number(votes.get(nth, {}).get(\"ballot\")):";
const HIGHEST: &str = "if number(vote[\"vote\"]) > number(bound.get(int(nth), {}).get(\"vote\")):";
const ALL_VOTED: &str = "if set(slip[\"quorum\"]) <= set(poll[\"voters\"]):";
const MAJORITY: &str = "return 2 * sum(members[name] for name in names) > sum(members.values())";

/// Broken legislators: the solution with one rule broken, and the rule and passage that convict.
const BROKEN: &[(&str, &[Patch], &str, &str)] = &[
    (
        "he promises below a promise",
        &[("            if number(ballot) > number(next_bal):", "            if True:")],
        "a promise is never taken back (§2.3 (2))",
        "A NextBallot comes after a higher one",
    ),
    (
        "he tries any number",
        &[("        if number(event[\"ballot\"]) > number(last_tried):", "        if True:")],
        "lastTried rises (§2.3 (1), I2)",
        "He may try a number below his last",
    ),
    (
        "he leaves out the votes on decrees that he knows",
        &[("if of > nth]", "if of > nth and of not in passed]")],
        "LastVote tells the last vote (§2.3 (2), I7)",
        "He tells his vote also on a decree that he knows",
    ),
    (
        "he counts a reply to an earlier ballot",
        &[(
            "if ballot == last_tried and slip and slip[\"status\"] == \"trying\":",
            "if slip and slip[\"status\"] == \"trying\":",
        )],
        "B3 (§2.1)",
        "A reply to an earlier ballot comes late",
    ),
    (
        "he counts a vote in an earlier ballot",
        &[("presides = ballot == last_tried and slip", "presides = slip")],
        "an outcome has a successful ballot (§2.3 (5), I1)",
        "A vote in an earlier ballot comes late",
    ),
    (
        "any majority of votes will do",
        &[(ALL_VOTED, "if majority(poll[\"voters\"]):")],
        "an outcome has a successful ballot (§2.3 (5), I1)",
        "Two of a quorum of three have voted",
    ),
    (
        "he forgets his promise, for all numbers",
        &[(PROMISES, "")],
        "LastVote tells the last vote (§2.3 (2), I7)",
        "A reply has a row for each number",
    ),
    (
        "he tells his vote on one number alone",
        &[("if of > nth]", "if of > nth][:1]")],
        "LastVote tells the last vote (§2.3 (2), I7)",
        "A reply has a row for each number",
    ),
    (
        "any reply is a quorum",
        &[(MAJORITY, "return len(names) > 0")],
        "a quorum is a majority set (§2.2, I6)",
        "One of three has replied",
    ),
    (
        "he counts a reply of which a row is missing",
        &[("if len(reply[\"votes\"]) == reply[\"of\"]}", "}")],
        "B3 (§2.1)",
        "A reply of which a row is missing",
    ),
    (
        "he takes the lowest vote",
        &[(
            HIGHEST,
            "if int(nth) not in bound or number(vote[\"vote\"]) < number(bound[int(nth)][\"vote\"]):",
        )],
        "B3 (§2.1)",
        "The highest of the votes on a number comes last",
    ),
    (
        "he takes the vote of the last who replied",
        &[(HIGHEST, "if True:")],
        "B3 (§2.1)",
        "The highest of the votes on a number comes first",
    ),
    (
        "he compares ballots as text",
        &[
            ("return (int(integer), owner)", "return (integer, owner)"),
            ("(-1, \"\")", "(\"\", \"\")"),
        ],
        "lastTried rises (§2.3 (1), I2)",
        "He may try a number below his last",
    ),
    (
        "he takes the highest vote by its integer alone",
        &[(
            HIGHEST,
            "if number(vote[\"vote\"])[0] > number(bound.get(int(nth), {}).get(\"vote\"))[0]:",
        )],
        "B3 (§2.1)",
        "Of two votes with one integer the owner's name decides",
    ),
    (
        "the highest vote of all binds every number",
        &[(
            "slip = {\"status\": \"presiding\"",
            "best = max(bound.values(), key=lambda vote: number(vote[\"vote\"]), default=None)\n                bound = dict.fromkeys(bound, best)\n                slip = {\"status\": \"presiding\"",
        )],
        "B3 (§2.1)",
        "The votes on one number do not bind another",
    ),
    (
        "he puts a decree of his own into a gap",
        &[(
            "begin(nth, slip[\"bound\"].get(str(nth), gap))",
            "begin(nth, slip[\"bound\"].get(str(nth), wish))",
        )],
        "decrees in the order of their passing (§3.2.1)",
        "A gap is filled with an olive day",
    ),
    (
        "he takes a gap for passed",
        &[(
            "    while complete + 1 in passed:\n        complete += 1\n",
            "    complete = max(passed, default=0)\n",
        )],
        "a ledger is as complete as its owner says (§3.1)",
        "A gap is filled with an olive day",
    ),
    (
        "he begins any number",
        &[("<= complete + alpha:", "<= complete + 99:")],
        "no ballot beyond α decrees ahead (§3.3.6)",
        "No number beyond α",
    ),
    (
        "he begins a petition that the votes have already",
        &[("if wish in [*slip[\"bound\"].values(), *map(named, passed.values())]:", "if False:")],
        "a petition passes once",
        "A petition is passed once",
    ),
    (
        "he votes below his promise on a number that is new to him",
        &[(VOTE_GUARD, "elif nth not in votes or ballot == next_bal != votes[nth][\"ballot\"]:")],
        "a promise is kept (§2.3 (4))",
        "One promise holds for every number",
    ),
    (
        "he votes above his promise",
        &[(VOTE_GUARD, "elif number(ballot) >= number(next_bal) and nth not in votes:")],
        "a vote follows its promise (§2.3 (4), I3)",
        "A BeginBallot of a ballot that he did not promise",
    ),
    (
        "he votes twice",
        &[(VOTE_GUARD, "elif ballot == next_bal:")],
        "one vote in a ballot (§2.3 (4))",
        "A BeginBallot comes twice",
    ),
    (
        "he takes one vote for a majority",
        &[(ALL_VOTED, "if poll[\"voters\"]:")],
        "an outcome has a successful ballot (§2.3 (5), I1)",
        "One of the quorum has voted",
    ),
    (
        "he counts the votes on all numbers together",
        &[
            (
                "poll[\"voters\"] = sorted({*poll[\"voters\"], sender})",
                "slip[\"all\"] = sorted({*slip.get(\"all\", []), sender})",
            ),
            (ALL_VOTED, "if set(slip[\"quorum\"]) <= set(slip[\"all\"]):"),
        ],
        "an outcome has a successful ballot (§2.3 (5), I1)",
        "The votes on one number do not count for another",
    ),
    (
        "he keeps what has passed on his slip, and does not ink it",
        &[
            (
                "    complete = 0\n",
                "    kept = (slip or {}).get(\"kept\", {})\n    passed.update({int(nth): row for nth, row in kept.items()})\n    complete = 0\n",
            ),
            (
                "slip = {\"status\": \"trying\", \"replies\": {}}",
                "slip = {\"status\": \"trying\", \"replies\": {}, \"kept\": kept}",
            ),
            (
                "slip = {\"status\": \"presiding\",",
                "slip = {\"kept\": kept, \"status\": \"presiding\",",
            ),
            (
                "                        ink.append({\"entry\": \"outcome\", \"number\": nth, \"ballot\": ballot,\n                                    **poll[\"decree\"]})",
                "                        slip[\"kept\"][str(nth)] = {\"number\": nth, **poll[\"decree\"]}",
            ),
        ],
        "a ledger is as complete as its owner says (§3.1)",
        "He knows the decrees that stand in his ledger",
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
fn the_starter_fails_by_the_guard_that_it_lacks() {
    let house = House::new();
    let given = house.run(&["examine", "--starter", "python", "--level", "parliament"]).exits(0);
    assert_eq!(given.out, STARTER);
    assert!(STARTER.lines().count() < 100);
    if !has_python() {
        return;
    }
    let (code, told) = told(STARTER, &[]);
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        "manners passed",
        "a promise is never taken back (§2.3 (2)) is broken; scene: §2.3 (2) A NextBallot comes after a",
        "Gray promised 9.Dwork after 10.Fischer",
    ] {
        assert!(told.contains(part), "{part:?} is not in\n{told}");
    }
    assert_eq!(code, Some(1), "{told}");
}

#[test]
fn other_languages_have_no_starter_of_a_legislator() {
    let command = ["examine", "--starter", "go", "--level", "parliament"];
    let ended = House::new().run(&command).exits(2);
    assert!(ended.err.contains("--starter python"), "{}", ended.err);
}

/// The first fault of a legislator, drawn, traced and kept.
fn draws(broken: &str, arguments: &[&str], rule: &str) {
    let house = House::new();
    std::fs::write(house.path().join("novice.py"), broken).unwrap();
    let command = ["examine", "--novice", "python3 novice.py", "--level", "parliament"];
    let into =
        ["--chronicle", "run.txt", "--trace", "run.csv", "--keep", "kept", "--report", "r.html"];
    let told = house.run(&[&command[..], arguments, &into].concat()).exits(1).out;
    assert!(told.contains("Drawn in run.txt."), "{told}");
    let picture = std::fs::read_to_string(house.path().join("run.txt")).unwrap();
    assert!(picture.contains(rule), "{picture}");
    let report = std::fs::read_to_string(house.path().join("r.html")).unwrap();
    assert!(report.contains("is broken; "), "{report}");
    for records in [["audit", "--chamber", "kept"], ["audit", "--trace", "run.csv"]] {
        let judged = house.run(&records).exits(1).out;
        assert!(judged.contains(&format!("broken: {rule}")), "{records:?}: {judged}");
    }
}

#[test]
fn the_first_fault_is_drawn_traced_and_kept() {
    if !has_python() {
        return;
    }
    let rule = "a promise is never taken back";
    draws(STARTER, &["--case", "scenes"], rule);
    let guard = "            if number(ballot) > number(next_bal):";
    let broken = LEGISLATOR.replace(guard, "            if True:");
    draws(&broken, &["--case", "storm", "--seeds", "20"], rule);
}

#[test]
fn each_broken_legislator_is_convicted_by_its_rule() {
    if !has_python() {
        return;
    }
    for (name, patches, rule, passage) in BROKEN {
        let broken = patches.iter().fold(LEGISLATOR.to_owned(), |text, (part, instead)| {
            assert_eq!(text.matches(part).count(), 1, "{part:?} stands once in the solution");
            text.replace(part, instead)
        });
        let (code, told) = told(&broken, &["--case", "scenes"]);
        let told = told.replace('\n', " ");
        assert!(told.contains(&format!(" {rule} is broken; scene: ")), "{name}: {told}");
        assert!(told.contains(passage), "{name}: {told}");
        assert!(told.contains("\"level\":\"parliament\",\"alpha\":3"), "{name}: {told}");
        assert_eq!(code, Some(1), "{name}: {told}");
    }
}

#[test]
fn the_audit_of_a_sitting_is_told_with_its_rows() {
    if !has_python() {
        return;
    }
    let broken = LEGISLATOR.replace("if of > nth]", "if of > nth and of not in passed]");
    assert_ne!(broken, LEGISLATOR);
    let (code, told) = told(&broken, &["--case", "storm", "--seed", "23", "--seeds", "1"]);
    for part in [
        "LastVote tells the last vote (§2.3 (2), I7) is broken; the storm, seed 23",
        "  messagebooks/Gray.csv  Fischer,1,",
        "  ledgers/Fischer.csv  prevVote,4,",
    ] {
        assert!(told.contains(part), "{part:?} is not in\n{told}");
    }
    assert_eq!(code, Some(1));
}

#[test]
fn a_fault_seen_by_gods_is_told_with_its_cause_in_records() {
    if !has_python() {
        return;
    }
    let guard = "            if number(ballot) > number(next_bal):";
    let broken = LEGISLATOR.replace(guard, "            if True:");
    let (code, told) = told(&broken, &["--case", "storm", "--seed", "2", "--seeds", "1"]);
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        "I7 (§A2) is broken; the storm, seed 2",
        "ledgers/Fischer.csv nextBal,,1.Dwork ledgers/Fischer.csv nextBal,,2.Fischer",
        "In the records, a promise is never taken back (§2.3 (2)): Fischer promised 1.Dwork",
    ] {
        assert!(told.contains(part), "{part:?} is not in\n{told}");
    }
    assert_eq!(code, Some(1));
}

#[test]
fn one_who_never_inks_an_outcome_earns_no_points_in_sittings() {
    if !has_python() {
        return;
    }
    let never = LEGISLATOR.replace("if nth not in passed:", "if False:");
    assert_eq!(LEGISLATOR.matches("if nth not in passed:").count(), 2);
    for (program, points) in [(LEGISLATOR, 15), (&never, 0)] {
        let (code, told) = told(program, &["--case", "storm", "--seeds", "4", "--json"]);
        let verdict: serde_json::Value = serde_json::from_str(&told).unwrap();
        assert_eq!((&verdict["status"], &verdict["points"]), (&"pass".into(), &points.into()));
        let output = verdict["tests"][0]["output"].as_str().unwrap();
        assert_eq!(output.contains("his ledgers hold 0 of"), points == 0, "{output}");
        assert_eq!(code, Some(0));
    }
}

#[test]
fn the_parliament_has_no_search_of_a_novice() {
    let (code, _) = told("", &["--case", "search"]);
    assert_eq!(code, Some(2));
}
