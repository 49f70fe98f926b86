//! Ink before feet: a deed is rows to ink, then letters to send. `[PTP §2.3]`
//!
//! A priest's move yields a [`Deed`]. Its letters cannot be taken out: the only road from a deed
//! to the messengers is [`Deed::perform`], which leads through a [`Ledger`]. A letter that rests
//! on a note is handed over only after the ledger has said that the note is dry, and when the
//! ledger fails, the letters are gone with the deed.

pub use super::entry::{Entry, Note};
use super::message::Message;
use super::name::Name;
use super::step::Step;

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
    /// ink waits for [`Ledger::dry`] all the same. Who has nothing that dries by itself does
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
}

/// Where a priest hands letters to messengers. It cannot fail: a letter that cannot be carried is
/// a letter lost, which the protocol bears.
pub trait Post {
    /// Takes letters, in order.
    fn post(&mut self, letters: Vec<Letter>);
}

impl Post for Vec<Letter> {
    fn post(&mut self, letters: Vec<Letter>) {
        self.extend(letters);
    }
}

/// What a priest does at one moment: rows to ink, letters that may rest on them, and why.
#[derive(Debug, Default, PartialEq, Eq, Clone)]
#[must_use = "a deed that is not performed was never done"]
pub struct Deed {
    rows: Vec<Entry>,
    /// How many of the rows end the old ledger; the others are a law book, and what follows it.
    binds_after: Option<usize>,
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

    /// To write the ledger anew besides, in place, after all rows inked before.
    pub(crate) fn bind(&mut self, book: Vec<Entry>) {
        self.binds_after = Some(self.rows.len());
        self.rows.extend(book);
    }

    /// To do another deed after this one, with one drying for both.
    pub fn then(mut self, next: Deed) -> Deed {
        self.absorb(next);
        self
    }

