//! B as in the paper's Figure 1: a line for each ballot, the voters among the quorum marked, and a
//! tick for each condition it keeps. `[PTP Figure 1]`

use std::fmt::Write as _;

use super::cells::{padded, shortened, width};
use crate::audit::JudgedBallot;
use crate::words::Name;

/// How many cells of a decree are shown.
const SHOWN: usize = 40;

/// Draws the ballots of one decree number, in a column for each of these priests.
///
/// A priest who voted stands in brackets; one who voted and was not asked, in parentheses.
#[must_use]
pub fn draw(ballots: &[JudgedBallot], priests: &[Name]) -> String {
    let numbers: Vec<String> = ballots.iter().map(|ballot| ballot.number.to_string()).collect();
    let decrees: Vec<String> =
        ballots.iter().map(|ballot| shortened(&ballot.decree, SHOWN)).collect();
    let first = numbers.iter().map(|text| width(text)).chain([6]).max().unwrap_or(6);
    let second = decrees.iter().map(|text| width(text)).chain([6]).max().unwrap_or(6);
    let third: usize = priests.iter().map(|name| width(name.as_str()) + 3).sum();
    let third = third.max("quorum and [voters]".len());
    let mut drawn = format!(
        "{}  {}  {}         B1 B2 B3\n",
        padded("ballot", first),
        padded("decree", second),
        padded("quorum and [voters]", third)
    );
    for (i, ballot) in ballots.iter().enumerate() {
        let quorum: String = priests.iter().map(|&name| seat(ballot, name)).collect();
        let _ = writeln!(
            drawn,
            "{}{}  {}  {} {}  {}  {}  {}",
            " ".repeat(first - width(&numbers[i])),
            numbers[i],
            padded(&decrees[i], second),
            padded(&quorum, third),
            if ballot.successful { "passed" } else { "open  " },
            tick(Some(ballot.b1)),
            tick(ballot.b2),
            tick(ballot.b3)
        );
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
