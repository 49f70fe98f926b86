//! The auditor's findings on the things drawn. The picture holds no rule of its own.
//!
//! A finding that a rule is broken is a *fault* here; it marks the deed of its first row. A row
//! that a power failure may have taken, and a remark, accuse nobody.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use serde::Serialize;

use super::record::Record;
use crate::audit::{Finding, Judgment, Severity};
use crate::records::record::Place;
use crate::trace::Happening;
use crate::words::{Ballot, BallotNumber, DecreeNumber, Name};

/// How many rows beside its own a fault names in its sentence.
const ROWS_NAMED: usize = 4;

/// Whether ballots keep B1, B2 and B3; `None` where the records do not tell. `[PTP §2.1]`
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[expect(missing_docs, reason = "each is the condition of that name")]
pub struct Verdict {
    pub b1: Option<bool>,
    pub b2: Option<bool>,
    pub b3: Option<bool>,
}

impl Verdict {
    /// The verdict without any ballot.
    pub const KEPT: Verdict = Verdict { b1: Some(true), b2: Some(true), b3: Some(true) };
    /// The verdict on ballots that nobody has judged yet.
    pub const UNKNOWN: Verdict = Verdict { b1: None, b2: None, b3: None };

    /// The verdict on the ballots of both.
    #[must_use]
    pub fn and(self, other: Verdict) -> Verdict {
        let both = |one: Option<bool>, other: Option<bool>| match (one, other) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        };
        let Verdict { b1, b2, b3 } = other;
        Verdict { b1: both(self.b1, b1), b2: both(self.b2, b2), b3: both(self.b3, b3) }
    }

    /// Each condition with its sign, as `B1 ✓`, and whether it is kept.
    #[must_use]
    pub fn signs(self) -> [(String, Option<bool>); 3] {
        [("B1", self.b1), ("B2", self.b2), ("B3", self.b3)].map(|(condition, kept)| {
            let sign = match kept {
                Some(true) => '✓',
                Some(false) => '✗',
                None => '?',
            };
            (format!("{condition} {sign}"), kept)
        })
    }
}

/// The auditor's judgment of the records that are drawn.
#[derive(Debug, Default)]
pub struct Judged {
    faults: Vec<Finding>,
    /// By the place of the accused row, as `file:line`.
    of_row: HashMap<String, Vec<usize>>,
    /// How many faults there are in all; of each rule the first thousand are kept.
    count: u64,
    ballots: BTreeMap<DecreeNumber, Vec<(BallotNumber, Verdict)>>,
    /// The voters on the decrees from this number on, and their weights.
    sittings: BTreeMap<DecreeNumber, BTreeMap<Name, u64>>,
}

impl Judged {
    /// The part of a judgment that is drawn.
    #[must_use]
    pub fn of(judgment: &Judgment) -> Judged {
        Judged::of_last(judgment, usize::MAX)
    }

    /// The same, with B of the last `most` decrees alone: for those who watch a long sitting.
    #[must_use]
    pub fn of_last(judgment: &Judgment, most: usize) -> Judged {
        let broken = judgment.findings().iter().filter(|it| it.severity == Severity::Broken);
        let faults: Vec<Finding> = broken.cloned().collect();
        let mut of_row: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, fault) in faults.iter().enumerate() {
            if let Some(accused) = fault.exhibits.first() {
                let place = format!("{}:{}", accused.place.file.display(), accused.place.line);
                of_row.entry(place).or_default().push(index);
            }
        }
        let counts = judgment.counts().iter();
        let broken = counts.filter(|((_, severity), _)| *severity == Severity::Broken);
        let numbers = judgment.numbers().rev().take(most);
        Judged {
            of_row,
            count: broken.map(|(_, count)| count).sum(),
            ballots: numbers.map(|number| (number, verdicts(judgment, number))).collect(),
            sittings: judgment.sittings().map(|(from, who)| (from, who.clone())).collect(),
            faults,
        }
    }

    /// How many faults the auditor found.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// How many faults he found, in words; nothing if he found none.
    #[must_use]
    pub fn counted(&self) -> Option<String> {
        match self.count {
            0 => None,
            1 => Some("the audit finds 1 fault".into()),
            many => Some(format!("the audit finds {many} faults")),
        }
    }

    /// The faults, each once.
    #[must_use]
    pub fn faults(&self) -> &[Finding] {
        &self.faults
    }

    /// The faults of which this event is the accused deed. The reading of
    /// a letter that the row implies is not accused.
    pub fn against(&self, record: &Record) -> impl Iterator<Item = &Finding> {
        let at = is_deed(&record.event.happening).then(|| self.of_row.get(&record.place));
        at.flatten().into_iter().flatten().map(|&index| &self.faults[index])
    }

    /// Whether this event is an accused deed.
    #[must_use]
    pub fn accuses(&self, record: &Record) -> bool {
        self.against(record).next().is_some()
    }

    /// Whether the ballots known so far on one decree number keep B1, B2 and B3.
    #[must_use]
    pub fn verdict(&self, number: DecreeNumber, known: &[Ballot]) -> Verdict {
        let judged = self.ballots.get(&number).map_or(&[][..], Vec::as_slice);
        known.iter().fold(Verdict::KEPT, |verdict, ballot| {
            let of_it = judged.iter().filter(|(number, _)| *number == ballot.number);
            let of_it = of_it.map(|(_, verdict)| *verdict).reduce(Verdict::and);
            verdict.and(of_it.unwrap_or(Verdict::UNKNOWN))
        })
    }

    /// How much each voter on a decree weighs, where not all weigh 1.
    #[cfg(feature = "web")]
    pub(crate) fn weights(&self, number: DecreeNumber) -> Option<&BTreeMap<Name, u64>> {
        let sitting = self.sittings.range(..=number).next_back()?.1;
        sitting.values().any(|weight| *weight != 1).then_some(sitting)
    }

    /// How much these priests weigh in votes on a decree, as `2 of 3`; without a number, only
    /// where it is the same for every decree.
    #[must_use]
    pub fn weight(
        &self,
        number: Option<DecreeNumber>,
        who: impl IntoIterator<Item = Name>,
    ) -> Option<String> {
        let sitting = match number {
            Some(number) => self.sittings.range(..=number).next_back()?.1,
            None if self.sittings.len() == 1 => self.sittings.values().next()?,
            None => return None,
        };
        let who: std::collections::BTreeSet<Name> = who.into_iter().collect();
        let weight: u64 = who.iter().filter_map(|name| sitting.get(name)).sum();
        Some(format!("{weight} of {}", sitting.values().sum::<u64>()))
    }
}

