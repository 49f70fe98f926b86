//! §3.3.2: a long ledger becomes a law book, and no failure at any moment loses a ledger, a promise
//! or a decree.

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use common::House;
use parliament::audit::{Judgment, Rule, Severity};
use parliament::chamber::binding::Stage;
use parliament::chamber::{Chamber, Following, LedgerError, LedgerFile};
use parliament::parliament::Legislator;
use parliament::synod::{
    BallotNumber, Decree, Entry, Founding, Heading, Ledger, Letter, Mortal, Name,
};

fn gray() -> Name {
    "Gray".parse().unwrap()
}

/// Gray alone is a majority, and waits for Oki before he takes the chair.
fn founding() -> Founding {
    "Gray:5 Oki alpha=50".parse().unwrap()
}

/// Decrees that Gray passes by himself.
fn passing(numbers: impl Iterator<Item = u64>) -> Vec<Entry> {
    let ballot: BallotNumber = "1.Gray".parse().unwrap();
    let quorum = BTreeSet::from([gray()]);
    let passing = numbers.flat_map(|number| {
        let text = format!("The olive tax is {number} drachmas per ton");
        let decree = Decree::new(&text).unwrap().petitioned(&format!("Dolf/{number}")).unwrap();
        let (begun, voted) = (decree.clone(), decree.clone());
        [
            Entry::BeginBallot { number, ballot, decree: begun, quorum: quorum.clone() },
            Entry::PrevVote { number, ballot, decree: voted },
            Entry::Outcome { number, decree, ballot: Some(ballot) },
        ]
    });
    passing.collect()
}

/// A chamber in which Gray's ledger holds twelve decrees.
fn twelve_decrees(root: &Path) -> Chamber {
    let chamber = Chamber::at(root);
    chamber.found(&founding()).unwrap();
    let (mut ledger, _) = LedgerFile::open(&chamber, gray()).unwrap();
    let ballot = "1.Gray".parse().unwrap();
    ledger.ink(&[Entry::LastTried { ballot }, Entry::NextBal { ballot }]).unwrap();
    ledger.ink(&passing(1..=12)).unwrap();
    ledger.dry().unwrap();
    chamber
}

fn raised(rows: &[Entry]) -> Legislator {
    Legislator::from_ledger(gray(), Arc::new(founding()), rows)
}

/// The law book that Gray writes for his ledger, with the last two decrees as they are.
fn book_for(rows: &[Entry]) -> Vec<Entry> {
    #[derive(Default)]
    struct Binder(Vec<Entry>);
    impl Ledger for Binder {
        type Error = ();
        fn ink(&mut self, _: &[Entry]) -> Result<(), ()> {
            Ok(())
        }
        fn dry(&mut self) -> Result<(), ()> {
            Ok(())
        }
        fn bind(&mut self, rows: &[Entry]) -> Result<(), ()> {
            self.0 = rows.to_vec();
            Ok(())
        }
    }
    let (mut binder, mut post) = (Binder::default(), Vec::<Letter>::new());
    let mut gray = raised(rows).with_law_book_every(4);
    gray.look_at_hourglass(Default::default()).perform(&mut binder, &mut post).unwrap();
    assert!(binder.0.iter().any(|row| matches!(row, Entry::Book(_))));
    binder.0
}

/// The ledger opens, and says what it said before it was bound, be it by the book.
fn nothing_is_lost(chamber: &Chamber, of: &str) -> Vec<Entry> {
    let (_, opened) = LedgerFile::open(chamber, gray()).unwrap_or_else(|e| panic!("{of}: {e}"));
    let gray = raised(&opened.rows);
    let ballot: Option<BallotNumber> = Some("1.Gray".parse().unwrap());
    assert_eq!((gray.notes().last_tried, gray.notes().next_bal), (ballot, ballot), "{of}");
    assert_eq!(gray.pages().complete_through(), 12, "{of}");
    assert!((1..=12).all(|n| gray.pages().knows(n)), "{of}");
    assert!((1..=12).all(|n| gray.pages().has_passed(&format!("Dolf/{n}"))), "{of}");
    assert_eq!(gray.pages().votes_above(10).count(), 2, "{of}");
    opened.rows
}

/// Every decree is judged, and every rule is kept.
fn is_consistent(judgment: &Judgment, of: &str) {
    assert!(judgment.is_consistent(), "{of}: {:?}", judgment.findings().first());
}

