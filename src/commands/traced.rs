//! A trace laid before the auditor: ours, or the log of another Paxos by a mapping.

use std::path::Path;

use crate::audit::Judgment;
use crate::picture::{Record, laid, record};
use crate::trace::ledgers::Told;
use crate::trace::mapping::Mapping;
use crate::trace::{TraceRow, foreign};
use crate::words::Minutes;

use super::Failure;
use super::input;

/// Judges a trace. A mapping says how to read the log of another Paxos.
///
/// # Errors
/// When trace or mapping cannot be read, with the line.
pub fn judged(trace: &Path, mapping: Option<&Path>) -> Result<Judgment, Failure> {
    let text = text_of(trace)?;
    let records = match mapping {
        None => record::from_trace(text.as_bytes(), trace)?,
        Some(mapping) => {
            let mapping = Mapping::read(&text_of(mapping)?)?;
            of_log(foreign::read(&text, &mapping)?, trace)
        }
    };
    Ok(laid::judge(&records))
}

/// A file that somebody names, whole.
fn text_of(path: &Path) -> Result<String, Failure> {
    let text = String::from_utf8(input::bytes_of(path)?);
    text.map_err(|_| format!("{}: this is not UTF-8; save it as UTF-8", path.display()).into())
}

/// The rows of a log, each with its place there.
fn of_log(told: Vec<Told>, file: &Path) -> Vec<Record> {
    let record = |(seq, it): (u64, Told)| Record {
        event: TraceRow { seq, at: Minutes::ZERO, happening: it.happening },
        place: format!("{}:{}", file.display(), it.line),
        row: it.row,
    };
    (1..).zip(told).map(record).collect()
}
