//! `parliament pass`: decrees, one after the other. `[PTP §3.1]`

use std::io::Read;
use std::sync::atomic::AtomicBool;

use clap::Args;
use indicatif::ProgressBar;

use crate::chamber::{Chamber, LedgerError, wall_clock};
use crate::god::citizen::Citizen;
use crate::god::errand::{Errand, Passage};
use crate::god::hour::Hour;
use crate::god::news::{Curiosity, News, Tiding};
use crate::god::parliament::{self, Assembly, Manner};
use crate::god::{Convening, GodError};
use crate::story;
use crate::words::ballot::DecreeError;
use crate::words::shown::counted;
use crate::words::step::Act;
use crate::words::{Decree, Founding, Minutes, Name};

use super::arguments::{self, Length};
use super::attendance::Attendance;
use super::awaited::{self, ShutOut};
use super::output::Output;
use super::page::{Page, progress};
use super::passage::{Ours, Told, cost, in_json};
use super::petition::{Outside, Watched, whom_to_ask};
use super::repeats::Repeats;
use super::shelf::refusals::{
    change_of_seat, refuse_far_dates, refuse_inadmissible, refuse_to_drown, say_what_resembles,
};
use super::world::{Circumstances, LongLedgers};
use super::{Failure, Verdict};

/// How many decrees are printed with their numbers; of more, the last are.
const PRINTED: usize = 20;

const EXAMPLES: &str = "\
Examples:
  parliament pass \"The olive tax is 3 drachmas per ton\" \"Lamps burn olive oil\"
  seq 1 100 | sed 's/^/The toll is /' > decrees.txt
  parliament pass --from decrees.txt";

/// Pass decrees, in order; each gets a number and stands in every ledger inside.
///
/// While a sitting is open on this chamber they are handed in as petitions.
#[derive(Args)]
#[command(before_help = EXAMPLES)]
pub struct Pass {
    /// The decrees.
    decrees: Vec<String>,
    /// Read decrees from a file, one a line; `-` is standard input.
    #[arg(long, value_name = "FILE", conflicts_with = "decrees")]
    from: Option<String>,
    /// Pass over lines that are no decrees, saying so.
    // An option that conflicts with the file lifts its requirement, so it must conflict with this
    // too.
    #[arg(long, requires = "from", conflicts_with = "decrees")]
    skip_bad: bool,
    #[command(flatten)]
    attendance: Attendance,
    #[command(flatten)]
    world: Circumstances,
    #[command(flatten)]
    long: LongLedgers,
    /// How long to wait for all decrees: Paxon minutes, or wall time such as `5m`. Default: 500
    /// minutes, plus one for each decree.
    #[arg(long, value_name = "MINUTES")]
    within: Option<Length>,
    /// While an absent legislator owes an answer to a NextBallot or BeginBallot, nobody's hourglass
    /// runs, for `--within` at most: so you may play him by hand, in an editor.
    #[arg(long, requires = "within", conflicts_with = "delay")]
    patient: bool,
    /// The citizen who asks.
    #[arg(long, value_name = "NAME", default_value = "Citizen")]
    citizen: Name,
    /// Pass even a decree that would leave no majority of legislators inside the Chamber.
    #[arg(long)]
    drown: bool,
    /// Pass even a decree dated more than 31 days ahead of this machine's clock: no later term of
    /// office can begin before its date.
    #[arg(long)]
    ahead: bool,
    /// Print every act, with its section of the paper.
    #[arg(long, short)]
    verbose: bool,
    /// Print the decrees and their numbers alone.
    #[arg(long, short, conflicts_with_all = ["verbose", "json"])]
    quiet: bool,
    /// Print one JSON object: the decrees that passed and their cost; `mayYetPass` lists petitions
    /// handed in and not seen to pass.
    #[arg(long)]
    json: bool,
}

/// Lines that are no decrees.
#[derive(Debug, thiserror::Error)]
#[error(
    "{file}:{line}: {error}\n  {text}\nno decree of this file was handed in; --skip-bad passes the other lines"
)]
struct BadLine {
    file: String,
    line: usize,
    text: String,
    error: DecreeError,
}

/// Nothing to pass.
#[derive(Debug, thiserror::Error)]
enum Nothing {
    /// Neither decrees nor a file.
    #[error("no decree is given; write some, or name a file of them by --from FILE")]
    Given,
    /// A file without any.
    #[error("{0}: there is no decree in it")]
    In(String),
}

/// Decrees handed in to a sitting of others, whose doings only they can write down.
#[derive(Debug, thiserror::Error)]
#[error(
    "`--trace` is not available: another process runs this chamber. Start that one with `parliament sit --trace FILE`"
)]
struct NotOurs;

