//! Tests of the evidence that records give, in each place where they may lie.

use super::*;
use crate::chamber::LedgerFile;
use crate::records::evidence::Held;
use crate::synod::Ledger;
use proptest::prelude::*;
use std::fs;

const LETTERS: &str = "from,code,ballot,decree,message,number,vote,of,petition,at\n";

/// A chamber of A, B and C, in which nothing has happened yet.
struct Room {
    chamber: Chamber,
    directory: tempfile::TempDir,
}

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

fn begun(number: DecreeNumber, text: &str) -> Entry {
    let quorum = Arc::new(["A", "B"].map(name).into());
    let (ballot, decree) = ("2.B".parse().unwrap(), Decree::new(text).unwrap());
    Entry::BeginBallot { number, ballot, decree, quorum }
}

fn outcome(number: DecreeNumber, text: &str) -> Entry {
    let ballot = Some("2.B".parse().unwrap());
    Entry::Outcome { number, decree: Decree::new(text).unwrap(), ballot }
}

impl Room {
    fn new() -> Room {
        let directory = tempfile::tempdir().unwrap();
        let chamber = Chamber::at(directory.path());
        chamber.found(&"A B C".parse().unwrap()).unwrap();
        fs::create_dir_all(chamber.ledgers().join("archive")).unwrap();
        fs::create_dir_all(chamber.messagebooks().join("archive")).unwrap();
        Room { chamber, directory }
    }

    fn at(&self, file: &str) -> PathBuf {
        self.directory.path().join(file)
    }

    /// Rows with seals.
    fn ink(&self, owner: &str, rows: &[Entry]) {
        let (mut ledger, _) = LedgerFile::open(&self.chamber, name(owner)).unwrap();
        ledger.ink(rows).unwrap();
        ledger.dry().unwrap();
    }

    /// Rows by hand.
    fn echo(&self, file: &str, rows: &str) {
        let stands = fs::read_to_string(self.at(file)).unwrap_or_else(|_| {
            if file.starts_with("ledgers") { self.founding() } else { LETTERS.into() }
        });
        fs::write(self.at(file), stands + rows).unwrap();
    }

    fn founding(&self) -> String {
        let text = fs::read_to_string(self.at("ledgers/C.csv")).unwrap();
        text.split_inclusive('\n').take(2).collect()
    }

    fn evidence(&self) -> Evidence {
        self.chamber.evidence_of_all().unwrap()
    }

    /// The hands whose rows prove that this priest's ledger lacks a vote.
    fn votes_lacked(&self, of: &str) -> Vec<Hand> {
        let evidence = self.evidence();
        let case = &evidence.cases()[&name(of)];
        let is_vote = |(claim, _): (Claim, &Proof)| matches!(claim, Claim::Voted { .. });
        let hands = [Hand::Sealed, Hand::Anybody, Hand::BegunByAnybody];
        hands.into_iter().filter(|&hand| case.against(hand).any(is_vote)).collect()
    }

    fn accuses(&self, of: &str) -> bool {
        self.evidence().cases()[&name(of)].contradicted_by().is_some()
    }
}

#[test]
fn a_letter_proves_the_same_wherever_it_lies() {
    for file in ["messagebooks/B.csv", "messagebooks/archive/B.000001.csv"] {
        let room = Room::new();
        room.echo(file, "A,,2.B,,LastVote,,,0\n");
        assert!(room.accuses("A"), "{file}");
    }
}

