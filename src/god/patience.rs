//! God's patience with priests who are played by hand: while one of them owes an answer, the clock
//! stands still. `[ours]`
//!
//! A priest who is away owes an answer when a NextBallot or BeginBallot lies unanswered in his
//! messagebook. No hourglass runs meanwhile, so that a person has time to write. He owes nothing to
//! a ballot below his own promise, and nothing when his answer has no use any more: when the ballot
//! has begun without him, or its decree has passed.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::chamber::messagebook::Cursor;
use crate::chamber::{Chamber, ChamberError, Following};
use crate::records::{LedgerRow, MessageRow, Seal};
use crate::words::{BallotNumber, DecreeNumber, Entry, Message, Name};

use super::hour::Hour;

/// Watches which priests who are played by hand owe an answer, and stops the clock for them.
pub struct Patience {
    /// The longest time for which the clock may stand still, in all.
    at_most: Duration,
    books: Vec<(Name, Cursor)>,
    away: BTreeMap<Name, Away>,
    owed: BTreeSet<Owed>,
    /// The places of rows and letters that were written by hand: file and line.
    by_hand: BTreeSet<(String, u64)>,
}

/// A priest who is away, as his ledger shows him.
struct Away {
    ledger: Following,
    /// The number of lines in his ledger at the first look.
    lines: u64,
    promised: Option<BallotNumber>,
    passed: BTreeSet<DecreeNumber>,
}

/// An answer that a priest who is away owes: LastVote, or Voted if `vote_on` is a number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Owed {
    by: Name,
    to: Name,
    ballot: BallotNumber,
    vote_on: Option<DecreeNumber>,
}

impl Away {
    fn hear(&mut self, row: &LedgerRow) {
        match &row.entry {
            Entry::NextBal { ballot } => self.promised = self.promised.max(Some(*ballot)),
            Entry::Outcome { number, .. } => drop(self.passed.insert(*number)),
            _ => {}
        }
    }

    fn owes(&self, owed: &Owed) -> bool {
        let is_passed = owed.vote_on.is_some_and(|number| self.passed.contains(&number));
        self.promised <= Some(owed.ballot) && !is_passed
    }
}

impl Patience {
    /// Watches all who have a ledger and are neither brought in here nor in another process.
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
        let mut away = BTreeMap::new();
        for &name in names.iter().filter(|it| !brought_in.contains(it) && !elsewhere.contains(it)) {
            // The owner of a ledger that cannot be read owes no answer.
            let Ok(mut ledger) = Following::from_start(chamber, name) else { continue };
            let rows = ledger.look().unwrap_or_default();
            let lines = rows.iter().map(|row| row.place.line).max().unwrap_or(0);
            let mut priest = Away { ledger, lines, promised: None, passed: BTreeSet::new() };
            rows.iter().for_each(|row| priest.hear(row));
            away.insert(name, priest);
        }
        let at_end = |name| Some((name, Cursor::at_end(chamber, name, None, |_, _| {}).ok()?));
        let books = names.iter().copied().filter_map(at_end).collect();
        let (owed, by_hand) = (BTreeSet::new(), BTreeSet::new());
        Ok(Patience { at_most, books, away, owed, by_hand })
    }

    /// Reads the records, and stops the clock if a priest owes an answer; otherwise lets it run.
    pub fn look(&mut self, hour: &Hour) {
        self.read();
        let owes = |owed: &Owed| self.away.get(&owed.by).is_some_and(|away| away.owes(owed));
        if !self.owed.iter().any(owes) || hour.stood_still() >= self.at_most {
            hour.go_on();
        } else {
            hour.stand_still();
        }
    }

    /// Reads the new rows of all messagebooks, and of the ledgers of those who are away.
    fn read(&mut self) {
        let mut books = std::mem::take(&mut self.books);
        for (owner, cursor) in &mut books {
            // A messagebook that cannot be read is tried again at the next look. Its owner reports
            // why.
            let _ = cursor.read_some(usize::MAX, |row| {
                row.into_iter().for_each(|row| self.hear(*owner, &row));
            });
        }
        self.books = books;
        for away in self.away.values_mut() {
            for row in away.ledger.look().unwrap_or_default() {
                away.hear(&row);
                if row.seal == Seal::ByHand && row.place.line > away.lines {
                    self.by_hand.insert((row.place.file.display().to_string(), row.place.line));
                }
            }
        }
    }

    fn hear(&mut self, owner: Name, row: &MessageRow) {
        let from = row.from;
        if self.away.contains_key(&from) {
            self.by_hand.insert((row.place.file.display().to_string(), row.place.line));
        }
        let asks = |ballot, vote_on| Owed { by: owner, to: from, ballot, vote_on };
        let answers = |ballot, vote_on| Owed { by: from, to: owner, ballot, vote_on };
        match &row.message {
            Message::NextBallot { ballot, .. } => self.ask(asks(*ballot, None)),
            Message::BeginBallot { ballot, number, .. } => {
                // The president has his majority: nobody owes him a LastVote of this ballot.
                self.owed.retain(|it| (it.to, it.ballot, it.vote_on) != (from, *ballot, None));
                self.ask(asks(*ballot, Some(*number)));
            }
            Message::LastVote { ballot, .. } => drop(self.owed.remove(&answers(*ballot, None))),
            Message::Voted { ballot, number } => {
                self.owed.remove(&answers(*ballot, Some(*number)));
            }
            Message::Refused { ballot, .. } => {
                self.owed.retain(|it| (it.by, it.to, it.ballot) != (from, owner, *ballot));
            }
            Message::Success { number, .. } => {
                self.owed.retain(|it| it.vote_on != Some(*number));
            }
            _ => {}
        }
    }

    /// Notes that an answer is owed. A president who asks again gives up his earlier ballots.
    fn ask(&mut self, asked: Owed) {
        if self.away.contains_key(&asked.by) {
            let is_older =
                |it: &Owed| (it.by, it.to) == (asked.by, asked.to) && it.ballot < asked.ballot;
            self.owed.retain(|it| !is_older(it));
            self.owed.insert(asked);
        }
    }

    /// The places of rows and letters written by hand since the first look, as `FILE:LINE`.
    pub fn by_hand(&mut self) -> Vec<String> {
        self.read();
        self.by_hand.iter().map(|(file, line)| format!("{file}:{line}")).collect()
    }
}
