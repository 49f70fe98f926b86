//! Files that a command writes for its user: new ones, or over its own; never among the records of
//! a chamber.
//!
//! | what stands there | |
//! |---|---|
//! | nothing, or an empty file | is written |
//! | `-`, `/dev/stdout` | is standard output |
//! | a drawing, a trace, by its first line | is written over by one of its kind |
//! | a script, which reads as one and holds no answers | is written over by a script |
//! | another file | only with `--force` |
//! | a ledger, a messagebook, or their directories, through links too | never |
//! | a pipe, a device, a directory | never, but for those under `/dev` that are meant by their name |

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use crate::god::Paper;
use crate::records::ledger_row::LEDGER_HEADER;
use crate::records::message_row::MESSAGE_HEADER;
use crate::scene::Script;
use crate::scene::script_words::LONGEST_SCRIPT;
use crate::trace::COLUMNS;

use super::page::{Page, is_stdout};

/// Whether files that this program did not write may be written over.
#[derive(Args, Clone, Copy, Debug)]
pub struct Force {
    /// Write over a file even if it is no drawing or trace of this program. Records of a chamber
    /// are never written over.
    #[arg(long)]
    force: bool,
}

impl Force {
    /// The same, or wider.
    #[must_use]
    pub fn or(self, force: bool) -> Force {
        Force { force: self.force || force }
    }
}

/// The kind of output.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A drawing: SVG, HTML or text.
    Drawing,
    /// A trace.
    Trace,
    /// A script of a scene.
    Script,
    /// The verdict on a novice, as a page.
    Report,
    /// The answers of a novice.
    Answers,
}

/// The first line of a drawing as text that stands in a file.
pub const TEXT_MARK: &str = "parliament chronicle";

/// The first line of a script that was saved.
pub const SCRIPT_MARK: &str = "# A scene, for: parliament play THIS-FILE";

/// How the first line of a verdict on a novice begins, as a page.
pub const REPORT_MARK: &str = "<!doctype html><!-- parliament examine -->";

/// The first line of the answers of a novice.
pub const ANSWERS_MARK: &str = "# Answers, for: parliament examine --resume THIS-FILE";

/// How the first lines of SVG and HTML begin.
const DRAWING_MARKS: [&str; 3] = [
    r#"<svg xmlns="http://www.w3.org/2000/svg" class="chronicle""#,
    "<!doctype html><!-- parliament chronicle -->",
    TEXT_MARK,
];

impl Kind {
    /// Whether a file that begins with this line is of this kind, and this program's own.
    fn is_marked_by(self, line: &str) -> bool {
        match self {
            Kind::Drawing => DRAWING_MARKS.iter().any(|mark| line.starts_with(mark)),
            Kind::Trace => line == COLUMNS.join(","),
            Kind::Script => line == SCRIPT_MARK,
            Kind::Report => line.starts_with(REPORT_MARK),
            Kind::Answers => line == ANSWERS_MARK,
        }
    }

    /// The reason why another file is not written over.
    fn needed(self) -> &'static str {
        match self {
            Kind::Drawing => "no drawing of this program, by its first line",
            Kind::Trace => "no trace of this program, by its first line",
            Kind::Script => "no script, or a transcript, whose answers would be lost",
            Kind::Report => "no report of this program, by its first line",
            Kind::Answers => "no file of answers of this program, by its first line",
        }
    }
}

/// The reason for which a file cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// Records of a chamber are there.
    #[error("{path}: the records of a chamber stand here, and no output is written over them or among them, not even with --force; name another file", path = path.display())]
    Records {
        /// The file.
        path: PathBuf,
    },
    /// Another file is there.
    #[error("{path}: a file is here that is {kind}; name another file, or write over it with --force", path = path.display(), kind = kind.needed())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// The kind of output that was to be written.
        kind: Kind,
    },
    /// The path names no file, or a link that leads to none.
    #[error("{path}: this is no regular file, and output goes to regular files or, as `-`, to standard output; name another file", path = path.display())]
    NoFile {
        /// The thing that stands there.
        path: PathBuf,
    },
    /// The system said no.
    #[error("{path}: {source}", path = path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
}

/// A file that a command writes for its user.
#[derive(Clone, Debug)]
pub struct Output {
    path: PathBuf,
    kind: Kind,
    force: bool,
}

impl Output {
    /// The output to write under this path. Nothing is looked at yet.
    #[must_use]
    pub fn of(path: &Path, kind: Kind, force: Force) -> Output {
        Output { path: path.into(), kind, force: force.force }
    }

    /// Its path, as the user wrote it.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether this is standard output.
    #[must_use]
    pub fn is_stdout(&self) -> bool {
        is_stdout(&self.path)
    }

