//! Files that a command reads because its user names them: regular ones, so that no command waits for
//! a pipe that nobody writes into. A pipe is read as standard input, named `-`.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use super::Failure;
use crate::chamber::Chamber;

/// Opens a file; `-` is standard input, and what lies under `/dev` is read as it is.
///
/// # Errors
/// When it cannot be opened, or is no regular file.
pub fn open(path: &Path) -> Result<Box<dyn Read>, Failure> {
    if path == Path::new("-") {
        return Ok(Box::new(io::stdin()));
    }
    let failed = |error: io::Error| format!("{}: {error}", path.display());
    let is_regular = fs::metadata(path).map_err(failed)?.is_file();
    if !is_regular && !path.starts_with("/dev") {
        return Err(format!(
            "{}: this is no regular file, and reading it might wait without end; read a pipe as \
             standard input, by the name -",
            path.display()
        )
        .into());
    }
    Ok(Box::new(File::open(path).map_err(failed)?))
}

/// Reads a file whole.
///
/// # Errors
/// As [`open`], or when it cannot be read.
pub fn bytes_of(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = open(path)?.read_to_end(&mut bytes);
    read.map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(bytes)
}

/// The error for a directory in the place of a script; a chamber has a way of its own.
pub fn no_script(path: &Path) -> String {
    let shown = path.display();
    match Chamber::at(path).ledgers().is_dir() {
        true => format!(
            "{shown} is a chamber, and SCRIPT is a file; to play on from its records: parliament play \
             --chamber {shown} --records"
        ),
        false => {
            format!("{shown} is a directory, and SCRIPT is a file; name a file that `s` saved")
        }
    }
}
