//! A sitting of the Parliament: until some decrees have passed, or until God closes it. `[PTP §3]`

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use crate::chamber::Chamber;
use crate::parliament::Legislator;
use crate::words::{Decree, DecreeNumber, Entry, Founding, Minutes, Name};

use super::body::{Body, Knock, Raise};
use super::citizen::{Citizen, Passed};
use super::errand::{Errand, Lookout, Passage};
use super::news::{Contradiction, News, Tiding};
use super::patience::Patience;
use super::porter::Counts;
use super::recall::Recall;
use super::{Convening, GodError, Sitting};

/// The longest wait for news before God looks at the clock again.
const GLANCE: Duration = Duration::from_millis(20);

/// The settings with which legislators are made.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Manner {
    /// Whether they leave out the reasons of their acts.
    pub silent: bool,
    /// The interval at which the president restates a matter of the law. `[PTP §3.3.5]`
    pub restate: Option<Minutes>,
    /// A legislator binds a law book when his ledger holds more single decrees than this.
    /// `[PTP §3.3.2]`
    pub law_book_every: Option<DecreeNumber>,
}

/// The Parliament in session: its priests, its news, and the recall of those whose ink failed.
pub struct Assembly {
    sitting: Sitting,
    founding: Founding,
    inside: BTreeSet<Name>,
    /// The priests whose ink failed, and when each is called back.
    recall: Recall,
    /// God's own remark, which [`Assembly::hear`] returns next.
    remark: Option<News>,
    /// A disagreement of two ledgers, found when they were opened.
    disagreement: Option<Contradiction>,
}

impl Assembly {
    /// Convenes the legislators that `convening` names.
    ///
    /// # Errors
    /// [`GodError`]: then nobody has acted.
    pub fn convene(
        convening: &Convening,
        founding: Founding,
        manner: Manner,
    ) -> Result<Assembly, GodError> {
        // A trace shows which letters had no effect, and only the reasons tell that.
        let manner = Manner { silent: manner.silent && convening.trace.is_none(), ..manner };
        let mut found = None;
        let sitting = Sitting::convene_if(convening, raise(&founding, manner), |bodies| {
            found = disagreement(&convening.chamber, bodies);
            Ok(())
        })?;
        let (remark, disagreement) = found.unzip();
        let inside = convening.priests.iter().copied().collect();
        Ok(Assembly { sitting, founding, inside, recall: Recall::default(), remark, disagreement })
    }

    /// Makes the clock stand still, for `at_most` in all, while a priest who is played by hand owes
    /// an answer.
    ///
    /// # Errors
    /// When the chamber cannot be read.
    pub fn be_patient(&mut self, chamber: &Chamber, at_most: Duration) -> Result<(), GodError> {
        let inside: Vec<Name> = self.inside.iter().copied().collect();
        let patience = Patience::with(chamber, &inside, at_most);
        let patience = patience.map_err(|error| GodError::Ledger(Box::new(error).into()))?;
        self.sitting.be_patient(patience);
        Ok(())
    }

    /// The places of rows and letters that were written by hand, if God is patient.
    pub fn by_hand(&mut self) -> Vec<String> {
        self.sitting.by_hand()
    }

    /// The time, in Paxon minutes since the Chamber was convened.
    #[must_use]
    pub fn now(&self) -> Minutes {
        self.sitting.hour().now()
    }

    /// Whether this process knows a majority of the legislators to be in the Chamber.
    #[must_use]
    pub fn has_majority(&self) -> bool {
        self.founding.membership.is_majority(self.inside.iter().copied())
    }

    /// Waits briefly for news. A legislator who was driven out is called back after T to read his
    /// ledger again. If it happens often, each wait is longer.
    pub fn hear(&mut self) -> Option<News> {
        if let Some(remark) = self.remark.take() {
            return Some(remark);
        }
        for name in self.recall.due(self.now()) {
            self.sitting.call(name, Knock::Enter);
        }
        let news = self.sitting.hear(GLANCE)?;
        match &news.what {
            Tiding::Entered => {
                self.inside.insert(news.of);
                self.recall.entered(news.of, news.at);
            }
            Tiding::Left { why } => {
                self.inside.remove(&news.of);
                if why.is_some() {
                    let said = self.recall.driven_out(news.of, news.at);
                    self.remark = said.map(|said| News { what: Tiding::Noticed(said), ..news });
                }
            }
            _ => {}
        }
        Some(news)
    }

    /// The legislators inside.
    #[must_use]
    pub fn inside(&self) -> &BTreeSet<Name> {
        &self.inside
    }

    /// Closes the Chamber after every legislator has finished inking. Returns the sum of all counts
    /// and the news not yet heard.
    ///
    /// # Errors
    /// The names of those whose thread died of a fault in this program.
    pub fn close(self) -> (Counts, Vec<News>, Result<(), Vec<Name>>) {
        self.sitting.close()
    }
}

