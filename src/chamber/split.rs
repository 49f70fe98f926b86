//! A line, split into its fields.
//!
//! Quoting is the CSV reader's business. A line without a quotation mark leaves it none, and is
//! split at its commas, which is several times as fast; most lines are such.

use std::io::{self, Read};

/// Splits lines that hold no control character.
pub(super) struct Splitter {
    csv: csv::Reader<Feed>,
    record: csv::StringRecord,
    ends: Vec<usize>,
}

/// The fields of one line.
#[derive(Clone, Copy)]
pub(super) enum Split<'a> {
    /// Of a line without quotation marks: the line, and where each field ends.
    Plain(&'a str, &'a [usize]),
    /// Of a line with quotation marks.
    Quoted(&'a csv::StringRecord),
}

impl<'a> Split<'a> {
    /// How many fields there are.
    pub fn len(&self) -> usize {
        match self {
            Split::Plain(_, ends) => ends.len(),
            Split::Quoted(record) => record.len(),
        }
    }

    /// All fields, in order, without their quotation marks.
    pub fn iter(self) -> impl Iterator<Item = &'a str> {
        let mut begin = 0;
        (0..self.len()).map(move |i| match self {
            Split::Plain(line, ends) => {
                let field = &line[begin..ends[i]];
                begin = ends[i] + 1;
                field
            }
            Split::Quoted(record) => &record[i],
        })
    }
}

impl Splitter {
    pub fn new() -> Splitter {
        Splitter { csv: csv_reader(), record: csv::StringRecord::new(), ends: Vec::new() }
    }

    /// Splits a line; `None` if a quotation mark is opened and not closed.
    pub fn split<'a>(&'a mut self, line: &'a str) -> Option<Split<'a>> {
        if line.bytes().fold(false, |found, byte| found | (byte == b'"')) {
            return self.split_quoted(line);
        }
        self.ends.clear();
        let commas = line.bytes().enumerate().filter(|(_, byte)| *byte == b',');
        self.ends.extend(commas.map(|(i, _)| i));
        if !line.is_empty() {
            self.ends.push(line.len());
        }
        Some(Split::Plain(line, &self.ends))
    }

    fn split_quoted(&mut self, line: &str) -> Option<Split<'_>> {
        let feed = self.csv.get_mut();
        feed.line.clear();
        feed.line.extend_from_slice(line.as_bytes());
        feed.line.push(b'\n');
        feed.fed = 0;
        match self.csv.read_record(&mut self.record) {
            Ok(true) => Some(Split::Quoted(&self.record)),
            // The reader waits for the quote to be closed, and has to be replaced.
            Ok(false) | Err(_) => {
                self.csv = csv_reader();
                None
            }
        }
    }
}

/// One line at a time for the CSV reader, which must never see the end of its input.
#[derive(Debug, Default)]
struct Feed {
    line: Vec<u8>,
    fed: usize,
}

impl Read for Feed {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.fed == self.line.len() {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let read = (&self.line[self.fed..]).read(into)?;
        self.fed += read;
        Ok(read)
    }
}

fn csv_reader() -> csv::Reader<Feed> {
    csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(Feed::default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_line_splits_at_its_commas_as_the_csv_reader_splits_it(line in "[a-zé ,]{1,30}") {
            let mut splitter = Splitter::new();
            let plain: Vec<String> = splitter.split(&line).unwrap().iter().map(Into::into).collect();
            let read = splitter.split_quoted(&line).unwrap();
            prop_assert_eq!(plain, read.iter().map(String::from).collect::<Vec<_>>());
        }
    }

    #[test]
    fn quotes_are_kept_out_of_fields_and_must_be_closed() {
        let mut splitter = Splitter::new();
        let fields = |split: Split<'_>| split.iter().map(String::from).collect::<Vec<_>>();
        assert_eq!(
            splitter.split("a,\"b, \"\"c\"\"\",").map(fields).unwrap(),
            ["a", "b, \"c\"", ""]
        );
        assert!(splitter.split("a,\"b").is_none());
        assert_eq!(splitter.split("a,b").map(fields).unwrap(), ["a", "b"]);
        assert_eq!(splitter.split("").map(fields).unwrap(), [""; 0]);
    }
}
