//! The pages of a ledger: the decrees at its front, the votes at its back. `[PTP §3.1]`
//!
//! A long ledger begins with a law book (a *snapshot*), which stands for the decrees through some
//! number. Those decrees are known, but the ledger no longer has their words. `[PTP §3.3.2]`

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::FAR_BEHIND;
use super::quires::Quires;
use super::window::Window;
use crate::law::ids::Ids;
use crate::law::{Law, LawBook, Meaning, Seats};
use crate::synod::notes::{self, Cast};
use crate::words::ballot::{BallotNumber, Decree, DecreeNumber, Vote};
use crate::words::members::Founding;
use crate::words::message::Message;
use crate::words::step::Guard;

/// A decree at the front of the ledger.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct Page {
    /// The decree.
    pub decree: Decree,
    /// The ballot that passed it, where known.
    pub ballot: Option<BallotNumber>,
}

impl Page {
    /// The Success message that tells this page under that number. `[PTP §2.3 (5)]`
    #[must_use]
    pub fn success(&self, number: DecreeNumber) -> Message {
        Message::Success { ballot: self.ballot, number, decree: self.decree.clone() }
    }
}

/// A legislator's ledger by decree number (the *log*, and each number a *slot* of it).
///
/// Decrees are kept until a law book stands for them. A vote is kept only while a president may
/// still ask for it.
#[doc(alias = "log")]
#[doc(alias = "slot")]
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct Pages {
    /// The law book at the beginning. Without one, the law as of decree 0. `[PTP §3.3.2]`
    book: Arc<LawBook>,
    /// The decrees that follow the book, without a gap.
    front: Quires<Page>,
    /// Decrees beyond the first gap.
    beyond: BTreeMap<DecreeNumber, Page>,
    /// prevVote for each number above complete_through − [`FAR_BEHIND`] and above the book.
    votes: Window<Vote>,
    /// The petitions of the decrees before the first gap.
    counted: Ids,
    /// The petitions whose decrees stand only beyond the first gap.
    ahead: Ids,
    /// The decrees whose petition stands under a lower number already.
    repeats: BTreeSet<DecreeNumber>,
    /// The members, by the decrees before the first gap. `[PTP §3.3.6]`
    seats: Arc<Seats>,
    /// The inked changes of members, also those beyond a gap.
    changes: BTreeSet<DecreeNumber>,
}

impl Pages {
    /// The pages of a ledger that holds decree 0 alone.
    #[must_use]
    pub fn founded(founding: &Founding) -> Pages {
        Pages {
            book: Arc::new(LawBook::opened(Law::founded(founding))),
            front: Quires::new(),
            beyond: BTreeMap::new(),
            votes: Window::default(),
            counted: Ids::default(),
            ahead: Ids::default(),
            repeats: BTreeSet::new(),
            seats: Arc::new(Seats::founded(founding)),
            changes: BTreeSet::new(),
        }
    }

    /// The members, by the law as far as this ledger is complete. `[PTP §3.3.6]`
    #[must_use]
    pub fn seats(&self) -> &Seats {
        &self.seats
    }

    /// Whether `number` gets the olive day, because a change of members is inked before it and not
    /// yet in force on it. `[PTP §3.3.6]`
    #[must_use]
    pub fn is_olive_day(&self, number: DecreeNumber) -> bool {
        let change = self.changes.range(..number).next_back();
        change.is_some_and(|&change| self.seats.is_olive_day(number, change))
    }

    /// The number through which the ledger has every decree. `[PTP §3.1]`
    #[must_use]
    pub fn complete_through(&self) -> DecreeNumber {
        self.in_book_through() + self.front.len() as DecreeNumber
    }

    /// The law book at the beginning of the ledger. `[PTP §3.3.2]`
    #[must_use]
    pub fn book(&self) -> &LawBook {
        &self.book
    }

