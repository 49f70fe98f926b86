//! A novice's answer, read field by field; each mistake has its column.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::mistake::{LONGEST_SLIP, Mistake, Wrong};
use super::place::{Step, column};
use super::question::{self, Level, Question};
use crate::records::Column;
use crate::records::filled::Filled;
use crate::synod::Letter;
use crate::words::ballot::SYNODS_DECREE;
use crate::words::message::Kind;
use crate::words::{BallotNumber, Decree, Entry, Message, Name};

/// A novice's act at one event.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    /// Rows to ink, in order.
    pub ink: Vec<Entry>,
    /// His slip from now on, in JSON; none if it is blank.
    pub slip: Option<Arc<str>>,
    /// Letters to send once the ink is dry.
    pub send: Vec<Letter>,
}

/// The fields of an answer.
const FIELDS: [&str; 3] = ["ink", "slip", "send"];
/// The fields of a row, besides its kind.
const OF_ROW: [Column; 5] =
    [Column::Number, Column::Ballot, Column::Decree, Column::Petition, Column::Quorum];
/// The fields of a letter, besides its kind.
const OF_LETTER: [Column; 6] =
    [Column::Number, Column::Ballot, Column::Vote, Column::Decree, Column::Petition, Column::Of];

/// Where a value stands: the way to it from the answer as a whole.
type Way<'a> = Vec<Step<'a>>;

impl Answer {
    /// Reads the answer to a question.
    ///
    /// # Errors
    /// The first mistake in it.
    pub fn read(line: &str, question: &Question<'_>) -> Result<Answer, Mistake> {
        let whole: Value =
            serde_json::from_str(line).map_err(|error| Mistake::of_json(line, &error))?;
        let reader = Reader { line, question };
        let fields = reader.object(&whole, &[], &FIELDS)?;
        let ink = reader.list(reader.field(fields, &[], "ink", "[]")?, "ink")?;
        let send = reader.list(reader.field(fields, &[], "send", "[]")?, "send")?;
        let slip = reader.slip(reader.field(fields, &[], "slip", "null")?)?;
        let ink = ink.iter().enumerate().map(|(at, row)| reader.row(row, at));
        let ink = ink.collect::<Result<_, _>>()?;
        let send = send.iter().enumerate().map(|(at, letter)| reader.letter(letter, at));
        Ok(Answer { ink, slip, send: send.collect::<Result<_, _>>()? })
    }

    /// The answer as one line, as this program would write it.
    #[must_use]
    pub fn line(&self) -> String {
        let ink: Vec<String> = self.ink.iter().map(question::entry).collect();
        let letter = |letter: &Letter| {
            let to = Value::from(letter.to.as_str());
            format!(r#"{{"to":{to},"letter":{}}}"#, question::letter(&letter.message))
        };
        let send: Vec<String> = self.send.iter().map(letter).collect();
        let (ink, send, slip) = (ink.join(","), send.join(","), self.slip.as_deref());
        format!(r#"{{"ink":[{ink}],"slip":{},"send":[{send}]}}"#, slip.unwrap_or("null"))
    }

    /// Whether it does nothing at all, where this was on the slip.
    #[must_use]
    pub fn is_idle(&self, slip: Option<&str>) -> bool {
        self.ink.is_empty() && self.send.is_empty() && self.slip.as_deref() == slip
    }
}

/// Reads one answer.
struct Reader<'a> {
    line: &'a str,
    question: &'a Question<'a>,
}

impl<'a> Reader<'a> {
    fn wrong(&self, way: &[Step<'_>], wrong: Wrong) -> Mistake {
        Mistake { line: self.line.into(), column: column(self.line, way), wrong }
    }

    fn object<'v>(
        &self,
        value: &'v Value,
        way: &[Step<'_>],
        known: &[&'static str],
    ) -> Result<&'v Map<String, Value>, Mistake> {
        let Value::Object(fields) = value else {
            let wrong =
                Wrong::Type { what: named(way), expected: "an object", found: found(value) };
            return Err(self.wrong(way, wrong));
        };
        if let Some(unknown) = fields.keys().find(|key| !known.contains(&key.as_str())) {
            let way: Way<'_> = way.iter().copied().chain([Step::Name(unknown)]).collect();
            let known = known.to_vec();
            return Err(self.wrong(&way, Wrong::UnknownField { name: unknown.clone(), known }));
        }
        Ok(fields)
    }

    fn field<'v>(
        &self,
        fields: &'v Map<String, Value>,
        way: &[Step<'_>],
        name: &'static str,
        blank: &'static str,
    ) -> Result<&'v Value, Mistake> {
        let missing = Wrong::MissingField { of: named(way), name, blank };
        fields.get(name).ok_or_else(|| self.wrong(way, missing))
    }

