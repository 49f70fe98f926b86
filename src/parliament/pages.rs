//! The pages of a ledger: the decrees at its front, the votes at its back. `[PTP §3.1]`

use std::collections::{BTreeMap, BTreeSet};

use super::FAR_BEHIND;
use super::ids::Ids;
use crate::synod::ballot::{BallotNumber, Decree, DecreeNumber, Vote};
use crate::synod::notes;
use crate::synod::step::Guard;

/// A decree at the front of the ledger.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Page {
    /// The decree.
    pub decree: Decree,
    /// The ballot that passed it, where known.
    pub ballot: Option<BallotNumber>,
}

/// What a legislator's ledger says of each decree number.
///
/// Decrees are kept for ever; of votes only those are kept that a president may still ask for,
/// so a ledger of a million decrees takes the room of its decrees.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Pages {
    /// Decrees 1, 2, 3 and so on, without a gap.
    front: Vec<Page>,
    /// Decrees beyond the first gap.
    beyond: BTreeMap<DecreeNumber, Page>,
    /// prevVote for each number above complete_through − [`FAR_BEHIND`].
    votes: BTreeMap<DecreeNumber, Vote>,
    /// The petitions of all decrees inked.
    passed: Ids,
    /// The petitions of the decrees before the first gap.
    counted: Ids,
    /// The decrees whose petition stands under a lower number already.
    repeats: BTreeSet<DecreeNumber>,
}

impl Pages {
    /// The ledger has every decree through this number. `[PTP §3.1]`
    #[must_use]
    pub fn complete_through(&self) -> DecreeNumber {
        self.front.len() as DecreeNumber
    }

    /// The largest number inked.
    #[must_use]
    pub fn last(&self) -> DecreeNumber {
        self.beyond.last_key_value().map_or(self.complete_through(), |(&number, _)| number)
    }

    /// Decree `number`, if it is inked.
    #[must_use]
    pub fn outcome(&self, number: DecreeNumber) -> Option<&Page> {
        let index = usize::try_from(number.checked_sub(1)?).ok()?;
        self.front.get(index).or_else(|| self.beyond.get(&number))
    }

    /// The decrees inked above one number through another, in order.
    pub fn inked(
        &self,
        above: DecreeNumber,
        through: DecreeNumber,
    ) -> impl Iterator<Item = (DecreeNumber, &Page)> {
        let first = above.saturating_add(1);
        let skipped = usize::try_from(above).unwrap_or(usize::MAX);
        let front = (first..=through).zip(self.front.iter().skip(skipped));
        let beyond = (first <= through).then(|| self.beyond.range(first..=through));
        front.chain(beyond.into_iter().flatten().map(|(&number, page)| (number, page)))
    }

    /// Inks a decree. One beyond a gap is inked too, and waits there. `[PTP §2.3 (6), §3.3.2]`
    ///
    /// # Errors
    /// [`Guard::Known`] when it is inked already; [`Guard::Contradicts`] when another is.
    pub fn ink(
        &mut self,
        number: DecreeNumber,
        decree: Decree,
        ballot: Option<BallotNumber>,
    ) -> Result<(), Guard> {
        let inked = self.outcome(number).map(|page| &page.decree);
        if number == 0 || notes::is_inked(number, inked, &decree)? {
            return Err(Guard::Known { number });
        }
        if let Some(id) = decree.petition() {
            self.passed.insert(id);
        }
        let page = Page { decree, ballot };
        if number > self.complete_through() + 1 {
            self.beyond.insert(number, page);
            return Ok(());
        }
        self.turn(page);
        while let Some(page) = self.beyond.remove(&(self.complete_through() + 1)) {
            self.turn(page);
        }
        self.cross_out_old_votes();
        Ok(())
    }

    fn turn(&mut self, page: Page) {
        let first_of_its_petition = page.decree.petition().is_none_or(|id| self.counted.insert(id));
        self.front.push(page);
        if !first_of_its_petition {
            self.repeats.insert(self.complete_through());
        }
    }

    /// Whether a decree inked before the first gap counts: a petition counts once.
    ///
    /// Two presidents who did not know of each other may have put one petition to the vote under
    /// two numbers, and B3 may then bind a third to both. Nobody can prevent it; whoever applies
    /// the decrees in order takes the second for an olive day.
    #[must_use]
    pub fn counts(&self, number: DecreeNumber) -> bool {
        (1..=self.complete_through()).contains(&number) && !self.repeats.contains(&number)
    }

    /// Whether a decree of this petition is inked.
    #[must_use]
    pub fn has_passed(&self, petition: &str) -> bool {
        self.passed.has(petition)
    }

    /// prevVote for this number.
    #[must_use]
    pub fn prev_vote(&self, number: DecreeNumber) -> Option<&Vote> {
        self.votes.get(&number)
    }

    /// The votes cast for every number above this one.
    pub fn votes_above(&self, number: DecreeNumber) -> impl Iterator<Item = (DecreeNumber, &Vote)> {
        self.votes.range(number.saturating_add(1)..).map(|(&number, vote)| (number, vote))
    }

    /// Notes a vote. `[PTP §2.3 (4)]`
    pub fn vote(&mut self, number: DecreeNumber, vote: Vote) {
        self.votes.insert(number, vote);
        self.cross_out_old_votes();
    }

    /// No promise is given to one so far behind that he would need these.
    fn cross_out_old_votes(&mut self) {
        let through = self.complete_through().saturating_sub(FAR_BEHIND);
        while let Some(oldest) = self.votes.first_entry()
            && *oldest.key() <= through
        {
            oldest.remove();
        }
    }
}
