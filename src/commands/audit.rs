//! `parliament audit`: the gods judge a chamber by its records alone. `[PTP §2.1, §2.2]`

use std::collections::{BTreeMap, BTreeSet};
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use serde_json::{Value, json};

use crate::audit::{Finding, Judgment, Rule, Severity};
use crate::chamber::{AuditError, Chamber, Proved};
use crate::picture::figure_one;
use crate::words::shown::counted;
use crate::words::{Decree, DecreeNumber, Name};

use super::evidence::Shown;
use super::heal::healing;
use super::page::{Page, columns, narrowed};
use super::shelf::residents::Residents;
use super::{Failure, Verdict, arguments, traced};

const EXAMPLES: &str = "\
Examples:
  parliament pass \"Goats may graze\" \"Lamps burn olive oil\"
  parliament audit
  parliament audit --decree 2
  parliament simulate --seed 7 --trace run.csv
  parliament audit --trace run.csv
  parliament audit --json --all";

/// How many decree numbers are drawn unless more are asked for.
const SHOWN: usize = 10;
/// The version of the JSON format.
const JSON_VERSION: u32 = 2;

/// Judge ledgers and messagebooks: print B, the set of all ballots, and every rule broken.
///
/// The judge shares no rule with the priests. Exit code 0: consistent. 1: a rule was broken.
/// 2: a ledger cannot be read.
#[derive(Args)]
#[command(before_help = EXAMPLES)]
pub struct Audit {
    /// Draw the ballots of this decree number.
    #[arg(long, value_name = "N")]
    decree: Vec<DecreeNumber>,
    /// Draw the ballots of every decree number, not only of the latest ten.
    #[arg(long, conflicts_with = "decree")]
    all: bool,
    /// Judge the part of another machine, brought to this directory, together with this one; as
    /// often as there are parts.
    #[arg(long, value_name = "DIR")]
    with: Vec<PathBuf>,
    /// Print one JSON object per line: the chamber, each decree, each finding, the evidence of
    /// each priest, the verdict.
    #[arg(long)]
    json: bool,
    /// Judge this trace, not the chamber; `-` is standard input.
    #[arg(long, value_name = "FILE")]
    trace: Option<PathBuf>,
    /// The trace is the log of another Paxos, a CSV file or JSON lines, and this file says how it
    /// is read: docs/elsewhere.md.
    #[arg(long, value_name = "FILE", requires = "trace")]
    mapping: Option<PathBuf>,
}

impl Audit {
    /// Runs the command in this chamber.
    ///
    /// # Errors
    /// Whatever keeps the chamber from being judged: exit code 2.
    pub fn run(self, chamber: &Chamber) -> Result<Verdict, Failure> {
        if let Some(trace) = &self.trace {
            return self.judge_trace(trace);
        }
        let others: Vec<Chamber> = self.with.iter().map(Chamber::at).collect();
        let (mut judgment, mut gathered) = judged(chamber, &others)?;
        let copies = Copies::among(chamber, &others)?;
        if !judgment.is_consistent() && !copies.0.is_empty() {
            // A copy lags behind by the rows on their way: nobody is accused before it rests.
            std::thread::sleep(REST);
            copies.have_rested(&Copies::among(chamber, &others)?)?;
            (judgment, gathered) = judged(chamber, &others)?;
        }
        let part = Part::of(chamber, &others)?;
        let mut page = Page::open();
        let breaks = |rule| judgment.counts().contains_key(&(rule, Severity::Broken));
        let contradicts = breaks(Rule::Consistency);
        let healing = if contradicts || breaks(Rule::LawBook) { healing(chamber)? } else { None };
        let evidence = Shown::of(chamber, gathered)?;
        // A law book may be spoilt, and yet say of every matter what it should.
        let healing = healing.filter(|decrees| contradicts || !decrees.is_empty());
        if self.json {
            self.print_json(&mut page, &judgment, &part, &evidence, healing.as_deref())?;
        } else {
            self.print(&mut page, &judgment, &part, &evidence)?;
            tell_how_to_heal(&mut page, healing.as_deref())?;
        }
        let is_sound = judgment.is_consistent() && !evidence.keeps_somebody_out();
        Ok(if is_sound { Verdict::Done } else { Verdict::Wanting })
    }

    /// Judges a trace: ours, or the log of another Paxos.
    fn judge_trace(&self, trace: &Path) -> Result<Verdict, Failure> {
        let judgment = traced::judged(trace, self.mapping.as_deref())?;
        let (mut page, nobody) = (Page::open(), Shown::default());
        let whole = Part { heard: judgment.members(), elsewhere: BTreeSet::new() };
        if self.json {
            self.print_json(&mut page, &judgment, &whole, &nobody, None)?;
        } else {
            self.print(&mut page, &judgment, &whole, &nobody)?;
        }
        Ok(if judgment.is_consistent() { Verdict::Done } else { Verdict::Wanting })
    }

