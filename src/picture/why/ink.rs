//! Why a row was inked. `[PTP §2.3]`

use std::collections::BTreeSet;

use super::said::{Before, Why, compared, quoted, set};
use crate::picture::cells::shortened;
use crate::words::{BallotNumber, Decree, DecreeNumber, Entry, Name};

/// Why `priest` inked this entry.
pub fn why(priest: Name, entry: &Entry, before: &Before<'_>) -> Why {
    let desk = before.desk(priest);
    match entry {
        Entry::Entered => Why {
            section: None,
            sentence: format!("{priest} notes in his ledger that he is in the Chamber."),
            short: "entered".into(),
        },
        Entry::Book(row) => Why {
            section: Some("3.3.2"),
            sentence: format!("{priest} writes in his law book: {}.", row.in_a_line()),
            short: row.heading.to_string(),
        },
        _ if desk.copies => copied(priest, entry),
        Entry::LastTried { ballot } => {
            let guard = compared(*ballot, "lastTried", desk.last_tried);
            Why::new(
                "2.3 (1)",
                format!("tries {ballot}"),
                format!("{priest} tries ballot {ballot}: {guard}."),
            )
        }
        Entry::NextBal { ballot } => {
            let guard = compared(*ballot, "nextBal", desk.next_bal);
            Why::new(
                "2.3 (2)",
                format!("nextBal {ballot}"),
                format!("{priest} promises to vote in no ballot below {ballot}: {guard}."),
            )
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

/// A row of the ledger before, which the law book says again.
fn copied(priest: Name, entry: &Entry) -> Why {
    let note = match entry {
        Entry::LastTried { ballot } => format!("lastTried {ballot}"),
        Entry::NextBal { ballot } => format!("nextBal {ballot}"),
        Entry::PrevVote { number, ballot, .. } => format!("prevVote {ballot} #{number}"),
        Entry::BeginBallot { number, ballot, .. } => format!("beginBallot {ballot} #{number}"),
        Entry::Outcome { number, .. } => format!("decree {number}"),
        Entry::Entered | Entry::Book(_) => entry.kind().to_owned(),
    };
    let sentence = format!("{priest} copies {note} into his law book from the ledger before it.");
    Why::new("3.3.2", format!("copies {note}"), sentence)
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
    let weight = before.weight(Some(number), quorum.iter().copied());
    let short = format!("begins {ballot}: {}", shortened(decree.text(), 20));
    let begins = format!(
        "{priest} begins {ballot} for {} with the quorum {}{weight}",
        quoted(decree),
        set(quorum)
    );
    if !desk.inside {
        let sentence = format!("{begins}: so his ledger says, from before he came in.");
        return Why::new("2.3 (3)", short, sentence);
    }
    let unheard: Vec<&Name> =
        quorum.iter().filter(|name| !desk.slip.prev_votes.contains_key(name)).collect();
    let reason = match desk.slip.largest_vote(number, quorum) {
        _ if !unheard.is_empty() => format!("of {} no reply is here", set(unheard)),
        None => "all their votes are null, so the choice is free".into(),
        Some((who, earlier, bound)) => format!(
            "their largest vote is {who}'s in {earlier}, and B3 binds him to its decree, {}",
            quoted(bound)
        ),
    };
    Why::new("2.3 (3)", short, format!("{begins}: {reason}."))
}

fn outcome(
    priest: Name,
    number: DecreeNumber,
    ballot: Option<BallotNumber>,
    decree: &Decree,
    before: &Before<'_>,
) -> Why {
    let desk = before.desk(priest);
    let short = format!("decree {number}: {}", shortened(decree.text(), 20));
    // A ledger that was inked before its owner came in tells nothing of what he heard.
    let heard = desk.inside && desk.slip.ballot == ballot;
    let poll = desk.slip.polls.get(&number).filter(|_| heard);
    if let (Some(poll), Some(ballot)) = (poll, ballot) {
        let (all, text) = (set(&poll.quorum), quoted(decree));
        let sentence = match poll.quorum.is_subset(&poll.voters) {
            true => format!(
                "{ballot} is successful, for all of {all} have voted: {priest} inks decree {number}, {text}."
            ),
            false => format!(
                "{priest} polled {all} in {ballot}, and the records hold Voted of {}: he inks decree {number}, {text}.",
                set(&poll.voters)
            ),
        };
        return Why::new("2.3 (5)", short, sentence);
    }
    let source = desk
        .told_by
        .get(&number)
        .map_or("and the records do not say who told him".into(), |from| {
            format!("of which {from} told him")
        });
    let sentence = format!("{priest} inks decree {number}, {source}: {}.", quoted(decree));
    Why::new("2.3 (6)", short, sentence)
}
