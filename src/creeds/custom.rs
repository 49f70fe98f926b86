//! A custom: how a legislator behaves at the seams between him and the world.

use std::ops::Deref;
use std::sync::Arc;

use crate::law::offices::CLOCK_ERROR;
use crate::parliament::Legislator;
use crate::parliament::legislator::Hourglass;
use crate::synod::{Deed, Letter, Mortal};
use crate::words::{Decree, DecreeNumber, Entry, Founding, Message, Minutes, Name};

/// How a legislator behaves at the seams between him and the world: what he finds in his ledger,
/// what he hears, what he inks, what he sends. Each is by default what it is, so that an empty
/// custom is the paper's. `[PTP §3]`
///
/// A heresy substitutes one of these. His mind is the honest one; it is told what nobody said, or
/// its words are put otherwise.
pub trait Custom: Sync {
    /// The legislator who opens a ledger with these rows.
    fn open(&self, name: Name, founding: &Arc<Founding>, rows: &[Entry]) -> Legislator {
        Legislator::from_ledger(name, Arc::clone(founding), rows)
    }

    /// His reading of a letter.
    fn hear(&self, _mind: &Legislator, message: Message) -> Vec<Message> {
        vec![message]
    }

    /// The row he inks instead of `row`.
    fn ink(&self, row: Entry) -> Option<Entry> {
        Some(row)
    }

    /// The letter he sends instead of `letter`.
    fn send(&self, _mind: &Legislator, letter: Letter) -> Option<Letter> {
        Some(letter)
    }

    /// The hourglasses that he looks at. `[PTP §2.4]`
    fn hourglasses(&self) -> &[Hourglass] {
        &Hourglass::ALL
    }

    /// Whether his ledger is dry to him although drying it has failed. `[PTP §2.3]`
    fn takes_wet_ink_for_dry(&self) -> bool {
        false
    }

    /// For how long, as an officer, he waits out the error of clocks. `[PTP §3.3.3]`
    fn waits_out(&self) -> Minutes {
        CLOCK_ERROR
    }

    /// Whether a decree is due of him within the bounds of §2.4, as of those who keep to the paper:
    /// then a run in which it is late accuses him. Otherwise only broken rules do.
    fn keeps_time(&self) -> bool {
        false
    }

    /// Whether, presiding for all that he knows, he tells anyone the law. `[PTP §3.3.4]`
    fn answers_in_person(&self) -> bool {
        false
    }

    /// The part he reads of a row in the middle of which the power failed; nothing, if he cuts it.
    fn find_torn(&self, _row: &Entry) -> Option<Entry> {
        None
    }
}

/// The paper's own custom.
#[derive(Clone, Copy, Debug, Default)]
pub struct Usual;

impl Custom for Usual {}

/// A legislator of some custom, for a room that embodies mortals.
#[derive(Clone)]
pub struct Heretic {
    mind: Legislator,
    custom: &'static dyn Custom,
}

impl Heretic {
    /// A legislator of this custom who opens his ledger.
    #[must_use]
    pub fn open(
        name: Name,
        founding: &Arc<Founding>,
        rows: &[Entry],
        custom: &'static dyn Custom,
    ) -> Heretic {
        Heretic { mind: custom.open(name, founding, rows), custom }
    }

    /// His custom.
    #[must_use]
    pub fn custom(&self) -> &'static dyn Custom {
        self.custom
    }

    /// The same legislator, of another custom from now on.
    #[must_use]
    pub(crate) fn converted(self, custom: &'static dyn Custom) -> Heretic {
        Heretic { custom, ..self }
    }

    /// Takes a petition of a citizen who stands before him. `[PTP §3.1]`
    pub fn petition(&mut self, now: Minutes, decree: Decree) -> Deed {
        self.receive(now, self.mind.name(), Message::Petition { decree })
    }
}

impl Deref for Heretic {
    type Target = Legislator;
    fn deref(&self) -> &Legislator {
        &self.mind
    }
}

