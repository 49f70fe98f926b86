//! The priests of a simulation, raised from their ledgers, and the gods' view of them.

use std::borrow::Cow;
use std::sync::Arc;

use super::wilful::{Wilful, wish_of};
use crate::chance::Chance;
use crate::creeds::{Creed, Custom, Orthodox, Usual};
use crate::invariants::{Slip, View};
use crate::law::law_book::Enacted;
use crate::law::{LawBook, Response};
use crate::parliament::legislator::Office;
use crate::parliament::{FAR_BEHIND, Legislator};
use crate::synod::notes::Notes;
use crate::synod::presence::Presence;
use crate::synod::{Initiator, Mortal, Priest, Status};
use crate::words::ballot::SYNODS_DECREE;
use crate::words::time::PRESENCE;
use crate::words::{Decree, DecreeNumber, Entry, Founding, Membership, Name};

/// A mortal into whom the gods can look.
pub trait Soul: Mortal {
    /// Him as a priest of the Synod that chooses decree `number`; `None` of a number so old that
    /// he keeps no note of it. `[PTP §3.1]`
    fn view(&self, number: DecreeNumber) -> Option<View<'_>>;

    /// His name, lastTried and nextBal alone. `[PTP §2.2]`
    fn notes(&self) -> View<'static>;

    /// Whether he tries a ballot, or has one under way.
    fn is_at_work(&self) -> bool;

    /// Whether he tries a ballot, and has others' promises on his slip.
    fn is_trying(&self) -> bool;

    /// Whether he thinks that he presides.
    fn is_presiding(&self) -> bool {
        false
    }

    /// Whether this decree stands in his ledger, under any number.
    fn has(&self, decree: &Decree) -> bool;

    /// Enters in `book` the decrees that his ledger has beyond it, and returns their effects. He
    /// answers questions about the law from `book`. `[PTP §3.3.2]`
    fn tell_law(&self, _book: &mut LawBook) -> Vec<Enacted<Response>> {
        Vec::new()
    }
}

/// The description of a priest to raise.
pub struct Raised<'a> {
    /// His name.
    pub name: Name,
    /// The members.
    pub founding: &'a Arc<Founding>,
    /// The founders alone, whom the priests of one run share.
    pub founders: &'a Arc<Membership>,
    /// The rows of his ledger, decree 0 apart.
    pub rows: &'a [Entry],
    /// From which he may draw, should he be wilful.
    pub chance: Chance,
    /// Whether anyone asks for his reasons.
    pub is_asked_why: bool,
}

/// The kind of priests in a simulation.
pub trait Cast: Sync {
    /// Raises a mortal from his ledger.
    fn raise(&self, raised: Raised<'_>) -> Box<dyn Soul>;

    /// Their creed about ink.
    fn creed(&self) -> &dyn Creed {
        &Orthodox
    }

    /// How they behave as legislators, as far as their disks can tell.
    fn custom(&self) -> &dyn Custom {
        &Usual
    }

    /// Whether they keep to the hourglass of §2.4, so that what §2.4 promises is due.
    fn keeps_time(&self) -> bool {
        true
    }
}

/// Priests of the complete Synod, each of whom wishes for a decree of his own. `[PTP §2.4]`
#[derive(Clone, Copy, Debug)]
pub struct Priests;

/// Legislators. `[PTP §3]`
#[derive(Clone, Copy, Debug)]
pub struct Legislators;

/// Priests of the basic protocol, who do as they please, and hold a creed. `[PTP §2.3]`
pub struct Believers<'a>(pub &'a dyn Creed);

impl Cast for Priests {
    fn raise(&self, raised: Raised<'_>) -> Box<dyn Soul> {
        let members = Arc::clone(raised.founders);
        let presence = Presence::new(raised.name, &members, PRESENCE);
        let priest = Priest::from_ledger(raised.name, members, raised.rows);
        let priest = if raised.is_asked_why { priest } else { priest.silenced() };
        Box::new(Initiator::new(priest, presence, wish_of(raised.name)))
    }
}

