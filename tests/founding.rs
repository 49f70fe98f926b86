//! Founding a chamber, cut short at every step; amnesia; ledgers from elsewhere. `[PTP §1.3, §2.2]`

#![cfg(feature = "cli")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parliament::chamber::{Chamber, ChamberError, LedgerError, LedgerFile};
use parliament::synod::{Founding, Name};

fn founding(text: &str) -> Founding {
    text.parse().unwrap()
}

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

fn chamber(root: &Path) -> Chamber {
    let noon = chrono::DateTime::parse_from_rfc3339("2026-03-01T12:00:00Z").unwrap().to_utc();
    Chamber::at(root).with_clock(Arc::new(move || noon))
}

/// Every file of the chamber and what it holds.
fn files(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for directory in ["ledgers", "messagebooks"] {
        for entry in fs::read_dir(root.join(directory)).into_iter().flatten() {
            let path = entry.unwrap().path();
            found.insert(path.strip_prefix(root).unwrap().into(), fs::read(path).unwrap());
        }
    }
    found
}

#[test]
fn a_chamber_is_founded_once_and_by_one_decree() {
    let root = tempfile::tempdir().unwrap();
    let chamber = chamber(root.path());
    assert_eq!(chamber.founding().unwrap(), None);
    assert!(matches!(chamber.check(name("A")), Err(LedgerError::NotFounded { .. })));
    let decree = founding("A B:2 Γ alpha=9");
    chamber.found(&decree).unwrap();
    assert_eq!(chamber.founding().unwrap(), Some(decree.clone()));
    let once = files(root.path());
    assert_eq!(once.len(), 6, "three ledgers and three messagebooks: {:?}", once.keys());
    chamber.found(&decree).unwrap();
    assert_eq!(files(root.path()), once);
    let refused = chamber.found(&founding("A B Γ")).unwrap_err();
    assert!(refused.to_string().contains("founded as `A B:2 Γ alpha=9`"), "{refused}");
    assert_eq!(files(root.path()), once);
}

#[test]
fn a_founding_cut_short_anywhere_is_completed_by_the_next_user() {
    let whole = tempfile::tempdir().unwrap();
    let decree = founding("A B Γ");
    chamber(whole.path()).found(&decree).unwrap();
    let all = files(whole.path());
    let note = PathBuf::from("ledgers/.founding");
    for there in 0..1_u32 << all.len() {
        let root = tempfile::tempdir().unwrap();
        for directory in ["ledgers", "messagebooks"] {
            fs::create_dir_all(root.path().join(directory)).unwrap();
        }
        fs::write(root.path().join(&note), decree.to_string()).unwrap();
        for (i, (path, bytes)) in all.iter().enumerate() {
            match there >> i & 1 {
                1 => fs::write(root.path().join(path), bytes).unwrap(),
                // A draft that had not been given its name yet, torn, or a name without a text.
                _ if i % 3 == 0 => {
                    let file = path.file_name().unwrap().to_str().unwrap();
                    let draft = root.path().join(path).with_file_name(format!(".{file}.draft"));
                    fs::write(draft, &bytes[..bytes.len() / 2]).unwrap();
                }
                _ if i % 3 == 1 => fs::write(root.path().join(path), "").unwrap(),
                _ => {}
            }
        }
        let chamber = chamber(root.path());
        assert_eq!(chamber.founding().unwrap(), Some(decree.clone()));
        for priest in decree.membership.names() {
            LedgerFile::open(&chamber, priest).unwrap();
        }
        assert!(!root.path().join(&note).exists());
    }
}

#[test]
fn nobody_enters_before_the_founding_is_complete() {
    let root = tempfile::tempdir().unwrap();
    let chamber = chamber(root.path());
    chamber.found(&founding("A B Γ")).unwrap();
    fs::write(root.path().join("ledgers/.founding"), "A B Γ").unwrap();
    fs::remove_file(chamber.ledger(name("B"))).unwrap();
    let early = LedgerFile::open(&chamber, name("A"));
    assert!(matches!(early, Err(LedgerError::Chamber(_))), "{early:?}");
    chamber.founding().unwrap();
    LedgerFile::open(&chamber, name("A")).unwrap();
    LedgerFile::open(&chamber, name("B")).unwrap();
}

#[test]
fn many_who_found_at_once_found_one_chamber() {
    let root = tempfile::tempdir().unwrap();
    let chamber = chamber(root.path());
    let decree = founding("A B Γ");
    std::thread::scope(|threads| {
        let founders: Vec<_> =
            (0..8).map(|_| threads.spawn(|| chamber.found(&decree).unwrap())).collect();
        founders.into_iter().for_each(|founder| drop(founder.join().unwrap()));
    });
    for priest in decree.membership.names() {
        assert_eq!(chamber.check(priest).unwrap().rows.len(), 1);
    }
}

