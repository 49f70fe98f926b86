//! In which order rows are told: each file keeps its own, and no row stands before its cause.
//!
//! Ledgers and messagebooks bear times, from clocks that may differ, and rows by hand bear none. So
//! times order rows only as far as causes allow: a promise is told after the letter that asked for
//! it, and a letter after the ink it rests on, wherever both are here.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use chrono::{DateTime, Utc};

use crate::records::record::{LedgerRow, MessageRow};
use crate::words::{BallotNumber, DecreeNumber, Entry, Founding, Message, Name};

/// When a row was written; that of the row above it, if it bears no time.
pub type Hour = Option<DateTime<Utc>>;

/// A row of a record.
#[derive(Debug)]
pub enum Item {
    /// Of a priest's ledger.
    Row(Name, LedgerRow),
    /// Of a messagebook.
    Letter(MessageRow),
}

/// What a row tells that another may rest on. Names are of those who acted or were written to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Cause {
    Tried(BallotNumber),
    AskedToPromise(Name, BallotNumber),
    Promised(Name, BallotNumber),
    Replied(Name, BallotNumber),
    Begun(BallotNumber, DecreeNumber),
    AskedToVote(Name, BallotNumber, DecreeNumber),
    Voted(Name, BallotNumber, DecreeNumber),
    ToldOfVote(Name, BallotNumber, DecreeNumber),
    ToldOfSuccess(Name, DecreeNumber),
}

/// Rows that were heard and not yet told, file by file.
#[derive(Debug, Default)]
pub struct Order {
    /// Ledgers before messagebooks: ink comes before feet.
    files: BTreeMap<(bool, Name), VecDeque<(Hour, Item)>>,
    /// How many rows not yet told tell of a cause.
    to_come: HashMap<Cause, usize>,
    told: HashSet<Cause>,
    quorums: HashMap<(BallotNumber, DecreeNumber), Vec<Name>>,
}

impl Order {
    /// Hears the next row of a file.
    pub fn hear(&mut self, at: Hour, item: Item) {
        if let Item::Row(_, LedgerRow { entry, .. }) = &item
            && let Entry::BeginBallot { number, ballot, quorum, .. } = entry
        {
            self.quorums.insert((*ballot, *number), quorum.iter().copied().collect());
        }
        if let Some(cause) = item.tells() {
            *self.to_come.entry(cause).or_default() += 1;
        }
        let file = match &item {
            Item::Row(owner, _) => (false, *owner),
            Item::Letter(letter) => (true, letter.to),
        };
        self.files.entry(file).or_default().push_back((at, item));
    }

    /// The next row to be told of those no younger than `until`. Where each rests on another that is
    /// yet to come, the oldest is told if `for_good`, and else awaits it.
    pub fn next(&mut self, until: Hour, for_good: bool) -> Option<(Hour, Item)> {
        let heads = self.files.iter().filter_map(|(file, rows)| {
            let (at, item) = rows.front()?;
            (*at <= until).then_some((*at, *file, item))
        });
        let oldest = |heads: &mut dyn Iterator<Item = (Hour, (bool, Name), &Item)>| {
            heads.min_by_key(|(at, file, _)| (*at, *file)).map(|(_, file, _)| file)
        };
        let mut ready = heads.clone().filter(|(_, _, item)| !self.awaits(item));
        let file =
            oldest(&mut ready).or_else(|| oldest(&mut heads.clone()).filter(|_| for_good))?;
        let (at, item) = self.files.get_mut(&file)?.pop_front()?;
        if let Some(cause) = item.tells() {
            self.told.insert(cause);
            if let Some(left) = self.to_come.get_mut(&cause) {
                *left -= 1;
                if *left == 0 {
                    self.to_come.remove(&cause);
                }
            }
        }
        Some((at, item))
    }

    /// Forgets what was told: for those who watch a long sitting.
    pub fn forget(&mut self) {
        self.told.clear();
        self.quorums.clear();
    }

    /// Whether a row rests on one that is here and not yet told.
    fn awaits(&self, item: &Item) -> bool {
        let is_to_come = |cause| self.to_come.contains_key(&cause) && !self.told.contains(&cause);
        match item {
            Item::Row(priest, row) => self.row_awaits(*priest, &row.entry, is_to_come),
            Item::Letter(MessageRow { from, message, .. }) => match *message {
                Message::NextBallot { ballot, .. } => is_to_come(Cause::Tried(ballot)),
                Message::LastVote { ballot, .. } => is_to_come(Cause::Promised(*from, ballot)),
                Message::BeginBallot { ballot, number, .. } => {
                    is_to_come(Cause::Begun(ballot, number))
                }
                Message::Voted { ballot, number } => {
                    is_to_come(Cause::Voted(*from, ballot, number))
                }
                _ => false,
            },
        }
    }

    fn row_awaits(&self, priest: Name, entry: &Entry, is_to_come: impl Fn(Cause) -> bool) -> bool {
        match *entry {
            Entry::NextBal { ballot } if ballot.owner != priest => {
                is_to_come(Cause::AskedToPromise(priest, ballot))
            }
            Entry::PrevVote { number, ballot, .. } if ballot.owner != priest => {
                is_to_come(Cause::AskedToVote(priest, ballot, number))
            }
            Entry::BeginBallot { ballot, ref quorum, .. } => {
                quorum.iter().any(|&name| is_to_come(Cause::Replied(name, ballot)))
            }
            Entry::Outcome { number: Founding::NUMBER, .. } => false,
            Entry::Outcome { number, ballot: Some(ballot), .. } if ballot.owner == priest => {
                let quorum = self.quorums.get(&(ballot, number)).map_or(&[][..], Vec::as_slice);
                quorum.iter().any(|&name| is_to_come(Cause::ToldOfVote(name, ballot, number)))
            }
            Entry::Outcome { number, .. } => is_to_come(Cause::ToldOfSuccess(priest, number)),
            _ => false,
        }
    }
}

impl Item {
    /// What it tells that another row may rest on.
    fn tells(&self) -> Option<Cause> {
        Some(match self {
            Item::Row(priest, row) => match row.entry {
                Entry::LastTried { ballot } => Cause::Tried(ballot),
                Entry::NextBal { ballot } => Cause::Promised(*priest, ballot),
                Entry::PrevVote { number, ballot, .. } => Cause::Voted(*priest, ballot, number),
                Entry::BeginBallot { number, ballot, .. } => Cause::Begun(ballot, number),
                _ => return None,
            },
            Item::Letter(MessageRow { from, to, message, .. }) => match *message {
                Message::NextBallot { ballot, .. } => Cause::AskedToPromise(*to, ballot),
                Message::LastVote { ballot, .. } => Cause::Replied(*from, ballot),
                Message::BeginBallot { ballot, number, .. } => {
                    Cause::AskedToVote(*to, ballot, number)
                }
                Message::Voted { ballot, number } => Cause::ToldOfVote(*from, ballot, number),
                Message::Success { number, .. } => Cause::ToldOfSuccess(*to, number),
                _ => return None,
            },
        })
    }
}
