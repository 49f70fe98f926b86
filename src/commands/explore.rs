//! `parliament explore`: every state the priests can reach. `[PTP §2, Appendix A2]`

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use clap::Args;
use serde_json::json;

use crate::explore::story::Story;
use crate::explore::{Exploration, Findings, Scope, explore};
use crate::heresies::{self, Heresy, Nature, Orthodox};
use crate::invariants::Rule;

use super::page::Page;
use super::{Failure, Verdict};

const EXAMPLES: &str = "\
Examples:
  parliament explore --priests 3 --ballots 3 --decrees 2
  parliament explore --priests 3 --ballots 2 --decrees 2 --restarts 1
  parliament explore --ballots 3 --heresy lowest-vote
  parliament explore --heresy own-decree --ledgers-alone";

/// Searches every state the priests can reach, whatever the messengers do.
///
/// The priests' real code runs, with every letter lost, repeated or carried late, and every ballot
/// number tried in any order. In each state the gods check consistency, B1 to B3 and I1 to I7. If
/// a rule is broken, the shortest run that breaks it is told, and the exit code is 1.
#[derive(Args)]
#[command(before_help = EXAMPLES)]
pub struct Explore {
    /// How many priests.
    #[arg(long, value_name = "N", default_value_t = 3)]
    priests: usize,
    /// How many ballot numbers there are in all.
    #[arg(long, value_name = "N", default_value_t = 2)]
    ballots: usize,
    /// How many decrees presidents may wish for.
    #[arg(long, value_name = "N", default_value_t = 2)]
    decrees: usize,
    /// How many times a priest may leave, or his power fail, before the ink is dry or after.
    #[arg(long, value_name = "N", default_value_t = 0)]
    restarts: u16,
    /// Let the priests hold a heresy; `parliament heresies` lists them.
    #[arg(long, value_name = "NAME")]
    heresy: Option<String>,
    /// Watch for nothing but ledgers that contradict each other.
    #[arg(long)]
    ledgers_alone: bool,
    /// Search worlds apart that differ only by the names of priests and decrees.
    #[arg(long)]
    without_symmetry: bool,
    /// Let priests read LastVotes and Voteds only at the moment when they act on them: fewer
    /// states, no outcome lost.
    #[arg(long)]
    by_deeds: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

impl Explore {
    /// Runs the command.
    pub(super) fn run(self) -> Result<Verdict, Failure> {
        let heresy = self.heresy.as_deref().map(named).transpose()?;
        let exploration = self.exploration(heresy);
        let begun = Instant::now();
        let findings = explore(&exploration, progress(self.json))?;
        let took = begun.elapsed();
        let mut page = Page::open();
        if self.json {
            page.line(&self.in_json(&findings, took).to_string())?;
        } else {
            self.tell(&mut page, heresy, &exploration.watch, &findings, took)?;
        }
        Ok(if findings.breach.is_none() { Verdict::Done } else { Verdict::Wanting })
    }

