//! Prints the result of a search, as text or as JSON.

use std::time::Duration;

use serde_json::{Value, json};

use crate::explore::story::Story;
use crate::explore::{Findings, Stopped};
use crate::invariants::Invariant;
use crate::words::shown::{counted, grouped};
use crate::words::{Ballot, DecreeNumber};

use super::page::{Page, fitted};

/// Tells the run that breaks a rule, or that none does.
///
/// # Errors
/// When nobody can hear it.
pub fn tell(page: &mut Page, watch: &[Invariant], findings: &Findings) -> std::io::Result<()> {
    if let Some(story) = &findings.breach {
        page.line("The shortest run that breaks a rule:")?;
        page.text(&fitted(&story.to_string()))?;
        page.line("")?;
        page.text(&ballots_of(story))?;
    } else {
        let rules: Vec<String> = watch.iter().map(Invariant::to_string).collect();
        let rules = rules.join(", ");
        if let Some(why) = findings.stopped {
            let (waiting, all) = (grouped(findings.waiting), grouped(findings.states));
            let why = stopped(why);
            page.line(&fitted(&format!("The search was not finished ({why}): of {all} states reached, {waiting} were not gone through.")))?;
            page.line(&fitted(&format!("In those reached these hold: {rules}")))?;
        } else {
            page.line(&fitted(&format!("In every state these hold: {rules}")))?;
        }
        for (what, seen) in &findings.sometimes {
            page.line(&format!("  {} {what}", if *seen { "sometimes" } else { "    NEVER" }))?;
        }
    }
    page.line("")
}

/// Why a search was not finished.
fn stopped(why: Stopped) -> &'static str {
    match why {
        Stopped::Interrupted => "interrupted",
        Stopped::OutOfMemory => "out of memory",
    }
}

/// Adds what was found to an object.
pub fn add_to_json(told: &mut Value, findings: &Findings, took: Duration) {
    let sometimes: serde_json::Map<String, Value> =
        findings.sometimes.iter().map(|&(what, seen)| (what.into(), seen.into())).collect();
    let found = json!({
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
        "unfinished": findings.stopped.map(stopped),
        "waiting": findings.waiting,
        "breach": findings.breach.as_ref().map(story_in_json),
    });
    if let (Value::Object(told), Value::Object(found)) = (told, found) {
        told.extend(found);
    }
}

fn story_in_json(story: &Story) -> Value {
    let line = |(section, line): (String, String)| json!({ "section": section, "told": line });
    let events: Vec<Value> = story
        .chapters
        .iter()
        .map(|chapter| chapter.lines().into_iter().map(line).collect())
        .collect();
    let broken: Vec<Value> = story
        .breaches
        .iter()
        .map(|breach| json!({ "rule": breach.rule.to_string(), "why": breach.why }))
        .collect();
    let ballots = story.ballots.iter().flat_map(|(number, ballots)| {
        ballots.iter().map(move |ballot| {
            let mut told = json!(ballot);
            told["decreeNumber"] = json!(number);
            told
        })
    });
    json!({ "events": events, "broken": broken, "ballots": ballots.collect::<Vec<_>>() })
}

/// B as the gods saw it at the end.
fn ballots_of(story: &Story) -> String {
    let mut told = String::from("B as the gods see it:\n");
    let numbered = |(number, ballots): (&DecreeNumber, &Vec<Ballot>)| {
        let heading =
            if story.ballots.len() > 1 { format!("decree {number}: ") } else { String::new() };
        ballots.iter().map(|ballot| (heading.clone(), ballot.clone())).collect::<Vec<_>>()
    };
    for (heading, ballot) in story.ballots.iter().flat_map(numbered) {
        let quorum: Vec<String> = ballot
            .quorum
            .iter()
            .map(|name| format!("{name}{}", if ballot.voters.contains(name) { " ✓" } else { "" }))
            .collect();
        let successful = if ballot.is_successful() { ", successful" } else { "" };
        let (number, decree) = (ballot.number, &ballot.decree);
        told += &format!("  {heading}{number}  “{decree}”  {}{successful}\n", quorum.join(", "));
    }
    told
}

/// The counts and the speed.
#[expect(clippy::cast_precision_loss, reason = "a speed is told in three figures")]
pub fn counts(findings: &Findings, took: Duration) -> String {
    let speed = findings.transitions as f64 / took.as_secs_f64().max(1e-9) / 1e6;
    let pace = findings.states as f64 / took.as_secs_f64().max(1e-9) / 1e6;
    format!(
        "{} states, {} transitions, depth {}; {} of owning the numbers\n\
         {} situations of single priests and {} sets of ballots, {} clauses evaluated\n\
         {:.1} s on {}: {pace:.2} million states/s, {speed:.2} million transitions/s; \
         {} MiB of states, each kept whole, none by fingerprint",
        grouped(findings.states),
        grouped(findings.transitions),
        findings.depth,
        if findings.worlds == 1 { "1 way".into() } else { format!("{} ways", findings.worlds) },
        grouped(findings.situations as u64),
        grouped(findings.histories as u64),
        grouped(findings.clauses),
        took.as_secs_f64(),
        counted(findings.cores as u64, "core"),
        findings.bytes >> 20,
    )
}
