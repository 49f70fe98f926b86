//! The notes lastTried and nextBal, and the guards that use them. `[PTP §2.3]`
//!
//! These are the rules of a single promise. A priest of the Synod uses them for his one decree, a
//! legislator for every decree number at once (§3.1). They are written only here.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::words::ballot::{BallotNumber, Decree, DecreeNumber, Vote};
use crate::words::entry::Entry;
use crate::words::members::Membership;
use crate::words::message::{Kind, Message};
use crate::words::name::Name;
use crate::words::step::{Act, Guard};

/// How far the integer of a ballot may be above those of all ballots a priest knows. He ignores one
/// further ahead. Ours.
///
/// No honest chamber gets so far: a ballot's integer is one more than the largest its owner knew,
/// and each is a row lastTried in his ledger before he sends it. To be 2^40 ahead of a priest, the
/// others must have inked a million million rows since he left, some 50 terabytes. If a row by hand
/// uses up 2^40 integers, 2^53 are enough for thousands of such rows.
pub const FARTHEST_AHEAD: u64 = 1 << 40;

/// The two notes that outlive every ballot; `None` is −∞. `[PTP §2.2]`
///
/// A note is changed only by the act that checks its guard.
#[derive(Clone, PartialEq, Eq, Debug, Default, Hash)]
pub struct Notes {
    last_tried: Option<BallotNumber>,
    next_bal: Option<BallotNumber>,
}

impl Notes {
    /// lastTried: the last ballot this priest tried to begin.
    #[must_use]
    pub fn last_tried(&self) -> Option<BallotNumber> {
        self.last_tried
    }

    /// nextBal: the largest ballot he has promised.
    #[must_use]
    pub fn next_bal(&self) -> Option<BallotNumber> {
        self.next_bal
    }

    /// Reads a row of his ledger: a later note replaces an earlier one. False if the row holds
    /// neither note.
    pub fn read(&mut self, row: &Entry) -> bool {
        match row {
            Entry::LastTried { ballot } => self.last_tried = Some(*ballot),
            Entry::NextBal { ballot } => self.next_bal = Some(*ballot),
            _ => return false,
        }
        true
    }

    /// Checks the guard of step 1: b > lastTried. `[PTP §2.3 (1)]`
    ///
    /// # Errors
    /// The guard that fails, with its values.
    pub fn allow_trying(&self, ballot: BallotNumber) -> Result<(), Guard> {
        match self.last_tried {
            Some(last_tried) if ballot <= last_tried => {
                Err(Guard::NotAboveLastTried { ballot, last_tried })
            }
            _ => Ok(()),
        }
    }

    /// Step 1: if b > lastTried then lastTried := b. Returns the old lastTried. `[PTP §2.3 (1)]`
    ///
    /// # Errors
    /// The guard that fails, with its values. Then nothing has changed.
    pub fn try_ballot(&mut self, ballot: BallotNumber) -> Result<Option<BallotNumber>, Guard> {
        self.allow_trying(ballot)?;
        Ok(self.last_tried.replace(ballot))
    }

    /// Step 2: if b > nextBal then nextBal := b. Returns the old nextBal. `[PTP §2.3 (2)]`
    ///
    /// **Departure:** Appendix A1 writes b ≥ nextBal; we follow §2.3.
    ///
    /// # Errors
    /// The guard that fails, with its values; then nothing has changed.
    pub fn promise(&mut self, ballot: BallotNumber) -> Result<Option<BallotNumber>, Guard> {
        match self.next_bal {
            Some(next_bal) if ballot <= next_bal => {
                Err(Guard::NotAboveNextBal { ballot, next_bal })
            }
            _ => Ok(self.next_bal.replace(ballot)),
        }
    }

    /// Step 4: if b = nextBal and b > prevBal then `vote` is cast. Returns it as a vote that passed
    /// the guard, for the pages that keep prevVote. `[PTP §2.3 (4), Appendix A1]`
    ///
    /// # Errors
    /// The guard that fails, with its values.
    pub fn vote(&self, prev: Option<&Vote>, vote: Vote) -> Result<Cast, Guard> {
        let ballot = vote.ballot;
        if self.next_bal != Some(ballot) {
            return Err(Guard::NotNextBal { ballot, next_bal: self.next_bal });
        }
        match prev {
            Some(prev) if prev.ballot >= ballot => Err(Guard::HasVoted { ballot }),
            _ => Ok(Cast(vote)),
        }
    }