    fn list<'v>(&self, value: &'v Value, name: &'static str) -> Result<&'v [Value], Mistake> {
        let Value::Array(list) = value else {
            let wrong = Wrong::Type { what: name.into(), expected: "a list", found: found(value) };
            return Err(self.wrong(&[Step::Field(name)], wrong));
        };
        Ok(list)
    }

    fn slip(&self, value: &Value) -> Result<Option<Arc<str>>, Mistake> {
        let slip = (!value.is_null()).then(|| value.to_string());
        if slip.as_ref().is_some_and(|slip| slip.len() > LONGEST_SLIP) {
            return Err(self.wrong(&[Step::Field("slip")], Wrong::LongSlip));
        }
        Ok(slip.map(Arc::from))
    }

    /// A row to ink.
    fn row(&self, value: &Value, at: usize) -> Result<Entry, Mistake> {
        let way = vec![Step::Field("ink"), Step::Element(at)];
        let known = [&["entry"][..], &OF_ROW.map(Column::name)].concat();
        let fields = self.object(value, &way, &known)?;
        let kind = self.text(fields, &way, "entry")?;
        let kind = kind.ok_or_else(|| self.missing(&way, "entry"))?;
        let kinds = || Entry::KINDS.into_iter().filter(|kind| *kind != "entered");
        if !kinds().any(|known| known == kind) {
            let way = within(&way, "entry");
            let wrong =
                Wrong::UnknownKind { of: "row", kind: kind.into(), known: kinds().collect() };
            return Err(self.wrong(&way, wrong));
        }
        let (decree, quorum) = (self.decree(fields, &way)?, self.quorum(fields, &way)?);
        let number = self.number(fields, &way, Column::Number)?;
        let is_of_decree = ["outcome", "prevVote", "beginBallot"].contains(&kind);
        let filled = Filled {
            ballot: self.ballot(fields, &way, Column::Ballot)?,
            number: number.or(self.implied(is_of_decree, SYNODS_DECREE)),
            decree: decree.as_ref(),
            quorum: quorum.as_ref(),
            ..Filled::default()
        };
        let entry = filled.to_entry(kind).map_err(|missing| self.missing(&way, missing.name()))?;
        self.fills(fields, &way, &Filled::by_entry(&entry), entry.kind(), &OF_ROW)?;
        self.of_the_synod(&way, number)?;
        Ok(entry)
    }

    /// A letter to send.
    fn letter(&self, value: &Value, at: usize) -> Result<Letter, Mistake> {
        let way = vec![Step::Field("send"), Step::Element(at)];
        let fields = self.object(value, &way, &["to", "letter"])?;
        let to = self.text(fields, &way, "to")?.ok_or_else(|| self.missing(&way, "to"))?;
        let to = self.name(to, &within(&way, "to"))?;
        let letter = self.field(fields, &way, "letter", "{…}")?;
        let way = within(&way, "letter");
        let message = self.message(letter, &way)?;
        let could = message.could_pass(self.question.you, to);
        could.map_err(|impostor| self.wrong(&way, Wrong::Impostor(impostor)))?;
        Ok(Letter { to, message })
    }

