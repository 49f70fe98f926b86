//! Ink before feet: a deed is rows to ink, then letters to send. `[PTP §2.3]`
//!
//! A priest's move yields a [`Deed`]. The only road from a deed to the messengers leads through a
//! [`Ledger`]: messengers take [`Released`] letters, and nothing outside this file can make those.
//! A letter that rests on a note is released only after the ledger has said that the note is dry.
//! When the ledger fails, the letters are gone with the deed.
//!
//! A ledger that says that ink is dry when it is not is outside this promise: it breaks what
//! [`Ledger::dry`] asks of it. So is a program that drops a promise and goes on with the same
//! priest: a deed that is not performed was never done, and the priest must be raised anew from
//! his ledger.
//!
//! ```
//! use std::sync::Arc;
//! use parliament::synod::{Entry, Founding, Letter, Priest};
//!
//! let members = Arc::new("Dwork Gray Oki".parse::<Founding>()?.membership);
//! let mut gray = Priest::from_ledger("Gray".parse()?, members, &[]);
//! let (mut ledger, mut sent) = (Vec::<Entry>::new(), Vec::<Letter>::new());
//! // One deed: the promise is inked and dry before LastVote leaves.
//! gray.answer_next_ballot("1.Oki".parse()?)?.perform(&mut ledger, &mut sent)?;
//! assert_eq!((ledger.len(), sent.len()), (1, 1));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A letter cannot leave on ink that was thrown away, since receiving and answering are one deed:
//!
//! ```compile_fail,E0624
//! # use parliament::synod::{BallotNumber, Ledger, Letter, Priest};
//! fn promise_nothing<L: Ledger>(gray: &mut Priest, b: BallotNumber, mut ledger: L) {
//!     drop(gray.answer_next_ballot(b).unwrap());
//!     let _ = gray.send_last_vote().unwrap().perform(&mut ledger, &mut Vec::new());
//! }
//! ```
//!
//! While a deed's ink is wet, its ledger belongs to a [`WetLedger`], so no other deed can be
//! performed on that ledger before it is dry:
//!
//! ```compile_fail,E0382
//! # use parliament::synod::{Deed, Ledger, Letter, WetLedger};
//! fn overtake<L: Ledger>(promise: Deed, next: Deed, mut ledger: L) {
//!     let mut post: Vec<Letter> = Vec::new();
//!     let mut wet = WetLedger::new(ledger);
//!     let _ = wet.begin(promise, &mut (), &mut post);
//!     let _ = next.perform(&mut ledger, &mut post);
//! }
//! ```
//!
//! And what rests on the ink of one ledger cannot be released by the drying of another:
//!
//! ```compile_fail,E0061
//! # use parliament::synod::{Deed, Ledger, Letter, WetLedger};
//! fn dry_another<L: Ledger>(promise: Deed, ledger: L, mut other: L) {
//!     let mut post: Vec<Letter> = Vec::new();
//!     let mut wet = WetLedger::new(ledger);
//!     let _ = wet.begin(promise, &mut (), &mut post);
//!     let _ = wet.finish(&mut other, &mut (), &mut post);
//! }
//! ```
//!
//! Messengers take no letter that somebody made himself:
//!
//! ```compile_fail,E0308
//! # use parliament::synod::{Letter, Post};
//! fn forge(messengers: &mut impl Post, letter: Letter) {
//!     messengers.post(vec![letter]);
//! }
//! ```

use crate::words::Entry;
use crate::words::message::Message;
use crate::words::name::Name;
use crate::words::step::Step;

/// A message on its way to a priest.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct Letter {
    /// Who is to read it.
    pub to: Name,
    /// What it says.
    pub message: Message,
}

/// Where a priest's rows become durable.
pub trait Ledger {
    /// What keeps a row from being inked or from drying.
    type Error;

