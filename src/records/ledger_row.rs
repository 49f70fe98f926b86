//! Writes, seals and reads the rows of ledgers.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::column::Column;
use super::filled::Filled;
use super::flaw::{BadRow, Flaw};
use super::lines::Line;
use super::quill::Quill;
use super::record::{LedgerRow, Place, Seal};
use super::table::{Fault, Fields, Table};
use crate::words::ballot::DecreeError;
use crate::words::{BookRow, Entry, Founding, Heading};

/// The columns of a ledger, in their order.
pub const LEDGER_COLUMNS: [Column; 9] = [
    Column::Entry,
    Column::Number,
    Column::Ballot,
    Column::Decree,
    Column::Quorum,
    Column::Petition,
    Column::At,
    Column::Dry,
    Column::Seal,
];

/// The first line of a ledger.
pub const LEDGER_HEADER: &str = "entry,number,ballot,decree,quorum,petition,at,dry,seal";

/// The seal of a row: the CRC-32 of the byte offset at which it begins (eight bytes, the least
/// first) and of its text up to and including the comma before the seal.
#[must_use]
pub fn seal(offset: u64, row: &[u8]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    crc.update(&offset.to_le_bytes());
    crc.update(row);
    crc.finalize()
}

/// Formats a seal.
pub(crate) fn in_hexadecimal(seal: u32) -> [u8; 8] {
    std::array::from_fn(|i| b"0123456789abcdef"[(seal >> (28 - 4 * i) & 15) as usize])
}

/// Writes and seals rows of a ledger.
#[derive(Debug, Default)]
pub struct LedgerPen {
    quill: Quill,
}

impl LedgerPen {
    /// Appends `entries` to `text` as rows. `offset` is the byte of the ledger at which the first
    /// will stand, `at` the time, and `dry` the number of bytes known to be dry.
    ///
    /// # Errors
    /// Never in practice: the type of the CSV writer allows for one.
    pub fn write(
        &mut self,
        entries: &[Entry],
        at: DateTime<Utc>,
        dry: u64,
        mut offset: u64,
        text: &mut Vec<u8>,
    ) -> io::Result<()> {
        for entry in entries {
            let begin = text.len();
            self.write_entry(text, entry)?;
            self.quill.at(text, at);
            text.push(b',');
            self.quill.number(text, Some(dry));
            let seal = seal(offset, &text[begin..]);
            text.extend_from_slice(&in_hexadecimal(seal));
            text.push(b'\n');
            offset += (text.len() - begin) as u64;
        }
        Ok(())
    }

    /// The row as a person writes it by hand, without `at`, `dry` and `seal`.
    #[must_use]
    pub fn by_hand(entry: &Entry) -> String {
        let mut row = Vec::new();
        LedgerPen::default()
            .write_entry(&mut row, entry)
            .expect("a pen that writes into memory does not fail");
        String::from_utf8_lossy(&row).trim_end_matches(',').to_owned()
    }

    /// Writes the columns of the entry, which are those before `at`.
    fn write_entry(&mut self, row: &mut Vec<u8>, entry: &Entry) -> io::Result<()> {
        let Filled { number, ballot, decree, quorum, .. } = Filled::by_entry(entry);
        let quill = &mut self.quill;
        if let Entry::Book(book) = entry {
            quill.word(row, entry.kind());
            quill.number(row, number);
            quill.ballot(row, None);
            quill.text(row, &book.words)?;
            quill.word(row, "");
            return quill.text(row, &book.petition);
        }
        quill.word(row, entry.kind());
        quill.number(row, number);
        quill.ballot(row, ballot);
        quill.decree(row, decree)?;
        quill.names(row, quorum.into_iter().flat_map(|quorum| quorum.iter()));
        quill.petition(row, decree)
    }
}

/// Reads rows of a ledger.
pub(crate) struct LedgerReader {
    file: Arc<PathBuf>,
    table: Table,
}

impl LedgerReader {
    pub fn new(file: Arc<PathBuf>) -> LedgerReader {
        LedgerReader { file, table: Table::new(&LEDGER_COLUMNS) }
    }

    /// The ledger's file, for errors.
    pub fn file(&self) -> &Arc<PathBuf> {
        &self.file
    }

    pub fn table(&mut self) -> &mut Table {
        &mut self.table
    }

    /// Reads the first line, which must name the columns.
    pub fn read_header(&mut self, line: &Line<'_>) -> Result<(), Box<BadRow>> {
        let bad = match self.table.hear_header(line) {
            Ok(true) => return Ok(()),
            Ok(false) => None,
            Err(fault) => Some(fault.at(&self.file, line)).filter(|bad| !bad.flaw.is_of_bytes()),
        };
        let no_header = || Fault::of_row(Flaw::NoHeader(LEDGER_HEADER)).at(&self.file, line);
        Err(bad.unwrap_or_else(no_header))
    }

    /// Reads one row. A row with a broken seal is read too, if its fields can be read.
    pub fn read(&mut self, line: &Line<'_>) -> Result<LedgerRow, Box<BadRow>> {
        self.read_row(line).map_err(|fault| fault.at(&self.file, line))
    }

    fn read_row(&mut self, line: &Line<'_>) -> Result<LedgerRow, Fault> {
        let mut fields = self.table.fields(line)?;
        let seal = check_seal(&fields, line);
        let entry = read_entry(&mut fields)?;
        let (at, dry) = (fields.at()?, fields.number(Column::Dry)?);
        let place = Place { file: Arc::clone(&self.file), line: line.number, column: 1 };
        Ok(LedgerRow { place, entry, at, dry, seal })
    }

