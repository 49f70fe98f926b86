//! The colours of ballots: six that the colour-blind tell apart (Okabe and Ito), in turn.

use std::collections::HashMap;

use super::model::Chronicle;
use crate::words::BallotNumber;
use crate::words::message::Kind;

/// How many hues there are; the seventh ballot takes the first again.
pub const HUES: usize = 6;

/// Which hue each ballot has.
#[derive(Debug, Default)]
pub struct Hues(HashMap<BallotNumber, usize>);

impl Hues {
    /// Gives hues in the order in which ballots are met.
    #[must_use]
    pub fn of(chronicle: &Chronicle) -> Hues {
        let mut hues = Hues::default();
        for ballot in chronicle.ballot_numbers() {
            hues.meet(ballot);
        }
        hues
    }

    /// The hue of a ballot, which has the next one if it was not met before.
    pub fn meet(&mut self, ballot: BallotNumber) -> usize {
        let next = self.0.len() % HUES;
        *self.0.entry(ballot).or_insert(next)
    }

    /// The hue of a ballot that was met.
    #[must_use]
    pub fn get(&self, ballot: BallotNumber) -> Option<usize> {
        self.0.get(&ballot).copied()
    }

    /// The style class of a ballot's hue; that of no ballot is `b-`.
    #[must_use]
    pub fn class(&self, ballot: Option<BallotNumber>) -> String {
        let hue = ballot.and_then(|ballot| self.get(ballot));
        hue.map_or("b-".into(), |hue| format!("b{hue}"))
    }
}

/// The style class of a message: its shape says again what it is.
#[must_use]
pub const fn shape(kind: Kind) -> &'static str {
    match kind {
        Kind::NextBallot => "thin",
        Kind::LastVote => "thin dashed",
        Kind::BeginBallot => "thick",
        Kind::Voted => "thick dashed",
        Kind::Success => "dotted",
        Kind::Refused | Kind::Failed => "refusal",
        Kind::Presence | Kind::Inquiry | Kind::LawBook => "talk",
        Kind::Petition => "petition",
    }
}
