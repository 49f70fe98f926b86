//! One judge of records: what is drawn as against the rules is what the auditor finds, and nothing
//! else; and the judge of worlds in memory agrees with him.
#![cfg(feature = "chronicle")]

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use crate::common::{Ended, House};
use parliament::audit::{Rule, Severity};
use parliament::chamber::{Chamber, Come};
use parliament::chance::Chance;
use parliament::explore::Gauge;
use parliament::heresies::{self, Heresy};
use parliament::invariants::Invariant;
use parliament::kept::Run;
use parliament::picture::derive::Retelling;
use parliament::picture::{Chronicle, laid, record, svg, text};
use parliament::records::{LedgerRow, MessageRow, Place, Seal};
use parliament::simulator::{
    Believers, Cast, Heretics, Legislators, Nemeses, Plan, Priests, Roads, simulate_telling,
};
use parliament::synod::{BallotNumber, Decree, Entry, Founding, Message, Name, Vote};
use parliament::trace::{Happening, TraceWriter};

trait AccusesNobody {
    fn accuses_nobody(self);
}

impl AccusesNobody for Ended {
    #[track_caller]
    fn accuses_nobody(self) {
        let accused: Vec<&str> = self.out.lines().filter(|line| line.starts_with("!!")).collect();
        assert!(accused.is_empty() && !self.out.contains("audit finds"), "{accused:#?}");
    }
}

// ------------------------------------------------------------------ what was seen

/// A chamber by hand: C voted in 1.C for another decree than A had in 1.A, passed it, and tries
/// 2.C. His own vote binds him.
fn president_with_a_vote_of_his_own() -> House {
    let house = House::new();
    let ledgers = [
        (
            "A",
            "lastTried,,1.A\nnextBal,,1.A\nbeginBallot,1,1.A,α,A B\nprevVote,1,1.A,α\n\
             nextBal,,2.C\nprevVote,1,2.C,β\n",
        ),
        ("B", "nextBal,,1.A\nnextBal,,1.C\nprevVote,1,1.C,β\n"),
        (
            "C",
            "lastTried,,1.C\nnextBal,,1.C\nbeginBallot,1,1.C,β,B C\nprevVote,1,1.C,β\n\
             outcome,1,1.C,β\nlastTried,,2.C\nnextBal,,2.C\nbeginBallot,1,2.C,β,A C\n\
             prevVote,1,2.C,β\n",
        ),
    ];
    let messagebooks = [
        ("A", "C,1,2.C,,NextBallot,0\nC,3,2.C,β,BeginBallot,1\n"),
        ("B", "A,1,1.A,,NextBallot,0\nC,1,1.C,,NextBallot,0\nC,3,1.C,β,BeginBallot,1\n"),
        (
            "C",
            "B,2,1.C,,LastVote,,,0\nB,4,1.C,,Voted,1\nA,2,2.C,α,LastVote,1,1.A,1\n\
             A,4,2.C,,Voted,1\n",
        ),
    ];
    for directory in ["ledgers", "messagebooks"] {
        std::fs::create_dir_all(house.path().join(directory)).unwrap();
    }
    for (name, rows) in ledgers {
        let rows = format!("entry,number,ballot,decree,quorum\noutcome,0,,A B C\n{rows}");
        std::fs::write(house.ledger(name), rows).unwrap();
    }
    for (name, rows) in messagebooks {
        let rows = format!("from,code,ballot,decree,message,number,vote,of\n{rows}");
        std::fs::write(house.messagebook(name), rows).unwrap();
    }
    house
}

#[test]
fn a_president_hears_his_own_earlier_vote() {
    let house = president_with_a_vote_of_his_own();
    house.run(&["audit"]).exits(0);
    house.run(&["chronicle"]).exits(0).says("LastVote 2.C, 1.C ⟳ himself").accuses_nobody();
}

#[test]
fn a_quorum_of_the_present_law_is_not_accused() {
    let house = House::new();
    let decrees = ["A is no longer a legislator", "g1", "g2", "g3"];
    house.run(&[&["pass", "--priests", "A,B,C,D"], &decrees[..]].concat()).exits(0);
    house.run(&["chronicle"]).exits(0).accuses_nobody();
}

