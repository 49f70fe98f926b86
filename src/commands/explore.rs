//! `parliament explore`: every state the priests can reach. `[PTP §2, §3, Appendix A2]`

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use clap::Args;
use serde_json::json;

use crate::explore::parliament::{self, Sitting};
use crate::explore::{Exploration, Findings, Scope, explore};
use crate::heresies::case::{self, Case};
use crate::heresies::{Orthodox, Usual};
use crate::invariants::Rule;

use super::findings::{self, grouped};
use super::keeping::Keeping;
use super::page::Page;
use super::{Failure, Verdict};

const EXAMPLES: &str = "\
Examples:
  parliament explore --priests 3 --ballots 3 --decrees 2
  parliament explore --priests 3 --ballots 2 --decrees 2 --restarts 1
  parliament explore --parliament --ballots 2 --decrees 2
  parliament explore --heresy lowest-vote
  parliament explore --heresy own-decree --ledgers-alone
  parliament explore --heresy own-decree --keep chamber && parliament audit --chamber chamber
  parliament explore --heresy own-decree --trace run.csv && parliament chronicle --trace run.csv";

/// Searches every state the priests can reach, whatever the messengers do.
///
/// The priests' real code runs, with every letter lost, repeated or carried late, and every ballot
/// number tried in any order. In each state the gods check consistency, B1 to B3 and I1 to I7. If
/// a rule is broken, the shortest run that breaks it is told, and the exit code is 1.
#[derive(Args)]
#[command(before_help = EXAMPLES)]
pub struct Explore {
    /// How many priests.
    ///
    /// Of a heresy as many as its smallest scope has, or 3.
    #[arg(long, value_name = "N")]
    priests: Option<usize>,
    /// How many ballot numbers there are in all, or ballots tried by legislators.
    ///
    /// Of a heresy as many as its smallest scope has, or 2.
    #[arg(long, value_name = "N")]
    ballots: Option<usize>,
    /// How many decrees presidents may wish for, or citizens petition for.
    ///
    /// Of a heresy as many as its smallest scope has, or 2.
    #[arg(long, value_name = "N")]
    decrees: Option<usize>,
    /// How many times a priest may leave, or his power fail, before the ink is dry or after.
    ///
    /// Of a heresy as many as its smallest scope has, or none.
    #[arg(long, value_name = "N")]
    restarts: Option<u8>,
    /// Search the Parliament, whose legislators pass decree after decree, and not the Synod.
    #[arg(long)]
    parliament: bool,
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
    #[command(flatten)]
    keeping: Keeping,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

impl Explore {
    /// Runs the command.
    pub(super) fn run(self) -> Result<Verdict, Failure> {
        let case = self.heresy.as_deref().map(named).transpose()?;
        let scope = self.scope(case);
        let begun = Instant::now();
        let (findings, watch) = self.search(case, scope)?;
        let took = begun.elapsed();
        let mut page = Page::open();
        let kept = self.keeping.write(findings.breach.as_ref(), &self.again())?;
        if self.json {
            page.line(&self.in_json(scope, &findings, took).to_string())?;
        } else {
            tell_scope(&mut page, case, self.is_of_parliament(case), scope)?;
            findings::tell(&mut page, &watch, &findings)?;
            page.line(&findings::counts(&findings, took))?;
            kept.iter().try_for_each(|line| page.line(line))?;
        }
        Ok(if findings.breach.is_none() { Verdict::Done } else { Verdict::Wanting })
    }

    fn is_of_parliament(&self, case: Option<Case>) -> bool {
        self.parliament || matches!(case, Some(Case::Parliament(_)))
    }

    /// What was asked for; what was not asked for is as in the heresy's smallest scope.
    fn scope(&self, case: Option<Case>) -> [usize; 4] {
        let [priests, ballots, decrees, restarts] = case.map_or([3, 2, 2, 0], Case::scope);
        [
            self.priests.unwrap_or(priests),
            self.ballots.unwrap_or(ballots),
            self.decrees.unwrap_or(decrees),
            self.restarts.map_or(restarts, usize::from),
        ]
    }

    /// Searches, and says what was watched for.
    fn search(
        &self,
        case: Option<Case>,
        scope: [usize; 4],
    ) -> Result<(Findings, Vec<Rule>), Failure> {
        let progress = progress(self.json);
        if self.is_of_parliament(case) {
            let sitting = self.sitting(case, scope)?;
            return Ok((parliament::explore(&sitting, progress)?, sitting.watch));
        }
        let exploration = self.exploration(case, scope);
        Ok((explore(&exploration, progress)?, exploration.watch))
    }