fn verdicts(judgment: &Judgment, number: DecreeNumber) -> Vec<(BallotNumber, Verdict)> {
    let ballots = judgment.ballots(number).into_iter();
    ballots.map(|it| (it.number, Verdict { b1: Some(it.b1), b2: it.b2, b3: it.b3 })).collect()
}

/// Whether an event is what its row was written for: ink, a coming, or a letter sent to another.
fn is_deed(happening: &Happening) -> bool {
    match happening {
        Happening::Ink { .. } | Happening::Enter(_) => true,
        Happening::Send { from, to, .. } => from != to,
        _ => false,
    }
}

/// A fault in one sentence: its rule and section, why, and the rows it rests on beside its own.
#[must_use]
pub fn said(fault: &Finding) -> String {
    let mut said = fault.rule.to_string();
    if let Some(section) = fault.rule.section() {
        let _ = write!(said, " ({section})");
    }
    let _ = write!(said, ": {}", fault.why);
    let rows = fault.exhibits.iter().skip(1).take(ROWS_NAMED);
    let rows: Vec<String> = rows.map(|row| place(&row.place)).collect();
    if !rows.is_empty() {
        let _ = write!(said, "; see {}", rows.join(", "));
    }
    said + "."
}

/// The same, where its own row is not beside it.
#[must_use]
pub fn said_with_place(fault: &Finding) -> String {
    match fault.exhibits.first() {
        Some(row) => format!("{}: {}", place(&row.place), said(fault)),
        None => said(fault),
    }
}

/// `file:line`, of the file its name alone.
#[must_use]
pub fn place(place: &Place) -> String {
    let file = place.file.file_name().unwrap_or(place.file.as_os_str());
    format!("{}:{}", file.display(), place.line)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::picture::laid::judge;
    use crate::picture::record::from_trace;

    #[test]
    fn a_reading_and_own_words_are_not_the_accused_deed() {
        let trace = "seq,at,event,from,to,message,ballot,number,vote,decree,quorum,of,petition\n\
                     1,0.000,founded,,,,,0,,Gray Lynch Oki,,,\n\
                     2,0.000,enter,Oki,,,,,,,,,\n\
                     3,0.000,ink,Oki,,lastTried,2.Oki,,,,,,\n\
                     4,0.000,ink,Oki,,lastTried,1.Oki,,,,,,\n\
                     5,0.000,send,Oki,Oki,NextBallot,1.Oki,0,,,,,\n\
                     6,0.000,receive,Oki,Oki,NextBallot,1.Oki,0,,,,,\n";
        let mut records = from_trace(trace.as_bytes(), Path::new("run.csv")).unwrap();
        let judged = Judged::of(&judge(&records));
        assert_eq!(judged.count(), 1, "{:?}", judged.faults());
        let accused: Vec<bool> = records.iter().map(|it| judged.accuses(it)).collect();
        assert_eq!(accused, [false, false, false, true, false, false]);
        // A row of a ledger implies what its priest told himself and read, at its own place.
        let place = records[3].place.clone();
        records.iter_mut().skip(4).for_each(|record| record.place.clone_from(&place));
        assert!(!records[4..].iter().any(|it| judged.accuses(it)));
    }
}
