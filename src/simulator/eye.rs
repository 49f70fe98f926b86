//! The gods' eye: B as it grows, and the invariant after every deed. `[PTP §2.2, Appendix A2]`
//!
//! Every decree number is a Synod of its own, and a legislator is looked at as a priest of each
//! that the deed could have touched.

use std::collections::{BTreeMap, BTreeSet};

use super::body::Body;
use super::cast::Soul;
use super::law::GodsLaw;
use super::plan::Plan;
use super::report::Sight;
use crate::invariants::{self, Breach, Invariant, View};
use crate::synod::conditions;
use crate::words::ballot::SYNODS_DECREE;
use crate::words::{Ballot, BallotNumber, Decree, DecreeNumber, Entry, Message, Name};

/// The gods' view of a run.
pub struct Eye {
    /// The law, and who votes on which number by it.
    pub law: GodsLaw,
    is_synod: bool,
    watch: Vec<Invariant>,
    /// B, of each number.
    ballots: BTreeMap<DecreeNumber, Vec<Ballot>>,
    /// The first priest to have each decree in his ledger.
    first: BTreeMap<DecreeNumber, View<'static>>,
    /// Every number through this one is in some ledger.
    settled: DecreeNumber,
    /// Numbers on which B has changed since it was last judged.
    changed: Vec<DecreeNumber>,
    /// The sights.
    pub sights: Vec<Sight>,
}

impl Eye {
    /// Eyes that watch for the rules of this plan.
    #[must_use]
    pub fn new(plan: &Plan<'_>) -> Eye {
        Eye {
            law: GodsLaw::founded(plan),
            is_synod: plan.decrees == 1,
            watch: plan.watch.clone(),
            ballots: BTreeMap::new(),
            first: BTreeMap::new(),
            settled: 0,
            changed: Vec::new(),
            sights: Vec::new(),
        }
    }

    /// B of one number.
    #[must_use]
    pub fn ballots(&self, number: DecreeNumber) -> &[Ballot] {
        self.ballots.get(&number).map_or(&[], Vec::as_slice)
    }

    /// A row was written: a ballot is in B from then on, since BeginBallot may leave while that
    /// ink dries.
    pub fn see_written(&mut self, row: &Entry) {
        let Entry::BeginBallot { number, ballot, decree, quorum } = row else { return };
        let ballots = self.ballots.entry(*number).or_default();
        if ballots.iter().any(|other| other.number > *ballot) {
            self.sights.push(Sight::BegunLate);
        }
        let (number, ballot) = (*number, *ballot);
        let fresh = Ballot {
            number: ballot,
            decree: decree.clone(),
            quorum: (**quorum).clone(),
            voters: BTreeSet::new(),
        };
        if conditions::max_vote_below(ballot, quorum, &*ballots).is_some() {
            self.sights.push(Sight::Adopted);
        }
        if decree.text() == crate::parliament::OLIVE_DAY {
            self.sights.push(Sight::GapFilled);
        }
        ballots.push(fresh);
        self.changed.push(number);
    }

    /// A row of `priest` is dry: a vote is cast.
    pub fn see_dry(&mut self, priest: Name, row: &Entry) {
        let Entry::PrevVote { number, ballot: voted_in, decree } = row else { return };
        let Some(ballots) = self.ballots.get_mut(number) else { return };
        let voted_before = ballots.iter().any(|ballot| ballot.voters.contains(&priest));
        let is_it = |ballot: &&mut Ballot| ballot.number == *voted_in && ballot.decree == *decree;
        let Some(ballot) = ballots.iter_mut().find(is_it) else { return };
        if !ballot.voters.insert(priest) {
            return;
        }
        let succeeds = ballot.is_successful();
        if voted_before {
            self.sights.push(Sight::VotedTwice);
        }
        if succeeds {
            self.law.learn(*number, decree, &mut self.sights);
        }
        if succeeds && ballots.iter().filter(|ballot| ballot.is_successful()).count() > 1 {
            self.sights.push(Sight::SuccessfulTwice);
        }
        self.changed.push(*number);
    }

