//! What God hears of the Chamber while it sits, in an order that keeps cause before effect.

use std::sync::mpsc::Sender;

use crate::synod::Letter;
use crate::words::step::{Act, Guard};
use crate::words::{Decree, DecreeNumber, Entry, Message, Minutes, Name};

/// One piece of news.
#[derive(Clone, PartialEq, Debug)]
pub struct News {
    /// When, in Paxon minutes since the Chamber was convened.
    pub at: Minutes,
    /// The priest.
    pub of: Name,
    /// What.
    pub what: Tiding,
}

/// An event of a priest.
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub enum Tiding {
    /// He entered the Chamber.
    Entered,
    /// He left the Chamber; why, if it was not his own wish.
    Left {
        /// The reason why he left.
        why: Option<String>,
    },
    /// He acted, or had a reason not to.
    Acted(Act),
    /// He has inked a row, which need not be dry yet; or it stood in his ledger before.
    Inked(Entry),
    /// The Synod's decree stood in his ledger when he entered.
    Remembers(Decree),
    /// These decrees stand in his ledger now.
    Knows(Vec<(DecreeNumber, Decree)>),
    /// His ledger begins with a law book complete through this decree.
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
    /// A letter came while he was not there, and is a letter lost.
    Missed(Name, Message),
    /// A row that is no message, and was skipped; or a defect that was mended, and said.
    Noticed(String),
}

/// Two decrees under one number. `[PTP §2.1, Theorem 1]`
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error(
    "Consistency is broken: {of}'s ledger has decree {number} as “{inked}”, and another ledger or letter has another decree under that number. `parliament audit` shows the rows; one of them was altered, or belongs to another chamber."
)]
pub struct Contradiction {
    /// Whose ledger has a decree that another ledger or letter contradicts.
    pub of: Name,
    /// Its number.
    pub number: DecreeNumber,
    /// The decree in his ledger.
    pub inked: Decree,
}

impl News {
    /// What a letter contradicted, if this is the news that one did.
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
    /// Whether it may keep a decree from passing, and is told unasked.
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

/// How much God wants to hear.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[non_exhaustive]
pub enum Curiosity {
    /// Comings, goings, decrees, and what concerns the office of president.
    Decrees,
    /// Every act too.
    Acts,
}

/// Where one priest's news goes.
#[derive(Clone)]
pub struct Herald {
    of: Name,
    curiosity: Curiosity,
    is_traced: bool,
    ear: Sender<News>,
}

impl Herald {
    /// A herald of one priest; of every row and letter too if the sitting is traced.
    #[must_use]
    pub fn new(of: Name, curiosity: Curiosity, is_traced: bool, ear: Sender<News>) -> Herald {
        Herald { of, curiosity, is_traced, ear }
    }

    /// Tells God something.
    pub fn tell(&self, at: Minutes, what: Tiding) {
        // A God who no longer listens has closed the Chamber; nothing is lost with his news.
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
