//! A run as a chamber's records allow it to be told.
//!
//! Ledgers and messagebooks say what was inked and what was brought, and when; they do not say
//! when a letter was read, nor which letters were lost. A priest reads his messagebook in order,
//! so everything above the letter that made him ink a row was read by then. His letters to
//! himself leave no row; this module makes them again.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::desk::Desk;
use super::order::{Hour, Item, Order};
use super::record::Record;
use crate::chamber::Come;
use crate::records::record::{LedgerRow, MessageRow, Place};
use crate::trace::{Happening, TraceRow, asked_himself};
use crate::words::{BallotNumber, DecreeNumber, Entry, Founding, Message, Minutes, Name, Vote};

/// A run being told again from a chamber's rows, as they come. `text_of` gives the row that stands
/// at a place.
pub struct Retelling<'a> {
    convened: Option<DateTime<Utc>>,
    minute: Duration,
    now: Minutes,
    told: u64,
    events: Vec<Record>,
    /// Rows heard and not yet told.
    heard: Order,
    /// The latest hour heard of.
    latest: Hour,
    /// The same, when it was last told.
    horizon: Hour,
    /// How far each ledger and each messagebook has come.
    inked_at: BTreeMap<Name, Hour>,
    brought_at: BTreeMap<Name, Hour>,
    /// For each ballot, the number above which its owner asks for votes.
    asks_above: BTreeMap<BallotNumber, DecreeNumber>,
    /// The letters brought to each and not yet read.
    unread: BTreeMap<Name, VecDeque<(Name, Message, Source)>>,
    desks: BTreeMap<Name, Desk>,
    text_of: &'a dyn Fn(&Place) -> String,
}

/// How many unread letters of each priest are remembered, by those who forget.
const REMEMBERED: usize = 10_000;

/// `file:line` and the row.
type Source = (String, String);

