//! The basic protocol: one function per action of Appendix A1. `[PTP §2.3, Appendix A1]`
//!
//! Each function is an atomic action. If its guard holds, it changes the priest and yields a
//! [`Deed`]. If the guard fails, it changes nothing and says which value failed. As in the Appendix,
//! actions that read a letter never send one, and actions that send change nothing. The caller
//! decides how promptly a priest acts ([`super::initiator`]).
//!
//! | §2.3 | action | the same from outside, as one deed |
//! |---|---|---|
//! | (1) | [`Priest::try_new_ballot`], `send_next_ballot` | [`Priest::try_ballot`] |
//! | (2) | `receive_next_ballot`, `send_last_vote` | [`Priest::answer_next_ballot`] |
//! | (3) | [`Priest::receive_last_vote`], [`Priest::start_polling_majority_set`], [`Priest::send_begin_ballot`] | [`Priest::begin_ballot`] |
//! | (4) | `receive_begin_ballot`, `send_voted` | [`Priest::answer_begin_ballot`] |
//! | (5) | [`Priest::receive_voted`], [`Priest::succeed`], [`Priest::send_success`] | [`Priest::conclude`] |
//! | (6) | [`Priest::receive_success`] | |

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::conditions;
use super::deed::Deed;
use super::elsewhere::Elsewhere;
use super::notes::{self, Notes, Poll};
use crate::words::Entry;
use crate::words::ballot::{BallotNumber, Decree, SYNODS_DECREE, Vote};
use crate::words::members::Membership;
use crate::words::message::Message;
use crate::words::name::Name;
use crate::words::step::{Act, Guard, Step};

/// A priest of the Synod: what his ledger holds, and his slip of paper. `[PTP §2.2]`
///
/// He is *acceptor*, *learner* and *proposer* in one.
#[doc(alias = "acceptor")]
#[doc(alias = "learner")]
#[doc(alias = "proposer")]
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct Priest {
    name: Name,
    members: Arc<Membership>,
    notes: Notes,
    prev_vote: Option<Vote>,
    elsewhere: Elsewhere,
    outcome: Option<Decree>,
    passed_in: Option<BallotNumber>,
    status: Status,
    /// Whether he keeps his reasons to himself.
    silent: bool,
}

/// The slip of paper: lost when the priest leaves the Chamber. `[PTP §2.2]`
#[derive(Clone, PartialEq, Eq, Debug, Default, Hash)]
pub enum Status {
    /// Neither trying nor polling.
    #[default]
    Idle,
    /// He has tried ballot lastTried, and collects the last votes of those who promise it.
    Trying {
        /// prevVotes: the vote of each priest who has replied; `None` is the null vote.
        prev_votes: BTreeMap<Name, Option<Vote>>,
    },
    /// He has begun ballot lastTried, and collects votes.
    Polling(Poll),
}

impl Status {
    /// The status by the paper's name.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Status::Idle => "idle",
            Status::Trying { .. } => "trying",
            Status::Polling(_) => "polling",
        }
    }
}

