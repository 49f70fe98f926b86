//! The gods' eye: what is good is judged good, and what is forged is found.

use std::fs;
use std::path::Path;

use parliament::audit::{Judgment, Rule, Severity};
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
