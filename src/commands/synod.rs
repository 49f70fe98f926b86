//! `parliament synod`: the Synod chooses one decree. `[PTP §2]`

use std::collections::BTreeMap;
use std::path::Path;

use clap::Args;
use serde_json::json;

use crate::chamber::{Chamber, wall_clock};
use crate::god::news::{Curiosity, News};
use crate::god::synod::{Absence, Outcome, Plan, hold};
use crate::story;
use crate::words::shown::counted;
use crate::words::time::PRESENCE;
use crate::words::{Decree, DecreeNumber, Name};

use super::arguments::{self, Length, Names};
use super::attendance::Attendance;
#[cfg(feature = "chronicle")]
use super::chronicle::{Ran, draw_into};
use super::concluded::{end_in_json, joined, shortfall, success};
#[cfg(feature = "chronicle")]
use super::output::Kind;
use super::output::Output;
use super::page::{Page, story_line};
use super::shelf::refusals::refuse_far_dates;
use super::world::{Circumstances, Misuse, named};
use super::{Failure, Verdict};

const EXAMPLES: &str = "\
Examples:
  parliament synod \"Painting on temple walls is forbidden\"
  parliament synod --chamber three --absent Lynch,Oki \"Lamps burn olive oil\"
  parliament synod --chamber storm --lose 0.2 --repeat 0.1 --delay 0..9 \\
    --seed 7 --minute 2ms --within 20000 \"The olive tax is 3 drachmas per ton\"
  parliament synod --chamber leaves --delay 5..9 --president Fischer,Lynch \\
    --leave Dwork@10..40 \"Freedom of artistic expression is guaranteed\"
  parliament synod --chamber wishes --president Fischer,Lynch \\
    --wish Fischer=\"Goats may graze\" \"Lamps burn olive oil\"
  # Fischer and Oki duel until one of them leaves, or waits for the other:
  parliament synod --chamber duel --president Fischer --paper --delay 4..4 \\
    --within 100 \"Figs are free\"                        # exit code 1
  parliament synod --chamber duel --president Fischer --paper --delay 4..4 \\
    --leave Fischer@50..900 \"Figs are free\"
  parliament synod --chamber calm --president Fischer --delay 4..4 \"Figs\"";

/// The Synod chooses one decree, through ledgers and messagebooks.
///
/// Founds the chamber if it is new, brings the priests in, and ends when every priest present has
/// the decree in his ledger. Where B3 binds the Synod to an older decree it passes that one, and
/// says by whose vote; it says that this had been chosen before only where the ledgers prove it.
#[derive(Args)]
#[command(before_help = EXAMPLES)]
pub struct Synod {
    /// The decree to propose; `-` reads it from standard input.
    #[arg(allow_hyphen_values = true)]
    decree: String,
    #[command(flatten)]
    attendance: Attendance,
    /// Priests who think that they preside, even if they hear of another president.
    #[arg(long, value_name = "NAMES")]
    president: Option<Names>,
    /// A priest who presides proposes this instead: `Fischer=Goats`; so rivals differ.
    #[arg(long, value_name = "NAME=DECREE", value_parser = arguments::wish)]
    wish: Vec<(Name, Decree)>,
    /// A rival tries again at once, as §2.4 of the paper has it; otherwise he first waits 7
    /// minutes for each name above his. So a duel of presidents may go on until one leaves.
    #[arg(long)]
    paper: bool,
    /// While an absent priest owes an answer to a NextBallot or BeginBallot, nobody's hourglass
    /// runs, for `--within` at most: so you may play him by hand, in an editor.
    #[arg(long, conflicts_with = "delay")]
    patient: bool,
    /// A priest leaves and returns, his slip of paper lost: `Dwork@30..60`, in Paxon minutes.
    #[arg(long, value_name = "NAME@FROM..UNTIL", value_parser = arguments::absence)]
    leave: Vec<Absence>,
    #[command(flatten)]
    world: Circumstances,
    /// Draw the run into this file, as `parliament chronicle` does: `.html`, `.svg`, `.txt`. The
    /// trace is written beside it, as `.trace.csv`, unless `--trace` names a file.
    #[cfg(feature = "chronicle")]
    #[arg(long, value_name = "FILE")]
    chronicle: Option<std::path::PathBuf>,
    /// How long to wait for the decree: Paxon minutes, or wall time such as `5s`.
    #[arg(long, value_name = "MINUTES", default_value = "500")]
    within: Length,
    /// Propose even a decree dated more than 31 days ahead of this machine's clock: no later term
    /// of office can begin before its date.
    #[arg(long)]
    ahead: bool,
    /// Print the decree alone.
    #[arg(long, short, conflicts_with = "json")]
    quiet: bool,
    /// Print one JSON object per line, the same events.
    ///
    /// The last line is `closed`. Its `boundBy` is the vote that, by B3, bound the ballot to the
    /// decree; `chosenIn` the earlier ballot that the ledgers prove to have chosen it;
    /// `inkedBefore` the priests in whose ledgers it stood before; `contradiction` the ledger that
    /// has another decree; `byHand` the rows that were written by hand. An unknown value is null.
    #[arg(long)]
    json: bool,
}