    fn numbers(&self, judgment: &Judgment) -> Vec<DecreeNumber> {
        if !self.decree.is_empty() {
            return self.decree.clone();
        }
        let shown = if self.all { usize::MAX } else { SHOWN };
        let mut numbers: Vec<DecreeNumber> = judgment.numbers().rev().take(shown).collect();
        numbers.reverse();
        numbers
    }

    fn print(
        &self,
        page: &mut Page,
        judgment: &Judgment,
        part: &Part,
        evidence: &Shown,
    ) -> Result<(), Failure> {
        let numbers = self.numbers(judgment);
        let priests: Vec<Name> = judgment.members().into_iter().collect();
        let left_out = judgment.numbers().count().saturating_sub(numbers.len());
        if left_out > 0 && self.decree.is_empty() {
            let decrees = counted(left_out as u64, "earlier decree");
            page.line(&format!("Not drawn: {decrees}; --all draws them.\n"))?;
        }
        for number in numbers {
            page.line(&format!("Decree {number}"))?;
            let most = usize::from(columns());
            page.line(&figure_one::draw(&judgment.ballots(number), &priests, most))?;
        }
        for finding in judgment.findings() {
            page.line(&narrowed(&told(finding)))?;
        }
        evidence.print(page)?;
        part.print(page)?;
        page.line(&narrowed(&summary(judgment)))?;
        Ok(())
    }

    fn print_json(
        &self,
        page: &mut Page,
        judgment: &Judgment,
        part: &Part,
        evidence: &Shown,
        healing: Option<&[Decree]>,
    ) -> Result<(), Failure> {
        let mut line = |value: Value| page.line(&value.to_string());
        let weights: Vec<Value> = judgment
            .weights()
            .iter()
            .map(|(name, weight)| json!({ "name": name, "weight": weight }))
            .collect();
        line(json!({ "what": "audit", "version": JSON_VERSION, "priests": weights }))?;
        if !part.elsewhere.is_empty() {
            let Part { heard, elsewhere } = part;
            line(json!({ "what": "part", "heard": heard, "elsewhere": elsewhere }))?;
        }
        for number in self.numbers(judgment) {
            let ballots = judgment.ballots(number);
            line(json!({ "what": "decree", "number": number, "ballots": ballots }))?;
        }
        for finding in judgment.findings() {
            line(json!({
                "what": "finding",
                "rule": finding.rule,
                "section": finding.rule.section(),
                "severity": finding.severity,
                "rows": finding.exhibits,
                "why": finding.why,
            }))?;
        }
        for told in evidence.in_json() {
            line(told)?;
        }
        for decree in healing.unwrap_or_default() {
            line(json!({ "what": "heal", "decree": decree.text() }))?;
        }
        let counts: Vec<Value> = judgment
            .counts()
            .iter()
            .map(|((rule, severity), count)| {
                json!({ "rule": rule, "severity": severity, "count": count })
            })
            .collect();
        let consistent = judgment.is_consistent();
        line(json!({ "what": "verdict", "consistent": consistent, "findings": counts }))?;
        Ok(())
    }
}

/// Judges these records, and says how far that has come.
fn judged(
    chamber: &Chamber,
    others: &[Chamber],
) -> Result<(Judgment, Option<BTreeMap<Name, Proved>>), AuditError> {
    let mut progress = Progress::default();
    let telling = |read, all| progress.tell(read, all);
    let judgment = match others {
        [] => chamber.audit_and_evidence(telling),
        others => chamber.audit_union(others, telling).map(|judgment| (judgment, None)),
    };
    progress.end();
    judgment
}

/// For how long a copy must not have grown.
const REST: Duration = Duration::from_secs(3);

/// Copies of ledgers from other machines, with their lengths.
struct Copies(BTreeMap<PathBuf, u64>);

impl Copies {
    fn among(chamber: &Chamber, others: &[Chamber]) -> Result<Copies, Failure> {
        let mut copies = BTreeMap::new();
        for chamber in std::iter::once(chamber).chain(others).filter(|it| it.is_abroad()) {
            for name in chamber.names()? {
                let path = chamber.ledger(name);
                let length = path.metadata().map_or(0, |it| it.len());
                copies.insert(path, length);
            }
        }
        Ok(Copies(copies))
    }

