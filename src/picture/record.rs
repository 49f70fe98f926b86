//! One event, and the row and place it was read from.

use std::io;
use std::path::Path;

use crate::trace::{TraceError, TraceReader, TraceRow};

/// One event of a run, with the row that tells it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Record {
    /// The event.
    pub event: TraceRow,
    /// `file:line` of the row.
    pub place: String,
    /// The row itself.
    pub row: String,
}

/// Reads a trace, keeping each row beside what it tells.
///
/// # Errors
/// The first row that tells nothing.
pub fn from_trace<R: io::Read>(input: R, name: &Path) -> Result<Vec<Record>, TraceError> {
    let mut reader = TraceReader::new(input, name);
    let mut records = Vec::new();
    while let Some(event) = reader.next().transpose()? {
        let (line, row) = reader.last_row();
        records.push(Record { event, place: format!("{}:{line}", name.display()), row });
    }
    Ok(records)
}

/// One who is told each event of a run.
pub type Hearer<'a> = &'a mut dyn FnMut(&Record);

/// Reads a run from its first event to its last, and tells each.
pub type Read<'a, E> = dyn FnMut(Hearer<'_>) -> Result<(), E> + 'a;

/// Reads a trace as often as asked: its rows lie in memory once, and its events never all at once.
pub fn read_again<'a>(
    trace: &'a [u8],
    name: &'a Path,
) -> impl FnMut(Hearer<'_>) -> Result<(), TraceError> + 'a {
    move |tell| {
        let mut reader = TraceReader::new(trace, name);
        let file = name.display().to_string();
        while let Some(event) = reader.next().transpose()? {
            let (line, row) = reader.last_row();
            tell(&Record { event, place: format!("{file}:{line}"), row });
        }
        Ok(())
    }
}
