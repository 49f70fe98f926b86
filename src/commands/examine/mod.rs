//! `parliament examine`: somebody else's priest, in any language, is examined before he may sit.

mod answers;
mod candidate;
mod cases;
mod files;
mod judged;
mod parliament;
mod process;
mod report;
mod results;
mod room;
mod searched;
mod sit;
mod starters;
mod told;

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clap::Args;

use super::arguments::quoted;
use super::keeping::Keeping;
use super::output::{Kind, Output};
use super::page::{Page, aside};
use super::{Failure, Verdict};
use crate::examine::{Level, USUAL};
use crate::explore::Scope;
use crate::kept::Run;
use crate::words::Name;
use crate::words::shown::counted;
use candidate::Candidate;
use cases::{Case, Ended};
use starters::Starter;

const EXAMPLES: &str = "\
Examples:
  parliament examine --starter python > novice.py
  parliament examine --novice \"python3 novice.py\"  # exit code 1
  parliament examine --novice \"python3 novice.py\" --case manners
  parliament examine --starter python --level parliament > legislator.py
  parliament examine --starter files > voter.py
  parliament examine --in here --name Gray --novice \"python3 voter.py here Gray\"

docs/novice.md tells how to write a priest.";

/// Examine a priest of your own, a program in any language.
///
/// He is asked one line of JSON and answers one, on standard input and output. His ledger and his
/// slip are kept for him and handed to him with each question. The first fault is told: an answer
/// that cannot be read, or a rule that he breaks, with the shortest run to it. Exit code 1 means
/// that he was found wanting.
#[derive(Args)]
#[command(before_help = EXAMPLES)]
pub struct Examine {
    /// The command that starts your priest; quotes keep spaces together.
    #[arg(long, value_name = "CMD", default_value = "", hide_default_value = true)]
    novice: String,
    /// Print the beginning of a priest in this language, and examine nothing.
    #[arg(long, value_enum, value_name = "LANGUAGE")]
    starter: Option<Starter>,
    /// Examine this alone; may be given several times.
    #[arg(long, value_enum, value_name = "CASE")]
    case: Vec<Case>,
    /// The level: one decree, or decree after decree (manners, scenes, storm).
    #[arg(long, value_enum, value_name = "LEVEL", default_value = "synod")]
    level: Examined,
    /// How many priests sit in the search.
    #[arg(long, value_name = "N", default_value_t = USUAL.priests)]
    priests: usize,
    /// How many ballot numbers there are in the search.
    #[arg(long, value_name = "N", default_value_t = USUAL.ballots)]
    ballots: usize,
    /// How many decrees presidents may wish for in the search.
    #[arg(long, value_name = "N", default_value_t = USUAL.decrees)]
    decrees: usize,
    /// How many times a priest may leave, or his power fail, in the search.
    #[arg(long, value_name = "N", default_value_t = USUAL.restarts)]
    restarts: u16,
    /// How many storms there are, one for each seed from --seed on.
    #[arg(long, value_name = "N", default_value_t = 100)]
    seeds: u64,
    /// The first storm; and in which order questions come again, when another process takes over.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// As whom your priest sits among two others of the house.
    #[arg(long = "as", value_name = "NAME", default_value = "Gray")]
    he: Name,
    /// How long a program may take to answer; four times as long the first time.
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = humantime::parse_duration)]
    patience: Duration,
    /// Stop after this time, such as `60s`, and tell what was done.
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration)]
    limit: Option<Duration>,
    /// Keep the answers in this file, also when the search is stopped; if it is there, begin with
    /// those in it.
    #[arg(long, value_name = "FILE")]
    resume: Option<PathBuf>,
    /// Watch a program that works on the files of this chamber itself; it is founded if it is new.
    #[arg(long = "in", value_name = "DIR", requires = "name", conflicts_with_all = ["case", "resume"])]
    chamber: Option<PathBuf>,
    /// The priest whose ledger that program keeps.
    #[arg(long, value_name = "NAME", requires = "chamber")]
    name: Option<Name>,
    /// With --in: the others sit elsewhere, and nobody is called in.
    #[arg(long, requires = "chamber")]
    elsewhere: bool,
    /// How many points a case gives, such as `search=40`; may be given several times.
    #[arg(long, value_name = "CASE=N", value_parser = results::points)]
    points: Vec<(Case, u64)>,
    /// Write the verdict into this file, as a page.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    #[command(flatten)]
    keeping: Keeping,
    /// Print one JSON object, as graders read it: version, status, tests, each with its points.
    #[arg(long)]
    json: bool,
}

/// The level at which a priest is examined.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
enum Examined {
    /// One decree.
    Synod,
    /// Decree after decree.
    Parliament,
}

