//! B as in the paper's Figure 1: a line for each ballot, the voters among the quorum marked, and a
//! tick for each condition it keeps. `[PTP Figure 1]`

use std::fmt::Write as _;

use super::cells::{broken, padded, shortened, width};
use crate::audit::JudgedBallot;
use crate::words::Name;

/// How many cells of a decree are shown.
const SHOWN: usize = 40;
/// How few cells of a decree are worth showing beside its quorum.
const FEWEST: usize = 12;
/// The cells right of the quorum, headed `B1 B2 B3`: whether the ballot passed, and the three conditions.
const STANDING: usize = 17;

/// Draws the ballots of one decree number in lines of at most `most` cells: in a column for each of
/// these priests, or, where that is too wide, some lines for each ballot.
///
/// A priest who voted stands in brackets; one who voted and was not asked, in parentheses.
#[must_use]
pub fn draw(ballots: &[JudgedBallot], priests: &[Name], most: usize) -> String {
    let numbers = ballots.iter().map(|ballot| width(&ballot.number.to_string()));
    let first = numbers.chain([6]).max().unwrap_or(6);
    let third: usize = priests.iter().map(|name| width(name.as_str()) + 3).sum();
    let third = third.max("quorum and [voters]".len());
    let room = most.saturating_sub(first + 2 + 2 + third + STANDING);
    if room < FEWEST {
        return ballots.iter().map(|ballot| in_lines(ballot, priests, most)).collect();
    }
    let decrees: Vec<String> =
        ballots.iter().map(|ballot| shortened(&ballot.decree, SHOWN.min(room))).collect();
    let second = decrees.iter().map(|text| width(text)).chain([6]).max().unwrap_or(6);
    let mut drawn = format!(
        "{}  {}  {}         B1 B2 B3\n",
        padded("ballot", first),
        padded("decree", second),
        padded("quorum and [voters]", third)
    );
    for (ballot, decree) in ballots.iter().zip(&decrees) {
        let number = ballot.number.to_string();
        let quorum: String = priests.iter().map(|&name| seat(ballot, name)).collect();
        let _ = writeln!(
            drawn,
            "{}{number}  {}  {} {}  {}  {}  {}",
            " ".repeat(first - width(&number)),
            padded(decree, second),
            padded(&quorum, third),
            if ballot.successful { "passed" } else { "open  " },
            tick(Some(ballot.b1)),
            tick(ballot.b2),
            tick(ballot.b3)
        );
    }
    drawn
}

/// A ballot in lines of its own, where the names are too long for columns.
fn in_lines(ballot: &JudgedBallot, priests: &[Name], most: usize) -> String {
    let seats = priests.iter().map(|&name| seat(ballot, name).trim().to_owned());
    let quorum: Vec<String> = seats.filter(|seat| !seat.is_empty()).collect();
    let [b1, b2, b3] = [Some(ballot.b1), ballot.b2, ballot.b3].map(tick);
    let stands = if ballot.successful { "passed" } else { "open" };
    let mut drawn = String::new();
    for (indent, text) in [
        (0, format!("ballot {}", ballot.number)),
        (2, format!("{stands}; B1 {b1} B2 {b2} B3 {b3}")),
        (2, format!("decree {}", shortened(&ballot.decree, most.saturating_sub(9)))),
        (2, format!("quorum and [voters]: {}", quorum.join(" "))),
    ] {
        for line in broken(&text, most.saturating_sub(indent).max(1)) {
            let _ = writeln!(drawn, "{}{line}", " ".repeat(indent));
        }
    }
    drawn
}

/// A priest's place in a ballot's line.
fn seat(ballot: &JudgedBallot, name: Name) -> String {
    let has_voted = ballot.voters.contains(&name);
    let was_asked = ballot.quorum.as_ref().is_none_or(|quorum| quorum.contains(&name));
    let text = match (has_voted, was_asked && ballot.quorum.is_some()) {
        (true, _) if was_asked => format!("[{name}]"),
        (true, _) => format!("({name})"),
        (false, true) => format!(" {name} "),
        (false, false) => String::new(),
    };
    padded(&text, width(name.as_str()) + 3)
}

fn tick(kept: Option<bool>) -> char {
    match kept {
        Some(true) => '✓',
        Some(false) => '✗',
        None => '?',
    }
}
