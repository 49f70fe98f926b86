//! The events of a passage, laid before the auditor: he judges them as `parliament audit` would judge
//! the records.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use crate::audit::{Auditor, Finding, Severity};
use crate::records::record::{LedgerRow, MessageRow, Place, Seal};
use crate::simulator::Records;
use crate::trace::Happening;
use crate::words::{Entry, Founding, Minutes, Name};

/// All that happened in a passage or in a sitting.
#[derive(Clone, Debug)]
pub struct Ran {
    /// The founding.
    pub founding: Arc<Founding>,
    /// The rows that stood in the ledgers before.
    pub given: Vec<(Name, Entry)>,
    /// The events, each with its hour.
    pub events: Vec<(Minutes, Happening)>,
    /// The records, where they are more than the events tell: ink may have been lost.
    pub records: Option<Records>,
}

impl Ran {
    /// The first broken rule that the auditor finds.
    pub(super) fn fault(&self) -> Option<Finding> {
        self.faults().into_iter().next()
    }

    /// The broken rules that the auditor finds.
    pub(super) fn faults(&self) -> Vec<Finding> {
        let mut auditor = Auditor::new();
        auditor.seals_are_not_told();
        let file = |of: &str, name: Name| Arc::new(PathBuf::from(format!("{of}/{name}.csv")));
        for name in self.founding.membership.names() {
            let file = file("ledgers", name);
            let Ok(decree) = self.founding.decree() else { return Vec::new() };
            let founded = Entry::Outcome { number: Founding::NUMBER, decree, ballot: None };
            let inked = self.events.iter().filter_map(|(_, it)| match it {
                Happening::Ink { priest, entry } => Some((priest, entry)),
                _ => None,
            });
            let given = self.given.iter().map(|(name, entry)| (name, entry));
            let his = given.chain(inked).filter(|(of, _)| **of == name).map(|(_, it)| it.clone());
            auditor.ledger(name);
            for (entry, line) in std::iter::once(founded).chain(his).zip(2..) {
                let place = Place { file: Arc::clone(&file), line, column: 1 };
                let row = LedgerRow { place, entry, at: None, dry: None, seal: Seal::Sound };
                auditor.ledger_row(name, &row);
            }
        }
        let mut hearing = auditor.hear_letters();
        let mut lines = 2..;
        for (_, happening) in &self.events {
            let Happening::Send { from, to, message } = happening else { continue };
            if let (true, Some(line)) = (from != to, lines.next()) {
                let place = Place { file: file("messagebooks", *to), line, column: 1 };
                let (from, to, message) = (*from, *to, message.clone());
                hearing.message_row(&MessageRow { place, from, to, message, at: None });
            }
        }
        let judgment = hearing.judge();
        let broken = judgment.findings().iter().filter(|it| it.severity == Severity::Broken);
        broken.cloned().collect()
    }
}

/// The rows on which a finding rests, each with its file. An order of letters is not settled before a
/// chamber is kept, so no line is said.
pub(super) fn rows(finding: &Finding) -> Vec<String> {
    let mut told = BTreeSet::new();
    let rows = finding.exhibits.iter().map(|it| format!("{}  {}", it.place.file.display(), it.row));
    rows.filter(|row| told.insert(row.clone())).collect()
}
