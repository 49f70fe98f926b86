//! Splits a line into fields that are found by the column names in the header.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::column::{COLUMNS, Column};
use super::filled::Filled;
use super::flaw::{BadRow, Flaw};
#[cfg(feature = "files")]
use super::known::Share;
use super::known::{Decrees, Known};
use super::lines::Line;
use super::record::Place;
use super::split::{Split, Splitter};
use crate::words::ballot::{DecreeError, LARGEST_NUMBER};
use crate::words::{BallotNumber, Decree, Name};

/// A flaw, with the index of the field that has it. It is boxed so that results stay small.
#[derive(Debug)]
pub(crate) struct Fault(Box<(Flaw, usize)>);

impl Fault {
    /// A flaw of the whole row.
    pub fn of_row(flaw: Flaw) -> Fault {
        Fault::of_field(flaw, 0)
    }

    fn of_field(flaw: Flaw, field: usize) -> Fault {
        Fault(Box::new((flaw, field)))
    }

    /// The error for this flaw in this line of the file.
    pub fn at(self, file: &Arc<PathBuf>, line: &Line<'_>) -> Box<BadRow> {
        let (flaw, field) = *self.0;
        let row = String::from_utf8_lossy(line.bytes).into_owned();
        let damage = if let Flaw::Altered(damage) = &flaw { damage } else { &flaw };
        let column = match *damage {
            Flaw::Control(c) => row.chars().position(|it| it == c),
            Flaw::NotText => row.chars().position(|it| it == char::REPLACEMENT_CHARACTER),
            Flaw::Torn => Some(row.chars().count()),
            _ => None,
        };
        let column = column.unwrap_or_else(|| characters_before(&row, field)) as u64 + 1;
        let place = Place { file: Arc::clone(file), line: line.number, column };
        Box::new(BadRow { place, row, flaw })
    }
}

/// The number of characters before a field; all of the row if it has no such field.
fn characters_before(row: &str, field: usize) -> usize {
    let (mut fields, mut quoted) = (0, false);
    for (i, c) in row.chars().enumerate() {
        if fields == field {
            return i;
        }
        quoted ^= c == '"';
        fields += usize::from(c == ',' && !quoted);
    }
    row.chars().count()
}

/// Reads the lines of a table.
pub(crate) struct Table {
    columns: &'static [Column],
    at: [Option<usize>; COLUMNS],
    width: usize,
    splitter: Splitter,
    known: Known,
}

impl Table {
    /// A table with these columns, in this order until a header gives another.
    pub fn new(columns: &'static [Column]) -> Table {
        let mut at = [None; COLUMNS];
        for (i, &column) in columns.iter().enumerate() {
            at[column as usize] = Some(i);
        }
        let (splitter, known) = (Splitter::new(), Known::default());
        Table { columns, at, width: columns.len(), splitter, known }
    }

    /// Has each decree that was not read lately replaced by the equal one that `share` returns.
    #[cfg(feature = "files")]
    pub fn share_decrees(&mut self, share: Box<Share>) {
        self.known.share = Some(share);
    }

