//! The one place where records are opened. A record is a regular file. Nothing else is read or
//! written, and no opening waits. `[ours]`
//!
//! With a pipe under a record's name a priest would wait forever; a device could give data without
//! end; through a link he would write into a file that is no record. So each file is checked before
//! it is opened, opening never waits, and the open file is checked again, since another may have
//! taken the name meanwhile. New records are made only under free names. The chamber's own path may
//! be a link, which the user chose.

use std::fmt;
use std::fs::{self, File, FileType, Metadata, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// A thing that is not a record, or not its directory, and has its name.
#[derive(Debug)]
enum NoRecord {
    /// It has the record's name.
    File(&'static str),
    /// It has the directory's name.
    Directory(PathBuf, &'static str),
}

impl std::error::Error for NoRecord {}

impl fmt::Display for NoRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoRecord::File(what) => write!(
                f,
                "this is {what}, and records are regular files; put the record itself in its place"
            ),
            NoRecord::Directory(path, what) => write!(
                f,
                "{} is {what}, and a chamber's own directories may not be links; put the directory itself in its place",
                path.display()
            ),
        }
    }
}

fn refused(why: NoRecord) -> io::Error {
    io::Error::other(why)
}

/// Whether a record was refused because it is no regular file, or because its directory is none.
#[must_use]
pub fn is_no_record(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|why| why.is::<NoRecord>())
}

/// Whether this one record cannot be read, though others may be: access is denied, or it is no
/// regular file.
#[must_use]
pub fn is_closed(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::PermissionDenied || is_no_record(error)
}

/// The name of a file's type, for an error.
fn what(it: FileType) -> &'static str {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if it.is_fifo() {
            return "a named pipe";
        }
        if it.is_socket() {
            return "a socket";
        }
        if it.is_block_device() || it.is_char_device() {
            return "a device";
        }
    }
    match it {
        _ if it.is_symlink() => "a symbolic link",
        _ if it.is_dir() => "a directory",
        _ if it.is_file() => "a file",
        _ => "no file",
    }
}

/// The metadata of a record, without opening it.
pub(super) fn metadata(path: &Path) -> io::Result<Metadata> {
    only_regular(fs::symlink_metadata(path)?)
}

fn only_regular(there: Metadata) -> io::Result<Metadata> {
    let it = there.file_type();
    if it.is_file() { Ok(there) } else { Err(refused(NoRecord::File(what(it)))) }
}

/// Whether anything exists at this path, even a link that leads nowhere. True too if the directory
/// cannot be read: then a record may exist there.
pub(super) fn stands(path: &Path) -> bool {
    let there = directory_of(path).and_then(|()| fs::symlink_metadata(path));
    there.map_or_else(|error| error.kind() != io::ErrorKind::NotFound, |_| true)
}

/// Opens a record to read it.
pub(super) fn read(path: &Path) -> io::Result<File> {
    open(path, OpenOptions::new().read(true))
}

/// The bytes of a record.
pub(super) fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::Read::read_to_end(&mut read(path)?, &mut bytes)?;
    Ok(bytes)
}

/// Opens a record to write over its bytes.
pub(super) fn rewrite(path: &Path) -> io::Result<File> {
    open(path, OpenOptions::new().write(true))
}

/// Opens a record to read it and append to it.
pub(super) fn append(path: &Path) -> io::Result<File> {
    open(path, OpenOptions::new().read(true).append(true))
}

/// Like [`append`], but makes the record if there is none.
pub(super) fn append_or_make(path: &Path) -> io::Result<File> {
    match append(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => match make(path) {
            // Another process made it at this moment.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => append(path),
            made => made,
        },
        opened => opened,
    }
}

/// Makes a record under a free name, to read it and append to it.
pub(super) fn make(path: &Path) -> io::Result<File> {
    directory_of(path)?;
    OpenOptions::new().read(true).append(true).create_new(true).open(path)
}

/// Like [`make`], but first removes a draft that a crash left. If it is a link, the link is removed
/// and not its target.
pub(super) fn make_draft(path: &Path) -> io::Result<File> {
    directory_of(path)?;
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => make(path),
    }
}

