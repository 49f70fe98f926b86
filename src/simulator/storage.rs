//! A ledger whose disk is simulated: what is written, what is dry, and what a power failure takes.
//!
//! Rows are kept as rows, and become bytes, by the very pen that writes files, when somebody looks
//! at them: a torn end is then a torn end of the real bytes, its seals are the real seals, and
//! whether it can be trusted is asked of [`crate::records::read_through`].

use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::chance::Chance;
use crate::creeds::Custom;
use crate::records::ledger_row::{LedgerPen, new_ledger};
use crate::records::{Distrust, LedgerRow, Place, Seal, read_through};
use crate::words::{Entry, Founding, Minutes, Name};

/// A simulated ledger.
#[derive(Debug)]
pub struct Storage {
    name: Name,
    founding: Arc<Founding>,
    /// The rows written after decree 0, torn ones apart.
    rows: Vec<Entry>,
    strokes: Vec<Stroke>,
    /// How many rows are dry.
    dry: usize,
    damage: Option<Damage>,
    /// The bytes, once they were found untrustworthy.
    spoilt: Option<Vec<u8>>,
}

/// One write: where its rows begin, when it was, and how many rows were dry then.
#[derive(Clone, Copy, Debug)]
struct Stroke {
    first: usize,
    at: Minutes,
    dry: usize,
}

/// The damage that the disk did to the bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Damage {
    /// The last row is torn: this many thousandths of it are there.
    Torn(u64),
    /// From within this row on to its end there are NUL bytes.
    Hole(usize, u64),
    /// From within this row on to its end there is what stood there before it was written. Its
    /// line end stands, and so do the rows after it, which say that it was dry.
    RolledBack(usize, u64),
}

/// The hour of a simulation as rows bear it: a Paxon minute is a minute, and the Chamber is
/// convened at midnight on 1 May 1998.
#[must_use]
pub fn dated(at: Minutes) -> DateTime<Utc> {
    const CONVENED_MILLIS: i64 = 893_980_800_000;
    let millis = i64::try_from(at.in_thousandths()).unwrap_or(i64::MAX).saturating_mul(60);
    DateTime::from_timestamp_millis(CONVENED_MILLIS.saturating_add(millis)).unwrap_or_default()
}

/// Most ledgers of a Synod have fewer rows.
const USUAL_ROWS: usize = 16;

impl Storage {
    /// A ledger in which decree 0 stands, and nothing else.
    #[must_use]
    pub fn founded(name: Name, founding: Arc<Founding>) -> Storage {
        let (rows, strokes) = (Vec::with_capacity(USUAL_ROWS), Vec::with_capacity(USUAL_ROWS));
        Storage { name, founding, rows, strokes, dry: 0, damage: None, spoilt: None }
    }

    /// The rows written after decree 0.
    #[must_use]
    pub fn rows(&self) -> &[Entry] {
        &self.rows
    }

    /// How many of them are dry.
    #[must_use]
    pub fn dry(&self) -> usize {
        self.dry
    }

    /// Writes rows.
    pub fn write(&mut self, at: Minutes, rows: &[Entry]) {
        self.strokes.push(Stroke { first: self.rows.len(), at, dry: self.dry });
        self.rows.extend_from_slice(rows);
    }

    /// Writes rows, the last of which only in part.
    pub fn write_torn(&mut self, at: Minutes, rows: &[Entry], chance: &mut Chance) {
        let whole = usize_below(chance, rows.len());
        self.write(at, &rows[..=whole]);
        self.damage = Some(Damage::Torn(1 + chance.below(998)));
    }

    /// Makes every row written durable.
    pub fn sync(&mut self) {
        self.dry = self.rows.len();
    }

    /// The power fails: of the rows that are not dry, the disk has none, some, or pieces.
    pub fn lose_power(&mut self, loss: Loss, chance: &mut Chance) {
        let wet = self.rows.len() - self.dry;
        if wet == 0 || self.damage.is_some() {
            return;
        }
        match loss {
            Loss::Rows => self.truncate(self.dry + usize_below(chance, wet)),
            Loss::Piece => {
                self.truncate(self.dry + 1 + usize_below(chance, wet));
                self.damage = Some(Damage::Torn(1 + chance.below(998)));
            }
            Loss::Hole => {
                let row = self.dry + usize_below(chance, wet);
                self.damage = Some(Damage::Hole(row, chance.below(1000)));
            }
        }
    }

