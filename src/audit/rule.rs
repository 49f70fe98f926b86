//! The rules for records, and the severities of findings.

use std::fmt;

use serde::Serialize;

/// The severity of a finding.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Severity {
    /// A remark, and no fault: rows by hand, torn ends, letters that everybody ignores.
    Said,
    /// A row that a power failure may take from an honest priest, since no letter that left rested
    /// on it.
    Lost,
    /// A fault that no honest priest leaves, for any failure of his machine.
    Broken,
}

/// A rule of the Parliament that can be checked from records.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Rule {
    /// No two ledgers hold different decrees under one number. `[PTP §1.2]`
    Consistency,
    /// A ledger is never lost, and each begins with decree 0, which names the legislators.
    /// `[PTP §1.3 note 3]`
    Founding,
    /// An inked row is never altered. `[PTP §1.3]`
    IndelibleInk,
    /// Rows without a seal were written by hand. Ours.
    ByHand,
    /// A row that a crash left half written. Ours.
    TornRow,
    /// A row that cannot be read. Ours.
    UnreadableRow,
    /// B1: each ballot has a number of its own. `[PTP §2.1]`
    B1,
    /// B2: any two quorums have a priest in common. `[PTP §2.1]`
    B2,
    /// B3: a ballot's decree is that of the latest earlier ballot in which a member of its quorum
    /// voted. `[PTP §2.1]`
    B3,
    /// I6: every quorum is a majority set. `[PTP §2.2]`
    MajoritySet,
    /// I2: a priest tries and begins only ballots that have his name. `[PTP §2.2]`
    OwnBallots,
    /// I2: each ballot that a priest tries is above his last. `[PTP §2.3 (1)]`
    LastTriedRises,
    /// A promise answers a NextBallot, so the ballot's owner has tried it. `[PTP §2.3 (2)]`
    PromiseOfTriedBallot,
    /// A promise is never taken back. `[PTP §2.3 (2)]`
    NextBalRises,
    /// A ballot is begun while it is the last that its owner tried. `[PTP §2.3 (3)]`
    BegunWhileTried,
    /// A priest votes in no ballot below his promise. `[PTP §2.3 (4)]`
    PromiseKept,
    /// I3: a priest votes only in the ballot he has promised. `[PTP §2.3 (4)]`
    VoteWithPromise,
    /// A priest votes once in a ballot. `[PTP §2.3 (4)]`
    OneVote,
    /// Only members by the law as of n − α vote on decree n. `[PTP §3.3.6]`
    MembersVote,
    /// A vote is cast in a ballot that was begun. `[PTP §2.3 (4)]`
    VoteInBallot,
    /// A vote is for the ballot's own decree. `[PTP §2.1]`
    VoteForItsDecree,
    /// I1: an outcome is the decree of a successful ballot. `[PTP Appendix A2]`
    OutcomeOfSuccess,
    /// I7: NextBallot is sent for a ballot its sender has tried. `[PTP Appendix A2]`
    NextBallotTried,
    /// I7: LastVote reports the sender's largest vote below the ballot, and is a promise.
    /// `[PTP Appendix A2]`
    LastVoteTrue,
    /// I7: BeginBallot is sent for a ballot that was begun, with its decree. `[PTP Appendix A2]`
    BeginBallotBegun,
    /// I7: Voted is sent by a priest whose vote is inked. `[PTP Appendix A2]`
    VotedInked,
    /// I7: Success is sent for a decree that was passed. `[PTP Appendix A2]`
    SuccessPassed,
    /// I7: Success names a ballot that passed the decree. `[PTP Appendix A2]`
    SuccessBallot,
    /// NextBallot and Presence say through which decree their sender's ledger is complete.
    /// `[PTP §3.1]`
    CompleteThrough,
    /// A letter quotes the note on which it rests: Refused nextBal, Presence lastTried.
    /// `[PTP §2.4]`
    NoteQuoted,
    /// A letter that its sender could not have sent, and that everybody ignores. `[PTP §2.2]`
    Impostor,
    /// A decree that passed before another was proposed has the lower number, if both are
    /// important. `[PTP §3.2.1]`
    DecreeOrder,
    /// Proposal times rise with decree numbers. `[PTP §3.3.3]`
    TimesRise,
    /// An office has one holder at a time. `[PTP §3.3.3]`
    OneHolder,
    /// A president who begins decree n knows every decree through n − α. `[PTP §3.3.6]`
    Alpha,
    /// A decree has the id of its petition in every row. Ours.
    PetitionId,
    /// A decree has the words of its petition. Ours.
    PetitionText,
    /// A petition that was sent twice counts once. Ours.
    PetitionOnce,
    /// A law book holds the law that its decrees made, and leaves out nothing that is still needed.
    /// `[PTP §3.3.2]`
    LawBook,
}