#[test]
fn letters_archived_and_deleted_accuse_nobody() {
    let house = House::new();
    let decrees: String = (1..=30).map(|n| format!("The toll is {n} drachmas\n")).collect();
    std::fs::write(house.path().join("decrees.txt"), decrees).unwrap();
    house.run(&["pass", "--from", "decrees.txt", "--archive-at", "2kB"]).exits(0);
    std::fs::remove_dir_all(house.path().join("messagebooks/archive")).unwrap();
    house.run(&["audit"]).exits(0);
    house.run(&["chronicle"]).exits(0).accuses_nobody();
}

/// Rows as a person writes them: without a time.
fn by_hand(owner: Name, entry: Entry) -> (Name, Vec<LedgerRow>) {
    let place = Place { file: Arc::new(format!("{owner}.csv").into()), line: 2, column: 1 };
    (owner, vec![LedgerRow { place, entry, at: None, dry: None, seal: Seal::ByHand }])
}

#[test]
fn a_promise_by_hand_is_told_after_its_priest_was_asked() {
    let founding: Founding = "Gray Oki".parse().unwrap();
    let [gray, oki] = ["Gray", "Oki"].map(|name| Name::new(name).unwrap());
    let ballot: BallotNumber = "1.Oki".parse().unwrap();
    let place = Place { file: Arc::new("Gray.csv".into()), line: 2, column: 1 };
    let message = Message::NextBallot { ballot, complete_through: 0 };
    let at = chrono::DateTime::from_timestamp(1_000, 0);
    let asked = MessageRow { place, from: oki, to: gray, message, at };
    let (oki, mut tried) = by_hand(oki, Entry::LastTried { ballot });
    tried[0].at = at;
    let come = Come {
        ledgers: vec![by_hand(gray, Entry::NextBal { ballot }), (oki, tried)],
        messagebooks: vec![vec![asked]],
    };
    let mut retelling =
        Retelling::new(&founding, std::time::Duration::from_secs(1), &|_| String::new());
    retelling.hear(come);
    let told = retelling.tell_to_the_end();
    let told: Vec<String> = told
        .iter()
        .map(|it| match &it.event.happening {
            Happening::Ink { priest, entry } => format!("{priest} {}", entry.kind()),
            happening => happening.as_str().to_owned(),
        })
        .collect();
    assert_eq!(told, ["founded", "Oki lastTried", "send", "receive", "Gray nextBal"]);
}

#[test]
fn a_president_tells_himself_of_votes_on_decrees_he_knows() {
    let founding: Founding = "Gray Oki".parse().unwrap();
    let oki = Name::new("Oki").unwrap();
    let [first, second]: [BallotNumber; 2] = ["1.Oki", "2.Oki"].map(|it| it.parse().unwrap());
    let decree = Decree::new("α").unwrap();
    let rows = [
        Entry::NextBal { ballot: first },
        Entry::PrevVote { number: 1, ballot: first, decree: decree.clone() },
        Entry::Outcome { number: 1, decree: decree.clone(), ballot: Some(first) },
        Entry::LastTried { ballot: second },
        Entry::NextBal { ballot: second },
    ];
    let rows = rows.into_iter().flat_map(|entry| by_hand(oki, entry).1).collect();
    let place = Place { file: Arc::new("Gray.csv".into()), line: 2, column: 1 };
    let message = Message::NextBallot { ballot: second, complete_through: 0 };
    let to = Name::new("Gray").unwrap();
    let asked = MessageRow { place, from: oki, to, message, at: None };
    let mut retelling =
        Retelling::new(&founding, std::time::Duration::from_secs(1), &|_| String::new());
    retelling.hear(Come { ledgers: vec![(oki, rows)], messagebooks: vec![vec![asked]] });
    let vote = Some((1, Vote { priest: oki, ballot: first, decree }));
    let reply = Message::LastVote { ballot: second, vote, of: 1 };
    let told = retelling.tell_to_the_end();
    let heard = told.iter().any(
        |it| matches!(&it.event.happening, Happening::Receive { message, .. } if *message == reply),
    );
    assert!(heard, "{told:#?}");
}

// ------------------------------------------------------------------ whatever is simulated

