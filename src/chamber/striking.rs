//! Appends to a messagebook, and strikes out a torn row at its end.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::time::Duration;

use crate::records::lines::STRUCK;

/// The bytes that strike out a row whose writer was stopped before its line end. Half a row may
/// read as a whole one with another meaning, so it must never be read.
const STRIKE: &[u8] = &[STRUCK, b'\n'];

/// The number of looks at a row that seems torn: another process may be writing it at this moment.
const LOOKS: usize = 10;
const BETWEEN_LOOKS: Duration = Duration::from_micros(100);

/// Appends rows in one write. If the last row is torn, strikes it out first.
pub(super) fn append_to(mut file: &File, rows: &[u8]) -> io::Result<()> {
    for _ in 0..LOOKS {
        if !ends_torn(file)? {
            return file.write_all(rows);
        }
        std::thread::sleep(BETWEEN_LOOKS);
    }
    // The torn row is struck out in the same write, so that no other row can come between.
    file.write_all(&[STRIKE, rows].concat())
}

/// Whether the last row lacks its line end. The seeking does not matter to a writer who appends.
fn ends_torn(mut file: &File) -> io::Result<bool> {
    match file.seek(SeekFrom::End(-1)) {
        Ok(_) => {}
        // The file is empty: there is no byte before its end.
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => return Ok(false),
        Err(error) => return Err(error),
    }
    let mut last = [b'\n'];
    Ok(file.read(&mut last)? == 1 && last[0] != b'\n')
}
