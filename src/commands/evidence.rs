//! What the records prove of each ledger, as `parliament audit` shows it.

use serde_json::{Value, json};

use crate::chamber::Chamber;
use crate::chamber::evidence::Evidence;
use crate::chamber::kept_out::{Lack, Older};
use crate::words::{BallotNumber, Name};

use super::Failure;
use super::page::Page;

/// The evidence of a chamber: a fact about its files. The auditor judges by rules of his own.
pub struct Shown {
    evidence: Evidence,
    older: std::collections::BTreeMap<Name, Older>,
}

impl Shown {
    /// Reads all records of a chamber, and changes none.
    ///
    /// # Errors
    /// When the founding decree or the directory of ledgers cannot be read.
    pub fn of(chamber: &Chamber) -> Result<Shown, Failure> {
        use crate::chamber::ChamberError::HalfDone;
        let evidence = match chamber.evidence_of_all() {
            // Nobody has entered yet.
            Err(HalfDone { .. }) => Evidence::default(),
            evidence => evidence?,
        };
        let older = chamber.older(&evidence);
        Ok(Shown { evidence, older })
    }

    /// Whether somebody would be kept out.
    pub fn keeps_somebody_out(&self) -> bool {
        !self.older.is_empty()
    }

    /// Prints a line for each priest whose ledger holds what is proved, and the proofs against each
    /// other.
    ///
    /// # Errors
    /// When nobody can hear it.
    pub fn print(&self, page: &mut Page) -> std::io::Result<()> {
        if self.evidence.cases().is_empty() {
            return Ok(());
        }
        page.line("What letters and other ledgers prove of each ledger:")?;
        for (name, case) in self.evidence.cases() {
            if let Some(older) = self.older.get(name) {
                page.line(&format!("  {name}: his ledger is older than he is\n{older}"))?;
                continue;
            }
            let [promised, tried] = case.largest().map(written);
            let notes = if case.proved == 1 { "note" } else { "notes" };
            page.line(&format!(
                "  {name}: holds all that is proved, {} {notes} (nextBal ≥ {promised}, lastTried ≥ {tried})",
                case.proved
            ))?;
        }
        page.line("")
    }

    /// An object for each priest.
    pub fn in_json(&self) -> impl Iterator<Item = Value> {
        self.evidence.cases().iter().map(|(name, case)| {
            let older = self.older.get(name);
            let lacks = older.map(|older| &older.lacks[..]).unwrap_or_default();
            let [promised, tried] = case.largest();
            json!({
                "what": "evidence",
                "priest": name,
                "older": older.is_some(),
                "byAnybody": older.is_some_and(|older| older.by_anybody),
                "proved": case.proved,
                "nextBal": promised,
                "lastTried": tried,
                "lacks": lacks.iter().map(lack).collect::<Vec<_>>(),
                "more": older.map_or(0, |older| older.more),
            })
        })
    }
}

fn lack(lack: &Lack) -> Value {
    let Lack { claim, place, row, instead } = lack;
    json!({
        "file": place.file.display().to_string(),
        "line": place.line,
        "row": row,
        "why": format!("it proves that {claim}; in his ledger {instead}"),
    })
}

fn written(ballot: Option<BallotNumber>) -> String {
    ballot.map_or_else(|| "−∞".into(), |ballot| ballot.to_string())
}
