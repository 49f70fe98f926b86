//! `parliament explore`: every state the priests can reach. `[PTP §2, §3, Appendix A2]`

use std::time::{Duration, Instant};

use clap::Args;
use serde_json::json;

use crate::creeds::{Orthodox, Usual};
use crate::explore::parliament::ParliamentSearch;
use crate::explore::{Exploration, Findings, Gauge, Scope, Stopped};
use crate::heresies::{self, Expected, Heresy, Trial};
use crate::invariants::Invariant;
use crate::kept::Run;
use crate::words::shown::counted;

use super::arguments;
use super::findings;
use super::foresight::{self, watched};
use super::keeping::Keeping;
use super::page::{Page, fitted};
use super::{Failure, Verdict};

const EXAMPLES: &str = "\
Examples:
  parliament explore --priests 3 --ballots 2 --decrees 2
  parliament explore --priests 2 --ballots 2 --decrees 2 --restarts 1
  parliament explore --heresy own-decree --ledgers-alone  # exit code 1
  parliament explore --heresy own-decree --keep broken    # exit code 1
  parliament audit --chamber broken                       # exit code 1
  parliament explore --heresy own-decree --trace run.csv  # exit code 1
  parliament chronicle --trace run.csv";

/// Where priests who keep the paper's rules break the order of decrees.
const PAPERS_GAP: &str = "These priests keep the paper's rules. Its argument for the order of decrees \
    (PTP §3.2.1) does not cover a president who has not heard that another took his place. No two \
    ledgers contradict each other here.";

/// Search every state the priests can reach, whatever the messengers do.
///
/// The priests' real code runs, with every letter lost, repeated or carried late, and every ballot
/// number tried in any order. In each state the gods check consistency, B1 to B3 and I1 to I7. If
/// a rule is broken, the shortest run that breaks it is told, and the exit code is 1.
#[derive(Args)]
#[command(before_help = EXAMPLES)]
pub struct Explore {
    /// How many priests.
    ///
    /// Default: 3; with a heresy, as in the smallest scope in which it fails.
    #[arg(long, value_name = "N")]
    priests: Option<usize>,
    /// How many ballot numbers there are in all, or ballots tried by legislators.
    ///
    /// Default: 2; with a heresy, as in the smallest scope in which it fails.
    #[arg(long, value_name = "N")]
    ballots: Option<usize>,
    /// How many decrees presidents may wish for, or citizens petition for.
    ///
    /// Default: 2; with a heresy, as in the smallest scope in which it fails.
    #[arg(long, value_name = "N")]
    decrees: Option<usize>,
    /// How many times a priest may leave, or his power fail, before the ink is dry or after.
    ///
    /// Default: none; with a heresy, as in the smallest scope in which it fails.
    #[arg(long, value_name = "N")]
    restarts: Option<u8>,
    /// Search the Parliament, whose legislators pass decree after decree, and not the Synod.
    #[arg(long)]
    parliament: bool,
    /// Let the priests hold a heresy; `parliament heresies` lists them.
    #[arg(long, value_name = "NAME")]
    heresy: Option<String>,
    /// Check only that no two ledgers contradict each other.
    ///
    /// With a heresy, the default scope is the smallest in which two of its ledgers do.
    #[arg(long)]
    ledgers_alone: bool,
    /// Search also the worlds that differ only by the names of priests and decrees.
    #[arg(long)]
    without_symmetry: bool,
    /// Let priests read LastVotes and Voteds only at the moment when they act on them: fewer
    /// states, no outcome lost.
    #[arg(long)]
    by_deeds: bool,
    /// Let states take this much memory at most: bytes, or with a unit, such as `20GiB`.
    ///
    /// Default: nine tenths of the free memory. A large search first says how much it needs.
    #[arg(long, value_name = "SIZE", value_parser = arguments::size)]
    memory: Option<u64>,
    #[command(flatten)]
    keeping: Keeping,
    /// Print one JSON object: the scope, the rules and the result; `limits` lists what a search
    /// that found nothing did not reach.
    #[arg(long)]
    json: bool,
}