/// Renames a draft or record, and replaces the record that has the new name.
pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    directory_of(to)?;
    for path in [from, to] {
        match metadata(path) {
            Err(error) if is_no_record(&error) => return Err(error),
            _ => {}
        }
    }
    fs::rename(from, to)
}

/// Moves a record, or a directory of records, to a free name.
pub(super) fn move_aside(from: &Path, to: &Path) -> io::Result<()> {
    directory_of(from)?;
    directory(from)?;
    directory_of(to)?;
    if stands(to) {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    fs::rename(from, to)
}

/// Moves all that is in a directory into a new one, whose name must be free. The directory itself
/// stays, for those who are in it.
pub(super) fn empty_aside(from: &Path, to: &Path) -> io::Result<()> {
    only_directory(from)?;
    fs::create_dir(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        fs::rename(entry.path(), to.join(entry.file_name()))?;
    }
    Ok(())
}

/// Gives a record a second name, which must be free.
pub(super) fn link(record: &Path, name: &Path) -> io::Result<()> {
    directory_of(name)?;
    metadata(record)?;
    fs::hard_link(record, name)
}

/// Removes a record, or anything else with its name that is no directory.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    directory_of(path)?;
    fs::remove_file(path)
}

fn open(path: &Path, how: &mut OpenOptions) -> io::Result<File> {
    directory_of(path)?;
    metadata(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        how.custom_flags(libc::O_NONBLOCK | libc::O_NOFOLLOW);
    }
    let file = how.open(path)?;
    only_regular(file.metadata()?)?;
    Ok(file)
}

/// The directories of a chamber, which may not be links.
const DIRECTORIES: [&str; 4] = ["ledgers", "messagebooks", "archive", "abroad"];

/// A file in the chamber's own directory, whose path may be a link; its draft too.
const IN_ROOT: [&str; 2] = ["roster.csv", ".roster.csv.draft"];

/// Refuses a record if its directory in the chamber is a link or no directory.
fn directory_of(path: &Path) -> io::Result<()> {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if IN_ROOT.contains(&name) {
        return Ok(());
    }
    path.parent().map_or(Ok(()), directory)
}

/// Checks that a directory of a chamber is a directory and no link, or does not exist.
pub(super) fn directory(path: &Path) -> io::Result<()> {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if !DIRECTORIES.contains(&name) {
        return Ok(());
    }
    // An archive lies in another directory of the chamber, and ledgers may lie abroad.
    if name == "archive" || path.parent().and_then(Path::file_name).is_some_and(|it| it == "abroad")
    {
        directory_of(path)?;
    }
    only_directory(path)
}

/// Checks that a path is a directory and no link, or does not exist.
pub(super) fn only_directory(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(there) if there.is_dir() => Ok(()),
        Ok(there) => Err(refused(NoRecord::Directory(path.into(), what(there.file_type())))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// Makes a directory of a chamber, unless it exists.
pub(super) fn make_directory(path: &Path) -> io::Result<()> {
    directory(path)?;
    fs::create_dir_all(path)
}

/// Opens a directory, to lock or sync it.
pub(super) fn open_directory(path: &Path) -> io::Result<File> {
    directory(path)?;
    File::open(path)
}

/// Opens a chamber's own directory, whose path may be a link.
pub(super) fn open_root(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// The files in a directory of a chamber; none if it does not exist.
pub(super) fn files_in(path: &Path) -> io::Result<Vec<PathBuf>> {
    directory(path)?;
    match fs::read_dir(path) {
        Ok(entries) => entries.map(|entry| Ok(entry?.path())).collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// Distinguishes a file from another that replaced it under the same name.
#[cfg(unix)]
pub(super) type Identity = (u64, u64);

/// Distinguishes a file from another that replaced it under the same name.
#[cfg(not(unix))]
pub(super) type Identity = Option<std::time::SystemTime>;

/// The identity of the file with this metadata.
#[cfg(unix)]
pub(super) fn identity(metadata: &Metadata) -> Identity {
    use std::os::unix::fs::MetadataExt;
    (metadata.dev(), metadata.ino())
}

/// The identity of the file with this metadata.
#[cfg(not(unix))]
pub(super) fn identity(metadata: &Metadata) -> Identity {
    metadata.created().ok()
}

#[cfg(all(test, unix))]
mod tests;
