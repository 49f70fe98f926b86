//! Reads records without changing them: as rows, or as lines to show.

use std::fs::File;
use std::io;
use std::path::Path;

use super::regular;
use crate::records::LedgerRows;
use crate::records::lines::Lines;
use crate::words::shown;

/// Reads a ledger row by row. It cuts and locks nothing, and uses little memory for a long ledger
/// too.
///
/// A row with a broken seal comes with [`crate::records::Seal::Broken`].
///
/// # Errors
/// When the ledger cannot be opened.
pub fn read_ledger(path: &Path) -> io::Result<LedgerRows<File>> {
    Ok(LedgerRows::of(regular::read(path)?, path))
}

/// The lines of a protocol file, made visible for a person. A line longer than
/// [`LONGEST_ROW`](crate::records::LONGEST_ROW) is cut there and ends with an ellipsis.
///
/// # Errors
/// When the file cannot be read.
pub fn lines_of(path: &Path) -> std::io::Result<Vec<String>> {
    let mut lines = Lines::of(regular::read(path)?);
    let mut found = Vec::new();
    while let Some(line) = lines.next()? {
        found.push(shown(&line.in_text()).into_owned());
    }
    found.extend(lines.tail().map(|line| shown(&line.in_text()).into_owned()));
    Ok(found)
}

/// One line of a protocol file, counted from 1, like [`lines_of`]; `None` if it cannot be read.
#[must_use]
pub fn line_of(path: &Path, number: u64) -> Option<String> {
    let mut lines = Lines::of(regular::read(path).ok()?);
    while let Some(line) = lines.next().ok()? {
        if line.number == number {
            return Some(shown(line.in_text().trim_end()).into_owned());
        }
    }
    let tail = lines.tail().filter(|line| line.number == number)?;
    Some(shown(tail.in_text().trim_end()).into_owned())
}

#[cfg(test)]
mod tests {
    use crate::records::LONGEST_ROW;

    #[test]
    fn a_very_long_line_is_shown_up_to_the_longest_row() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let long = vec![b'x'; 40 * LONGEST_ROW];
        std::fs::write(file.path(), [b"a\r\n", &long[..], b"\nb\n", &long].concat()).unwrap();
        let shown = "x".repeat(LONGEST_ROW) + "…";
        let lines = crate::chamber::lines_of(file.path()).unwrap();
        assert!(lines == ["a", &shown, "b", &shown]);
        for (number, line) in (1..).zip(lines) {
            assert!(crate::chamber::line_of(file.path(), number) == Some(line), "{number}");
        }
    }
}
