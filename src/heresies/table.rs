//! The one table of heresies and controls: what each does, against which rule, and where that
//! shows.
//!
//! A scope is `[priests, ballots, decrees, restarts]`; after it stands how many events the shortest
//! run has. Their tests hold each figure.

use super::{Expected, Held, Heresy, Nature, Shown, Stories, stories};
use crate::creeds::{Creed, Custom, ledgers, legislators, officers, presidents, voters};
use crate::explore::Scope;
use crate::words::entry::Note;

/// A decree after which Gray alone is a majority.
const GRAY_ALONE: &str = "Gray is now a legislator with weight 3";

/// Every heresy and control: the Synod's, the Parliament's, and the law's.
pub const ALL: &[Heresy] = &[
    heresy("one-reply-quorum", "any one LastVote is a quorum")
        .against("2.1 B2", "any two quorums have a priest in common")
        .of_priests(&presidents::OneReplyIsAQuorum)
        .within([3, 1, 2, 0], 4)
        .contradicts([3, 2, 2, 0], 12),
    heresy("half-a-majority", "half of the priests are a majority")
        .against("2.2", "a majority set holds more than half")
        .of_priests(&presidents::HalfIsAMajority)
        .within([4, 1, 2, 0], 6)
        .contradicts([4, 2, 2, 0], 20),
    heresy("last-votes-counted-twice", "a LastVote that comes twice counts as two")
        .against("2.3 (3)", "a LastVote from every member of a majority set")
        .of_priests(&presidents::RepeatedLastVotesCount)
        .within([3, 1, 2, 0], 5)
        .contradicts([3, 2, 2, 0], 14),
    heresy("success-at-begin", "a ballot has succeeded once it is begun")
        .against("2.3 (5)", "Voted from every priest in the quorum")
        .of_priests(&presidents::SuccessAtBeginBallot)
        .within([3, 1, 2, 0], 6)
        .contradicts([3, 2, 2, 0], 12),
    heresy("success-after-one-voted", "a ballot has succeeded once one priest has voted")
        .against("2.3 (5)", "Voted from every priest in the quorum")
        .of_priests(&presidents::SuccessAfterOneVoted)
        .within([3, 1, 2, 0], 8)
        .contradicts([3, 2, 2, 0], 16),
    heresy("voted-counted-twice", "a Voted that comes twice counts as two")
        .against("2.3 (5)", "Voted from every priest in the quorum")
        .of_priests(&presidents::RepeatedVotedCounts)
        .with(Nature::OfNames)
        .within([3, 1, 2, 0], 9)
        .contradicts([3, 2, 2, 0], 18),
    heresy(
        "president-past-his-promise",
        "a president votes in his ballot although he has promised a higher one",
    )
    .against("2.3 (4)", "he votes only in the ballot nextBal")
    .of_priests(&voters::PresidentPastHisPromise)
    .within([3, 2, 2, 0], 9)
    .contradicts([3, 2, 2, 0], 20),
    heresy("vote-below-a-promise", "a priest votes below his promise")
        .against("2.3 (4)", "he votes only in the ballot nextBal")
        .of_priests(&voters::VoteBelowAPromise)
        .within([3, 2, 2, 0], 9)
        .contradicts([3, 2, 2, 0], 20),
    heresy("number-reused", "a priest who returns has forgotten lastTried and uses a number again")
        .against("2.1 B1", "every ballot has a number of its own")
        .of_priests(&ledgers::Forgets(Note::LastTried))
        .with(Nature::OfNames)
        .within([3, 1, 2, 1], 2)
        .contradicts([3, 1, 2, 1], 17),
    heresy("own-decree", "a president begins his own decree despite the LastVotes")
        .against("2.1 B3", "the decree of the latest earlier vote of the quorum")
        .of_priests(&presidents::OwnDecree)
        .within([3, 2, 2, 0], 13)
        .contradicts([3, 2, 2, 0], 20),
    heresy("equal-numbers", "ballot numbers with equal integers pass for equal")
        .against("2.2", "numbers compare by integer and name, and b > nextBal")
        .of_priests(&voters::EqualNumbersPass)
        .with(Nature::OfIntegers)
        .within([3, 2, 2, 0], 4)
        .contradicts([3, 2, 2, 0], 21),
    heresy("promise-lowered", "an old NextBallot lowers nextBal")
        .against("2.3 (2)", "only b > nextBal is promised")
        .of_priests(&voters::OldNextBallotLowers)
        .within([3, 2, 2, 0], 4)
        .contradicts([3, 2, 2, 0], 21),
    heresy("second-decree", "a president begins one ballot with two decrees")
        .against("2.1 B1", "every ballot has a number of its own")
        .of_priests(&presidents::SecondDecree)
        .with(Nature::OfNames)
        .within([3, 1, 2, 0], 7)
        .contradicts([3, 2, 2, 0], 21),
    heresy("vote-struck-out", "a priest strikes out his vote once Success is known")
        .against("2.3 (4)", "prevVote is superseded by a later vote alone")
        .of_priests(&voters::VoteStruckOut)
        .within([3, 1, 2, 0], 11)
        .contradicts([3, 2, 2, 0], 21),
    heresy("vote-forgotten", "a priest who returns has forgotten prevVote")
        .against("2.2", "prevVote is kept in the ledger")
        .of_priests(&ledgers::Forgets(Note::PrevVote))
        .within([3, 1, 2, 1], 8)
        .contradicts([3, 2, 2, 1], 21),
    heresy("voted-on-wet-ink", "Voted leaves before prevVote is dry")
        .against("2.3 (4)", "prevVote in the ledger first, then Voted")
        .of_priests(&ledgers::WetInk(Note::PrevVote))
        .within([3, 1, 2, 1], 7)
        .contradicts([3, 2, 2, 1], 20),
    heresy("promise-forgotten", "a priest who returns has forgotten nextBal")
        .against("2.2", "nextBal is kept in the ledger")
        .of_priests(&ledgers::Forgets(Note::NextBal))
        .within([3, 1, 2, 1], 3)
        .contradicts([3, 2, 2, 1], 22),
    heresy("last-vote-on-wet-ink", "LastVote leaves before nextBal is dry")
        .against("2.3 (2)", "nextBal in the ledger first, then LastVote")
        .of_priests(&ledgers::WetInk(Note::NextBal))
        .within([3, 1, 2, 1], 2)
        .contradicts([3, 2, 2, 1], 21),
    heresy("stale-last-vote", "a LastVote of an earlier ballot counts for the present one")
        .against("2.3 (3)", "LastVote(b, v) with b = lastTried")
        .of_priests(&presidents::StaleLastVoteCounts)
        .within([3, 2, 2, 0], 4)
        .contradicts([3, 3, 2, 0], 22),
    heresy("stale-voted", "a Voted of an earlier ballot counts for the present one")
        .against("2.3 (5)", "Voted(b, q) with b = lastTried")
        .of_priests(&presidents::StaleVotedCounts)
        .within([3, 2, 2, 0], 14),
    heresy("lowest-vote", "a president takes the decree of the lowest vote")
        .against("2.1 B3", "the decree of the latest earlier vote of the quorum")
        .of_priests(&presidents::LowestVote)
        .within([3, 3, 2, 0], 20)
        .contradicts([3, 3, 2, 0], 27),
    heresy(
        "vote-without-raising",
        "a priest votes above his promise without raising it; any majority counts",
    )
    .against("2.3 (4)", "he votes only in the ballot nextBal")
    .of_priests(&voters::VoteWithoutRaising)
    .within([3, 1, 2, 0], 7)
    .contradicts([3, 3, 2, 0], 27),
    heresy("first-vote-stays", "prevVote keeps the first vote")
        .against("2.3 (4)", "prevVote := (b, d)")
        .of_priests(&voters::FirstVoteStays)
        .within([3, 2, 2, 0], 14),
    control(
        "any-majority-counts",
        "BeginBallot goes to everyone, and any majority that votes is counted",
    )
    .against("2.3 (5)", "one who votes in b had promised b, and any two majorities meet")
    .of_priests(&presidents::AnyMajorityCounts)
    .with(Nature::OfLedgers)
    .within([3, 3, 2, 0], 0),
    control(
        "vote-and-raise",
        "a priest votes above his promise and raises it; BeginBallot goes to all",
    )
    .against("2.3 (4)", "to vote in b and promise b at once breaks no promise")
    .of_priests(&voters::VoteAndRaise)
    .within([3, 3, 2, 0], 0),
    // ------------------------------------------------------------ the Parliament's `[PTP §3]`
    heresy("no-olive-day", "a president fills the gaps in his ledger with a decree of his own")
        .against("3.1", "gaps are filled with the olive day, which matters to nobody")
        .of_legislators(&legislators::NoOliveDay, 2)
        .within([3, 2, 2, 0], 10),
    heresy(
        "last-vote-trimmed",
        "LastVote leaves out the numbers that stand in the replier's ledger",
    )
    .against("3.1", "a LastVote for every number above the president's, not above one's own")
    .of_legislators(&legislators::TrimmedLastVote, 1)
    .within([3, 2, 2, 0], 10)
    .contradicts([3, 3, 2, 0], 15),
    heresy("success-across-a-gap", "a decree learnt beyond a gap is taken for the next one")
        .against("3.3.2", "it is written in the back, and waits for those before it")
        .of_legislators(&legislators::AcrossAGap, 2)
        .within([3, 1, 2, 0], 10),
    heresy("petition-passes-twice", "a petition that was sent twice passes twice")
        .against("3.1", "a petition counts once, by its id")
        .of_legislators(&legislators::PassesTwice, 2)
        .within([3, 1, 1, 0], 9),
    heresy("torn-tail-accepted", "a row whose end is missing is accepted as far as it goes")
        .against("2.2", "a note is in the ledger when it is dry, and then whole")
        .of_legislators(&legislators::TornTailAccepted, 1)
        .within([3, 1, 1, 1], 4)
        .contradicts([3, 1, 1, 1], 7),
    heresy("failed-drying-ignored", "an fdatasync that fails is taken for one that succeeds")
        .against("2.3", "in the ledger first, then the letter")
        .of_legislators(&legislators::FailedDryingIgnored, 1)
        .within([3, 1, 1, 1], 5)
        .contradicts([3, 2, 2, 1], 12),
    heresy(
        "membership-at-once",
        "a decree that changes the members is in force on the next number",
    )
    .against("3.3.6", "who votes on decree n is the law as of n − α")
    .of_legislators(&legislators::MembershipAtOnce, 2)
    .first_asked_for(GRAY_ALONE)
    .within([3, 2, 3, 0], 9)
    .contradicts([3, 2, 3, 0], 12),
    control(
        "decrees-forgotten",
        "a legislator who returns has forgotten every decree, and none of his notes",
    )
    .against("2.1", "a successful ballot is found again from its votes (Theorem 1)")
    .of_legislators(&legislators::DecreesForgotten, 1)
    .within([3, 2, 2, 1], 0),
    control("every-letter-twice", "a legislator reads every letter twice")
        .against("2.1", "a message that comes twice is one message")
        .of_legislators(&legislators::ReadTwice, 2)
        .within([3, 2, 2, 0], 0),
    // ------------------------------------------------------------ the law's `[PTP §3.3]`
    heresy("waits-for-ever", "a president waits in the same ballot, however long nobody answers")
        .against("2.4", "no step 3 or 5 within 22 minutes: he starts a new ballot")
        .of_officers(&officers::WaitsForEver)
        .told_by(stories::waiting_a_while, stories::waiting_for_ever),
    heresy("clock-error-ignored", "an officer acts as soon as his own clock lets him")
        .against(
            "3.3.3",
            "he waits out the error of clocks, so that two citizens never hold one office at once",
        )
        .of_officers(&officers::WaitsForNothing)
        .told_by(stories::waiting_out_the_error, stories::waiting_for_nothing),
    heresy(
        "deposed-president-answers",
        "one who thinks that he presides tells the law from his own ledger",
    )
    .against("3.3.4", "an inquiry is a decree, or quotes a decree number")
    .of_officers(&officers::AnswersInPerson)
    .told_by(stories::asked_by_a_decree, stories::asked_in_person),
    heresy("two-bodies", "a priest sits on two machines, on each with a ledger of its own")
        .against("2.2", "a priest has one ledger, and all his notes are in it")
        .told_by(stories::one_body, stories::two_bodies)
        .in_time_by_ledgers(),
    heresy(
        "book-forgets-petitions",
        "a law book leaves out the ids of the petitions that took effect",
    )
    .against("3.3.2", "a petition counts once, however old")
    .told_by(stories::book_with_petitions, stories::book_without_petitions),
    heresy(
        "book-before-it-is-dry",
        "the old ledger is let go before the law book in its place is dry",
    )
    .against("3.3.2", "until the book is dry the old ledger stands, and the promises in it")
    .told_by(stories::bound_when_dry, stories::bound_while_wet)
    .in_time_by_ledgers(),
];