/// Decree 1 is law already, and its votes are crossed out. `[PTP §3.3.2]`
#[derive(Debug, thiserror::Error)]
#[error(
    "{path}: this ledger is a law book, complete through decree {through}: decree 1 is law, and the Synod has nothing left to choose; `parliament law` tells the law, `parliament pass DECREE` passes the next decree",
    path = path.display()
)]
struct IsLaw {
    path: std::path::PathBuf,
    through: DecreeNumber,
}

/// Standard output cannot be read again.
#[cfg(feature = "chronicle")]
#[derive(Debug, thiserror::Error)]
#[error("a Synod is drawn from its trace, which must be a file: say `--trace FILE` too")]
struct DrawnFromAFile;

impl Synod {
    /// Runs the command in this chamber.
    ///
    /// # Errors
    /// Whatever keeps the Synod from beginning: exit code 2.
    pub fn run(self, chamber: &Chamber) -> Result<Verdict, Failure> {
        let decree = Decree::proposed(&arguments::text_or_stdin(&self.decree)?)?;
        let wished = self.wish.iter().map(|(_, decree)| decree.clone());
        let proposed: Vec<Decree> = wished.chain([decree.clone()]).collect();
        refuse_far_dates(chamber, &proposed, wall_clock(), self.ahead)?;
        let trace = self.trace()?;
        let mut plan = self.plan(chamber, decree)?;
        plan.convening.trace = trace.clone().map(Output::paper);
        let interrupted = super::ending::catch_interrupts()?;
        let mut page = Page::beside(self.files());
        // Nobody is in the Chamber before there is news of it: a Synod may yet be refused.
        let (mut announced, mut failed) = (false, Ok(()));
        let outcome = hold(&plan, interrupted, |news| {
            if !std::mem::replace(&mut announced, true) {
                failed = self.announce(&mut page, &plan);
            }
            if failed.is_ok() {
                failed = self.tell(&mut page, news);
            }
        })?;
        failed?;
        self.conclude(&mut page, &plan, &outcome)?;
        #[cfg(feature = "chronicle")]
        if let (Some(drawing), Some(trace)) = (self.drawing(), &trace) {
            draw_into(Ran::Traced(trace.path()), &drawing)?;
        }
        Ok(verdict(&outcome))
    }

    #[cfg(feature = "chronicle")]
    fn drawing(&self) -> Option<Output> {
        let file = self.chronicle.as_ref()?;
        Some(Output::of(file, Kind::Drawing, self.world.force))
    }

    /// The files that are to be written, as the user named them.
    fn files(&self) -> impl Iterator<Item = &Path> {
        #[cfg(feature = "chronicle")]
        let drawing = self.chronicle.as_deref();
        #[cfg(not(feature = "chronicle"))]
        let drawing = None;
        self.world.trace.as_deref().into_iter().chain(drawing)
    }