impl Rule {
    /// Every rule.
    pub const ALL: [Rule; 39] = [
        Rule::Consistency,
        Rule::Founding,
        Rule::IndelibleInk,
        Rule::ByHand,
        Rule::TornRow,
        Rule::UnreadableRow,
        Rule::B1,
        Rule::B2,
        Rule::B3,
        Rule::MajoritySet,
        Rule::OwnBallots,
        Rule::LastTriedRises,
        Rule::PromiseOfTriedBallot,
        Rule::NextBalRises,
        Rule::BegunWhileTried,
        Rule::PromiseKept,
        Rule::VoteWithPromise,
        Rule::OneVote,
        Rule::MembersVote,
        Rule::VoteInBallot,
        Rule::VoteForItsDecree,
        Rule::OutcomeOfSuccess,
        Rule::NextBallotTried,
        Rule::LastVoteTrue,
        Rule::BeginBallotBegun,
        Rule::VotedInked,
        Rule::SuccessPassed,
        Rule::SuccessBallot,
        Rule::CompleteThrough,
        Rule::NoteQuoted,
        Rule::Impostor,
        Rule::DecreeOrder,
        Rule::TimesRise,
        Rule::OneHolder,
        Rule::Alpha,
        Rule::PetitionId,
        Rule::PetitionText,
        Rule::PetitionOnce,
        Rule::LawBook,
    ];

    /// The section of the paper that states the rule; `None` for our own rules.
    #[must_use]
    pub const fn section(self) -> Option<&'static str> {
        Some(match self {
            Rule::Consistency => "§1.2",
            Rule::Founding => "§1.3 note 3",
            Rule::IndelibleInk => "§1.3",
            Rule::B1 | Rule::B2 | Rule::B3 | Rule::VoteForItsDecree => "§2.1",
            Rule::MajoritySet => "§2.2, I6",
            Rule::OwnBallots => "§2.2, I2",
            Rule::Impostor => "§2.2",
            Rule::LastTriedRises => "§2.3 (1), I2",
            Rule::PromiseOfTriedBallot | Rule::NextBalRises => "§2.3 (2)",
            Rule::BegunWhileTried => "§2.3 (3), I2",
            Rule::PromiseKept | Rule::OneVote | Rule::VoteInBallot => "§2.3 (4)",
            Rule::VoteWithPromise => "§2.3 (4), I3",
            Rule::OutcomeOfSuccess => "§2.3 (5), I1",
            Rule::NextBallotTried => "§2.3 (1), I7",
            Rule::LastVoteTrue => "§2.3 (2), I7",
            Rule::BeginBallotBegun => "§2.3 (3), I7",
            Rule::VotedInked => "§2.3 (4), I7",
            Rule::SuccessPassed | Rule::SuccessBallot => "§2.3 (5), I7",
            Rule::CompleteThrough => "§3.1",
            Rule::NoteQuoted => "§2.4",
            Rule::DecreeOrder => "§3.2.1",
            Rule::TimesRise | Rule::OneHolder => "§3.3.3",
            Rule::MembersVote | Rule::Alpha => "§3.3.6",
            Rule::LawBook => "§3.3.2",
            Rule::ByHand
            | Rule::TornRow
            | Rule::UnreadableRow
            | Rule::PetitionId
            | Rule::PetitionText
            | Rule::PetitionOnce => return None,
        })
    }

    /// The name of the rule, in a few words.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Rule::Consistency => "one decree under one number",
            Rule::Founding => "every ledger says who sits",
            Rule::IndelibleInk => "indelible ink",
            Rule::ByHand => "written by hand",
            Rule::TornRow => "torn row",
            Rule::UnreadableRow => "unreadable row",
            Rule::B1 => "B1",
            Rule::B2 => "B2",
            Rule::B3 => "B3",
            Rule::MajoritySet => "a quorum is a majority set",
            Rule::OwnBallots => "a priest's ballots bear his name",
            Rule::LastTriedRises => "lastTried rises",
            Rule::PromiseOfTriedBallot => "a promise answers its ballot's owner",
            Rule::NextBalRises => "a promise is never taken back",
            Rule::BegunWhileTried => "a ballot is begun while it is lastTried",
            Rule::PromiseKept => "a promise is kept",
            Rule::VoteWithPromise => "a vote follows its promise",
            Rule::OneVote => "one vote in a ballot",
            Rule::MembersVote => "members vote, by the law as of n − α",
            Rule::VoteInBallot => "a vote is cast in a ballot",
            Rule::VoteForItsDecree => "a vote is for its ballot's decree",
            Rule::OutcomeOfSuccess => "an outcome has a successful ballot",
            Rule::NextBallotTried => "NextBallot of a ballot tried",
            Rule::LastVoteTrue => "LastVote tells the last vote",
            Rule::BeginBallotBegun => "BeginBallot of a ballot begun",
            Rule::VotedInked => "Voted with the vote inked",
            Rule::SuccessPassed => "Success of a decree passed",
            Rule::SuccessBallot => "Success names the ballot that passed it",
            Rule::CompleteThrough => "a ledger is as complete as its owner says",
            Rule::NoteQuoted => "a letter quotes its sender's notes",
            Rule::Impostor => "a letter its sender could send",
            Rule::DecreeOrder => "decrees in the order of their passing",
            Rule::TimesRise => "proposal times rise with numbers",
            Rule::OneHolder => "one holds an office at a time",
            Rule::Alpha => "no ballot beyond α decrees ahead",
            Rule::PetitionText => "a decree says what its petition asks",
            Rule::PetitionId => "one id for a petition",
            Rule::PetitionOnce => "a petition passes once",
            Rule::LawBook => "a law book holds what its decrees made",
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Severity::Said => "said",
            Severity::Lost => "lost",
            Severity::Broken => "broken",
        })
    }
}
