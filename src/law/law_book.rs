//! A law book: a state, and the number of the last decree reflected in it. `[PTP §3.3.2]`

use std::collections::BTreeMap;

use super::enactment::Law;
use super::ids::Ids;
use super::state_machine::StateMachine;
use crate::words::{Decree, DecreeNumber};

/// A law book over a state machine, the Paxons' own unless said otherwise. `[PTP §3.3.2]`
///
/// Decrees may come in any order, and again: one beyond a gap is written down in the back and
/// waits for those before it. So all books complete through the same number hold the same state.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LawBook<M = Law> {
    state: M,
    complete_through: DecreeNumber,
    /// Decrees beyond the first gap.
    back: BTreeMap<DecreeNumber, Decree>,
    /// The ids of the petitions that took effect: a petition that was sent twice, and passed
    /// twice, counts once. Any may still return, for a messenger may take a long voyage first.
    counted: Ids,
}

/// Books that are equal agree in this; it tells nearly all others apart.
impl<M> std::hash::Hash for LawBook<M> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.complete_through.hash(state);
        self.back.hash(state);
    }
}

/// A decree that was entered in the law book.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Enacted<R> {
    /// Its number.
    pub number: DecreeNumber,
    /// The decree.
    pub decree: Decree,
    /// What it answered; `None` if its petition had taken effect under a lower number, so that it
    /// changed nothing.
    pub response: Option<R>,
}

/// A ledger that does not go far enough for an inquiry: wait, or ask someone else.
/// `[PTP §3.3.4]`
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "this ledger is complete through decree {complete_through}, not through {at_least}: wait, or ask someone else"
)]
pub struct NotYet {
    /// The decree through which the answer must be complete.
    pub at_least: DecreeNumber,
    /// The decree through which it would be.
    pub complete_through: DecreeNumber,
}

impl<M: StateMachine> LawBook<M> {
    /// A book that holds this state as of decree 0, the founding decree.
    #[must_use]
    pub fn opened(state: M) -> LawBook<M> {
        LawBook { state, complete_through: 0, back: BTreeMap::new(), counted: Ids::default() }
    }

    /// A book that goes on from where another left off.
    pub(super) fn resumed(state: M, complete_through: DecreeNumber, counted: Ids) -> LawBook<M> {
        LawBook { state, complete_through, back: BTreeMap::new(), counted }
    }

    /// The ids of the petitions that took effect.
    #[must_use]
    pub fn counted(&self) -> &Ids {
        &self.counted
    }

    /// The state, complete through [`LawBook::complete_through`].
    #[must_use]
    pub fn state(&self) -> &M {
        &self.state
    }

    /// The number of the last decree reflected in the state. `[PTP §3.3.2]`
    #[must_use]
    pub fn complete_through(&self) -> DecreeNumber {
        self.complete_through
    }

    /// How many decrees wait in the back for one before them.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.back.len()
    }

    /// Goes on from another book, unless this one goes as far; what waits in the back waits on.
    /// Yields what is entered of that. `[PTP §3.3.2]`
    pub fn go_on_from(&mut self, book: LawBook<M>) -> Vec<Enacted<M::Response>> {
        if book.complete_through <= self.complete_through {
            return Vec::new();
        }
        let later = self.back.split_off(&(book.complete_through + 1));
        *self = LawBook { back: later, ..book };
        self.enter_what_waits()
    }

    /// The state, if it is complete through decree `number`. One who quotes in each inquiry the
    /// number of his last answer never learns an earlier state of the law. `[PTP §3.3.4]`
    ///
    /// # Errors
    /// [`NotYet`] when the book does not go so far.
    pub fn at_least(&self, number: DecreeNumber) -> Result<&M, NotYet> {
        let complete_through = self.complete_through;
        if complete_through < number {
            return Err(NotYet { at_least: number, complete_through });
        }
        Ok(&self.state)
    }

    /// Learns a decree: it, and those that waited for it, are entered in the order of their
    /// numbers and yielded. One that is entered already changes nothing.
    pub fn learn(&mut self, number: DecreeNumber, decree: Decree) -> Vec<Enacted<M::Response>> {
        if number > self.complete_through {
            self.back.entry(number).or_insert(decree);
        }
        self.enter_what_waits()
    }

    fn enter_what_waits(&mut self) -> Vec<Enacted<M::Response>> {
        let mut enacted = Vec::new();
        while let Some(decree) = self.back.remove(&(self.complete_through + 1)) {
            self.complete_through += 1;
            let first = decree.petition().is_none_or(|id| self.counted.insert(id));
            let number = self.complete_through;
            let response = first.then(|| self.state.apply(number, &decree));
            enacted.push(Enacted { number, decree, response });
        }
        enacted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decree(text: &str) -> Decree {
        Decree::new(text).unwrap()
    }

    /// Remembers what it was told.
    #[derive(Debug, Default, PartialEq)]
    struct Memory(Vec<(DecreeNumber, String)>);

    impl StateMachine for Memory {
        type Response = usize;
        fn apply(&mut self, number: DecreeNumber, decree: &Decree) -> usize {
            self.0.push((number, decree.text().into()));
            self.0.len()
        }
    }

    #[test]
    fn decree_1302_waits_in_the_back_for_1300_and_1301() {
        let mut book = LawBook::opened(Memory::default());
        assert_eq!(book.learn(3, decree("c")), []);
        assert_eq!(book.learn(2, decree("b")), []);
        assert_eq!((book.complete_through(), book.waiting()), (0, 2));
        let told: Vec<_> = book.learn(1, decree("a")).into_iter().map(|e| e.number).collect();
        assert_eq!((told, book.complete_through(), book.waiting()), (vec![1, 2, 3], 3, 0));
        let words: Vec<&str> = book.state().0.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(words, ["a", "b", "c"]);
    }

    #[test]
    fn of_two_decrees_under_one_number_the_first_is_believed() {
        let mut book = LawBook::opened(Memory::default());
        book.learn(2, decree("b"));
        book.learn(2, decree("not b"));
        book.learn(1, decree("a"));
        book.learn(1, decree("not a"));
        assert_eq!(book.state().0, [(1, "a".into()), (2, "b".into())]);
        assert_eq!(book.learn(0, decree("not the founding decree")), []);
    }

    #[test]
    fn a_petition_that_passed_twice_counts_once() {
        let mut book = LawBook::opened(Memory::default());
        let goat = decree("goat").petitioned("Dolf/3").unwrap();
        let answered: Vec<_> = [goat.clone(), decree("cow"), goat]
            .into_iter()
            .zip(1..)
            .flat_map(|(decree, number)| book.learn(number, decree))
            .map(|enacted| enacted.response)
            .collect();
        assert_eq!(answered, [Some(1), Some(2), None]);
    }
}
