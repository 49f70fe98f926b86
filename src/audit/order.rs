//! Judges the order of decrees, and petitions that were sent twice. `[PTP §3.2.1]`
//!
//! Clocks may be wrong, so times alone accuse nobody and give only remarks. The order of rows
//! within one ledger is certain.

use super::fact::{Fact, Kind, NEVER};
use super::finding::Findings;
use super::heard::Records;
use super::reading::is_important;
use super::rule::{Rule, Severity};
use crate::words::{BallotNumber, DecreeNumber, Founding};

pub(super) fn judge(records: &Records, findings: &mut Findings) {
    judge_belated(records, findings);
    say_what_times_show(records, findings);
    judge_petitions(records, findings);
}

/// Accuses priests who propose a new decree below one that they have inked. Lower numbers are bound
/// by B3, passed, or gaps for the olive day.
fn judge_belated(records: &Records, findings: &mut Findings) {
    for ledger in &records.ledgers {
        for late in &ledger.progress.belated {
            if !is_first_proposal(late.number, late.ballot, records) {
                continue;
            }
            let row = |number, line| {
                let mut facts = records.archive.of(number).iter();
                facts.find(|fact| (fact.ledger, fact.line) == (ledger.ledger, line))
            };
            let rows = [row(late.number, late.line), row(late.passed.0, late.passed.1)];
            let why = format!(
                "{} proposed decree {} in {} when decree {} had been passed, and was free to choose it",
                ledger.owner, late.number, late.ballot, late.passed.0
            );
            let rows = rows.into_iter().flatten();
            let shown = rows.map(|fact| records.archive.exhibit(fact)).collect();
            findings.broken(Rule::DecreeOrder, shown, why);
        }
    }
}

/// Whether B3 left the decree of this ballot free, and no earlier ballot had the same decree.
fn is_first_proposal(number: DecreeNumber, bal: BallotNumber, records: &Records) -> bool {
    let ballots = records.ballots(number);
    let conditions = records.conditions(number, &ballots);
    let silent = records.silent_on(number);
    let Some(i) = ballots.iter().position(|ballot| ballot.number == bal) else { return false };
    // A member whose votes are not here may have bound it.
    let is_free = ballots[i].quorum.is_some_and(|quorum| quorum.is_disjoint(&silent))
        && conditions[i].max_vote.is_none();
    is_free && !ballots[..i].iter().any(|ballot| ballot.decree == ballots[i].decree)
}

/// Compares the times in the ledgers. A decree counts as passed when it is first inked, and as
/// proposed when it is first begun or voted for.
fn say_what_times_show(records: &Records, findings: &mut Findings) {
    let archive = &records.archive;
    let mut passed_above: Option<&Fact> = None;
    for number in archive.numbers().rev().filter(|&number| number != Founding::NUMBER) {
        let facts = archive.of(number);
        let outcomes = facts.iter().filter(|fact| fact.kind == Kind::Outcome && fact.at != NEVER);
        let Some(passed) = outcomes.min_by_key(|fact| fact.at) else { continue };
        if !is_important(archive.text(passed.decree)) {
            continue;
        }
        let proposals = facts.iter().filter(|fact| fact.kind != Kind::Outcome);
        let proposed =
            proposals.filter(|fact| fact.decree == passed.decree).min_by_key(|fact| fact.at);
        if let (Some(above), Some(proposed)) = (passed_above, proposed)
            && above.at < proposed.at
            && proposed.at != NEVER
        {
            let why = format!(
                "by the times in the ledgers, decree {} had been passed when decree {number} was first proposed; clocks may be wrong, so nobody is accused",
                above.number
            );
            let shown = vec![archive.exhibit(proposed), archive.exhibit(above)];
            findings.add(Rule::DecreeOrder, Severity::Said, shown, why);
        }
        passed_above = passed_above.filter(|above| above.at < passed.at).or(Some(passed));
    }
}

/// Judges petitions that passed under two numbers. B3 may cause this by reviving an old ballot;
/// then the petition counts once. A president who is free to choose never proposes a petition again
/// that he has proposed or inked.
fn judge_petitions(records: &Records, findings: &mut Findings) {
    let archive = &records.archive;
    // Indexed by the id of the petition.
    let mut passed: Vec<Option<&Fact>> = vec![None; archive.texts()];
    let outcomes = archive.facts().filter(|fact| fact.kind == Kind::Outcome);
    for outcome in outcomes.filter(|fact| fact.petition != 0) {
        let passed = &mut passed[outcome.petition as usize];
        let first = *passed.get_or_insert(outcome);
        if first.number == outcome.number {
            continue;
        }
        // One finding for each number is enough.
        *passed = Some(outcome);
        let id = archive.text(outcome.petition);
        let shown = vec![archive.exhibit(outcome), archive.exhibit(first)];
        let numbers = (first.number, outcome.number);
        let proposed = proposes_again(numbers, outcome.petition, records)
            .or_else(|| proposes_again((numbers.1, numbers.0), outcome.petition, records));
        match proposed {
            Some(why) => findings.broken(
                Rule::PetitionOnce,
                shown,
                format!("petition {id} passed twice: {why}"),
            ),
            None if first.decree != outcome.decree => {
                let why =
                    format!("petition {id} asks for two decrees: {} and {}", numbers.0, numbers.1);
                findings.add(Rule::PetitionOnce, Severity::Said, shown, why);
            }
            None => {
                let why = format!(
                    "petition {id} passed as decrees {} and {} because B3 fixed the choice; it counts once",
                    numbers.0, numbers.1
                );
                findings.add(Rule::PetitionOnce, Severity::Said, shown, why);
            }
        }
    }
}

/// The reason why a priest broke the rule: he freely chose the petition for the second number,
/// though he had begun it in the same ballot, or inked it before, under the first.
fn proposes_again(
    (first, second): (DecreeNumber, DecreeNumber),
    petition: u32,
    records: &Records,
) -> Option<String> {
    let archive = &records.archive;
    let of = |number, kind| {
        let facts = archive.of(number).iter();
        facts.filter(move |fact: &&Fact| fact.kind == kind && fact.petition == petition)
    };
    of(second, Kind::Begun).find_map(|begun| {
        let ballot = archive.ballot(begun).filter(|&b| is_first_proposal(second, b, records))?;
        let who = records.ledgers[begun.ledger as usize].owner;
        let inked = of(first, Kind::Outcome)
            .any(|fact| fact.ledger == begun.ledger && fact.line < begun.line);
        let at_once = of(first, Kind::Begun).any(|fact| {
            (archive.ballot(fact), fact.ledger) == (Some(ballot), begun.ledger)
                && fact.line < begun.line
        });
        (inked || at_once).then(|| {
            format!("{who} was free to choose decree {second} in {ballot}, and had it as decree {first} already")
        })
    })
}