    /// Writes rows, in order; they need not be dry yet.
    ///
    /// # Errors
    /// When a row could not be written. The priest then leaves the Chamber.
    fn ink(&mut self, rows: &[Entry]) -> Result<(), Self::Error>;

    /// Returns when every row inked so far survives a power failure.
    ///
    /// # Errors
    /// When that cannot be promised. The priest then leaves the Chamber.
    fn dry(&mut self) -> Result<(), Self::Error>;

    /// Begins to dry what is inked so far, while its owner does something else; what rests on that
    /// ink waits for [`Ledger::dry`] all the same. The default does
    /// nothing.
    fn blot(&mut self) {}

    /// Writes the ledger anew, as a law book: from now on these rows are what it says. When it
    /// returns, they are dry; until then the old ledger stands. `[PTP §3.3.2]`
    ///
    /// A ledger that is only a list may add them at its end: they begin with decree 0, and say
    /// again whatever of the rows above is still of use.
    ///
    /// # Errors
    /// When that cannot be done. The priest then leaves the Chamber, and either ledger stands.
    fn bind(&mut self, rows: &[Entry]) -> Result<(), Self::Error> {
        self.ink(rows)?;
        self.dry()
    }

    /// As [`Ledger::bind`], for a book that says only what the rows above it say: where it cannot be
    /// bound, the old ledger may stand as it was, with nothing of these rows in it.
    ///
    /// # Errors
    /// When nobody knows which ledger stands. The priest then leaves the Chamber.
    fn bind_or_stand(&mut self, rows: &[Entry]) -> Result<Bound, Self::Error> {
        self.bind(rows).map(|()| Bound::Anew)
    }
}

/// How the writing of a ledger anew ended.
#[derive(Clone, PartialEq, Eq, Debug)]
#[must_use = "where the old ledger stands, what follows the book stands nowhere"]
pub enum Bound {
    /// The book is the ledger now, and dry.
    Anew,
    /// The old ledger stands, without any of the rows, and goes on.
    OldStands {
        /// What kept the book from being bound.
        why: String,
    },
}

impl<L: Ledger> Ledger for &mut L {
    type Error = L::Error;
    fn ink(&mut self, rows: &[Entry]) -> Result<(), L::Error> {
        (**self).ink(rows)
    }
    fn dry(&mut self) -> Result<(), L::Error> {
        (**self).dry()
    }
    fn blot(&mut self) {
        (**self).blot();
    }
    fn bind(&mut self, rows: &[Entry]) -> Result<(), L::Error> {
        (**self).bind(rows)
    }
    fn bind_or_stand(&mut self, rows: &[Entry]) -> Result<Bound, L::Error> {
        (**self).bind_or_stand(rows)
    }
}

/// A ledger in memory, for examples and tests: it holds for as long as the program runs, and what is
/// written in it counts as dry at once.
impl Ledger for Vec<Entry> {
    type Error = std::convert::Infallible;
    fn ink(&mut self, rows: &[Entry]) -> Result<(), Self::Error> {
        self.extend_from_slice(rows);
        Ok(())
    }
    fn dry(&mut self) -> Result<(), Self::Error> {
        Ok(())
    }
}

/// Letters that may leave, in order: whatever they rest on is dry. Only a [`Deed`] that is being
/// performed makes them.
///
/// ```
/// use parliament::synod::{Letter, Post, Released};
/// /// Carries letters by counting them.
/// struct Counter(usize);
/// impl Post for Counter {
///     fn post(&mut self, letters: Released) {
///         self.0 += letters.into_iter().count();
///     }
/// }
/// ```
#[derive(Debug)]
pub struct Released(Vec<Letter>);

