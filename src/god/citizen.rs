//! A citizen: hands in petitions, and learns from the ledgers what became of them. `[PTP §1.2, §4.1]`

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::io;

use crate::chamber::{Chamber, Messagebook};
use crate::synod::time::REPLY;
use crate::synod::{Decree, DecreeNumber, Letter, Message, Minutes, Name};

use super::news::{Herald, Tiding};

/// A citizen and those of his petitions that have not been seen in any ledger.
///
/// He hands each to one legislator. When it has not been passed in time he hands it, under the
/// same id, to the next: a petition counts once however often it comes.
pub struct Citizen {
    name: Name,
    /// Whom he may turn to, the first first.
    legislators: Vec<(Name, Messagebook)>,
    /// Whom he turns to now.
    turned_to: usize,
    waiting: BTreeMap<u64, Decree>,
    turns: HashMap<String, u64>,
    next_turn: u64,
    /// When each was last handed in, the longest ago first.
    handed_in: VecDeque<(Minutes, u64)>,
    /// Who tells God of his petitions, if somebody does.
    herald: Option<Herald>,
}

impl Citizen {
    /// A citizen who turns to these legislators, in this order.
    #[must_use]
    pub fn new(name: Name, chamber: &Chamber, legislators: &[Name]) -> Citizen {
        let books = legislators.iter().map(|&name| (name, Messagebook::of(chamber, name)));
        Citizen {
            name,
            legislators: books.collect(),
            turned_to: 0,
            waiting: BTreeMap::new(),
            turns: HashMap::new(),
            next_turn: 0,
            handed_in: VecDeque::new(),
            herald: None,
        }
    }

    /// His name.
    #[must_use]
    pub fn name(&self) -> Name {
        self.name
    }

    /// This citizen, of whose petitions God hears.
    #[must_use]
    pub fn heard_of_by(self, herald: Herald) -> Citizen {
        Citizen { herald: Some(herald), ..self }
    }

    /// Hands in petitions, in one write. A decree without an id cannot be told from another of
    /// the same words, so each must have one.
    ///
    /// # Errors
    /// When the messagebook cannot be written.
    pub fn petition(&mut self, now: Minutes, decrees: Vec<Decree>) -> io::Result<()> {
        let mut turns = Vec::with_capacity(decrees.len());
        for decree in decrees {
            let Some(id) = decree.petition() else { continue };
            self.next_turn += 1;
            self.turns.insert(id.to_owned(), self.next_turn);
            self.waiting.insert(self.next_turn, decree);
            turns.push(self.next_turn);
        }
        self.hand_in(now, turns)
    }

    /// Hands in anew, to the next legislator, what has waited for longer than a reply takes.
    ///
    /// # Errors
    /// When the messagebook cannot be written.
    pub fn insist(&mut self, now: Minutes) -> io::Result<()> {
        let mut turns = Vec::new();
        while let Some(&(handed_in, turn)) = self.handed_in.front() {
            let waits = self.waiting.contains_key(&turn);
            if waits && now < handed_in + REPLY {
                break;
            }
            self.handed_in.pop_front();
            turns.extend(waits.then_some(turn));
        }
        if turns.is_empty() {
            return Ok(());
        }
        self.turned_to = (self.turned_to + 1) % self.legislators.len();
        self.hand_in(now, turns)
    }

    /// Learns that a decree was passed; true if it is one of his that he was waiting for.
    pub fn learn(&mut self, decree: &Decree) -> bool {
        let turn = decree.petition().and_then(|id| self.turns.remove(id));
        turn.is_some_and(|turn| self.waiting.remove(&turn).is_some())
    }

    /// How many of his petitions he has not seen passed.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// To whom he has handed them in last.
    #[must_use]
    pub fn turned_to(&self) -> Option<Name> {
        self.legislators.get(self.turned_to).map(|(name, _)| *name)
    }

    fn hand_in(&mut self, now: Minutes, turns: Vec<u64>) -> io::Result<()> {
        let Some((to, book)) = self.legislators.get_mut(self.turned_to) else { return Ok(()) };
        let decrees = turns.iter().filter_map(|turn| self.waiting.get(turn));
        let messages: Vec<Message> =
            decrees.map(|decree| Message::Petition { decree: decree.clone() }).collect();
        for herald in self.herald.iter().filter(|herald| herald.is_traced()) {
            for message in messages.iter().cloned() {
                herald.tell(now, Tiding::Sent(Letter { to: *to, message }));
            }
        }
        self.handed_in.extend(turns.into_iter().map(|turn| (now, turn)));
        book.append(messages.iter().map(|message| (self.name, message)))
    }
}

/// A decree that was passed, and under which number.
pub type Passed = (DecreeNumber, Decree);
