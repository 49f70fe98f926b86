//! What the records in the room prove of a priest whose ledger is older than he is.
//! `[PTP §1.3 note 3]`
//!
//! An older copy of a ledger put back, or a ledger cut short, makes its priest forget what
//! he promised. But his own letters lie in the messagebooks of the others, and their ledgers lie
//! beside his. So before a priest opens his ledger they are looked at, and he is kept out where they
//! prove that it lacks a note (`records/evidence.rs` says what proves which). An archive that
//! is not here neither accuses nor acquits.
//!
//! Ledgers are read to their ends; messagebooks and archives may have grown without bound, so of
//! these only the ends are read, within a budget, and it is said how far.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, BufRead, Read};
use std::path::PathBuf;
use std::sync::Arc;

use super::gathered::Proved;
use super::{Chamber, ChamberError, regular};
use crate::records::evidence::{Claim, Held, Owed};
use crate::records::record::Place;
use crate::words::{BallotNumber, Decree, DecreeNumber, Entry, Message, Name};

/// How much of the records is read for evidence, in bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reach {
    /// Of the end of each ledger.
    pub of_each_ledger: u64,
    /// Of the ends of all messagebooks and archives together.
    pub of_the_rest: u64,
}

impl Reach {
    /// For those who enter: ledgers whole, of the rest 16 MiB.
    pub const ENTERING: Reach = Reach { of_each_ledger: u64::MAX, of_the_rest: 16 << 20 };
    /// For those who look back: everything.
    pub const ALL: Reach = Reach { of_each_ledger: u64::MAX, of_the_rest: u64::MAX };
}

/// By whose hand the row is that proves something.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[non_exhaustive]
pub enum Hand {
    /// A ledger's row, whole under its seal.
    Sealed,
    /// A letter, or a ledger's row without a seal: anybody may have written it.
    Anybody,
    /// Another's beginBallot row without a seal, which alone keeps nobody out.
    BegunByAnybody,
}

impl Hand {
    const ALL: [Hand; 3] = [Hand::Sealed, Hand::Anybody, Hand::BegunByAnybody];
}

/// Where a row stands that proves something.
#[derive(Clone, Debug)]
pub struct Proof {
    file: Arc<PathBuf>,
    /// The byte at which it begins.
    offset: u64,
}

impl Proof {
    pub(super) fn at(file: &Arc<PathBuf>, offset: u64) -> Proof {
        Proof { file: Arc::clone(file), offset }
    }

    /// Its place, and the row, as far as it can be read still.
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
        // What cannot be read any more is named by its file alone.
        let _ = read();
        let row = String::from_utf8_lossy(&text).trim_end().to_owned();
        (Place { file: Arc::clone(&self.file), line, column: 1 }, row)
    }
}

/// How much of a row is shown.
const LONGEST_SHOWN: u64 = 300;

/// How far was looked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Looked {
    /// How many ledgers were read.
    pub ledgers: u64,
    /// How many bytes of messagebooks and archives were read.
    pub bytes: u64,
    /// Of how many.
    pub of: u64,
    /// How many files could not be read.
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

/// The proofs about one priest.
#[derive(Clone, Debug)]
pub struct Case {
    /// The contents of his ledger.
    pub held: Held,
    /// By each hand: the largest promise and trial, and the votes that his ledger does not hold.
    owed: [Owed<Proof>; 3],
    /// How many notes were proved, those included that his ledger holds.
    heard: u64,
}

impl Case {
    fn of(held: Held) -> Case {
        Case { held, owed: Default::default(), heard: 0 }
    }

    /// Hears a claim. Votes that his ledger holds are not kept: there may be a million of them.
    pub(super) fn hear(&mut self, claim: Claim, hand: Hand, proof: impl FnOnce() -> Proof) {
        self.heard += 1;
        let is_vote = matches!(claim, Claim::Voted { .. });
        if !is_vote || !self.held.bears_out(&claim) {
            self.owed[hand as usize].take_down(claim, proof);
        }
    }

    /// How much is proved: the largest promise and trial that anything but a hand's beginBallot
    /// proves.
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

    /// What rows by this hand prove and his ledger does not hold.
    pub fn against(&self, hand: Hand) -> impl Iterator<Item = (Claim, &Proof)> {
        self.owed[hand as usize].against(&self.held)
    }

    /// The strongest hand that proves his ledger to be older than he is.
    #[must_use]
    pub fn contradicted_by(&self) -> Option<Hand> {
        Hand::ALL.into_iter().find(|&hand| self.against(hand).next().is_some())
    }
}

/// The proofs about some priests.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    cases: BTreeMap<Name, Case>,
    /// What was put to the vote, where somebody's ledger lacks his vote for it.
    begun: BTreeMap<(DecreeNumber, BallotNumber), Decree>,
    /// How far was looked.
    pub looked: Looked,
}

impl Evidence {
    /// The cases, by name.
    #[must_use]
    pub fn cases(&self) -> &BTreeMap<Name, Case> {
        &self.cases
    }

    /// What was put to the vote in this ballot, if it was looked for and found.
    pub(super) fn decree_of(&self, claim: &Claim) -> Option<&Decree> {
        match claim {
            Claim::Voted { decree: Some(_), .. } | Claim::Promised(_) | Claim::Tried(_) => None,
            Claim::Voted { number, ballot, decree: None } => self.begun.get(&(*number, *ballot)),
        }
    }

    /// The note that bears a claim out, as far as any record tells it.
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

    /// Hears what was put to the vote; it is kept where one of these lacks his vote.
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

    /// Hears a letter. A priest writes none to himself.
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
    /// What the records prove of these priests, whose ledgers hold this.
    ///
    /// To accuse nobody falsely in a chamber that sits, read a ledger after the evidence, or while
    /// its lock is held.
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

    /// What all records prove of every ledger here that can be read, for those who only look.
    ///
    /// # Errors
    /// When the founding decree or the directory of ledgers cannot be read.
    pub fn evidence_of_all(&self) -> Result<Evidence, ChamberError> {
        let Some(founding) = self.standing()? else { return Ok(Evidence::default()) };
        let held = |name| Some((name, Held::of(&self.check(name).ok()?.rows)));
        let held_by_all = self.legislators(&founding)?.into_iter().filter_map(held);
        let mut evidence = self.evidence(held_by_all, Reach::ALL);
        // The chamber may be sitting: what was told after a ledger was read stands in it by now.
        for (&name, case) in &mut evidence.cases {
            if case.contradicted_by().is_some() {
                case.held = held(name).map(|it| it.1).unwrap_or_default();
            }
        }
        Ok(evidence)
    }
}
