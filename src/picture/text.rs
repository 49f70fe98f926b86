//! The chronicle as text: one line for each event, and a line of the gods' when B changes.

use std::fmt::Write;

use super::ballots::{Change, stands};
use super::cells::{shortened, width, wrapped};
use super::judged::{self, Verdict};
use super::lifelines::Lifelines;
use super::model::Chronicle;
use crate::trace::Happening;
use crate::words::{Ballot, DecreeNumber, Name, shown};

/// How many cells a line has.
const WIDTH: usize = 80;
/// In how many lines a long run is told at a glance.
const STRETCHES: usize = 40;
/// How many faults of rows that are not drawn are told.
const FAULTS: usize = 40;
/// How far what the gods see is set in.
const INDENT: usize = 7;

/// Draws a chronicle as text.
#[must_use]
pub fn draw(chronicle: &Chronicle) -> String {
    shown(&Drawing::of(chronicle).draw(chronicle)).into_owned()
}

struct Drawing {
    lifelines: Lifelines,
    inside: Vec<Name>,
}

impl Drawing {
    fn of(chronicle: &Chronicle) -> Drawing {
        let lifelines = Lifelines::of(
            &chronicle.priests,
            WIDTH,
            chronicle.events.last().map_or(0, |told| told.record.event.seq),
        );
        let inside = chronicle.before.desks.iter().filter(|(_, desk)| desk.inside);
        Drawing { lifelines, inside: inside.map(|(name, _)| *name).collect() }
    }

    fn draw(mut self, chronicle: &Chronicle) -> String {
        let mut out = String::new();
        for line in
            [chronicle.title.clone(), format!("{}: {}", chronicle.source, chronicle.summary())]
        {
            for line in wrapped(&line, WIDTH) {
                let _ = writeln!(out, "{line}");
            }
        }
        if let Some(overview) = &chronicle.overview {
            let _ = writeln!(out, "\nThe whole run:");
            for line in overview.lines(STRETCHES, WIDTH) {
                let _ = writeln!(out, "{line}");
            }
        }
        if let Some(window) = chronicle.window_in_words() {
            let _ = writeln!(out, "\nBelow: {window}; --from STEP --to STEP show others.");
        }
        for fault in chronicle.faults_elsewhere().take(FAULTS) {
            write_fault(&mut out, &judged::said_with_place(fault));
        }
        let _ = writeln!(out, "\n{}", self.lifelines.header());
        let mut ballots = chronicle.before.ballots.clone();
        for told in &chronicle.events {
            let happening = told.happening();
            match happening {
                Happening::Enter(name) => self.go(*name, true),
                Happening::Leave(name) => self.go(*name, false),
                _ => {}
            }
            let _ = writeln!(out, "{}", self.lifelines.line(told, &self.inside).text);
            for fault in chronicle.judged.against(&told.record) {
                write_fault(&mut out, &judged::said(fault));
            }
            ballots.take_down(happening);
            if let Some(number) = told.change.as_ref().map(Change::number) {
                let verdict = chronicle.judged.verdict(number, ballots.on(number));
                for line in gods(number, ballots.on(number), verdict, &chronicle.priests) {
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
        self.inside.retain(|other| *other != name);
        if inside {
            self.inside.push(name);
        }
    }
}

fn write_fault(out: &mut String, said: &str) {
    for line in wrapped(&format!("!! {}", shown(said)), WIDTH) {
        let _ = writeln!(out, "{line}");
    }
}

/// B on one decree number, voters boxed, and what the judge says.
fn gods(
    number: DecreeNumber,
    ballots: &[Ballot],
    verdict: Verdict,
    priests: &[Name],
) -> Vec<String> {
    let mut pieces: Vec<String> =
        ballots.iter().rev().take(4).map(|b| ballot(b, priests)).collect();
    pieces.reverse();
    pieces.push(verdict.signs().map(|(sign, _)| sign).join(" "));
    let mut lines = vec![if number > 1 { format!("gods #{number}:") } else { "gods:".into() }];
    for piece in pieces {
        let last = lines.last_mut().expect("there is a first line");
        if width(last) + 2 + width(&piece) <= WIDTH {
            let _ = write!(last, "  {piece}");
        } else {
            let pieces = wrapped(&piece, WIDTH - INDENT).into_iter();
            lines.extend(pieces.map(|piece| " ".repeat(INDENT) + &piece));
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
