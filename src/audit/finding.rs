//! What the auditor found: a rule, the rows concerned, and one sentence of why.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::{Serialize, Serializer};

use super::rule::{Rule, Severity};
use crate::chamber::record::{LedgerRow, MessageRow, Place};
use crate::synod::{BallotNumber, BookRow, Decree, Entry, Message};

/// A row that a finding rests on. Ours.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Exhibit {
    /// Where it stands.
    #[serde(serialize_with = "place_as_text")]
    pub place: Place,
    /// What it says: its first columns, without time and seal.
    pub row: String,
}

/// Something worth saying about the records.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Finding {
    /// The rule it is about.
    pub rule: Rule,
    /// How bad it is.
    pub severity: Severity,
    /// The rows it rests on, the offending one first.
    pub exhibits: Vec<Exhibit>,
    /// Why, in one sentence with the real values.
    pub why: String,
}

fn place_as_text<S: Serializer>(place: &Place, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{}:{}", place.file.display(), place.line))
}

/// How many findings of one rule are kept; the rest are counted.
pub const KEPT_OF_A_RULE: usize = 1000;

/// Findings as they come in, so many of each rule.
#[derive(Default, Debug)]
pub(super) struct Findings {
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

    /// The worst first, and how many of each there were.
    pub fn into_parts(self) -> (Vec<Finding>, BTreeMap<(Rule, Severity), u64>) {
        let mut all: Vec<Finding> = self.kept.into_values().flatten().collect();
        all.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        (all, self.counts)
    }
}

impl Exhibit {
    pub(super) fn of_ledger(row: &LedgerRow) -> Exhibit {
        Exhibit { place: row.place.clone(), row: entry_text(&row.entry) }
    }

    pub(super) fn of_letter(row: &MessageRow) -> Exhibit {
        let mut text = format!("{},{}", row.from, message_code(&row.message));
        let ballot =
            row.message.ballot().filter(|_| !matches!(row.message, Message::Presence { .. }));
        cell(&mut text, ballot);
        message_cells(&mut text, &row.message);
        Exhibit { place: row.place.clone(), row: text.trim_end_matches(',').into() }
    }
}

/// The first columns of a ledger's row, as the ledger writes them.
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

/// `,number,ballot,decree`.
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

/// A comma and a field, quoted where CSV asks for it.
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

fn message_code(message: &Message) -> u8 {
    match message {
        Message::NextBallot { .. } | Message::LastVote { .. } => 1,
        Message::BeginBallot { .. } | Message::Voted { .. } => 2,
        Message::Success { .. } | Message::Refused { .. } => 3,
        Message::Failed { .. } => 4,
        Message::Presence { .. } => 5,
        Message::Petition { .. } => 6,
        Message::Inquiry { .. } => 7,
        Message::LawBook { .. } => 8,
    }
}

/// `,decree,message,number,vote,of`.
fn message_cells(text: &mut String, message: &Message) {
    let (mut decree, mut number, mut vote, mut of) = (None, None, None, None);
    match message {
        Message::NextBallot { complete_through: n, .. } => number = Some(*n),
        Message::LastVote { vote: last, of: many, .. } => {
            if let Some((n, last)) = last {
                (decree, number) = (Some(last.decree.text()), Some(*n));
                vote = Some(last.ballot);
            }
            of = Some(*many);
        }
        Message::BeginBallot { number: n, decree: d, .. }
        | Message::Success { number: n, decree: d, .. } => {
            (decree, number) = (Some(d.text()), Some(*n));
        }
        Message::Voted { number: n, .. } => number = Some(*n),
        Message::Refused { next_bal, .. } => vote = Some(*next_bal),
        Message::Presence { complete_through, presides, .. } => {
            (number, vote) = (Some(*complete_through), *presides);
        }
        Message::Petition { decree: d } => decree = Some(d.text()),
        Message::Inquiry { above, through } => (number, of) = (Some(*above), *through),
        Message::Failed { .. } => {}
        Message::LawBook { through, row, of: many } => {
            cell(text, Some(row.in_a_line()));
            for value in [Some(message.kind().to_string()), Some(through.to_string()), None] {
                cell(text, value);
            }
            return cell(text, Some(many));
        }
    }
    cell(text, decree);
    cell(text, Some(message.kind()));
    cell(text, number);
    cell(text, vote);
    cell(text, of);
}
