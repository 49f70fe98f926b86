//! A question to a novice: one line of JSON.

use std::fmt::Write;

use crate::creeds::Event;
use crate::records::Column;
use crate::records::filled::Filled;
use crate::words::{Decree, Entry, Membership, Message, Minutes, Name};

/// The level at which a priest is examined.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Level {
    /// One decree. `[PTP §2]`
    #[default]
    Synod,
    /// Decree after decree, one promise for all. `[PTP §3]`
    Parliament {
        /// A president begins a number only if he knows all decrees through this many before it.
        alpha: u64,
    },
}

/// A question: who he is, what his ledger and his slip say, and what happens to him.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The level at which he is examined.
    pub level: Level,
    /// His name.
    pub you: Name,
    /// The members, each with his weight.
    pub members: &'a Membership,
    /// His ledger: of each kind of note the last row.
    pub ledger: &'a [Entry],
    /// His slip of paper, as he left it, in JSON; none when he has just entered.
    pub slip: Option<&'a str>,
    /// The hour of the Chamber.
    pub now: Minutes,
    /// The event.
    pub event: &'a Event,
}

impl Question<'_> {
    /// The question as one line, without its end.
    #[must_use]
    pub fn line(&self) -> String {
        let mut line = format!(r#"{{"you":{},"members":{{"#, text(self.you.as_str()));
        for (at, (name, weight)) in self.members.weights().enumerate() {
            let comma = if at > 0 { "," } else { "" };
            let _ = write!(line, "{comma}{}:{weight}", text(name.as_str()));
        }
        line += "},";
        if let Level::Parliament { alpha } = self.level {
            let _ = write!(line, r#""level":"parliament","alpha":{alpha},"#);
        }
        line += r#""ledger":["#;
        for (at, row) in self.ledger.iter().enumerate() {
            line += if at > 0 { "," } else { "" };
            line += &entry(row);
        }
        let (slip, now) = (self.slip.unwrap_or("null"), self.now);
        let _ = write!(line, r#"],"slip":{slip},"now":{now},"event":{}}}"#, event(self.event));
        line
    }
}

/// Text as JSON.
fn text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The event as JSON.
fn event(event: &Event) -> String {
    match event {
        Event::Try(ballot) => format!(r#"{{"event":"try","ballot":"{ballot}"}}"#),
        Event::Begin(wish) => {
            let petition = wish.petition().map(|id| format!(r#","petition":{}"#, text(id)));
            let petition = petition.unwrap_or_default();
            format!(r#"{{"event":"begin","decree":{}{petition}}}"#, text(wish.text()))
        }
        Event::Read { from, message } => {
            let from = text(from.as_str());
            format!(r#"{{"event":"read","from":{from},"letter":{}}}"#, letter(message))
        }
        Event::Hourglass => r#"{"event":"hourglass"}"#.into(),
        Event::Return => r#"{"event":"return"}"#.into(),
    }
}

/// A row of a ledger as JSON: its kind, and the columns that it fills.
#[must_use]
pub fn entry(row: &Entry) -> String {
    format!(r#"{{"entry":"{}"{}}}"#, row.kind(), filled(&Filled::by_entry(row)))
}

/// A letter as JSON: its kind, and the columns that it fills.
#[must_use]
pub fn letter(message: &Message) -> String {
    format!(r#"{{"message":"{}"{}}}"#, message.kind(), filled(&Filled::by_message(message)))
}

fn filled(filled: &Filled<'_>) -> String {
    let mut told = String::new();
    let mut field = |column: Column, value: Option<String>| {
        if let Some(value) = value {
            let _ = write!(told, r#","{}":{value}"#, column.name());
        }
    };
    field(Column::Number, filled.number.map(|number| number.to_string()));
    field(Column::Ballot, filled.ballot.map(|ballot| text(&ballot.to_string())));
    field(Column::Vote, filled.vote.map(|vote| text(&vote.to_string())));
    field(Column::Decree, filled.decree.map(|decree| text(decree.text())));
    field(Column::Petition, filled.decree.and_then(Decree::petition).map(text));
    field(Column::Of, filled.of.map(|of| of.to_string()));
    let quorum = filled.quorum.map(|quorum| {
        let names: Vec<String> = quorum.iter().map(|name| text(name.as_str())).collect();
        format!("[{}]", names.join(","))
    });
    field(Column::Quorum, quorum);
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Founding;

    #[test]
    fn a_question_is_one_line_of_json_in_the_words_of_the_records() {
        let members = "Dwork Gray Oki:2".parse::<Founding>().unwrap().membership;
        let row = Entry::NextBal { ballot: "1.Oki".parse().unwrap() };
        let message = Message::BeginBallot {
            ballot: "1.Oki".parse().unwrap(),
            number: 1,
            decree: Decree::new("Goats \"may\" graze").unwrap(),
        };
        let from = "Oki".parse().unwrap();
        let question = Question {
            level: Level::Synod,
            you: "Gray".parse().unwrap(),
            members: &members,
            ledger: &[row],
            slip: None,
            now: Minutes::thousandths(22_500),
            event: &Event::Read { from, message },
        };
        assert_eq!(
            question.line(),
            r#"{"you":"Gray","members":{"Dwork":1,"Gray":1,"Oki":2},"ledger":[{"entry":"nextBal","ballot":"1.Oki"}],"slip":null,"now":22.500,"event":{"event":"read","from":"Oki","letter":{"message":"BeginBallot","number":1,"ballot":"1.Oki","decree":"Goats \"may\" graze"}}}"#
        );
        assert!(serde_json::from_str::<serde_json::Value>(&question.line()).is_ok());
    }
}