    /// The law by this ledger as far as it is complete. Reads all decrees after the book again.
    #[must_use]
    pub fn law(&self) -> Law {
        let mut book = LawBook::clone(&self.book);
        book.enter(self.front.from(0).map(|page| page.decree.clone()));
        book.state().clone()
    }

    /// The last decree in the law book; 0 if there is no book. `[PTP §3.3.2]`
    #[must_use]
    pub fn in_book_through(&self) -> DecreeNumber {
        self.book.complete_through()
    }

    /// Whether decree `number` is known, even if only through the law book.
    #[must_use]
    pub fn knows(&self, number: DecreeNumber) -> bool {
        number <= self.in_book_through() || self.outcome(number).is_some()
    }

    /// The largest number inked.
    #[must_use]
    pub fn last(&self) -> DecreeNumber {
        self.beyond.last_key_value().map_or(self.complete_through(), |(&number, _)| number)
    }

    /// The ballot that passed the largest number inked beyond a gap, where it is known.
    pub(super) fn last_passed_in(&self) -> Option<BallotNumber> {
        self.beyond.last_key_value().and_then(|(_, page)| page.ballot)
    }

    /// The largest number, voted on or inked, that can be reached from the first gap in steps of at
    /// most α from one such number to the next.
    #[must_use]
    pub fn reach(&self, alpha: u64, voted: impl Iterator<Item = DecreeNumber>) -> DecreeNumber {
        let mut numbers: BTreeSet<DecreeNumber> = self.beyond.keys().copied().collect();
        numbers.extend(voted);
        let known = self.complete_through();
        numbers.range(known..).fold(
            known,
            |reach, &number| {
                if number - reach <= alpha { number } else { reach }
            },
        )
    }

    /// Decree `number`, if it is inked and not in the law book, which has no words of decrees.
    #[must_use]
    pub fn outcome(&self, number: DecreeNumber) -> Option<&Page> {
        let index = usize::try_from(number.checked_sub(self.in_book_through() + 1)?).ok()?;
        self.front.get(index).or_else(|| self.beyond.get(&number))
    }

    /// The decrees inked above one number through another, in order, except those in the law book.
    pub fn inked(
        &self,
        above: DecreeNumber,
        through: DecreeNumber,
    ) -> impl Iterator<Item = (DecreeNumber, &Page)> {
        let in_book = self.in_book_through();
        let first = above.max(in_book).saturating_add(1);
        let skipped = usize::try_from(first - in_book - 1).unwrap_or(usize::MAX);
        let front = (first..=through).zip(self.front.from(skipped));
        let beyond = (first <= through).then(|| self.beyond.range(first..=through));
        front.chain(beyond.into_iter().flatten().map(|(&number, page)| (number, page)))
    }

    /// Inks a decree, also one beyond a gap. `[PTP §2.3 (6), §3.3.2]`
    ///
    /// # Errors
    /// [`Guard::Known`] if it is inked already; [`Guard::Contradicts`] if another decree is.
    pub fn ink(
        &mut self,
        number: DecreeNumber,
        decree: Decree,
        ballot: Option<BallotNumber>,
    ) -> Result<(), Guard> {
        let inked = self.outcome(number).map(|page| &page.decree);
        if number <= self.in_book_through() || notes::is_inked(number, inked, &decree)? {
            return Err(Guard::Known { number });
        }
        if Meaning::of_change_of_members(decree.text()).is_some() {
            self.changes.insert(number);
        }
        let page = Page { decree, ballot };
        if number > self.complete_through() + 1 {
            self.look_ahead(&page);
            self.beyond.insert(number, page);
            return Ok(());
        }
        self.turn(page);
        self.turn_what_waits();
        Ok(())
    }

    fn look_ahead(&mut self, page: &Page) {
        if let Some(id) = page.decree.petition().filter(|id| !self.counted.has(id)) {
            self.ahead.insert(id);
        }
    }

    fn turn_what_waits(&mut self) {
        while let Some(page) = self.beyond.remove(&(self.complete_through() + 1)) {
            self.turn(page);
        }
        self.cross_out_old_votes();
    }