    /// Reads a line as a header; false if it is none. From then on the columns are in its order.
    ///
    /// A header is a line whose first field names the table's first column.
    pub fn hear_header(&mut self, line: &Line<'_>) -> Result<bool, Fault> {
        let bytes = line.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line.bytes);
        let first = self.columns[0].name().as_bytes();
        let Some(rest) = bytes.strip_prefix(b"\"").unwrap_or(bytes).strip_prefix(first) else {
            return Ok(false);
        };
        match rest.strip_prefix(b"\"").unwrap_or(rest).first() {
            Some(b';') => return Err(Fault::of_row(Flaw::Semicolons)),
            Some(b',') | None => {}
            Some(_) => return Ok(false),
        }
        let columns = self.columns;
        let fields = split(&mut self.splitter, &Line { bytes, ..*line })?;
        let names: Vec<&str> = fields.iter().map(str::trim).collect();
        let mut at = [None; COLUMNS];
        for &column in columns {
            at[column as usize] = names.iter().position(|&name| name == column.name());
        }
        (self.at, self.width) = (at, names.len());
        Ok(true)
    }

    /// Whether the header has exactly the table's columns, in the order in which rows are appended.
    pub fn stands_in_order(&self) -> bool {
        let stands = |(i, &column): (usize, &Column)| self.at[column as usize] == Some(i);
        self.width == self.columns.len() && self.columns.iter().enumerate().all(stands)
    }

    /// Splits a line into its fields. Inlined, because the result is large to move.
    #[inline(always)]
    pub fn fields<'a>(&'a mut self, line: &Line<'a>) -> Result<Fields<'a>, Fault> {
        let split = split(&mut self.splitter, line)?;
        let length = split.len();
        if length > self.width {
            let flaw = Flaw::TooManyFields { columns: self.width, fields: length };
            return Err(Fault::of_field(flaw, self.width));
        }
        let mut texts = [""; COLUMNS];
        for &column in self.columns {
            let text = self.at[column as usize].and_then(|i| split.get(i));
            texts[column as usize] = text.unwrap_or_default();
        }
        Ok(Fields { texts, at: &self.at, length, known: &mut self.known })
    }
}

/// Splits a line that is whole and UTF-8. Inlined like [`Table::fields`].
#[inline(always)]
fn split<'a>(splitter: &'a mut Splitter, line: &Line<'a>) -> Result<Split<'a>, Fault> {
    let is_odd = line.too_long || line.torn || line.is_struck();
    let text = std::str::from_utf8(line.bytes).ok().filter(|_| !is_odd);
    let split = text.map(|text| splitter.split(text));
    match split {
        Some(Ok(split)) => Ok(split),
        _ => Err(Fault::of_row(flaw_of(line))),
    }
}

/// The reason why a line cannot be split.
#[cold]
fn flaw_of(line: &Line<'_>) -> Flaw {
    let control = line.bytes.iter().find(|&&byte| byte < b' ' || byte == 0x7f);
    match control {
        _ if line.too_long => Flaw::TooLong,
        _ if line.is_struck() => Flaw::Struck,
        Some(&control) => Flaw::Control(control.into()),
        None if std::str::from_utf8(line.bytes).is_err() => Flaw::NotText,
        None if line.torn => Flaw::Torn,
        None => Flaw::OpenQuote,
    }
}

/// The fields of one row.
pub(crate) struct Fields<'a> {
    /// The text of each column; empty if the row ends before it.
    texts: [&'a str; COLUMNS],
    at: &'a [Option<usize>; COLUMNS],
    /// The number of fields in the row.
    length: usize,
    known: &'a mut Known,
}