#[test]
fn a_death_at_any_stage_of_the_binding_leaves_one_ledger_or_the_other() {
    for stage in Stage::ALL {
        let of = format!("{stage:?}");
        let house = House::new();
        let chamber = twelve_decrees(house.path());
        let (mut ledger, opened) = LedgerFile::open(&chamber, gray()).unwrap();
        ledger.bind_as_far_as(&book_for(&opened.rows), stage).unwrap();
        drop(ledger);
        let rows = nothing_is_lost(&chamber, &of);
        let is_book = rows.iter().any(|row| matches!(row, Entry::Book(_)));
        assert_eq!(is_book, stage >= Stage::Replaced, "{of}");
        let judgment = chamber.audit().unwrap();
        is_consistent(&judgment, &of);
        assert_eq!(judgment.numbers().count(), 12, "{of}: testimony is lost");
        // The next body binds it, whatever the dead one left lying about.
        let (mut ledger, opened) = LedgerFile::open(&chamber, gray()).unwrap();
        if !is_book {
            ledger.bind(&book_for(&opened.rows)).unwrap();
        }
        ledger.ink(&passing(13..=13)).unwrap();
        ledger.dry().unwrap();
        drop(ledger);
        is_consistent(&chamber.audit().unwrap(), &of);
        assert!(chamber.ledger_before(gray(), 10).exists(), "{of}");
        assert!(chamber.check(gray()).unwrap().by_hand.is_empty(), "{of}: a seal is missing");
    }
}

#[test]
fn a_death_within_the_writing_of_the_book_leaves_the_ledger() {
    let whole = {
        let house = House::new();
        let chamber = twelve_decrees(house.path());
        let (mut ledger, opened) = LedgerFile::open(&chamber, gray()).unwrap();
        ledger.bind_as_far_as(&book_for(&opened.rows), Stage::Dry).unwrap();
        fs::read(house.path().join("ledgers/.Gray.csv.draft")).unwrap()
    };
    let house = House::new();
    let chamber = twelve_decrees(house.path());
    for bytes in (0..whole.len()).step_by(41) {
        fs::write(house.path().join("ledgers/.Gray.csv.draft"), &whole[..bytes]).unwrap();
        let rows = nothing_is_lost(&chamber, "torn draft");
        assert!(!rows.iter().any(|row| matches!(row, Entry::Book(_))));
    }
    let (mut ledger, opened) = LedgerFile::open(&chamber, gray()).unwrap();
    ledger.bind(&book_for(&opened.rows)).unwrap();
    drop(ledger);
    nothing_is_lost(&chamber, "bound over a torn draft");
}

#[test]
fn a_law_book_that_lost_its_end_is_refused_wherever_it_was_torn() {
    let house = House::new();
    let chamber = twelve_decrees(house.path());
    let (mut ledger, opened) = LedgerFile::open(&chamber, gray()).unwrap();
    ledger.bind(&book_for(&opened.rows)).unwrap();
    drop(ledger);
    let whole = fs::read(house.ledger("Gray")).unwrap();
    // Header, decree 0, and the row that begins the book.
    let ends: Vec<usize> = (0..whole.len()).filter(|&i| whole[i] == b'\n').collect();
    for bytes in (ends[2] + 1..whole.len()).step_by(23) {
        fs::write(house.ledger("Gray"), &whole[..bytes]).unwrap();
        match chamber.check(gray()) {
            Err(LedgerError::Untrusted { row, .. }) => {
                let told = row.to_string();
                assert!(told.contains("no row `bound` ends it"), "{bytes}: {told}");
                assert!(told.contains("ledgers/archive"), "{told}");
            }
            other => panic!("{bytes} bytes of a book were opened: {other:?}"),
        }
    }
}

#[test]
fn the_body_that_binds_a_ledger_holds_it_and_no_other_body_can() {
    let house = House::new();
    let chamber = twelve_decrees(house.path());
    let (mut ledger, opened) = LedgerFile::open(&chamber, gray()).unwrap();
    ledger.bind(&book_for(&opened.rows)).unwrap();
    assert!(matches!(LedgerFile::open(&chamber, gray()), Err(LedgerError::Taken { .. })));
    assert!(chamber.inside().unwrap().contains(&gray()));
    ledger.ink(&passing(13..=13)).unwrap();
    ledger.dry().unwrap();
    drop(ledger);
    let (_, opened) = LedgerFile::open(&chamber, gray()).unwrap();
    assert_eq!(raised(&opened.rows).pages().complete_through(), 13);
}