/// Decrees handed in to a sitting of others, whose hourglasses only they can stop.
#[derive(Debug, thiserror::Error)]
#[error(
    "`--patient` is not available: another process runs this chamber. Start that one with `parliament sit --patient`"
)]
struct NotPatient;

impl Pass {
    /// Runs the command in this chamber.
    ///
    /// # Errors
    /// Whatever keeps the Parliament from sitting: exit code 2.
    pub fn run(self, chamber: &Chamber) -> Result<Verdict, Failure> {
        let within = self.within.map(|within| within.lasts(self.world.minute));
        let chamber = &within.map_or(chamber.clone(), |it| chamber.clone().waiting_at_most(it));
        let trace = self.world.traced()?;
        let decrees = self.with_ids(self.read()?)?;
        refuse_far_dates(chamber, &decrees, wall_clock(), self.ahead)?;
        let invited = self.attendance.invite(chamber)?;
        invited.make_ready(chamber)?;
        refuse_inadmissible(chamber, &decrees)?;
        if !self.drown {
            let inside = || Ok(invited.inside.iter().copied().chain(chamber.inside()?).collect());
            refuse_to_drown(chamber, &decrees, inside)?;
        }
        say_what_resembles(&decrees);
        let curiosity = if self.verbose { Curiosity::Acts } else { Curiosity::Decrees };
        let convening = self.world.convening(chamber, invited.inside.clone(), curiosity);
        let convening = Convening { trace: trace.map(Output::paper), ..convening };
        let interrupted = super::ending::catch_interrupts()?;
        let founding = invited.founding;
        let manner = Manner {
            silent: curiosity < Curiosity::Acts,
            law_book_every: self.long.law_book_every(),
            ..Manner::default()
        };
        let mut assembly = match Assembly::convene(&convening, founding.clone(), manner) {
            Ok(assembly) => assembly,
            Err(GodError::Ledger(LedgerError::Taken { .. })) => {
                if self.world.trace.is_some() {
                    return Err(NotOurs.into());
                }
                if self.patient {
                    return Err(NotPatient.into());
                }
                return self.petition(chamber, &founding, decrees, interrupted);
            }
            Err(error) => return Err(error.into()),
        };
        if let Some(at_most) = within.filter(|_| self.patient) {
            assembly.be_patient(chamber, at_most)?;
        }
        // The last inside presides sooner or later, most often at once.
        let legislators: Vec<Name> = invited.inside.iter().rev().copied().collect();
        let citizen = Citizen::new(self.citizen, chamber, &legislators);
        let within = self.patience(decrees.len());
        let bar = progress(decrees.len());
        let mut page = self.world.page();
        let (mut held_back, mut repeats) = (0u64, Repeats::default());
        let begun = std::time::Instant::now();
        let passage = parliament::pass(
            assembly,
            citizen,
            decrees,
            within,
            interrupted,
            change_of_seat,
            |news, passed| {
                bar.set_position(passed as u64);
                held_back += u64::from(matches!(&news.what, Tiding::Acted(Act::HeldBack { .. })));
                self.tell(&mut page, &bar, &mut repeats, news);
            },
        );
        bar.finish_and_clear();
        let ours = Some(Ours { counts: passage.counts, held_back });
        let told =
            Told { chamber, founding: &founding, ours, seconds: begun.elapsed().as_secs_f64() };
        self.conclude(&mut page, &passage, &told)
    }

    /// The decrees, in order.
    fn read(&self) -> Result<Vec<Decree>, Failure> {
        let Some(file) = &self.from else {
            if self.decrees.is_empty() {
                return Err(Nothing::Given.into());
            }
            return Ok(self
                .decrees
                .iter()
                .map(|text| Decree::proposed(text))
                .collect::<Result<_, _>>()?);
        };
        let mut text = Vec::new();
        if file == "-" {
            std::io::stdin().read_to_end(&mut text)?;
        } else {
            text = std::fs::read(file).map_err(|error| format!("{file}: {error}"))?;
        }
        let text = String::from_utf8(text).map_err(|_| format!("{file}: this is not UTF-8"))?;
        let mut decrees = Vec::new();
        for (i, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            match Decree::proposed(line) {
                Ok(decree) => decrees.push(decree),
                Err(error) => {
                    let (file, text) = (file.clone(), line.chars().take(80).collect());
                    let bad = BadLine { file, line: i + 1, text, error };
                    if !self.skip_bad {
                        return Err(bad.into());
                    }
                    crate::commands::page::aside!(
                        "{}:{}: passed over: {}",
                        bad.file,
                        bad.line,
                        bad.error
                    );
                }
            }
        }
        if decrees.is_empty() {
            return Err(Nothing::In(file.clone()).into());
        }
        Ok(decrees)
    }

