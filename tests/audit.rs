//! The gods' eye: what is good is judged good, and what is forged is found.

#![cfg(feature = "cli")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use parliament::audit::{Finding, Judgment, Rule, Severity};
use parliament::chamber::Chamber;

/// The Paxon manuscript, typed as five ledgers. `[PTP Figure 1]`
const FIGURE_1: &[(&str, &str)] = &[
    (
        "A",
        "outcome,0,,A B Γ Δ E
lastTried,,2.A
beginBallot,1,2.A,α,A B Γ Δ
nextBal,,27.Γ
prevVote,1,27.Γ,β
",
    ),
    (
        "B",
        "outcome,0,,A B Γ Δ E
lastTried,,5.B
beginBallot,1,5.B,β,A B Γ E
nextBal,,14.B
lastTried,,14.B
beginBallot,1,14.B,α,B Δ E
prevVote,1,14.B,α
nextBal,,29.Δ
",
    ),
    (
        "Γ",
        "outcome,0,,A B Γ Δ E
nextBal,,5.B
prevVote,1,5.B,β
lastTried,,27.Γ
beginBallot,1,27.Γ,β,A Γ Δ
nextBal,,27.Γ
prevVote,1,27.Γ,β
outcome,1,27.Γ,β
",
    ),
    (
        "Δ",
        "outcome,0,,A B Γ Δ E
nextBal,,2.A
prevVote,1,2.A,α
nextBal,,27.Γ
prevVote,1,27.Γ,β
lastTried,,29.Δ
nextBal,,29.Δ
beginBallot,1,29.Δ,β,B Γ Δ
",
    ),
    (
        "E",
        "outcome,0,,A B Γ Δ E
nextBal,,14.B
prevVote,1,14.B,α
",
    ),
];

/// Types ledgers as a person would, with an editor.
fn typed(root: &Path, ledgers: &[(&str, String)]) -> Chamber {
    fs::create_dir_all(root.join("ledgers")).unwrap();
    for (name, rows) in ledgers {
        let text = format!("entry,number,ballot,decree,quorum,petition,at,dry,seal\n{rows}");
        fs::write(root.join(format!("ledgers/{name}.csv")), text).unwrap();
    }
    Chamber::at(root)
}

/// Figure 1, with these words replaced by those.
fn figure_1(replaced: &[(&str, &str)]) -> Judgment {
    let root = tempfile::tempdir().unwrap();
    let spoil = |rows: &str| {
        replaced.iter().fold(rows.to_owned(), |rows, (these, those)| rows.replace(these, those))
    };
    let ledgers: Vec<(&str, String)> =
        FIGURE_1.iter().map(|(name, rows)| (*name, spoil(rows))).collect();
    typed(root.path(), &ledgers).audit().unwrap()
}

/// The rules broken, in the order of the findings, each with the first sentence's file and line.
fn broken(judgment: &Judgment) -> Vec<(Rule, String)> {
    let broken = judgment.findings().iter().filter(|it| it.severity == Severity::Broken);
    let told = broken.map(|finding| (finding.rule, finding.why.clone()));
    told.collect()
}

#[test]
fn figure_1_typed_as_five_ledgers_is_judged_good() {
    let judgment = figure_1(&[]);
    assert_eq!(broken(&judgment), []);
    let ballots = judgment.ballots(1);
    let told: Vec<String> = ballots
        .iter()
        .map(|ballot| {
            let names = |set: &std::collections::BTreeSet<parliament::synod::Name>| {
                set.iter().map(|name| name.as_str()).collect::<String>()
            };
            let quorum = ballot.quorum.as_ref().map(names).unwrap();
            let (voters, decree) = (names(&ballot.voters), &ballot.decree);
            format!("{} {decree} {quorum} {voters} {}", ballot.number.round, ballot.successful)
        })
        .collect();
    assert_eq!(
        told,
        [
            "2 α ABΓΔ Δ false",
            "5 β ABEΓ Γ false",
            "14 α BEΔ BE false",
            "27 β AΓΔ AΓΔ true",
            "29 β BΓΔ  false",
        ]
    );
    assert!(ballots.iter().all(|b| b.b1 && b.b2 == Some(true) && b.b3 == Some(true)));
}