/// A remark about two ledgers that have different decrees under one number. Nobody is kept out,
/// since decrees that pass the law again repair it. `[PTP §3.3.5]`
fn disagreement(chamber: &Chamber, bodies: &[Body<Legislator>]) -> Option<(News, Contradiction)> {
    for (earlier, body) in bodies.iter().enumerate() {
        for (number, decree) in body.mortal()?.decrees() {
            let known =
                bodies[..earlier].iter().find_map(|it| Some((it.name(), it.outcome(number)?)));
            let Some((other, first)) = known else { continue };
            // Only the texts are compared: a person who copies a decree may leave out its id.
            if first.text() == decree.text() {
                continue;
            }
            let what = Tiding::Noticed(format!(
                "decree {number} is “{first}” in his ledger, and “{decree}” in {}: one of the two was altered, or belongs to another chamber; `parliament audit` shows the rows",
                chamber.ledger(body.name()).display()
            ));
            let contradiction = Contradiction { of: other, number, inked: first.clone() };
            return Some((News { at: Minutes::ZERO, of: other, what }, contradiction));
        }
    }
    None
}

/// Returns the function that makes a legislator from his ledger.
fn raise(founding: &Founding, manner: Manner) -> Arc<Raise<Legislator>> {
    let founding = Arc::new(founding.clone());
    Arc::new(move |name: Name, rows: &[Entry]| {
        let mut legislator = Legislator::from_ledger(name, Arc::clone(&founding), rows);
        if let Some(every) = manner.restate {
            legislator = legislator.restating(every);
        }
        if let Some(decrees) = manner.law_book_every {
            legislator = legislator.with_law_book_every(decrees);
        }
        if manner.silent { legislator.silent() } else { legislator }
    })
}

/// The Chamber as a citizen sees it from the process that convened it.
struct Gallery<L> {
    assembly: Assembly,
    listen: L,
    /// Law books bound since the last call of `books`.
    books: Vec<(Name, DecreeNumber)>,
    contradiction: Option<Contradiction>,
    change: Change,
    /// For each priest the last decree that seated or unseated him, and whether it seated him.
    seated: BTreeMap<Name, (DecreeNumber, bool)>,
    /// The priests inside who were not unseated. Nobody sends new decrees to the unseated.
    awaited: BTreeSet<Name>,
}

/// Returns the priest whom a decree seats (true) or unseats (false). `[PTP §3.3.6]`
pub type Change = fn(&Decree) -> Option<(Name, bool)>;

impl<L> Gallery<L> {
    fn see_who_is_awaited(&mut self, news: &News) {
        let mut may_differ = matches!(news.what, Tiding::Entered | Tiding::Left { .. });
        if let Tiding::Knows(decrees) = &news.what {
            for (number, decree) in decrees {
                let Some((name, sits)) = (self.change)(decree) else { continue };
                let last = self.seated.entry(name).or_insert((*number, sits));
                *last = (*last).max((*number, sits));
                may_differ = true;
            }
        }
        if !may_differ {
            return;
        }
        let sits = |name: &&Name| self.seated.get(*name).is_none_or(|(_, sits)| *sits);
        self.awaited = self.assembly.inside.iter().filter(sits).copied().collect();
    }
}

impl<L: FnMut(&News, usize)> Lookout for Gallery<L> {
    fn now(&self) -> Minutes {
        self.assembly.now()
    }

    fn look(&mut self, passed: usize) -> Vec<(Name, Vec<Passed>)> {
        let Some(news) = self.assembly.hear() else { return Vec::new() };
        (self.listen)(&news, passed);
        self.see_who_is_awaited(&news);
        self.contradiction = self.contradiction.take().or_else(|| news.contradiction());
        if let Tiding::Bound(through) = news.what {
            self.books.push((news.of, through));
        }
        match news.what {
            Tiding::Knows(decrees) => vec![(news.of, decrees)],
            _ => Vec::new(),
        }
    }

    fn books(&mut self) -> Vec<(Name, DecreeNumber)> {
        std::mem::take(&mut self.books)
    }

    fn contradiction(&self) -> Option<Contradiction> {
        self.contradiction.clone()
    }

    fn inside(&self) -> &BTreeSet<Name> {
        &self.awaited
    }
}

/// Passes decrees in this assembly, then closes the Chamber. It ends when the decrees stand in
/// every ledger inside, except those of priests whom a decree unseated (as `change` tells), at
/// `within`, or when `interrupted`. Calls `listen` with all the news and the number of decrees
/// passed.
pub fn pass(
    assembly: Assembly,
    citizen: Citizen,
    decrees: Vec<Decree>,
    within: Minutes,
    interrupted: &AtomicBool,
    change: Change,
    listen: impl FnMut(&News, usize),
) -> Passage {
    let alpha = assembly.founding.alpha;
    let herald = assembly.sitting.herald_of(citizen.name());
    let citizen = citizen.heard_of_by(herald);
    let mut gallery = Gallery {
        awaited: assembly.inside.clone(),
        assembly,
        listen,
        books: Vec::new(),
        contradiction: None,
        change,
        seated: BTreeMap::new(),
    };
    let passage = Errand { citizen, decrees, alpha, within, interrupted }.run(&mut gallery);
    let disagreement = gallery.assembly.disagreement.take();
    let by_hand = gallery.assembly.by_hand();
    Passage { counts: gallery.assembly.close().0, disagreement, by_hand, ..passage }
}
