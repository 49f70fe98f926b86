//! A chamber laid before the auditor: every ledger, then every messagebook and what is archived of
//! it, as they stood at one moment.
//!
//! A chamber may be sitting while it is audited. So all lengths are taken first, messagebooks
//! before ledgers, until two looks agree: then no row is read without what it rests on.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::archive::lack_some;
use super::founding::ChamberError;
use super::gathered::{Gathering, Proved};
use super::{Chamber, Volume, regular};
use crate::audit::{Auditor, Exhibit, Hearing, Judgment, Rule, Severity};
use crate::records::flaw::{BadRow, Flaw};
use crate::records::ledger_row::LedgerReader;
use crate::records::lines::Lines;
use crate::records::record::LedgerRow;
use crate::records::remains::{Found, Witness};
use crate::words::Name;

/// Why a chamber could not be judged.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AuditError {
    /// There is nothing to judge.
    #[error("{path}: no ledger is here, so there is nothing to judge; `--chamber DIR` names another chamber", path = path.display())]
    NoLedgers {
        /// The directory of the ledgers.
        path: PathBuf,
    },
    /// A ledger's row says nothing that can be read.
    #[error("{0}")]
    Unreadable(Box<BadRow>),
    /// The directory cannot be read.
    #[error(transparent)]
    Chamber(#[from] ChamberError),
    /// The disk said no.
    #[error("{path}: cannot read it: {source}", path = path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
}

/// How often lengths are taken before the latest are taken for good.
const LOOKS: usize = 1000;

/// A file and how much of it is judged.
#[derive(Clone, PartialEq, Eq)]
struct Extent {
    owner: Name,
    path: Arc<PathBuf>,
    bytes: u64,
}

impl Extent {
    /// All that stands in a file now.
    fn of(owner: Name, path: PathBuf) -> Result<Extent, AuditError> {
        let bytes = match regular::metadata(&path) {
            Ok(there) => there.len(),
            Err(source) => return Err(AuditError::Io { path, source }),
        };
        Ok(Extent { owner, path: Arc::new(path), bytes })
    }

    fn io(&self, source: io::Error) -> AuditError {
        AuditError::Io { path: self.path.as_ref().clone(), source }
    }

    fn lines(&self) -> Result<Lines<io::Take<File>>, AuditError> {
        let file = regular::read(&self.path).map_err(|error| self.io(error))?;
        Ok(Lines::of(file.take(self.bytes)))
    }
}

impl Chamber {
    /// Judges this chamber by its records. `[PTP §2.2]`
    ///
    /// # Errors
    /// [`AuditError`], when a ledger cannot be read.
    pub fn audit(&self) -> Result<Judgment, AuditError> {
        self.audit_telling(|_, _| {})
    }

    /// As [`Chamber::audit`], telling now and then how many bytes of how many have been read.
    ///
    /// # Errors
    /// As [`Chamber::audit`].
    pub fn audit_telling(&self, tell: impl FnMut(u64, u64)) -> Result<Judgment, AuditError> {
        self.audit_with(&mut Gathering::idle(), tell)
    }

    /// As [`Chamber::audit_telling`], with how much the same records prove of each priest, if his
    /// ledger holds it all. Where one does not, or anything is odd, [`Chamber::evidence_of_all`] says
    /// what is proved.
    ///
    /// # Errors
    /// As [`Chamber::audit`].
    pub fn audit_and_evidence(
        &self,
        tell: impl FnMut(u64, u64),
    ) -> Result<(Judgment, Option<BTreeMap<Name, Proved>>), AuditError> {
        let mut gathering = Gathering::of(self);
        let judgment = self.audit_with(&mut gathering, tell)?;
        let proved = judgment.is_consistent().then(|| gathering.all_is_held(self)).flatten();
        Ok((judgment, proved))
    }

