//! Events to rows.

use std::io::Write;

use super::cells::Cells;
use super::error::TraceError;
use super::{COLUMNS, Happening, TraceRow};
use crate::words::{Decree, Minutes, Name};

/// Writes a trace, and numbers its rows.
#[derive(Debug)]
pub struct TraceWriter<W: Write> {
    rows: csv::Writer<W>,
    seq: u64,
}

impl<W: Write> TraceWriter<W> {
    /// Begins a trace with its header.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn new(out: W) -> Result<TraceWriter<W>, TraceError> {
        let mut rows = csv::Writer::from_writer(out);
        rows.write_record(COLUMNS).map_err(unwritable)?;
        Ok(TraceWriter { rows, seq: 0 })
    }

    /// Tells what happened at this hour.
    ///
    /// # Errors
    /// When it cannot be written; [`TraceError::Untold`] for a founding decree too long for a row.
    pub fn tell(&mut self, at: Minutes, happening: &Happening) -> Result<(), TraceError> {
        self.seq += 1;
        self.write(self.seq, at, happening)
    }

    /// Copies an event, number and all.
    ///
    /// # Errors
    /// As [`TraceWriter::tell`].
    pub fn copy(&mut self, event: &TraceRow) -> Result<(), TraceError> {
        self.seq = event.seq;
        self.write(event.seq, event.at, &event.happening)
    }

    fn write(&mut self, seq: u64, at: Minutes, happening: &Happening) -> Result<(), TraceError> {
        let cells = Cells::of(happening).map_err(TraceError::Untold)?;
        let quorum = cells
            .quorum
            .map(|quorum| quorum.iter().map(Name::as_str).collect::<Vec<_>>().join(" "));
        let petition = cells.decree.as_ref().and_then(Decree::petition).unwrap_or_default();
        let record: [&str; COLUMNS.len()] = [
            &seq.to_string(),
            &at.to_string(),
            happening.as_str(),
            cells.from.as_ref().map_or("", Name::as_str),
            cells.to.as_ref().map_or("", Name::as_str),
            cells.message.as_deref().unwrap_or_default(),
            &written(cells.ballot),
            &written(cells.number),
            &written(cells.vote),
            cells.decree.as_ref().map_or("", Decree::text),
            quorum.as_deref().unwrap_or_default(),
            &written(cells.of),
            petition,
        ];
        self.rows.write_record(record).map_err(unwritable)
    }

    /// Hands on what is still in the buffer.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn flush(&mut self) -> Result<(), TraceError> {
        self.rows.flush().map_err(TraceError::Unwritable)
    }

    /// Ends the trace and returns what it was written into.
    ///
    /// # Errors
    /// When the rest cannot be written.
    pub fn into_inner(self) -> Result<W, TraceError> {
        self.rows.into_inner().map_err(|error| TraceError::Unwritable(error.into_error()))
    }
}

fn written(cell: Option<impl ToString>) -> String {
    cell.map(|value| value.to_string()).unwrap_or_default()
}

fn unwritable(error: csv::Error) -> TraceError {
    TraceError::Unwritable(error.into())
}
