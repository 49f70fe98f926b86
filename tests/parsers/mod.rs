//! The rules for every parser, for any input: it ends, it does not panic, and what it
//! accepts it can write back. The fuzz targets in `fuzz/` and the tests here ask the same.

#![allow(dead_code, reason = "a fuzz target asks one of them")]

use std::fmt::{Debug, Display};
use std::path::Path;
use std::str::FromStr;

use chrono::DateTime;

use parliament::chamber::{Chamber, LedgerFile};
use parliament::law::{Law, LawBook, Meaning, Moment};
use parliament::records::LedgerRows;
use parliament::records::ledger_row::{LEDGER_HEADER, LedgerPen};
use parliament::records::message_row::{MESSAGE_HEADER, MessagePen};
use parliament::records::{BadRow, LedgerRow, Seal};
use parliament::synod::{BallotNumber, Decree, Entry, Founding, Ledger, Message, Minutes, Name};
use parliament::trace::{TraceError, TraceReader, TraceRow, TraceWriter};

/// Whether a parser bears these bytes; a panic says that it does not.
pub type Check = fn(&[u8]);

/// A parser's check and what it is called; its corpus lies in `fuzz/corpus/NAME`.
pub const CHECKS: [(&str, Check); 6] = [
    ("words", words),
    ("law", law),
    ("ledger", ledger),
    ("opening", opening),
    ("messagebook", messagebook),
    ("trace", trace),
];

/// Names, ballot numbers, decrees and petitions' ids, founding decrees, minutes.
pub fn words(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(name) = text.parse::<Name>() {
        assert_eq!(name.as_str(), text);
    }
    reads_back::<BallotNumber>(text);
    reads_back::<Founding>(text);
    reads_back::<Minutes>(text);
    reads_back::<Moment>(text);
    let (text, petition) = text.split_once('|').unwrap_or((text, ""));
    let Ok(mut decree) = Decree::new(text) else { return };
    assert_eq!(decree.text(), text);
    if let Ok(petitioned) = decree.clone().petitioned(petition) {
        assert_eq!(petitioned.petition(), Some(petition));
        decree = petitioned;
    }
    let row = Entry::Outcome { number: 1, decree, ballot: None };
    assert_eq!(entries(&inked(std::slice::from_ref(&row))), [row]);
}

fn reads_back<T: FromStr<Err: Display> + Display + PartialEq + Debug>(text: &str) {
    match text.parse::<T>() {
        Ok(value) => {
            let again = value.to_string().parse::<T>();
            assert!(again.as_ref().is_ok_and(|again| *again == value), "{text:?}: {value:?}");
        }
        Err(error) => drop(error.to_string()),
    }
}

/// Decrees, one a line: each has a meaning, and the law bears them all.
pub fn law(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let founding: Founding = "Gray Lynch Oki".parse().unwrap();
    let mut book = LawBook::opened(Law::founded(&founding));
    for (number, line) in (1..).zip(text.lines()) {
        let meaning = Meaning::of(line);
        assert_eq!(Meaning::of(&meaning.to_string()), meaning, "{line:?}");
        let change = Some(meaning).filter(Meaning::changes_membership);
        assert_eq!(Meaning::of_change_of_members(line), change, "{line:?}");
        let Ok(decree) = Decree::new(line) else { return };
        assert_eq!(book.learn(number, decree).len(), 1);
    }
}

/// A ledger, for those who only look.
pub fn ledger(bytes: &[u8]) {
    let read = entries(bytes);
    let text = inked(&read);
    assert!(rows(&text).iter().all(|row| row.as_ref().is_ok_and(|it| it.seal == Seal::Sound)));
    assert_eq!(entries(&text), read);
}

fn rows(bytes: &[u8]) -> Vec<Result<LedgerRow, Box<BadRow>>> {
    LedgerRows::of(bytes, Path::new("Gray.csv")).map(Result::unwrap).collect()
}

fn entries(bytes: &[u8]) -> Vec<Entry> {
    let said = |bad: Box<BadRow>| assert!(!bad.to_string().is_empty());
    let rows = rows(bytes).into_iter().filter_map(|row| row.map_err(said).ok());
    rows.map(|row| row.entry).collect()
}

fn inked(entries: &[Entry]) -> Vec<u8> {
    let mut text = format!("{LEDGER_HEADER}\n").into_bytes();
    let offset = text.len() as u64;
    LedgerPen::default().write(entries, DateTime::UNIX_EPOCH, 7, offset, &mut text).unwrap();
    text
}

/// A ledger, for its owner: what he opens he can go on with, and what he refuses he leaves alone.
pub fn opening(bytes: &[u8]) {
    let house = tempfile::tempdir().unwrap();
    let chamber = Chamber::at(house.path());
    let gray: Name = "Gray".parse().unwrap();
    chamber.found(&"Gray Lynch".parse().unwrap()).unwrap();
    let path = chamber.ledger(gray);
    // It comes after the founding, or stands alone.
    let founded = std::fs::read(&path).unwrap();
    let text = match bytes.strip_prefix(b"+") {
        Some(more) => [&founded, more].concat(),
        None => bytes.to_vec(),
    };
    std::fs::write(&path, &text).unwrap();
    let (mut ledger, mut rows) = match LedgerFile::open(&chamber, gray) {
        Ok((ledger, opened)) => (ledger, opened.rows),
        Err(refused) => {
            assert!(!refused.to_string().is_empty());
            assert_eq!(std::fs::read(&path).unwrap(), text, "{refused}");
            return;
        }
    };
    ledger.ink(&[Entry::Entered]).unwrap();
    ledger.dry().unwrap();
    drop(ledger);
    rows.push(Entry::Entered);
    let (_, again) = LedgerFile::open(&chamber, gray).unwrap();
    assert_eq!((again.rows, again.cut), (rows, None));
}

/// Oki's messagebook.
pub fn messagebook(bytes: &[u8]) {
    let (file, oki) = (Path::new("Oki.csv"), "Oki".parse().unwrap());
    let read = |bytes: &[u8]| -> Vec<(Name, Message)> {
        let said = |bad: Box<BadRow>| assert!(!bad.to_string().is_empty());
        let rows = parliament::records::message_row::read_messages(bytes, file, oki).unwrap();
        let rows = rows.into_iter().filter_map(|row| row.map_err(said).ok());
        rows.map(|row| (row.from, row.message)).collect()
    };
    let messages = read(bytes);
    let mut text = format!("{MESSAGE_HEADER}\n").into_bytes();
    let signed = messages.iter().map(|(from, message)| (*from, message));
    MessagePen::default().write(signed, DateTime::UNIX_EPOCH, &mut text).unwrap();
    assert_eq!(read(&text), messages);
}

/// A trace.
pub fn trace(bytes: &[u8]) {
    let read = |bytes: &[u8]| -> (Vec<TraceRow>, Option<TraceError>) {
        let (mut events, mut error) = (Vec::new(), None);
        for event in TraceReader::new(bytes, Path::new("run.csv")) {
            match event {
                Ok(event) => events.push(event),
                Err(bad) => error = Some(bad),
            }
        }
        (events, error)
    };
    let (events, error) = read(bytes);
    drop(error.map(|error| error.to_string()));
    let mut writer = TraceWriter::new(Vec::new()).unwrap();
    for event in &events {
        writer.copy(event).unwrap();
    }
    if !events.is_empty() {
        assert_eq!(read(&writer.into_inner().unwrap()).0, events);
    }
}
