//! Tells whether a line of a ledger is a row, the remains of a crash, or damage. Priests and the
//! auditor both use it.
//!
//! A crash leaves two things at the end of a ledger, after all bytes known to be dry: bytes without
//! a line end, and runs of NUL in place of bytes that never reached the disk. The bytes after a run
//! of NUL belong to the same failure. Nothing else is ever cut. A sound row that only lost its line
//! end is kept.
//!
//! A crash only stops a pen or leaves bytes out. So these four cases look like a crash and are not:
//! - A NUL in a whole row whose seal fits once that one byte is put right, or taken out.
//! - NUL bytes with a whole row behind them whose seal does not fit: they may have been put in.
//! - A last row that has its whole seal, which does not fit, and no line end.
//! - A sound row whose line end became another byte, so that it runs into the next row.

use super::column::Column;
use super::flaw::{BadRow, Flaw};
use super::ledger_row::{LedgerReader, in_hexadecimal};
use super::lines::Line;
use super::record::{LedgerRow, Seal};
use super::table::Fault;

/// The kind of a line of a ledger.
pub(crate) enum Found {
    /// A row; its seal may be broken.
    Row(LedgerRow),
    /// The last row, which is sound and lost its line end.
    Unended {
        /// The row.
        row: LedgerRow,
        /// The byte of the file at which its line end is missing.
        ends: u64,
        /// The NUL bytes there and the bytes after them.
        remains: Option<Box<BadRow>>,
    },
    /// Remains of a crash, if they lie beyond all dry bytes; all that follows belongs to them.
    Remains(Box<BadRow>),
    /// Damage that no crash leaves.
    Damage(Box<BadRow>),
}

/// Facts from later rows about an earlier place at which bytes are missing.
#[derive(Default)]
pub(crate) struct Witness {
    /// The largest `dry` of any sound row: this many bytes were dry once.
    pub dry: u64,
    /// The byte at which the last whole row with a broken seal begins; 0 if there is none.
    altered: u64,
}

impl Witness {
    /// Notes the line that begins at this byte.
    pub fn hear(&mut self, found: &Found, offset: u64) {
        let (Found::Row(row) | Found::Unended { row, .. }) = found else { return };
        if row.seal == Seal::Sound {
            self.dry = self.dry.max(row.dry.unwrap_or(0));
        } else if row.seal.flaw().is_some() {
            self.altered = offset;
        }
    }

    /// The reason why no crash can have left `bad` at the byte `begins`; none if a crash can.
    pub fn against(&self, bad: &BadRow, begins: u64) -> Option<Flaw> {
        match *self {
            Witness { dry, .. } if begins < dry => Some(Flaw::Lost { dry }),
            Witness { altered, .. } if begins < altered => {
                Some(Flaw::Altered(Box::new(bad.flaw.clone())))
            }
            _ => None,
        }
    }
}

/// The number of bytes of a seal.
const SEAL: usize = 8;

impl LedgerReader {
    /// Reads a line after the header and tells what it is.
    pub fn find(&mut self, line: &Line<'_>) -> Found {
        match self.read(line) {
            Ok(row) => Found::Row(row),
            Err(bad) => self.examine(line, bad),
        }
    }

    #[cold]
    fn examine(&mut self, line: &Line<'_>, bad: Box<BadRow>) -> Found {
        let has_nul = line.bytes.contains(&0);
        if let Some((row, length)) = self.sound_beginning(line) {
            return self.without_line_end(line, row, length);
        }
        let damage = |flaw| Fault::of_row(Flaw::Altered(Box::new(flaw)));
        match has_nul {
            true if fits_but_for_a_nul(line) => {
                Found::Damage(damage(Flaw::Control('\0')).at(self.file(), line))
            }
            true => Found::Remains(Fault::of_row(Flaw::Control('\0')).at(self.file(), line)),
            // No row is that long, so this is no row that a pen did not finish.
            false if line.too_long => Found::Damage(damage(Flaw::TooLong).at(self.file(), line)),
            false if !line.torn && bad.flaw.is_of_bytes() => {
                Found::Damage(damage(bad.flaw).at(self.file(), line))
            }
            false if !line.torn => Found::Damage(bad),
            false if self.has_whole_seal(line) => {
                Found::Damage(damage(Flaw::BrokenSeal).at(self.file(), line))
            }
            false => Found::Remains(Fault::of_row(Flaw::Torn).at(self.file(), line)),
        }
    }