    /// Whether it may be written, before anything is done whose result goes there.
    ///
    /// # Errors
    /// [`OutputError`]: nothing was changed.
    pub fn check(&self) -> Result<(), OutputError> {
        if self.is_stdout() || is_meant_device(&self.path) {
            return Ok(());
        }
        self.is_outside_chambers()?;
        match fs::metadata(&self.path) {
            Ok(there) if !there.is_file() => Err(OutputError::NoFile { path: self.path.clone() }),
            Ok(_) => self.may_write_over(&self.opened(OpenOptions::new().read(true))?),
            // A link that leads nowhere would make a file that nobody named.
            Err(_) if fs::symlink_metadata(&self.path).is_ok() => {
                Err(OutputError::NoFile { path: self.path.clone() })
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(self.failed(error)),
        }
    }

    /// Opens it, empty.
    ///
    /// # Errors
    /// [`OutputError`]: nothing was changed.
    pub fn create(&self) -> Result<Box<dyn Write + Send>, OutputError> {
        if self.is_stdout() {
            return Ok(Box::new(Page::of_bytes()));
        }
        self.check()?;
        let mut how = OpenOptions::new();
        let stands = fs::metadata(&self.path).is_ok();
        let file = self.opened(how.read(stands).write(true).create_new(!stands))?;
        if stands && !is_meant_device(&self.path) {
            // Another file may have taken the name since it was looked at.
            self.may_write_over(&file)?;
            file.set_len(0).map_err(|error| self.failed(error))?;
        }
        Ok(Box::new(file))
    }

    /// Writes it whole.
    ///
    /// # Errors
    /// [`OutputError`].
    pub fn write(&self, bytes: &[u8]) -> Result<(), OutputError> {
        let mut out = self.create()?;
        out.write_all(bytes).and_then(|()| out.flush()).map_err(|error| self.failed(error))
    }

    /// A sheet for the trace of a sitting.
    #[must_use]
    pub fn paper(self) -> Paper {
        let name = self.path.clone();
        let lay_out = Arc::new(move || self.create().map_err(io::Error::other));
        Paper { name, lay_out }
    }

    fn opened(&self, how: &OpenOptions) -> Result<File, OutputError> {
        how.open(&self.path).map_err(|error| self.failed(error))
    }

    fn failed(&self, source: io::Error) -> OutputError {
        OutputError::Io { path: self.path.clone(), source }
    }

    /// Whether what stands in the file may be lost.
    fn may_write_over(&self, mut file: &File) -> Result<(), OutputError> {
        let mut line = String::new();
        let first = io::Read::take(&mut file, LONGEST_MARK);
        // A file that is not text is no record, and no drawing either.
        let _ = io::BufReader::new(first).read_line(&mut line);
        io::Seek::rewind(&mut file).map_err(|error| self.failed(error))?;
        let line = line.trim_end_matches(['\n', '\r']).trim_start_matches('\u{feff}');
        if [LEDGER_HEADER, MESSAGE_HEADER].contains(&line) {
            return Err(OutputError::Records { path: self.path.clone() });
        }
        let there = file.metadata().map_err(|error| self.failed(error))?;
        let is_ours = || self.kind.is_marked_by(line) || self.is_script(file);
        if there.len() == 0 || self.force || is_ours() {
            return Ok(());
        }
        Err(OutputError::Foreign { path: self.path.clone(), kind: self.kind })
    }

    /// Whether a script is to be written over one that reads, however it came to be. The answers of a
    /// transcript would be lost.
    fn is_script(&self, mut file: &File) -> bool {
        let mut text = String::new();
        self.kind == Kind::Script
            && io::Read::take(&mut file, LONGEST_SCRIPT as u64 + 1)
                .read_to_string(&mut text)
                .is_ok()
            && io::Seek::rewind(&mut file).is_ok()
            && !text.lines().any(|line| line.trim() == "----")
            && Script::read(&text).is_ok()
    }

    /// Whether neither the file nor its directory, however they are reached, is of a chamber's
    /// records.
    fn is_outside_chambers(&self) -> Result<(), OutputError> {
        let resolved = fs::canonicalize(&self.path).or_else(|_| {
            let parent = self.path.parent().filter(|parent| *parent != Path::new(""));
            let parent = fs::canonicalize(parent.unwrap_or(Path::new(".")))?;
            Ok(parent.join(self.path.file_name().unwrap_or_default()))
        });
        let resolved = resolved.map_err(|error| self.failed(error))?;
        if resolved.ancestors().any(holds_records) {
            return Err(OutputError::Records { path: self.path.clone() });
        }
        Ok(())
    }
}

/// Whether a run may be kept as a chamber in this directory: not among the records of another one.
///
/// # Errors
/// [`OutputError::Records`].
pub fn may_keep_in(directory: &Path) -> Result<(), OutputError> {
    let absolute = std::path::absolute(directory).unwrap_or_else(|_| directory.into());
    // As much of the path as is there, with its links followed; the rest has still to be made.
    let there = absolute.ancestors().find_map(|it| fs::canonicalize(it).ok());
    if there.is_some_and(|it| it.ancestors().any(holds_records)) {
        return Err(OutputError::Records { path: directory.into() });
    }
    Ok(())
}

/// More than any line that marks a file.
const LONGEST_MARK: u64 = 1024;

/// Whether a path under `/dev` means something that swallows or shows what is written: a terminal,
/// a pipe of the shell's.
fn is_meant_device(path: &Path) -> bool {
    #[cfg(unix)]
    if path.starts_with("/dev") {
        use std::os::unix::fs::FileTypeExt;
        let is = |there: fs::Metadata| {
            let it = there.file_type();
            it.is_char_device() || it.is_fifo() || it.is_socket()
        };
        return fs::metadata(path).is_ok_and(is);
    }
    let _ = path;
    false
}

/// Whether a directory is that of the ledgers or the messagebooks of a chamber that was founded.
#[must_use]
pub fn holds_records(directory: &Path) -> bool {
    let name = directory.file_name().and_then(|name| name.to_str());
    if !matches!(name, Some("ledgers" | "messagebooks")) {
        return false;
    }
    let ledgers = directory.with_file_name("ledgers");
    let is_record = |entry: io::Result<fs::DirEntry>| {
        entry.is_ok_and(|it| {
            let name = it.file_name();
            let name = name.to_string_lossy();
            name.ends_with(".csv") || name.starts_with(".founding")
        })
    };
    fs::read_dir(ledgers).is_ok_and(|mut entries| entries.any(is_record))
}
