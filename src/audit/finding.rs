//! Findings of the auditor: each has a rule, its rows, and one sentence that says why.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::{Serialize, Serializer};

use super::rule::{Rule, Severity};
use crate::records::filled::Filled;
use crate::records::message_row::code;
use crate::records::record::{LedgerRow, MessageRow, Place};
use crate::words::{BallotNumber, BookRow, Decree, Entry, Message};

/// A row that a finding rests on. Ours.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Exhibit {
    /// The place of the row.
    #[serde(serialize_with = "place_as_text")]
    pub place: Place,
    /// The first columns of the row, without time and seal.
    pub row: String,
}

/// A broken rule, or a remark about the records.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Finding {
    /// The rule.
    pub rule: Rule,
    /// The severity.
    pub severity: Severity,
    /// The rows on which it rests, the offending one first.
    pub exhibits: Vec<Exhibit>,
    /// The reason, in one sentence with the real values.
    pub why: String,
}

fn place_as_text<S: Serializer>(place: &Place, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{}:{}", place.file.display(), place.line))
}

/// The most findings of one rule that are kept; the rest are only counted.
pub const KEPT_OF_A_RULE: usize = 1000;

/// Collects findings, at most [`KEPT_OF_A_RULE`] of each rule.
#[derive(Default, Debug)]
pub(crate) struct Findings {
    kept: BTreeMap<(Rule, Severity), Vec<Finding>>,
    counts: BTreeMap<(Rule, Severity), u64>,
}

impl Findings {
    pub fn add(
        &mut self,
        rule: Rule,
        severity: Severity,
        exhibits: Vec<Exhibit>,
        why: impl Into<String>,
    ) {
        *self.counts.entry((rule, severity)).or_default() += 1;
        let kept = self.kept.entry((rule, severity)).or_default();
        if kept.len() < KEPT_OF_A_RULE {
            kept.push(Finding { rule, severity, exhibits, why: why.into() });
        }
    }

    pub fn broken(&mut self, rule: Rule, exhibits: Vec<Exhibit>, why: impl Into<String>) {
        self.add(rule, Severity::Broken, exhibits, why);
    }

    /// Adds those of another, which came in later.
    pub fn join(&mut self, later: Findings) {
        for (key, count) in later.counts {
            *self.counts.entry(key).or_default() += count;
        }
        for (key, found) in later.kept {
            let kept = self.kept.entry(key).or_default();
            let room = KEPT_OF_A_RULE.saturating_sub(kept.len());
            kept.extend(found.into_iter().take(room));
        }
    }

    /// The findings, the worst first, and the number of each kind.
    pub fn into_parts(self) -> (Vec<Finding>, BTreeMap<(Rule, Severity), u64>) {
        let mut all: Vec<Finding> = self.kept.into_values().flatten().collect();
        all.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        (all, self.counts)
    }
}

impl Exhibit {
    pub(crate) fn of_ledger(row: &LedgerRow) -> Exhibit {
        Exhibit { place: row.place.clone(), row: entry_text(&row.entry) }
    }

    pub(super) fn of_letter(row: &MessageRow) -> Exhibit {
        let mut text = format!("{},{}", row.from, code(row.message.kind()));
        let Filled { ballot, decree, number, vote, of, .. } = Filled::by_message(&row.message);
        cell(&mut text, ballot);
        match &row.message {
            Message::LawBook { row, .. } => cell(&mut text, Some(row.in_a_line())),
            _ => cell(&mut text, decree.map(Decree::text)),
        }
        cell(&mut text, Some(row.message.kind()));
        cell(&mut text, number);
        cell(&mut text, vote);
        cell(&mut text, of);
        Exhibit { place: row.place.clone(), row: text.trim_end_matches(',').into() }
    }
}

/// The first columns of a ledger's row, as in the ledger.
pub(super) fn entry_text(entry: &Entry) -> String {
    let mut text = entry.kind().to_owned();
    match entry {
        Entry::Outcome { number, decree, ballot } => {
            numbered(&mut text, *number, *ballot, decree.text());
            petition(&mut text, decree);
        }
        Entry::PrevVote { number, ballot, decree } => {
            numbered(&mut text, *number, Some(*ballot), decree.text());
            petition(&mut text, decree);
        }
        Entry::BeginBallot { number, ballot, decree, quorum } => {
            numbered(&mut text, *number, Some(*ballot), decree.text());
            let names: Vec<&str> = quorum.iter().map(|name| name.as_str()).collect();
            cell(&mut text, Some(names.join(" ")));
            if let Some(id) = decree.petition() {
                cell(&mut text, Some(id));
            }
        }
        Entry::LastTried { ballot } | Entry::NextBal { ballot } => {
            let _ = write!(text, ",,{ballot}");
        }
        Entry::Entered => {}
        Entry::Book(row) => book_row(&mut text, row),
    }
    text
}

fn book_row(text: &mut String, row: &BookRow) {
    cell(text, row.heading.has_number().then_some(row.number));
    if !row.words.is_empty() || !row.petition.is_empty() {
        cell(text, None::<&str>);
        cell(text, Some(&row.words).filter(|words| !words.is_empty()));
    }
    if !row.petition.is_empty() {
        cell(text, None::<&str>);
        cell(text, Some(&row.petition));
    }
}

/// Writes `,number,ballot,decree`.
pub(super) fn numbered(text: &mut String, number: u64, ballot: Option<BallotNumber>, decree: &str) {
    cell(text, Some(number));
    cell(text, ballot);
    cell(text, Some(decree));
}

fn petition(text: &mut String, decree: &Decree) {
    if let Some(id) = decree.petition() {
        text.push(',');
        cell(text, Some(id));
    }
}

/// Writes a comma and a field, in quotes if CSV needs them.
pub(super) fn cell(text: &mut String, value: Option<impl std::fmt::Display>) {
    text.push(',');
    let Some(value) = value else { return };
    let value = value.to_string();
    if value.contains([',', '"']) {
        let _ = write!(text, "\"{}\"", value.replace('"', "\"\""));
    } else {
        text.push_str(&value);
    }
}
