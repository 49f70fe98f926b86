//! Why a letter was sent, read, ignored, lost or repeated. `[PTP §2.3, §2.4]`

use super::said::{Before, Why, compared, or_minus_infinity, quoted, set};
use crate::words::message::Kind;
use crate::words::{BallotNumber, Message, Name};

/// The message in a few words: its name, its ballot, and what else tells it apart.
#[must_use]
pub fn named(message: &Message) -> String {
    let kind = message.kind();
    match message {
        Message::LastVote { ballot, vote: Some((_, vote)), .. } => {
            format!("{kind} {ballot}, {}", vote.ballot)
        }
        Message::LastVote { ballot, vote: None, .. } => format!("{kind} {ballot}, null"),
        Message::Success { number, .. } => format!("{kind} {number}"),
        Message::BeginBallot { ballot, number, .. } | Message::Voted { ballot, number }
            if *number > 1 =>
        {
            format!("{kind} {ballot} #{number}")
        }
        _ => match message.ballot() {
            Some(ballot) => format!("{kind} {ballot}"),
            None => kind.to_string(),
        },
    }
}

/// Where the paper tells of the sending and the reading of each message.
const fn sections(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::NextBallot => ("2.3 (1)", "2.3 (2)"),
        Kind::LastVote => ("2.3 (2)", "2.3 (3)"),
        Kind::BeginBallot => ("2.3 (3)", "2.3 (4)"),
        Kind::Voted => ("2.3 (4)", "2.3 (5)"),
        Kind::Success => ("2.3 (5)", "2.3 (6)"),
        Kind::Refused | Kind::Failed | Kind::Presence => ("2.4", "2.4"),
        Kind::Petition | Kind::Inquiry => ("3.1", "3.1"),
        Kind::LawBook => ("3.3.2", "3.3.2"),
    }
}

/// Why `from` sent this.
pub fn send(from: Name, to: Name, message: &Message, before: &Before<'_>) -> Why {
    let desk = before.desk(from);
    let to_whom = if from == to { "himself" } else { to.as_str() };
    let sentence = match message {
        Message::NextBallot { ballot, .. } => {
            let guard = compared(*ballot, "lastTried", desk.last_tried);
            format!("asks {to_whom} to promise {ballot}: {guard}")
        }
        Message::LastVote { ballot, vote, .. } => {
            let last = or_minus_infinity(vote.as_ref().map(|(_, vote)| vote.ballot));
            format!("promises {ballot} to {to_whom}, and tells his last vote: {last}")
        }
        Message::BeginBallot { ballot, decree, .. } => {
            let decree = quoted(decree);
            format!("asks {to_whom}, who is of the quorum, to vote in {ballot} for {decree}")
        }
        Message::Voted { ballot, .. } => format!("tells {to_whom} that he has voted in {ballot}"),
        Message::Success { number, decree, .. } => {
            format!("tells {to_whom} that decree {number} is passed: {}", quoted(decree))
        }
        Message::Refused { ballot, next_bal } => {
            format!(
                "tells {to_whom} why he does nothing in {ballot}: {ballot} < nextBal {next_bal}"
            )
        }
        Message::Failed { ballot } => format!("tells {to_whom} that he has given {ballot} up"),
        Message::Presence { .. } => format!("sends {to_whom} his name: he is in the Chamber"),
        Message::Petition { decree } => format!("asks {to_whom} to pass {}", quoted(decree)),
        Message::Inquiry { above, .. } => format!("asks {to_whom} for the decrees above {above}"),
        Message::LawBook { through, .. } => {
            format!("tells {to_whom} a row of his law book, complete through decree {through}")
        }
    };
    let (section, _) = sections(message.kind());
    Why::new(section, named(message), format!("{from} {sentence}."))
}

