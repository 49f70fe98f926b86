//! The notes that a priest's ledger must hold, as other records prove. `[PTP §2.2, §2.3]`
//!
//! Rows are only added to a ledger, and no letter leaves before the note it rests on is dry. So a
//! letter proves its note, and a ballot that others began proves the promises on which it rests.
//! If the note is missing, the ledger is older than the letter: somebody put an older copy back, or
//! cut a part off. A priest who acts by such a ledger breaks a promise that he does not remember.
//!
//! | record | his ledger must hold |
//! |---|---|
//! | his LastVote(b) | nextBal ≥ b; for each vote (n, v) reported, prevVote on n ≥ v |
//! | his Voted(b, n) | nextBal ≥ b, and prevVote on n ≥ b |
//! | his Refused | nextBal ≥ the ballot it names as promised |
//! | his NextBallot, BeginBallot, Presence | lastTried ≥ that ballot |
//! | another's beginBallot row with him in its quorum | nextBal ≥ b: a promise, not yet a vote |
//! | that ballot's outcome in its owner's ledger | also prevVote on n ≥ b |
//! | a row of a ledger that he kept before this one | that note, or a later one |
//!
//! Success and "complete through" prove nothing here, since a lost outcome is found again.

use std::collections::BTreeMap;
use std::fmt;

use crate::words::{BallotNumber, Decree, DecreeNumber, Entry, Heading, Message};

/// A note that a record proves: the ledger once held this ballot or a later one.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Claim {
    /// nextBal.
    Promised(BallotNumber),
    /// lastTried.
    Tried(BallotNumber),
    /// prevVote on this number.
    Voted {
        /// The number of the decree.
        number: DecreeNumber,
        /// The ballot.
        ballot: BallotNumber,
        /// The decree he voted for, if the record names it.
        decree: Option<Decree>,
    },
}

/// An iterator over the at most two claims that one record proves.
pub type Claims = std::iter::Flatten<std::array::IntoIter<Option<Claim>, 2>>;

fn claims(first: Option<Claim>, second: Option<Claim>) -> Claims {
    [first, second].into_iter().flatten()
}

impl Claim {
    /// The notes that a letter proves of its sender's ledger.
    pub fn of_letter(message: &Message) -> Claims {
        match message {
            Message::LastVote { ballot, vote, .. } => {
                let vote = vote.as_ref().map(|(number, vote)| Claim::Voted {
                    number: *number,
                    ballot: vote.ballot,
                    decree: Some(vote.decree.clone()),
                });
                claims(Some(Claim::Promised(*ballot)), vote)
            }
            Message::Voted { ballot, number } => {
                let vote = Claim::Voted { number: *number, ballot: *ballot, decree: None };
                claims(Some(Claim::Promised(*ballot)), Some(vote))
            }
            Message::Refused { next_bal, .. } => claims(Some(Claim::Promised(*next_bal)), None),
            Message::NextBallot { ballot, .. } | Message::BeginBallot { ballot, .. } => {
                claims(Some(Claim::Tried(*ballot)), None)
            }
            Message::Presence { last_tried, presides, .. } => {
                claims(last_tried.map(Claim::Tried), presides.map(Claim::Tried))
            }
            Message::Success { .. }
            | Message::Failed { .. }
            | Message::Petition { .. }
            | Message::Inquiry { .. }
            | Message::LawBook { .. } => claims(None, None),
        }
    }

    /// The notes that a row of a priest's earlier ledger proves of his present one.
    pub fn of_his_row(row: &Entry) -> Claims {
        let claim = match row {
            Entry::NextBal { ballot } => Some(Claim::Promised(*ballot)),
            Entry::LastTried { ballot } | Entry::BeginBallot { ballot, .. } => {
                Some(Claim::Tried(*ballot))
            }
            Entry::PrevVote { number, ballot, decree } => Some(Claim::Voted {
                number: *number,
                ballot: *ballot,
                decree: Some(decree.clone()),
            }),
            Entry::Outcome { .. } | Entry::Entered | Entry::Book(_) => None,
        };
        claims(claim, None)
    }

    /// The row that satisfies the claim; none for a vote whose decree the record does not name.
    #[must_use]
    pub fn note(&self) -> Option<Entry> {
        match self {
            Claim::Promised(ballot) => Some(Entry::NextBal { ballot: *ballot }),
            Claim::Tried(ballot) => Some(Entry::LastTried { ballot: *ballot }),
            Claim::Voted { number, ballot, decree } => {
                let decree = decree.clone()?;
                Some(Entry::PrevVote { number: *number, ballot: *ballot, decree })
            }
        }
    }
}

impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Claim::Promised(ballot) => write!(f, "he promised ballot {ballot}"),
            Claim::Tried(ballot) => write!(f, "he tried ballot {ballot}"),
            Claim::Voted { number, ballot, .. } => {
                write!(f, "he voted in ballot {ballot} on decree {number}")
            }
        }
    }
}

/// The distance behind the last decree at which a law book leaves out votes.
/// `[PTP §3.3.1, §3.3.2]`
const FAR_BEHIND: DecreeNumber = 1000;

/// The distance beyond a priest's notes at which a ballot number counts as a person's mistake.
const FAR_BALLOT: u64 = 1_000_000;

/// The notes that a ledger holds: the largest of each kind.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Held {
    /// nextBal.
    pub next_bal: Option<BallotNumber>,
    /// lastTried.
    pub last_tried: Option<BallotNumber>,
    votes: BTreeMap<DecreeNumber, (BallotNumber, Decree)>,
    crossed_out: CrossedOut,
}

/// The votes that a law book left out, found while a ledger is read. `[PTP §3.3.2]`
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CrossedOut {
    begins_at: DecreeNumber,
    complete_through: DecreeNumber,
    through: DecreeNumber,
}

impl CrossedOut {
    /// Reads the next row.
    pub fn hear(&mut self, row: &Entry) {
        match row {
            Entry::Book(row) if row.heading == Heading::LawBook => {
                (self.begins_at, self.complete_through) = (row.number, row.number);
            }
            Entry::Outcome { number, .. } if *number == self.complete_through + 1 => {
                self.complete_through += 1;
            }
            Entry::Book(row) if row.heading == Heading::Bound => {
                let far_behind = self.complete_through.saturating_sub(FAR_BEHIND);
                self.through = self.begins_at.max(far_behind);
            }
            _ => {}
        }
    }

    /// The last decree whose votes are crossed out.
    #[must_use]
    pub const fn through(&self) -> DecreeNumber {
        self.through
    }
}

impl Held {
    /// The notes in these rows.
    pub fn of<'a>(rows: impl IntoIterator<Item = &'a Entry>) -> Held {
        let mut held = Held::default();
        for row in rows {
            held.crossed_out.hear(row);
            match row {
                Entry::NextBal { ballot } => held.next_bal = held.next_bal.max(Some(*ballot)),
                Entry::LastTried { ballot } => held.last_tried = held.last_tried.max(Some(*ballot)),
                Entry::PrevVote { number, ballot, decree } => {
                    let later = held.votes.get(number).is_none_or(|(vote, _)| vote < ballot);
                    if later {
                        held.votes.insert(*number, (*ballot, decree.clone()));
                    }
                }
                _ => {}
            }
        }
        held
    }

    /// Whether this ledger holds the note that the claim asks for, or does not need it any more.
    #[must_use]
    pub fn bears_out(&self, claim: &Claim) -> bool {
        match claim {
            Claim::Promised(ballot) => self.next_bal >= Some(*ballot),
            Claim::Tried(ballot) => self.last_tried >= Some(*ballot),
            Claim::Voted { number, .. } if *number <= self.crossed_out.through() => true,
            Claim::Voted { number, ballot, decree } => {
                let Some((vote, for_this)) = self.votes.get(number) else { return false };
                // Only the texts are compared: a person who copies a decree may leave out its id.
                let same = decree.as_ref().is_none_or(|it| it.text() == for_this.text());
                vote > ballot || vote == ballot && same
            }
        }
    }

    /// Whether the claim's ballot is so far beyond these notes that it must be a person's mistake.
    /// Such a number is not inked, since it would leave few numbers above it.
    #[must_use]
    pub fn is_far_from(&self, claim: &Claim) -> bool {
        let (Claim::Promised(ballot) | Claim::Tried(ballot) | Claim::Voted { ballot, .. }) = claim;
        let known = self.next_bal.max(self.last_tried).map_or(0, |known| known.round);
        ballot.round > known.saturating_add(FAR_BALLOT)
    }

    /// The note that this ledger holds in place of the claimed one, in words.
    #[must_use]
    pub fn instead_of(&self, claim: &Claim) -> String {
        let text = |note, ballot: Option<BallotNumber>| {
            let ballot = ballot.map_or_else(|| "−∞".into(), |ballot| ballot.to_string());
            format!("{note} is {ballot}")
        };
        match claim {
            Claim::Promised(_) => text("nextBal", self.next_bal),
            Claim::Tried(_) => text("lastTried", self.last_tried),
            Claim::Voted { number, .. } => match self.votes.get(number) {
                None => format!("there is no vote on decree {number}"),
                Some((vote, decree)) => {
                    format!("his vote on decree {number} is in ballot {vote}, for “{decree}”")
                }
            },
        }
    }
}