/// The rows that stay of those on which the power failed while they were wet: none, but for one who
/// accepts a row that is torn. `[PTP §2.2]`
#[must_use]
pub(crate) fn after_power_failure(custom: &dyn Custom, mut written: Vec<Entry>) -> Vec<Entry> {
    match written.pop().and_then(|row| custom.find_torn(&row)) {
        Some(torn) => {
            written.push(torn);
            written
        }
        None => Vec::new(),
    }
}

/// A legislator of this custom reads a letter.
pub fn receive(
    custom: &dyn Custom,
    mind: &mut Legislator,
    now: Minutes,
    from: Name,
    message: Message,
) -> Deed {
    let mut deed = Deed::nothing();
    for heard in custom.hear(mind, message) {
        deed.absorb(mind.receive(now, from, heard));
    }
    put(custom, mind, deed)
}

/// A legislator of this custom looks at his hourglass.
pub fn look_at_hourglass(custom: &dyn Custom, mind: &mut Legislator, now: Minutes) -> Deed {
    let deed = mind.look_at(custom.hourglasses(), now);
    put(custom, mind, deed)
}

/// His meaning, in the words of his custom.
fn put(custom: &dyn Custom, mind: &Legislator, deed: Deed) -> Deed {
    let (rows, book) = deed.rows_and_book();
    let inked = |rows: &[Entry]| rows.iter().cloned().filter_map(|row| custom.ink(row)).collect();
    let letters = deed.letters().cloned().filter_map(|letter| custom.send(mind, letter));
    Deed::foreign(inked(rows), inked(book), letters, deed.steps().to_vec())
}

impl Mortal for Heretic {
    fn name(&self) -> Name {
        self.mind.name()
    }
    fn enter(&mut self, now: Minutes) -> Deed {
        let deed = self.mind.enter(now);
        put(self.custom, &self.mind, deed)
    }
    fn receive(&mut self, now: Minutes, from: Name, message: Message) -> Deed {
        receive(self.custom, &mut self.mind, now, from, message)
    }
    fn look_at_hourglass(&mut self, now: Minutes) -> Deed {
        look_at_hourglass(self.custom, &mut self.mind, now)
    }
    fn alarm(&self) -> Option<Minutes> {
        self.mind.alarm_of(self.custom.hourglasses())
    }
    fn is_awaiting(&self, message: &Message) -> bool {
        self.mind.is_awaiting(message)
    }
    fn open_at_once(&self) -> u64 {
        self.mind.open_at_once()
    }
    fn leave(&mut self) {
        self.mind.leave();
    }
    fn outcome(&self, number: DecreeNumber) -> Option<&Decree> {
        self.mind.outcome(number)
    }
}

/// A letter whose decree, if it bears one, is put otherwise.
pub(super) fn with_decree(message: Message, put: impl FnOnce(Decree) -> Decree) -> Message {
    match message {
        Message::BeginBallot { ballot, number, decree } => {
            Message::BeginBallot { ballot, number, decree: put(decree) }
        }
        Message::Success { ballot, number, decree } => {
            Message::Success { ballot, number, decree: put(decree) }
        }
        Message::Petition { decree } => Message::Petition { decree: put(decree) },
        Message::LastVote { ballot, vote: Some((number, mut vote)), of } => {
            vote.decree = put(vote.decree);
            Message::LastVote { ballot, vote: Some((number, vote)), of }
        }
        other => other,
    }
}

/// A row whose decree, if it bears one, is put otherwise.
pub(super) fn row_with_decree(row: Entry, put: impl FnOnce(Decree) -> Decree) -> Entry {
    match row {
        Entry::Outcome { number, decree, ballot } => {
            Entry::Outcome { number, decree: put(decree), ballot }
        }
        Entry::PrevVote { number, ballot, decree } => {
            Entry::PrevVote { number, ballot, decree: put(decree) }
        }
        Entry::BeginBallot { number, ballot, decree, quorum } => {
            Entry::BeginBallot { number, ballot, decree: put(decree), quorum }
        }
        other => other,
    }
}
