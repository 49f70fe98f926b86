//! Gathers evidence while the auditor reads the same rows, so that all records are read once.
//!
//! It answers one question: whether each ledger holds all that is proved of its priest. If one does
//! not, or if anything in the records is unusual, it gives no answer. Then [`super::evidence`]
//! reads the records again and finds the proofs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use super::Chamber;
use super::proved::{Priest, Proved, Vote};
use crate::records::evidence::Claim;
use crate::records::record::{LedgerRow, MessageRow, Seal};
use crate::words::{BallotNumber, DecreeNumber, Entry, Founding, Heading, Name};

/// A ballot that succeeded, with its quorum.
struct Succeeded {
    vote: Vote,
    quorum: Arc<BTreeSet<Name>>,
}

/// The proofs in letters, by the priest they are about.
#[derive(Default)]
pub(super) struct FromLetters {
    proved: BTreeMap<Name, Proved>,
    /// Whether one tells of a vote that no ledger bears out.
    is_odd: bool,
}

/// Receives the rows that the auditor receives, in the same order: ledgers, then letters.
pub(super) struct Gathering {
    founding: Option<Founding>,
    priests: BTreeMap<Name, Priest>,
    /// Ballots that the owner of the present ledger began and that have no outcome yet.
    begun: BTreeMap<(DecreeNumber, BallotNumber), Succeeded>,
    succeeded: Vec<Succeeded>,
    heard: BTreeSet<Arc<PathBuf>>,
    /// The ledger being read: its owner, whether it is his present one, and whether a row has come.
    at: Option<(Name, bool, bool)>,
    /// Whether a law book has begun in it and not ended.
    in_a_book: bool,
    /// Whether nothing unusual has come so far.
    is_plain: bool,
}

impl Gathering {
    /// A gathering that ignores all rows.
    pub fn idle() -> Gathering {
        Gathering {
            founding: None,
            priests: BTreeMap::new(),
            begun: BTreeMap::new(),
            succeeded: Vec::new(),
            heard: BTreeSet::new(),
            at: None,
            in_a_book: false,
            is_plain: false,
        }
    }

    /// A gathering for the legislators of this chamber.
    pub fn of(chamber: &Chamber) -> Gathering {
        let Ok(Some(founding)) = chamber.standing() else { return Gathering::idle() };
        let Ok(names) = chamber.legislators(&founding) else { return Gathering::idle() };
        let priests = names.into_iter().map(|name| (name, Priest::default())).collect();
        Gathering { founding: Some(founding), priests, is_plain: true, ..Gathering::idle() }
    }

    /// A new gathering for the same legislators, to receive the ledgers of one priest.
    pub fn listener(&self) -> Gathering {
        let (founding, is_plain) = (self.founding.clone(), self.is_plain);
        let priests = self.priests.keys().map(|&name| (name, Priest::default())).collect();
        Gathering { founding, priests, is_plain, ..Gathering::idle() }
    }

    /// Adds what such a gathering has received.
    pub fn join(&mut self, listener: Gathering) {
        let owner = listener.at.map(|(owner, ..)| owner);
        self.is_plain &= listener.is_plain && !listener.in_a_book;
        self.heard.extend(listener.heard);
        self.succeeded.extend(listener.succeeded);
        for (name, heard) in listener.priests {
            let priest = self.priests.entry(name).or_default();
            priest.join(heard, owner == Some(name));
        }
    }

    /// Notes that a record has something unusual. Then there is no answer.
    pub fn something_is_odd(&mut self) {
        self.is_plain = false;
    }

    /// Notes that a ledger begins.
    pub fn ledger(&mut self, file: &Arc<PathBuf>, owner: Name, he_keeps_it: bool) {
        if self.at.is_none_or(|(before, ..)| before != owner) {
            self.begun.clear();
        }
        self.is_plain &= !self.in_a_book;
        self.at = Some((owner, he_keeps_it, false));
        self.heard.insert(Arc::clone(file));
    }

    /// Notes the next row of the ledger that began last.
    pub fn ledger_row(&mut self, row: &LedgerRow) {
        let (true, Some((owner, he_keeps_it, is_begun))) = (self.is_plain, &mut self.at) else {
            return;
        };
        let (owner, he_keeps_it) = (*owner, *he_keeps_it);
        let is_first = !std::mem::replace(is_begun, true);
        if let Entry::Book(book) = &row.entry {
            self.in_a_book = book.heading != Heading::Bound
                && (self.in_a_book || book.heading == Heading::LawBook);
        }
        self.is_plain = matches!(row.seal, Seal::Sound | Seal::ByHand)
            && (!is_first || self.founds_this_chamber(&row.entry));
        if let Some(priest) = self.priests.get_mut(&owner) {
            if he_keeps_it {
                priest.has_founding |= is_first;
                self.is_plain &= priest.hear_his_own(owner, &row.entry);
            } else {
                for claim in Claim::of_his_row(&row.entry) {
                    let vote = priest.proved.hear(&claim);
                    priest.voted_before.extend(vote);
                }
            }
        }
        self.hear_ballot(owner, row);
    }

