//! §3.3.2: a ledger is bound as a law book, and a death at any moment loses no ledger, no promise
//! and no decree.
//!
//! Apart from the tests that start processes, because a child holds its parent's locks for a
//! moment.

#![cfg(feature = "cli")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use crate::common::House;
use parliament::audit::Judgment;
use parliament::chamber::{Chamber, Following, LedgerError, LedgerFile, Stage};
use parliament::parliament::Legislator;
use parliament::synod::{
    BallotNumber, Bound, Decree, Entry, Founding, Ledger, Letter, Mortal, Name,
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
            Entry::BeginBallot { number, ballot, decree: begun, quorum: quorum.clone().into() },
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

/// The ledger opens, and says what it said before it was bound, even if a book says it.
fn nothing_is_lost(chamber: &Chamber, of: &str) -> Vec<Entry> {
    let (_, opened) = LedgerFile::open(chamber, gray()).unwrap_or_else(|e| panic!("{of}: {e}"));
    let gray = raised(&opened.rows);
    let ballot: Option<BallotNumber> = Some("1.Gray".parse().unwrap());
    assert_eq!((gray.notes().last_tried(), gray.notes().next_bal()), (ballot, ballot), "{of}");
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
fn a_death_at_any_stage_of_binding_leaves_one_whole_ledger() {
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
fn a_ledger_that_cannot_be_archived_stands_and_goes_on() {
    let house = House::new();
    let chamber = twelve_decrees(house.path());
    let whole = fs::read(house.ledger("Gray")).unwrap();
    let archive = house.path().join("ledgers/archive");
    fs::write(&archive, "no directory").unwrap();
    let (mut ledger, opened) = LedgerFile::open(&chamber, gray()).unwrap();
    let book = book_for(&opened.rows);
    let bound = ledger.bind_or_stand(&book).unwrap();
    assert!(matches!(&bound, Bound::OldStands { why } if why.contains("archive")), "{bound:?}");
    assert_eq!(fs::read(house.ledger("Gray")).unwrap(), whole);
    assert!(!house.path().join("ledgers/.Gray.csv.draft").exists());
    ledger.ink(&passing(13..=13)).unwrap();
    ledger.dry().unwrap();
    is_consistent(&chamber.audit().unwrap(), "the ledger goes on");
    fs::remove_file(&archive).unwrap();
    let rows: Vec<Entry> = opened.rows.into_iter().chain(passing(13..=13)).collect();
    assert_eq!(ledger.bind_or_stand(&book_for(&rows)).unwrap(), Bound::Anew);
    drop(ledger);
    assert!(chamber.check(gray()).unwrap().by_hand.is_empty(), "a seal is missing");
    is_consistent(&chamber.audit().unwrap(), "it was bound");
}

/// The file found in the archive under the name that the ledger to be put away is to have.
#[derive(Clone, Copy, Debug)]
enum Archive {
    Gone,
    Copied,
    Another,
}

#[test]
fn every_step_of_a_binding_can_be_repeated() {
    for archive in [Archive::Gone, Archive::Copied, Archive::Another] {
        for stage in Stage::ALL.into_iter().filter(|stage| *stage < Stage::Replaced) {
            let of = format!("{stage:?}, archive {archive:?}");
            let house = House::new();
            let chamber = twelve_decrees(house.path());
            let (mut ledger, opened) = LedgerFile::open(&chamber, gray()).unwrap();
            let whole = fs::read(house.ledger("Gray")).unwrap();
            let book = book_for(&opened.rows);
            ledger.bind_as_far_as(&book, stage).unwrap();
            drop(ledger);
            let volume = chamber.ledger_before(gray(), 10);
            let directory = volume.parent().unwrap();
            if directory.exists() {
                fs::remove_dir_all(directory).unwrap();
            }
            let another = [&whole[..], b"nextBal,,9.Oki\n"].concat();
            if !matches!(archive, Archive::Gone) {
                fs::create_dir(directory).unwrap();
                let is_copy = matches!(archive, Archive::Copied);
                fs::write(&volume, if is_copy { &whole } else { &another }).unwrap();
            }
            // Once more, as far as before and then to the end; and the leftovers of that, again.
            for last in [stage, Stage::ArchiveDry, Stage::Finished] {
                let (mut ledger, _) = LedgerFile::open(&chamber, gray()).unwrap();
                let bound = ledger.bind_as_far_as(&book, last);
                bound.unwrap_or_else(|error| panic!("{of}: {error}"));
            }
            nothing_is_lost(&chamber, &of);
            assert_eq!(fs::read(&volume).unwrap(), whole, "{of}: the book's own volume");
            let other = volume.with_extension("other-1.csv");
            match archive {
                Archive::Another => assert_eq!(fs::read(&other).unwrap(), another, "{of}"),
                _ => assert!(!other.exists(), "{of}"),
            }
            assert!(!volume.with_extension("other-2.csv").exists(), "{of}");
        }
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
    for bytes in (ends[2] + 1..whole.len() - 1).step_by(23) {
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
    let mut from_archive = None;
    let outcomes = |following: &mut Following| -> BTreeSet<u64> {
        let number = |entry| match entry {
            Entry::Outcome { number, .. } => Some(number),
            _ => None,
        };
        following.look().unwrap().into_iter().filter_map(|row| number(row.entry)).collect()
    };
    assert_eq!(outcomes(&mut following), BTreeSet::new());
    let (mut ledger, opened) = LedgerFile::open(&chamber, gray()).unwrap();
    let mut rows = opened.rows;
    // Twice bound between two looks: the ledger in between is in the archive.
    for (number, through) in [(13, 11), (18, 16)] {
        // A reader who begins in the archive comes to a ledger that is bound by then.
        from_archive = Some(Following::from_archive(&chamber, gray()).unwrap());
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
    assert!(outcomes(&mut following).is_superset(&(13..=22).collect()));
    let all: BTreeSet<u64> = (1..=22).collect();
    assert!(outcomes(&mut from_archive.unwrap()).is_superset(&all), "it was bound meanwhile");
    let mut afresh = Following::from_archive(&chamber, gray()).unwrap();
    assert!(outcomes(&mut afresh).is_superset(&all), "the archive was not read");
}
