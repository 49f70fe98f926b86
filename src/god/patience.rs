//! God's patience with priests who are played by hand: while one of them owes an answer, the hour
//! stands still. `[ours]`
//!
//! One who is away and has NextBallot or BeginBallot in his messagebook, and has not answered it, is
//! waited for; nobody's hourglass runs meanwhile, so that a person may write at a person's pace.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::chamber::messagebook::Cursor;
use crate::chamber::{Chamber, ChamberError, read_ledger};
use crate::records::{MessageRow, Seal};
use crate::words::{BallotNumber, Message, Name};

use super::hour::Hour;

/// God's patience with those who are played by hand.
pub struct Patience {
    chamber: Chamber,
    /// For how long the hour may stand still in all.
    at_most: Duration,
    books: Vec<(Name, Cursor)>,
    /// Who is away, and how many rows his ledger had.
    away: BTreeMap<Name, u64>,
    /// Which ballot of whose each of them owes an answer, and whether it is a vote.
    owed: BTreeMap<(Name, Name), (BallotNumber, bool)>,
    /// Where their letters stand.
    letters: Vec<String>,
}

impl Patience {
    /// With all who have a ledger and are neither brought in nor in the Chamber already.
    ///
    /// # Errors
    /// When the chamber cannot be read.
    pub fn with(
        chamber: &Chamber,
        brought_in: &[Name],
        at_most: Duration,
    ) -> Result<Patience, ChamberError> {
        let elsewhere: BTreeSet<Name> = chamber.inside()?;
        let names = chamber.names()?;
        let is_away = |name: &Name| !brought_in.contains(name) && !elsewhere.contains(name);
        let lines = |name| last_line(chamber, name);
        let away = names.iter().copied().filter(is_away).map(|name| (name, lines(name))).collect();
        let at_end = |name| Some((name, Cursor::at_end(chamber, name, None, |_, _| {}).ok()?));
        let books = names.iter().copied().filter_map(at_end).collect();
        let chamber = chamber.clone();
        Ok(Patience { chamber, at_most, books, away, owed: BTreeMap::new(), letters: Vec::new() })
    }

    /// Looks who owes an answer, and has the hour stand still or go on.
    pub fn look(&mut self, hour: &Hour) {
        let mut books = std::mem::take(&mut self.books);
        for (owner, cursor) in &mut books {
            // A messagebook that cannot be read is read at the next look; its owner says why.
            let _ = cursor.read_some(usize::MAX, |row| {
                row.into_iter().for_each(|row| self.hear(*owner, &row));
            });
        }
        self.books = books;
        if self.owed.is_empty() || hour.stood_still() >= self.at_most {
            hour.go_on();
        } else {
            hour.stand_still();
        }
    }

    fn hear(&mut self, owner: Name, row: &MessageRow) {
        if self.away.contains_key(&row.from) {
            self.letters.push(format!("{}:{}", row.place.file.display(), row.place.line));
        }
        let asked = (owner, row.from);
        let answers = (row.from, owner);
        match &row.message {
            Message::NextBallot { ballot, .. } if self.away.contains_key(&owner) => {
                self.owed.insert(asked, (*ballot, false));
            }
            Message::BeginBallot { ballot, .. } if self.away.contains_key(&owner) => {
                self.owed.insert(asked, (*ballot, true));
            }
            Message::LastVote { ballot, .. } => self.answered(answers, *ballot, Some(false)),
            Message::Voted { ballot, .. } => self.answered(answers, *ballot, Some(true)),
            Message::Refused { ballot, .. } => self.answered(answers, *ballot, None),
            Message::Success { .. } => self.owed.retain(|(away, _), _| *away != owner),
            _ => {}
        }
    }

    fn answered(&mut self, answers: (Name, Name), ballot: BallotNumber, is_vote: Option<bool>) {
        let owes = |owed: &(BallotNumber, bool)| {
            owed.0 == ballot && is_vote.is_none_or(|is_vote| is_vote == owed.1)
        };
        if self.owed.get(&answers).is_some_and(owes) {
            self.owed.remove(&answers);
        }
    }

    /// Where the rows and letters stand that were written by hand since he began to look.
    #[must_use]
    pub fn by_hand(&self) -> Vec<String> {
        let mut places = Vec::new();
        for (&name, &before) in &self.away {
            let rows = read_ledger(&self.chamber.ledger(name)).into_iter().flatten();
            let rows = rows.flatten().flatten();
            let new = rows.filter(|row| row.seal == Seal::ByHand && row.place.line > before);
            places
                .extend(new.map(|row| format!("{}:{}", row.place.file.display(), row.place.line)));
        }
        places.extend(self.letters.iter().cloned());
        places
    }
}

/// The last line of a ledger that holds a row.
fn last_line(chamber: &Chamber, name: Name) -> u64 {
    let rows = read_ledger(&chamber.ledger(name)).into_iter().flatten();
    rows.flatten().flatten().map(|row| row.place.line).max().unwrap_or(0)
}
