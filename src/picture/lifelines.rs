//! Lifelines of text: a line for each event, told beside the lifeline on which it happens.

use std::ops::Range;

use super::cells::{self, Line, shortened};
use super::teller::Told;
use super::why::named;
use crate::trace::Happening;
use crate::words::Name;

/// Where the lifelines stand on a line of text.
#[derive(Clone, Debug)]
pub struct Lifelines {
    priests: Vec<Name>,
    /// How many cells of a terminal a line has.
    pub width: usize,
    /// How many cells lie before the first lifeline.
    pub margin: usize,
    /// How many cells lie between two lifelines.
    pub pitch: usize,
    /// Where all words begin, on a line too narrow to hold them beside their lifelines.
    words: Option<usize>,
}

/// Below this width words stand to the right of all lifelines.
const NARROW: usize = 60;

/// An event on a line of text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TextLine {
    /// The line.
    pub text: String,
    /// Which of its characters tell of the event itself: its mark and its words.
    pub told: Range<usize>,
}

impl Lifelines {
    /// Spreads the lifelines over a width; `last` is the largest number an event will have.
    #[must_use]
    pub fn of(priests: &[Name], width: usize, last: u64) -> Lifelines {
        let margin = last.to_string().len().max(3) + 10;
        let pitch = (width.saturating_sub(margin) / priests.len().max(1)).clamp(3, 24);
        Lifelines { priests: priests.to_vec(), width, margin, pitch, words: None }
    }

    /// The same for lines that tell events: on a narrow line the lifelines stand close together,
    /// and the words to the right of them all, under the name of him whom they tell of.
    #[must_use]
    pub fn telling(priests: &[Name], width: usize, last: u64) -> Lifelines {
        let margin = last.to_string().len().max(3) + 1;
        let words = margin + 2 * priests.len();
        if width >= NARROW || 2 * words > width {
            return Lifelines::of(priests, width, last);
        }
        Lifelines { priests: priests.to_vec(), width, margin, pitch: 2, words: Some(words) }
    }

    /// As much of a text as fits between two lifelines, and spaces up to the next one.
    #[must_use]
    pub fn cell(&self, text: &str) -> String {
        if self.pitch < 3 {
            let first: String = text.chars().take(1).collect();
            return cells::padded(&shortened(&first, self.pitch), self.pitch);
        }
        cells::padded(&shortened(text, self.pitch - 1), self.pitch)
    }

    /// The names above the lifelines.
    #[must_use]
    pub fn header(&self) -> String {
        let names: String = self.priests.iter().map(|name| self.cell(name.as_str())).collect();
        let mut line = Line::blank(self.width);
        line.write(self.margin, &names);
        line.text()
    }

    /// The line of an event that happened while these were in the Chamber.
    #[must_use]
    pub fn line(&self, told: &Told, inside: &[Name]) -> TextLine {
        let seq = told.record.event.seq;
        let section =
            told.why.section.map(|s| format!("§{}", s.replace(' ', ""))).unwrap_or_default();
        let mut line = Line::blank(self.width);
        match self.words {
            Some(_) => line.write(0, &format!("{seq:>width$}", width = self.margin - 1)),
            None => line.write(0, &format!("{seq:>width$} {section}", width = self.margin - 10)),
        }
        for (column, name) in self.priests.iter().enumerate() {
            let lifeline = if inside.contains(name) { "│" } else { "┊" };
            line.write(self.margin + column * self.pitch, lifeline);
        }
        let (whom, mark, words) = said(told);
        let column = whom.and_then(|name| self.priests.iter().position(|p| *p == name));
        let told = self.write(&mut line, column.unwrap_or(0), mark, &words);
        let told = line.characters_before(told.start)..line.characters_before(told.end);
        TextLine { text: line.text(), told }
    }

    /// Writes a mark in a column, and words on the side of it that has room; yields where.
    fn write(&self, line: &mut Line, column: usize, mark: &str, words: &str) -> Range<usize> {
        let x = (self.margin + column * self.pitch).min(self.width - 1);
        line.write(x, mark);
        if let Some(start) = self.words {
            let name = self.priests.get(column).map_or("", Name::as_str);
            let words = shortened(&format!("{name}: {words}"), self.width.saturating_sub(start));
            line.write(start, &words);
            return x..start + cells::width(&words);
        }
        let (right, left) = (self.width.saturating_sub(x + 2), x.saturating_sub(self.margin));
        let length = cells::width(words);
        let on_the_right = length <= right || right >= left;
        let words = shortened(words, right.max(left));
        let length = cells::width(&words);
        let start = if on_the_right { x + 1 } else { x - 2 - length };
        // A space on either side keeps the words off the lifelines they do not belong to.
        line.write(start, &format!(" {words} "));
        let end = if on_the_right { start + length + 1 } else { x + 1 };
        start.min(x)..end.min(self.width)
    }
}

/// The lifeline of an event, its mark, and its words.
fn said(told: &Told) -> (Option<Name>, &'static str, String) {
    let short = &told.why.short;
    let late = told.why.sentence.contains("came late");
    match told.happening() {
        Happening::Founded(founding) => (None, "⌂", format!("founded: {founding}")),
        Happening::Send { from, to, .. } if from == to => {
            (Some(*from), "○", format!("{short} ⟳ himself"))
        }
        Happening::Send { from, to, .. } => (Some(*from), "○", format!("{short} ⟶ {to}")),
        Happening::Receive { from, to, .. } if from == to => {
            (Some(*to), "●", format!("{short} ⟲ himself"))
        }
        Happening::Receive { from, to, .. } => (Some(*to), "●", format!("{short} ⟵ {from}")),
        Happening::Ignore { from, to, message } => {
            let late = if late { " (late)" } else { "" };
            (Some(*to), "×", format!("{short} ⟵ {} of {from}{late}", message.kind()))
        }
        Happening::Lose { from, to, message } => {
            (Some(*to), "╳", format!("lost: {} of {from}", named(message)))
        }
        Happening::Repeat { from, to, message } => {
            (Some(*to), "↻", format!("once more: {} of {from}", named(message)))
        }
        Happening::Ink { priest, entry } => {
            (Some(*priest), if entry.kind() == "outcome" { "█" } else { "■" }, short.clone())
        }
        Happening::Enter(name) => (Some(*name), "▽", short.clone()),
        Happening::Leave(name) => (Some(*name), "△", short.clone()),
    }
}
