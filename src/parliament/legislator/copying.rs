//! Copying missing decrees from another ledger, and writing one's own ledger anew.
//! `[PTP §3.1, §3.3.1, §3.3.2]`
//!
//! An answer is at most [`FAR_BEHIND`] decrees or [`LONGEST_ANSWER`] bytes, and then Presence, which
//! says how far the ledger goes. So a legislator who was away six months copies piece by piece.
//! Where the decrees stand in a law book alone, he is sent the book and the decrees that follow it
//! (§3.3.2).

use super::super::inquiry::Inquiry;
use super::super::{FAR_BEHIND, LONGEST_ANSWER, Page};
use super::Legislator;
use crate::law::LawBook;
use crate::synod::deed::Deed;
use crate::words::Entry;
use crate::words::ballot::DecreeNumber;
use crate::words::members::Founding;
use crate::words::message::Message;
use crate::words::name::Name;
use crate::words::step::{Act, Guard};
use crate::words::time::Minutes;
use crate::words::{BookRow, Heading};

impl Legislator {
    /// Asks everyone how far his ledger goes, on entering: an inquiry about no decree.
    pub(super) fn ask_how_things_stand(&self, deed: &mut Deed) {
        let above = self.pages.complete_through();
        for to in self.others() {
            deed.send(to, Message::Inquiry { above, through: Some(above) });
        }
    }

    /// Asks `of`, whose ledger is complete through `known`, for the decrees he lacks, if he lacks
    /// any and awaits no answer.
    pub(super) fn inquire(&mut self, now: Minutes, of: Name, known: DecreeNumber, deed: &mut Deed) {
        let above = self.pages.complete_through();
        let awaits = |inquiry: &Inquiry| inquiry.awaits(now, above);
        if known <= above || self.slip.inquiry.as_ref().is_some_and(awaits) {
            return;
        }
        let through = known.min(above + FAR_BEHIND);
        let is_stranger = !self.pages.seats().ever_had(of);
        self.slip.inquiry = Some(Inquiry::new(now, of, (above, through), known, is_stranger));
        self.voice.tell(deed, || Act::Inquires { above, through, of });
        deed.send(of, Message::Inquiry { above, through: Some(through) });
    }

    /// Asks the sender of a letter for decrees, where this ledger gives the sender no seat: he may
    /// have been seated since. A legislator with a new ledger from God, who finds none of the
    /// founders inside, can learn the law only from such a sender. `[PTP §3.3.6]`
    ///
    /// The same where the ballot is far above all that is known here. Passed decrees name the
    /// ballots they passed in, so one who was long away copies them before he judges.
    pub(super) fn ask_before_judging(
        &mut self,
        now: Minutes,
        of: Name,
        message: &Message,
        deed: &mut Deed,
    ) {
        let known = match message {
            Message::NextBallot { complete_through, .. }
            | Message::Presence { complete_through, .. } => *complete_through,
            _ => return,
        };
        if message.could_pass(of, self.name).is_ok() {
            self.inquire(now, of, known, deed);
        }
    }

    /// Whether a letter answers what he asked a stranger.
    pub(super) fn is_strangers_answer(&self, from: Name, message: &Message) -> bool {
        let tells_law = matches!(message, Message::Success { .. } | Message::LawBook { .. });
        tells_law && self.slip.inquiry.as_ref().is_some_and(|inquiry| inquiry.asks_stranger(from))
    }

    /// Ends the inquiry that this Presence answers. If a page cut for its bytes has come, he may ask
    /// for the next at once. If the sender has nothing to tell, he awaits nothing more from him,
    /// whatever an earlier letter said.
    pub(super) fn see_if_answered(&mut self, from: Name, complete_through: DecreeNumber) {
        let mine = self.pages.complete_through();
        self.slip.inquiry.take_if(|inquiry| inquiry.is_answered(from, complete_through, mine));
    }

    /// When he stops copying, at the latest. He does not preside before his ledger is complete.
    /// `[PTP §3.3.1]`
    pub(super) fn copies_until(&self) -> Minutes {
        let mine = self.pages.complete_through();
        let inquiry = self.slip.inquiry.as_ref().filter(|inquiry| inquiry.lacks(mine));
        inquiry.map_or(Minutes::ZERO, Inquiry::due)
    }

    /// Asks again for what has not come in time: now the colleague who is furthest ahead.
    pub(super) fn inquire_again(&mut self, now: Minutes, deed: &mut Deed) {
        self.slip.inquiry = None;
        if let Some((of, known)) = self.colleagues.furthest(now) {
            self.inquire(now, of, known, deed);
        }
    }

    /// Refuses a decree far ahead of all that is `known`, and asks its sender for those before it.
    /// `known` is how far his own ledger goes, or how far the president has said that he is.
    ///
    /// A president who begins decree n knows all through n − α (§3.3.6), and an answer goes no
    /// further than [`FAR_BEHIND`]. A decree beyond both is copied in its turn, if it was passed.
    /// If a single stray row were inked now, a president would fill the gap before it with an
    /// enormous number of olive days.
    ///
    /// # Errors
    /// [`Guard::FarAhead`] if the decree may not be inked, or voted for, yet.
    pub(super) fn ask_if_far_ahead(
        &mut self,
        now: Minutes,
        from: Name,
        number: DecreeNumber,
        known: DecreeNumber,
        deed: &mut Deed,
    ) -> Result<(), Guard> {
        if number <= known.saturating_add(FAR_BEHIND).saturating_add(self.founding.alpha) {
            return Ok(());
        }
        if from != self.name {
            self.inquire(now, from, number, deed);
        }
        Err(Guard::FarAhead { number, known })
    }