const FIVE: &str = "Dwork Fischer Gray Lynch Oki";
const SIX: &str = "Dwork Fischer:2 Gray Lynch Oki Strong alpha=4";

fn plan<'a>(seed: u64, founding: &str, decrees: u64, cast: &'a dyn Cast) -> Plan<'a> {
    Plan {
        seed,
        founding: Arc::new(founding.parse().unwrap()),
        decrees,
        law: None,
        roads: Roads::default(),
        absent: BTreeSet::new(),
        nemeses: Nemeses::ALL,
        cast,
        watch: Invariant::OF_SYNOD.to_vec(),
    }
}

fn of_law(seed: u64, cast: &dyn Cast) -> Plan<'_> {
    let candidates = ["Dijkstra", "Dolev", "Francez"].map(|name| Name::new(name).unwrap());
    let plan = plan(seed, FIVE, 12, cast);
    Plan { law: Some(candidates.to_vec()), watch: Invariant::OF_LAW.to_vec(), ..plan }
}

/// The chronicle of a plan's trace, and how many rules the gods saw broken.
fn drawn(plan: &Plan<'_>) -> (Chronicle, u64) {
    let mut writer = TraceWriter::new(Vec::new()).unwrap();
    let mut tell = |at, happening| writer.tell(at, &happening).unwrap();
    let run = simulate_telling(plan, &mut tell);
    let trace = writer.into_inner().unwrap();
    let records = record::from_trace(trace.as_slice(), Path::new("run.csv")).unwrap();
    (Chronicle::of_trace("a run", records).unwrap(), run.tally.broken)
}

/// Each deed that the auditor accuses is marked in every form, and no other; yields how many.
fn marked(chronicle: &Chronicle) -> usize {
    let records: Vec<_> = chronicle.events.iter().map(|told| told.record.clone()).collect();
    let judgment = laid::judge(&records);
    let broken = judgment.findings().iter().filter(|it| it.severity == Severity::Broken);
    let accused: BTreeSet<String> = broken
        .clone()
        .filter_map(|it| it.exhibits.first())
        .map(|row| format!("{}:{}", row.place.file.display(), row.place.line))
        .collect();
    for told in &chronicle.events {
        let is_accused = accused.contains(&told.record.place)
            && !matches!(told.happening(), Happening::Founded(_));
        assert_eq!(chronicle.judged.accuses(&told.record), is_accused, "{:?}", told.record);
    }
    let said = text::draw(chronicle);
    let said = said.lines().filter(|line| line.starts_with("!! ")).count();
    assert_eq!(said, broken.count());
    // A sheet takes long to lay out.
    if chronicle.events.len() < 400 {
        let rings =
            svg::draw(chronicle, false).unwrap().matches("<circle class=\"accused\"").count();
        let events = chronicle.events.iter().filter(|told| chronicle.judged.accuses(&told.record));
        assert_eq!(rings, events.count());
    }
    said
}

#[test]
fn no_honest_deed_of_a_simulated_run_is_accused() {
    for seed in 0..3 {
        for plan in [
            plan(seed, if seed % 2 == 0 { FIVE } else { SIX }, 1, &Priests),
            plan(seed, SIX, 6, &Legislators),
            of_law(seed, &Legislators),
        ] {
            let (chronicle, broken) = drawn(&plan);
            assert_eq!(
                (marked(&chronicle), broken),
                (0, 0),
                "seed {seed}, {} decrees",
                plan.decrees
            );
        }
    }
}

#[test]
fn each_deed_that_the_auditor_accuses_is_marked_and_no_other() {
    let mut accused = 0;
    let creeds = heresies::ALL.iter().filter(|heresy| !heresy.is_control);
    for creed in creeds.filter_map(Heresy::creed) {
        let cast = Believers(creed);
        accused += marked(&drawn(&plan(3, FIVE, 1, &cast)).0);
    }
    for custom in heresies::ALL.iter().filter_map(Heresy::custom) {
        let cast = Heretics(custom);
        accused += marked(&drawn(&plan(1, FIVE, 3, &cast)).0);
    }
    assert!(accused > 10, "{accused}");
}

// ------------------------------------------------------------------ worlds and records

