//! A ledger that is older than its priest keeps him out, where the records at hand prove it.
//! `[PTP §1.3 note 3, §2.3]`
//!
//! Each of the first tests once passed a second decree under one number, with exit code 0.

#![cfg(feature = "cli")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::common::{Ended, House, echo};
use parliament::chamber::{Chamber, Hand, LedgerFile, Looked, Messagebook, Reach, TakenDown};
use parliament::synod::{BallotNumber, Entry, Ledger, Message, Name};

/// Quick, and as long as it takes where the machine is busy.
const QUICK: [&str; 4] = ["--minute", "10ms", "--within", "60s"];

/// A chamber of three in which nothing has happened yet.
fn founded() -> House {
    let house = House::new();
    let chamber = Chamber::at(house.path());
    chamber.found(&"A B C".parse().unwrap()).unwrap();
    house
}

/// A and B choose goats, while C is away, and B presides. On a busy machine he may come too late for
/// that: then they begin again.
fn choose_goats(house: &House) {
    let blank = House::new();
    copy(house.path(), blank.path());
    for _ in 0..20 {
        house.run(&[&["synod", "--absent", "C", "Goats"], &QUICK[..]].concat()).exits(0);
        assert_eq!(house.entries("A", "outcome", "decree")[1..], ["Goats"]);
        if house.entries("A", "beginBallot", "decree").is_empty() {
            return;
        }
        fs::remove_dir_all(house.path().join("ledgers")).unwrap();
        fs::remove_dir_all(house.path().join("messagebooks")).unwrap();
        copy(blank.path(), house.path());
    }
    panic!("B has never presided");
}

/// A and C meet, while B is away: they choose sheep, unless A remembers.
fn choose_sheep(house: &House) -> Ended {
    house.run(&[&["synod", "--absent", "B", "Sheep"], &QUICK[..]].concat())
}

/// A is kept out, nothing is changed, and one decree stands.
fn keeps_a_out(house: &House) -> Ended {
    let before = fs::read(house.ledger("A")).unwrap();
    let ended = choose_sheep(house);
    assert_eq!(house.decree().len(), 1, "two decrees under one number");
    let ended = ended.exits(2).says("ledgers/A.csv: this ledger is older than A");
    assert_eq!(fs::read(house.ledger("A")).unwrap(), before, "it was changed");
    ended
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (path, to) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
        if path.is_dir() { copy(&path, &to) } else { fs::copy(&path, &to).map(drop).unwrap() }
    }
}

#[test]
fn an_older_copy_of_a_ledger_put_back_keeps_its_priest_out() {
    let house = founded();
    let older = fs::read(house.ledger("A")).unwrap();
    choose_goats(&house);
    fs::write(house.ledger("A"), older).unwrap();
    let ended = keeps_a_out(&house);
    let ended = ended.says("--absent A").says("he voted in ballot");
    assert!(!ended.err.contains("bring"), "{}", ended.err);
}

#[test]
fn a_ledger_cut_down_to_decree_0_keeps_its_priest_out() {
    let house = founded();
    choose_goats(&house);
    let text = fs::read_to_string(house.ledger("A")).unwrap();
    let kept: String = text.split_inclusive('\n').take(2).collect();
    fs::write(house.ledger("A"), kept).unwrap();
    keeps_a_out(&house).says("ledgers/B.csv:");
}

#[test]
fn his_own_letters_keep_a_priest_out_where_no_ledger_is_left() {
    let house = founded();
    let older = fs::read(house.ledger("A")).unwrap();
    choose_goats(&house);
    fs::write(house.ledger("A"), older).unwrap();
    fs::remove_file(house.ledger("B")).unwrap();
    let refused = choose_sheep(&house).exits(2).says("messagebooks/B.csv:");
    // The vote's decree stands in the letter that asked for it.
    refused.says("echo 'prevVote,1,").says(".B,Goats' >> ").says("seal");
}

