//! A sitting of the Synod: it ends when every priest present has the decree in his ledger.
//! `[PTP §2]`

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::chamber::Chamber;
use crate::synod::presence::Presence;
use crate::synod::{Initiator, Mortal, Priest};
use crate::words::ballot::SYNODS_DECREE;
use crate::words::step::Act;
use crate::words::{BallotNumber, Decree, Entry, Founding, Minutes, Name, Vote};

use super::body::{Body, Knock, Raise};
use super::chosen::{self, Before, Chosen};
use super::news::{Contradiction, News, Tiding};
use super::patience::Patience;
use super::porter::Counts;
use super::{Convening, GodError, Sitting};

/// The longest wait for news before God looks at the clock again.
const GLANCE: Duration = Duration::from_millis(20);

/// A priest's absence from the Chamber. He loses his slip of paper.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Absence {
    /// The priest.
    pub name: Name,
    /// The time at which he leaves.
    pub from: Minutes,
    /// The time at which he returns.
    pub until: Minutes,
}

/// The settings of a Synod's sitting.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The Chamber and the priests brought into it.
    pub convening: Convening,
    /// The members of the Synod.
    pub founding: Founding,
    /// The decree that the president proposes.
    pub decree: Decree,
    /// The decrees that these priests propose instead, if they preside.
    pub wishes: BTreeMap<Name, Decree>,
    /// Whether a rival tries again at once, as in §2.4, without waiting.
    pub rivals_insist: bool,
    /// Whether the clock stands still, for `within` at most, while a priest who is away owes an
    /// answer.
    pub is_patient: bool,
    /// The priests who preside even if they hear a higher name.
    pub presidents: BTreeSet<Name>,
    /// The absences of priests who leave and return.
    pub absences: Vec<Absence>,
    /// T: a priest who has heard no higher name for this long presides.
    pub patience: Minutes,
    /// The time at which the sitting ends, even without a decree.
    pub within: Minutes,
}

/// The result of a Synod's sitting.
#[derive(Clone, PartialEq, Debug)]
pub struct Outcome {
    /// The decree chosen, if one was.
    pub decree: Option<Decree>,
    /// The ballot that succeeded in this sitting.
    pub ballot: Option<BallotNumber>,
    /// The earlier vote that fixed that ballot's decree by B3. `[PTP §2.1]`
    pub bound_by: Option<Vote>,
    /// An earlier ballot that the ledgers prove to have chosen the decree.
    pub chosen_in: Option<Chosen>,
    /// The owners of ledgers that had the decree before this sitting.
    pub inked_before: BTreeSet<Name>,
    /// Another decree in a ledger or letter, if there is one.
    pub contradiction: Option<Contradiction>,
    /// The priests in the Chamber at the end.
    pub inside: BTreeSet<Name>,
    /// The priests inside who lack the decree.
    pub lacking: BTreeSet<Name>,
    /// Whether a majority was inside at the end.
    pub majority_inside: bool,
    /// The priests who were driven out, with the reason.
    pub driven_out: BTreeMap<Name, String>,
    /// Whether the user ended it.
    pub interrupted: bool,
    /// The counts of letters and rows.
    pub counts: Counts,
    /// The places of rows that were written by hand, if God was patient.
    pub by_hand: Vec<String>,
    /// How long it took, in Paxon minutes.
    pub took: Minutes,
    /// How long it took on this machine's clock.
    pub wall: Duration,
}

impl Outcome {
    /// Whether every priest present has the decree, and no ledger or letter has another.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.decree.is_some()
            && self.lacking.is_empty()
            && self.driven_out.is_empty()
            && self.contradiction.is_none()
    }
}

/// God's observations so far.
#[derive(Default)]
struct Observed {
    inside: BTreeSet<Name>,
    /// The priests who have not entered yet.
    awaited: BTreeSet<Name>,
    knows: BTreeMap<Name, Decree>,
    ballot: Option<BallotNumber>,
    /// The earlier vote that fixed the decree of each ballot begun, by B3.
    bound: BTreeMap<BallotNumber, Vote>,
    contradiction: Option<Contradiction>,
    driven_out: BTreeMap<Name, String>,
    /// The contents of the ledgers before anybody acted.
    before: Before,
}

