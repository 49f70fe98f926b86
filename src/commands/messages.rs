//! `parliament messages`: the messagebooks, readable.

use std::collections::VecDeque;

use clap::Args;
use serde_json::{Value, json};

use crate::chamber::{Chamber, Volume};
use crate::records::MessageRow;
use crate::words::shown::{counted, grouped};
use crate::words::{Decree, Message, Name};

use super::ledgers::NoLedgers;
use super::page::{Page, table};
use super::{Failure, Verdict};

const EXAMPLES: &str = "\
Examples:
  parliament pass \"Goats may graze\" \"Lamps burn olive oil\"
  parliament messages Oki
  parliament messages --last 100
  parliament messages --json";

/// Show the messagebooks: what messengers have brought, and when.
#[derive(Args)]
#[command(before_help = EXAMPLES)]
pub struct Messages {
    /// Only this priest's messagebook.
    name: Option<Name>,
    /// How many messages of each book to show, the latest.
    #[arg(long, value_name = "N", default_value = "20")]
    last: usize,
    /// Print one JSON object: of each messagebook the messages that are shown, and the rows that
    /// are no messages.
    #[arg(long)]
    json: bool,
}

/// The part of a messagebook that is shown, or of an archived one.
struct Shown {
    path: String,
    /// How many messages are in it.
    messages: usize,
    last: VecDeque<MessageRow>,
    /// The rows that are no messages.
    bad: Vec<String>,
}

impl Messages {
    /// Runs the command in this chamber.
    ///
    /// # Errors
    /// When a messagebook cannot be read.
    pub fn run(self, chamber: &Chamber) -> Result<Verdict, Failure> {
        let names = match self.name {
            Some(name) => vec![name],
            None => chamber.names()?,
        };
        if names.is_empty() {
            return Err(NoLedgers(chamber.ledgers().display().to_string()).into());
        }
        let mut books: Vec<(Name, Vec<Shown>)> = Vec::new();
        for name in names {
            let volumes = chamber.volumes_of(name)?;
            if self.name.is_some() && volumes.is_empty() {
                let path = chamber.messagebook(name);
                return Err(format!("{}: there is no such messagebook", path.display()).into());
            }
            books.push((name, self.read(volumes)?));
        }
        let mut page = Page::open();
        if self.json {
            page.line(&in_json(&books).to_string())?;
            return Ok(Verdict::Done);
        }
        let shown = || books.iter().flat_map(|(_, shown)| shown);
        shown().try_for_each(|it| page.line(&it.drawn()))?;
        let bad_rows: usize = shown().map(|it| it.bad.len()).sum();
        if bad_rows > 0 {
            let (are, it) = if bad_rows == 1 {
                ("row is no message", "it")
            } else {
                ("rows are no messages", "them")
            };
            page.line(&format!("{} {are}; priests pass {it} over.", grouped(bad_rows as u64)))?;
        }
        Ok(Verdict::Done)
    }

    /// Reads the last messages of one priest, the archived ones too as far as they reach back; the
    /// oldest book first.
    fn read(&self, volumes: Vec<Volume>) -> Result<Vec<Shown>, Failure> {
        let (mut wanted, mut shown) = (self.last, Vec::new());
        for (age, volume) in volumes.into_iter().rev().enumerate() {
            if age > 0 && wanted == 0 {
                break;
            }
            let path = volume.path.display().to_string();
            let (mut messages, mut last, mut bad) = (0, VecDeque::new(), Vec::new());
            for row in volume.rows()? {
                match row? {
                    Ok(row) => {
                        messages += 1;
                        last.push_back(row);
                        if last.len() > wanted {
                            last.pop_front();
                        }
                    }
                    Err(row) => bad.push(row.to_string()),
                }
            }
            wanted -= last.len();
            shown.push(Shown { path, messages, last, bad });
        }
        shown.reverse();
        Ok(shown)
    }
}

impl Shown {
    fn drawn(&self) -> String {
        let header = ["line", "at", "from", "message", "ballot", "number", "says"];
        let drawn = table(header.map(String::from).to_vec(), self.last.iter().map(cells));
        let count = format!("{}: {}", self.path, counted(self.messages as u64, "message"));
        let text = [count, drawn].into_iter().chain(self.bad.iter().cloned());
        text.collect::<Vec<_>>().join("\n") + "\n"
    }
}