    pub(super) fn audit_with(
        &self,
        gathering: &mut Gathering,
        mut tell: impl FnMut(u64, u64),
    ) -> Result<Judgment, AuditError> {
        let (volumes, ledgers) = self.extents()?;
        if ledgers.is_empty() {
            return Err(AuditError::NoLedgers { path: self.ledgers() });
        }
        let letters: u64 = volumes.iter().map(|volume| volume.bytes).sum();
        let all = letters + ledgers.iter().map(|extent| extent.bytes).sum::<u64>();
        let mut read_before = 0;
        let mut auditor = Auditor::new();
        if self.is_being_founded()? {
            auditor.founding_is_under_way();
        }
        for extent in &ledgers {
            auditor.ledger(extent.owner);
            gathering.ledger(&extent.path, extent.owner, *extent.path == self.ledger(extent.owner));
            let telling = |read| tell(read_before + read, all);
            hear_ledger(extent, &mut auditor, gathering, telling)?;
            read_before += extent.bytes;
        }
        gathering.ledgers_are_heard();
        let mut hearing = auditor.hear_letters();
        if lack_some(&volumes, ledgers.iter().map(|ledger| ledger.owner)) {
            hearing.letters_are_missing();
        }
        for volume in volumes {
            let bytes = volume.bytes;
            gathering.messagebook(&volume.path);
            let telling = |read| tell(read_before + read, all);
            hear_letters(volume, &mut hearing, gathering, telling)?;
            read_before += bytes;
        }
        Ok(hearing.judge())
    }

    /// Messagebooks, their archive and ledgers, and how long they are at one moment.
    fn extents(&self) -> Result<(Vec<Volume>, Vec<Extent>), AuditError> {
        let look = || {
            let io = |source| AuditError::Io { path: self.messagebooks(), source };
            let ledgers = extents_in(&self.ledgers())?;
            let all = ledgers.into_iter().map(|ledger| self.with_archive(ledger));
            let all: Result<Vec<Vec<Extent>>, AuditError> = all.collect();
            Ok::<_, AuditError>((self.volumes().map_err(io)?, all?.concat()))
        };
        let mut seen = look()?;
        for _ in 0..LOOKS {
            let again = look()?;
            if again == seen {
                break;
            }
            seen = again;
        }
        Ok(seen)
    }
}

impl Chamber {
    /// A ledger and those that a law book replaced, the oldest first. `[PTP §3.3.2]`
    fn with_archive(&self, ledger: Extent) -> Result<Vec<Extent>, AuditError> {
        let mut paths = self.ledgers_of(ledger.owner);
        paths.pop();
        let mut found = Vec::with_capacity(paths.len() + 1);
        for path in paths {
            found.push(Extent::of(ledger.owner, path)?);
        }
        found.push(ledger);
        Ok(found)
    }
}

/// The files `<name>.csv` of a directory, in the order of names.
fn extents_in(directory: &Path) -> Result<Vec<Extent>, AuditError> {
    let io = |source| AuditError::Io { path: directory.into(), source };
    let mut found = Vec::new();
    for path in regular::files_in(directory).map_err(io)? {
        let is_table = path.extension().is_some_and(|extension| extension == "csv");
        let name = path.file_stem().and_then(|stem| stem.to_str()).map(Name::new);
        let (true, Some(Ok(owner))) = (is_table, name) else { continue };
        found.push(Extent::of(owner, path)?);
    }
    found.sort_by_key(|extent| extent.owner);
    Ok(found)
}

/// Rows between two tellings.
const TELL_EVERY: u64 = 1 << 14;

fn hear_ledger(
    extent: &Extent,
    auditor: &mut Auditor,
    gathering: &mut Gathering,
    mut tell: impl FnMut(u64),
) -> Result<(), AuditError> {
    let mut reader = LedgerReader::new(Arc::clone(&extent.path));
    let mut lines = extent.lines()?;
    let mut hearing = LedgerHearing { extent, auditor, gathering, witness: None };
    let mut has_header = false;
    while let Some(line) = lines.next().map_err(|error| extent.io(error))? {
        if !std::mem::replace(&mut has_header, true) {
            reader.read_header(&line).map_err(AuditError::Unreadable)?;
            if !reader.table().stands_in_order() {
                hearing.gathering.something_is_odd();
            }
            continue;
        }
        if line.is_blank() {
            continue;
        }
        if line.number % TELL_EVERY == 0 {
            tell(line.offset);
        }
        if !hearing.hear(reader.find(&line), line.offset)? {
            return Ok(());
        }
    }
    if let Some(line) = lines.tail() {
        hearing.hear(reader.find(&line), line.offset)?;
    }
    Ok(())
}

/// One ledger being heard.
struct LedgerHearing<'a> {
    extent: &'a Extent,
    auditor: &'a mut Auditor,
    gathering: &'a mut Gathering,
    /// What its rows say of a hole, once there is one.
    witness: Option<Witness>,
}