impl Explore {
    /// Runs the command.
    pub(super) fn run(self) -> Result<Verdict, Failure> {
        let heresy = self.heresy.as_deref().map(named).transpose()?;
        self.keeping.check()?;
        let trial = self.trial(heresy)?;
        let memory = self.memory.unwrap_or_else(foresight::memory_to_spare);
        let is_sound = heresy.is_none_or(|heresy| heresy.is_control);
        let foresight = if is_sound { foresight::foresee(&trial)? } else { None };
        foresight.map_or(Ok(()), |foresight| foresight.fits(memory))?;
        let gauge = Gauge::that_stops(super::ending::catch_interrupts()?, memory);
        let begun = Instant::now();
        let findings = watched(self.json, &gauge, foresight, || trial.explore(&gauge))?;
        let took = begun.elapsed();
        let mut page = Page::beside(self.keeping.files());
        let kept =
            self.keeping.write(findings.breach.as_ref().map(Run::from).as_ref(), &self.again())?;
        if self.json {
            page.line(&self.in_json(heresy, &trial, &findings, took).to_string())?;
        } else {
            tell_scope(&mut page, heresy, &trial)?;
            findings::tell(&mut page, trial.watched(), &findings)?;
            self.limits(heresy, &trial, &findings)
                .iter()
                .try_for_each(|line| page.line(&fitted(line)))?;
            page.line(&fitted(&findings::counts(&findings, took)))?;
            kept.iter().try_for_each(|line| page.line(line))?;
        }
        match (&findings.breach, findings.stopped) {
            (Some(_), _) => Ok(Verdict::Wanting),
            (None, None) => Ok(Verdict::Done),
            (None, Some(Stopped::Interrupted)) => Ok(Verdict::Interrupted),
            (None, Some(Stopped::OutOfMemory)) => {
                let memory = memory >> 20;
                Err(format!("the states take more than {memory} MiB, which is all that they may: see --memory").into())
            }
        }
    }

    /// The scope asked for. A number that was not given is as in the smallest scope in which the
    /// heresy shows: to all who watch, or in ledgers alone.
    fn scope(&self, expected: Option<&Expected>) -> Scope {
        let by_all = Scope { priests: 3, ballots: 2, decrees: 2, restarts: 0 };
        let by_all = expected.map_or(by_all, |expected| expected.scope);
        let by_ledgers = expected.filter(|_| self.ledgers_alone).and_then(|it| it.contradiction);
        let scope = by_ledgers.map_or(by_all, |(scope, _)| scope);
        Scope {
            priests: self.priests.unwrap_or(scope.priests),
            ballots: self.ballots.unwrap_or(scope.ballots),
            decrees: self.decrees.unwrap_or(scope.decrees),
            restarts: self.restarts.map_or(scope.restarts, u16::from),
        }
    }

    /// The search asked for.
    fn trial(&self, heresy: Option<&Heresy>) -> Result<Trial, Failure> {
        let scope = self.scope(heresy.and_then(Heresy::expected));
        let watch = heresy.map_or_else(|| self.watched(), Heresy::watched);
        let watch = if self.ledgers_alone { vec![Invariant::Consistency] } else { watch };
        let mut trial = match heresy {
            None => self.trial_of_the_paper(scope, watch),
            Some(heresy) => heresy.trial(scope, watch).ok_or_else(|| {
                let name = heresy.name;
                format!("{name} is a heresy of the law, which no search shows: parliament heresies --run does")
            })?,
        };
        match &mut trial {
            Trial::Synod(_) if self.parliament => {
                let name = heresy.map_or("this", |heresy| heresy.name);
                return Err(
                    format!("{name} is a heresy of the Synod, not of the Parliament").into()
                );
            }
            Trial::Synod(exploration) => {
                exploration.symmetry &= !self.without_symmetry;
                exploration.by_deeds |= self.by_deeds;
            }
            Trial::Parliament(sitting) if self.decrees.is_some() => {
                sitting.numbers = sitting.scope.decrees as u64;
            }
            Trial::Parliament(_) => {}
        }
        Ok(trial)
    }

    fn watched(&self) -> Vec<Invariant> {
        if self.parliament { Invariant::OF_PARLIAMENT } else { Invariant::OF_SYNOD }.to_vec()
    }

