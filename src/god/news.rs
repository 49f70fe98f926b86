//! What God hears of the Chamber while it sits, in an order that keeps cause before effect.

use std::sync::mpsc::Sender;

use crate::synod::step::Act;
use crate::synod::{Decree, DecreeNumber, Entry, Letter, Message, Minutes, Name};

/// One piece of news.
#[derive(Clone, PartialEq, Debug)]
pub struct News {
    /// When, in Paxon minutes since the Chamber was convened.
    pub at: Minutes,
    /// Of whom.
    pub of: Name,
    /// What.
    pub what: Tiding,
}

/// What happened to a priest, or by him.
#[derive(Clone, PartialEq, Debug)]
pub enum Tiding {
    /// He entered the Chamber.
    Entered,
    /// He left the Chamber; why, if it was not his own wish.
    Left {
        /// What drove him out.
        why: Option<String>,
    },
    /// He acted, or had a reason not to.
    Acted(Act),
    /// A row of his ledger is dry.
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
    Read(Name, Message),
    /// A row that is no message, and was skipped; or a defect that was mended, and said.
    Noticed(String),
}

/// How much God wants to hear.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Curiosity {
    /// Comings, goings, decrees, and what concerns the office of president.
    Decrees,
    /// Every act too.
    Acts,
    /// Every row and letter too.
    Everything,
}

/// Where one priest's news goes.
#[derive(Clone)]
pub struct Herald {
    of: Name,
    curiosity: Curiosity,
    ear: Sender<News>,
}

impl Herald {
    /// A herald of one priest.
    #[must_use]
    pub fn new(of: Name, curiosity: Curiosity, ear: Sender<News>) -> Herald {
        Herald { of, curiosity, ear }
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

    /// Whether God wants to hear of rows and letters.
    #[must_use]
    pub fn wants_everything(&self) -> bool {
        self.curiosity >= Curiosity::Everything
    }
}
