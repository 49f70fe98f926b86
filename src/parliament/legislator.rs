//! A legislator: one promise for all decree numbers, one vote for each. `[PTP §3.1]`
//!
//! Here are the steps that every legislator takes, 2, 4 and 6; the president's are in
//! [`super::president`]. Each asks the Synod's rules for the number it concerns.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::agenda::Agenda;
use super::books::Books;
use super::colleagues::Colleagues;
use super::inquiries::Asked;
use super::pages::Pages;
use super::petitions::Petitions;
use super::replies::Replies;
use super::restating::Restating;
use super::{FAR_BEHIND, Page};
use crate::law::binding::BookRows;
use crate::synod::deed::{Deed, Entry};
use crate::synod::notes::Notes;
use crate::words::ballot::{BallotNumber, Decree, DecreeNumber, Vote};
use crate::words::members::{Founding, Membership};
use crate::words::message::Message;
use crate::words::name::Name;
use crate::words::step::{Act, Guard, Step};
use crate::words::time::{Minutes, PRESENCE};

/// A legislator: what his ledger holds, and his slip of paper. `[PTP §3.1]`
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct Legislator {
    pub(super) name: Name,
    pub(super) founding: Arc<Founding>,
    pub(super) notes: Notes,
    pub(super) pages: Pages,
    pub(super) office: Office,
    pub(super) colleagues: Colleagues,
    pub(super) petitions: Petitions,
    pub(super) asked: Option<Asked>,
    /// The largest ballot number heard of.
    pub(super) heard_of: Option<BallotNumber>,
    /// The ballot of the last other legislator who presided or was about to, as far as he knows.
    pub(super) presidency: Option<BallotNumber>,
    /// How often he was refused since a decree of his last passed.
    pub(super) refusals: u64,
    /// Until when he lets a rival finish.
    pub(super) aside_until: Minutes,
    /// How many numbers he opens at once: α. `[PTP §3.3.6]`
    pub(super) window: u64,
    /// Whether he waits for ever for those whom he asked. A heresy.
    pub(super) waits_for_ever: bool,
    /// The decree through which his ledger was complete when he last noticed who sits.
    members_as_of: DecreeNumber,
    /// How he restates the law as president, if he does.
    pub(super) restating: Option<Restating>,
    /// When he writes law books, and what he has of another's.
    pub(super) books: Books,
    silent: bool,
}

/// A legislator's office, the Parliament's status: lost with the slip of paper. `[PTP §2.2]`
#[derive(Clone, PartialEq, Eq, Debug, Hash, Default)]
pub enum Office {
    /// He is not the president, or has no ballot under way.
    #[default]
    None,
    /// He has tried ballot lastTried for every number, and collects replies.
    Trying(Replies),
    /// A majority set has replied in ballot lastTried: he presides.
    Presiding(Agenda),
}