/// The auditor's name for a rule of worlds, if he can judge it.
fn of_records(rule: Invariant) -> Option<Rule> {
    match rule {
        Invariant::Consistency => Some(Rule::Consistency),
        Invariant::B1 => Some(Rule::B1),
        Invariant::B2 => Some(Rule::B2),
        Invariant::B3 => Some(Rule::B3),
        Invariant::I6 => Some(Rule::MajoritySet),
        _ => None,
    }
}

/// The shortest run in which a heresy breaks a rule, as a trace before the auditor.
fn audited(heresy: &Heresy) -> Option<(BTreeSet<Invariant>, parliament::audit::Judgment)> {
    let story = heresy.trial_by_all()?.explore(&Gauge::default()).unwrap().breach?;
    let mut trace = Vec::new();
    Run::from(&story).write_trace(&mut trace).unwrap();
    let records = record::from_trace(trace.as_slice(), Path::new("run.csv")).unwrap();
    Some((story.breaches.iter().map(|breach| breach.rule).collect(), laid::judge(&records)))
}

#[test]
fn the_judge_of_worlds_and_the_judge_of_records_agree() {
    let mut compared = 0;
    let quick = heresies::of_synod().filter(|(it, _)| !it.is_control && it.is_quick());
    for (heresy, _) in quick {
        let (rules, judgment) = audited(heresy).unwrap();
        let counts = judgment.counts().keys();
        let broken = counts.filter(|(_, severity)| *severity == Severity::Broken);
        let found: BTreeSet<Rule> = broken.map(|(rule, _)| *rule).collect();
        for rule in
            [Invariant::Consistency, Invariant::B1, Invariant::B2, Invariant::B3, Invariant::I6]
        {
            let judged = of_records(rule).unwrap();
            let both = (rules.contains(&rule), found.contains(&judged));
            assert_eq!(
                both.0,
                both.1,
                "{}: {rule:?}, {rules:?} {:#?}",
                heresy.name,
                judgment.findings()
            );
            compared += usize::from(both.0);
        }
    }
    assert!(compared > 3, "{compared}");
}

// ------------------------------------------------------------------ chambers

/// Where a page of the chronicle marks a deed, as `file:line`; and whatever it draws.
fn places(page: &str, what: &str) -> BTreeSet<String> {
    let steps = page.lines().filter(|line| line.starts_with("<li value="));
    let steps = steps.filter(|line| line.contains(what));
    let title =
        |line: &str| Some(line.rsplit_once("<code title=\"")?.1.split_once('"')?.0.to_owned());
    steps.filter_map(title).collect()
}

/// The chronicle of a chamber marks what its audit accuses, and nothing else; yields how much.
#[track_caller]
fn agree(house: &House) -> usize {
    let root = house.path().to_str().unwrap();
    house.run(&["chronicle", "--chamber", root, "--html", "drawn.html"]).exits(0);
    let page = std::fs::read_to_string(house.path().join("drawn.html")).unwrap();
    let judgment = Chamber::at(house.path()).audit().unwrap();
    let broken = judgment.findings().iter().filter(|it| it.severity == Severity::Broken);
    let accused = broken.filter_map(|it| it.exhibits.first());
    let accused = accused.map(|row| format!("{}:{}", row.place.file.display(), row.place.line));
    let accused: BTreeSet<String> = accused.collect();
    let drawn = places(&page, "");
    let marked = places(&page, "class=\"accused\"");
    let expected: BTreeSet<String> = accused.intersection(&drawn).cloned().collect();
    assert_eq!(marked, expected, "{:#?}", judgment.findings());
    marked.len()
}

/// A table with these columns emptied, or moved by some seconds.
fn without(text: &[u8], columns: &[&str]) -> Vec<u8> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text);
    let header = reader.headers().unwrap().clone();
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    writer.write_record(&header).unwrap();
    for row in reader.records() {
        let row = row.unwrap();
        let cells = header.iter().zip(&row);
        let cells = cells.map(|(name, cell)| if columns.contains(&name) { "" } else { cell });
        writer.write_record(cells).unwrap();
    }
    writer.into_inner().unwrap()
}

