//! Prints the results of simulations.

use std::time::Duration;

use serde_json::{Value, json};

use crate::invariants::Invariant;
use crate::simulator::{Nemesis, Plan, Sight, Tally};

use super::page::{Page, table, wrapped};
use super::persuasion::Persuasion;
use crate::words::shown::{counted, grouped};

/// Runs that are over.
pub(super) struct Simulated<'a> {
    pub plan: &'a Plan<'a>,
    pub persuasion: Persuasion,
    pub tally: Tally,
    /// How many threads there were.
    pub threads: usize,
    pub took: Duration,
    /// The command that replays the first run in which a rule is broken.
    pub again: Option<String>,
}

/// How fast it went.
struct Pace {
    seeds: f64,
    messages: f64,
    hours: f64,
}

impl Simulated<'_> {
    #[expect(clippy::cast_precision_loss, reason = "a speed is told in three figures")]
    fn pace(&self) -> Pace {
        let seconds = self.took.as_secs_f64().max(1e-9);
        let on_a_core = |count: u64| count as f64 / seconds / self.threads as f64;
        Pace {
            seeds: on_a_core(self.tally.runs),
            messages: on_a_core(self.tally.read),
            // A Paxon minute is a minute, of which 1,000 thousandths are sixty seconds.
            hours: on_a_core(self.tally.minutes.in_thousandths()) * 0.06,
        }
    }

    /// Prints the report.
    pub fn tell(&self, page: &mut Page) -> std::io::Result<()> {
        let Simulated { plan, tally, .. } = self;
        let priests = plan.founding.membership.size();
        page.line(&format!(
            "{} from {} on: {}, {}",
            counted(tally.runs, "seed"),
            plan.seed,
            counted(priests as u64, "priest"),
            counted(plan.decrees, "decree"),
        ))?;
        if let Some(line) = self.persuasion.in_a_line() {
            page.line(&line)?;
        }
        page.line("")?;
        self.tell_of_nemeses(page)?;
        self.tell_of_sights(page)?;
        page.line("")?;
        self.tell_what_came_of_it(page)?;
        page.line("")?;
        self.tell_pace(page)
    }

    fn tell_of_nemeses(&self, page: &mut Page) -> std::io::Result<()> {
        let in_roads =
            [("letters lost", self.tally.lost), ("letters carried twice", self.tally.repeated)];
        let rows = Nemesis::ALL.into_iter().filter_map(|nemesis| {
            let struck = self.tally.struck[nemesis as usize];
            (struck.blows > 0).then(|| {
                let [blows, runs, survived] =
                    [struck.blows, struck.runs, struck.survived].map(grouped);
                vec![nemesis.name().into(), nemesis.says().into(), blows, runs, survived]
            })
        });
        let rows: Vec<Vec<String>> = rows.collect();
        if !rows.is_empty() {
            let header = ["nemesis", "", "blows", "runs", "survived"].map(String::from).to_vec();
            page.line(&table(header, rows.into_iter()))?;
        }
        for (what, count) in in_roads {
            page.line(&format!("{} {what}", grouped(count)))?;
        }
        page.line("")
    }

    /// The sights; among many runs, one that was never seen is marked NEVER.
    fn tell_of_sights(&self, page: &mut Page) -> std::io::Result<()> {
        let shouts = self.tally.runs > 1;
        for sight in self.sights() {
            match self.tally.sights[sight as usize] {
                0 if shouts => page.line(&format!("{:>12} {}", "NEVER", sight.says()))?,
                0 => {}
                seen => page.line(&format!("{:>12} × {}", grouped(seen), sight.says()))?,
            }
        }
        Ok(())
    }

    fn sights(&self) -> impl Iterator<Item = Sight> {
        let parliament = self.plan.decrees > 1;
        let law = self.plan.law.is_some();
        let shown = move |sight: &Sight| match sight.is_laws() {
            true => law,
            false => parliament || !sight.is_parliaments(),
        };
        Sight::ALL.into_iter().filter(shown)
    }

    fn tell_what_came_of_it(&self, page: &mut Page) -> std::io::Result<()> {
        let Simulated { plan, tally, .. } = self;
        match (&tally.first, &self.again) {
            (Some(failure), Some(again)) => {
                page.line(&format!(
                    "Seed {}, at {} min: {}",
                    failure.seed, failure.at, failure.fault
                ))?;
                page.line(&format!("Again: {again}"))
            }
            _ => {
                let rules: Vec<String> = plan.watch.iter().map(Invariant::to_string).collect();
                let held = format!(
                    "After each of {} these held: {}; {} passed.",
                    counted(tally.judged, "deed"),
                    rules.join(", "),
                    counted(tally.passed, "decree"),
                );
                page.line(&wrapped(&held, 0))?;
                page.line(&format!(
                    "Behind locked doors everyone had it after {} min at most.",
                    tally.slowest
                ))
            }
        }
    }

    fn tell_pace(&self, page: &mut Page) -> std::io::Result<()> {
        let Pace { seeds, messages, hours } = self.pace();
        let seconds = self.took.as_secs_f64();
        page.line(&format!(
            "{seconds:.2} s on {}; on each, with every check:",
            counted(self.threads as u64, "core")
        ))?;
        let line = |reached: f64, what: &str| format!("  {:>12} {what}", grouped(reached as u64));
        page.line(&line(messages, "letters read a second"))?;
        if self.plan.decrees == 1 {
            page.line(&line(seeds * 3600.0, "seeds an hour"))?;
        }
        page.line(&line(hours, "times as fast as the Chamber"))
    }

    /// The same, for a program.
    pub fn in_json(&self) -> Value {
        let Simulated { plan, tally, threads, took, persuasion, again } = self;
        let Pace { seeds, messages, hours } = self.pace();
        let nemeses: serde_json::Map<String, Value> = Nemesis::ALL
            .into_iter()
            .map(|nemesis| {
                let struck = tally.struck[nemesis as usize];
                let told = json!({
                    "blows": struck.blows, "runs": struck.runs, "survived": struck.survived,
                });
                (nemesis.name().into(), told)
            })
            .collect();
        let sometimes: serde_json::Map<String, Value> = self
            .sights()
            .map(|sight| (sight.says().into(), tally.sights[sight as usize].into()))
            .collect();
        json!({
            "version": 2,
            "seed": plan.seed,
            "seeds": tally.runs,
            "priests": plan.founding.membership.size(),
            "decrees": plan.decrees,
            "law": plan.law.is_some(),
            "heresy": persuasion.name(),
            "lettersRead": tally.read,
            "lettersSent": tally.sent,
            "lettersLost": tally.lost,
            "lettersRepeated": tally.repeated,
            "rowsInked": tally.inked,
            "deedsJudged": tally.judged,
            "decreesPassed": tally.passed,
            "minutes": tally.minutes,
            "slowestMinutes": tally.slowest,
            "nemeses": nemeses,
            "sometimes": sometimes,
            "broken": tally.first.as_ref().map(|failure| json!({
                "seed": failure.seed,
                "at": failure.at,
                "why": failure.fault.to_string(),
                "again": again,
            })),
            "pace": {
                "seconds": took.as_secs_f64(),
                "cores": threads,
                "lettersPerSecondAndCore": messages,
                "seedsPerHourAndCore": seeds * 3600.0,
                "timesTheChamber": hours,
            },
        })
    }
}
