//! A citizen: hands in petitions, and learns from the ledgers what became of them. `[PTP §1.2, §4.1]`

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::hash::{Hash, Hasher};

use crate::chamber::{Chamber, Messagebook};
use crate::synod::Letter;
use crate::words::time::REPLY;
use crate::words::{Decree, DecreeNumber, Message, Minutes, Name};

use super::news::{Herald, Tiding};

/// A citizen and those of his petitions that have not been seen in any ledger.
///
/// He hands each to one legislator. When it has not been passed in time he hands it, under the
/// same id, to the next: a petition counts once however often it comes.
pub struct Citizen {
    name: Name,
    /// The legislators he may turn to, in order.
    legislators: Vec<(Name, Messagebook)>,
    /// The legislator he turns to now.
    turned_to: usize,
    /// Those that wait, and whether each may lie in some messagebook.
    waiting: HashMap<Petition, bool>,
    /// When each was last handed in, the longest ago first.
    handed_in: VecDeque<(Minutes, Petition)>,
    /// In whose messagebooks his petitions may lie.
    left_with: BTreeSet<Name>,
    /// Whose messagebook did not take the last petition that was brought to it, and why.
    shut: BTreeMap<Name, String>,
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
            waiting: HashMap::new(),
            handed_in: VecDeque::new(),
            left_with: BTreeSet::new(),
            shut: BTreeMap::new(),
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
    pub fn petition(&mut self, now: Minutes, decrees: Vec<Decree>) {
        let has_id = |decree: &Decree| decree.petition().is_some();
        let petitions: Vec<Petition> = decrees.into_iter().filter(has_id).map(Petition).collect();
        self.waiting.extend(petitions.iter().cloned().map(|petition| (petition, false)));
        self.hand_in(now, petitions);
    }

    /// Hands in anew, to the next legislator, what has waited for longer than a reply takes.
    pub fn insist(&mut self, now: Minutes) {
        let mut late = Vec::new();
        while let Some((handed_in, petition)) = self.handed_in.front() {
            let waits = self.waiting.contains_key(petition);
            if waits && now < *handed_in + REPLY {
                break;
            }
            late.extend(self.handed_in.pop_front().filter(|_| waits).map(|(_, it)| it));
        }
        if !late.is_empty() {
            self.turn_to_next();
            self.hand_in(now, late);
        }
    }

    /// Learns that a decree was passed; true if it is one of his that he was waiting for.
    pub fn learn(&mut self, decree: &Decree) -> bool {
        decree.petition().is_some_and(|id| self.waiting.remove(id).is_some())
    }

    /// How many of his petitions he has not seen passed.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Those of them that may lie in a messagebook, and so may yet pass, in the order of their ids.
    #[must_use]
    pub fn awaited(&self) -> Vec<Decree> {
        let left = self.waiting.iter().filter(|(_, left)| **left);
        let mut left: Vec<Decree> = left.map(|(Petition(decree), _)| decree.clone()).collect();
        left.sort_by_key(|it| it.petition().map(|id| (id.len(), id.to_owned())));
        left
    }

    /// In whose messagebooks his petitions may lie.
    #[must_use]
    pub fn left_with(&self) -> &BTreeSet<Name> {
        &self.left_with
    }

    /// Whose messagebooks take no petition, and why.
    #[must_use]
    pub fn shut(&self) -> &BTreeMap<Name, String> {
        &self.shut
    }

    /// Whether nobody's messagebook has taken what he brought.
    #[must_use]
    pub fn is_shut_out(&self) -> bool {
        self.left_with.is_empty() && self.shut.len() == self.legislators.len()
    }

    fn turn_to_next(&mut self) {
        self.turned_to = (self.turned_to + 1) % self.legislators.len().max(1);
    }

    /// Hands in petitions to the first whose messagebook takes them.
    fn hand_in(&mut self, now: Minutes, petitions: Vec<Petition>) {
        let message = |Petition(decree): &Petition| Message::Petition { decree: decree.clone() };
        let messages: Vec<Message> = petitions.iter().map(message).collect();
        for _ in 0..self.legislators.len() {
            let Some((to, book)) = self.legislators.get_mut(self.turned_to) else { break };
            let to = *to;
            let tell = |tiding: fn(Letter) -> Tiding| {
                for herald in self.herald.iter().filter(|herald| herald.is_traced()) {
                    for message in messages.iter().cloned() {
                        herald.tell(now, tiding(Letter { to, message }));
                    }
                }
            };
            tell(Tiding::Sent);
            let taken = book.append(messages.iter().map(|message| (self.name, message)));
            if book.may_hold_what_was_last_appended() {
                self.left_with.insert(to);
                for petition in &petitions {
                    self.waiting.insert(petition.clone(), true);
                }
            }
            match taken {
                Ok(()) => {
                    self.shut.remove(&to);
                    break;
                }
                Err(error) => {
                    tell(Tiding::Lost);
                    self.shut.insert(to, error.to_string());
                    self.turn_to_next();
                }
            }
        }
        self.handed_in.extend(petitions.into_iter().map(|petition| (now, petition)));
    }
}

/// A decree that was passed, and under which number.
pub type Passed = (DecreeNumber, Decree);
