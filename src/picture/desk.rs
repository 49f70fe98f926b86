//! The things on a priest's desk, by the records: his ledger, his notes, his slip of paper.
//!
//! This is bookkeeping, not judgement: whatever a record says is taken down, rule or no rule.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::trace::Happening;
use crate::words::{BallotNumber, Decree, DecreeNumber, Entry, Heading, Message, Name};

/// A priest's ledger and his slip.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Desk {
    /// Whether he is in the Chamber.
    pub inside: bool,
    /// The front of the ledger, and the ballot that passed each decree, where known.
    pub front: BTreeMap<DecreeNumber, (Decree, Option<BallotNumber>)>,
    /// The note lastTried.
    pub last_tried: Option<BallotNumber>,
    /// The note nextBal.
    pub next_bal: Option<BallotNumber>,
    /// The notes prevVote, one for each decree number.
    pub prev_vote: BTreeMap<DecreeNumber, (BallotNumber, Decree)>,
    /// The slip of paper.
    pub slip: Slip,
    /// The senders who told him each decree before he inks it.
    pub told_by: BTreeMap<DecreeNumber, Name>,
    /// Whether he copies the ledger before into a law book, which no row has ended yet.
    pub copies: bool,
}

/// The slip of paper, lost on leaving the Chamber. `[PTP §2.2]`
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Slip {
    /// The ballot he tries or polls; `None` while he is idle.
    pub ballot: Option<BallotNumber>,
    /// The priests who have replied, with their votes by decree number.
    pub prev_votes: BTreeMap<Name, BTreeMap<DecreeNumber, (BallotNumber, Decree)>>,
    /// The polls under way, by decree number.
    pub polls: BTreeMap<DecreeNumber, Poll>,
    /// Whether he has begun to poll in this ballot.
    pub began: bool,
    /// Whether the Synod's one decree is passed, and he needs the slip no more.
    pub done: bool,
}

/// A ballot begun, whose votes are being heard.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Poll {
    /// The priests who must vote.
    pub quorum: BTreeSet<Name>,
    /// The priests heard to vote.
    pub voters: BTreeSet<Name>,
}

impl Slip {
    /// The status, by the paper's name. `[PTP §2.2]`
    #[must_use]
    pub fn status(&self) -> &'static str {
        match (self.ballot, self.polls.is_empty(), self.began) {
            (Some(_), false, _) => "polling",
            (Some(_), true, true) if !self.done => "presiding",
            (Some(_), true, false) => "trying",
            _ => "idle",
        }
    }

    /// The priests who have replied in his ballot.
    #[must_use]
    pub fn repliers(&self) -> BTreeSet<Name> {
        self.prev_votes.keys().copied().collect()
    }

    /// The largest vote on decree `number` that any of `quorum` has reported.
    #[must_use]
    pub fn largest_vote(
        &self,
        number: DecreeNumber,
        quorum: &BTreeSet<Name>,
    ) -> Option<(Name, BallotNumber, &Decree)> {
        let reported = self.prev_votes.iter().filter(|(name, _)| quorum.contains(name));
        let votes = reported.filter_map(|(name, votes)| {
            votes.get(&number).map(|(ballot, decree)| (*name, *ballot, decree))
        });
        votes.max_by_key(|(_, ballot, _)| *ballot)
    }

    /// The text on the slip; `None` while it is blank.
    #[must_use]
    pub fn written(&self) -> Option<String> {
        let ballot = self.ballot.filter(|_| !self.done)?;
        let mut text = format!("{} {ballot}", self.status());
        if !self.began {
            let _ = write!(text, "; prevVotes of {}", or_nobody(self.prev_votes.keys()));
        }
        for (number, poll) in self.polls.iter().rev().take(3) {
            let (quorum, voters) = (or_nobody(&poll.quorum), or_nobody(&poll.voters));
            let _ = write!(text, "; {number}: quorum {quorum}, voters {voters}");
        }
        Some(text)
    }
}

fn or_nobody<'a>(names: impl IntoIterator<Item = &'a Name>) -> String {
    let names: Vec<&str> = names.into_iter().map(Name::as_str).collect();
    if names.is_empty() { "nobody".into() } else { names.join(" ") }
}

impl Desk {
    /// The desk of one who has no ledger here.
    pub const BARE: &'static Desk = &Desk {
        inside: false,
        front: BTreeMap::new(),
        last_tried: None,
        next_bal: None,
        prev_vote: BTreeMap::new(),
        slip: Slip {
            ballot: None,
            prev_votes: BTreeMap::new(),
            polls: BTreeMap::new(),
            began: false,
            done: false,
        },
        told_by: BTreeMap::new(),
        copies: false,
    };

    /// Takes down what happened to this priest; false if it left his desk as it was.
    pub fn take_down(&mut self, happening: &Happening) -> bool {
        match happening {
            Happening::Enter(_) => {
                self.slip = Slip::default();
                self.inside = true;
            }
            Happening::Leave(_) => {
                self.slip = Slip::default();
                self.inside = false;
            }
            Happening::Ink { entry, .. } => self.ink(entry),
            Happening::Receive { from, message, .. } => return self.read(*from, message),
            _ => return false,
        }
        true
    }

    /// Forgets the decrees before `number`.
    pub fn forget_before(&mut self, number: DecreeNumber) {
        self.front = self.front.split_off(&number);
        self.prev_vote = self.prev_vote.split_off(&number);
    }

    fn ink(&mut self, entry: &Entry) {
        match entry {
            Entry::Outcome { number, decree, ballot } => {
                self.told_by.remove(number);
                self.front.insert(*number, (decree.clone(), *ballot));
                let polled = self.slip.polls.remove(number).is_some();
                // The Synod has one decree; a Parliament's president goes on to the next.
                self.slip.done |= polled && *number == 1 && self.slip.polls.is_empty();
            }
            Entry::LastTried { ballot } => {
                self.last_tried = Some(*ballot);
                self.slip = Slip { ballot: Some(*ballot), ..Slip::default() };
            }
            Entry::NextBal { ballot } => self.next_bal = Some(*ballot),
            Entry::PrevVote { number, ballot, decree } => {
                self.prev_vote.insert(*number, (*ballot, decree.clone()));
            }
            Entry::Entered => {}
            Entry::Book(row) => self.copies = row.heading != Heading::Bound,
            Entry::BeginBallot { number, ballot, quorum, .. } => {
                self.slip.ballot = Some(*ballot);
                let poll = Poll { quorum: (**quorum).clone(), voters: BTreeSet::new() };
                self.slip.polls.insert(*number, poll);
                (self.slip.began, self.slip.done) = (true, false);
            }
        }
    }

    fn read(&mut self, from: Name, message: &Message) -> bool {
        match message {
            Message::LastVote { ballot, vote, .. } if self.slip.ballot == Some(*ballot) => {
                let votes = self.slip.prev_votes.entry(from).or_default();
                if let Some((number, vote)) = vote {
                    votes.insert(*number, (vote.ballot, vote.decree.clone()));
                }
                true
            }
            Message::Voted { ballot, number } if self.slip.ballot == Some(*ballot) => {
                let poll = self.slip.polls.get_mut(number);
                poll.is_some_and(|poll| poll.voters.insert(from))
            }
            Message::Success { number, .. } => {
                if !self.front.contains_key(number) {
                    self.told_by.insert(*number, from);
                }
                false
            }
            _ => false,
        }
    }
}
