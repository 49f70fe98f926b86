//! The heresies of the law, and of the book in which it stands. `[PTP §3.3]`
//!
//! No search of ballots comes to these: their harm is in an answer, in an office, on a disk; or in
//! nothing that happens, where a president waits for ever. Each is tried by short stories that follow from a seed, once as the paper has it and once otherwise.

use super::Custom;
use super::lawless;

/// A practice under trial.
pub struct Heresy {
    /// What it is called on the command line.
    pub name: &'static str,
    /// What its adherents do.
    pub says: &'static str,
    /// The section it offends.
    pub section: &'static str,
    /// The rule there, in a few words.
    pub rule: &'static str,
    /// Whether it may lead, in time, to ledgers that contradict each other. No story here goes so
    /// far.
    pub by_ledgers: bool,
    /// How they do it, where a simulation shows it.
    pub custom: Option<&'static dyn Custom>,
    /// The story of a seed as the paper has it: what goes wrong, which is nothing.
    pub paper: fn(u64) -> Option<String>,
    /// The story of a seed as they have it: what goes wrong, if anything does.
    pub story: fn(u64) -> Option<String>,
}

/// How many stories are told of each.
pub const SEEDS: u64 = 20;

impl Heresy {
    /// The first seed whose story goes wrong, and what goes wrong there.
    #[must_use]
    pub fn found(&self) -> Option<(u64, String)> {
        (0..SEEDS).find_map(|seed| (self.story)(seed).map(|why| (seed, why)))
    }

    /// The first seed that accuses those who keep to the paper, and of what.
    #[must_use]
    pub fn accused(&self) -> Option<(u64, String)> {
        (0..SEEDS).find_map(|seed| (self.paper)(seed).map(|why| (seed, why)))
    }
}

/// Every heresy of the law, and one against progress.
pub const ALL: &[Heresy] = &[
    Heresy {
        name: "waits-for-ever",
        says: "a president asks again in the same ballot, however long nobody answers",
        section: "2.4",
        rule: "no step 3 or 5 within 22 minutes: he starts a new ballot",
        by_ledgers: false,
        custom: Some(&lawless::WaitsForEver),
        paper: lawless::waiting_a_while,
        story: lawless::waiting_for_ever,
    },
    Heresy {
        name: "clock-error-ignored",
        says: "an officer acts as soon as his own clock lets him",
        section: "3.3.3",
        rule: "he waits out the error of clocks, and at no moment do two hold one office",
        by_ledgers: false,
        custom: Some(&lawless::WaitsForNothing),
        paper: lawless::waiting_out_the_error,
        story: lawless::waiting_for_nothing,
    },
    Heresy {
        name: "deposed-president-answers",
        says: "whoever thinks that he presides tells the law from his own ledger",
        section: "3.3.4",
        rule: "an inquiry is a decree, or quotes a decree number",
        by_ledgers: false,
        custom: Some(&lawless::AnswersInPerson),
        paper: lawless::asked_by_a_decree,
        story: lawless::asked_in_person,
    },
    Heresy {
        name: "book-forgets-petitions",
        says: "a law book leaves out the ids of the petitions that took effect",
        section: "3.3.2",
        rule: "a petition counts once, however old",
        by_ledgers: false,
        custom: None,
        paper: lawless::book_with_petitions,
        story: lawless::book_without_petitions,
    },
    Heresy {
        name: "book-before-it-is-dry",
        says: "the old ledger is let go before the law book in its place is dry",
        section: "3.3.2",
        rule: "until the book is dry the old ledger stands, and the promises in it",
        by_ledgers: true,
        custom: None,
        paper: lawless::bound_when_dry,
        story: lawless::bound_while_wet,
    },
];

/// The heresy of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Heresy> {
    ALL.iter().find(|heresy| heresy.name == name)
}