const fn heresy(name: &'static str, says: &'static str) -> Heresy {
    let scope = Scope { priests: 3, ballots: 1, decrees: 1, restarts: 0 };
    let (events, contradiction, numbers, first) = (0, None, 1, None);
    Heresy {
        name,
        says,
        section: "",
        rule: "",
        is_control: false,
        held: Held::Ledgers,
        shown: Shown::Search(Expected { scope, events, contradiction, numbers, first }),
    }
}

const fn control(name: &'static str, says: &'static str) -> Heresy {
    Heresy { is_control: true, ..heresy(name, says) }
}

const fn scope([priests, ballots, decrees, restarts]: [usize; 4]) -> Scope {
    Scope { priests, ballots, decrees, restarts: restarts as u16 }
}

/// How a row of the table is written.
impl Heresy {
    const fn against(self, section: &'static str, rule: &'static str) -> Heresy {
        Heresy { section, rule, ..self }
    }

    const fn of_priests(self, creed: &'static dyn Creed) -> Heresy {
        Heresy { held: Held::Priests(creed, Nature::Plain), ..self }
    }

    const fn with(self, nature: Nature) -> Heresy {
        match self.held {
            Held::Priests(creed, _) => Heresy { held: Held::Priests(creed, nature), ..self },
            _ => self,
        }
    }

