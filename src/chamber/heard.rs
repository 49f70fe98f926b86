//! Finds the priests on other machines who wrote lately. No lock here shows that they are in the
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

/// The time after his last letter for which a priest on another machine counts as inside. A priest
/// inside sends a letter every 33 Paxon minutes; the clocks of machines differ.
const LATELY: TimeDelta = TimeDelta::seconds(60);

/// The number of bytes read at the end of a messagebook.
const LATEST: u64 = 1 << 16;

impl Chamber {
    /// The priests without a ledger here who wrote to one with a ledger here, in the last minute by
    /// the senders' clocks. Petitions do not count, since citizens write them.
    ///
    /// # Errors
    /// When the directory of ledgers cannot be read. A messagebook that cannot be read is skipped.
    pub(super) fn heard_lately(&self) -> Result<BTreeSet<Name>, ChamberError> {
        let here = self.names()?;
        let mut heard = BTreeSet::new();
        for &name in &here {
            // A messagebook that cannot be read is skipped.
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
