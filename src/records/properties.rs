//! Properties of all records: each reads back as written, and no input makes a reader panic.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use proptest::collection::{btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::column::Column;
use super::ledger_row::{LEDGER_COLUMNS, LEDGER_HEADER, LedgerPen, LedgerReader};
use super::lines::Lines;
use super::message_row::{MESSAGE_COLUMNS, MESSAGE_HEADER, MessagePen};
use super::record::Seal;
use super::remains::Found;
use super::{LedgerRow, MessageRow};
use crate::words::ballot::LARGEST_NUMBER;
use crate::words::{BallotNumber, BookRow, Decree, Entry, Heading, Message, Name, Vote};

fn names() -> impl Strategy<Value = Name> {
    "[A-Zα-ω][a-zα-ω0-9_-]{0,8}".prop_map(|text| text.parse().unwrap())
}

fn numbers() -> impl Strategy<Value = u64> {
    prop_oneof![0..9u64, 0..=LARGEST_NUMBER]
}

fn ballots() -> impl Strategy<Value = BallotNumber> {
    (numbers(), names()).prop_map(|(round, owner)| BallotNumber { round, owner })
}

fn decrees() -> impl Strategy<Value = Decree> {
    let texts = prop_oneof!["\\PC{1,20}", "[a-z,\"' ;]{1,12}"];
    let petitions = option::of("[a-z,\"/ ]{1,6}");
    (texts, petitions).prop_filter_map("no decree", |(text, petition)| {
        let decree = Decree::new(&text).ok()?;
        petition.map_or(Some(decree.clone()), |id| decree.petitioned(&id).ok())
    })
}

fn entries() -> impl Strategy<Value = Entry> {
    // Decree 0 must be a founding decree, which has tests of its own.
    let number = || numbers().prop_map(|n| n.max(1));
    prop_oneof![
        (number(), decrees(), option::of(ballots()))
            .prop_map(|(number, decree, ballot)| Entry::Outcome { number, decree, ballot }),
        ballots().prop_map(|ballot| Entry::LastTried { ballot }),
        ballots().prop_map(|ballot| Entry::NextBal { ballot }),
        (number(), ballots(), decrees()).prop_map(|(number, ballot, decree)| Entry::PrevVote {
            number,
            ballot,
            decree
        }),
        Just(Entry::Entered),
        book_rows().prop_map(Entry::Book),
        (number(), ballots(), decrees(), btree_set(names(), 1..5)).prop_map(
            |(number, ballot, decree, quorum)| Entry::BeginBallot {
                number,
                ballot,
                decree,
                quorum: quorum.into()
            }
        ),
    ]
}

fn book_rows() -> impl Strategy<Value = BookRow> {
    let words = || decrees().prop_map(|decree| decree.text().to_owned());
    let with_words = select(vec![Heading::Law, Heading::Member, Heading::Office, Heading::Time]);
    let without = select(vec![Heading::LawBook, Heading::Bound]);
    prop_oneof![
        (with_words, numbers(), words())
            .prop_map(|(of, number, words)| BookRow::of(of, number, &words)),
        (without, numbers()).prop_map(|(of, number)| BookRow::of(of, number, "")),
        ("[a-z,\"/ ]{1,6}", "[a-z,\"/ ]{1,6}")
            .prop_map(|(first, last)| BookRow::of_petitions(&first, &last)),
    ]
}

/// A message that this sender can send to this reader.
fn messages(from: Name, to: Name) -> impl Strategy<Value = Message> {
    let of = |owner: Name| numbers().prop_map(move |round| BallotNumber { round, owner });
    let vote = (numbers(), ballots(), decrees())
        .prop_map(move |(number, ballot, decree)| (number, Vote { priest: from, ballot, decree }));
    prop_oneof![
        (of(from), numbers())
            .prop_map(|(ballot, n)| Message::NextBallot { ballot, complete_through: n }),
        (of(to), option::of(vote), numbers()).prop_map(|(ballot, vote, of)| Message::LastVote {
            ballot,
            vote,
            of
        }),
        (of(from), numbers(), decrees())
            .prop_map(|(ballot, number, decree)| Message::BeginBallot { ballot, number, decree }),
        (of(to), numbers()).prop_map(|(ballot, number)| Message::Voted { ballot, number }),
        (option::of(ballots()), numbers(), decrees())
            .prop_map(|(ballot, number, decree)| Message::Success { ballot, number, decree }),
        (of(to), ballots()).prop_map(|(ballot, next_bal)| Message::Refused { ballot, next_bal }),
        of(from).prop_map(|ballot| Message::Failed { ballot }),
        (option::of(of(from)), numbers(), option::of(of(from))).prop_map(
            |(last_tried, complete_through, presides)| Message::Presence {
                last_tried,
                complete_through,
                presides
            }
        ),
        decrees().prop_map(|decree| Message::Petition { decree }),
        (numbers(), option::of(numbers()))
            .prop_map(|(above, through)| Message::Inquiry { above, through }),
        (numbers(), book_rows(), numbers()).prop_map(|(through, row, of)| Message::LawBook {
            through,
            row,
            of
        }),
    ]
}

fn letters() -> impl Strategy<Value = (Name, Name, Message)> {
    (names(), names()).prop_flat_map(|(from, to)| (Just(from), Just(to), messages(from, to)))
}

fn an_hour() -> DateTime<Utc> {
    DateTime::from_timestamp_micros(1_772_352_000_000_000).unwrap()
}

fn file() -> Arc<PathBuf> {
    Arc::new("a.csv".into())
}

