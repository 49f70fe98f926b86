//! The law as the ledgers here tell it: where those live whom decrees seated, and how far it is
//! known.

use std::collections::BTreeMap;

use parliament::chamber::{Chamber, Following};
use parliament::law::{Law, LawBook};
use parliament::words::{Entry, Founding, Name};

/// Reads the ledgers of a chamber as they grow; of one that only follows, the copies of others'.
pub struct Reading {
    chamber: Chamber,
    follows: bool,
    told: Vec<String>,
    ledgers: BTreeMap<Name, Following>,
    book: LawBook,
}

impl Reading {
    /// The law of this Parliament, of which nothing is read yet.
    #[must_use]
    pub fn of(chamber: &Chamber, founding: &Founding) -> Reading {
        let book = LawBook::opened(Law::founded(founding));
        let follows = chamber.names().unwrap_or_default().is_empty();
        let chamber = if follows { Chamber::at(chamber.abroad()) } else { chamber.clone() };
        Reading { chamber, follows, told: Vec::new(), ledgers: BTreeMap::new(), book }
    }

    /// Reads on. A ledger that cannot be read now is read later: its priest says why.
    pub fn look(&mut self) {
        for name in self.chamber.names().unwrap_or_default() {
            if !self.ledgers.contains_key(&name) {
                let Ok(ledger) = Following::from_archive(&self.chamber, name) else { continue };
                self.ledgers.insert(name, ledger);
            }
        }
        for ledger in self.ledgers.values_mut() {
            for row in ledger.look().unwrap_or_default() {
                if let Entry::Outcome { number, decree, .. } = row.entry
                    && number > self.book.complete_through()
                {
                    for enacted in self.book.learn(number, decree) {
                        if self.follows {
                            self.told
                                .push(format!("decree {}: {}", enacted.number, enacted.decree));
                        }
                    }
                }
            }
        }
    }

    /// The decrees that became known since the last call, in order, if this machine only follows.
    pub fn told(&mut self) -> Vec<String> {
        std::mem::take(&mut self.told)
    }

    /// The machine on which a decree says that this legislator lives.
    #[must_use]
    pub fn place_of(&self, name: Name) -> Option<Name> {
        self.book.state().places.of(name)
    }

    /// All whom decrees seated on a machine, with the machine.
    pub fn seated(&self) -> impl Iterator<Item = (Name, Name)> {
        self.book.state().places.all()
    }

    /// The number through which all decrees are known; `None` if no ledger is here.
    #[must_use]
    pub fn through(&self) -> Option<u64> {
        (!self.ledgers.is_empty()).then(|| self.book.complete_through())
    }
}
