//! Keeps a priest out if the records prove that his ledger is older than he is, and tells the way
//! back. `[PTP §1.3 note 3]`

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use super::Chamber;
use super::evidence::{Case, Evidence, Hand, Looked, Proof};
use crate::records::evidence::Claim;
use crate::records::examination::Opened;
use crate::records::ledger_row::LedgerPen;
use crate::records::record::Place;
use crate::words::{Decree, DecreeNumber, Entry, Name};

/// The number of proofs shown.
const SHOWN: usize = 4;

/// A note that is proved and that the ledger lacks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lack {
    /// The note that was proved.
    pub claim: Claim,
    /// The place of the proof.
    pub place: Place,
    /// The row that proves it.
    pub row: String,
    /// The note that his ledger has instead, in words.
    pub instead: String,
}

/// The error for a priest whose ledger is older than he is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Older {
    /// The priest.
    pub name: Name,
    /// The path of his ledger.
    pub path: PathBuf,
    /// Whether he has no ledger at all.
    pub is_missing: bool,
    /// The first few proofs.
    pub lacks: Vec<Lack>,
    /// The number of further proofs.
    pub more: usize,
    /// Whether each proof is a row without a seal, which anybody may have written.
    pub by_anybody: bool,
    /// The rows that would satisfy the proofs without a seal.
    notes: Vec<String>,
    /// Whether a proof has no such row: no record names the decree of a vote, or a ballot number is
    /// too large to be true.
    has_no_note: bool,
    /// The place of a torn end that is not cut because of the evidence.
    uncut: Option<String>,
    /// The extent of the records that were read.
    pub looked: Looked,
}

impl Older {
    fn of(chamber: &Chamber, name: Name, case: &Case, hand: Hand, evidence: &Evidence) -> Older {
        let lack = |(claim, proof): (Claim, &Proof)| {
            let (place, row) = proof.show();
            let instead = case.held.instead_of(&claim);
            Lack { claim, place, row, instead }
        };
        let note = |(claim, _): (Claim, &Proof)| {
            let may_be_inked = !case.held.is_far_from(&claim);
            may_be_inked.then(|| evidence.note(&claim)).flatten()
        };
        let notes: Vec<Option<Entry>> = case.against(Hand::Anybody).map(note).collect();
        let by_anybody = hand == Hand::Anybody;
        Older {
            name,
            path: chamber.ledger(name),
            is_missing: false,
            lacks: case.against(hand).take(SHOWN).map(lack).collect(),
            more: case.against(hand).skip(SHOWN).count(),
            by_anybody,
            has_no_note: notes.iter().any(Option::is_none),
            notes: notes.into_iter().flatten().map(|note| LedgerPen::by_hand(&note)).collect(),
            uncut: None,
            looked: evidence.looked,
        }
    }

    fn tell_the_way_back(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Older { name, path, .. } = self;
        let is_one = self.lacks.iter().all(|lack| lack.place == self.lacks[0].place);
        let (says, it, its) = if is_one && self.more == 0 {
            ("this row bears no seal, so anybody may have written it", "it", "its note")
        } else {
            ("these rows bear no seals, so anybody may have written them", "them", "their notes")
        };
        if self.notes.is_empty() {
            writeln!(f, "{says}; if you wrote {it} yourself, take {it} out of the messagebook")?;
        } else {
            writeln!(f, "{says}; if you wrote {it} yourself, ink {its}:")?;
        }
        for note in self.notes.iter().take(SHOWN) {
            writeln!(f, "  echo {} >> {}", quoted(note), path.display())?;
        }
        if self.notes.len() > SHOWN {
            writeln!(f, "  and {} more notes like these", self.notes.len() - SHOWN)?;
        }
        if self.has_no_note && !self.notes.is_empty() {
            writeln!(
                f,
                "  or, where no note is given here, take the letter that you wrote out of the messagebook"
            )?;
        }
        write!(f, "otherwise leave {name} out: ")
    }
}

impl fmt::Display for Older {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Older { name, path, more, .. } = self;
        let path = path.display();
        if self.is_missing {
            writeln!(f, "{path}: {name} has amnesia: his ledger is missing, and he had one:")?;
        } else {
            writeln!(
                f,
                "{path}: this ledger is older than {name}, or another chamber's: he would break promises that it lacks, and two decrees could pass under one number"
            )?;
        }
        let mut shown = None;
        for Lack { claim, place, row, instead } in &self.lacks {
            if shown.replace(place) != Some(place) {
                writeln!(f, "  {}:{}  {row}", place.file.display(), place.line)?;
            }
            writeln!(f, "    proves that {claim}; in his ledger {instead}")?;
        }
        if *more > 0 {
            writeln!(f, "  and {more} more")?;
        }
        if let Some(uncut) = &self.uncut {
            writeln!(f, "  {uncut} is not cut")?;
        }
        writeln!(f, "nothing was changed; {}", self.looked)?;
        if self.by_anybody && !self.is_missing {
            self.tell_the_way_back(f)?;
        }
        write!(f, "{}", going_on_without(*name))
    }
}

impl std::error::Error for Older {}

/// The advice to go on without a priest whose ledger cannot be used, and to seat another.
pub(super) fn going_on_without(name: Name) -> String {
    format!(
        "go on without {name}: `--absent {name}`; `parliament pass --absent {name} \"{name} is no longer a legislator\" \"NAME is now a legislator\"` seats another, under a name that nobody had; do not put an older copy of the ledger back: it would break promises made since"
    )
}

/// Quotes a text as one word for a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// The decision whether a priest may open his ledger.
pub(super) enum Verdict {
    /// He enters, with these warnings.
    Enters(Vec<String>),
    /// He is kept out.
    KeptOut(Box<Older>),
}