    /// Checks the guard of steps 3 and 5: b = lastTried. `[PTP §2.3 (3), (5)]`
    ///
    /// # Errors
    /// The guard that fails, with its values.
    pub fn is_my_ballot(&self, ballot: BallotNumber) -> Result<(), Guard> {
        if self.last_tried == Some(ballot) {
            Ok(())
        } else {
            Err(Guard::NotLastTried { ballot, last_tried: self.last_tried })
        }
    }

    /// Checks that no ballot in a letter is more than `FARTHEST_AHEAD` above all numbers in these
    /// notes and in the outcomes (`passed`). This is the only such check, so every letter must pass
    /// it: NextBallot, Refused and Presence raise the number he tries next, and BeginBallot and
    /// LastVote bring votes.
    ///
    /// **Departure:** the paper heeds every ballot number. A row by hand with the largest number
    /// would leave no higher one to try.
    ///
    /// # Errors
    /// [`Guard::BallotFarAhead`], with the values.
    pub fn allow_hearing(
        &self,
        message: &Message,
        passed: impl FnOnce() -> Option<BallotNumber>,
    ) -> Result<(), Guard> {
        let Some(ballot) = message.ballots_to_heed().into_iter().flatten().max() else {
            return Ok(());
        };
        if !self.is_far(ballot) {
            return Ok(());
        }
        let known = self.largest().max(passed());
        if is_far_above(ballot, known) {
            Err(Guard::BallotFarAhead { ballot, known })
        } else {
            Ok(())
        }
    }

    /// Whether a ballot is further above these notes than `FARTHEST_AHEAD`.
    #[must_use]
    pub fn is_far(&self, ballot: BallotNumber) -> bool {
        is_far_above(ballot, self.largest())
    }

    /// The act and the answer of `me`, the owner of these notes, for a letter that a guard bars from
    /// effect. He answers a stale NextBallot or BeginBallot of another's ballot with
    /// nextBal, and ignores all other letters. `[PTP §2.4]`
    #[must_use]
    pub fn refuse_or_ignore(&self, me: Name, letter: Unheeded) -> (Act, Option<Message>) {
        let Unheeded { message, from, ballot, guard } = letter;
        let above = |ballot| self.next_bal.filter(|&next_bal| ballot < next_bal);
        match (message, ballot, ballot.and_then(above)) {
            (Kind::NextBallot | Kind::BeginBallot, Some(ballot), Some(next_bal))
                if ballot.owner == from && from != me =>
            {
                let refused = Message::Refused { ballot, next_bal };
                (Act::Refuses { message, from, ballot, next_bal }, Some(refused))
            }
            _ => (Act::Ignores { message, from, ballot, guard }, None),
        }
    }

    /// The larger of these notes, if no honest chamber counts so far. Then a row by hand, or a
    /// damaged one, brought it here.
    #[must_use]
    pub fn far_beyond_all(&self) -> Option<BallotNumber> {
        self.largest().filter(|ballot| ballot.round > FARTHEST_AHEAD)
    }

    /// The largest ballot number in these notes.
    #[must_use]
    pub fn largest(&self) -> Option<BallotNumber> {
        self.last_tried.max(self.next_bal)
    }
}

/// A vote whose guard held. Only [`Notes::vote`] makes one. prevVote is set only to such a vote, or
/// from a ledger.
///
/// ```compile_fail,E0423
/// # use parliament::synod::{Vote, notes::Cast};
/// fn cast_unasked(vote: Vote) -> Cast {
///     Cast(vote)
/// }
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
#[must_use = "a vote that is not kept was never cast"]
pub struct Cast(Vote);

impl Cast {
    /// The vote.
    #[must_use]
    pub fn vote(&self) -> &Vote {
        &self.0
    }

    /// The vote, to be kept as prevVote.
    #[must_use]
    pub fn into_vote(self) -> Vote {
        self.0
    }

    /// The row that keeps it in the ledger. `[PTP §2.2]`
    #[must_use]
    pub fn row(&self, number: DecreeNumber) -> Entry {
        Entry::prev_vote(number, &self.0)
    }
}

/// A letter that a guard keeps a priest from acting on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unheeded {
    /// The kind of message.
    pub message: Kind,
    /// The sender.
    pub from: Name,
    /// Its ballot, if it has one.
    pub ballot: Option<BallotNumber>,
    /// The guard that fails.
    pub guard: Guard,
}

