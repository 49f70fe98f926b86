//! A run that breaks a rule, laid down as a chamber or told as a trace: a reader of the records
//! finds what the search found.

#![cfg(feature = "cli")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use crate::common::House;
use parliament::audit::{JudgedBallot, Judgment, Rule as AuditRule, Severity};
use parliament::chamber::Chamber;
use parliament::chance::Chance;
use parliament::explore::{Gauge, Story};
use parliament::heresies::{self, Heresy, find, of_synod};
use parliament::invariants::Invariant;
use parliament::kept::{KeepError, Run};
use parliament::picture::{laid, record, text};
use parliament::scene::{Bounds, Found, Happened, Level, Move, Offer, Setting, Tree};
use parliament::trace::{Happening, TraceReader};
use parliament::words::{Ballot, BallotNumber, Decree, Entry, Name};

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
        Run::from(&story).keep(&Chamber::at(house.path()), MINUTE).unwrap();
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
        ("own-decree", 13, "but B3 demands “α”, since Fischer voted for it in 1.Dwork"),
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
        Run::from(&story).write_trace(&mut trace).unwrap();
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
    assert!(matches!(Run::from(&story).keep(&chamber, MINUTE), Err(KeepError::Taken(_))));
}

// ------------------------------------------------------------------ scenes that a person played

/// A scene in which the moves are drawn from a seed; now and then one or all hold a heresy.
fn played(seed: u64) -> Tree {
    let mut chance = Chance::new(seed, 0);
    let level = [Level::Basic, Level::Basic, Level::Synod, Level::Parliament];
    let level = level[chance.below(4) as usize];
    let founding = ["Dwork Gray Oki", "Gray:2 Lynch Oki", "Gray Oki"][chance.below(3) as usize];
    let mut setting = Setting::of(founding.parse().unwrap(), level);
    let fits = |heresy: &&Heresy| Setting::why_not(level, heresy).is_none();
    let fitting: Vec<&'static Heresy> = heresies::ALL.iter().filter(fits).collect();
    let names: Vec<Name> = setting.founding.membership.names().collect();
    if chance.below(2) == 0 && !fitting.is_empty() {
        let heresy = fitting[chance.below(fitting.len() as u64) as usize];
        let many = if chance.below(2) == 0 { names.len() } else { 1 };
        setting.heretics = names.iter().take(many).map(|&name| (name, heresy)).collect();
    }
    if chance.below(4) == 0 {
        let ballot = BallotNumber::next(names[0], None).unwrap();
        setting.rows.push((names[0], Entry::NextBal { ballot }));
        let decree = Decree::new("α").unwrap();
        setting.rows.push((names[0], Entry::PrevVote { number: 1, ballot, decree }));
    }
    let mut tree = Tree::begin(&setting);
    for _ in 0..60 {
        let offers = tree.here().scene.offers();
        // One that breaks a rule is made at once, and begins are rare enough to be made.
        let is_telling = |offer: &&Offer| {
            !offer.breaks.is_empty()
                || (offer.is_enabled() && matches!(offer.by, Move::Begin { .. }))
        };
        let is_wanted = |by: &Move, chance: &mut Chance| match by {
            Move::Crash { .. } | Move::Lose(_) | Move::Repeat(_) => chance.below(20) == 0,
            Move::Petition { .. } | Move::Try(_) => chance.below(8) == 0,
            _ => true,
        };
        let mut wanted: Vec<&Offer> = offers.iter().filter(is_telling).collect();
        if wanted.is_empty() {
            wanted = offers.iter().filter(|it| is_wanted(&it.by, &mut chance)).collect();
        }
        if !wanted.is_empty() {
            tree.play(&wanted[chance.below(wanted.len() as u64) as usize].by).unwrap();
        }
    }
    tree
}

/// A ballot in a line: number, decree, quorum, voters.
fn in_a_line(number: impl ToString, decree: &str, names: [&BTreeSet<Name>; 2]) -> String {
    format!("{} {decree} {names:?}", number.to_string())
}

/// B of each decree number, as the gods of the scene see it.
fn seen(tree: &Tree) -> BTreeMap<u64, BTreeSet<String>> {
    let of = |ballots: &Vec<Ballot>| {
        let line = |it: &Ballot| in_a_line(it.number, it.decree.text(), [&it.quorum, &it.voters]);
        ballots.iter().map(line).collect()
    };
    let all = tree.here().scene.ballots().iter().filter(|(_, ballots)| !ballots.is_empty());
    all.map(|(number, ballots)| (*number, of(ballots))).collect()
}

