//! Every heresy is found, as soon as it can be, and no control is accused.

use parliament::explore::{Findings, Gauge, Scope};
use parliament::heresies::{Expected, Heresy, Trial, find, of_synod};
use parliament::invariants::Invariant;

fn run(trial: Option<Trial>) -> Findings {
    trial.unwrap().explore(&Gauge::default()).unwrap()
}

fn events(findings: &Findings) -> Option<usize> {
    findings.breach.as_ref().map(|story| story.chapters.len())
}

fn heretics() -> impl Iterator<Item = (&'static Heresy, &'static Expected)> {
    of_synod().filter(|(heresy, _)| !heresy.is_control)
}

#[test]
fn every_heresy_breaks_a_rule_after_as_many_events_as_are_told() {
    for (heresy, expected) in heretics().filter(|(heresy, _)| heresy.is_quick()) {
        assert_eq!(events(&run(heresy.trial_by_all())), Some(expected.events), "{}", heresy.name);
    }
}

#[test]
fn in_one_ballot_less_no_rule_is_broken() {
    for (heresy, expected) in heretics().filter(|(_, expected)| expected.scope.ballots == 2) {
        let scope = Scope { ballots: 1, ..expected.scope };
        // With one number there are no two with the same integer.
        let findings = run(heresy.trial(scope, heresy.watched()));
        assert_eq!(events(&findings), None, "{}", heresy.name);
    }
}

#[test]
fn who_compares_ledgers_alone_sees_it_later_than_the_gods() {
    for (heresy, expected) in heretics() {
        let Some(trial) = heresy.trial_by_ledgers().filter(|trial| trial.scope().ballots <= 2)
        else {
            continue;
        };
        let (_, told) = expected.contradiction.unwrap();
        let findings = run(Some(trial));
        assert_eq!(events(&findings), Some(told), "{}", heresy.name);
        assert!(told > expected.events, "{}", heresy.name);
        let story = findings.breach.unwrap();
        assert!(story.breaches.iter().all(|breach| breach.rule == Invariant::Consistency));
        assert!(story.chapters.iter().any(|chapter| chapter.heresy.is_some()), "{story}");
    }
}

#[test]
fn what_looks_wrong_and_is_right_is_not_accused() {
    for (heresy, expected) in of_synod().filter(|(heresy, _)| heresy.is_control) {
        let scope = Scope { ballots: 2, ..expected.scope };
        let findings = run(heresy.trial(scope, heresy.watched()));
        assert_eq!(events(&findings), None, "{}", heresy.name);
        assert!(findings.states > 30_000, "{}", heresy.name);
    }
}

#[test]
fn two_ballots_are_too_few_for_the_lowest_vote() {
    let heresy = find("lowest-vote").unwrap();
    let expected = heresy.expected().unwrap();
    let trial = heresy.trial(Scope { ballots: 2, ..expected.scope }, heresy.watched());
    assert_eq!(events(&run(trial)), None);
}

#[test]
#[ignore = "minutes; `parliament heresies --run-all` does the same"]
fn the_slow_ones_are_found_too() {
    for (heresy, expected) in heretics() {
        assert_eq!(events(&run(heresy.trial_by_all())), Some(expected.events), "{}", heresy.name);
        if let (Some(trial), Some((_, told))) = (heresy.trial_by_ledgers(), expected.contradiction)
        {
            assert_eq!(events(&run(Some(trial))), Some(told), "{}", heresy.name);
        }
    }
}

/// A heretic wraps an honest priest at the seams. The core asks nobody whether he is one, and lets
/// in foreign deeds by one door alone.
#[test]
fn the_core_has_no_door_for_heretics() {
    fn sources(under: &std::path::Path) -> Vec<std::path::PathBuf> {
        let files = std::fs::read_dir(under).unwrap().map(|file| file.unwrap().path());
        files.flat_map(|it| if it.is_dir() { sources(&it) } else { vec![it] }).collect()
    }
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for file in
        ["words", "synod", "law", "parliament"].iter().flat_map(|it| sources(&root.join(it)))
    {
        let text = std::fs::read_to_string(&file).unwrap();
        for (at, line) in text.lines().enumerate() {
            let line = line.to_lowercase();
            let speaks = line.contains("heres") || line.contains("heretic");
            assert!(!speaks, "{}:{}: {line}", file.display(), at + 1);
        }
    }
}
