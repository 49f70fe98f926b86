//! Ink before feet: a deed is rows to ink, then letters to send. `[PTP §2.3]`
//!
//! A priest's move yields a [`Deed`]. A deed's letters reach the messengers only through a
//! [`Ledger`]: messengers take [`Released`] letters, and only this file can make those. A letter
//! that rests on a note is released only after the ledger has said that the note is dry. If the
//! ledger fails, the letters are dropped with the deed.
//!
//! Two faults are outside this guarantee. A ledger that calls wet ink dry breaks the contract of
//! [`Ledger::dry`]. A program that drops a promise and goes on with the same priest is wrong too: a
//! deed that is not performed was never done, so it must make the priest anew from his ledger.
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
//! The drying of one ledger cannot release letters that rest on the ink of another:
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
//! Messengers do not take a letter that a program made by itself:
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
    /// The priest who reads it.
    pub to: Name,
    /// The message.
    pub message: Message,
}

/// A priest's durable storage of rows.
pub trait Ledger {
    /// The reason why a row could not be inked or dried.
    type Error;

    /// Writes rows, in order; they need not be dry yet.
    ///
    /// # Errors
    /// If a row could not be written. The priest then leaves the Chamber.
    fn ink(&mut self, rows: &[Entry]) -> Result<(), Self::Error>;

    /// Returns when every row inked so far survives a power failure (an *fsync*).
    ///
    /// # Errors
    /// If that cannot be guaranteed. The priest then leaves the Chamber.
    #[doc(alias = "fsync")]
    fn dry(&mut self) -> Result<(), Self::Error>;

    /// Begins to dry the rows inked so far, and returns at once. Letters that rest on them still
    /// wait for [`Ledger::dry`]. The default does nothing.
    fn blot(&mut self) {}

    /// Replaces the ledger by a law book of these rows (a *snapshot*). They are dry when it returns;
    /// until then the old ledger stands. `[PTP §3.3.2]`
    ///
    /// A ledger that is only a list may add them at its end: they begin with decree 0, and repeat
    /// all that is still needed of the rows above.
    ///
    /// # Errors
    /// If that fails. The priest then leaves the Chamber, and either ledger stands.
    #[doc(alias = "snapshot")]
    fn bind(&mut self, rows: &[Entry]) -> Result<(), Self::Error> {
        self.ink(rows)?;
        self.dry()
    }

    /// Like [`Ledger::bind`], for a book that says only what the rows above it say. If it cannot be
    /// bound, the old ledger may stand as it was, without these rows.
    ///
    /// # Errors
    /// If it is unknown which ledger stands. The priest then leaves the Chamber.
    fn bind_or_stand(&mut self, rows: &[Entry]) -> Result<Bound, Self::Error> {
        self.bind(rows).map(|()| Bound::Anew)
    }
}

