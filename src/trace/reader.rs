//! Rows to events, one at a time.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use super::cells::Cells;
use super::error::{BadRow, RowRule, TraceError};
use super::{COLUMNS, Happening, TraceRow};
use crate::records::record::Place;
use crate::words::ballot::LARGEST_NUMBER;
use crate::words::{Decree, Minutes, Name};

/// Reads a trace row by row; after the first bad row it ends.
#[derive(Debug)]
pub struct TraceReader<R> {
    rows: csv::Reader<R>,
    file: Arc<PathBuf>,
    /// Where in a row each of [`COLUMNS`] stands; `None` before the header is read.
    order: Option<[usize; COLUMNS.len()]>,
    record: csv::ByteRecord,
    last: Option<(u64, Minutes)>,
    ended: bool,
}

impl TraceReader<BufReader<File>> {
    /// Opens a trace.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub fn open(path: &Path) -> Result<Self, TraceError> {
        match File::open(path) {
            Ok(file) => Ok(TraceReader::new(BufReader::new(file), path)),
            Err(source) => Err(TraceError::Unreadable { file: Arc::new(path.into()), source }),
        }
    }
}

impl<R: Read> TraceReader<R> {
    /// Reads a trace from anywhere; `name` is what errors call it.
    #[must_use]
    pub fn new(input: R, name: &Path) -> TraceReader<R> {
        let rows = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(input);
        TraceReader {
            rows,
            file: Arc::new(name.into()),
            order: None,
            record: csv::ByteRecord::new(),
            last: None,
            ended: false,
        }
    }

    /// Reads the whole trace.
    ///
    /// # Errors
    /// The first row that tells nothing.
    pub fn read_all(self) -> Result<Vec<TraceRow>, TraceError> {
        self.collect()
    }

    /// The line and the text of the row last read.
    #[must_use]
    pub fn last_row(&self) -> (u64, String) {
        let cells: Vec<String> = self.record.iter().map(drawn).collect();
        (self.record.position().map_or(1, csv::Position::line), cells.join(","))
    }

    fn advance(&mut self) -> Result<Option<TraceRow>, TraceError> {
        if self.order.is_none() {
            if !self.fetch()? {
                return Err(self.bad(RowRule::NoColumn(COLUMNS[0])));
            }
            self.order = Some(self.read_header().map_err(|rule| self.bad(rule))?);
        }
        if !self.fetch()? {
            return match self.last {
                Some(_) => Ok(None),
                None => Err(self.bad(RowRule::FoundedFirst)),
            };
        }
        let event = self.read_event().map_err(|rule| self.bad(rule))?;
        self.last = Some((event.seq, event.at));
        Ok(Some(event))
    }

    fn fetch(&mut self) -> Result<bool, TraceError> {
        self.rows.read_byte_record(&mut self.record).map_err(|error| TraceError::Unreadable {
            file: self.file.clone(),
            source: io::Error::from(error),
        })
    }

    fn read_header(&self) -> Result<[usize; COLUMNS.len()], RowRule> {
        if self.record.len() == 1 && self.record[0].contains(&b';') {
            return Err(RowRule::Semicolons);
        }
        let mut order = [usize::MAX; COLUMNS.len()];
        for (position, name) in self.record.iter().enumerate() {
            match COLUMNS.iter().position(|column| column.as_bytes() == name) {
                Some(column) if order[column] == usize::MAX => order[column] = position,
                _ => return Err(RowRule::StrangeColumn(String::from_utf8_lossy(name).into())),
            }
        }
        match order.iter().position(|&position| position == usize::MAX) {
            Some(missing) => Err(RowRule::NoColumn(COLUMNS[missing])),
            None => Ok(order),
        }
    }

    fn read_event(&self) -> Result<TraceRow, RowRule> {
        if self.record.len() > COLUMNS.len() {
            return Err(RowRule::TooManyColumns);
        }
        if self.record.as_slice().iter().any(|byte| matches!(byte, b'\n' | b'\r')) {
            return Err(RowRule::OneLine);
        }
        let (seq, at) = (self.read_seq()?, self.read_at()?);
        let event = self.cell("event")?;
        if (event == "founded") != self.last.is_none() {
            return Err(RowRule::FoundedFirst);
        }
        let happening: Happening = self.read_cells()?.happening(event)?;
        Ok(TraceRow { seq, at, happening })
    }

    fn read_seq(&self) -> Result<u64, RowRule> {
        let text = self.cell("seq")?;
        let above = self.last.map_or(0, |(seq, _)| seq);
        let seq = integer(text).filter(|&seq| seq > above);
        seq.ok_or_else(|| RowRule::Seq(text.into()))
    }

