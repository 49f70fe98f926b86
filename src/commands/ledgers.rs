//! `parliament ledgers`: the fronts side by side, the notes at the back, the seals. `[PTP §1.3]`

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use clap::Args;
use serde_json::{Value, json};

use crate::chamber::{Chamber, read_ledger};
use crate::records::LedgerRows;
use crate::records::flaw::Flaw;
use crate::records::{BadRow, LedgerRow, Seal};
use crate::words::guard::OrMinusInfinity;
use crate::words::{BallotNumber, Decree, DecreeNumber, Entry, Heading, Name};

use super::page::{Page, table};
use super::shelf::residents::{Residents, refuse_elsewhere};
use super::{Failure, Verdict};

const EXAMPLES: &str = "\
Examples:
  parliament pass \"Goats may graze\" \"Lamps burn olive oil\"
  parliament ledgers
  parliament ledgers Gray
  parliament ledgers --json";

/// Show the ledgers: the decrees side by side, the notes at the back, and the seals.
#[derive(Args)]
#[command(before_help = EXAMPLES)]
pub struct Ledgers {
    /// Only this priest's ledger, row by row.
    name: Option<Name>,
    /// How many decrees to show, the latest.
    #[arg(long, value_name = "N", default_value = "20")]
    last: usize,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// One ledger.
#[derive(Default)]
struct Said {
    outcomes: BTreeMap<DecreeNumber, (Decree, Option<BallotNumber>)>,
    last_tried: Option<BallotNumber>,
    next_bal: Option<BallotNumber>,
    prev_votes: BTreeMap<DecreeNumber, (BallotNumber, Decree)>,
    entered: u64,
    /// Decrees through this one stand in a law book; 0 if there is none.
    in_book_through: DecreeNumber,
    seals: Seals,
    /// The damage that an editor did to the whole file, with the repair.
    resaved: Option<String>,
    bad: Vec<BadRow>,
}

#[derive(Default, Clone, Copy)]
struct Seals {
    sound: u64,
    by_hand: u64,
    /// As they were sealed, but elsewhere: the file was saved in another form.
    moved: u64,
    broken: u64,
}

/// There is nothing to show.
#[derive(Debug, thiserror::Error)]
#[error("there are no ledgers in {0}; `parliament synod DECREE` founds a chamber")]
pub struct NoLedgers(pub String);

impl Ledgers {
    /// Runs the command in this chamber.
    ///
    /// # Errors
    /// When a ledger cannot be read.
    pub fn run(self, chamber: &Chamber) -> Result<Verdict, Failure> {
        let mut page = Page::open();
        if let Some(name) = self.name {
            return self.show_one(&mut page, chamber, name);
        }
        let names = chamber.names()?;
        if names.is_empty() {
            return Err(NoLedgers(chamber.ledgers().display().to_string()).into());
        }
        let mut ledgers = BTreeMap::new();
        for name in names {
            ledgers.insert(name, read(chamber, name)?);
        }
        if self.json {
            page.line(&in_json(&ledgers).to_string())?;
        } else {
            self.show_fronts(&mut page, &ledgers)?;
            show_backs(&mut page, &ledgers)?;
            if let Some(told) = Residents::of(chamber)?.and_then(|it| it.told()) {
                page.line(&format!("\n{told}"))?;
            }
        }
        Ok(judge(&ledgers))
    }

    fn show_fronts(&self, page: &mut Page, ledgers: &BTreeMap<Name, Said>) -> std::io::Result<()> {
        // Two decrees under one number are two lines: a contradiction is to be seen.
        let mut front: BTreeMap<(DecreeNumber, &str), BTreeMap<Name, String>> = BTreeMap::new();
        for (&name, said) in ledgers {
            for (&number, (decree, ballot)) in &said.outcomes {
                let mark = ballot.map_or("✓".into(), |ballot| ballot.to_string());
                front.entry((number, decree.text())).or_default().insert(name, mark);
            }
        }
        let hidden = front.len().saturating_sub(self.last);
        let names: Vec<Name> = ledgers.keys().copied().collect();
        let header = ["no.".into(), "decree".into()].into_iter();
        let header = header.chain(names.iter().map(Name::to_string)).collect();
        let rows = front.iter().skip(hidden).map(|((number, decree), marks)| {
            let cells = names.iter().map(|name| marks.get(name).cloned().unwrap_or_default());
            [number.to_string(), (*decree).to_owned()].into_iter().chain(cells).collect()
        });
        page.line("The fronts of the ledgers: each decree, and the ballot that passed it.")?;
        page.line(&table(header, rows))?;
        if hidden > 0 {
            page.line(&format!(
                "{hidden} earlier decrees are not shown; --last {} shows all.",
                front.len()
            ))?;
        }
        for (name, said) in ledgers.iter().filter(|(_, said)| said.in_book_through > 0) {
            let through = said.in_book_through;
            page.line(&format!("{name}'s law book stands for the decrees through {through}."))?;
        }
        Ok(())
    }