    fn with_ids(&self, decrees: Vec<Decree>) -> Result<Vec<Decree>, Failure> {
        // He counts them, so that the ids of a million decrees take the room of one.
        let id = arguments::fresh_id(self.citizen);
        let ids = (1u64..).map(|n| format!("{id}/{n}"));
        let petitioned = decrees.into_iter().zip(ids).map(|(decree, id)| decree.petitioned(&id));
        Ok(petitioned.collect::<Result<_, _>>()?)
    }

    fn patience(&self, decrees: usize) -> Minutes {
        let default = Minutes::whole(500 + decrees as u64);
        self.within.map_or(default, |within| within.in_minutes(self.world.minute))
    }

    fn tell(&self, page: &mut Page, bar: &ProgressBar, repeats: &mut Repeats, news: &News) {
        let hinders = news.what.hinders();
        let wanted = self.verbose || hinders;
        let line = story::line(news).filter(|_| wanted && !self.json);
        if let Some(line) = line.and_then(|line| repeats.tell(news, line)) {
            bar.suspend(|| match &news.what {
                Tiding::Acted(_) if !hinders => drop(page.line(&line)),
                _ => crate::commands::page::aside!("{line}"),
            });
        }
    }

    /// Tells what passed, and judges it: what was handed in and not seen to pass may yet pass.
    fn conclude(
        &self,
        page: &mut Page,
        passage: &Passage,
        told: &Told<'_>,
    ) -> Result<Verdict, Failure> {
        if passage.passed.is_empty() && passage.awaited.is_empty() {
            return match passage.interrupted {
                true => Ok(Verdict::Interrupted),
                false => Err(ShutOut(passage.shut.clone()).into()),
            };
        }
        let printed = self.print(page, passage, told);
        if let Err(error) = &printed {
            crate::commands::page::aside!(
                "parliament: decrees passed: {} of {}; standard output cannot be written: {error}",
                passage.passed.len(),
                passage.asked
            );
        }
        if let Some(contradiction) = &passage.contradiction {
            crate::commands::page::aside!("parliament: {contradiction}");
        } else if !passage.is_complete() {
            let within = Length::Paxon(self.patience(passage.asked)).told(self.world.minute);
            let told = awaited::told(told.chamber, self.citizen, passage, &within);
            crate::commands::page::aside!("{told}");
        }
        Ok(if passage.is_complete() && printed.is_ok() { Verdict::Done } else { Verdict::Wanting })
    }

    fn print(&self, page: &mut Page, passage: &Passage, told: &Told<'_>) -> std::io::Result<()> {
        if self.json {
            return page.line(&in_json(passage, told.ours, told.seconds).to_string());
        }
        if passage.contradiction.is_some() {
            return Ok(());
        }
        let hidden = if self.quiet { 0 } else { passage.passed.len().saturating_sub(PRINTED) };
        for (number, decree) in passage.passed.iter().skip(hidden) {
            page.line(&format!("{number}: {decree}"))?;
        }
        if self.quiet {
            return Ok(());
        }
        page.line(&cost(passage, told.ours, told.seconds))?;
        if !passage.by_hand.is_empty() {
            page.line(&format!("Written by hand: {}.", passage.by_hand.join(", ")))?;
        }
        match told.ours.map_or(0, |ours| ours.held_back) {
            0 => Ok(()),
            held_back => page.line(&format!(
                "{}, decrees had to wait for a number: with α = {}, no more can be open at once (PTP §3.3.6). A chamber may be founded with a larger --alpha.",
                if held_back == 1 { "Once".into() } else { counted(held_back, "time") },
                told.founding.alpha
            )),
        }
    }

    /// Another God or other priests sit here: the decrees are handed in as petitions.
    fn petition(
        &self,
        chamber: &Chamber,
        founding: &Founding,
        decrees: Vec<Decree>,
        interrupted: &AtomicBool,
    ) -> Result<Verdict, Failure> {
        let ledgers = Watched::all(chamber, founding, false)?;
        let whom = whom_to_ask(chamber, founding, None)?;
        let (bar, mut page) = (progress(decrees.len()), Page::open());
        let hour = Hour::convene(self.world.minute);
        let mut errand = Errand {
            citizen: Citizen::new(self.citizen, chamber, &whom),
            within: self.patience(decrees.len()),
            decrees,
            alpha: founding.alpha,
            interrupted,
        };
        let show = |passed| bar.set_position(passed as u64);
        let passage = errand.run(&mut Outside::of(ledgers, hour.clone(), show));
        bar.finish_and_clear();
        let seconds = hour.in_wall_time(passage.took).as_secs_f64();
        let told = Told { chamber, founding, ours: None, seconds };
        self.conclude(&mut page, &passage, &told)
    }
}
