//! `parliament heresies`: the broken protocols, and that the gods see each.

use clap::Args;
use serde_json::json;

use crate::explore::Findings;
use crate::heresies::case::{self, Case};
use crate::heresies::laws;
use crate::invariants::Rule;

use super::explore::kind;
use super::findings::grouped;
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
            let mut told: Vec<serde_json::Value> = case::all().map(in_json).collect();
            told.extend(laws::ALL.iter().map(law_in_json));
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
        page.line(&table(header, case::all().map(row).chain(laws::ALL.iter().map(law_row))))?;
        page.line("\nparliament explore --heresy NAME tells the shortest run that breaks a rule.")?;
        page.line("Those of the law have no such run: stories by seed show them, with --run.")?;
        Ok(Verdict::Done)
    }

    fn try_each(&self, page: &mut Page) -> Result<Verdict, Failure> {
        let mut verdict = Verdict::Done;
        let mut told = Vec::new();
        for case in case::all().filter(|case| self.run_all || case.is_quick()) {
            let first = case.try_by_all()?;
            let compared = self.run_all || case.is_quickly_compared();
            let ledgers = if compared { case.try_by_ledgers()? } else { None };
            let seen = |findings: &Findings| findings.breach.is_some() != case.is_control();
            let as_it_should = seen(&first) && ledgers.as_ref().is_none_or(seen);
            if !as_it_should {
                verdict = Verdict::Wanting;
            }
            if self.json {
                let mut value = in_json(case);
                value["first"] = found_in_json(&first);
                value["ledgersAlone"] =
                    ledgers.as_ref().map_or(serde_json::Value::Null, found_in_json);
                value["asItShould"] = json!(as_it_should);
                told.push(value);
            } else {
                page.line(&sentence(case, &first, ledgers.as_ref(), as_it_should))?;
            }
        }
        for heresy in laws::ALL {
            let (found, accused) = (heresy.found(), heresy.accused());
            let as_it_should = found.is_some() && accused.is_none();
            if !as_it_should {
                verdict = Verdict::Wanting;
            }
            if self.json {
                let mut value = law_in_json(heresy);
                value["first"] =
                    json!(found.map(|(seed, why)| json!({ "seed": seed, "why": why })));
                value["asItShould"] = json!(as_it_should);
                told.push(value);
            } else {
                page.line(&law_sentence(heresy, found, as_it_should))?;
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

fn sentence(case: Case, first: &Findings, ledgers: Option<&Findings>, right: bool) -> String {
    let mark = if right { "✓" } else { "✗" };
    let (name, states) = (case.name(), grouped(first.states));
    let Some((events, rule)) = found(first) else {
        return format!("{mark} {name}: nothing found in {states} states");
    };
    let [_, ballots, _, _] = case.scope();
    let ballots = told(ballots);
    let later = match (case.contradiction(), ledgers) {
        (None, _) => {
            format!("ledgers alone show nothing within {} ballots", case.compared_within())
        }
        (Some(_), None) => "ledgers alone not compared: --run-all does".into(),
        (Some((within, _)), Some(findings)) => match found(findings) {
            Some((events, _)) => {
                format!("ledgers alone show it after {events} events, in {}", told(within))
            }
            None => "ledgers alone do not show it".into(),
        },
    };
    format!("{mark} {name}: {rule} broken after {events} events, in {ballots}; {later}")
}

/// So many ballots.
fn told(many: usize) -> String {
    if many == 1 { "1 ballot".into() } else { format!("{many} ballots") }
}

fn row(case: Case) -> Vec<String> {
    let ([_, ballots, _, _], events, (section, rule)) =
        (case.scope(), case.events(), case.against());
    let ledgers = match (case.is_control(), case.contradiction()) {
        (true, _) => "—".into(),
        (false, None) => format!("more than {}", case.compared_within()),
        (false, Some((ballots, events))) => format!("{ballots}, {events}"),
    };
    let found = if case.is_control() { "—".into() } else { format!("{ballots}, {events}") };
    [kind(case), case.name(), case.says(), rule, section, &found, &ledgers]
        .map(String::from)
        .to_vec()
}

fn in_json(case: Case) -> serde_json::Value {
    let [priests, ballots, decrees, restarts] = case.scope();
    let (section, rule) = case.against();
    let contradiction = case.contradiction();
    json!({
        "name": case.name(),
        "control": case.is_control(),
        "of": match case {
            Case::Synod(_) => "Synod",
            Case::Parliament(_) => "Parliament",
        },
        "does": case.says(),
        "rule": rule,
        "section": section,
        "scope": {
            "priests": priests,
            "ballots": ballots,
            "decrees": decrees,
            "restarts": restarts,
        },
        "events": case.events(),
        "ledgersAloneBallots": contradiction.map(|(ballots, _)| ballots),
        "ledgersAloneEvents": contradiction.map(|(_, events)| events),
    })
}

fn law_sentence(heresy: &laws::Heresy, found: Option<(u64, String)>, right: bool) -> String {
    let mark = if right { "✓" } else { "✗" };
    let told = found.map_or(format!("nothing found by {} seeds", laws::SEEDS), |(seed, why)| {
        format!("seed {seed} shows it: {why}")
    });
    format!("{mark} {}: {told}", heresy.name)
}

fn law_row(heresy: &laws::Heresy) -> Vec<String> {
    let laws::Heresy { name, says, rule, section, by_ledgers, .. } = heresy;
    let ledgers = if *by_ledgers { "in time" } else { "never" };
    ["Heresy", name, says, rule, section, "by seeds", ledgers].map(String::from).to_vec()
}

fn law_in_json(heresy: &laws::Heresy) -> serde_json::Value {
    json!({
        "name": heresy.name,
        "control": false,
        "of": "Law",
        "does": heresy.says,
        "rule": heresy.rule,
        "section": heresy.section,
        "seeds": laws::SEEDS,
        "ledgersAlone": heresy.by_ledgers,
    })
}
