//! Ledgers that follow from letters, for a log with letters only: a priest who promises has noted
//! the promise, and one who says that he voted has noted the vote.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Happening;
use crate::words::{BallotNumber, Decree, DecreeNumber, Entry, Message, Name};

/// An event in a row of a log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Told {
    /// The line of the log, from 1.
    pub line: u64,
    /// The row as it stands there.
    pub row: String,
    /// The event.
    pub happening: Happening,
}

/// The priests who promised a ballot and who voted in it.
#[derive(Default)]
struct Seen {
    promised: BTreeSet<Name>,
    voted: BTreeSet<Name>,
    is_begun: bool,
}

/// The notes in a ledger so far.
#[derive(Default)]
struct Noted {
    last_tried: Option<BallotNumber>,
    next_bal: Option<BallotNumber>,
    votes: BTreeSet<(DecreeNumber, BallotNumber)>,
}

/// The same, with the rows that each letter rests on above it.
///
/// A ballot's quorum is those whose promises its owner had received when he began it. Where the log
/// tells of no such receipt, or another majority voted, as most Paxos protocols allow, no row says
/// the quorum, B3 is not asked, and the votes of any majority count.
pub(super) fn from_letters(told: Vec<Told>) -> Vec<Told> {
    let (seen, decrees) = look_ahead(&told);
    let majority = |names: &BTreeSet<Name>| {
        told.iter().any(|it| match &it.happening {
            Happening::Founded(founding) => {
                let members = &founding.membership;
                2 * members.weight_of(names.iter().copied()) > members.weight()
            }
            _ => false,
        })
    };
    let mut noted: BTreeMap<Name, Noted> = BTreeMap::new();
    let mut begun = BTreeSet::new();
    let mut all = Vec::new();
    for it in &told {
        if let Happening::Send { from, message, .. } = &it.happening {
            let his = noted.entry(*from).or_default();
            for entry in rests_on(message, his, &decrees) {
                let happening = Happening::Ink { priest: *from, entry };
                all.push(Told { happening, ..it.clone() });
            }
            if let Message::BeginBallot { ballot, number, decree } = message
                && begun.insert((*number, *ballot))
                && let Some(Seen { promised, voted, .. }) = seen.get(&(*number, *ballot))
                && !promised.is_empty()
                && (promised.is_subset(voted) || !majority(voted))
            {
                let (number, ballot, decree) = (*number, *ballot, decree.clone());
                let quorum = Arc::new(promised.clone());
                let entry = Entry::BeginBallot { number, ballot, decree, quorum };
                all.push(Told { happening: Happening::Ink { priest: *from, entry }, ..it.clone() });
            }
        }
        all.push(it.clone());
    }
    all
}

type Decrees = BTreeMap<(DecreeNumber, BallotNumber), Decree>;

/// The promises, votes and decree of each ballot.
fn look_ahead(told: &[Told]) -> (BTreeMap<(DecreeNumber, BallotNumber), Seen>, Decrees) {
    let mut seen: BTreeMap<(DecreeNumber, BallotNumber), Seen> = BTreeMap::new();
    let mut promised: BTreeMap<BallotNumber, BTreeSet<Name>> = BTreeMap::new();
    let mut decrees = Decrees::new();
    for it in told {
        if let Happening::Receive { from, to, message: Message::LastVote { ballot, .. } } =
            &it.happening
            && ballot.owner == *to
        {
            promised.entry(*ballot).or_default().insert(*from);
        }
        let Happening::Send { from, message, .. } = &it.happening else { continue };
        match message {
            Message::BeginBallot { ballot, number, decree } => {
                decrees.entry((*number, *ballot)).or_insert_with(|| decree.clone());
                let ballot_seen = seen.entry((*number, *ballot)).or_default();
                if !std::mem::replace(&mut ballot_seen.is_begun, true) {
                    ballot_seen.promised = promised.get(ballot).cloned().unwrap_or_default();
                }
            }
            Message::Voted { ballot, number } => {
                seen.entry((*number, *ballot)).or_default().voted.insert(*from);
            }
            _ => {}
        }
    }
    (seen, decrees)
}

/// The rows that a letter rests on and that are not noted yet.
fn rests_on(message: &Message, his: &mut Noted, decrees: &Decrees) -> Vec<Entry> {
    let mut rows = Vec::new();
    match message {
        Message::NextBallot { ballot, .. } if his.last_tried != Some(*ballot) => {
            his.last_tried = Some(*ballot);
            rows.push(Entry::LastTried { ballot: *ballot });
        }
        Message::LastVote { ballot, .. } if his.next_bal != Some(*ballot) => {
            his.next_bal = Some(*ballot);
            rows.push(Entry::NextBal { ballot: *ballot });
        }
        Message::Voted { ballot, number } if his.votes.insert((*number, *ballot)) => {
            // To vote above a promise is to promise at once.
            if his.next_bal < Some(*ballot) {
                his.next_bal = Some(*ballot);
                rows.push(Entry::NextBal { ballot: *ballot });
            }
            if let Some(decree) = decrees.get(&(*number, *ballot)) {
                let (number, ballot, decree) = (*number, *ballot, decree.clone());
                rows.push(Entry::PrevVote { number, ballot, decree });
            }
        }
        _ => {}
    }
    rows
}
