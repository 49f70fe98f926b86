//! Rows of messagebooks: how they are written and read.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::flaw::{BadRow, Flaw};
use super::ledger_row::{Dotted, write_field, written};
use super::lines::Line;
use super::record::{MessageRow, Place};
use super::table::{Column, Fault, Fields, Table};
use crate::synod::message::Kind;
use crate::synod::priest::SYNODS_DECREE;
use crate::synod::{BookRow, Decree, Message, Name, Vote};

/// The columns of a messagebook, in their order; the first four are the ancient format's.
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

/// The ancient format's code for a message; together with its direction it tells which.
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
    field: String,
}

impl MessagePen {
    /// Appends messages to `text`, as rows written at `at`.
    ///
    /// # Errors
    /// Never in practice: the CSV writer's own type allows for one.
    pub fn write<'a>(
        &mut self,
        messages: impl IntoIterator<Item = (Name, &'a Message)>,
        at: DateTime<Utc>,
        text: &mut Vec<u8>,
    ) -> io::Result<()> {
        let begin = text.len();
        let mut csv = csv::WriterBuilder::new().from_writer(std::mem::take(text));
        let at = written(at);
        let mut wrote = Ok(());
        for (from, message) in messages {
            wrote = wrote.and_then(|()| self.write_message(&mut csv, from, message, &at));
        }
        *text = csv.into_inner().map_err(csv::IntoInnerError::into_error)?;
        if wrote.is_err() {
            text.truncate(begin);
        }
        Ok(wrote?)
    }

    fn write_message(
        &mut self,
        csv: &mut csv::Writer<Vec<u8>>,
        from: Name,
        message: &Message,
        at: &str,
    ) -> csv::Result<()> {
        if let Message::LawBook { through, row, of } = message {
            return self.write_book_row(csv, (from, *through, row, *of), at);
        }
        let Filled { ballot, decree, number, vote, of } = Filled::by(message);
        let kind = message.kind();
        csv.write_field(from.as_str())?;
        csv.write_field(std::str::from_utf8(&[b'0' + code(kind)]).unwrap_or_default())?;
        write_field(csv, &mut self.field, ballot.map(|b| Dotted(b.round, b.owner)))?;
        csv.write_field(decree.map_or("", Decree::text))?;
        csv.write_field(kind.as_str())?;
        write_field(csv, &mut self.field, number)?;
        write_field(csv, &mut self.field, vote.map(|b| Dotted(b.round, b.owner)))?;
        write_field(csv, &mut self.field, of)?;
        csv.write_field(decree.and_then(Decree::petition).unwrap_or_default())?;
        csv.write_field(at)?;
        csv.write_record(None::<&[u8]>)
    }

    fn write_book_row(
        &mut self,
        csv: &mut csv::Writer<Vec<u8>>,
        (from, through, row, of): (Name, u64, &BookRow, u64),
        at: &str,
    ) -> csv::Result<()> {
        let (name, code) = (Kind::LawBook.as_str(), code(Kind::LawBook).to_string());
        let (line, through, of) = (row.in_a_line(), through.to_string(), of.to_string());
        let petition: &str = &row.petition;
        csv.write_record([from.as_str(), &code, "", &line, name, &through, "", &of, petition, at])
    }
}

/// What a message puts into the columns.
#[derive(Default)]
struct Filled<'a> {
    ballot: Option<crate::synod::BallotNumber>,
    decree: Option<&'a Decree>,
    number: Option<u64>,
    vote: Option<crate::synod::BallotNumber>,
    of: Option<u64>,
}

impl Filled<'_> {
    fn by(message: &Message) -> Filled<'_> {
        let nothing = Filled::default();
        match message {
            Message::NextBallot { ballot, complete_through } => {
                Filled { ballot: Some(*ballot), number: Some(*complete_through), ..nothing }
            }
            Message::LastVote { ballot, vote: None, of } => {
                Filled { ballot: Some(*ballot), of: Some(*of), ..nothing }
            }
            Message::LastVote { ballot, vote: Some((number, vote)), of } => Filled {
                ballot: Some(*ballot),
                decree: Some(&vote.decree),
                number: Some(*number),
                vote: Some(vote.ballot),
                of: Some(*of),
            },
            Message::BeginBallot { ballot, number, decree } => Filled {
                ballot: Some(*ballot),
                decree: Some(decree),
                number: Some(*number),
                ..nothing
            },
            Message::Voted { ballot, number } => {
                Filled { ballot: Some(*ballot), number: Some(*number), ..nothing }
            }
            Message::Success { ballot, number, decree } => {
                Filled { ballot: *ballot, decree: Some(decree), number: Some(*number), ..nothing }
            }
            Message::Refused { ballot, next_bal } => {
                Filled { ballot: Some(*ballot), vote: Some(*next_bal), ..nothing }
            }
            Message::Failed { ballot } => Filled { ballot: Some(*ballot), ..nothing },
            Message::Presence { last_tried, complete_through, presides } => Filled {
                ballot: *last_tried,
                number: Some(*complete_through),
                vote: *presides,
                ..nothing
            },
            Message::Petition { decree } => Filled { decree: Some(decree), ..nothing },
            Message::Inquiry { above, through } => {
                Filled { number: Some(*above), of: *through, ..nothing }
            }
            // Its words are no decree.
            Message::LawBook { through, of, .. } => {
                Filled { number: Some(*through), of: Some(*of), ..nothing }
            }
        }
    }
}

/// Reads rows of one priest's messagebook.
pub(super) struct MessageReader {
    table: Table,
    owner: Name,
}

impl MessageReader {
    pub fn new(file: Arc<PathBuf>, owner: Name) -> MessageReader {
        MessageReader { table: Table::new(file, &MESSAGE_COLUMNS), owner }
    }