#[test]
fn a_clones_ledger_merged_back_keeps_its_priest_out() {
    let house = founded();
    let clone: PathBuf = house.path().join("clone");
    copy(&house.path().join("ledgers"), &clone.join("ledgers"));
    choose_goats(&house);
    // In the clone he sat alone for a while.
    let alone = ["--chamber", "clone", "synod", "--absent", "B,C", "--within", "100", "Wine"];
    house.run(&[&alone[..], &QUICK[..2]].concat()).exits(1);
    fs::copy(clone.join("ledgers/A.csv"), house.ledger("A")).unwrap();
    keeps_a_out(&house);
}

#[test]
fn a_seated_priest_who_lost_ledger_and_marker_gets_no_other() {
    let house = House::new();
    let pass = |more: &[&str]| house.run(&[&["pass"], more, &QUICK[..]].concat());
    pass(&["--priests", "A,B", "S is now a legislator with weight 3", "--drown"]).exits(0);
    pass(&["Wine is served", "Bread is served", "Fish is served", "Figs are served"]).exits(0);
    // He and A pass the next decree, of which B hears nothing.
    pass(&["--absent", "B", "The tax is 3"]).exits(0);
    let passed = || house.entries("B", "outcome", "number");
    let known = passed();
    fs::remove_file(house.ledger("S")).unwrap();
    fs::remove_file(house.path().join("ledgers/.seated-S")).unwrap();
    let ended = pass(&["--absent", "A", "The tax is 4"]);
    assert_eq!(passed(), known, "a second decree stands under one number");
    ended.exits(2).says("S has amnesia").says("--absent S");
    assert!(!house.ledger("S").exists() && !house.path().join("ledgers/.seated-S").exists());
}

#[test]
fn who_was_never_rolled_back_enters() {
    let house = founded();
    choose_goats(&house);
    choose_sheep(&house).exits(0);
    house.run(&[&["pass", "Bread", "Wine"], &QUICK[..]].concat()).exits(0);
    assert_eq!(house.decree(), ["Goats".to_owned()].into());
}

#[test]
fn a_letter_by_hand_keeps_a_priest_out_until_its_note_is_inked() {
    let house = founded();
    choose_goats(&house);
    echo(&house.messagebook("C"), "A,1,7.C,Sheep,LastVote,2,6.B,1");
    let refused = choose_sheep(&house).exits(2).says("if you wrote it yourself, ink its note");
    let refused = refused.says("messagebooks/C.csv:").says("otherwise leave A out");
    for row in ["nextBal,,7.C", "prevVote,2,6.B,Sheep"] {
        assert!(refused.err.contains(&format!("echo '{row}' >> ")), "{}", refused.err);
        echo(&house.ledger("A"), row);
    }
    choose_sheep(&house).exits(0);
}

#[test]
fn what_could_not_pass_as_from_him_does_not_count() {
    let house = founded();
    choose_goats(&house);
    // A LastVote lies in the messagebook of the ballot's owner; one tries his own ballots; one
    // tells his own votes, and writes himself no letters.
    echo(&house.messagebook("B"), "A,1,7.C,,LastVote,,,0");
    echo(&house.messagebook("B"), "A,1,7.C,,NextBallot,0");
    echo(&house.messagebook("A"), "A,1,7.A,,NextBallot,0");
    echo(&house.messagebook("B"), "A,3,,Sheep,Success,9");
    echo(&house.messagebook("B"), "A,1,99.A");
    choose_sheep(&house).exits(2).says("he tried ballot 99.A");
    let text = fs::read_to_string(house.messagebook("B")).unwrap();
    fs::write(house.messagebook("B"), text.replace("A,1,99.A\n", "")).unwrap();
    choose_sheep(&house).exits(0);
}

#[test]
fn anothers_ballot_proves_a_promise_and_its_outcome_a_vote() {
    let house = founded();
    let older = fs::read(house.ledger("A")).unwrap();
    choose_goats(&house);
    // All letters are lost: the other's ledger is the only witness.
    fs::remove_dir_all(house.path().join("messagebooks")).unwrap();
    fs::write(house.ledger("A"), older).unwrap();
    let refused = keeps_a_out(&house).says("ledgers/B.csv:").says("he voted in ballot");
    assert!(!refused.err.contains("yourself"), "a sealed row is not by hand: {}", refused.err);
    // Without archive and ledger there is no witness, and nobody is accused.
    fs::remove_file(house.ledger("B")).unwrap();
    choose_sheep(&house).exits(0);
}