    /// Judges what a priest did: `touched` are the numbers that it may concern.
    pub(super) fn judge(
        &mut self,
        who: usize,
        bodies: &[Body],
        touched: &mut Vec<DecreeNumber>,
    ) -> Vec<Breach> {
        let mut found = Vec::new();
        let changed = std::mem::take(&mut self.changed);
        touched.extend_from_slice(&changed);
        touched.sort_unstable();
        touched.dedup();
        for number in touched.drain(..) {
            if changed.contains(&number) {
                let (ballots, members) = (self.ballots(number), self.law.voting_on(number));
                found.extend(invariants::of_ballots(ballots, members));
                if self.law.may_change() {
                    found.extend(invariants::of_quorums(ballots, members));
                }
                for (_, body) in bodies.iter().enumerate().filter(|(other, _)| *other != who) {
                    let priest = body.soul.as_ref().and_then(|soul| soul.view(number));
                    found.extend(priest.iter().flat_map(|it| invariants::of_priest(it, ballots)));
                }
            }
            self.judge_priest(number, bodies[who].soul.as_deref(), &mut found);
        }
        self.judge_promises(who, bodies, &mut found);
        found.retain(|breach| self.watch.contains(&breach.rule));
        found
    }

    /// The one who acted, as a priest of this number.
    fn judge_priest(
        &mut self,
        number: DecreeNumber,
        soul: Option<&dyn Soul>,
        found: &mut Vec<Breach>,
    ) {
        let Some(priest) = soul.and_then(|soul| soul.view(number)) else { return };
        found.extend(invariants::of_priest(&priest, self.ballots(number)));
        if priest.outcome.is_some() {
            match self.first.get(&number) {
                Some(first) => found.extend(invariants::of_ledgers(first, &priest)),
                None => {
                    self.first.insert(number, priest.ledger_alone());
                    while self.first.contains_key(&(self.settled + 1)) {
                        self.settled += 1;
                    }
                }
            }
        }
    }

    /// Every promise that is on a slip and concerns the one who acted.
    fn judge_promises(&self, who: usize, bodies: &[Body], found: &mut Vec<Breach>) {
        for (president, body) in bodies.iter().enumerate() {
            let trying = body.soul.as_ref().filter(|soul| soul.is_trying());
            let Some(tries) = trying.and_then(|soul| soul.view(self.any_number())) else {
                continue;
            };
            for (replier, body) in bodies.iter().enumerate() {
                if (president == who) != (replier == who)
                    && let Some(soul) = &body.soul
                {
                    found.extend(invariants::of_promise(&tries, &soul.notes()));
                }
            }
        }
    }

    /// Judges a letter that is under way, and whether its sender bears it out.
    #[must_use]
    pub fn judge_letter(
        &self,
        from: Name,
        message: &Message,
        sender: Option<&dyn Soul>,
    ) -> Vec<Breach> {
        let mut found = match self.number_of(message) {
            Some(number) => invariants::of_letter(from, message, self.ballots(number)),
            None => Vec::new(),
        };
        if matches!(message, Message::NextBallot { .. } | Message::LastVote { .. })
            && let Some(sender) = sender
        {
            found.extend(invariants::of_sender(message, &sender.notes()));
        }
        found.retain(|breach| self.watch.contains(&breach.rule));
        found
    }

    /// The number a letter speaks of. A null LastVote speaks of all above one that it does not
    /// name, but in the Synod.
    fn number_of(&self, message: &Message) -> Option<DecreeNumber> {
        match message {
            Message::LastVote { vote: Some((number, _)), .. }
            | Message::BeginBallot { number, .. }
            | Message::Voted { number, .. }
            | Message::Success { number, .. } => Some(*number),
            Message::LastVote { vote: None, .. } => self.is_synod.then_some(SYNODS_DECREE),
            _ => None,
        }
    }

    /// A number of which every legislator still keeps notes: the notes are the same for all.
    fn any_number(&self) -> DecreeNumber {
        if self.is_synod { SYNODS_DECREE } else { DecreeNumber::MAX }
    }

    /// The numbers on which a ballot was begun.
    pub fn numbers(&self) -> impl Iterator<Item = DecreeNumber> + '_ {
        self.ballots.keys().copied()
    }

    /// The open numbers: those above the last number through which every decree is in some ledger.
    /// A change to a note or a slip for all numbers shows there. For a lower number it shows as
    /// soon as it has consequences, in a row or a letter.
    pub fn open_numbers(&self) -> impl Iterator<Item = DecreeNumber> + '_ {
        self.ballots.range(self.settled + 1..).map(|(&number, _)| number)
    }

    /// The decree that passed as this number, and the ballot in which it did, as the gods see it.
    #[must_use]
    pub fn passed(&self, number: DecreeNumber) -> Option<(&Decree, BallotNumber)> {
        let first = self.ballots(number).iter().find(|ballot| ballot.is_successful())?;
        Some((&first.decree, first.number))
    }
}
