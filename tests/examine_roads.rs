//! Novices who hold a heresy are convicted of it, and sound ones that differ from ours are not.
#![cfg(all(unix, feature = "cli"))]

use crate::common::House;
use crate::novices::{SOLUTION, examine, has_python, side_by_side};
use crate::skipping::skipped;

/// A part of the solution, and what stands in its place.
type Patch = (&'static str, &'static str);

const MAJORITY: &str = "return 2 * sum(members[name] for name in names) > sum(members.values())";
const PROMISE_GUARD: &str = "if number(ballot) <= number(next_bal):";
const PROMISES: &str = r#"            ink.append({"entry": "nextBal", "ballot": ballot})"#;
const VOTE_GUARD: &str = "if ballot != next_bal or number(ballot) <= number(prev_bal):";
const VOTES: &str = r#"            ink.append({"entry": "prevVote", "ballot": ballot, "decree": letter["decree"]})"#;
const TRIES: &str = r#"        ink.append({"entry": "lastTried", "ballot": event["ballot"]})"#;
const DECREE: &str = r#"decree = latest["decree"] if latest else event["decree"]"#;
const LATEST: &str =
    r#"latest = max(votes, key=lambda vote: number(vote["ballot"]), default=None)"#;
const POLLS: &str =
    r#"        slip = {"status": "polling", "decree": decree, "quorum": quorum, "voters": []}"#;
const HEARS: &str = r#"            slip["votes"][sender] = vote"#;
const HEARS_VOTED: &str = r#"slip["voters"] = sorted({*slip["voters"], sender})"#;
const ALL_VOTED: &str = r#"set(slip["quorum"]) <= set(slip["voters"])"#;
const SENDS_BEGIN: &str = "        for other in quorum:";
const HEARS_GUARD: &str = r#"if ballot != last_tried or not slip or slip["status"] != "trying":"#;
const VOTED_GUARD: &str = r#"if ballot != last_tried or not slip or slip["status"] != "polling":"#;

/// Each heresy of the Synod that an answer can express, as patches of the solution.
const HERESIES: &[(&str, &[Patch])] = &[
    ("one-reply-quorum", &[(MAJORITY, "return len(names) > 0")]),
    (
        "half-a-majority",
        &[(MAJORITY, "return 2 * sum(members[name] for name in names) >= sum(members.values())")],
    ),
    (
        "last-votes-counted-twice",
        &[
            (
                HEARS,
                "            slip[\"twice\"] = sender in slip[\"votes\"]\n            slip[\"votes\"][sender] = vote",
            ),
            (MAJORITY, "return len(names) + slip.get(\"twice\", 0) > len(members) / 2"),
        ],
    ),
    (
        "success-at-begin",
        &[(
            SENDS_BEGIN,
            "        slip[\"voters\"] = quorum\n        succeed()\n        for other in quorum:",
        )],
    ),
    ("success-after-one-voted", &[(ALL_VOTED, "slip[\"voters\"]")]),
    (
        "voted-counted-twice",
        &[
            (HEARS_VOTED, "slip[\"voters\"].append(sender)"),
            (ALL_VOTED, "len(slip[\"quorum\"]) <= len(slip[\"voters\"])"),
        ],
    ),
    (
        "president-past-his-promise",
        &[(
            VOTE_GUARD,
            "if (ballot != next_bal and sender != you) or number(ballot) <= number(prev_bal):",
        )],
    ),
    (
        "vote-below-a-promise",
        &[(
            VOTE_GUARD,
            "if number(ballot) > number(next_bal) or number(ballot) <= number(prev_bal):",
        )],
    ),
    // He keeps lastTried on his slip.
    ("number-reused", &[(TRIES, "")]),
    ("own-decree", &[(DECREE, "decree = event[\"decree\"]")]),
    (
        "equal-numbers",
        &[(PROMISE_GUARD, "if number(ballot)[0] < number(next_bal)[0] or ballot == next_bal:")],
    ),
    ("promise-lowered", &[(PROMISE_GUARD, "if ballot == next_bal:")]),
    (
        "second-decree",
        &[
            (
                "if not slip or slip[\"status\"] != \"trying\" or not majority",
                "if not slip or not majority",
            ),
            (
                POLLS,
                "        slip = {\"status\": \"polling\", \"decree\": decree, \"quorum\": quorum, \"voters\": [],\n                \"votes\": slip[\"votes\"]}",
            ),
        ],
    ),
    (
        "vote-struck-out",
        &[("            if prev_vote:", "            if prev_vote and not outcome:")],
    ),
    // He keeps prevVote on his slip.
    ("vote-forgotten", &[(VOTES, "            pass")]),
    // He keeps nextBal on his slip.
    ("promise-forgotten", &[(PROMISES, "            pass")]),
    ("stale-last-vote", &[(HEARS_GUARD, "if not slip or slip[\"status\"] != \"trying\":")]),
    ("stale-voted", &[(VOTED_GUARD, "if not slip or slip[\"status\"] != \"polling\":")]),
    ("lowest-vote", &[("latest = max(votes", "latest = min(votes")]),
    (
        "vote-without-raising",
        &[
            (SENDS_BEGIN, "        for other in members:"),
            (
                VOTE_GUARD,
                "if number(ballot) < number(next_bal) or number(ballot) <= number(prev_bal):",
            ),
        ],
    ),
    (
        "first-vote-stays",
        &[(
            VOTES,
            "            if not prev_vote:\n                ink.append({\"entry\": \"prevVote\", \"ballot\": ballot, \"decree\": letter[\"decree\"]})",
        )],
    ),
];

