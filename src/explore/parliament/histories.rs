//! B of every decree number as the gods have seen it, and what was proposed too late.

use std::collections::{BTreeSet, HashMap};

use super::super::visited::FoldHash;
use super::rules::{Ballots, is_important};
use crate::invariants::{self, Breach, Rule};
use crate::words::{Ballot, Decree, DecreeNumber, Entry, Founding, Name};

/// What some run has led to: B, and the decrees first proposed after one of a higher number had
/// passed.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
struct History {
    ballots: Ballots,
    late: BTreeSet<(DecreeNumber, Decree)>,
}

/// Every history met, each judged once.
pub(super) struct Histories {
    founding: Founding,
    all: Vec<(History, Vec<Breach>)>,
    ids: HashMap<History, u32>,
    after: HashMap<u64, u32, FoldHash>,
}

impl Histories {
    pub(super) fn new(founding: Founding) -> Histories {
        let first = History::default();
        let ids = HashMap::from([(first.clone(), 0)]);
        Histories { founding, all: vec![(first, Vec::new())], ids, after: HashMap::default() }
    }

    pub(super) fn ballots(&self, history: u32) -> &Ballots {
        &self.all[history as usize].0.ballots
    }

    /// What is wrong with B itself, and with the order of its decrees.
    pub(super) fn breaches(&self, history: u32) -> &[Breach] {
        &self.all[history as usize].1
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// The history after `who` was seen to begin ballots and cast votes.
    pub(super) fn after(&mut self, history: u32, sighting: u32, who: Name, rows: &[Entry]) -> u32 {
        if let Some(&known) = self.after.get(&(u64::from(history) << 32 | u64::from(sighting))) {
            return known;
        }
        let mut next = self.all[history as usize].0.clone();
        rows.iter().for_each(|row| next.see(who, row));
        let id = match self.ids.get(&next) {
            Some(&id) => id,
            None => self.note(next),
        };
        self.after.insert(u64::from(history) << 32 | u64::from(sighting), id);
        id
    }

    fn note(&mut self, history: History) -> u32 {
        let members = &self.founding.membership;
        let mut breaches: Vec<Breach> = Vec::new();
        for (number, ballots) in &history.ballots {
            let of_number = |mut breach: Breach| {
                breach.why = format!("of decree {number}, {}", breach.why);
                breach
            };
            breaches.extend(invariants::of_ballots(ballots, members).into_iter().map(of_number));
        }
        breaches.extend(history.out_of_order());
        let id = self.all.len() as u32;
        self.ids.insert(history.clone(), id);
        self.all.push((history, breaches));
        id
    }
}

impl History {
    fn see(&mut self, who: Name, row: &Entry) {
        match row {
            Entry::BeginBallot { number, ballot, decree, quorum } => {
                self.begin(
                    *number,
                    Ballot {
                        number: *ballot,
                        decree: decree.clone(),
                        quorum: (**quorum).clone(),
                        voters: BTreeSet::new(),
                    },
                );
            }
            Entry::PrevVote { number, ballot, decree } => {
                let ballots = self.ballots.entry(*number).or_default().iter_mut();
                for voted in ballots.filter(|b| b.number == *ballot && b.decree == *decree) {
                    voted.voters.insert(who);
                }
            }
            _ => {}
        }
    }

    fn begin(&mut self, number: DecreeNumber, ballot: Ballot) {
        let passed = |ballot: &Ballot| ballot.is_successful() && is_important(&ballot.decree);
        let too_late =
            self.ballots.range(number + 1..).any(|(_, ballots)| ballots.iter().any(passed));
        let known = self.ballots.entry(number).or_default();
        let proposed_before = known.iter().any(|other| other.decree == ballot.decree);
        if too_late && !proposed_before && is_important(&ballot.decree) {
            self.late.insert((number, ballot.decree.clone()));
        }
        let same = |other: &Ballot| {
            (other.number, &other.decree, &other.quorum)
                == (ballot.number, &ballot.decree, &ballot.quorum)
        };
        if !known.iter().any(same) {
            known.push(ballot);
            known.sort_by(|a, b| {
                (a.number, &a.decree, &a.quorum).cmp(&(b.number, &b.decree, &b.quorum))
            });
        }
    }

    /// Of the decrees proposed too late, those that stand.
    fn out_of_order(&self) -> impl Iterator<Item = Breach> + '_ {
        let stands = |(number, decree): &&(DecreeNumber, Decree)| {
            let of_it = |ballot: &Ballot| ballot.is_successful() && ballot.decree == *decree;
            self.ballots.get(number).is_some_and(|ballots| ballots.iter().any(of_it))
        };
        self.late.iter().filter(stands).map(|(number, decree)| Breach {
            rule: Rule::Order,
            why: format!(
                "decree {number}, “{decree}”, was proposed after one of a higher number had passed"
            ),
        })
    }
}
