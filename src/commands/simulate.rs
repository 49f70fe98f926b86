//! `parliament simulate`: a Chamber in memory, in which everything follows from a seed. `[PTP §1.2]`

use std::collections::BTreeSet;
use std::io::{BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use clap::Args;

use crate::chamber::Chamber;
use crate::invariants::Invariant;
use crate::simulator::{Cast, Nemeses, Nemesis, Plan, Roads, Tally, simulate_telling};
use crate::trace::{TraceError, TraceWriter};
use crate::words::members::PAPERS_ALPHA;
use crate::words::{Founding, Minutes, Name};

use super::arguments::{self, Names};
use super::many::{simulate_many, threads_for};
use super::output::{Force, Kind, Output, may_keep_in};
use super::page::Page;
use super::persuasion::Persuasion;
use super::simulated::Simulated;
use super::world::Misuse;
use super::{Failure, Verdict};
use crate::words::shown::grouped;

/// α of a simulated Parliament: room enough for gaps.
const PARLIAMENTS_ALPHA: u64 = 10;

/// How many may be seated who are no founders.
const CANDIDATES: u64 = 3;

const EXAMPLES: &str = "\
Examples:
  parliament simulate --seed 7
  parliament simulate --seed 7 --decrees 100 --nemesis torn-row
  parliament simulate --seeds 1000
  parliament simulate --seeds 100 --law
  parliament simulate --seed 7 --seeds 100 --heresy own-decree  # exit code 1
  parliament simulate --seed 7 --keep run --trace run.csv
  parliament simulate --seed 7 --chronicle run.html";

/// Simulate Chambers in which messengers, disks and priests fail, and judge every deed.
///
/// Everything follows from the seed, to the byte and on every machine. After each deed the gods
/// check consistency, B1 to B3 and I1 to I7; when the storm is over the doors are locked, and the
/// decree is due within T + 99 minutes; at the end the records are audited. The exit code is 1
/// when a rule is broken.
#[derive(Args)]
#[command(before_help = EXAMPLES)]
pub struct Simulate {
    /// The seed of every draw. Default: a new one, which is printed.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// How many seeds, from that one on, on all cores.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    seeds: Option<u64>,
    /// How many priests, from 1 to 101.
    #[arg(long, value_name = "N", default_value_t = 5)]
    priests: u64,
    /// How many decrees: 1 is a Synod, more are a Parliament. Default: 1, or 20 with --law or a
    /// heresy of the law.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    decrees: Option<u64>,
    /// How many decrees may be open at once (PTP §3.3.6). Default: 3, or 10 in a Parliament
    /// without --law.
    #[arg(long, value_name = "N")]
    alpha: Option<u64>,
    /// Let citizens petition for changes of the law too (PTP §3.3): of members, of officers, of
    /// matters such as a tax.
    #[arg(long)]
    law: bool,
    /// The probability that a letter is lost. Default: drawn for each road.
    #[arg(long, value_name = "P", value_parser = arguments::probability)]
    lose: Option<f64>,
    /// The probability that a letter is carried twice. Default: drawn for each road.
    #[arg(long, value_name = "P", value_parser = arguments::probability)]
    repeat: Option<f64>,
    /// How long a letter takes, in Paxon minutes. Default: drawn for each road.
    #[arg(long, value_name = "A..B", value_parser = arguments::span)]
    delay: Option<(Minutes, Minutes)>,
    /// Priests who never come.
    #[arg(long, value_name = "NAMES")]
    absent: Option<Names>,
    /// Let these nemeses strike: names, `none`, or `all`, each of which strikes in half of the
    /// runs.
    #[arg(long, value_name = "NAMES", default_value = "all", value_parser = nemeses)]
    nemesis: Nemeses,
    /// Let the priests hold a heresy; `parliament heresies` lists them.
    #[arg(long, value_name = "NAME")]
    heresy: Option<String>,
    /// Check only that no two ledgers contradict each other.
    #[arg(long)]
    ledgers_alone: bool,
    /// Write the run as a chamber, to be opened and audited.
    #[arg(long, value_name = "DIR", conflicts_with = "seeds")]
    keep: Option<PathBuf>,
    /// Write all that happens into this file, a row each; docs/trace.md tells how.
    #[arg(long, value_name = "FILE", conflicts_with = "seeds")]
    trace: Option<PathBuf>,
    /// Draw the run into this file, as `parliament chronicle` does: `.html`, `.svg`, `.txt`.
    #[cfg(feature = "chronicle")]
    #[arg(long, value_name = "FILE", conflicts_with = "seeds")]
    chronicle: Option<PathBuf>,
    #[command(flatten)]
    force: Force,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// The citizens whom decrees may seat beside this many founders.
fn candidates(priests: u64) -> Vec<Name> {
    let all = arguments::paxons((priests + CANDIDATES).min(101)).unwrap_or_default();
    all.into_iter().skip(usize::try_from(priests).unwrap_or(usize::MAX)).collect()
}

/// Reads nemeses: names with commas between, `all`, or `none`.
fn nemeses(text: &str) -> Result<Nemeses, String> {
    match text {
        "all" => return Ok(Nemeses::ALL),
        "none" => return Ok(Nemeses::NONE),
        _ => {}
    }
    let named = |name: &str| {
        let found = Nemesis::ALL.into_iter().find(|nemesis| nemesis.name() == name);
        found.ok_or_else(|| {
            let names: Vec<&str> = Nemesis::ALL.iter().map(|nemesis| nemesis.name()).collect();
            format!("no nemesis is called {name:?}; there are all, none, {}", names.join(", "))
        })
    };
    text.split(',').map(named).collect::<Result<Vec<_>, _>>().map(Nemeses::of)
}

impl Simulate {
    /// Runs the command.
    pub(super) fn run(self) -> Result<Verdict, Failure> {
        let seed = self.seed.unwrap_or_else(arguments::fresh_seed);
        if self.seeds.is_some_and(|seeds| seed.checked_add(seeds).is_none()) {
            return Err(Misuse::TooManySeeds(seed).into());
        }
        let persuasion = match &self.heresy {
            Some(name) => Persuasion::named(name)?,
            None => Persuasion::Paper,
        };
        let is_law = self.law || persuasion.is_of_the_law();
        let decrees = self.decrees.unwrap_or_else(|| persuasion.decrees(is_law));
        if is_law && decrees == 1 {
            return Err("a Synod of one decree makes no law: say --decrees 20 or so".into());
        }
        let cast = persuasion.cast(decrees)?;
        let mut plan = self.plan(seed, cast.as_ref(), decrees, is_law)?;
        if !self.ledgers_alone {
            plan.watch = persuasion.watched(is_law);
        }
        let threads = threads_for(self.seeds.unwrap_or(1));
        let begun = Instant::now();
        let tally = match self.seeds {
            Some(seeds) => simulate_many(&plan, seeds, threads, progress(self.json)),
            None => self.simulate_one(&plan)?,
        };
        let took = begun.elapsed();
        let verdict = if tally.broken == 0 { Verdict::Done } else { Verdict::Wanting };
        let again = tally
            .first
            .as_ref()
            .map(|failure| self.again(failure.seed, decrees) + " --keep run --trace run.csv");
        let simulated = Simulated { plan: &plan, persuasion, tally, threads, took, again };
        let mut page = Page::beside(self.trace.as_deref().into_iter().chain(self.drawn_into()));
        if self.json {
            page.line(&simulated.in_json().to_string())?;
        } else {
            simulated.tell(&mut page)?;
            if let Some(kept) = &self.keep {
                page.line(&format!("Next: parliament audit --chamber {}", kept.display()))?;
            }
        }
        Ok(verdict)
    }

    fn plan<'a>(
        &self,
        seed: u64,
        cast: &'a dyn Cast,
        decrees: u64,
        is_law: bool,
    ) -> Result<Plan<'a>, Failure> {
        let names = arguments::paxons(self.priests).ok_or("--priests takes 1 to 101 priests")?;
        let usual = if decrees == 1 || is_law { PAPERS_ALPHA } else { PARLIAMENTS_ALPHA };
        let alpha = self.alpha.unwrap_or(usual);
        let founding = Founding::new(names.into_iter().map(|name| (name, 1)), alpha)?;
        let law = is_law.then(|| candidates(self.priests));
        let absent = self.absent(&founding, law.iter().flatten())?;
        Ok(Plan {
            seed,
            founding: Arc::new(founding),
            decrees,
            law,
            roads: Roads { lose: self.lose, repeat: self.repeat, delay: self.delay },
            absent,
            nemeses: self.nemesis,
            cast,
            watch: vec![Invariant::Consistency],
        })
    }

    /// Those who never come: founders, and those whom decrees may seat.
    fn absent<'a>(
        &self,
        founding: &Founding,
        candidates: impl Iterator<Item = &'a Name> + Clone,
    ) -> Result<BTreeSet<Name>, Misuse> {
        let absent: BTreeSet<Name> =
            self.absent.iter().flat_map(|names| names.iter().copied()).collect();
        let is_known = |name: &Name| {
            founding.membership.has(*name) || candidates.clone().any(|candidate| candidate == name)
        };
        if let Some(&stranger) = absent.iter().find(|name| !is_known(name)) {
            return Err(Misuse::NotSimulated(stranger, founding.clone()));
        }
        if founding.membership.names().all(|name| absent.contains(&name)) {
            return Err(Misuse::Nobody);
        }
        Ok(absent)
    }

    /// One seed, whose trace and chamber may be kept.
    fn simulate_one(&self, plan: &Plan<'_>) -> Result<Tally, Failure> {
        let mut drawn = Vec::new();
        let mut outs: Vec<Box<dyn Write + '_>> = Vec::new();
        let unwritable = |error: TraceError| match &self.trace {
            Some(path) => format!("{}: {error}", path.display()),
            None => error.to_string(),
        };
        if let Some(directory) = &self.keep {
            may_keep_in(directory)?;
        }
        if let Some(path) = self.drawn_into() {
            Output::of(path, Kind::Drawing, self.force).check()?;
        }
        if let Some(path) = &self.trace {
            let output = Output::of(path, Kind::Trace, self.force);
            outs.push(Box::new(BufWriter::new(output.create()?)));
        }
        if self.drawn_into().is_some() {
            outs.push(Box::new(&mut drawn));
        }
        let writers: Result<Vec<_>, _> = outs.into_iter().map(TraceWriter::new).collect();
        let mut writers = writers.map_err(unwritable)?;
        let mut wrote = Ok(());
        let run = simulate_telling(plan, &mut |at, happening| {
            for writer in &mut writers {
                if wrote.is_ok() {
                    wrote = writer.tell(at, &happening);
                }
            }
        });
        wrote
            .and_then(|()| writers.iter_mut().try_for_each(TraceWriter::flush))
            .map_err(unwritable)?;
        drop(writers);
        self.draw(&drawn, plan)?;
        self.kept(run)
    }

    #[cfg(feature = "chronicle")]
    fn drawn_into(&self) -> Option<&Path> {
        self.chronicle.as_deref()
    }

    #[cfg(not(feature = "chronicle"))]
    fn drawn_into(&self) -> Option<&Path> {
        None
    }

    #[cfg(feature = "chronicle")]
    fn draw(&self, trace: &[u8], plan: &Plan<'_>) -> Result<(), Failure> {
        use super::chronicle::{Ran, draw_into};
        let Some(file) = self.drawn_into() else { return Ok(()) };
        let (seed, decrees) = (plan.seed, plan.decrees);
        let again = format!("{} --chronicle {}", self.again(seed, decrees), file.display());
        let name = self.trace.as_ref().map(|trace| trace.display().to_string());
        let name = name.unwrap_or_else(|| format!("seed {seed}"));
        let output = Output::of(file, Kind::Drawing, self.force);
        draw_into(Ran::Told(trace, &name, &again), &output)
    }

    #[cfg(not(feature = "chronicle"))]
    fn draw(&self, _trace: &[u8], _plan: &Plan<'_>) -> Result<(), Failure> {
        Ok(())
    }

    fn kept(&self, run: crate::simulator::Run) -> Result<Tally, Failure> {
        if let (Some(directory), Some(records)) = (&self.keep, run.records) {
            Chamber::at(directory).lay_down(&records.ledgers, &records.messagebooks)?;
        }
        Ok(run.tally)
    }

    /// The command that replays one seed.
    fn again(&self, seed: u64, decrees: u64) -> String {
        let mut told = format!("parliament simulate --seed {seed}");
        let mut say = |option: &str, value: Option<String>| {
            if let Some(value) = value {
                told.push_str(format!(" --{option} {value}").trim_end());
            }
        };
        let unless = |value: u64, usual: u64| (value != usual).then(|| value.to_string());
        say("priests", unless(self.priests, 5));
        say("decrees", unless(decrees, 1));
        say("law", self.law.then(String::new));
        say("alpha", self.alpha.map(|alpha| alpha.to_string()));
        say("lose", self.lose.map(|p| p.to_string()));
        say("repeat", self.repeat.map(|p| p.to_string()));
        say("delay", self.delay.map(|(from, until)| format!("{from}..{until}")));
        say("absent", self.absent.as_ref().map(names));
        let all = self.nemesis == Nemeses::ALL;
        let some: Vec<&str> = self.nemesis.iter().map(Nemesis::name).collect();
        let some = if some.is_empty() { "none".into() } else { some.join(",") };
        say("nemesis", (!all).then_some(some));
        say("heresy", self.heresy.clone());
        told + if self.ledgers_alone { " --ledgers-alone" } else { "" }
    }
}

fn names(names: &Names) -> String {
    let names: Vec<&str> = names.iter().map(|name| name.as_str()).collect();
    names.join(",")
}

/// Tells a terminal how far it is.
fn progress(silent: bool) -> impl Fn(&Tally) + Sync {
    let shown = !silent && std::io::stderr().is_terminal();
    let last = Mutex::new(Instant::now());
    move |tally| {
        let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
        if shown && last.elapsed() > Duration::from_millis(250) {
            *last = Instant::now();
            let (runs, read) = (grouped(tally.runs), grouped(tally.read));
            // A terminal that has gone away wants no progress.
            let _gone = write!(std::io::stderr(), "\r\x1b[K{runs} seeds, {read} letters read\r");
        }
    }
}
