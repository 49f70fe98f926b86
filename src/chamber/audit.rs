//! Presents a chamber to the auditor: every ledger, then every messagebook and its archived
//! volumes, as they were at one moment.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::extents::{AuditError, Extent, Parts};
use super::gathered::{Gathering, Proved};
use super::{Chamber, Volume};
use crate::audit::{Auditor, Exhibit, Hearing, Judgment, Rule, Severity};
use crate::records::flaw::{BadRow, Flaw};
use crate::records::ledger_row::LedgerReader;
use crate::records::record::LedgerRow;
use crate::records::remains::{Found, Witness};
use crate::words::Name;

impl Chamber {
    /// Judges this chamber by its records. `[PTP §2.2]`
    ///
    /// # Errors
    /// [`AuditError`], when a ledger cannot be read.
    pub fn audit(&self) -> Result<Judgment, AuditError> {
        self.audit_telling(|_, _| {})
    }

    /// Like [`Chamber::audit`], but calls `tell` now and then with the bytes read and all bytes.
    ///
    /// # Errors
    /// As [`Chamber::audit`].
    pub fn audit_telling(&self, tell: impl FnMut(u64, u64)) -> Result<Judgment, AuditError> {
        self.audit_with(&mut Gathering::idle(), tell)
    }

    /// Like [`Chamber::audit_telling`], but also returns how much the records prove of each priest,
    /// if every ledger holds all that is proved. If one does not, or a record is odd, it returns no
    /// proofs; use [`Chamber::evidence_of_all`] then.
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

    /// Judges this part of a Parliament on several machines together with the other parts.
    ///
    /// # Errors
    /// As [`Chamber::audit`].
    pub fn audit_union(
        &self,
        others: &[Chamber],
        tell: impl FnMut(u64, u64),
    ) -> Result<Judgment, AuditError> {
        self.audit_parts(others, &mut Gathering::idle(), tell)
    }

    pub(super) fn audit_with(
        &self,
        gathering: &mut Gathering,
        tell: impl FnMut(u64, u64),
    ) -> Result<Judgment, AuditError> {
        self.audit_parts(&[], gathering, tell)
    }

    fn audit_parts(
        &self,
        others: &[Chamber],
        gathering: &mut Gathering,
        mut tell: impl FnMut(u64, u64),
    ) -> Result<Judgment, AuditError> {
        let Parts { volumes, ledgers, lacks_letters, elsewhere, twice } = self.parts(others)?;
        let letters: u64 = volumes.iter().map(|volume| volume.bytes).sum();
        let all = letters + ledgers.iter().map(|extent| extent.bytes).sum::<u64>();
        let mut read_before = 0;
        let mut auditor = Auditor::new();
        for chamber in std::iter::once(self).chain(others) {
            if chamber.is_being_founded()? {
                auditor.founding_is_under_way();
            }
        }
        elsewhere.into_iter().for_each(|name| auditor.lives_elsewhere(name));
        for (name, at, other) in twice {
            let why = format!(
                "{name} has a ledger here and another in {}: one priest has one body, and here he had two",
                other.display()
            );
            auditor.defect(Rule::Founding, Severity::Broken, at, why);
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
        if lacks_letters {
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
}

/// The number of rows between two calls of `tell`.
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

/// Presents one ledger to the auditor.
struct LedgerHearing<'a> {
    extent: &'a Extent,
    auditor: &'a mut Auditor,
    gathering: &'a mut Gathering,
    /// The facts from all rows about a hole, once there is one.
    witness: Option<Witness>,
}

impl LedgerHearing<'_> {
    /// Presents one line. False if the ledger ends here, because a crash left the rest.
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
                "its `dry` says that {dry} bytes were dry before it, but only {offset} bytes stand before it"
            );
            let at = Exhibit::of_ledger(row);
            self.auditor.defect(Rule::IndelibleInk, Severity::Broken, at, why);
        }
    }

    /// Presents a torn end. True if no crash can have left it, so that the ledger goes on.
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
        let why = format!("{}: a crash leaves this, and {owner} cuts it when he enters", bad.flaw);
        self.auditor.defect(Rule::TornRow, Severity::Said, exhibit(bad), why);
        Ok(false)
    }

    fn hear_damage(&mut self, bad: &BadRow, flaw: &Flaw) {
        let why = format!("{flaw}; {}", flaw.repair());
        self.auditor.defect(Rule::IndelibleInk, Severity::Broken, exhibit(bad), why);
    }
}

/// Reads all rows of a ledger for facts about a hole.
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

/// Presents a messagebook's row that cannot be read. It is a lost message, which does no harm.
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
