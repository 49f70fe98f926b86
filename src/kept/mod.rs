//! Keeps a run, which the search found or a person played: as a trace, as a chronicle, or as a
//! chamber that can be opened by hand and audited.
//!
//! | file | what it tells |
//! |---|---|
//! | `course` | what records keep of a run |
//! | `error` | why a run could not be kept |
//! | `scribe` | ledgers and messagebooks, written as of a given minute |

mod course;
mod error;
mod scribe;

use std::collections::HashMap;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

use scribe::Scribe;

pub use error::KeepError;

use crate::chamber::Chamber;
use crate::picture::Chronicle;
use crate::picture::long::{self, Untold};
use crate::synod::Letter;
use crate::trace::{Happening, TraceError, TraceWriter};
use crate::words::{Entry, Founding, Minutes, Name};

/// A run, as records keep it.
#[derive(Clone, Debug)]
pub struct Run {
    founding: Founding,
    /// Rows that stood in the ledgers before, and no priest of this run inked.
    given: Vec<(Name, Entry)>,
    pages: Vec<Page>,
    /// The bytes of its records, where the pages do not tell them: rows may have been lost.
    records: Option<Records>,
}

/// Ledgers, then messagebooks, byte for byte.
type Records = (Vec<(Name, Vec<u8>)>, Vec<(Name, Vec<u8>)>);

/// The events of one minute.
#[derive(Clone, Debug)]
struct Page {
    at: Minutes,
    /// As a trace tells it.
    told: Vec<Happening>,
    /// As a chamber keeps it: of the rows, those that are dry.
    kept: Vec<Happening>,
}

impl Run {
    /// A run in which these events followed upon these rows.
    pub(crate) fn told(
        founding: Founding,
        given: Vec<(Name, Entry)>,
        events: Vec<(Minutes, Happening)>,
    ) -> Run {
        let page =
            |(at, it): (Minutes, Happening)| Page { at, told: vec![it.clone()], kept: vec![it] };
        Run { founding, given, pages: events.into_iter().map(page).collect(), records: None }
    }

    /// This run, of which these ledgers and messagebooks are kept, byte for byte.
    pub(crate) fn with_records(
        self,
        ledgers: Vec<(Name, Vec<u8>)>,
        messagebooks: Vec<(Name, Vec<u8>)>,
    ) -> Run {
        Run { records: Some((ledgers, messagebooks)), ..self }
    }

    /// Writes the run as a trace.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write_trace<W: Write>(&self, out: W) -> Result<(), TraceError> {
        let mut trace = TraceWriter::new(out)?;
        trace.tell(Minutes::ZERO, &Happening::Founded(self.founding.clone()))?;
        for (priest, entry) in self.given.iter().cloned() {
            trace.tell(Minutes::ZERO, &Happening::Ink { priest, entry })?;
        }
        let mut mail = Mail::default();
        for Page { at, told, .. } in &self.pages {
            for happening in told {
                if let Some(repeat) = mail.carry(happening) {
                    trace.tell(*at, &repeat)?;
                }
                trace.tell(*at, happening)?;
            }
        }
        trace.flush()
    }

    /// The run as a trace, in memory.
    ///
    /// # Errors
    /// If the founding decree is too long for a row.
    pub fn trace(&self) -> Result<Vec<u8>, TraceError> {
        let mut trace = Vec::new();
        self.write_trace(&mut trace)?;
        Ok(trace)
    }

    /// Tells the run as a chronicle, which can be drawn as text, SVG or a page; a long run is told
    /// at a glance, with a window of it.
    ///
    /// # Errors
    /// As [`Run::trace`].
    pub fn chronicle(&self, source: &str) -> Result<Chronicle, Untold> {
        long::of_trace(&self.trace()?, Path::new(source), source, (None, None))
    }

    /// Writes the run as a chamber: the rows that were there before, as written by hand; the rows
    /// that dried, the letters in the order in which they were read, and then the letters that were
    /// never read.
    ///
    /// # Errors
    /// [`KeepError`], above all if a chamber is already there.
    pub fn keep(&self, chamber: &Chamber, minute: Duration) -> Result<(), KeepError> {
        if let Some(record) = chamber.first_record()? {
            return Err(KeepError::Taken(record.display().to_string()));
        }
        if let Some((ledgers, messagebooks)) = &self.records {
            return Ok(chamber.lay_down(ledgers, messagebooks)?);
        }
        let mut scribe = Scribe::found(&self.founding, &self.given, chamber, minute)?;
        let mut mail = Mail::default();
        for Page { at, kept, .. } in &self.pages {
            scribe.turn_to(*at);
            for happening in kept {
                mail.carry(happening);
                match happening {
                    Happening::Ink { priest, entry } => scribe.ink(*priest, entry)?,
                    Happening::Receive { from, to, message }
                    | Happening::Ignore { from, to, message } => {
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
            Happening::Repeat { .. } => {
                *copies += 1;
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
