//! The log of another Paxos, told as a trace: a CSV file with a header, or a JSON object a line.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use super::Happening;
use super::cells::Cells;
use super::error::RowRule;
use super::ledgers::{Told, from_letters};
use super::mapping::Mapping;
use crate::words::ballot::SYNODS_DECREE;
use crate::words::message::Kind;
use crate::words::{Decree, Name};

/// A row of a log of which no sense is made.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("line {line} of the log: {what}\n  | {row}\n  = {repair}")]
pub struct BadLog {
    /// The line.
    pub line: u64,
    /// The row.
    pub row: String,
    /// The fault.
    pub what: String,
    /// The repair.
    pub repair: String,
}

/// Reads a log by a mapping.
///
/// # Errors
/// The first row of which no sense is made.
pub fn read(log: &str, mapping: &Mapping) -> Result<Vec<Told>, BadLog> {
    let founded = Happening::Founded(mapping.founding.clone());
    let mut told = vec![Told { line: 1, row: String::new(), happening: founded }];
    for name in mapping.founding.membership.names() {
        told.push(Told { line: 1, row: String::new(), happening: Happening::Enter(name) });
    }
    for (line, row, fields) in rows(log)? {
        let bad = |what: String, repair: String| BadLog { line, row: row.clone(), what, repair };
        let read = Row { mapping, fields: &fields }.read();
        for happening in read.map_err(|(what, repair)| bad(what, repair))? {
            told.push(Told { line, row: row.clone(), happening });
        }
    }
    Ok(if mapping.ledgers_from_letters { from_letters(told) } else { told })
}

/// The rows of a log: line, text, and the value of each field.
type Rows = Vec<(u64, String, BTreeMap<String, String>)>;

fn rows(log: &str) -> Result<Rows, BadLog> {
    let first = log.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    if first.trim_start().starts_with('{') { json_rows(log) } else { csv_rows(log) }
}

fn json_rows(log: &str) -> Result<Rows, BadLog> {
    let mut rows = Vec::new();
    for (line, row) in (1..).zip(log.lines()).filter(|(_, row)| !row.trim().is_empty()) {
        let value: Value = serde_json::from_str(row).map_err(|error| BadLog {
            line,
            row: row.into(),
            what: format!("this is no JSON object: {error}"),
            repair: "write one JSON object a line".into(),
        })?;
        let mut fields = BTreeMap::new();
        flatten("", &value, &mut fields);
        rows.push((line, row.to_owned(), fields));
    }
    Ok(rows)
}

/// Every value within a value, by its way: `proposal.0`.
fn flatten(way: &str, value: &Value, fields: &mut BTreeMap<String, String>) {
    let within =
        |name: &str| if way.is_empty() { name.to_owned() } else { format!("{way}.{name}") };
    match value {
        Value::Null => {}
        Value::Object(all) => {
            all.iter().for_each(|(name, value)| flatten(&within(name), value, fields));
        }
        Value::Array(all) => {
            for (at, value) in all.iter().enumerate() {
                flatten(&within(&at.to_string()), value, fields);
            }
        }
        Value::String(text) => {
            fields.insert(way.into(), text.clone());
        }
        other => {
            fields.insert(way.into(), other.to_string());
        }
    }
}

fn csv_rows(log: &str) -> Result<Rows, BadLog> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(log.as_bytes());
    let bad = |line: u64, error: csv::Error| BadLog {
        line,
        row: String::new(),
        what: error.to_string(),
        repair: "write CSV with a header, or a JSON object a line".into(),
    };
    let header = reader.headers().map_err(|error| bad(1, error))?.clone();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| bad(rows.len() as u64 + 2, error))?;
        let line = record.position().map_or(0, csv::Position::line);
        let pairs = header.iter().zip(record.iter());
        let fields = pairs.filter(|(_, value)| !value.is_empty());
        let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        rows.push((line, record.iter().collect::<Vec<_>>().join(","), fields));
    }
    Ok(rows)
}

/// One row of a log, and how it is read.
struct Row<'a> {
    mapping: &'a Mapping,
    fields: &'a BTreeMap<String, String>,
}

/// A fault and its repair.
type Wrong = (String, String);

