//! A citizen: hands in petitions, and learns from the ledgers what became of them. `[PTP §1.2, §4.1]`

use std::borrow::Borrow;
use std::collections::{HashSet, VecDeque};
use std::hash::{Hash, Hasher};
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
    waiting: HashSet<Petition>,
    /// When each was last handed in, the longest ago first.
    handed_in: VecDeque<(Minutes, Petition)>,
    /// Who tells God of his petitions, if somebody does.
    herald: Option<Herald>,
}

/// A decree that was asked for, known by the id of its petition.
#[derive(Clone, Eq)]
struct Petition(Decree);

impl Borrow<str> for Petition {
    fn borrow(&self) -> &str {
        self.0.petition().unwrap_or_default()
    }
}

impl PartialEq for Petition {
    fn eq(&self, other: &Petition) -> bool {
        self.0.petition() == other.0.petition()
    }
}

impl Hash for Petition {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Borrow::<str>::borrow(self).hash(state);
    }
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
            waiting: HashSet::new(),
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
        let has_id = |decree: &Decree| decree.petition().is_some();
        let petitions: Vec<Petition> = decrees.into_iter().filter(has_id).map(Petition).collect();
        self.waiting.extend(petitions.iter().cloned());
        self.hand_in(now, petitions)
    }

    /// Hands in anew, to the next legislator, what has waited for longer than a reply takes.
    ///
    /// # Errors
    /// When the messagebook cannot be written.
    pub fn insist(&mut self, now: Minutes) -> io::Result<()> {
        let mut late = Vec::new();
        while let Some((handed_in, petition)) = self.handed_in.front() {
            let waits = self.waiting.contains(petition);
            if waits && now < *handed_in + REPLY {
                break;
            }
            late.extend(self.handed_in.pop_front().filter(|_| waits).map(|(_, it)| it));
        }
        if late.is_empty() {
            return Ok(());
        }
        self.turned_to = (self.turned_to + 1) % self.legislators.len();
        self.hand_in(now, late)
    }

    /// Learns that a decree was passed; true if it is one of his that he was waiting for.
    pub fn learn(&mut self, decree: &Decree) -> bool {
        decree.petition().is_some_and(|id| self.waiting.remove(id))
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

    fn hand_in(&mut self, now: Minutes, petitions: Vec<Petition>) -> io::Result<()> {
        let Some((to, book)) = self.legislators.get_mut(self.turned_to) else { return Ok(()) };
        let message = |Petition(decree): &Petition| Message::Petition { decree: decree.clone() };
        let messages: Vec<Message> = petitions.iter().map(message).collect();
        for herald in self.herald.iter().filter(|herald| herald.is_traced()) {
            for message in messages.iter().cloned() {
                herald.tell(now, Tiding::Sent(Letter { to: *to, message }));
            }
        }
        self.handed_in.extend(petitions.into_iter().map(|petition| (now, petition)));
        book.append(messages.iter().map(|message| (self.name, message)))
    }
}

/// A decree that was passed, and under which number.
pub type Passed = (DecreeNumber, Decree);
