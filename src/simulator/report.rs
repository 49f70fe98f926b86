//! The sums over many runs: faults injected and survived, sights, messages and minutes.
//!
//! Tallies are added, so that the sum is the same whichever thread ran which seed.

use super::nemesis::{NEMESES, Nemesis};
use crate::invariants::Breach;
use crate::words::Minutes;

/// Something that ought to happen in some runs: where it never does, the runs are too tame.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
#[expect(missing_docs, reason = "`Sight::says` tells what each is")]
#[non_exhaustive]
pub enum Sight {
    Adopted,
    BegunLate,
    VotedTwice,
    SuccessfulTwice,
    TwoPresidents,
    Refused,
    Recovered,
    TornEndCut,
    LedgerRefused,
    DoorClosed,
    ReadTwice,
    NoMajority,
    WetInkLost,
    DoorsLocked,
    GapFilled,
    Inquired,
    PetitionTwice,
    MemberAdded,
    MemberRemoved,
    WeightChanged,
    LaterLaw,
    HandedOver,
}

/// How many sights there are.
pub const SIGHTS: usize = 22;

impl Sight {
    /// All of them.
    pub const ALL: [Sight; SIGHTS] = [
        Sight::Adopted,
        Sight::BegunLate,
        Sight::VotedTwice,
        Sight::SuccessfulTwice,
        Sight::TwoPresidents,
        Sight::Refused,
        Sight::Recovered,
        Sight::TornEndCut,
        Sight::LedgerRefused,
        Sight::DoorClosed,
        Sight::ReadTwice,
        Sight::NoMajority,
        Sight::WetInkLost,
        Sight::DoorsLocked,
        Sight::GapFilled,
        Sight::Inquired,
        Sight::PetitionTwice,
        Sight::MemberAdded,
        Sight::MemberRemoved,
        Sight::WeightChanged,
        Sight::LaterLaw,
        Sight::HandedOver,
    ];

    /// The event in words.
    #[must_use]
    pub const fn says(self) -> &'static str {
        match self {
            Sight::Adopted => "a ballot took over an earlier decree, as B3 demands",
            Sight::BegunLate => "a ballot was begun after a higher one",
            Sight::VotedTwice => "a priest voted in two ballots",
            Sight::SuccessfulTwice => "two ballots were successful, with one decree",
            Sight::TwoPresidents => "two presidents were at work at once",
            Sight::Refused => "a stale ballot was refused",
            Sight::Recovered => "a priest returned to his ledger",
            Sight::TornEndCut => "what a crash had left was cut off",
            Sight::LedgerRefused => "an altered ledger was refused",
            Sight::DoorClosed => "a letter came while nobody was there",
            Sight::ReadTwice => "a letter was read twice",
            Sight::NoMajority => "no majority was in the Chamber",
            Sight::WetInkLost => "a row was lost before it was dry",
            Sight::DoorsLocked => "the doors were locked with a majority inside",
            Sight::GapFilled => "a gap was filled with an olive day",
            Sight::Inquired => "a legislator asked for decrees he lacked",
            Sight::PetitionTwice => "a petition stood under two numbers",
            Sight::MemberAdded => "a decree seated a legislator",
            Sight::MemberRemoved => "a decree unseated a legislator",
            Sight::WeightChanged => "a decree changed a legislator's weight",
            Sight::LaterLaw => "a decree was passed by others than the founders",
            Sight::HandedOver => "an office passed from one to another",
        }
    }

    /// Whether only a Parliament can see it.
    #[must_use]
    pub const fn is_parliaments(self) -> bool {
        matches!(self, Sight::GapFilled | Sight::Inquired | Sight::PetitionTwice) || self.is_laws()
    }

    /// Whether it is seen only where citizens petition for changes of the law.
    #[must_use]
    pub const fn is_laws(self) -> bool {
        matches!(
            self,
            Sight::MemberAdded
                | Sight::MemberRemoved
                | Sight::WeightChanged
                | Sight::LaterLaw
                | Sight::HandedOver
        )
    }
}

/// How often one nemesis struck.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Struck {
    /// Blows.
    pub blows: u64,
    /// Runs with a blow.
    pub runs: u64,
    /// Those of these runs in which every rule held.
    pub survived: u64,
}

