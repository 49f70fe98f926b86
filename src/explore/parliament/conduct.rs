//! A legislator's reaction to one event: the real [`Legislator`], the real
//! [`crate::synod::Deed::perform`].
//!
//! It is always noon. A legislator who looks at his hourglass may take the chair, and no hourglass
//! of a ballot runs out: to lose patience with a ballot is to try another. Presence, Inquiry and
//! Refused bear on nothing but who presides when, which here is anyone at any time, and are always
//! lost. A legislator hears his letters to himself at once.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use crate::creeds::Event;
use crate::creeds::custom::{Custom, after_power_failure, look_at_hourglass, receive};
use crate::explore::conduct::{Upshot, inked, leave_and_enter, sent};
use crate::explore::pages::{Power, PowerFailed};
use crate::parliament::Legislator;
use crate::synod::{Deed, Ledger, Letter, Mortal};
use crate::trace::Happening;
use crate::words::message::Kind;
use crate::words::step::Act;
use crate::words::{DecreeNumber, Entry, Founding, Message, Minutes, Name};

const NOON: Minutes = Minutes::whole(1000);

/// One legislator: what his ledger says, and who he is by it and his slip.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct Member {
    /// The legislator.
    pub mind: Legislator,
    /// His ledger: of each note, and of each note and outcome of one number, the last row.
    pub rows: Vec<Entry>,
}

impl Member {
    /// A legislator with these rows in his ledger, who enters and has seen who is there.
    #[must_use]
    pub fn entering(
        name: Name,
        founding: &Arc<Founding>,
        rows: Vec<Entry>,
        custom: &dyn Custom,
    ) -> Member {
        let mut mind = custom.open(name, founding, &rows);
        // Nobody reads the letters of those who enter.
        let _lost = mind.enter(Minutes::ZERO);
        let mut mind = mind.with_patience(Minutes::ZERO);
        for other in founding.membership.names().filter(|&other| other != name) {
            let (last_tried, complete_through, presides) = (None, 0, None);
            let presence = Message::Presence { last_tried, complete_through, presides };
            let _heard = mind.receive(NOON, other, presence);
        }
        Member { mind, rows }
    }

    /// The result of `event` while the power holds or fails; `None` if it changes nothing.
    #[must_use]
    pub fn meet(
        &self,
        event: &Event,
        power: Power,
        custom: &dyn Custom,
        founding: &Arc<Founding>,
    ) -> Option<Upshot<Member>> {
        let is_his = match event {
            Event::Read { message, .. } => self.heeds(message),
            Event::Return | Event::Hourglass => true,
            Event::Try(_) | Event::Begin(_) => false,
        };
        if !is_his {
            return None;
        }
        let mut day = Day::new(self.clone(), power, custom);
        match event {
            Event::Hourglass => {
                let deed = look_at_hourglass(custom, &mut day.upshot.after.mind, NOON);
                let tries = |row: &Entry| matches!(row, Entry::LastTried { .. });
                deed.rows().iter().any(tries).then(|| day.perform(deed))?;
            }
            Event::Read { from, message } => day.read(*from, message),
            _ => {}
        }
        let me = self.mind.name();
        while let Some(message) = day.desk.pop_front() {
            if !day.upshot.after.heeds(&message) {
                return None;
            }
            day.read(me, &message);
        }
        if power == Power::Fails && !day.failed {
            return None;
        }
        let mut upshot = day.upshot;
        if day.failed || *event == Event::Return {
            leave_and_enter(me, &mut upshot.course);
            upshot.after = Member::entering(me, founding, upshot.after.rows, custom);
        }
        Some(upshot)
    }

    /// Whether he takes notice of a letter. A petition finds nobody but a president: it comes to the
    /// same whether it waits with a messenger or on a slip.
    fn heeds(&self, message: &Message) -> bool {
        message.kind() != Kind::Petition || self.mind.presides().is_some()
    }

    /// A legislator as he is, with the rows of his ledger.
    #[must_use]
    pub(crate) fn with_rows(mind: Legislator, rows: impl Iterator<Item = Entry>) -> Member {
        let mut last: BTreeMap<(&'static str, DecreeNumber), Entry> = BTreeMap::new();
        for row in rows.filter(is_kept) {
            last.insert(place(&row), row);
        }
        Member { mind, rows: last.into_values().collect() }
    }

    /// The decree in his ledger under this number.
    pub fn outcomes(&self) -> impl Iterator<Item = (DecreeNumber, &crate::words::Decree)> {
        self.rows.iter().filter_map(|row| match row {
            Entry::Outcome { number, decree, .. } => Some((*number, decree)),
            _ => None,
        })
    }
}

/// The acts of a legislator after one event.
struct Day<'a> {
    custom: &'a dyn Custom,
    power: Power,
    failed: bool,
    /// His letters to himself.
    desk: VecDeque<Message>,
    /// The result so far.
    upshot: Upshot<Member>,
}

