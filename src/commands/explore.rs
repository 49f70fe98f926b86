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
    ///
    /// With a heresy, the scope is the smallest in which its ledgers do.
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
    /// Print one JSON object: what was searched and watched, what was found, and in `limits` what
    /// a search that found nothing did not reach.
    #[arg(long)]
    json: bool,
}

impl Explore {
    /// Runs the command.
    pub(super) fn run(self) -> Result<Verdict, Failure> {
        let case = self.heresy.as_deref().map(named).transpose()?;
        self.keeping.check()?;
        let scope = self.scope(case);
        let begun = Instant::now();
        let (findings, watch) = self.search(case, scope)?;
        let took = begun.elapsed();
        let mut page = Page::beside(self.keeping.files());
        let kept = self.keeping.write(findings.breach.as_ref(), &self.again())?;
        if self.json {
            page.line(&self.in_json(case, scope, &watch, &findings, took).to_string())?;
        } else {
            tell_scope(&mut page, case, self.is_of_parliament(case), scope)?;
            findings::tell(&mut page, &watch, &findings)?;
            self.limits(case, scope, &watch, &findings)
                .iter()
                .try_for_each(|line| page.line(line))?;
            page.line(&findings::counts(&findings, took))?;
            kept.iter().try_for_each(|line| page.line(line))?;
        }
        Ok(if findings.breach.is_none() { Verdict::Done } else { Verdict::Wanting })
    }

    fn is_of_parliament(&self, case: Option<Case>) -> bool {
        self.parliament || matches!(case, Some(Case::Parliament(_)))
    }

    /// What was asked for; what was not asked for is as in the smallest scope in which the heresy
    /// shows: to all who watch, or in ledgers alone.
    fn scope(&self, case: Option<Case>) -> [usize; 4] {
        let by_ledgers = case.filter(|_| self.ledgers_alone).and_then(Case::scope_by_ledgers);
        let by_all = || case.map_or([3, 2, 2, 0], Case::scope);
        let [priests, ballots, decrees, restarts] = by_ledgers.unwrap_or_else(by_all);
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
        let shows_in = |heresy: &crate::heresies::parliaments::Heresy| match heresy.contradiction {
            Some((scope, _)) if self.ledgers_alone => scope,
            _ => heresy.scope,
        };
        let shown = heresy.map(shows_in);
        let numbers = match shown {
            Some(shown) if self.decrees.is_none() => shown.numbers,
            _ => petitions as u64,
        };
        let (tries, restarts) = (u8::try_from(tries)?, u8::try_from(restarts)?);
        let first = shown.and_then(|shown| shown.first);
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

    /// What the search did not reach, where it found nothing.
    fn limits(
        &self,
        case: Option<Case>,
        scope: [usize; 4],
        watch: &[Rule],
        findings: &Findings,
    ) -> Vec<String> {
        if findings.breach.is_some() {
            return Vec::new();
        }
        let of_parliament = self.is_of_parliament(case);
        let all = if of_parliament { &Rule::OF_PARLIAMENT[..] } else { &Rule::ALL[..] };
        let beyond = told_scope(of_parliament, scope);
        let mut limits = vec![format!("Not searched: runs of more than {beyond}.")];
        let unwatched: Vec<String> =
            all.iter().filter(|rule| !watch.contains(rule)).map(Rule::to_string).collect();
        if !unwatched.is_empty() {
            limits.push(format!("Not watched: {}.", unwatched.join(", ")));
        }
        limits.extend(case.filter(|case| !case.is_control()).and_then(|it| self.known(it, scope)));
        limits
    }

    /// Where a heresy is known to show itself, if this scope is smaller; or that it is not known.
    fn known(&self, case: Case, scope: [usize; 4]) -> Option<String> {
        let name = case.name();
        let in_ledgers = case.scope_by_ledgers().filter(|_| self.ledgers_alone);
        if self.ledgers_alone && in_ledgers.is_none() {
            let within = case.compared_within();
            return Some(format!(
                "Ledgers that contradict each other are not known of {name}: within {within} \
                 ballots none do. Without --ledgers-alone it breaks a rule."
            ));
        }
        let shows = in_ledgers.unwrap_or_else(|| case.scope());
        let is_less = scope.iter().zip(&shows).any(|(searched, needed)| searched < needed);
        let [priests, ballots, decrees, restarts] = shows;
        is_less.then(|| {
            format!(
                "{name} shows itself with --priests {priests} --ballots {ballots} \
                 --decrees {decrees} --restarts {restarts}."
            )
        })
    }

    fn in_json(
        &self,
        case: Option<Case>,
        scope: [usize; 4],
        watch: &[Rule],
        findings: &Findings,
        took: Duration,
    ) -> serde_json::Value {
        let [priests, ballots, decrees, restarts] = scope;
        let mut told = json!({
            "version": 2,
            "priests": priests,
            "ballots": ballots,
            "decrees": decrees,
            "restarts": restarts,
            "heresy": self.heresy,
            "watched": watch.iter().map(Rule::to_string).collect::<Vec<_>>(),
            "limits": self.limits(case, scope, watch, findings),
        });
        findings::add_to_json(&mut told, findings, took);
        told
    }
}

/// How much is searched.
fn told_scope(of_parliament: bool, [priests, ballots, decrees, restarts]: [usize; 4]) -> String {
    let scope = if of_parliament {
        format!("{priests} legislators, {ballots} ballots tried, {decrees} petitions")
    } else {
        format!("{priests} priests, {ballots} ballot numbers, {decrees} decrees")
    };
    format!("{scope}, {restarts} restarts")
}

fn tell_scope(
    page: &mut Page,
    case: Option<Case>,
    of_parliament: bool,
    scope: [usize; 4],
) -> std::io::Result<()> {
    let scope = told_scope(of_parliament, scope);
    page.line(&format!("{scope}; letters lost, repeated and carried late at will"))?;
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

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        explore: Explore,
    }

    #[test]
    fn ledgers_alone_search_the_scope_that_the_table_names() {
        for case in case::all() {
            let line = ["explore", "--heresy", case.name(), "--ledgers-alone"];
            let explore = Line::parse_from(line).explore;
            let scope = explore.scope(Some(case));
            match case {
                Case::Synod(heresy) => {
                    let searched = explore.exploration(Some(case), scope);
                    let table = heresy.contradiction.map_or(heresy.scope, |(scope, _)| scope);
                    assert_eq!(searched.scope, table, "{}", heresy.name);
                }
                Case::Parliament(heresy) => {
                    let searched = explore.sitting(Some(case), scope).unwrap();
                    let table = heresy.contradiction.map_or(heresy.scope, |(scope, _)| scope);
                    assert_eq!(searched.scope, table, "{}", heresy.name);
                }
            }
        }
    }
}
