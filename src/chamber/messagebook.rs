//! A messagebook: an inbox to which everyone's messengers append, and which its owner watches.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::flaw::BadRow;
use super::lines::{Identity, Lines, identity};
use super::message_row::{MESSAGE_HEADER, MessagePen, MessageReader};
use super::record::MessageRow;
use super::{Chamber, Clock};
use crate::synod::{Message, Name};

/// A messagebook, for those who write into it.
///
/// Each append is one write, so the rows of two writers never interleave, whether they are
/// threads or processes.
pub struct Messagebook {
    path: PathBuf,
    clock: Clock,
    file: Option<(File, Identity)>,
    pen: MessagePen,
    text: Vec<u8>,
}

impl Messagebook {
    /// The messagebook of `owner`. It is opened, and made if need be, at the first append.
    #[must_use]
    pub fn of(chamber: &Chamber, owner: Name) -> Messagebook {
        Messagebook {
            path: chamber.messagebook(owner),
            clock: Arc::clone(&chamber.clock),
            file: None,
            pen: MessagePen::default(),
            text: Vec::new(),
        }
    }

    /// Appends messages, each with its sender, in one write.
    ///
    /// # Errors
    /// When the messagebook cannot be written: then the messages are lost, or torn.
    pub fn append<'a>(
        &mut self,
        messages: impl IntoIterator<Item = (Name, &'a Message)>,
    ) -> io::Result<()> {
        let mut text = std::mem::take(&mut self.text);
        text.clear();
        let appended = self
            .pen
            .write(messages, (self.clock)(), &mut text)
            .and_then(|()| self.append_written(&text));
        self.text = text;
        appended
    }

    /// Appends rows that a [`MessagePen`] wrote, in one write: a broadcast is written once.
    ///
    /// # Errors
    /// As [`Messagebook::append`].
    pub fn append_written(&mut self, rows: &[u8]) -> io::Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let appended = self.file().and_then(|mut file| {
            if ends_torn(file)? {
                // The torn row is ended in the same write, so nobody's row can slip between.
                file.write_all(&[b"\n", rows].concat())
            } else {
                file.write_all(rows)
            }
        });
        if appended.is_err() {
            self.file = None;
        }
        appended
    }

    /// The file that stands under the messagebook's name now: people's editors replace files.
    fn file(&mut self) -> io::Result<&File> {
        let there = fs::metadata(&self.path).ok().map(|there| identity(&there));
        if self.file.as_ref().is_some_and(|(_, known)| Some(*known) != there) {
            self.file = None;
        }
        let (file, _) = match &mut self.file {
            Some(opened) => opened,
            none => {
                let file = open(&self.path)?;
                let identity = identity(&file.metadata()?);
                none.insert((file, identity))
            }
        };
        Ok(file)
    }
}

/// Opens a messagebook for appending, makes it if need be, and sees to it that its columns stand in
/// our order.
pub(super) fn open(path: &Path) -> io::Result<File> {
    let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
    let mut header = vec![0; MESSAGE_HEADER.len() + 5];
    let mut read = 0;
    while let n @ 1.. = file.read(&mut header[read..])? {
        read += n;
    }
    let header = header[..read].strip_prefix(b"\xef\xbb\xbf").unwrap_or(&header[..read]);
    let ours = header
        .strip_prefix(MESSAGE_HEADER.as_bytes())
        .is_some_and(|rest| rest.is_empty() || rest[0] == b'\n' || rest.starts_with(b"\r\n"));
    if !ours {
        let lead = if ends_torn(&file)? { "\n" } else { "" };
        file.write_all(format!("{lead}{MESSAGE_HEADER}\n").as_bytes())?;
    }
    Ok(file)
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

/// Reads `owner`'s messagebook from anywhere; `name` is what errors call it. What stands after the
/// last line end has not come yet.
///
/// # Errors
/// When it cannot be read.
pub fn read_messages(
    source: impl Read,
    name: &Path,
    owner: Name,
) -> io::Result<Vec<Result<MessageRow, BadRow>>> {
    let mut reader = MessageReader::new(Arc::new(name.into()), owner);
    let (mut lines, mut rows) = (Lines::of(source), Vec::new());
    while let Some(line) = lines.next()? {
        rows.extend(reader.read(&line));
    }
    Ok(rows)
}

/// A messagebook, for its owner's messenger: reads what has come since it last looked.
pub struct Cursor {
    path: PathBuf,
    owner: Name,
    reader: MessageReader,
    lines: Option<(Lines<File>, Identity)>,
    openings: u64,
}

impl Cursor {
    /// Reads from the first row on.
    #[must_use]
    pub fn at_start(chamber: &Chamber, owner: Name) -> Cursor {
        let path = chamber.messagebook(owner);
        let reader = MessageReader::new(Arc::new(path.clone()), owner);
        Cursor { path, owner, reader, lines: None, openings: 0 }
    }

    /// Reads what comes after the rows that are there now.
    ///
    /// # Errors
    /// When the messagebook is there and cannot be read.
    pub fn at_end(chamber: &Chamber, owner: Name) -> io::Result<Cursor> {
        let mut cursor = Cursor::at_start(chamber, owner);
        if cursor.reopen()?
            && let Some((lines, _)) = &mut cursor.lines
        {
            while let Some(line) = lines.next()? {
                // A header that cannot be read is said when its rows are.
                let _ = cursor.reader.table().hear_header(&line);
            }
        }
        Ok(cursor)
    }

    /// The messagebook's path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The rows that have come since the last look; a row whose line end is missing has not come
    /// yet. If the file was replaced, emptied or archived, it is read from its start: a repeated
    /// message is harmless, a silent one is not.
    ///
    /// # Errors
    /// When the messagebook is there and cannot be read.
    pub fn read(&mut self) -> io::Result<Vec<Result<MessageRow, BadRow>>> {
        let mut rows = Vec::new();
        self.drain(&mut rows)?;
        if self.is_replaced()? {
            // Whoever still held the old file may have written into it meanwhile.
            self.drain(&mut rows)?;
            self.reopen()?;
            self.drain(&mut rows)?;
        }
        Ok(rows)
    }

    /// How often the file was opened: whoever watches it must watch it anew when this has grown.
    #[must_use]
    pub fn openings(&self) -> u64 {
        self.openings
    }

    fn drain(&mut self, rows: &mut Vec<Result<MessageRow, BadRow>>) -> io::Result<()> {
        let Some((lines, _)) = &mut self.lines else { return Ok(()) };
        while let Some(line) = lines.next()? {
            rows.extend(self.reader.read(&line));
        }
        Ok(())
    }

    fn is_replaced(&self) -> io::Result<bool> {
        let Some((lines, known)) = &self.lines else { return Ok(true) };
        let there = match fs::metadata(&self.path) {
            Ok(there) => there,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
            Err(error) => return Err(error),
        };
        Ok(identity(&there) != *known || there.len() < lines.position())
    }

    /// Opens the file that stands under the path now; false if there is none.
    fn reopen(&mut self) -> io::Result<bool> {
        self.lines = None;
        self.openings += 1;
        self.reader = MessageReader::new(Arc::clone(self.reader.table().file()), self.owner);
        match File::open(&self.path) {
            Ok(file) => {
                let identity = identity(&file.metadata()?);
                self.lines = Some((Lines::of(file), identity));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        Ok(self.lines.is_some())
    }
}