#[test]
fn a_decree_spoiled_in_figure_1_is_found_as_b3_in_that_ballot() {
    for (ballot, from, to) in [("14.B", "α", "β"), ("27.Γ", "β", "α"), ("29.Δ", "β", "α")] {
        let (these, those) = (format!("{ballot},{from}"), format!("{ballot},{to}"));
        let judgment = figure_1(&[(&these, &those)]);
        let found = broken(&judgment);
        let b3: Vec<&String> =
            found.iter().filter(|(rule, _)| *rule == Rule::B3).map(|(_, why)| why).collect();
        assert!(b3.iter().any(|why| why.starts_with(ballot)), "{ballot}: {found:?}");
        let judged = judgment.ballots(1);
        let spoiled = judged.iter().find(|b| b.number.to_string() == ballot).unwrap();
        assert_eq!(spoiled.b3, Some(false));
    }
}

/// The lines of `expected`: severity, rule, and where the offending row stands.
fn listed(judgment: &Judgment, root: &Path) -> BTreeSet<String> {
    let tell = |finding: &Finding| {
        let place = &finding.exhibits[0].place;
        let file = place.file.strip_prefix(root).unwrap().display();
        let rule = serde_json::to_value(finding.rule).unwrap();
        format!("{} {} {file}:{}", finding.severity, rule.as_str().unwrap(), place.line)
    };
    judgment.findings().iter().map(tell).collect()
}

