//! A legislator who tries a ballot or presides: steps 1, 3 and 5 as far as they concern his ledger
//! and his petitions. `[PTP §3.1]`
//!
//! [`super::super::candidate`] collects replies, and [`super::super::president`] begins and closes
//! polls.

use super::super::candidate::Candidate;
use super::super::desk::Desk;
use super::super::president::{President, Turn};
use super::super::restating::Restating;
use super::{Legislator, Office};
use crate::synod::deed::Deed;
use crate::words::Entry;
use crate::words::ballot::{BallotNumber, Decree, DecreeNumber, Vote};
use crate::words::name::Name;
use crate::words::step::{Act, Guard};
use crate::words::time::Minutes;

impl Legislator {
    // ------------------------------------------------------------------ step 1

    /// **Try New Ballot** and **Send NextBallot**, for every number at once. `[PTP §2.3 (1), §3.1]`
    ///
    /// The number is inked before NextBallot leaves. A president who forgot it could use it again,
    /// for other decrees (B1).
    pub(super) fn try_new_ballot(&mut self, now: Minutes, ballot: BallotNumber, deed: &mut Deed) {
        let above = self.pages.complete_through();
        let Ok(last_tried) = self.notes.try_ballot(ballot) else { return };
        self.slip.office = Office::Trying(Candidate::new(ballot, now, above));
        self.voice.tell_of_office(deed, Act::Tries { ballot, last_tried });
        deed.ink(Entry::LastTried { ballot });
        self.ask_those_who_count(deed);
    }

    /// Asks the voters whom he has not asked in this ballot: at first everyone, later those whose
    /// seats he has learnt of. `[PTP §3.1, §3.3.6]`
    ///
    /// The law as of known says who votes on the numbers he may begin, known + 1 to known + α. So
    /// each decree that he learns while he tries may add voters. The legislators whom he asks, whom
    /// he counts and whom he calls silent are always one set: [`Legislator::voters`]. If he counted
    /// one whom he never asked, he could wait forever with a majority inside.
    ///
    /// Counting by what he knows now is as safe as counting by what he knew when he tried. He
    /// begins no number n above known + α, so the members as of n − α, who vote on n, are settled
    /// and the same to everyone; and `Poll::open` asks for a majority of them, for each number
    /// anew (B2). Everyone he counts was asked in this one ballot about every number above `above`,
    /// which is no larger than known. So the replies of n's quorum hold its promises and its last
    /// votes for n (B3), whenever each of them was asked. A larger or smaller set of the asked only
    /// changes when he begins.
    fn ask_those_who_count(&mut self, deed: &mut Deed) {
        let voters = self.voters();
        if let Office::Trying(candidate) = &mut self.slip.office {
            candidate.ask(voters, deed);
        }
    }

    // ------------------------------------------------------------------ step 3

    /// **Receive LastVote**, one row of a reply; with a majority of whole replies he presides.
    /// `[PTP §2.3 (3), §3.1]`
    ///
    /// A reply counts only when it is whole: the missing row may be the vote that binds him (B3).
    /// Where a change of members is under way, he needs a majority of those who vote on each number
    /// open to him. `[PTP §3.3.6]`
    pub(super) fn receive_last_vote(
        &mut self,
        now: Minutes,
        from: Name,
        ballot: BallotNumber,
        vote: Option<(DecreeNumber, Vote)>,
        of: u64,
        deed: &mut Deed,
    ) -> Result<(), Guard> {
        self.notes.is_my_ballot(ballot)?;
        let candidate = self.slip.office.trying()?;
        let reported = vote.as_ref().map(|(_, vote)| vote.clone());
        candidate.hear(from, vote, of);
        let members = self.pages.seats().voting_on(self.pages.complete_through() + 1);
        self.voice.tell(deed, || Act::HearsLastVote {
            ballot,
            from,
            vote: reported,
            weight: members.weight_of(candidate.whole()),
            of: members.weight_of(members.names()),
        });
        self.preside_with_a_majority(now, deed);
        Ok(())
    }

    /// Presides, if those who have replied are a majority. `[PTP §2.3 (3), §3.3.6]`
    fn preside_with_a_majority(&mut self, now: Minutes, deed: &mut Deed) {
        let Office::Trying(candidate) = &self.slip.office else { return };
        let president = President::elected(candidate, &self.pages, self.founding.alpha);
        if let Some(president) = president {
            let (ballot, quorum) = (president.ballot(), president.quorum().clone());
            self.voice.tell_of_office(deed, Act::PresidesIn { ballot, quorum });
            self.slip.office = Office::Presiding(president);
            self.send_name(now, deed);
            self.propose(now, deed);
        }
    }

