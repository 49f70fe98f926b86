//! B as the gods have seen it, and whether the invariants hold of it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::situations::Situations;
use super::visited::FoldHash;
use crate::invariants::{self, Breach, Rule};
use crate::words::{Ballot, Entry, Membership, Name};

/// One history: a set B that some run leads to.
struct Record {
    ballots: Vec<Ballot>,
    /// What is wrong with B itself.
    breaches: Vec<Breach>,
    /// The letters that B bears out.
    borne_out: u128,
    sights: u16,
}

/// Every B met, each judged once.
pub(super) struct Chronicle {
    members: Arc<Membership>,
    watch: Vec<Rule>,
    records: Vec<Record>,
    ids: HashMap<Vec<Ballot>, u32>,
    after: HashMap<u64, u32, FoldHash>,
    /// Situations and B that were found to agree.
    agreed: HashSet<u64, FoldHash>,
    /// The letters that each situation bears out, of each priest.
    vouched: Vec<Vec<u128>>,
    /// How many clauses were asked.
    pub(super) asked: u64,
}

/// Two ballots of B were successful.
pub(super) const SUCCESSFUL_TWICE: u16 = 1 << 1;
/// A priest voted in two ballots.
pub(super) const VOTED_TWICE: u16 = 1 << 2;
/// A ballot was begun after a higher one.
pub(super) const BEGUN_LATE: u16 = 1 << 3;

impl Chronicle {
    pub(super) fn new(members: Arc<Membership>, watch: Vec<Rule>) -> Chronicle {
        let vouched = vec![Vec::new(); members.size()];
        let empty = Record { ballots: Vec::new(), breaches: Vec::new(), borne_out: 0, sights: 0 };
        Chronicle {
            members,
            watch,
            records: vec![empty],
            ids: HashMap::from([(Vec::new(), 0)]),
            after: HashMap::default(),
            agreed: HashSet::default(),
            vouched,
            asked: 0,
        }
    }

    pub(super) fn ballots(&self, history: u32) -> &[Ballot] {
        &self.records[history as usize].ballots
    }

    pub(super) fn sights(&self, history: u32) -> u16 {
        self.records[history as usize].sights
    }

    /// The history after `who` was seen to begin ballots and cast votes.
    pub(super) fn after(&mut self, history: u32, sighting: u32, who: Name, rows: &[Entry]) -> u32 {
        let key = u64::from(history) << 32 | u64::from(sighting);
        if let Some(&known) = self.after.get(&key) {
            return known;
        }
        let mut ballots = self.records[history as usize].ballots.clone();
        let mut sights = self.records[history as usize].sights;
        for row in rows {
            sights |= see(&mut ballots, who, row);
        }
        ballots.sort_by(|a, b| {
            (a.number, &a.decree, &a.quorum).cmp(&(b.number, &b.decree, &b.quorum))
        });
        let id = self.id(ballots, sights);
        self.after.insert(key, id);
        id
    }

    fn id(&mut self, ballots: Vec<Ballot>, sights: u16) -> u32 {
        if let Some(&id) = self.ids.get(&ballots) {
            return id;
        }
        let breaches = self.watched(invariants::of_ballots(&ballots, &self.members));
        let id = self.records.len() as u32;
        self.ids.insert(ballots.clone(), id);
        self.records.push(Record { ballots, breaches, borne_out: 0, sights });
        id
    }

    fn watched(&mut self, breaches: Vec<Breach>) -> Vec<Breach> {
        self.asked += 1;
        breaches.into_iter().filter(|breach| self.watch.contains(&breach.rule)).collect()
    }

    /// I6: what is wrong with B itself.
    pub(super) fn of_ballots(&self, history: u32) -> &[Breach] {
        &self.records[history as usize].breaches
    }

