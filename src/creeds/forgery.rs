//! A forged ledger and slip, brought to life by honest functions only.
//!
//! A heretic must come to states no honest priest comes to, yet nobody may build an illegal
//! status. So a forgery is plain values, and [`Forgery::pass_off`] obtains the priest who
//! believes them from [`Priest::from_ledger`] and the actions of Appendix A1, under a membership
//! that the forger chooses.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::synod::notes::Poll;
use crate::synod::{Priest, Status};
use crate::words::ballot::SYNODS_DECREE;
use crate::words::members::PAPERS_ALPHA;
use crate::words::{BallotNumber, Decree, Entry, Founding, Membership, Name, Vote};

/// The belief of a priest about himself.
#[derive(Clone, Debug)]
pub struct Forgery {
    name: Name,
    /// The members, as he believes, with their weights.
    pub members: Arc<Membership>,
    /// lastTried.
    pub last_tried: Option<BallotNumber>,
    /// nextBal.
    pub next_bal: Option<BallotNumber>,
    /// prevVote.
    pub prev_vote: Option<Vote>,
    /// The decree in his ledger.
    pub outcome: Option<Decree>,
    /// His slip.
    pub status: Status,
}

impl Forgery {
    /// A true copy of what `priest` believes, to be altered.
    #[must_use]
    pub fn of(priest: &Priest) -> Forgery {
        Forgery {
            name: priest.name(),
            members: priest.members().clone(),
            last_tried: priest.notes().last_tried(),
            next_bal: priest.notes().next_bal(),
            prev_vote: priest.prev_vote().cloned(),
            outcome: priest.outcome().cloned(),
            status: priest.status().clone(),
        }
    }

    /// Puts a priest who believes this in the place of `priest`.
    ///
    /// He reads his ledger, then goes through his present ballot again: tries it, hears the
    /// replies, begins it, hears the votes.
    pub fn pass_off(self, priest: &mut Priest) {
        let trying = !matches!(self.status, Status::Idle);
        let last_tried = self.last_tried;
        let rows: Vec<Entry> = [
            last_tried.filter(|_| !trying).map(|ballot| Entry::LastTried { ballot }),
            self.next_bal.map(|ballot| Entry::NextBal { ballot }),
            self.prev_vote.as_ref().map(|vote| Entry::prev_vote(SYNODS_DECREE, vote)),
            self.outcome.clone().map(|decree| Entry::Outcome {
                number: SYNODS_DECREE,
                decree,
                ballot: None,
            }),
        ]
        .into_iter()
        .flatten()
        .collect();
        let mut believer = Priest::from_ledger(self.name, self.members, &rows);
        if let Some(ballot) = last_tried.filter(|_| trying) {
            // Deeds done again here were performed when they were done first.
            let _again = believer.try_new_ballot(ballot);
            match self.status {
                Status::Idle => {}
                Status::Trying { prev_votes } => {
                    for (from, vote) in prev_votes {
                        let _again = believer.receive_last_vote(from, ballot, vote);
                    }
                }
                Status::Polling(poll) => {
                    for &from in poll.quorum() {
                        let _again = believer.receive_last_vote(from, ballot, None);
                    }
                    let _again = believer.start_polling_majority_set(poll.decree());
                    for &from in poll.voters() {
                        let _again = believer.receive_voted(from, ballot);
                    }
                }
            }
        }
        *priest = believer;
    }

    /// The replies on his slip, when he is trying.
    pub fn prev_votes(&mut self) -> Option<&mut BTreeMap<Name, Option<Vote>>> {
        match &mut self.status {
            Status::Trying { prev_votes } => Some(prev_votes),
            _ => None,
        }
    }

    /// His ballot under way, when he is polling.
    #[must_use]
    pub fn poll(&self) -> Option<&Poll> {
        match &self.status {
            Status::Polling(poll) => Some(poll),
            _ => None,
        }
    }

    /// Makes him think that these priests together outweigh all others.
    pub fn overrate(&mut self, few: &BTreeSet<Name>) {
        let many = self.members.size() as u64;
        self.weigh(|name| if few.contains(&name) { many } else { 1 });
    }

    /// Makes him think that everyone weighs alike.
    pub fn rate_evenly(&mut self) {
        self.weigh(|_| 1);
    }

    fn weigh(&mut self, weight: impl Fn(Name) -> u64) {
        let legislators = self.members.names().map(|name| (name, weight(name)));
        if let Ok(founding) = Founding::new(legislators, PAPERS_ALPHA) {
            self.members = Arc::new(founding.membership);
        }
    }
}
