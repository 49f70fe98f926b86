//! News from the Chamber while it sits, in an order that keeps cause before effect.

use std::sync::mpsc::Sender;

use crate::synod::Letter;
use crate::words::step::{Act, Guard};
use crate::words::{Decree, DecreeNumber, Entry, Message, Minutes, Name};

/// One piece of news.
#[derive(Clone, PartialEq, Debug)]
pub struct News {
    /// The time, in Paxon minutes since the Chamber was convened.
    pub at: Minutes,
    /// The priest.
    pub of: Name,
    /// The event.
    pub what: Tiding,
}

/// An event of a priest.
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub enum Tiding {
    /// He entered the Chamber.
    Entered,
    /// He left the Chamber.
    Left {
        /// The reason, if a fault drove him out.
        why: Option<String>,
    },
    /// He acted, or had a reason not to.
    Acted(Act),
    /// He inked a row, which may still be wet; or the row stood in his ledger before.
    Inked(Entry),
    /// The Synod's decree stood in his ledger when he entered.
    Remembers(Decree),
    /// These decrees stand in his ledger now.
    Knows(Vec<(DecreeNumber, Decree)>),
    /// His ledger begins with a law book that covers all decrees up to this one.
    Bound(DecreeNumber),
    /// He sent a letter.
    Sent(Letter),
    /// His messenger lost a letter.
    Lost(Letter),
    /// His messenger will deliver a letter once more.
    Repeated(Letter),
    /// He read a letter.
    Read {
        /// The sender.
        from: Name,
        /// The message.
        message: Message,
        /// Whether a guard kept him from acting on it.
        in_vain: bool,
    },
    /// A letter from this sender came while he was away, and is lost.
    Missed(Name, Message),
    /// A remark: a row that is no message and was skipped, or a defect that was repaired.
    Noticed(String),
}

/// Two decrees under one number. `[PTP §2.1, Theorem 1]`
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error(
    "Consistency is broken: {of}'s ledger has decree {number} as “{inked}”, and another ledger or letter has another decree under that number. `parliament audit` shows the rows; one of them was altered, or belongs to another chamber."
)]
pub struct Contradiction {
    /// The owner of the ledger that another ledger or a letter contradicts.
    pub of: Name,
    /// The decree's number.
    pub number: DecreeNumber,
    /// The decree in his ledger.
    pub inked: Decree,
}

impl News {
    /// The contradiction, if this news says that a letter contradicts a ledger.
    #[must_use]
    pub fn contradiction(&self) -> Option<Contradiction> {
        let Tiding::Acted(Act::Ignores { guard: Guard::Contradicts { number, inked }, .. }) =
            &self.what
        else {
            return None;
        };
        Some(Contradiction { of: self.of, number: *number, inked: inked.clone() })
    }
}

impl Tiding {
    /// Whether it may keep a decree from passing. Such news is shown even if nobody asked for it.
    #[must_use]
    pub fn hinders(&self) -> bool {
        matches!(
            self,
            Tiding::Left { why: Some(_) }
                | Tiding::Noticed(_)
                | Tiding::Acted(
                    Act::CountsFar { .. } | Act::OutOfNumbers { .. } | Act::Declines { .. }
                )
        )
    }
}

/// How much news God wants to hear.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[non_exhaustive]
pub enum Curiosity {
    /// Enterings, leavings, decrees, and acts of the president's office.
    Decrees,
    /// All of these, and every other act.
    Acts,
}

/// Sends one priest's news to God.
#[derive(Clone)]
pub struct Herald {
    of: Name,
    curiosity: Curiosity,
    is_traced: bool,
    ear: Sender<News>,
}

impl Herald {
    /// A herald of one priest. If the sitting is traced, he also tells of every row and letter.
    #[must_use]
    pub fn new(of: Name, curiosity: Curiosity, is_traced: bool, ear: Sender<News>) -> Herald {
        Herald { of, curiosity, is_traced, ear }
    }

    /// Sends a piece of news to God.
    pub fn tell(&self, at: Minutes, what: Tiding) {
        // If nobody listens any more, the Chamber is closed and the news is not needed.
        let _ = self.ear.send(News { at, of: self.of, what });
    }

    /// Whether God wants to hear of this act.
    #[must_use]
    pub fn wants(&self, act: &Act) -> bool {
        self.curiosity >= Curiosity::Acts || act.concerns_office()
    }

    /// Whether God wants to hear of every act.
    #[must_use]
    pub fn wants_all(&self) -> bool {
        self.curiosity >= Curiosity::Acts
    }

    /// Whether God wants to hear of every row and letter.
    #[must_use]
    pub fn is_traced(&self) -> bool {
        self.is_traced
    }
}