    /// The error for a row whose seal does not fit.
    pub fn bad_seal(&mut self, line: &Line<'_>, flaw: Flaw) -> Box<BadRow> {
        let fault = match self.table.fields(line) {
            Ok(fields) => fields.fault(Column::Seal, flaw),
            Err(fault) => fault,
        };
        fault.at(&self.file, line)
    }
}

fn check_seal(fields: &Fields<'_>, line: &Line<'_>) -> Seal {
    let written = fields.text(Column::Seal);
    if written.is_empty() {
        return Seal::ByHand;
    }
    let sealed = line.bytes.strip_suffix(written.as_bytes());
    match sealed.filter(|_| fields.is_last(Column::Seal)) {
        Some(text) if in_hexadecimal(seal(line.offset, text)) == written.as_bytes() => Seal::Sound,
        Some(text) => moved(line, text, written).unwrap_or(Seal::Broken),
        None => Seal::Broken,
    }
}

/// The number of bytes of a byte order mark.
const MARK: u64 = 3;

/// Whether the seal fits if the file was saved in another form. A byte order mark moves every row
/// by three bytes, and each longer line end moves the later rows by one.
fn moved(line: &Line<'_>, text: &[u8], written: &str) -> Option<Seal> {
    let fits = |moved: u64| {
        let was = line.offset.checked_sub(moved);
        was.is_some_and(|was| in_hexadecimal(seal(was, text)) == written.as_bytes())
    };
    let ends = line.number - 1;
    let forms = [(MARK, true, false), (ends, false, true), (MARK + ends, true, true)];
    let (_, mark, ends) = forms.into_iter().find(|(moved, ..)| fits(*moved))?;
    Some(Seal::Moved { mark, ends })
}

fn read_entry(fields: &mut Fields<'_>) -> Result<Entry, Fault> {
    if let Some(heading) = Heading::of(fields.word(Column::Entry)) {
        return read_book_row(fields, heading);
    }
    let (number, ballot) = (fields.number(Column::Number)?, fields.ballot(Column::Ballot)?);
    let (decree, quorum) = (fields.decree()?, fields.names(Column::Quorum)?);
    let (decree, quorum) = (decree.as_ref(), quorum.as_ref());
    let filled = Filled { number, ballot, decree, quorum, ..Filled::default() };
    let word = fields.word(Column::Entry);
    let kind = || Entry::KINDS.into_iter().find(|kind| *kind == word).unwrap_or_default();
    let entry = match filled.to_entry(word) {
        Ok(entry) => entry,
        Err(Column::Entry) => {
            return Err(fields.fault(Column::Entry, Flaw::UnknownEntry(word.into())));
        }
        Err(column) => return Err(fields.missing(kind(), column)),
    };
    fields.fill_no_more_than(entry.kind(), &Filled::by_entry(&entry))?;
    if let Entry::Outcome { number: Founding::NUMBER, decree, .. } = &entry {
        let founding = decree.text().parse::<Founding>();
        founding.map_err(|error| fields.fault(Column::Decree, error))?;
    }
    Ok(entry)
}

/// Reads a row of a law book. Its words stand in the decree's column and are no decree.
fn read_book_row(fields: &Fields<'_>, heading: Heading) -> Result<Entry, Fault> {
    let kind = heading.as_str();
    let text = |column| Some(fields.text(column)).filter(|text| !text.is_empty());
    let (number, words) = (fields.number(Column::Number)?, text(Column::Decree));
    let petition = text(Column::Petition);
    let of_petition = heading == Heading::PetitionId;
    let row = BookRow {
        heading,
        number: number.unwrap_or_default(),
        words: words.unwrap_or_default().into(),
        petition: petition.unwrap_or_default().into(),
    };
    let unwanted = |column| Err(fields.fault(column, Flaw::Unwanted { kind, column }));
    for column in [Column::Ballot, Column::Quorum] {
        if !fields.word(column).is_empty() {
            return unwanted(column);
        }
    }
    match (number, words, petition) {
        (None, ..) if heading.has_number() => Err(fields.missing(kind, Column::Number)),
        (Some(_), ..) if !heading.has_number() => unwanted(Column::Number),
        (_, None, _) if heading.has_words() => Err(fields.missing(kind, Column::Decree)),
        (_, Some(_), _) if !heading.has_words() && !of_petition => unwanted(Column::Decree),
        (_, _, None) if of_petition => Err(fields.missing(kind, Column::Petition)),
        (_, _, Some(_)) if !of_petition => unwanted(Column::Petition),
        _ => Ok(Entry::Book(row)),
    }
}

/// The bytes of a new ledger, which holds only decree 0, inked at `at`.
///
/// # Errors
/// When the names of all legislators do not fit into one decree.
pub fn new_ledger(founding: &Founding, at: DateTime<Utc>) -> Result<Vec<u8>, DecreeError> {
    let mut text = format!("{LEDGER_HEADER}\n").into_bytes();
    let (number, decree) = (Founding::NUMBER, founding.decree()?);
    let row = Entry::Outcome { number, decree, ballot: None };
    let offset = text.len() as u64;
    LedgerPen::default()
        .write(&[row], at, 0, offset, &mut text)
        .expect("a pen that writes into memory does not fail");
    Ok(text)
}