impl Legislator {
    /// A legislator who opens his ledger: he knows what it says, and his slip is blank.
    ///
    /// Of two rows that contradict each other he believes the first; whoever reads the ledger for
    /// him refuses it.
    pub fn from_ledger<'a>(
        name: Name,
        founding: Arc<Founding>,
        rows: impl IntoIterator<Item = &'a Entry>,
    ) -> Legislator {
        let mut notes = Notes::default();
        let mut pages = Pages::founded(&founding);
        let mut in_book = BookRows::default();
        for row in rows {
            match row {
                Entry::Outcome { number, decree, ballot } => {
                    pages.ink(*number, decree.clone(), *ballot).unwrap_or_default();
                }
                Entry::PrevVote { number, ballot, decree } => {
                    let vote = Vote { priest: name, ballot: *ballot, decree: decree.clone() };
                    pages.vote(*number, vote);
                }
                // A book that makes no sense counts for nothing: he copies another's.
                Entry::Book(row) => {
                    let book = in_book.read(row, &founding, pages.in_book_through());
                    if let Some(book) = book {
                        pages.begin_with(book);
                    }
                }
                Entry::LastTried { .. } | Entry::NextBal { .. } => _ = notes.read(row),
                Entry::Entered | Entry::BeginBallot { .. } => {}
            }
        }
        let colleagues = Colleagues::new(name, &founding.membership, PRESENCE);
        let mut legislator = Legislator {
            name,
            window: founding.alpha,
            waits_for_ever: false,
            founding,
            presidency: None,
            notes,
            pages,
            office: Office::None,
            colleagues,
            petitions: Petitions::default(),
            asked: None,
            heard_of: None,
            refusals: 0,
            aside_until: Minutes::ZERO,
            members_as_of: 0,
            restating: None,
            books: Books::default(),
            silent: false,
        };
        legislator.see_who_sits();
        legislator
    }

    /// This legislator, for whom T is `patience`. `[PTP §2.4]`
    #[must_use]
    pub fn with_patience(mut self, patience: Minutes) -> Legislator {
        self.colleagues = Colleagues::new(self.name, &self.founding.membership, patience);
        self.members_as_of = 0;
        self.see_who_sits();
        self
    }

    /// This legislator, who opens so many numbers at once, whatever α is to him. For heresies
    /// alone. `[PTP §3.3.6]`
    pub(crate) fn with_window(mut self, numbers: u64) -> Legislator {
        self.window = numbers;
        self
    }

    /// This legislator, who asks again and again in one ballot, however long nobody answers. For
    /// heresies alone. `[PTP §2.4]`
    pub(crate) fn waiting_for_ever(mut self) -> Legislator {
        self.waits_for_ever = true;
        self
    }

    /// This legislator, who gives no reasons for what he does with each decree: his deeds hold
    /// only those a [`Step`] that [concerns his office](Act::concerns_office).
    #[must_use]
    pub fn silent(mut self) -> Legislator {
        self.silent = true;
        self
    }

    /// Who may vote on decree `number`, and with what weight: the law as of decree
    /// max(0, number − α), through which his ledger must be complete. `[PTP §3.3.6]`
    #[must_use]
    pub fn membership_for(&self, number: DecreeNumber) -> &Membership {
        self.pages.seats().voting_on(number)
    }

    /// Everyone who votes on any of the α numbers open to him, by what he knows now: whom he asks
    /// as president, and whom he counts. `[PTP §3.3.6]`
    pub(super) fn voters(&self) -> BTreeSet<Name> {
        let known = self.pages.complete_through();
        self.pages.seats().in_window_after(known).flat_map(Membership::names).collect()
    }

    /// Notices that others sit in Parliament, when a change comes into the window or its old
    /// members leave it. Whoever is no member any more does not preside: nobody who sits would
    /// tell him that another does.
    pub(super) fn see_who_sits(&mut self) {
        let (known, seats) = (self.pages.complete_through(), self.pages.seats());
        let changes_since = |change| self.members_as_of < seats.in_force_from(change);
        if seats.last_change().is_some_and(changes_since) {
            let all = self.voters();
            let next = self.pages.seats().voting_on(known + 1);
            self.colleagues.learn_members(next, &all);
            if !self.colleagues.sits() {
                self.give_up();
            }
        }
        self.members_as_of = known;
    }

    // ------------------------------------------------------------------ step 2

    /// **Receive NextBallot(b, n)** and **Send LastVote**, for every number above n.
    /// `[PTP §2.3 (2), §3.1]`
    ///
    /// The reply reports the vote for each number above n; the decrees inked above n go along as
    /// Success, and he asks for those through n that he lacks. One who is far behind gets no
    /// promise: he is to copy first (§3.3.1). So is one who lacks what stands here in a law book
    /// alone, since the votes on it are crossed out (§3.3.2).
    ///
    /// **Departure:** §3.1 leaves out the votes on decrees already inked. They are reported, and
    /// only votes are counted, because rows may be lost: a Success that was sent later, for a
    /// number of which the reply does not speak, would otherwise pass for a row that is missing,
    /// and the missing row may be the vote that binds.
    ///
    /// A NextBallot that comes again is no new promise, but it is answered again, which Appendix
    /// A1 allows as long as he has not voted in it: a row of the first answer may be lost.
    pub(super) fn receive_next_ballot(
        &mut self,
        now: Minutes,
        ballot: BallotNumber,
        above: DecreeNumber,
        deed: &mut Deed,
    ) -> Result<(), Guard> {
        let mine = self.pages.complete_through();
        let behind =
            above.saturating_add(FAR_BEHIND) < mine || above < self.pages.in_book_through();
        if behind {
            deed.send(ballot.owner, self.presence_message());
            return Err(Guard::FarBehind { complete_through: above, mine });
        }
        let votes = || self.pages.votes_above(above);
        let of = votes().count() as u64;
        let again =
            self.notes.next_bal() == Some(ballot) && votes().all(|(_, vote)| vote.ballot < ballot);
        if !again {
            let next_bal = self.notes.promise(ballot)?;
            self.tell(deed, || Act::PromisesAll { ballot, next_bal, above, votes: of });
            deed.ink(Entry::NextBal { ballot });
            self.say_if_out_of_numbers(deed);
        }
        self.send_last_votes(ballot, above, of, deed);
        if ballot.owner != self.name {
            self.stand_down(ballot.owner, deed);
            self.inquire(now, ballot.owner, above, deed);
            self.learn_of_presidency(now, ballot, deed);
        }
        Ok(())
    }

    fn send_last_votes(&self, ballot: BallotNumber, above: DecreeNumber, of: u64, deed: &mut Deed) {
        let to = ballot.owner;
        if of == 0 {
            deed.send(to, Message::LastVote { ballot, vote: None, of });
        }
        for (number, vote) in self.pages.votes_above(above) {
            let vote = Some((number, vote.clone()));
            deed.send(to, Message::LastVote { ballot, vote, of });
        }
        if to != self.name {
            let mut told = 0;
            for (number, page) in self.page_of(above, DecreeNumber::MAX) {
                deed.send(to, success(number, page));
                told = number;
            }
            if told != 0 && told < self.pages.last() {
                // Too much for one answer: hearing how far he is, the president asks for the rest.
                deed.send(to, self.presence_message());
            }
        }
    }

    // ------------------------------------------------------------------ step 4

    /// **Receive BeginBallot(b, d)** and **Send Voted**, for one number. `[PTP §2.3 (4), §3.1]`
    ///
    /// There is no reason to vote on a decree whose outcome is known: its sender is told it. Nor on
    /// one that its sender cannot have come to: a vote far ahead of all that anyone knows would have
    /// the next president fill the gap before it with olive days without end.
    pub(super) fn receive_begin_ballot(
        &mut self,
        now: Minutes,
        ballot: BallotNumber,
        number: DecreeNumber,
        decree: Decree,
        deed: &mut Deed,
    ) -> Result<(), Guard> {
        if let Some(page) = self.pages.outcome(number) {
            deed.send(ballot.owner, success(number, page));
            return Err(Guard::Known { number });
        }
        if self.pages.knows(number) {
            deed.send(ballot.owner, self.presence_message());
            return Err(Guard::Known { number });
        }
        let known = self.pages.complete_through().max(self.colleagues.progress(ballot.owner));
        self.ask_if_far_ahead(now, ballot.owner, number, known, deed)?;
        let prev_vote = self.pages.prev_vote(number);
        let vote = Vote { priest: self.name, ballot, decree };
        let vote = match self.notes.vote(prev_vote, vote) {
            Ok(vote) => vote,
            Err(guard) => {
                if prev_vote.is_some_and(|vote| vote.ballot == ballot) {
                    deed.send(ballot.owner, Message::Voted { ballot, number });
                }
                return Err(guard);
            }
        };
        self.tell(deed, || Act::Votes { ballot, number, decree: vote.decree.clone() });
        deed.ink(Entry::prev_vote(number, &vote));
        self.pages.vote(number, vote);
        deed.send(ballot.owner, Message::Voted { ballot, number });
        Ok(())
    }

    // ------------------------------------------------------------------ step 6

    /// **Receive Success(d)**, for one number. `[PTP §2.3 (6), §3.1]`
    pub(super) fn receive_success(
        &mut self,
        from: Name,
        ballot: Option<BallotNumber>,
        number: DecreeNumber,
        decree: Decree,
        deed: &mut Deed,
    ) -> Result<(), Guard> {
        self.pages.ink(number, decree.clone(), ballot)?;
        self.tell(deed, || Act::Learns { number, decree: decree.clone(), from });
        deed.ink(Entry::Outcome { number, decree, ballot });
        self.petitions.let_go_of_passed(&self.pages);
        self.see_who_sits();
        Ok(())
    }

    // ---------------------------------------------------------- what he knows

    /// His ledger by decree number.
    #[must_use]
    pub fn pages(&self) -> &Pages {
        &self.pages
    }

    /// lastTried and nextBal.
    #[must_use]
    pub fn notes(&self) -> &Notes {
        &self.notes
    }

    /// His office.
    #[must_use]
    pub fn office(&self) -> &Office {
        &self.office
    }

    /// The ballot he presides in, if he presides.
    #[must_use]
    pub fn presides(&self) -> Option<BallotNumber> {
        matches!(self.office, Office::Presiding(_)).then_some(self.notes.last_tried()).flatten()
    }

    /// How many petitions wait here for a number or for the president.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.petitions.len()
    }

    /// Whether, as president, he holds a decree back until an earlier outcome is known.
    /// `[PTP §3.3.6]`
    #[must_use]
    pub fn holds_back(&self) -> bool {
        matches!(&self.office, Office::Presiding(agenda) if agenda.held_back)
    }

    /// Presence, as he would send it now. `[PTP §2.4]`
    pub(super) fn presence_message(&self) -> Message {
        Message::Presence {
            last_tried: self.notes.last_tried(),
            complete_through: self.pages.complete_through(),
            presides: self.presides(),
        }
    }

    /// Everyone but himself who votes on any number that is open.
    pub(super) fn others(&self) -> impl Iterator<Item = Name> + '_ {
        self.colleagues.names()
    }

    /// Whether he gives no reasons for what he does with each decree.
    pub(super) fn is_silent(&self) -> bool {
        self.silent
    }

    /// Notes a reason, unless he gives none.
    pub(super) fn tell(&self, deed: &mut Deed, act: impl FnOnce() -> Act) {
        if !self.silent {
            self.tell_of_office(deed, act());
        }
    }

    /// Notes what concerns his office: that he always tells.
    pub(super) fn tell_of_office(&self, deed: &mut Deed, act: Act) {
        deed.tell(Step { priest: self.name, act });
    }
}

/// Success, from one who has the decree inked. `[PTP §2.3 (5)]`
pub(super) fn success(number: DecreeNumber, page: &Page) -> Message {
    Message::Success { ballot: page.ballot, number, decree: page.decree.clone() }
}