    /// The trace that is to be written. Ledgers and messagebooks know nothing of letters lost: a
    /// trace does, so a drawing is drawn from one.
    fn trace(&self) -> Result<Option<Output>, Failure> {
        let trace = self.world.traced()?;
        #[cfg(feature = "chronicle")]
        if let Some(drawing) = self.drawing() {
            drawing.check()?;
            let beside = || {
                let file = drawing.path().with_extension("trace.csv");
                Output::of(&file, Kind::Trace, self.world.force)
            };
            let is_in_the_way = trace.as_ref().unwrap_or(&drawing).is_stdout();
            if is_in_the_way {
                return Err(DrawnFromAFile.into());
            }
            let trace = trace.unwrap_or_else(beside);
            trace.check()?;
            return Ok(Some(trace));
        }
        Ok(trace)
    }

    /// Checks everything before anyone acts, so that a Synod that cannot be held changes nothing.
    fn plan(&self, chamber: &Chamber, decree: Decree) -> Result<Plan, Failure> {
        let invited = self.attendance.invite(chamber)?;
        let founding = invited.founding.clone();
        let presidents = named(&self.president, &founding)?;
        if let Some(absence) = self.leave.iter().find(|a| !founding.membership.has(a.name)) {
            return Err(Misuse::NotOfSynod(absence.name, founding).into());
        }
        if let Some((stranger, _)) = self.wish.iter().find(|(n, _)| !founding.membership.has(*n)) {
            return Err(Misuse::NotOfSynod(*stranger, founding).into());
        }
        invited.make_ready(chamber)?;
        // The Synod's decree is decree 1. The members of decree 0 vote on it, even if others sit
        // by now.
        let priests = invited.inside.into_iter().filter(|&name| founding.membership.has(name));
        let priests: Vec<Name> = priests.collect();
        for &name in &priests {
            if let Some(through) = chamber.law_book_of(name) {
                return Err(IsLaw { path: chamber.ledger(name), through }.into());
            }
        }
        let convening = self.world.convening(chamber, priests, Curiosity::Acts);
        let within = self.within.in_minutes(convening.minute);
        let absences = self.leave.clone();
        Ok(Plan {
            convening,
            founding,
            decree,
            wishes: self.wish.iter().cloned().collect(),
            rivals_insist: self.paper,
            is_patient: self.patient,
            presidents,
            absences,
            patience: PRESENCE,
            within,
        })
    }

    fn announce(&self, page: &mut Page, plan: &Plan) -> std::io::Result<()> {
        let inside = joined(plan.convening.priests.iter());
        let (seed, minute) =
            (plan.convening.seed, humantime::format_duration(plan.convening.minute));
        if self.json {
            return page.line(
                &json!({
                    "event": "convened", "version": 2, "founding": plan.founding.to_string(),
                    "present": plan.convening.priests, "proposed": plan.decree.text(),
                    "wishes": plan.wishes.iter().map(|(name, it)| (name, it.text())).collect::<BTreeMap<_, _>>(),
                    "seed": seed, "minute": minute.to_string(),
                })
                .to_string(),
            );
        }
        if self.quiet {
            return Ok(());
        }
        page.line(&format!("In the Chamber: {inside}. A minute lasts {minute}; seed {seed}."))?;
        page.line(&format!("Proposed: “{}”", plan.decree))?;
        for (name, wish) in &plan.wishes {
            page.line(&format!("Proposed by {name}: “{wish}”"))?;
        }
        page.line("")
    }

    fn tell(&self, page: &mut Page, news: &News) -> std::io::Result<()> {
        if self.json {
            return story::json(news, wall_clock())
                .map_or(Ok(()), |told| page.line(&told.to_string()));
        }
        match story::line(news) {
            Some(line) if !self.quiet => page.line(&story_line(&line)),
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
                    crate::commands::page::aside!("{}", shortfall(plan, outcome));
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
            "{} sent, {} lost, {} repeated; {} inked; {} Paxon minutes ({:.1?})",
            counted(counts.sent, "letter"),
            counts.lost,
            counts.repeated,
            counted(counts.inked, "row"),
            outcome.took,
            outcome.wall
        ))?;
        if !outcome.by_hand.is_empty() {
            page.line(&format!("Written by hand: {}.", outcome.by_hand.join(", ")))?;
        }
        page.line("Next: parliament ledgers")
    }
}

fn verdict(outcome: &Outcome) -> Verdict {
    match outcome {
        Outcome { interrupted: true, .. } => Verdict::Interrupted,
        outcome if outcome.is_complete() => Verdict::Done,
        _ => Verdict::Wanting,
    }
}
