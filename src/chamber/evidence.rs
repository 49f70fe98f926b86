//! Evidence from other records that a ledger is older than its priest. `[PTP §1.3 note 3]`
//!
//! If somebody puts an older copy of a ledger back, or cuts it short, its priest forgets what he
//! promised. But his letters lie in the messagebooks of the others, and their ledgers lie beside
//! his. So these are read before a priest opens his ledger, and he is kept out if they prove that
//! it lacks a note (`records/evidence.rs` says which record proves which note). An archive that is
//! not here proves nothing, for or against him.
//!
//! Ledgers are read whole. Messagebooks and archives may grow without bound, so only their ends are
//! read, within a budget, and the report says how many bytes were read.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, BufRead, Read};
use std::path::PathBuf;
use std::sync::Arc;

use super::proved::Proved;
use super::{Chamber, ChamberError, regular};
use crate::records::evidence::{Claim, Held, Owed};
use crate::records::record::Place;
use crate::words::{BallotNumber, Decree, DecreeNumber, Entry, Message, Name};

/// The number of bytes that are read for evidence.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reach {
    /// Bytes at the end of each ledger.
    pub of_each_ledger: u64,
    /// Bytes at the ends of all messagebooks and archives together.
    pub of_the_rest: u64,
}

impl Reach {
    /// The reach when a priest enters: whole ledgers, and 16 MiB of the rest.
    pub const ENTERING: Reach = Reach { of_each_ledger: u64::MAX, of_the_rest: 16 << 20 };
    /// The reach when records are inspected: everything.
    pub const ALL: Reach = Reach { of_each_ledger: u64::MAX, of_the_rest: u64::MAX };
}

/// The kind of hand that wrote a row which proves a note.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[non_exhaustive]
pub enum Hand {
    /// A ledger's row with a seal that fits.
    Sealed,
    /// A letter, or a ledger's row without a seal: anybody may have written it.
    Anybody,
    /// Another's beginBallot row without a seal. Alone it keeps nobody out.
    BegunByAnybody,
}

impl Hand {
    const ALL: [Hand; 3] = [Hand::Sealed, Hand::Anybody, Hand::BegunByAnybody];
}

/// The place of a row that proves a note.
#[derive(Clone, Debug)]
pub struct Proof {
    file: Arc<PathBuf>,
    /// The byte at which the row begins.
    offset: u64,
}

impl Proof {
    pub(super) fn at(file: &Arc<PathBuf>, offset: u64) -> Proof {
        Proof { file: Arc::clone(file), offset }
    }

    /// The line of the row and its text, as far as it can still be read.
    pub(super) fn show(&self) -> (Place, String) {
        let (mut line, mut text) = (1, Vec::new());
        let mut read = || -> io::Result<()> {
            let mut file = io::BufReader::new(regular::read(&self.file)?);
            let mut left = self.offset;
            while left > 0 {
                let room = file.fill_buf()?;
                let taken = usize::try_from(left).unwrap_or(usize::MAX).min(room.len());
                if taken == 0 {
                    break;
                }
                line += memchr::memchr_iter(b'\n', &room[..taken]).count() as u64;
                file.consume(taken);
                left -= taken as u64;
            }
            file.take(LONGEST_SHOWN).read_until(b'\n', &mut text).map(drop)
        };
        // If the row cannot be read any more, only its file is shown.
        let _ = read();
        let row = String::from_utf8_lossy(&text).trim_end().to_owned();
        (Place { file: Arc::clone(&self.file), line, column: 1 }, row)
    }
}

/// The most bytes of a row that are shown.
const LONGEST_SHOWN: u64 = 300;

/// The extent of the records that were read for evidence.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Looked {
    /// The number of ledgers read.
    pub ledgers: u64,
    /// The number of bytes read from messagebooks and archives.
    pub bytes: u64,
    /// The number of bytes that messagebooks and archives have in all.
    pub of: u64,
    /// The number of files that could not be read.
    pub unread: u64,
}

impl fmt::Display for Looked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Looked { ledgers, bytes, of, unread } = self;
        let s = if *ledgers == 1 { "" } else { "s" };
        write!(f, "looked at {ledgers} ledger{s}")?;
        if bytes == of {
            write!(f, ", and at all of the messagebooks and archives ({of} bytes)")?;
        } else {
            write!(f, ", and at the last {bytes} of {of} bytes of messagebooks and archives")?;
        }
        match unread {
            0 => Ok(()),
            1 => write!(f, "; 1 file could not be read"),
            _ => write!(f, "; {unread} files could not be read"),
        }
    }
}

/// The evidence about one priest: what his ledger holds, and what records prove that it must hold.
#[derive(Clone, Debug)]
pub struct Case {
    /// The notes in his ledger.
    pub held: Held,
    /// For each [`Hand`]: the largest nextBal and lastTried proved, and the votes that his ledger
    /// lacks.
    owed: [Owed<Proof>; 3],
    /// The number of notes proved, including those that his ledger holds.
    heard: u64,
}

impl Case {
    fn of(held: Held) -> Case {
        Case { held, owed: Default::default(), heard: 0 }
    }

    /// Adds a claim. Votes that his ledger holds are not kept: there may be a million of them.
    pub(super) fn hear(&mut self, claim: Claim, hand: Hand, proof: impl FnOnce() -> Proof) {
        self.heard += 1;
        let is_vote = matches!(claim, Claim::Voted { .. });
        if !is_vote || !self.held.bears_out(&claim) {
            self.owed[hand as usize].take_down(claim, proof);
        }
    }