fn write_ledger(entries: &[Entry]) -> Vec<u8> {
    let mut text = format!("{LEDGER_HEADER}\n").into_bytes();
    let offset = text.len() as u64;
    LedgerPen::default().write(entries, an_hour(), 7, offset, &mut text).unwrap();
    text
}

/// The rows of a ledger that can be read.
fn read_ledger(text: &[u8]) -> Vec<LedgerRow> {
    let (mut lines, mut reader) = (Lines::of(text), LedgerReader::new(file()));
    let mut rows = Vec::new();
    if let Some(header) = lines.next().unwrap() {
        let _ = reader.read_header(&header).map_err(|bad| bad.to_string());
    }
    while let Some(line) = lines.next().unwrap() {
        rows.extend(reader.read(&line).map_err(|bad| bad.to_string()));
    }
    if let Some(tail) = lines.tail() {
        match reader.find(&tail) {
            Found::Row(row) => panic!("a line without its line end was read as a row: {row:?}"),
            Found::Unended { row, .. } => rows.push(row),
            Found::Remains(bad) | Found::Damage(bad) => assert!(!bad.to_string().is_empty()),
        }
    }
    rows
}

/// The rows of a messagebook that can be read.
fn read_messages(owner: Name, text: &[u8]) -> Vec<MessageRow> {
    let rows = crate::records::message_row::read_messages(text, Path::new("a.csv"), owner).unwrap();
    rows.into_iter().filter_map(|row| row.map_err(|bad| bad.to_string()).ok()).collect()
}

/// Text that is nearly a record.
fn near_records(header: &'static str) -> impl Strategy<Value = Vec<u8>> {
    let word = prop_oneof![
        Just("Gray"),
        Just("outcome"),
        Just("nextBal"),
        Just("prevVote"),
        Just("beginBallot"),
        Just("entered"),
        Just("1"),
        Just("0"),
        Just("2.Gray"),
        Just("3.Oki"),
        Just("olive"),
        Just("\""),
        Just("\"\""),
        Just(";"),
        Just("Voted"),
        Just("LastVote"),
        Just("\u{0}"),
        Just(" "),
        Just("\r"),
        Just("=1"),
        Just("from"),
        Just("entry"),
        Just("é"),
        Just("7"),
    ];
    let word = prop_oneof![9 => word.prop_map(|text| text.as_bytes().to_vec()), 1 => vec(any::<u8>(), 0..3)];
    let separator = prop_oneof![8 => Just(b','), 2 => Just(b'\n')];
    vec((word, separator), 0..60).prop_map(move |words| {
        let mut text = format!("{header}\n").into_bytes();
        for (word, separator) in words {
            text.extend(word);
            text.push(separator);
        }
        text
    })
}

#[test]
fn the_headers_name_the_columns() {
    let header =
        |columns: &[Column]| columns.iter().map(|c| c.name()).collect::<Vec<_>>().join(",");
    assert_eq!(header(&LEDGER_COLUMNS), LEDGER_HEADER);
    assert_eq!(header(&MESSAGE_COLUMNS), MESSAGE_HEADER);
}

proptest! {
    #[test]
    fn every_entry_reads_back_as_written(entries in vec(entries(), 0..8)) {
        let text = write_ledger(&entries);
        prop_assert_eq!(text.iter().filter(|b| **b == b'\n').count(), entries.len() + 1);
        let rows = read_ledger(&text);
        prop_assert!(rows.iter().all(|row| row.seal == Seal::Sound && row.dry == Some(7)));
        prop_assert!(rows.iter().all(|row| row.at == Some(an_hour())));
        let read: Vec<Entry> = rows.into_iter().map(|row| row.entry).collect();
        prop_assert_eq!(read, entries);
    }

    #[test]
    fn every_message_reads_back_as_written((from, to, message) in letters()) {
        let mut text = Vec::new();
        MessagePen::default().write([(from, &message)], an_hour(), &mut text).unwrap();
        let rows = read_messages(to, &text);
        prop_assert_eq!(rows.len(), 1);
        prop_assert_eq!((rows[0].from, &rows[0].message, rows[0].at), (from, &message, Some(an_hour())));
    }

    #[test]
    fn a_ledger_reader_survives_any_input_and_writes_it_back(
        text in prop_oneof![near_records(LEDGER_HEADER), vec(any::<u8>(), 0..200)],
    ) {
        let read: Vec<Entry> = read_ledger(&text).into_iter().map(|row| row.entry).collect();
        let again: Vec<Entry> =
            read_ledger(&write_ledger(&read)).into_iter().map(|row| row.entry).collect();
        prop_assert_eq!(read, again);
    }

    #[test]
    fn a_messagebook_reader_survives_any_input_and_writes_it_back(
        text in prop_oneof![near_records(MESSAGE_HEADER), vec(any::<u8>(), 0..200)],
    ) {
        let owner = "Oki".parse().unwrap();
        for row in read_messages(owner, &text) {
            let mut text = Vec::new();
            MessagePen::default().write([(row.from, &row.message)], an_hour(), &mut text).unwrap();
            let again = read_messages(owner, &text);
            prop_assert_eq!(&again[0].message, &row.message);
        }
    }

    #[test]
    fn no_changed_byte_of_a_sealed_row_goes_unseen(entry in entries(), at in any::<usize>(), by in 1..=255u8) {
        let mut text = write_ledger(&[entry]);
        let begin = LEDGER_HEADER.len() + 1;
        let at = begin + at % (text.len() - begin - 1);
        text[at] ^= by;
        prop_assert!(read_ledger(&text).iter().all(|row| row.seal != Seal::Sound));
    }
}