/// Becomes true when the time is over.
static OVER: AtomicBool = AtomicBool::new(false);

/// The run to the fault, if it is kept in memory.
fn run_of(ended: &Ended) -> Option<Cow<'_, Run>> {
    match ended {
        Ended::Convicted(charge) => Some(Cow::Owned(Run::from(&charge.conviction.story))),
        Ended::Judged(record) => record.run.as_ref().map(Cow::Borrowed),
        _ => None,
    }
}

impl Examine {
    /// Runs the command.
    pub(super) fn run(self) -> Result<Verdict, Failure> {
        if let Some(starter) = self.starter {
            let text = match self.level {
                Examined::Synod => starter.text(),
                Examined::Parliament => starter.of_legislator()?,
            };
            Page::of_bytes().write(text.as_bytes())?;
            return Ok(Verdict::Done);
        }
        if let Some(case) = self.case.iter().find(|case| !self.cases().any(|it| it == **case)) {
            let all: Vec<&str> = parliament::CASES.iter().map(|case| case.name()).collect();
            let (case, all) = (case.name(), all.join(", "));
            return Err(format!("--level parliament has no case {case}: it has {all}").into());
        }
        let words = if self.chamber.is_some() && self.novice.is_empty() {
            Vec::new()
        } else {
            process::words(&self.novice)?
        };
        self.keeping.check()?;
        if let Some(report) = &self.report {
            self.keeping.output(report, Kind::Report).check()?;
        }
        let stop = super::ending::catch_interrupts()?;
        if let Some(limit) = self.limit {
            std::thread::Builder::new().spawn(move || {
                std::thread::sleep(limit);
                OVER.store(true, Ordering::Relaxed);
                stop.store(true, Ordering::Relaxed);
            })?;
        }
        let mut page = Page::beside(self.keeping.files());
        if let (Some(root), Some(name)) = (&self.chamber, self.name) {
            let watched = files::Watched { root, name, words, elsewhere: self.elsewhere };
            let end = watched.watch(self.seed, stop)?;
            if !self.json {
                told::line(&mut page, Case::Files, &end)?;
            }
            return self.tell(&mut page, &[(Case::Files, end)]);
        }
        let candidate = Arc::new(Candidate::new(words.clone(), self.seed, self.patience, stop));
        let kept = self.take_up(&candidate, &words)?;
        let mut ended: Vec<(Case, Ended)> = Vec::new();
        for case in self.cases() {
            candidate.has_acted();
            let mut end = self.examine(case, &candidate, stop)?;
            if !candidate.has_acted() && case != Case::Manners {
                end = end.of_nobody();
            }
            if let Some(output) = &kept {
                let known = candidate.known();
                answers::write(output, (&words, self.seed), &known)?;
                if let Ended::Stopped(how) = &mut end {
                    let (many, file) = (known.len() as u64, output.path().display());
                    *how += &format!("; {} kept in {file}", counted(many, "answer"));
                }
            }
            let passed = matches!(end, Ended::Passed(_) | Ended::Sound(..));
            if !self.json {
                told::line(&mut page, case, &end)?;
            }
            ended.push((case, end));
            if !passed {
                break;
            }
        }
        self.tell(&mut page, &ended)
    }

    /// Takes up the answers of an earlier search, if there are any; where they are to be kept.
    fn take_up(&self, candidate: &Candidate, words: &[String]) -> Result<Option<Output>, Failure> {
        let Some(file) = &self.resume else { return Ok(None) };
        let output = self.keeping.output(file, Kind::Answers);
        output.check()?;
        let file = file.display();
        match candidate.take_up(answers::read(output.path(), words, self.seed)?) {
            Ok(Some(0)) => {}
            Ok(Some(many)) => {
                aside!("{file}: begins with {}", counted(many as u64, "answer"));
            }
            Ok(None) => {
                aside!("{file}: your program answers otherwise than it did; the search begins anew")
            }
            Err(misconduct) => candidate.note(misconduct),
        }
        Ok(Some(output))
    }

