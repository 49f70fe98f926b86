//! A legislator who tries a ballot or presides: steps 1, 3 and 5 as far as they concern his ledger
//! and his petitions. `[PTP §3.1]`
//!
//! How he collects replies is told in [`super::super::candidate`], and how he begins and closes
//! polls in [`super::super::president`].

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
    pub(super) fn try_new_ballot(&mut self, now: Minutes, ballot: BallotNumber, deed: &mut Deed) {
        let above = self.pages.complete_through();
        let Ok(last_tried) = self.notes.try_ballot(ballot) else { return };
        self.slip.office = Office::Trying(Candidate::new(ballot, now, above));
        self.voice.tell_of_office(deed, Act::Tries { ballot, last_tried });
        deed.ink(Entry::LastTried { ballot });
        self.ask_those_who_count(deed);
    }

    /// Asks those whom he counts and has not asked in this ballot: at first everyone; later those
    /// of whose seats he has learnt meanwhile. `[PTP §3.1, §3.3.6]`
    ///
    /// The law as of known says who votes on the numbers he may begin, known + 1 to known + α. So with
    /// each decree that he learns while he tries, he may come to count others. He asks, counts and
    /// calls silent one set of legislators at every moment: [`Legislator::voters`]. If he counted
    /// somebody whom he never asked, he could wait for ever with a majority inside.
    ///
    /// Counting by what he knows now is as safe as counting by what he knew when he tried. He
    /// begins no number n above known + α, so the members as of n − α, who vote on n, are settled
    /// and the same to everyone; and `Poll::open` asks for a majority of them, for each number
    /// anew (B2). Everyone he counts was asked in this one ballot about
    /// every number above `above`, which is no larger than known; so the replies of n's quorum
    /// hold its promises and its last votes for n (B3), whenever each of them was asked. A larger
    /// or smaller set of the asked only decides when he begins.
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
    /// Where a change of members is under way, it must be a majority of those who vote on each
    /// number open to him. `[PTP §3.3.6]`
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

    /// As president begins every number there is a decree for. `[PTP §3.1, §3.3.6]`
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

    /// Gives his ballot up, and tries another as soon as he may: so those who vote in it, and
    /// whom he did not ask in this one, tell him what they know.
    fn begin_anew(&mut self, now: Minutes, deed: &mut Deed) {
        self.give_up();
        self.take_chair_if_due(now, deed);
    }

    /// Whether a decree that he knows passed in a ballot above his own: others have gone on under
    /// another president, and what he takes for a free number may be passed. `[PTP §2.4]`
    fn is_left_behind(&self) -> bool {
        let passed_in = self.pages.last_passed_in();
        passed_in > self.notes.last_tried() && passed_in.is_some_and(|it| !self.notes.is_far(it))
    }

    // ------------------------------------------------------------------ step 5

    /// **Receive Voted**, **Succeed** and **Send Success**, for one number. `[PTP §2.3 (5)]`
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

    /// Goes on from decrees learnt from another. One who tries asks those whom he counts since
    /// then; they may also leave him with a majority. A president holds no poll any more on what
    /// he has learnt: what stood there waits for a number again, unless it is passed.
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

    /// This legislator, who as president restates a matter of the law each time `every` minutes have
    /// gone by.
    #[must_use]
    pub fn restating(mut self, every: Minutes) -> Legislator {
        self.restating = Some(Restating::new(&self.founding, every));
        self
    }

    /// When he restates a matter, if he presides and no poll is open; else he does so as soon as
    /// those that are open are closed.
    pub(super) fn restates_at(&self) -> Option<Minutes> {
        let president = self.slip.office.president()?;
        self.restating.as_ref().filter(|_| president.is_idle())?.due()
    }
}