/// The sums over many runs.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    /// Runs.
    pub runs: u64,
    /// Letters read.
    pub read: u64,
    /// Letters sent, those to oneself included.
    pub sent: u64,
    /// Letters lost on their way.
    pub lost: u64,
    /// Letters carried twice.
    pub repeated: u64,
    /// Rows inked.
    pub inked: u64,
    /// Deeds after which the invariant was judged.
    pub judged: u64,
    /// Decrees that passed.
    pub passed: u64,
    /// Simulated time.
    pub minutes: Minutes,
    /// The longest time from locking the doors until all inside had the decree.
    pub slowest: Minutes,
    /// By nemesis.
    pub struck: [Struck; NEMESES],
    /// By sight.
    pub sights: [u64; SIGHTS],
    /// Runs in which a rule was broken.
    pub broken: u64,
    /// The one of these with the least seed.
    pub first: Option<Failure>,
}

impl Tally {
    /// A blow was struck.
    pub fn strike(&mut self, nemesis: Nemesis) {
        self.struck[nemesis as usize].blows += 1;
    }

    /// Something was seen.
    pub fn see(&mut self, sight: Sight) {
        self.sights[sight as usize] += 1;
    }

    /// A run is over.
    pub fn close(&mut self, failure: Option<Failure>) {
        self.runs = 1;
        for struck in &mut self.struck {
            struck.runs = u64::from(struck.blows > 0);
            struck.survived = if failure.is_none() { struck.runs } else { 0 };
        }
        self.broken = u64::from(failure.is_some());
        self.first = failure;
    }

    /// Adds another tally.
    pub fn add(&mut self, other: &Tally) {
        self.runs += other.runs;
        self.read += other.read;
        self.sent += other.sent;
        self.lost += other.lost;
        self.repeated += other.repeated;
        self.inked += other.inked;
        self.judged += other.judged;
        self.passed += other.passed;
        self.minutes = self.minutes + other.minutes;
        self.slowest = self.slowest.max(other.slowest);
        for (sum, struck) in self.struck.iter_mut().zip(&other.struck) {
            sum.blows += struck.blows;
            sum.runs += struck.runs;
            sum.survived += struck.survived;
        }
        for (sum, seen) in self.sights.iter_mut().zip(&other.sights) {
            *sum += seen;
        }
        self.broken += other.broken;
        let seed = |failure: &Option<Failure>| failure.as_ref().map_or(u64::MAX, |it| it.seed);
        if seed(&other.first) < seed(&self.first) {
            self.first.clone_from(&other.first);
        }
    }
}

/// A run in which a rule was broken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Failure {
    /// The run.
    pub seed: u64,
    /// When it showed.
    pub at: Minutes,
    /// The objection.
    pub fault: Fault,
}

/// The gods' objection.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// A clause of the invariant.
    #[error("{}: {}  PTP §{}", .0.rule, .0.why, .0.rule.section())]
    Broken(Breach),
    /// The auditor's finding, from the records.
    #[error("the audit: {rule}: {why}")]
    Audited {
        /// The auditor's rule.
        rule: String,
        /// His reason.
        why: String,
    },
    /// §2.4's promise.
    #[error(
        "the doors were locked at {locked} min with a majority inside, and {bound} min later not everyone had the decree  PTP §2.4"
    )]
    Late {
        /// When the doors were locked.
        locked: Minutes,
        /// Within how long it was due.
        bound: Minutes,
    },
    /// The history of petitions has no order that fits it.
    #[error(
        "petition {later} was passed as decree {number} before petition {earlier} was handed in, which is decree {below}  PTP §3.2.1"
    )]
    OutOfOrder {
        /// The petition that was passed first.
        later: String,
        /// Its number.
        number: u64,
        /// The petition that was handed in afterwards.
        earlier: String,
        /// Its number, which is lower.
        below: u64,
    },
    /// A ledger that nobody had altered was refused.
    #[error("a sound ledger was refused: {0}")]
    Refused(String),
    /// An altered ledger was taken for sound.
    #[error("{0}'s ledger was rolled back, and he was let in")]
    LetIn(crate::words::Name),
}
