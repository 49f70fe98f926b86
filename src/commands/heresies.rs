//! `parliament heresies`: the broken protocols, and that the gods see each.

use clap::Args;
use serde_json::json;

use crate::explore::{Findings, explore};
use crate::heresies::{ALL, Heresy};
use crate::simulator::invariants::Rule;

use super::explore::kind;
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
        let header = ["", "name", "what they do", "rule it breaks", "PTP §", "ballots"];
        let header = header.map(String::from).to_vec();
        page.line(&table(header, ALL.iter().map(row)))?;
        page.line("\nparliament explore --heresy NAME tells the shortest run that breaks a rule.")?;
        Ok(Verdict::Done)
    }

    fn try_each(&self, page: &mut Page) -> Result<Verdict, Failure> {
        let mut verdict = Verdict::Done;
        let mut told = Vec::new();
        for heresy in ALL.iter().filter(|heresy| self.run_all || heresy.is_quick()) {
            let first = explore(&heresy.trial(heresy.scope, heresy.watched()), |_| {})?;
            let ledgers = explore(&heresy.contradiction_trial(), |_| {})?;
            let seen = first.breach.is_some() && ledgers.breach.is_some();
            let accused = first.breach.is_some() || ledgers.breach.is_some();
            let as_it_should = if heresy.is_control() { !accused } else { seen };
            if !as_it_should {
                verdict = Verdict::Wanting;
            }
            if self.json {
                let mut value = in_json(heresy);
                value["first"] = found_in_json(&first);
                value["ledgersAlone"] = found_in_json(&ledgers);
                value["asItShould"] = json!(as_it_should);
                told.push(value);
            } else {
                page.line(&sentence(heresy, &first, &ledgers, as_it_should))?;
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

fn sentence(heresy: &Heresy, first: &Findings, ledgers: &Findings, right: bool) -> String {
    let mark = if right { "✓" } else { "✗" };
    let name = heresy.name;
    let ballots = match heresy.scope.ballots {
        1 => "one ballot".into(),
        many => format!("{many} ballots"),
    };
    match (found(first), found(ledgers)) {
        (None, None) => format!(
            "{mark} {name}: nothing found in {} states",
            super::explore::grouped(first.states)
        ),
        (Some((events, rule)), Some((later, _))) => format!(
            "{mark} {name}: {rule} after {events} events; \
             ledgers alone show it after {later}, in {ballots}"
        ),
        (Some((events, rule)), None) => {
            format!("{mark} {name}: {rule} after {events} events; ledgers alone never show it")
        }
        (None, Some((later, _))) => {
            format!("{mark} {name}: ledgers differ after {later} events, and no rule saw it before")
        }
    }
}

fn row(heresy: &Heresy) -> Vec<String> {
    let Heresy { name, says, rule, section, .. } = heresy;
    [kind(heresy), name, says, rule, section, &heresy.scope.ballots.to_string()]
        .map(String::from)
        .to_vec()
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
    })
}
