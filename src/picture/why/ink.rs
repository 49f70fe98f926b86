//! Why a row was inked. `[PTP §2.3]`

use std::collections::BTreeSet;

use super::{Before, Why, compared, quoted, set};
use crate::picture::cells::shortened;
use crate::synod::{BallotNumber, Decree, DecreeNumber, Entry, Name};

/// Why `priest` inked this entry.
pub fn why(priest: Name, entry: &Entry, before: &Before<'_>) -> Why {
    let desk = before.desk(priest);
    match entry {
        Entry::Entered => Why {
            section: None,
            sentence: format!("{priest} notes in his ledger that he is in the Chamber."),
            short: "entered".into(),
            offence: false,
        },
        Entry::Book(row) => Why {
            section: Some("3.3.2"),
            sentence: format!("{priest} writes in his law book: {}.", row.in_a_line()),
            short: row.heading.to_string(),
            offence: false,
        },
        Entry::LastTried { ballot } => {
            let guard = compared(*ballot, "lastTried", desk.last_tried);
            let lower = Some(*ballot) <= desk.last_tried;
            let foreign = ballot.owner != priest;
            Why::new(
                "2.3 (1)",
                format!("tries {ballot}"),
                format!("{priest} tries ballot {ballot}: {guard}."),
            )
            .against(lower.then(|| "a ballot tried must be above lastTried".into()))
            .against(foreign.then(|| format!("{ballot} is {}'s, not his", ballot.owner)))
        }
        Entry::NextBal { ballot } => {
            let guard = compared(*ballot, "nextBal", desk.next_bal);
            let lower = Some(*ballot) < desk.next_bal;
            Why::new(
                "2.3 (2)",
                format!("nextBal {ballot}"),
                format!("{priest} promises to vote in no ballot below {ballot}: {guard}."),
            )
            .against(lower.then(|| "a promise never goes back".into()))
        }
        Entry::PrevVote { number, ballot, decree } => {
            vote(priest, *number, *ballot, decree, before)
        }
        Entry::BeginBallot { number, ballot, decree, quorum } => {
            begin(priest, *number, *ballot, decree, quorum, before)
        }
        Entry::Outcome { number, decree, ballot } => {
            outcome(priest, *number, *ballot, decree, before)
        }
    }
}

fn vote(
    priest: Name,
    number: DecreeNumber,
    ballot: BallotNumber,
    decree: &Decree,
    before: &Before<'_>,
) -> Why {
    let desk = before.desk(priest);
    let prev = desk.prev_vote.get(&number).map(|(ballot, _)| *ballot);
    let guard = compared(ballot, "nextBal", desk.next_bal);
    let since = compared(ballot, "prevBal", prev);
    Why::new(
        "2.3 (4)",
        format!("votes {ballot}"),
        format!("{priest} votes in {ballot} for {}: {guard}, and {since}.", quoted(decree)),
    )
    .against((desk.next_bal != Some(ballot)).then(|| "he may vote only in ballot nextBal".into()))
    .against((prev >= Some(ballot)).then(|| "he has voted in it, or in a later one".into()))
}

fn begin(
    priest: Name,
    number: DecreeNumber,
    ballot: BallotNumber,
    decree: &Decree,
    quorum: &BTreeSet<Name>,
    before: &Before<'_>,
) -> Why {
    let desk = before.desk(priest);
    let bound = desk.slip.largest_vote(number, quorum);
    let weight = before.weight(quorum.iter().copied());
    let minority = !before.members.is_majority(quorum.iter().copied());
    let minority = minority.then(|| "that is no majority set".into());
    let (short, decree_said) =
        (format!("begins {ballot}: {}", shortened(decree.text(), 20)), quoted(decree));
    let begins =
        format!("begins {ballot} for {decree_said} with the quorum {}, {weight}", set(quorum));
    if !desk.inside {
        let sentence = format!("{priest} {begins}: so his ledger says, from before he came in.");
        return Why::new("2.3 (3)", short, sentence).against(minority);
    }
    let reason = match bound {
        None => "all their votes are null, so the choice is free".into(),
        Some((who, earlier, _)) => {
            format!("their largest vote is {who}'s in {earlier}, so B3 binds the decree")
        }
    };
    let unheard: Vec<&Name> =
        quorum.iter().filter(|name| !desk.slip.prev_votes.contains_key(name)).collect();
    let unbound = bound.filter(|(_, _, demanded)| *demanded != decree);
    Why::new("2.3 (3)", short, format!("{priest} {begins}: {reason}."))
        .against(minority)
        .against((!unheard.is_empty()).then(|| format!("{} did not reply", set(unheard))))
        .against(unbound.map(|(_, _, demanded)| format!("that vote was for {}", quoted(demanded))))
}

fn outcome(
    priest: Name,
    number: DecreeNumber,
    ballot: Option<BallotNumber>,
    decree: &Decree,
    before: &Before<'_>,
) -> Why {
    let desk = before.desk(priest);
    let other = before.ballots.other_outcome(number, decree);
    let broken = other.map(|other| {
        format!("another ledger has decree {number} as {}: consistency is broken", quoted(other))
    });
    let short = format!("decree {number}: {}", shortened(decree.text(), 20));
    // A ledger that was inked before its owner came in tells nothing of what he heard.
    let heard = desk.inside && desk.slip.ballot == ballot;
    let poll = desk.slip.polls.get(&number).filter(|_| heard);
    if let (Some(poll), Some(ballot)) = (poll, ballot) {
        let missing: Vec<&Name> = poll.quorum.difference(&poll.voters).collect();
        let all = set(&poll.quorum);
        let text = quoted(decree);
        return Why::new(
            "2.3 (5)",
            short,
            format!("{ballot} is successful, for all of {all} have voted: {priest} inks decree {number}, {text}."),
        )
        .against((!missing.is_empty()).then(|| format!("{} has not been heard to vote", set(missing))))
        .against(broken);
    }
    let source = desk
        .told_by
        .get(&number)
        .map_or("which the records do not say he was told".into(), |from| {
            format!("of which {from} told him")
        });
    Why::new(
        "2.3 (6)",
        short,
        format!("{priest} inks decree {number}, {source}: {}.", quoted(decree)),
    )
    .against(broken)
}
