//! The chronicle as text: one line for each event, and a line of the gods' when B changes.

use std::fmt::Write;

use super::ballots::{Ballots, stands};
use super::judged::Verdict;
use super::model::Chronicle;
use super::teller::Told;
use super::why::shortened;
use crate::synod::{Ballot, DecreeNumber, Name};
use crate::trace::Happening;

/// How many characters a line has.
const WIDTH: usize = 80;

/// Draws a chronicle as text.
#[must_use]
pub fn draw(chronicle: &Chronicle) -> String {
    Drawing::of(chronicle).draw(chronicle)
}

struct Drawing {
    priests: Vec<Name>,
    inside: Vec<bool>,
    /// How many characters stand before the first lifeline.
    margin: usize,
    /// How many characters lie between two lifelines.
    pitch: usize,
}

impl Drawing {
    fn of(chronicle: &Chronicle) -> Drawing {
        let priests = chronicle.priests.clone();
        let margin = chronicle.events.len().to_string().len().max(3) + 10;
        let pitch = ((WIDTH - margin) / priests.len()).clamp(3, 24);
        let inside = vec![false; priests.len()];
        Drawing { priests, inside, margin, pitch }
    }

    fn draw(mut self, chronicle: &Chronicle) -> String {
        let mut out = String::new();
        for line in wrapped(&format!("{}: {}", chronicle.title, chronicle.summary())) {
            let _ = writeln!(out, "{line}");
        }
        let _ = writeln!(out, "\n{}", self.header());
        let mut ballots = Ballots::default();
        for told in &chronicle.events {
            let happening = told.happening();
            match happening {
                Happening::Enter(name) => self.go(*name, true),
                Happening::Leave(name) => self.go(*name, false),
                _ => {}
            }
            let _ = writeln!(out, "{}", self.line(told));
            if told.why.offence {
                for line in wrapped(&format!("!! {}", told.why.sentence)) {
                    let _ = writeln!(out, "{line}");
                }
            }
            ballots.take_down(happening);
            if let Some((change, verdict)) = &told.change {
                let number = change.number();
                for line in gods(number, ballots.on(number), *verdict, &self.priests) {
                    let _ = writeln!(out, "{line}");
                }
            }
        }
        if let Some(replay) = &chronicle.replay {
            let _ = writeln!(out, "\nTo see it again: {replay}");
        }
        out
    }

    fn go(&mut self, name: Name, inside: bool) {
        if let Some(column) = self.column(name) {
            self.inside[column] = inside;
        }
    }

    fn column(&self, name: Name) -> Option<usize> {
        self.priests.iter().position(|priest| *priest == name)
    }

    fn header(&self) -> String {
        let mut line = vec![' '; self.margin];
        for name in &self.priests {
            let name = shortened(name.as_str(), self.pitch - 1);
            let mut cell: Vec<char> = name.chars().collect();
            cell.resize(self.pitch, ' ');
            line.extend(cell);
        }
        trimmed(line)
    }

    fn line(&self, told: &Told) -> String {
        let seq = told.record.event.seq;
        let section =
            told.why.section.map(|s| format!("§{}", s.replace(' ', ""))).unwrap_or_default();
        let mut line: Vec<char> =
            format!("{seq:>width$} {section:<8} ", width = self.margin - 10).chars().collect();
        line.resize(self.margin, ' ');
        for inside in &self.inside {
            line.push(if *inside { '│' } else { '┊' });
            line.extend(std::iter::repeat_n(' ', self.pitch - 1));
        }
        line.resize(WIDTH, ' ');
        let (whom, mark, words) = said(told);
        match whom.and_then(|name| self.column(name)) {
            Some(column) => write_at(&mut line, self.margin + column * self.pitch, mark, &words),
            None => write_at(&mut line, self.margin, mark, &words),
        }
        trimmed(line)
    }
}

