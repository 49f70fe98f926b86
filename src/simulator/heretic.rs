//! Legislators of another custom, and what the gods see in them.

use std::borrow::Cow;

use super::cast::{Cast, Raised, Soul};
use crate::creeds::Custom;
use crate::creeds::custom::Heretic;
use crate::invariants::{Slip, View};
use crate::law::law_book::Enacted;
use crate::law::{LawBook, Response};
use crate::parliament::Page;
use crate::words::{Decree, DecreeNumber, Entry, Vote};

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
    fn view(&self, number: DecreeNumber) -> Option<View<'_>> {
        let put = |decree: &Decree| self.put_outcome(number, decree).map(Cow::Owned);
        let put_vote = |vote| self.put_vote(number, vote);
        let mut seen = (**self).view(number)?;
        seen.prev_vote = seen.prev_vote.map(put_vote);
        seen.outcome = seen.outcome.and_then(|decree| put(&decree));
        seen.slip = match seen.slip {
            Slip::TryingAll(prev_votes) => {
                let votes = prev_votes.into_iter();
                Slip::TryingAll(votes.map(|(from, vote)| (from, vote.map(put_vote))).collect())
            }
            Slip::Polling { quorum, voters, decree } => match put(&decree) {
                Some(decree) => Slip::Polling { quorum, voters, decree },
                None => Slip::Blank,
            },
            slip => slip,
        };
        Some(seen)
    }

    fn notes(&self) -> View<'static> {
        Soul::notes(&**self)
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
        let put = |(number, page): (DecreeNumber, &Page)| self.put_outcome(number, &page.decree);
        pages.inked(0, DecreeNumber::MAX).filter_map(put).any(|inked| inked == *decree)
    }

    /// Decrees as he would put them, and what he takes for a decree where he would put nothing.
    fn tell_law(&self, book: &mut LawBook) -> Vec<Enacted<Response>> {
        let (pages, known) = (self.pages(), book.complete_through());
        let put = |(number, page): (DecreeNumber, &Page)| {
            let decree = self.put_outcome(number, &page.decree);
            (number, decree.unwrap_or_else(|| page.decree.clone()))
        };
        let pages = pages.inked(known, pages.complete_through()).map(put);
        pages.flat_map(|(number, decree)| book.learn(number, decree)).collect()
    }
}

impl Heretic {
    fn put_vote<'a>(&self, number: DecreeNumber, vote: Cow<'a, Vote>) -> Cow<'a, Vote> {
        match self.custom().ink(Entry::prev_vote(number, &vote)) {
            Some(Entry::PrevVote { decree, .. }) => {
                Cow::Owned(Vote { decree, ..vote.into_owned() })
            }
            _ => vote,
        }
    }

    fn put_outcome(&self, number: DecreeNumber, decree: &Decree) -> Option<Decree> {
        let outcome = Entry::Outcome { number, decree: decree.clone(), ballot: None };
        match self.custom().ink(outcome)? {
            Entry::Outcome { decree, .. } => Some(decree),
            _ => None,
        }
    }
}