/// The notes that a ledger must hold, as records prove: the largest of each kind, with its proof
/// `P`.
#[derive(Clone, Debug)]
pub struct Owed<P> {
    /// nextBal.
    pub next_bal: Option<(BallotNumber, P)>,
    /// lastTried.
    pub last_tried: Option<(BallotNumber, P)>,
    votes: BTreeMap<DecreeNumber, (BallotNumber, Option<Decree>, P)>,
}

impl<P> Default for Owed<P> {
    fn default() -> Owed<P> {
        Owed { next_bal: None, last_tried: None, votes: BTreeMap::new() }
    }
}

impl<P> Owed<P> {
    /// Adds a claim, unless a larger one is known already.
    pub fn take_down(&mut self, claim: Claim, proof: impl FnOnce() -> P) {
        match claim {
            Claim::Promised(ballot) => raise(&mut self.next_bal, ballot, proof),
            Claim::Tried(ballot) => raise(&mut self.last_tried, ballot, proof),
            Claim::Voted { number, ballot, decree } => match self.votes.get_mut(&number) {
                Some((known, for_this, _)) if *known == ballot => {
                    *for_this = for_this.take().or(decree);
                }
                Some((known, ..)) if *known > ballot => {}
                _ => drop(self.votes.insert(number, (ballot, decree, proof()))),
            },
        }
    }

    /// All claims: nextBal and lastTried first, then votes by number.
    pub fn claims(&self) -> impl Iterator<Item = (Claim, &P)> {
        let promised = self.next_bal.iter().map(|(it, proof)| (Claim::Promised(*it), proof));
        let tried = self.last_tried.iter().map(|(it, proof)| (Claim::Tried(*it), proof));
        let votes = self.votes.iter().map(|(&number, (ballot, decree, proof))| {
            (Claim::Voted { number, ballot: *ballot, decree: decree.clone() }, proof)
        });
        promised.chain(tried).chain(votes)
    }

    /// The claims that this ledger does not satisfy.
    pub fn against<'a>(&'a self, held: &'a Held) -> impl Iterator<Item = (Claim, &'a P)> {
        self.claims().filter(|(claim, _)| !held.bears_out(claim))
    }
}

