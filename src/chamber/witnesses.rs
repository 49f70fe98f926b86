//! Reads records for evidence: the ends of messagebooks and archives, and other ledgers.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::evidence::{Evidence, Hand, Proof, Reach};
use super::reading::read_ledger;
use super::{Chamber, regular};
use crate::records::evidence::Claim;
use crate::records::ledger_row::LedgerReader;
use crate::records::lines::{Line, Lines};
use crate::records::message_row::MessageReader;
use crate::records::record::Seal;
use crate::words::{BallotNumber, Decree, DecreeNumber, Entry, Founding, Heading, Message, Name};

impl Chamber {
    /// Reads the ends of all messagebooks and of their archived volumes.
    pub(super) fn hear_letters(&self, evidence: &mut Evidence, budget: u64) {
        let mut files = named_files(&self.messagebooks());
        files.extend(named_files(&self.archive()));
        for (path, to, share) in shares(files, budget, evidence) {
            let heard = hear_messagebook(&path, to, share, evidence);
            evidence.looked.unread += u64::from(heard.is_err());
        }
    }

    /// Reads all ledgers, and the ends of those in the archive.
    pub(super) fn hear_ledgers(&self, evidence: &mut Evidence, reach: Reach) {
        let Ok(Some(founding)) = self.standing() else { return };
        let archived = named_files(&self.ledgers().join("archive"));
        let mut archived = shares(archived, reach.of_the_rest / 2, evidence);
        archived.sort_by_key(|(path, owner, _)| (*owner, volume_of(path)));
        // A ballot may be begun in one of them, and its outcome may be inked in the next.
        let mut begun: BTreeMap<Name, AllBegun> = BTreeMap::new();
        for (path, owner, share) in archived {
            let witness = Witness { path: &path, owner, founding: &founding, his: true };
            let heard = witness.hear(share, begun.entry(owner).or_default(), evidence);
            evidence.looked.unread += u64::from(heard.is_err());
        }
        let abroad = self.abroad().join("ledgers");
        let mut copied = named_files(&abroad.join("archive"));
        copied.extend(named_files(&abroad));
        for (path, owner, share) in shares(copied, reach.of_the_rest / 2, evidence) {
            // A copy of a ledger that lives here is like an archived one.
            let witness = Witness { path: &path, owner, founding: &founding, his: true };
            let heard = witness.hear(share, &mut AllBegun::default(), evidence);
            evidence.looked.unread += u64::from(heard.is_err());
        }
        for (path, owner) in named_files(&self.ledgers()) {
            let witness = Witness { path: &Arc::new(path), owner, founding: &founding, his: false };
            let begun = begun.entry(owner).or_default();
            let heard = witness.hear(reach.of_each_ledger, begun, evidence);
            evidence.looked.ledgers += u64::from(heard.is_ok());
            evidence.looked.unread += u64::from(heard.is_err());
        }
    }
}

impl Chamber {
    /// The decrees that other ledgers, archives and letters have and the ledgers of these priests
    /// lack.
    pub(super) fn decrees_lost_to(&self, names: &[Name]) -> BTreeMap<DecreeNumber, Decree> {
        let mut told = BTreeMap::new();
        let mut held = BTreeSet::new();
        let mut in_book_through = Founding::NUMBER;
        let ledgers = named_files(&self.ledgers());
        let archived = named_files(&self.ledgers().join("archive"));
        let ledgers = ledgers.into_iter().map(|(path, name)| (path, names.contains(&name)));
        for (path, is_older) in ledgers.chain(archived.into_iter().map(|it| (it.0, false))) {
            for row in read_ledger(&path).into_iter().flatten().flatten().flatten() {
                match row.entry {
                    Entry::Outcome { number, .. } if is_older => drop(held.insert(number)),
                    Entry::Book(book) if is_older && book.heading == Heading::LawBook => {
                        in_book_through = in_book_through.max(book.number);
                    }
                    Entry::Outcome { number, decree, .. } if row.seal == Seal::Sound => {
                        told.entry(number).or_insert(decree);
                    }
                    _ => {}
                }
            }
        }
        for volume in self.volumes().unwrap_or_default() {
            for row in volume.rows().into_iter().flatten().flatten().flatten() {
                if let Message::Success { number, decree, .. } = row.message {
                    told.entry(number).or_insert(decree);
                }
            }
        }
        told.retain(|number, _| *number > in_book_through && !held.contains(number));
        told
    }
}