    /// Keeps a sound row if only NUL bytes, or one byte in place of its line end, follow it.
    fn without_line_end(&self, line: &Line<'_>, row: LedgerRow, length: usize) -> Found {
        let rest = &line.bytes[length..];
        let ends = line.offset + length as u64;
        let is_last = line.torn && !line.too_long;
        match rest {
            [] | [_] if is_last => Found::Unended { row, ends, remains: None },
            [0, ..] => {
                let remains = Fault::of_row(Flaw::Control('\0')).at(self.file(), line);
                Found::Unended { row, ends, remains: Some(remains) }
            }
            _ => {
                let at = String::from_utf8_lossy(&line.bytes[..length]).chars().count();
                let mut bad = Fault::of_row(Flaw::RunsOn).at(self.file(), line);
                bad.place.column = at as u64 + 1;
                Found::Damage(bad)
            }
        }
    }

    /// The sound row at the beginning of a line, and its number of bytes.
    fn sound_beginning(&mut self, line: &Line<'_>) -> Option<(LedgerRow, usize)> {
        let mut crc = crc32fast::Hasher::new();
        crc.update(&line.offset.to_le_bytes());
        let mut hashed = 0;
        for comma in memchr::memchr_iter(b',', line.bytes) {
            crc.update(&line.bytes[hashed..=comma]);
            hashed = comma + 1;
            let seal = line.bytes.get(hashed..hashed + SEAL)?;
            if in_hexadecimal(crc.clone().finalize()) == seal {
                let length = hashed + SEAL;
                let bytes = &line.bytes[..length];
                let whole = Line { bytes, too_long: false, torn: false, ..*line };
                let row = self.read(&whole).ok().filter(|row| row.seal == Seal::Sound)?;
                return Some((row, length));
            }
        }
        None
    }

    /// Whether the row ends with a whole seal. A pen that wrote the seal wrote a fitting one.
    fn has_whole_seal(&mut self, line: &Line<'_>) -> bool {
        let whole = Line { torn: false, ..*line };
        let fields = self.table().fields(&whole);
        fields.is_ok_and(|it| it.is_last(Column::Seal) && it.text(Column::Seal).len() >= SEAL)
    }
}

/// Whether the seal of a whole row fits after its NUL is changed by one bit, or after a run of NUL
/// is taken out.
fn fits_but_for_a_nul(line: &Line<'_>) -> bool {
    let Some(at) = memchr::memchr(0, line.bytes) else { return false };
    let run = line.bytes[at..].iter().take_while(|&&byte| byte == 0).count();
    let fits = |put: &[u8]| {
        let row = [&line.bytes[..at], put, &line.bytes[at + run..]].concat();
        let (text, written) = row.split_at(row.len().saturating_sub(SEAL));
        !text.is_empty() && in_hexadecimal(super::ledger_row::seal(line.offset, text)) == written
    };
    let flipped = (0..8).map(|bit| [1u8 << bit]);
    !line.torn && !line.too_long && (fits(&[]) || run == 1 && flipped.into_iter().any(|b| fits(&b)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::ledger_row::{LEDGER_HEADER, seal};

    /// Reads `bytes` as the last line of a ledger with these columns.
    fn found(header: &str, bytes: &[u8], too_long: bool) -> Found {
        let mut reader = LedgerReader::new(std::sync::Arc::new("ledgers/Gray.csv".into()));
        let line =
            |number, offset, bytes| Line { offset, number, bytes, too_long: false, torn: false };
        reader.read_header(&line(1, 0, header.as_bytes())).unwrap();
        let offset = header.len() as u64 + 1;
        reader.find(&Line { too_long, torn: true, ..line(2, offset, bytes) })
    }

    #[test]
    fn a_sound_row_at_the_start_of_a_too_long_line_is_not_the_last() {
        let mut row = b"nextBal,,9.Oki,,,,2026-03-01T08:00:00.000000Z,0,".to_vec();
        let sealed = in_hexadecimal(seal(LEDGER_HEADER.len() as u64 + 1, &row));
        row.extend(sealed);
        assert!(matches!(found(LEDGER_HEADER, &row, false), Found::Unended { remains: None, .. }));
        let Found::Damage(bad) = found(LEDGER_HEADER, &row, true) else { panic!("it was kept") };
        assert!(matches!(bad.flaw, Flaw::RunsOn), "{bad}");
    }

    #[test]
    fn a_torn_row_has_its_whole_seal_only_where_it_ends_there() {
        let header = format!("{LEDGER_HEADER},remark");
        let row = b"nextBal,,9.Oki,,,,2026-03-01T08:00:00.000000Z,0,00000000";
        assert!(matches!(found(&header, row, false), Found::Damage(_)));
        assert!(matches!(found(&header, &row[..row.len() - 1], false), Found::Remains(_)));
        let remark = [&row[..], b",he said"].concat();
        assert!(matches!(found(&header, &remark, false), Found::Remains(_)));
    }
}
