//! A messagebook: an inbox to which all messengers append and which its owner watches.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::regular::{Identity, identity};
use super::striking::append_to;
use super::{Chamber, Clock, regular};
use crate::records::flaw::BadRow;
use crate::records::lines::Lines;
use crate::records::message_row::{MESSAGE_HEADER, MessagePen, MessageReader};
use crate::records::record::MessageRow;
use crate::words::{Message, Name};

/// Appends letters to a messagebook.
///
/// Each append is one write, so the rows of two threads or processes never mix.
pub struct Messagebook {
    owner: Name,
    path: PathBuf,
    clock: Clock,
    file: Option<(File, Identity)>,
    pen: MessagePen,
    text: Vec<u8>,
    /// The chamber, if the owner lives elsewhere. Then the writers archive the messagebook, since
    /// nobody here reads it.
    outbox_in: Option<Chamber>,
    /// Whether the last append may have written some of its rows.
    begun: bool,
}

impl Messagebook {
    /// The messagebook of `owner`. The first append opens the file, and makes it if there is none.
    #[must_use]
    pub fn of(chamber: &Chamber, owner: Name) -> Messagebook {
        let is_outbox = !chamber.has_ledger(owner) && chamber.roster().is_ok_and(|it| it.is_some());
        Messagebook {
            outbox_in: is_outbox.then(|| chamber.clone()),
            owner,
            path: chamber.messagebook(owner),
            clock: Arc::clone(&chamber.clock),
            file: None,
            pen: MessagePen::default(),
            text: Vec::new(),
            begun: false,
        }
    }

    /// Whether letters of the last append may be in the messagebook, even if the append failed.
    #[must_use]
    pub fn may_hold_what_was_last_appended(&self) -> bool {
        self.begun
    }

    /// Appends messages, each with its sender, in one write.
    ///
    /// # Errors
    /// When the messagebook cannot be written: then the messages are lost, or torn.
    pub fn append<'a>(
        &mut self,
        messages: impl IntoIterator<Item = (Name, &'a Message)>,
    ) -> io::Result<()> {
        self.begun = false;
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
        for _ in 0..TRIES {
            if !self.is_current() {
                self.file = None;
            }
            let path = self.path.clone();
            let opened = self.file().map(|_| ());
            self.begun |= opened.is_ok();
            let appended = |file: &File| append_to(file, rows).map_err(in_file(&path));
            if let Err(error) = opened.and_then(|()| self.file().and_then(appended)) {
                self.file = None;
                return Err(error);
            }
            // The file was archived or replaced during the write, and the owner may have read it to
            // its end before. So the letters are delivered again. A letter may come twice.
            if self.is_current() {
                self.archive_outbox_if_long();
                return Ok(());
            }
        }
        Err(io::Error::other("the messagebook was replaced at each of many tries"))
    }

    /// Archives a long messagebook whose owner lives elsewhere. If it cannot be archived it grows,
    /// but the letters in it stay.
    fn archive_outbox_if_long(&mut self) {
        let (Some(chamber), Some((file, _))) = (&self.outbox_in, &self.file) else { return };
        if file.metadata().is_ok_and(|there| there.len() >= chamber.archived_at) {
            let _ = chamber.put_outbox_away(self.owner);
            self.file = None;
        }
    }

    /// Whether the open file still has the messagebook's name. Editors replace files, and owners
    /// archive them.
    fn is_current(&self) -> bool {
        let there = || regular::metadata(&self.path).ok().map(|there| identity(&there));
        self.file.as_ref().is_some_and(|(_, known)| Some(*known) == there())
    }

