//! A trace as a check sees it.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::Path;

use super::missing::{Check, Missing};
use crate::chamber::papers::bytes_of;
use crate::trace::{Happening, TraceReader, TraceRow};
use crate::words::{BallotNumber, Entry, Founding, Name};

/// No trace of a lesson is as long as this.
const LONGEST: usize = 64 << 20;

/// All that happened, in order.
pub(crate) struct Events(Vec<TraceRow>);

impl Events {
    /// Reads a trace; `None` where there is none.
    pub fn of(path: &Path) -> Check<Option<Events>> {
        let bytes = match bytes_of(path, LONGEST) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Missing::broken(format!("{}: {error}", path.display()))),
        };
        let events = TraceReader::new(&*bytes, path).read_all().map_err(Missing::broken)?;
        Ok(Some(Events(events)))
    }

    /// The priests who sit, by its first row.
    pub fn names(&self) -> Vec<Name> {
        let founding = self.0.iter().find_map(|event| match &event.happening {
            Happening::Founded(founding) => Some(founding),
            _ => None,
        });
        founding.map(|it| it.membership.names().collect()).unwrap_or_default()
    }

    /// The rows that those who sat inked. A row inked before its owner came in is of an earlier
    /// sitting.
    fn inked_inside(&self) -> impl Iterator<Item = &Entry> {
        let mut inside = BTreeSet::new();
        self.0.iter().filter_map(move |event| match &event.happening {
            Happening::Enter(name) => {
                inside.insert(*name);
                None
            }
            Happening::Leave(name) => {
                inside.remove(name);
                None
            }
            Happening::Ink { priest, entry } => inside.contains(priest).then_some(entry),
            _ => None,
        })
    }

    /// The ballots that were tried by those who sat.
    pub fn tried(&self) -> Vec<BallotNumber> {
        let tried = self.inked_inside().filter_map(|entry| match entry {
            Entry::LastTried { ballot } => Some(*ballot),
            _ => None,
        });
        tried.collect()
    }

    /// The ballots that those who sat tried before any of them inked a decree as passed, in order.
    pub fn tried_before_outcome(&self) -> Vec<BallotNumber> {
        let is_outcome = |entry: &&Entry| matches!(entry, Entry::Outcome { number, .. } if *number != Founding::NUMBER);
        let before = self.inked_inside().take_while(|entry| !is_outcome(entry));
        let tried = before.filter_map(|entry| match entry {
            Entry::LastTried { ballot } => Some(*ballot),
            _ => None,
        });
        tried.collect()
    }

    /// The ballots that were begun by those who sat, in the order in which they were.
    pub fn begun(&self) -> Vec<BallotNumber> {
        let begun = self.inked_inside().filter_map(|entry| match entry {
            Entry::BeginBallot { ballot, .. } => Some(*ballot),
            _ => None,
        });
        begun.collect()
    }

    /// How many letters were lost.
    pub fn lost(&self) -> usize {
        let is_lost = |event: &&TraceRow| matches!(event.happening, Happening::Lose { .. });
        self.0.iter().filter(is_lost).count()
    }

    /// Whether anybody came back after he had left: then he was called out.
    pub fn anybody_came_back(&self) -> bool {
        let mut left = Vec::new();
        self.0.iter().any(|event| match event.happening {
            Happening::Leave(name) => {
                left.push(name);
                false
            }
            Happening::Enter(name) => left.contains(&name),
            _ => false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Restored rows stand in a trace in the order of priests.
    #[test]
    fn ballots_of_an_earlier_sitting_are_not_begun_in_this_one() {
        let ink = |seq, who, ballot| {
            format!("{seq},1.000,ink,{who},,beginBallot,{ballot},1,,α,Gray Oki,,\n")
        };
        let text = format!(
            "seq,at,event,from,to,message,ballot,number,vote,decree,quorum,of,petition\n\
             1,0.000,founded,,,,,0,,Gray Oki,,,\n{}{}4,1.000,enter,Gray,,,,,,,,,\n\
             5,1.000,enter,Oki,,,,,,,,,\n{}{}",
            ink(2, "Gray", "3.Gray"),
            ink(3, "Oki", "2.Oki"),
            ink(6, "Gray", "4.Gray"),
            ink(7, "Oki", "4.Oki"),
        );
        let rows = TraceReader::new(text.as_bytes(), Path::new("later.csv")).read_all().unwrap();
        let begun: Vec<String> = Events(rows).begun().iter().map(ToString::to_string).collect();
        assert_eq!(begun, ["4.Gray", "4.Oki"]);
    }

    #[test]
    fn a_decree_of_an_earlier_sitting_ends_no_duel_of_this_one() {
        let text = "seq,at,event,from,to,message,ballot,number,vote,decree,quorum,of,petition\n\
                    1,0.000,founded,,,,,0,,Gray Oki,,,\n\
                    2,1.000,ink,Oki,,outcome,3.Oki,1,,α,,,\n\
                    3,1.000,enter,Oki,,,,,,,,,\n\
                    4,1.000,ink,Oki,,lastTried,4.Oki,,,,,,\n\
                    5,2.000,ink,Oki,,outcome,4.Oki,2,,β,,,\n\
                    6,3.000,ink,Oki,,lastTried,5.Oki,,,,,,\n";
        let rows = TraceReader::new(text.as_bytes(), Path::new("later.csv")).read_all().unwrap();
        let tried = Events(rows).tried_before_outcome();
        assert_eq!(tried.iter().map(ToString::to_string).collect::<Vec<_>>(), ["4.Oki"]);
    }
}