/// Whether a ballot is more than `FARTHEST_AHEAD` above another; `None` is −∞.
fn is_far_above(ballot: BallotNumber, known: Option<BallotNumber>) -> bool {
    ballot.round > known.map_or(0, |known| known.round).saturating_add(FARTHEST_AHEAD)
}

/// Checks the guard of step 6, a blank outcome. True if this same decree stands there already.
/// `[PTP §2.3 (6)]`
///
/// # Errors
/// [`Guard::Contradicts`] if another decree stands there, which never happens in an honest
/// Parliament.
pub fn is_inked(
    number: DecreeNumber,
    outcome: Option<&Decree>,
    decree: &Decree,
) -> Result<bool, Guard> {
    match outcome {
        Some(inked) if inked != decree => Err(Guard::Contradicts { number, inked: inked.clone() }),
        inked => Ok(inked.is_some()),
    }
}

/// A ballot under way: the quorum, its voters so far, and the decree. `[PTP §2.2]`
///
/// Its quorum is a majority set, and only members of its quorum count in it.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct Poll {
    quorum: Arc<BTreeSet<Name>>,
    voters: BTreeSet<Name>,
    decree: Decree,
}

impl Poll {
    /// Opens a poll on `decree`; `None` unless `quorum` is a majority set. `[PTP §2.3 (3)]`
    #[must_use]
    pub fn open(
        quorum: impl Into<Arc<BTreeSet<Name>>>,
        decree: Decree,
        members: &Membership,
    ) -> Option<Poll> {
        let quorum = quorum.into();
        let majority = members.is_majority(quorum.iter().copied());
        majority.then(|| Poll { quorum, voters: BTreeSet::new(), decree })
    }

    /// Notes that `from` has voted. A vote heard twice is one vote. `[PTP §2.3 (5)]`
    ///
    /// # Errors
    /// [`Guard::NotInQuorum`] if `from` is not in the quorum.
    pub fn hear(&mut self, from: Name) -> Result<(), Guard> {
        if !self.quorum.contains(&from) {
            return Err(Guard::NotInQuorum { from });
        }
        self.voters.insert(from);
        Ok(())
    }

    /// Whether every member of the quorum has voted. `[PTP §2.1]`
    #[must_use]
    pub fn is_successful(&self) -> bool {
        self.voters.len() == self.quorum.len()
    }

    /// The priests who must vote.
    #[must_use]
    pub fn quorum(&self) -> &BTreeSet<Name> {
        &self.quorum
    }

    /// The priests who have voted, as far as the president has heard.
    #[must_use]
    pub fn voters(&self) -> &BTreeSet<Name> {
        &self.voters
    }

    /// The decree that is put to the vote.
    #[must_use]
    pub fn decree(&self) -> &Decree {
        &self.decree
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Name {
        text.parse().unwrap()
    }

    /// The act and the answer of Gray, who has promised 5.Oki, for this letter.
    fn answer(message: Kind, from: &str, ballot: &str) -> (Act, Option<Message>) {
        let mut notes = Notes::default();
        notes.promise("5.Oki".parse().unwrap()).unwrap();
        let (from, ballot) = (name(from), Some(ballot.parse().unwrap()));
        let letter = Unheeded { message, from, ballot, guard: Guard::NoUse };
        notes.refuse_or_ignore(name("Gray"), letter)
    }

    #[test]
    fn a_stale_ballot_of_another_is_refused_with_next_bal() {
        for message in [Kind::NextBallot, Kind::BeginBallot] {
            let (act, refused) = answer(message, "Dwork", "4.Dwork");
            let (ballot, next_bal) = ("4.Dwork".parse().unwrap(), "5.Oki".parse().unwrap());
            assert_eq!(refused, Some(Message::Refused { ballot, next_bal }));
            assert_eq!(act, Act::Refuses { message, from: name("Dwork"), ballot, next_bal });
        }
    }

    #[test]
    fn ballots_not_stale_or_not_the_senders_are_ignored() {
        for (message, from, ballot) in [
            (Kind::NextBallot, "Oki", "5.Oki"),
            (Kind::NextBallot, "Oki", "6.Oki"),
            (Kind::NextBallot, "Gray", "4.Gray"),
            (Kind::BeginBallot, "Oki", "4.Dwork"),
            (Kind::LastVote, "Dwork", "4.Dwork"),
        ] {
            let (act, refused) = answer(message, from, ballot);
            assert!(act.is_ignoring() && refused.is_none(), "{message} {ballot} of {from}: {act}");
        }
    }
}
