//! On which machine somebody lives whom a decree seated on one. Ours.
//!
//! A name lives on one machine for ever: the decree that first seats it says on which. So no two
//! machines ever make a ledger for one priest, whatever is decreed later.

use std::collections::BTreeMap;

use crate::words::{DecreeNumber, Name};

/// Where those live whom a decree seated on a machine.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Places(BTreeMap<Name, (DecreeNumber, Name)>);

impl Places {
    /// The machine on which he lives, if the decree that first seated him named one.
    #[must_use]
    pub fn of(&self, name: Name) -> Option<Name> {
        self.0.get(&name).map(|(_, machine)| *machine)
    }

    /// Everybody of whom a decree says where he lives, and the machine.
    pub fn all(&self) -> impl Iterator<Item = (Name, Name)> {
        self.0.iter().map(|(&name, &(_, machine))| (name, machine))
    }

    /// The machine that decree `number` named for him, if that is the one that did.
    pub(super) fn named_by(&self, name: Name, number: DecreeNumber) -> Option<Name> {
        self.0.get(&name).filter(|(by, _)| *by == number).map(|(_, machine)| *machine)
    }

    pub(super) fn settle(&mut self, name: Name, number: DecreeNumber, machine: Name) {
        self.0.entry(name).or_insert((number, machine));
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Law, LawBook};
    use crate::words::{Decree, Founding, Name};

    #[test]
    fn a_name_lives_where_the_decree_that_first_seats_it_says() {
        let founding: Founding = "Dwork Gray".parse().unwrap();
        let mut book = LawBook::opened(Law::founded(&founding));
        let decrees = [
            "Strong is now a legislator, on harbour",
            "Strong is now a legislator with weight 3, on hill",
            "Strong is no longer a legislator",
            "Strong is now a legislator, on hill",
            "Gray is now a legislator with weight 2, on hill",
            "Lynch is now a legislator",
            "Lynch is now a legislator with weight 2, on hill",
            "lynch is now a legislator, on hill",
        ];
        for (number, text) in (1..).zip(decrees) {
            book.learn(number, Decree::new(text).unwrap());
        }
        let name = |text: &str| text.parse::<Name>().unwrap();
        let all: Vec<(Name, Name)> = book.state().places.all().collect();
        assert_eq!(all, [(name("Strong"), name("harbour"))]);
        let weights: Vec<u64> = book.state().seats.latest().weights().map(|it| it.1).collect();
        assert_eq!(weights, [1, 2, 2, 1], "a machine that comes too late changes no vote");
        assert_eq!(LawBook::of_rows(&founding, &book.rows()), Some(book));
    }
}
