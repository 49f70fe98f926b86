//! Writes fields, each with the comma after it.
//!
//! Names, numbers, ballots and times never need quotes and are written as they are. The CSV library
//! quotes a free text that needs it.

use std::io;

use chrono::{DateTime, Utc};

use super::at::in_words;
use crate::words::{BallotNumber, Decree, Name};

/// Writes the fields of rows.
#[derive(Debug, Default)]
pub(crate) struct Quill {
    ballot: Repeated<BallotNumber>,
    at: Repeated<DateTime<Utc>>,
}

/// The last value written, with its text: rows often repeat it.
#[derive(Debug)]
struct Repeated<T>(Option<(T, String)>);

impl<T> Default for Repeated<T> {
    fn default() -> Repeated<T> {
        Repeated(None)
    }
}

impl<T: PartialEq> Repeated<T> {
    fn in_words(&mut self, thing: T, words: impl FnOnce(&T) -> String) -> &[u8] {
        let known = self.0.take().filter(|(known, _)| *known == thing);
        let new = |thing| {
            let words = words(&thing);
            (thing, words)
        };
        self.0.insert(known.unwrap_or_else(|| new(thing))).1.as_bytes()
    }
}

impl Quill {
    /// Writes a word that needs no quotes.
    pub fn word(&self, row: &mut Vec<u8>, word: &str) {
        row.extend_from_slice(word.as_bytes());
        row.push(b',');
    }

    /// Writes a number, or a blank field.
    pub fn number(&self, row: &mut Vec<u8>, number: Option<u64>) {
        if let Some(number) = number {
            digits(row, number);
        }
        row.push(b',');
    }

    /// Writes a ballot number, or a blank field.
    pub fn ballot(&mut self, row: &mut Vec<u8>, ballot: Option<BallotNumber>) {
        if let Some(ballot) = ballot {
            row.extend_from_slice(self.ballot.in_words(ballot, BallotNumber::to_string));
        }
        row.push(b',');
    }

    /// Writes a time, without the comma.
    pub fn at(&mut self, row: &mut Vec<u8>, at: DateTime<Utc>) {
        let words = |at: &DateTime<Utc>| in_words(*at);
        row.extend_from_slice(self.at.in_words(at, words));
    }

    /// Writes names with a space between.
    pub fn names<'a>(&self, row: &mut Vec<u8>, names: impl Iterator<Item = &'a Name>) {
        for (i, name) in names.enumerate() {
            row.extend_from_slice(if i > 0 { b" " } else { b"" });
            row.extend_from_slice(name.as_str().as_bytes());
        }
        row.push(b',');
    }

    /// Writes the text of a decree, or a blank field.
    pub fn decree(&self, row: &mut Vec<u8>, decree: Option<&Decree>) -> io::Result<()> {
        self.text(row, decree.map_or("", Decree::text))
    }

    /// Writes the id of a decree's petition, or a blank field.
    pub fn petition(&self, row: &mut Vec<u8>, decree: Option<&Decree>) -> io::Result<()> {
        self.text(row, decree.and_then(Decree::petition).unwrap_or_default())
    }

    /// Writes a free text, quoted if it needs quotes.
    pub fn text(&self, row: &mut Vec<u8>, text: &str) -> io::Result<()> {
        let needs_quotes = |byte: u8| matches!(byte, b',' | b'"' | b'\n' | b'\r');
        // Without an early exit the compiler can check many bytes at a time.
        if text.bytes().fold(false, |needs, byte| needs | needs_quotes(byte)) {
            let quoted = row.len() + 1;
            // Each byte may be a quotation mark, which is written twice.
            row.resize(row.len() + 2 * text.len() + 2, b'"');
            let (_, _, written) =
                csv_core::quote(text.as_bytes(), &mut row[quoted..], b'"', b'"', true);
            row.truncate(quoted + written);
            row.push(b'"');
        } else {
            row.extend_from_slice(text.as_bytes());
        }
        row.push(b',');
        Ok(())
    }
}

/// Writes a number in decimal digits.
fn digits(row: &mut Vec<u8>, mut number: u64) {
    let mut digits = [b'0'; 20];
    let mut first = digits.len();
    loop {
        first -= 1;
        digits[first] += (number % 10) as u8;
        number /= 10;
        if number == 0 {
            return row.extend_from_slice(&digits[first..]);
        }
    }
}