    /// An error where one has grown since.
    fn have_rested(&self, now: &Copies) -> Result<(), Failure> {
        match now.0.iter().find(|(path, length)| self.0.get(*path) != Some(*length)) {
            None => Ok(()),
            Some((path, _)) => Err(format!(
                "{}: this copy is growing, and others may have rows that it lacks yet, so it is not judged; judge when nothing is being passed, or the directories of the machines themselves (--with)",
                path.display()
            )
            .into()),
        }
    }
}

/// The part of a Parliament that was judged.
struct Part {
    /// The owners of the ledgers that were read.
    heard: BTreeSet<Name>,
    /// The priests who live elsewhere and whose ledgers were not read.
    elsewhere: BTreeSet<Name>,
}

impl Part {
    /// The part of a Parliament that these directories hold.
    fn of(chamber: &Chamber, others: &[Chamber]) -> Result<Part, Failure> {
        let (mut heard, mut elsewhere) = (BTreeSet::new(), BTreeSet::new());
        for chamber in std::iter::once(chamber).chain(others) {
            heard.extend(chamber.names()?);
            elsewhere.extend(Residents::of(chamber)?.iter().flat_map(Residents::elsewhere));
        }
        elsewhere.retain(|name| !heard.contains(name));
        Ok(Part { heard, elsewhere })
    }

    /// Says which part was judged, if it is not the whole.
    fn print(&self, page: &mut Page) -> std::io::Result<()> {
        if self.elsewhere.is_empty() {
            return Ok(());
        }
        let listed =
            |names: &BTreeSet<Name>| names.iter().map(Name::as_str).collect::<Vec<_>>().join(", ");
        let heard = format!("Judged in part, by the ledgers of: {}.", listed(&self.heard));
        page.line(&narrowed(&heard))?;
        let others = listed(&self.elsewhere);
        page.line(&narrowed(&format!("Kept on other machines, and not heard: {others}.")))?;
        page.line("Nobody is accused for rows that are elsewhere; --with DIR judges parts as one.")
    }
}

/// A finding as it is printed: rule and section, each row with its place, one sentence of why.
fn told(finding: &Finding) -> String {
    let section = finding.rule.section().map(|section| format!("  PTP {section}"));
    let mut text =
        format!("{}: {}{}\n", finding.severity, finding.rule, section.unwrap_or_default());
    for exhibit in &finding.exhibits {
        let place = &exhibit.place;
        text.push_str(&format!("  {}:{}  {}\n", place.file.display(), place.line, exhibit.row));
    }
    text.push_str(&format!("  {}\n", finding.why));
    text
}

/// The verdict, in one line.
fn summary(judgment: &Judgment) -> String {
    let count = |severity: Severity| -> u64 {
        let of = judgment.counts().iter().filter(|((_, it), _)| *it == severity);
        of.map(|(_, count)| count).sum()
    };
    let unsaid = judgment.counts().values().sum::<u64>() - judgment.findings().len() as u64;
    let more = if unsaid > 0 { format!(" ({unsaid} of them not printed)") } else { String::new() };
    let (broken, lost, said) =
        (count(Severity::Broken), count(Severity::Lost), count(Severity::Said));
    let rest = format!("{lost} lost to power failures, {said} said{more}");
    if judgment.is_consistent() {
        format!("Consistent: no rule is broken; {rest}.")
    } else {
        format!("Not consistent with the protocol: {broken} broken, {rest}.")
    }
}

/// Where ledgers contradict each other: the petitions after which they make one law.
/// `[PTP §3.3.5]`
fn tell_how_to_heal(page: &mut Page, healing: Option<&[Decree]>) -> Result<(), Failure> {
    let Some(healing) = healing else { return Ok(()) };
    if healing.is_empty() {
        page.line(
            "The ledgers contradict each other; on every matter of the law they say the same.",
        )?;
        return Ok(());
    }
    page.line("Nothing inked is changed; these petitions make the ledgers agree on the law:")?;
    for decree in healing {
        page.line(&format!("  parliament petition {}", arguments::quoted(decree.text())))?;
    }
    Ok(())
}

/// How far the reading has come, on standard error, for a person at a terminal.
#[derive(Default)]
struct Progress {
    percent: Option<u64>,
}

impl Progress {
    fn tell(&mut self, read: u64, all: u64) {
        let percent = read.saturating_mul(100).checked_div(all);
        if percent != self.percent && std::io::stderr().is_terminal() {
            self.percent = percent;
            let done = percent.unwrap_or_default();
            let bar = "#".repeat((done / 4) as usize);
            // Nobody is harmed if it cannot be shown.
            let _ = write!(std::io::stderr(), "\rreading [{bar:<25}] {done} %");
        }
    }

    fn end(&self) {
        if self.percent.is_some() {
            let _ = write!(std::io::stderr(), "\r{:40}\r", "");
        }
    }
}
