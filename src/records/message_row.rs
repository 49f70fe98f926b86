//! Writes and reads the rows of messagebooks.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::column::Column;
use super::filled::Filled;
use super::flaw::{BadRow, Flaw};
#[cfg(feature = "files")]
use super::known::Share;
use super::lines::{Line, Lines};
use super::quill::Quill;
use super::record::{MessageRow, Place};
use super::table::{Fault, Fields, Table};
use crate::words::ballot::SYNODS_DECREE;
use crate::words::message::Kind;
use crate::words::{BookRow, Message, Name};

/// The columns of a messagebook, in their order. The first four are those of the ancient format.
pub const MESSAGE_COLUMNS: [Column; 10] = [
    Column::From,
    Column::Code,
    Column::Ballot,
    Column::Decree,
    Column::Message,
    Column::Number,
    Column::Vote,
    Column::Of,
    Column::Petition,
    Column::At,
];

/// The first line of a messagebook.
pub const MESSAGE_HEADER: &str = "from,code,ballot,decree,message,number,vote,of,petition,at";

/// The code of a message in the ancient format. Two messages may share a code: they go in different
/// directions, or only one of them has a decree.
#[must_use]
pub const fn code(kind: Kind) -> u8 {
    match kind {
        Kind::NextBallot | Kind::LastVote => 1,
        Kind::BeginBallot | Kind::Voted => 2,
        Kind::Success | Kind::Refused => 3,
        Kind::Failed => 4,
        Kind::Presence => 5,
        Kind::Petition => 6,
        Kind::Inquiry => 7,
        Kind::LawBook => 8,
    }
}

/// Writes rows of a messagebook.
#[derive(Debug, Default)]
pub struct MessagePen {
    quill: Quill,
}

impl MessagePen {
    /// Appends messages to `text` as rows written at `at`.
    ///
    /// # Errors
    /// Never in practice: the type of the CSV writer allows for one.
    pub fn write<'a>(
        &mut self,
        messages: impl IntoIterator<Item = (Name, &'a Message)>,
        at: DateTime<Utc>,
        text: &mut Vec<u8>,
    ) -> io::Result<()> {
        let begin = text.len();
        for (from, message) in messages {
            if let Err(error) = self.write_message(text, from, message, at) {
                text.truncate(begin);
                return Err(error);
            }
        }
        Ok(())
    }

    fn write_message(
        &mut self,
        row: &mut Vec<u8>,
        from: Name,
        message: &Message,
        at: DateTime<Utc>,
    ) -> io::Result<()> {
        let Filled { ballot, decree, number, vote, of, .. } = Filled::by_message(message);
        let (kind, quill) = (message.kind(), &mut self.quill);
        let book = match message {
            Message::LawBook { row, .. } => Some((row.in_a_line(), &*row.petition)),
            _ => None,
        };
        quill.word(row, from.as_str());
        quill.number(row, Some(code(kind).into()));
        quill.ballot(row, ballot);
        match &book {
            Some((line, _)) => quill.text(row, line)?,
            None => quill.decree(row, decree)?,
        }
        quill.word(row, kind.as_str());
        quill.number(row, number);
        quill.ballot(row, vote);
        quill.number(row, of);
        match &book {
            Some((_, petition)) => quill.text(row, petition)?,
            None => quill.petition(row, decree)?,
        }
        quill.at(row, at);
        row.push(b'\n');
        Ok(())
    }
}

/// Reads the rows of one priest's messagebook.
pub(crate) struct MessageReader {
    file: Arc<PathBuf>,
    table: Table,
    owner: Name,
}

impl MessageReader {
    pub fn new(file: Arc<PathBuf>, owner: Name) -> MessageReader {
        MessageReader { file, table: Table::new(&MESSAGE_COLUMNS), owner }
    }

    /// This reader, who hands each decree that he has not read lately to `share`, and takes the
    /// equal one that it returns.
    #[cfg(feature = "files")]
    pub(crate) fn sharing(mut self, share: Box<Share>) -> MessageReader {
        self.table.share_decrees(share);
        self
    }

    /// Reads one row; `None` if the line is blank or a header. A header may stand on any line.
    pub fn read(&mut self, line: &Line<'_>) -> Option<Result<MessageRow, Box<BadRow>>> {
        if line.is_blank() {
            return None;
        }
        match self.table.hear_header(line) {
            Ok(true) => None,
            Ok(false) => Some(self.read_row(line).map_err(|fault| fault.at(&self.file, line))),
            Err(fault) => Some(Err(fault.at(&self.file, line))),
        }
    }

    fn read_row(&mut self, line: &Line<'_>) -> Result<MessageRow, Fault> {
        let to = self.owner;
        let mut fields = self.table.fields(line)?;
        let (from, message) = read_message(&mut fields, to)?;
        let at = fields.at()?;
        let could = message.could_pass(from, to);
        could.map_err(|impostor| fields.fault(Column::Ballot, impostor))?;
        let place = Place { file: Arc::clone(&self.file), line: line.number, column: 1 };
        Ok(MessageRow { place, from, to, message, at })
    }
}

