//! `parliament synod`: the Synod chooses one decree. `[PTP §2]`

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::Utc;
use clap::Args;
use serde_json::json;

use crate::chamber::Chamber;
use crate::god::Convening;
use crate::god::news::{Curiosity, News};
use crate::god::synod::{Absence, Outcome, Plan, hold};
use crate::story;
use crate::synod::majority::PAPERS_ALPHA;
use crate::synod::time::PRESENCE;
use crate::synod::{Decree, Founding, Minutes, Name};

use super::arguments::{self, Length, Names};
use super::page::{Page, dim_section};
use super::{Failure, Verdict};

const EXAMPLES: &str = "\
Examples:
  parliament synod \"Painting on temple walls is forbidden\"
  parliament synod --absent Lynch,Oki \"Lamps must use only olive oil\"
  parliament synod --lose 0.2 --repeat 0.1 --delay 0..9 --seed 7 \"The olive tax is 3 drachmas per ton\"
  parliament synod --president Fischer,Lynch --leave Dwork@30..60 \"Freedom of artistic expression is guaranteed\"";

/// The Synod chooses one decree, through ledgers and messagebooks.
///
/// Founds the chamber if it is new, brings the priests in, and ends when every priest present has
/// the decree in his ledger. A Synod that has chosen answers with the decree it chose.
#[derive(Args)]
#[command(before_help = EXAMPLES)]
pub struct Synod {
    /// The decree to propose; `-` reads it from standard input.
    #[arg(allow_hyphen_values = true)]
    decree: String,
    /// Found the chamber for so many priests, or for these: `7`, or `A,B:2,Γ` with weights.
    #[arg(long, value_name = "N|NAMES")]
    priests: Option<String>,
    /// Priests who are not in the Chamber.
    #[arg(long, value_name = "NAMES", default_value = None)]
    absent: Option<Names>,
    /// Priests who think that they preside, whatever they hear.
    #[arg(long, value_name = "NAMES")]
    president: Option<Names>,
    /// A priest leaves and returns, his slip of paper lost: `Dwork@30..60`, in Paxon minutes.
    #[arg(long, value_name = "NAME@FROM..UNTIL", value_parser = arguments::absence)]
    leave: Vec<Absence>,
    /// The probability that a messenger loses a letter.
    #[arg(long, value_name = "P", default_value = "0", value_parser = arguments::probability)]
    lose: f64,
    /// The probability that a messenger delivers a letter once more.
    #[arg(long, value_name = "P", default_value = "0", value_parser = arguments::probability)]
    repeat: f64,
    /// How long letters take, in Paxon minutes.
    #[arg(long, value_name = "LEAST..MOST", default_value = "0..0", value_parser = arguments::span)]
    delay: (Minutes, Minutes),
    /// From which all chance follows; drawn and printed when not given.
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,
    /// How long to wait for the decree: Paxon minutes, or wall time such as `5s`.
    #[arg(long, value_name = "MINUTES", default_value = "500")]
    within: Length,
    /// How long a Paxon minute lasts.
    #[arg(long, value_name = "DURATION", default_value = "20ms", value_parser = arguments::minute)]
    minute: Duration,
    /// Print the decree alone.
    #[arg(long, short, conflicts_with = "json")]
    quiet: bool,
    /// Print one JSON object per line, the same events.
    #[arg(long)]
    json: bool,
}

/// A use of the command that cannot be.
#[derive(Debug, thiserror::Error)]
enum Misuse {
    #[error("{0} is no priest of this chamber, whose founding decree is: {1}")]
    Stranger(Name, Founding),
    #[error("nobody is left in the Chamber: every priest is absent")]
    Nobody,
    #[error(
        "this chamber was founded for: {standing}\nand --priests asks for: {asked}\nleave --priests out, or name another --chamber"
    )]
    FoundedForOthers { standing: Founding, asked: Founding },
    #[error("--priests takes 1 to 101 priests, and {0} is not that")]
    HowMany(u64),
}