impl<'a> Day<'a> {
    fn new(member: Member, power: Power, custom: &'a dyn Custom) -> Day<'a> {
        let (letters, seen, steps, course, stays) = Default::default();
        let upshot = Upshot { after: member, letters, seen, steps, course, stays };
        Day { custom, power, failed: false, desk: VecDeque::new(), upshot }
    }

    fn name(&self) -> Name {
        self.upshot.after.mind.name()
    }

    fn read(&mut self, from: Name, message: &Message) {
        let to = self.name();
        let mind = &mut self.upshot.after.mind;
        let deed = receive(self.custom, mind, NOON, from, message.clone());
        self.upshot.course.push(Happening::Receive { from, to, message: message.clone() });
        self.perform(deed);
    }

    fn perform(&mut self, deed: Deed) {
        let name = self.name();
        let noise = |act: &Act| {
            matches!(act, Act::SendsName | Act::TakesChair { .. } | Act::PresidesIn { .. })
        };
        let steps = deed.steps().iter().filter(|step| !noise(&step.act));
        self.upshot.steps.extend(steps.cloned());
        let mut letters: Vec<Letter> = Vec::new();
        let fails = self.power == Power::Fails && !deed.rows().is_empty();
        let mut ledger = Ink { written: Vec::new(), fails, custom: self.custom };
        // The power failing is what was asked for; what has left until then has left.
        let _asked_for = deed.perform(&mut ledger, &mut letters);
        let written = ledger.written;
        self.upshot.course.extend(inked(name, &written));
        let begun = |row: &&Entry| matches!(row, Entry::BeginBallot { .. });
        let cast = |row: &&Entry| matches!(row, Entry::PrevVote { .. });
        self.upshot.seen.extend(written.iter().filter(begun).cloned());
        if fails {
            self.failed = true;
            self.desk.clear();
            self.stay(after_power_failure(self.custom, written).into_iter());
        } else {
            self.upshot.seen.extend(written.iter().filter(cast).cloned());
            self.stay(written.into_iter());
        }
        self.post(letters);
    }

    /// These rows stay in his ledger.
    fn stay(&mut self, rows: impl Iterator<Item = Entry>) {
        for row in rows {
            self.upshot.stays.push(row.clone());
            if !is_kept(&row) {
                continue;
            }
            let rows = &mut self.upshot.after.rows;
            rows.retain(|old| place(old) != place(&row));
            rows.push(row);
        }
        self.upshot.after.rows.sort_by_key(place);
    }

    fn post(&mut self, letters: Vec<Letter>) {
        let name = self.name();
        self.upshot.course.extend(sent(name, &letters));
        for letter in letters {
            if letter.to == name {
                if !self.failed {
                    self.desk.push_back(letter.message);
                }
            } else if is_carried(&letter.message) {
                self.upshot.letters.push(letter);
            } else {
                let Letter { to, message } = letter;
                self.upshot.course.push(Happening::Lose { from: name, to, message });
            }
        }
    }
}

/// Whether messengers ever carry this here.
fn is_carried(message: &Message) -> bool {
    !matches!(message.kind(), Kind::Presence | Kind::Inquiry | Kind::Refused | Kind::Failed)
}

/// Whether a legislator reads such a row on his return.
fn is_kept(row: &Entry) -> bool {
    !matches!(row, Entry::BeginBallot { .. } | Entry::Entered)
}

/// Where a row stands among those it may supersede.
fn place(row: &Entry) -> (&'static str, DecreeNumber) {
    let number = match row {
        Entry::Outcome { number, .. } | Entry::PrevVote { number, .. } => *number,
        _ => 0,
    };
    (row.kind(), number)
}

/// A ledger open on a desk.
struct Ink<'a> {
    written: Vec<Entry>,
    fails: bool,
    custom: &'a dyn Custom,
}

impl Ledger for Ink<'_> {
    type Error = PowerFailed;

    fn ink(&mut self, rows: &[Entry]) -> Result<(), PowerFailed> {
        self.written.extend_from_slice(rows);
        Ok(())
    }

    fn dry(&mut self) -> Result<(), PowerFailed> {
        if self.fails && !self.custom.takes_wet_ink_for_dry() { Err(PowerFailed) } else { Ok(()) }
    }
}
