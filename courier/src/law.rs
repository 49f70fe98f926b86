//! The law as the ledgers here tell it: where those live whom decrees seated, and how far it is
//! known.

use std::collections::BTreeMap;

use parliament::chamber::{Chamber, Following};
use parliament::law::{BookRows, Law, LawBook, Phrase};
use parliament::words::{Entry, Founding, Name};

use crate::keys::{self, Decreed};

/// Reads the ledgers of a chamber as they grow; of one that only follows, the copies of others'.
pub struct Reading {
    chamber: Chamber,
    founding: Founding,
    follows: bool,
    told: Vec<String>,
    /// Each ledger, and the rows of a law book in it whose last row has not come.
    ledgers: BTreeMap<Name, (Following, BookRows)>,
    book: LawBook,
}

impl Reading {
    /// The law of this Parliament, of which nothing is read yet.
    #[must_use]
    pub fn of(chamber: &Chamber, founding: &Founding) -> Reading {
        let book = LawBook::opened(Law::founded(founding));
        let follows = chamber.names().unwrap_or_default().is_empty();
        let chamber = if follows { Chamber::at(chamber.abroad()) } else { chamber.clone() };
        let founding = founding.clone();
        Reading { chamber, founding, follows, told: Vec::new(), ledgers: BTreeMap::new(), book }
    }

    /// Reads on. A ledger that cannot be read now is read later: its priest says why.
    pub fn look(&mut self) {
        for name in self.chamber.names().unwrap_or_default() {
            if !self.ledgers.contains_key(&name) {
                let Ok(ledger) = Following::from_archive(&self.chamber, name) else { continue };
                self.ledgers.insert(name, (ledger, BookRows::default()));
            }
        }
        let mut ledgers = std::mem::take(&mut self.ledgers);
        for (ledger, rows) in ledgers.values_mut() {
            for row in ledger.look().unwrap_or_default() {
                self.read(row.entry, rows);
            }
        }
        self.ledgers = ledgers;
    }

    fn read(&mut self, row: Entry, rows: &mut BookRows) {
        match row {
            Entry::Outcome { number, decree, .. } if number > self.book.complete_through() => {
                for enacted in self.book.learn(number, decree) {
                    self.tell(|| format!("decree {}: {}", enacted.number, enacted.decree));
                }
            }
            Entry::Book(row) => {
                let known = self.book.complete_through();
                if let Some(copied) = rows.read(&row, &self.founding, known) {
                    self.book = copied;
                    let through = self.book.complete_through();
                    self.tell(|| format!("the law through decree {through}, by a law book"));
                }
            }
            _ => {}
        }
    }

    fn tell(&mut self, remark: impl FnOnce() -> String) {
        if self.follows {
            self.told.push(remark());
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

    /// What a decree says of the key of this machine, if any does.
    #[must_use]
    pub fn key_of(&self, machine: Name) -> Option<Decreed> {
        let matter = Phrase::new(&keys::matter_of(machine)).ok()?;
        Decreed::of_value(self.book.state().matters.get(&matter)?.value.as_str())
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
