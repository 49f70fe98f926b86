//! Presents a chamber to the auditor: every ledger, then every messagebook and its archived
//! volumes, as they were at one moment.
//!
//! The ledgers of several priests are read at once, by an auditor each, and joined in order; then
//! several messagebooks are, against all ledgers. So the judgment does not depend on the number of
//! readers.

use std::collections::BTreeMap;
use std::convert::Infallible;

use super::audited::{hear_ledger, hear_letters};
use super::extents::{AuditError, Extent, Parts};
use super::gathered::{FromLetters, Gathering};
use super::proved::Proved;
use super::readers::{readers, share};
use super::{Chamber, Volume};
use crate::audit::{Auditor, Hearing, Judgment, Letters, Rule, Severity};
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
        tell: impl FnMut(u64, u64),
    ) -> Result<Judgment, AuditError> {
        let parts = self.parts(others)?;
        let readers = if parts.bytes() < LITTLE { 1 } else { readers() };
        self.audit_by(readers, parts, others, gathering, tell)
    }

    /// Like [`Chamber::audit_parts`], with this many readers.
    fn audit_by(
        &self,
        readers: usize,
        parts: Parts,
        others: &[Chamber],
        gathering: &mut Gathering,
        mut tell: impl FnMut(u64, u64),
    ) -> Result<Judgment, AuditError> {
        let (all, mut read) = (parts.bytes(), 0);
        let mut telling = |bytes| {
            read += bytes;
            tell(read, all);
        };
        let Parts { volumes, ledgers, lacks_letters, elsewhere, twice } = parts;
        let mut auditor = Auditor::new();
        for chamber in std::iter::once(self).chain(others) {
            if chamber.is_being_founded()? {
                auditor.founding_is_under_way();
            }
        }
        elsewhere.into_iter().for_each(|name| auditor.lives_elsewhere(name));
        for (name, at, other) in twice {
            let why = format!(
                "{name} has a ledger here and another in {}: one of the two is a copy, which is not to be judged, or {name} has two bodies",
                other.display()
            );
            auditor.defect(Rule::Founding, Severity::Broken, at, why);
        }
        self.hear_all_ledgers(&ledgers, readers, (&mut auditor, gathering), &mut telling)?;
        gathering.ledgers_are_heard();
        let mut hearing = auditor.hear_letters();
        if lacks_letters {
            hearing.letters_are_missing();
        }
        hear_volumes(volumes, readers, &mut hearing, gathering, telling)?;
        Ok(judge(hearing, readers))
    }

    /// Presents the ledgers of each priest to an auditor of its own, and joins these in the order
    /// of names.
    fn hear_all_ledgers(
        &self,
        ledgers: &[Extent],
        readers: usize,
        (all, gathering): (&mut Auditor, &mut Gathering),
        tell: impl FnMut(u64),
    ) -> Result<(), AuditError> {
        let mut by_owner: BTreeMap<Name, Vec<&Extent>> = BTreeMap::new();
        for extent in ledgers {
            by_owner.entry(extent.owner).or_default().push(extent);
        }
        let tasks = by_owner.into_values().map(|his| (his, gathering.listener())).collect();
        let size = |(his, _): &(Vec<&Extent>, _)| his.iter().map(|extent| extent.bytes).sum();
        let hear = |(his, mut gathering): (Vec<&Extent>, Gathering), tell: &mut dyn FnMut(u64)| {
            let mut auditor = Auditor::of_one_ledger();
            for extent in his {
                auditor.ledger(extent.owner);
                let he_keeps_it = *extent.path == self.ledger(extent.owner);
                gathering.ledger(&extent.path, extent.owner, he_keeps_it);
                let mut before = 0;
                hear_ledger(extent, &mut auditor, &mut gathering, |read| {
                    tell(read - std::mem::replace(&mut before, read));
                })?;
                tell(extent.bytes - before);
            }
            gathering.his_ledgers_are_heard();
            Ok((auditor, gathering))
        };
        share(readers, tasks, size, hear, tell, |(auditor, heard)| {
            all.join(auditor);
            gathering.join(heard);
        })
    }
}

/// With fewer bytes one reader is done before others would have begun.
const LITTLE: u64 = 1 << 20;

/// Reads the letters of all volumes, and joins what they told in the order of the volumes.
fn hear_volumes(
    volumes: Vec<Volume>,
    readers: usize,
    hearing: &mut Hearing,
    gathering: &mut Gathering,
    tell: impl FnMut(u64),
) -> Result<(), AuditError> {
    volumes.iter().for_each(|volume| gathering.messagebook(&volume.path));
    let hear = |volume: Volume, tell: &mut dyn FnMut(u64)| {
        let (mut letters, mut proved) = (Letters::default(), FromLetters::default());
        let (bytes, mut before) = (volume.bytes, 0);
        let (heard, gathered) = ((&*hearing, &mut letters), (&*gathering, &mut proved));
        hear_letters(volume, heard, gathered, |read| {
            tell(read - std::mem::replace(&mut before, read));
        })?;
        tell(bytes - before);
        Ok::<_, AuditError>((letters, proved))
    };
    let mut told = Vec::new();
    share(readers, volumes, |volume| volume.bytes, hear, tell, |it| told.push(it))?;
    for (letters, proved) in told {
        hearing.join(letters);
        gathering.join_letters(proved);
    }
    Ok(())
}

/// Parts into which the decrees are shared out, for each reader, so that none has to wait long.
const PARTS: usize = 4;

