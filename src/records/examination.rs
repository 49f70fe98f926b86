//! Reads a ledger from its first row to its last: its rows, the torn end that a crash left, and
//! alterations.
//!
//! `remains` tells two kinds of damage apart. A torn end that a crash left may be cut off, if it is
//! beyond all bytes known to be dry. Everything else is an alteration: it stops the priest, and
//! nothing is overwritten. A row with a broken seal is always an alteration, because no crash
//! leaves one. If somebody removes a row, the seals of all later rows break.

use std::fmt;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::Arc;

use super::flaw::{BadRow, Flaw};
use super::ledger_row::{LEDGER_HEADER, LedgerReader};
use super::lines::{Line, Lines};
use super::record::{LedgerRow, Place, Seal};
use super::remains::{Found, Witness};
use crate::words::{BallotNumber, DecreeNumber, Entry, Founding, Heading, Name};

/// The torn end that a crash left and that was cut off at opening.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cut {
    /// The first row cut, and why.
    pub row: BadRow,
    /// The number of bytes cut, from that row to the end.
    pub bytes: u64,
}

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place { file, line, .. } = &self.row.place;
        let s = if self.bytes == 1 { "" } else { "s" };
        write!(
            f,
            "{}:{line}: a crash left a torn end, {} byte{s}, cut: {:?}",
            file.display(),
            self.bytes,
            self.row.row.chars().take(SHOWN).collect::<String>()
        )
    }
}

/// The number of characters shown of the bytes that were cut.
const SHOWN: usize = 200;

/// The contents of a ledger, read when it is opened.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Opened {
    /// Its rows, in order.
    pub rows: Vec<Entry>,
    /// The torn end that was cut off; when a ledger is only read, the one that would be.
    pub cut: Option<Cut>,
    /// The last row, if it had lost its line end. Opening the ledger writes the line end again.
    pub mended: Option<Place>,
    /// Rows without a seal, which somebody wrote by hand. They are accepted and reported.
    pub by_hand: Vec<Place>,
    /// The number of bytes known to be dry, as the rows say; at most the length of the ledger.
    pub dry: u64,
    /// Remarks from other records that do not keep the priest out.
    pub said: Vec<String>,
}

/// The reason why a ledger cannot be trusted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Distrust {
    /// The columns are not in the order in which rows are appended.
    #[error(
        "this ledger names other columns, or another order, than `{LEDGER_HEADER}`, in which rows are appended"
    )]
    Columns,
    /// A row breaks a rule, or was altered.
    #[error(transparent)]
    Row(Box<BadRow>),
    /// It lacks decree 0, which every ledger begins with. `[PTP §1.3 note 3]`
    #[error("this ledger lacks decree 0")]
    NoFounding,
    /// It belongs to another chamber.
    #[error("{place}: this ledger is from another chamber, founded as `{theirs}`")]
    Foreign {
        /// The place of its decree 0.
        place: Place,
        /// Its decree 0.
        theirs: String,
    },
    /// It cannot be read to its end.
    #[error(transparent)]
    Disk(#[from] io::Error),
}

/// Reads `name`'s ledger from `source`. Returns its contents and the number of bytes that can be
/// trusted.
///
/// # Errors
/// [`Distrust`], as in a chamber of this founding.
pub fn read_through(
    name: Name,
    file: Arc<PathBuf>,
    founding: &Founding,
    source: impl Read,
) -> Result<(Opened, u64), Distrust> {
    let (opened, length) = Examination::of(name, source, Arc::clone(&file))?.finish();
    let decree = opened.rows.iter().enumerate().find_map(|(i, row)| match row {
        Entry::Outcome { number: Founding::NUMBER, decree, .. } => Some((i, decree)),
        _ => None,
    });
    match decree {
        None => Err(Distrust::NoFounding),
        Some((_, decree)) if founding.is_said_by(decree.text()) => Ok((opened, length)),
        Some((i, decree)) => {
            let place = Place { file, line: i as u64 + 2, column: 1 };
            Err(Distrust::Foreign { place, theirs: decree.text().to_owned() })
        }
    }
}

/// A ledger being read from its first row to its last.
struct Examination {
    name: Name,
    opened: Opened,
    /// Each decree inked: its number, the index of its row in `opened.rows`, its line.
    outcomes: Vec<(DecreeNumber, usize, u64)>,
    /// The last promise, and its line.
    promised: Option<(BallotNumber, u64)>,
    /// The facts from all rows, including those after a hole.
    witness: Witness,
    /// The first torn end that a crash may have left, and the byte at which it begins.
    hole: Option<(BadRow, u64)>,
    /// The row that lost its line end, and the byte at which the line end is missing.
    unended: Option<(Place, u64)>,
    length: u64,
    /// The first row of a law book whose last row has not come yet.
    open_book: Option<BadRow>,
}