    fn founds_this_chamber(&self, entry: &Entry) -> bool {
        match entry {
            Entry::Outcome { number: Founding::NUMBER, decree, .. } => {
                decree.text().parse().ok() == self.founding
            }
            _ => false,
        }
    }

    /// Notes a row that begins a ballot, or that says it succeeded. `[PTP §2.3 (3), (5)]`
    fn hear_ballot(&mut self, owner: Name, row: &LedgerRow) {
        match &row.entry {
            Entry::BeginBallot { number, ballot, decree, quorum } if ballot.owner == owner => {
                for name in quorum.iter().filter(|&&name| name != owner) {
                    let Some(priest) = self.priests.get_mut(name) else { continue };
                    if row.seal == Seal::Sound {
                        priest.proved.hear(&Claim::Promised(*ballot));
                    } else {
                        priest.proved.notes += 1;
                        priest.begun_by_hand = priest.begun_by_hand.max(Some(*ballot));
                    }
                }
                let vote = Vote::of(*number, *ballot, Some(decree));
                let begun = Succeeded { vote, quorum: Arc::clone(quorum) };
                self.begun.insert((*number, *ballot), begun);
            }
            Entry::Outcome { number, ballot: Some(ballot), .. } => {
                self.succeeded.extend(self.begun.remove(&(*number, *ballot)));
            }
            _ => {}
        }
    }

    /// Notes that all ledgers of the owner of the present one are read.
    pub fn his_ledgers_are_heard(&mut self) {
        let his = self.at.and_then(|(owner, ..)| self.priests.get_mut(&owner));
        self.is_plain &= his.is_none_or(Priest::settle);
    }

    /// Notes that all ledgers are read, and compares what they say of each other's votes.
    pub fn ledgers_are_heard(&mut self) {
        self.is_plain &= !self.in_a_book;
        self.begun.clear();
        for priest in self.priests.values_mut() {
            self.is_plain &= priest.settle();
        }
        for Succeeded { vote, quorum } in std::mem::take(&mut self.succeeded) {
            let others = quorum.iter().filter(|&&name| name != vote.ballot.owner);
            let mut others = others.filter_map(|name| self.priests.get(name));
            self.is_plain &= others.all(|priest| priest.bears_out(vote));
        }
    }

    /// Notes that a messagebook or an archived volume begins.
    pub fn messagebook(&mut self, file: &Arc<PathBuf>) {
        self.heard.insert(Arc::clone(file));
    }

    /// Notes a letter. Letters to oneself are skipped, since priests write none.
    pub fn letter(&self, row: &MessageRow, letters: &mut FromLetters) {
        if !self.is_plain || letters.is_odd || row.from == row.to {
            return;
        }
        let Some(priest) = self.priests.get(&row.from) else { return };
        let proved = letters.proved.entry(row.from).or_default();
        for claim in Claim::of_letter(&row.message) {
            if let Some(vote) = proved.hear(&claim) {
                letters.is_odd |= !priest.bears_out(vote);
            }
        }
    }

    /// Adds the proofs in letters.
    pub fn join_letters(&mut self, letters: FromLetters) {
        self.is_plain &= !letters.is_odd;
        for (name, proved) in letters.proved {
            self.priests.entry(name).or_default().proved.join(proved);
        }
    }