impl IntoIterator for Released {
    type Item = Letter;
    type IntoIter = std::vec::IntoIter<Letter>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// Where a priest hands letters to messengers. It cannot fail: a letter that cannot be carried is
/// a letter lost, which the protocol bears.
pub trait Post {
    /// Takes letters, in order.
    fn post(&mut self, letters: Released);
}

impl Post for Vec<Letter> {
    fn post(&mut self, letters: Released) {
        self.extend(letters);
    }
}

/// Sees what happens to a ledger while a deed is performed. It can change nothing. By default it
/// looks away, and `()` is a witness who sees nothing.
pub trait Witness {
    /// These rows are about to be inked; if that fails, some of them may stand in the ledger.
    fn writes(&mut self, _rows: &[Entry]) {}
    /// These rows are inked.
    fn inked(&mut self, _rows: &[Entry]) {}
    /// All that was inked is dry.
    fn dried(&mut self) {}
    /// The ledger was written anew, as these rows.
    fn bound(&mut self, _rows: &[Entry]) {}
    /// The ledger could not be written anew, and stands as it was.
    fn unbound(&mut self, _why: &str) {}
}

impl Witness for () {}

/// What a priest does at one moment: rows to ink, letters that may rest on them, and why.
///
/// It cannot be cloned: what is done, is done once.
#[derive(Debug, Default, PartialEq, Eq)]
#[must_use = "a deed that is not performed was never done"]
pub struct Deed {
    rows: Vec<Entry>,
    /// How many of the rows end the old ledger; the others are a law book, and what follows it.
    binds_after: Option<usize>,
    /// Whether the book says what no row of the old ledger says, so that one must not stand for the
    /// other.
    says_more: bool,
    /// Letters that rest on nothing.
    free: Vec<Letter>,
    /// Letters that rest on a note.
    resting: Vec<Letter>,
    steps: Vec<Step>,
}

impl Deed {
    /// To do nothing.
    pub fn nothing() -> Deed {
        Deed::default()
    }

    /// The deed of somebody who is no priest of this house: `rows` to ink, then the ledger to be
    /// written anew as `book` if there is one, then these letters, each resting on what its message
    /// rests on. The one door for heretics; `tests/tidy.rs` names who may use it.
    pub(crate) fn foreign(
        rows: Vec<Entry>,
        book: Vec<Entry>,
        letters: impl IntoIterator<Item = Letter>,
        steps: Vec<Step>,
    ) -> Deed {
        let mut deed = Deed { rows, steps, ..Deed::default() };
        if !book.is_empty() {
            deed.bind(book, true);
        }
        for Letter { to, message } in letters {
            deed.send(to, message);
        }
        deed
    }

    /// To do nothing, for a reason, or to note a reason beside what is done.
    pub(crate) fn because(step: Step) -> Deed {
        Deed { steps: vec![step], ..Deed::default() }
    }

    /// To ink a row besides.
    pub(crate) fn inking(mut self, row: Entry) -> Deed {
        self.ink(row);
        self
    }

    /// To send a letter besides.
    pub(crate) fn sending(mut self, to: Name, message: Message) -> Deed {
        self.send(to, message);
        self
    }

    /// As [`Deed::inking`], in place.
    pub(crate) fn ink(&mut self, row: Entry) {
        self.rows.push(row);
    }

    /// As [`Deed::sending`], in place.
    pub(crate) fn send(&mut self, to: Name, message: Message) {
        let letters = if message.rests_on().is_some() { &mut self.resting } else { &mut self.free };
        letters.push(Letter { to, message });
    }

    /// To note a reason besides, in place.
    pub(crate) fn tell(&mut self, step: Step) {
        self.steps.push(step);
    }

    /// To write the ledger anew besides, in place, after all rows inked before; `says_more` if the
    /// book says what none of these say.
    pub(crate) fn bind(&mut self, book: Vec<Entry>, says_more: bool) {
        self.binds_after = Some(self.rows.len());
        self.says_more |= says_more;
        self.rows.extend(book);
    }

    /// To do another deed after this one, with one drying for both.
    pub fn then(mut self, next: Deed) -> Deed {
        self.absorb(next);
        self
    }

