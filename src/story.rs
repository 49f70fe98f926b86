//! The story of a run, one line per action, each with its section; or the same events as JSON.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::god::news::{News, Tiding};
use crate::records::in_words;

/// Tells a piece of news in one line, if it is worth one.
///
/// `   0.412  Gray promises 1.Oki: 1.Oki > nextBal −∞; prevVote null  PTP §2.3 (2)`
#[must_use]
pub fn line(news: &News) -> Option<String> {
    let of = news.of;
    let told = match &news.what {
        Tiding::Entered => format!("{of} enters the Chamber"),
        Tiding::Left { why: None } => format!("{of} leaves the Chamber; his slip of paper is lost"),
        Tiding::Left { why: Some(why) } => format!("{of} leaves the Chamber: {why}"),
        Tiding::Noticed(what) => format!("{of}: {what}"),
        Tiding::Acted(act) => match act.section() {
            Some(section) => format!("{of} {act}  PTP §{section}"),
            None => format!("{of} {act}"),
        },
        Tiding::Bound(through) => format!(
            "{of}'s ledger begins with a law book, complete through decree {through}  PTP §3.3.2"
        ),
        Tiding::Inked(_)
        | Tiding::Remembers(_)
        | Tiding::Knows(..)
        | Tiding::Sent(_)
        | Tiding::Lost(_)
        | Tiding::Repeated(_)
        | Tiding::Read { .. }
        | Tiding::Missed(..) => return None,
    };
    Some(format!("{:>9}  {told}", news.at.to_string()))
}

/// The same, for a program to read: `at` in Paxon minutes, `priest`, `section`, `text`, and the
/// act with its values.
#[must_use]
pub fn json(news: &News, wall: DateTime<Utc>) -> Option<Value> {
    let line = line(news)?;
    let (event, section, act) = match &news.what {
        Tiding::Entered => ("entered", None, Value::Null),
        Tiding::Left { .. } => ("left", None, Value::Null),
        Tiding::Noticed(_) => ("noticed", None, Value::Null),
        Tiding::Bound(through) => ("bound", Some("3.3.2"), json!({ "through": through })),
        Tiding::Acted(act) => {
            ("acted", act.section(), serde_json::to_value(act).unwrap_or(Value::Null))
        }
        _ => return None,
    };
    let mut told = json!({
        "event": event,
        "at": news.at,
        "time": in_words(wall),
        "priest": news.of,
        "text": line.trim_start().split_once("  ").map_or("", |(_, text)| text),
    });
    if let Value::Object(map) = &mut told {
        if let Some(section) = section {
            map.insert("section".into(), section.into());
        }
        if let Value::Object(values) = act {
            map.extend(values);
        }
    }
    Some(told)
}