impl<'a> Fields<'a> {
    /// The exact text of a column; empty if the row ends before it.
    pub fn text(&self, column: Column) -> &'a str {
        self.texts[column as usize]
    }

    /// The text of a column without the blanks around it.
    pub fn word(&self, column: Column) -> &'a str {
        let text = self.text(column);
        let visible = |end: Option<&u8>| end.is_none_or(u8::is_ascii_graphic);
        let trimmed = visible(text.as_bytes().first()) && visible(text.as_bytes().last());
        if trimmed { text } else { text.trim() }
    }

    /// Whether the column is the row's last field.
    pub fn is_last(&self, column: Column) -> bool {
        self.at[column as usize].is_some_and(|i| i + 1 == self.length)
    }

    /// The fault that this column has this flaw.
    pub fn fault(&self, column: Column, flaw: impl Into<Flaw>) -> Fault {
        Fault::of_field(flaw.into(), self.at[column as usize].unwrap_or(usize::MAX))
    }

    /// The fault that a column is blank which a record of this kind needs.
    pub fn missing(&self, kind: &'static str, column: Column) -> Fault {
        self.fault(column, Flaw::Missing { kind, column })
    }

    /// Fails if the row fills a column that a record of this kind leaves blank.
    pub fn fill_no_more_than(&self, kind: &'static str, filled: &Filled<'_>) -> Result<(), Fault> {
        use Column::{Ballot, Decree, Number, Of, Petition, Quorum, Vote};
        let is_filled = |column| !self.text(column).is_empty() && !self.word(column).is_empty();
        let unwanted = |column: &Column| filled.is_blank(*column) && is_filled(*column);
        match [Number, Ballot, Decree, Vote, Of, Quorum, Petition].into_iter().find(unwanted) {
            Some(column) => Err(self.fault(column, Flaw::Unwanted { kind, column })),
            None => Ok(()),
        }
    }

    pub fn number(&self, column: Column) -> Result<Option<u64>, Fault> {
        let text = self.word(column);
        if text.is_empty() {
            return Ok(None);
        }
        let digit = |b: u8| b.is_ascii_digit().then(|| u64::from(b - b'0'));
        let digits = (text.len() <= 16).then(|| text.bytes());
        let number = digits
            .and_then(|mut digits| digits.try_fold(0, |number, b| Some(10 * number + digit(b)?)));
        match number.filter(|&n| n <= LARGEST_NUMBER) {
            Some(number) => Ok(Some(number)),
            None => Err(self.fault(column, Flaw::Number { column, text: text.into() })),
        }
    }

    pub fn name(&mut self, column: Column) -> Result<Name, Fault> {
        let text = self.word(column);
        self.known.names.get(text).map_err(|error| self.fault(column, error))
    }

    pub fn ballot(&mut self, column: Column) -> Result<Option<BallotNumber>, Fault> {
        let text = self.word(column);
        if text.is_empty() {
            return Ok(None);
        }
        match self.known.ballot.get(text, str::parse) {
            Ok(ballot) => Ok(Some(ballot)),
            Err(error) => Err(self.fault(column, error)),
        }
    }

    /// Reads names with spaces between; `None` if the field is blank.
    pub fn names(&mut self, column: Column) -> Result<Option<Arc<BTreeSet<Name>>>, Fault> {
        let text = self.word(column);
        if text.is_empty() {
            return Ok(None);
        }
        let known = &mut self.known;
        let read = |text: &str| {
            let names = text.split_whitespace().map(|word| known.names.get(word));
            names.collect::<Result<_, _>>().map(Arc::new)
        };
        match known.quorum.get(text, read) {
            Ok(names) => Ok(Some(names)),
            Err(error) => Err(self.fault(column, error)),
        }
    }

    /// Reads the decree and the id of its petition.
    pub fn decree(&mut self) -> Result<Option<Decree>, Fault> {
        let (text, id) = (self.text(Column::Decree), self.text(Column::Petition));
        if text.is_empty() {
            return Ok(None);
        }
        let place = Decrees::place_of(self.text(Column::Number));
        if let Some(known) = self.known.decrees.look_up(place, text, id) {
            return Ok(Some(known.clone()));
        }
        let read = if id.is_empty() { Decree::new(text) } else { Decree::of_petition(text, id) };
        let decree = read.map_err(|error| {
            let of_id = matches!(error, DecreeError::Petition(_));
            self.fault(if of_id { Column::Petition } else { Column::Decree }, error)
        })?;
        let decree = match &self.known.share {
            Some(share) => share(decree),
            None => decree,
        };
        self.known.decrees.keep(place, decree.clone());
        Ok(Some(decree))
    }

    pub fn at(&mut self) -> Result<Option<DateTime<Utc>>, Fault> {
        let text = self.word(Column::At);
        if text.is_empty() {
            return Ok(None);
        }
        let read = |text: &str| DateTime::parse_from_rfc3339(text).map(|at| at.to_utc());
        match self.known.at.get(text, read) {
            Ok(at) => Ok(Some(at)),
            Err(_) => Err(self.fault(Column::At, Flaw::Time(text.into()))),
        }
    }
}