    fn read_at(&self) -> Result<Minutes, RowRule> {
        let text = self.cell("at")?;
        let at: Minutes = text.parse().map_err(|_| RowRule::At(text.into()))?;
        match self.last {
            Some((_, before)) if at < before => Err(RowRule::Backwards(text.into())),
            _ => Ok(at),
        }
    }

    fn read_cells(&self) -> Result<Cells, RowRule> {
        let count = |column| match self.cell(column)? {
            "" => Ok(None),
            text => integer(text).map(Some).ok_or_else(|| RowRule::Cell {
                column,
                why: format!("{text:?} is no integer up to {LARGEST_NUMBER}"),
            }),
        };
        let quorum = match self.cell("quorum")? {
            "" => None,
            names => Some(Arc::new(self.read_names(names)?)),
        };
        Ok(Cells {
            from: self.parsed("from")?,
            to: self.parsed("to")?,
            message: Some(self.cell("message")?).filter(|m| !m.is_empty()).map(Into::into),
            ballot: self.parsed("ballot")?,
            number: count("number")?,
            vote: self.parsed("vote")?,
            decree: self.read_decree()?,
            quorum,
            of: count("of")?,
        })
    }

    fn read_names(&self, names: &str) -> Result<BTreeSet<Name>, RowRule> {
        let wrong =
            |error: &dyn ToString| RowRule::Cell { column: "quorum", why: error.to_string() };
        names.split(' ').map(|name| name.parse().map_err(|error| wrong(&error))).collect()
    }

    fn read_decree(&self) -> Result<Option<Decree>, RowRule> {
        let wrong = |column, error: &dyn ToString| RowRule::Cell { column, why: error.to_string() };
        let (text, petition) = (self.cell("decree")?, self.cell("petition")?);
        if text.is_empty() {
            return if petition.is_empty() { Ok(None) } else { Err(RowRule::NotHere("petition")) };
        }
        let decree = Decree::new(text).map_err(|error| wrong("decree", &error))?;
        if petition.is_empty() {
            return Ok(Some(decree));
        }
        decree.petitioned(petition).map(Some).map_err(|error| wrong("petition", &error))
    }

    fn parsed<T: FromStr<Err: ToString>>(
        &self,
        column: &'static str,
    ) -> Result<Option<T>, RowRule> {
        match self.cell(column)? {
            "" => Ok(None),
            text => match text.parse() {
                Ok(value) => Ok(Some(value)),
                Err(error) => Err(RowRule::Cell { column, why: error.to_string() }),
            },
        }
    }

    /// A column of the present row; a missing trailing column reads as empty.
    fn cell(&self, column: &'static str) -> Result<&str, RowRule> {
        let position = self.position(column).unwrap_or(usize::MAX);
        let bytes = self.record.get(position).unwrap_or_default();
        std::str::from_utf8(bytes).map_err(|_| RowRule::NotUtf8)
    }

    fn position(&self, column: &str) -> Option<usize> {
        let column = COLUMNS.iter().position(|&known| known == column)?;
        self.order.map(|order| order[column])
    }

    /// The present row, as the place of an error.
    fn bad(&self, rule: RowRule) -> TraceError {
        let cells: Vec<String> = self.record.iter().map(drawn).collect();
        let guilty = rule.column().and_then(|column| self.position(column)).unwrap_or(0);
        let length = |cell: &String| cell.chars().count();
        let before: usize = cells.iter().take(guilty).map(|cell| length(cell) + 1).sum();
        let (line, row) = self.last_row();
        let place = Place { file: self.file.clone(), line, column: before as u64 + 1 };
        let width = cells.get(guilty).map_or(0, length);
        TraceError::Row(Box::new(BadRow { place, row, width, rule }))
    }
}

impl<R: Read> Iterator for TraceReader<R> {
    type Item = Result<TraceRow, TraceError>;
    fn next(&mut self) -> Option<Result<TraceRow, TraceError>> {
        if self.ended {
            return None;
        }
        let event = self.advance().transpose();
        self.ended = !matches!(event, Some(Ok(_)));
        event
    }
}

/// A cell as it stood in the file, as far as its quotes can be told, on one line.
fn drawn(cell: &[u8]) -> String {
    let text = String::from_utf8_lossy(cell).replace(['\n', '\r'], "␊");
    if text.contains([',', '"']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

fn integer(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|&number| digits && number <= LARGEST_NUMBER)
}
