//! Judges one decree number: its ballots, the votes in them, and the outcomes in the ledgers.

use super::archive::Archive;
use super::ballots::{Ballot, Conditions};
use super::fact::{Fact, Kind};
use super::finding::{Exhibit, Findings};
use super::heard::Records;
use super::rule::{Rule, Severity};
use crate::words::{DecreeNumber, Founding, Name};

/// The most rows of one kind that a finding shows.
const SHOWN: usize = 5;

/// Judges all rows of one decree number.
pub(super) fn judge(number: DecreeNumber, records: &Records, findings: &mut Findings) {
    let archive = &records.archive;
    let facts = archive.of(number);
    let ballots = records.ballots(number);
    let conditions = records.conditions(number, &ballots);
    for (i, ballot) in ballots.iter().enumerate() {
        judge_conditions(i, &ballots, &conditions[i], records, findings);
        judge_beginning(ballot, records, findings);
        judge_votes(ballot, archive, findings);
        judge_voters(ballot, number, records, findings);
    }
    judge_repeated_votes(facts, records, findings);
    if number != Founding::NUMBER {
        judge_consistency(number, facts, archive, findings);
        judge_outcomes(facts, &ballots, records, findings);
    }
}

/// Checks B1, B2 and B3, and that the quorum is a majority set.
fn judge_conditions(
    i: usize,
    ballots: &[Ballot<'_>],
    conditions: &Conditions,
    records: &Records,
    findings: &mut Findings,
) {
    let (archive, ballot) = (&records.archive, &ballots[i]);
    let text = |ballot: &Ballot| archive.text(ballot.decree).to_owned();
    let both = |other: &Ballot| {
        let rows = ballot.rows().take(1).chain(other.rows().take(SHOWN));
        rows.map(|fact| archive.exhibit(fact)).collect()
    };
    if let Some(other) = conditions.b1.filter(|&j| j < i).map(|j| &ballots[j]) {
        let why = format!(
            "two ballots have the number {}: one is for “{}”, the other for “{}”",
            ballot.number,
            text(other),
            text(ballot)
        );
        findings.broken(Rule::B1, both(other), why);
    }
    if let Some(latest) = conditions.b3.map(|j| &ballots[j]) {
        findings.broken(Rule::B3, both(latest), why_b3(ballot, latest, archive));
    }
    let (Some(begun_by), Some(quorum)) = (ballot.begun, ballot.quorum) else { return };
    let sitting = records.members.voting_on(begun_by.number);
    if !sitting.more_than_half(quorum) {
        let why = format!(
            "the quorum of {} weighs {} of {}, which is not more than half",
            ballot.number,
            sitting.weight(quorum),
            sitting.all()
        );
        findings.broken(Rule::MajoritySet, begun(ballot, archive), why);
    }
    if let Some(other) = conditions.b2.filter(|&j| j < i).map(|j| &ballots[j]) {
        let why = format!(
            "the quorums of {} and {} have no priest in common",
            ballot.number, other.number
        );
        findings.broken(Rule::B2, both(other), why);
    }
}

/// The sentence that says why a ballot breaks B3 against an earlier one.
fn why_b3(ballot: &Ballot<'_>, latest: &Ballot<'_>, archive: &Archive) -> String {
    let (decree, bound) = (archive.text(ballot.decree), archive.text(latest.decree));
    let names = |mut who: Vec<&str>| {
        who.sort_unstable();
        who.join(", ")
    };
    let voters = latest.voters.iter();
    match ballot.quorum.filter(|quorum| !quorum.is_disjoint(&latest.voters)) {
        Some(quorum) => format!(
            "{} is for “{decree}”, but the latest earlier ballot in which a member of its quorum voted, {} ({}), was for “{bound}”",
            ballot.number,
            latest.number,
            names(voters.filter(|name| quorum.contains(*name)).map(Name::as_str).collect())
        ),
        None => format!(
            "{} is for “{decree}”, but whatever its quorum was, a member of it had voted in {} ({}), which was for “{bound}”",
            ballot.number,
            latest.number,
            names(voters.map(Name::as_str).collect())
        ),
    }
}

fn begun(ballot: &Ballot<'_>, archive: &Archive) -> Vec<Exhibit> {
    ballot.begun.map(|fact| archive.exhibit(fact)).into_iter().collect()
}

/// Judges a ballot that has votes and no beginBallot row: lost if its owner tried it, otherwise
/// broken.
fn judge_beginning(ballot: &Ballot<'_>, records: &Records, findings: &mut Findings) {
    if ballot.begun.is_some() {
        return;
    }
    let (number, owner) = (ballot.number, ballot.number.owner);
    let votes = ballot.votes.iter().take(SHOWN).map(|fact| records.archive.exhibit(fact)).collect();
    match records.of(owner) {
        Some(ledger) if ledger.progress.may_have_begun(number) => {}
        Some(ledger) if ledger.progress.has_tried(number) => {
            let why = format!(
                "{number} has votes and no beginBallot: {owner} tried it, and BeginBallot rests on nothing, so a power failure may have taken the row"
            );
            findings.add(Rule::VoteInBallot, Severity::Lost, votes, why);
        }
        Some(_) => {
            let why = format!("nobody began {number}: {owner}, whose ballot it is, never tried it");
            findings.broken(Rule::VoteInBallot, votes, why);
        }
        None if records.members.ever_had(owner) => {}
        None => {
            let why = format!("nobody began {number}: no {owner} sits in Parliament");
            findings.broken(Rule::VoteInBallot, votes, why);
        }
    }
}

/// Checks that each vote is for the ballot's decree and has its petition.
fn judge_votes(ballot: &Ballot<'_>, archive: &Archive, findings: &mut Findings) {
    let first = ballot.rows().next();
    for vote in &ballot.votes {
        let shown = || [*vote].into_iter().chain(first).map(|fact| archive.exhibit(fact)).collect();
        if vote.decree != ballot.decree {
            let why = format!(
                "a vote in {} is for “{}”, and the ballot is for “{}”",
                ballot.number,
                archive.text(vote.decree),
                archive.text(ballot.decree)
            );
            findings.broken(Rule::VoteForItsDecree, shown(), why);
        } else if let Some(first) = first.filter(|first| differ(first.petition, vote.petition)) {
            findings.broken(Rule::PetitionId, shown(), two_ids(first, vote, archive));
        }
    }
}

/// Checks that all voters are members by the law as of n − α. `[PTP §3.3.6]`
fn judge_voters(
    ballot: &Ballot<'_>,
    number: DecreeNumber,
    records: &Records,
    findings: &mut Findings,
) {
    if !records.members.are_certain(number) {
        return;
    }
    let sitting = records.members.voting_on(number);
    for vote in &ballot.votes {
        let who = records.ledgers[vote.ledger as usize].owner;
        if !sitting.weights.contains_key(&who) {
            let why =
                format!("{who} voted on decree {number}, but by the law he has no vote on it");
            findings.broken(Rule::MembersVote, vec![records.archive.exhibit(vote)], why);
        }
    }
}

fn differ(one: u32, other: u32) -> bool {
    one != 0 && other != 0 && one != other
}

fn two_ids(one: &Fact, other: &Fact, archive: &Archive) -> String {
    format!(
        "decree {} is of petition {} in one row and of petition {} in another",
        one.number,
        archive.text(one.petition),
        archive.text(other.petition)
    )
}

fn judge_repeated_votes(facts: &[Fact], records: &Records, findings: &mut Findings) {
    for pair in facts.windows(2) {
        let [one, other] = pair else { continue };
        let is_again = one.kind == Kind::Vote
            && (one.kind, one.ledger) == (other.kind, other.ledger)
            && records.archive.ballot(one) == records.archive.ballot(other);
        if let (true, Some(ballot)) = (is_again, records.archive.ballot(one)) {
            let who = records.ledgers[one.ledger as usize].owner;
            let shown = [other, one].map(|fact| records.archive.exhibit(fact)).into();
            findings.broken(Rule::OneVote, shown, format!("{who} voted twice in {ballot}"));
        }
    }
}

/// Checks that all outcomes of one number are the same decree. `[PTP §1.2]`
fn judge_consistency(
    number: DecreeNumber,
    facts: &[Fact],
    archive: &Archive,
    findings: &mut Findings,
) {
    let outcomes = || facts.iter().filter(|fact| fact.kind == Kind::Outcome);
    let Some(mut first) = outcomes().next() else { return };
    if outcomes().any(|fact| fact.decree != first.decree) {
        // The decree that most ledgers hold comes first. The others are the offending rows.
        let held_by = |fact: &&Fact| outcomes().filter(|it| it.decree == fact.decree).count();
        first = outcomes().rev().max_by_key(held_by).unwrap_or(first);
    }
    let mut others: Vec<&Fact> = Vec::new();
    let mut ids = vec![first];
    for fact in outcomes() {
        if fact.decree != first.decree && others.iter().all(|it| it.decree != fact.decree) {
            others.push(fact);
        } else if fact.decree == first.decree
            && ids.iter().all(|it| differ(it.petition, fact.petition))
        {
            ids.push(fact);
        }
    }
    for other in others {
        let why = format!(
            "decree {number} is “{}” here and “{}” there",
            archive.text(other.decree),
            archive.text(first.decree)
        );
        let shown = vec![archive.exhibit(other), archive.exhibit(first)];
        findings.broken(Rule::Consistency, shown, why);
    }
    for other in ids.iter().skip(1) {
        let shown = vec![archive.exhibit(other), archive.exhibit(first)];
        findings.broken(Rule::PetitionId, shown, two_ids(first, other, archive));
    }
}

/// Checks I1: every outcome is the decree of a successful ballot, and of the one that it names.
fn judge_outcomes(
    facts: &[Fact],
    ballots: &[Ballot<'_>],
    records: &Records,
    findings: &mut Findings,
) {
    let archive = &records.archive;
    let Some(sitting) = facts.first().map(|fact| records.members.voting_on(fact.number)) else {
        return;
    };
    let silent = facts.first().map(|fact| records.silent_on(fact.number)).unwrap_or_default();
    if sitting.more_than_half(&silent) && (records.is_part || silent != sitting.absent) {
        // A ballot whose rows are not here may have passed it.
        return;
    }
    let passed: Vec<&Ballot> =
        ballots.iter().filter(|ballot| ballot.may_be_successful(&silent, sitting)).collect();
    let outcomes: Vec<&Fact> = facts.iter().filter(|fact| fact.kind == Kind::Outcome).collect();
    let says = |outcome: &Fact| (outcome.decree, archive.ballot(outcome));
    let mut judged = Vec::new();
    for outcome in &outcomes {
        let claim = says(outcome);
        if judged.contains(&claim) {
            continue;
        }
        judged.push(claim);
        let decree = archive.text(outcome.decree);
        let named = |ballot: &&&Ballot| claim.1.is_none_or(|named| named == ballot.number);
        let right: Vec<&&Ballot> =
            passed.iter().filter(|ballot| ballot.decree == outcome.decree).collect();
        let why = match (right.iter().any(named), claim.1) {
            (true, _) => continue,
            (false, Some(ballot)) if !right.is_empty() => {
                format!("{ballot} is said to have passed “{decree}”, and was not successful")
            }
            _ => format!(
                "no ballot for “{decree}” was successful: {}",
                short_of(ballots.iter(), records)
            ),
        };
        let same = outcomes.iter().filter(|it| says(it) == claim).take(SHOWN);
        let rows = ballots.iter().flat_map(Ballot::rows).take(SHOWN);
        let shown = same.copied().chain(rows).map(|fact| archive.exhibit(fact)).collect();
        findings.broken(Rule::OutcomeOfSuccess, shown, why);
    }
}

/// The reasons why none of these ballots was successful, in words.
pub(super) fn short_of<'a, 'b: 'a>(
    ballots: impl DoubleEndedIterator<Item = &'a Ballot<'b>>,
    records: &Records,
) -> String {
    let lacks = |ballot: &Ballot| {
        let missing: Vec<&str> = match ballot.quorum {
            Some(quorum) => quorum.difference(&ballot.voters).map(Name::as_str).collect(),
            None => return format!("no majority voted in {}", ballot.number),
        };
        match missing.is_empty() {
            true => format!("{} was for “{}”", ballot.number, records.archive.text(ballot.decree)),
            false => format!("{} lacks the vote of {}", ballot.number, missing.join(", ")),
        }
    };
    let told: Vec<String> = ballots.rev().take(SHOWN).map(lacks).collect();
    if told.is_empty() { "there was no ballot".into() } else { told.join("; ") }
}
