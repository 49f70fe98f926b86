//! Takes a ledger down (locks and reads it), and opens it if its priest may enter.
//!
//! Between the two, other records may prove that the ledger is older than its priest. Then the
//! ledger is not changed at all: a torn end is not cut either.

use std::fs::{File, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::Duration;

use super::evidence::{Evidence, Reach};
use super::kept_out::{Older, Verdict, notes_owed};
use super::ledger::LedgerFile;
use super::ledger_error::LedgerError;
use super::locked::Locked;
use super::regular::{Identity, identity};
use super::{Chamber, regular};
use crate::records::evidence::Held;
use crate::records::examination::Opened;
use crate::synod::Ledger;
use crate::words::Name;

/// A ledger that is locked and read, and not changed yet. Its lock keeps all other bodies out.
#[derive(Debug)]
pub struct TakenDown {
    name: Name,
    chamber: Chamber,
    file: Locked,
    opened: Opened,
    /// The number of bytes that can be trusted.
    length: u64,
}

/// The state of a ledger when its priest left, to recognise it when he returns.
#[derive(Clone, Copy, Debug)]
pub struct LaidDown {
    identity: Identity,
    /// The number of bytes that were dry.
    dry: u64,
}

impl LedgerFile {
    /// The present state of this ledger, to recognise it later.
    #[must_use]
    pub fn laid_down(&self) -> LaidDown {
        LaidDown { identity: self.identity, dry: self.dry }
    }
}

fn failed(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> LedgerError {
    let path = path.to_owned();
    move |source| LedgerError::Io { path, doing, source }
}

/// How often a lock is tried. Two may hold it for a moment who are no bodies: one who looks whether
/// the priest sits, and a program that a body was starting when it was killed, which has a copy of each
/// open file until it runs.
const TRIES: u32 = 50;

const BETWEEN_TRIES: Duration = Duration::from_millis(2);

impl TakenDown {
    /// Locks a priest's ledger and reads it.
    ///
    /// # Errors
    /// [`LedgerError`]: then nothing was changed.
    pub fn by(chamber: &Chamber, name: Name) -> Result<TakenDown, LedgerError> {
        let path = chamber.ledger(name);
        if chamber.is_abroad() {
            return Err(LedgerError::Copied { name, path });
        }
        let file = match regular::append(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(chamber.missing(name));
            }
            Err(error) => return Err(failed("open the ledger for writing", &path)(error)),
        };
        let file = match Locked::in_time(file, TRIES, || std::thread::sleep(BETWEEN_TRIES)) {
            // Between the opening and the locking, another body may have bound a law book and left.
            Ok(file) if stands_under(&path, &file) => file,
            Ok(_) | Err(TryLockError::WouldBlock) => return Err(LedgerError::Taken { name, path }),
            Err(TryLockError::Error(error)) => return Err(failed("lock the ledger", &path)(error)),
        };
        let (opened, length) = chamber.trust(name, &file)?;
        Ok(TakenDown { name, chamber: chamber.clone(), file, opened, length })
    }

    /// The owner, and the notes in his ledger without a torn end.
    #[must_use]
    pub fn held(&self) -> (Name, Held) {
        (self.name, Held::of(&self.opened.rows))
    }

    /// The evidence about a priest who returns. It has no case if this is the ledger that he left
    /// and all its dry bytes are there: then he knows all his promises.
    #[must_use]
    pub fn evidence_since(&self, laid_down: Option<LaidDown>) -> Evidence {
        let there = self.file.metadata().map(|there| identity(&there)).ok();
        let is_the_same =
            laid_down.is_some_and(|it| there == Some(it.identity) && it.dry <= self.length);
        let cases = (!is_the_same).then(|| self.held());
        self.chamber.evidence(cases, Reach::ENTERING)
    }

    /// The reason why he is kept out, if he is: the evidence proves that this ledger is older than
    /// he is, and the user does not take the risk.
    #[must_use]
    pub fn kept_out(&self, evidence: &Evidence) -> Option<Box<Older>> {
        match self.chamber.judge(self.name, &self.opened, evidence) {
            Verdict::KeptOut(older) if !self.chamber.risked.contains(&self.name) => Some(older),
            Verdict::KeptOut(_) | Verdict::Enters(_) => None,
        }
    }

    /// Opens the ledger if the evidence lets its priest enter. If the user takes the risk for him,
    /// the proved notes are inked first.
    ///
    /// # Errors
    /// [`LedgerError`], above all [`LedgerError::Older`]: then nothing was changed.
    pub fn open_by(self, evidence: &Evidence) -> Result<(LedgerFile, Opened), LedgerError> {
        match self.chamber.judge(self.name, &self.opened, evidence) {
            Verdict::Enters(said) => {
                let (ledger, mut opened) = self.open()?;
                opened.said = said;
                Ok((ledger, opened))
            }
            Verdict::KeptOut(_) if self.chamber.risked.contains(&self.name) => {
                self.open_at_risk(evidence)
            }
            Verdict::KeptOut(older) => Err(LedgerError::Older(older)),
        }
    }

    fn open_at_risk(self, evidence: &Evidence) -> Result<(LedgerFile, Opened), LedgerError> {
        let name = self.name;
        let owed = evidence.cases().get(&name).map(|case| notes_owed(case, evidence));
        let (notes, untold) = owed.unwrap_or_default();
        let (mut ledger, mut opened) = self.open()?;
        ledger.ink(&notes)?;
        Ledger::dry(&mut ledger)?;
        let rows = if notes.len() == 1 {
            "1 note is".into()
        } else {
            format!("{} notes are", notes.len())
        };
        let mut said = format!(
            "his ledger was older than he is: {rows} inked that other records prove; a promise that no record shows is forgotten, and then two decrees may pass under one number"
        );
        if untold > 0 {
            said += &format!("; votes whose decree no record names: {untold}");
        }
        opened.said.push(said);
        opened.rows.extend(notes);
        Ok((ledger, opened))
    }

    /// Opens the ledger without evidence: cuts a torn end that a crash left, and makes every row
    /// durable.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub fn open(self) -> Result<(LedgerFile, Opened), LedgerError> {
        let TakenDown { name, chamber, file, opened, mut length } = self;
        let path = chamber.ledger(name);
        if opened.cut.is_some() || opened.mended.is_some() {
            file.set_len(length).map_err(failed("cut the torn end", &path))?;
        }
        if opened.mended.is_some() {
            (&*file).write_all(b"\n").map_err(failed("end the last row", &path))?;
            length += 1;
        }
        write_again(&path, opened.dry, length)
            .and_then(|()| (chamber.drying)(&file))
            .map_err(failed("dry the ledger", &path))?;
        let ledger = LedgerFile::whole(chamber, name, file, length);
        Ok((ledger.map_err(failed("look at the ledger", &path))?, opened))
    }
}