impl Chamber {
    /// The path of every file that is read for evidence.
    pub(super) fn files_at_hand(&self) -> impl Iterator<Item = PathBuf> {
        let archived = self.ledgers().join("archive");
        let abroad = self.abroad().join("ledgers");
        let abroad = [abroad.join("archive"), abroad];
        let rooms = [self.messagebooks(), self.archive(), archived, self.ledgers()];
        let rooms = rooms.into_iter().chain(abroad);
        rooms.flat_map(|room| named_files(&room)).map(|(path, _)| path)
    }
}

/// The files `<name>.csv` and `<name>.<anything>.csv` of a directory, each with its owner.
fn named_files(directory: &Path) -> Vec<(PathBuf, Name)> {
    let mut files = regular::files_in(directory).unwrap_or_default();
    files.sort();
    let named = |path: PathBuf| {
        let stem = path.file_name()?.to_str()?.strip_suffix(".csv")?;
        let name = stem.split('.').next()?.parse().ok()?;
        Some((path, name))
    };
    files.into_iter().filter_map(named).collect()
}

/// The number in the name of an archived ledger, which gives their order.
fn volume_of(path: &Path) -> Option<DecreeNumber> {
    path.file_name()?.to_str()?.split('.').nth(1)?.parse().ok()
}

/// Divides the budget: the number of bytes to read at the end of each file. A short file leaves its
/// unused share to the longer ones.
fn shares(
    files: Vec<(PathBuf, Name)>,
    budget: u64,
    evidence: &mut Evidence,
) -> Vec<(Arc<PathBuf>, Name, u64)> {
    let mut sized = Vec::new();
    for (path, name) in files {
        match regular::metadata(&path) {
            Ok(there) => sized.push((there.len(), path, name)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(_) => evidence.looked.unread += 1,
        }
    }
    sized.sort();
    let (mut left, mut files) = (budget, sized.len() as u64);
    let mut shares = Vec::with_capacity(sized.len());
    for (bytes, path, name) in sized {
        let share = bytes.min(left / files);
        (left, files) = (left - share, files - 1);
        evidence.looked.bytes += share;
        evidence.looked.of += bytes;
        shares.push((Arc::new(path), name, share));
    }
    shares
}

/// The lines in the last `at_most` bytes of a file, without one that begins before them.
fn last_lines(mut file: File, at_most: u64) -> io::Result<Lines<io::Take<File>>> {
    let bytes = file.metadata()?.len();
    // One byte earlier, so that a row that begins exactly there is read whole.
    let begin = bytes.saturating_sub(at_most).saturating_sub(1);
    file.seek(SeekFrom::Start(begin))?;
    let mut lines = Lines::beginning_at(begin, file.take(bytes - begin));
    if begin > 0 {
        lines.next()?;
    }
    Ok(lines)
}

fn hear_messagebook(
    path: &Arc<PathBuf>,
    to: Name,
    at_most: u64,
    evidence: &mut Evidence,
) -> io::Result<()> {
    let mut reader = MessageReader::new(Arc::clone(path), to);
    if let Some(header) = Lines::of(regular::read(path)?).next()? {
        // The header gives the order of the columns.
        reader.read(&header);
    }
    let mut lines = last_lines(regular::read(path)?, at_most)?;
    while let Some(line) = lines.next()? {
        // A row that its sender could not have sent is skipped; one without its line end has not
        // come.
        if let Some(Ok(row)) = reader.read(&line) {
            let proof = || Proof::at(path, line.offset);
            evidence.hear_letter((row.from, row.to), &row.message, proof);
        }
    }
    Ok(())
}

/// A ledger that is read for evidence: about the priests whom its owner asked, and about its owner
/// if it is an archived one.
struct Witness<'a> {
    path: &'a Arc<PathBuf>,
    owner: Name,
    founding: &'a Founding,
    his: bool,
}

/// A ballot that was begun and is not known to have succeeded.
struct Begun {
    decree: Decree,
    quorum: Arc<BTreeSet<Name>>,
    is_sealed: bool,
}

type AllBegun = BTreeMap<(DecreeNumber, BallotNumber), Begun>;