    fn turn(&mut self, page: Page) {
        let first_of_its_petition = page.decree.petition().is_none_or(|id| {
            if !self.ahead.is_empty() {
                self.ahead.remove(id);
            }
            self.counted.insert(id)
        });
        let number = self.complete_through() + 1;
        if !first_of_its_petition {
            self.repeats.insert(number);
        } else if self.changes.contains(&number) {
            // A change that the law refuses changes nothing.
            let _ = Arc::make_mut(&mut self.seats).enact(number, &Meaning::of(page.decree.text()));
        }
        self.front.push(page);
    }

    /// Moves all decrees except the last `but` into the law book. `[PTP §3.3.2]`
    pub fn enter_in_book(&mut self, but: DecreeNumber) {
        let leaving = self.front.len().saturating_sub(usize::try_from(but).unwrap_or(usize::MAX));
        let leaving = self.front.leave(leaving).map(|page| page.decree);
        Arc::make_mut(&mut self.book).enter(leaving);
        self.cross_out_old_votes();
    }

    /// Replaces the decrees that a law book stands for, known or not, by the book. Returns false if
    /// the present book goes as far. `[PTP §3.3.2]`
    pub fn begin_with(&mut self, book: LawBook) -> bool {
        let (through, had) = (book.complete_through(), self.in_book_through());
        if through <= had {
            return false;
        }
        if through <= self.complete_through() {
            self.front.leave(usize::try_from(through - had).unwrap_or(usize::MAX)).for_each(drop);
        } else {
            self.front = Quires::new();
            self.beyond = self.beyond.split_off(&(through + 1));
            self.seats = Arc::new(book.state().seats.clone());
            self.counted = book.counted().clone();
            self.ahead = Ids::default();
            let beyond = std::mem::take(&mut self.beyond);
            beyond.values().for_each(|page| self.look_ahead(page));
            self.beyond = beyond;
        }
        self.book = Arc::new(book);
        self.turn_what_waits();
        true
    }

    /// Whether a decree inked before the first gap counts: a petition counts once. Do not ask this
    /// about decrees in the law book.
    ///
    /// Two presidents who did not know of each other may have put one petition to the vote under
    /// two numbers, and B3 may then bind a third to both. This cannot be prevented. A reader who
    /// applies the decrees in order takes the second for an olive day.
    #[must_use]
    pub fn counts(&self, number: DecreeNumber) -> bool {
        (1..=self.complete_through()).contains(&number) && !self.repeats.contains(&number)
    }

    /// Whether this petition's decree is inked.
    #[must_use]
    pub fn has_passed(&self, petition: &str) -> bool {
        self.counted.has(petition) || !self.ahead.is_empty() && self.ahead.has(petition)
    }

    /// prevVote for this number.
    #[must_use]
    pub fn prev_vote(&self, number: DecreeNumber) -> Option<&Vote> {
        self.votes.get(number)
    }

    /// The votes cast for every number above this one.
    pub fn votes_above(&self, number: DecreeNumber) -> impl Iterator<Item = (DecreeNumber, &Vote)> {
        self.votes.from(number.saturating_add(1))
    }

    /// Keeps a vote that was cast: prevVote for this number. `[PTP §2.3 (4)]`
    pub fn vote(&mut self, number: DecreeNumber, cast: Cast) {
        self.remember_vote(number, cast.into_vote());
    }

    /// Keeps a vote that was read in the ledger.
    pub(super) fn remember_vote(&mut self, number: DecreeNumber, vote: Vote) {
        self.votes.insert(number, vote);
        self.cross_out_old_votes();
    }

    /// Removes votes that no president needs: one so far behind gets no promise.
    fn cross_out_old_votes(&mut self) {
        let lately = self.complete_through().saturating_sub(FAR_BEHIND);
        self.votes.remove_through(lately.max(self.in_book_through()));
    }
}
