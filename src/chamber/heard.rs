//! Who was heard lately of those who live on other machines: no lock here tells that they are in the
//! Chamber. `[ours]`

use std::collections::BTreeSet;
use std::io::{self, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::Arc;

use chrono::TimeDelta;

use super::{Chamber, ChamberError, regular};
use crate::records::lines::Lines;
use crate::records::message_row::MessageReader;
use crate::words::Name;
use crate::words::message::Kind;

/// How long after his last letter one who lives elsewhere counts as inside. Whoever is inside sends
/// a letter every 33 Paxon minutes; clocks of machines differ.
const LATELY: TimeDelta = TimeDelta::seconds(60);

/// How many bytes at the end of a messagebook are looked at.
const LATEST: u64 = 1 << 16;

impl Chamber {
    /// Who has no ledger here and wrote, within the last minute by the senders' clocks, to one who
    /// has. A petition is no sign: citizens write those.
    ///
    /// # Errors
    /// When the directory of ledgers cannot be read. A messagebook that cannot be read tells nothing.
    pub(super) fn heard_lately(&self) -> Result<BTreeSet<Name>, ChamberError> {
        let here = self.names()?;
        let mut heard = BTreeSet::new();
        for &name in &here {
            // Who writes while nobody can read what he writes is not heard.
            let _ = self.hear_latest(name, &mut heard);
        }
        heard.retain(|name| !here.contains(name));
        Ok(heard)
    }

    fn hear_latest(&self, owner: Name, heard: &mut BTreeSet<Name>) -> io::Result<()> {
        let path: Arc<PathBuf> = Arc::new(self.messagebook(owner));
        let mut file = regular::read(&path)?;
        let from = file.metadata()?.len().saturating_sub(LATEST);
        file.seek(SeekFrom::Start(from))?;
        let mut lines = Lines::of(file);
        if from > 0 {
            lines.next()?;
        }
        let mut reader = MessageReader::new(path, owner);
        let since = self.now() - LATELY;
        while let Some(line) = lines.next()? {
            let Some(Ok(row)) = reader.read(&line) else { continue };
            if row.message.kind() != Kind::Petition && row.at.is_some_and(|at| at >= since) {
                heard.insert(row.from);
            }
        }
        Ok(())
    }
}