impl Witness<'_> {
    fn hear(&self, at_most: u64, begun: &mut AllBegun, evidence: &mut Evidence) -> io::Result<()> {
        let mut reader = LedgerReader::new(Arc::clone(self.path));
        // A ledger from another chamber proves nothing here.
        if !self.is_from_here(&mut reader)? {
            return Ok(());
        }
        let tells_of_its_owner = self.his && evidence.has(self.owner);
        let in_order = reader.table().stands_in_order();
        let mut lines = last_lines(regular::read(self.path)?, at_most)?;
        while let Some(line) = lines.next()? {
            let of_a_ballot = self.may_tell_of_a_ballot(&line, begun);
            if in_order && !tells_of_its_owner && !of_a_ballot {
                continue;
            }
            let Ok(row) = reader.read(&line) else { continue };
            let is_sealed = match row.seal {
                Seal::Sound => true,
                Seal::ByHand | Seal::Moved { .. } => false,
                Seal::Broken => continue,
            };
            let proof = || Proof::at(self.path, line.offset);
            if tells_of_its_owner && let Some(case) = evidence.case_of(self.owner) {
                let hand = if is_sealed { Hand::Sealed } else { Hand::Anybody };
                for claim in Claim::of_his_row(&row.entry) {
                    case.hear(claim, hand, proof);
                }
            }
            self.hear_ballot(row.entry, is_sealed, begun, evidence, proof);
        }
        Ok(())
    }

    /// Whether the first row of this ledger is the decree that founded this chamber.
    fn is_from_here(&self, reader: &mut LedgerReader) -> io::Result<bool> {
        let mut lines = Lines::of(regular::read(self.path)?);
        if let Some(header) = lines.next()?
            && reader.read_header(&header).is_err()
        {
            return Ok(false);
        }
        let Some(first) = lines.next()? else { return Ok(false) };
        Ok(reader.read(&first).is_ok_and(|row| match &row.entry {
            Entry::Outcome { number: Founding::NUMBER, decree, .. } => {
                decree.text().parse().as_ref() == Ok(self.founding)
            }
            _ => false,
        }))
    }

    /// Whether this row may begin a ballot, or be the outcome of one. The many other rows are not
    /// needed, so they are not parsed.
    fn may_tell_of_a_ballot(&self, line: &Line<'_>, begun: &AllBegun) -> bool {
        let is = |kind: &str| line.bytes.starts_with(kind.as_bytes());
        is("beginBallot") || !begun.is_empty() && is("outcome")
    }

    /// Adds the claims of a row that begins a ballot, or that says it succeeded.
    /// `[PTP §2.3 (3), (5)]`
    fn hear_ballot(
        &self,
        row: Entry,
        is_sealed: bool,
        all: &mut AllBegun,
        evidence: &mut Evidence,
        proof: impl Fn() -> Proof,
    ) {
        match row {
            Entry::BeginBallot { number, ballot, decree, quorum } if ballot.owner == self.owner => {
                let others = || quorum.iter().copied().filter(|&name| name != self.owner);
                let hand = if is_sealed { Hand::Sealed } else { Hand::BegunByAnybody };
                let vote = Claim::Voted { number, ballot, decree: Some(decree.clone()) };
                let mut is_open = false;
                for name in others() {
                    if let Some(case) = evidence.case_of(name) {
                        case.hear(Claim::Promised(ballot), hand, &proof);
                        is_open |= !case.held.bears_out(&vote);
                    }
                }
                if is_open {
                    evidence.hear_begun((number, ballot), &decree, others());
                    all.insert((number, ballot), Begun { decree, quorum, is_sealed });
                }
            }
            Entry::Outcome { number, ballot: Some(ballot), .. } => {
                let Some(begun) = all.remove(&(number, ballot)) else { return };
                let hand = match (begun.is_sealed, is_sealed) {
                    (true, true) => Hand::Sealed,
                    (true, false) => Hand::Anybody,
                    (false, _) => Hand::BegunByAnybody,
                };
                for &name in begun.quorum.iter().filter(|&&name| name != self.owner) {
                    if let Some(case) = evidence.case_of(name) {
                        let decree = Some(begun.decree.clone());
                        case.hear(Claim::Voted { number, ballot, decree }, hand, &proof);
                    }
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