impl Row<'_> {
    /// The text of a column; empty if a field of it is not in this row.
    fn cell(&self, column: &'static str) -> String {
        let Some(template) = self.mapping.columns.get(column) else { return String::new() };
        let (mut said, mut rest) = (String::new(), template.as_str());
        while let Some((before, after)) = rest.split_once('{') {
            let Some((field, after)) = after.split_once('}') else { break };
            said += before;
            match self.fields.get(field) {
                Some(value) => said += value,
                None => return String::new(),
            }
            rest = after;
        }
        said += rest;
        let means = self.mapping.means.get(&(column, said.clone()));
        means.cloned().unwrap_or(said)
    }

    fn parsed<T: std::str::FromStr<Err: ToString>>(
        &self,
        column: &'static str,
    ) -> Result<Option<T>, Wrong> {
        let text = self.cell(column);
        if text.is_empty() {
            return Ok(None);
        }
        text.parse().map(Some).map_err(|error: T::Err| {
            let template = self.mapping.columns.get(column).cloned().unwrap_or_default();
            let repair = format!("the mapping fills `{column}` by `{template}`");
            (format!("`{column}`: {}", error.to_string()), repair)
        })
    }

    /// The events of this row: a letter to everybody is a letter to each.
    fn read(&self) -> Result<Vec<Happening>, Wrong> {
        let (event, message) = (self.cell("event"), self.cell("message"));
        if event == "skip" || message == "skip" {
            return Ok(Vec::new());
        }
        let event = if event.is_empty() { "send" } else { &*event };
        let members = &self.mapping.founding.membership;
        let names: Vec<Name> = members.names().collect();
        let decree = self.cell("decree");
        let decree = if decree.is_empty() { None } else { Some(Decree::new(&decree)) };
        let decree = decree.transpose().map_err(|error| {
            (format!("`decree`: {error}"), "the mapping fills `decree`".to_owned())
        })?;
        let quorum = self.cell("quorum");
        let quorum: BTreeSet<Name> =
            quorum.split_whitespace().filter_map(|it| it.parse().ok()).collect();
        let kind = Kind::ALL.into_iter().find(|kind| kind.as_str() == message);
        let is_letter = kind.is_some();
        if !is_letter && ["send", "receive", "ignore", "lose", "repeat"].contains(&event) {
            return Err(self.wrong(&RowRule::NoSuchMessage(message.clone()), &message));
        }
        let ballot = self.parsed("ballot")?;
        let vote = self.parsed("vote")?;
        let number = self.parsed("number")?;
        let plain = match kind {
            Some(Kind::NextBallot | Kind::Presence) => Some(0),
            Some(Kind::LastVote) if vote.is_none() => None,
            Some(Kind::Refused | Kind::Failed) => None,
            None if ["lastTried", "nextBal", "entered", ""].contains(&&*message) => None,
            _ => Some(SYNODS_DECREE),
        };
        let carries = !matches!(kind, Some(Kind::NextBallot | Kind::Voted | Kind::Refused))
            && (kind != Some(Kind::LastVote) || vote.is_some());
        let cells = Cells {
            from: self.parsed("from")?,
            to: self.parsed("to")?,
            message: Some(message.clone()).filter(|it| !it.is_empty()),
            ballot,
            number: number.or(plain).filter(|_| plain.is_some()),
            vote: vote.filter(|_| matches!(kind, Some(Kind::LastVote | Kind::Refused))),
            decree: decree.filter(|_| carries),
            quorum: (!quorum.is_empty()).then(|| Arc::new(quorum)),
            of: (kind == Some(Kind::LastVote)).then(|| vote.is_some().into()),
        };
        let to: Vec<Option<Name>> = match (cells.to, kind) {
            (None, Some(Kind::LastVote | Kind::Voted | Kind::Refused)) => {
                vec![ballot.map(|ballot| ballot.owner)]
            }
            (None, Some(_)) => names.iter().copied().map(Some).collect(),
            (to, _) => vec![to.filter(|_| is_letter)],
        };
        let each = to.into_iter().map(|to| Cells { to, ..cells.clone() }.happening(event));
        let happened: Result<Vec<_>, RowRule> = each.collect();
        let happened = happened.map_err(|rule| self.wrong(&rule, &message))?;
        self.sits(cells.from)?;
        Ok(happened)
    }

    fn sits(&self, name: Option<Name>) -> Result<(), Wrong> {
        let members = &self.mapping.founding.membership;
        match name.filter(|&name| !members.has(name)) {
            None => Ok(()),
            Some(name) => Err((
                format!("{name} does not sit"),
                "name everybody in `members`, as the mapping writes names".into(),
            )),
        }
    }

    fn wrong(&self, rule: &RowRule, message: &str) -> Wrong {
        let repair = match rule {
            RowRule::NoSuchMessage(_) | RowRule::NoSuchEntry(_) => format!(
                "say what it means: `mean message {message} = NextBallot`, or `= skip`; so far {}",
                self.mapping.known("message")
            ),
            RowRule::NoSuchEvent(event) => format!(
                "say what it means: `mean event {event} = send`, or receive, lose, ink, leave, enter, skip"
            ),
            RowRule::Empty(column) => format!("the mapping does not fill `{column}` here"),
            other => other.repair(),
        };
        (rule.to_string(), repair)
    }
}
