//! A trace laid before the auditor: what was inked as ledgers, what was sent as messagebooks.
//!
//! A trace holds the ledgers of those who came in, or whose rows it tells; the others' may be in
//! another process, and are no fault.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::record::{Read, Record};
use crate::audit::{Auditor, Judgment};
use crate::records::record::{LedgerRow, MessageRow, Place, Seal};
use crate::trace::Happening;
use crate::words::{Decree, Entry, Founding, Minutes, Name};

/// Judges the records of a trace.
#[must_use]
pub fn judge(records: &[Record]) -> Judgment {
    let judged = judge_run(&mut |tell| {
        records.iter().for_each(tell);
        Ok::<(), std::convert::Infallible>(())
    });
    match judged {
        Ok((judgment, _)) => judgment,
        Err(never) => match never {},
    }
}

/// Judges a run that is read twice: once for what was inked, and once for what was sent. Returns
/// the number of its last step too.
///
/// # Errors
/// As the reading of the run.
pub fn judge_run<E>(read: &mut Read<'_, E>) -> Result<(Judgment, u64), E> {
    let mut laying = Laying::default();
    laying.auditor.other_ledgers_are_elsewhere();
    laying.auditor.seals_are_not_told();
    let mut last = 0;
    read(&mut |record| {
        last = record.event.seq;
        laying.lay(record);
    })?;
    let mut hearing = laying.auditor.hear_letters();
    read(&mut |record| {
        let Happening::Send { from, to, message } = &record.event.happening else { return };
        if from != to {
            let (from, to, message) = (*from, *to, message.clone());
            let (place, at) = (laying.places.of(record), Some(dated(record.event.at)));
            hearing.message_row(&MessageRow { place, from, to, message, at });
        }
    })?;
    Ok((hearing.judge(), last))
}

#[derive(Default)]
struct Laying {
    auditor: Auditor,
    founding: Option<(Place, Decree)>,
    has_ledger: BTreeSet<Name>,
    inside: BTreeSet<Name>,
    places: Places,
}

impl Laying {
    fn lay(&mut self, record: &Record) {
        match &record.event.happening {
            Happening::Founded(founding) => {
                let decree = founding.decree().ok();
                let place = self.places.of(record);
                self.founding = self.founding.take().or(decree.map(|decree| (place, decree)));
            }
            Happening::Enter(name) => {
                self.open_ledger(*name);
                self.inside.insert(*name);
            }
            Happening::Leave(name) => {
                self.inside.remove(name);
            }
            Happening::Ink { priest, entry } => {
                self.open_ledger(*priest);
                // Rows inked before he came in may have been written by hand, at any hour.
                let is_inside = self.inside.contains(priest);
                let seal = if is_inside { Seal::Sound } else { Seal::ByHand };
                let at = is_inside.then(|| dated(record.event.at));
                let (place, entry) = (self.places.of(record), entry.clone());
                let row = LedgerRow { place, entry, at, dry: None, seal };
                self.auditor.ledger_row(*priest, &row);
            }
            _ => {}
        }
    }

    /// A ledger begins with decree 0, which God inked.
    fn open_ledger(&mut self, name: Name) {
        if !self.has_ledger.insert(name) {
            return;
        }
        self.auditor.ledger(name);
        if let Some((place, decree)) = self.founding.clone() {
            let entry = Entry::Outcome { number: Founding::NUMBER, decree, ballot: None };
            let row = LedgerRow { place, entry, at: None, dry: None, seal: Seal::Sound };
            self.auditor.ledger_row(name, &row);
        }
    }
}

/// The places of records, each file's name kept once.
#[derive(Default)]
struct Places {
    file: Arc<PathBuf>,
}

impl Places {
    fn of(&mut self, record: &Record) -> Place {
        let (file, line) = record.place.rsplit_once(':').unwrap_or((&record.place, ""));
        if self.file.as_os_str() != file {
            self.file = Arc::new(file.into());
        }
        Place { file: Arc::clone(&self.file), line: line.parse().unwrap_or(0), column: 1 }
    }
}

/// An hour of the trace as a time; a Paxon minute is taken for a minute.
fn dated(at: Minutes) -> DateTime<Utc> {
    let since = i64::try_from(at.in_thousandths()).unwrap_or(i64::MAX / 60).saturating_mul(60);
    let since = TimeDelta::try_milliseconds(since).unwrap_or_default();
    DateTime::UNIX_EPOCH.checked_add_signed(since).unwrap_or(DateTime::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::audit::{Rule, Severity};
    use crate::picture::record::from_trace;

    const HEADER: &str =
        "seq,at,event,from,to,message,ballot,number,vote,decree,quorum,of,petition\n";

    /// The rules that the records of a trace break, or of which they say something.
    fn found(severity: Severity, rows: &[&str]) -> Vec<Rule> {
        let numbered = rows.iter().enumerate().map(|(i, row)| format!("{},0.000,{row}\n", i + 1));
        let trace = format!("{HEADER}{}", numbered.collect::<String>());
        let judgment = judge(&from_trace(trace.as_bytes(), Path::new("run.csv")).unwrap());
        let findings = judgment.findings().iter();
        findings.filter(|it| it.severity == severity).map(|it| it.rule).collect()
    }

    const FOUNDED: &str = "founded,,,,,0,,Gray Lynch Oki,,,";
    const ENTERS: &str = "enter,Oki,,,,,,,,,";
    const TRIES: &str = "ink,Oki,,lastTried,1.Oki,,,,,,";

    #[test]
    fn words_to_himself_lie_in_no_messagebook() {
        let begins = |to: &str| {
            let begins = format!("send,Oki,{to},BeginBallot,1.Oki,1,,Goats,,,");
            found(Severity::Broken, &[FOUNDED, ENTERS, &begins])
        };
        assert_eq!(begins("Gray"), [Rule::BeginBallotBegun], "he has not tried 1.Oki");
        assert_eq!(begins("Oki"), []);
    }

    #[test]
    fn a_row_from_before_he_came_in_may_be_by_hand() {
        let vote = "ink,Oki,,prevVote,1.Oki,1,,Goats,,,";
        let is_accused =
            |rows: &[&str]| found(Severity::Broken, rows).contains(&Rule::VoteWithPromise);
        assert!(!is_accused(&[FOUNDED, vote, ENTERS]));
        assert!(is_accused(&[FOUNDED, ENTERS, vote]));
        // But it is not said: a trace has no seals, so nobody knows.
        assert_eq!(found(Severity::Said, &[FOUNDED, TRIES, ENTERS]), []);
    }
}