impl Synod {
    /// Runs the command in this chamber.
    ///
    /// # Errors
    /// Whatever keeps the Synod from beginning: exit code 2.
    pub fn run(self, chamber: &Chamber) -> Result<Verdict, Failure> {
        let decree = Decree::new(&arguments::text_or_stdin(&self.decree)?)?;
        let asked = self.priests.as_deref().map(founding).transpose()?;
        let plan = self.plan(chamber, decree, asked)?;
        let interrupted = super::catch_interrupts()?;
        let mut page = Page::open();
        let mut failed = Ok(());
        self.announce(&mut page, &plan)?;
        let outcome = hold(&plan, interrupted, |news| {
            if failed.is_ok() {
                failed = self.tell(&mut page, news);
            }
        })?;
        failed?;
        self.conclude(&mut page, &plan, &outcome)?;
        Ok(verdict(&outcome))
    }

    /// Checks everything before anyone acts, so that a Synod that cannot be held changes nothing.
    fn plan(
        &self,
        chamber: &Chamber,
        decree: Decree,
        asked: Option<Founding>,
    ) -> Result<Plan, Failure> {
        let standing = chamber.founding()?;
        if let (Some(standing), Some(asked)) = (&standing, &asked)
            && standing != asked
        {
            let (standing, asked) = (standing.clone(), asked.clone());
            return Err(Misuse::FoundedForOthers { standing, asked }.into());
        }
        let founding = match standing.clone().or(asked) {
            Some(founding) => founding,
            None => self::founding("5")?,
        };
        let absent = self.named(&self.absent, &founding)?;
        let presidents = self.named(&self.president, &founding)?;
        for absence in &self.leave {
            if !founding.membership.has(absence.name) {
                return Err(Misuse::Stranger(absence.name, founding).into());
            }
        }
        let priests: Vec<Name> =
            founding.membership.names().filter(|name| !absent.contains(name)).collect();
        if priests.is_empty() {
            return Err(Misuse::Nobody.into());
        }
        if standing.is_some() {
            for &name in &priests {
                chamber.check(name)?;
            }
        } else {
            chamber.found(&founding)?;
        }
        let convening = Convening {
            chamber: chamber.clone(),
            priests,
            roads: crate::chamber::messenger::Roads {
                lose: self.lose,
                repeat: self.repeat,
                delay_minutes: self.delay,
            },
            seed: self.seed.unwrap_or_else(arguments::fresh_seed),
            minute: self.minute,
            curiosity: Curiosity::Acts,
        };
        let within = self.within.in_minutes(self.minute);
        let absences = self.leave.clone();
        Ok(Plan { convening, founding, decree, presidents, absences, patience: PRESENCE, within })
    }

    fn named(&self, names: &Option<Names>, founding: &Founding) -> Result<BTreeSet<Name>, Misuse> {
        let named: BTreeSet<Name> = names.iter().flat_map(|names| names.iter().copied()).collect();
        match named.iter().find(|&&name| !founding.membership.has(name)) {
            Some(&stranger) => Err(Misuse::Stranger(stranger, founding.clone())),
            None => Ok(named),
        }
    }

    fn announce(&self, page: &mut Page, plan: &Plan) -> std::io::Result<()> {
        let inside = joined(plan.convening.priests.iter());
        let (seed, minute) = (plan.convening.seed, humantime::format_duration(self.minute));
        if self.json {
            return page.line(
                &json!({
                    "event": "convened", "version": 1, "founding": plan.founding.to_string(),
                    "present": plan.convening.priests, "proposed": plan.decree.text(),
                    "seed": seed, "minute": minute.to_string(),
                })
                .to_string(),
            );
        }
        if self.quiet {
            return Ok(());
        }
        page.line(&format!("In the Chamber: {inside}. A minute lasts {minute}; seed {seed}."))?;
        page.line(&format!("Proposed: “{}”\n", plan.decree))
    }

    fn tell(&self, page: &mut Page, news: &News) -> std::io::Result<()> {
        if self.json {
            return story::json(news, Utc::now())
                .map_or(Ok(()), |told| page.line(&told.to_string()));
        }
        match story::line(news) {
            Some(line) if !self.quiet => page.line(&dim_section(&line)),
            _ => Ok(()),
        }
    }

    fn conclude(&self, page: &mut Page, plan: &Plan, outcome: &Outcome) -> std::io::Result<()> {
        if self.json {
            return page.line(&end_in_json(plan, outcome).to_string());
        }
        if self.quiet {
            return match &outcome.decree {
                Some(decree) if outcome.is_complete() => page.line(decree.text()),
                _ => {
                    anstream::eprintln!("{}", shortfall(plan, outcome));
                    Ok(())
                }
            };
        }
        page.line("")?;
        if outcome.is_complete() {
            success(page, plan, outcome)?
        } else {
            page.line(&shortfall(plan, outcome))?
        }
        let counts = &outcome.counts;
        page.line(&format!(
            "{} letters sent, {} lost, {} repeated; {} rows inked; {} Paxon minutes ({:.1?})",
            counts.sent, counts.lost, counts.repeated, counts.inked, outcome.took, outcome.wall
        ))?;
        page.line("Next: parliament ledgers")
    }
}

