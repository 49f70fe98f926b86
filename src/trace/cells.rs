//! Which column a message or an entry fills, and what a row's columns say.
//!
//! Messages fill the columns they fill in a messagebook, entries those they fill in a ledger.

use std::collections::BTreeSet;

use super::Happening;
use super::error::Rule;
use crate::synod::message::Kind;
use crate::synod::{
    BallotNumber, BookRow, Decree, DecreeNumber, Entry, Founding, Heading, Message, Name, Vote,
};

/// A row's columns after `event`, read but not yet understood. An empty column is `None`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
#[expect(missing_docs, reason = "each is the column of that name")]
pub struct Cells {
    pub from: Option<Name>,
    pub to: Option<Name>,
    pub message: Option<String>,
    pub ballot: Option<BallotNumber>,
    pub number: Option<DecreeNumber>,
    pub vote: Option<BallotNumber>,
    /// The columns `decree` and `petition`.
    pub decree: Option<Decree>,
    pub quorum: Option<BTreeSet<Name>>,
    pub of: Option<u64>,
}

impl Cells {
    /// The columns that tell what happened.
    ///
    /// # Errors
    /// [`Rule::Founding`] if the founding decree cannot be written as a decree, being too long.
    pub fn of(happening: &Happening) -> Result<Cells, Rule> {
        if let Some((from, to, message)) = happening.letter() {
            return Ok(Cells { from: Some(from), to: Some(to), ..Cells::of_message(message) });
        }
        Ok(match happening {
            Happening::Founded(founding) => {
                let decree = Decree::new(&founding.to_string());
                let decree = decree.map_err(|error| Rule::Founding(error.to_string()))?;
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

    /// What happened, for an event of this name.
    ///
    /// # Errors
    /// The rule that the columns break.
    pub fn happening(&self, event: &str) -> Result<Happening, Rule> {
        let letter = || Ok((self.from()?, self.to()?, self.to_message()?));
        let told = match event {
            "founded" => {
                let text = need(self.decree.as_ref(), "decree")?;
                let founding = text.text().parse::<Founding>();
                Happening::Founded(founding.map_err(|error| Rule::Founding(error.to_string()))?)
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
            other => return Err(Rule::NoSuchEvent(other.into())),
        };
        match self.differs_from(&Cells::of(&told)?) {
            Some(column) => Err(Rule::NotHere(column)),
            None => Ok(told),
        }
    }

    fn of_message(message: &Message) -> Cells {
        let name = Some(message.kind().to_string());
        let cells = Cells { message: name, ballot: message.ballot(), ..Cells::default() };
        match message {
            Message::NextBallot { complete_through, .. } => {
                Cells { number: Some(*complete_through), ..cells }
            }
            Message::LastVote { vote: None, of, .. } => Cells { of: Some(*of), ..cells },
            Message::LastVote { vote: Some((number, vote)), of, .. } => Cells {
                number: Some(*number),
                vote: Some(vote.ballot),
                decree: Some(vote.decree.clone()),
                of: Some(*of),
                ..cells
            },
            Message::BeginBallot { number, decree, .. }
            | Message::Success { number, decree, .. } => {
                Cells { number: Some(*number), decree: Some(decree.clone()), ..cells }
            }
            Message::Voted { number, .. } => Cells { number: Some(*number), ..cells },
            Message::Refused { next_bal, .. } => Cells { vote: Some(*next_bal), ..cells },
            Message::Failed { .. } => cells,
            Message::Presence { last_tried, complete_through, presides } => Cells {
                ballot: *last_tried,
                number: Some(*complete_through),
                vote: *presides,
                ..cells
            },
            Message::Petition { decree } => Cells { decree: Some(decree.clone()), ..cells },
            Message::Inquiry { above, through } => {
                Cells { number: Some(*above), of: *through, ..cells }
            }
            Message::LawBook { through, row, of } => Cells {
                number: Some(*through),
                decree: words(&row.in_a_line(), &row.petition),
                of: Some(*of),
                ..cells
            },
        }
    }

    fn to_message(&self) -> Result<Message, Rule> {
        let name = need(self.message.as_deref(), "message")?;
        let kind = Kind::ALL.into_iter().find(|kind| kind.as_str() == name);
        Ok(match kind.ok_or_else(|| Rule::NoSuchMessage(name.into()))? {
            Kind::NextBallot => {
                Message::NextBallot { ballot: self.ballot()?, complete_through: self.number()? }
            }
            Kind::LastVote => Message::LastVote {
                ballot: self.ballot()?,
                vote: match self.vote {
                    None => None,
                    Some(ballot) => {
                        let (priest, decree) = (self.from()?, self.decree()?);
                        Some((self.number()?, Vote { priest, ballot, decree }))
                    }
                },
                of: need(self.of, "of")?,
            },
            Kind::BeginBallot => Message::BeginBallot {
                ballot: self.ballot()?,
                number: self.number()?,
                decree: self.decree()?,
            },
            Kind::Voted => Message::Voted { ballot: self.ballot()?, number: self.number()? },
            Kind::Success => Message::Success {
                ballot: self.ballot,
                number: self.number()?,
                decree: self.decree()?,
            },
            Kind::Refused => {
                Message::Refused { ballot: self.ballot()?, next_bal: need(self.vote, "vote")? }
            }
            Kind::Failed => Message::Failed { ballot: self.ballot()? },
            Kind::Presence => Message::Presence {
                last_tried: self.ballot,
                complete_through: self.number()?,
                presides: self.vote,
            },
            Kind::Petition => Message::Petition { decree: self.decree()? },
            Kind::Inquiry => Message::Inquiry { above: self.number()?, through: self.of },
            Kind::LawBook => {
                let decree = self.decree()?;
                let row = BookRow::read(decree.text(), decree.petition().unwrap_or_default());
                let (through, row) = (self.number()?, need(row, "decree")?);
                Message::LawBook { through, row, of: need(self.of, "of")? }
            }
        })
    }

    fn of_entry(entry: &Entry) -> Cells {
        let cells = Cells { message: Some(entry.kind().into()), ..Cells::default() };
        match entry {
            Entry::Outcome { number, decree, ballot } => Cells {
                number: Some(*number),
                decree: Some(decree.clone()),
                ballot: *ballot,
                ..cells
            },
            Entry::LastTried { ballot } | Entry::NextBal { ballot } => {
                Cells { ballot: Some(*ballot), ..cells }
            }
            Entry::PrevVote { number, ballot, decree } => Cells {
                number: Some(*number),
                ballot: Some(*ballot),
                decree: Some(decree.clone()),
                ..cells
            },
            Entry::Entered => cells,
            Entry::Book(row) => {
                let line = row.in_a_line();
                Cells { number: Some(row.number), decree: words(&line, &row.petition), ..cells }
            }
            Entry::BeginBallot { number, ballot, decree, quorum } => Cells {
                number: Some(*number),
                ballot: Some(*ballot),
                decree: Some(decree.clone()),
                quorum: Some(quorum.clone()),
                ..cells
            },
        }
    }

    fn to_entry(&self) -> Result<Entry, Rule> {
        Ok(match need(self.message.as_deref(), "message")? {
            "outcome" => Entry::Outcome {
                number: self.number()?,
                decree: self.decree()?,
                ballot: self.ballot,
            },
            "lastTried" => Entry::LastTried { ballot: self.ballot()? },
            "nextBal" => Entry::NextBal { ballot: self.ballot()? },
            "prevVote" => Entry::PrevVote {
                number: self.number()?,
                ballot: self.ballot()?,
                decree: self.decree()?,
            },
            "entered" => Entry::Entered,
            "beginBallot" => Entry::BeginBallot {
                number: self.number()?,
                ballot: self.ballot()?,
                decree: self.decree()?,
                quorum: need(self.quorum.clone(), "quorum")?,
            },
            other if Heading::of(other).is_some() => {
                let decree = self.decree()?;
                let row = BookRow::read(decree.text(), decree.petition().unwrap_or_default());
                Entry::Book(need(row, "decree")?)
            }
            other => return Err(Rule::NoSuchEntry(other.into())),
        })
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

    fn from(&self) -> Result<Name, Rule> {
        need(self.from, "from")
    }

    fn to(&self) -> Result<Name, Rule> {
        need(self.to, "to")
    }

    fn ballot(&self) -> Result<BallotNumber, Rule> {
        need(self.ballot, "ballot")
    }

    fn number(&self) -> Result<DecreeNumber, Rule> {
        need(self.number, "number")
    }

    fn decree(&self) -> Result<Decree, Rule> {
        need(self.decree.clone(), "decree")
    }
}

/// The words of a law book's row, and the petition's id beside them, as one cell.
fn words(line: &str, petition: &str) -> Option<Decree> {
    let words = Decree::new(line).ok()?;
    if petition.is_empty() { Some(words) } else { words.petitioned(petition).ok() }
}

fn need<T>(cell: Option<T>, column: &'static str) -> Result<T, Rule> {
    cell.ok_or(Rule::Empty(column))
}
