//! Keeps a run that the search found, as a trace, or as a chamber that can be opened by hand and
//! audited.

use std::collections::{BTreeMap, HashMap};
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::DateTime;

use crate::chamber::{Chamber, ChamberError, LedgerError, LedgerFile, Messagebook};
use crate::explore::story::{Chapter, Story};
use crate::synod::{Ledger, Letter};
use crate::trace::{Happening, TraceError, TraceWriter};
use crate::words::{Entry, Message, Minutes, Name};

/// When a kept run begins, in seconds since 1970: the first second of the year 2000. Ours.
const CONVENED: i64 = 946_684_800;

/// Why a run could not be kept.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeepError {
    /// A chamber stands there.
    #[error(
        "{0}: a record of a chamber is here already, and a run is kept in a chamber of its own; name another directory"
    )]
    Taken(String),
    /// It cannot be founded.
    #[error(transparent)]
    Chamber(#[from] ChamberError),
    /// A ledger cannot be written.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A messagebook cannot be written.
    #[error("{path}: cannot append to the messagebook: {source}")]
    Messagebook {
        /// The messagebook.
        path: String,
        /// The system's error.
        source: std::io::Error,
    },
}

impl Story {
    /// Writes the run as a trace, one minute for each event.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write_trace<W: Write>(&self, out: W) -> Result<(), TraceError> {
        let mut trace = TraceWriter::new(out)?;
        trace.tell(Minutes::ZERO, &Happening::Founded(self.founding.clone()))?;
        for name in self.founding.membership.names() {
            trace.tell(Minutes::ZERO, &Happening::Enter(name))?;
        }
        let mut mail = Mail::default();
        for (at, chapter) in (1..).map(Minutes::whole).zip(&self.chapters) {
            for happening in as_kept(chapter) {
                if let Some(repeat) = mail.carry(&happening) {
                    trace.tell(at, &repeat)?;
                }
                trace.tell(at, &happening)?;
            }
        }
        trace.flush()
    }

    /// Writes the run as a chamber, one minute for each event: the rows that dried, the letters in
    /// the order in which they were read, and then the letters that were never read.
    ///
    /// # Errors
    /// [`KeepError`], above all if a chamber is already there.
    pub fn keep(&self, chamber: &Chamber, minute: Duration) -> Result<(), KeepError> {
        if let Some(record) = chamber.first_record()? {
            return Err(KeepError::Taken(record.display().to_string()));
        }
        let mut scribe = Scribe::found(self, chamber, minute)?;
        let mut mail = Mail::default();
        for (at, chapter) in (1..).map(Minutes::whole).zip(&self.chapters) {
            scribe.turn_to(at);
            for row in &chapter.stays {
                scribe.ink(chapter.priest, row)?;
            }
            for happening in &chapter.course {
                mail.carry(happening);
                match happening {
                    Happening::Enter(name) => scribe.ink(*name, &Entry::Entered)?,
                    Happening::Receive { from, to, message } => {
                        scribe.deliver(*from, *to, message)?;
                    }
                    _ => {}
                }
            }
        }
        mail.under_way()
            .try_for_each(|(from, letter)| scribe.deliver(*from, letter.to, &letter.message))
    }
}

/// The events of a chapter, as the records keep them. Rows lost to a power failure are left out,
/// except beginnings of ballots, which may have been sent while they were wet. Before a priest
/// leaves, the other rows of his ledger are added.
fn as_kept(chapter: &Chapter) -> Vec<Happening> {
    let is_told = |entry: &Entry| matches!(entry, Entry::BeginBallot { .. });
    let mut others = chapter.stays.clone();
    let mut kept = Vec::with_capacity(chapter.course.len());
    for happening in &chapter.course {
        match happening {
            Happening::Ink { entry, .. } => match others.iter().position(|row| row == entry) {
                Some(stays) => drop(others.remove(stays)),
                None if is_told(entry) => {}
                None => continue,
            },
            Happening::Leave(priest) => {
                let priest = *priest;
                kept.extend(others.drain(..).map(|entry| Happening::Ink { priest, entry }));
            }
            _ => {}
        }
        kept.push(happening.clone());
    }
    kept
}

/// The letters under way, and whether each was read before.
#[derive(Default)]
struct Mail {
    unread: HashMap<(Name, Letter), usize>,
    order: Vec<(Name, Letter)>,
}

impl Mail {
    /// Carries a letter. Returns a repeat if the letter was read before and is carried once more.
    fn carry(&mut self, happening: &Happening) -> Option<Happening> {
        let (from, to, message) = happening.letter()?;
        let letter = (from, Letter { to, message: message.clone() });
        let is_known = self.unread.contains_key(&letter);
        let copies = self.unread.entry(letter.clone()).or_insert(0);
        match happening {
            Happening::Send { .. } => {
                *copies += 1;
                if !is_known {
                    self.order.push(letter);
                }
                None
            }
            _ if *copies > 0 => {
                *copies -= 1;
                None
            }
            _ => Some(Happening::Repeat { from, to, message: message.clone() }),
        }
    }

    /// The letters that were sent and never read, in the order in which they were sent.
    fn under_way(&self) -> impl Iterator<Item = &(Name, Letter)> {
        self.order.iter().filter(|letter| self.unread.get(letter).is_some_and(|&left| left > 0))
    }
}

/// Writes ledgers and messagebooks as of a given minute.
struct Scribe {
    chamber: Chamber,
    ledgers: BTreeMap<Name, LedgerFile>,
    micros: Arc<AtomicI64>,
    minute: Duration,
}

impl Scribe {
    /// Founds the chamber, and lets every legislator enter.
    fn found(story: &Story, chamber: &Chamber, minute: Duration) -> Result<Scribe, KeepError> {
        let micros = Arc::new(AtomicI64::new(CONVENED * 1_000_000));
        let hand = Arc::clone(&micros);
        let clock = move || {
            DateTime::from_timestamp_micros(hand.load(Ordering::Relaxed)).unwrap_or_default()
        };
        let chamber = chamber.clone().with_clock(Arc::new(clock));
        chamber.found(&story.founding)?;
        let mut scribe = Scribe { chamber, ledgers: BTreeMap::new(), micros, minute };
        for name in story.founding.membership.names() {
            scribe.ledgers.insert(name, LedgerFile::open(&scribe.chamber, name)?.0);
            scribe.ink(name, &Entry::Entered)?;
        }
        Ok(scribe)
    }

    fn turn_to(&self, at: Minutes) {
        let since = self.minute.as_micros() as i64 * at.in_thousandths() as i64 / 1000;
        self.micros.store(CONVENED * 1_000_000 + since, Ordering::Relaxed);
    }

    fn ink(&mut self, priest: Name, row: &Entry) -> Result<(), KeepError> {
        if let Some(ledger) = self.ledgers.get_mut(&priest) {
            ledger.ink(std::slice::from_ref(row))?;
            ledger.dry()?;
        }
        Ok(())
    }

    /// Delivers a letter. A letter of a priest to himself needs no messenger.
    fn deliver(&self, from: Name, to: Name, message: &Message) -> Result<(), KeepError> {
        if from == to {
            return Ok(());
        }
        let path = || self.chamber.messagebook(to).display().to_string();
        Messagebook::of(&self.chamber, to)
            .append([(from, message)])
            .map_err(|source| KeepError::Messagebook { path: path(), source })
    }
}
