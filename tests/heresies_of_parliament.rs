//! Every heresy of the Parliament is found as soon as it can be, by a search and by the auditor of
//! what was kept, and no control is accused.

#![cfg(feature = "cli")]

use std::sync::Arc;
use std::time::Duration;

use crate::common::House;
use parliament::chamber::Chamber;
use parliament::creeds::Usual;
use parliament::explore::parliament::ParliamentSearch;
use parliament::explore::{Findings, Gauge, Scope};
use parliament::heresies::{Expected, Heresy, Trial, find, of_law, of_parliament};
use parliament::invariants::Invariant;
use parliament::kept::Run;
use parliament::law::{CLOCK_ERROR, Law, Moment, Phrase, StateMachine};
use parliament::simulator::{Heretics, Nemeses, Plan, Roads, simulate};
use parliament::synod::{Decree, Minutes};

fn run(trial: Option<Trial>) -> Findings {
    trial.unwrap().explore(&Gauge::default()).unwrap()
}

fn events(findings: &Findings) -> Option<usize> {
    findings.breach.as_ref().map(|story| story.chapters.len())
}

fn heretics() -> impl Iterator<Item = (&'static Heresy, &'static Expected)> {
    of_parliament().filter(|(heresy, _)| !heresy.is_control)
}

fn controls() -> impl Iterator<Item = (&'static Heresy, &'static Expected)> {
    of_parliament().filter(|(heresy, _)| heresy.is_control)
}

/// Three legislators, who begin decrees up to this number.
fn small(ballots: usize, decrees: usize, numbers: u64, restarts: u16) -> ParliamentSearch<'static> {
    let scope = Scope { priests: 3, ballots, decrees, restarts };
    let watch = Invariant::OF_PARLIAMENT.to_vec();
    ParliamentSearch { scope, numbers, first: None, custom: &Usual, watch }
}

fn honest(sitting: ParliamentSearch<'static>) -> Findings {
    run(Some(Trial::Parliament(sitting)))
}

/// The same search, among those who hold this heresy.
fn held(heresy: &Heresy, sitting: ParliamentSearch<'static>, watch: Vec<Invariant>) -> Findings {
    honest(ParliamentSearch { custom: heresy.custom().unwrap(), watch, ..sitting })
}

#[test]
fn the_parliament_keeps_all_rules_in_all_states_of_two_ballots() {
    let findings = honest(small(2, 1, 1, 0));
    assert_eq!(events(&findings), None);
    assert_eq!((findings.states, findings.transitions), (8_937, 19_434));
}

#[test]
fn the_parliament_keeps_every_rule_when_legislators_come_and_go() {
    let findings = honest(small(1, 2, 2, 1));
    assert_eq!(events(&findings), None);
    assert_eq!((findings.states, findings.transitions), (18_798, 65_019));
}

#[test]
fn every_heresy_breaks_a_rule_after_as_many_events_as_are_told() {
    for (heresy, expected) in heretics() {
        assert_eq!(events(&run(heresy.trial_by_all())), Some(expected.events), "{}", heresy.name);
    }
}

/// In the same scope a priest who keeps to the paper breaks nothing: it is the heresy that was
/// found, and no fault of the search.
#[test]
fn where_a_heresy_is_found_the_paper_keeps_every_rule() {
    for (heresy, expected) in heretics().filter(|(_, expected)| expected.scope.ballots == 1) {
        let Scope { ballots, decrees, restarts, .. } = expected.scope;
        let findings = honest(small(ballots, decrees, expected.numbers, restarts));
        assert_eq!(events(&findings), None, "{}", heresy.name);
    }
}

#[test]
fn in_one_ballot_or_restart_less_no_rule_is_broken() {
    for (heresy, expected) in heretics() {
        let Expected { scope, numbers, first, .. } = *expected;
        let (scope, numbers) = match scope {
            scope if scope.restarts > 0 => (Scope { restarts: 0, ..scope }, numbers),
            scope if scope.ballots > 1 => (Scope { ballots: scope.ballots - 1, ..scope }, numbers),
            scope => (scope, numbers - 1),
        };
        let less = ParliamentSearch { scope, numbers, first, ..small(1, 1, 1, 0) };
        let findings = held(heresy, less, Invariant::OF_PARLIAMENT.to_vec());
        assert_eq!(events(&findings), None, "{}", heresy.name);
    }
}

#[test]
fn who_compares_ledgers_alone_sees_it_later_or_never() {
    for (heresy, expected) in heretics().filter(|(heresy, _)| heresy.is_quickly_compared()) {
        let (findings, told) = (run(heresy.trial_by_ledgers()), expected.contradiction.unwrap().1);
        assert_eq!(events(&findings), Some(told), "{}", heresy.name);
        assert!(told > expected.events, "{}", heresy.name);
    }
    for (heresy, _) in heretics().filter(|(_, expected)| expected.contradiction.is_none()) {
        let findings = held(heresy, small(2, 1, 1, 0), vec![Invariant::Consistency]);
        assert_eq!(events(&findings), None, "{}", heresy.name);
    }
}

#[test]
fn what_looks_wrong_and_is_right_is_not_accused() {
    for (heresy, expected) in controls() {
        let Scope { ballots, restarts, .. } = expected.scope;
        let sitting = small(ballots, 1, 1, restarts);
        let findings = held(heresy, sitting, Invariant::OF_PARLIAMENT.to_vec());
        assert_eq!(events(&findings), None, "{}", heresy.name);
        assert!(findings.states > 8_000, "{}: {}", heresy.name, findings.states);
    }
}

