//! A novice who works on the files of a chamber himself, and a search that is taken up again.
#![cfg(all(unix, feature = "cli"))]

use std::process::{Output, Stdio};
use std::time::Duration;

use crate::common::House;
use crate::novices::{SOLUTION, has_python};

/// The voter who reads and writes CSV.
const VOTER: &str = include_str!("../starters/files/novice.py");

/// Watches a program that keeps Gray's ledger.
fn watched(program: &str) -> Output {
    let house = House::new();
    std::fs::write(house.path().join("voter.py"), program).unwrap();
    let command = ["examine", "--in", "here", "--name", "Gray", "--novice"];
    let all = [&command[..], &["python3 voter.py here Gray"]].concat();
    house.command(&all).output().unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).replace("\n          ", " ")
}

#[test]
fn a_sound_voter_on_the_files_themselves_passes() {
    if !has_python() {
        return;
    }
    assert!(VOTER.lines().count() < 90);
    let output = watched(VOTER);
    let told = told(&output);
    assert!(told.contains("files     passed:") && told.contains("promise"), "{told}");
    assert!(!told.contains("0 promises") && !told.contains("nobody could heed"), "{told}");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_letter_before_its_row_is_seen_in_the_files() {
    if !has_python() {
        return;
    }
    let votes = "            write(LEDGER, \"prevVote\", 1, ballot, letter[\"decree\"])\n";
    let tells = "            write(book, ME, 2, ballot, \"\", \"Voted\", 1)\n";
    let (sound, late) =
        (format!("{votes}{tells}"), format!("{tells}            time.sleep(0.05)\n{votes}"));
    assert!(VOTER.contains(&sound));
    let output = watched(&VOTER.replace(&sound, &late));
    let told = told(&output);
    assert!(told.contains("Voted with the vote inked (§2.3 (4), I7) is broken"), "{told}");
    assert!(told.contains("  messagebooks/") && told.contains("Next: parliament audit"), "{told}");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_promise_taken_back_is_told_with_file_and_line() {
    if !has_python() {
        return;
    }
    let takes_back = "write(LEDGER, \"nextBal\", \"\", \"9.Oki\")\nwrite(LEDGER, \"nextBal\", \"\", \"2.Oki\")\n";
    let broken = VOTER.replace("COLUMNS =", &format!("{takes_back}COLUMNS ="));
    let output = watched(&broken);
    let told = told(&output);
    assert!(told.contains("  ledgers/Gray.csv:"), "{told}");
    assert_eq!(output.status.code(), Some(1));
}

/// A part of the sound voter, and what stands in its place.
type Patch = (&'static str, &'static str);

/// Broken voters: parts of the sound one, what stands in their places, and the rule.
const BROKEN: &[(&str, &[Patch], &str)] = &[
    (
        "he votes twice",
        &[(
            "            write(LEDGER, \"prevVote\", 1, ballot, letter[\"decree\"])\n",
            "            for _ in range(2):\n                write(LEDGER, \"prevVote\", 1, ballot, letter[\"decree\"])\n",
        )],
        "one vote in a ballot (§2.3 (4))",
    ),
    (
        "he promises in letters alone, and votes",
        &[
            ("            write(LEDGER, \"nextBal\", \"\", ballot)\n", ""),
            ("if ballot == promise and (", "if ("),
        ],
        "LastVote tells the last vote (§2.3 (2), I7)",
    ),
];

#[test]
fn a_broken_voter_is_told_by_rule_with_rows_that_stand_there() {
    if !has_python() {
        return;
    }
    for (name, patches, rule) in BROKEN {
        let broken = patches.iter().fold(VOTER.to_owned(), |text, (part, instead)| {
            assert_eq!(text.matches(part).count(), 1, "{part:?} stands once in the voter");
            text.replace(part, instead)
        });
        let house = House::new();
        std::fs::write(house.path().join("voter.py"), broken).unwrap();
        let command = ["examine", "--in", "here", "--name", "Gray", "--novice"];
        let all = [&command[..], &["python3 voter.py here Gray"]].concat();
        let told = house.run(&all).exits(1).out;
        let lines = told.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            lines.contains(&format!("{rule} is broken; Gray keeps his ledger")),
            "{name}: {told}"
        );
        let rows = told.lines().filter_map(|line| line.strip_prefix("  ")?.split_once(".csv:"));
        let mut shown = 0;
        for (file, rest) in rows {
            let (line, row) = rest.split_once("  ").unwrap();
            let path = house.path().join("here").join(format!("{file}.csv"));
            let text = std::fs::read_to_string(path).unwrap();
            let there = text.lines().nth(line.parse::<usize>().unwrap() - 1).unwrap();
            assert!(there.starts_with(row), "{name}: {row} is not {there}");
            shown += 1;
        }
        assert!(shown > 0, "{name}: {told}");
    }
}

/// The search of a small scope, whose answers are kept.
const SEARCH: [&str; 11] = [
    "examine",
    "--novice",
    "python3 novice.py",
    "--case",
    "search",
    "--decrees",
    "1",
    "--restarts",
    "0",
    "--resume",
    "answers",
];

#[test]
fn ctrl_c_tells_what_was_done_and_the_search_goes_on_from_there() {
    if !has_python() {
        return;
    }
    let house = House::new();
    // He says when he has been asked a few hundred questions, and is slow from then on.
    let counts = "for nth, line in enumerate(sys.stdin):\n    if nth == 200:\n        open(\"asked\", \"w\").close()\n    if nth >= 200:\n        __import__(\"time\").sleep(0.05)\n";
    let slow = SOLUTION.replace("for line in sys.stdin:\n", counts);
    assert_ne!(slow, SOLUTION);
    std::fs::write(house.path().join("novice.py"), slow).unwrap();
    let mut command = house.command(&SEARCH);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    while !house.path().join("asked").exists() {
        std::thread::sleep(Duration::from_millis(20));
    }
    let id = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    let said = told(&output);
    assert!(said.contains("search    stopped before its end: no rule was broken"), "{said}");
    assert!(said.contains("answers kept in answers"), "{said}");
    assert_eq!(output.status.code(), Some(130), "{said}");

    std::fs::write(house.path().join("novice.py"), SOLUTION).unwrap();
    let second = house.run(&SEARCH).exits(0);
    assert!(second.err.contains("answers: begins with"), "{}", second.err);
    // Nothing is left to ask for the first time.
    let third = house.run(&SEARCH).exits(0).out.replace("\n          ", " ");
    let (_, rest) = third.split_once("worlds, ").unwrap();
    let (asked, rest) = rest.split_once(" questions asked, ").unwrap();
    assert_eq!(Some(asked), rest.split_once(' ').map(|(again, _)| again), "{third}");

    let other = SOLUTION
        .replace("\"send\": send}", "\"send\": send[::-1]}")
        .replace("if number(ballot) <= number(next_bal):", "if True:");
    std::fs::write(house.path().join("novice.py"), other).unwrap();
    let changed = house.command(&SEARCH).output().unwrap();
    let said = String::from_utf8_lossy(&changed.stderr);
    assert!(said.contains("answers otherwise than it did; the search begins anew"), "{said}");
}

/// A kept answer that is not asked for again when a search is taken up, and its question: the first
/// of which this is true. `ASKED` are asked for.
fn unasked(kept: &str, is_it: impl Fn(&serde_json::Value, &serde_json::Value) -> bool) -> String {
    const ASKED: usize = 1_000;
    let lines: Vec<&str> = kept.lines().skip(2).collect();
    let pairs: Vec<&[&str]> = lines.chunks_exact(2).collect();
    let step = pairs.len().div_ceil(ASKED);
    assert!(step > 1, "some are not asked for");
    let read = |line: &str| serde_json::from_str(line).unwrap();
    let unasked = pairs.iter().enumerate().filter(|(at, _)| at % step != 0).map(|(_, pair)| pair);
    unasked.copied().find(|pair| is_it(&read(pair[0]), &read(pair[1]))).unwrap()[0].to_owned()
}

#[test]
fn kept_answers_of_another_program_convict_nobody() {
    if !has_python() {
        return;
    }
    let scope = ["--ballots", "1", "--resume", "answers"];
    let search = [&SEARCH[..5], &scope].concat();
    let house = House::new();
    std::fs::write(house.path().join("novice.py"), SOLUTION).unwrap();
    house.run(&search).exits(0);
    let kept = std::fs::read_to_string(house.path().join("answers")).unwrap();

    // The program now does nothing at a question that is not among those asked for again.
    let asked = unasked(&kept, |_, answer| !answer["send"].as_array().unwrap().is_empty());
    let idle = "for line in sys.stdin:\n    if line.strip() == open(\"asked\").read():\n        slip = json.dumps(json.loads(line)[\"slip\"])\n        print('{\"ink\":[],\"slip\":' + slip + ',\"send\":[]}', flush=True)\n        continue\n";
    std::fs::write(house.path().join("asked"), &asked).unwrap();
    let changed = SOLUTION.replace("for line in sys.stdin:\n", idle);
    assert_ne!(changed, SOLUTION);
    std::fs::write(house.path().join("novice.py"), changed).unwrap();
    let again = house.run(&search).exits(0);
    assert!(again.err.contains("a kept answer is another one now"), "{}", again.err);
    assert!(again.out.contains("No fault was found."), "{}", again.out);

    // An earlier program began a ballot when nobody had replied, and this one does not.
    let begins = |question: &serde_json::Value, answer: &serde_json::Value| {
        let slip = &question["slip"];
        question["event"]["event"] == "begin"
            && slip["votes"].as_object().is_some_and(serde_json::Map::is_empty)
            && answer["ink"].as_array().unwrap().is_empty()
    };
    let asked = unasked(&kept, begins);
    let question: serde_json::Value = serde_json::from_str(&asked).unwrap();
    let ballot = &question["ledger"][0]["ballot"];
    let sinful = format!(
        "{{\"ink\":[{{\"entry\":\"beginBallot\",\"ballot\":{ballot},\"decree\":{},\"quorum\":[]}}],\"slip\":null,\"send\":[]}}",
        question["event"]["decree"]
    );
    let before = kept.lines().skip_while(|line| *line != asked).nth(1).unwrap();
    let kept = kept.replace(&format!("{asked}\n{before}\n"), &format!("{asked}\n{sinful}\n"));
    std::fs::write(house.path().join("answers"), kept).unwrap();
    std::fs::write(house.path().join("novice.py"), SOLUTION).unwrap();
    let again = house.run(&search).exits(0);
    assert!(again.err.contains("a kept answer is another one now"), "{}", again.err);
    assert!(again.out.contains("No fault was found."), "{}", again.out);
}