    /// As [`Deed::then`], in place.
    pub fn absorb(&mut self, next: Deed) {
        if self.is_idle() && self.steps.is_empty() {
            *self = next;
            return;
        }
        let before = self.rows.len();
        self.binds_after = next.binds_after.map(|rows| before + rows).or(self.binds_after);
        self.says_more |= next.says_more;
        self.rows.extend(next.rows);
        self.free.extend(next.free);
        self.resting.extend(next.resting);
        self.steps.extend(next.steps);
    }

    /// The rows to ink, those of a law book included.
    #[must_use]
    pub fn rows(&self) -> &[Entry] {
        &self.rows
    }

    /// The rows that end the old ledger, and the rows of the law book that replaces it, if one does.
    #[must_use]
    pub fn rows_and_book(&self) -> (&[Entry], &[Entry]) {
        self.rows.split_at(self.binds_after.unwrap_or(self.rows.len()))
    }

    /// The letters, for those who look on: what rests on nothing first. They are not released.
    pub fn letters(&self) -> impl Iterator<Item = &Letter> {
        self.free.iter().chain(&self.resting)
    }

    /// Why, step by step, for those who ask.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Whether what he read was of no use to him: a guard kept him from acting on it. What comes
    /// after the first step is what he tells himself: it may be in vain, and the letter not.
    #[must_use]
    pub fn is_in_vain(&self) -> bool {
        self.steps.first().is_some_and(|step| step.act.is_ignoring())
    }

    /// Whether there is nothing to ink and nothing to send.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.rows.is_empty() && self.free.is_empty() && self.resting.is_empty()
    }

    /// Takes out what `priest` tells himself and what rests on nothing: he needs no messenger for
    /// it, and may hear it before the ink is dry.
    pub(crate) fn take_own_words(&mut self, priest: Name) -> Vec<Message> {
        let (own, others) =
            std::mem::take(&mut self.free).into_iter().partition(|letter| letter.to == priest);
        self.free = others;
        own.into_iter().map(|letter: Letter| letter.message).collect()
    }

    /// Inks the rows, posts what rests on nothing, waits until the ink is dry, posts the rest. A
    /// law book is bound when the rows before it are dry, and what rests on a note waits for it.
    ///
    /// # Errors
    /// When the ledger fails: then no letter that rested on its ink has left.
    pub fn perform<L: Ledger>(self, ledger: &mut L, post: &mut impl Post) -> Result<(), L::Error> {
        self.begin(ledger, &mut (), post)?.finish(ledger, &mut (), post)
    }

    /// Inks the rows, and posts what rests on nothing.
    fn begin<L: Ledger>(
        self,
        ledger: &mut L,
        witness: &mut impl Witness,
        post: &mut impl Post,
    ) -> Result<Wet, L::Error> {
        let Deed { mut rows, binds_after, says_more, free, resting, .. } = self;
        let book = rows.split_off(binds_after.unwrap_or(rows.len()));
        if !rows.is_empty() {
            witness.writes(&rows);
            ledger.ink(&rows)?;
            witness.inked(&rows);
        }
        if !free.is_empty() {
            post.post(Released(free));
        }
        Ok(Wet { has_rows: !rows.is_empty(), book, says_more, resting })
    }
}

/// What is left of a deed whose rows are inked and may be wet.
#[derive(Debug)]
struct Wet {
    has_rows: bool,
    book: Vec<Entry>,
    says_more: bool,
    resting: Vec<Letter>,
}

impl Wet {
    /// Waits until the ink is dry, and posts what rests on it. Letters may rest on rows that an
    /// earlier deed inked, so where there are any the ledger is asked even if this deed inked none.
    fn finish<L: Ledger>(
        self,
        ledger: &mut L,
        witness: &mut impl Witness,
        post: &mut impl Post,
    ) -> Result<(), L::Error> {
        if self.has_rows || !self.resting.is_empty() {
            ledger.dry()?;
            witness.dried();
        }
        if !self.book.is_empty() {
            self.bind(ledger, witness)?;
        }
        if !self.resting.is_empty() {
            post.post(Released(self.resting));
        }
        Ok(())
    }

