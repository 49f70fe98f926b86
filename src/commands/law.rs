//! `parliament law`: the law book, its matters, and how it came to be. `[PTP §3.3.2, §3.3.4]`

use std::collections::BTreeMap;

use clap::{Args, Subcommand};
use serde_json::json;

use crate::chamber::Chamber;
use crate::god::hour::MINUTE;
use crate::law::matters::Statute;
use crate::law::{Enacted, Meaning, Phrase, Response};
use crate::words::{Decree, DecreeNumber, Name};

use super::page::{Page, table};
use super::petition::Asking;
use super::shelf::Shelved;
use super::shelf::inquiry::{BySpecialist, NotNow, View, Whom, as_of, not_now};
use super::{Failure, Verdict, changes};

const EXAMPLES: &str = "\
Examples:
  parliament pass \"The law on olive tax is 2 drachmas per ton\"
  parliament law
  parliament sit --quiet &                    # keeps the chamber open
  parliament law set \"olive tax\" \"3 drachmas per ton\"
  parliament law set \"olive tax\" \"6 drachmas per ton\" \\
    --provided \"3 drachmas per ton\"
  parliament law get \"olive tax\" --at-least 3
  parliament law get \"olive tax\" --slow
  parliament law history \"olive tax\"
  kill $!                                     # closes it
  parliament law follow --after 0             # until Ctrl-C";

/// Read the law that the decrees make, and change it.
#[derive(Args)]
#[command(before_help = EXAMPLES, args_conflicts_with_subcommands = true)]
pub struct Law {
    #[command(subcommand)]
    what: Option<What>,
    #[command(flatten)]
    view: View,
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
        specialist: BySpecialist,
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
        /// The new law: `3 drachmas per ton`.
        #[arg(value_parser = Phrase::new, allow_hyphen_values = true)]
        value: Phrase,
        /// Only if the law is this when the decree takes effect.
        #[arg(long, value_name = "VALUE", value_parser = Phrase::new, allow_hyphen_values = true)]
        provided: Option<Phrase>,
        #[command(flatten)]
        specialist: BySpecialist,
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
        specialist: BySpecialist,
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
            Some(What::Get { matter, slow, specialist, asking, view }) => {
                view.get(chamber, &asking, &matter, slow, &specialist.about(&matter))
            }
            Some(What::Set { matter, value, provided, specialist, asking, view }) => {
                let whom = specialist.about(&matter);
                view.pass(chamber, &asking, &Meaning::Declares { matter, value, provided }, &whom)
            }
            Some(What::Repeal { matter, specialist, asking, view }) => {
                let whom = specialist.about(&matter);
                view.pass(chamber, &asking, &Meaning::Repeals { matter }, &whom)
            }
            Some(What::History { matter, view }) => changes::history(&view, chamber, &matter),
            Some(What::Follow { matter, after, json }) => {
                changes::follow(chamber, matter.as_ref(), after, json)
            }
        }
    }
}

impl View {
    /// The law from a ledger that goes far enough.
    fn law(&self, chamber: &Chamber) -> Result<Result<Shelved, NotNow>, Failure> {
        self.inquiry.answer(chamber, MINUTE, |_, _| {})
    }

    fn show_book(&self, chamber: &Chamber) -> Result<Verdict, Failure> {
        let Shelved { whose, book, .. } = match self.law(chamber)? {
            Ok(shelved) => shelved,
            Err(error) => return Ok(not_now(error)),
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
        whom: &Whom<'_>,
    ) -> Result<Verdict, Failure> {
        let mut inquiry = self.inquiry.clone();
        if slow {
            let reading = Meaning::Reads { citizen: asking.citizen };
            match asking.ask(chamber, &reading.to_string())? {
                Ok((number, _)) => inquiry = inquiry.through(number),
                Err(unpassed) => return Ok(unpassed.verdict),
            }
        }
        let answer = inquiry.answer_by(whom, chamber, asking.minute, |_, _| {})?;
        let Shelved { whose, book, .. } = match answer {
            Ok(shelved) => shelved,
            Err(error) => return Ok(not_now(error)),
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
            crate::commands::page::aside!("{}", as_of(&whose, &book));
        } else {
            crate::commands::page::aside!(
                "parliament: there is no law on {matter}. {}",
                as_of(&whose, &book)
            );
        }
        Ok(if statute.is_some() { Verdict::Done } else { Verdict::Wanting })
    }

    /// Passes a decree and prints what it answers, by the ledger of the one who is asked: so a
    /// citizen learns from a specialist alone what he passes in that one's area.
    ///
    /// # Errors
    /// When there is no Parliament here, or its ledgers cannot be read.
    pub fn pass(
        &self,
        chamber: &Chamber,
        asking: &Asking,
        meaning: &Meaning,
        whom: &Whom<'_>,
    ) -> Result<Verdict, Failure> {
        let (number, decree) = match asking.ask(chamber, &meaning.to_string())? {
            Ok(passed) => passed,
            Err(unpassed) => return Ok(unpassed.verdict),
        };
        self.tell_answer(chamber, asking, (number, decree), whom).or_else(|error| {
            crate::commands::page::aside!(
                "parliament: it is passed as decree {number}; its response cannot be read: {error}"
            );
            Ok(Verdict::Wanting)
        })
    }

    /// Prints what a passed decree answers.
    fn tell_answer(
        &self,
        chamber: &Chamber,
        asking: &Asking,
        (number, decree): (DecreeNumber, Decree),
        whom: &Whom<'_>,
    ) -> Result<Verdict, Failure> {
        let mut answered = None;
        let inquiry = self.inquiry.through(number);
        // Where it stands in a law book already, the archive has what it answered.
        for inquiry in [inquiry.clone(), inquiry.with_archive()] {
            let hear = |_: Name, enacted: Enacted<Response>| {
                if enacted.number == number {
                    answered = Some(enacted.response);
                }
            };
            if let Err(error) = inquiry.answer_by(whom, chamber, asking.minute, hear)? {
                crate::commands::page::aside!(
                    "parliament: it is passed as decree {number}; its response is not known yet, `parliament law --at-least {number}` waits for it"
                );
                return Ok(not_now(error));
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
                Response::NotAsProvided { .. }
                    | Response::Repealed { was: None, .. }
                    | Response::Refused { .. }
                    | Response::Stands { .. }
            )
        );
        Ok(if in_vain { Verdict::Wanting } else { Verdict::Done })
    }
}