#[test]
#[ignore = "a million states each; `parliament heresies --run-all` does the same"]
fn the_slow_ones_are_tried_too() {
    for (heresy, _) in controls() {
        assert_eq!(events(&run(heresy.trial_by_all())), None, "{}", heresy.name);
    }
    let trimmed = find("last-vote-trimmed").unwrap();
    let told = trimmed.expected().unwrap().contradiction.unwrap().1;
    assert_eq!(events(&run(trimmed.trial_by_ledgers())), Some(told));
    for (heresy, _) in heretics().filter(|(_, expected)| expected.contradiction.is_none()) {
        let findings = held(heresy, small(2, 2, 2, 0), vec![Invariant::Consistency]);
        assert_eq!(events(&findings), None, "{}", heresy.name);
    }
}

/// The auditor reads the kept ledgers and messagebooks, and shares no rule with anyone.
#[test]
fn the_auditor_finds_what_was_kept() {
    let mut seen = Vec::new();
    for (heresy, _) in heretics() {
        let story = run(heresy.trial_by_all()).breach.unwrap();
        let house = House::new();
        Run::from(&story).keep(&Chamber::at(house.path()), Duration::from_millis(20)).unwrap();
        let audit = house.run(&["audit"]);
        assert!(matches!(audit.code, Some(0 | 1)), "{}: {}", heresy.name, audit.err);
        if audit.code == Some(1) {
            seen.push(heresy.name);
        }
    }
    println!("{seen:?}");
    assert!(seen.len() >= 4, "{seen:?}");
}

/// The first seed of this many in which a rule is found broken.
fn chance_shows(heresy: &Heresy, seeds: std::ops::Range<u64>) -> Option<u64> {
    let cast = Heretics(heresy.custom().unwrap());
    let plan = |seed| Plan {
        seed,
        founding: Arc::new("Dwork Fischer Gray".parse().unwrap()),
        decrees: 10,
        law: None,
        roads: Roads::default(),
        absent: Default::default(),
        nemeses: Nemeses::ALL,
        cast: &cast,
        watch: Invariant::OF_SYNOD.to_vec(),
    };
    seeds.into_iter().find(|&seed| simulate(&plan(seed)).broken > 0)
}

#[test]
fn seeded_runs_find_what_chance_shows() {
    for (name, seeds) in [
        ("petition-passes-twice", 20),
        ("torn-tail-accepted", 20),
        ("failed-drying-ignored", 20),
        ("last-vote-trimmed", 1000),
    ] {
        let first = chance_shows(find(name).unwrap(), 0..seeds);
        println!("{name}: {first:?}");
        assert!(first.is_some(), "{name}");
    }
    for (control, _) in controls() {
        assert_eq!(chance_shows(control, 0..20), None, "{}", control.name);
    }
}

/// Whether at some moment, by some clocks that err by 15 minutes at most, two act in one office.
fn two_hold_it(waiting_out: Minutes) -> bool {
    let mut law = Law::founded(&"Dwork Fischer Gray".parse().unwrap());
    for (number, text) in [
        (1, "8:30 15 Jan 72: Dikstra is cheese inspector for 3 months"),
        (2, "9:00 15 Jan 72: Gouda is cheese inspector for 3 months"),
    ] {
        law.apply(number, &Decree::new(text).unwrap());
    }
    let office = Phrase::new("cheese inspector").unwrap();
    let first: Moment = "8:00 15 Apr 72".parse().unwrap();
    let acts = |name: &str, clock: u64| {
        let clock = first.plus(Minutes::whole(clock)).unwrap();
        law.offices.may_act(&office, name.parse().unwrap(), clock, waiting_out)
    };
    // A clock is at most 15 minutes from the hour, so two differ by 30 at most.
    (15..75_u64).any(|hour| {
        let mut clocks = hour - 15..=hour + 15;
        clocks.clone().any(|clock| acts("Dikstra", clock))
            && clocks.any(|clock| acts("Gouda", clock))
    })
}

#[test]
fn two_hold_one_office_only_if_the_clock_error_is_ignored() {
    assert!(!two_hold_it(CLOCK_ERROR));
    assert!(two_hold_it(Minutes::ZERO));
    assert!(two_hold_it(Minutes::whole(14)));
}

#[test]
fn seeds_find_every_heresy_of_the_law_and_accuse_no_honest_run() {
    for (heresy, stories) in of_law() {
        let found = stories.found();
        println!("{}: {found:?}", heresy.name);
        assert!(found.is_some(), "{}", heresy.name);
        assert_eq!(stories.accused(), None, "{}", heresy.name);
    }
}

#[test]
fn the_list_has_the_heresies_of_the_law_with_their_sections() {
    let list = House::new().run(&["heresies"]).exits(0);
    for (heresy, _) in of_law() {
        let line = list.out.lines().find(|line| line.contains(heresy.name)).unwrap();
        assert!(line.contains(heresy.section) && line.contains("by seeds"), "{line}");
    }
}

#[test]
fn a_heresy_of_the_parliament_is_told_with_its_section() {
    let house = House::new();
    let told = house.run(&["explore", "--heresy", "no-olive-day", "--trace", "run.csv"]).exits(1);
    let told = told.says("§3.2.1").says("order is broken").says("decree 2: 1.Dwork");
    told.says("3 legislators, 2 ballots, 2 petitions");
    house.run(&["chronicle", "--trace", "run.csv"]).exits(0).says("BeginBallot 1.Fischer");
    house.run(&["explore", "--parliament", "--heresy", "own-decree"]).exits(2).says("of the Synod");
    let paper = ["explore", "--parliament", "--ballots", "1", "--decrees", "1"];
    house.run(&paper).exits(0).says("In every state these hold").says("one law");
}