/// The fate of a chamber's files.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Fate {
    Whole,
    /// The messagebooks and all that is archived are gone.
    LettersGone,
    /// Ledgers bear neither times nor seals.
    ByHand,
    /// The letters bear no times.
    Timeless,
    /// A row of a ledger is gone.
    RowGone,
}

const FATES: [Fate; 5] =
    [Fate::Whole, Fate::LettersGone, Fate::ByHand, Fate::Timeless, Fate::RowGone];

fn befall(fate: Fate, ledger: &mut Vec<u8>, letters: &mut Vec<u8>, chance: &mut Chance) {
    match fate {
        Fate::Whole => {}
        Fate::LettersGone => {
            let end = letters.iter().position(|byte| *byte == b'\n').map_or(0, |end| end + 1);
            letters.truncate(end);
        }
        Fate::ByHand => *ledger = without(ledger, &["at", "dry", "seal"]),
        Fate::Timeless => *letters = without(letters, &["at"]),
        Fate::RowGone => {
            let text = String::from_utf8(std::mem::take(ledger)).unwrap();
            let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
            if lines.len() > 3 {
                let gone = 2 + chance.below(lines.len() as u64 - 2) as usize;
                lines.remove(gone);
            }
            *ledger = lines.concat().into_bytes();
        }
    }
}

#[test]
fn a_chronicle_of_a_simulated_chamber_marks_accused_deeds() {
    let mut accused = 0;
    let believers = Believers(heresies::find("vote-forgotten").unwrap().creed().unwrap());
    let plans = [plan(1, SIX, 3, &Legislators), plan(3, FIVE, 1, &believers)];
    for (plan, fate) in plans.iter().flat_map(|plan| FATES.map(|fate| (plan, fate))) {
        let mut records = simulate_telling(plan, &mut |_, _| {}).records.unwrap();
        let mut chance = Chance::new(plan.seed, 7);
        let of_all = records.ledgers.iter_mut().zip(&mut records.messagebooks);
        for ((_, ledger), (_, letters)) in of_all {
            befall(fate, ledger, letters, &mut chance);
        }
        let house = House::new();
        Chamber::at(house.path()).lay_down(&records.ledgers, &records.messagebooks).unwrap();
        let marked = agree(&house);
        let is_honest = plan.decrees > 1 && fate != Fate::RowGone;
        assert!(!is_honest || marked == 0, "{fate:?}");
        accused += marked;
    }
    assert!(accused > 5, "{accused}");
}

#[test]
fn a_chronicle_of_a_real_chamber_marks_what_its_audit_accuses() {
    for (book, gone) in [("0", &[][..]), ("4", &["messagebooks/archive", "ledgers/archive"])] {
        let house = House::new();
        let mut decrees: Vec<String> = (1..=12).map(|n| format!("The toll is {n}")).collect();
        decrees[3] = "Gray is no longer a legislator".into();
        decrees[6] = "Oki is now a legislator with weight 2".into();
        std::fs::write(house.path().join("decrees.txt"), decrees.join("\n")).unwrap();
        let pass =
            ["pass", "--from", "decrees.txt", "--law-book-every", book, "--archive-at", "3kB"];
        let roads = ["--lose", "0.05", "--delay", "0..2", "--seed", "7", "--minute", "2ms"];
        // Gray, who sits no more, may lack some; that is no matter here.
        let passed = house.run(&[&pass[..], &roads].concat());
        assert!(matches!(passed.code, Some(0 | 1)), "{}", passed.err);
        for archive in gone {
            std::fs::remove_dir_all(house.path().join(archive)).unwrap();
        }
        assert_eq!(agree(&house), 0, "law book every {book}, without {gone:?}");
        // A vote is struck out; a letter may still tell of it. The voters are drawn by chance.
        for name in ["Dwork", "Fischer", "Lynch", "Oki"] {
            let ledger = std::fs::read_to_string(house.ledger(name)).unwrap();
            let mut lines: Vec<&str> = ledger.split_inclusive('\n').collect();
            let Some(vote) = lines.iter().rposition(|line| line.starts_with("prevVote")) else {
                continue;
            };
            lines.remove(vote);
            std::fs::write(house.ledger(name), lines.concat()).unwrap();
            break;
        }
        agree(&house);
    }
}
