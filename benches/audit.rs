//! How fast a chamber is audited, beside a bare CSV scan of the same files, and in how much memory.
//!
//! `cargo bench --bench audit` (a million rows), `cargo bench --bench audit -- 10000000`.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use parliament::chamber::Chamber;
use parliament::records::ledger_row::{LEDGER_HEADER, LedgerPen};
use parliament::records::message_row::{MESSAGE_HEADER, MessagePen};
use parliament::synod::{BallotNumber, Decree, Entry, Message, Name};

const PRIESTS: [&str; 5] = ["Dwork", "Fischer", "Gray", "Lynch", "Oki"];
/// Decrees written at once, as a busy president does.
const BATCH: u64 = 100;
/// Rows that one decree leaves behind: 9 in ledgers, 8 in messagebooks.
const ROWS_OF_A_DECREE: u64 = 17;
const REPEATS: usize = 7;

fn main() {
    let asked = std::env::args().skip(1).find_map(|word| word.parse::<u64>().ok());
    let decrees = asked.unwrap_or(1_000_000) / ROWS_OF_A_DECREE;
    let root = tempfile::tempdir().expect("a directory for the chamber");
    let rows = write_chamber(root.path(), decrees);
    println!("{rows} rows of {} priests, {decrees} decrees", PRIESTS.len());
    let chamber = Chamber::at(root.path());
    let (mut scans, mut texts, mut audits) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..if rows > 2_000_000 { 1 } else { REPEATS } {
        scans.push(timed(|| assert!(scan_bytes(root.path()) >= rows)));
        texts.push(timed(|| assert!(scan_text(root.path()) >= rows)));
        audits.push(timed(|| {
            let judgment = chamber.audit().expect("an audit");
            assert_eq!(judgment.numbers().count() as u64, decrees);
            assert!(judgment.findings().is_empty(), "{:?}", judgment.findings().first());
        }));
    }
    let (scan, text, audit) = (median(&mut scans), median(&mut texts), median(&mut audits));
    let pace = |it: Duration| rows as f64 / it.as_secs_f64() / 1e6;
    println!(
        "bare csv scan  {:6.2} million rows/s as text, {:.2} as bytes",
        pace(text),
        pace(scan)
    );
    println!("audit          {:6.2} million rows/s", pace(audit));
    let part = |scan: Duration| scan.as_secs_f64() / audit.as_secs_f64();
    println!(
        "audit / scan   {:6.2} of text, {:.2} of bytes   (target: at least 0.33)",
        part(text),
        part(scan)
    );
    if let Some(peak) = peak_memory() {
        println!(
            "peak memory    {:6.0} MiB, {:.0} bytes a row",
            peak / 1024.0,
            peak * 1024.0 / rows as f64
        );
    }
}

