//! Files beside the records, which a person writes, or this program for a person: opened with the
//! same care, so that no link, pipe or device is read, written or waited for. `[ours]`

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Read, Write};
use std::path::Path;

use super::regular;

/// The bytes of a file of at most this length.
///
/// # Errors
/// When it is no regular file, longer, or the system says no.
pub(crate) fn bytes_of(path: &Path, longest: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    regular::read(path)?.take(longest as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > longest {
        return Err(io::Error::other(format!("this is longer than {longest} bytes")));
    }
    Ok(bytes)
}

/// Lays down a new file, with the directories that lead to it.
///
/// # Errors
/// Where something stands already, or the system says no.
pub(crate) fn lay(path: &Path, text: &str) -> io::Result<()> {
    make_way(path)?;
    regular::make(path)?.write_all(text.as_bytes())
}

/// Adds a text at the end of a file, which is made where nothing stands, with the directories that
/// lead to it.
///
/// # Errors
/// When it is no regular file, or the system says no.
pub(crate) fn add(path: &Path, text: &str) -> io::Result<()> {
    make_way(path)?;
    regular::append_or_make(path)?.write_all(text.as_bytes())
}

/// Makes the directories that lead to a file.
fn make_way(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), regular::make_directory)
}

/// Moves a directory to where nothing stands.
///
/// # Errors
/// Where something stands there, or the system says no.
pub(crate) fn put_aside(from: &Path, to: &Path) -> io::Result<()> {
    regular::move_aside(from, to)
}

/// Whether anything stands under this name.
pub(crate) fn stands(path: &Path) -> bool {
    regular::stands(path)
}

/// Refuses a link, and whatever else is no directory; one that is not there passes.
///
/// # Errors
/// As told.
pub(crate) fn only_directory(path: &Path) -> io::Result<()> {
    regular::only_directory(path)
}

/// How deep [`stamp`] looks, and at how many files.
const DEEPEST: u32 = 5;
const MOST: u32 = 5000;

/// A number that changes when a file in this directory is written, comes or goes.
pub(crate) fn stamp(directory: &Path) -> u64 {
    let mut hasher = DefaultHasher::new();
    let mut left = MOST;
    take_down(directory, DEEPEST, &mut left, &mut hasher);
    hasher.finish()
}

fn take_down(directory: &Path, deeper: u32, left: &mut u32, hasher: &mut DefaultHasher) {
    let mut files = regular::files_in(directory).unwrap_or_default();
    files.sort();
    for path in files {
        if *left == 0 {
            return;
        }
        *left -= 1;
        path.hash(hasher);
        match regular::metadata(&path) {
            Ok(there) => (there.len(), there.modified().ok()).hash(hasher),
            Err(error) if regular::is_no_record(&error) && deeper > 0 => {
                if regular::only_directory(&path).is_ok() {
                    take_down(&path, deeper - 1, left, hasher);
                }
            }
            Err(_) => {}
        }
    }
}
