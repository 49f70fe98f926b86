//! The outputs of a priest's deed: his messengers, his own desk, and the news for God.

use std::collections::VecDeque;

use crate::chamber::messenger::{Carriage, Messenger};
use crate::synod::{Letter, Post, Released, Witness};
use crate::words::{Decree, DecreeNumber, Entry, Heading, Message, Minutes};

use super::news::{Herald, Tiding};

/// Counts of letters that one priest sent, and of rows that he inked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// Letters handed to messengers.
    pub sent: u64,
    /// Those of these letters that were lost.
    pub lost: u64,
    /// Those of these letters that were delivered twice.
    pub repeated: u64,
    /// Rows inked.
    pub inked: u64,
    /// The number of dryings, each one write and one fdatasync.
    pub dried: u64,
}

impl Counts {
    /// Adds the counts of another priest.
    pub fn add(&mut self, other: Counts) {
        self.sent += other.sent;
        self.lost += other.lost;
        self.repeated += other.repeated;
        self.inked += other.inked;
        self.dried += other.dried;
    }
}

fn outcome(row: &Entry) -> Option<(DecreeNumber, Decree)> {
    match row {
        Entry::Outcome { number, decree, .. } => Some((*number, decree.clone())),
        _ => None,
    }
}

/// The last decree that a law book covers, if this row says it.
fn whole_through(row: &Entry) -> Option<DecreeNumber> {
    match row {
        Entry::Book(row) if row.heading == Heading::Bound => Some(row.number),
        _ => None,
    }
}

/// Tells God of each row when it is inked, and of decrees when they are dry.
pub(super) struct Told<'a> {
    pub now: Minutes,
    pub herald: &'a Herald,
    /// Decrees inked and not known to be dry.
    pub wet: &'a mut Vec<(DecreeNumber, Decree)>,
    /// The number of rows that God knows.
    pub rows_told: &'a mut usize,
}

impl Witness for Told<'_> {
    fn writes(&mut self, rows: &[Entry]) {
        // If the write fails, some rows may be inked. He finds them when he reads his ledger again.
        self.wet.extend(rows.iter().filter_map(outcome));
    }

    fn inked(&mut self, rows: &[Entry]) {
        if self.herald.is_traced() {
            for row in rows {
                self.herald.tell(self.now, Tiding::Inked(row.clone()));
            }
            *self.rows_told += rows.len();
        }
    }

    fn dried(&mut self) {
        let decrees = std::mem::take(self.wet);
        if !decrees.is_empty() {
            self.herald.tell(self.now, Tiding::Knows(decrees));
        }
    }

    fn bound(&mut self, rows: &[Entry]) {
        if self.herald.is_traced() {
            // God knows these rows already.
            *self.rows_told = rows.len();
        }
        if let Some(through) = rows.iter().find_map(whole_through) {
            self.herald.tell(self.now, Tiding::Bound(through));
        }
    }

    fn unbound(&mut self, why: &str) {
        let said = format!(
            "no law book could be bound: {why}; his ledger goes on as it is, and this is tried again after as many more decrees"
        );
        self.herald.tell(self.now, Tiding::Noticed(said));
    }
}

/// Takes a priest's letters to his own desk or to his messengers.
pub(super) struct Porter<'a> {
    pub now: Minutes,
    pub herald: &'a Herald,
    pub messenger: &'a mut Messenger,
    pub desk: &'a mut VecDeque<Message>,
    pub counts: &'a mut Counts,
}

impl Post for Porter<'_> {
    fn post(&mut self, letters: Released) {
        let Porter { now, herald, desk, counts, .. } = self;
        self.messenger.carry(*now, letters, |letter, fate| {
            if herald.is_traced() {
                herald.tell(*now, Tiding::Sent(letter.clone()));
            }
            if fate == Carriage::Kept {
                return desk.push_back(letter.message.clone());
            }
            counts.sent += 1;
            counts.lost += u64::from(fate == Carriage::Lost);
            counts.repeated += u64::from(fate == Carriage::Repeated);
            let tiding: Option<fn(Letter) -> Tiding> = match fate {
                Carriage::Carried | Carriage::Kept => None,
                Carriage::Lost => Some(Tiding::Lost),
                Carriage::Repeated => Some(Tiding::Repeated),
            };
            if let Some(tiding) = tiding.filter(|_| herald.is_traced()) {
                herald.tell(*now, tiding(letter.clone()));
            }
        });
    }
}
