//! A long run at a glance: what happened in each stretch of its steps.
//!
//! It is built once, while the run is told, and drawn by all forms: as lines of text, on a sheet,
//! and on a page, where one can look closer.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde::Serialize;

use super::cells::shortened;
use super::judged::Judged;
use super::record::Record;
use crate::trace::Happening;
use crate::words::shown::{counted, grouped};
use crate::words::{BallotNumber, DecreeNumber, Entry, Name};

/// How many stretches are kept at most; where there would be more, each holds more steps.
const MOST: usize = 2_000;
/// How many ballots and goings a stretch names.
const NAMED: usize = 3;

/// A run at a glance.
#[derive(Debug, Clone, Serialize)]
pub struct Overview {
    /// How many steps a stretch has.
    pub size: u64,
    /// The stretches, in order.
    pub stretches: Vec<Stretch>,
    #[serde(skip)]
    passed: BTreeSet<DecreeNumber>,
}

/// The events of some steps, one after another.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Stretch {
    /// The number of its first step.
    pub from: u64,
    /// The number of its last step.
    pub to: u64,
    /// When its first step happened, in thousandths of a minute.
    pub begun: u64,
    /// When its last step happened.
    pub ended: u64,
    /// How many letters were sent to others.
    pub letters: u64,
    /// How many were lost.
    pub lost: u64,
    /// How many were ignored by their readers.
    pub ignored: u64,
    /// How many decrees were first inked as passed.
    pub passed: u64,
    /// The first and the last of them, by number.
    pub decrees: Option<(DecreeNumber, DecreeNumber)>,
    /// The first ballots tried.
    pub ballots: Vec<BallotNumber>,
    /// How many were tried.
    pub tried: u64,
    /// The first who came or went.
    pub goings: Vec<String>,
    /// How many came or went.
    pub gone: u64,
    /// How many deeds the auditor accuses.
    pub accused: u64,
}

impl Overview {
    /// Nothing yet.
    #[must_use]
    pub fn empty() -> Overview {
        Overview { size: 1, stretches: Vec::new(), passed: BTreeSet::new() }
    }

    /// Takes the next event down.
    pub fn take_down(&mut self, record: &Record, judged: &Judged) {
        let is_full = self.stretches.last().is_none_or(|last| last.steps() >= self.size);
        if is_full && self.stretches.len() >= MOST {
            self.halve();
        }
        let seq = record.event.seq;
        let at = record.event.at.in_thousandths();
        if self.stretches.last().is_none_or(|last| last.steps() >= self.size) {
            self.stretches.push(Stretch { from: seq, begun: at, ..Stretch::default() });
        }
        let Some(stretch) = self.stretches.last_mut() else { return };
        (stretch.to, stretch.ended) = (seq, at);
        stretch.accused += u64::from(judged.accuses(record));
        match &record.event.happening {
            Happening::Send { from, to, .. } => stretch.letters += u64::from(from != to),
            Happening::Lose { .. } => stretch.lost += 1,
            Happening::Ignore { .. } => stretch.ignored += 1,
            Happening::Enter(name) => stretch.go(*name, "enters"),
            Happening::Leave(name) => stretch.go(*name, "leaves"),
            Happening::Ink { entry: Entry::LastTried { ballot }, .. } => {
                stretch.tried += 1;
                if stretch.ballots.len() < NAMED {
                    stretch.ballots.push(*ballot);
                }
            }
            Happening::Ink { entry: Entry::Outcome { number, .. }, .. }
                if *number > 0 && self.passed.insert(*number) =>
            {
                stretch.pass(1, (*number, *number));
            }
            _ => {}
        }
    }

    /// Makes each two stretches one.
    fn halve(&mut self) {
        self.size *= 2;
        self.stretches = merged(&self.stretches, 2);
    }

    /// The run in at most this many lines, none wider than `width` characters.
    #[must_use]
    pub fn lines(&self, most: usize, width: usize) -> Vec<String> {
        let each = self.stretches.len().div_ceil(most.max(1)).max(1);
        let stretches = merged(&self.stretches, each);
        let last = stretches.last().map_or(0, |it| it.to);
        let wide = grouped(last).len();
        let told = stretches.iter().map(|it| shortened(&it.told(wide), width));
        told.collect()
    }
}

/// Each this many stretches as one.
fn merged(stretches: &[Stretch], each: usize) -> Vec<Stretch> {
    let both = |mut one: Stretch, other: &Stretch| {
        one.take(other);
        one
    };
    let of = |some: &[Stretch]| some[1..].iter().fold(some[0].clone(), both);
    stretches.chunks(each.max(1)).map(of).collect()
}

impl Stretch {
    const fn steps(&self) -> u64 {
        self.to + 1 - self.from
    }

    fn go(&mut self, name: Name, how: &str) {
        self.gone += 1;
        if self.goings.len() < NAMED {
            self.goings.push(format!("{name} {how}"));
        }
    }

    fn pass(&mut self, many: u64, (first, last): (DecreeNumber, DecreeNumber)) {
        self.passed += many;
        let (least, most) = self.decrees.unwrap_or((first, last));
        self.decrees = Some((least.min(first), most.max(last)));
    }

    fn take(&mut self, next: &Stretch) {
        (self.to, self.ended) = (next.to, next.ended);
        self.letters += next.letters;
        self.lost += next.lost;
        self.ignored += next.ignored;
        self.tried += next.tried;
        self.gone += next.gone;
        self.accused += next.accused;
        if let Some(span) = next.decrees {
            self.pass(next.passed, span);
        }
        let room = NAMED.saturating_sub(self.ballots.len());
        self.ballots.extend(next.ballots.iter().take(room));
        let room = NAMED.saturating_sub(self.goings.len());
        self.goings.extend(next.goings.iter().take(room).cloned());
    }

    /// The stretch in a line.
    fn told(&self, wide: usize) -> String {
        let (from, to) = (grouped(self.from), grouped(self.to));
        let minutes = |thousandths: u64| thousandths / 1_000;
        let mut told = format!(
            "{from:>wide$} to {to:>wide$}  minute {} to {}: {}",
            grouped(minutes(self.begun)),
            grouped(minutes(self.ended)),
            counted(self.letters, "letter"),
        );
        let mut say = |words: String| {
            let _ = write!(told, ", {words}");
        };
        if self.lost > 0 {
            say(format!("{} lost", grouped(self.lost)));
        }
        match self.decrees {
            Some((one, last)) if one == last => say(format!("decree {one}")),
            Some((first, last)) => say(format!("decrees {first} to {last}")),
            None => {}
        }
        if self.accused > 0 {
            say(format!("{} accused", counted(self.accused, "deed")));
        }
        let and_more = |named: usize, all: u64| if all > named as u64 { ", …" } else { "" };
        if !self.ballots.is_empty() {
            let ballots: Vec<String> = self.ballots.iter().map(ToString::to_string).collect();
            let more = and_more(ballots.len(), self.tried);
            say(format!("tried: {}{more}", ballots.join(", ")));
        }
        if !self.goings.is_empty() {
            let more = and_more(self.goings.len(), self.gone);
            say(format!("{}{more}", self.goings.join(", ")));
        }
        told
    }
}
