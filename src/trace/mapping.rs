//! How the log of another Paxos is read: which of its fields fills which column of a trace.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::COLUMNS;
use crate::words::Founding;

/// How a log is read, as a file says it, a line each:
///
/// ```text
/// members P1 P2 P3
/// from    P{node}
/// ballot  {n}.P{by}
/// mean    message prepare = NextBallot
/// ledgers from letters
/// ```
#[derive(Clone, Debug)]
pub struct Mapping {
    /// The legislators.
    pub(super) founding: Founding,
    /// By column, how it is filled: text, with fields of the log in braces.
    pub(super) columns: BTreeMap<&'static str, String>,
    /// The meanings of words of the log, by column.
    pub(super) means: BTreeMap<(&'static str, String), String>,
    /// Whether the log tells of letters alone, so that ledgers follow from them.
    pub(super) ledgers_from_letters: bool,
}

/// A fault in a mapping.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("line {line} of the mapping: {what}")]
pub struct BadMapping {
    /// The line.
    pub line: usize,
    /// The fault and its repair.
    pub what: String,
}

impl Mapping {
    /// Reads a mapping.
    ///
    /// # Errors
    /// The first line that says nothing, and the repair.
    pub fn read(text: &str) -> Result<Mapping, BadMapping> {
        let (mut founding, mut columns, mut means) = (None, BTreeMap::new(), BTreeMap::new());
        let mut ledgers_from_letters = false;
        for (line, said) in (1..).zip(text.lines()) {
            let bad = |what: String| BadMapping { line, what };
            let said = said.split(" #").next().unwrap_or_default().trim();
            if said.is_empty() || said.starts_with('#') {
                continue;
            }
            let (head, rest) = said.split_once(char::is_whitespace).unwrap_or((said, ""));
            let rest = rest.trim();
            match head {
                "members" => {
                    let read = rest.parse::<Founding>().map_err(|error| bad(error.to_string()))?;
                    founding = Some(read);
                }
                "ledgers" if rest == "from letters" => ledgers_from_letters = true,
                "mean" => {
                    let (column, word, meaning) = mean(rest).ok_or_else(|| {
                        bad("write it like `mean message prepare = NextBallot`".into())
                    })?;
                    means.insert((column, word), meaning);
                }
                column => {
                    let known = COLUMNS.iter().find(|known| **known == column);
                    let known = known.filter(|known| **known != "seq").ok_or_else(|| {
                        let all = COLUMNS[1..].join(", ");
                        bad(format!(
                            "{column:?} is no column; write members, mean, ledgers, or one of {all}"
                        ))
                    })?;
                    columns.insert(*known, rest.to_owned());
                }
            }
        }
        let whole = |what: &str| BadMapping { line: text.lines().count(), what: what.into() };
        let founding = founding.ok_or_else(|| {
            whole("it does not say who sits; write `members P1 P2 P3`, each with `:2` if he weighs more")
        })?;
        for column in ["from", "message"] {
            if !columns.contains_key(column) {
                return Err(whole(&format!("it does not say what fills `{column}`")));
            }
        }
        Ok(Mapping { founding, columns, means, ledgers_from_letters })
    }

    /// The words of this column that mean something, for an error.
    pub(super) fn known(&self, column: &str) -> String {
        let mut told = String::new();
        for ((of, word), meaning) in &self.means {
            if *of == column {
                let _ =
                    write!(told, "{}{word} = {meaning}", if told.is_empty() { "" } else { ", " });
            }
        }
        told
    }
}

/// `message prepare = NextBallot`: the column, the word, the meaning.
fn mean(rest: &str) -> Option<(&'static str, String, String)> {
    let (column, rest) = rest.split_once(char::is_whitespace)?;
    let column = COLUMNS.iter().find(|known| **known == column)?;
    let (word, meaning) = rest.split_once('=')?;
    Some((column, word.trim().into(), meaning.trim().into()))
}