impl LedgerHearing<'_> {
    /// Hears what a line is; false if the ledger ends here, because a crash left the rest.
    fn hear(&mut self, found: Found, offset: u64) -> Result<bool, AuditError> {
        if !matches!(found, Found::Row(_)) {
            self.gathering.something_is_odd();
        }
        match found {
            Found::Row(row) => self.hear_row(&row, offset),
            Found::Unended { row, ends, remains } => {
                self.hear_row(&row, offset);
                if let Some(bad) = remains {
                    return self.hear_hole(&bad, ends);
                }
                let why = "its line end was lost, and its seal fits, so it is kept".to_owned();
                let at = Exhibit::of_ledger(&row);
                self.auditor.defect(Rule::TornRow, Severity::Said, at, why);
            }
            Found::Remains(bad) => return self.hear_hole(&bad, offset),
            Found::Damage(bad) if matches!(bad.flaw, Flaw::Altered(_) | Flaw::RunsOn) => {
                self.hear_damage(&bad, &bad.flaw);
            }
            Found::Damage(bad) => return Err(AuditError::Unreadable(bad)),
        }
        Ok(true)
    }

    fn hear_row(&mut self, row: &LedgerRow, offset: u64) {
        self.auditor.ledger_row(self.extent.owner, row);
        self.gathering.ledger_row(row);
        if let Some(dry) = row.dry.filter(|&dry| dry > offset) {
            let why = format!(
                "it says that {dry} bytes were dry before it, and it stands after {offset}"
            );
            let at = Exhibit::of_ledger(row);
            self.auditor.defect(Rule::IndelibleInk, Severity::Broken, at, why);
        }
    }

    /// Hears of what a crash may have left; true if it did not, and the ledger goes on.
    fn hear_hole(&mut self, bad: &BadRow, begins: u64) -> Result<bool, AuditError> {
        let witness = match self.witness.take() {
            Some(witness) => witness,
            None => witness(self.extent)?,
        };
        let witness = self.witness.insert(witness);
        if let Some(flaw) = witness.against(bad, begins) {
            self.hear_damage(bad, &flaw);
            return Ok(true);
        }
        let owner = self.extent.owner;
        let why = format!("{}: a crash leaves this, and {owner} cuts it", bad.flaw);
        self.auditor.defect(Rule::TornRow, Severity::Said, exhibit(bad), why);
        Ok(false)
    }

    fn hear_damage(&mut self, bad: &BadRow, flaw: &Flaw) {
        let why = format!("{flaw}; {}", flaw.repair());
        self.auditor.defect(Rule::IndelibleInk, Severity::Broken, exhibit(bad), why);
    }
}

/// What all rows of a ledger say of a hole.
fn witness(extent: &Extent) -> Result<Witness, AuditError> {
    let mut reader = LedgerReader::new(Arc::clone(&extent.path));
    let mut lines = extent.lines()?;
    let mut witness = Witness::default();
    while let Some(line) = lines.next().map_err(|error| extent.io(error))? {
        if line.number == 1 {
            let _ = reader.read_header(&line);
        } else if !line.is_blank() {
            witness.hear(&reader.find(&line), line.offset);
        }
    }
    if let Some(line) = lines.tail() {
        witness.hear(&reader.find(&line), line.offset);
    }
    Ok(witness)
}

fn hear_letters(
    volume: Volume,
    hearing: &mut Hearing,
    gathering: &mut Gathering,
    mut tell: impl FnMut(u64),
) -> Result<(), AuditError> {
    let path = Arc::clone(&volume.path);
    let io = |source| AuditError::Io { path: path.as_ref().clone(), source };
    let mut rows = volume.rows().map_err(io)?;
    let mut heard = 0;
    while let Some(row) = rows.next() {
        heard += 1;
        if heard % TELL_EVERY == 0 {
            tell(rows.position());
        }
        match row.map_err(io)? {
            Ok(row) => {
                gathering.letter(&row);
                hearing.message_row(&row);
            }
            Err(bad) => hear_bad_letter(&bad, hearing),
        }
    }
    if let Some(Err(bad)) = rows.tail() {
        hear_bad_letter(&bad, hearing);
    }
    Ok(())
}

/// A messagebook's row that cannot be read is a message lost, which the protocol bears.
fn hear_bad_letter(bad: &BadRow, hearing: &mut Hearing) {
    let rule = match bad.flaw {
        Flaw::Torn | Flaw::Struck => Rule::TornRow,
        Flaw::Impostor(_) => Rule::Impostor,
        _ => Rule::UnreadableRow,
    };
    let why = format!("{}; {}", bad.flaw, "it counts as a message lost");
    hearing.defect(rule, Severity::Said, exhibit(bad), why);
}

fn exhibit(bad: &BadRow) -> Exhibit {
    let shown: String = bad.row.chars().take(200).collect();
    Exhibit { place: bad.place.clone(), row: shown }
}
