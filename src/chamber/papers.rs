//! Files beside the records, written by a person or for a person. They are opened with the same
//! care: no link, pipe or device is read or written, and no opening waits. `[ours]`

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::{Chamber, regular};
use crate::words::Name;

/// Reads a file of at most `longest` bytes.
///
/// # Errors
/// When it is no regular file or is longer, or when the system reports an error.
pub(crate) fn bytes_of(path: &Path, longest: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    regular::read(path)?.take(longest as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > longest {
        return Err(io::Error::other(format!("this is longer than {longest} bytes")));
    }
    Ok(bytes)
}

/// Writes a new file, and makes the directories above it.
///
/// # Errors
/// When the name is taken, or the system reports an error.
pub(crate) fn lay(path: &Path, text: &str) -> io::Result<()> {
    make_way(path)?;
    regular::make(path)?.write_all(text.as_bytes())
}

/// Appends a text to a file. Makes the file, and the directories above it, if there is none.
///
/// # Errors
/// When it is no regular file, or the system reports an error.
pub(crate) fn add(path: &Path, text: &str) -> io::Result<()> {
    make_way(path)?;
    regular::append_or_make(path)?.write_all(text.as_bytes())
}

/// Makes the directories above a file.
fn make_way(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), regular::make_directory)
}

/// Moves a directory's content into a new directory, and keeps the directory, so that a shell in it
/// stays where it is. Anything that is no directory is moved itself.
///
/// # Errors
/// When the name is taken, or the system reports an error.
pub(crate) fn put_aside(from: &Path, to: &Path) -> io::Result<()> {
    match regular::only_directory(from) {
        Ok(()) => regular::empty_aside(from, to),
        Err(_) => regular::move_aside(from, to),
    }
}

/// Whether anything exists at this path.
pub(crate) fn stands(path: &Path) -> bool {
    regular::stands(path)
}

/// Checks that a path is a directory or does not exist.
///
/// # Errors
/// When it is a link, or anything that is no directory.
pub(crate) fn only_directory(path: &Path) -> io::Result<()> {
    regular::only_directory(path)
}

/// The priests who are in a chamber that is this directory or lies in it, with the chamber's path.
pub(crate) fn inside(directory: &Path) -> Option<(PathBuf, Name)> {
    let within = regular::files_in(directory).unwrap_or_default();
    let mut roots = std::iter::once(directory.to_path_buf()).chain(within);
    roots.find_map(|root| {
        regular::only_directory(&root).ok()?;
        let first = Chamber::at(&root).inside().ok()?.into_iter().next()?;
        Some((root, first))
    })
}

/// The number of levels of directories that [`stamp`] looks into.
const DEEPEST: u32 = 5;
/// The most files that [`stamp`] looks at.
const MOST: u32 = 5000;

/// A number that changes when a file in this directory is written, made or removed.
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
