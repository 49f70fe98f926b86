//! Whether the ledgers prove, before anybody acts, that the Synod's decree is chosen. `[PTP §2.1]`
//!
//! One vote does not choose a decree. A decree is chosen when the whole quorum of a ballot has
//! voted for it. The proof is a row for each of these votes, or an outcome that names its ballot.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::chamber::{Chamber, ChamberError, read_ledger};
use crate::records::Seal;
use crate::words::ballot::SYNODS_DECREE;
use crate::words::{BallotNumber, Decree, Entry, Founding, Name};

/// A successful ballot, proved by rows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Chosen {
    /// The ballot.
    pub ballot: BallotNumber,
    /// The decree it passed.
    pub decree: Decree,
    /// The rows that prove it.
    pub proof: Proof,
}

/// The rows that prove a ballot successful.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Proof {
    /// Each member of its quorum has the vote in his ledger.
    Votes(BTreeSet<Name>),
    /// This priest's ledger has the decree, and names the ballot that passed it.
    Outcome(Name),
}

/// Decree 1 in all the ledgers of a chamber, including those of absent priests.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Before {
    /// The decree in each ledger that has one.
    pub inked: BTreeMap<Name, Decree>,
    /// The first ballot that is proved successful.
    pub chosen: Option<Chosen>,
}

/// Reads all ledgers of this chamber for decree 1. A row that cannot be read proves nothing.
///
/// # Errors
/// When the directory of ledgers cannot be read.
pub fn before(chamber: &Chamber, founding: &Founding) -> Result<Before, ChamberError> {
    let mut before = Before::default();
    let mut votes: BTreeMap<BallotNumber, Vec<(Name, Decree)>> = BTreeMap::new();
    let mut begun: Vec<(BallotNumber, Decree, Arc<BTreeSet<Name>>)> = Vec::new();
    let mut proved: Vec<Chosen> = Vec::new();
    for of in chamber.legislators(founding)? {
        let rows = read_ledger(&chamber.ledger(of)).into_iter().flatten();
        let sound = rows.map_while(Result::ok).flatten().filter(|row| row.seal != Seal::Broken);
        for row in sound {
            match row.entry {
                Entry::Outcome { number: SYNODS_DECREE, decree, ballot } => {
                    let proof = Proof::Outcome(of);
                    let chosen = |ballot| Chosen { ballot, decree: decree.clone(), proof };
                    proved.extend(ballot.map(chosen));
                    before.inked.insert(of, decree);
                }
                Entry::PrevVote { number: SYNODS_DECREE, ballot, decree } => {
                    votes.entry(ballot).or_default().push((of, decree));
                }
                Entry::BeginBallot { number: SYNODS_DECREE, ballot, decree, quorum }
                    if founding.membership.is_majority(quorum.iter().copied()) =>
                {
                    begun.push((ballot, decree, quorum));
                }
                _ => {}
            }
        }
    }
    let voted = begun.into_iter().filter_map(|(ballot, decree, quorum)| {
        let votes = votes.get(&ballot)?;
        let has_voted = |name: &Name| {
            votes.iter().any(|(of, voted_for)| of == name && voted_for.text() == decree.text())
        };
        let all = quorum.iter().all(has_voted);
        all.then(|| Chosen { ballot, decree, proof: Proof::Votes((*quorum).clone()) })
    });
    before.chosen = voted.chain(proved).min_by_key(|chosen| chosen.ballot);
    Ok(before)
}
