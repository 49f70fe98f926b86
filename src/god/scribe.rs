//! The scribe writes God's news down as a trace. `[ours]`
//!
//! A priest tells of each act before it can cause anything: of a row when it is inked, of a letter
//! before it leaves, of a reading before its effects. All news goes through one channel, which
//! keeps the order. So the trace has every cause before its effect.

use std::collections::{BTreeSet, HashMap};
use std::io::Write;

use crate::synod::Letter;
use crate::trace::{Happening, TraceError, TraceWriter, asked_himself};
use crate::words::{Entry, Founding, Message, Minutes, Name};

use super::news::{News, Tiding};

/// Writes a trace of one sitting.
#[derive(Debug)]
pub struct Scribe<W: Write> {
    trace: TraceWriter<W>,
    now: Minutes,
    inside: BTreeSet<Name>,
    /// Letters that were sent and neither read nor lost, with the number of equal ones.
    under_way: HashMap<(Name, Name, Message), u64>,
}

impl<W: Write> Scribe<W> {
    /// Starts a trace with the founding.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn new(out: W, founding: &Founding) -> Result<Scribe<W>, TraceError> {
        let mut trace = TraceWriter::new(out)?;
        let now = Minutes::ZERO;
        trace.tell(now, &Happening::Founded(founding.clone()))?;
        Ok(Scribe { trace, now, inside: BTreeSet::new(), under_way: HashMap::new() })
    }

    /// Writes down a piece of news, if it belongs in a trace.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn hear(&mut self, news: &News) -> Result<(), TraceError> {
        // Two priests may read the clock in one order and send their news in the other.
        self.now = self.now.max(news.at);
        let of = news.of;
        match &news.what {
            Tiding::Entered => {
                self.inside.insert(of);
                self.tell(Happening::Enter(of))
            }
            Tiding::Left { .. } if self.inside.remove(&of) => self.tell(Happening::Leave(of)),
            Tiding::Inked(Entry::Outcome { number: Founding::NUMBER, .. }) => Ok(()),
            Tiding::Inked(entry) => {
                let asked = asked_himself(of, entry).filter(|_| self.inside.contains(&of));
                if let Some(message) = asked {
                    self.send(of, of, message.clone())?;
                    self.read(of, of, message, false)?;
                }
                self.tell(Happening::Ink { priest: of, entry: entry.clone() })
            }
            // The rows that a law book repeats are in the trace already.
            Tiding::Bound(_) => Ok(()),
            Tiding::Sent(Letter { to, message }) => self.send(of, *to, message.clone()),
            Tiding::Repeated(Letter { to, message }) => {
                let (from, to, message) = (of, *to, message.clone());
                self.set_out(from, to, &message);
                self.tell(Happening::Repeat { from, to, message })
            }
            Tiding::Lost(Letter { to, message }) => self.lose(of, *to, message.clone()),
            Tiding::Missed(from, message) => self.lose(*from, of, message.clone()),
            Tiding::Read { from, message, in_vain } => {
                self.read(*from, of, message.clone(), *in_vain)
            }
            Tiding::Left { .. }
            | Tiding::Acted(_)
            | Tiding::Remembers(_)
            | Tiding::Knows(_)
            | Tiding::Noticed(_) => Ok(()),
        }
    }

    /// Flushes the output.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn flush(&mut self) -> Result<(), TraceError> {
        self.trace.flush()
    }

    fn tell(&mut self, happening: Happening) -> Result<(), TraceError> {
        self.trace.tell(self.now, &happening)
    }

    fn set_out(&mut self, from: Name, to: Name, message: &Message) {
        *self.under_way.entry((from, to, message.clone())).or_default() += 1;
    }

    /// Takes one such letter from those under way. False if there was none.
    fn arrives(&mut self, letter: &(Name, Name, Message)) -> bool {
        let Some(count) = self.under_way.get_mut(letter) else { return false };
        *count -= 1;
        if *count == 0 {
            self.under_way.remove(letter);
        }
        true
    }

    fn send(&mut self, from: Name, to: Name, message: Message) -> Result<(), TraceError> {
        self.set_out(from, to, &message);
        self.tell(Happening::Send { from, to, message })
    }

    /// Writes that a letter was read. If its sending was not seen, because the sender is in another
    /// process or is a person with an editor, the trace has it sent just before the reading.
    fn read(
        &mut self,
        from: Name,
        to: Name,
        message: Message,
        vain: bool,
    ) -> Result<(), TraceError> {
        let letter = (from, to, message);
        if !self.arrives(&letter) {
            let message = letter.2.clone();
            self.tell(Happening::Send { from, to, message })?;
        }
        let message = letter.2;
        self.tell(if vain {
            Happening::Ignore { from, to, message }
        } else {
            Happening::Receive { from, to, message }
        })
    }

    /// Writes that a letter was lost, if its sending was seen. Other letters may have been read
    /// before.
    fn lose(&mut self, from: Name, to: Name, message: Message) -> Result<(), TraceError> {
        let letter = (from, to, message);
        if !self.arrives(&letter) {
            return Ok(());
        }
        let message = letter.2;
        self.tell(Happening::Lose { from, to, message })
    }
}
