//! Legislators of another custom, and what the gods see in them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::cast::{Cast, Raised, Soul};
use crate::creeds::Custom;
use crate::creeds::custom::Heretic;
use crate::creeds::forgery::Forgery;
use crate::law::law_book::Enacted;
use crate::law::{LawBook, Response};
use crate::parliament::Page;
use crate::synod::notes::Poll;
use crate::synod::{Priest, Status};
use crate::words::{Decree, DecreeNumber, Entry, Membership, Vote};

/// Legislators of this custom. `[PTP §3]`
pub struct Heretics(pub &'static dyn Custom);

impl Cast for Heretics {
    fn raise(&self, raised: Raised<'_>) -> Box<dyn Soul> {
        Box::new(Heretic::open(raised.name, raised.founding, raised.rows, self.0))
    }

    fn custom(&self) -> &dyn Custom {
        self.0
    }

    fn keeps_time(&self) -> bool {
        self.0.keeps_time()
    }
}

impl Soul for Heretic {
    /// His own view of his ledger: the gods compare it with his rows.
    fn as_priest(
        &self,
        number: DecreeNumber,
        members: &Arc<Membership>,
    ) -> Option<Cow<'_, Priest>> {
        let mut priest = (**self).as_priest(number, members)?.into_owned();
        let mut seen = Forgery::of(&priest);
        seen.prev_vote = seen.prev_vote.map(|vote| self.put_vote(number, vote));
        seen.outcome = seen.outcome.and_then(|decree| self.put_outcome(number, decree));
        seen.status = match seen.status {
            Status::Trying { prev_votes } => {
                let put = |vote: Option<Vote>| vote.map(|vote| self.put_vote(number, vote));
                let put_all = prev_votes.into_iter().map(|(name, vote)| (name, put(vote)));
                Status::Trying { prev_votes: put_all.collect::<BTreeMap<_, _>>() }
            }
            Status::Polling(poll) => self.put_poll(number, &poll, &priest),
            Status::Idle => Status::Idle,
        };
        seen.pass_off(&mut priest);
        Some(Cow::Owned(priest))
    }

    fn is_at_work(&self) -> bool {
        (**self).is_at_work()
    }

    fn is_trying(&self) -> bool {
        (**self).is_trying()
    }

    fn is_presiding(&self) -> bool {
        self.presides().is_some()
    }

    fn has(&self, decree: &Decree) -> bool {
        let pages = self.pages();
        let put =
            |(number, page): (DecreeNumber, &Page)| self.put_outcome(number, page.decree.clone());
        pages.inked(0, DecreeNumber::MAX).filter_map(put).any(|inked| inked == *decree)
    }

    /// Decrees as he would put them, and what he takes for a decree where he would put nothing.
    fn tell_law(&self, book: &mut LawBook) -> Vec<Enacted<Response>> {
        let (pages, known) = (self.pages(), book.complete_through());
        let put = |(number, page): (DecreeNumber, &Page)| {
            let decree = self.put_outcome(number, page.decree.clone());
            (number, decree.unwrap_or_else(|| page.decree.clone()))
        };
        let pages = pages.inked(known, pages.complete_through()).map(put);
        pages.flat_map(|(number, decree)| book.learn(number, decree)).collect()
    }
}

impl Heretic {
    fn put_vote(&self, number: DecreeNumber, vote: Vote) -> Vote {
        match self.custom().ink(Entry::prev_vote(number, &vote)) {
            Some(Entry::PrevVote { decree, .. }) => Vote { decree, ..vote },
            _ => vote,
        }
    }

    fn put_outcome(&self, number: DecreeNumber, decree: Decree) -> Option<Decree> {
        match self.custom().ink(Entry::Outcome { number, decree, ballot: None })? {
            Entry::Outcome { decree, .. } => Some(decree),
            _ => None,
        }
    }

    fn put_poll(&self, number: DecreeNumber, poll: &Poll, priest: &Priest) -> Status {
        let Some(decree) = self.put_outcome(number, poll.decree().clone()) else {
            return Status::Idle;
        };
        let Some(mut put) = Poll::open(poll.quorum().clone(), decree, priest.members()) else {
            return Status::Polling(poll.clone());
        };
        for &voter in poll.voters() {
            // A priest who answered before is of the quorum.
            let _heard = put.hear(voter);
        }
        Status::Polling(put)
    }
}