    /// The open file; opens it if it is not open.
    fn file(&mut self) -> io::Result<&File> {
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

/// The most tries to deliver a letter to a messagebook that is replaced meanwhile.
const TRIES: usize = 100;

/// Adds the file's name to an error.
pub(super) fn in_file(path: &Path) -> impl Fn(io::Error) -> io::Error + '_ {
    move |error| io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

/// Opens a messagebook for appending. Makes it if there is none, and appends a header if its first
/// line is another.
pub(super) fn open(path: &Path) -> io::Result<File> {
    let open = || regular::append_or_make(path);
    // Letters may be lost, and so may all messagebooks: then a new one is begun.
    let opened = match open() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            regular::make_directory(path.parent().unwrap_or(path)).and_then(|()| open())
        }
        opened => opened,
    };
    let mut file = opened.map_err(in_file(path))?;
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
        append_to(&file, format!("{MESSAGE_HEADER}\n").as_bytes())?;
    }
    Ok(file)
}

/// Reads the letters that have come to a messagebook since the last look.
pub struct Cursor {
    chamber: Chamber,
    owner: Name,
    path: PathBuf,
    now: Option<Open>,
    /// The file before this one: a process that has it open may still write into it.
    before: Option<Open>,
    openings: u64,
    /// The length at which the messagebook is archived.
    archived_at: u64,
}

/// The place at which a reader of a messagebook stopped: the first line that he has not read.
#[derive(Clone, Copy, Debug)]
pub struct Bookmark {
    identity: Identity,
    line: u64,
}

/// A file that is or was the messagebook.
struct Open {
    lines: Lines<File>,
    identity: Identity,
    reader: MessageReader,
}

impl Open {
    /// Opens the file at this path; `None` if there is none.
    fn at(chamber: &Chamber, path: &Path, owner: Name) -> io::Result<Option<Open>> {
        let file = match regular::read(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let identity = identity(&file.metadata()?);
        let mut reader = MessageReader::new(Arc::new(path.into()), owner);
        if let Some(quoted) = chamber.quoted.clone() {
            reader = reader.sharing(Box::new(move |decree| quoted.one(decree)));
        }
        Ok(Some(Open { lines: Lines::of(file), identity, reader }))
    }

    /// Reads on until `left` rows have been read, and calls `hear` with each.
    fn drain(
        &mut self,
        left: &mut usize,
        mut hear: impl FnMut(Result<MessageRow, Box<BadRow>>),
    ) -> io::Result<()> {
        while *left > 0
            && let Some(line) = self.lines.next()?
        {
            if let Some(row) = self.reader.read(&line) {
                *left -= 1;
                hear(row);
            }
        }
        Ok(())
    }
}

impl Cursor {
    /// A cursor that reads from the first row on.
    #[must_use]
    pub fn at_start(chamber: &Chamber, owner: Name) -> Cursor {
        Cursor {
            chamber: chamber.clone(),
            owner,
            path: chamber.messagebook(owner),
            now: None,
            before: None,
            openings: 0,
            archived_at: chamber.archived_at,
        }
    }

    /// A cursor that reads the rows which come from now on. It calls `hear` with each row that is
    /// there now or in the last archived volume, and whether that row has come since the bookmark.
    ///
    /// # Errors
    /// When the messagebook exists and cannot be read.
    pub fn at_end(
        chamber: &Chamber,
        owner: Name,
        since: Option<Bookmark>,
        mut hear: impl FnMut(MessageRow, bool),
    ) -> io::Result<Cursor> {
        let mut cursor = Cursor::at_start(chamber, owner);
        if let Some((_, last)) = chamber.last_archived(owner)?
            && let Some(mut archived) = Open::at(chamber, &last, owner).map_err(in_file(&last))?
        {
            archived.drain(&mut usize::MAX.clone(), |row| {
                row.into_iter().for_each(|row| hear(row, false))
            })?;
        }
        cursor.reopen()?;
        if let Some(now) = &mut cursor.now {
            let since = since.filter(|since| since.identity == now.identity);
            let is_new = |row: &MessageRow| since.is_some_and(|it| row.place.line >= it.line);
            now.drain(&mut usize::MAX.clone(), |row| {
                if let Ok(row) = row {
                    let is_new = is_new(&row);
                    hear(row, is_new);
                }
            })?;
        }
        Ok(cursor)
    }

