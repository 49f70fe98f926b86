//! The columns that a message or an entry fills, in messagebooks, ledgers and traces.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::column::Column;
use crate::words::message::Kind;
use crate::words::{
    BallotNumber, BookRow, Decree, DecreeNumber, Entry, Heading, Message, Name, Vote,
};

/// The values of the columns of a message or an entry; a blank column is `None`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Filled<'a> {
    pub ballot: Option<BallotNumber>,
    pub number: Option<DecreeNumber>,
    pub vote: Option<BallotNumber>,
    /// The columns `decree` and `petition`.
    pub decree: Option<&'a Decree>,
    pub quorum: Option<&'a Arc<BTreeSet<Name>>>,
    pub of: Option<u64>,
}

impl<'a> Filled<'a> {
    /// The columns that this message fills.
    #[must_use]
    pub fn by_message(message: &'a Message) -> Filled<'a> {
        let blank = Filled::default();
        match message {
            Message::NextBallot { ballot, complete_through: number }
            | Message::Voted { ballot, number } => {
                Filled { ballot: Some(*ballot), number: Some(*number), ..blank }
            }
            Message::LastVote { ballot, vote, of } => Filled {
                ballot: Some(*ballot),
                number: vote.as_ref().map(|(number, _)| *number),
                vote: vote.as_ref().map(|(_, vote)| vote.ballot),
                decree: vote.as_ref().map(|(_, vote)| &vote.decree),
                of: Some(*of),
                ..blank
            },
            Message::BeginBallot { ballot, number, decree } => Filled {
                ballot: Some(*ballot),
                number: Some(*number),
                decree: Some(decree),
                ..blank
            },
            Message::Success { ballot, number, decree } => {
                Filled { ballot: *ballot, number: Some(*number), decree: Some(decree), ..blank }
            }
            Message::Refused { ballot, next_bal } => {
                Filled { ballot: Some(*ballot), vote: Some(*next_bal), ..blank }
            }
            Message::Failed { ballot } => Filled { ballot: Some(*ballot), ..blank },
            Message::Presence { last_tried, complete_through, presides } => Filled {
                ballot: *last_tried,
                number: Some(*complete_through),
                vote: *presides,
                ..blank
            },
            Message::Petition { decree } => Filled { decree: Some(decree), ..blank },
            Message::Inquiry { above, through } => {
                Filled { number: Some(*above), of: *through, ..blank }
            }
            // Its words stand in the decree's column and are no decree, so they are not here.
            Message::LawBook { through, of, .. } => {
                Filled { number: Some(*through), of: Some(*of), ..blank }
            }
        }
    }

    /// Builds the message of this kind from these columns, sent by `from`.
    ///
    /// # Errors
    /// The column that is needed and blank.
    pub fn to_message(self, kind: Kind, from: Name) -> Result<Message, Column> {
        let ballot = self.ballot.ok_or(Column::Ballot);
        let number = self.number.ok_or(Column::Number);
        let decree = || self.decree.cloned().ok_or(Column::Decree);
        Ok(match kind {
            Kind::NextBallot => Message::NextBallot { ballot: ballot?, complete_through: number? },
            Kind::LastVote => {
                let vote = self
                    .vote
                    .map(|ballot| Ok((number?, Vote { priest: from, ballot, decree: decree()? })));
                let of = self.of.ok_or(Column::Of);
                Message::LastVote { ballot: ballot?, vote: vote.transpose()?, of: of? }
            }
            Kind::BeginBallot => {
                Message::BeginBallot { ballot: ballot?, number: number?, decree: decree()? }
            }
            Kind::Voted => Message::Voted { ballot: ballot?, number: number? },
            Kind::Success => {
                Message::Success { ballot: self.ballot, number: number?, decree: decree()? }
            }
            Kind::Refused => {
                Message::Refused { ballot: ballot?, next_bal: self.vote.ok_or(Column::Vote)? }
            }
            Kind::Failed => Message::Failed { ballot: ballot? },
            Kind::Presence => Message::Presence {
                last_tried: self.ballot,
                complete_through: number?,
                presides: self.vote,
            },
            Kind::Petition => Message::Petition { decree: decree()? },
            Kind::Inquiry => Message::Inquiry { above: number?, through: self.of },
            Kind::LawBook => {
                let row = book_row(self.decree).ok_or(Column::Decree)?;
                Message::LawBook { through: number?, row, of: self.of.ok_or(Column::Of)? }
            }
        })
    }

    /// The columns that this entry fills.
    #[must_use]
    pub fn by_entry(entry: &'a Entry) -> Filled<'a> {
        let blank = Filled::default();
        match entry {
            Entry::Outcome { number, decree, ballot } => {
                Filled { number: Some(*number), decree: Some(decree), ballot: *ballot, ..blank }
            }
            Entry::LastTried { ballot } | Entry::NextBal { ballot } => {
                Filled { ballot: Some(*ballot), ..blank }
            }
            Entry::PrevVote { number, ballot, decree } => Filled {
                number: Some(*number),
                ballot: Some(*ballot),
                decree: Some(decree),
                ..blank
            },
            Entry::Entered => blank,
            Entry::Book(row) => {
                Filled { number: row.heading.has_number().then_some(row.number), ..blank }
            }
            Entry::BeginBallot { number, ballot, decree, quorum } => Filled {
                number: Some(*number),
                ballot: Some(*ballot),
                decree: Some(decree),
                quorum: Some(quorum),
                ..blank
            },
        }
    }

    /// Builds the entry of this kind from these columns.
    ///
    /// # Errors
    /// The column that is needed and blank, or [`Column::Entry`] if there is no such kind.
    pub fn to_entry(self, kind: &str) -> Result<Entry, Column> {
        let ballot = self.ballot.ok_or(Column::Ballot);
        let number = self.number.ok_or(Column::Number);
        let decree = || self.decree.cloned().ok_or(Column::Decree);
        Ok(match kind {
            "outcome" => Entry::Outcome { number: number?, decree: decree()?, ballot: self.ballot },
            "lastTried" => Entry::LastTried { ballot: ballot? },
            "nextBal" => Entry::NextBal { ballot: ballot? },
            "prevVote" => Entry::PrevVote { number: number?, ballot: ballot?, decree: decree()? },
            "entered" => Entry::Entered,
            "beginBallot" => {
                let quorum = self.quorum.cloned().ok_or(Column::Quorum);
                let (number, ballot, decree) = (number?, ballot?, decree()?);
                Entry::BeginBallot { number, ballot, decree, quorum: quorum? }
            }
            _ if Heading::of(kind).is_some() => {
                Entry::Book(book_row(self.decree).ok_or(Column::Decree)?)
            }
            _ => return Err(Column::Entry),
        })
    }

    /// Whether this column is blank. False for the columns that are not of a message or an entry.
    #[must_use]
    pub fn is_blank(&self, column: Column) -> bool {
        match column {
            Column::Ballot => self.ballot.is_none(),
            Column::Number => self.number.is_none(),
            Column::Vote => self.vote.is_none(),
            Column::Decree => self.decree.is_none(),
            Column::Petition => self.decree.and_then(Decree::petition).is_none(),
            Column::Quorum => self.quorum.is_none(),
            Column::Of => self.of.is_none(),
            _ => false,
        }
    }
}

/// The row of a law book that these words and the id of their petition say.
fn book_row(words: Option<&Decree>) -> Option<BookRow> {
    let words = words?;
    BookRow::read(words.text(), words.petition().unwrap_or_default())
}

/// The row of a law book as the text of one cell, if it is no longer than a decree may be.
#[must_use]
pub fn book_row_in_words(row: &BookRow) -> Option<Decree> {
    let words = Decree::new(&row.in_a_line()).ok()?;
    if row.petition.is_empty() { Some(words) } else { words.petitioned(&row.petition).ok() }
}
