//! Ledgers under crashes, forgeries and hands. `[PTP §2.2, §2.3]`

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use parliament::chamber::{Chamber, LedgerError, LedgerFile, Opened, Seal, read_ledger};
use parliament::synod::{Decree, Entry, Founding, Ledger, Name};

/// A founded chamber of Dwork, Gray and Oki, in a directory of its own.
struct Scene {
    chamber: Chamber,
    _root: tempfile::TempDir,
}

fn founding() -> Founding {
    "Dwork Gray Oki".parse().unwrap()
}

fn gray() -> Name {
    "Gray".parse().unwrap()
}

fn scene() -> Scene {
    let root = tempfile::tempdir().unwrap();
    let noon = chrono::DateTime::parse_from_rfc3339("2026-03-01T12:00:00Z").unwrap().to_utc();
    let chamber = Chamber::at(root.path()).with_clock(Arc::new(move || noon));
    chamber.found(&founding()).unwrap();
    Scene { chamber, _root: root }
}

impl Scene {
    fn path(&self) -> PathBuf {
        self.chamber.ledger(gray())
    }

    fn bytes(&self) -> Vec<u8> {
        fs::read(self.path()).unwrap()
    }

    /// Gray's ledger, with these bytes put in place of what it holds.
    fn reopen(&self, bytes: &[u8]) -> Result<Opened, LedgerError> {
        fs::write(self.path(), bytes).unwrap();
        LedgerFile::open(&self.chamber, gray()).map(|(_, opened)| opened)
    }

    /// Inks rows, each batch with a drying of its own.
    fn ink(&self, batches: &[&[Entry]]) {
        let (mut ledger, _) = LedgerFile::open(&self.chamber, gray()).unwrap();
        for rows in batches {
            ledger.ink(rows).unwrap();
            ledger.dry().unwrap();
        }
    }
}

fn promise(ballot: &str) -> Entry {
    Entry::NextBal { ballot: ballot.parse().unwrap() }
}

fn vote(ballot: &str, decree: &str) -> Entry {
    let decree = Decree::new(decree).unwrap();
    Entry::PrevVote { number: 1, ballot: ballot.parse().unwrap(), decree }
}

fn some_rows() -> Vec<Entry> {
    vec![
        promise("2.Oki"),
        vote("2.Oki", "olives, and \"lamps\""),
        promise("3.Dwork"),
        vote("3.Dwork", "olive"),
    ]
}

/// Where each line begins.
fn beginnings(bytes: &[u8]) -> Vec<usize> {
    let ends = bytes.iter().enumerate().filter(|(_, b)| **b == b'\n').map(|(i, _)| i + 1);
    std::iter::once(0).chain(ends).collect()
}

#[test]
fn what_was_inked_is_read_again() {
    let scene = scene();
    let rows = some_rows();
    scene.ink(&[&rows[..2], &rows[2..]]);
    let opened = scene.reopen(&scene.bytes()).unwrap();
    assert_eq!(opened.rows[1..], rows);
    assert_eq!((opened.cut, opened.by_hand), (None, vec![]));
    let seals = read_ledger(&scene.path()).unwrap().map(|row| row.unwrap().unwrap().seal);
    assert!(seals.into_iter().all(|seal| seal == Seal::Sound));
}