    /// I1 to I5, of one priest's situation and B.
    pub(super) fn of_priest(
        &mut self,
        situations: &Situations<'_>,
        who: usize,
        situation: u16,
        history: u32,
    ) -> Vec<Breach> {
        let key = (who as u64) << 48 | u64::from(situation) << 32 | u64::from(history);
        if self.agreed.contains(&key) {
            return Vec::new();
        }
        let priest = &situations.situation(who, situation).priest;
        let found = invariants::of_priest(priest, self.ballots(history));
        let found = self.watched(found);
        if found.is_empty() {
            self.agreed.insert(key);
        }
        found
    }

    /// I7, of all letters and B.
    pub(super) fn of_letters(
        &mut self,
        situations: &Situations<'_>,
        letters: u128,
        history: u32,
    ) -> Vec<Breach> {
        let mut unasked = letters & !self.records[history as usize].borne_out;
        while unasked != 0 {
            let bit = unasked.trailing_zeros();
            unasked &= unasked - 1;
            let (from, letter) = situations.letter(bit);
            let found = invariants::of_letter(from, &letter.message, self.ballots(history));
            let found = self.watched(found);
            if !found.is_empty() {
                return found;
            }
            self.records[history as usize].borne_out |= 1 << bit;
        }
        Vec::new()
    }

    /// What two situations say of each other: I4's promises, and consistency.
    pub(super) fn of_pair(
        &mut self,
        situations: &Situations<'_>,
        (one, first): (usize, u16),
        (other, second): (usize, u16),
    ) -> Vec<Breach> {
        let (mine, his) = (situations.brief(one, first), situations.brief(other, second));
        if !(mine.trying || his.trying || mine.knows && his.knows) {
            return Vec::new();
        }
        let (one, other) =
            (&situations.situation(one, first).priest, &situations.situation(other, second).priest);
        let mut found = invariants::of_ledgers(one, other);
        found.extend(invariants::of_promise(one, other));
        found.extend(invariants::of_promise(other, one));
        self.watched(found)
    }

    /// The rest of I7, of letters and their sender's situation.
    pub(super) fn of_sender(
        &mut self,
        situations: &Situations<'_>,
        letters: u128,
        who: usize,
        situation: u16,
    ) -> Vec<Breach> {
        let at = usize::from(situation);
        if self.vouched[who].len() <= at {
            self.vouched[who].resize(at + 1, 0);
        }
        let mut unasked = letters & situations.sent_by(who) & !self.vouched[who][at];
        while unasked != 0 {
            let bit = unasked.trailing_zeros();
            unasked &= unasked - 1;
            let (_, letter) = situations.letter(bit);
            let priest = &situations.situation(who, situation).priest;
            let found = invariants::of_sender(&letter.message, priest);
            let found = self.watched(found);
            if !found.is_empty() {
                return found;
            }
            self.vouched[who][at] |= 1 << bit;
        }
        Vec::new()
    }

    /// How many different B were met.
    pub(super) fn len(&self) -> usize {
        self.records.len()
    }
}

/// Adds to B what one row says.
fn see(ballots: &mut Vec<Ballot>, who: Name, row: &Entry) -> u16 {
    match row {
        Entry::BeginBallot { ballot, decree, quorum, .. } => {
            let (number, decree, quorum) = (*ballot, decree.clone(), (**quorum).clone());
            let known = |b: &Ballot| b.number == number && b.decree == decree && b.quorum == quorum;
            let late = ballots.iter().any(|other| other.number > number);
            if !ballots.iter().any(known) {
                ballots.push(Ballot { number, decree, quorum, voters: Default::default() });
            }
            if late { BEGUN_LATE } else { 0 }
        }
        Entry::PrevVote { ballot, decree, .. } => {
            for voted in ballots.iter_mut().filter(|b| b.number == *ballot && b.decree == *decree) {
                voted.voters.insert(who);
            }
            let votes = ballots.iter().filter(|b| b.voters.contains(&who)).count();
            let successes = ballots.iter().filter(|b| b.is_successful()).count();
            (if votes > 1 { VOTED_TWICE } else { 0 })
                | (if successes > 1 { SUCCESSFUL_TWICE } else { 0 })
        }
        _ => 0,
    }
}
