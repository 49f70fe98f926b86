//! A sitting president: his slip of paper, and his steps 3 and 5 for each number. `[PTP §3.1]`
//!
//! He takes steps 1 and 2 once for all numbers. With a majority of replies he begins at once the
//! decrees that B3 demands, fills the gaps before them with the olive-day decree, and gives each
//! petition the lowest free number. From then on a decree costs three message delays. His `Desk`
//! holds the decrees he may choose from.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::candidate::Candidate;
use super::desk::Desk;
use super::pages::Pages;
use super::voice::Voice;
use super::window::Window;
use crate::law::Meaning;
use crate::law::ids::Ids;
use crate::synod::conditions;
use crate::synod::deed::Deed;
use crate::synod::notes::Poll;
use crate::words::Entry;
use crate::words::ballot::{BallotNumber, Decree, DecreeNumber, Vote};
use crate::words::members::Membership;
use crate::words::message::Message;
use crate::words::name::Name;
use crate::words::step::{Act, Guard};
use crate::words::time::{Minutes, REPLY};

/// A poll under way on one decree number.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
struct Open {
    poll: Poll,
    /// When its quorum was last asked.
    asked_at: Minutes,
    /// Whether its quorum was asked more than once.
    again: bool,
}

/// A legislator to whom a majority set has replied in ballot lastTried (a *leader*): what he has
/// begun, and what he must begin.
#[doc(alias = "leader")]
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct President {
    ballot: BallotNumber,
    /// The majority set that replied: the quorum of every ballot he begins. `[PTP §2.3 (3)]`
    quorum: Arc<BTreeSet<Name>>,
    /// The polls under way.
    open: Window<Open>,
    /// The number he begins next. Those below are begun or inked.
    next: DecreeNumber,
    /// He may choose the decrees above this number. Below it, a number that B3 does not bind is a
    /// gap.
    free_above: DecreeNumber,
    /// The largest vote for each number that B3 binds and he has not begun.
    bound: BTreeMap<DecreeNumber, Vote>,
    /// The petitions that stand under a number in his ballot.
    proposed: Ids,
    /// The last number under which he began, in this ballot, a change of members.
    change: Option<DecreeNumber>,
    /// Whether a decree waits because the window of α numbers is full.
    held_back: bool,
    /// When he looks for polls without answers. It runs whenever a poll is open.
    hourglass: Option<Minutes>,
}

/// The result of a president's look for a decree to begin.
pub(super) enum Turn {
    /// He has begun this number for this decree.
    Begun {
        number: DecreeNumber,
        decree: Decree,
        /// Whether he is in the quorum himself.
        asks_himself: bool,
    },
    /// There is nothing to begin, or not yet.
    Waits,
    /// Others have gone on under another president: his ballot is of no use now.
    IsLeftBehind,
    /// The members who vote on this number are new ones, and too few of them have replied.
    LacksMajority,
}

impl President {
    /// The candidate as president, if those who have replied to him are a majority of every
    /// membership that votes on a number open to him. `pages` is his ledger, and α numbers are open
    /// at once. `[PTP §2.3 (3), §3.3.6]`
    ///
    /// He may choose the decrees above the last number that was voted on or inked. A number does not
    /// count for this if α or more unknown numbers lie before it, because no honest president has
    /// begun it: a president who begins n knows all through n − α, and if one of those α had passed,
    /// a member of the majority would have reported a vote for it. So a row by hand far ahead costs
    /// no olive day. If he comes to its number, B3 binds him there.
    #[must_use]
    pub fn elected(candidate: &Candidate, pages: &Pages, alpha: u64) -> Option<President> {
        let quorum: BTreeSet<Name> = candidate.whole().collect();
        let majority = |members: &Membership| members.is_majority(quorum.iter().copied());
        if !pages.seats().in_window_after(pages.complete_through()).all(majority) {
            return None;
        }
        let votes = candidate.votes_of(&quorum);
        let free_above = pages.reach(alpha, votes.keys().copied());
        let largest = |votes: Vec<&Vote>| conditions::max_vote(votes).cloned();
        let bound: BTreeMap<DecreeNumber, Vote> = votes
            .into_iter()
            .filter_map(|(number, votes)| Some((number, largest(votes)?)))
            .collect();
        Some(President {
            ballot: candidate.ballot(),
            quorum: Arc::new(quorum),
            open: Window::default(),
            next: candidate.above().saturating_add(1),
            free_above,
            bound,
            proposed: Ids::default(),
            change: None,
            held_back: false,
            hourglass: None,
        })
    }

    // --------------------------------------------------------- what is known of him

    /// The ballot he presides in: lastTried.
    #[must_use]
    pub fn ballot(&self) -> BallotNumber {
        self.ballot
    }

