//! The trace of a live sitting tells, in one causal order, all that its records bear out.

#![cfg(feature = "cli")]

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use crate::common::{Ended, House, wait_until};
use parliament::chamber::{Chamber, read_ledger};
use parliament::picture::ballots::Ballots;
use parliament::synod::{Entry, Message, Name};
use parliament::trace::{Happening, TraceReader, TraceRow};
use parliament::words::message::Kind;

const PAINTING: &str = "Painting on temple walls is forbidden";

fn events(house: &House, trace: &str) -> Vec<TraceRow> {
    TraceReader::open(&house.path().join(trace)).unwrap().read_all().unwrap()
}

/// Whatever must be true of the trace of a sitting after which its chamber was left as it is.
fn check(house: &House, trace: &str) -> Vec<TraceRow> {
    let events = events(house, trace);
    no_letter_is_read_before_it_is_sent(&events);
    no_letter_leaves_before_the_ink_on_which_it_rests(&events);
    ink_is_as_in_the_ledgers(house, &events);
    b_is_as_the_auditor_has_it(house, &events);
    let told = house.run(&["chronicle", "--trace", trace, "--text"]).exits(0).out;
    assert!(!told.contains("!!"), "the chronicle speaks against an honest deed:\n{told}");
    events
}

fn no_letter_is_read_before_it_is_sent(events: &[TraceRow]) {
    let mut under_way: HashMap<(Name, Name, &Message), i64> = HashMap::new();
    for TraceRow { seq, happening, .. } in events {
        let Some(letter) = happening.letter() else { continue };
        let count = under_way.entry(letter).or_default();
        *count += match happening {
            Happening::Send { .. } | Happening::Repeat { .. } => 1,
            _ => -1,
        };
        assert!(*count >= 0, "row {seq}: {letter:?} arrives and was not sent");
    }
}

fn no_letter_leaves_before_the_ink_on_which_it_rests(events: &[TraceRow]) {
    let (mut tried, mut promised) = (BTreeMap::new(), BTreeMap::new());
    let (mut voted, mut inside) = (BTreeSet::new(), BTreeSet::new());
    for TraceRow { seq, happening, .. } in events {
        match happening {
            Happening::Enter(name) => assert!(inside.insert(*name), "row {seq}"),
            Happening::Leave(name) => assert!(inside.remove(name), "row {seq}"),
            Happening::Ink { priest, entry: Entry::LastTried { ballot } } => {
                tried.insert(*priest, *ballot);
            }
            Happening::Ink { priest, entry: Entry::NextBal { ballot } } => {
                promised.insert(*priest, *ballot);
            }
            Happening::Ink { priest, entry: Entry::PrevVote { number, ballot, .. } } => {
                voted.insert((*priest, *number, *ballot));
            }
            Happening::Send { from, message, .. } if inside.contains(from) => {
                let is_inked = match message {
                    Message::NextBallot { ballot, .. } => tried.get(from) >= Some(ballot),
                    Message::LastVote { ballot, .. } => promised.get(from) >= Some(ballot),
                    Message::Refused { next_bal, .. } => promised.get(from) >= Some(next_bal),
                    Message::Voted { ballot, number } => voted.contains(&(*from, *number, *ballot)),
                    _ => true,
                };
                assert!(is_inked, "row {seq}: {from} sends {message:?} before its ink");
            }
            _ => {}
        }
    }
}

fn ink_is_as_in_the_ledgers(house: &House, events: &[TraceRow]) {
    let chamber = Chamber::at(house.path());
    for name in chamber.names().unwrap() {
        let rows = read_ledger(&chamber.ledger(name)).unwrap();
        let inked: Vec<Entry> = rows.skip(1).map(|row| row.unwrap().unwrap().entry).collect();
        let told = events.iter().filter_map(|event| match &event.happening {
            Happening::Ink { priest, entry } if *priest == name => Some(entry.clone()),
            _ => None,
        });
        assert_eq!(told.collect::<Vec<_>>(), inked, "{name}'s ledger");
    }
}