#[test]
fn rows_prove_the_same_in_any_order_of_columns() {
    let swapped = Room::new();
    let header = "from,message,code,ballot,decree,number,vote,of,petition,at\n";
    let letter = format!("{header}A,LastVote,,2.B,,,,0,,\n");
    fs::write(swapped.at("messagebooks/B.csv"), &letter).unwrap();
    assert!(swapped.accuses("A"));
    // The header counts also where only the last row is read.
    for other in ["A", "C"] {
        fs::remove_file(swapped.at(&format!("messagebooks/{other}.csv"))).unwrap();
    }
    let priest = (name("A"), Held::default());
    let reach = Reach { of_each_ledger: 0, of_the_rest: 2 * (letter.len() - header.len()) as u64 };
    let evidence = swapped.chamber.evidence([priest], reach);
    assert!(evidence.cases()[&name("A")].contradicted_by().is_some());
    let swapped = Room::new();
    let ledger = "entry,quorum,ballot,decree,number\noutcome,,,A B C,0\nbeginBallot,A B,2.B,x,1\n";
    fs::write(swapped.at("ledgers/B.csv"), ledger).unwrap();
    assert!(swapped.accuses("A"));
}

/// A ballot may be begun in any of a president's ledgers, and its outcome inked in a later one;
/// the volumes are numbered, and 10 follows 3.
#[test]
fn a_ballot_and_its_outcome_may_stand_in_two_ledgers() {
    let ledgers = ["ledgers/archive/B.3.csv", "ledgers/archive/B.10.csv", "ledgers/B.csv"];
    for (first, second) in [(0, 0), (0, 1), (0, 2), (1, 2), (2, 2)] {
        let room = Room::new();
        room.echo("ledgers/A.csv", "nextBal,,2.B\n");
        room.echo("ledgers/B.csv", "lastTried,,2.B\nnextBal,,2.B\n");
        room.echo(ledgers[first], "beginBallot,1,2.B,Goats,A B\n");
        assert_eq!(room.votes_lacked("A"), [], "{first}: he may never have voted");
        room.echo(ledgers[second], "outcome,1,2.B,Goats\n");
        assert_eq!(room.votes_lacked("A"), [Hand::BegunByAnybody], "{first} {second}");
        assert_eq!(room.votes_lacked("B"), [], "his own vote, by his own ledger");
    }
}

#[test]
fn a_vote_is_proved_by_as_strong_a_hand_as_the_weaker_row() {
    for (sealed_begun, sealed_outcome, hand) in [
        (true, true, Hand::Sealed),
        (true, false, Hand::Anybody),
        (false, true, Hand::BegunByAnybody),
        (false, false, Hand::BegunByAnybody),
    ] {
        let room = Room::new();
        room.echo("ledgers/A.csv", "nextBal,,2.B\n");
        room.ink(
            "B",
            &["lastTried", "nextBal"].map(|note| {
                let ballot = "2.B".parse().unwrap();
                if note == "nextBal" {
                    Entry::NextBal { ballot }
                } else {
                    Entry::LastTried { ballot }
                }
            }),
        );
        match sealed_begun {
            true => room.ink("B", &[begun(1, "Goats")]),
            false => room.echo("ledgers/B.csv", "beginBallot,1,2.B,Goats,A B\n"),
        }
        match sealed_outcome {
            true => room.ink("B", &[outcome(1, "Goats")]),
            false => room.echo("ledgers/B.csv", "outcome,1,2.B,Goats\n"),
        }
        assert_eq!(room.votes_lacked("A"), [hand], "{sealed_begun} {sealed_outcome}");
    }
}

#[test]
fn a_row_whose_seal_does_not_fit_proves_nothing() {
    let room = Room::new();
    room.ink("B", &[begun(1, "Goats")]);
    assert!(room.accuses("A"));
    let text = fs::read_to_string(room.at("ledgers/B.csv")).unwrap();
    fs::write(room.at("ledgers/B.csv"), text.replace("Goats", "Goads")).unwrap();
    assert!(!room.accuses("A"));
}