    fn message(&self, value: &Value, way: &Way<'_>) -> Result<Message, Mistake> {
        let known = [&["message"][..], &OF_LETTER.map(Column::name)].concat();
        let fields = self.object(value, way, &known)?;
        let kind = self.text(fields, way, "message")?;
        let kind = kind.ok_or_else(|| self.missing(way, "message"))?;
        let known = || OF_SYNOD.into_iter().map(Kind::as_str);
        let Some(kind) = OF_SYNOD.into_iter().find(|known| known.as_str() == kind) else {
            let way = within(way, "message");
            let wrong =
                Wrong::UnknownKind { of: "letter", kind: kind.into(), known: known().collect() };
            return Err(self.wrong(&way, wrong));
        };
        let decree = self.decree(fields, way)?;
        let vote = self.ballot(fields, way, Column::Vote)?;
        let number = self.number(fields, way, Column::Number)?;
        let (is_vote, is_above) =
            (kind == Kind::LastVote, matches!(kind, Kind::NextBallot | Kind::Presence));
        let of = self.number(fields, way, Column::Of)?;
        let of = of.or(self.implied(is_vote, vote.is_some().into()));
        let plain = if is_above { SYNODS_DECREE - 1 } else { SYNODS_DECREE };
        let filled = Filled {
            ballot: self.ballot(fields, way, Column::Ballot)?,
            number: number.or(self.implied(true, plain)),
            vote,
            decree: decree.as_ref(),
            of,
            ..Filled::default()
        };
        let message = filled.to_message(kind, self.question.you);
        let message = message.map_err(|missing| self.missing(way, missing.name()))?;
        self.fills(fields, way, &Filled::by_message(&message), kind.as_str(), &OF_LETTER)?;
        if !is_above {
            self.of_the_synod(way, number)?;
        }
        Ok(message)
    }

    /// Whether every field given is one that this kind of record fills.
    fn fills(
        &self,
        fields: &Map<String, Value>,
        way: &[Step<'_>],
        filled: &Filled<'_>,
        kind: &'static str,
        columns: &[Column],
    ) -> Result<(), Mistake> {
        let given = |column: &&Column| fields.get(column.name()).is_some_and(|it| !it.is_null());
        match columns.iter().filter(given).find(|column| filled.is_blank(**column)) {
            None => Ok(()),
            Some(column) => {
                let way: Way<'_> = way.iter().copied().chain([Step::Name(column.name())]).collect();
                Err(self.wrong(&way, Wrong::Unwanted { kind, name: column.name() }))
            }
        }
    }

    /// A number that may be left out in the Synod, which has one decree.
    fn implied(&self, is_wanted: bool, number: u64) -> Option<u64> {
        (is_wanted && self.question.level == Level::Synod).then_some(number)
    }

    fn of_the_synod(&self, way: &Way<'_>, number: Option<u64>) -> Result<(), Mistake> {
        let is_of_synod = self.question.level == Level::Synod;
        match number.filter(|&number| is_of_synod && number != SYNODS_DECREE) {
            None => Ok(()),
            Some(number) => Err(self.wrong(&within(way, "number"), Wrong::Number(number))),
        }
    }

    fn missing(&self, way: &[Step<'_>], name: &'static str) -> Mistake {
        self.wrong(way, Wrong::MissingField { of: named(way), name, blank: "" })
    }

    /// The text in a field; none where the field is missing or null.
    fn text<'v>(
        &self,
        fields: &'v Map<String, Value>,
        way: &Way<'_>,
        name: &'static str,
    ) -> Result<Option<&'v str>, Mistake> {
        match fields.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => {
                let wrong =
                    Wrong::Type { what: name.into(), expected: "text", found: found(other) };
                Err(self.wrong(&within(way, name), wrong))
            }
        }
    }

