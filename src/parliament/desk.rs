//! How a president chooses a decree where B3 leaves him free. `[PTP §3.1, §3.3.5]`

use super::olive_day;
use super::pages::Pages;
use super::petitions::Petitions;
use super::restating::Restating;
use super::voice::Voice;
use crate::law::admission::admit_petition;
use crate::law::ids::Ids;
use crate::synod::deed::Deed;
use crate::words::ballot::{Decree, DecreeNumber};
use crate::words::step::Act;
use crate::words::time::Minutes;

/// The parts of a legislator that he uses as president, when he looks for a decree to begin.
pub(super) struct Desk<'a> {
    /// His voice, to tell his reasons.
    pub voice: Voice,
    /// How many numbers are open at once. `[PTP §3.3.6]`
    pub alpha: u64,
    /// His ledger.
    pub pages: &'a Pages,
    /// The petitions that wait for a number.
    pub petitions: &'a mut Petitions,
    /// How he restates the law, if he does. `[PTP §3.3.5]`
    pub restating: Option<&'a mut Restating>,
    /// Whether a decree that he knows passed in a ballot above his own. `[PTP §2.4]`
    pub is_left_behind: bool,
}

/// The decree he would give a number, where B3 leaves the choice free.
pub(super) struct Wish {
    /// The decree.
    pub decree: Decree,
    /// Whether it is a petition, which waits again if it cannot be begun.
    pub is_petition: bool,
}

impl Wish {
    fn of_his_own(decree: Decree) -> Wish {
        Wish { decree, is_petition: false }
    }
}

impl Desk<'_> {
    /// Whether `number` follows too closely on a change of members: an inked one, or `begun`, the
    /// last that he has begun. `[PTP §3.3.6]`
    pub(super) fn is_olive_day(&self, number: DecreeNumber, begun: Option<DecreeNumber>) -> bool {
        let follows = |change| self.pages.seats().is_olive_day(number, change);
        begun.is_some_and(follows) || self.pages.is_olive_day(number)
    }

    /// The decree he would give this number, if he has one: the olive day where he must; a redundant
    /// decree when it is time for one; or a petition that is not among those `proposed`.
    pub(super) fn wish(
        &mut self,
        now: Minutes,
        number: DecreeNumber,
        is_olive_day: bool,
        proposed: &Ids,
        deed: &mut Deed,
    ) -> Option<Wish> {
        if is_olive_day {
            return Some(Wish::of_his_own(olive_day()));
        }
        if let Some(restating) = &mut self.restating
            && restating.is_time(now)
        {
            // He must restate the law as it is, so he must know every decree before.
            if number > self.pages.complete_through() + 1 {
                return None;
            }
            if let Some(redundant) = restating.restatement(now, self.pages) {
                return Some(Wish::of_his_own(redundant));
            }
        }
        let petition = self.next_petition(proposed, deed)?;
        Some(Wish { decree: petition, is_petition: true })
    }

    /// The oldest petition that is neither passed nor under a number already, and that is
    /// admissible: no command has checked a petition written by hand. B3 may still bind him to an
    /// inadmissible one.
    fn next_petition(&mut self, proposed: &Ids, deed: &mut Deed) -> Option<Decree> {
        let pages = self.pages;
        let known = |id: &str| pages.has_passed(id) || proposed.has(id);
        loop {
            let decree = self.petitions.take_oldest()?;
            if decree.petition().is_some_and(known) {
                continue;
            }
            match admit_petition(&decree, pages.seats(), || pages.law()) {
                Ok(()) => return Some(decree),
                Err(why) => {
                    let why = why.to_string();
                    self.voice.tell_of_office(deed, Act::Declines { decree, why });
                }
            }
        }
    }
}