impl<'a> Retelling<'a> {
    /// Begins with the founding; a Paxon minute lasted so long.
    #[must_use]
    pub fn new(
        founding: &Founding,
        minute: Duration,
        text_of: &'a dyn Fn(&Place) -> String,
    ) -> Retelling<'a> {
        let mut retelling = Retelling {
            convened: None,
            minute: minute.max(Duration::from_micros(1)),
            now: Minutes::ZERO,
            told: 0,
            events: Vec::new(),
            heard: Order::default(),
            latest: None,
            horizon: None,
            inked_at: BTreeMap::new(),
            brought_at: BTreeMap::new(),
            asks_above: BTreeMap::new(),
            unread: BTreeMap::new(),
            desks: BTreeMap::new(),
            text_of,
        };
        let source = (String::new(), founding.to_string());
        retelling.tell(&source, Happening::Founded(founding.clone()));
        retelling
    }

    /// The hour of the first row that was told, from which minutes are counted.
    #[cfg(feature = "web")]
    pub(crate) fn convened(&self) -> Hour {
        self.convened
    }

    /// Hears rows. Each file keeps its own order, whatever hours its rows bear.
    pub fn hear(&mut self, rows: Come) {
        for (priest, rows) in rows.ledgers {
            let last = self.inked_at.entry(priest).or_default();
            for row in rows {
                *last = (*last).max(row.at);
                self.heard.hear(*last, Item::Row(priest, row));
            }
            self.latest = self.latest.max(*last);
        }
        for book in rows.messagebooks {
            for row in book {
                let last = self.brought_at.entry(row.to).or_default();
                *last = (*last).max(row.at);
                self.latest = self.latest.max(*last);
                if let Message::NextBallot { ballot, complete_through } = row.message {
                    self.asks_above.insert(ballot, complete_through);
                }
                self.heard.hear(*last, Item::Letter(row));
            }
        }
    }

    /// Tells what no row can precede that is yet to be heard: whatever is no younger than the
    /// youngest row that was heard when this was asked before.
    #[must_use]
    pub fn tell_settled(&mut self) -> Vec<Record> {
        let horizon = std::mem::replace(&mut self.horizon, self.latest);
        // If nothing has come meanwhile, nobody knows of anything to be awaited.
        self.tell_heard(horizon, horizon == self.latest)
    }

    /// Tells all that was heard. A letter that no later row of its reader rests on may never have
    /// been read: it stays under way.
    #[must_use]
    pub fn tell_to_the_end(mut self) -> Vec<Record> {
        self.tell_heard(self.latest, true)
    }

    /// Forgets the decrees before `number`, and letters that nobody has read for long: for those
    /// who watch a long sitting.
    pub fn forget_before(&mut self, number: DecreeNumber) {
        self.desks.values_mut().for_each(|desk| desk.forget_before(number));
        self.heard.forget();
        while self.asks_above.len() > REMEMBERED {
            self.asks_above.pop_first();
        }
        for unread in self.unread.values_mut() {
            unread.drain(..unread.len().saturating_sub(REMEMBERED));
        }
    }

    fn tell_heard(&mut self, until: Hour, for_good: bool) -> Vec<Record> {
        while let Some((at, item)) = self.heard.next(until, for_good) {
            self.reach(at);
            match item {
                Item::Row(priest, row) => self.row(priest, row),
                Item::Letter(letter) => self.letter(letter),
            }
        }
        std::mem::take(&mut self.events)
    }

    fn reach(&mut self, at: Hour) {
        let Some(at) = at else { return };
        let convened = *self.convened.get_or_insert(at);
        let nanos = (at - convened).num_nanoseconds().and_then(|n| u128::try_from(n).ok());
        let thousandths = nanos.unwrap_or(0) * 1000 / self.minute.as_nanos().max(1);
        let reached = Minutes::thousandths(u64::try_from(thousandths).unwrap_or(u64::MAX));
        self.now = self.now.max(reached);
    }

    fn tell(&mut self, (place, row): &Source, happening: Happening) {
        let actor = match &happening {
            Happening::Receive { to, .. } => Some(*to),
            Happening::Ink { priest, .. } | Happening::Enter(priest) | Happening::Leave(priest) => {
                Some(*priest)
            }
            _ => None,
        };
        if let Some(actor) = actor {
            self.desks.entry(actor).or_default().take_down(&happening);
        }
        self.told += 1;
        let seq = self.told;
        let event = TraceRow { seq, at: self.now, happening };
        self.events.push(Record { event, place: place.clone(), row: row.clone() });
    }

    fn source(&self, place: &Place) -> Source {
        (format!("{}:{}", place.file.display(), place.line), (self.text_of)(place))
    }

    fn letter(&mut self, row: MessageRow) {
        let source = self.source(&row.place);
        let MessageRow { from, to, message, .. } = row;
        // A priest who answers a letter has read it.
        if let Message::LastVote { ballot, .. }
        | Message::Voted { ballot, .. }
        | Message::Refused { ballot, .. } = message
        {
            let asks = |heard: &Message| {
                heard.ballot() == Some(ballot)
                    && matches!(heard, Message::NextBallot { .. } | Message::BeginBallot { .. })
            };
            self.read_until(from, &asks);
        }
        self.tell(&source, Happening::Send { from, to, message: message.clone() });
        self.unread.entry(to).or_default().push_back((from, message, source));
    }

    fn row(&mut self, priest: Name, row: LedgerRow) {
        let source = self.source(&row.place);
        match &row.entry {
            Entry::Outcome { number: Founding::NUMBER, .. } => return,
            Entry::Entered => {
                if self.desks.get(&priest).is_some_and(|desk| desk.inside) {
                    self.tell(&source, Happening::Leave(priest));
                }
                self.tell(&source, Happening::Enter(priest));
            }
            // The things that a law book copies have happened before.
            _ if self.desks.get(&priest).is_some_and(|desk| desk.copies) => {
                let entry = row.entry;
                return self.tell(&source, Happening::Ink { priest, entry });
            }
            Entry::LastTried { .. } | Entry::Book(_) => {}
            Entry::NextBal { ballot } if ballot.owner == priest => {
                let complete_through = self.asks_above.get(ballot).copied().unwrap_or_default();
                let message = Message::NextBallot { ballot: *ballot, complete_through };
                self.tell_himself(&source, priest, message);
            }
            Entry::NextBal { ballot } => {
                let asked =
                    |m: &Message| matches!(m, Message::NextBallot { ballot: b, .. } if b == ballot);
                self.read_until(priest, &asked);
            }
            Entry::PrevVote { ballot, .. } if ballot.owner == priest => {
                if let Some(message) = asked_himself(priest, &row.entry) {
                    self.tell_himself(&source, priest, message);
                }
            }
            Entry::PrevVote { number, ballot, .. } => {
                let asked = |m: &Message| matches!(m, Message::BeginBallot { ballot: b, number: n, .. } if b == ballot && n == number);
                self.read_until(priest, &asked);
            }
            Entry::BeginBallot { ballot, .. } => {
                self.read_all(
                    priest,
                    &|m| matches!(m, Message::LastVote { ballot: b, .. } if b == ballot),
                );
            }
            Entry::Outcome { number, ballot, .. } => {
                let polls = &self.desks.entry(priest).or_default().slip.polls;
                if ballot.is_some_and(|b| b.owner == priest) && polls.contains_key(number) {
                    self.read_all(priest, &|m| {
                        matches!(m, Message::Voted { ballot: b, number: n } if Some(*b) == *ballot && n == number)
                    });
                } else {
                    let told = |m: &Message| matches!(m, Message::Success { number: n, .. } if n == number);
                    self.read_until(priest, &told);
                }
            }
        }
        self.tell(&source, Happening::Ink { priest, entry: row.entry.clone() });
        self.answer_himself(&source, priest, &row.entry);
    }

    fn tell_himself(&mut self, source: &Source, priest: Name, message: Message) {
        let (from, to) = (priest, priest);
        self.tell(source, Happening::Send { from, to, message: message.clone() });
        self.tell(source, Happening::Receive { from, to, message });
    }

    /// His letters to himself after that, as the owner of the ballot.
    fn answer_himself(&mut self, source: &Source, priest: Name, entry: &Entry) {
        match entry {
            Entry::NextBal { ballot } if ballot.owner == priest => {
                let votes = self.own_votes(priest, *ballot);
                let of = votes.iter().flatten().count() as u64;
                for vote in votes {
                    let message = Message::LastVote { ballot: *ballot, vote, of };
                    self.tell_himself(source, priest, message);
                }
            }
            Entry::PrevVote { ballot, number, .. } if ballot.owner == priest => {
                let message = Message::Voted { ballot: *ballot, number: *number };
                self.tell_himself(source, priest, message);
            }
            _ => {}
        }
    }

    /// His last votes that he tells himself: those above the number of his own letter; where that
    /// is not here, those on decrees that he lacks.
    fn own_votes(&self, priest: Name, ballot: BallotNumber) -> Vec<Option<(DecreeNumber, Vote)>> {
        let Some(desk) = self.desks.get(&priest) else { return vec![None] };
        let above = self.asks_above.get(&ballot);
        let is_asked_for = |number: &DecreeNumber| match above {
            Some(above) => number > above,
            None => !desk.front.contains_key(number),
        };
        let notes = desk.prev_vote.iter().filter(|(number, _)| is_asked_for(number));
        let votes: Vec<_> = notes
            .map(|(number, (ballot, decree))| {
                Some((*number, Vote { priest, ballot: *ballot, decree: decree.clone() }))
            })
            .collect();
        if votes.is_empty() { vec![None] } else { votes }
    }

    /// Reads on until a letter of this kind has been read; nothing, if there is none.
    fn read_until(&mut self, reader: Name, last: &dyn Fn(&Message) -> bool) {
        let unread = self.unread.entry(reader).or_default();
        let found = unread.iter().position(|(_, message, _)| last(message));
        self.read_some(reader, found.map_or(0, |index| index + 1), last);
    }

    /// Reads on through the last letter of this kind.
    fn read_all(&mut self, reader: Name, kind: &dyn Fn(&Message) -> bool) {
        let unread = self.unread.entry(reader).or_default();
        let found = unread.iter().rposition(|(_, message, _)| kind(message));
        self.read_some(reader, found.map_or(0, |index| index + 1), kind);
    }

    fn read_some(&mut self, reader: Name, count: usize, useful: &dyn Fn(&Message) -> bool) {
        let read: Vec<_> = self.unread.entry(reader).or_default().drain(..count).collect();
        for (from, message, source) in read {
            let used = useful(&message) || self.is_of_use(reader, &message);
            let to = reader;
            self.tell(
                &source,
                if used {
                    Happening::Receive { from, to, message }
                } else {
                    Happening::Ignore { from, to, message }
                },
            );
        }
    }

    /// Whether a letter that made nobody ink anything was nevertheless heeded.
    fn is_of_use(&self, reader: Name, message: &Message) -> bool {
        let desk = self.desks.get(&reader).unwrap_or(Desk::BARE);
        match message {
            // The complete protocol answers a stale ballot with nextBal. `[PTP §2.4]`
            Message::NextBallot { ballot, .. } | Message::BeginBallot { ballot, .. } => {
                Some(*ballot) < desk.next_bal
            }
            Message::LastVote { ballot, .. } => {
                desk.slip.ballot == Some(*ballot) && desk.slip.polls.is_empty()
            }
            Message::Voted { ballot, number } => {
                desk.slip.ballot == Some(*ballot) && desk.slip.polls.contains_key(number)
            }
            Message::Success { number, .. } => !desk.front.contains_key(number),
            _ => true,
        }
    }
}
