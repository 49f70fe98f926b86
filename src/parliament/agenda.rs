//! A sitting president's slip of paper: what he has begun, and what he must begin. `[PTP §3.1]`

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::pages::Pages;
use super::replies::Replies;
use super::window::Window;
use crate::law::Meaning;
use crate::law::ids::Ids;
use crate::synod::conditions;
use crate::synod::notes::Poll;
use crate::words::ballot::{DecreeNumber, Vote};
use crate::words::members::Membership;
use crate::words::name::Name;
use crate::words::time::{Minutes, REPLY};

/// A poll under way on one decree number.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct Open {
    /// The poll.
    pub poll: Poll,
    /// When its quorum was last asked.
    pub asked_at: Minutes,
    /// Whether its quorum was asked more than once.
    pub again: bool,
}

/// What a president has before him once a majority set has replied.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct Agenda {
    /// The majority set that replied: the quorum of every ballot he begins. `[PTP §2.3 (3)]`
    pub quorum: Arc<BTreeSet<Name>>,
    /// The polls under way.
    pub open: Window<Open>,
    /// The number he begins next; those below are begun or inked.
    pub next: DecreeNumber,
    /// He is free to choose the decrees above this number; below, what B3 does not bind is a gap.
    pub free_above: DecreeNumber,
    /// The largest vote for each number that B3 binds and he has not begun.
    pub bound: BTreeMap<DecreeNumber, Vote>,
    /// The petitions that stand under a number in his ballot.
    pub proposed: Ids,
    /// The last number he began, in this ballot, for a decree that changes who sits.
    pub change: Option<DecreeNumber>,
    /// Whether a decree waits because the window of α numbers is full.
    pub held_back: bool,
    /// When he looks for polls that nobody answers; it runs whenever a poll is open.
    pub hourglass: Option<Minutes>,
}

impl Agenda {
    /// What these replies bind him to, one whose ledger is `pages`, of which α numbers are open at
    /// once.
    ///
    /// He is free to choose above the last number that was voted on or inked, but of one that α
    /// numbers or more separate from those before it, of which nobody knows anything. Nobody honest
    /// has begun it: whoever begins n knows all through n − α, and had one of those α been passed,
    /// somebody of the majority would have reported a vote for it. So a row by hand far ahead costs
    /// no olive day; should he come to its number, B3 binds him there.
    #[must_use]
    pub fn of(replies: &Replies, quorum: BTreeSet<Name>, pages: &Pages, alpha: u64) -> Agenda {
        let votes = replies.votes_of(&quorum);
        let free_above = pages.reach(alpha, votes.keys().copied());
        let largest = |votes: Vec<&Vote>| conditions::max_vote(votes).cloned();
        let bound: BTreeMap<DecreeNumber, Vote> = votes
            .into_iter()
            .filter_map(|(number, votes)| Some((number, largest(votes)?)))
            .collect();
        Agenda {
            quorum: Arc::new(quorum),
            open: Window::default(),
            next: replies.above.saturating_add(1),
            free_above,
            bound,
            proposed: Ids::default(),
            change: None,
            held_back: false,
            hourglass: None,
        }
    }

    /// Of the quorum, those who vote where these are the members: nearly always all of them.
    #[must_use]
    pub fn voting_in(&self, members: &Membership) -> Arc<BTreeSet<Name>> {
        if self.quorum.iter().all(|&name| members.has(name)) {
            return Arc::clone(&self.quorum);
        }
        Arc::new(self.quorum.iter().copied().filter(|&name| members.has(name)).collect())
    }

    /// Opens a poll.
    pub fn begin(&mut self, now: Minutes, number: DecreeNumber, poll: Poll) {
        if let Some(id) = poll.decree().petition() {
            self.proposed.insert(id);
        }
        if Meaning::of_change_of_members(poll.decree().text()).is_some() {
            self.change = Some(number);
        }
        self.next = number + 1;
        self.open.insert(number, Open { poll, asked_at: now, again: false });
        self.hourglass.get_or_insert(now + REPLY);
    }

    /// Turns the hourglass for the poll that has waited longest.
    pub fn turn_hourglass(&mut self) {
        self.hourglass = self.open.iter().map(|(_, open)| open.asked_at + REPLY).min();
    }
}
