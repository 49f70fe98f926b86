//! The events in the course of a move, and how a transcript tells it.

use std::sync::Arc;

use super::moves::{letter_in_words, row_in_words};
use super::spoken::Refusal;
use crate::synod::Letter;
use crate::words::{Entry, Name};

/// A letter under way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Carried {
    /// Its number in this scene: no two letters have one, and a copy has its own.
    pub id: usize,
    /// The sender.
    pub from: Name,
    /// To whom, and what it says.
    pub letter: Letter,
}

/// Something that happened in the course of a move, in order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Happened {
    /// A line of the story, with its section if it has one.
    Said {
        /// Where the paper has it: `2.3 (2)`, or `heresy`, or nothing.
        section: String,
        /// The line.
        text: String,
    },
    /// A row stays in a ledger.
    Inks {
        /// Whose.
        who: Name,
        /// The row.
        row: Arc<Entry>,
    },
    /// A row was written and is gone, since the power failed while its ink was wet.
    Wet {
        /// Whose.
        who: Name,
        /// The row.
        row: Arc<Entry>,
    },
    /// A letter is under way.
    Sends(Arc<Carried>),
    /// A letter is under way once more.
    Repeats(Arc<Carried>),
    /// A letter is read.
    Reads {
        /// The letter.
        letter: Arc<Carried>,
        /// Whether a guard kept its reader from acting on it.
        is_ignored: bool,
    },
    /// A letter is lost.
    Loses(Arc<Carried>),
    /// A priest enters the Chamber.
    Enters(Name),
    /// A priest leaves the Chamber.
    Leaves(Name),
}

/// The consequence of a move.
#[derive(Clone, Default, Debug)]
pub struct Told {
    /// The events, in order.
    pub events: Vec<Happened>,
    /// Why the one to whom the move happened did nothing.
    pub refusal: Option<Refusal>,
}

impl Told {
    /// A line, with its section.
    pub fn said(&self) -> impl Iterator<Item = (&str, &str)> {
        self.events.iter().filter_map(|event| match event {
            Happened::Said { section, text } => Some((section.as_str(), text.as_str())),
            _ => None,
        })
    }

    /// The last line of a move that a guard kept from its effect.
    pub(super) fn guarded(&self) -> Option<&str> {
        self.refusal.as_ref()?;
        self.said().last().map(|(_, text)| text)
    }

    /// How many letters were read.
    #[must_use]
    pub fn reads(&self) -> usize {
        self.events.iter().filter(|event| matches!(event, Happened::Reads { .. })).count()
    }

    pub(super) fn lose(&mut self, carried: Arc<Carried>, why: &str) {
        let (kind, from) = (carried.letter.message.kind(), carried.from);
        let text = if why == "lost" {
            format!("lost: {kind} of {from}")
        } else {
            format!("{why}: {kind} of {from} is lost")
        };
        self.say("", text);
        self.events.push(Happened::Loses(carried));
    }

    pub(super) fn say(&mut self, section: &str, text: String) {
        self.events.push(Happened::Said { section: section.into(), text });
    }

    /// The events as a transcript tells them: what is said, and what each inks and sends.
    #[must_use]
    pub fn in_words(&self) -> String {
        let (mut text, mut sent): (String, Option<(String, String)>) = Default::default();
        let flush = |sent: &mut Option<(String, String)>, text: &mut String| {
            if let Some((letter, to)) = sent.take() {
                *text += &format!("  sends {letter} to {to}\n");
            }
        };
        for event in &self.events {
            if let Happened::Sends(carried) = event {
                let letter = letter_in_words(&carried.letter.message);
                match &mut sent {
                    Some((same, to)) if *same == letter => {
                        *to += &format!(", {}", carried.letter.to)
                    }
                    _ => {
                        flush(&mut sent, &mut text);
                        sent = Some((letter, carried.letter.to.to_string()));
                    }
                }
                continue;
            }
            flush(&mut sent, &mut text);
            match event {
                Happened::Said { section, text: line } if section.is_empty() => {
                    text += &format!("{line}\n");
                }
                Happened::Said { section, text: line } if section == "heresy" => {
                    text += &format!("{line}  HERESY\n");
                }
                Happened::Said { section, text: line } => {
                    text += &format!("{line}  PTP §{section}\n")
                }
                Happened::Inks { row, .. } => text += &format!("  inks {}\n", row_in_words(row)),
                _ => {}
            }
        }
        flush(&mut sent, &mut text);
        text
    }
}
