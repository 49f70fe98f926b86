//! `parliament law`: the law book, its matters, and how it came to be. `[PTP §3.3.2, §3.3.4]`

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use crate::chamber::Chamber;
use crate::god::hour::MINUTE;
use crate::law::law_book::NotYet;
use crate::law::matters::Statute;
use crate::law::{Enacted, Meaning, Phrase, Response};
use crate::synod::{DecreeNumber, Name};

use super::inquiry::{Inquiry, Shelf, Shelved};
use super::page::{Page, table};
use super::petition::{Asking, LOOK};
use super::{Failure, Verdict};

const EXAMPLES: &str = "\
Examples:
  parliament law
  parliament law set \"olive tax\" \"3 drachmas per ton\"
  parliament law set \"olive tax\" \"6 drachmas per ton\" --provided \"3 drachmas per ton\"
  parliament law get \"olive tax\" --at-least 277
  parliament law history \"olive tax\"
  parliament law follow";

/// Read the law that the decrees make, and change it.
#[derive(Args)]
#[command(before_help = EXAMPLES, args_conflicts_with_subcommands = true)]
pub struct Law {
    #[command(subcommand)]
    what: Option<What>,
    #[command(flatten)]
    view: View,
}

/// How the law is asked for and shown.
#[derive(Args)]
pub struct View {
    #[command(flatten)]
    pub inquiry: Inquiry,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

#[derive(Subcommand)]
enum What {
    /// Print the law on a matter.
    Get {
        /// The matter: `olive tax`.
        #[arg(value_parser = Phrase::naming)]
        matter: Phrase,
        /// Pass a decree first (`Citizen N is reading the law`), so that nothing passed before
        /// this question can be missing from the answer.
        #[arg(long)]
        slow: bool,
        #[command(flatten)]
        asking: Asking,
        #[command(flatten)]
        view: View,
    },
    /// Pass a decree that declares the law on a matter.
    Set {
        /// The matter: `olive tax`.
        #[arg(value_parser = Phrase::naming)]
        matter: Phrase,
        /// What the law is to be: `3 drachmas per ton`.
        #[arg(value_parser = Phrase::new, allow_hyphen_values = true)]
        value: Phrase,
        /// Only if the law is this when the decree takes effect.
        #[arg(long, value_name = "VALUE", value_parser = Phrase::new, allow_hyphen_values = true)]
        provided: Option<Phrase>,
        #[command(flatten)]
        asking: Asking,
        #[command(flatten)]
        view: View,
    },
    /// Pass a decree after which there is no law on a matter.
    Repeal {
        /// The matter: `olive tax`.
        #[arg(value_parser = Phrase::naming)]
        matter: Phrase,
        #[command(flatten)]
        asking: Asking,
        #[command(flatten)]
        view: View,
    },
    /// Print every change of the law on a matter.
    History {
        /// The matter: `olive tax`.
        #[arg(value_parser = Phrase::naming)]
        matter: Phrase,
        #[command(flatten)]
        view: View,
    },
    /// Print each change of the law as it happens, until Ctrl-C.
    Follow {
        /// Only of this matter.
        #[arg(value_parser = Phrase::naming)]
        matter: Option<Phrase>,
        /// Begin with the changes after this decree; by default, with what is still to come.
        #[arg(long, value_name = "N")]
        after: Option<DecreeNumber>,
        /// Print one JSON object per line.
        #[arg(long)]
        json: bool,
    },
}

impl Law {
    /// Runs the command in this chamber.
    ///
    /// # Errors
    /// When there is no Parliament here, or its ledgers cannot be read.
    pub fn run(self, chamber: &Chamber) -> Result<Verdict, Failure> {
        match self.what {
            None => self.view.show_book(chamber),
            Some(What::Get { matter, slow, asking, view }) => {
                view.get(chamber, &asking, &matter, slow)
            }
            Some(What::Set { matter, value, provided, asking, view }) => {
                view.pass(chamber, &asking, &Meaning::Declares { matter, value, provided })
            }
            Some(What::Repeal { matter, asking, view }) => {
                view.pass(chamber, &asking, &Meaning::Repeals { matter })
            }
            Some(What::History { matter, view }) => view.show_history(chamber, &matter),
            Some(What::Follow { matter, after, json }) => {
                follow(chamber, matter.as_ref(), after, json)
            }
        }
    }
}

/// A ledger that does not go far enough is found wanting.
fn not_yet(not_yet: NotYet) -> Verdict {
    anstream::eprintln!("parliament: {not_yet}");
    Verdict::Wanting
}

impl View {
    /// The law from a ledger that goes far enough.
    fn law(&self, chamber: &Chamber) -> Result<Result<Shelved, NotYet>, Failure> {
        self.inquiry.answer(chamber, MINUTE, |_, _| {})
    }