    /// Legislators who begin decrees up to this number.
    const fn of_legislators(self, custom: &'static dyn Custom, numbers: u64) -> Heresy {
        let expected = Expected { numbers, ..self.search() };
        Heresy { held: Held::Legislators(custom), shown: Shown::Search(expected), ..self }
    }

    const fn of_officers(self, custom: &'static dyn Custom) -> Heresy {
        Heresy { held: Held::Legislators(custom), ..self }
    }

    const fn first_asked_for(self, decree: &'static str) -> Heresy {
        let expected = Expected { first: Some(decree), ..self.search() };
        Heresy { shown: Shown::Search(expected), ..self }
    }

    const fn within(self, within: [usize; 4], events: usize) -> Heresy {
        let expected = Expected { scope: scope(within), events, ..self.search() };
        Heresy { shown: Shown::Search(expected), ..self }
    }

    const fn contradicts(self, within: [usize; 4], events: usize) -> Heresy {
        let contradiction = Some((scope(within), events));
        let expected = Expected { contradiction, ..self.search() };
        Heresy { shown: Shown::Search(expected), ..self }
    }

    const fn told_by(
        self,
        paper: fn(u64) -> Option<String>,
        heresy: fn(u64) -> Option<String>,
    ) -> Heresy {
        Heresy { shown: Shown::Stories(Stories { paper, heresy, by_ledgers: false }), ..self }
    }

    const fn in_time_by_ledgers(self) -> Heresy {
        match self.shown {
            Shown::Stories(stories) => {
                let stories = Stories { by_ledgers: true, ..stories };
                Heresy { shown: Shown::Stories(stories), ..self }
            }
            Shown::Search(_) => self,
        }
    }

    /// The result of a search, as far as the row gives it.
    const fn search(&self) -> Expected {
        match self.shown {
            Shown::Search(expected) => expected,
            Shown::Stories(_) => panic!("a heresy that stories show is searched for"),
        }
    }
}
