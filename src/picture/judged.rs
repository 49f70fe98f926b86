//! What the auditor says of B at one moment. The picture holds no rule of its own.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use serde::Serialize;

use crate::audit::Auditor;
use crate::chamber::record::{LedgerRow, Place, Seal};
use crate::synod::{Ballot, Decree, DecreeNumber, Entry, Founding, Name};

/// Whether the ballots on one decree number keep B1, B2 and B3. `[PTP §2.1]`
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[expect(missing_docs, reason = "each is the condition of that name")]
pub struct Verdict {
    pub b1: bool,
    pub b2: bool,
    pub b3: bool,
}

/// Lays the ballots on one decree number before the auditor, as ledgers would hold them.
#[must_use]
pub fn verdict(founding: &Founding, number: DecreeNumber, ballots: &[Ballot]) -> Verdict {
    let mut auditor = Auditor::new();
    for (priest, entries) in ledgers(founding, number, ballots) {
        let file = Arc::new(PathBuf::from(priest.as_str()));
        auditor.ledger(priest);
        for (line, entry) in (2..).zip(entries) {
            let place = Place { file: file.clone(), line, column: 1 };
            let row = LedgerRow { place, entry, at: None, dry: None, seal: Seal::ByHand };
            auditor.ledger_row(priest, &row);
        }
    }
    let judged = auditor.judge().ballots(number);
    Verdict {
        b1: judged.iter().all(|ballot| ballot.b1),
        b2: judged.iter().all(|ballot| ballot.b2 != Some(false)),
        b3: judged.iter().all(|ballot| ballot.b3 != Some(false)),
    }
}

/// The rows that these ballots leave in the ledgers.
fn ledgers(
    founding: &Founding,
    number: DecreeNumber,
    ballots: &[Ballot],
) -> BTreeMap<Name, Vec<Entry>> {
    let founded = Decree::new(&founding.to_string()).ok();
    let founded =
        founded.map(|decree| Entry::Outcome { number: Founding::NUMBER, decree, ballot: None });
    let mut ledgers: BTreeMap<Name, Vec<Entry>> =
        founding.membership.names().map(|name| (name, founded.iter().cloned().collect())).collect();
    for ballot in ballots {
        let Ballot { number: bal, decree, quorum, voters } = ballot;
        if !quorum.is_empty() {
            let (ballot, decree, quorum) = (*bal, decree.clone(), quorum.clone().into());
            let begun = Entry::BeginBallot { number, ballot, decree, quorum };
            ledgers.entry(bal.owner).or_default().push(begun);
        }
        for voter in voters {
            let vote = Entry::PrevVote { number, ballot: *bal, decree: decree.clone() };
            ledgers.entry(*voter).or_default().push(vote);
        }
    }
    ledgers
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ballot(round: u64, decree: &str, quorum: &str, voters: &str) -> Ballot {
        let names = |text: &str| text.split(' ').map(|name| name.parse().unwrap()).collect();
        let number = format!("{round}.A").parse().unwrap();
        let decree = Decree::new(decree).unwrap();
        Ballot { number, decree, quorum: names(quorum), voters: names(voters) }
    }

    fn judged(ballots: &[Ballot]) -> [bool; 3] {
        let Verdict { b1, b2, b3 } = verdict(&"A B Γ Δ E".parse().unwrap(), 1, ballots);
        [b1, b2, b3]
    }

    #[test]
    fn the_auditor_judges_figure_1_and_sees_each_offence() {
        let figure = [
            ballot(2, "α", "A B Γ Δ", "Δ"),
            ballot(5, "β", "A B Γ E", "Γ"),
            ballot(14, "α", "B Δ E", "B E"),
            ballot(27, "β", "A Γ Δ", "A Γ Δ"),
        ];
        assert_eq!(judged(&figure), [true, true, true]);
        let mut unbound = figure.clone();
        unbound[3].decree = Decree::new("α").unwrap();
        assert_eq!(judged(&unbound), [true, true, false]);
        let apart = [ballot(2, "α", "A B Γ", "A"), ballot(5, "β", "Δ E", "Δ")];
        assert!(!judged(&apart)[1]);
        let reused = [ballot(2, "α", "A B Γ", "A"), ballot(2, "β", "A B Γ", "B")];
        assert!(!judged(&reused)[0]);
    }
}