/// Why it was of use to `to`.
pub fn receive(from: Name, to: Name, message: &Message, before: &Before<'_>) -> Why {
    let desk = before.desk(to);
    let from_whom = if from == to { "his own".to_string() } else { format!("{from}'s") };
    let reads = format!("{to} reads {from_whom} {}", named(message));
    let rest = match message {
        Message::NextBallot { ballot, .. } => {
            let guard = compared(*ballot, "nextBal", desk.next_bal);
            let may = Some(*ballot) > desk.next_bal;
            format!("{guard}, so he {}", if may { "may promise" } else { "refuses, and says why" })
        }
        Message::LastVote { ballot, .. } => {
            let mut repliers = desk.slip.repliers();
            repliers.insert(from);
            let weight = before.weight(None, repliers.iter().copied());
            let guard = compared(*ballot, "lastTried", desk.last_tried);
            let have = if repliers.len() == 1 { "has" } else { "have" };
            format!("{guard}; {} {have} replied{weight}", set(&repliers))
        }
        Message::BeginBallot { ballot, .. } => {
            let guard = compared(*ballot, "nextBal", desk.next_bal);
            let may = desk.next_bal == Some(*ballot);
            format!("{guard}, so he {}", if may { "may vote" } else { "refuses, and says why" })
        }
        Message::Voted { number, .. } => match desk.slip.polls.get(number) {
            Some(poll) => {
                let missing: Vec<&Name> = poll
                    .quorum
                    .iter()
                    .filter(|n| **n != from && !poll.voters.contains(n))
                    .collect();
                match missing.is_empty() {
                    true => "the quorum is complete".into(),
                    false => format!("he awaits {}", set(missing)),
                }
            }
            None => "he takes it down".into(),
        },
        Message::Success { number, .. } => match desk.front.contains_key(number) {
            true => format!("decree {number} is in his ledger already"),
            false => format!("decree {number} is blank in his ledger, so he may ink it"),
        },
        Message::Refused { next_bal, .. } => {
            format!("he learns of {next_bal}, and must try a higher ballot still")
        }
        Message::Presence { .. } => match from.cmp(&to) {
            std::cmp::Ordering::Greater => {
                format!("{from} stands above him in the alphabet and is in the Chamber")
            }
            _ => format!("{from} is in the Chamber"),
        },
        Message::Failed { ballot } => format!("{ballot} was given up"),
        Message::Petition { .. } => "a decree is asked for".into(),
        Message::Inquiry { above, .. } => format!("{from} lacks the decrees above {above}"),
        Message::LawBook { of, .. } => format!("the book counts when all its rows, {of}, are here"),
    };
    let (_, section) = sections(message.kind());
    Why::new(section, named(message), format!("{reads}: {rest}."))
}

/// Why it was of no use to `to`: the guard that failed.
pub fn ignore(from: Name, to: Name, message: &Message, before: &Before<'_>) -> Why {
    let desk = before.desk(to);
    let not = |ballot: BallotNumber, note: &str, value: Option<BallotNumber>| {
        format!("{ballot} ≠ {note} {}", or_minus_infinity(value))
    };
    let guard = match message {
        Message::NextBallot { ballot, .. } => compared(*ballot, "nextBal", desk.next_bal),
        Message::BeginBallot { ballot, .. } if desk.next_bal != Some(*ballot) => {
            not(*ballot, "nextBal", desk.next_bal)
        }
        Message::BeginBallot { ballot, .. } => format!("prevBal = {ballot}, he has voted in it"),
        Message::LastVote { ballot, .. }
        | Message::Voted { ballot, .. }
        | Message::Refused { ballot, .. }
            if desk.last_tried != Some(*ballot) =>
        {
            not(*ballot, "lastTried", desk.last_tried)
        }
        Message::LastVote { .. } => format!("status is {}, not trying", desk.slip.status()),
        Message::Voted { number, .. } if desk.front.contains_key(number) => {
            "his ballot has ended".into()
        }
        Message::Voted { .. } => format!("status is {}", desk.slip.status()),
        Message::Success { number, .. } if desk.front.contains_key(number) => {
            format!("decree {number} is in his ledger")
        }
        _ => "it is of no use to him".into(),
    };
    let (_, section) = sections(message.kind());
    let whose = if from == to { "his own".into() } else { format!("{from}'s") };
    let late =
        if before.flight.is_some_and(|flight| flight.late) { ", which came late" } else { "" };
    Why::new(
        section,
        guard.clone(),
        format!("{to} ignores {whose} {}{late}: {guard}.", named(message)),
    )
}

/// The meaning of a lost letter.
pub fn lose(from: Name, to: Name, message: &Message, before: &Before<'_>) -> Why {
    let what = named(message);
    let sentence = if before.desks.get(&to).is_some_and(|desk| !desk.inside) {
        format!("{from}'s {what} finds nobody: {to} is not in the Chamber.")
    } else {
        format!("{from}'s {what} to {to} is lost: that costs progress, never consistency.")
    };
    Why::new("1.3", "lost".into(), sentence)
}

/// The meaning of a repeated letter.
pub fn repeat(from: Name, to: Name, message: &Message) -> Why {
    let what = named(message);
    let sentence = format!(
        "The messenger carries {from}'s {what} to {to} once more: a letter read twice changes nothing."
    );
    Why::new("1.3", "repeated".into(), sentence)
}