    pub fn table(&mut self) -> &mut Table {
        &mut self.table
    }

    /// Reads one row; `None` if it is blank, or a header, which may come again.
    pub fn read(&mut self, line: &Line<'_>) -> Option<Result<MessageRow, BadRow>> {
        if line.is_blank() {
            return None;
        }
        let (file, to) = (Arc::clone(self.table.file()), self.owner);
        let read = match self.table.hear_header(line) {
            Ok(true) => return None,
            Ok(false) => self.table.fields(line).and_then(|mut fields| {
                let (from, message) = read_message(&mut fields, to)?;
                let at = fields.at()?;
                let could = message.could_pass(from, to);
                could.map_err(|impostor| fields.fault(Column::Ballot, impostor))?;
                Ok((from, message, at))
            }),
            Err(fault) => Err(fault),
        };
        Some(match read {
            Ok((from, message, at)) => {
                let place = Place { file, line: line.number, column: 1 };
                Ok(MessageRow { place, from, to, message, at })
            }
            Err(fault) => Err(fault.at(&file, line)),
        })
    }
}

fn read_message(fields: &mut Fields<'_>, to: Name) -> Result<(Name, Message), Fault> {
    use Column::{Ballot, Decree, Number, Of, Petition, Vote as VoteColumn};
    let from = fields.name(Column::From)?;
    let ballot = fields.ballot(Ballot)?;
    let to_owner = ballot.is_some_and(|b| b.owner == to && b.owner != from);
    let kind = read_kind(fields, to_owner, !fields.text(Decree).is_empty())?;
    if kind == Kind::LawBook {
        return Ok((from, read_book_row(fields)?));
    }
    let decree = fields.decree()?;
    let name = kind.as_str();
    let vote = fields.ballot(VoteColumn)?;
    let number = fields.number(Number)?;
    let of = fields.number(Of)?;
    let the_ballot = || fields.need(name, Ballot, ballot);
    let the_number = number.unwrap_or(SYNODS_DECREE);
    let below_it = number.unwrap_or(SYNODS_DECREE - 1);
    let message = match kind {
        Kind::NextBallot => {
            fields.leave_empty(name, &[Decree, VoteColumn, Of, Petition])?;
            Message::NextBallot { ballot: the_ballot()?, complete_through: below_it }
        }
        Kind::LastVote => {
            let vote = read_vote(fields, from, vote, decree, the_number)?;
            let of = of.unwrap_or(u64::from(vote.is_some()));
            Message::LastVote { ballot: the_ballot()?, vote, of }
        }
        Kind::BeginBallot => {
            fields.leave_empty(name, &[VoteColumn, Of])?;
            let decree = fields.need(name, Decree, decree)?;
            Message::BeginBallot { ballot: the_ballot()?, number: the_number, decree }
        }
        Kind::Voted => {
            fields.leave_empty(name, &[Decree, VoteColumn, Of, Petition])?;
            Message::Voted { ballot: the_ballot()?, number: the_number }
        }
        Kind::Success => {
            fields.leave_empty(name, &[VoteColumn, Of])?;
            let decree = fields.need(name, Decree, decree)?;
            Message::Success { ballot, number: the_number, decree }
        }
        Kind::Refused => {
            fields.leave_empty(name, &[Decree, Number, Of, Petition])?;
            let next_bal = fields.need(name, VoteColumn, vote)?;
            Message::Refused { ballot: the_ballot()?, next_bal }
        }
        Kind::Failed => {
            fields.leave_empty(name, &[Decree, Number, VoteColumn, Of, Petition])?;
            Message::Failed { ballot: the_ballot()? }
        }
        Kind::Presence => {
            fields.leave_empty(name, &[Decree, Of, Petition])?;
            Message::Presence { last_tried: ballot, complete_through: below_it, presides: vote }
        }
        Kind::Petition => {
            fields.leave_empty(name, &[Ballot, Number, VoteColumn, Of])?;
            Message::Petition { decree: fields.need(name, Decree, decree)? }
        }
        Kind::Inquiry => {
            fields.leave_empty(name, &[Ballot, Decree, VoteColumn, Petition])?;
            Message::Inquiry { above: below_it, through: of }
        }
        Kind::LawBook => read_book_row(fields)?,
    };
    Ok((from, message))
}

/// A row of a law book: its words stand in the decree's column, and are no decree.
fn read_book_row(fields: &Fields<'_>) -> Result<Message, Fault> {
    use Column::{Ballot, Decree, Number, Of, Petition, Vote as VoteColumn};
    let name = Kind::LawBook.as_str();
    fields.leave_empty(name, &[Ballot, VoteColumn])?;
    let through = fields.need(name, Number, fields.number(Number)?)?;
    let of = fields.need(name, Of, fields.number(Of)?)?;
    let line = fields.text(Decree);
    match BookRow::read(line, fields.text(Petition)) {
        Some(row) => Ok(Message::LawBook { through, row, of }),
        None => Err(fields.fault(Decree, Flaw::BookRow(line.into()))),
    }
}

/// Which message the row is, by its name, or by its code and direction.
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

/// The vote that a LastVote reports; a null vote leaves its columns empty.
fn read_vote(
    fields: &Fields<'_>,
    from: Name,
    vote: Option<crate::synod::BallotNumber>,
    decree: Option<Decree>,
    number: u64,
) -> Result<Option<(u64, Vote)>, Fault> {
    let Some(ballot) = vote else {
        let empty = [Column::Decree, Column::Number, Column::Petition];
        fields.leave_empty("LastVote without a vote", &empty)?;
        return Ok(None);
    };
    let decree = fields.need("LastVote with a vote", Column::Decree, decree)?;
    Ok(Some((number, Vote { priest: from, ballot, decree })))
}
