//! The verdict on a novice, told to a person.

use super::cases::{Case, Charge, Ended, Table};
use super::judged::{ASKED, Record};
use crate::commands::page::{Page, wrapped};
use crate::examine::{Sin, Trouble};
use crate::words::Name;
use crate::words::shown::counted;

/// How a case ended, in a line.
pub(super) fn line(page: &mut Page, case: Case, ended: &Ended) -> std::io::Result<()> {
    let told = match ended {
        Ended::Passed(how) => format!("passed: {how}"),
        Ended::Sound(how, _) => format!("no rule is broken: {how}"),
        Ended::Misconduct(_) | Ended::Convicted(_) | Ended::Judged(_) => "FAILED".into(),
        Ended::Stopped(how) => format!("stopped before its end: {how}"),
    };
    let text = wrapped(&told, 10);
    page.line(&format!("{:<9} {}", case.name(), text.trim_start()))
}

/// Whether the program could not be started at all.
pub(super) fn cannot_start(ended: &Ended) -> bool {
    matches!(ended, Ended::Misconduct(it) if matches!(*it.trouble, Trouble::NotStarted(_)))
}

/// The fault, if there is one.
pub(super) fn fault(page: &mut Page, ended: &Ended, again: &str) -> std::io::Result<()> {
    match ended {
        Ended::Passed(_) | Ended::Sound(..) => page.line("\nNo fault was found.")?,
        Ended::Stopped(_) => page.line("\nNo fault was found so far.")?,
        Ended::Misconduct(misconduct) => {
            page.line("")?;
            for line in misconduct.to_string().lines() {
                match line.strip_prefix("  = ") {
                    Some(repair) => {
                        page.line(&format!("  = {}", wrapped(repair, 4).trim_start()))?
                    }
                    None => page.line(line)?,
                }
            }
            page.line(&format!("Again: {again}"))?;
        }
        Ended::Convicted(charge) => convicted(page, charge, again)?,
        Ended::Judged(record) => judged(page, record, again)?,
    }
    Ok(())
}

/// The points, where a case gives fewer than it could though no rule was broken in it.
pub(super) fn points(page: &mut Page, verdict: &serde_json::Value) -> std::io::Result<()> {
    let tests = verdict["tests"].as_array().into_iter().flatten();
    let less: Vec<String> = tests
        .filter(|test| test["status"] == "pass" && test["points"] != test["of"])
        .map(|test| {
            let name = test["name"].as_str().unwrap_or_default();
            format!("{name} {} of {}", test["points"], test["of"])
        })
        .collect();
    if less.is_empty() {
        return Ok(());
    }
    let told = format!(
        "Where nothing happens no rule is broken, and no points are earned: {} of {} in all; {}.",
        verdict["points"],
        verdict["of"],
        less.join(", ")
    );
    page.line(&wrapped(&told, 0))
}

fn judged(page: &mut Page, record: &Record, again: &str) -> std::io::Result<()> {
    let Record { broken, rows, why, part, asked, chamber, .. } = record;
    page.line(&wrapped(&format!("\n{broken} is broken; {part}:"), 0))?;
    rows.iter().try_for_each(|row| page.line(&format!("  {row}")))?;
    page.line(&wrapped(why, 2))?;
    if let Some([question, answer]) = asked {
        page.line(&format!("\n{}\n  {question}\n  {answer}", wrapped(ASKED, 0)))?;
    }
    if let Some(chamber) = chamber {
        let chamber = chamber.display();
        page.line(&format!("\nNext: parliament audit --chamber {chamber}"))?;
    }
    page.line(&format!("Again: {again}"))
}

fn convicted(page: &mut Page, charge: &Charge, again: &str) -> std::io::Result<()> {
    let Charge { conviction, part, is_shortest, his, roads } = charge;
    page.line("")?;
    if let Some(sin) = &conviction.sin {
        let at = sin.event;
        page.line(&format!("At event {at} your priest did otherwise than the paper has it:"))?;
        page.line(&wrapped(&sin.paper, 2))?;
    }
    for breach in &conviction.story.breaches {
        let rule = breach.rule;
        let told = format!("{rule} (§{}) is broken: {}.", rule.section(), rule.says());
        page.line(&wrapped(&told, 0))?;
        page.line(&wrapped(&breach.why, 2))?;
    }
    let names: Vec<&str> = his.iter().map(Name::as_str).collect();
    let events = conviction.story.chapters.len();
    let a_run = if *is_shortest { "The shortest run" } else { "The run" };
    let yours = if names.len() > 1 { "yours are" } else { "yours is" };
    page.line(&wrapped(
        &format!(
            "\n{a_run} to it has {}; {part}; {yours} {}:",
            counted(events as u64, "event"),
            names.join(", ")
        ),
        0,
    ))?;
    for (margin, line) in conviction.lines(|name| his.contains(&name)) {
        let text = wrapped(&line, margin.chars().count() + 1);
        page.line(&format!("{margin} {}", text.trim_start()))?;
    }
    if let Some(sin) = &conviction.sin {
        page.line("")?;
        sinned(page, sin)?;
    }
    heresies(page, roads)?;
    page.line(&format!("\nAgain: {again}"))
}

fn sinned(page: &mut Page, sin: &Sin) -> std::io::Result<()> {
    let Sin { event, question, answer, ledger, inked, .. } = sin;
    page.line(&format!("At event {event}:"))?;
    let rows = |rows: &[String]| {
        if rows.is_empty() { "nothing".into() } else { rows.join("\n             ") }
    };
    page.line(&format!("  his ledger {}", rows(ledger)))?;
    page.line(&format!("  he inked   {}", rows(inked)))?;
    page.line(&format!("The question and his answer:\n  {question}\n  {answer}"))
}

/// Which heresies he holds, by the roads on which he sinned.
fn heresies(page: &mut Page, table: &Table) -> std::io::Result<()> {
    if table.held.is_empty() {
        return Ok(());
    }
    page.line("\nOn the heretics' roads:")?;
    if !table.kept.is_empty() {
        page.line(&format!("  you keep  {}", wrapped(&table.kept.join(", "), 12).trim_start()))?;
    }
    for (heresy, events) in &table.held {
        let told = format!(
            "{} (§{}), after {}: {}",
            heresy.name,
            heresy.section,
            counted(*events as u64, "event"),
            heresy.says
        );
        page.line(&format!("  you hold  {}", wrapped(&told, 12).trim_start()))?;
    }
    if !table.left.is_empty() {
        page.line(&format!("  you left  {}", wrapped(&table.left.join(", "), 12).trim_start()))?;
    }
    Ok(())
}