fn raise<P>(
    known: &mut Option<(BallotNumber, P)>,
    ballot: BallotNumber,
    proof: impl FnOnce() -> P,
) {
    if known.as_ref().is_none_or(|(known, _)| *known < ballot) {
        *known = Some((ballot, proof()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{BookRow, Founding, Name, Vote};

    fn ballot(text: &str) -> BallotNumber {
        text.parse().unwrap()
    }

    fn decree(text: &str) -> Decree {
        Decree::new(text).unwrap()
    }

    fn vote(number: DecreeNumber, b: &str, text: &str) -> Entry {
        Entry::PrevVote { number, ballot: ballot(b), decree: decree(text) }
    }

    fn voted(number: DecreeNumber, b: &str, text: Option<&str>) -> Claim {
        Claim::Voted { number, ballot: ballot(b), decree: text.map(decree) }
    }

    #[test]
    fn a_letter_proves_the_notes_in_the_table() {
        let gray: Name = "Gray".parse().unwrap();
        let (b, n) = (ballot("4.Oki"), 7);
        let of = |message: &Message| Claim::of_letter(message).collect::<Vec<_>>();
        let cast = Vote { priest: gray, ballot: ballot("2.Lynch"), decree: decree("Goats") };
        let last_vote = Message::LastVote { ballot: b, vote: Some((n, cast)), of: 1 };
        let his = voted(7, "2.Lynch", Some("Goats"));
        assert_eq!(of(&last_vote), [Claim::Promised(b), his]);
        let yes = Message::Voted { ballot: b, number: n };
        assert_eq!(of(&yes), [Claim::Promised(b), voted(7, "4.Oki", None)]);
        let no = Message::Refused { ballot: b, next_bal: ballot("5.Oki") };
        assert_eq!(of(&no), [Claim::Promised(ballot("5.Oki"))]);
        assert_eq!(of(&Message::NextBallot { ballot: b, complete_through: 99 }), [Claim::Tried(b)]);
        let begin = Message::BeginBallot { ballot: b, number: n, decree: decree("Goats") };
        assert_eq!(of(&begin), [Claim::Tried(b)]);
        let c = ballot("3.Gray");
        let here =
            |last_tried, presides| Message::Presence { last_tried, complete_through: 99, presides };
        assert_eq!(of(&here(Some(b), None)), [Claim::Tried(b)]);
        assert_eq!(of(&here(None, Some(c))), [Claim::Tried(c)]);
        let passed = Message::Success { ballot: Some(b), number: n, decree: decree("Goats") };
        assert_eq!(of(&passed), []);
    }

    #[test]
    fn a_row_of_a_ledger_he_kept_before_proves_its_note() {
        let (b, n, goats) = (ballot("4.Oki"), 7, decree("Goats"));
        let of = |row: &Entry| Claim::of_his_row(row).collect::<Vec<_>>();
        assert_eq!(of(&Entry::NextBal { ballot: b }), [Claim::Promised(b)]);
        assert_eq!(of(&Entry::LastTried { ballot: b }), [Claim::Tried(b)]);
        let quorum = std::sync::Arc::default();
        let begun = Entry::BeginBallot { number: n, ballot: b, decree: goats.clone(), quorum };
        assert_eq!(of(&begun), [Claim::Tried(b)]);
        assert_eq!(of(&vote(n, "4.Oki", "Goats")), [voted(n, "4.Oki", Some("Goats"))]);
        assert_eq!(of(&Entry::Outcome { number: n, decree: goats, ballot: Some(b) }), []);
    }

    #[test]
    fn notes_are_compared_when_all_rows_are_read() {
        let rows = [vote(1, "4.Oki", "Goats"), vote(1, "2.Oki", "Figs")];
        let held = Held::of(&rows);
        assert!(held.bears_out(&voted(1, "4.Oki", Some("Goats"))));
        assert!(held.bears_out(&voted(1, "3.Oki", Some("Sheep"))));
        assert!(!held.bears_out(&voted(1, "5.Oki", None)));
        assert!(!held.bears_out(&voted(2, "1.Oki", None)));
        assert!(!held.bears_out(&voted(1, "4.Oki", Some("Sheep"))), "one ballot, two decrees");
        assert!(!held.bears_out(&Claim::Promised(ballot("1.Oki"))), "a vote is no promise");
    }

    #[test]
    fn votes_that_a_law_book_crossed_out_are_not_asked_for() {
        let book = |heading, number| Entry::Book(BookRow::of(heading, number, ""));
        let outcome = |number| Entry::Outcome { number, decree: decree("Goats"), ballot: None };
        let mut rows = vec![outcome(Founding::NUMBER), book(Heading::LawBook, 10)];
        rows.extend((11..=1015).map(outcome));
        assert!(!Held::of(&rows).bears_out(&voted(10, "9.Oki", None)), "the book is not whole");
        rows.push(book(Heading::Bound, 10));
        let held = Held::of(&rows);
        assert!(held.bears_out(&voted(15, "9.Oki", None)));
        assert!(!held.bears_out(&voted(16, "9.Oki", None)));
        assert_eq!(FAR_BEHIND, crate::parliament::FAR_BEHIND);
    }

    #[test]
    fn the_largest_claim_of_each_note_is_kept_with_its_proof() {
        let mut owed = Owed::default();
        for (at, b) in ["2.Oki", "5.Gray", "4.Oki"].into_iter().enumerate() {
            owed.take_down(Claim::Promised(ballot(b)), || at);
            owed.take_down(voted(3, b, None), || at);
        }
        owed.take_down(voted(3, "5.Gray", Some("Goats")), || 9);
        let claims: Vec<_> = owed.claims().collect();
        let best = voted(3, "5.Gray", Some("Goats"));
        assert_eq!(claims, [(Claim::Promised(ballot("5.Gray")), &1), (best, &1)]);
    }
}
