//! Presents a ledger or a messagebook to the auditor, row by row.

use std::sync::Arc;

use super::Volume;
use super::extents::{AuditError, Extent};
use super::gathered::{FromLetters, Gathering};
use crate::audit::{Auditor, Exhibit, Hearing, Letters, Rule, Severity};
use crate::records::flaw::{BadRow, Flaw};
use crate::records::ledger_row::LedgerReader;
use crate::records::record::LedgerRow;
use crate::records::remains::{Found, Witness};

/// The number of rows between two calls of `tell`.
const TELL_EVERY: u64 = 1 << 14;

/// Presents a ledger, and calls `tell` now and then with the bytes read of it.
pub(super) fn hear_ledger(
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

/// Compares the letters of a volume with the ledgers, and calls `tell` now and then with the bytes
/// read of it.
pub(super) fn hear_letters(
    volume: Volume,
    (hearing, letters): (&Hearing, &mut Letters),
    (gathering, proved): (&Gathering, &mut FromLetters),
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
                gathering.letter(&row, proved);
                hearing.read(&row, letters);
            }
            Err(bad) => hear_bad_letter(&bad, letters),
        }
    }
    if let Some(Err(bad)) = rows.tail() {
        hear_bad_letter(&bad, letters);
    }
    Ok(())
}

/// Presents a messagebook's row that cannot be read. It is a lost message, which does no harm.
fn hear_bad_letter(bad: &BadRow, letters: &mut Letters) {
    let rule = match bad.flaw {
        Flaw::Torn | Flaw::Struck => Rule::TornRow,
        Flaw::Impostor(_) => Rule::Impostor,
        _ => Rule::UnreadableRow,
    };
    let why = format!("{}; {}", bad.flaw, "it counts as a message lost");
    letters.defect(rule, Severity::Said, exhibit(bad), why);
}

fn exhibit(bad: &BadRow) -> Exhibit {
    let shown: String = bad.row.chars().take(200).collect();
    Exhibit { place: bad.place.clone(), row: shown }
}
