//! The proofs against and for each ledger, as `parliament audit` shows them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::chamber::Chamber;
use crate::chamber::Proved;
use crate::chamber::evidence::Evidence;
use crate::chamber::kept_out::{Lack, Older};
use crate::words::{BallotNumber, Name};

use super::Failure;
use super::page::{Page, narrowed};

/// The evidence of a chamber: a fact about its files. The auditor judges by rules of his own.
#[derive(Default)]
pub struct Shown {
    proved: BTreeMap<Name, Proved>,
    older: BTreeMap<Name, Older>,
}

impl Shown {
    /// The proofs gathered in a chamber whose ledgers hold everything proved. If none were
    /// gathered, reads all records, and changes none.
    ///
    /// # Errors
    /// When the founding decree or the directory of ledgers cannot be read.
    pub fn of(
        chamber: &Chamber,
        gathered: Option<BTreeMap<Name, Proved>>,
    ) -> Result<Shown, Failure> {
        use crate::chamber::ChamberError::HalfDone;
        if let Some(proved) = gathered {
            return Ok(Shown { proved, older: BTreeMap::new() });
        }
        let evidence = match chamber.evidence_of_all() {
            // Nobody has entered yet.
            Err(HalfDone { .. }) => Evidence::default(),
            evidence => evidence?,
        };
        let proved = evidence.cases().iter().map(|(&name, case)| (name, case.proved())).collect();
        Ok(Shown { proved, older: chamber.older(&evidence) })
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
        if self.proved.is_empty() {
            return Ok(());
        }
        page.line("The proofs about each ledger, from letters and other ledgers:")?;
        for (name, proved) in &self.proved {
            if let Some(older) = self.older.get(name) {
                let older = format!("  {name}: his ledger is older than he is\n{older}");
                page.line(&narrowed(&older))?;
                continue;
            }
            let [promised, tried] = [proved.promised, proved.tried].map(written);
            let s = if proved.notes == 1 { "" } else { "s" };
            page.line(&narrowed(&format!(
                "  {name}: holds all that is proved, {} note{s} (nextBal ≥ {promised}, lastTried ≥ {tried})",
                proved.notes
            )))?;
        }
        page.line("")
    }

    /// An object for each priest.
    pub fn in_json(&self) -> impl Iterator<Item = Value> {
        self.proved.iter().map(|(name, proved)| {
            let older = self.older.get(name);
            let lacks = older.map(|older| &older.lacks[..]).unwrap_or_default();
            json!({
                "what": "evidence",
                "priest": name,
                "older": older.is_some(),
                "byAnybody": older.is_some_and(|older| older.by_anybody),
                "proved": proved.notes,
                "nextBal": proved.promised,
                "lastTried": proved.tried,
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