#[test]
fn each_forgery_is_found_as_exactly_the_rule_it_breaks() {
    let forgeries = Path::new("tests/forgeries");
    let (mut seen, mut wrong) = (BTreeSet::new(), Vec::new());
    for folder in fs::read_dir(forgeries).unwrap() {
        let root = folder.unwrap().path();
        let expected = fs::read_to_string(root.join("expected")).unwrap();
        let expected: BTreeSet<String> =
            expected.lines().filter(|l| !l.is_empty()).map(String::from).collect();
        let judgment = Chamber::at(&root).audit().unwrap();
        let found = listed(&judgment, &root);
        if found != expected {
            wrong.push(format!("{}: found {found:?}, not {expected:?}", root.display()));
        }
        let is_broken = expected.iter().any(|line| line.starts_with("broken"));
        assert_eq!(judgment.is_consistent(), !is_broken, "{}", root.display());
        seen.extend(judgment.findings().iter().map(|finding| finding.rule));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let missing: Vec<&Rule> = Rule::ALL.iter().filter(|rule| !seen.contains(rule)).collect();
    assert!(missing.is_empty(), "no forgery breaks {missing:?}");
}

#[test]
fn two_foundings_in_equally_many_ledgers_are_both_accepted() {
    let ours = "outcome,0,,A B\nlastTried,,1.A\n".to_owned();
    let theirs = "outcome,0,,A B alpha=9\nnextBal,,1.A\n".to_owned();
    let root = tempfile::tempdir().unwrap();
    let judgment = typed(root.path(), &[("A", ours), ("B", theirs)]).audit().unwrap();
    let found = broken(&judgment);
    assert!(matches!(&found[..], [(Rule::Consistency, why)] if why.contains("there")), "{found:?}");
}

/// Decrees that change several matters, that somebody takes office, and that have no force.
const OF_SPECIALISTS: [&str; 5] = [
    "8:30 15 Jan 72: Dikstra is specialist on olive for 3 months",
    "8:45 15 Jan 72: Dikstra takes office as specialist on olive",
    "The olive tax is 3; the olive press is stone",
    "The olive tax is 4; the goat tax is 5",
    "The wine tax is 1; the toll is 2",
];

/// The law book that A wrote of them.
const BOOK_OF_SPECIALISTS: &str = "outcome,0,,A
lawBook,5
law,3,,The olive press is stone
law,3,,The olive tax is 3
law,5,,The toll is 2
law,5,,The wine tax is 1
office,1,,8:30 15 Jan 72: Dikstra is specialist on olive until 8:30 15 Apr 72
office,2,,8:45 15 Jan 72: Dikstra takes office as specialist on olive
time,2,,8:45 15 Jan 72
lastTried,,1.A
nextBal,,1.A
bound,5
";

/// A's ledger, which is that law book with these words replaced by those, and the archive.
fn bound_by_specialists(these: &str, those: &str) -> Judgment {
    let root = tempfile::tempdir().unwrap();
    let mut before = "outcome,0,,A\nlastTried,,1.A\nnextBal,,1.A\n".to_owned();
    for (number, decree) in (1..).zip(OF_SPECIALISTS) {
        for row in ["beginBallot", "prevVote", "outcome"] {
            let quorum = if row == "beginBallot" { ",A" } else { "" };
            before += &format!("{row},{number},1.A,{decree}{quorum}\n");
        }
    }
    assert!(BOOK_OF_SPECIALISTS.contains(these), "{these}");
    let book = BOOK_OF_SPECIALISTS.replacen(these, those, 1);
    fs::create_dir_all(root.path().join("ledgers/archive")).unwrap();
    typed(root.path(), &[("archive/A.5", before), ("A", book)]).audit().unwrap()
}

#[test]
fn section_3_3_4_an_honest_book_over_specialists_is_accepted() {
    let judgment = bound_by_specialists("lawBook,5", "lawBook,5");
    assert_eq!(broken(&judgment), []);
    // Not for want of decrees to hold it against.
    assert!(judgment.findings().iter().all(|finding| finding.rule != Rule::LawBook));
}

#[test]
fn section_3_3_4_a_spoilt_law_book_over_specialists_is_found() {
    let took_office = "office,2,,8:45 15 Jan 72: Dikstra takes office as specialist on olive\n";
    for (these, those) in [
        ("is stone", "is wood"),
        ("law,5,,The toll is 2\n", ""),
        // All or a part of the rows that had no force.
        ("law,3,,The olive tax is 3", "law,4,,The olive tax is 4"),
        ("law,5,,The toll", "law,4,,The goat tax is 5\nlaw,5,,The toll"),
        (took_office, ""),
        (took_office, &took_office.replace("office,2", "office,1")),
        (took_office, &took_office.replace("Dikstra", "Gouda")),
        (took_office, &took_office.replace("8:45", "8:40")),
        // A row says one thing.
        ("law,5,,The toll is 2\nlaw,5,,The wine", "law,5,,The toll is 2; the wine"),
    ] {
        let found = broken(&bound_by_specialists(these, those));
        assert!(matches!(found[..], [(Rule::LawBook, _)]), "{these} → {those}: {found:?}");
    }
}

/// The judge must not inherit a priest's mistakes.
#[test]
fn the_auditor_uses_no_rule_of_the_priests_and_no_file() {
    let rules = [
        "conditions::b",
        "synod::conditions",
        "max_vote_below",
        "Priest",
        "Notes",
        "Poll",
        "Initiator",
        "Legislator",
        "parliament::",
        "is_majority(",
        "weight_of(",
        "could_pass",
        "rests_on",
        "synod::Ballot;",
        "std::fs",
        "File",
        "std::thread",
        "Utc::now",
        "std::time",
    ];
    let mut files = 0;
    for file in fs::read_dir("src/audit").unwrap() {
        let path = file.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        files += 1;
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        for line in code {
            for rule in rules {
                assert!(!line.contains(rule), "{}: {rule} in `{line}`", path.display());
            }
        }
    }
    assert!(files >= 10, "only {files} files were read");
}

/// Runs `parliament audit` in a chamber; its exit code and what it prints.
fn run(root: &Path, more: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parliament"));
    let output = command
        .arg("audit")
        .arg("--chamber")
        .arg(root)
        .env("COLUMNS", "200")
        .args(more)
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn the_command_draws_b_as_figure_1_and_exits_0_1_or_2() {
    let root = tempfile::tempdir().unwrap();
    let ledgers: Vec<(&str, String)> =
        FIGURE_1.iter().map(|(name, rows)| (*name, (*rows).to_owned())).collect();
    typed(root.path(), &ledgers);
    let (code, printed, _) = run(root.path(), &[]);
    let drawn = "\
Decree 1
ballot  decree  quorum and [voters]          B1 B2 B3
   2.A  α        A   B       Γ  [Δ]  open    ✓  ✓  ✓
   5.B  β        A   B   E  [Γ]      open    ✓  ✓  ✓
  14.B  α           [B] [E]      Δ   open    ✓  ✓  ✓
  27.Γ  β       [A]         [Γ] [Δ]  passed  ✓  ✓  ✓
  29.Δ  β            B       Γ   Δ   open    ✓  ✓  ✓
";
    assert!(printed.starts_with(drawn), "{printed}");
    assert_eq!(code, Some(0));

    let (code, printed, _) = run(Path::new("tests/forgeries/b3"), &[]);
    assert_eq!(code, Some(1), "{printed}");
    assert!(printed.contains("broken: B3  PTP §2.1\n  tests/forgeries/b3/ledgers/C.csv:5  beginBallot,1,2.C,Freedom of artistic expression is guaranteed,A C\n"), "{printed}");

    fs::write(root.path().join("ledgers/A.csv"), "entry,number\nnextBal,x\n").unwrap();
    let (code, printed, told) = run(root.path(), &[]);
    assert_eq!((code, printed.as_str()), (Some(2), ""), "{told}");
    assert!(told.contains("A.csv:2"), "{told}");
    let nowhere = root.path().join("nowhere");
    assert_eq!(run(&nowhere, &[]).0, Some(2));
}

#[test]
fn json_is_a_versioned_object_per_line_and_ends_with_verdict() {
    let (code, printed, _) = run(Path::new("tests/forgeries/b3"), &["--json"]);
    let lines: Vec<serde_json::Value> =
        printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(code, Some(1));
    assert_eq!((&lines[0]["what"], &lines[0]["version"]), (&"audit".into(), &2.into()));
    assert_eq!(lines[1]["ballots"][1]["b3"], false);
    assert_eq!(lines[2]["rule"], "b3");
    assert_eq!(lines.last().unwrap()["consistent"], false);
}

#[test]
fn only_the_latest_decrees_are_drawn_by_default() {
    let root = tempfile::tempdir().unwrap();
    let mut rows = String::from("outcome,0,,A\nlastTried,,1.A\nnextBal,,1.A\n");
    for n in 1..=30 {
        rows +=
            &format!("beginBallot,{n},1.A,d{n},A\nprevVote,{n},1.A,d{n}\noutcome,{n},1.A,d{n}\n");
    }
    typed(root.path(), &[("A", rows)]);
    let drawn = |more: &[&str]| {
        let (code, printed, _) = run(root.path(), more);
        assert_eq!(code, Some(0), "{printed}");
        let numbers = printed.lines().filter_map(|line| line.strip_prefix("Decree "));
        numbers.map(|number| number.parse().unwrap()).collect::<Vec<u64>>()
    };
    assert_eq!(drawn(&[]), (21..=30).collect::<Vec<u64>>());
    assert_eq!(drawn(&["--all"]), (1..=30).collect::<Vec<u64>>());
    assert_eq!(drawn(&["--decree", "7"]), [7]);
}

/// Two ballots of decree 1, and of the second no row tells who its quorum was.
const TWO_DECREES: [(&str, &str); 3] = [
    ("A", "nextBal,,1.B\nprevVote,1,1.B,x\nnextBal,,2.C\nprevVote,1,2.C,y\noutcome,1,2.C,y\n"),
    (
        "B",
        "lastTried,,1.B\nnextBal,,1.B\nbeginBallot,1,1.B,x,A B\nprevVote,1,1.B,x\nnextBal,,2.C\nprevVote,1,2.C,y\n",
    ),
    ("C", "lastTried,,2.C\nnextBal,,2.C\nprevVote,1,2.C,y\noutcome,1,2.C,y\n"),
];

/// Those ledgers, with these words replaced by those.
fn two_decrees(these: &str, those: &str) -> Judgment {
    let root = tempfile::tempdir().unwrap();
    let rows = |rows: &str| format!("outcome,0,,A B C\n{}", rows.replace(these, those));
    typed(root.path(), &TWO_DECREES.map(|(name, its)| (name, rows(its)))).audit().unwrap()
}

#[test]
fn theorem_1_a_later_ballot_with_a_lost_quorum_is_found() {
    let judgment = two_decrees("2.C,y", "2.C,y");
    let found = broken(&judgment);
    assert!(matches!(&found[..], [(Rule::B3, why)] if why.contains("whatever its quorum was")));
    let shown = judgment.findings().iter().find(|it| it.rule == Rule::B3).unwrap();
    let rows: Vec<&str> = shown.exhibits.iter().map(|it| it.row.as_str()).collect();
    assert_eq!(rows[..2], ["prevVote,1,2.C,y", "beginBallot,1,1.B,x,A B"]);
    assert_eq!(judgment.ballots(1)[1].b3, Some(false));
    assert_eq!(broken(&two_decrees("2.C,y", "2.C,x")), []);
}

#[test]
fn section_1_2_a_ledger_with_two_decrees_0_is_found() {
    let judgment = two_decrees("2.C,y", "2.C,x\noutcome,0,,A B");
    let found = broken(&judgment);
    assert!(found.iter().any(|(rule, why)| {
        *rule == Rule::Consistency && why == "A's ledger says “A B C” and “A B” of decree 0"
    }));
}

#[test]
fn a_row_that_says_more_was_dry_than_stood_above_it_is_found() {
    let dry = |bytes: &str| {
        let root = tempfile::tempdir().unwrap();
        let row = format!("outcome,0,,A,,,,{bytes},\n");
        typed(root.path(), &[("A", row)]).audit().unwrap()
    };
    assert_eq!(broken(&dry("55")), []);
    let found = broken(&dry("56"));
    assert!(matches!(found[..], [(Rule::IndelibleInk, _)]), "{found:?}");
}
