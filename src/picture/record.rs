//! One event, and the row and place it was read from.

use std::io::Read;
use std::path::Path;

use crate::trace::{Event, TraceError, TraceReader};

/// One event of a run, with the row that tells it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Record {
    /// What happened.
    pub event: Event,
    /// `file:line` of the row.
    pub place: String,
    /// The row itself.
    pub row: String,
}

/// Reads a trace, keeping each row beside what it tells.
///
/// # Errors
/// The first row that tells nothing.
pub fn from_trace<R: Read>(input: R, name: &Path) -> Result<Vec<Record>, TraceError> {
    let mut reader = TraceReader::new(input, name);
    let mut records = Vec::new();
    while let Some(event) = reader.next().transpose()? {
        let (line, row) = reader.last_row();
        records.push(Record { event, place: format!("{}:{line}", name.display()), row });
    }
    Ok(records)
}