    fn number(
        &self,
        fields: &Map<String, Value>,
        way: &Way<'_>,
        column: Column,
    ) -> Result<Option<u64>, Mistake> {
        let name = column.name();
        match fields.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Number(number)) if number.is_u64() => Ok(number.as_u64()),
            Some(other) => {
                let expected = "an integer from 0 on";
                let wrong = Wrong::Type { what: name.into(), expected, found: found(other) };
                Err(self.wrong(&within(way, name), wrong))
            }
        }
    }

    fn ballot(
        &self,
        fields: &Map<String, Value>,
        way: &Way<'_>,
        column: Column,
    ) -> Result<Option<BallotNumber>, Mistake> {
        let Some(text) = self.text(fields, way, column.name())? else { return Ok(None) };
        let way = within(way, column.name());
        let ballot: BallotNumber =
            text.parse().map_err(|error| self.wrong(&way, Wrong::Ballot(error)))?;
        self.name(ballot.owner.as_str(), &way)?;
        Ok(Some(ballot))
    }

    fn decree(
        &self,
        fields: &Map<String, Value>,
        way: &Way<'_>,
    ) -> Result<Option<Decree>, Mistake> {
        let Some(text) = self.text(fields, way, "decree")? else { return Ok(None) };
        let petition = self.text(fields, way, "petition")?;
        let decree = match petition {
            Some(id) => Decree::of_petition(text, id),
            None => Decree::new(text),
        };
        decree.map(Some).map_err(|error| self.wrong(&within(way, "decree"), Wrong::Decree(error)))
    }

    fn quorum(
        &self,
        fields: &Map<String, Value>,
        way: &Way<'_>,
    ) -> Result<Option<Arc<BTreeSet<Name>>>, Mistake> {
        let way = within(way, "quorum");
        let names = match fields.get("quorum") {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::Array(names)) => names,
            Some(other) => {
                let expected = "a list of names";
                let wrong = Wrong::Type { what: "quorum".into(), expected, found: found(other) };
                return Err(self.wrong(&way, wrong));
            }
        };
        let name = |(at, name): (usize, &Value)| {
            let way: Way<'_> = way.iter().copied().chain([Step::Element(at)]).collect();
            let Value::String(name) = name else {
                let (what, expected) = ("a member of the quorum".into(), "a name");
                return Err(self.wrong(&way, Wrong::Type { what, expected, found: found(name) }));
            };
            self.name(name, &way)
        };
        let quorum = names.iter().enumerate().map(name).collect::<Result<BTreeSet<_>, _>>()?;
        Ok(Some(Arc::new(quorum)))
    }

    /// The member of this name.
    fn name(&self, name: &str, way: &Way<'_>) -> Result<Name, Mistake> {
        let members = self.question.members;
        let known = members.names().find(|member| member.as_str() == name);
        known.ok_or_else(|| {
            let names = members.names().map(|name| name.to_string()).collect();
            self.wrong(way, Wrong::Stranger { name: name.into(), names })
        })
    }
}

/// The letters that priests of the Synod write.
const OF_SYNOD: [Kind; 9] = [
    Kind::NextBallot,
    Kind::LastVote,
    Kind::BeginBallot,
    Kind::Voted,
    Kind::Success,
    Kind::Refused,
    Kind::Failed,
    Kind::Presence,
    Kind::Inquiry,
];

fn within<'a>(way: &Way<'a>, name: &'a str) -> Way<'a> {
    way.iter().copied().chain([Step::Field(name)]).collect()
}

/// The value at the end of a path, in words for a person.
fn named(way: &[Step<'_>]) -> String {
    match way {
        [] => "an answer".into(),
        [Step::Field("ink"), Step::Element(_)] => "a row in `ink`".into(),
        [Step::Field("send"), Step::Element(_)] => "an element of `send`".into(),
        [Step::Field("send"), Step::Element(_), ..] => "a letter".into(),
        _ => "this".into(),
    }
}

/// The kind of a value, in words for a person.
fn found(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