#[test]
fn whoever_follows_a_ledger_follows_it_into_the_book() {
    let house = House::new();
    let chamber = twelve_decrees(house.path());
    let mut following = Following::from_now(&chamber, gray()).unwrap();
    let mut outcomes = || -> BTreeSet<u64> {
        let number = |entry| match entry {
            Entry::Outcome { number, .. } => Some(number),
            _ => None,
        };
        following.look().unwrap().into_iter().filter_map(|row| number(row.entry)).collect()
    };
    assert_eq!(outcomes(), BTreeSet::new());
    let (mut ledger, opened) = LedgerFile::open(&chamber, gray()).unwrap();
    let mut rows = opened.rows;
    // Twice bound between two looks: the ledger in between is in the archive.
    for (number, through) in [(13, 11), (18, 16)] {
        let next = passing(number..=number);
        ledger.ink(&next).unwrap();
        rows.extend(next);
        ledger.bind(&book_for(&rows)).unwrap();
        assert!(chamber.ledger_before(gray(), through).exists(), "{through}");
        rows.extend(book_for(&rows));
        rows.extend(passing(number + 1..=number + 4));
        ledger.ink(&passing(number + 1..=number + 4)).unwrap();
    }
    ledger.dry().unwrap();
    assert!(outcomes().is_superset(&(13..=22).collect()));
    let all = Following::from_archive(&chamber, gray()).unwrap().look().unwrap();
    let first = all.iter().any(|row| matches!(row.entry, Entry::Outcome { number: 1, .. }));
    assert!(first, "the archive was not read");
}

/// Passes so many decrees, with law books every ten.
fn pass(house: &House, from: u64, through: u64, more: &[&str]) {
    let decrees: Vec<String> = (from..=through).map(|n| format!("The toll is {n}")).collect();
    let mut arguments = vec!["pass", "--law-book-every", "10"];
    arguments.extend(more);
    arguments.extend(decrees.iter().map(String::as_str));
    house.run(&arguments).exits(0);
}

fn begins_with_a_book(house: &House, name: &str) -> bool {
    house.rows(&house.ledger(name))[1]["entry"] == "lawBook"
}

#[test]
fn the_law_its_history_and_the_judge_know_no_difference_between_a_list_and_a_book() {
    let house = House::new();
    house
        .run(&["pass", "The olive tax is 3", "The \"odd is even\" is , so", "--priests", "3"])
        .exits(0);
    house.run(&["pass", "8:30 15 Jan 72: Dikstra is cheese inspector for 3 months"]).exits(0);
    house.run(&["petition", "--help"]).exits(0);
    let list = house.run(&["law", "--json"]).exits(0).out;
    pass(&house, 1, 45, &[]);
    for name in ["Dwork", "Fischer", "Gray"] {
        assert!(begins_with_a_book(&house, name), "{name}'s ledger is a list still");
    }
    let book: serde_json::Value =
        serde_json::from_str(&house.run(&["law", "--json"]).exits(0).out).unwrap();
    let list: serde_json::Value = serde_json::from_str(&list).unwrap();
    assert_eq!(book["matters"]["olive tax"], list["matters"]["olive tax"]);
    assert_eq!(book["matters"]["odd is even"], list["matters"]["odd is even"]);
    assert_eq!(book["offices"], list["offices"]);
    assert_eq!(book["matters"]["toll"]["value"], "45");
    let history = house.run(&["law", "history", "toll"]).exits(0).out;
    assert_eq!(history.lines().count(), 45, "{history}");
    house.run(&["law", "follow", "--help"]).exits(0);
    house.run(&["audit"]).exits(0).says("Consistent");
    house.run(&["ledgers"]).exits(0);
    house.run(&["ledgers", "Gray"]).exits(0).says("lawBook");
    house.run(&["chronicle"]).exits(0);

    fs::remove_dir_all(house.path().join("ledgers/archive")).unwrap();
    house.run(&["audit"]).exits(0).says("taken at its word");
    let lost = house.run(&["law", "history", "toll"]).exits(0).says("The archive is not here");
    assert!(lost.out.lines().count() < 45);
    house.run(&["law", "get", "olive tax"]).exits(0).says("3");
    house.run(&["pass", "The toll is 46"]).exits(0);
}

#[test]
fn a_petition_sent_again_under_its_id_counts_once_after_the_book() {
    let house = House::new();
    house.run(&["pass", "--priests", "1", "The olive tax is 3"]).exits(0);
    let mut sitting = house.start(&["sit", "--law-book-every", "10"]);
    let ask = |text: &str, id: &str| house.run(&["petition", text, "--id", id]).exits(0).out;
    let first = ask("Dolf may keep a cow", "Dolf/3");
    for n in 1..=25 {
        ask(&format!("The toll is {n}"), &format!("Skeen/{n}"));
    }
    assert!(begins_with_a_book(&house, "Dwork"));
    assert_eq!(ask("Dolf may keep a cow", "Dolf/3"), first, "its number, from the archive");
    let number = ask("The toll is 26", "Skeen/26");
    sitting.kill().unwrap();
    sitting.wait().unwrap();
    assert_eq!(number.trim(), "28", "Dolf's petition was passed again");
}