    /// The disk brings back what stood in a block before a dry row was written there. False if no
    /// row says that another is dry.
    pub fn roll_back(&mut self, chance: &mut Chance) -> bool {
        let last = self.strokes.last().map_or(0, |stroke| stroke.dry);
        if last == 0 {
            return false;
        }
        self.damage = Some(Damage::RolledBack(usize_below(chance, last), chance.below(1000)));
        true
    }

    /// Opens the ledger as one in files is opened: checks it, cuts what a crash left
    /// at its end, dries the rest. True if something was cut. A custom may have its owner believe a
    /// torn row instead.
    ///
    /// # Errors
    /// [`Distrust`], with the place and the rule.
    pub fn open(&mut self, custom: &dyn Custom) -> Result<bool, Box<Distrust>> {
        if let (Some(Damage::Torn(_)), Some(last)) = (self.damage, self.rows.last_mut())
            && let Some(torn) = custom.find_torn(last)
        {
            *last = torn;
            self.damage = None;
        }
        let damaged = self.damage.is_some();
        if damaged {
            let bytes = self.bytes();
            match read_through(self.name, Arc::new(self.path()), &self.founding, &bytes[..]) {
                Ok((opened, _)) => self.truncate(opened.rows.len().saturating_sub(1)),
                Err(error) => {
                    self.spoilt = Some(bytes);
                    return Err(error.into());
                }
            }
            self.damage = None;
        }
        self.dry = self.rows.len();
        Ok(damaged)
    }

    fn truncate(&mut self, rows: usize) {
        self.rows.truncate(rows);
        self.strokes.retain(|stroke| stroke.first < rows);
        self.dry = self.dry.min(rows);
    }

    /// Where the ledger would stand in a chamber.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        format!("ledgers/{}.csv", self.name).into()
    }

    /// The bytes of the file.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        if let Some(spoilt) = &self.spoilt {
            return spoilt.clone();
        }
        let (mut text, ends) = self.written();
        let row = |i: usize| (ends[i], ends[i + 1]);
        let within = |(begin, end): (usize, usize), part: u64| {
            begin + 1 + (end - begin - 2) * part as usize / 1000
        };
        match self.damage {
            Some(Damage::Torn(part)) => text.truncate(within(row(self.rows.len() - 1), part)),
            Some(Damage::Hole(at, part)) => {
                let (begin, end) = row(at);
                text[within((begin, end), part)..end].fill(0);
            }
            Some(Damage::RolledBack(at, part)) => {
                let (begin, end) = row(at);
                text[within((begin, end), part)..end - 1].fill(0);
            }
            None => {}
        }
        text
    }

    /// The bytes as they were written, and where each row after decree 0 begins and ends.
    fn written(&self) -> (Vec<u8>, Vec<usize>) {
        // A founding decree as long as that is refused before a simulation begins.
        let mut text = new_ledger(&self.founding, dated(Minutes::ZERO)).unwrap_or_default();
        let (mut pen, mut ends) = (LedgerPen::default(), vec![text.len()]);
        for (i, stroke) in self.strokes.iter().enumerate() {
            let end = self.strokes.get(i + 1).map_or(self.rows.len(), |next| next.first);
            for row in &self.rows[stroke.first..end] {
                let (dry, offset) = (ends[stroke.dry] as u64, text.len() as u64);
                let rows = std::slice::from_ref(row);
                // A pen that writes into memory does not fail.
                let _ = pen.write(rows, dated(stroke.at), dry, offset, &mut text);
                ends.push(text.len());
            }
        }
        (text, ends)
    }

    /// The rows as a reader of the file would find them, decree 0 first.
    pub fn read(&self) -> impl Iterator<Item = LedgerRow> + '_ {
        let file = Arc::new(self.path());
        let decree = self.founding.decree().ok();
        let founded = decree
            .map(|decree| Entry::Outcome { number: Founding::NUMBER, decree, ballot: None })
            .map(|entry| (entry, Minutes::ZERO));
        let inked = self.strokes.iter().enumerate().flat_map(|(i, stroke)| {
            let end = self.strokes.get(i + 1).map_or(self.rows.len(), |next| next.first);
            self.rows[stroke.first..end].iter().map(|row| (row.clone(), stroke.at))
        });
        founded.into_iter().chain(inked).zip(2..).map(move |((entry, at), line)| LedgerRow {
            place: Place { file: Arc::clone(&file), line, column: 1 },
            entry,
            at: Some(dated(at)),
            dry: None,
            seal: Seal::Sound,
        })
    }
}

