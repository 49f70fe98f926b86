//! Who is kept out, because the records prove that his ledger is older than he is; and the way back.
//! `[PTP §1.3 note 3]`

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

/// How many proofs are shown.
const SHOWN: usize = 4;

/// A note that is proved and not held.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lack {
    /// What was proved.
    pub claim: Claim,
    /// Where the proof stands.
    pub place: Place,
    /// The row that proves it.
    pub row: String,
    /// What his ledger says.
    pub instead: String,
}

/// A priest whose ledger is older than he is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Older {
    /// Who.
    pub name: Name,
    /// His ledger.
    pub path: PathBuf,
    /// Whether no ledger of his is there at all.
    pub is_missing: bool,
    /// The proofs, the first few of them.
    pub lacks: Vec<Lack>,
    /// How many more there are.
    pub more: usize,
    /// Whether each proof is a row without a seal, which anybody may have written.
    pub by_anybody: bool,
    /// The rows that would bear out what rows without a seal prove.
    notes: Vec<String>,
    /// Whether some of it has no note to ink: no record here tells what a vote was for, or a ballot
    /// number is beyond all reason.
    has_no_note: bool,
    /// What a crash left at the end of the ledger, and the evidence forbids to cut.
    uncut: Option<String>,
    /// How far was looked.
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
                "{path}: this ledger is older than {name}, or another chamber's: he would break promises of which it knows nothing, and two decrees could pass under one number"
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

/// How to go on without one whose ledger cannot be used, and seat another.
pub(super) fn going_on_without(name: Name) -> String {
    format!(
        "go on without {name}: `--absent {name}`; `parliament pass --absent {name} \"{name} is no longer a legislator\" \"NAME is now a legislator\"` seats another, under a name that nobody had; an older copy of the ledger would break promises made since, so none is to be put back"
    )
}

/// A text as a shell takes it for one word.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// What comes of the evidence when a priest opens his ledger.
pub(super) enum Verdict {
    /// He enters; what is to be said.
    Enters(Vec<String>),
    /// He is kept out.
    KeptOut(Box<Older>),
}

impl Chamber {
    /// Whether he may enter by his ledger.
    pub(super) fn judge(&self, name: Name, opened: &Opened, evidence: &Evidence) -> Verdict {
        let Some(case) = evidence.cases().get(&name) else { return Verdict::Enters(Vec::new()) };
        match case.contradicted_by() {
            None => Verdict::Enters(Vec::new()),
            Some(Hand::BegunByAnybody) => Verdict::Enters(warnings(case)),
            Some(hand) => {
                let older = Older::of(self, name, case, hand, evidence);
                let uncut = opened.cut.as_ref().map(|cut| {
                    let Place { file, line, .. } = &cut.row.place;
                    format!("{}:{line}: what may be the remains of a crash", file.display())
                });
                Verdict::KeptOut(Older { uncut, ..older }.into())
            }
        }
    }

    /// Of each priest in the evidence, why he would be kept out, if he would.
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

    /// Why no ledger may be given to one who has none: he had one before.
    pub(super) fn had_a_ledger(&self, name: Name) -> Option<Box<Older>> {
        let evidence =
            self.evidence([(name, Default::default())], super::evidence::Reach::ENTERING);
        match self.judge(name, &Opened::default(), &evidence) {
            Verdict::KeptOut(older) => Some(Older { is_missing: true, ..*older }.into()),
            Verdict::Enters(_) => None,
        }
    }
}

/// What a beginBallot row by hand says, which alone keeps nobody out.
fn warnings(case: &Case) -> Vec<String> {
    let told = case.against(Hand::BegunByAnybody).take(SHOWN).map(|(claim, proof)| {
        let (Place { file, line, .. }, _) = proof.show();
        format!(
            "{}:{line}: a row by hand says that {claim}; in his ledger {}; it alone keeps nobody out",
            file.display(),
            case.held.instead_of(&claim)
        )
    });
    told.collect()
}

/// The notes that bear out all that is proved of him and can be told, so that he keeps them from now
/// on; and how many votes cannot be told.
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

/// Several priests whose ledgers are older than they are, as when a whole chamber was restored.
#[derive(Debug)]
pub struct AllOlder {
    older: Vec<Older>,
    /// How many were to come in.
    invited: usize,
    /// The decrees that the records still prove, and no ledger of those invited holds.
    proved: BTreeMap<DecreeNumber, Decree>,
}

impl AllOlder {
    /// These priests, and how many were to come in.
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
            writeln!(f, "No record here tells of a decree that these ledgers have lost.")?;
        } else {
            let first = proved.keys().next().copied().unwrap_or_default();
            writeln!(f, "The records still tell of these decrees, which these ledgers lack:")?;
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
            " a new chamber, `--chamber DIR`, and pass there what is to hold; or go on here with `--risk-two-decrees {names}`: what is proved is inked in these ledgers first, a promise that no record shows is forgotten, and then two decrees may pass under one number."
        )
    }
}

impl std::error::Error for AllOlder {}

/// How many decrees are shown.
const DECREES_SHOWN: usize = 20;
