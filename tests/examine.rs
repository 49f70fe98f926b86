//! A priest of one's own is examined: manners, and every state that he can reach.
#![cfg(all(unix, feature = "cli"))]

use std::process::Output;

use crate::common::House;
use crate::novices::{SOLUTION, examine, has_python};

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A program that does this for each line.
fn for_each_line(does: &str) -> String {
    format!("import sys, json, os, time\nfor line in sys.stdin:\n    {does}\n")
}

/// Programs without manners, and what each is told.
const ILL_MANNERED: &[(&str, &[&str])] = &[
    (
        "print('a promise!', flush=True)",
        &["answer 1, column 1: this is no JSON object", "print answers alone to standard output"],
    ),
    (
        r#"sys.stdout.write('{"ink":[],"slip":null,"send":[]}'); sys.stdout.flush()"#,
        &["no newline ends the answer", "end each answer with one newline"],
    ),
    (
        r#"print('{"ink":[],"slip":null,"send":[]}')"#,
        &["nothing came on standard output for 2s", "flush after each answer"],
    ),
    (
        r#"print('{"ink":[],"slip":null,"send":[]', flush=True)"#,
        &["answer 1, column 31: this is no sound JSON", "let a JSON library write the answer"],
    ),
    (
        r#"print('{"inks":[],"slip":null,"send":[]}', flush=True)"#,
        &["answer 1, column 2: there is no field `inks` here", "did you mean `ink`?"],
    ),
    (
        r#"print('{"ink":[],"send":[]}', flush=True)"#,
        &["answer 1, column 1: an answer has no field `slip`", "\"slip\":null"],
    ),
    (
        r#"print('{"ink":{},"slip":null,"send":[]}', flush=True)"#,
        &["answer 1, column 8: ink is an object, and should be a list", "write a list"],
    ),
    (
        r#"print('{"ink":[{"entry":"nextbal","ballot":"1.Oki"}],"slip":null,"send":[]}', flush=True)"#,
        &["answer 1, column 18: \"nextbal\" is no kind of row", "did you mean nextBal?"],
    ),
    (
        r#"print('{"ink":[{"entry":"nextBal"}],"slip":null,"send":[]}', flush=True)"#,
        &["answer 1, column 9: a row in `ink` has no field `ballot`"],
    ),
    (
        r#"print('{"ink":[{"entry":"nextBal","ballot":1}],"slip":null,"send":[]}', flush=True)"#,
        &["answer 1, column 37: ballot is a number, and should be text"],
    ),
    (
        r#"print('{"ink":[],"slip":null,"send":[{"to":"Lamport","letter":{}}]}', flush=True)"#,
        &["answer 1, column 37: \"Lamport\" does not sit", "those who sit are Dwork, Gray, Oki"],
    ),
    (
        r#"print('{"ink":[],"slip":null,"send":[{"to":"Dwork","letter":{"message":"LastVote","ballot":"1.Oki"}}]}', flush=True)"#,
        &["answer 1, column 54: Dwork cannot be sent LastVote 1.Oki"],
    ),
    (
        r#"print('{"ink":[],"slip":null,"send":[]}\n{}', flush=True)"#,
        &["answer 1: there are two answers to one question", "print one line for each question"],
    ),
    (
        "raise RuntimeError('no promise is kept')",
        &[
            "the program ended before it answered, with exit code 1",
            "| RuntimeError: no promise is kept",
        ],
    ),
    (
        r#"print(json.dumps({"ink": [], "slip": time.time_ns(), "send": []}), flush=True)"#,
        &["the same question was answered otherwise before", "keep nothing in variables"],
    ),
];

#[test]
fn each_fault_of_manners_is_told_with_its_place_and_repair() {
    if !has_python() {
        return;
    }
    for (does, expected) in ILL_MANNERED {
        let is_waited_for = expected[0].contains("came on") || expected[0].contains("no newline");
        let patience: &[&str] = if is_waited_for { &["--patience", "500ms"] } else { &[] };
        let output = examine(&for_each_line(does), patience);
        let told = told(&output).replace("\n    ", " ");
        for part in *expected {
            assert!(told.contains(part), "{does}\n{part:?} is not in\n{told}");
        }
        assert!(told.contains("the question:\n  {\"you\":\"Gray\""), "{told}");
        assert_eq!(output.status.code(), Some(1), "{told}");
    }
}

