//! What lies between a priest's deed and the world: his ledger, his messengers, and God's ear.

use std::collections::VecDeque;

use crate::chamber::messenger::{Fate, Messenger};
use crate::synod::{Letter, Post, Released, Witness};
use crate::words::{Decree, DecreeNumber, Entry, Heading, Message, Minutes};

use super::news::{Herald, Tiding};

/// Letters sent, lost and repeated by one priest's messengers, and writes to messagebooks.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// Letters handed to messengers.
    pub sent: u64,
    /// Letters lost, of these.
    pub lost: u64,
    /// Letters delivered twice, of these.
    pub repeated: u64,
    /// Rows inked.
    pub inked: u64,
    /// Times the ink was dried, each one write and one fdatasync.
    pub dried: u64,
}

impl Counts {
    /// Adds another's.
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

/// Through which decree a law book is complete, where a row says so.
fn whole_through(row: &Entry) -> Option<DecreeNumber> {
    match row {
        Entry::Book(row) if row.heading == Heading::Bound => Some(row.number),
        _ => None,
    }
}

/// Tells God of each row inked, and of decrees once they are dry.
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
        // Of rows that fail some may be inked, and be found when he reads his ledger anew.
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
            // They say again what God was told of.
            *self.rows_told = rows.len();
        }
        if let Some(through) = rows.iter().find_map(whole_through) {
            self.herald.tell(self.now, Tiding::Bound(through));
        }
    }

    fn unbound(&mut self, why: &str) {
        let said = format!(
            "no law book could be bound, so his ledger goes on as it is; this is tried again when as many decrees again have passed: {why}"
        );
        self.herald.tell(self.now, Tiding::Noticed(said));
    }
}

/// Where a priest's letters go: to his own desk, or to his messengers.
pub(super) struct Office<'a> {
    pub now: Minutes,
    pub herald: &'a Herald,
    pub messenger: &'a mut Messenger,
    pub desk: &'a mut VecDeque<Message>,
    pub counts: &'a mut Counts,
}

impl Post for Office<'_> {
    fn post(&mut self, letters: Released) {
        let Office { now, herald, desk, counts, .. } = self;
        self.messenger.carry(*now, letters, |letter, fate| {
            if herald.is_traced() {
                herald.tell(*now, Tiding::Sent(letter.clone()));
            }
            if fate == Fate::Kept {
                return desk.push_back(letter.message.clone());
            }
            counts.sent += 1;
            counts.lost += u64::from(fate == Fate::Lost);
            counts.repeated += u64::from(fate == Fate::Repeated);
            let befallen: Option<fn(Letter) -> Tiding> = match fate {
                Fate::Carried | Fate::Kept => None,
                Fate::Lost => Some(Tiding::Lost),
                Fate::Repeated => Some(Tiding::Repeated),
            };
            if let Some(tiding) = befallen.filter(|_| herald.is_traced()) {
                herald.tell(*now, tiding(letter.clone()));
            }
        });
    }
}
