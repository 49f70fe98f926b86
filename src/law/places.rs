//! The machines on which legislators live, as decrees say. Ours.
//!
//! The decree that first seats a name says on which machine it lives, and that never changes. So
//! two machines never make a ledger for one priest, for any later decrees.

use std::collections::BTreeMap;

use crate::words::{DecreeNumber, Name};

/// The machine of each legislator whom a decree seated on one.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Places(BTreeMap<Name, (DecreeNumber, Name)>);

impl Places {
    /// The machine of this legislator, if the decree that first seated him named one.
    #[must_use]
    pub fn of(&self, name: Name) -> Option<Name> {
        self.0.get(&name).map(|(_, machine)| *machine)
    }

    /// All legislators whom decrees seated on a machine, with the machine.
    pub fn all(&self) -> impl Iterator<Item = (Name, Name)> {
        self.0.iter().map(|(&name, &(_, machine))| (name, machine))
    }

    /// The machine of this legislator, if decree `number` is the one that set it.
    pub(super) fn named_by(&self, name: Name, number: DecreeNumber) -> Option<Name> {
        self.0.get(&name).filter(|(by, _)| *by == number).map(|(_, machine)| *machine)
    }

    pub(super) fn settle(&mut self, name: Name, number: DecreeNumber, machine: Name) {
        self.0.entry(name).or_insert((number, machine));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Law, LawBook};
    use crate::words::{Decree, Founding, Name};

    proptest! {
        /// So one who knows more of the law never names another machine for somebody.
        #[test]
        fn no_later_decree_moves_anybody(
            decrees in prop::collection::vec((0..3usize, 0..4usize, 1..3u64), 1..30),
            cut in 0..30u64,
        ) {
            let founding: Founding = "Dwork Gray".parse().unwrap();
            let mut book = LawBook::opened(Law::founded(&founding));
            let mut early = Vec::new();
            for (number, (who, what, weight)) in (1..).zip(decrees) {
                let name = ["Gray", "Strong", "Lynch"][who];
                let text = match what {
                    0 => format!("{name} is no longer a legislator"),
                    1 => format!("{name} is now a legislator with weight {weight}"),
                    _ => format!("{name} is now a legislator, on {}", ["hill", "isle"][what - 2]),
                };
                book.learn(number, Decree::new(&text).unwrap());
                if number == cut {
                    early = book.state().places.all().collect();
                }
            }
            let late: Vec<(Name, Name)> = book.state().places.all().collect();
            prop_assert!(early.iter().all(|place| late.contains(place)), "{early:?} {late:?}");
            prop_assert_eq!(LawBook::of_rows(&founding, &book.rows()), Some(book));
        }
    }

    #[test]
    fn the_decree_that_first_seats_a_name_sets_its_machine() {
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
        assert_eq!(weights, [1, 2, 2, 1], "a later machine does not change the weights");
        assert_eq!(LawBook::of_rows(&founding, &book.rows()), Some(book));
    }
}