/// On whose lifeline an event is told, by which mark, and in which words.
fn said(told: &Told) -> (Option<Name>, char, String) {
    let short = &told.why.short;
    let late = told.why.sentence.contains("came late");
    match told.happening() {
        Happening::Founded(founding) => (None, '⌂', format!("founded: {founding}")),
        Happening::Send { from, to, .. } if from == to => {
            (Some(*from), '○', format!("{short} ⟳ himself"))
        }
        Happening::Send { from, to, .. } => (Some(*from), '○', format!("{short} ⟶ {to}")),
        Happening::Receive { from, to, .. } if from == to => {
            (Some(*to), '●', format!("{short} ⟲ himself"))
        }
        Happening::Receive { from, to, .. } => (Some(*to), '●', format!("{short} ⟵ {from}")),
        Happening::Ignore { from, to, message } => {
            let late = if late { " (late)" } else { "" };
            (Some(*to), '×', format!("{short} ⟵ {} of {from}{late}", message.kind()))
        }
        Happening::Lose { from, to, message } => {
            (Some(*to), '╳', format!("lost: {} of {from}", super::why::named(message)))
        }
        Happening::Repeat { from, to, message } => {
            (Some(*to), '↻', format!("once more: {} of {from}", super::why::named(message)))
        }
        Happening::Ink { priest, entry } => {
            (Some(*priest), if entry.kind() == "outcome" { '█' } else { '■' }, short.clone())
        }
        Happening::Enter(name) => (Some(*name), '▽', short.clone()),
        Happening::Leave(name) => (Some(*name), '△', short.clone()),
    }
}

/// Writes a mark, and words on the side of it that has room.
fn write_at(line: &mut [char], x: usize, mark: char, words: &str) {
    line[x.min(WIDTH - 1)] = mark;
    let (right, left) = (WIDTH.saturating_sub(x + 2), x.saturating_sub(13));
    let length = words.chars().count();
    let on_the_right = length <= right || right >= left;
    let words = shortened(words, right.max(left));
    let start = if on_the_right { x + 1 } else { x - 2 - words.chars().count() };
    // A space on either side keeps the words off the lifelines they do not belong to.
    for (offset, letter) in format!(" {words} ").chars().enumerate() {
        if let Some(cell) = line.get_mut(start + offset) {
            *cell = letter;
        }
    }
}

/// B on one decree number, voters boxed, and what the judge says.
fn gods(
    number: DecreeNumber,
    ballots: &[Ballot],
    verdict: Verdict,
    priests: &[Name],
) -> Vec<String> {
    let tick = |kept| if kept { '✓' } else { '✗' };
    let mut pieces: Vec<String> =
        ballots.iter().rev().take(4).map(|b| ballot(b, priests)).collect();
    pieces.reverse();
    let Verdict { b1, b2, b3 } = verdict;
    pieces.push(format!("B1 {} B2 {} B3 {}", tick(b1), tick(b2), tick(b3)));
    let mut lines = vec![if number > 1 { format!("gods #{number}:") } else { "gods:".into() }];
    for piece in pieces {
        let last = lines.last_mut().expect("there is a first line");
        if last.chars().count() + 2 + piece.chars().count() <= WIDTH {
            let _ = write!(last, "  {piece}");
        } else {
            lines.push(format!("       {piece}"));
        }
    }
    lines
}

fn ballot(ballot: &Ballot, priests: &[Name]) -> String {
    let mut text = format!("{} {}", ballot.number, shortened(ballot.decree.text(), 16));
    for name in priests {
        match (ballot.voters.contains(name), ballot.quorum.contains(name)) {
            (true, _) => {
                let _ = write!(text, " [{name}]");
            }
            (false, true) => {
                let _ = write!(text, " {name}");
            }
            (false, false) => {}
        }
    }
    format!("{text} {}", stands(ballot))
}

/// A text in lines of at most [`WIDTH`] characters, broken at spaces where there are any.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let last = lines.last_mut().expect("there is a first line");
        if last.is_empty() {
            *last = shortened(word, WIDTH);
        } else if last.chars().count() + 1 + word.chars().count() <= WIDTH {
            let _ = write!(last, " {word}");
        } else {
            lines.push(shortened(word, WIDTH));
        }
    }
    lines
}

fn trimmed(line: Vec<char>) -> String {
    line.into_iter().collect::<String>().trim_end().into()
}