/// Has the readers ask the records, one question each at a time.
fn judge(hearing: Hearing, readers: usize) -> Judgment {
    let questions = hearing.questions(if readers > 1 { PARTS * readers } else { 1 });
    let mut answers = Vec::with_capacity(questions.len());
    let ask = |question, _: &mut dyn FnMut(u64)| Ok::<_, Infallible>(hearing.ask(&question));
    let Ok(()) = share(readers, questions, |_| 0, ask, |_| {}, |it| answers.push(it));
    hearing.conclude(answers)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use proptest::prelude::*;

    use super::super::regular;
    use super::*;

    /// All that is judged of a chamber, and what is proved of each priest.
    type Said = Result<(String, Option<BTreeMap<Name, Proved>>), String>;

    fn said(judgment: Judgment, gathering: Gathering, chamber: &Chamber) -> Said {
        let ballots: Vec<_> = judgment.numbers().map(|n| (n, judgment.ballots(n))).collect();
        let (findings, counts) = (judgment.findings(), judgment.counts());
        Ok((format!("{findings:#?} {counts:?} {ballots:?}"), gathering.all_is_held(chamber)))
    }

    fn by_readers(chamber: &Chamber, readers: usize) -> Said {
        let mut gathering = Gathering::of(chamber);
        let judgment = chamber
            .parts(&[])
            .and_then(|parts| chamber.audit_by(readers, parts, &[], &mut gathering, |_, _| {}));
        said(judgment.map_err(|error| error.to_string())?, gathering, chamber)
    }

    /// As one auditor judges who hears everything himself, one file after the other.
    fn alone(chamber: &Chamber) -> Said {
        let mut gathering = Gathering::of(chamber);
        let judgment = judged_alone(chamber, &mut gathering).map_err(|error| error.to_string())?;
        said(judgment, gathering, chamber)
    }

    fn judged_alone(chamber: &Chamber, gathering: &mut Gathering) -> Result<Judgment, AuditError> {
        let Parts { volumes, ledgers, lacks_letters, .. } = chamber.parts(&[])?;
        let mut auditor = Auditor::new();
        if chamber.is_being_founded()? {
            auditor.founding_is_under_way();
        }
        for ledger in &ledgers {
            auditor.ledger(ledger.owner);
            let he_keeps_it = *ledger.path == chamber.ledger(ledger.owner);
            gathering.ledger(&ledger.path, ledger.owner, he_keeps_it);
            hear_ledger(ledger, &mut auditor, gathering, |_| {})?;
        }
        gathering.ledgers_are_heard();
        let mut hearing = auditor.hear_letters();
        if lacks_letters {
            hearing.letters_are_missing();
        }
        volumes.iter().for_each(|volume| gathering.messagebook(&volume.path));
        let (mut letters, mut proved) = (Letters::default(), FromLetters::default());
        for volume in volumes {
            hear_letters(volume, (&hearing, &mut letters), (gathering, &mut proved), |_| {})?;
        }
        hearing.join(letters);
        gathering.join_letters(proved);
        Ok(hearing.judge())
    }

    fn forgeries() -> Vec<PathBuf> {
        let folder = fs::read_dir("tests/forgeries").unwrap();
        let mut found: Vec<PathBuf> = folder.map(|it| it.unwrap().path()).collect();
        found.sort();
        found
    }

    /// The records of a chamber: each file's path in it, and its lines.
    fn records(root: &Path) -> Vec<(PathBuf, Vec<String>)> {
        let of = |directory: &str| {
            let mut files = regular::files_in(&root.join(directory)).unwrap_or_default();
            files.retain(|file| file.extension().is_some_and(|it| it == "csv"));
            files.sort();
            files
        };
        let directories = ["ledgers", "ledgers/archive", "messagebooks", "messagebooks/archive"];
        let files = directories.into_iter().flat_map(of).map(|file| {
            let lines = fs::read_to_string(&file).unwrap().lines().map(Into::into).collect();
            (file.strip_prefix(root).unwrap().to_owned(), lines)
        });
        files.collect()
    }

    #[test]
    fn many_readers_judge_each_forgery_as_one_auditor_alone() {
        for root in forgeries() {
            let chamber = Chamber::at(&root);
            let expected = alone(&chamber);
            for readers in [1, 3] {
                assert_eq!(by_readers(&chamber, readers), expected, "{}", root.display());
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        /// Rows are taken from one chamber and put into another, moved, and written twice.
        #[test]
        fn many_readers_judge_spoilt_records_as_one_auditor_alone(
            of in any::<prop::sample::Index>(), from in any::<prop::sample::Index>(),
            rows in prop::collection::vec(any::<[prop::sample::Index; 4]>(), 0..24),
        ) {
            let forgeries = forgeries();
            let (mut kept, others) = (records(&forgeries[of.index(forgeries.len())]), records(&forgeries[from.index(forgeries.len())]));
            for [file, line, other, its_line] in rows {
                let file = file.index(kept.len());
                let (path, lines) = &kept[file];
                let is_ledger = path.starts_with("ledgers");
                let alike: Vec<&Vec<String>> = others.iter().chain(&kept)
                    .filter(|it| it.0.starts_with("ledgers") == is_ledger)
                    .map(|it| &it.1).filter(|lines| lines.len() > 1).collect();
                if lines.len() < 2 || alike.is_empty() { continue }
                let theirs = alike[other.index(alike.len())];
                let row = theirs[1 + its_line.index(theirs.len() - 1)].clone();
                let at = 1 + line.index(lines.len() - 1);
                kept[file].1.insert(at, row);
            }
            let root = tempfile::tempdir().unwrap();
            for (path, lines) in &kept {
                let path = root.path().join(path);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, lines.join("\n") + "\n").unwrap();
            }
            let chamber = Chamber::at(root.path());
            let expected = alone(&chamber);
            for readers in [1, 2, 5] {
                prop_assert_eq!(&by_readers(&chamber, readers), &expected);
            }
        }
    }
}