/// B of each decree number, as the auditor finds it; without those whose quorum nobody knows.
fn found(judgment: &Judgment) -> BTreeMap<u64, BTreeSet<String>> {
    let line = |it: JudgedBallot| {
        Some(in_a_line(it.number, &it.decree, [it.quorum.as_ref()?, &it.voters]))
    };
    let of = |number| judgment.ballots(number).into_iter().filter_map(line).collect();
    let all = judgment.numbers().map(|number| (number, of(number)));
    all.filter(|(_, ballots): &(u64, BTreeSet<String>)| !ballots.is_empty()).collect()
}

fn broken(judgment: &Judgment) -> BTreeSet<AuditRule> {
    let counts = judgment.counts().keys();
    counts.filter(|(_, severity)| *severity == Severity::Broken).map(|(rule, _)| *rule).collect()
}

/// The auditor knows nothing of scenes. He finds B as the scene shows it, and the same rules broken,
/// in the trace and in the chamber that were saved of it. Returns how many rules, and ballots.
fn judged_alike(tree: &Tree) -> (usize, usize) {
    let (script, run) = (tree.in_words(), Run::from(tree));
    let trace = run.trace().unwrap();
    let records = record::from_trace(&trace[..], Path::new("trace")).unwrap();
    let of_trace = laid::judge(&records);
    let house = House::new();
    let chamber = Chamber::at(house.path());
    run.keep(&chamber, MINUTE).unwrap();
    let of_chamber = chamber.audit().unwrap();
    assert_eq!(broken(&of_trace), broken(&of_chamber), "{script}");
    if !a_begun_ballot_was_lost(tree) {
        assert_eq!(found(&of_trace), found(&of_chamber), "{script}");
    }
    assert_eq!(seen(tree), found(&of_trace), "{script}");
    let mut broke = 0;
    for (rule, judged) in [
        (Invariant::Consistency, AuditRule::Consistency),
        (Invariant::B1, AuditRule::B1),
        (Invariant::B2, AuditRule::B2),
        (Invariant::B3, AuditRule::B3),
    ] {
        let is_broken = tree.here().broken.iter().any(|it| it.rule == rule);
        assert_eq!(is_broken, broken(&of_trace).contains(&judged), "{rule}: {script}");
        broke += usize::from(is_broken);
    }
    let ballots: usize = seen(tree).values().map(BTreeSet::len).sum();
    let drawn = text::draw(&run.chronicle("scene").unwrap());
    assert!(drawn.contains("gods:") || ballots == 0, "{script}");
    (broke, ballots)
}

#[test]
fn a_played_scene_is_judged_alike_in_trace_and_chamber() {
    let begun: usize = (0..60).map(|seed| judged_alike(&played(seed)).1).sum();
    assert!(begun > 30, "{begun}");
}

#[test]
fn a_shortest_run_is_judged_alike_in_trace_and_chamber() {
    let mut broke = 0;
    for (heresy, _) in of_synod().filter(|(it, _)| !it.is_control && it.is_quick()) {
        let scope = heresy.expected().unwrap().scope;
        let mut setting = Setting::of(scope.founding(), Level::Basic);
        let names: Vec<Name> = setting.founding.membership.names().collect();
        setting.heretics = names.into_iter().map(|name| (name, heresy)).collect();
        let mut tree = Tree::begin(&setting);
        let bounds = Bounds { ballots: scope.ballots, restarts: scope.restarts };
        match tree.here().scene.shortest(bounds, &Gauge::default()).unwrap() {
            Found::Run(moves, _) => moves.iter().for_each(|by| tree.play(by).unwrap()),
            other => panic!("{}: {other:?}", heresy.name),
        }
        broke += judged_alike(&tree).0;
    }
    assert!(broke > 1, "{broke}");
}

/// Whether a row that begins a ballot was lost with the power: then no ledger says its quorum.
fn a_begun_ballot_was_lost(tree: &Tree) -> bool {
    let path = tree.path();
    let events = path.iter().flat_map(|&at| &tree.moments()[at].told.events);
    let mut wet = events.filter_map(|event| match event {
        Happened::Wet { row, .. } => Some(row),
        _ => None,
    });
    wet.any(|row| matches!(**row, Entry::BeginBallot { .. }))
}