impl Examination {
    fn of(name: Name, source: impl Read, file: Arc<PathBuf>) -> Result<Examination, Distrust> {
        let mut examination = Examination {
            name,
            opened: Opened::default(),
            outcomes: Vec::new(),
            promised: None,
            witness: Witness::default(),
            hole: None,
            unended: None,
            length: 0,
            open_book: None,
        };
        let mut reader = LedgerReader::new(file);
        let mut lines = Lines::of(source);
        let mut has_header = false;
        while let Some(line) = lines.next().map_err(Distrust::Disk)? {
            if !std::mem::replace(&mut has_header, true) {
                reader.read_header(&line).map_err(Distrust::Row)?;
                if !reader.table().stands_in_order() {
                    return Err(Distrust::Columns);
                }
                continue;
            }
            if line.is_blank() {
                continue;
            }
            let found = reader.find(&line);
            let flaw = match &found {
                Found::Row(row) if examination.hole.is_none() => row.seal.flaw(),
                _ => None,
            };
            let found = match flaw {
                Some(flaw) => Found::Damage(reader.bad_seal(&line, flaw)),
                None => found,
            };
            examination.take(found, &line)?;
        }
        if let Some(line) = lines.tail() {
            examination.take(reader.find(&line), &line)?;
        }
        examination.length = lines.position();
        examination.conclude()
    }

    /// Refuses a torn end that lies within the dry bytes, and a law book without its last row.
    fn conclude(mut self) -> Result<Examination, Distrust> {
        if let Some((bad, begins)) = &self.hole
            && let Some(flaw) = self.witness.against(bad, *begins)
        {
            return Err(Distrust::Row(BadRow { flaw, ..bad.clone() }.into()));
        }
        match self.open_book.take() {
            Some(row) => Err(Distrust::Row(row.into())),
            None => Ok(self),
        }
    }

    /// Follows a law book to its last row. That row was dry before the book was used, so no crash
    /// removes it.
    fn follow_book(&mut self, row: &LedgerRow, line: &Line<'_>) {
        let Entry::Book(book_row) = &row.entry else { return };
        match book_row.heading {
            Heading::LawBook => {
                let text = String::from_utf8_lossy(line.bytes).into_owned();
                let place = row.place.clone();
                self.open_book = Some(BadRow { place, row: text, flaw: Flaw::HalfABook });
            }
            Heading::Bound => self.open_book = None,
            _ => {}
        }
    }

    fn take(&mut self, found: Found, line: &Line<'_>) -> Result<(), Distrust> {
        self.witness.hear(&found, line.offset);
        match found {
            // Rows after a hole are only heard as witnesses.
            _ if self.hole.is_some() => {}
            Found::Row(row) => self.take_row(row, line)?,
            Found::Unended { row, ends, remains } => {
                self.unended = Some((row.place.clone(), ends));
                self.take_row(row, line)?;
                self.hole = remains.map(|bad| (*bad, ends));
            }
            Found::Remains(bad) => self.hole = Some((*bad, line.offset)),
            Found::Damage(bad) => return Err(Distrust::Row(bad)),
        }
        Ok(())
    }

    fn take_row(&mut self, row: LedgerRow, line: &Line<'_>) -> Result<(), Distrust> {
        if row.seal != Seal::Sound {
            self.opened.by_hand.push(row.place.clone());
        }
        if let Err(flaw) = self.agree(&row) {
            let text = String::from_utf8_lossy(line.bytes).into_owned();
            let bad = BadRow { place: row.place, row: text, flaw };
            return Err(Distrust::Row(bad.into()));
        }
        self.follow_book(&row, line);
        self.opened.rows.push(row.entry);
        Ok(())
    }

    /// Checks a row against those before it: every ballot tried is the priest's own, nextBal never
    /// goes back, and no decree number has two decrees.
    fn agree(&mut self, row: &LedgerRow) -> Result<(), Flaw> {
        if let Entry::LastTried { ballot } | Entry::BeginBallot { ballot, .. } = &row.entry
            && ballot.owner != self.name
        {
            return Err(Flaw::NotHis(*ballot));
        }
        if let Entry::NextBal { ballot } = row.entry {
            match self.promised.replace((ballot, row.place.line)) {
                Some((promised, line)) if ballot < promised => {
                    return Err(Flaw::TakenBack { promised, line });
                }
                _ => {}
            }
        }
        let Entry::Outcome { number, decree, .. } = &row.entry else { return Ok(()) };
        // Outcomes are nearly always in order. Then no search is needed.
        let in_order = self.outcomes.last().is_none_or(|last| last.0 < *number);
        let search = || self.outcomes.partition_point(|earlier| earlier.0 < *number);
        let at = if in_order { self.outcomes.len() } else { search() };
        match self.outcomes.get(at) {
            Some(&(earlier, i, line)) if earlier == *number => match &self.opened.rows[i] {
                Entry::Outcome { decree: first, .. } if first != decree => {
                    Err(Flaw::SecondDecree { number: *number, line })
                }
                _ => Ok(()),
            },
            _ => {
                let here = (*number, self.opened.rows.len(), row.place.line);
                self.outcomes.insert(at, here);
                Ok(())
            }
        }
    }

    fn finish(self) -> (Opened, u64) {
        let mut opened = self.opened;
        let (mended, ends) = self.unended.unzip();
        opened.mended = mended;
        let begins = self.hole.as_ref().map(|(_, begins)| *begins);
        let kept = begins.or(ends).unwrap_or(self.length);
        opened.dry = self.witness.dry.min(kept);
        let length = self.length;
        opened.cut = self.hole.map(|(row, begins)| Cut { row, bytes: length - begins });
        (opened, kept)
    }
}
