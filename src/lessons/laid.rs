//! Records that a lesson lays down: ledgers sealed as their priests would have sealed them, so that
//! what a student writes by hand can be told from them.

use std::io;
use std::path::Path;

use chrono::DateTime;

use crate::records::LedgerRows;
use crate::records::ledger_row::{LEDGER_HEADER, LedgerPen};
use crate::records::message_row::MESSAGE_HEADER;
use crate::words::Entry;

/// When they were written, in seconds since 1970: the first of March 2026, eight in the morning.
const WRITTEN: i64 = 1_772_352_000;

/// A file of a lesson as it is laid down: to the rows of a ledger or messagebook, each written
/// short, come the header, and to those of a ledger times and seals.
///
/// # Errors
/// When a row says nothing.
pub(super) fn laid(path: &Path, rows: &str) -> io::Result<String> {
    let directory = path.parent().and_then(Path::file_name).and_then(|name| name.to_str());
    match directory {
        Some("ledgers") => sealed(rows),
        Some("messagebooks") => Ok(format!("{MESSAGE_HEADER}\n{}", rows.trim_start())),
        _ => Ok(rows.trim_start().to_owned()),
    }
}

/// Rows of a ledger, from their short form.
///
/// # Errors
/// When a row says nothing.
pub(super) fn entries(rows: &str) -> io::Result<Vec<Entry>> {
    let short = format!("{LEDGER_HEADER}\n{}", rows.trim_start());
    let rows = LedgerRows::of(short.as_bytes(), Path::new("ledger"));
    rows.map(|row| Ok(row?.map_err(io::Error::other)?.entry)).collect()
}

fn sealed(rows: &str) -> io::Result<String> {
    let entries = entries(rows)?;
    let mut text = format!("{LEDGER_HEADER}\n").into_bytes();
    let offset = text.len() as u64;
    let at = DateTime::from_timestamp(WRITTEN, 0).unwrap_or_default();
    LedgerPen::default().write(&entries, at, 0, offset, &mut text)?;
    String::from_utf8(text).map_err(io::Error::other)
}