#[test]
fn the_decree_of_a_vote_is_found_in_the_ballots_row() {
    let room = Room::new();
    room.echo("ledgers/A.csv", "nextBal,,2.B\n");
    room.echo("messagebooks/B.csv", "A,,2.B,,Voted,1\n");
    let vote = Claim::Voted { number: 1, ballot: "2.B".parse().unwrap(), decree: None };
    assert_eq!(room.evidence().note(&vote), None);
    room.ink("B", &[begun(1, "Goats")]);
    let note = room.evidence().note(&vote);
    assert!(matches!(note, Some(Entry::PrevVote { ref decree, .. }) if decree.text() == "Goats"));
}

#[test]
fn every_file_that_could_not_be_read_is_counted() {
    for file in [
        "messagebooks/B.csv",
        "messagebooks/archive/B.000001.csv",
        "ledgers/archive/B.3.csv",
        "ledgers/Skeen.csv",
    ] {
        let room = Room::new();
        assert_eq!(room.evidence().looked.unread, 0);
        let _ = fs::remove_file(room.at(file));
        fs::create_dir(room.at(file)).unwrap();
        assert_eq!(room.evidence().looked.unread, 1, "{file}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// The whole budget is spent if there is so much to read, no file gets less than an equal
    /// share of it, and none more than it has.
    #[test]
    fn a_budget_is_divided_so_that_no_file_is_slighted(
        sizes in prop::collection::vec(0..2_000_u64, 1..9),
        budget in 0..9_000_u64,
    ) {
        let directory = tempfile::tempdir().unwrap();
        let mut files = Vec::new();
        for (place, &size) in sizes.iter().enumerate() {
            let path = directory.path().join(format!("A.{place}.csv"));
            fs::write(&path, vec![b'x'; size as usize]).unwrap();
            files.push((path, name("A")));
        }
        let mut evidence = Evidence::default();
        let (all, least) = (sizes.iter().sum::<u64>(), budget / sizes.len() as u64);
        let shares = shares(files, budget, &mut evidence);
        prop_assert_eq!(shares.len(), sizes.len());
        for (path, _, share) in &shares {
            let size = fs::metadata(path.as_ref()).unwrap().len();
            prop_assert!(*share <= size && *share >= size.min(least), "{share} of {size}");
        }
        let spent: u64 = shares.iter().map(|it| it.2).sum();
        prop_assert_eq!(spent, all.min(budget));
        prop_assert_eq!((evidence.looked.bytes, evidence.looked.of), (spent, all));
    }

    /// Each decree is in none or some of: his own ledger, his law book, another's ledger, sealed
    /// or by hand, another's archive, a letter.
    #[test]
    fn lost_decrees_are_those_others_prove_and_he_lacks(
        places in prop::collection::vec(0..32_u8, 1..6),
        book in 0..3_u64,
    ) {
        let room = Room::new();
        let text = |number: u64| format!("Decree {number}");
        let (mut his, mut by_hand, mut expected) = (String::new(), String::new(), Vec::new());
        for (number, place) in (1..).zip(&places) {
            let is_in = |bit: u8| place & 1 << bit != 0;
            let row = format!("outcome,{number},2.B,{}\n", text(number));
            if is_in(0) {
                his += &row;
            }
            if is_in(1) {
                by_hand += &row;
            }
            if is_in(2) {
                room.ink("B", &[outcome(number, &text(number))]);
            }
            if is_in(3) {
                let letter = format!("B,,2.B,{},Success,{number}\n", text(number));
                room.echo("messagebooks/C.csv", &letter);
            }
            if (is_in(2) || is_in(3)) && !is_in(0) && number > book {
                expected.push(number);
            }
        }
        if book > 0 {
            his = format!("lawBook,{book},,\nbound,{book},,\n{his}");
        }
        room.echo("ledgers/A.csv", &his);
        room.echo("ledgers/B.csv", &by_hand);
        let lost = room.chamber.decrees_lost_to(&[name("A")]);
        prop_assert_eq!(lost.keys().copied().collect::<Vec<_>>(), expected);
        prop_assert!(lost.iter().all(|(&number, decree)| decree.text() == text(number)));
    }
}