    fn cases(&self) -> impl Iterator<Item = Case> + '_ {
        let all = match self.level {
            Examined::Synod => &Case::ALL[..],
            Examined::Parliament => &parliament::CASES[..],
        };
        all.iter().copied().filter(|case| self.case.is_empty() || self.case.contains(case))
    }

    fn examine(
        &self,
        case: Case,
        candidate: &Arc<Candidate>,
        stop: &'static AtomicBool,
    ) -> Result<Ended, Failure> {
        if self.level == Examined::Parliament {
            return parliament::examine(case, candidate, (self.seed, self.seeds), stop);
        }
        let Examine { priests, ballots, decrees, restarts, .. } = *self;
        let scope = Scope { priests, ballots, decrees, restarts };
        match case {
            Case::Manners => Ok(cases::manners(candidate, Level::Synod)),
            Case::Search => searched::search(candidate, scope, stop, self.json),
            Case::Scenes => Ok(cases::scenes(candidate)),
            Case::Roads => Ok(cases::along_roads(candidate)),
            Case::Storm => Ok(cases::storms(candidate, self.seed, self.seeds, stop)),
            Case::Files => Ok(Ended::Passed(String::new())),
            Case::Sit => sit::sit(candidate, self.he, self.seed, self.keeping.directory(), stop),
        }
    }

    /// Tells the first fault, or that there is none.
    fn tell(&self, page: &mut Page, ended: &[(Case, Ended)]) -> Result<Verdict, Failure> {
        let last = ended.last();
        let again = last.map(|(case, _)| self.again(*case)).unwrap_or_default();
        let kept = match last.and_then(|(_, end)| run_of(end)) {
            Some(run) => self.keeping.write_run(&run, Some(&again))?,
            None => self.not_drawn(last.map(|(_, end)| end)),
        };
        let waiting = self.cases().filter(|case| !ended.iter().any(|(it, _)| it == case));
        let verdict = results::of(ended, &waiting.collect::<Vec<_>>(), &self.points, &again);
        if let Some(report) = &self.report {
            let text = report::page(&self.novice, &verdict);
            self.keeping.output(report, Kind::Report).write(text.as_bytes())?;
        }
        if self.json {
            page.line(&verdict.to_string())?;
        } else {
            if let Some((_, end)) = last {
                told::fault(page, end, &again)?;
                told::points(page, &verdict)?;
            }
            kept.iter().try_for_each(|line| page.line(line))?;
        }
        Ok(match last.map(|(_, end)| end) {
            Some(Ended::Misconduct(_) | Ended::Convicted(_) | Ended::Judged(_)) => {
                let cannot_start = last.is_some_and(|(_, end)| told::cannot_start(end));
                if cannot_start {
                    return Err("your priest was not examined".into());
                }
                Verdict::Wanting
            }
            Some(Ended::Stopped(_)) if OVER.load(Ordering::Relaxed) => {
                return Err("the time was over before the examination was: see --limit".into());
            }
            Some(Ended::Stopped(_)) => Verdict::Interrupted,
            _ => Verdict::Done,
        })
    }

    /// The reason why a trace or a picture that somebody wished for is not written, in a line.
    fn not_drawn(&self, ended: Option<&Ended>) -> Vec<String> {
        let reason = match ended {
            _ if self.keeping.files().next().is_none() => return Vec::new(),
            Some(Ended::Misconduct(_)) => {
                "Nothing is drawn: the fault is in an answer, and not in a run.".into()
            }
            Some(Ended::Judged(record)) => match &record.chamber {
                Some(chamber) => format!(
                    "Nothing is drawn; the run stands in the chamber. Next: parliament chronicle \
                     --chamber {}",
                    chamber.display()
                ),
                None => "Nothing is drawn: the chamber is gone; --keep DIR keeps it.".into(),
            },
            _ => "No rule is broken, so there is no run to draw.".into(),
        };
        vec![reason]
    }

    /// The command that finds the same again.
    fn again(&self, case: Case) -> String {
        if let (Some(root), Some(name)) = (&self.chamber, self.name) {
            let root = quoted(&root.display().to_string());
            let mut told = format!("parliament examine --in {root} --name {name}");
            if !self.novice.is_empty() {
                told += &format!(" --novice {}", quoted(&self.novice));
            }
            if self.seed != 1 {
                told += &format!(" --seed {}", self.seed);
            }
            return told;
        }
        let mut told =
            format!("parliament examine --novice {} --case {}", quoted(&self.novice), case.name());
        if self.level == Examined::Parliament {
            told += " --level parliament";
        }
        let numbers = [
            ("priests", self.priests, USUAL.priests),
            ("ballots", self.ballots, USUAL.ballots),
            ("decrees", self.decrees, USUAL.decrees),
            ("restarts", self.restarts.into(), USUAL.restarts.into()),
        ];
        for (option, value, _) in numbers.iter().filter(|(_, value, usual)| value != usual) {
            told += &format!(" --{option} {value}");
        }
        if self.seeds != 100 {
            told += &format!(" --seeds {}", self.seeds);
        }
        if self.seed != 1 {
            told += &format!(" --seed {}", self.seed);
        }
        if case == Case::Sit {
            let kept = self.keeping.directory().unwrap_or(Path::new("sittings"));
            told += &format!(" --as {} --keep {}", self.he, quoted(&kept.display().to_string()));
        }
        told
    }
}