impl Priest {
    /// A priest who has read these rows of his ledger. His slip is blank.
    pub fn from_ledger<'a>(
        name: Name,
        members: Arc<Membership>,
        rows: impl IntoIterator<Item = &'a Entry>,
    ) -> Priest {
        let mut priest = Priest {
            name,
            members,
            notes: Notes::default(),
            prev_vote: None,
            elsewhere: Elsewhere::default(),
            outcome: None,
            passed_in: None,
            status: Status::Idle,
            silent: false,
        };
        for row in rows {
            match row {
                Entry::Outcome { number: SYNODS_DECREE, decree, ballot } => {
                    priest.outcome = Some(decree.clone());
                    priest.passed_in = *ballot;
                }
                Entry::PrevVote { number: SYNODS_DECREE, ballot, decree } => {
                    priest.prev_vote =
                        Some(Vote { priest: name, ballot: *ballot, decree: decree.clone() });
                }
                row if priest.notes.read(row) => {}
                row => priest.elsewhere.take_down(name, row),
            }
        }
        priest
    }

    /// The same priest, who keeps his reasons to himself where nobody asks for them.
    #[must_use]
    pub(crate) fn silenced(self) -> Priest {
        Priest { silent: true, ..self }
    }

    // ------------------------------------------------------------------ step 1

    /// **Try New Ballot**: always enabled, for an own `ballot` above lastTried.
    /// lastTried := b; status := trying; prevVotes := ∅. `[PTP §2.3 (1)]`
    ///
    /// lastTried is in the ledger, because he may lose his slip. If he then used a number again, two
    /// ballots could have one number and different decrees (B1).
    ///
    /// # Errors
    /// The guard that fails.
    pub fn try_new_ballot(&mut self, ballot: BallotNumber) -> Result<Deed, Guard> {
        if ballot.owner != self.name {
            return Err(Guard::NotHis { ballot });
        }
        let last_tried = self.notes.try_ballot(ballot)?;
        self.status = Status::Trying { prev_votes: BTreeMap::new() };
        Ok(self.told(|| Act::Tries { ballot, last_tried }).inking(Entry::LastTried { ballot }))
    }

    /// **Send NextBallot**: enabled whenever status = trying. `[PTP §2.3 (1)]`
    ///
    /// It asks for the votes that B3 needs, and for the promise that they remain the last ones below
    /// b. He may send it to anyone, at any time and more than once, because a question changes no
    /// vote.
    ///
    /// # Errors
    /// The guard that fails.
    pub(crate) fn send_next_ballot(&self, to: Name) -> Result<Deed, Guard> {
        let (Status::Trying { .. }, Some(ballot)) = (&self.status, self.notes.last_tried()) else {
            return Err(self.status_is_not("trying"));
        };
        let message = Message::NextBallot { ballot, complete_through: SYNODS_DECREE - 1 };
        Ok(Deed::nothing().sending(to, message))
    }

    // ------------------------------------------------------------------ step 2

    /// **Receive NextBallot(b)**: if b > nextBal then nextBal := b. `[PTP §2.3 (2)]`
    ///
    /// The president of b chooses his decree by this priest's largest vote below b. If the priest
    /// voted below b later, a decree could pass there that the president did not know of. The
    /// promise is in the ledger, because it must hold even after the priest loses his slip.
    ///
    /// # Errors
    /// The guard that fails.
    pub(crate) fn receive_next_ballot(&mut self, ballot: BallotNumber) -> Result<Deed, Guard> {
        self.elsewhere.allow_to_speak()?;
        let next_bal = self.notes.promise(ballot)?;
        let vote = self.prev_vote.clone();
        Ok(self.told(|| Act::Promises { ballot, next_bal, vote }).inking(Entry::NextBal { ballot }))
    }

    /// **Send LastVote**: enabled whenever nextBal > prevBal. `[PTP §2.3 (2)]`
    ///
    /// It says MaxVote(b, q, B), and remains true after it is sent: he casts no more votes below
    /// nextBal. Once he has voted in b itself he cannot send it, since his ledger no longer has his
    /// last vote below b.
    ///
    /// # Errors
    /// The guard that fails.
    pub(crate) fn send_last_vote(&self) -> Result<Deed, Guard> {
        let ballot = self.notes.next_bal().ok_or(Guard::NothingToSend)?;
        let here = self.prev_vote.iter().map(|vote| (SYNODS_DECREE, vote));
        let votes = || here.clone().chain(self.elsewhere.votes());
        if votes().any(|(_, vote)| vote.ballot >= ballot) {
            return Err(Guard::HasVoted { ballot });
        }
        let of = votes().count() as u64;
        let told = votes().map(|(number, vote)| Some((number, vote.clone())));
        Ok(told.chain((of == 0).then_some(None)).fold(Deed::nothing(), |deed, vote| {
            deed.sending(ballot.owner, Message::LastVote { ballot, vote, of })
        }))
    }

    // ------------------------------------------------------------------ step 3

    /// **Receive LastVote(b, v)**: if b = lastTried and status = trying then
    /// prevVotes := prevVotes ∪ {v}. A reply that comes twice is one reply. `[PTP §2.3 (3)]`
    ///
    /// A reply to an earlier ballot of his promises less: its sender may have voted between that
    /// ballot and this one. A reply after the ballot has begun is too late: its decree and quorum
    /// are chosen.
    ///
    /// # Errors
    /// The guard that fails.
    pub fn receive_last_vote(
        &mut self,
        from: Name,
        ballot: BallotNumber,
        vote: Option<Vote>,
    ) -> Result<Deed, Guard> {
        self.notes.is_my_ballot(ballot)?;
        if !self.members.has(from) {
            return Err(Guard::Stranger { from });
        }
        let not_trying = self.status_is_not("trying");
        let Status::Trying { prev_votes } = &mut self.status else {
            return Err(not_trying);
        };
        prev_votes.insert(from, vote.clone());
        let weight = self.members.weight_of(prev_votes.keys().copied());
        let of = self.members.weight_of(self.members.names());
        Ok(self.told(|| Act::HearsLastVote { ballot, from, vote, weight, of }))
    }

    /// **Start Polling Majority Set Q**, where Q is all who have replied: if status = trying and Q
    /// is a majority set, then he begins the ballot for the decree that B3 demands, or for `wish`
    /// where B3 leaves the choice free. `[PTP §2.3 (3)]`
    ///
    /// Q meets the quorum of every earlier ballot (B2), so a ballot that has succeeded, or still may,
    /// has a voter in Q. With the decree of Q's largest vote this ballot agrees with it (B3, Lemma);
    /// with another decree, two could pass. The status changes, so that one number never gets two
    /// decrees (B1).
    ///
    /// # Errors
    /// The guard that fails.
    pub fn start_polling_majority_set(&mut self, wish: &Decree) -> Result<Deed, Guard> {
        let (Status::Trying { prev_votes }, Some(ballot)) = (&self.status, self.notes.last_tried())
        else {
            return Err(self.status_is_not("trying"));
        };
        let votes = || prev_votes.values().flatten();
        let decree = conditions::choice(votes()).unwrap_or(wish).clone();
        let bound_by = conditions::max_vote(votes()).cloned();
        let quorum: Arc<BTreeSet<Name>> = Arc::new(prev_votes.keys().copied().collect());
        let poll = Poll::open(Arc::clone(&quorum), decree.clone(), &self.members)
            .ok_or(Guard::NoMajority)?;
        self.status = Status::Polling(poll);
        let (number, all) = (SYNODS_DECREE, (*quorum).clone());
        let row = Entry::BeginBallot { number, ballot, decree: decree.clone(), quorum };
        Ok(self.told(|| Act::Begins { ballot, number, decree, quorum: all, bound_by }).inking(row))
    }

    /// **Send BeginBallot**: enabled whenever status = polling, to a member of the quorum.
    /// `[PTP §2.3 (3)]`
    ///
    /// Only members of the quorum vote, because B3 was checked against their votes alone: a priest
    /// who has not replied may have voted for another decree. The letter needs no dry ink: lastTried
    /// is dry, so this ballot is never begun again.
    ///
    /// # Errors
    /// The guard that fails.
    pub fn send_begin_ballot(&self, to: Name) -> Result<Deed, Guard> {
        let (Status::Polling(poll), Some(ballot)) = (&self.status, self.notes.last_tried()) else {
            return Err(self.status_is_not("polling"));
        };
        if !poll.quorum().contains(&to) {
            return Err(Guard::NotInQuorum { from: to });
        }
        let decree = poll.decree().clone();
        let message = Message::BeginBallot { ballot, number: SYNODS_DECREE, decree };
        Ok(Deed::nothing().sending(to, message))
    }

    // ------------------------------------------------------------------ step 4

    /// **Receive BeginBallot(b, d)**: if b = nextBal > prevBal then he votes: prevVote := (b, d).
    /// `[PTP §2.3 (4)]`
    ///
    /// A vote below nextBal would break his promise, and a later president may have relied on it
    /// already. A ballot above nextBal does not have him in its quorum, whose members have all
    /// promised it. If he has voted in b already, there is nothing new to ink.
    ///
    /// # Errors
    /// The guard that fails.
    pub(crate) fn receive_begin_ballot(
        &mut self,
        ballot: BallotNumber,
        decree: Decree,
    ) -> Result<Deed, Guard> {
        let vote = Vote { priest: self.name, ballot, decree: decree.clone() };
        let cast = self.notes.vote(self.prev_vote.as_ref(), vote)?;
        let row = cast.row(SYNODS_DECREE);
        self.prev_vote = Some(cast.into_vote());
        Ok(self.told(|| Act::Votes { ballot, number: SYNODS_DECREE, decree }).inking(row))
    }

    /// **Send Voted**: enabled whenever prevBal ≠ −∞. `[PTP §2.3 (4)]`
    ///
    /// His vote remains true after any later promise, so he may send this at any time and again. It
    /// must wait for dry ink: a decree may pass by this vote, and if the vote were then lost, a later
    /// president would not hear of it and could choose another decree.
    ///
    /// # Errors
    /// The guard that fails.
    pub(crate) fn send_voted(&self) -> Result<Deed, Guard> {
        let ballot = self.prev_vote.as_ref().ok_or(Guard::NothingToSend)?.ballot;
        Ok(Deed::nothing().sending(ballot.owner, Message::Voted { ballot, number: SYNODS_DECREE }))
    }

    // ------------------------------------------------------------------ step 5

    /// **Receive Voted(b, q)**: if b = lastTried and status = polling then
    /// voters := voters ∪ {q}. `[PTP §2.3 (5)]`
    ///
    /// A vote counts only in the ballot it was cast in: in an earlier ballot of his it may have been
    /// for another decree.
    ///
    /// # Errors
    /// The guard that fails.
    pub fn receive_voted(&mut self, from: Name, ballot: BallotNumber) -> Result<Deed, Guard> {
        self.notes.is_my_ballot(ballot)?;
        let not_polling = self.status_is_not("polling");
        let Status::Polling(poll) = &mut self.status else {
            return Err(not_polling);
        };
        poll.hear(from)?;
        let missing = poll.quorum() - poll.voters();
        Ok(self.told(|| Act::HearsVoted { ballot, number: SYNODS_DECREE, from, missing }))
    }

    /// **Succeed**: if status = polling and quorum ⊆ voters, then outcome := decree, where the
    /// outcome is blank. `[PTP §2.3 (5)]`
    ///
    /// The quorum of every later ballot meets this one, so every later ballot is for the same decree
    /// (Lemma), and no other can pass. All members must have voted, since a later quorum may meet
    /// this one in any single member. If a later ballot succeeds too, the ledger has the same decree
    /// already (Theorem 1), and he inks nothing.
    ///
    /// # Errors
    /// The guard that fails.
    pub fn succeed(&mut self) -> Result<Deed, Guard> {
        let (Status::Polling(poll), Some(ballot)) = (&self.status, self.notes.last_tried()) else {
            return Err(self.status_is_not("polling"));
        };
        if !poll.is_successful() {
            return Err(Guard::Unfinished { missing: poll.quorum() - poll.voters() });
        }
        let decree = poll.decree().clone();
        let inked_before = self.is_inked(&decree)?;
        self.status = Status::Idle;
        if !inked_before {
            self.outcome = Some(decree.clone());
            self.passed_in = Some(ballot);
        }
        let number = SYNODS_DECREE;
        let deed =
            self.told(|| Act::Passes { ballot, number, decree: decree.clone(), inked_before });
        let row = Entry::Outcome { number, decree, ballot: Some(ballot) };
        Ok(if inked_before { deed } else { deed.inking(row) })
    }

    /// **Send Success**: enabled whenever the outcome is not blank. `[PTP §2.3 (5)]`
    ///
    /// A passed decree remains passed, so any priest who knows it may tell any other. The letter
    /// needs no dry ink: the votes are dry, and a later ballot finds the decree again from them.
    ///
    /// # Errors
    /// The guard that fails.
    pub fn send_success(&self, to: Name) -> Result<Deed, Guard> {
        let decree = self.outcome.clone().ok_or(Guard::NothingToSend)?;
        let message = Message::Success { ballot: self.passed_in, number: SYNODS_DECREE, decree };
        Ok(Deed::nothing().sending(to, message))
    }

    // ------------------------------------------------------------------ step 6

    /// **Receive Success(d)**: if the outcome is blank then outcome := d. `[PTP §2.3 (6)]`
    ///
    /// All successful ballots have the same decree (Theorem 1). So he may ink it at any time,
    /// regardless of his promises and votes.
    ///
    /// # Errors
    /// The guard that fails; [`Guard::Contradicts`] if the ledger holds another decree, which never
    /// happens in an honest Synod.
    pub fn receive_success(
        &mut self,
        from: Name,
        ballot: Option<BallotNumber>,
        decree: Decree,
    ) -> Result<Deed, Guard> {
        let number = SYNODS_DECREE;
        if self.is_inked(&decree)? {
            return Err(Guard::Known { number });
        }
        self.outcome = Some(decree.clone());
        self.passed_in = ballot;
        let row = Entry::Outcome { number, decree: decree.clone(), ballot };
        Ok(self.told(|| Act::Learns { number, decree, from }).inking(row))
    }

    // ------------------------------------------------------------ the world's

    /// **Forget**: the priest loses his slip of paper. `[PTP Appendix A1]`
    ///
    /// This breaks no promise, since promises and votes are in the ledger. A ballot that he leaves
    /// unfinished does not stop a later one from passing a decree (Theorem 2).
    pub fn forget(&mut self) {
        self.status = Status::Idle;
    }

    // ---------------------------------------------------------- what he knows

    /// His name.
    #[must_use]
    pub fn name(&self) -> Name {
        self.name
    }

    /// The members of the Synod.
    #[must_use]
    pub fn members(&self) -> &Arc<Membership> {
        &self.members
    }

    /// lastTried and nextBal.
    #[must_use]
    pub fn notes(&self) -> &Notes {
        &self.notes
    }

    /// prevVote: prevBal and prevDec.
    #[must_use]
    pub fn prev_vote(&self) -> Option<&Vote> {
        self.prev_vote.as_ref()
    }

    /// The decree in his ledger.
    #[must_use]
    pub fn outcome(&self) -> Option<&Decree> {
        self.outcome.as_ref()
    }

    /// His slip of paper.
    #[must_use]
    pub fn status(&self) -> &Status {
        &self.status
    }

    /// Whether this same decree stands in the ledger already.
    fn is_inked(&self, decree: &Decree) -> Result<bool, Guard> {
        notes::is_inked(SYNODS_DECREE, self.outcome.as_ref(), decree)
    }

    fn status_is_not(&self, not: &'static str) -> Guard {
        Guard::Status { is: self.status.as_str(), not }
    }

    /// A deed of this reason alone, unless he is silent.
    pub(super) fn told(&self, act: impl FnOnce() -> Act) -> Deed {
        match self.silent {
            true => Deed::nothing(),
            false => Deed::because(Step { priest: self.name, act: act() }),
        }
    }
}
