//! A law book: a state with the number of the last decree reflected in it. `[PTP §3.3.2]`

use std::collections::BTreeMap;

use super::enactment::Law;
use super::ids::Ids;
use super::state_machine::StateMachine;
use crate::words::{Decree, DecreeNumber};

/// A law book: the state of a state machine after all decrees through a number. It is a *snapshot*
/// of the *log*. `[PTP §3.3.2]`
///
/// Decrees may come in any order and more than once. A decree beyond a gap waits in the back for
/// those before it. So all books complete through the same number hold the same state.
#[doc(alias = "snapshot")]
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LawBook<M = Law> {
    state: M,
    complete_through: DecreeNumber,
    /// Decrees beyond the first gap.
    back: BTreeMap<DecreeNumber, Decree>,
    /// The ids of the petitions that took effect. A petition that was passed twice counts once. Any
    /// may come again, since a messenger may take a long voyage first.
    counted: Ids,
}

/// Leaves the state out: equal books have equal hashes, and nearly all others differ.
impl<M> std::hash::Hash for LawBook<M> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.complete_through.hash(state);
        self.back.hash(state);
    }
}

/// A decree that was entered in the law book.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Enacted<R> {
    /// The decree's number.
    pub number: DecreeNumber,
    /// The decree.
    pub decree: Decree,
    /// The state machine's response; `None` if its petition had taken effect under a lower number,
    /// so that it changed nothing.
    pub response: Option<R>,
}

/// The error for a ledger that does not go far enough for an inquiry. `[PTP §3.3.4]`
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "this ledger is complete through decree {complete_through}, not through {at_least}: wait, or ask someone else"
)]
pub struct NotYet {
    /// The last decree that the answer must cover.
    pub at_least: DecreeNumber,
    /// The last decree that this ledger covers.
    pub complete_through: DecreeNumber,
}

impl<M: StateMachine> LawBook<M> {
    /// A book that holds this state as of decree 0, the founding decree.
    #[must_use]
    pub fn opened(state: M) -> LawBook<M> {
        LawBook { state, complete_through: 0, back: BTreeMap::new(), counted: Ids::default() }
    }

    /// A book that continues from this state.
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

    /// The number of decrees that wait in the back for an earlier one.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.back.len()
    }

    /// Continues from another book, if that one covers more decrees. Decrees in the back stay
    /// there, except those that can be entered now, which are returned. `[PTP §3.3.2]`
    pub fn go_on_from(&mut self, book: LawBook<M>) -> Vec<Enacted<M::Response>> {
        if book.complete_through <= self.complete_through {
            return Vec::new();
        }
        let later = self.back.split_off(&(book.complete_through + 1));
        *self = LawBook { back: later, ..book };
        self.enter_what_waits()
    }

    /// The state, if it is complete through decree `number`. A citizen who gives the number of his
    /// last answer in each inquiry never learns an earlier state of the law. `[PTP §3.3.4]`
    ///
    /// # Errors
    /// [`NotYet`] when the book does not go that far.
    pub fn at_least(&self, number: DecreeNumber) -> Result<&M, NotYet> {
        let complete_through = self.complete_through;
        if complete_through < number {
            return Err(NotYet { at_least: number, complete_through });
        }
        Ok(&self.state)
    }

    /// Adds a decree. It is entered with those that waited for it, in the order of their numbers,
    /// and all of them are returned. A decree that is entered already changes nothing.
    pub fn learn(&mut self, number: DecreeNumber, decree: Decree) -> Vec<Enacted<M::Response>> {
        if number > self.complete_through {
            self.back.entry(number).or_insert(decree);
        }
        self.enter_what_waits()
    }

    /// Enters decrees that follow the book without a gap, and drops the responses.
    pub(crate) fn enter(&mut self, next: impl IntoIterator<Item = Decree>) {
        next.into_iter().for_each(|decree| drop(self.enter_next(decree)));
        self.enter_what_waits();
    }

    fn enter_what_waits(&mut self) -> Vec<Enacted<M::Response>> {
        let mut enacted = Vec::new();
        while let Some(decree) = self.back.remove(&(self.complete_through + 1)) {
            enacted.push(self.enter_next(decree));
        }
        enacted
    }

    fn enter_next(&mut self, decree: Decree) -> Enacted<M::Response> {
        self.complete_through += 1;
        let first = decree.petition().is_none_or(|id| self.counted.insert(id));
        let number = self.complete_through;
        let response = first.then(|| self.state.apply(number, &decree));
        Enacted { number, decree, response }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decree(text: &str) -> Decree {
        Decree::new(text).unwrap()
    }

    /// A state machine that records its decrees.
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
    fn a_second_decree_under_one_number_changes_nothing() {
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