/// The founding that `--priests` asks for: a number, or names with weights.
fn founding(text: &str) -> Result<Founding, Failure> {
    if let Ok(how_many) = text.parse::<u64>() {
        let names = arguments::paxons(how_many).ok_or(Misuse::HowMany(how_many))?;
        return Ok(Founding::new(names.into_iter().map(|name| (name, 1)), PAPERS_ALPHA)?);
    }
    Ok(text.replace(',', " ").parse::<Founding>()?)
}

fn verdict(outcome: &Outcome) -> Verdict {
    match outcome {
        Outcome { interrupted: true, .. } => Verdict::Interrupted,
        outcome if outcome.is_complete() => Verdict::Done,
        _ => Verdict::Wanting,
    }
}

fn success(page: &mut Page, plan: &Plan, outcome: &Outcome) -> std::io::Result<()> {
    let Some(decree) = &outcome.decree else { return Ok(()) };
    page.line(&format!("Decree 1: {decree}"))?;
    match outcome.ballot {
        Some(ballot) => page.line(&format!(
            "Passed in ballot {ballot}; it stands in the ledger of {}.",
            joined(outcome.inside.iter())
        ))?,
        None => {
            page.line("It stands in every ledger present; no majority is here to hold a ballot.")?
        }
    }
    if outcome.chosen_before || *decree != plan.decree {
        page.line("The Synod had chosen before, and B3 gives the same decree again.  PTP §2.1")?;
    }
    Ok(())
}

/// What was not reached, who is missing, and what the paper promises.
fn shortfall(plan: &Plan, outcome: &Outcome) -> String {
    let mut lines = Vec::new();
    for (name, why) in &outcome.driven_out {
        lines.push(format!("{name} was driven out of the Chamber: {why}"));
    }
    let wall = plan.within.in_thousandths() as f64 / 1000.0 * plan.convening.minute.as_secs_f64();
    let bound = format!("{} Paxon minutes ({wall:.1} s)", plan.within);
    lines.push(match (&outcome.decree, outcome.interrupted) {
        (_, true) => "Interrupted; every ledger is whole.".into(),
        (None, _) => format!("No decree was passed within {bound}."),
        (Some(decree), _) => format!(
            "“{decree}” was passed, but within {bound} it did not reach {}.",
            joined(outcome.lacking.iter())
        ),
    });
    if !outcome.majority_inside {
        let missing: Vec<Name> = plan
            .founding
            .membership
            .names()
            .filter(|name| !outcome.inside.contains(name))
            .collect();
        lines.push(format!(
            "Missing: {}. Without a majority in the Chamber the paper promises nothing (PTP §1.2); \
             nothing is lost, run again when they are back.",
            joined(missing.iter())
        ));
    }
    lines.join("\n")
}

fn end_in_json(plan: &Plan, outcome: &Outcome) -> serde_json::Value {
    let missing: Vec<Name> =
        plan.founding.membership.names().filter(|name| !outcome.inside.contains(name)).collect();
    json!({
        "event": "closed",
        "complete": outcome.is_complete(),
        "decree": outcome.decree.as_ref().map(Decree::text),
        "number": 1,
        "ballot": outcome.ballot,
        "chosenBefore": outcome.chosen_before || outcome.decree.as_ref().is_some_and(|d| *d != plan.decree),
        "inside": outcome.inside,
        "missing": missing,
        "lacking": outcome.lacking,
        "drivenOut": outcome.driven_out,
        "sent": outcome.counts.sent,
        "lost": outcome.counts.lost,
        "repeated": outcome.counts.repeated,
        "inked": outcome.counts.inked,
        "minutes": outcome.took,
        "milliseconds": outcome.wall.as_secs_f64() * 1000.0,
        "seed": plan.convening.seed,
    })
}

fn joined<'a>(names: impl Iterator<Item = &'a Name>) -> String {
    names.map(Name::as_str).collect::<Vec<_>>().join(", ")
}