impl Cast for Legislators {
    fn raise(&self, raised: Raised<'_>) -> Box<dyn Soul> {
        let founding = Arc::clone(raised.founding);
        let legislator = Legislator::from_ledger(raised.name, founding, raised.rows);
        Box::new(if raised.is_asked_why { legislator } else { legislator.silent() })
    }
}

impl Cast for Believers<'static> {
    fn raise(&self, raised: Raised<'_>) -> Box<dyn Soul> {
        let members = Arc::clone(raised.founders);
        let rows = raised.rows.iter().filter(|row| self.0.remembers(row));
        let priest = Priest::from_ledger(raised.name, members, rows);
        Box::new(Wilful::new(priest, self.0, raised.chance))
    }

    fn creed(&self) -> &dyn Creed {
        self.0
    }

    fn keeps_time(&self) -> bool {
        false
    }
}

impl Soul for Initiator {
    fn view(&self, number: DecreeNumber) -> Option<View<'_>> {
        (number == SYNODS_DECREE).then(|| View::of(self.priest()))
    }

    fn notes(&self) -> View<'static> {
        notes_of(self.priest().name(), self.priest().notes())
    }

    fn is_at_work(&self) -> bool {
        !matches!(self.priest().status(), Status::Idle)
    }

    fn is_trying(&self) -> bool {
        matches!(self.priest().status(), Status::Trying { .. })
    }

    fn has(&self, _: &Decree) -> bool {
        self.priest().outcome().is_some()
    }
}

impl Soul for Wilful {
    fn view(&self, number: DecreeNumber) -> Option<View<'_>> {
        (number == SYNODS_DECREE).then(|| View::of(self.priest()))
    }

    fn notes(&self) -> View<'static> {
        notes_of(self.priest().name(), self.priest().notes())
    }

    fn is_at_work(&self) -> bool {
        !matches!(self.priest().status(), Status::Idle)
    }

    fn is_trying(&self) -> bool {
        matches!(self.priest().status(), Status::Trying { .. })
    }

    fn has(&self, _: &Decree) -> bool {
        self.priest().outcome().is_some()
    }
}

impl Soul for Legislator {
    fn view(&self, number: DecreeNumber) -> Option<View<'_>> {
        let (notes, pages) = (self.notes(), self.pages());
        let is_kept = number.saturating_add(FAR_BEHIND) > pages.complete_through();
        is_kept.then(|| View {
            name: self.name(),
            last_tried: notes.last_tried(),
            next_bal: notes.next_bal(),
            prev_vote: pages.prev_vote(number).map(Cow::Borrowed),
            outcome: pages.outcome(number).map(|page| Cow::Borrowed(&page.decree)),
            slip: slip_of(self, number),
        })
    }

    fn notes(&self) -> View<'static> {
        notes_of(self.name(), self.notes())
    }

    fn is_at_work(&self) -> bool {
        !matches!(self.office(), Office::None)
    }

    fn is_trying(&self) -> bool {
        matches!(self.office(), Office::Trying(_))
    }

    fn is_presiding(&self) -> bool {
        self.presides().is_some()
    }

    fn has(&self, decree: &Decree) -> bool {
        decree.petition().is_some_and(|id| self.pages().has_passed(id))
    }

    fn tell_law(&self, book: &mut LawBook) -> Vec<Enacted<Response>> {
        let (pages, known) = (self.pages(), book.complete_through());
        let pages = pages.inked(known, pages.complete_through());
        pages.flat_map(|(number, page)| book.learn(number, page.decree.clone())).collect()
    }
}

fn notes_of(name: Name, notes: &Notes) -> View<'static> {
    View::of_notes(name, notes.last_tried(), notes.next_bal())
}

/// A legislator's slip, as far as it concerns one number.
fn slip_of(legislator: &Legislator, number: DecreeNumber) -> Slip<'_> {
    match legislator.office() {
        Office::Trying(candidate) if number > candidate.above() => {
            Slip::trying_all(candidate.votes_on(number))
        }
        Office::Presiding(president) => president.poll(number).map_or(Slip::Blank, Slip::from),
        Office::Trying(_) | Office::None => Slip::Blank,
    }
}