    /// How much is proved of each priest, if each ledger holds it all and every record was read.
    pub fn all_is_held(self, chamber: &Chamber) -> Option<BTreeMap<Name, Proved>> {
        let holds = |priest: &Priest| {
            priest.has_founding
                && priest.proved.promised.max(priest.begun_by_hand) <= priest.next_bal
                && priest.proved.tried <= priest.last_tried
        };
        let is_whole = self.is_plain && self.priests.values().all(holds);
        let mut at_hand = chamber.files_at_hand();
        let all_heard = is_whole && at_hand.all(|file| self.heard.contains(&file));
        let proved = self.priests.into_iter().map(|(name, priest)| (name, priest.proved));
        all_heard.then(|| proved.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chamber::evidence::Hand;

    const LEDGER: &str =
        "entry,number,ballot,decree,quorum,petition,at,dry,seal\noutcome,0,,A B C\n";
    const LETTERS: &str = "from,code,ballot,decree,message,number,vote,of,petition,at\n";

    /// Whether each ledger holds all that is proved, in a chamber with these rows, each in its
    /// file. A's ledger also has a promise of 2.B and a vote in it.
    fn is_held(rows: &[(&str, &str)]) -> bool {
        let root = tempfile::tempdir().unwrap();
        for directory in ["ledgers/archive", "messagebooks"] {
            std::fs::create_dir_all(root.path().join(directory)).unwrap();
        }
        let write = |file: &str, text: String| {
            std::fs::write(root.path().join(file), text).unwrap();
        };
        for name in ["A", "B", "C"] {
            write(&format!("ledgers/{name}.csv"), LEDGER.into());
        }
        let his = ("ledgers/A.csv", "nextBal,,2.B\nprevVote,1,2.B,Goats\n");
        let is_book = |rows: &str| rows.starts_with("lawBook");
        let (books, others): (Vec<_>, Vec<_>) = rows.iter().partition(|(_, rows)| is_book(rows));
        for (file, more) in books.into_iter().chain([his]).chain(others) {
            let begin = if file.starts_with("ledgers") { LEDGER } else { LETTERS };
            let stands = std::fs::read_to_string(root.path().join(file)).unwrap_or(begin.into());
            write(file, stands + more);
        }
        let chamber = Chamber::at(root.path());
        let mut gathering = Gathering::of(&chamber);
        chamber.audit_with(&mut gathering, |_, _| {}).unwrap();
        let gathered = gathering.all_is_held(&chamber);
        let evidence = chamber.evidence_of_all().unwrap();
        let contradicted =
            |hand: Hand| evidence.cases().values().any(|case| case.contradicted_by() == Some(hand));
        let is_held =
            ![Hand::Sealed, Hand::Anybody, Hand::BegunByAnybody].into_iter().any(contradicted);
        assert_eq!(gathered.is_some(), is_held, "{rows:?}");
        if let Some(gathered) = gathered {
            let proved = evidence.cases().iter().map(|(&name, case)| (name, case.proved()));
            assert_eq!(gathered, proved.collect());
        }
        is_held
    }

    #[test]
    fn proved_notes_that_ledgers_hold_are_gathered() {
        let begun = "lastTried,,2.B\nbeginBallot,1,2.B,Goats,A B\n";
        assert!(is_held(&[]));
        assert!(is_held(&[
            ("ledgers/B.csv", begun),
            ("messagebooks/B.csv", "A,,2.B,,LastVote,,,0\nA,,2.B,,Voted,1\n"),
            ("messagebooks/A.csv", "B,,2.B,,NextBallot,0\nA,,9.A,,NextBallot,0\n"),
        ]));
    }

    #[test]
    fn each_kind_of_missing_note_is_noticed() {
        for (file, rows) in [
            ("messagebooks/B.csv", "A,,3.B,,LastVote,,,0\n"),
            ("messagebooks/B.csv", "A,,2.B,,Voted,2\n"),
            ("messagebooks/B.csv", "A,,2.B,Figs,LastVote,2,1.B,1\n"),
            ("messagebooks/B.csv", "A,,1.A,,NextBallot,0\n"),
            ("ledgers/B.csv", "lastTried,,3.B\nbeginBallot,2,3.B,Figs,A B\n"),
            ("ledgers/B.csv", "lastTried,,2.B\nbeginBallot,2,2.B,Figs,A B\noutcome,2,2.B,Figs\n"),
            ("ledgers/archive/A.1.csv", "nextBal,,2.B\nprevVote,3,2.B,Figs\n"),
        ] {
            assert!(!is_held(&[(file, rows)]), "{file}: {rows}");
        }
    }

    #[test]
    fn votes_of_an_earlier_ledger_are_gathered_too() {
        let book = "lawBook,1,,\nbound,1,,\n";
        let before =
            |vote: &str| is_held(&[("ledgers/A.csv", book), ("ledgers/archive/A.1.csv", vote)]);
        assert!(before("nextBal,,2.B\nprevVote,1,2.B,Goats\n"));
        assert!(before("prevVote,1,9.B,Goats\n"), "the law book left this vote out");
        assert!(!before("prevVote,2,2.B,Figs\n"));
        assert!(!before("nextBal,,3.B\n"));
    }

    #[test]
    fn one_ballot_with_two_decrees_is_noticed() {
        let letter = "A,,3.C,Figs,LastVote,1,2.B,1\n";
        let promise = ("ledgers/A.csv", "nextBal,,3.C\n");
        assert!(!is_held(&[promise, ("messagebooks/C.csv", letter)]));
        assert!(is_held(&[promise, ("messagebooks/C.csv", &letter.replace("Figs", "Goats"))]));
    }
}