fn read_message(fields: &mut Fields<'_>, to: Name) -> Result<(Name, Message), Fault> {
    let from = fields.name(Column::From)?;
    let ballot = fields.ballot(Column::Ballot)?;
    let to_owner = ballot.is_some_and(|b| b.owner == to && b.owner != from);
    let kind = read_kind(fields, to_owner, !fields.text(Column::Decree).is_empty())?;
    if kind == Kind::LawBook {
        return Ok((from, read_book_row(fields)?));
    }
    let decree = fields.decree()?;
    let vote = fields.ballot(Column::Vote)?;
    let (number, of) = (fields.number(Column::Number)?, fields.number(Column::Of)?);
    // A person who writes by hand may leave out the numbers: the Synod has only one decree.
    let plain = match kind {
        Kind::NextBallot | Kind::Presence | Kind::Inquiry => Some(SYNODS_DECREE - 1),
        _ => Some(SYNODS_DECREE),
    };
    let one = (kind == Kind::LastVote).then_some(u64::from(vote.is_some()));
    let (number, of, decree) = (number.or(plain), of.or(one), decree.as_ref());
    let filled = Filled { ballot, number, vote, of, decree, ..Filled::default() };
    let name = match (kind, vote) {
        (Kind::LastVote, Some(_)) => "LastVote with a vote",
        (Kind::LastVote, None) => "LastVote without a vote",
        _ => kind.as_str(),
    };
    let message = filled.to_message(kind, from);
    let message = message.map_err(|column| fields.missing(name, column))?;
    fields.fill_no_more_than(name, &Filled::by_message(&message))?;
    Ok((from, message))
}

/// Reads a row of a law book. Its words stand in the decree's column and are no decree.
fn read_book_row(fields: &Fields<'_>) -> Result<Message, Fault> {
    let name = Kind::LawBook.as_str();
    for column in [Column::Ballot, Column::Vote] {
        if !fields.word(column).is_empty() {
            return Err(fields.fault(column, Flaw::Unwanted { kind: name, column }));
        }
    }
    let need = |column| fields.number(column)?.ok_or_else(|| fields.missing(name, column));
    let (through, of) = (need(Column::Number)?, need(Column::Of)?);
    let line = fields.text(Column::Decree);
    match BookRow::read(line, fields.text(Column::Petition)) {
        Some(row) => Ok(Message::LawBook { through, row, of }),
        None => Err(fields.fault(Column::Decree, Flaw::BookRow(line.into()))),
    }
}

/// The kind of the row's message, by its name, or by its code and direction.
fn read_kind(fields: &Fields<'_>, to_owner: bool, has_decree: bool) -> Result<Kind, Fault> {
    let written = fields.word(Column::Code);
    let named = match fields.word(Column::Message) {
        "" => None,
        name => match Kind::ALL.into_iter().find(|kind| kind.as_str() == name) {
            Some(kind) => Some(kind),
            None => return Err(fields.fault(Column::Message, Flaw::UnknownMessage(name.into()))),
        },
    };
    let coded = match written {
        "" => None,
        digit => match digit.parse::<u8>() {
            Ok(code @ 1..=8) => Some(code),
            _ => return Err(fields.fault(Column::Code, Flaw::UnknownCode(digit.into()))),
        },
    };
    match (named, coded) {
        (Some(kind), Some(found)) if code(kind) != found => {
            let flaw = Flaw::Contradiction { code: found, message: kind.as_str() };
            Err(fields.fault(Column::Message, flaw))
        }
        (Some(kind), _) => Ok(kind),
        (None, None) => Err(fields.fault(Column::Code, Flaw::NoMessage)),
        (None, Some(1)) => Ok(if to_owner { Kind::LastVote } else { Kind::NextBallot }),
        (None, Some(2)) => Ok(if to_owner { Kind::Voted } else { Kind::BeginBallot }),
        (None, Some(3)) => Ok(if has_decree { Kind::Success } else { Kind::Refused }),
        (None, Some(4)) => Ok(Kind::Failed),
        (None, Some(5)) => Ok(Kind::Presence),
        (None, Some(6)) => Ok(Kind::Petition),
        (None, Some(7)) => Ok(Kind::Inquiry),
        (None, Some(_)) => Ok(Kind::LawBook),
    }
}

/// Reads `owner`'s messagebook from `source`; `name` is its name in errors. A partial line at the
/// end is left out, since it is still being written.
///
/// # Errors
/// When `source` cannot be read.
pub fn read_messages(
    source: impl Read,
    name: &Path,
    owner: Name,
) -> io::Result<Vec<Result<MessageRow, Box<BadRow>>>> {
    let mut reader = MessageReader::new(Arc::new(name.into()), owner);
    let (mut lines, mut rows) = (Lines::of(source), Vec::new());
    while let Some(line) = lines.next()? {
        rows.extend(reader.read(&line));
    }
    Ok(rows)
}