fn b_is_as_the_auditor_has_it(house: &House, events: &[TraceRow]) {
    let mut b = Ballots::default();
    for event in events {
        b.take_down(&event.happening);
    }
    let told = b.all().flat_map(|(number, ballots)| {
        ballots.iter().map(move |ballot| {
            let decree = ballot.decree.text().to_owned();
            (number, ballot.number, decree, Some(ballot.quorum.clone()), ballot.voters.clone())
        })
    });
    let told = told.collect::<BTreeSet<_>>();
    let judgment = Chamber::at(house.path()).audit().unwrap();
    let judged = judgment.numbers().flat_map(|number| {
        let ballots = judgment.ballots(number).into_iter();
        ballots.map(move |it| (number, it.number, it.decree, it.quorum, it.voters))
    });
    assert_eq!(told, judged.collect::<BTreeSet<_>>());
    assert!(!told.is_empty() && judgment.is_consistent());
}

fn count(events: &[TraceRow], is: impl Fn(&Happening) -> bool) -> usize {
    events.iter().filter(|event| is(&event.happening)).count()
}

/// Letters sent to others, lost, repeated: as the command says.
fn cost(events: &[TraceRow]) -> String {
    let to_others = |it: &Happening| matches!(it, Happening::Send { from, to, .. } if from != to);
    let lost = count(events, |it| matches!(it, Happening::Lose { from, to, .. } if from != to));
    let repeated = count(events, |it| matches!(it, Happening::Repeat { .. }));
    format!("{} letters sent, {lost} lost, {repeated} repeated", count(events, to_others))
}

#[test]
fn a_synod_is_told_row_by_row() {
    let house = House::new();
    let run = house.run(&["synod", PAINTING, "--trace", "run.csv"]).exits(0);
    let events = check(&house, "run.csv");
    run.says(&cost(&events));
    for name in ["Dwork", "Fischer", "Gray", "Lynch", "Oki"] {
        let name: Name = name.parse().unwrap();
        assert_eq!(count(&events, |it| *it == Happening::Enter(name)), 1, "{name}");
        assert_eq!(count(&events, |it| *it == Happening::Leave(name)), 1, "{name}");
    }
    let own = |kind| {
        let to_himself = move |it: &Happening| match it {
            Happening::Receive { from, to, message } => from == to && message.kind() == kind,
            _ => false,
        };
        count(&events, to_himself)
    };
    let own_votes = count(
        &events,
        |it| matches!(it, Happening::Ink { priest, entry: Entry::PrevVote { ballot, .. } } if ballot.owner == *priest),
    );
    assert!(own(Kind::NextBallot) > 0, "he asks himself for his promise");
    assert_eq!(own(Kind::BeginBallot), own_votes, "he asks himself for his vote");
}

#[test]
fn a_synod_with_lost_and_late_letters_is_traced_row_by_row() {
    let roads = ["--lose", "0.2", "--repeat", "0.2", "--delay", "0..6", "--minute", "5ms"];
    let (mut lost, mut repeated) = (0, 0);
    for seed in ["1", "2", "3"] {
        let house = House::new();
        let synod = ["synod", PAINTING, "--trace", "run.csv", "--within", "20000", "--seed", seed];
        house.run(&[&synod[..], &roads[..]].concat()).exits(0);
        let events = check(&house, "run.csv");
        lost += count(&events, |it| matches!(it, Happening::Lose { .. }));
        repeated += count(&events, |it| matches!(it, Happening::Repeat { .. }));
    }
    assert!(lost > 0 && repeated > 0, "{lost} lost, {repeated} repeated");
}

#[test]
fn five_decrees_and_their_petitions_are_told_row_by_row() {
    let house = House::new();
    let decrees = ["A", "B", "C", "D", "E"];
    house.run(&[&["pass", "--trace", "run.csv"], &decrees[..]].concat()).exits(0);
    let events = check(&house, "run.csv");
    let petitions = count(
        &events,
        |it| matches!(it, Happening::Send { from, message: Message::Petition { .. }, .. } if from.as_str() == "Citizen"),
    );
    assert_eq!(petitions, 5);
    let outcome = |it: &Happening| matches!(it, Happening::Ink { entry: Entry::Outcome { decree, .. }, .. } if decree.petition().is_some());
    assert_eq!(count(&events, outcome), 25, "five decrees in five ledgers");
}

