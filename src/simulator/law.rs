//! The law as the gods know it: every passed decree, in order, even if no priest knows it. `[PTP
//! §3.3]`
//!
//! They read there too who votes on decree n: the law as of n − α. Nobody begins n who does not
//! know every decree through n − α, and what anyone knows was passed before, in the gods' sight.

use std::sync::Arc;

use super::plan::Plan;
use super::report::Sight;
use crate::invariants::{Breach, Invariant};
use crate::law::law_book::Enacted;
use crate::law::{Law, LawBook, Response, Seats};
use crate::words::{Decree, DecreeNumber, Membership};

/// The law as the gods know it.
pub struct GodsLaw {
    founders: Arc<Membership>,
    /// The voters from each number on at which a decree changed them.
    later: Vec<(DecreeNumber, Arc<Membership>)>,
    /// The book; none where nobody petitions for changes of the law.
    book: Option<LawBook>,
    /// The effect of each decree, from the first on.
    enacted: Vec<Enacted<Response>>,
}

impl GodsLaw {
    /// The law as of decree 0.
    #[must_use]
    pub fn founded(plan: &Plan<'_>) -> GodsLaw {
        let founders = Arc::new(plan.founding.membership.clone());
        let book = plan.law.is_some().then(|| LawBook::opened(Law::founded(&plan.founding)));
        GodsLaw { founders, later: Vec::new(), book, enacted: Vec::new() }
    }

    /// The founders.
    #[must_use]
    pub fn founders(&self) -> &Arc<Membership> {
        &self.founders
    }

    /// The voters on decree `number`. `[PTP §3.3.6]`
    #[must_use]
    pub fn voting_on(&self, number: DecreeNumber) -> &Arc<Membership> {
        let in_force = self.later.iter().rev().find(|(from, _)| *from <= number);
        in_force.map_or(&self.founders, |(_, members)| members)
    }

    /// Whether citizens petition for changes of the law.
    #[must_use]
    pub fn may_change(&self) -> bool {
        self.book.is_some()
    }

    /// The book; none where nobody petitions for changes of the law.
    #[must_use]
    pub fn book(&self) -> Option<&LawBook> {
        self.book.as_ref()
    }

    /// The members, and the decrees that seated them; none where nobody petitions for changes.
    #[must_use]
    pub fn seats(&self) -> Option<&Seats> {
        self.book.as_ref().map(|book| &book.state().seats)
    }

    /// A decree is passed.
    pub fn learn(&mut self, number: DecreeNumber, decree: &Decree, sights: &mut Vec<Sight>) {
        let Some(book) = &mut self.book else { return };
        if !self.later.is_empty() && self.later[0].0 <= number {
            sights.push(Sight::LaterLaw);
        }
        for enacted in book.learn(number, decree.clone()) {
            let seats = &book.state().seats;
            if seats.last_change() == Some(enacted.number) {
                let from = seats.in_force_from(enacted.number);
                self.later.push((from, Arc::new(seats.latest().clone())));
                sights.extend(enacted.response.as_ref().and_then(seen));
            }
            self.enacted.push(enacted);
        }
    }

    /// Whether what decrees did, as somebody's law book has it, is what they did.
    #[must_use]
    pub fn judge(&self, told: &[Enacted<Response>]) -> Option<Breach> {
        let other = told.iter().find_map(|his| {
            let index = usize::try_from(his.number.checked_sub(1)?).ok()?;
            let true_one = self.enacted.get(index);
            (true_one != Some(his)).then_some((his, true_one))
        });
        other.map(|(his, true_one)| {
            let number = his.number;
            let his = answer(his);
            let why = match true_one.map(answer) {
                Some(answer) => {
                    format!("a law book has of decree {number} “{his}”, and it is “{answer}”")
                }
                None => format!("a law book has of decree {number} “{his}”, and it is not passed"),
            };
            Breach { rule: Invariant::Law, why }
        })
    }
}

/// The response of a decree.
fn answer(enacted: &Enacted<Response>) -> String {
    match &enacted.response {
        Some(Response::Stands { decree, .. }) => decree.clone(),
        Some(response) => response.to_string(),
        None => "a petition that counted before".into(),
    }
}

/// The sight that a change of members counts as.
fn seen(response: &Response) -> Option<Sight> {
    match response {
        Response::Seated { was: None, .. } => Some(Sight::MemberAdded),
        Response::Seated { .. } => Some(Sight::WeightChanged),
        Response::Unseated { .. } => Some(Sight::MemberRemoved),
        _ => None,
    }
}
