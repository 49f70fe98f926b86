//! The members who vote on each number, found from the decrees for the auditor alone.
//! `[PTP §3.3.6]`
//!
//! The law as of n − α says who votes on n. The auditor reads the two forms of decree that change
//! the members with his own code, so that he shares no fault with the priests.

use std::collections::{BTreeMap, BTreeSet};

use super::archive::Archive;
use crate::words::members::{LARGEST_WEIGHT, PAPERS_ALPHA};
use crate::words::{DecreeNumber, Founding, Name};

/// The members after each decree that changed them.
#[derive(Debug)]
pub(super) struct Members {
    alpha: u64,
    is_founded: bool,
    /// Every decree through this number is known.
    complete_through: DecreeNumber,
    first: Roll,
    later: BTreeMap<DecreeNumber, Roll>,
    /// All changes: decree, name and new weight (0 if unseated).
    changes: Vec<(DecreeNumber, Name, u64)>,
}

/// Changes of members that only law books have, since the decrees themselves are not here.
#[derive(Debug, Default)]
pub(super) struct InBooks {
    /// The last decree that the books cover.
    pub through: DecreeNumber,
    /// The change that each decree made: name and new weight (0 if unseated).
    pub changes: BTreeMap<DecreeNumber, (Name, u64)>,
}

impl Members {
    /// Finds the members from decree 0, all decrees that ledgers hold, and the changes in books.
    /// `has_ledger` tells whose ledger is here.
    pub fn by_law(
        founding: &Founding,
        archive: &Archive,
        in_books: InBooks,
        has_ledger: impl Fn(Name) -> bool,
    ) -> Members {
        let sitting = |weights: &BTreeMap<Name, u64>| Roll {
            weights: weights.clone(),
            absent: weights.keys().copied().filter(|&name| !has_ledger(name)).collect(),
        };
        let mut weights: BTreeMap<Name, u64> = founding.membership.weights().collect();
        let mut members = Members {
            alpha: founding.alpha,
            is_founded: true,
            complete_through: archive.complete_through(in_books.through),
            first: sitting(&weights),
            later: BTreeMap::new(),
            changes: Vec::new(),
        };
        let mut passed_changes = in_books.changes;
        for passed in archive.passed() {
            match change(archive.text(passed.decree)) {
                Some(change) => drop(passed_changes.insert(passed.number, change)),
                None => drop(passed_changes.remove(&passed.number)),
            }
        }
        for (number, (name, weight)) in passed_changes {
            if apply(&mut weights, name, weight) {
                members.later.insert(number, sitting(&weights));
                members.changes.push((number, name, weight));
            }
        }
        members
    }

    /// The owners of the ledgers as members, all with weight 1, if no ledger has decree 0.
    pub fn unfounded(owners: impl Iterator<Item = Name>) -> Members {
        let weights = owners.map(|name| (name, 1)).collect();
        let first = Roll { weights, ..Roll::default() };
        Members {
            alpha: PAPERS_ALPHA,
            is_founded: false,
            complete_through: 0,
            first,
            later: BTreeMap::new(),
            changes: Vec::new(),
        }
    }

    /// α by decree 0; `None` if there is no decree 0.
    pub fn alpha(&self) -> Option<u64> {
        self.is_founded.then_some(self.alpha)
    }

    /// The members who vote on a number, with their weights.
    pub fn voting_on(&self, number: DecreeNumber) -> &Roll {
        let as_of = number.saturating_sub(self.alpha);
        self.later.range(..=as_of).next_back().map_or(&self.first, |(_, sitting)| sitting)
    }

    /// The lists of voters, each with the first decree number for which it holds.
    pub fn sittings(&self) -> impl Iterator<Item = (DecreeNumber, &BTreeMap<Name, u64>)> {
        let later = self.later.iter();
        let later = later.map(|(passed, it)| (passed.saturating_add(self.alpha), &it.weights));
        std::iter::once((0, &self.first.weights)).chain(later)
    }

    /// Whether it is certain who votes on a number: all decrees that may have changed it are here.
    pub fn are_certain(&self, number: DecreeNumber) -> bool {
        number.saturating_sub(self.alpha) <= self.complete_through
    }

    /// The changes by decrees through this one.
    pub fn changes_through(&self, number: DecreeNumber) -> &[(DecreeNumber, Name, u64)] {
        &self.changes[..self.changes.partition_point(|change| change.0 <= number)]
    }

    /// The members of decree 0.
    pub fn first(&self) -> &Roll {
        &self.first
    }

    /// All whom decree 0 or a later decree seated.
    pub fn ever(&self) -> BTreeSet<Name> {
        let all = std::iter::once(&self.first).chain(self.later.values());
        all.flat_map(|sitting| sitting.weights.keys().copied()).collect()
    }

    /// Whether decree 0 or a later decree seated this name.
    pub fn ever_had(&self, name: Name) -> bool {
        let mut all = std::iter::once(&self.first).chain(self.later.values());
        all.any(|sitting| sitting.weights.contains_key(&name))
    }
}

