//! The sums over a run, and the steps of it that are told.

use std::collections::{BTreeMap, HashSet};

use super::record::Record;
use crate::trace::Happening;
use crate::words::message::Kind;
use crate::words::shown::{counted, grouped};
use crate::words::{DecreeNumber, Entry};

/// Some steps of a run, by their numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Window {
    /// The first step.
    pub from: u64,
    /// The last step.
    pub to: u64,
    /// How many steps the run has.
    pub of: u64,
}

/// The sums over a run.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    /// The decrees inked as passed, and how many different ones under each number.
    passed: BTreeMap<DecreeNumber, HashSet<String>>,
    letters: u64,
    lost: u64,
    ignored: u64,
    pub(super) is_parliament: bool,
}

impl Tally {
    pub(super) fn take_down(&mut self, record: &Record, comes_from_nowhere: bool) {
        let happening = &record.event.happening;
        match happening {
            Happening::Send { from, to, .. } => self.letters += u64::from(from != to),
            Happening::Repeat { .. } => self.letters += 1,
            Happening::Lose { .. } => self.lost += 1,
            Happening::Ignore { .. } => self.ignored += 1,
            Happening::Ink { entry: Entry::Outcome { number, decree, .. }, .. } => {
                let under = self.passed.entry(*number).or_default();
                if !under.contains(decree.text()) {
                    under.insert(decree.text().to_owned());
                }
                self.is_parliament |= *number > 1;
            }
            _ => {}
        }
        if let Some((from, to, message)) = happening.letter() {
            self.is_parliament |= message.kind() == Kind::Petition;
            self.letters += u64::from(comes_from_nowhere && from != to);
        }
    }

    /// The run in a sentence, but for its faults.
    #[must_use]
    pub fn told(&self, priests: usize) -> String {
        let many: usize = self.passed.values().map(HashSet::len).sum();
        let one =
            || self.passed.iter().next().and_then(|(n, texts)| Some((n, texts.iter().next()?)));
        let count = |many: usize| grouped(many as u64);
        let decrees = match (many, self.passed.len()) {
            (0, _) => "no decree passed".into(),
            (1, _) => one().map_or_else(String::new, |(number, text)| {
                format!("decree {number} passed: “{text}”")
            }),
            (many, numbers) if many == numbers => format!("{} decrees passed", count(many)),
            (many, numbers) => {
                let numbers = counted(numbers as u64, "number");
                format!("{} decrees under {numbers}", count(many))
            }
        };
        let (priests, letters) =
            (counted(priests as u64, "priest"), counted(self.letters, "letter"));
        let [lost, ignored] = [self.lost, self.ignored].map(grouped);
        format!("{decrees}; {priests}, {letters}, {lost} lost, {ignored} ignored")
    }
}
