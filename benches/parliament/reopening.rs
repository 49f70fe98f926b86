//! Reopening a long ledger: read, checked, sealed rows and all, beside a bare scan.

use std::collections::BTreeSet;
use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parliament::chamber::{Chamber, LedgerFile};
use parliament::parliament::Legislator;
use parliament::synod::{BallotNumber, Decree, DecreeNumber, Entry, Ledger, Mortal, Name, Vote};

use crate::floor::{at_most, middle};
use crate::{Sizes, founding, room};

/// Rows inked at once.
const BATCH: DecreeNumber = 1000;
/// So much longer than the scan it may take.
const BOUND: f64 = 1.5;

/// The ledger of a voter, two rows for each decree: opened, and scanned by a csv reader into the
/// same records, in turn.
pub fn measure(sizes: &Sizes) -> Result<(), Box<dyn Error>> {
    let dir = room()?;
    let founding = founding(3, 1000)?;
    let chamber = Chamber::at(dir.path());
    chamber.found(&founding)?;
    let voter = founding.membership.names().next().ok_or("nobody votes")?;
    let rows = write(&chamber, voter, sizes.rows as u64 / 2)?;
    println!("\nreopening a ledger of {rows} rows, {} repeats, in ms", sizes.repeats);
    println!("bare scan  opened  legislator raised  ratio (bound)");
    let (mut scans, mut openings, mut raisings) = (Vec::new(), Vec::new(), Vec::new());
    let (mut ratios, founding) = (Vec::new(), Arc::new(founding));
    for _ in 0..sizes.repeats.max(1) {
        let (scanned, scan) = timed(|| scan(&chamber.ledger(voter)))?;
        let ((_ledger, opened), opening) = timed(|| LedgerFile::open(&chamber, voter))?;
        if scanned != opened.rows {
            return Err("scan and ledger differ".into());
        }
        drop(scanned);
        let raise = || Legislator::from_ledger(voter, Arc::clone(&founding), &opened.rows);
        let (legislator, raising) = timed(|| Ok::<_, String>(raise()))?;
        legislator.outcome(rows / 2).ok_or("the last decree is not in the ledger")?;
        ratios.push(opening.as_secs_f64() / scan.as_secs_f64());
        scans.push(scan);
        openings.push(opening);
        raisings.push(raising);
    }
    let (ratio, least, greatest) = middle(&ratios);
    println!(
        "{:>9.0}  {:>6.0}  {:>17.0}  {}  ({least:.2} to {greatest:.2})",
        median(scans),
        median(openings),
        median(raisings),
        at_most(ratio, BOUND)
    );
    Ok(())
}

/// Inks prevVote and outcome of this many decrees; yields the number of rows.
fn write(chamber: &Chamber, voter: Name, decrees: u64) -> Result<u64, Box<dyn Error>> {
    let (mut ledger, _) = LedgerFile::open(chamber, voter)?;
    let ballot = BallotNumber { round: 1, owner: "Paxon003".parse()? };
    for first in (1..=decrees).step_by(BATCH as usize) {
        let mut rows = Vec::new();
        for number in first..(first + BATCH).min(decrees + 1) {
            let decree = Decree::new(&format!("The olive tax is {number} drachmas per ton"))?
                .petitioned(&format!("Citizen/{number}"))?;
            rows.push(Entry::prev_vote(
                number,
                &Vote { priest: voter, ballot, decree: decree.clone() },
            ));
            rows.push(Entry::Outcome { number, decree, ballot: Some(ballot) });
        }
        ledger.ink(&rows)?;
        ledger.dry()?;
    }
    Ok(2 * decrees)
}

/// The bare scan: a csv reader, and the same records made of its fields.
fn scan(path: &Path) -> Result<Vec<Entry>, Box<dyn Error>> {
    let mut reader = csv::Reader::from_path(path)?;
    let (mut row, mut entries) = (csv::StringRecord::new(), Vec::new());
    while reader.read_record(&mut row)? {
        entries.push(entry(&row)?);
    }
    Ok(entries)
}

fn entry(row: &csv::StringRecord) -> Result<Entry, Box<dyn Error>> {
    let field = |i| row.get(i).unwrap_or_default();
    let ballot = || -> Result<Option<BallotNumber>, Box<dyn Error>> {
        Ok(if field(2).is_empty() { None } else { Some(field(2).parse()?) })
    };
    let need = || ballot()?.ok_or_else(|| Box::<dyn Error>::from("a note without its ballot"));
    let number = || field(1).parse::<DecreeNumber>();
    let decree = || -> Result<Decree, Box<dyn Error>> {
        let decree = Decree::new(field(3))?;
        Ok(if field(5).is_empty() { decree } else { decree.petitioned(field(5))? })
    };
    Ok(match field(0) {
        "outcome" => Entry::Outcome { number: number()?, decree: decree()?, ballot: ballot()? },
        "prevVote" => Entry::PrevVote { number: number()?, ballot: need()?, decree: decree()? },
        "lastTried" => Entry::LastTried { ballot: need()? },
        "nextBal" => Entry::NextBal { ballot: need()? },
        "beginBallot" => Entry::BeginBallot {
            number: number()?,
            ballot: need()?,
            decree: decree()?,
            quorum: Arc::new(
                field(4).split(' ').map(str::parse).collect::<Result<BTreeSet<Name>, _>>()?,
            ),
        },
        _ => Entry::Entered,
    })
}

fn timed<T, E>(act: impl FnOnce() -> Result<T, E>) -> Result<(T, Duration), E> {
    let begun = Instant::now();
    let done = act()?;
    Ok((done, begun.elapsed()))
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times.get(times.len() / 2).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
}
