//! Records as an honest Parliament leaves them, written at once: for many rows in little time.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use chrono::{DateTime, Utc};
use parliament::records::ledger_row::{LEDGER_HEADER, LedgerPen};
use parliament::records::message_row::{MESSAGE_HEADER, MessagePen};
use parliament::synod::{BallotNumber, Decree, Entry, Message, Name};

const PRIESTS: [&str; 5] = ["Dwork", "Fischer", "Gray", "Lynch", "Oki"];
/// Decrees written at once, as a busy president does.
const BATCH: u64 = 100;

/// An honest Parliament's records after this many decrees; returns the number of rows.
pub fn write(root: &Path, decrees: u64) -> u64 {
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