    /// The number of notes proved, and the largest nextBal and lastTried proved, without
    /// beginBallot rows that have no seal.
    #[must_use]
    pub fn proved(&self) -> Proved {
        let all = || self.owed.iter().take(Hand::BegunByAnybody as usize);
        let largest = |of: fn(&Owed<Proof>) -> Option<BallotNumber>| all().filter_map(of).max();
        Proved {
            notes: self.heard,
            promised: largest(|owed| owed.next_bal.as_ref().map(|it| it.0)),
            tried: largest(|owed| owed.last_tried.as_ref().map(|it| it.0)),
        }
    }

    /// The notes that rows by this hand prove and that his ledger lacks.
    pub fn against(&self, hand: Hand) -> impl Iterator<Item = (Claim, &Proof)> {
        self.owed[hand as usize].against(&self.held)
    }

    /// The strongest hand that proves his ledger to be older than he is; `None` if none does.
    #[must_use]
    pub fn contradicted_by(&self) -> Option<Hand> {
        Hand::ALL.into_iter().find(|&hand| self.against(hand).next().is_some())
    }
}

/// The evidence about several priests, gathered from the records of a chamber.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    cases: BTreeMap<Name, Case>,
    /// The decrees of ballots, if a ledger lacks its priest's vote in the ballot.
    begun: BTreeMap<(DecreeNumber, BallotNumber), Decree>,
    /// The extent of the records that were read.
    pub looked: Looked,
}

impl Evidence {
    /// The cases, by name.
    #[must_use]
    pub fn cases(&self) -> &BTreeMap<Name, Case> {
        &self.cases
    }

    /// The decree of the ballot of a claimed vote, if the claim does not name it and a record does.
    pub(super) fn decree_of(&self, claim: &Claim) -> Option<&Decree> {
        match claim {
            Claim::Voted { decree: Some(_), .. } | Claim::Promised(_) | Claim::Tried(_) => None,
            Claim::Voted { number, ballot, decree: None } => self.begun.get(&(*number, *ballot)),
        }
    }

    /// The row that satisfies a claim; `None` if no record names the decree of the vote.
    pub(super) fn note(&self, claim: &Claim) -> Option<Entry> {
        let mut claim = claim.clone();
        let told = self.decree_of(&claim).cloned();
        if let Claim::Voted { decree, .. } = &mut claim {
            *decree = decree.take().or(told);
        }
        claim.note()
    }

    pub(super) fn case_of(&mut self, name: Name) -> Option<&mut Case> {
        self.cases.get_mut(&name)
    }

    pub(super) fn has(&self, name: Name) -> bool {
        self.cases.contains_key(&name)
    }

    /// Keeps the decree of a ballot if the ledger of one of those asked lacks his vote.
    pub(super) fn hear_begun(
        &mut self,
        (number, ballot): (DecreeNumber, BallotNumber),
        decree: &Decree,
        asked: impl IntoIterator<Item = Name>,
    ) {
        let vote = Claim::Voted { number, ballot, decree: None };
        let mut cases = asked.into_iter().filter_map(|name| self.cases.get(&name));
        if cases.any(|case| !case.held.bears_out(&vote)) {
            self.begun.insert((number, ballot), decree.clone());
        }
    }

    /// Adds the claims of a letter. Letters to oneself are skipped, since priests write none.
    pub(super) fn hear_letter(
        &mut self,
        (from, to): (Name, Name),
        message: &Message,
        proof: impl Fn() -> Proof,
    ) {
        if from == to {
            return;
        }
        if let Message::BeginBallot { ballot, number, decree } = message {
            self.hear_begun((*number, *ballot), decree, [to]);
        }
        if let Some(case) = self.cases.get_mut(&from) {
            for claim in Claim::of_letter(message) {
                case.hear(claim, Hand::Anybody, &proof);
            }
        }
    }
}

impl Chamber {
    /// Gathers the evidence about these priests, given the notes in their ledgers.
    ///
    /// In a chamber in session, read a ledger after the evidence or while its lock is held.
    /// Otherwise a letter written meanwhile could accuse a sound ledger.
    #[must_use]
    pub fn evidence(&self, held: impl IntoIterator<Item = (Name, Held)>, reach: Reach) -> Evidence {
        let cases = held.into_iter().map(|(name, held)| (name, Case::of(held)));
        let mut evidence = Evidence { cases: cases.collect(), ..Evidence::default() };
        if evidence.cases.is_empty() {
            return evidence;
        }
        self.hear_letters(&mut evidence, reach.of_the_rest / 2);
        self.hear_ledgers(&mut evidence, reach);
        evidence
    }

    /// Gathers the evidence about every ledger that can be read, from all records, without locking
    /// any.
    ///
    /// # Errors
    /// When the founding decree or the directory of ledgers cannot be read.
    pub fn evidence_of_all(&self) -> Result<Evidence, ChamberError> {
        let Some(founding) = self.standing()? else { return Ok(Evidence::default()) };
        let held = |name| Some((name, Held::of(&self.check(name).ok()?.rows)));
        let held_by_all = self.legislators(&founding)?.into_iter().filter_map(held);
        let mut evidence = self.evidence(held_by_all, Reach::ALL);
        // The chamber may be in session. A note told after a ledger was read stands in it by now.
        for (&name, case) in &mut evidence.cases {
            if case.contradicted_by().is_some() {
                case.held = held(name).map(|it| it.1).unwrap_or_default();
            }
        }
        Ok(evidence)
    }
}
