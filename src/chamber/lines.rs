//! The lines of a file that may still be growing.

use std::fs::Metadata;
use std::io::{self, BufRead, BufReader, Read};

use super::flaw::LONGEST_ROW;

/// A line, without its line end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    /// The byte of the file at which it begins.
    pub offset: u64,
    /// Its number, counted from 1.
    pub number: u64,
    /// Its bytes; the first [`LONGEST_ROW`] of them if it is longer.
    pub bytes: &'a [u8],
    /// Whether there were more.
    pub too_long: bool,
    /// Whether its line end is missing.
    pub torn: bool,
}

/// The character that ends a row which was struck out: CAN, "what stands before me is in error".
pub(super) const STRUCK: u8 = 0x18;

impl Line<'_> {
    /// Whether nothing is written on it, as an editor may leave it, or one who struck out what
    /// another was still writing.
    pub fn is_blank(&self) -> bool {
        matches!(self.bytes, [] | [STRUCK]) && !self.torn
    }

    /// Whether it was torn, and struck out by whoever wrote after it.
    pub fn is_struck(&self) -> bool {
        self.bytes.last() == Some(&STRUCK)
    }
}

/// Reads a file line by line, carries the partial line at its end until the rest is written, and
/// never holds more than one line of bounded length.
#[derive(Debug)]
pub(super) struct Lines<R> {
    source: BufReader<R>,
    /// How much of what `source` holds has been handed out as a line.
    lent: usize,
    /// A line, or the part of it that has been read, which did not stand whole in `source`.
    line: Vec<u8>,
    /// Whether the line has been handed out.
    is_read: bool,
    /// Where the line begins.
    begin: u64,
    /// How much has been read, the line included.
    end: u64,
    number: u64,
}

const BUFFER: usize = 64 * 1024;

impl<R: Read> Lines<R> {
    pub fn of(source: R) -> Lines<R> {
        let source = BufReader::with_capacity(BUFFER, source);
        Lines { source, lent: 0, line: Vec::new(), is_read: true, begin: 0, end: 0, number: 0 }
    }

    /// The next line that has its line end; `None` when there is none yet.
    pub fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        self.source.consume(std::mem::take(&mut self.lent));
        if std::mem::take(&mut self.is_read) {
            self.line.clear();
            self.begin = self.end;
        }
        if self.line.is_empty() {
            // Most lines stand whole in the buffer, and are lent from there.
            let read = self.source.buffer().skip_until(b'\n')?;
            if read > 0 && self.source.buffer()[read - 1] == b'\n' {
                self.lent = read;
                return Ok(Some(self.ended(read)));
            }
        }
        loop {
            let room = (LONGEST_ROW + 2).saturating_sub(self.line.len());
            let (read, ended) = if room > 0 {
                let read =
                    (&mut self.source).take(room as u64).read_until(b'\n', &mut self.line)?;
                (read, self.line.last() == Some(&b'\n'))
            } else {
                self.skip()?
            };
            if ended {
                return Ok(Some(self.ended(read)));
            }
            self.end += read as u64;
            if read == 0 {
                return Ok(None);
            }
        }
    }

    /// The line, so many bytes having been read to its end.
    fn ended(&mut self, read: usize) -> Line<'_> {
        self.end += read as u64;
        self.number += 1;
        self.is_read = true;
        self.line(self.number, false)
    }

    /// What stands after the last line end.
    pub fn tail(&self) -> Option<Line<'_>> {
        let tail = !self.is_read && !self.line.is_empty();
        tail.then(|| self.line(self.number + 1, true))
    }

    /// How many bytes have been read.
    pub fn position(&self) -> u64 {
        self.end
    }

    /// How many lines have been read, those with their line end.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Passes over what does not fit in `line`; yields how much, and whether the line ended.
    fn skip(&mut self) -> io::Result<(usize, bool)> {
        let buffer = self.source.fill_buf()?;
        let end = buffer.iter().position(|&b| b == b'\n');
        let read = end.map_or(buffer.len(), |at| at + 1);
        self.source.consume(read);
        Ok((read, end.is_some()))
    }

    fn line(&self, number: u64, torn: bool) -> Line<'_> {
        let bytes = if self.lent > 0 { &self.source.buffer()[..self.lent] } else { &self.line };
        let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
        let bytes = if torn { bytes } else { bytes.strip_suffix(b"\r").unwrap_or(bytes) };
        let too_long = bytes.len() > LONGEST_ROW;
        let bytes = &bytes[..bytes.len().min(LONGEST_ROW)];
        Line { offset: self.begin, number, bytes, too_long, torn }
    }
}

/// What tells a file from the one that replaced it under the same name.
#[cfg(unix)]
pub(super) type Identity = (u64, u64);

/// What tells a file from the one that replaced it under the same name.
#[cfg(not(unix))]
pub(super) type Identity = Option<std::time::SystemTime>;

/// The identity of the file of which this was said.
#[cfg(unix)]
pub(super) fn identity(metadata: &Metadata) -> Identity {
    use std::os::unix::fs::MetadataExt;
    (metadata.dev(), metadata.ino())
}

/// The identity of the file of which this was said.
#[cfg(not(unix))]
pub(super) fn identity(metadata: &Metadata) -> Identity {
    metadata.created().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &[u8]) -> Vec<(u64, u64, Vec<u8>, bool)> {
        let mut lines = Lines::of(text);
        let mut found = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            found.push((line.offset, line.number, line.bytes.to_vec(), line.too_long));
        }
        found.extend(lines.tail().map(|l| (l.offset, l.number, l.bytes.to_vec(), l.torn)));
        found
    }

    #[test]
    fn lines_know_where_they_begin_and_a_tail_is_torn() {
        let expected = vec![
            (0, 1, b"a".to_vec(), false),
            (2, 2, b"b".to_vec(), false),
            (5, 3, b"".to_vec(), false),
            (6, 4, b"c\r".to_vec(), true),
        ];
        assert_eq!(all(b"a\nb\r\n\nc\r"), expected);
    }

    #[test]
    fn a_line_without_bound_takes_bounded_memory_and_the_next_is_read() {
        let mut text = vec![b'x'; 3 * LONGEST_ROW];
        text.extend(b"\nnext\n");
        let found = all(&text);
        assert_eq!(found.len(), 2);
        assert!(found[0].3 && found[0].2.len() == LONGEST_ROW);
        assert_eq!(found[1], (3 * LONGEST_ROW as u64 + 1, 2, b"next".to_vec(), false));
        let longest = [vec![b'x'; LONGEST_ROW], b"\r\n".to_vec()].concat();
        assert!(!all(&longest)[0].3, "the longest row is not too long");
    }
}
