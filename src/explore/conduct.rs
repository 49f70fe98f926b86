//! The result of one event that happens to a priest.

use crate::creeds::{Creed, Event, act};
use crate::synod::{Deed, Letter, Priest};
use crate::trace::Happening;
use crate::words::{Entry, Guard, Membership, Name, Step};

use super::pages::{OpenLedger, Pages, Power};

/// One priest: what his ledger says, and who he is by it and his slip.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct Situation {
    /// The priest.
    pub priest: Priest,
    /// His ledger.
    pub pages: Pages,
}

/// The result of an event.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Upshot<S = Situation> {
    /// The priest after it.
    pub after: S,
    /// The letters that left.
    pub letters: Vec<Letter>,
    /// The gods' view of it: ballots begun and votes cast.
    pub seen: Vec<Entry>,
    /// Why, step by step.
    pub steps: Vec<Step>,
    /// All of it in its order, as a trace tells it.
    pub course: Vec<Happening>,
    /// Those of the inked rows that stay in the ledger.
    pub stays: Vec<Entry>,
}

impl<S> Upshot<S> {
    /// The same, of a priest of whom more is known.
    pub(crate) fn of<T>(self, more: impl FnOnce(S) -> T) -> Upshot<T> {
        let Upshot { after, letters, seen, steps, course, stays } = self;
        Upshot { after: more(after), letters, seen, steps, course, stays }
    }
}

impl Situation {
    /// A priest who enters the Chamber for the first time.
    #[must_use]
    pub fn first(name: Name, members: &std::sync::Arc<Membership>) -> Situation {
        let priest = Priest::from_ledger(name, members.clone(), []);
        Situation { priest, pages: Pages::default() }
    }

    /// A priest who opens a ledger with these rows.
    #[must_use]
    pub(crate) fn with_rows(
        name: Name,
        members: &std::sync::Arc<Membership>,
        rows: Vec<Entry>,
    ) -> Situation {
        let priest = Priest::from_ledger(name, members.clone(), &rows);
        Situation { priest, pages: Pages::of(rows) }
    }

    /// The result of `event` while the power holds or fails; `None` if it changes nothing.
    #[must_use]
    pub fn meet(&self, event: &Event, power: Power, creed: &dyn Creed) -> Option<Upshot> {
        let mut priest = self.priest.clone();
        if *event == Event::Return {
            let mut course = Vec::new();
            leave_and_enter(priest.name(), &mut course);
            let after = returned(&priest, self.pages.clone(), creed);
            let (letters, seen, steps, stays) = Default::default();
            return Some(Upshot { after, letters, seen, steps, course, stays });
        }
        let deed = act(&mut priest, event, creed).ok()?;
        self.perform(deed, priest, (event, power), creed)
    }

    /// The result of a deed at an event, after which the priest is this one; `None` where nothing
    /// does.
    pub(crate) fn perform(
        &self,
        deed: Deed,
        priest: Priest,
        (event, power): (&Event, Power),
        creed: &dyn Creed,
    ) -> Option<Upshot> {
        let (mut pages, mut course) = (self.pages.clone(), Vec::new());
        let steps = deed.steps().to_vec();
        if power == Power::Fails && deed.rows().is_empty() {
            return None;
        }
        let mut letters: Vec<Letter> = Vec::new();
        let mut ledger = OpenLedger::new(&mut pages, power, creed);
        // The power failing is what `power` asked for; what has left until then has left.
        let _asked_for = deed.perform(&mut ledger, &mut letters);
        let name = priest.name();
        if let Event::Read { from, message } = event {
            course.push(Happening::Receive { from: *from, to: name, message: message.clone() });
        }
        course.extend(inked(name, &ledger.written));
        course.extend(sent(name, &letters));
        if power == Power::Fails {
            leave_and_enter(name, &mut course);
        }
        let stays = ledger.dried.clone();
        let seen = begun_and_cast(ledger.written, &ledger.dried);
        let after = match power {
            Power::Holds => Situation { priest, pages },
            Power::Fails => returned(&priest, pages, creed),
        };
        Some(Upshot { after, letters, seen, steps, course, stays })
    }

    /// The guard that keeps him from doing anything at `event`.
    #[must_use]
    pub fn refusal(&self, event: &Event, creed: &dyn Creed) -> Option<Guard> {
        (*event != Event::Return).then(|| act(&mut self.priest.clone(), event, creed).err())?
    }
}

/// The priest opens his ledger anew.
fn returned(priest: &Priest, mut pages: Pages, creed: &dyn Creed) -> Situation {
    pages.retain(creed);
    let priest = Priest::from_ledger(priest.name(), priest.members().clone(), pages.rows());
    Situation { priest, pages }
}

/// He leaves the Chamber and comes back.
pub(super) fn leave_and_enter(name: Name, course: &mut Vec<Happening>) {
    course.extend([Happening::Leave(name), Happening::Enter(name)]);
}

/// Rows, as a trace tells them.
pub(super) fn inked(priest: Name, rows: &[Entry]) -> impl Iterator<Item = Happening> + '_ {
    rows.iter().map(move |row| Happening::Ink { priest, entry: row.clone() })
}

/// Letters, as a trace tells them.
pub(super) fn sent(from: Name, letters: &[Letter]) -> impl Iterator<Item = Happening> + '_ {
    letters.iter().map(move |letter| {
        let Letter { to, message } = letter.clone();
        Happening::Send { from, to, message }
    })
}

/// The gods' view of rows: a ballot is in B as soon as it is written down, since BeginBallot may
/// leave while that ink dries; a vote is cast when its ink is dry.
pub(crate) fn begun_and_cast(written: Vec<Entry>, dried: &[Entry]) -> Vec<Entry> {
    let begun = written.into_iter().filter(|row| matches!(row, Entry::BeginBallot { .. }));
    let cast = dried.iter().filter(|row| matches!(row, Entry::PrevVote { .. })).cloned();
    begun.chain(cast).collect()
}