#[test]
fn a_ledger_lost_after_the_founding_is_not_founded_again() {
    let root = tempfile::tempdir().unwrap();
    let chamber = chamber(root.path());
    let decree = founding("A B Γ");
    chamber.found(&decree).unwrap();
    fs::remove_file(chamber.ledger(name("B"))).unwrap();
    chamber.found(&decree).unwrap();
    assert!(!chamber.ledger(name("B")).exists());
    assert!(matches!(chamber.check(name("B")), Err(LedgerError::Amnesia { .. })));
    assert!(chamber.check(name("A")).is_ok());
}

#[test]
fn a_ledger_from_another_chamber_is_refused_with_its_place() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (ours, other) = (chamber(here.path()), chamber(there.path()));
    ours.found(&founding("A B Γ")).unwrap();
    other.found(&founding("B Γ Δ")).unwrap();
    fs::copy(other.ledger(name("B")), ours.ledger(name("B"))).unwrap();
    let newcomer = || chamber(here.path());
    let chamber = newcomer();
    assert_eq!(chamber.founding().unwrap(), Some(founding("A B Γ")));
    let refused = chamber.check(name("B")).unwrap_err();
    assert!(matches!(refused, LedgerError::Foreign { .. }), "{refused}");
    assert!(
        refused.to_string().contains("B.csv:2:1") && refused.to_string().contains("--absent B")
    );

    fs::copy(other.ledger(name("Δ")), ours.ledger(name("Δ"))).unwrap();
    let divided = newcomer().founding();
    assert!(matches!(divided, Err(ChamberError::Divided { .. })), "two against two: {divided:?}");
    let known = chamber.founding().unwrap();
    assert_eq!(
        known,
        Some(founding("A B Γ")),
        "everyone who has read the founding decree knows it"
    );
}

#[test]
fn a_ledger_of_one_who_has_no_seat_is_named_and_he_is_kept_out() {
    let root = tempfile::tempdir().unwrap();
    let chamber = chamber(root.path());
    let decree = founding("A B Γ");
    chamber.found(&decree).unwrap();
    for file in ["Stranger.csv", "A.csv~", ".A.csv.swp", "A (conflicted copy).csv", "README.md"] {
        fs::copy(chamber.ledger(name("A")), root.path().join("ledgers").join(file)).unwrap();
    }
    assert_eq!(chamber.strangers(&decree).unwrap(), [name("Stranger")]);
    assert!(matches!(chamber.check(name("Stranger")), Err(LedgerError::Stranger { .. })));
}

#[test]
fn nobody_is_given_a_ledger_under_a_name_spelt_otherwise() {
    let root = tempfile::tempdir().unwrap();
    let chamber = chamber(root.path());
    chamber.found(&founding("Dwork Ren\u{e9}")).unwrap();
    chamber.seat(name("Σωκράτης")).unwrap();
    let before = files(root.path());
    for twin in ["Rene\u{301}", "REN\u{c9}", "ΣΩΚΡΆΤΗΣ", "Σωκράτησ", "dwork"] {
        let refused = chamber.seat(name(twin));
        assert!(matches!(refused, Err(LedgerError::Alike { .. })), "{twin}: {refused:?}");
        assert_eq!(files(root.path()), before, "{twin}");
    }
    chamber.seat(name("Rene")).unwrap();
    assert!(chamber.has_ledger(name("Rene")));
}

#[test]
fn what_somebody_wrote_before_the_founding_is_not_overwritten() {
    let root = tempfile::tempdir().unwrap();
    let chamber = chamber(root.path());
    fs::create_dir_all(root.path().join("ledgers")).unwrap();
    let text = "entry,number,ballot,decree\nnextBal,,4.B\n";
    fs::write(chamber.ledger(name("A")), text).unwrap();
    let refused = chamber.found(&founding("A B Γ"));
    assert!(matches!(refused, Err(ChamberError::InkedBefore { .. })), "{refused:?}");
    assert_eq!(fs::read_to_string(chamber.ledger(name("A"))).unwrap(), text);
    fs::write(chamber.ledger(name("A")), "what is this?").unwrap();
    assert!(chamber.found(&founding("A B Γ")).is_err());
}

/// Another process that was stopped in the midst of a founding holds the directory forever.
#[test]
fn a_founding_that_does_not_go_on_is_waited_for_with_patience() {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join("ledgers")).unwrap();
    fs::write(root.path().join("ledgers/.founding"), "A B Γ").unwrap();
    let stopped = fs::File::open(root.path().join("ledgers")).unwrap();
    stopped.lock().unwrap();
    let chamber = chamber(root.path()).waiting_at_most(std::time::Duration::from_millis(20));
    for refused in [chamber.founding().map(drop), chamber.found(&founding("A B Γ")).map(drop)] {
        assert!(matches!(refused, Err(ChamberError::Locked { .. })), "{refused:?}");
    }
    stopped.unlock().unwrap();
    assert_eq!(chamber.founding().unwrap(), Some(founding("A B Γ")));
}