#[test]
fn a_ballot_begun_by_hand_only_warns() {
    let house = founded();
    choose_goats(&house);
    echo(&house.ledger("B"), "beginBallot,2,9.B,Sheep,A B");
    choose_sheep(&house).exits(0).says("ledgers/B.csv:").says("by hand");
}

#[test]
fn founding_anew_moves_the_letters_of_an_earlier_chamber_aside() {
    let house = House::new();
    house
        .run(&[&["pass", "--priests", "A,B", "S is now a legislator"], &QUICK[..]].concat())
        .exits(0);
    house.run(&[&["pass", "Bread", "Wine", "Figs"], &QUICK[..]].concat()).exits(0);
    let letters = fs::read(house.messagebook("B")).unwrap();
    fs::create_dir(house.path().join("messagebooks/archive")).unwrap();
    fs::write(house.path().join("messagebooks/archive/B.000001.csv"), &letters).unwrap();
    fs::create_dir_all(house.path().join("ledgers/archive")).unwrap();
    fs::copy(house.ledger("A"), house.path().join("ledgers/archive/A.2.csv")).unwrap();
    for name in ["A", "B", "S"] {
        fs::remove_file(house.ledger(name)).unwrap();
    }
    let anew = house.run(&[&["pass", "--priests", "A,B", "Bread"], &QUICK[..]].concat()).exits(0);
    anew.says("earlier/1");
    let aside = house.path().join("earlier/1");
    for file in ["messagebooks/B.csv", "messagebooks/archive/B.000001.csv"] {
        assert_eq!(fs::read(aside.join(file)).unwrap(), letters, "{file}");
    }
    assert!(aside.join("ledgers/archive/A.2.csv").exists());
    assert!(aside.join("ledgers/.seated-S").exists());
    house.run(&["audit"]).exits(0).says("Consistent");
    // A third chamber, in the same place.
    fs::remove_dir_all(house.path().join("ledgers")).unwrap();
    house
        .run(&[&["pass", "--priests", "A,B", "Bread"], &QUICK[..]].concat())
        .exits(0)
        .says("earlier/2");
}

/// Each may be all that is left of an earlier chamber.
#[test]
fn founding_anew_moves_aside_each_kind_of_record_alone() {
    let letter =
        "from,code,ballot,decree,message,number,vote,of,petition,at\nA,1,9.B,,LastVote,,,0\n";
    let records = [
        "messagebooks/B.csv",
        "messagebooks/archive/B.000001.csv",
        "ledgers/archive/A.2.csv",
        "ledgers/.seated-S",
    ];
    for record in records {
        let house = House::new();
        let path = house.path().join(record);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, letter).unwrap();
        let pass = [&["pass", "--priests", "A,B", "Bread"], &QUICK[..]].concat();
        house.run(&pass).exits(0).says("earlier/1");
        let aside = house.path().join("earlier/1").join(record);
        assert_eq!(fs::read_to_string(aside).unwrap(), letter, "{record}");
        house.run(&[&["pass", "Wine"], &QUICK[..]].concat()).exits(0);
    }
}

#[test]
fn where_all_ledgers_are_older_a_flag_inks_the_proved_rows() {
    let house = founded();
    let older: Vec<(PathBuf, Vec<u8>)> = ["A", "B", "C"]
        .map(|name| (house.ledger(name), fs::read(house.ledger(name)).unwrap()))
        .into();
    house.run(&[&["pass", "Goats", "Figs"], &QUICK[..]].concat()).exits(0);
    for (path, text) in &older {
        fs::write(path, text).unwrap();
    }
    let refused = house.run(&[&["pass", "Sheep"], &QUICK[..]].concat()).exits(2);
    let refused = refused.says("1: Goats").says("2: Figs").says("3 of 3 ledgers are older");
    let refused = refused.says("--chamber DIR").says("--risk-two-decrees A,B,C");
    assert!(!refused.err.contains("--absent A,B,C"), "nobody would be left: {}", refused.err);
    refused.says("two decrees may pass under one number");
    let risk = ["pass", "Sheep", "--risk-two-decrees", "A,B,C"];
    house.run(&[&risk, &QUICK[..]].concat()).exits(0).says("inked");
    // The votes bind again (B3), and the promises are kept from now on.
    assert_eq!(house.entries("C", "outcome", "decree"), ["A B C", "Goats", "Figs", "Sheep"]);
    house.run(&[&["pass", "Wine"], &QUICK[..]].concat()).exits(0);
}