/// Novices that do otherwise than ours, and break no rule.
const SOUND: &[(&str, &[Patch])] = &[
    (
        "he is silent",
        &[(
            "    if event[\"event\"] == \"try\":",
            "    return nothing\n    if event[\"event\"] == \"try\":",
        )],
    ),
    (
        "he promises b ≥ nextBal, as Appendix A1 has it",
        &[(
            PROMISE_GUARD,
            "if number(ballot) < number(next_bal) or number(ballot) <= number(prev_bal):",
        )],
    ),
    ("he never presides", &[("if number(event[\"ballot\"]) <= number(last_tried):", "if True:")]),
    (
        "he is slow",
        &[(
            "    asked = json.loads(line)",
            "    __import__(\"time\").sleep(0.001)\n    asked = json.loads(line)",
        )],
    ),
    (
        "he refuses",
        &[(
            "            if number(ballot) <= number(next_bal):\n                return nothing",
            "            if number(ballot) < number(next_bal):\n                refusal = {\"message\": \"Refused\", \"ballot\": ballot, \"vote\": next_bal}\n                return ink, slip, [{\"to\": sender, \"letter\": refusal}]\n            if ballot == next_bal:\n                return nothing",
        )],
    ),
];

fn patched(patches: &[Patch]) -> String {
    patches.iter().fold(SOLUTION.to_owned(), |text, (part, instead)| {
        assert_eq!(text.matches(part).count(), 1, "{part:?} stands once in the solution");
        text.replace(part, instead)
    })
}

#[test]
fn each_heretic_is_convicted_of_his_heresy() {
    if !has_python() {
        return;
    }
    side_by_side(HERESIES, |(name, patches)| {
        let output = examine(&patched(patches), &["--case", "roads", "--json"]);
        let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let held = told["tests"][0]["heresies"].as_array().cloned().unwrap_or_default();
        assert!(held.iter().any(|it| it == name), "{name} is convicted of {held:?}: {told:#}");
        assert_eq!(output.status.code(), Some(1), "{name}");
    });
}

#[test]
fn the_highest_vote_by_its_text_is_the_lowest() {
    if !has_python() {
        return;
    }
    let by_text =
        ("key=lambda vote: number(vote[\"ballot\"])", "key=lambda vote: vote[\"ballot\"]");
    let output = examine(&patched(&[by_text]), &["--case", "roads", "--json"]);
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let held = told["tests"][0]["heresies"].as_array().cloned().unwrap_or_default();
    assert!(held.iter().any(|it| it == "lowest-vote"), "{told:#}");
}

/// How the vote that binds is taken wrongly, and the cases that find it.
const BY_PLACE: &[(&str, &str, &[&str])] = &[
    ("the first by name", "latest = votes[0] if votes else None", &["scenes", "roads", "storm"]),
    ("the last by name", "latest = votes[-1] if votes else None", &["scenes", "roads", "storm"]),
    (
        "the highest integer, and of those the first by name",
        "latest = max(votes, key=lambda vote: number(vote[\"ballot\"])[0], default=None)",
        &["scenes", "roads", "storm"],
    ),
    (
        "the highest integer, and of those the last by name",
        "latest = max(votes[::-1], key=lambda vote: number(vote[\"ballot\"])[0], default=None)",
        &["scenes", "roads", "storm"],
    ),
];

#[test]
fn a_vote_taken_by_its_place_breaks_b3_in_each_case() {
    if !has_python() {
        return;
    }
    for (name, takes, cases) in BY_PLACE {
        let broken = patched(&[(LATEST, takes)]);
        for case in *cases {
            let output = examine(&broken, &["--case", case]);
            let told = String::from_utf8_lossy(&output.stdout);
            assert!(told.contains("B3 (§2.1) is broken"), "{name}, {case}: {told}");
            assert_eq!(output.status.code(), Some(1), "{name}, {case}");
        }
    }
}

#[test]
fn every_heresy_of_the_synod_is_held_here_or_listed() {
    let told =
        String::from_utf8(House::new().run(&["heresies", "--json"]).exits(0).out.into()).unwrap();
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    let page = include_str!("../docs/novice.md");
    for heresy in told["heresies"].as_array().unwrap() {
        let name = heresy["name"].as_str().unwrap();
        if heresy["of"] == "Synod" && heresy["control"] != true {
            let is_held = HERESIES.iter().any(|(held, _)| *held == name);
            let is_listed = page.contains(&format!("`{name}`"));
            assert!(is_held != is_listed, "{name}");
        }
    }
}