impl Chamber {
    /// Decides by the evidence whether a priest may enter.
    pub(super) fn judge(&self, name: Name, opened: &Opened, evidence: &Evidence) -> Verdict {
        let Some(case) = evidence.cases().get(&name) else { return Verdict::Enters(Vec::new()) };
        match case.contradicted_by() {
            None => Verdict::Enters(Vec::new()),
            Some(Hand::BegunByAnybody) => Verdict::Enters(warnings(case)),
            Some(hand) => {
                let older = Older::of(self, name, case, hand, evidence);
                let uncut = opened.cut.as_ref().map(|cut| {
                    let Place { file, line, .. } = &cut.row.place;
                    format!("{}:{line}: a torn end, perhaps left by a crash,", file.display())
                });
                Verdict::KeptOut(Older { uncut, ..older }.into())
            }
        }
    }

    /// The priests in the evidence who would be kept out, each with the reason.
    #[must_use]
    pub fn older(&self, evidence: &Evidence) -> BTreeMap<Name, Older> {
        let older = evidence.cases().keys().filter_map(|&name| {
            match self.judge(name, &Opened::default(), evidence) {
                Verdict::KeptOut(older) => Some((name, *older)),
                Verdict::Enters(_) => None,
            }
        });
        older.collect()
    }

    /// The proof that a priest without a ledger had one before, if there is one. Then he may get no
    /// new one.
    pub(super) fn had_a_ledger(&self, name: Name) -> Option<Box<Older>> {
        let evidence =
            self.evidence([(name, Default::default())], super::evidence::Reach::ENTERING);
        match self.judge(name, &Opened::default(), &evidence) {
            Verdict::KeptOut(older) => Some(Older { is_missing: true, ..*older }.into()),
            Verdict::Enters(_) => None,
        }
    }
}

/// Warnings for beginBallot rows without a seal that his ledger contradicts.
fn warnings(case: &Case) -> Vec<String> {
    let told = case.against(Hand::BegunByAnybody).take(SHOWN).map(|(claim, proof)| {
        let (Place { file, line, .. }, _) = proof.show();
        format!(
            "{}:{line}: a row by hand says that {claim}; in his ledger {}; this row alone does not keep him out",
            file.display(),
            case.held.instead_of(&claim)
        )
    });
    told.collect()
}

/// The rows that satisfy all proofs about a priest, and the number of votes whose decree no record
/// names. He keeps these rows from then on.
pub(super) fn notes_owed(case: &Case, evidence: &Evidence) -> (Vec<Entry>, usize) {
    let hands = [Hand::Sealed, Hand::Anybody, Hand::BegunByAnybody];
    let mut owed: crate::records::evidence::Owed<()> = Default::default();
    for hand in hands {
        let may_be = |claim: &Claim| hand == Hand::Sealed || !case.held.is_far_from(claim);
        for (claim, _) in case.against(hand).filter(|(claim, _)| may_be(claim)) {
            owed.take_down(claim, || ());
        }
    }
    let notes: Vec<Option<Entry>> = owed.claims().map(|(claim, _)| evidence.note(&claim)).collect();
    let untold = notes.iter().filter(|note| note.is_none()).count();
    (notes.into_iter().flatten().collect(), untold)
}

/// The error for several priests whose ledgers are older than they are, for example after a whole
/// chamber was restored.
#[derive(Debug)]
pub struct AllOlder {
    older: Vec<Older>,
    /// The number of priests who were to come in.
    invited: usize,
    /// The decrees that records still prove and that no ledger of these priests holds.
    proved: BTreeMap<DecreeNumber, Decree>,
}

impl AllOlder {
    /// Makes the error for these priests. `invited` is the number of those who were to come in.
    #[must_use]
    pub fn of(chamber: &Chamber, older: Vec<Older>, invited: usize) -> AllOlder {
        let names: Vec<Name> = older.iter().map(|it| it.name).collect();
        let proved = chamber.decrees_lost_to(&names);
        AllOlder { older, invited, proved }
    }
}

impl fmt::Display for AllOlder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let AllOlder { older, invited, proved } = self;
        let names: Vec<&str> = older.iter().map(|it| it.name.as_str()).collect();
        let names = names.join(",");
        for older in older {
            writeln!(f, "{older}\n")?;
        }
        writeln!(f, "{} of {invited} ledgers are older than their priests: {names}.", older.len())?;
        if proved.is_empty() {
            writeln!(f, "No record here has a decree that these ledgers have lost.")?;
        } else {
            let first = proved.keys().next().copied().unwrap_or_default();
            writeln!(f, "Other records still have these decrees, which these ledgers lack:")?;
            for (number, decree) in proved.iter().take(DECREES_SHOWN) {
                writeln!(f, "  {number}: {decree}")?;
            }
            if proved.len() > DECREES_SHOWN {
                writeln!(f, "  and {} more from {first} on", proved.len() - DECREES_SHOWN)?;
            }
        }
        if older.len() < *invited {
            write!(
                f,
                "If those who are left are a majority, they go on: `--absent {names}`. If not, found"
            )?;
        } else {
            write!(f, "Nobody who was to come in is left. Found")?;
        }
        write!(
            f,
            " a new chamber, `--chamber DIR`, and pass there the decrees that you need; or go on here with `--risk-two-decrees {names}`: all that is proved is inked in these ledgers first, a promise that no record shows is forgotten, and then two decrees may pass under one number."
        )
    }
}

impl std::error::Error for AllOlder {}

/// The number of decrees shown.
const DECREES_SHOWN: usize = 20;
