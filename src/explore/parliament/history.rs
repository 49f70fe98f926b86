//! B of every decree number as the gods have seen it, and what was proposed too late.

use std::collections::BTreeSet;

use super::super::story::Ballots;
use super::rules::is_important;
use crate::invariants::{Breach, Invariant, of_ballots};
use crate::words::{Ballot, Decree, DecreeNumber, Entry, Membership, Name};

/// The history of a run: B, and the decrees first proposed after one of a higher number had
/// passed.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct History {
    pub(crate) ballots: Ballots,
    late: BTreeSet<(DecreeNumber, Decree)>,
}

impl History {
    /// Sees a ballot begun or a vote cast.
    pub(crate) fn see(&mut self, who: Name, row: &Entry) {
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

    /// The breaches in B of each number, and in their order.
    pub(crate) fn judge<'m>(
        &self,
        members_of: impl Fn(DecreeNumber) -> &'m Membership,
    ) -> Vec<Breach> {
        let mut breaches: Vec<Breach> = Vec::new();
        for (number, ballots) in &self.ballots {
            let of_number = |mut breach: Breach| {
                breach.why = format!("of decree {number}, {}", breach.why);
                breach
            };
            breaches.extend(of_ballots(ballots, members_of(*number)).into_iter().map(of_number));
        }
        breaches.extend(self.out_of_order());
        breaches
    }

    /// Those of the decrees proposed too late that stand.
    fn out_of_order(&self) -> impl Iterator<Item = Breach> + '_ {
        let stands = |(number, decree): &&(DecreeNumber, Decree)| {
            let of_it = |ballot: &Ballot| ballot.is_successful() && ballot.decree == *decree;
            self.ballots.get(number).is_some_and(|ballots| ballots.iter().any(of_it))
        };
        self.late.iter().filter(stands).map(|(number, decree)| Breach {
            rule: Invariant::Order,
            why: format!(
                "decree {number}, “{decree}”, was proposed after one of a higher number had passed"
            ),
        })
    }
}