#[test]
fn decrees_in_a_law_book_are_not_called_lost() {
    let house = founded();
    let pass = |decrees: &[&str]| {
        let law_books = ["--law-book-every", "3"];
        house.run(&[&["pass"], decrees, &law_books, &QUICK[..]].concat())
    };
    pass(&["Bread", "Wine", "Figs", "Fish", "Olives", "Lamps", "Oil", "Salt"]).exits(0);
    let older = ["A", "B", "C"].map(|name| (house.ledger(name), fs::read(house.ledger(name))));
    assert!(String::from_utf8_lossy(older[0].1.as_ref().unwrap()).contains("\nlawBook,"));
    pass(&["Goats", "Sheep"]).exits(0);
    for (path, text) in older {
        fs::write(path, text.unwrap()).unwrap();
    }
    let refused = pass(&["Cows"]).exits(2).says("9: Goats").says("10: Sheep");
    assert!(!refused.err.contains("1: Bread"), "it stands in the law books: {}", refused.err);
}

#[test]
fn a_number_beyond_all_reason_is_not_advised_to_be_inked() {
    let house = founded();
    choose_goats(&house);
    echo(&house.messagebook("B"), "A,1,9007199254740992.A,,NextBallot,0");
    let refused = choose_sheep(&house).exits(2).says("if you wrote it yourself, take it out of");
    assert!(!refused.err.contains("echo"), "{}", refused.err);
}

#[test]
fn how_far_evidence_was_looked_for_is_told_once_per_priest() {
    let house = founded();
    choose_goats(&house);
    let told = |more: &[&str]| {
        let ended = house.run(&[&["pass", "Bread"], more, &QUICK[..]].concat()).exits(0);
        let all = ended.out.clone() + &ended.err;
        let lines: Vec<&str> =
            all.lines().filter(|it| it.contains("looked at 3 ledgers")).collect();
        ["A: ", "B: ", "C: "].map(|name| lines.iter().filter(|it| it.contains(name)).count())
    };
    assert_eq!(told(&["-v"]), [1, 1, 1]);
    assert_eq!(told(&[]), [0, 0, 0]);
}

/// A's ledger as it was before goats were chosen, with letters that tell of what it lacks.
fn rolled_back(founding: &str) -> (House, Chamber) {
    let house = House::new();
    let chamber = Chamber::at(house.path());
    chamber.found(&founding.parse().unwrap()).unwrap();
    let older = fs::read(house.ledger("A")).unwrap();
    choose_goats(&house);
    fs::write(house.ledger("A"), older).unwrap();
    (house, chamber)
}

/// The proofs about A, with this many bytes of his letters read, and this many of the ledgers.
fn proved(chamber: &Chamber, of_the_rest: u64, of_each_ledger: u64) -> (Option<Hand>, Looked) {
    let held = TakenDown::by(chamber, "A".parse().unwrap()).unwrap().held();
    let (name, reach) = (held.0, Reach { of_each_ledger, of_the_rest });
    let evidence = chamber.evidence([held], reach);
    (evidence.cases()[&name].contradicted_by(), evidence.looked)
}

