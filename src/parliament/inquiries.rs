//! Copying from another's ledger what one lacks. `[PTP §3.1, §3.3.1]`
//!
//! An answer is at most [`FAR_BEHIND`] decrees, of [`LONGEST_ANSWER`] bytes, and then Presence, which says how much there is
//! yet; so one who was away six months copies piece by piece, and nobody's desk is buried. Where
//! the decrees stand in a law book alone, he is sent the book, and those that follow it (§3.3.2).

use super::legislator::{Legislator, success};
use super::{FAR_BEHIND, LONGEST_ANSWER, Page};
use crate::synod::deed::Deed;
use crate::words::ballot::{DecreeNumber, LONGEST_DECREE, LONGEST_PETITION};
use crate::words::message::Message;
use crate::words::name::Name;
use crate::words::step::{Act, Guard};
use crate::words::time::{Minutes, REPLY};

/// How many decrees a page that is cut for its bytes has at least.
const SHORTEST_PAGE: DecreeNumber =
    (LONGEST_ANSWER / (LONGEST_DECREE + LONGEST_PETITION)) as DecreeNumber;

/// An inquiry under way; there is one at a time.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct Asked {
    /// Whom.
    of: Name,
    /// Above which decree.
    above: DecreeNumber,
    /// Through which decree.
    through: DecreeNumber,
    /// How far that one's ledger is complete, as he said.
    claimed: DecreeNumber,
    /// When its answer should have come.
    pub due: Minutes,
    /// Whom he asked, if that was a stranger by the law as far as he knows it.
    pub stranger: Option<Name>,
}

impl Legislator {
    /// Asks all how things stand, being new in the Chamber: an inquiry about no decree.
    pub(super) fn ask_how_things_stand(&self, deed: &mut Deed) {
        let above = self.pages.complete_through();
        for to in self.others() {
            deed.send(to, Message::Inquiry { above, through: Some(above) });
        }
    }

    /// Asks one whose ledger is complete through `known` for what he lacks, if he lacks any and
    /// awaits no answer.
    pub(super) fn inquire(&mut self, now: Minutes, of: Name, known: DecreeNumber, deed: &mut Deed) {
        let above = self.pages.complete_through();
        let awaits = |asked: &Asked| above < asked.through && now < asked.due;
        if known <= above || self.asked.as_ref().is_some_and(awaits) {
            return;
        }
        let through = known.min(above + FAR_BEHIND);
        let stranger = Some(of).filter(|&name| !self.pages.seats().ever_had(name));
        self.asked = Some(Asked { of, above, through, claimed: known, due: now + REPLY, stranger });
        self.tell(deed, || Act::Inquires { above, through, of });
        deed.send(of, Message::Inquiry { above, through: Some(through) });
    }

    /// A letter from one who has no seat by the law as far as this ledger goes. He may have one by
    /// what it lacks: whoever has a new ledger from God, and finds none of the founders inside,
    /// learns the law from nobody else. So he is asked for it. `[PTP §3.3.6]`
    ///
    /// So is one whose ballot is far above all that is known here: what has passed meanwhile names
    /// the ballots it passed in, and whoever was long away copies before he judges.
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
        tells_law && self.asked.as_ref().is_some_and(|asked| asked.stranger == Some(from))
    }

    /// The Presence that ends an answer: where a page of many bytes has come, the next is asked for
    /// at once; and where he whom he asked says that he has nothing to tell, whatever was said
    /// before in his name, nothing is awaited from him.
    pub(super) fn see_if_answered(&mut self, from: Name, complete_through: DecreeNumber) {
        let mine = self.pages.complete_through();
        let answered = |asked: &mut Asked| {
            let has_page = mine >= asked.above + SHORTEST_PAGE;
            asked.of == from && (has_page || complete_through <= mine)
        };
        self.asked.take_if(answered);
    }

    /// Until when he is copying: he does not preside before his ledger is complete. `[PTP §3.3.1]`
    pub(super) fn copies_until(&self) -> Minutes {
        let lacks = |asked: &&Asked| self.pages.complete_through() < asked.through;
        self.asked.as_ref().filter(lacks).map_or(Minutes::ZERO, |asked| asked.due)
    }

    /// Asks again for what has not come in time, whoever knows it now.
    pub(super) fn inquire_again(&mut self, now: Minutes, deed: &mut Deed) {
        if self.asked.as_ref().is_none_or(|asked| now < asked.due) {
            return;
        }
        self.asked = None;
        if let Some((of, known)) = self.colleagues.furthest(now) {
            self.inquire(now, of, known, deed);
        }
    }

    /// Takes a decree far ahead of all that is known for hearsay, and asks its sender for those
    /// before it. Known is what stands in his ledger; of one who has begun a decree, also how far he
    /// has said that he is.
    ///
    /// Whoever begins decree n knows all through n − α (§3.3.6), and an answer goes no further than
    /// [`FAR_BEHIND`]; so what lies beyond both is copied in its turn, if it was passed. Inked now, a
    /// single stray row would have a president fill the gap with olive days without end.
    ///
    /// # Errors
    /// [`Guard::FarAhead`] when the decree is not to be inked, or voted for, yet.
    pub(super) fn ask_if_far_ahead(
        &mut self,
        now: Minutes,
        from: Name,
        number: DecreeNumber,
        known: DecreeNumber,
        deed: &mut Deed,
    ) -> Result<(), Guard> {
        if number <= known.saturating_add(FAR_BEHIND).saturating_add(self.window) {
            return Ok(());
        }
        if from != self.name {
            self.inquire(now, from, number, deed);
        }
        Err(Guard::FarAhead { number, known })
    }

    /// How far the ledger of `from` is complete at most, as far as he has said.
    pub(super) fn claimed_by(&self, from: Name) -> DecreeNumber {
        let asked = self.asked.as_ref().filter(|asked| asked.of == from);
        asked.map_or(0, |asked| asked.claimed).max(self.colleagues.progress(from))
    }

    /// Answers an inquiry.
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
            self.tell(deed, || Act::Tells { number, to });
            deed.send(to, success(number, page));
        }
        deed.send(to, self.presence_message());
    }

    /// The decrees that one letter may be answered with: those above one number, through another,
    /// as far as [`LONGEST_ANSWER`] bytes of words go, and at least one. The rest is for him to ask
    /// for who lacks it.
    pub(super) fn page_of(
        &self,
        above: DecreeNumber,
        through: DecreeNumber,
    ) -> impl Iterator<Item = (DecreeNumber, &Page)> {
        let mut bytes = 0;
        self.pages.inked(above, through).take(FAR_BEHIND as usize).take_while(move |(_, page)| {
            let is_first = bytes == 0;
            bytes += page.decree.text().len() + page.decree.petition().map_or(0, str::len);
            is_first || bytes <= LONGEST_ANSWER
        })
    }
}
