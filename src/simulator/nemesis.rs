//! The nemeses: what may go wrong, each by name.

use std::fmt;

use super::storage::Loss;

/// Something that goes wrong.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
#[expect(missing_docs, reason = "`Nemesis::says` tells what each does")]
#[non_exhaustive]
pub enum Nemesis {
    Loss,
    Repeat,
    Delay,
    Reorder,
    Halves,
    OneWay,
    Bridge,
    Clog,
    Pause,
    KillBeforeInk,
    KillInInk,
    KillAfterInk,
    KillBeforeSync,
    KillAfterSync,
    KillInSending,
    KillAfterSending,
    UnsyncedLost,
    TornRow,
    NulHole,
    FullDisk,
    FailedSync,
    RolledBack,
    MajorityGone,
    ClockJump,
    AwayForEver,
}

/// How many nemeses there are.
pub const NEMESES: usize = 25;

impl Nemesis {
    /// All of them.
    pub const ALL: [Nemesis; NEMESES] = [
        Nemesis::Loss,
        Nemesis::Repeat,
        Nemesis::Delay,
        Nemesis::Reorder,
        Nemesis::Halves,
        Nemesis::OneWay,
        Nemesis::Bridge,
        Nemesis::Clog,
        Nemesis::Pause,
        Nemesis::KillBeforeInk,
        Nemesis::KillInInk,
        Nemesis::KillAfterInk,
        Nemesis::KillBeforeSync,
        Nemesis::KillAfterSync,
        Nemesis::KillInSending,
        Nemesis::KillAfterSending,
        Nemesis::UnsyncedLost,
        Nemesis::TornRow,
        Nemesis::NulHole,
        Nemesis::FullDisk,
        Nemesis::FailedSync,
        Nemesis::RolledBack,
        Nemesis::MajorityGone,
        Nemesis::ClockJump,
        Nemesis::AwayForEver,
    ];

    /// Its name on the command line, and what it does.
    const fn told(self) -> (&'static str, &'static str) {
        match self {
            Nemesis::Loss => ("loss", "messengers lose letters"),
            Nemesis::Repeat => ("repeat", "messengers carry letters twice"),
            Nemesis::Delay => ("delay", "messengers take long walks"),
            Nemesis::Reorder => ("reorder", "letters overtake each other"),
            Nemesis::Halves => ("halves", "the Chamber falls into two parts"),
            Nemesis::OneWay => ("one-way", "letters pass between two priests one way only"),
            Nemesis::Bridge => ("bridge", "two parts of the Chamber have one priest in common"),
            Nemesis::Clog => ("clog", "letters pile up on a link, and then all come at once"),
            Nemesis::Pause => ("pause", "a priest stops for a while and does not notice"),
            Nemesis::KillBeforeInk => ("kill-before-ink", "a priest dies before he inks"),
            Nemesis::KillInInk => ("kill-in-ink", "he dies while he inks a row"),
            Nemesis::KillAfterInk => ("kill-after-ink", "he dies when his rows are written"),
            Nemesis::KillBeforeSync => {
                ("kill-before-sync", "he dies when what rests on nothing has left")
            }
            Nemesis::KillAfterSync => {
                ("kill-after-sync", "he dies when his ink is dry, before he sends")
            }
            Nemesis::KillInSending => ("kill-in-sending", "he dies with some of his letters sent"),
            Nemesis::KillAfterSending => ("kill-after-sending", "he dies with all of them sent"),
            Nemesis::UnsyncedLost => {
                ("unsynced-lost", "the power fails, and rows not dry are gone")
            }
            Nemesis::TornRow => ("torn-row", "the power fails within a row"),
            Nemesis::NulHole => ("nul-hole", "the power fails and leaves NUL bytes"),
            Nemesis::FullDisk => ("full-disk", "the disk is full for a while"),
            Nemesis::FailedSync => ("failed-sync", "fdatasync fails"),
            Nemesis::RolledBack => ("rolled-back", "a dry block of a ledger is what it once was"),
            Nemesis::MajorityGone => ("majority-gone", "most priests leave at once"),
            Nemesis::ClockJump => ("clock-jump", "a priest's clock jumps ahead"),
            Nemesis::AwayForEver => ("away-for-ever", "a priest leaves and never returns"),
        }
    }