    fn show_one(&self, page: &mut Page, chamber: &Chamber, name: Name) -> Result<Verdict, Failure> {
        let mut rows = Vec::new();
        let mut ledgers = BTreeMap::from([(name, Said::default())]);
        refuse_elsewhere(chamber, name)?;
        let path = chamber.ledger(name);
        for row in open(&path)? {
            let row = row?;
            let Some(said) = ledgers.get_mut(&name) else { continue };
            if let Ok(row) = &row {
                rows.push(row_cells(row));
            }
            said.hear(row);
        }
        if self.json {
            page.line(&in_json(&ledgers).to_string())?;
        } else {
            let header = ["line", "entry", "number", "ballot", "decree", "quorum", "at", "seal"];
            page.line(&table(header.map(String::from).to_vec(), rows.into_iter()))?;
            show_backs(page, &ledgers)?;
        }
        Ok(judge(&ledgers))
    }
}

impl Said {
    fn hear(&mut self, row: Result<LedgerRow, Box<BadRow>>) {
        let row = match row {
            Ok(row) => row,
            Err(bad) => return self.bad.push(*bad),
        };
        match row.seal {
            Seal::Sound => self.seals.sound += 1,
            Seal::ByHand => self.seals.by_hand += 1,
            Seal::Moved { mark, ends } => {
                self.seals.moved += 1;
                let flaw = Flaw::Resaved { mark, ends };
                self.resaved.get_or_insert_with(|| {
                    let file = row.place.file.display();
                    format!("{file}: {flaw}\n  = {}", flaw.repair())
                });
            }
            Seal::Broken => self.seals.broken += 1,
        }
        match row.entry {
            Entry::Outcome { number, decree, ballot } => {
                self.outcomes.insert(number, (decree, ballot));
            }
            Entry::LastTried { ballot } => self.last_tried = Some(ballot),
            Entry::NextBal { ballot } => self.next_bal = Some(ballot),
            Entry::PrevVote { number, ballot, decree } => {
                self.prev_votes.insert(number, (ballot, decree));
            }
            Entry::Entered => self.entered += 1,
            Entry::Book(row) if row.heading == Heading::Bound => self.in_book_through = row.number,
            Entry::BeginBallot { .. } | Entry::Book(_) => {}
        }
    }
}

fn open(path: &Path) -> Result<LedgerRows<File>, String> {
    read_ledger(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn read(chamber: &Chamber, name: Name) -> Result<Said, Failure> {
    let mut said = Said::default();
    for row in open(&chamber.ledger(name))? {
        said.hear(row?);
    }
    Ok(said)
}

/// The notes at the back; of votes, the last one.
fn show_backs(page: &mut Page, ledgers: &BTreeMap<Name, Said>) -> std::io::Result<()> {
    let header = ["", "lastTried", "nextBal", "prevVote", "entered", "seals"];
    let rows = ledgers.iter().map(|(name, said)| {
        let vote = said.prev_votes.last_key_value();
        let vote = vote.map(|(number, (ballot, _))| format!("{ballot} on decree {number}"));
        vec![
            name.to_string(),
            or_minus_infinity(said.last_tried),
            or_minus_infinity(said.next_bal),
            vote.unwrap_or_else(|| "null".into()),
            said.entered.to_string(),
            said.seals.to_string(),
        ]
    });
    page.line("\nThe notes at the back.")?;
    page.line(&table(header.map(String::from).to_vec(), rows))?;
    for resaved in ledgers.values().filter_map(|said| said.resaved.as_ref()) {
        page.line(&format!("\n{resaved}"))?;
    }
    for bad in ledgers.values().flat_map(|said| &said.bad) {
        page.line(&format!("\n{bad}"))?;
    }
    Ok(())
}

fn row_cells(row: &LedgerRow) -> Vec<String> {
    let (mut number, mut ballot, mut text, mut quorum) =
        <(String, String, String, String)>::default();
    match &row.entry {
        Entry::Outcome { number: n, decree, ballot: b } => {
            (number, text) = (n.to_string(), decree.to_string());
            ballot = b.map_or_else(String::new, |b| b.to_string());
        }
        Entry::PrevVote { number: n, ballot: b, decree } => {
            (number, ballot, text) = (n.to_string(), b.to_string(), decree.to_string());
        }
        Entry::BeginBallot { number: n, ballot: b, decree, quorum: q } => {
            (number, ballot, text) = (n.to_string(), b.to_string(), decree.to_string());
            quorum = q.iter().map(Name::as_str).collect::<Vec<_>>().join(" ");
        }
        Entry::LastTried { ballot: b } | Entry::NextBal { ballot: b } => ballot = b.to_string(),
        Entry::Entered => {}
        Entry::Book(row) => {
            number = if row.heading.has_number() { row.number.to_string() } else { String::new() };
            text = format!("{} {}", row.petition, row.words).trim().to_owned();
        }
    }
    let at = row.at.map_or_else(String::new, |at| at.format("%H:%M:%S%.6f").to_string());
    let seal = match row.seal {
        Seal::Sound => "sound",
        Seal::ByHand => "by hand",
        Seal::Moved { .. } => "moved",
        Seal::Broken => "BROKEN",
    };
    let line = row.place.line.to_string();
    vec![line, row.entry.kind().into(), number, ballot, text, quorum, at, seal.into()]
}

impl std::fmt::Display for Seals {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} sound", self.sound)?;
        if self.by_hand > 0 {
            write!(f, ", {} by hand", self.by_hand)?;
        }
        if self.moved > 0 {
            write!(f, ", {} moved", self.moved)?;
        }
        if self.broken > 0 {
            write!(f, ", {} BROKEN", self.broken)?;
        }
        Ok(())
    }
}

fn or_minus_infinity(ballot: Option<BallotNumber>) -> String {
    OrMinusInfinity(ballot).to_string()
}

fn in_json(ledgers: &BTreeMap<Name, Said>) -> Value {
    let one = |said: &Said| {
        let front: Vec<Value> = said
            .outcomes
            .iter()
            .map(|(number, (decree, ballot))| {
                json!({ "number": number, "decree": decree.text(), "petition": decree.petition(), "ballot": ballot })
            })
            .collect();
        let votes: Vec<Value> = said
            .prev_votes
            .iter()
            .map(|(number, (ballot, decree))| {
                json!({ "number": number, "ballot": ballot, "decree": decree.text() })
            })
            .collect();
        json!({
            "outcomes": front, "lastTried": said.last_tried, "nextBal": said.next_bal,
            "prevVotes": votes, "entered": said.entered, "inBookThrough": said.in_book_through,
            "seals": { "sound": said.seals.sound, "byHand": said.seals.by_hand, "moved": said.seals.moved, "broken": said.seals.broken },
            "badRows": said.bad.iter().map(ToString::to_string).collect::<Vec<_>>(),
        })
    };
    let ledgers: BTreeMap<String, Value> =
        ledgers.iter().map(|(name, said)| (name.to_string(), one(said))).collect();
    json!({ "version": 1, "ledgers": ledgers })
}

/// A broken seal, a row that is none, or two decrees under one number are found wanting.
fn judge(ledgers: &BTreeMap<Name, Said>) -> Verdict {
    let mut front: BTreeMap<DecreeNumber, &Decree> = BTreeMap::new();
    let mut sound = true;
    for said in ledgers.values() {
        sound &= said.seals.broken == 0 && said.seals.moved == 0 && said.bad.is_empty();
        for (&number, (decree, _)) in &said.outcomes {
            sound &= *front.entry(number).or_insert(decree) == decree;
        }
    }
    if sound { Verdict::Done } else { Verdict::Wanting }
}