    fn trial_of_the_paper(&self, scope: Scope, watch: Vec<Invariant>) -> Trial {
        if self.parliament {
            let (numbers, first, custom) = (scope.decrees as u64, None, &Usual);
            return Trial::Parliament(ParliamentSearch { scope, numbers, first, custom, watch });
        }
        let (creed, symmetry, same_integer, by_deeds) = (&Orthodox, true, false, false);
        Trial::Synod(Exploration { scope, creed, watch, symmetry, same_integer, by_deeds })
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

    /// The limits of a search that found nothing, or of the rule that sound priests broke.
    fn limits(&self, heresy: Option<&Heresy>, trial: &Trial, findings: &Findings) -> Vec<String> {
        if let Some(story) = &findings.breach {
            let is_sound = heresy.is_none_or(|heresy| heresy.is_control);
            let is_papers = story.breaches.iter().all(|breach| breach.rule == Invariant::Order);
            return if is_sound && is_papers { vec![PAPERS_GAP.into()] } else { Vec::new() };
        }
        let all = match trial {
            Trial::Synod(_) => Invariant::OF_SYNOD,
            Trial::Parliament(_) => Invariant::OF_PARLIAMENT,
        };
        let mut limits = vec![format!("Not searched: runs of more than {}.", told_scope(trial))];
        let is_unwatched = |rule: &&Invariant| !trial.watched().contains(rule);
        let unwatched: Vec<String> =
            all.iter().filter(is_unwatched).map(Invariant::to_string).collect();
        if !unwatched.is_empty() {
            limits.push(format!("Not watched: {}.", unwatched.join(", ")));
        }
        let heresy = heresy.filter(|heresy| !heresy.is_control);
        limits.extend(heresy.and_then(|heresy| self.known(heresy, trial.scope())));
        limits
    }

    /// Where a heresy is known to show itself, if this scope is smaller; or that it is not known.
    fn known(&self, heresy: &Heresy, searched: Scope) -> Option<String> {
        let (name, expected) = (heresy.name, heresy.expected()?);
        let in_ledgers = expected.contradiction.filter(|_| self.ledgers_alone);
        if self.ledgers_alone && in_ledgers.is_none() {
            let within = heresy.compared_within();
            return Some(format!(
                "No ledgers that contradict each other are known for {name}: within {within} \
                 ballots none do. Without --ledgers-alone it breaks a rule."
            ));
        }
        let Scope { priests, ballots, decrees, restarts } =
            in_ledgers.map_or(expected.scope, |(scope, _)| scope);
        let is_less = searched.priests < priests
            || searched.ballots < ballots
            || searched.decrees < decrees
            || searched.restarts < restarts;
        is_less.then(|| {
            format!(
                "{name} shows itself with --priests {priests} --ballots {ballots} \
                 --decrees {decrees} --restarts {restarts}."
            )
        })
    }

    fn in_json(
        &self,
        heresy: Option<&Heresy>,
        trial: &Trial,
        findings: &Findings,
        took: Duration,
    ) -> serde_json::Value {
        let Scope { priests, ballots, decrees, restarts } = trial.scope();
        let mut told = json!({
            "version": 2,
            "priests": priests,
            "ballots": ballots,
            "decrees": decrees,
            "restarts": restarts,
            "heresy": self.heresy,
            "watched": trial.watched().iter().map(Invariant::to_string).collect::<Vec<_>>(),
            "limits": self.limits(heresy, trial, findings),
        });
        findings::add_to_json(&mut told, findings, took);
        told
    }
}

/// How much is searched.
fn told_scope(trial: &Trial) -> String {
    let Scope { priests, ballots, decrees, restarts } = trial.scope();
    let scope = match trial {
        Trial::Synod(_) => [(priests, "priest"), (ballots, "ballot number"), (decrees, "decree")],
        Trial::Parliament(_) => {
            [(priests, "legislator"), (ballots, "ballot"), (decrees, "petition")]
        }
    };
    let counts = scope.into_iter().chain([(usize::from(restarts), "restart")]);
    let counts: Vec<String> = counts.map(|(many, what)| counted(many as u64, what)).collect();
    counts.join(", ")
}

fn tell_scope(page: &mut Page, heresy: Option<&Heresy>, trial: &Trial) -> std::io::Result<()> {
    let scope = told_scope(trial);
    page.line(&fitted(&format!("{scope}; letters lost, repeated and carried late at will")))?;
    if let Some(heresy) = heresy {
        page.line(&fitted(&in_a_line(heresy)))?;
    }
    page.line("")
}

/// A heresy or control, and what stands against it.
pub(super) fn in_a_line(heresy: &Heresy) -> String {
    let Heresy { name, says, section, rule, .. } = heresy;
    format!("{} {name}: {says}. Against it, PTP §{section}: {rule}.", kind(heresy))
}

/// "Heresy" or "Control".
pub(super) fn kind(heresy: &Heresy) -> &'static str {
    if heresy.is_control { "Control" } else { "Heresy" }
}

/// The heresy or control of that name.
pub(super) fn named(name: &str) -> Result<&'static Heresy, Failure> {
    heresies::find(name).ok_or_else(|| {
        let names: Vec<&str> = heresies::ALL.iter().map(|heresy| heresy.name).collect();
        format!("no heresy is called {name:?}; there are {}", names.join(", ")).into()
    })
}

/// As [`named`], where `?` means a hidden one: a name of few letters may be a file's, which a shell
/// puts in the place of `?`.
pub(super) fn named_beside_the_hidden(name: &str) -> Result<&'static Heresy, Failure> {
    const SHORT: usize = 3;
    named(name).map_err(|why| match name.chars().count() {
        ..=SHORT => format!(
            "no heresy is called {name:?}; where a file has a name of one letter, a shell writes that for \
             an unquoted ?, so write --heresy '?'; `parliament heresies` lists those with a name"
        )
        .into(),
        _ => why,
    })
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
        for (heresy, expected) in heresies::searched() {
            let line = ["explore", "--heresy", heresy.name, "--ledgers-alone"];
            let trial = Line::parse_from(line).explore.trial(Some(heresy)).unwrap();
            let table = expected.contradiction.map_or(expected.scope, |(scope, _)| scope);
            assert_eq!(trial.scope(), table, "{}", heresy.name);
        }
    }
}