#[test]
fn leavings_and_missed_letters_stand_in_the_trace() {
    let house = House::new();
    let away = ["--leave", "Gray@10..60", "--leave", "Oki@2..40", "--absent", "Dwork,Fischer"];
    let synod = ["synod", PAINTING, "--trace", "run.csv", "--delay", "2..3", "--minute", "5ms"];
    house.run(&[&synod[..], &away[..]].concat()).exits(0);
    let events = check(&house, "run.csv");
    let gray: Name = "Gray".parse().unwrap();
    assert_eq!(count(&events, |it| *it == Happening::Enter(gray)), 2);
    let missed = count(&events, |it| matches!(it, Happening::Lose { to, .. } if *to == gray));
    assert!(missed > 0, "letters came to Gray while he was not there");
}

#[test]
fn a_trace_of_an_old_chamber_begins_with_its_ledgers() {
    let house = House::new();
    house.run(&["synod", PAINTING]).exits(0);
    let synod = ["synod", "Lamps", "--absent", "Oki", "--minute", "5ms", "--trace", "run.csv"];
    house.run(&synod).exits(0).says("chosen before");
    let events = check(&house, "run.csv");
    let oki = "Oki".parse().unwrap();
    assert_eq!(count(&events, |it| *it == Happening::Enter(oki)), 0);
    house.run(&["pass", "Goats", "--trace", "again.csv"]).exits(0);
    check(&house, "again.csv");
}

#[test]
fn letters_of_other_processes_are_traced_as_sent_when_read() {
    let house = House::new();
    let sit = ["sit", "--priests", "A,B,C", "--absent", "A", "--trace", "run.csv"];
    let mut sitting = house.start(&sit);
    wait_until("C enters", || {
        house.ledger("C").exists() && !house.entries("C", "entered", "at").is_empty()
    });
    let mut alone = house.start(&["priest", "A"]);
    wait_until("A enters", || !house.entries("A", "entered", "at").is_empty());
    house.run(&["petition", "Goats", "--to", "B", "--within", "20s"]).exits(0);
    let passed = |name| house.entries(name, "outcome", "decree").iter().any(|it| it == "Goats");
    wait_until("all know", || ["A", "B", "C"].into_iter().all(passed));
    house
        .run(&["pass", "Lamps", "--trace", "other.csv"])
        .exits(2)
        .says("another process runs this chamber");
    for child in [&mut sitting, &mut alone] {
        interrupt(child.id());
    }
    Ended::of(alone.wait_with_output().unwrap()).exits(0);
    Ended::of(sitting.wait_with_output().unwrap()).exits(0);
    let events = events(&house, "run.csv");
    no_letter_is_read_before_it_is_sent(&events);
    no_letter_leaves_before_the_ink_on_which_it_rests(&events);
    let from = |who: &'static str| move |it: &Happening| matches!(it, Happening::Receive { from, .. } if from.as_str() == who);
    assert!(count(&events, from("A")) > 0 && count(&events, from("Citizen")) > 0);
    let told = house.run(&["chronicle", "--trace", "run.csv", "--text"]).exits(0).out;
    assert!(!told.contains("!!"), "{told}");
    assert!(!house.path().join("other.csv").exists());
}

/// Ctrl-C.
fn interrupt(process: u32) {
    let killed = std::process::Command::new("kill").args(["-INT", &process.to_string()]).status();
    assert!(killed.unwrap().success());
}

#[test]
fn a_trace_that_cannot_be_written_keeps_everyone_from_acting() {
    let house = House::new();
    house.run(&["synod", PAINTING, "--trace", "nowhere/run.csv"]).exits(2).says("nowhere/run.csv");
    assert!(!house.ledger("Oki").exists(), "it is refused before anything is founded");
    assert!(!Path::new("nowhere").exists());
}
