//! Rows of ledgers: how they are written, sealed and read.

use std::fmt::Write as _;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, SecondsFormat, Utc};

use super::filled::Filled;
use super::flaw::{BadRow, Flaw};
use super::lines::Line;
use super::record::{LedgerRow, Place, Seal};
use super::table::{Column, Fault, Fields, Table};
use crate::synod::{Decree, Entry, Founding, Name};

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

/// A time as the records write it.
pub(super) fn written(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// Writes and seals rows of a ledger.
#[derive(Debug, Default)]
pub struct LedgerPen {
    unsealed: Vec<u8>,
    field: String,
}

impl LedgerPen {
    /// Appends `entries` to `text`, as rows that are to stand in the ledger from byte `offset`
    /// on, inked at `at` when the first `dry` bytes were known durable.
    ///
    /// # Errors
    /// Never in practice: the CSV writer's own type allows for one.
    pub fn write(
        &mut self,
        entries: &[Entry],
        at: DateTime<Utc>,
        dry: u64,
        mut offset: u64,
        text: &mut Vec<u8>,
    ) -> io::Result<()> {
        let mut unsealed = std::mem::take(&mut self.unsealed);
        unsealed.clear();
        let mut csv = csv::WriterBuilder::new().flexible(true).from_writer(unsealed);
        let (at, dry) = (written(at), dry.to_string());
        for entry in entries {
            self.write_entry(&mut csv, entry)?;
            csv.write_record([&at, &dry])?;
        }
        self.unsealed = csv.into_inner().map_err(csv::IntoInnerError::into_error)?;
        for row in self.unsealed.split_inclusive(|&byte| byte == b'\n') {
            let begin = text.len();
            text.extend_from_slice(&row[..row.len() - 1]);
            text.push(b',');
            let seal = seal(offset, &text[begin..]);
            text.extend((0..8).map(|i| b"0123456789abcdef"[(seal >> (28 - 4 * i) & 15) as usize]));
            text.push(b'\n');
            offset += (text.len() - begin) as u64;
        }
        Ok(())
    }

    /// Writes what the entry says: the columns before `at`.
    fn write_entry(&mut self, csv: &mut csv::Writer<Vec<u8>>, entry: &Entry) -> csv::Result<()> {
        let Filled { number, ballot, decree, quorum, .. } = Filled::by_entry(entry);
        csv.write_field(entry.kind())?;
        write_field(csv, &mut self.field, number)?;
        let ballot = ballot.map(|b| Dotted(b.round, b.owner));
        write_field(csv, &mut self.field, ballot)?;
        csv.write_field(decree.map_or("", Decree::text))?;
        self.field.clear();
        for (i, name) in quorum.into_iter().flatten().enumerate() {
            self.field.push_str(if i > 0 { " " } else { "" });
            self.field.push_str(name.as_str());
        }
        csv.write_field(&self.field)?;
        csv.write_field(decree.and_then(Decree::petition).unwrap_or_default())
    }
}

/// A ballot number, written without the detour that alignment takes.
pub(super) struct Dotted(pub u64, pub Name);

impl std::fmt::Display for Dotted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(&self.0, f)?;
        f.write_str(".")?;
        f.write_str(self.1.as_str())
    }
}

/// Writes a field, empty if there is nothing to write; `scratch` is only to save allocations.
pub(super) fn write_field<W: io::Write>(
    csv: &mut csv::Writer<W>,
    scratch: &mut String,
    value: Option<impl std::fmt::Display>,
) -> csv::Result<()> {
    scratch.clear();
    if let Some(value) = value {
        write!(scratch, "{value}").map_err(io::Error::other)?;
    }
    csv.write_field(&*scratch)
}

/// Reads rows of a ledger.
pub(super) struct LedgerReader {
    table: Table,
}

impl LedgerReader {
    pub fn new(file: Arc<PathBuf>) -> LedgerReader {
        LedgerReader { table: Table::new(file, &LEDGER_COLUMNS) }
    }

    pub fn table(&mut self) -> &mut Table {
        &mut self.table
    }

    /// Reads the first line, which names the columns.
    pub fn read_header(&mut self, line: &Line<'_>) -> Result<(), BadRow> {
        let file = Arc::clone(self.table.file());
        match self.table.hear_header(line) {
            Ok(true) => Ok(()),
            Ok(false) => Err(Fault::of_row(Flaw::NoHeader(LEDGER_HEADER)).at(&file, line)),
            Err(fault) => Err(fault.at(&file, line)),
        }
    }

    /// Reads one row. A row whose seal is broken is still read, if it can be.
    pub fn read(&mut self, line: &Line<'_>) -> Result<LedgerRow, BadRow> {
        let file = Arc::clone(self.table.file());
        let read = self.table.fields(line).and_then(|mut fields| {
            let seal = check_seal(&fields, line);
            let entry = read_entry(&mut fields)?;
            Ok((entry, fields.at()?, fields.number(Column::Dry)?, seal))
        });
        match read {
            Ok((entry, at, dry, seal)) => {
                let place = Place { file, line: line.number, column: 1 };
                Ok(LedgerRow { place, entry, at, dry, seal })
            }
            Err(fault) => Err(fault.at(&file, line)),
        }
    }

    /// What to say of a row whose seal is broken.
    pub fn broken_seal(&mut self, line: &Line<'_>) -> BadRow {
        let file = Arc::clone(self.table.file());
        let fault = match self.table.fields(line) {
            Ok(fields) => fields.fault(Column::Seal, Flaw::BrokenSeal),
            Err(fault) => fault,
        };
        fault.at(&file, line)
    }
}

fn check_seal(fields: &Fields<'_>, line: &Line<'_>) -> Seal {
    let written = fields.text(Column::Seal);
    if written.is_empty() {
        return Seal::ByHand;
    }
    let hexadecimal = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    let canonical = written.len() == 8 && written.bytes().all(hexadecimal);
    let sealed = line.bytes.strip_suffix(written.as_bytes());
    match (sealed, u32::from_str_radix(written, 16)) {
        (Some(text), Ok(found))
            if canonical && fields.is_last(Column::Seal) && found == seal(line.offset, text) =>
        {
            Seal::Sound
        }
        _ => Seal::Broken,
    }
}

fn read_entry(fields: &mut Fields<'_>) -> Result<Entry, Fault> {
    let (number, ballot) = (fields.number(Column::Number)?, fields.ballot(Column::Ballot)?);
    let (decree, quorum) = (fields.decree()?, fields.names(Column::Quorum)?);
    let (decree, quorum) = (decree.as_ref(), quorum.as_ref());
    let filled = Filled { number, ballot, decree, quorum, ..Filled::default() };
    let word = fields.word(Column::Entry);
    let kind = || Entry::KINDS.into_iter().find(|kind| *kind == word).unwrap_or_default();
    let missing = |column| fields.missing(kind(), column);
    let unknown = || fields.fault(Column::Entry, Flaw::UnknownEntry(word.into()));
    let entry = filled.to_entry(word).map_err(missing)?.ok_or_else(unknown)?;
    fields.fill_no_more_than(entry.kind(), &Filled::by_entry(&entry))?;
    if let Entry::Outcome { number: Founding::NUMBER, decree, .. } = &entry {
        let founding = decree.text().parse::<Founding>();
        founding.map_err(|error| fields.fault(Column::Decree, error))?;
    }
    Ok(entry)
}
