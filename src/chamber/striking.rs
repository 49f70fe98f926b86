//! Appending to a messagebook that may end in a torn row, which is struck out.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::time::Duration;

use crate::records::lines::STRUCK;

/// What strikes out a row whose writer was stopped before its line end: half a row may read as a
/// whole one that says something else, so it must never be read.
const STRIKE: &[u8] = &[STRUCK, b'\n'];

/// How often a row that seems torn is looked at again, and after how long: somebody may be writing
/// it at this moment.
const LOOKS: usize = 10;
const BETWEEN_LOOKS: Duration = Duration::from_micros(100);

/// Appends rows, in one write.
pub(super) fn append_to(mut file: &File, rows: &[u8]) -> io::Result<()> {
    for _ in 0..LOOKS {
        if !ends_torn(file)? {
            return file.write_all(rows);
        }
        std::thread::sleep(BETWEEN_LOOKS);
    }
    // The torn row is ended in the same write, so nobody's row can slip between.
    file.write_all(&[STRIKE, rows].concat())
}

/// Whether the last row lacks its line end. Where the file is read from is of no account to a
/// writer who appends.
fn ends_torn(mut file: &File) -> io::Result<bool> {
    match file.seek(SeekFrom::End(-1)) {
        Ok(_) => {}
        // There is no place before the beginning: the file is empty.
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => return Ok(false),
        Err(error) => return Err(error),
    }
    let mut last = [b'\n'];
    Ok(file.read(&mut last)? == 1 && last[0] != b'\n')
}