/// The result of writing a ledger anew.
#[derive(Clone, PartialEq, Eq, Debug)]
#[must_use = "where the old ledger stands, what follows the book stands nowhere"]
pub enum Bound {
    /// The book is the ledger now, and dry.
    Anew,
    /// The old ledger stands, without any of the rows, and goes on.
    OldStands {
        /// The reason why the book was not bound.
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

/// A ledger in memory, for examples and tests. It lasts as long as the program runs, and its rows
/// count as dry at once.
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

/// Letters that may leave, in order: the ink they rest on is dry. Only the performance of a [`Deed`]
/// makes them.
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

/// The messengers to whom a priest hands letters. This cannot fail: a letter that cannot be carried
/// is lost, and the protocol tolerates lost letters.
pub trait Post {
    /// Takes letters, in order.
    fn post(&mut self, letters: Released);
}

impl Post for Vec<Letter> {
    fn post(&mut self, letters: Released) {
        self.extend(letters);
    }
}

/// An observer of a ledger while a deed is performed. It cannot change anything. The defaults do
/// nothing, and `()` is a witness that does nothing.
pub trait Witness {
    /// These rows will be inked next. If that fails, some of them may stand in the ledger.
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

/// One move of a priest: rows to ink, letters that may rest on them, and the reasons.
///
/// It cannot be cloned, so that it is done only once.
#[derive(Debug, Default, PartialEq, Eq)]
#[must_use = "a deed that is not performed was never done"]
pub struct Deed {
    rows: Vec<Entry>,
    /// The number of rows that end the old ledger. The others are a law book and the rows after it.
    binds_after: Option<usize>,
    /// Whether the book says something that the old ledger does not say. Then the old ledger may
    /// not stand in its place.
    says_more: bool,
    /// Letters that rest on no note.
    free: Vec<Letter>,
    /// Letters that rest on a note.
    resting: Vec<Letter>,
    steps: Vec<Step>,
}

impl Deed {
    /// A deed without rows, letters and reasons.
    pub fn nothing() -> Deed {
        Deed::default()
    }

    /// A deed made elsewhere: inks `rows`, writes the ledger anew as `book` if it is not empty, and
    /// sends these letters, each resting on the note that its message rests on. `tests/tidy.rs` lists
    /// the files that may use it.
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

    /// A deed of one reason alone, to which rows and letters may be added.
    pub(crate) fn because(step: Step) -> Deed {
        Deed { steps: vec![step], ..Deed::default() }
    }

    /// Adds a row.
    pub(crate) fn inking(mut self, row: Entry) -> Deed {
        self.ink(row);
        self
    }

    /// Adds a letter.
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

    /// Adds a reason, in place.
    pub(crate) fn tell(&mut self, step: Step) {
        self.steps.push(step);
    }

    /// Adds a law book, in place, which replaces the ledger after the rows added before. `says_more`
    /// if the book says something that the old ledger does not say.
    pub(crate) fn bind(&mut self, book: Vec<Entry>, says_more: bool) {
        self.binds_after = Some(self.rows.len());
        self.says_more |= says_more;
        self.rows.extend(book);
    }

    /// Adds another deed after this one, with one drying for both.
    pub fn then(mut self, next: Deed) -> Deed {
        self.absorb(next);
        self
    }

    /// As [`Deed::then`], in place.
    pub fn absorb(&mut self, next: Deed) {
        if next.is_nothing() {
            return;
        }
        if self.is_nothing() {
            *self = next;
            return;
        }
        let before = self.rows.len();
        self.binds_after = next.binds_after.map(|rows| before + rows).or(self.binds_after);
        self.says_more |= next.says_more;
        append(&mut self.rows, next.rows);
        append(&mut self.free, next.free);
        append(&mut self.resting, next.resting);
        append(&mut self.steps, next.steps);
    }

    /// Whether it has no row, no letter and no reason.
    fn is_nothing(&self) -> bool {
        self.is_idle() && self.steps.is_empty() && self.binds_after.is_none()
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

    /// The letters, to look at: those that rest on no note first. They are not released.
    pub fn letters(&self) -> impl Iterator<Item = &Letter> {
        self.free.iter().chain(&self.resting)
    }

    /// The reasons, step by step.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Whether a guard kept him from acting on the letter he read. Only the first step counts: the
    /// later ones are about his letters to himself.
    #[must_use]
    pub fn is_in_vain(&self) -> bool {
        self.steps.first().is_some_and(|step| step.act.is_ignoring())
    }

    /// Whether it has no row to ink and no letter to send.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.rows.is_empty() && self.free.is_empty() && self.resting.is_empty()
    }

    /// Removes and returns the messages of `priest` to himself that rest on no note. They need no
    /// messenger, and he may hear them before the ink is dry.
    pub(crate) fn take_own_words(&mut self, priest: Name) -> Vec<Message> {
        if self.free.is_empty() {
            return Vec::new();
        }
        let (own, others) =
            std::mem::take(&mut self.free).into_iter().partition(|letter| letter.to == priest);
        self.free = others;
        own.into_iter().map(|letter: Letter| letter.message).collect()
    }

    /// Inks the rows, posts the letters that rest on no note, waits until the ink is dry, and posts
    /// the rest. A law book is bound when the rows before it are dry, and the rest waits for it.
    ///
    /// # Errors
    /// If the ledger fails. Then no letter that rested on its ink has left.
    pub fn perform<L: Ledger>(self, ledger: &mut L, post: &mut impl Post) -> Result<(), L::Error> {
        self.begin(ledger, &mut (), post)?.finish(ledger, &mut (), post)
    }

    /// Inks the rows, and posts the letters that rest on no note.
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

/// Puts one list behind another, which is mostly empty and then takes the room of the next.
fn append<T>(list: &mut Vec<T>, next: Vec<T>) {
    if list.is_empty() {
        *list = next;
    } else {
        list.extend(next);
    }
}

/// The rest of a deed whose rows are inked and may be wet.
#[derive(Debug)]
struct Wet {
    has_rows: bool,
    book: Vec<Entry>,
    says_more: bool,
    resting: Vec<Letter>,
}

impl Wet {
    /// Waits until the ink is dry, and posts the letters that rest on it. Letters may rest on rows
    /// of an earlier deed, so it dries the ledger for them even if this deed inked no row.
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

    /// Binds the book. If it cannot be bound and the old ledger stands, inks and dries the rows that
    /// follow the book's end there, before a letter that rests on them leaves.
    ///
    /// So ink before feet holds. The book up to its end was copied from rows of the old ledger, which
    /// are dry by now. The rows after its end stand only here, and a letter may rest on them. A book
    /// copied from a colleague says more than the old ledger, so the old one cannot stand for it, and
    /// the priest leaves instead.
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
/// reads on while it dries. No letter can be taken out before the ink is dry.
#[derive(Debug)]
pub struct WetLedger<L> {
    ledger: L,
    wet: Option<Wet>,
}

impl<L: Ledger> WetLedger<L> {
    /// Takes a ledger for which no letter waits.
    pub fn new(ledger: L) -> WetLedger<L> {
        WetLedger { ledger, wet: None }
    }

    /// Performs a deed as [`Deed::perform`] does, after the letters that wait for wet ink.
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

    /// Inks a deed's rows, and posts the letters that rest on no note. The others wait for
    /// [`WetLedger::finish`]. Letters that waited before leave first.
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

    /// Begins to dry the ink, as [`Ledger::blot`] does.
    pub fn blot(&mut self) {
        self.ledger.blot();
    }

    /// Waits until the ink is dry, and posts the letters that rest on it. False if there was no deed
    /// to finish.
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

    /// Returns the ledger. Letters that waited for wet ink are dropped.
    pub fn into_ledger(self) -> L {
        self.ledger
    }
}

#[cfg(test)]
mod tests;