    fn show_book(&self, chamber: &Chamber) -> Result<Verdict, Failure> {
        let Shelved { whose, book, .. } = match self.law(chamber)? {
            Ok(shelved) => shelved,
            Err(error) => return Ok(not_yet(error)),
        };
        let (mut page, law) = (Page::open(), book.state());
        if self.json {
            let matters: BTreeMap<&str, &Statute> =
                law.matters.iter().map(|(matter, statute)| (matter.as_str(), statute)).collect();
            let members: BTreeMap<&str, u64> = law
                .seats
                .latest()
                .weights()
                .map(|(name, weight)| (name.as_str(), weight))
                .collect();
            let offices: BTreeMap<&str, _> =
                law.offices.iter().map(|(office, terms)| (office.as_str(), terms)).collect();
            let told = json!({
                "version": 1, "ledger": whose, "completeThrough": book.complete_through(),
                "waiting": book.waiting(), "matters": matters, "legislators": members,
                "offices": offices,
            });
            page.line(&told.to_string())?;
            return Ok(Verdict::Done);
        }
        let header = ["matter", "law", "since decree"].map(String::from).to_vec();
        let rows = law.matters.iter().map(|(matter, statute)| {
            vec![matter.to_string(), statute.value.to_string(), statute.since.to_string()]
        });
        if rows.len() > 0 {
            page.line(&table(header, rows))?;
        }
        let members = law.seats.latest().weights().map(|(name, weight)| match weight {
            1 => name.to_string(),
            _ => format!("{name} with weight {weight}"),
        });
        page.line(&format!("Legislators: {}.", members.collect::<Vec<_>>().join(", ")))?;
        for (office, terms) in law.offices.iter() {
            for term in terms {
                let (holder, from, until) = (term.holder, term.from, term.until);
                page.line(&format!("{holder} is {office} from {from} until {until}."))?;
            }
        }
        page.line(&as_of(&whose, &book))?;
        Ok(Verdict::Done)
    }

    /// Prints the law on a matter; nothing on standard output if there is none.
    fn get(
        &self,
        chamber: &Chamber,
        asking: &Asking,
        matter: &Phrase,
        slow: bool,
    ) -> Result<Verdict, Failure> {
        let mut inquiry = self.inquiry.clone();
        if slow {
            let reading = Meaning::Reads { citizen: asking.citizen };
            match asking.ask(chamber, &reading.to_string())? {
                Ok((number, _)) => inquiry = inquiry.through(number),
                Err(unpassed) => return Ok(unpassed),
            }
        }
        let Shelved { whose, book, .. } = match inquiry.answer(chamber, asking.minute, |_, _| {})? {
            Ok(shelved) => shelved,
            Err(error) => return Ok(not_yet(error)),
        };
        let statute = book.state().matters.get(matter);
        let mut page = Page::open();
        if self.json {
            let told = json!({
                "version": 1, "matter": matter, "law": statute.map(|statute| &statute.value),
                "since": statute.map(|statute| statute.since), "ledger": whose,
                "completeThrough": book.complete_through(),
            });
            page.line(&told.to_string())?;
        } else if let Some(statute) = statute {
            page.line(statute.value.as_str())?;
            anstream::eprintln!("{}", as_of(&whose, &book));
        } else {
            anstream::eprintln!(
                "parliament: there is no law on {matter}. {}",
                as_of(&whose, &book)
            );
        }
        Ok(if statute.is_some() { Verdict::Done } else { Verdict::Wanting })
    }

    /// Passes a decree and prints what it answers.
    ///
    /// # Errors
    /// When there is no Parliament here, or its ledgers cannot be read.
    pub fn pass(
        &self,
        chamber: &Chamber,
        asking: &Asking,
        meaning: &Meaning,
    ) -> Result<Verdict, Failure> {
        let (number, decree) = match asking.ask(chamber, &meaning.to_string())? {
            Ok(passed) => passed,
            Err(unpassed) => return Ok(unpassed),
        };
        let mut answered = None;
        let inquiry = self.inquiry.through(number);
        // Where it stands in a law book already, the archive has what it answered.
        for inquiry in [inquiry.clone(), inquiry.with_archive()] {
            let hear = |_: Name, enacted: Enacted<Response>| {
                if enacted.number == number {
                    answered = Some(enacted.response);
                }
            };
            if let Err(error) = inquiry.answer(chamber, asking.minute, hear)? {
                return Ok(not_yet(error));
            }
            if answered.is_some() {
                break;
            }
        }
        let answered = answered.flatten();
        let mut page = Page::open();
        if self.json {
            let told = json!({
                "version": 1, "number": number, "decree": decree.text(),
                "petition": decree.petition(), "answer": answered,
            });
            page.line(&told.to_string())?;
        } else if let Some(response) = &answered {
            page.line(&format!("{number}: {response}"))?;
        } else {
            page.line(&format!("{number}: this petition had taken effect before"))?;
        }
        let in_vain = matches!(
            answered,
            Some(
                Response::NotAsProvided { .. } | Response::Refused { .. } | Response::Stands { .. }
            )
        );
        Ok(if in_vain { Verdict::Wanting } else { Verdict::Done })
    }

