//! B, the set of all ballots, as the gods see it at one moment. `[PTP §2.1, §2.2, Figure 1]`

use std::collections::{BTreeMap, BTreeSet};

use crate::trace::Happening;
use crate::words::{Ballot, BallotNumber, Decree, DecreeNumber, Entry, Name};

/// B at one moment: all ballots on all decree numbers.
#[derive(Clone, Debug, Default)]
pub struct Ballots {
    ballots: BTreeMap<DecreeNumber, Vec<Ballot>>,
}

/// How an event changed B.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Change {
    /// A ballot was begun; its place among the ballots on that number.
    Began(DecreeNumber, usize),
    /// A priest voted in the ballot at that place.
    Voted(DecreeNumber, usize, Name),
}

impl Change {
    /// The decree number whose ballots changed.
    #[must_use]
    pub const fn number(&self) -> DecreeNumber {
        match self {
            Change::Began(number, _) | Change::Voted(number, _, _) => *number,
        }
    }
}

impl Ballots {
    /// Takes down what happened, if it changes B.
    pub fn take_down(&mut self, happening: &Happening) -> Option<Change> {
        let Happening::Ink { priest, entry } = happening else {
            return None;
        };
        match entry {
            Entry::BeginBallot { number, ballot, decree, quorum } => {
                let known = self.ballots.entry(*number).or_default();
                // A vote may have been told before the ballot's own row.
                let awaited = known.iter().position(|b| b.number == *ballot && b.quorum.is_empty());
                let index = awaited.unwrap_or_else(|| {
                    known.push(unbegun(*ballot, decree));
                    known.len() - 1
                });
                known[index].quorum.clone_from(quorum);
                known[index].decree = decree.clone();
                Some(Change::Began(*number, index))
            }
            Entry::PrevVote { number, ballot, decree } => {
                let known = self.ballots.entry(*number).or_default();
                let of_number = |b: &Ballot| b.number == *ballot;
                let index = known
                    .iter()
                    .position(|b| of_number(b) && b.decree == *decree)
                    .or_else(|| known.iter().position(of_number))
                    .unwrap_or_else(|| {
                        known.push(unbegun(*ballot, decree));
                        known.len() - 1
                    });
                known[index].voters.insert(*priest);
                Some(Change::Voted(*number, index, *priest))
            }
            _ => None,
        }
    }

    /// The ballots on one decree number, in the order in which they became known.
    #[must_use]
    pub fn on(&self, number: DecreeNumber) -> &[Ballot] {
        self.ballots.get(&number).map_or(&[], Vec::as_slice)
    }

    /// The last `most` ballots, or those on one decree alone, by decree and ballot number.
    #[must_use]
    pub fn last(&self, most: usize, decree: Option<DecreeNumber>) -> Vec<(DecreeNumber, &Ballot)> {
        let on = self.all().rev().filter(|(number, _)| decree.is_none_or(|d| d == *number));
        let mut last: Vec<(DecreeNumber, &Ballot)> = on
            .flat_map(|(number, on)| {
                let mut on: Vec<&Ballot> = on.iter().collect();
                on.sort_by_key(|ballot| std::cmp::Reverse(ballot.number));
                on.into_iter().map(move |ballot| (number, ballot))
            })
            .take(most)
            .collect();
        last.reverse();
        last
    }

    /// Forgets the ballots on decrees before `number`.
    pub fn forget_before(&mut self, number: DecreeNumber) {
        self.ballots = self.ballots.split_off(&number);
    }

    /// All ballots, by decree number.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = (DecreeNumber, &[Ballot])> {
        self.ballots.iter().map(|(number, ballots)| (*number, ballots.as_slice()))
    }
}

/// A ballot of which only the number and the decree are known.
fn unbegun(number: BallotNumber, decree: &Decree) -> Ballot {
    let (quorum, voters) = (BTreeSet::new(), BTreeSet::new());
    Ballot { number, decree: decree.clone(), quorum, voters }
}

/// How a ballot stands, by the rows told so far. The row that tells its quorum may be lost.
#[must_use]
pub fn stands(ballot: &Ballot) -> &'static str {
    match (ballot.quorum.is_empty(), ballot.is_successful()) {
        (true, _) => "quorum unknown",
        (false, true) => "successful",
        (false, false) => "open",
    }
}
