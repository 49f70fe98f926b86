//! `parliament heresies`: the broken protocols, and that the gods see each.

use clap::Args;
use serde_json::json;

use crate::explore::{Findings, Gauge, Scope};
use crate::heresies::{self, Expected, Heresy, SEEDS, Shown, Stories};
use crate::invariants::Invariant;

use super::page::{Page, fitted, wrapped};
use super::{Failure, Verdict};
use crate::words::shown::counted;

const EXAMPLES: &str = "\
Examples:
  parliament heresies
  parliament heresies --run                   # some seconds
  parliament explore --heresy own-decree      # exit code 1: a rule is broken";

/// The two halves of the list, controls or not.
const HEADINGS: [(bool, &str); 2] = [
    (false, "Heresies; after how many ballots and events a rule breaks, and ledgers differ:"),
    (true, "Controls, which look wrong and are right:"),
];

/// List the heresies and the rule each breaks; run them all to see each found.
///
/// Beside them stand controls, which look wrong and are right: in those nothing may be found. The
/// exit code is 1 when a heresy goes unseen or a control is accused.
#[derive(Args)]
#[command(before_help = EXAMPLES)]
pub struct Heresies {
    /// Search each in its smallest scope: those of at most two ballots, a few seconds.
    #[arg(long, conflicts_with = "run_all")]
    run: bool,
    /// Search each in its smallest scope, the longest included.
    #[arg(long)]
    run_all: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

impl Heresies {
    /// Runs the command.
    pub(super) fn run(self) -> Result<Verdict, Failure> {
        let mut page = Page::open();
        if self.run || self.run_all {
            return self.try_each(&mut page);
        }
        if self.json {
            let told: Vec<serde_json::Value> = heresies::ALL.iter().map(in_json).collect();
            page.line(&json!({ "version": 1, "heresies": told }).to_string())?;
            return Ok(Verdict::Done);
        }
        for (controls, heading) in HEADINGS {
            page.line(heading)?;
            for heresy in heresies::ALL.iter().filter(|heresy| heresy.is_control == controls) {
                page.line(&entry(heresy))?;
            }
            page.line("")?;
        }
        page.line("parliament explore --heresy NAME tells the shortest run that breaks a rule.")?;
        page.line("Those of the law have no such run: stories by seed show them, with --run.")?;
        Ok(Verdict::Done)
    }

    fn try_each(&self, page: &mut Page) -> Result<Verdict, Failure> {
        let mut verdict = Verdict::Done;
        let mut told = Vec::new();
        for heresy in heresies::ALL.iter().filter(|heresy| self.run_all || heresy.is_quick()) {
            let outcome = match &heresy.shown {
                Shown::Search(expected) => self.search(heresy, expected)?,
                Shown::Stories(stories) => tell(stories),
            };
            if !outcome.is_as_it_should {
                verdict = Verdict::Wanting;
            }
            if self.json {
                let mut value = in_json(heresy);
                value["asItShould"] = json!(outcome.is_as_it_should);
                for (name, found) in outcome.found {
                    value[name] = found;
                }
                told.push(value);
            } else {
                let mark = if outcome.is_as_it_should { "✓" } else { "✗" };
                page.line(&fitted(&format!("{mark} {}: {}", heresy.name, outcome.told)))?;
            }
        }
        if self.json {
            page.line(&json!({ "version": 1, "heresies": told }).to_string())?;
        }
        Ok(verdict)
    }