    /// Its name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.told().0
    }

    /// Its effect.
    #[must_use]
    pub const fn says(self) -> &'static str {
        self.told().1
    }

    /// Its effect on a priest's next deed, if it strikes there.
    #[must_use]
    pub const fn fate(self) -> Option<Mishap> {
        Some(match self {
            Nemesis::KillBeforeInk => Mishap::Dies(Point::BeforeInk),
            Nemesis::KillInInk => Mishap::Dies(Point::InInk),
            Nemesis::KillAfterInk => Mishap::Dies(Point::AfterInk),
            Nemesis::KillBeforeSync => Mishap::Dies(Point::BeforeSync),
            Nemesis::KillAfterSync => Mishap::Dies(Point::AfterSync),
            Nemesis::KillInSending => Mishap::Dies(Point::InSending),
            Nemesis::KillAfterSending => Mishap::Dies(Point::AfterSending),
            Nemesis::UnsyncedLost => Mishap::PowerFails(Loss::Rows),
            Nemesis::TornRow => Mishap::PowerFails(Loss::Piece),
            Nemesis::NulHole => Mishap::PowerFails(Loss::Hole),
            Nemesis::FullDisk => Mishap::DiskIsFull,
            Nemesis::FailedSync => Mishap::SyncFails,
            _ => return None,
        })
    }
}

impl fmt::Display for Nemesis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A moment of a deed at which its priest may die.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Point {
    /// Before a row is written.
    BeforeInk,
    /// Within a row.
    InInk,
    /// The rows are written, no letter has left.
    AfterInk,
    /// Letters that rest on no row have left, and nothing is dry.
    BeforeSync,
    /// The ink is dry, and what rests on it has not left.
    AfterSync,
    /// Some letters have left.
    InSending,
    /// All letters have left.
    AfterSending,
}

/// The fate of a priest's next deed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub enum Mishap {
    /// Nothing.
    #[default]
    Well,
    /// He dies at this moment; what is written stays written.
    Dies(Point),
    /// The power fails before the ink is dry.
    PowerFails(Loss),
    /// There is no room for his rows, or only for a piece.
    DiskIsFull,
    /// fdatasync says no; what is written stays written and is not known to be dry.
    SyncFails,
}

/// A set of nemeses.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Nemeses(u32);

impl Nemeses {
    /// None of them: honest messengers, sound disks.
    pub const NONE: Nemeses = Nemeses(0);
    /// All of them.
    pub const ALL: Nemeses = Nemeses((1 << NEMESES) - 1);

    /// These.
    #[must_use]
    pub fn of(nemeses: impl IntoIterator<Item = Nemesis>) -> Nemeses {
        Nemeses(nemeses.into_iter().fold(0, |set, nemesis| set | 1 << nemesis as u32))
    }

    /// Whether this one is among them.
    #[must_use]
    pub const fn has(self, nemesis: Nemesis) -> bool {
        self.0 >> nemesis as u32 & 1 == 1
    }

    /// Those among them.
    pub fn iter(self) -> impl Iterator<Item = Nemesis> {
        Nemesis::ALL.into_iter().filter(move |&nemesis| self.has(nemesis))
    }

    /// These and one more.
    #[must_use]
    pub const fn with(self, nemesis: Nemesis) -> Nemeses {
        Nemeses(self.0 | 1 << nemesis as u32)
    }

    /// These without one.
    #[must_use]
    pub const fn without(self, nemesis: Nemesis) -> Nemeses {
        Nemeses(self.0 & !(1 << nemesis as u32))
    }
}