#[test]
fn a_program_that_cannot_be_started_is_not_judged() {
    let house = House::new();
    let output = house.command(&["examine", "--novice", "no-such-program"]).output().unwrap();
    assert!(told(&output).contains("it cannot be started: no-such-program"), "{output:?}");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_program_and_its_children_are_ended() {
    if !has_python() {
        return;
    }
    let starts = r#"
import subprocess, sys, time
child = subprocess.Popen(["sleep", "1000"])
open("child", "a").write(f"{child.pid}\n")
for line in sys.stdin:
    time.sleep(1000)
"#;
    let house = House::new();
    std::fs::write(house.path().join("novice.py"), starts).unwrap();
    let arguments = ["examine", "--novice", "python3 novice.py", "--patience", "1s"];
    let output = house.command(&arguments).output().unwrap();
    assert!(told(&output).contains("nothing came"), "{output:?}");
    let children = std::fs::read_to_string(house.path().join("child")).unwrap();
    // An ended process may take a moment to be gone.
    let lives = |child: &str| {
        let state = std::fs::read_to_string(format!("/proc/{child}/stat")).unwrap_or_default();
        state.rsplit(") ").next().is_some_and(|it| it.starts_with(['S', 'R', 'D']))
    };
    for _ in 0..600 {
        if !children.lines().any(lives) {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("they live: {children}");
}

#[test]
fn a_novice_sees_no_environment_but_what_he_needs() {
    if !has_python() {
        return;
    }
    let tells =
        for_each_line("sys.stderr.write(' '.join(sorted(os.environ))); raise SystemExit(3)");
    let house = House::new();
    std::fs::write(house.path().join("novice.py"), tells).unwrap();
    let mut command = house.command(&["examine", "--novice", "python3 novice.py"]);
    let output = command.env("SECRET_OF_PAXOS", "1").output().unwrap();
    assert!(told(&output).contains("PATH"), "{output:?}");
    assert!(!told(&output).contains("SECRET_OF_PAXOS"), "{output:?}");
}

#[test]
fn a_sound_priest_passes() {
    if !has_python() {
        return;
    }
    let arguments =
        ["--restarts", "0", "--decrees", "1", "--seeds", "10", "--report", "verdict.html"];
    let house = House::new();
    std::fs::write(house.path().join("novice.py"), SOLUTION).unwrap();
    let all = [&["examine", "--novice", "python3 novice.py"][..], &arguments].concat();
    let output = house.command(&all).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    for part in [
        "scenes    passed: 20 scenes; he does in each what the paper has him do",
        "roads     passed: no sin on 20 roads",
        "a decree passed in 10",
        "sit       passed: 8 sittings in 4 chambers, a decree passed in 8",
    ] {
        assert!(told(&output).contains(part), "{part:?} is not in\n{}", told(&output));
    }
    let report = std::fs::read_to_string(house.path().join("verdict.html")).unwrap();
    assert!(report.contains("<td>storm</td><td>passed</td><td>15 of 15</td>"), "{report}");
    assert!(told(&output).contains("No fault was found."), "{}", told(&output));
}

/// The solution, with a quorum of anybody who has replied.
fn takes_any_reply() -> String {
    let majority = "2 * sum(members[name] for name in names) > sum(members.values())";
    let broken = SOLUTION.replace(majority, "len(names) > 0");
    assert_ne!(broken, SOLUTION);
    broken
}

#[test]
fn he_sits_in_chambers_that_are_kept_and_can_be_audited() {
    if !has_python() {
        return;
    }
    let house = House::new();
    std::fs::write(house.path().join("novice.py"), SOLUTION).unwrap();
    let command = ["examine", "--novice", "python3 novice.py", "--case", "sit", "--keep", "kept"];
    let told = house.run(&command).exits(0).out;
    assert!(told.contains("started again") && told.contains("kept in kept"), "{told}");
    let audit = house.run(&["audit", "--chamber", "kept/chamber-4"]).exits(0).out;
    assert!(audit.contains("Consistent: no rule is broken"), "{audit}");
    // The counts told stand in his ledgers. The threads settle who presides first.
    let ledgers = (1..=4).map(|n| house.path().join(format!("kept/chamber-{n}/ledgers/Gray.csv")));
    let his: String = ledgers.map(|it| std::fs::read_to_string(it).unwrap()).collect();
    let votes = his.lines().filter(|row| row.starts_with("prevVote,")).count();
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(his.contains("nextBal,"), "{his}");
    assert!(told.contains(&format!(" {votes} vote")), "{votes} votes are not in {told}");
}

#[test]
fn a_fault_in_a_chamber_is_told_with_file_and_line() {
    if !has_python() {
        return;
    }
    let output = examine(&takes_any_reply(), &["--case", "sit", "--as", "Strong"]);
    let told = told(&output);
    for part in ["a quorum is a majority set (§2.2, I6) is broken", "ledgers/Strong.csv:", "--keep"]
    {
        assert!(told.contains(part), "{part:?} is not in\n{told}");
    }
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_priest_who_takes_any_reply_for_a_quorum_is_convicted() {
    if !has_python() {
        return;
    }
    let output = examine(&takes_any_reply(), &["--case", "search"]);
    let told = told(&output);
    for part in [
        "I6 (§A2) is broken",
        "has 4 events",
        "by the paper Fischer does nothing here: the repliers are no majority set",
        "he inked   beginBallot,1,10.Fischer,α,Dwork",
        "\"event\":{\"event\":\"begin\",\"decree\":\"α\"}}",
        "Again: parliament examine --novice \"python3 novice.py\" --case search",
    ] {
        assert!(told.contains(part), "{part:?} is not in\n{told}");
    }
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_priest_who_counts_members_instead_of_weight_is_found() {
    if !has_python() {
        return;
    }
    let majority = "2 * sum(members[name] for name in names) > sum(members.values())";
    let broken = SOLUTION.replace(majority, "2 * len(names) > len(members)");
    assert_ne!(broken, SOLUTION);
    for case in ["scenes", "search", "storm"] {
        let output = examine(&broken, &["--case", case, "--restarts", "0", "--decrees", "1"]);
        let told = told(&output);
        assert!(told.contains("I6 (§A2) is broken"), "{case}: {told}");
        assert_eq!(output.status.code(), Some(1), "{case}: {told}");
    }
}

#[test]
fn numbers_compared_as_text_are_found() {
    if !has_python() {
        return;
    }
    let broken = SOLUTION.replace("return (int(round), owner)", "return (round, owner)");
    let broken = broken.replace("return (-1, \"\")", "return (\"\", \"\")");
    assert_ne!(broken, SOLUTION);
    let output = examine(&broken, &["--case", "search"]);
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
}

#[test]
fn what_is_kept_in_a_variable_is_found() {
    if !has_python() {
        return;
    }
    // He remembers his promises himself, and answers by what he remembers.
    let broken = SOLUTION.replace("def act(", "PROMISED = {}\n\n\ndef act(").replace(
        "            ink.append({\"entry\": \"nextBal\", \"ballot\": ballot})",
        "            if number(ballot) <= number(PROMISED.get(you)):\n                return nothing\n            PROMISED[you] = ballot\n            ink.append({\"entry\": \"nextBal\", \"ballot\": ballot})",
    );
    assert_ne!(broken, SOLUTION);
    let output = examine(&broken, &["--case", "search", "--restarts", "0"]);
    let told = told(&output);
    assert!(told.contains("the same question was answered otherwise before"), "{told}");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn where_there_is_no_run_it_is_said_that_nothing_is_drawn() {
    if !has_python() {
        return;
    }
    let draws = ["--chronicle", "run.txt"];
    for (program, case, says) in [
        (SOLUTION.to_owned(), "scenes", "No rule is broken, so there is no run to draw."),
        (
            for_each_line("print('x', flush=True)"),
            "manners",
            "Nothing is drawn: the fault is in an",
        ),
        (takes_any_reply(), "sit", "Nothing is drawn: the chamber is gone; --keep DIR keeps it."),
    ] {
        let house = House::new();
        std::fs::write(house.path().join("novice.py"), program).unwrap();
        let command =
            ["examine", "--novice", "python3 novice.py", "--as", "Strong", "--case", case];
        let output = house.command(&[&command[..], &draws].concat()).output().unwrap();
        assert!(told(&output).contains(says), "{case}: {}", told(&output));
        assert!(!house.path().join("run.txt").exists(), "{case}");
    }
}

#[test]
fn graders_read_status_message_and_points() {
    if !has_python() {
        return;
    }
    let output =
        examine(&for_each_line("print('x', flush=True)"), &["--json", "--points", "manners=5"]);
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&told["version"], &told["status"]), (&2.into(), &"fail".into()));
    let tests = told["tests"].as_array().unwrap();
    assert_eq!((&tests[0]["name"], &tests[0]["status"]), (&"manners".into(), &"fail".into()));
    assert_eq!((&tests[0]["points"], &tests[0]["of"]), (&0.into(), &5.into()));
    assert_eq!(&tests[1]["status"], "error");
    assert!(tests[0]["message"].as_str().unwrap().contains("this is no JSON object"));
}

#[test]
fn a_priest_who_does_nothing_is_sound_and_earns_no_points() {
    if !has_python() {
        return;
    }
    let silent = for_each_line(r#"print('{"ink":[],"slip":null,"send":[]}', flush=True)"#);
    let arguments = ["--restarts", "0", "--decrees", "1", "--seeds", "6"];
    // The scenes of the Parliament take long.
    let quick = ["--level", "parliament", "--case", "manners", "--case", "storm"];
    for more in [&[][..], &quick] {
        let all = [&arguments[..], more].concat();
        let output = examine(&silent, &[&all[..], &["--json"]].concat());
        assert_eq!(output.status.code(), Some(0));
        let verdict: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((&verdict["status"], &verdict["points"]), (&"pass".into(), &10.into()));
        for test in &verdict["tests"].as_array().unwrap()[1..] {
            assert_eq!((&test["status"], &test["points"]), (&"pass".into(), &0.into()), "{test}");
            assert!(test["output"].as_str().unwrap().starts_with("he does nothing; "), "{test}");
        }
    }
    let told = told(&examine(&silent, &["--case", "roads"]));
    assert!(told.contains("roads 0 of 20."), "{told}");
}

#[test]
fn storms_give_points_for_decrees_that_need_the_priest() {
    if !has_python() {
        return;
    }
    let guard = "if number(event[\"ballot\"]) <= number(last_tried):";
    let never_presides = SOLUTION.replace(guard, "if True:");
    assert_ne!(never_presides, SOLUTION);
    // In storms 1, 3 and 5 all five are his; in 8 he votes beside others, and outweighs them.
    for (seed, points) in [("1", 0), ("8", 15)] {
        let one = ["--case", "storm", "--seeds", "1", "--seed", seed, "--json"];
        let output = examine(&never_presides, &one);
        assert_eq!(output.status.code(), Some(0));
        let verdict: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(verdict["points"], points, "{verdict}");
    }
}

#[test]
fn a_storm_finds_what_scenes_would_and_tells_its_seed() {
    if !has_python() {
        return;
    }
    let guard = "if ballot != next_bal or number(ballot) <= number(prev_bal):";
    let broken = SOLUTION.replace(guard, "if number(ballot) <= number(prev_bal):");
    assert_ne!(broken, SOLUTION);
    let output = examine(&broken, &["--case", "storm", "--seeds", "50"]);
    let told = told(&output);
    assert!(told.contains("the storm of seed"), "{told}");
    assert!(told.contains("you hold  vote-below-a-promise"), "{told}");
    assert_eq!(output.status.code(), Some(1));
    let again = examine(&broken, &["--case", "storm", "--seeds", "50"]);
    assert_eq!(told, String::from_utf8_lossy(&again.stdout));
}

#[test]
fn the_same_seed_weathers_the_same_storms() {
    if !has_python() {
        return;
    }
    let tell = || told(&examine(SOLUTION, &["--case", "storm", "--seeds", "4", "--seed", "9"]));
    assert_eq!(tell(), tell());
}
