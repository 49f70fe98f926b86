//! `parliament simulate`: a Chamber in memory, in which everything follows from a seed. `[PTP §1.2]`

use std::collections::BTreeSet;
use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;

use crate::heresies::Heresy;
use crate::invariants::Rule;
use crate::simulator::{
    Believers, Cast, Legislators, Nemeses, Nemesis, Plan, Priests, Roads, Tally, simulate,
    simulate_telling,
};
use crate::synod::majority::PAPERS_ALPHA;
use crate::synod::{Founding, Minutes};
use crate::trace::TraceWriter;

use super::arguments::{self, Names};
use super::page::Page;
use super::{Failure, Verdict};

const EXAMPLES: &str = "\
Examples:
  parliament simulate --seed 7
  parliament simulate --seed 7 --decrees 100 --nemesis torn-row
  parliament simulate --seeds 100000
  parliament simulate --seeds 10000 --heresy own-decree
  parliament simulate --seed 7 --keep run --trace run.csv && parliament audit --chamber run";

/// Simulates Chambers in which messengers, disks and priests fail, and judges every deed.
///
/// Everything follows from the seed, to the byte and on every machine. After each deed the gods
/// check consistency, B1 to B3 and I1 to I7; once the storm is over the doors are locked and the
/// decree is due within T + 99 minutes; at the end the records are audited. Exit code 1 when a
/// rule is broken.
#[derive(Args)]
#[command(before_help = EXAMPLES)]
pub struct Simulate {
    /// From which every draw follows; a fresh one unless told.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// How many seeds, from that one on.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seeds: u64,
    /// How many priests, from 1 to 101.
    #[arg(long, value_name = "N", default_value_t = 5)]
    priests: u64,
    /// How many decrees: 1 is the Synod's, more are a Parliament's.
    #[arg(long, value_name = "N", default_value_t = 1)]
    decrees: u64,
    /// How likely a letter is lost, on every road.
    #[arg(long, value_name = "P", value_parser = arguments::probability)]
    lose: Option<f64>,
    /// How likely a letter is carried twice, on every road.
    #[arg(long, value_name = "P", value_parser = arguments::probability)]
    repeat: Option<f64>,
    /// How long a letter takes, in Paxon minutes.
    #[arg(long, value_name = "A..B", value_parser = arguments::span)]
    delay: Option<(Minutes, Minutes)>,
    /// Priests who never come.
    #[arg(long, value_name = "NAMES")]
    absent: Option<Names>,
    /// What goes wrong: a nemesis, `all` (of which each run has half), or `none`.
    #[arg(long, value_name = "NAME", default_value = "all", value_parser = nemeses)]
    nemesis: Vec<Nemeses>,
    /// Let the priests hold a heresy; `parliament heresies` lists them.
    #[arg(long, value_name = "NAME")]
    heresy: Option<String>,
    /// Write the run as a chamber, to be opened and audited.
    #[arg(long, value_name = "DIR", conflicts_with = "seeds")]
    keep: Option<PathBuf>,
    /// Write all that happens into this file, a row each.
    #[arg(long, value_name = "FILE", conflicts_with = "seeds")]
    trace: Option<PathBuf>,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

fn nemeses(text: &str) -> Result<Nemeses, String> {
    match text {
        "all" => Ok(Nemeses::ALL),
        "none" => Ok(Nemeses::NONE),
        name => {
            let found = Nemesis::ALL.into_iter().find(|nemesis| nemesis.name() == name);
            found.map(|nemesis| Nemeses::of([nemesis])).ok_or_else(|| {
                let names: Vec<&str> = Nemesis::ALL.iter().map(|nemesis| nemesis.name()).collect();
                format!("no nemesis is called {name:?}; there are {}", names.join(", "))
            })
        }
    }
}

impl Simulate {
    /// Runs the command.
    pub(super) fn run(self) -> Result<Verdict, Failure> {
        let mut page = Page::open();
        let heresy = self.heresy.as_deref().map(super::explore::named).transpose()?;
        let believers = heresy.map(|heresy| Believers(heresy.creed));
        let cast: &dyn Cast = match (&believers, self.decrees) {
            (Some(believers), _) => believers,
            (None, 1) => &Priests,
            (None, _) => &Legislators,
        };
        let plan = self.plan(cast, heresy)?;
        let begun = Instant::now();
        let mut tally = Tally::default();
        for seed in plan.seed..plan.seed.saturating_add(self.seeds) {
            tally.add(&simulate(&Plan { seed, ..plan.clone() }));
        }
        let took = begun.elapsed();
        page.line(&format!("{tally:#?}"))?;
        page.line(&format!(
            "{:.0} seeds/s, {:.0} messages/s",
            tally.runs as f64 / took.as_secs_f64(),
            tally.read as f64 / took.as_secs_f64()
        ))?;
        if let Some(failure) = &tally.first {
            page.line(&format!("seed {} at {}: {}", failure.seed, failure.at, failure.fault))?;
        }
        Ok(if tally.broken == 0 { Verdict::Done } else { Verdict::Wanting })
    }

    fn plan<'a>(
        &self,
        cast: &'a dyn Cast,
        heresy: Option<&Heresy>,
    ) -> Result<Plan<'a>, Failure> {
        let names = arguments::paxons(self.priests).ok_or("--priests takes 1 to 101 priests")?;
        let founding = Founding::new(names.into_iter().map(|name| (name, 1)), PAPERS_ALPHA)?;
        let absent = self.absent.iter().flat_map(|names| names.iter().copied());
        let nemeses = self.nemesis.iter().flat_map(|set| set.iter());
        Ok(Plan {
            seed: self.seed.unwrap_or_else(arguments::fresh_seed),
            founding: Arc::new(founding),
            decrees: self.decrees,
            roads: Roads { lose: self.lose, repeat: self.repeat, delay: self.delay },
            absent: absent.collect(),
            nemeses: Nemeses::of(nemeses),
            cast,
            watch: heresy.map_or_else(|| Rule::ALL.to_vec(), Heresy::watched),
        })
    }
}
