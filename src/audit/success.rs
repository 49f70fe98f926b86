//! Checks Success against the ledgers: I7. `[PTP §2.3 (5), Appendix A2]`
//!
//! Success rests on no row, so a power failure may take the outcome. The votes that made its ballot
//! successful were dry before Voted left, so they stay.

use super::ballots::Ballot;
use super::decrees::short_of;
use super::fact::{Fact, Kind};
use super::finding::{Exhibit, Findings};
use super::heard::Records;
use super::rule::{Rule, Severity};
use crate::records::record::MessageRow;
use crate::words::{BallotNumber, Decree, DecreeNumber};

/// The most rows of a ballot that a finding shows.
const SHOWN: usize = 5;

/// The content of a Success: the number, the ballot if it names one, and the decree.
type Told<'a> = (DecreeNumber, Option<BallotNumber>, &'a Decree);

/// Checks a Success: a ledger has this outcome, with the ballot that the letter names. If power
/// failures took it from all ledgers, a ballot must support it.
pub(super) fn hear(row: &MessageRow, told: Told<'_>, records: &Records, findings: &mut Findings) {
    let (archive, (number, named, decree)) = (&records.archive, told);
    let outcomes = || archive.of(number).iter().filter(|fact| fact.kind == Kind::Outcome);
    let same = |fact: &&Fact| archive.text(fact.decree) == decree.text();
    // The ballot that an outcome names is judged with the outcome.
    if outcomes().filter(same).any(|fact| named.is_none_or(|_| archive.ballot(fact) == named)) {
        return;
    }
    let accuse = |findings: &mut Findings, rule, others: Vec<Exhibit>, why| {
        let shown = [Exhibit::of_letter(row)].into_iter().chain(others).collect();
        findings.broken(rule, shown, why);
    };
    let is_inked = outcomes().any(|fact| same(&fact));
    if let Some(other) = outcomes().next().filter(|_| !is_inked) {
        let why = format!(
            "{} sends Success for “{decree}”, and decree {number} is “{}”",
            row.from,
            archive.text(other.decree)
        );
        return accuse(findings, Rule::SuccessPassed, vec![archive.exhibit(other)], why);
    }
    let ballots = records.ballots(number);
    if !is_inked && !may_have_passed(told, &ballots, records) {
        let why = format!(
            "{} sends Success for “{decree}”, and no ballot passed it as decree {number}",
            row.from
        );
        return accuse(findings, Rule::SuccessPassed, Vec::new(), why);
    }
    if let Some((others, why)) = not_by_the_named(told, &ballots, records) {
        let why = format!("{} sends Success for decree {number}, and {why}", row.from);
        return accuse(findings, Rule::SuccessBallot, others, why);
    }
    if !is_inked && !records.may_have_voted(number) && !records.is_part {
        let why = format!(
            "Success of decree {number} was sent and no ledger holds it: it may leave while the row dries, and the votes find it again"
        );
        findings.add(Rule::SuccessPassed, Severity::Lost, vec![Exhibit::of_letter(row)], why);
    }
}

/// Whether a ballot may have passed this decree, by the rows that are here.
fn may_have_passed(
    (number, _, decree): Told<'_>,
    ballots: &[Ballot<'_>],
    records: &Records,
) -> bool {
    let (silent, sitting) = (records.silent_on(number), records.members.voting_on(number));
    let text = records.archive.known(decree.text());
    let may_have = |it: &Ballot| Some(it.decree) == text && it.may_be_successful(&silent, sitting);
    records.may_have_voted(number)
        || records.may_have_passed_elsewhere(number)
        || ballots.iter().any(may_have)
}

/// The reason why the ballot that the letter names cannot have passed the decree, with its rows.
fn not_by_the_named(
    (number, named, decree): Told<'_>,
    ballots: &[Ballot<'_>],
    records: &Records,
) -> Option<(Vec<Exhibit>, String)> {
    let named = named?;
    let (silent, sitting) = (records.silent_on(number), records.members.voting_on(number));
    let text = records.archive.known(decree.text());
    let of_its_number = || ballots.iter().filter(|ballot| ballot.number == named);
    let passed = |ballot: &Ballot| {
        // Without the law as of n − α it is unknown how many votes a ballot of unknown quorum
        // needs.
        let is_known = ballot.quorum.is_some() || records.members.are_certain(number);
        Some(ballot.decree) == text && (!is_known || ballot.may_be_successful(&silent, sitting))
    };
    if of_its_number().any(passed) {
        return None;
    }
    let rows = of_its_number().flat_map(Ballot::rows).take(SHOWN);
    let rows = rows.map(|fact| records.archive.exhibit(fact)).collect();
    let found: Vec<&Ballot> = of_its_number().collect();
    if !found.is_empty() {
        return Some((rows, short_of(found.into_iter(), records)));
    }
    let owner = records.of(named.owner);
    if owner.is_some_and(|owner| !owner.progress.has_tried(named)) {
        let why =
            format!("nobody began {named}: {}, whose ballot it is, never tried it", named.owner);
        return Some((rows, why));
    }
    // The members whose rows are incomplete may have been all its voters.
    let must_tell = records.members.are_certain(number) && !sitting.more_than_half(&silent);
    must_tell.then(|| (rows, format!("nobody voted in {named}")))
}