#[test]
fn a_priest_back_from_a_long_voyage_copies_the_book() {
    let house = House::new();
    house.run(&["pass", "--priests", "3", "--alpha", "20", "The olive tax is 3"]).exits(0);
    pass(&house, 1, 200, &["--absent", "Dwork"]);
    assert!(!begins_with_a_book(&house, "Dwork"));
    pass(&house, 201, 201, &[]);
    assert!(begins_with_a_book(&house, "Dwork"), "he copied the years");
    let copied = house.entries("Dwork", "outcome", "number").len();
    assert!(copied < 30, "{copied} decrees were copied one by one");
    house.run(&["law", "get", "toll", "--ledger", "Dwork"]).exits(0).says("201");
    house.run(&["audit"]).exits(0).says("Consistent");
}

#[test]
fn a_law_book_sent_that_differs_from_its_decrees_is_found_in_the_letters() {
    let house = House::new();
    house.run(&["pass", "--priests", "3", "--alpha", "20", "The olive tax is 3"]).exits(0);
    pass(&house, 1, 60, &["--absent", "Dwork"]);
    pass(&house, 61, 61, &[]);
    let book = fs::read_to_string(house.messagebook("Dwork")).unwrap();
    assert!(book.contains("law 1: The olive tax is 3"), "{book}");
    fs::write(
        house.messagebook("Dwork"),
        book.replace("law 1: The olive tax is 3", "law 1: The olive tax is 4"),
    )
    .unwrap();
    let judgment = Chamber::at(house.path()).audit().unwrap();
    let found: Vec<_> =
        judgment.findings().iter().filter(|it| it.severity == Severity::Broken).collect();
    assert!(!found.is_empty() && found.iter().all(|it| it.rule == Rule::LawBook), "{found:?}");
}

#[test]
fn a_ledger_is_never_missing_while_others_look() {
    let house = House::new();
    house.run(&["pass", "--priests", "1", "The olive tax is 3"]).exits(0);
    let path = house.ledger("Dwork");
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        let looker = scope.spawn(|| {
            let mut missed = 0;
            while !done.load(std::sync::atomic::Ordering::Relaxed) {
                let begins =
                    fs::read_to_string(&path).is_ok_and(|text| text.contains("outcome,0,"));
                missed += u64::from(!begins);
            }
            missed
        });
        pass(&house, 1, 100, &[]);
        done.store(true, std::sync::atomic::Ordering::Relaxed);
        assert_eq!(looker.join().unwrap(), 0, "the ledger was missing, or half written");
    });
}

#[test]
fn a_process_killed_at_any_moment_loses_no_ledger_and_no_decree() {
    let house = House::new();
    house.run(&["pass", "--priests", "3", "--alpha", "40", "The olive tax is 3"]).exits(0);
    let decrees: String = (1..=3000).map(|n| format!("The toll is {n}\n")).collect();
    fs::write(house.path().join("decrees.txt"), decrees).unwrap();
    let mut bound = BTreeSet::new();
    let mut through = 0;
    for round in 0..20u64 {
        let arguments = ["pass", "--from", "decrees.txt", "--law-book-every", "8"];
        let mut sitting = house.start(&arguments);
        std::thread::sleep(Duration::from_millis(80 + round * 53 % 400));
        sitting.kill().unwrap();
        sitting.wait().unwrap();
        let chamber = Chamber::at(house.path());
        let mut best = 0;
        for name in ["Dwork", "Fischer", "Gray"] {
            let name: Name = name.parse().unwrap();
            let opened = chamber.check(name).unwrap_or_else(|e| panic!("round {round}: {e}"));
            let founding = Arc::new("Dwork Fischer Gray alpha=40".parse().unwrap());
            let priest = Legislator::from_ledger(name, founding, &opened.rows);
            best = best.max(priest.pages().complete_through());
            bound.insert(priest.pages().in_book_through());
            let begins =
                |row: &Entry| matches!(row, Entry::Book(row) if row.heading == Heading::LawBook);
            assert!(opened.rows.iter().filter(|row| begins(row)).count() <= 1);
        }
        assert!(best >= through, "round {round}: {through} decrees became {best}");
        through = best;
    }
    assert!(bound.len() > 3, "hardly any kill came after a law book: {bound:?}");
    house.run(&["pass", "The last word", "--law-book-every", "8"]).exits(0);
    house.run(&["audit"]).exits(0).says("Consistent");
}