    /// Searches its smallest scope, and compares ledgers alone where that is quick.
    fn search(&self, heresy: &Heresy, expected: &Expected) -> Result<Outcome, Failure> {
        let run = |trial: heresies::Trial| trial.explore(&Gauge::default());
        let first = heresy.trial_by_all().map(run).transpose()?.unwrap_or_default();
        let compared = self.run_all || heresy.is_quickly_compared();
        let trial = heresy.trial_by_ledgers().filter(|_| compared);
        let ledgers = trial.map(run).transpose()?;
        let seen = |findings: &Findings| findings.breach.is_some() != heresy.is_control;
        let alone = ledgers.as_ref().map_or(serde_json::Value::Null, found_in_json);
        Ok(Outcome {
            is_as_it_should: seen(&first) && ledgers.as_ref().is_none_or(seen),
            told: sentence(heresy, expected, &first, ledgers.as_ref()),
            found: vec![("first", found_in_json(&first)), ("ledgersAlone", alone)],
        })
    }
}

/// The result of a heresy's trial.
struct Outcome {
    is_as_it_should: bool,
    told: String,
    /// The findings as JSON.
    found: Vec<(&'static str, serde_json::Value)>,
}

/// Tells its stories.
fn tell(stories: &Stories) -> Outcome {
    let found = stories.found();
    let is_as_it_should = found.is_some() && stories.accused().is_none();
    let in_json = found.as_ref().map(|(seed, why)| json!({ "seed": seed, "why": why }));
    let told = found.map_or(format!("nothing found by {SEEDS} seeds"), |(seed, why)| {
        format!("seed {seed} shows it: {why}")
    });
    Outcome { is_as_it_should, told, found: vec![("first", json!(in_json))] }
}

/// After how many events which rule broke.
fn found(findings: &Findings) -> Option<(usize, Invariant)> {
    let story = findings.breach.as_ref()?;
    Some((story.chapters.len(), story.breaches.first()?.rule))
}

fn found_in_json(findings: &Findings) -> serde_json::Value {
    found(findings).map_or(
        serde_json::Value::Null,
        |(events, rule)| json!({ "events": events, "rule": rule, "states": findings.states }),
    )
}

fn sentence(
    heresy: &Heresy,
    expected: &Expected,
    first: &Findings,
    ledgers: Option<&Findings>,
) -> String {
    let Some((events, rule)) = found(first) else {
        return format!("nothing found in {}", counted(first.states, "state"));
    };
    let later = match (expected.contradiction, ledgers) {
        (None, _) => {
            format!("ledgers alone show nothing within {}", ballots(heresy.compared_within()))
        }
        (Some(_), None) => "ledgers alone not compared: --run-all does".into(),
        (Some((within, _)), Some(findings)) => match found(findings) {
            Some((events, _)) => {
                let within = ballots(within.ballots);
                let events = counted(events as u64, "event");
                format!("ledgers alone show it after {events}, in {within}")
            }
            None => "ledgers alone do not show it".into(),
        },
    };
    let within = ballots(expected.scope.ballots);
    format!("{rule} broken after {}, in {within}; {later}", counted(events as u64, "event"))
}

/// A number of ballots in words.
fn ballots(many: usize) -> String {
    if many == 1 { "1 ballot".into() } else { format!("{many} ballots") }
}

/// In how many ballots, and after how many events, a search finds a heresy.
fn reach(scope: Scope, events: usize) -> String {
    format!("{}, {events}", scope.ballots)
}

/// A heresy on two lines or more: its name, where it shows; what they do, and what stands against
/// it.
fn entry(heresy: &Heresy) -> String {
    let Heresy { name, says, rule, section, is_control, .. } = heresy;
    let shown = match &heresy.shown {
        Shown::Stories(Stories { by_ledgers: true, .. }) => "by seeds; ledgers in time".into(),
        Shown::Stories(_) => "by seeds; ledgers never".into(),
        Shown::Search(_) if *is_control => "nothing is found".into(),
        Shown::Search(Expected { scope, events, contradiction, .. }) => {
            let ledgers = contradiction.map_or_else(
                || format!("more than {}", heresy.compared_within()),
                |(scope, events)| reach(scope, events),
            );
            format!("{}; ledgers {ledgers}", reach(*scope, *events))
        }
    };
    let first = format!("{name} (PTP §{section}): {shown}");
    let told = format!("{says}. Against it: {rule}.");
    format!("  {}\n{}", wrapped(&first, 6).trim_start(), wrapped(&told, 6))
}

fn in_json(heresy: &Heresy) -> serde_json::Value {
    let Heresy { name, says, rule, section, is_control, .. } = heresy;
    let mut told = json!({
        "name": name,
        "control": is_control,
        "of": heresy.of(),
        "does": says,
        "rule": rule,
        "section": section,
    });
    match &heresy.shown {
        Shown::Search(Expected { scope, events, contradiction, .. }) => {
            told["scope"] = json!({
                "priests": scope.priests,
                "ballots": scope.ballots,
                "decrees": scope.decrees,
                "restarts": scope.restarts,
            });
            told["events"] = json!(events);
            told["ledgersAloneBallots"] = json!(contradiction.map(|(scope, _)| scope.ballots));
            told["ledgersAloneEvents"] = json!(contradiction.map(|(_, events)| events));
        }
        Shown::Stories(stories) => {
            told["seeds"] = json!(SEEDS);
            told["ledgersAlone"] = json!(stories.by_ledgers);
        }
    }
    told
}