    /// As [`Deed::then`], in place.
    pub fn absorb(&mut self, next: Deed) {
        let before = self.rows.len();
        self.binds_after = next.binds_after.map(|rows| before + rows).or(self.binds_after);
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

    /// The deed of one who inks and sends other things than he means to: whatever is put in the
    /// place of a row or a letter rests on the same ink. For heresies alone.
    pub(crate) fn reworded(
        self,
        row: impl FnMut(Entry) -> Option<Entry>,
        letter: impl FnMut(Letter) -> Option<Letter>,
    ) -> Deed {
        let mut row = row;
        let (mut rows, mut binds_after) = (Vec::new(), None);
        for (i, old) in self.rows.into_iter().enumerate() {
            binds_after = binds_after.or((self.binds_after == Some(i)).then_some(rows.len()));
            rows.extend(row(old));
        }
        let mut reworded = Deed { rows, binds_after, steps: self.steps, ..Deed::default() };
        for Letter { to, message } in self.free.into_iter().chain(self.resting).filter_map(letter) {
            reworded.send(to, message);
        }
        reworded
    }

    /// Inks the rows, posts what rests on nothing, waits until the ink is dry, posts the rest. A
    /// law book is bound when the rows before it are dry, and what rests on a note waits for it.
    ///
    /// # Errors
    /// When the ledger fails: then no letter that rested on its ink has left.
    pub fn perform<L: Ledger>(self, ledger: &mut L, post: &mut impl Post) -> Result<(), L::Error> {
        self.begin(ledger, post)?.finish(ledger, post)
    }

    /// The first half of [`Deed::perform`]: inks the rows, and posts what rests on nothing.
    ///
    /// # Errors
    /// When the ledger fails: then no letter has left.
    pub fn begin<L: Ledger>(self, ledger: &mut L, post: &mut impl Post) -> Result<Wet, L::Error> {
        let Deed { mut rows, binds_after, free, resting, .. } = self;
        let book = rows.split_off(binds_after.unwrap_or(rows.len()));
        if !rows.is_empty() {
            ledger.ink(&rows)?;
        }
        if !free.is_empty() {
            post.post(free);
        }
        Ok(Wet { has_rows: !rows.is_empty(), book, resting })
    }
}

/// A deed that is inked and may not be dry: the letters that rest on its notes, which cannot be
/// taken out either.
#[derive(Debug)]
#[must_use = "a deed that is left wet was never done"]
pub struct Wet {
    has_rows: bool,
    book: Vec<Entry>,
    resting: Vec<Letter>,
}

impl Wet {
    /// The second half of [`Deed::perform`]: waits until the ink is dry, and posts what rests on it.
    ///
    /// # Errors
    /// When the ledger fails: then no letter that rested on its ink has left.
    pub fn finish<L: Ledger>(self, ledger: &mut L, post: &mut impl Post) -> Result<(), L::Error> {
        if self.has_rows {
            ledger.dry()?;
        }
        if !self.book.is_empty() {
            ledger.bind(&self.book)?;
        }
        if !self.resting.is_empty() {
            post.post(self.resting);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synod::{BallotNumber, Decree};

    /// A ledger that keeps a diary, and fails at a chosen moment.
    #[derive(Default)]
    struct Diary {
        told: Vec<String>,
        fail_at: Option<&'static str>,
    }

    impl Diary {
        fn tell(&mut self, what: &'static str) -> Result<(), &'static str> {
            self.told.push(what.into());
            if self.fail_at == Some(what) { Err(what) } else { Ok(()) }
        }
    }

    impl Ledger for Diary {
        type Error = &'static str;
        fn ink(&mut self, _: &[Entry]) -> Result<(), &'static str> {
            self.tell("ink")
        }
        fn dry(&mut self) -> Result<(), &'static str> {
            self.tell("dry")
        }
    }

    fn a_vote_and_a_beginning() -> Deed {
        let (gray, oki): (Name, Name) = ("Gray".parse().unwrap(), "Oki".parse().unwrap());
        let ballot = BallotNumber { round: 2, owner: oki };
        let decree = Decree::new("α").unwrap();
        Deed::nothing()
            .inking(Entry::NextBal { ballot })
            .sending(oki, Message::Voted { ballot, number: 1 })
            .sending(gray, Message::BeginBallot { ballot, number: 1, decree })
    }

    #[test]
    fn what_rests_on_nothing_leaves_first_and_the_rest_when_dry() {
        let (mut ledger, mut sent) = (Diary::default(), Vec::new());
        a_vote_and_a_beginning().perform(&mut ledger, &mut sent).unwrap();
        let kinds: Vec<&str> = sent.iter().map(|l| l.message.kind().as_str()).collect();
        assert_eq!(
            (ledger.told, kinds),
            (vec!["ink".into(), "dry".into()], vec!["BeginBallot", "Voted"])
        );
    }

    #[test]
    fn what_rests_on_a_note_waits_while_its_writer_reads_on() {
        let (mut ledger, mut sent) = (Diary::default(), Vec::new());
        let wet = a_vote_and_a_beginning().begin(&mut ledger, &mut sent).unwrap();
        let kinds = |sent: &Vec<Letter>| -> Vec<&str> {
            sent.iter().map(|letter| letter.message.kind().as_str()).collect()
        };
        assert_eq!((&ledger.told, kinds(&sent)), (&vec!["ink".into()], vec!["BeginBallot"]));
        wet.finish(&mut ledger, &mut sent).unwrap();
        assert_eq!(ledger.told, ["ink", "dry"]);
        assert_eq!(kinds(&sent), ["BeginBallot", "Voted"]);
    }

    #[test]
    fn a_failed_ledger_keeps_every_letter_that_rests_on_its_ink() {
        for (fail_at, expected) in [("ink", vec![]), ("dry", vec!["BeginBallot"])] {
            let (mut ledger, mut sent) =
                (Diary { fail_at: Some(fail_at), ..Diary::default() }, Vec::new());
            assert!(a_vote_and_a_beginning().perform(&mut ledger, &mut sent).is_err());
            let kinds: Vec<&str> =
                sent.iter().map(|l: &Letter| l.message.kind().as_str()).collect();
            assert_eq!(kinds, expected);
        }
    }
}