#[test]
fn letters_are_heard_as_far_as_the_budget_reaches() {
    let (house, chamber) = rolled_back("A B C");
    for name in ["A", "C"] {
        fs::remove_file(house.messagebook(name)).unwrap();
    }
    let letters = fs::read_to_string(house.messagebook("B")).unwrap();
    let size = letters.len() as u64;
    let his_last = size - letters.rfind("\nA,").unwrap() as u64 - 1;
    let mut partly = 0;
    for bytes in 0..=size {
        // Half of it is for letters, the other half for archived ledgers.
        let (hand, looked) = proved(&chamber, 2 * bytes, 0);
        let expected = (bytes >= his_last).then_some(Hand::Anybody);
        assert_eq!(hand, expected, "{bytes} of {size} bytes, his last row within {his_last}");
        assert_eq!((looked.bytes, looked.of), (bytes, size));
        let said = looked.to_string();
        match bytes == size {
            true => assert!(
                said.ends_with(&format!("at all of the messagebooks and archives ({size} bytes)"))
            ),
            false => assert!(said.contains(&format!("at the last {bytes} of {size} bytes"))),
        }
        partly += u64::from(bytes < size && hand.is_some());
    }
    assert!(partly > 0, "his last row was the first");
}

/// The rest of a row that was begun before what is read: `CA,…` without its first byte is `A,…`.
#[test]
fn a_row_of_which_the_beginning_is_not_read_proves_nothing() {
    let house = House::new();
    let chamber = Chamber::at(house.path());
    chamber.found(&"A B CA".parse().unwrap()).unwrap();
    house.run(&[&["synod", "--absent", "A", "Goats"], &QUICK[..]].concat()).exits(0);
    let letters = |name| fs::read_to_string(house.messagebook(name)).unwrap_or_default();
    let size: usize = ["A", "B", "CA"].map(|name| letters(name).len()).iter().sum();
    assert!(letters("B").contains("\nCA,"), "CA wrote nothing");
    for name in ["A", "CA"] {
        let _ = fs::remove_file(house.messagebook(name));
    }
    for bytes in 0..=size as u64 {
        assert_eq!(proved(&chamber, 2 * bytes, 0).0, None, "{bytes} bytes");
    }
}

#[test]
fn a_ledger_of_another_chamber_proves_nothing() {
    let (other, chamber) = rolled_back("A B C alpha=9");
    fs::remove_dir_all(other.path().join("messagebooks")).unwrap();
    assert_eq!(proved(&chamber, 0, u64::MAX).0, Some(Hand::Sealed), "it proves much in its own");
    let house = founded();
    fs::copy(other.ledger("B"), house.ledger("B")).unwrap();
    assert_eq!(proved(&Chamber::at(house.path()), 0, u64::MAX).0, None);
}

#[test]
fn a_ballot_in_a_strangers_ledger_proves_nothing() {
    let house = founded();
    choose_goats(&house);
    echo(&house.ledger("C"), "beginBallot,2,9.B,Sheep,A B");
    let chamber = Chamber::at(house.path());
    assert_eq!(proved(&chamber, 0, u64::MAX).0, None);
    echo(&house.ledger("B"), "beginBallot,2,9.B,Sheep,A B");
    assert_eq!(proved(&chamber, 0, u64::MAX).0, Some(Hand::BegunByAnybody), "it would warn");
}

/// A promise is inked, then told: who reads the ledger first and the letter then must look again.
#[test]
fn nobody_is_accused_of_what_he_inks_while_evidence_is_read() {
    let house = founded();
    let chamber = Chamber::at(house.path());
    let [a, b]: [Name; 2] = ["A", "B"].map(|name| name.parse().unwrap());
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let (mut ledger, _) = LedgerFile::open(&chamber, a).unwrap();
            let mut book = Messagebook::of(&chamber, b);
            for round in 1..=2_000 {
                let ballot = BallotNumber { round, owner: b };
                ledger.ink(&[Entry::NextBal { ballot }]).unwrap();
                let told = Message::LastVote { ballot, vote: None, of: 0 };
                book.append([(a, &told)]).unwrap();
                if is_over.load(Ordering::Relaxed) {
                    return;
                }
            }
        });
        let accused = (0..10).find_map(|_| {
            let evidence = chamber.evidence_of_all().unwrap();
            evidence.cases()[&a].contradicted_by()
        });
        is_over.store(true, Ordering::Relaxed);
        assert_eq!(accused, None);
    });
}
