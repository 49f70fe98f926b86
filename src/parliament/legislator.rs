//! A legislator: one promise for all decree numbers, one vote for each. `[PTP §3.1]`
//!
//! Here are the steps that every legislator takes, 2, 4 and 6; the president's are in
//! `president`. Each step uses the Synod's rules for its decree number.

mod attendance;
mod chair;
mod copying;
mod petitioning;
mod presiding;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::FAR_BEHIND;
use super::books::Books;
use super::colleagues::Colleagues;
use super::inquiry::Inquiry;
use super::pages::Pages;
use super::petitions::Petitions;
use super::president::President;
use super::restating::Restating;
use super::voice::Voice;
use crate::law::BookRows;
use crate::synod::deed::Deed;
use crate::synod::notes::Notes;
use crate::words::Entry;
use crate::words::ballot::{BallotNumber, Decree, DecreeNumber, Vote};
use crate::words::members::{Founding, Membership};
use crate::words::message::Message;
use crate::words::name::Name;
use crate::words::step::{Act, Guard};
use crate::words::time::{Minutes, PRESENCE};

pub use super::office::Office;
pub use attendance::Hourglass;

/// A legislator (a *replica*): what his ledger holds, and his slip of paper. `[PTP §3.1]`
#[doc(alias = "replica")]
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct Legislator {
    name: Name,
    founding: Arc<Founding>,
    notes: Notes,
    pages: Pages,
    slip: Slip,
    colleagues: Colleagues,
    /// The decree through which his ledger was complete when he last noticed who sits.
    members_as_of: DecreeNumber,
    /// How he restates the law as president, if he does.
    restating: Option<Restating>,
    /// When he writes law books, and what he has of another's.
    books: Books,
    voice: Voice,
}

/// A legislator's slip of paper: lost when he leaves the Chamber. `[PTP §2.2]`
#[derive(Clone, PartialEq, Eq, Debug, Hash, Default)]
struct Slip {
    office: Office,
    petitions: Petitions,
    inquiry: Option<Inquiry>,
    /// The largest ballot number heard of.
    heard_of: Option<BallotNumber>,
    /// The ballot of the last other legislator who presided or was about to, as far as he knows.
    presidency: Option<BallotNumber>,
    /// How often he was refused since a decree of his last passed.
    refusals: u64,
    /// Until when he lets a rival finish.
    aside_until: Minutes,
}

/// All that a legislator knows from his ledger: his two notes, and its pages.
/// `[PTP §2.2, §3.1]`
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct Known {
    notes: Notes,
    pages: Pages,
}

impl Known {
    /// Reads these rows for `reader`, under this founding decree.
    ///
    /// If two rows contradict each other, the first counts. Such a ledger is refused where its file
    /// is read.
    pub fn by_ledger<'a>(
        reader: Name,
        founding: &Founding,
        rows: impl IntoIterator<Item = &'a Entry>,
    ) -> Known {
        let mut notes = Notes::default();
        let mut pages = Pages::founded(founding);
        let mut in_book = BookRows::default();
        for row in rows {
            match row {
                Entry::Outcome { number, decree, ballot } => {
                    pages.ink(*number, decree.clone(), *ballot).unwrap_or_default();
                }
                Entry::PrevVote { number, ballot, decree } => {
                    let vote = Vote { priest: reader, ballot: *ballot, decree: decree.clone() };
                    pages.remember_vote(*number, vote);
                }
                // A book that cannot be read is ignored: he copies another's.
                Entry::Book(row) => {
                    let book = in_book.read(row, founding, pages.in_book_through());
                    if let Some(book) = book {
                        pages.begin_with(book);
                    }
                }
                Entry::LastTried { .. } | Entry::NextBal { .. } => _ = notes.read(row),
                Entry::Entered | Entry::BeginBallot { .. } => {}
            }
        }
        Known { notes, pages }
    }
}

