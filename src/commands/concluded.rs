//! How a Synod ended, told: in words and in JSON.

use serde_json::json;

use crate::god::chosen::{Chosen, Proof};
use crate::god::synod::{Outcome, Plan};
use crate::words::{Decree, Name};

use super::page::Page;

/// Tells the decree, the ballot that passed it, and what is known of ballots before.
///
/// # Errors
/// When the page cannot be written.
pub fn success(page: &mut Page, plan: &Plan, outcome: &Outcome) -> std::io::Result<()> {
    let Some(decree) = &outcome.decree else { return Ok(()) };
    page.line(&format!("Decree 1: {decree}"))?;
    match outcome.ballot {
        Some(ballot) => page.line(&format!(
            "Passed in ballot {ballot}; it stands in the ledger of {}.",
            joined(outcome.inside.iter())
        ))?,
        None => {
            page.line("It stands in every ledger present; no majority is here to hold a ballot.")?
        }
    }
    if let Some(line) = bound(outcome) {
        page.line(&line)?;
    }
    let chosen = outcome.chosen_in.as_ref().map(had_been_chosen);
    match chosen.or_else(|| unproved(plan, outcome, decree)) {
        Some(line) => page.line(&line),
        None => Ok(()),
    }
}

/// The vote that, by B3, bound the ballot to its decree. A vote is no choice.
fn bound(outcome: &Outcome) -> Option<String> {
    let (ballot, vote) = (outcome.ballot?, outcome.bound_by.as_ref()?);
    Some(format!(
        "B3 bound {ballot} to this decree: the largest vote of its quorum was {}'s in {}.  PTP §2.1",
        vote.priest, vote.ballot
    ))
}

/// Which ballot chose the decree before this sitting, and which rows prove it.
fn had_been_chosen(Chosen { ballot, proof, .. }: &Chosen) -> String {
    let proof = match proof {
        Proof::Votes(quorum) => {
            format!("all of its quorum, {}, voted for it", listed(quorum.iter()))
        }
        Proof::Outcome(name) => format!("{name}'s ledger names that ballot with the decree"),
    };
    format!("It had been chosen before, in {ballot}: {proof}.")
}

/// The proof of a decree that is older than this sitting, where no ballot is proved.
fn unproved(plan: &Plan, outcome: &Outcome, decree: &Decree) -> Option<String> {
    if !outcome.inked_before.is_empty() {
        let names = joined(outcome.inked_before.iter());
        return Some(format!("It stood in the ledger of {names} before, which names no ballot."));
    }
    let mut proposed = plan.wishes.values().chain([&plan.decree]);
    let is_older = outcome.bound_by.is_some() && proposed.all(|it| it.text() != decree.text());
    is_older.then(|| {
        "No earlier ballot is proved successful by the ledgers: one vote binds, chosen or not."
            .into()
    })
}

/// Tells what was not reached, who is missing, and what the paper promises.
pub fn shortfall(plan: &Plan, outcome: &Outcome) -> String {
    let mut lines = Vec::new();
    for (name, why) in &outcome.driven_out {
        lines.push(format!("{name} was driven out of the Chamber: {why}"));
    }
    if let Some(contradiction) = &outcome.contradiction {
        lines.push(contradiction.to_string());
        return lines.join("\n");
    }
    let wall = plan.within.in_thousandths() as f64 / 1000.0 * plan.convening.minute.as_secs_f64();
    let bound = format!("{} Paxon minutes ({wall:.1} s)", plan.within);
    lines.push(match (&outcome.decree, outcome.interrupted) {
        (None, true) => "Interrupted; no decree was seen to pass before.".into(),
        (Some(decree), true) => format!(
            "Interrupted; decree 1 is “{decree}”, and not everyone inside was seen to have it."
        ),
        (None, _) => format!("No decree was seen to pass within {bound}; one may still pass."),
        (Some(_), _) if outcome.lacking.is_empty() => "Everyone inside has the decree.".into(),
        (Some(decree), _) => format!(
            "Decree 1 is “{decree}”, but within {bound} it did not reach {}.",
            joined(outcome.lacking.iter())
        ),
    });
    if !outcome.majority_inside {
        let missing: Vec<Name> = plan
            .founding
            .membership
            .names()
            .filter(|name| !outcome.inside.contains(name))
            .collect();
        lines.push(format!(
            "Missing: {}. Without a majority in the Chamber the paper promises nothing (PTP §1.2); \
             nothing is lost, run again when they are back.",
            joined(missing.iter())
        ));
    }
    lines.join("\n")
}

/// The last line of `--json`.
pub fn end_in_json(plan: &Plan, outcome: &Outcome) -> serde_json::Value {
    let missing: Vec<Name> =
        plan.founding.membership.names().filter(|name| !outcome.inside.contains(name)).collect();
    json!({
        "event": "closed",
        "complete": outcome.is_complete(),
        "decree": outcome.decree.as_ref().map(Decree::text),
        "number": 1,
        "ballot": outcome.ballot,
        "boundBy": outcome.bound_by.as_ref().map(|vote| json!({ "priest": vote.priest, "ballot": vote.ballot })),
        "chosenIn": outcome.chosen_in.as_ref().map(|chosen| chosen.ballot),
        "inkedBefore": outcome.inked_before,
        "contradiction": outcome.contradiction.as_ref().map(|it| json!({ "priest": it.of, "decree": it.inked.text() })),
        "inside": outcome.inside,
        "missing": missing,
        "lacking": outcome.lacking,
        "drivenOut": outcome.driven_out,
        "byHand": outcome.by_hand,
        "sent": outcome.counts.sent,
        "lost": outcome.counts.lost,
        "repeated": outcome.counts.repeated,
        "inked": outcome.counts.inked,
        "minutes": outcome.took,
        "milliseconds": outcome.wall.as_secs_f64() * 1000.0,
        "seed": plan.convening.seed,
    })
}

/// Names with commas between.
pub fn joined<'a>(names: impl Iterator<Item = &'a Name>) -> String {
    names.map(Name::as_str).collect::<Vec<_>>().join(", ")
}

/// Names as they stand in a sentence: `Dwork and Gray`, `Dwork, Gray and Oki`.
fn listed<'a>(names: impl Iterator<Item = &'a Name>) -> String {
    let names: Vec<&str> = names.map(Name::as_str).collect();
    match names.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        _ => names.concat(),
    }
}
