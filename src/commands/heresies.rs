//! `parliament heresies`: the broken protocols, and that the gods see each.

use clap::Args;
use serde_json::json;

use crate::explore::{Findings, explore};
use crate::heresies::{ALL, Heresy};
use crate::invariants::Rule;

use super::explore::{grouped, kind};
use super::page::{Page, table};
use super::{Failure, Verdict};

const EXAMPLES: &str = "\
Examples:
  parliament heresies
  parliament heresies --run
  parliament heresies --run-all
  parliament explore --heresy own-decree";

/// Lists the heresies and the rule each breaks; runs them all to see each found.
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
            let told: Vec<serde_json::Value> = ALL.iter().map(in_json).collect();
            page.line(&json!({ "version": 1, "heresies": told }).to_string())?;
            return Ok(Verdict::Done);
        }
        let header = [
            "",
            "name",
            "what they do",
            "what stands against it",
            "PTP §",
            "found in ballots, events",
            "by ledgers alone",
        ];
        let header = header.map(String::from).to_vec();
        page.line(&table(header, ALL.iter().map(row)))?;
        page.line("\nparliament explore --heresy NAME tells the shortest run that breaks a rule.")?;
        Ok(Verdict::Done)
    }

    fn try_each(&self, page: &mut Page) -> Result<Verdict, Failure> {
        let mut verdict = Verdict::Done;
        let mut told = Vec::new();
        for heresy in ALL.iter().filter(|heresy| self.run_all || heresy.is_quick()) {
            let first = explore(&heresy.trial_by_all(), |_| {})?;
            let ledgers =
                heresy.trial_by_ledgers().filter(|trial| self.run_all || trial.scope.ballots <= 2);
            let ledgers = ledgers.map(|trial| explore(&trial, |_| {})).transpose()?;
            let seen = |findings: &Findings| findings.breach.is_some() != heresy.is_control();
            let as_it_should = seen(&first) && ledgers.as_ref().is_none_or(seen);
            if !as_it_should {
                verdict = Verdict::Wanting;
            }
            if self.json {
                let mut value = in_json(heresy);
                value["first"] = found_in_json(&first);
                value["ledgersAlone"] =
                    ledgers.as_ref().map_or(serde_json::Value::Null, found_in_json);
                value["asItShould"] = json!(as_it_should);
                told.push(value);
            } else {
                page.line(&sentence(heresy, &first, ledgers.as_ref(), as_it_should))?;
            }
        }
        if self.json {
            page.line(&json!({ "version": 1, "heresies": told }).to_string())?;
        }
        Ok(verdict)
    }
}

/// After how many events which rule broke.
fn found(findings: &Findings) -> Option<(usize, Rule)> {
    let story = findings.breach.as_ref()?;
    Some((story.chapters.len(), story.breaches.first()?.rule))
}

fn found_in_json(findings: &Findings) -> serde_json::Value {
    found(findings).map_or(
        serde_json::Value::Null,
        |(events, rule)| json!({ "events": events, "rule": rule, "states": findings.states }),
    )
}

fn sentence(heresy: &Heresy, first: &Findings, ledgers: Option<&Findings>, right: bool) -> String {
    let mark = if right { "✓" } else { "✗" };
    let (name, states) = (heresy.name, grouped(first.states));
    let Some((events, rule)) = found(first) else {
        return format!("{mark} {name}: nothing found in {states} states");
    };
    let ballots = ballots(heresy.scope.ballots);
    let later = match (heresy.contradiction, ledgers) {
        (None, _) => "ledgers alone show nothing within 3 ballots".into(),
        (Some(_), None) => "ledgers alone not compared: --run-all does".into(),
        (Some((scope, _)), Some(findings)) => match found(findings) {
            Some((events, _)) => format!(
                "ledgers alone show it after {events} events, in {}",
                self::ballots(scope.ballots)
            ),
            None => "ledgers alone do not show it".into(),
        },
    };
    format!("{mark} {name}: {rule} broken after {events} events, in {ballots}; {later}")
}

/// So many ballots.
fn ballots(many: usize) -> String {
    if many == 1 { "1 ballot".into() } else { format!("{many} ballots") }
}

fn row(heresy: &Heresy) -> Vec<String> {
    let Heresy { name, says, rule, section, scope, events, .. } = heresy;
    let ledgers = match (heresy.is_control(), heresy.contradiction) {
        (true, _) => "—".into(),
        (false, None) => "more than 3".into(),
        (false, Some((scope, events))) => format!("{}, {events}", scope.ballots),
    };
    let found =
        if heresy.is_control() { "—".into() } else { format!("{}, {events}", scope.ballots) };
    [kind(heresy), name, says, rule, section, &found, &ledgers].map(String::from).to_vec()
}

fn in_json(heresy: &Heresy) -> serde_json::Value {
    json!({
        "name": heresy.name,
        "control": heresy.is_control(),
        "does": heresy.says,
        "rule": heresy.rule,
        "section": heresy.section,
        "scope": {
            "priests": heresy.scope.priests,
            "ballots": heresy.scope.ballots,
            "decrees": heresy.scope.decrees,
            "restarts": heresy.scope.restarts,
        },
        "events": heresy.events,
        "ledgersAloneBallots": heresy.contradiction.map(|(scope, _)| scope.ballots),
        "ledgersAloneEvents": heresy.contradiction.map(|(_, events)| events),
    })
}