/// The JSON of `--json`.
fn in_json(books: &[(Name, Vec<Shown>)]) -> Value {
    let message = |row: &MessageRow| {
        let (number, says) = number_and_says(&row.message);
        let mut message = json!({
            "line": row.place.line, "at": row.at, "from": row.from, "message": row.message.kind(),
            "ballot": row.message.ballot(), "number": number, "says": says,
        });
        if let Some(object) = message.as_object_mut() {
            object.extend(fields(&row.message));
        }
        message
    };
    let volume = |it: &Shown| {
        json!({
            "file": it.path, "count": it.messages,
            "messages": it.last.iter().map(message).collect::<Vec<_>>(), "badRows": it.bad,
        })
    };
    let book = |(name, shown): &(Name, Vec<Shown>)| {
        (name.to_string(), shown.iter().map(volume).collect::<Vec<_>>().into())
    };
    let books: serde_json::Map<String, Value> = books.iter().map(book).collect();
    json!({ "version": 1, "messagebooks": books })
}

/// The values of a message beside its kind, ballot and decree number, each by its name.
fn fields(message: &Message) -> serde_json::Map<String, Value> {
    let named =
        |decree: &Decree| (decree.text().to_owned(), decree.petition().map(ToOwned::to_owned));
    let fields = match message {
        Message::NextBallot { complete_through, .. } => {
            json!({ "completeThrough": complete_through })
        }
        Message::LastVote { vote, of, .. } => {
            let vote = vote.as_ref().map(|(_, vote)| (vote.ballot, named(&vote.decree)));
            let (ballot, decree) = vote.unzip();
            let (decree, petition) = decree.unzip();
            json!({ "vote": ballot, "decree": decree, "petition": petition.flatten(), "of": of })
        }
        Message::BeginBallot { decree, .. }
        | Message::Success { decree, .. }
        | Message::Petition { decree } => {
            let (decree, petition) = named(decree);
            json!({ "decree": decree, "petition": petition })
        }
        Message::Voted { .. } | Message::Failed { .. } => json!({}),
        Message::Refused { next_bal, .. } => json!({ "nextBal": next_bal }),
        Message::Presence { last_tried, complete_through, presides } => json!({
            "lastTried": last_tried, "completeThrough": complete_through, "presides": presides,
        }),
        Message::Inquiry { above, through } => json!({ "above": above, "through": through }),
        Message::LawBook { row, of, .. } => {
            let petition = Some(&*row.petition).filter(|id| !id.is_empty());
            json!({ "row": row.in_a_line(), "petition": petition, "of": of })
        }
    };
    fields.as_object().cloned().unwrap_or_default()
}

fn cells(row: &MessageRow) -> Vec<String> {
    let at = row.at.map_or_else(String::new, |at| at.format("%H:%M:%S%.6f").to_string());
    let ballot = row.message.ballot().map_or_else(String::new, |ballot| ballot.to_string());
    let (number, says) = number_and_says(&row.message);
    vec![
        row.place.line.to_string(),
        at,
        row.from.to_string(),
        row.message.kind().to_string(),
        ballot,
        number.map_or_else(String::new, |number| number.to_string()),
        says,
    ]
}

fn number_and_says(message: &Message) -> (Option<u64>, String) {
    match message {
        Message::NextBallot { complete_through, .. } => {
            (None, format!("his ledger is complete through {complete_through}"))
        }
        Message::LastVote { vote: None, .. } => (None, "has not voted".into()),
        Message::LastVote { vote: Some((number, vote)), of, .. } => {
            let part = if *of > 1 { format!(" (one of {of})") } else { String::new() };
            (Some(*number), format!("voted in {} for “{}”{part}", vote.ballot, vote.decree))
        }
        Message::BeginBallot { number, decree, .. } => {
            (Some(*number), format!("vote for “{decree}”?"))
        }
        Message::Voted { number, .. } => (Some(*number), "yes".into()),
        Message::Success { number, decree, .. } => {
            (Some(*number), format!("“{decree}” was passed"))
        }
        Message::Refused { next_bal, .. } => (None, format!("no: has promised {next_bal}")),
        Message::Failed { .. } => (None, "the ballot was given up".into()),
        Message::Presence { complete_through, .. } => {
            (None, format!("is in the Chamber; complete through {complete_through}"))
        }
        Message::Petition { decree } => (None, format!("please pass “{decree}”")),
        Message::Inquiry { above, through } => {
            let through = through.map_or_else(String::new, |through| format!(" through {through}"));
            (None, format!("send the decrees above {above}{through}"))
        }
        Message::LawBook { through, row, of } => {
            let petition = if row.petition.is_empty() { "" } else { " " };
            let line = format!("{}{petition}{}", row.in_a_line(), row.petition);
            (Some(*through), format!("{line} (of a law book of {})", counted(*of, "row")))
        }
    }
}