/// Writes the bytes between `from` and `to` again, unchanged. A drying that failed may leave rows
/// that can be read but are not on the disk, and no later drying would bring them there.
fn write_again(path: &Path, from: u64, to: u64) -> io::Result<()> {
    let (mut reader, mut writer) = (regular::read(path)?, regular::rewrite(path)?);
    reader.seek(SeekFrom::Start(from))?;
    writer.seek(SeekFrom::Start(from))?;
    let mut rows = Vec::new();
    reader.take(to.saturating_sub(from)).read_to_end(&mut rows)?;
    writer.write_all(&rows)
}

/// Whether this file is the one at that path now.
pub(super) fn stands_under(path: &Path, file: &File) -> bool {
    let same = |there| Ok(identity(&there) == identity(&file.metadata()?));
    regular::metadata(path).and_then(same).unwrap_or(false)
}

impl LedgerFile {
    /// Opens a priest's ledger: checks it, cuts a torn end that a crash left, and makes every row
    /// durable. It reads no other record. A priest who enters the Chamber
    /// takes his ledger down first, and opens it if the evidence lets him.
    ///
    /// # Errors
    /// [`LedgerError`]: then nothing was changed.
    pub fn open(chamber: &Chamber, name: Name) -> Result<(LedgerFile, Opened), LedgerError> {
        TakenDown::by(chamber, name)?.open()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chamber::Messagebook;
    use crate::words::{BallotNumber, Entry, Message};

    /// A chamber in which A has promised 1.B to B, the bytes of his ledger before that, and the
    /// state of his ledger after it.
    fn promised(root: &Path) -> (Chamber, Vec<u8>, LaidDown) {
        let chamber = Chamber::at(root);
        chamber.found(&"A B C".parse().unwrap()).unwrap();
        let (a, b): (Name, Name) = ("A".parse().unwrap(), "B".parse().unwrap());
        let before = std::fs::read(chamber.ledger(a)).unwrap();
        let ballot = BallotNumber { round: 1, owner: b };
        let (mut ledger, _) = TakenDown::by(&chamber, a).unwrap().open().unwrap();
        ledger.ink(&[Entry::NextBal { ballot }]).unwrap();
        Ledger::dry(&mut ledger).unwrap();
        let told = Message::LastVote { ballot, vote: None, of: 0 };
        Messagebook::of(&chamber, b).append([(a, &told)]).unwrap();
        (chamber, before, ledger.laid_down())
    }

    fn is_kept_out(chamber: &Chamber, laid_down: LaidDown) -> bool {
        let ledger = TakenDown::by(chamber, "A".parse().unwrap()).unwrap();
        ledger.kept_out(&ledger.evidence_since(Some(laid_down))).is_some()
    }

    #[test]
    fn a_priest_who_returns_to_his_own_ledger_enters() {
        let dir = tempfile::tempdir().unwrap();
        let (chamber, _, laid_down) = promised(dir.path());
        assert!(!is_kept_out(&chamber, laid_down));
    }

    #[test]
    fn a_priest_who_returns_to_an_older_copy_is_kept_out() {
        let dir = tempfile::tempdir().unwrap();
        let (chamber, before, laid_down) = promised(dir.path());
        let (copy, ledger) = (dir.path().join("copy"), chamber.ledger("A".parse().unwrap()));
        std::fs::write(&copy, before).unwrap();
        std::fs::rename(copy, ledger).unwrap();
        assert!(is_kept_out(&chamber, laid_down));
    }

    #[test]
    fn a_priest_who_returns_to_a_shortened_ledger_is_kept_out() {
        let dir = tempfile::tempdir().unwrap();
        let (chamber, before, laid_down) = promised(dir.path());
        let ledger = chamber.ledger("A".parse().unwrap());
        let file = std::fs::OpenOptions::new().write(true).open(ledger).unwrap();
        file.set_len(before.len() as u64).unwrap();
        assert!(is_kept_out(&chamber, laid_down));
    }

    #[test]
    fn entering_at_risk_inks_the_proved_rows_once() {
        let dir = tempfile::tempdir().unwrap();
        let (chamber, before, _) = promised(dir.path());
        let a: Name = "A".parse().unwrap();
        std::fs::write(chamber.ledger(a), before).unwrap();
        let opened = |chamber: &Chamber| {
            let ledger = TakenDown::by(chamber, a).unwrap();
            let evidence = ledger.evidence_since(None);
            ledger.open_by(&evidence).map(|(_, opened)| opened)
        };
        assert!(matches!(opened(&chamber), Err(LedgerError::Older(_))));
        let rows = opened(&chamber.clone().risking_two_decrees([a].into())).unwrap().rows;
        let ballot = BallotNumber { round: 1, owner: "B".parse().unwrap() };
        assert!(rows.contains(&Entry::NextBal { ballot }), "{rows:?}");
        let again = opened(&chamber).unwrap();
        assert_eq!(again.rows, rows);
    }
}