    /// The majority set that he asks for votes.
    #[must_use]
    pub fn quorum(&self) -> &BTreeSet<Name> {
        &self.quorum
    }

    /// The poll under way on this number.
    #[must_use]
    pub fn poll(&self, number: DecreeNumber) -> Option<&Poll> {
        self.open.get(number).map(|open| &open.poll)
    }

    /// Whether no poll is under way.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.open.is_empty()
    }

    /// Whether he holds a decree back until an earlier outcome is known. `[PTP §3.3.6]`
    #[must_use]
    pub fn holds_back(&self) -> bool {
        self.held_back
    }

    /// Whether this petition stands under a number in his ballot.
    #[must_use]
    pub fn has_proposed(&self, petition: &str) -> bool {
        self.proposed.has(petition)
    }

    /// The decrees of the open polls.
    pub(super) fn under_way(&self) -> impl Iterator<Item = &Decree> {
        self.open.iter().map(|(_, open)| open.poll.decree())
    }

    // ------------------------------------------------------------------ step 3

    /// Begins the lowest number that has a decree: bound numbers and gaps first, then petitions, as
    /// far as the window of α numbers reaches. `[PTP §3.1, §3.3.6]`
    ///
    /// The gaps come first because a decree cannot count before all decrees below it are known.
    /// Beyond the window he does not know who votes.
    pub(super) fn begin_next(&mut self, now: Minutes, desk: Desk<'_>, deed: &mut Deed) -> Turn {
        let (alpha, pages) = (desk.alpha, desk.pages);
        let known_through = pages.complete_through();
        self.pass_over_known(pages);
        let number = self.next;
        // A decree that he learnt from another has passed, so a petition under a number below it
        // would come too late.
        let is_bound = self.bound.contains_key(&number);
        let begun = || self.open.iter().map(|(number, _)| number);
        let is_overtaken = number < pages.last() && number < pages.reach(alpha, begun());
        let free = number > self.free_above && !is_overtaken && !is_bound;
        if desk.is_left_behind && !is_overtaken && number < pages.last() {
            return Turn::IsLeftBehind;
        }
        if number > known_through + alpha {
            let waits = !free || !desk.petitions.is_empty();
            if waits && !std::mem::replace(&mut self.held_back, waits) {
                desk.voice.tell_of_office(deed, Act::HeldBack { number, alpha });
            }
            return Turn::Waits;
        }
        self.begin_with_wish(now, free, desk, deed)
    }

    /// Moves `next` to the lowest number that is neither begun nor inked.
    fn pass_over_known(&mut self, pages: &Pages) {
        self.next = self.next.max(pages.complete_through() + 1);
        while pages.outcome(self.next).is_some() {
            self.bound.remove(&self.next);
            self.next += 1;
        }
    }

    fn begin_with_wish(
        &mut self,
        now: Minutes,
        free: bool,
        mut desk: Desk<'_>,
        deed: &mut Deed,
    ) -> Turn {
        let number = self.next;
        let is_olive_day = !free || desk.is_olive_day(number, self.change);
        let Some(wish) = desk.wish(now, number, is_olive_day, &self.proposed, deed) else {
            self.held_back = false;
            return Turn::Waits;
        };
        let members = desk.pages.seats().voting_on(number);
        match self.begin(now, &wish.decree, members, desk.voice, deed) {
            Some((decree, asks_himself)) => Turn::Begun { number, decree, asks_himself },
            None => {
                if wish.is_petition {
                    desk.petitions.put_back(wish.decree);
                }
                Turn::LacksMajority
            }
        }
    }

    /// **Start Polling Majority Set Q** and **Send BeginBallot**, for the next number: for the
    /// decree that B3 demands, or for `wish` where the choice is free. Returns the decree, and
    /// whether he is in the quorum himself; `None` if Q is no majority of these members.
    /// `[PTP §2.3 (3)]`
    ///
    /// A decree bound by B3 may have passed already. With another one here, two decrees could pass
    /// under one number.
    fn begin(
        &mut self,
        now: Minutes,
        wish: &Decree,
        members: &Membership,
        voice: Voice,
        deed: &mut Deed,
    ) -> Option<(Decree, bool)> {
        let (ballot, number) = (self.ballot, self.next);
        let quorum = self.voting_in(members);
        let bound_by = self.bound.remove(&number);
        let decree = conditions::choice(&bound_by).unwrap_or(wish).clone();
        let poll = Poll::open(Arc::clone(&quorum), decree.clone(), members)?;
        self.open_poll(now, poll);
        for &to in quorum.iter().filter(|&&to| to != voice.name()) {
            deed.send(to, Message::BeginBallot { ballot, number, decree: decree.clone() });
        }
        voice.tell(deed, || Act::Begins {
            ballot,
            number,
            decree: decree.clone(),
            quorum: (*quorum).clone(),
            bound_by,
        });
        let asks_himself = quorum.contains(&voice.name());
        deed.ink(Entry::BeginBallot { number, ballot, decree: decree.clone(), quorum });
        Some((decree, asks_himself))
    }

    /// The part of the quorum that votes under this membership: nearly always all of it.
    fn voting_in(&self, members: &Membership) -> Arc<BTreeSet<Name>> {
        if self.quorum.iter().all(|&name| members.has(name)) {
            return Arc::clone(&self.quorum);
        }
        Arc::new(self.quorum.iter().copied().filter(|&name| members.has(name)).collect())
    }

    /// Opens a poll on the next number.
    fn open_poll(&mut self, now: Minutes, poll: Poll) {
        if let Some(id) = poll.decree().petition() {
            self.proposed.insert(id);
        }
        if Meaning::of_change_of_members(poll.decree().text()).is_some() {
            self.change = Some(self.next);
        }
        self.open.insert(self.next, Open { poll, asked_at: now, again: false });
        self.next += 1;
        self.hourglass.get_or_insert(now + REPLY);
    }

    // ------------------------------------------------------------------ step 5

    /// **Receive Voted**, for one number. When the whole quorum has voted, closes the poll and
    /// returns its decree. `[PTP §2.3 (5)]`
    ///
    /// # Errors
    /// The guard that fails.
    pub(super) fn hear_voted(
        &mut self,
        number: DecreeNumber,
        from: Name,
        voice: Voice,
        deed: &mut Deed,
    ) -> Result<Option<Decree>, Guard> {
        let ballot = self.ballot;
        let Open { poll, .. } = self.open.get_mut(number).ok_or(Guard::Known { number })?;
        poll.hear(from)?;
        voice.tell(deed, || {
            let missing = poll.quorum() - poll.voters();
            Act::HearsVoted { ballot, number, from, missing }
        });
        if !poll.is_successful() {
            return Ok(None);
        }
        Ok(self.open.remove(number).map(|open| open.poll.decree().clone()))
    }

    /// Closes the polls on numbers that are known now, and returns their decrees.
    pub(super) fn close_known(&mut self, pages: &Pages) -> Vec<Decree> {
        let open = self.open.iter().map(|(number, _)| number);
        let known: Vec<DecreeNumber> = open.filter(|&number| pages.knows(number)).collect();
        let closed: Vec<Decree> = known
            .into_iter()
            .filter_map(|number| self.open.remove(number))
            .map(|open| open.poll.decree().clone())
            .collect();
        for id in closed.iter().filter_map(Decree::petition) {
            self.proposed.remove(id);
        }
        closed
    }

    // ---------------------------------------------------------- patience `[PTP §2.4]`

    /// When his patience with the silent ends, if a poll is open.
    pub(super) fn hourglass(&self) -> Option<Minutes> {
        self.hourglass
    }

    /// The polls whose quorum was last asked at this time or before.
    fn late(&self, asked_at: Minutes) -> impl Iterator<Item = &Open> {
        let open = self.open.iter().map(|(_, open)| open);
        open.filter(move |open| open.asked_at <= asked_at)
    }

    /// The members who have not answered a poll whose quorum was last asked at this time or before.
    pub(super) fn silent(&self, asked_at: Minutes) -> BTreeSet<Name> {
        self.late(asked_at).flat_map(|open| open.poll.quorum() - open.poll.voters()).collect()
    }

    /// Whether he has asked only once in every poll whose quorum was last asked at this time or
    /// before.
    pub(super) fn has_asked_once(&self, asked_at: Minutes) -> bool {
        !self.late(asked_at).any(|open| open.again)
    }

    /// Asks again for the late votes, and turns the hourglass for the poll that has waited longest.
    pub(super) fn ask_again(&mut self, now: Minutes, deed: &mut Deed) {
        let ballot = self.ballot;
        let numbers: Vec<DecreeNumber> = self.open.iter().map(|(number, _)| number).collect();
        for number in numbers {
            if let Some(open) = self.open.get_mut(number)
                && open.asked_at + REPLY <= now
            {
                open.asked_at = now;
                open.again = true;
                let decree = open.poll.decree();
                for &to in open.poll.quorum().difference(open.poll.voters()) {
                    let decree = decree.clone();
                    deed.send(to, Message::BeginBallot { ballot, number, decree });
                }
            }
        }
        self.hourglass = self.open.iter().map(|(_, open)| open.asked_at + REPLY).min();
    }
}