    fn show_history(&self, chamber: &Chamber, matter: &Phrase) -> Result<Verdict, Failure> {
        let mut histories: BTreeMap<Name, Vec<Enacted<Response>>> = BTreeMap::new();
        let hear = |whose: Name, enacted: Enacted<Response>| {
            if enacted.response.as_ref().is_some_and(|told| is_change(told, Some(matter))) {
                histories.entry(whose).or_default().push(enacted);
            }
        };
        let answer = self.inquiry.with_archive().answer(chamber, MINUTE, hear)?;
        let Shelved { whose, book, in_book_through, .. } = match answer {
            Ok(shelved) => shelved,
            Err(error) => return Ok(not_yet(error)),
        };
        let history = histories.remove(&whose).unwrap_or_default();
        let mut page = Page::open();
        if self.json {
            let changes: Vec<Value> = history.iter().map(in_json).collect();
            let told = json!({
                "version": 1, "matter": matter, "changes": changes, "ledger": whose,
                "completeThrough": book.complete_through(),
            });
            page.line(&told.to_string())?;
            return Ok(Verdict::Done);
        }
        for enacted in &history {
            page.line(&line(enacted))?;
        }
        if in_book_through > 0 {
            anstream::eprintln!(
                "The archive is not here: of decrees through {in_book_through} the law book tells what they left, not what they changed."
            );
        }
        anstream::eprintln!("{}", as_of(&whose, &book));
        Ok(Verdict::Done)
    }
}

/// Prints each change of the law once, when the first ledger is complete through it.
fn follow(
    chamber: &Chamber,
    matter: Option<&Phrase>,
    after: Option<DecreeNumber>,
    json: bool,
) -> Result<Verdict, Failure> {
    let interrupted = super::catch_interrupts()?;
    let mut shelf = Shelf::of(chamber, None, after.is_some())?;
    let mut page = Page::open();
    let mut told_through = after;
    while !interrupted.load(Ordering::Relaxed) {
        let mut news = BTreeMap::new();
        shelf.look(&mut |_, enacted| {
            news.entry(enacted.number).or_insert(enacted);
        })?;
        let last = news.last_key_value().map(|(&number, _)| number);
        // What stands there already is told only to whoever asked for it.
        let from = *told_through.get_or_insert(last.unwrap_or_default());
        for enacted in news.range(from + 1..).map(|(_, enacted)| enacted) {
            if enacted.response.as_ref().is_some_and(|told| is_change(told, matter)) {
                page.line(&if json { in_json(enacted).to_string() } else { line(enacted) })?;
            }
        }
        told_through = told_through.max(last);
        if page.is_closed() {
            break;
        }
        std::thread::sleep(LOOK);
    }
    Ok(Verdict::Done)
}

/// Whether an entry of the law changed, on this matter if one is given.
fn is_change(response: &Response, matter: Option<&Phrase>) -> bool {
    response.changed_the_law() && (matter.is_none() || response.matter() == matter)
}

fn line(enacted: &Enacted<Response>) -> String {
    let response = enacted.response.as_ref().map(ToString::to_string);
    format!("{}: {}", enacted.number, response.unwrap_or_default())
}

fn in_json(enacted: &Enacted<Response>) -> Value {
    json!({
        "number": enacted.number, "decree": enacted.decree.text(), "answer": enacted.response,
    })
}

/// What the answer is true of: the number to quote in the next inquiry.
fn as_of(whose: &Name, book: &crate::law::LawBook) -> String {
    let mut text = format!("As of decree {}, by {whose}'s ledger.", book.complete_through());
    match book.waiting() {
        0 => {}
        1 => text += " A decree beyond a gap waits in the back.",
        n => text += &format!(" {n} decrees beyond a gap wait in the back."),
    }
    text
}