    /// The place up to which this cursor has read.
    #[must_use]
    pub fn bookmark(&self) -> Option<Bookmark> {
        let now = self.now.as_ref()?;
        Some(Bookmark { identity: now.identity, line: now.lines.number() + 1 })
    }

    /// The messagebook's path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The rows that have come since the last look. A row without its line end has not come yet. If
    /// the file was replaced, emptied or archived, the new one is read from its start: a message
    /// that comes twice does no harm, but one that is missed does.
    ///
    /// # Errors
    /// When the messagebook exists and cannot be read.
    pub fn read(&mut self) -> io::Result<Vec<Result<MessageRow, Box<BadRow>>>> {
        let mut rows = Vec::new();
        self.read_some(usize::MAX, |row| rows.push(row))?;
        Ok(rows)
    }

    /// Reads like [`Cursor::read`], but `at_most` this many rows, and calls `hear` with each. True
    /// if more rows may be there.
    ///
    /// # Errors
    /// As [`Cursor::read`].
    pub fn read_some(
        &mut self,
        at_most: usize,
        mut hear: impl FnMut(Result<MessageRow, Box<BadRow>>),
    ) -> io::Result<bool> {
        let mut left = at_most;
        self.drain(&mut left, &mut hear)?;
        if left > 0 && self.is_replaced()? {
            // A writer with the old file still open may have written into it meanwhile.
            self.drain(&mut left, &mut hear)?;
            if left > 0 {
                self.reopen()?;
                self.drain(&mut left, &mut hear)?;
            }
        }
        Ok(left == 0)
    }

    /// Archives the messagebook if this cursor has read as many bytes as the chamber allows. Only
    /// the owner's own messenger may call it. Rows that others write meanwhile come with the next
    /// look. A file that was replaced or removed is not archived.
    ///
    /// # Errors
    /// When it cannot be archived. It is tried again when the messagebook is twice as long.
    pub fn archive_if_long(&mut self) -> io::Result<()> {
        let is_short = self.now.as_ref().is_none_or(|now| now.lines.position() < self.archived_at);
        if is_short || self.is_replaced()? {
            return Ok(());
        }
        let archived = self.chamber.put_away(self.owner);
        self.archived_at = match archived {
            Ok(()) => self.chamber.archived_at,
            Err(_) => self.archived_at.saturating_mul(2),
        };
        archived
    }

    /// The number of times that a file was opened. When it has grown, a watch must be renewed.
    #[must_use]
    pub fn openings(&self) -> u64 {
        self.openings
    }

    fn drain(
        &mut self,
        left: &mut usize,
        mut hear: impl FnMut(Result<MessageRow, Box<BadRow>>),
    ) -> io::Result<()> {
        let mut open = [&mut self.before, &mut self.now].into_iter().flatten();
        open.try_for_each(|open| open.drain(left, &mut hear))
    }

    fn is_replaced(&self) -> io::Result<bool> {
        let Some(now) = &self.now else { return Ok(true) };
        let there = match regular::metadata(&self.path) {
            Ok(there) => there,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
            Err(error) => return Err(error),
        };
        Ok(identity(&there) != now.identity || there.len() < now.lines.position())
    }

    /// Opens the file that has the messagebook's name now, if there is one.
    fn reopen(&mut self) -> io::Result<()> {
        self.openings += 1;
        let old =
            std::mem::replace(&mut self.now, Open::at(&self.chamber, &self.path, self.owner)?);
        if let Some(old) = old {
            // A file that was emptied in place is the same file, without its old rows.
            let is_another = self.now.as_ref().is_none_or(|now| now.identity != old.identity);
            self.before = is_another.then_some(old);
        }
        Ok(())
    }
}