/// How a power failure takes what is not dry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Loss {
    /// Whole rows from the end.
    Rows,
    /// The end, within a row.
    Piece,
    /// A block in the middle, which reads as NUL bytes.
    Hole,
}

pub(super) fn usize_below(chance: &mut Chance, bound: usize) -> usize {
    chance.below(bound as u64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::creeds::Usual;
    use crate::words::BallotNumber;

    fn rows(from: u64, until: u64) -> Vec<Entry> {
        let owner = Name::new("Oki").unwrap();
        (from..until)
            .map(|round| Entry::NextBal { ballot: BallotNumber { round, owner } })
            .collect()
    }

    /// Four dry rows in two strokes, and four that are not dry.
    fn half_dry() -> Storage {
        let founding = Arc::new("Gray Lynch Oki".parse().unwrap());
        let mut storage = Storage::founded(Name::new("Oki").unwrap(), founding);
        for (from, until) in [(1, 3), (3, 5)] {
            storage.write(Minutes::whole(from), &rows(from, until));
            storage.sync();
        }
        storage.write(Minutes::whole(5), &rows(5, 9));
        storage
    }

    fn inked(storage: &Storage) -> Vec<Entry> {
        storage.read().skip(1).map(|row| row.entry).collect()
    }

    #[test]
    fn the_bytes_say_what_the_rows_say() {
        let storage = half_dry();
        let bytes = storage.bytes();
        let founding = &storage.founding;
        let (opened, length) =
            read_through(storage.name, Arc::new(storage.path()), founding, &bytes[..]).unwrap();
        assert_eq!(opened.rows[1..], *storage.rows());
        assert_eq!((opened.cut, opened.by_hand, length), (None, vec![], bytes.len() as u64));
    }

    #[test]
    fn a_power_failure_takes_rows_from_the_end_and_never_a_dry_one() {
        for loss in [Loss::Rows, Loss::Piece, Loss::Hole] {
            for seed in 0..200 {
                let mut storage = half_dry();
                let before = inked(&storage);
                storage.lose_power(loss, &mut Chance::new(seed, 0));
                storage.open(&Usual).unwrap_or_else(|error| panic!("{loss:?} {seed}: {error}"));
                let after = inked(&storage);
                assert!((4..8).contains(&after.len()), "{loss:?} {seed}: {}", after.len());
                assert_eq!(after, before[..after.len()]);
                assert_eq!(storage.dry(), after.len());
            }
        }
    }

    #[test]
    fn what_is_written_after_a_cut_is_sealed_at_its_place() {
        let mut storage = half_dry();
        storage.lose_power(Loss::Piece, &mut Chance::new(1, 0));
        storage.open(&Usual).unwrap();
        storage.write(Minutes::whole(9), &rows(9, 11));
        storage.sync();
        let bytes = storage.bytes();
        let read =
            read_through(storage.name, Arc::new(storage.path()), &storage.founding, &bytes[..]);
        assert_eq!(read.unwrap().0.rows[1..], *storage.rows());
    }

    #[test]
    fn a_dry_block_that_is_what_it_once_was_is_refused() {
        for seed in 0..200 {
            let mut storage = half_dry();
            assert!(storage.roll_back(&mut Chance::new(seed, 0)));
            let error = storage.open(&Usual).unwrap_err();
            assert!(matches!(*error, Distrust::Row(_)), "{seed}: {error}");
        }
    }
}