impl Legislator {
    /// A legislator who has read these rows of his ledger. His slip is blank.
    pub fn from_ledger<'a>(
        name: Name,
        founding: Arc<Founding>,
        rows: impl IntoIterator<Item = &'a Entry>,
    ) -> Legislator {
        let known = Known::by_ledger(name, &founding, rows);
        Legislator::who_knows(name, founding, known)
    }

    /// A legislator who knows this from his ledger. His slip is blank.
    #[must_use]
    pub fn who_knows(name: Name, founding: Arc<Founding>, known: Known) -> Legislator {
        let mut legislator = Legislator {
            name,
            colleagues: Colleagues::new(name, &founding.membership, PRESENCE),
            founding,
            notes: known.notes,
            pages: known.pages,
            slip: Slip::default(),
            members_as_of: 0,
            restating: None,
            books: Books::default(),
            voice: Voice::of(name),
        };
        legislator.see_who_sits();
        legislator
    }

    /// This legislator, with `patience` for T. `[PTP §2.4]`
    #[must_use]
    pub fn with_patience(mut self, patience: Minutes) -> Legislator {
        self.colleagues = Colleagues::new(self.name, &self.founding.membership, patience);
        self.members_as_of = 0;
        self.see_who_sits();
        self
    }

    /// This legislator, telling no reasons for what he does with each decree: his deeds hold only
    /// the steps that [concern his office](Act::concerns_office).
    #[must_use]
    pub fn silent(mut self) -> Legislator {
        self.voice = self.voice.silenced();
        self
    }

    /// The legislators who may vote on decree `number`, and their weights: the law as of decree
    /// max(0, number − α), through which his ledger must be complete. `[PTP §3.3.6]`
    #[must_use]
    pub fn membership_for(&self, number: DecreeNumber) -> &Membership {
        self.pages.seats().voting_on(number)
    }

    /// Everyone who votes on any of the α numbers open to him, by what he knows now. He asks and
    /// counts these legislators when he tries a ballot. `[PTP §3.3.6]`
    fn voters(&self) -> BTreeSet<Name> {
        let known = self.pages.complete_through();
        self.pages.seats().in_window_after(known).flat_map(Membership::names).collect()
    }

    /// Updates who sits in Parliament, when a change comes into the window or its old members leave
    /// it. A former member does not preside: no sitting member would tell him that another presides.
    fn see_who_sits(&mut self) {
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
    /// The promise is inked before LastVote leaves. A legislator who forgot it could still vote in
    /// a lower ballot, and the president of this one would not know of that vote (B3).
    ///
    /// The reply reports the vote for each number above n. The decrees inked above n go along as
    /// Success, and he asks for those through n that he lacks. A president who is far behind gets no
    /// promise: he must copy first (§3.3.1). So must one who lacks a decree that stands here in a
    /// law book alone, since the votes on it are crossed out (§3.3.2).
    ///
    /// **Departure:** §3.1 leaves out the votes on decrees already inked. Here they are reported,
    /// and only votes are counted, because rows may be lost. Otherwise a Success that was sent
    /// later, for a number outside the reply, would be taken for a missing row, and the missing row
    /// may be the vote that binds.
    ///
    /// A NextBallot that comes again is no new promise, but it is answered again, because a row of
    /// the first answer may be lost. Appendix A1 allows this as long as he has not voted in it.
    fn receive_next_ballot(
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
            self.voice.tell(deed, || Act::PromisesAll { ballot, next_bal, above, votes: of });
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
                deed.send(to, page.success(number));
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
    /// He keeps his promise: a vote below it would come after a report that did not have it (B3).
    /// If he knows the outcome, he does not vote but tells the sender. Nor does he vote far ahead
    /// of all that the sender can have begun: the next president would have to fill the gap before
    /// that vote with olive days.
    fn receive_begin_ballot(
        &mut self,
        now: Minutes,
        ballot: BallotNumber,
        number: DecreeNumber,
        decree: Decree,
        deed: &mut Deed,
    ) -> Result<(), Guard> {
        if let Some(page) = self.pages.outcome(number) {
            deed.send(ballot.owner, page.success(number));
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
        let cast = match self.notes.vote(prev_vote, vote) {
            Ok(cast) => cast,
            Err(guard) => {
                if prev_vote.is_some_and(|vote| vote.ballot == ballot) {
                    deed.send(ballot.owner, Message::Voted { ballot, number });
                }
                return Err(guard);
            }
        };
        let decree = || cast.vote().decree.clone();
        self.voice.tell(deed, || Act::Votes { ballot, number, decree: decree() });
        deed.ink(cast.row(number));
        self.pages.vote(number, cast);
        deed.send(ballot.owner, Message::Voted { ballot, number });
        Ok(())
    }

    // ------------------------------------------------------------------ step 6

    /// **Receive Success(d)**, for one number: he inks the decree, so that he learns it without a
    /// ballot of his own. `[PTP §2.3 (6), §3.1]`
    fn receive_success(
        &mut self,
        from: Name,
        ballot: Option<BallotNumber>,
        number: DecreeNumber,
        decree: Decree,
        deed: &mut Deed,
    ) -> Result<(), Guard> {
        self.pages.ink(number, decree.clone(), ballot)?;
        self.voice.tell(deed, || Act::Learns { number, decree: decree.clone(), from });
        deed.ink(Entry::Outcome { number, decree, ballot });
        self.slip.petitions.let_go_of_passed(&self.pages);
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
        &self.slip.office
    }

    /// The ballot he presides in, if he presides.
    #[must_use]
    pub fn presides(&self) -> Option<BallotNumber> {
        self.slip.office.president().map(President::ballot)
    }

    /// The number of petitions that wait here for a number or for the president.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.slip.petitions.len()
    }

    /// Whether, as president, he holds a decree back until an earlier outcome is known.
    /// `[PTP §3.3.6]`
    #[must_use]
    pub fn holds_back(&self) -> bool {
        self.slip.office.president().is_some_and(President::holds_back)
    }

    /// Presence, as he would send it now. `[PTP §2.4]`
    fn presence_message(&self) -> Message {
        Message::Presence {
            last_tried: self.notes.last_tried(),
            complete_through: self.pages.complete_through(),
            presides: self.presides(),
        }
    }

    /// Everyone except himself who votes on any open number.
    fn others(&self) -> impl Iterator<Item = Name> + '_ {
        self.colleagues.names()
    }
}
