//! Rows of ledgers: how they are written, sealed and read.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, SecondsFormat, Utc};

use super::flaw::{BadRow, Flaw};
use super::lines::Line;
use super::record::{LedgerRow, Place, Seal};
use super::table::{Column, Fault, Fields, Table};
use crate::synod::{BookRow, Decree, Entry, Founding, Heading, Name};

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
        let (number, ballot, decree, quorum) = match entry {
            Entry::Book(row) => return self.write_book_row(csv, row),
            Entry::Outcome { number, decree, ballot } => {
                (Some(number), ballot.as_ref(), Some(decree), None)
            }
            Entry::LastTried { ballot } | Entry::NextBal { ballot } => {
                (None, Some(ballot), None, None)
            }
            Entry::PrevVote { number, ballot, decree } => {
                (Some(number), Some(ballot), Some(decree), None)
            }
            Entry::Entered => (None, None, None, None),
            Entry::BeginBallot { number, ballot, decree, quorum } => {
                (Some(number), Some(ballot), Some(decree), Some(quorum))
            }
        };
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

    /// Writes a row of a law book: no ballot and no quorum.
    fn write_book_row(&mut self, csv: &mut csv::Writer<Vec<u8>>, row: &BookRow) -> csv::Result<()> {
        csv.write_field(row.heading.as_str())?;
        let number = row.heading.has_number().then_some(row.number);
        write_field(csv, &mut self.field, number)?;
        for field in ["", &row.words, "", &row.petition] {
            csv.write_field(field)?;
        }
        Ok(())
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
    use Column::{Ballot, Decree, Entry as Kind, Number, Petition, Quorum};
    let number = fields.number(Number)?;
    if let Some(heading) = Heading::of(fields.word(Kind)) {
        return read_book_row(fields, heading, number);
    }
    let ballot = fields.ballot(Ballot)?;
    let decree = fields.decree()?;
    match fields.word(Kind) {
        "outcome" => {
            fields.leave_empty("an outcome", &[Quorum])?;
            let number = fields.need("an outcome", Number, number)?;
            let decree = fields.need("an outcome", Decree, decree)?;
            if number == Founding::NUMBER {
                let founding = decree.text().parse::<Founding>();
                founding.map_err(|error| fields.fault(Decree, error))?;
            }
            Ok(Entry::Outcome { number, decree, ballot })
        }
        "lastTried" => {
            fields.leave_empty("lastTried", &[Number, Decree, Quorum, Petition])?;
            Ok(Entry::LastTried { ballot: fields.need("lastTried", Ballot, ballot)? })
        }
        "nextBal" => {
            fields.leave_empty("nextBal", &[Number, Decree, Quorum, Petition])?;
            Ok(Entry::NextBal { ballot: fields.need("nextBal", Ballot, ballot)? })
        }
        "prevVote" => {
            fields.leave_empty("prevVote", &[Quorum])?;
            Ok(Entry::PrevVote {
                number: fields.need("prevVote", Number, number)?,
                ballot: fields.need("prevVote", Ballot, ballot)?,
                decree: fields.need("prevVote", Decree, decree)?,
            })
        }
        "entered" => {
            fields.leave_empty("entered", &[Number, Ballot, Decree, Quorum, Petition])?;
            Ok(Entry::Entered)
        }
        "beginBallot" => Ok(Entry::BeginBallot {
            number: fields.need("beginBallot", Number, number)?,
            ballot: fields.need("beginBallot", Ballot, ballot)?,
            decree: fields.need("beginBallot", Decree, decree)?,
            quorum: read_quorum(fields)?,
        }),
        unknown => Err(fields.fault(Kind, Flaw::UnknownEntry(unknown.into()))),
    }
}

fn read_book_row(
    fields: &Fields<'_>,
    heading: Heading,
    number: Option<u64>,
) -> Result<Entry, Fault> {
    use Column::{Ballot, Decree, Number, Petition, Quorum};
    let kind = heading.as_str();
    fields.leave_empty(kind, &[Ballot, Quorum])?;
    let filled =
        |column| fields.need(kind, column, Some(fields.text(column)).filter(|t| !t.is_empty()));
    let number = if heading.has_number() {
        fields.need(kind, Number, number)?
    } else {
        fields.leave_empty(kind, &[Number])?;
        0
    };
    if heading == Heading::PetitionId {
        let petition = filled(Petition)?;
        let last = Some(fields.text(Decree)).filter(|last| !last.is_empty());
        return Ok(Entry::Book(BookRow::of_petitions(petition, last.unwrap_or(petition))));
    }
    fields.leave_empty(kind, &[Petition])?;
    if heading.has_words() {
        return Ok(Entry::Book(BookRow::of(heading, number, filled(Decree)?)));
    }
    fields.leave_empty(kind, &[Decree])?;
    Ok(Entry::Book(BookRow::of(heading, number, "")))
}

fn read_quorum(fields: &Fields<'_>) -> Result<BTreeSet<Name>, Fault> {
    let names = fields.word(Column::Quorum).split_whitespace().map(str::parse);
    let quorum: Result<BTreeSet<Name>, _> = names.collect();
    let quorum = quorum.map_err(|error| fields.fault(Column::Quorum, error))?;
    let filled = (!quorum.is_empty()).then_some(quorum);
    fields.need("beginBallot", Column::Quorum, filled)
}
