//! Rows that cross from one machine to another: what waits here for those who live elsewhere, and
//! what came from there. `[ours]`
//!
//! The courier that carries them is no part of this. It takes chunks from the outboxes of one
//! chamber and hands them to the chamber in which their receiver lives. It may drop chunks, repeat
//! them, and bring them late.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use super::regular::{self, Identity, identity};
use super::{Chamber, ChamberError, Messagebook};
use crate::records::lines::Lines;
use crate::records::message_row::{MESSAGE_HEADER, MessageReader};
use crate::words::Name;
use crate::words::message::Kind;

/// How many bytes of rows a chunk has at most, unless one row is longer.
pub const LARGEST_CHUNK: usize = 192 << 10;

/// Whole rows for one priest, each with its line end; no header.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Chunk {
    /// The receiver.
    pub to: Name,
    /// The rows, as they were written.
    pub rows: Vec<u8>,
}

/// The outboxes of a chamber, read as they grow.
pub struct Outboxes {
    chamber: Chamber,
    open: BTreeMap<Name, Option<Outbox>>,
}

/// A file that is or was an outbox.
struct Outbox {
    lines: Lines<File>,
    identity: Identity,
}

impl Outboxes {
    /// The outboxes from now on: what lies in them already is a letter lost.
    ///
    /// # Errors
    /// As [`Outboxes::look`].
    pub fn from_now(chamber: &Chamber) -> Result<Outboxes, ChamberError> {
        let mut outboxes = Outboxes { chamber: chamber.clone(), open: BTreeMap::new() };
        outboxes.look()?;
        Ok(outboxes)
    }

    /// The rows that were written since the last look, in order for each receiver. A row without
    /// its line end is not written yet. If an outbox was archived twice between two looks, the
    /// second volume is lost.
    ///
    /// # Errors
    /// When a directory or an outbox cannot be read, or the roster cannot be believed.
    pub fn look(&mut self) -> Result<Vec<Chunk>, ChamberError> {
        let mut chunks = Vec::new();
        for owner in self.chamber.outboxes()? {
            let path = self.chamber.messagebook(owner);
            let outbox = self.open.entry(owner).or_insert(None);
            let read = read_on(outbox, &path, |row| add(&mut chunks, owner, row));
            let doing = "read the outbox";
            read.map_err(|source| ChamberError::Io { path, doing, source })?;
        }
        Ok(chunks)
    }
}

/// Reads on in an outbox, and in the one that took its place.
fn read_on(
    outbox: &mut Option<Outbox>,
    path: &std::path::Path,
    mut hear: impl FnMut(&[u8]),
) -> io::Result<()> {
    if let Some(outbox) = outbox {
        outbox.drain(&mut hear)?;
    }
    let now = match regular::metadata(path) {
        Ok(there) => identity(&there),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    if outbox.as_ref().is_some_and(|outbox| outbox.identity == now) {
        return Ok(());
    }
    if let Some(outbox) = outbox {
        // A writer may have written into it before he saw that it was archived.
        outbox.drain(&mut hear)?;
    }
    let file = regular::read(path)?;
    let identity = identity(&file.metadata()?);
    outbox.insert(Outbox { lines: Lines::of(file), identity }).drain(&mut hear)
}

impl Outbox {
    fn drain(&mut self, hear: &mut impl FnMut(&[u8])) -> io::Result<()> {
        while let Some(line) = self.lines.next()? {
            if !line.is_blank() && !line.too_long && line.bytes != MESSAGE_HEADER.as_bytes() {
                hear(line.bytes);
            }
        }
        Ok(())
    }
}

/// Adds a row to the last chunk, if it is for the same receiver and has room.
fn add(chunks: &mut Vec<Chunk>, to: Name, row: &[u8]) {
    let has_room = |it: &&mut Chunk| it.to == to && it.rows.len() + row.len() < LARGEST_CHUNK;
    match chunks.last_mut().filter(has_room) {
        Some(chunk) => {
            chunk.rows.extend_from_slice(row);
            chunk.rows.push(b'\n');
        }
        None => chunks.push(Chunk { to, rows: [row, b"\n"].concat() }),
    }
}

/// How many rows of a chunk were handed to their receiver, and how many were not believed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Handed {
    /// Rows that stand in his messagebook.
    pub rows: u64,
    /// Rows that were refused.
    pub refused: u64,
    /// Why the first of them was.
    pub why: Option<String>,
}

impl Handed {
    fn refuse(&mut self, why: impl FnOnce() -> String) {
        self.refused += 1;
        self.why.get_or_insert_with(why);
    }
}

impl Chamber {
    /// Hands a chunk from another machine to its receiver, who lives here, in one write. A row is
    /// believed only if its sender is one who `may_speak` from that machine; a petition may come
    /// from any citizen. Nobody whose ledger is here is spoken for from elsewhere.
    ///
    /// # Errors
    /// When the messagebook cannot be written: then the rows are lost, or torn.
    pub fn hand_over(&self, chunk: &Chunk, may_speak: impl Fn(Name) -> bool) -> io::Result<Handed> {
        let (to, mut handed) = (chunk.to, Handed::default());
        if !self.has_ledger(to) {
            handed.refuse(|| format!("{to} has no ledger on this machine"));
            return Ok(handed);
        }
        let path: Arc<PathBuf> = Arc::new(self.messagebook(to));
        let mut reader = MessageReader::new(path, to);
        let (mut lines, mut rows) = (Lines::of(&chunk.rows[..]), Vec::new());
        while let Some(line) = lines.next()? {
            let Some(row) = reader.read(&line) else { continue };
            match row {
                Err(bad) => handed.refuse(|| bad.flaw.to_string()),
                Ok(row) if row.message.kind() != Kind::Petition && !may_speak(row.from) => {
                    handed.refuse(|| format!("{} does not live where this came from", row.from));
                }
                Ok(row) if self.has_ledger(row.from) => {
                    handed.refuse(|| format!("{} lives here", row.from));
                }
                Ok(_) => {
                    rows.extend_from_slice(line.bytes);
                    rows.push(b'\n');
                    handed.rows += 1;
                }
            }
        }
        if lines.tail().is_some() {
            handed.refuse(|| "the last row has no line end".into());
        }
        Messagebook::of(self, to).append_written(&rows)?;
        Ok(handed)
    }
}
