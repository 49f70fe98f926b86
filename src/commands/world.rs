//! The world in which a command's priests live: its roads, its chance, its minutes.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::chamber::Chamber;
use crate::chamber::messenger::Roads;
use crate::god::Convening;
use crate::god::news::Curiosity;
use crate::words::{DecreeNumber, Founding, Minutes, Name};

use super::arguments::{self, Names};
use super::output::{Force, Kind, Output, OutputError};
use super::page::Page;

/// The options for messengers, chance and minutes.
#[derive(Args, Clone)]
pub struct Circumstances {
    /// The probability that a messenger loses a letter.
    #[arg(long, value_name = "P", default_value = "0", value_parser = arguments::probability)]
    lose: f64,
    /// The probability that a messenger delivers a letter once more.
    #[arg(long, value_name = "P", default_value = "0", value_parser = arguments::probability)]
    repeat: f64,
    /// How long letters take, in Paxon minutes.
    #[arg(long, value_name = "LEAST..MOST", default_value = "0..0", value_parser = arguments::span)]
    delay: (Minutes, Minutes),
    /// The seed of all chance. Default: a new one, which is printed.
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,
    /// How long a Paxon minute lasts.
    #[arg(long, value_name = "DURATION", default_value = "20ms", value_parser = arguments::minute)]
    pub minute: Duration,
    /// Do not rely on file notifications: look at sizes now and then (for network file systems).
    #[arg(long)]
    poll: bool,
    /// Archive a messagebook when it has grown to this size: bytes, or such as `64MiB`.
    #[arg(long, value_name = "SIZE", default_value = "64MiB", value_parser = arguments::size)]
    archive_at: u64,
    /// Bring these legislators in even if records prove that their ledgers lost rows
    /// (restored from a copy, or cut). Proved notes are inked first; a promise that no record shows
    /// is forgotten, and then two decrees may pass under one number.
    #[arg(long, value_name = "NAMES")]
    risk_two_decrees: Option<Names>,
    /// Write all that happens into this file, one row each, in one causal order; `parliament
    /// chronicle --trace FILE` draws it. `-` is standard output.
    #[arg(long, value_name = "FILE")]
    pub trace: Option<PathBuf>,
    #[command(flatten)]
    pub force: Force,
}

impl Circumstances {
    /// The trace that is to be written, if it may be.
    ///
    /// # Errors
    /// When something stands in its way.
    pub fn traced(&self) -> Result<Option<Output>, OutputError> {
        let trace = self.trace.as_ref().map(|file| Output::of(file, Kind::Trace, self.force));
        trace.iter().try_for_each(Output::check)?;
        Ok(trace)
    }

    /// Where the story is told beside what is written.
    pub fn page(&self) -> Page {
        Page::beside(self.trace.as_deref())
    }

    /// How these priests are convened in this world.
    #[must_use]
    pub fn convening(
        &self,
        chamber: &Chamber,
        priests: Vec<Name>,
        curiosity: Curiosity,
    ) -> Convening {
        let risked = self.risk_two_decrees.iter().flat_map(|names| names.iter().copied());
        let chamber = chamber.clone().risking_two_decrees(risked.collect());
        Convening {
            chamber: chamber.archiving_at(self.archive_at),
            priests,
            roads: Roads { lose: self.lose, repeat: self.repeat, delay_minutes: self.delay },
            seed: self.seed.unwrap_or_else(arguments::fresh_seed),
            minute: self.minute,
            poll: self.poll,
            curiosity,
            trace: None,
        }
    }
}

/// When a ledger becomes a law book. `[PTP §3.3.2]`
#[derive(Args, Clone)]
pub struct LongLedgers {
    /// Write a ledger anew, as a law book, when more than N single decrees stand in it; the old one
    /// goes to `ledgers/archive`. 0 is never.
    #[arg(long, value_name = "N", default_value = "100000")]
    law_book_every: DecreeNumber,
}

impl LongLedgers {
    /// How many decrees make a ledger long, if any number does.
    #[must_use]
    pub fn law_book_every(&self) -> Option<DecreeNumber> {
        (self.law_book_every > 0).then_some(self.law_book_every)
    }
}

/// An invalid combination of arguments.
#[derive(Debug, thiserror::Error)]
pub enum Misuse {
    /// Somebody named does not sit in Parliament, by the law of the most complete ledger.
    #[error(
        "{name} is no priest of this chamber: by the law complete through decree {through} its legislators are {}",
        in_words(sitting)
    )]
    Stranger {
        /// The name.
        name: Name,
        /// The legislators.
        sitting: BTreeSet<Name>,
        /// Through which decree the law is known.
        through: DecreeNumber,
    },
    /// Somebody named has no vote in the Synod.
    #[error("{0} has no vote in the Synod: on decree 1 those of decree 0 vote: {1}")]
    NotOfSynod(Name, Founding),
    /// Somebody named is not simulated.
    #[error("{0} is not one of those who are simulated: {1}")]
    NotSimulated(Name, Founding),
    /// Everyone is absent.
    #[error("nobody is left in the Chamber: every priest is absent")]
    Nobody,
    /// `--priests` or `--alpha` asks for another founding than stands.
    #[error(
        "this chamber was founded for: {standing}\nand this asks for: {asked}\nleave --priests and --alpha out, or name another --chamber"
    )]
    FoundedForOthers {
        /// The founding decree that stands.
        standing: Founding,
        /// The founding that the arguments ask for.
        asked: Founding,
    },
    /// A name is missing between two commas.
    #[error("--priests {0}: a name is missing before or after a comma")]
    Nameless(String),
    /// The numbers end before the seeds do.
    #[error("--seed {0} with these --seeds exceeds the largest seed: the last seed is {last}", last = u64::MAX - 1)]
    TooManySeeds(u64),
    /// He lives on another machine.
    #[error(
        "{name} lives {place}, and this machine is {machine}: one priest has one body; bring him in where he lives"
    )]
    LivesElsewhere {
        /// The name.
        name: Name,
        /// Where he lives.
        place: String,
        /// This machine.
        machine: Name,
    },
    /// `--here` or `--machine` asks for another roster than stands.
    #[error("{standing}; leave --here and --machine out, or name another --chamber")]
    FoundedElsewhere {
        /// The priests who live here, by the roster.
        standing: String,
    },
    /// Those who live on this machine were unseated.
    #[error("nobody who sits in this Parliament lives on this machine")]
    NobodyHere,
    /// Too few or too many.
    #[error("--priests takes 1 to 101 priests, and {0} is not that")]
    HowMany(u64),
}

/// Names the user gave, all of whom must have a vote in the Synod.
///
/// # Errors
/// [`Misuse::NotOfSynod`].
pub fn named(names: &Option<Names>, founding: &Founding) -> Result<BTreeSet<Name>, Misuse> {
    let named: BTreeSet<Name> = names.iter().flat_map(|names| names.iter().copied()).collect();
    match named.iter().find(|&&name| !founding.membership.has(name)) {
        Some(&stranger) => Err(Misuse::NotOfSynod(stranger, founding.clone())),
        None => Ok(named),
    }
}

/// Names with commas between.
pub fn in_words(names: &BTreeSet<Name>) -> String {
    names.iter().map(Name::as_str).collect::<Vec<_>>().join(", ")
}