impl Observed {
    fn note(&mut self, news: &News) {
        match &news.what {
            Tiding::Entered => {
                self.awaited.remove(&news.of);
                self.driven_out.remove(&news.of);
                self.inside.insert(news.of);
            }
            Tiding::Left { why } => {
                self.awaited.remove(&news.of);
                self.inside.remove(&news.of);
                if let Some(why) = why {
                    self.driven_out.insert(news.of, why.clone());
                }
            }
            Tiding::Remembers(decree) => {
                self.knows.insert(news.of, decree.clone());
            }
            Tiding::Knows(decrees) => {
                let synods = decrees.iter().find(|(number, _)| *number == SYNODS_DECREE);
                if let Some((_, decree)) = synods {
                    self.knows.insert(news.of, decree.clone());
                }
            }
            Tiding::Acted(Act::Begins { ballot, bound_by: Some(vote), .. }) => {
                self.bound.insert(*ballot, vote.clone());
            }
            Tiding::Acted(Act::Passes { ballot, .. }) => {
                self.ballot = self.ballot.or(Some(*ballot));
            }
            _ => self.contradiction = self.contradiction.take().or_else(|| news.contradiction()),
        }
    }

    /// A letter or ledger that contradicts the decree. Ledgers of absent priests count too.
    fn contradiction(&self) -> Option<Contradiction> {
        let decree = self.decree()?;
        let other = self.knows.iter().chain(&self.before.inked);
        let mut other = other.filter(|(_, inked)| inked.text() != decree.text());
        let number = SYNODS_DECREE;
        let in_ledger =
            |(&of, inked): (&Name, &Decree)| Contradiction { of, number, inked: inked.clone() };
        let ledger = || other.next().map(in_ledger);
        self.contradiction.clone().or_else(ledger)
    }

    /// The decree of the ballot that succeeded in this sitting; otherwise that of any ledger.
    fn decree(&self) -> Option<&Decree> {
        self.ballot.and_then(|it| self.knows.get(&it.owner)).or(self.knows.values().next())
    }

    fn lacking(&self) -> BTreeSet<Name> {
        self.inside.iter().filter(|name| !self.knows.contains_key(name)).copied().collect()
    }

    /// Whether everyone present has the decree. If a majority is inside, a ballot of this sitting
    /// must have passed it.
    fn is_finished(&self, founding: &Founding) -> bool {
        let majority = founding.membership.is_majority(self.inside.iter().copied());
        self.awaited.is_empty()
            && !self.inside.is_empty()
            && self.lacking().is_empty()
            && (self.ballot.is_some() || !majority)
    }
}

/// Holds a Synod until it is over or `interrupted`, and calls `listen` with all the news.
///
/// # Errors
/// [`GodError`] when it cannot start: then nobody has acted.
pub fn hold(
    plan: &Plan,
    interrupted: &AtomicBool,
    listen: impl FnMut(&News),
) -> Result<Outcome, GodError> {
    hold_with(plan, raise(plan), interrupted, listen)
}

/// Like [`hold`], with priests that `raise` makes.
pub fn hold_with<M: Mortal + Send + 'static>(
    plan: &Plan,
    raise: Arc<Raise<M>>,
    interrupted: &AtomicBool,
    mut listen: impl FnMut(&News),
) -> Result<Outcome, GodError> {
    let chamber = &plan.convening.chamber;
    let mut observed = Observed {
        awaited: plan.convening.priests.iter().copied().collect(),
        ..Observed::default()
    };
    let mut sitting = Sitting::convene_if(&plan.convening, raise, |bodies| {
        agree(chamber, bodies)?;
        let read = chosen::before(chamber, &plan.founding);
        observed.before = read.map_err(|error| GodError::Ledger(Box::new(error).into()))?;
        Ok(())
    })?;
    if plan.is_patient {
        let at_most = sitting.hour().in_wall_time(plan.within);
        let patience = Patience::with(chamber, &plan.convening.priests, at_most);
        sitting.be_patient(patience.map_err(|error| GodError::Ledger(Box::new(error).into()))?);
    }
    let mut calls = calls(&plan.absences);
    while !observed.is_finished(&plan.founding) && !interrupted.load(Ordering::Relaxed) {
        let now = sitting.hour().now();
        if now > plan.within {
            break;
        }
        while let Some((_, name, knock)) = calls.pop_if(|(due, _, _)| *due <= now) {
            sitting.call(name, knock);
        }
        if let Some(news) = sitting.hear(GLANCE) {
            observed.note(&news);
            listen(&news);
        }
    }
    Ok(close(plan, sitting, observed, interrupted.load(Ordering::Relaxed), listen))
}