    /// Binds the book. Where it cannot be bound and the old ledger stands, the rows that follow the
    /// book's end are inked there, and dried, before anything that rests on them leaves.
    ///
    /// Ink before feet holds, and it is decided here because here the letters are: what the book
    /// says up to its end was copied from rows of the old ledger, all of which are dry by now; what
    /// follows its end stands nowhere else, and a letter may rest on it. A book that was copied from
    /// a colleague says what the old ledger does not, so the old one cannot stand for it, and the
    /// priest leaves instead.
    fn bind<L: Ledger>(&self, ledger: &mut L, witness: &mut impl Witness) -> Result<(), L::Error> {
        let bound = match self.says_more {
            true => ledger.bind(&self.book).map(|()| Bound::Anew)?,
            false => ledger.bind_or_stand(&self.book)?,
        };
        let Bound::OldStands { why } = bound else {
            witness.bound(&self.book);
            return Ok(());
        };
        witness.unbound(&why);
        let end = self.book.iter().position(Entry::ends_book);
        let later = &self.book[end.map_or(0, |end| end + 1)..];
        if !later.is_empty() {
            witness.writes(later);
            ledger.ink(later)?;
            witness.inked(later);
            ledger.dry()?;
            witness.dried();
        }
        Ok(())
    }
}

/// A ledger whose last ink may be wet, together with the letters that wait for it: for a priest who
/// reads on while it dries. Neither can be taken out before the ink is dry.
#[derive(Debug)]
pub struct WetLedger<L> {
    ledger: L,
    wet: Option<Wet>,
}

impl<L: Ledger> WetLedger<L> {
    /// Takes a ledger, on which nothing waits.
    pub fn new(ledger: L) -> WetLedger<L> {
        WetLedger { ledger, wet: None }
    }

    /// Performs a deed, after what waits for wet ink. As [`Deed::perform`].
    ///
    /// # Errors
    /// When the ledger fails: then no letter that rested on its ink has left.
    pub fn perform(
        &mut self,
        deed: Deed,
        witness: &mut impl Witness,
        post: &mut impl Post,
    ) -> Result<(), L::Error> {
        self.begin(deed, witness, post)?;
        self.finish(witness, post).map(drop)
    }

    /// Inks a deed's rows, posts what rests on nothing, and begins to dry the ink; what rests on it
    /// waits for [`WetLedger::finish`]. What waited before leaves first.
    ///
    /// # Errors
    /// When the ledger fails: then no letter that rested on its ink has left.
    pub fn begin(
        &mut self,
        deed: Deed,
        witness: &mut impl Witness,
        post: &mut impl Post,
    ) -> Result<(), L::Error> {
        self.finish(witness, post)?;
        self.wet = Some(deed.begin(&mut self.ledger, witness, post)?);
        Ok(())
    }

    /// Lets the ink dry while its owner does something else. As [`Ledger::blot`].
    pub fn blot(&mut self) {
        self.ledger.blot();
    }

    /// Waits until the ink is dry, and posts what rested on it; false if nothing waited.
    ///
    /// # Errors
    /// When the ledger fails: then no letter that rested on its ink has left.
    pub fn finish(
        &mut self,
        witness: &mut impl Witness,
        post: &mut impl Post,
    ) -> Result<bool, L::Error> {
        let Some(wet) = self.wet.take() else { return Ok(false) };
        wet.finish(&mut self.ledger, witness, post)?;
        Ok(true)
    }

    /// The ledger again. Letters that waited for wet ink are gone.
    pub fn into_ledger(self) -> L {
        self.ledger
    }
}

#[cfg(test)]
mod tests;
