//! Which column a message or an entry fills, and what a row's columns say.
//!
//! Messages fill the columns they fill in a messagebook, entries those they fill in a ledger.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Happening;
use super::error::RowRule;
use crate::records::Column;
use crate::records::filled::{Filled, book_row_in_words};
use crate::words::message::Kind;
use crate::words::{BallotNumber, Decree, DecreeNumber, Entry, Founding, Message, Name};

/// A row's columns after `event`, read but not yet understood. An empty column is `None`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Cells {
    pub from: Option<Name>,
    pub to: Option<Name>,
    pub message: Option<String>,
    pub ballot: Option<BallotNumber>,
    pub number: Option<DecreeNumber>,
    pub vote: Option<BallotNumber>,
    /// The columns `decree` and `petition`.
    pub decree: Option<Decree>,
    pub quorum: Option<Arc<BTreeSet<Name>>>,
    pub of: Option<u64>,
}

impl Cells {
    /// The columns that tell what happened.
    ///
    /// # Errors
    /// [`RowRule::Founding`] if the founding decree cannot be written as a decree, being too long.
    pub fn of(happening: &Happening) -> Result<Cells, RowRule> {
        if let Some((from, to, message)) = happening.letter() {
            return Ok(Cells { from: Some(from), to: Some(to), ..Cells::of_message(message) });
        }
        Ok(match happening {
            Happening::Founded(founding) => {
                let decree = founding.decree();
                let decree = decree.map_err(|error| RowRule::Founding(error.to_string()))?;
                Cells { number: Some(Founding::NUMBER), decree: Some(decree), ..Cells::default() }
            }
            Happening::Ink { priest, entry } => {
                Cells { from: Some(*priest), ..Cells::of_entry(entry) }
            }
            Happening::Enter(priest) | Happening::Leave(priest) => {
                Cells { from: Some(*priest), ..Cells::default() }
            }
            _ => Cells::default(),
        })
    }

    /// The happening, for an event of this name.
    ///
    /// # Errors
    /// The rule that the columns break.
    pub fn happening(&self, event: &str) -> Result<Happening, RowRule> {
        let letter = || Ok((self.from()?, self.to()?, self.to_message()?));
        let told = match event {
            "founded" => {
                let text = need(self.decree.as_ref(), "decree")?;
                let founding = text.text().parse::<Founding>();
                Happening::Founded(founding.map_err(|error| RowRule::Founding(error.to_string()))?)
            }
            "send" => letter().map(|(from, to, message)| Happening::Send { from, to, message })?,
            "receive" => {
                letter().map(|(from, to, message)| Happening::Receive { from, to, message })?
            }
            "lose" => letter().map(|(from, to, message)| Happening::Lose { from, to, message })?,
            "repeat" => {
                letter().map(|(from, to, message)| Happening::Repeat { from, to, message })?
            }
            "ignore" => {
                letter().map(|(from, to, message)| Happening::Ignore { from, to, message })?
            }
            "ink" => Happening::Ink { priest: self.from()?, entry: self.to_entry()? },
            "enter" => Happening::Enter(self.from()?),
            "leave" => Happening::Leave(self.from()?),
            other => return Err(RowRule::NoSuchEvent(other.into())),
        };
        match self.differs_from(&Cells::of(&told)?) {
            Some(column) => Err(RowRule::NotHere(column)),
            None => Ok(told),
        }
    }

    fn of_message(message: &Message) -> Cells {
        let name = Some(message.kind().to_string());
        let cells = Cells { message: name, ..Filled::by_message(message).into() };
        match message {
            Message::LawBook { row, .. } => Cells { decree: book_row_in_words(row), ..cells },
            _ => cells,
        }
    }

    fn to_message(&self) -> Result<Message, RowRule> {
        let name = need(self.message.as_deref(), "message")?;
        let kind = Kind::ALL.into_iter().find(|kind| kind.as_str() == name);
        let kind = kind.ok_or_else(|| RowRule::NoSuchMessage(name.into()))?;
        self.filled().to_message(kind, self.from()?).map_err(|column| RowRule::Empty(column.name()))
    }

    fn of_entry(entry: &Entry) -> Cells {
        let cells = Cells { message: Some(entry.kind().into()), ..Filled::by_entry(entry).into() };
        match entry {
            Entry::Book(row) => Cells { decree: book_row_in_words(row), ..cells },
            _ => cells,
        }
    }

    fn to_entry(&self) -> Result<Entry, RowRule> {
        let kind = need(self.message.as_deref(), "message")?;
        self.filled().to_entry(kind).map_err(|column| match column {
            Column::Entry => RowRule::NoSuchEntry(kind.into()),
            column => RowRule::Empty(column.name()),
        })
    }

    fn filled(&self) -> Filled<'_> {
        let Cells { ballot, number, vote, of, .. } = *self;
        let (decree, quorum) = (self.decree.as_ref(), self.quorum.as_ref());
        Filled { ballot, number, vote, decree, quorum, of }
    }

    /// The first column in which two rows differ.
    fn differs_from(&self, other: &Cells) -> Option<&'static str> {
        let petition =
            |cells: &Cells| cells.decree.as_ref().and_then(Decree::petition).map(ToOwned::to_owned);
        [
            ("from", self.from == other.from),
            ("to", self.to == other.to),
            ("message", self.message == other.message),
            ("ballot", self.ballot == other.ballot),
            ("number", self.number == other.number),
            ("vote", self.vote == other.vote),
            ("quorum", self.quorum == other.quorum),
            ("of", self.of == other.of),
            ("petition", petition(self) == petition(other)),
            ("decree", self.decree == other.decree),
        ]
        .into_iter()
        .find_map(|(column, same)| (!same).then_some(column))
    }

    fn from(&self) -> Result<Name, RowRule> {
        need(self.from, "from")
    }

    fn to(&self) -> Result<Name, RowRule> {
        need(self.to, "to")
    }
}

impl From<Filled<'_>> for Cells {
    fn from(filled: Filled<'_>) -> Cells {
        let Filled { ballot, number, vote, of, .. } = filled;
        let (decree, quorum) = (filled.decree.cloned(), filled.quorum.cloned());
        Cells { ballot, number, vote, decree, quorum, of, ..Cells::default() }
    }
}

fn need<T>(cell: Option<T>, column: &'static str) -> Result<T, RowRule> {
    cell.ok_or(RowRule::Empty(column))
}