fn close(
    plan: &Plan,
    mut sitting: Sitting,
    mut observed: Observed,
    interrupted: bool,
    mut listen: impl FnMut(&News),
) -> Outcome {
    let took = sitting.hour().now();
    let wall = sitting.hour().in_wall_time(took);
    let inside = observed.inside.clone();
    let by_hand = sitting.by_hand();
    let (counts, last_news, living) = sitting.close();
    for news in &last_news {
        if !matches!(news.what, Tiding::Left { why: None }) {
            observed.note(news);
            listen(news);
        }
    }
    for name in living.err().into_iter().flatten() {
        observed.driven_out.insert(name, "a fault in this program ended his thread".into());
    }
    let decree = observed.decree().cloned();
    let is_this = |other: &Decree| decree.as_ref().is_some_and(|it| it.text() == other.text());
    let inked_before = observed.before.inked.iter().filter(|(_, inked)| is_this(inked));
    Outcome {
        ballot: observed.ballot,
        bound_by: observed.ballot.and_then(|ballot| observed.bound.get(&ballot)).cloned(),
        chosen_in: observed.before.chosen.clone().filter(|chosen| is_this(&chosen.decree)),
        inked_before: inked_before.map(|(&name, _)| name).collect(),
        contradiction: observed.contradiction(),
        decree,
        lacking: inside.iter().filter(|name| !observed.knows.contains_key(name)).copied().collect(),
        majority_inside: plan.founding.membership.is_majority(inside.iter().copied()),
        inside,
        driven_out: observed.driven_out,
        interrupted,
        counts,
        by_hand,
        took,
        wall,
    }
}

/// Refuses two ledgers that have different first decrees. One of them may come from another chamber
/// with the same founding.
fn agree<M: Mortal>(chamber: &Chamber, bodies: &[Body<M>]) -> Result<(), GodError> {
    let number = SYNODS_DECREE;
    let known = || bodies.iter().filter_map(|it| Some((it.name(), it.outcome(number)?)));
    let Some((one, first)) = known().next() else { return Ok(()) };
    // Only the texts are compared: a person who copies a decree may leave out its id.
    match known().find(|(_, second)| second.text() != first.text()) {
        None => Ok(()),
        Some((other, second)) => Err(GodError::Contradiction {
            number,
            ledgers: Box::new((chamber.ledger(one), chamber.ledger(other))),
            decrees: Box::new((first.clone(), second.clone())),
        }),
    }
}

/// Returns the function that makes a priest of this Synod from his ledger.
pub fn raise(plan: &Plan) -> Arc<Raise<Initiator>> {
    let members = Arc::new(plan.founding.membership.clone());
    let (presidents, patience, insist) =
        (plan.presidents.clone(), plan.patience, plan.rivals_insist);
    let (wishes, decree) = (plan.wishes.clone(), plan.decree.clone());
    Arc::new(move |name: Name, rows: &[Entry]| {
        let mut presence = Presence::new(name, &members, patience);
        if presidents.contains(&name) {
            presence.appoint();
        }
        if insist {
            presence.insist();
        }
        let priest = Priest::from_ledger(name, Arc::clone(&members), rows);
        Initiator::new(priest, presence, Some(wishes.get(&name).unwrap_or(&decree).clone()))
    })
}

/// The calls out and in that these absences need, the last first.
fn calls(absences: &[Absence]) -> Vec<(Minutes, Name, Knock)> {
    let mut calls: Vec<_> = absences
        .iter()
        .flat_map(|a| [(a.from, a.name, Knock::Leave), (a.until, a.name, Knock::Enter)])
        .collect();
    calls.sort_by_key(|(due, _, _)| std::cmp::Reverse(*due));
    calls
}