    /// The largest decree through which `from` has said that his ledger is complete.
    pub(super) fn claimed_by(&self, from: Name) -> DecreeNumber {
        let inquiry = self.slip.inquiry.as_ref();
        let claimed = inquiry.and_then(|inquiry| inquiry.claimed_by(from)).unwrap_or_default();
        claimed.max(self.colleagues.progress(from))
    }

    /// **Answer an inquiry**: the law book if the asker needs it, decrees, then Presence.
    pub(super) fn answer(
        &self,
        to: Name,
        above: DecreeNumber,
        through: Option<DecreeNumber>,
        deed: &mut Deed,
    ) {
        let in_book = self.pages.in_book_through();
        if above < in_book && through.is_none_or(|through| above < through) {
            self.send_book(to, deed);
        }
        let piece = above.max(in_book).saturating_add(FAR_BEHIND);
        let through = through.unwrap_or(piece).min(piece);
        for (number, page) in self.page_of(above, through) {
            self.voice.tell(deed, || Act::Tells { number, to });
            deed.send(to, page.success(number));
        }
        deed.send(to, self.presence_message());
    }

    /// The decrees that answer one letter: those above one number, through another, of at most
    /// [`LONGEST_ANSWER`] bytes, which are many decrees. The asker must ask again for the rest.
    pub(super) fn page_of(
        &self,
        above: DecreeNumber,
        through: DecreeNumber,
    ) -> impl Iterator<Item = (DecreeNumber, &Page)> {
        let mut bytes = 0;
        self.pages.inked(above, through).take(FAR_BEHIND as usize).take_while(move |(_, page)| {
            bytes += page.decree.text().len() + page.decree.petition().map_or(0, str::len);
            bytes <= LONGEST_ANSWER
        })
    }

    // ---------------------------------------------------------- law books `[PTP §3.3.2]`

    /// This legislator, writing his ledger anew as a law book when it holds more than `decrees`
    /// single decrees. `[PTP §3.3.2]`
    #[must_use]
    pub fn with_law_book_every(mut self, decrees: DecreeNumber) -> Legislator {
        self.books.write_every(decrees);
        self
    }

    /// Whether it is time to write the ledger anew.
    pub(super) fn is_book_due(&self) -> bool {
        self.books.is_due(self.pages.complete_through() - self.pages.in_book_through())
    }

    /// Writes the ledger anew. The latest decrees remain single, so that a colleague who is only a
    /// little behind does not need the whole book.
    pub(super) fn bind_book(&mut self, deed: &mut Deed) {
        if let Some(every) = self.books.every() {
            self.pages.enter_in_book(FAR_BEHIND.min(every / 2));
        }
        let is_copied = self.books.bind_copied();
        deed.bind(self.ledger_as_a_book(), is_copied);
    }

    /// His ledger as a law book: decree 0, the book, the notes, the votes above the book's number,
    /// the decrees that follow, and the row that ends what was copied into it.
    #[must_use]
    pub fn ledger_as_a_book(&self) -> Vec<Entry> {
        let founding = self.founding.decree().ok();
        let founding = founding.map(|decree| Entry::Outcome {
            number: Founding::NUMBER,
            decree,
            ballot: None,
        });
        let mut rows: Vec<Entry> = founding.into_iter().collect();
        rows.extend(self.pages.book().rows().into_iter().map(Entry::Book));
        rows.extend(self.notes.last_tried().map(|ballot| Entry::LastTried { ballot }));
        rows.extend(self.notes.next_bal().map(|ballot| Entry::NextBal { ballot }));
        let through = self.pages.in_book_through();
        let votes = self.pages.votes_above(through);
        rows.extend(votes.map(|(number, vote)| Entry::prev_vote(number, vote)));
        for (number, page) in self.pages.inked(through, DecreeNumber::MAX) {
            let (decree, ballot) = (page.decree.clone(), page.ballot);
            rows.push(Entry::Outcome { number, decree, ballot });
        }
        rows.push(Entry::Book(BookRow::of(Heading::Bound, through, "")));
        rows
    }

    /// Sends his law book, one row a letter.
    fn send_book(&self, to: Name, deed: &mut Deed) {
        let (through, rows) = (self.pages.in_book_through(), self.pages.book().rows());
        let of = rows.len() as u64;
        for row in rows {
            deed.send(to, Message::LawBook { through, row, of });
        }
    }

    /// **Copy a law book**, one row of it. With all its rows he knows the law as of its number, and
    /// goes on from there. `[PTP §3.3.2]`
    ///
    /// # Errors
    /// The guard that fails.
    pub(super) fn copy_book(
        &mut self,
        now: Minutes,
        from: Name,
        (through, of): (DecreeNumber, u64),
        row: BookRow,
        deed: &mut Deed,
    ) -> Result<(), Guard> {
        let mine = self.pages.complete_through();
        if through <= mine {
            return Err(Guard::Known { number: through });
        }
        // A book answers an inquiry, so it goes about as far as its owner has said that he is.
        self.ask_if_far_ahead(now, from, through, mine.max(self.claimed_by(from)), deed)?;
        let Some(rows) = self.books.take(from, (through, of), row) else { return Ok(()) };
        let Some(book) = LawBook::of_rows(&self.founding, &rows) else { return Ok(()) };
        if book.complete_through() != through || !self.pages.begin_with(book) {
            return Ok(());
        }
        self.books.has_copied();
        self.voice.tell(deed, || Act::Copies { through, from });
        self.slip.petitions.let_go_of_passed(&self.pages);
        self.see_who_sits();
        self.go_on_from_what_is_learnt(now, deed);
        Ok(())
    }
}
