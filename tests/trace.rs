//! The trace format: what its page says is what the reader reads and the writer writes.

#![cfg(feature = "cli")]

use std::path::Path;

use proptest::prelude::*;

use parliament::trace::{Happening, TraceError, TraceReader, TraceWriter};

const PAGE: &str = include_str!("../docs/trace.md");
const HEADER: &str = "seq,at,event,from,to,message,ballot,number,vote,decree,quorum,of,petition\n";
const FOUNDED: &str = "1,0.000,founded,,,,,0,,Gray Lynch Oki,,,\n";

fn sample() -> &'static str {
    let from = PAGE.split("```csv\n").nth(1).expect("the page has a sample");
    from.split("```").next().expect("the sample ends")
}

fn read(text: &str) -> Result<Vec<parliament::trace::TraceRow>, TraceError> {
    TraceReader::new(text.as_bytes(), Path::new("run.csv")).read_all()
}

fn written(text: &str) -> String {
    let mut writer = TraceWriter::new(Vec::new()).unwrap();
    for event in read(text).unwrap() {
        writer.copy(&event).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

#[test]
fn the_sample_on_the_page_reads_back_as_written() {
    assert_eq!(written(sample()), sample());
    assert!(matches!(read(sample()).unwrap()[0].happening, Happening::Founded(_)));
}

#[test]
fn every_message_and_every_entry_reads_back_as_written() {
    let rows = [
        "2,0.500,send,Dolf,Oki,Petition,,,,\"Lamps, and only lamps\",,,Dolf/3",
        "3,0.500,send,Gray,Oki,LastVote,7.Oki,1,2.Lynch,α,,4,Dolf/3",
        "4,0.500,lose,Gray,Oki,Voted,7.Oki,1,,,,,",
        "5,0.500,send,Oki,Gray,Success,7.Oki,1,,α,,,",
        "6,0.500,repeat,Oki,Gray,Success,,1,,α,,,",
        "7,1.000,ignore,Gray,Oki,Refused,7.Oki,,9.Lynch,,,,",
        "8,1.000,send,Oki,Gray,Failed,7.Oki,,,,,,",
        "9,1.001,send,Oki,Gray,Presence,7.Oki,3,7.Oki,,,,",
        "10,1.001,send,Oki,Gray,Presence,,0,,,,,",
        "11,1.001,send,Oki,Gray,Inquiry,,3,,,,9,",
        "12,1.001,send,Oki,Gray,Inquiry,,3,,,,,",
        "13,1.001,ink,Oki,,outcome,,1,,α,,,",
        "14,1.001,ink,Oki,,prevVote,7.Oki,1,,α,,,",
        "15,1.001,ink,Oki,,beginBallot,7.Oki,1,,α,Gray Oki,,Dolf/3",
        "900,22.001,leave,Oki,,,,,,,,,",
    ];
    let text = format!("{HEADER}{FOUNDED}{}\n", rows.join("\n"));
    assert_eq!(written(&text), text);
}

#[test]
fn a_trace_with_other_line_ends_or_columns_is_read() {
    let plain = format!("{HEADER}{FOUNDED}2,1.500,enter,Oki\n");
    let windows = format!("\u{feff}{}", plain.replace('\n', "\r\n"));
    assert_eq!(read(&windows).unwrap(), read(&plain).unwrap());
    let turned = "event,seq,at,decree,number,from,to,message,ballot,vote,quorum,of,petition\n\
                  founded,1,0,Gray Lynch Oki,0\nenter,2,1.5,,,Oki\n";
    assert_eq!(read(turned).unwrap(), read(&plain).unwrap());
}

fn complaint(rows: &str) -> String {
    read(rows).expect_err(rows).to_string()
}

#[test]
fn a_bad_row_is_drawn_with_its_place_its_rule_and_the_repair() {
    let rows = format!("{HEADER}{FOUNDED}2,0.000,send,Oki,Gray,Voted,13Oki,1,,,,,\n");
    assert_eq!(
        complaint(&rows),
        "run.csv:3:29: `ballot`: a ballot number is written `13.Gray`, an integer, a dot and a \
         name, and \"13Oki\" is not\n\
         3 | 2,0.000,send,Oki,Gray,Voted,13Oki,1,,,,,\n  \
         |                             ^^^^^\n  \
         = docs/trace.md says which columns each row fills, and how"
    );
}

#[test]
fn what_tells_nothing_is_refused_with_its_rule() {
    let after_founding = |row: &str| format!("{HEADER}{FOUNDED}{row}\n");
    for (text, rule) in [
        (String::new(), "no column `seq`"),
        (HEADER.to_string(), "begins with `founded`"),
        (HEADER.replace(',', ";"), "semicolons"),
        (HEADER.replace("vote", "voice"), "\"voice\""),
        (HEADER.replace(",petition", ""), "no column `petition`"),
        (format!("{HEADER}1,0.000,enter,Oki,,,,,,,,,\n"), "begins with `founded`"),
        (format!("{HEADER}1,0.000,founded,,,,,0,,A a,,,\n"), "founds no Parliament"),
        (format!("{HEADER}1,0.000,founded,,,,,1,,A B,,,\n"), "`number` is filled"),
        (after_founding(FOUNDED.replace("1,0", "2,0").trim_end()), "begins with `founded`"),
        (after_founding("1,0.000,enter,Oki"), "`seq` is an integer above"),
        (after_founding("x,0.000,enter,Oki"), "`seq` is an integer above"),
        (after_founding("2,1.0000,enter,Oki"), "Paxon minutes"),
        (after_founding("2,1.,enter,Oki"), "Paxon minutes"),
        (after_founding("2,18446744073709551615,enter,Oki"), "Paxon minutes"),
        (after_founding("2,5,enter,Oki\n3,4.999,leave,Oki"), "not before that of the row before"),
        (after_founding("2,0.000,arrive,Oki"), "no event \"arrive\""),
        (after_founding("2,0.000,send,Oki,Gray,Vote,1.Oki"), "no message \"Vote\""),
        (after_founding("2,0.000,ink,Oki,,promise,1.Oki"), "no ledger entry \"promise\""),
        (after_founding("2,0.000,enter"), "`from` is empty"),
        (after_founding("2,0.000,send,Oki,,Failed,1.Oki"), "`to` is empty"),
        (after_founding("2,0.000,send,Oki,Gray,Voted,1.Oki"), "`number` is empty"),
        (after_founding("2,0.000,send,Oki,Gray,Voted,1.Oki,1,,α"), "`decree` is filled"),
        (after_founding("2,0.000,enter,Oki,Gray"), "`to` is filled"),
        (after_founding("2,0.000,send,Oki,Gray,Petition,,,,=A1,,,"), "formula"),
        (after_founding("2,0.000,send,Oki,Gray,Petition,,,,,,,x"), "`petition` is filled"),
        (after_founding("2,0.000,send,Oki,Gray,Petition,,,,\"a\nb\",,,"), "one line"),
        (after_founding("2,0.000,enter,Oki,,,,,,,,,,"), "more columns than the header"),
        (after_founding("2,0.000,ink,Oki,,beginBallot,1.Oki,1,,α,Gray  Oki,,"), "`quorum`"),
    ] {
        let said = complaint(&text);
        assert!(said.contains(rule) && said.starts_with("run.csv:"), "{text}\n{said}");
    }
    let torn = [HEADER.as_bytes(), FOUNDED.as_bytes(), b"2,0.000,enter,\xff\n"].concat();
    let error = TraceReader::new(torn.as_slice(), Path::new("run.csv")).read_all();
    assert!(error.unwrap_err().to_string().contains("not UTF-8"));
}

#[test]
fn after_a_bad_row_the_reader_ends() {
    let text = format!("{HEADER}{FOUNDED}2,x,enter,Oki\n3,1.000,enter,Oki\n");
    let mut reader = TraceReader::new(text.as_bytes(), Path::new("run.csv"));
    assert!(reader.next().unwrap().is_ok() && reader.next().unwrap().is_err());
    assert!(reader.next().is_none());
}

/// Rows put together from cells that are right somewhere, and from some that are right nowhere.
fn rows() -> impl Strategy<Value = String> {
    let cell = prop::sample::select(vec![
        "",
        "1",
        "7",
        "0.000",
        "3.5",
        "Oki",
        "Gray",
        "1.Oki",
        "2.Gray",
        "α",
        "\"a,b\"",
        "Gray Oki",
        "Dolf/3",
        "send",
        "receive",
        "lose",
        "repeat",
        "ignore",
        "ink",
        "enter",
        "leave",
        "founded",
        "NextBallot",
        "LastVote",
        "BeginBallot",
        "Voted",
        "Success",
        "Refused",
        "Failed",
        "Presence",
        "Petition",
        "Inquiry",
        "outcome",
        "lastTried",
        "nextBal",
        "prevVote",
        "beginBallot",
        "entered",
        "=1",
        "\"",
        "\u{feff}",
        "9007199254740993",
        "-1",
    ]);
    let row = prop::collection::vec(cell, 0..14).prop_map(|cells| cells.join(","));
    let numbered = prop::collection::vec(row, 0..5).prop_map(|rows| {
        let line = |(index, row): (usize, String)| format!("{},1.000,{row}\n", index + 2);
        rows.into_iter().enumerate().map(line).collect::<String>()
    });
    numbered.prop_map(|rows| format!("{HEADER}{FOUNDED}{rows}"))
}

proptest! {
    #[test]
    fn whatever_is_read_can_be_written_and_read_again(text in rows()) {
        if let Ok(events) = read(&text) {
            prop_assert_eq!(read(&written(&text)).unwrap(), events);
        }
    }

    #[test]
    fn no_bytes_make_the_reader_panic_or_hang(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = TraceReader::new(bytes.as_slice(), Path::new("run.csv")).read_all();
        let behind = [HEADER.as_bytes(), FOUNDED.as_bytes(), &bytes].concat();
        let _ = TraceReader::new(behind.as_slice(), Path::new("run.csv")).read_all();
    }
}