#[test]
fn sound_priests_that_differ_from_ours_pass() {
    if !has_python() {
        return;
    }
    side_by_side(SOUND, |(name, patches)| {
        let scope = ["--restarts", "0", "--decrees", "1", "--seeds", "6"];
        let output = examine(&patched(patches), &scope);
        let told = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(0), "{name}: {told}");
    });
}

/// A language: the tool that must be here, the files of a starter and of a solution, how they are
/// built, and how they are started.
struct Language {
    tool: &'static str,
    starter: &'static [(&'static str, &'static str)],
    solution: &'static [(&'static str, &'static str)],
    build: &'static [&'static str],
    command: &'static str,
}

const JSON_JAVA: (&str, &str) = ("Json.java", include_str!("../starters/java/Json.java"));

const LANGUAGES: &[Language] = &[
    Language {
        tool: "python3",
        starter: &[("novice.py", include_str!("../starters/python/novice.py"))],
        solution: &[("novice.py", SOLUTION)],
        build: &[],
        command: "python3 novice.py",
    },
    Language {
        tool: "node",
        starter: &[("novice.js", include_str!("../starters/javascript/novice.js"))],
        solution: &[("novice.js", include_str!("novices/solution.js"))],
        build: &[],
        command: "node novice.js",
    },
    Language {
        tool: "javac",
        starter: &[JSON_JAVA, ("Novice.java", include_str!("../starters/java/Novice.java"))],
        solution: &[JSON_JAVA, ("Novice.java", include_str!("novices/java/Novice.java"))],
        build: &["javac", "Json.java", "Novice.java"],
        command: "java Novice",
    },
    Language {
        tool: "go",
        starter: &[("novice.go", include_str!("../starters/go/novice.go"))],
        solution: &[("novice.go", include_str!("novices/go/novice.go"))],
        build: &["go", "build", "novice.go"],
        command: "./novice",
    },
    Language {
        tool: "cargo",
        starter: &[CARGO_TOML, ("src/main.rs", include_str!("../starters/rust/src/main.rs"))],
        solution: &[CARGO_TOML, ("src/main.rs", include_str!("novices/rust/main.rs"))],
        build: &["cargo", "build", "--offline", "--quiet"],
        command: "target/debug/novice",
    },
];

const CARGO_TOML: (&str, &str) = ("Cargo.toml", include_str!("../starters/rust/Cargo.toml.txt"));

/// Lays files down and builds them; none if the tool is not here.
fn built(language: &Language, files: &[(&str, &str)]) -> Option<House> {
    let house = House::new();
    for (name, text) in files {
        let path = house.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let tells = if language.tool == "go" { "version" } else { "--version" };
    let here = std::process::Command::new(language.tool).arg(tells).output();
    if !here.is_ok_and(|output| output.status.success()) {
        skipped(&format!("{} is not here", language.tool));
        return None;
    }
    if let Some((tool, arguments)) = language.build.split_first() {
        let mut build = std::process::Command::new(tool);
        build.args(arguments).current_dir(house.path()).env_remove("CARGO_TARGET_DIR");
        let output = build.output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        // Without a network there may be no JSON for Rust.
        if language.tool == "cargo" && told.contains("serde_json") {
            skipped(told.trim());
            return None;
        }
        assert!(output.status.success(), "{told}");
    }
    Some(house)
}

#[test]
fn each_starter_fails_by_the_guard_that_it_lacks() {
    for language in LANGUAGES {
        let Some(house) = built(language, language.starter) else { continue };
        let ended = house.run(&["examine", "--novice", language.command, "--patience", "20s"]);
        let ended = ended.exits(1);
        for part in [
            "manners   passed",
            "I7 (§A2) is broken",
            "scene: §2.3 (2) A NextBallot comes after a",
            "by the paper Gray does nothing here: 1.Dwork ≤ nextBal 2.Fischer",
        ] {
            let told = ended.out.replace("\n               ", " ");
            assert!(told.contains(part), "{}: {part:?} is not in\n{told}", language.command);
        }
    }
}

#[test]
fn each_starter_has_fewer_than_80_lines_besides_its_json() {
    for language in LANGUAGES {
        let (name, text) = language.starter.last().unwrap();
        assert!(text.lines().count() < 80, "{name} of {}", language.tool);
    }
}

#[test]
fn each_solution_passes() {
    for language in LANGUAGES {
        let Some(house) = built(language, language.solution) else { continue };
        let scope = ["--ballots", "1", "--decrees", "1", "--seeds", "4", "--patience", "20s"];
        let command = ["examine", "--novice", language.command];
        let ended = house.run(&[&command[..], &scope].concat()).exits(0);
        assert!(ended.out.contains("No fault was found."), "{}", ended.out);
    }
}