    fn exploration(&self, case: Option<Case>, scope: [usize; 4]) -> Exploration<'static> {
        let [priests, ballots, decrees, restarts] = scope;
        let scope = Scope { priests, ballots, decrees, restarts: restarts as u16 };
        let mut exploration = match case {
            Some(Case::Synod(heresy)) => heresy.trial(scope, heresy.watched()),
            _ => {
                let (creed, watch) = (&Orthodox, Rule::ALL.to_vec());
                let (symmetry, same_integer, by_deeds) = (true, false, false);
                Exploration { scope, creed, watch, symmetry, same_integer, by_deeds }
            }
        };
        if self.ledgers_alone {
            exploration.watch = vec![Rule::Consistency];
        }
        exploration.symmetry &= !self.without_symmetry;
        exploration.by_deeds |= self.by_deeds;
        exploration
    }

    fn sitting(&self, case: Option<Case>, scope: [usize; 4]) -> Result<Sitting<'static>, Failure> {
        let [legislators, tries, petitions, restarts] = scope;
        let heresy = match case {
            Some(Case::Parliament(heresy)) => Some(heresy),
            Some(Case::Synod(heresy)) => {
                return Err(format!(
                    "{} is a heresy of the Synod, not of the Parliament",
                    heresy.name
                )
                .into());
            }
            None => None,
        };
        let numbers = match heresy {
            Some(heresy) if self.decrees.is_none() => heresy.scope.numbers,
            _ => petitions as u64,
        };
        let (tries, restarts) = (u8::try_from(tries)?, u8::try_from(restarts)?);
        let first = heresy.and_then(|heresy| heresy.scope.first);
        let scope = parliament::Scope { legislators, tries, petitions, first, numbers, restarts };
        let all = Rule::OF_PARLIAMENT.to_vec();
        let watch = if self.ledgers_alone { vec![Rule::Consistency] } else { all };
        Ok(match heresy {
            Some(heresy) => heresy.trial(scope, watch),
            None => Sitting { scope, custom: &Usual, watch },
        })
    }

    /// The command that finds the same run again, for the search leaves nothing to chance.
    fn again(&self) -> String {
        let numbers = [
            ("priests", self.priests.map(|n| n.to_string())),
            ("ballots", self.ballots.map(|n| n.to_string())),
            ("decrees", self.decrees.map(|n| n.to_string())),
            ("restarts", self.restarts.map(|n| n.to_string())),
            ("heresy", self.heresy.clone()),
        ];
        let switches = [
            ("parliament", self.parliament),
            ("ledgers-alone", self.ledgers_alone),
            ("without-symmetry", self.without_symmetry),
            ("by-deeds", self.by_deeds),
        ];
        let mut told = "parliament explore".to_owned();
        for (option, value) in numbers {
            told += &value.map_or(String::new(), |value| format!(" --{option} {value}"));
        }
        for (switch, _) in switches.into_iter().filter(|(_, is_on)| *is_on) {
            told += &format!(" --{switch}");
        }
        told
    }

    fn in_json(
        &self,
        [priests, ballots, decrees, restarts]: [usize; 4],
        findings: &Findings,
        took: Duration,
    ) -> serde_json::Value {
        let mut told = json!({
            "version": 1,
            "priests": priests,
            "ballots": ballots,
            "decrees": decrees,
            "restarts": restarts,
            "heresy": self.heresy,
        });
        findings::add_to_json(&mut told, findings, took);
        told
    }
}

fn tell_scope(
    page: &mut Page,
    case: Option<Case>,
    of_parliament: bool,
    [priests, ballots, decrees, restarts]: [usize; 4],
) -> std::io::Result<()> {
    let scope = if of_parliament {
        format!("{priests} legislators, {ballots} ballots tried, {decrees} petitions")
    } else {
        format!("{priests} priests, {ballots} ballot numbers, {decrees} decrees")
    };
    page.line(&format!(
        "{scope}, {restarts} restarts; letters lost, repeated and carried late at will"
    ))?;
    if let Some(case) = case {
        let ((section, rule), name, says) = (case.against(), case.name(), case.says());
        let kind = kind(case);
        page.line(&format!("{kind} {name}: {says}. Against it, PTP §{section}: {rule}."))?;
    }
    page.line("")
}

/// What a case is called.
pub(super) fn kind(case: Case) -> &'static str {
    if case.is_control() { "Control" } else { "Heresy" }
}

/// The heresy or control of that name.
pub(super) fn named(name: &str) -> Result<Case, Failure> {
    case::find(name).ok_or_else(|| {
        let names: Vec<&str> = case::all().map(Case::name).collect();
        format!("no heresy is called {name:?}; there are {}", names.join(", ")).into()
    })
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