/// An honest Parliament's records after this many decrees; yields the number of rows.
fn write_chamber(root: &Path, decrees: u64) -> u64 {
    let names: Vec<Name> = PRIESTS.iter().map(|name| name.parse().unwrap()).collect();
    let ballot = BallotNumber { round: 1, owner: names[4] };
    let quorum = names[2..].iter().copied().collect::<std::collections::BTreeSet<Name>>();
    let (mut ledgers, mut books) = (Vec::new(), Vec::new());
    for directory in ["ledgers", "messagebooks"] {
        fs::create_dir_all(root.join(directory)).unwrap();
    }
    let founding = Decree::new("Dwork Fischer Gray Lynch Oki alpha=1000").unwrap();
    for (i, name) in names.iter().enumerate() {
        let mut ledger = Writer::create(&root.join(format!("ledgers/{name}.csv")), LEDGER_HEADER);
        let mut notes = vec![Entry::Outcome { number: 0, decree: founding.clone(), ballot: None }];
        notes.extend((i == 4).then_some(Entry::LastTried { ballot }));
        notes.extend(quorum.contains(name).then_some(Entry::NextBal { ballot }));
        ledger.ink(&notes, hour(0));
        ledgers.push(ledger);
        books.push(Writer::create(&root.join(format!("messagebooks/{name}.csv")), MESSAGE_HEADER));
    }
    let mut first = 1;
    while first <= decrees {
        let numbers = first..=decrees.min(first + BATCH - 1);
        let decree = |number: u64| {
            let text = format!("The olive tax is {number} drachmas per ton");
            Decree::new(&text).unwrap().petitioned(&format!("Dolf/{number}")).unwrap()
        };
        for (i, &name) in names.iter().enumerate() {
            let (mut entries, mut letters) = (Vec::new(), Vec::new());
            for number in numbers.clone() {
                let decree = decree(number);
                if i == 4 {
                    let quorum = quorum.clone();
                    entries.push(Entry::BeginBallot {
                        number,
                        ballot,
                        decree: decree.clone(),
                        quorum: quorum.into(),
                    });
                    letters.extend(
                        [2, 3].map(|from| (names[from], Message::Voted { ballot, number })),
                    );
                }
                if quorum.contains(&name) {
                    entries.push(Entry::PrevVote { number, ballot, decree: decree.clone() });
                }
                if i == 2 || i == 3 {
                    let decree = decree.clone();
                    letters.push((names[4], Message::BeginBallot { ballot, number, decree }));
                }
                if i != 4 {
                    let decree = decree.clone();
                    letters.push((
                        names[4],
                        Message::Success { ballot: Some(ballot), number, decree },
                    ));
                }
                entries.push(Entry::Outcome { number, decree, ballot: Some(ballot) });
            }
            ledgers[i].ink(&entries, hour(first));
            books[i].append(&letters, hour(first));
        }
        first += BATCH;
    }
    ledgers.iter().chain(&books).map(|writer| writer.rows).sum()
}

/// When the decrees from this one on were passed: by one clock, so that times accuse nobody.
fn hour(first: u64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_000_000 + (first / BATCH) as i64, 0).unwrap()
}

/// A file of rows being written.
struct Writer {
    out: BufWriter<File>,
    length: u64,
    rows: u64,
    text: Vec<u8>,
}

impl Writer {
    fn create(path: &Path, header: &str) -> Writer {
        let mut out = BufWriter::new(File::create(path).unwrap());
        writeln!(out, "{header}").unwrap();
        Writer { out, length: header.len() as u64 + 1, rows: 0, text: Vec::new() }
    }

    fn ink(&mut self, entries: &[Entry], at: DateTime<Utc>) {
        self.text.clear();
        LedgerPen::default().write(entries, at, self.length, self.length, &mut self.text).unwrap();
        self.put(entries.len());
    }

    fn append(&mut self, letters: &[(Name, Message)], at: DateTime<Utc>) {
        self.text.clear();
        let letters = letters.iter().map(|(from, message)| (*from, message));
        let count = letters.len();
        MessagePen::default().write(letters, at, &mut self.text).unwrap();
        self.put(count);
    }

    fn put(&mut self, rows: usize) {
        self.out.write_all(&self.text).unwrap();
        self.length += self.text.len() as u64;
        self.rows += rows as u64;
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.out.flush().unwrap();
    }
}

/// Splits every row of every file into its fields, which are bytes, in one and the same room, and
/// does nothing with them: no scan is barer.
fn scan_bytes(root: &Path) -> u64 {
    let mut record = csv::ByteRecord::new();
    let mut rows = 0;
    for mut reader in readers(root) {
        while reader.read_byte_record(&mut record).unwrap() {
            rows += 1;
        }
    }
    rows
}

/// Splits every row of every file into its fields, which are text, as `for row in reader.records()`
/// does, and does nothing with them.
fn scan_text(root: &Path) -> u64 {
    readers(root)
        .map(|mut reader| reader.records().inspect(|row| assert!(row.is_ok())).count() as u64)
        .sum()
}

fn readers(root: &Path) -> impl Iterator<Item = csv::Reader<File>> {
    let directories = ["ledgers", "messagebooks"].map(|it| fs::read_dir(root.join(it)).unwrap());
    let files = directories.into_iter().flatten();
    files.map(|file| csv::Reader::from_path(file.unwrap().path()).unwrap())
}

fn timed(what: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    what();
    begun.elapsed()
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// The most memory this process has held, in KiB, where the system tells.
fn peak_memory() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