    fn exploration(&self, heresy: Option<&'static Heresy>) -> Exploration<'static> {
        let Explore { priests, ballots, decrees, restarts, .. } = *self;
        let scope = Scope { priests, ballots, decrees, restarts };
        let all = heresy.map_or_else(|| Rule::ALL.to_vec(), Heresy::watched);
        let watch = if self.ledgers_alone { vec![Rule::Consistency] } else { all };
        let mut exploration = match heresy {
            Some(heresy) => heresy.trial(scope, watch),
            None => {
                let (creed, symmetry, same_integer) = (&Orthodox, true, false);
                Exploration { scope, creed, watch, symmetry, same_integer, by_deeds: false }
            }
        };
        exploration.symmetry &= !self.without_symmetry;
        exploration.by_deeds |= self.by_deeds;
        exploration
    }

    fn tell(
        &self,
        page: &mut Page,
        heresy: Option<&Heresy>,
        watch: &[Rule],
        findings: &Findings,
        took: Duration,
    ) -> std::io::Result<()> {
        let Explore { priests, ballots, decrees, restarts, .. } = self;
        page.line(&format!(
            "{priests} priests, {ballots} ballot numbers, {decrees} decrees, {restarts} restarts; \
             letters lost, repeated and carried late at will"
        ))?;
        if let Some(Heresy { name, says, section, rule, .. }) = heresy {
            let kind = heresy.map_or("", kind);
            page.line(&format!("{kind} {name}: {says}. Against it, PTP §{section}: {rule}."))?;
        }
        page.line("")?;
        if let Some(story) = &findings.breach {
            page.line("The shortest run that breaks a rule:")?;
            page.write(story.to_string().as_bytes())?;
            page.line("")?;
            page.write(ballots_of(story).as_bytes())?;
        } else {
            let rules: Vec<String> = watch.iter().map(Rule::to_string).collect();
            page.line(&format!("In every state these hold: {}", rules.join(", ")))?;
            for (what, seen) in &findings.sometimes {
                page.line(&format!("  {} {what}", if *seen { "sometimes" } else { "    NEVER" }))?;
            }
        }
        page.line("")?;
        page.line(&counts(findings, took))
    }

    fn in_json(&self, findings: &Findings, took: Duration) -> serde_json::Value {
        let sometimes: serde_json::Map<String, serde_json::Value> =
            findings.sometimes.iter().map(|&(what, seen)| (what.into(), seen.into())).collect();
        json!({
            "version": 1,
            "priests": self.priests,
            "ballots": self.ballots,
            "decrees": self.decrees,
            "restarts": self.restarts,
            "heresy": self.heresy,
            "states": findings.states,
            "transitions": findings.transitions,
            "depth": findings.depth,
            "worlds": findings.worlds,
            "situations": findings.situations,
            "histories": findings.histories,
            "clauses": findings.clauses,
            "bytes": findings.bytes,
            "seconds": took.as_secs_f64(),
            "sometimes": sometimes,
            "breach": findings.breach.as_ref().map(story_in_json),
        })
    }
}

/// What a creed under trial is called.
pub(super) fn kind(heresy: &Heresy) -> &'static str {
    match heresy.nature {
        Nature::Control | Nature::ControlByLedgers => "Control",
        _ => "Heresy",
    }
}

/// The heresy of that name.
pub(super) fn named(name: &str) -> Result<&'static Heresy, Failure> {
    heresies::find(name).ok_or_else(|| {
        let names: Vec<&str> = heresies::ALL.iter().map(|heresy| heresy.name).collect();
        format!("no heresy is called {name:?}; there are {}", names.join(", ")).into()
    })
}

fn story_in_json(story: &Story) -> serde_json::Value {
    let line = |(section, line): (String, String)| json!({ "section": section, "told": line });
    let events: Vec<serde_json::Value> = story
        .chapters
        .iter()
        .map(|chapter| chapter.lines().into_iter().map(line).collect())
        .collect();
    let broken: Vec<serde_json::Value> = story
        .breaches
        .iter()
        .map(|breach| json!({ "rule": breach.rule.to_string(), "why": breach.why }))
        .collect();
    json!({ "events": events, "broken": broken, "ballots": story.ballots })
}

/// B as the gods saw it at the end.
fn ballots_of(story: &Story) -> String {
    let mut told = String::from("B as the gods see it:\n");
    for ballot in &story.ballots {
        let quorum: Vec<String> = ballot
            .quorum
            .iter()
            .map(|name| format!("{name}{}", if ballot.voters.contains(name) { " ✓" } else { "" }))
            .collect();
        let successful = if ballot.is_successful() { ", successful" } else { "" };
        let (number, decree) = (ballot.number, &ballot.decree);
        told += &format!("  {number}  “{decree}”  {}{successful}\n", quorum.join(", "));
    }
    told
}

/// What was counted, and how fast.
#[expect(clippy::cast_precision_loss, reason = "a speed is told in three figures")]
fn counts(findings: &Findings, took: Duration) -> String {
    let speed = findings.transitions as f64 / took.as_secs_f64().max(1e-9) / 1e6;
    let pace = findings.states as f64 / took.as_secs_f64().max(1e-9) / 1e6;
    format!(
        "{} states, {} transitions, depth {}; {} ways of owning the numbers\n\
         {} situations of single priests and {} sets of ballots, {} clauses evaluated\n\
         {:.1} s on one core: {pace:.2} million states/s, {speed:.2} million transitions/s; \
         {} MiB of states, each kept whole, none by fingerprint",
        grouped(findings.states),
        grouped(findings.transitions),
        findings.depth,
        findings.worlds,
        grouped(findings.situations as u64),
        grouped(findings.histories as u64),
        grouped(findings.clauses),
        took.as_secs_f64(),
        findings.bytes >> 20,
    )
}

/// A number with its thousands set apart.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut told = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            told.push(',');
        }
        told.push(digit);
    }
    told
}

/// Tells a terminal how far the search is.
fn progress(silent: bool) -> impl FnMut(&Findings) {
    let shown = !silent && std::io::stderr().is_terminal();
    let mut last = Instant::now();
    move |findings| {
        if shown && last.elapsed() > Duration::from_millis(250) {
            last = Instant::now();
            let (states, depth) = (grouped(findings.states), findings.depth);
            // A terminal that has gone away wants no progress.
            let _gone = write!(std::io::stderr(), "\r\x1b[K{states} states, {depth} events deep\r");
        }
    }
}
