//! A long sitting: what grows with the decrees, and what does not.
//!
//! `DECREES=1000000 cargo test --release --test suite long_sitting -- --nocapture` for a very long one;
//! it takes some minutes and a gigabyte of disk, and ends with a table.

#![cfg(feature = "cli")]

use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::common::{House, wait_until};
use parliament::chamber::{Chamber, LedgerFile};
use parliament::parliament::Legislator;
use parliament::synod::Name;

const THREE: [&str; 3] = ["Gray", "Lynch", "Oki"];

/// A priest in a process of his own, killed when the test ends.
struct Alone(&'static str, Child);

impl Alone {
    fn enter(house: &House, name: &'static str, archive_at: &str) -> Alone {
        let arguments = ["priest", name, "--quiet", "--archive-at", archive_at];
        let founding = ["--priests", "Gray,Lynch,Oki", "--alpha", "1000"];
        let mut command = house.command(&[&arguments[..], &founding].concat());
        let child = command.stdout(Stdio::null()).stderr(Stdio::inherit()).spawn().unwrap();
        Alone(name, child)
    }

    /// The most memory this process ever held, in kilobytes; nothing where the system does not say.
    fn peak(&self) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.1.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        line.split_whitespace().next()?.parse().ok()
    }
}

impl Drop for Alone {
    fn drop(&mut self) {
        let _ = self.1.kill();
        let _ = self.1.wait();
    }
}

/// The bytes of all files of a directory, and how many they are.
fn size(directory: &Path) -> (u64, usize) {
    let Ok(entries) = fs::read_dir(directory) else { return (0, 0) };
    let sizes: Vec<u64> = entries
        .filter_map(|entry| entry.unwrap().metadata().ok().filter(fs::Metadata::is_file))
        .map(|metadata| metadata.len())
        .collect();
    (sizes.iter().sum(), sizes.len())
}

fn megabytes(kilobytes: Option<u64>) -> String {
    kilobytes.map_or("?".into(), |kilobytes| format!("{:.0} MB", kilobytes as f64 / 1000.0))
}

/// How many tries Oki has made: one for each time he took the chair.
fn presidencies(house: &House) -> usize {
    let ledger = fs::read_to_string(house.ledger("Oki")).unwrap_or_default();
    ledger.lines().filter(|line| line.starts_with("lastTried,")).count()
}

#[test]
fn a_long_sitting_is_archived_and_taken_up_again() {
    let decrees: u64 = std::env::var("DECREES").map_or(2000, |n| n.parse().unwrap());
    let archive_at = if decrees > 100_000 { "64MiB" } else { "32KiB" };
    let house = House::new();
    let tolls: Vec<String> =
        (1..=decrees).map(|n| format!("The olive tax is {n} drachmas per ton")).collect();
    fs::write(house.path().join("tolls"), tolls.join("\n")).unwrap();
    drop(tolls);

    let priests = THREE.map(|name| Alone::enter(&house, name, archive_at));
    wait_until("Oki presides", || presidencies(&house) > 0);
    let at_first: Vec<Option<u64>> = priests.iter().map(Alone::peak).collect();
    let begun = Instant::now();
    house.run(&["pass", "--from", "tolls", "--within", "1h", "--json"]).exits(0);
    let took = begun.elapsed();
    let chamber = Chamber::at(house.path());
    let archived = size(&chamber.archive());
    println!("{decrees} decrees in {:.1} s", took.as_secs_f64());
    for (priest, at_first) in priests.iter().zip(at_first) {
        let peak = priest.peak();
        let per_decree = peak.zip(at_first).map(|(peak, first)| (peak - first) * 1024 / decrees);
        println!(
            "{:6} peak memory {}, {} at the beginning: {} bytes per decree",
            priest.0,
            megabytes(peak),
            megabytes(at_first),
            per_decree.map_or("?".into(), |bytes| bytes.to_string()),
        );
        if decrees > 100_000 {
            assert!(per_decree.is_none_or(|bytes| bytes < 400), "{per_decree:?} bytes");
        }
    }
    let ledger = fs::metadata(house.ledger("Oki")).unwrap().len();
    println!("Oki's ledger has {ledger} bytes, {} per decree", ledger / decrees);
    println!("{} messagebooks archived, of {} bytes", archived.1, archived.0);
    assert!(archived.1 >= 3, "{archived:?}");
    drop(priests);

    let begun = Instant::now();
    let oki: Name = "Oki".parse().unwrap();
    let founding = Arc::new(chamber.founding().unwrap().unwrap());
    let (file, opened) = LedgerFile::open(&chamber, oki).unwrap();
    let read = begun.elapsed();
    let legislator = Legislator::from_ledger(oki, founding, &opened.rows);
    let rows = opened.rows.len();
    println!(
        "reading {rows} rows of it again: {read:.2?}, with all he knows {:.2?}",
        begun.elapsed()
    );
    assert_eq!(legislator.pages().complete_through(), decrees);
    drop((file, legislator, opened));

    let before = presidencies(&house);
    let begun = Instant::now();
    let priests = THREE.map(|name| Alone::enter(&house, name, archive_at));
    while presidencies(&house) == before {
        assert!(begun.elapsed() < Duration::from_secs(600), "they never sit again");
        std::thread::sleep(Duration::from_millis(50));
    }
    println!("until they sit again: {:.2?}", begun.elapsed());
    for priest in &priests {
        println!("{:6} peak memory of reopening {}", priest.0, megabytes(priest.peak()));
    }
    let run = house.run(&["petition", "--within", "30s", "Goats"]).exits(0);
    assert_eq!(run.out.trim(), (decrees + 1).to_string());
}
