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
    /// A priest's ledger.
    Row(Name, LedgerRow),
    /// A messagebook.
    Letter(MessageRow),
}

/// A fact in a row on which another row may rest. Names are of those who acted or were written to.
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

    /// The next row to tell, no younger than `until`. If each rests on another that is
    /// yet to come, the oldest is told if `for_good`; otherwise it waits.
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
    /// The fact in it on which another row may rest.
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::records::record::{Place, Seal};
    use crate::words::Decree;

    fn place() -> Place {
        Place { file: Arc::default(), line: 2, column: 1 }
    }

    fn row(owner: Name, entry: Entry) -> Item {
        let row = LedgerRow { place: place(), entry, at: None, dry: None, seal: Seal::ByHand };
        Item::Row(owner, row)
    }

    fn letter(from: Name, to: Name, message: Message) -> Item {
        Item::Letter(MessageRow { place: place(), from, to, message, at: None })
    }

    /// Each row that may rest on another, and that other: a ballot of Oki's in which Gray votes.
    fn causes_and_effects() -> Vec<(Item, Item)> {
        let [gray, oki] = ["Gray", "Oki"].map(|name| Name::new(name).unwrap());
        let ballot: BallotNumber = "2.Oki".parse().unwrap();
        let (number, goats) = (1, || Decree::new("Goats").unwrap());
        let quorum = || Arc::new([gray, oki].into());
        let tried = || row(oki, Entry::LastTried { ballot });
        let asked = || letter(oki, gray, Message::NextBallot { ballot, complete_through: 0 });
        let promised = || row(gray, Entry::NextBal { ballot });
        let replied = || letter(gray, oki, Message::LastVote { ballot, vote: None, of: 0 });
        let begun =
            || row(oki, Entry::BeginBallot { number, ballot, decree: goats(), quorum: quorum() });
        let begin = || letter(oki, gray, Message::BeginBallot { ballot, number, decree: goats() });
        let votes = || row(gray, Entry::PrevVote { number, ballot, decree: goats() });
        let voted = || letter(gray, oki, Message::Voted { ballot, number });
        let told = || {
            letter(oki, gray, Message::Success { ballot: Some(ballot), number, decree: goats() })
        };
        let copied = || row(gray, Entry::Outcome { number, decree: goats(), ballot: None });
        vec![
            (tried(), asked()),
            (asked(), promised()),
            (promised(), replied()),
            (replied(), begun()),
            (begun(), begin()),
            (begin(), votes()),
            (votes(), voted()),
            (told(), copied()),
        ]
    }

    /// In which order two rows are told, by the debug form of each.
    fn told(order: &mut Order, until: Hour) -> Vec<String> {
        std::iter::from_fn(|| order.next(until, false))
            .map(|(_, item)| format!("{item:?}"))
            .collect()
    }

    #[test]
    fn no_row_without_a_time_stands_before_its_cause() {
        let late = DateTime::from_timestamp(1_000, 0);
        for (cause, effect) in causes_and_effects() {
            let expected = [format!("{cause:?}"), format!("{effect:?}")];
            let mut order = Order::default();
            order.hear(None, effect);
            order.hear(late, cause);
            assert_eq!(told(&mut order, late), expected);
        }
    }

    #[test]
    fn an_outcome_of_his_own_ballot_stands_after_the_votes_he_heard() {
        let late = DateTime::from_timestamp(1_000, 0);
        let all = causes_and_effects();
        let oki = Name::new("Oki").unwrap();
        let ballot = Some("2.Oki".parse().unwrap());
        let decree = Decree::new("Goats").unwrap();
        let outcome = row(oki, Entry::Outcome { number: 1, decree, ballot });
        let [begun, voted] = [&all[4].0, &all[6].1].map(|item| format!("{item:?}"));
        let expected = [begun, voted, format!("{outcome:?}")];
        let mut order = Order::default();
        let mut all = all.into_iter();
        let (begun, _) = all.nth(4).unwrap();
        let (_, voted) = all.nth(1).unwrap();
        order.hear(None, begun);
        order.hear(None, outcome);
        order.hear(late, voted);
        assert_eq!(told(&mut order, late), expected);
    }

    #[test]
    fn a_row_whose_cause_never_comes_is_told_for_good() {
        let mut all = causes_and_effects().into_iter();
        let (_, asked) = all.next().unwrap();
        let mut order = Order::default();
        order.hear(None, asked);
        assert_eq!(told(&mut order, None).len(), 1, "nothing here tells of its cause");
    }
}