    /// **Start Polling Majority Set Q** and **Send BeginBallot**, for every number that has a
    /// decree, if he presides. `[PTP §3.1, §3.3.6]`
    pub(super) fn propose(&mut self, now: Minutes, deed: &mut Deed) {
        loop {
            let is_left_behind = self.is_left_behind();
            let Office::Presiding(president) = &mut self.slip.office else { return };
            let (voice, ballot) = (self.voice, president.ballot());
            let desk = Desk {
                voice,
                alpha: self.founding.alpha,
                pages: &self.pages,
                petitions: &mut self.slip.petitions,
                restating: self.restating.as_mut(),
                is_left_behind,
            };
            match president.begin_next(now, desk, deed) {
                Turn::Waits => return,
                Turn::Begun { number, decree, asks_himself: true } => {
                    // He needs no messenger to ask himself; his Voted still waits for the ink.
                    self.receive_begin_ballot(now, ballot, number, decree, deed)
                        .unwrap_or_default();
                }
                Turn::Begun { asks_himself: false, .. } => {}
                Turn::IsLeftBehind => {
                    self.slip.heard_of = self.slip.heard_of.max(self.pages.last_passed_in());
                    return self.begin_anew(now, deed);
                }
                Turn::LacksMajority => return self.begin_anew(now, deed),
            }
        }
    }

    /// Gives up his ballot, and tries another as soon as he may. Then he also asks the voters whom
    /// he did not ask in this one, and learns what they know.
    fn begin_anew(&mut self, now: Minutes, deed: &mut Deed) {
        self.give_up();
        self.take_chair_if_due(now, deed);
    }

    /// Whether a decree that he knows passed in a ballot above his own. Then there was another
    /// president, and a number that seems free to him may have passed. `[PTP §2.4]`
    fn is_left_behind(&self) -> bool {
        let passed_in = self.pages.last_passed_in();
        passed_in > self.notes.last_tried() && passed_in.is_some_and(|it| !self.notes.is_far(it))
    }

    // ------------------------------------------------------------------ step 5

    /// **Receive Voted**, **Succeed** and **Send Success**, for one number. `[PTP §2.3 (5)]`
    ///
    /// The whole quorum must vote: the next president hears from one of them at least, since any
    /// two quorums meet (B2), and so learns of this decree.
    pub(super) fn receive_voted(
        &mut self,
        now: Minutes,
        from: Name,
        ballot: BallotNumber,
        number: DecreeNumber,
        deed: &mut Deed,
    ) -> Result<(), Guard> {
        self.notes.is_my_ballot(ballot)?;
        let president = self.slip.office.presiding()?;
        if let Some(decree) = president.hear_voted(number, from, self.voice, deed)? {
            self.succeed(number, ballot, decree, deed)?;
            self.propose(now, deed);
        }
        Ok(())
    }

    fn succeed(
        &mut self,
        number: DecreeNumber,
        ballot: BallotNumber,
        decree: Decree,
        deed: &mut Deed,
    ) -> Result<(), Guard> {
        self.slip.refusals = 0;
        self.pages.ink(number, decree.clone(), Some(ballot))?;
        self.see_who_sits();
        self.voice.tell(deed, || Act::Passes {
            ballot,
            number,
            decree: decree.clone(),
            inked_before: false,
        });
        if let Some(page) = self.pages.outcome(number) {
            for to in self.others() {
                deed.send(to, page.success(number));
            }
        }
        deed.ink(Entry::Outcome { number, decree, ballot: Some(ballot) });
        Ok(())
    }

    /// Goes on after he has learnt decrees from another. A candidate asks the voters whom those
    /// decrees added; or he may have a majority now. A president closes his polls on the numbers
    /// learnt: their petitions wait for a number again, unless they have passed.
    pub(super) fn go_on_from_what_is_learnt(&mut self, now: Minutes, deed: &mut Deed) {
        match &mut self.slip.office {
            Office::None => {}
            Office::Trying(_) => {
                self.ask_those_who_count(deed);
                self.preside_with_a_majority(now, deed);
            }
            Office::Presiding(president) => {
                for decree in president.close_known(&self.pages) {
                    self.slip.petitions.wait_again(&decree, &self.pages);
                }
                self.propose(now, deed);
            }
        }
    }

    // ------------------------------------------------- redundant decrees `[PTP §3.3.5]`

    /// This legislator, restating a matter of the law every `every` minutes while he presides.
    #[must_use]
    pub fn restating(mut self, every: Minutes) -> Legislator {
        self.restating = Some(Restating::new(&self.founding, every));
        self
    }

    /// When he restates a matter, if he presides and no poll is open. Open polls come first: he
    /// restates once they are closed.
    pub(super) fn restates_at(&self) -> Option<Minutes> {
        let president = self.slip.office.president()?;
        self.restating.as_ref().filter(|_| president.is_idle())?.due()
    }
}