/// The change of members in a decree's text: name and new weight (0 if unseated).
pub(super) fn change(text: &str) -> Option<(Name, u64)> {
    if let Some(name) = text.strip_suffix(" is no longer a legislator") {
        return Some((name.parse().ok()?, 0));
    }
    let (name, rest) = text.split_once(" is now a legislator")?;
    // His machine does not affect the votes.
    let rest = match rest.split_once(", on ") {
        Some((rest, machine)) => machine.parse::<Name>().ok().map(|_| rest)?,
        None => rest,
    };
    let weight = match rest {
        "" => 1,
        _ => {
            let digits = rest.strip_prefix(" with weight ")?;
            let sound = digits.len() <= 9 && digits.bytes().all(|b| b.is_ascii_digit());
            digits.parse().ok().filter(|w| sound && (1..=LARGEST_WEIGHT).contains(w))?
        }
    };
    Some((name.parse().ok()?, weight))
}

/// Applies a change; false if it changes nothing. A change is refused if it would leave no member,
/// or two names that differ only in case.
fn apply(weights: &mut BTreeMap<Name, u64>, name: Name, weight: u64) -> bool {
    if weight == 0 {
        return weights.len() > 1 && weights.remove(&name).is_some();
    }
    let alike = |other: &Name| other.as_str().to_lowercase() == name.as_str().to_lowercase();
    if weights.keys().any(|other| *other != name && alike(other)) {
        return false;
    }
    weights.insert(name, weight) != Some(weight)
}

/// The members for some decree numbers, with their weights.
#[derive(Debug, Default)]
pub(super) struct Roll {
    pub weights: BTreeMap<Name, u64>,
    /// Members whose ledgers are not here, so that their rows are unknown.
    pub absent: BTreeSet<Name>,
}

impl Roll {
    /// Whether these priests are a majority set: they have more than half of all weight.
    /// `[PTP §2.2]`
    pub fn more_than_half(&self, priests: &BTreeSet<Name>) -> bool {
        self.weight(priests) > self.all() / 2
    }

    pub fn weight(&self, priests: &BTreeSet<Name>) -> u64 {
        self.weights.iter().filter(|(name, _)| priests.contains(name)).map(|(_, w)| w).sum()
    }

    pub fn all(&self) -> u64 {
        self.weights.values().sum()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;
    use proptest::sample::select;

    use super::super::fact::Kind;
    use super::*;
    use crate::law::{Law, LawBook};
    use crate::records::record::{LedgerRow, Place, Seal};
    use crate::words::{Decree, Entry};

    fn archive_of(decrees: &[Decree]) -> Archive {
        let mut archive = Archive::default();
        let file = Arc::new("ledgers/Gray.csv".into());
        let ledger = archive.open_ledger();
        for (number, decree) in (1..).zip(decrees) {
            let entry = Entry::Outcome { number, decree: decree.clone(), ballot: None };
            let place = Place { file: Arc::clone(&file), line: number + 1, column: 1 };
            let row = LedgerRow { place, entry, at: None, dry: None, seal: Seal::ByHand };
            let at = (ledger, archive.line(ledger, &row.place));
            let fact = archive.fact(at, &row, (Kind::Outcome, number, None), decree, None);
            archive.keep(fact);
        }
        archive.close();
        archive
    }

    fn decree() -> impl Strategy<Value = Decree> {
        let who = || select(vec!["Gray", "gray", "Oki", "Strong", "The", "no name"]);
        let text = prop_oneof![
            who().prop_map(|name| format!("{name} is now a legislator")),
            (who(), select(vec!["0", "1", "3", "007", "1000000", "1000001", "x", ""]))
                .prop_map(|(name, w)| format!("{name} is now a legislator with weight {w}")),
            (who(), select(vec!["", " with weight 3"]), select(vec!["harbour", "a hill", ""]))
                .prop_map(|(name, w, on)| format!("{name} is now a legislator{w}, on {on}")),
            who().prop_map(|name| format!("{name} is no longer a legislator")),
            Just("The goat is no longer a legislator".to_owned()),
        ];
        (text, prop::option::weighted(0.3, 0..4u8)).prop_map(|(text, id)| {
            let decree = Decree::new(&text).unwrap();
            id.map_or(decree.clone(), |id| decree.petitioned(&format!("Dolf/{id}")).unwrap())
        })
    }

    proptest! {
        /// The auditor and the law share no code, and find the same members.
        #[test]
        fn the_auditor_and_the_law_agree_who_votes(
            decrees in prop::collection::vec(decree(), 0..20), number in 0..30u64,
        ) {
            let founding: Founding = "Gray:2 Oki alpha=4".parse().unwrap();
            let members = Members::by_law(&founding, &archive_of(&decrees), InBooks::default(), |_| true);
            let mut book = LawBook::opened(Law::founded(&founding));
            for (number, decree) in (1..).zip(decrees) {
                book.learn(number, decree);
            }
            let by_law = book.state().seats.voting_on(number).weights().collect::<BTreeMap<_, _>>();
            prop_assert_eq!(&members.voting_on(number).weights, &by_law);
            for name in ["Gray", "gray", "Oki", "Strong", "The", "goat"] {
                let name = name.parse().unwrap();
                prop_assert_eq!(members.ever_had(name), book.state().seats.ever_had(name));
            }
        }
    }
}
