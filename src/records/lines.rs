//! Reads the lines of a file that may still grow.

use std::io::{self, Read};

use super::record::LONGEST_ROW;

/// A line, without its line end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line<'a> {
    /// The byte of the file at which the line begins.
    pub offset: u64,
    /// The line's number, counted from 1.
    pub number: u64,
    /// The line's bytes, at most the first [`LONGEST_ROW`].
    pub bytes: &'a [u8],
    /// Whether the line has more bytes than these.
    pub too_long: bool,
    /// Whether the line end is missing.
    pub torn: bool,
}

/// The character at the end of a row that was struck out: CAN, "the data before me is in error".
pub(crate) const STRUCK: u8 = 0x18;

impl Line<'_> {
    /// Whether the line is blank, or holds only the mark of a row struck out. An editor may leave
    /// the first; the second comes when one writer struck out a row that another was still writing.
    pub fn is_blank(&self) -> bool {
        matches!(self.bytes, [] | [STRUCK]) && !self.torn
    }

    /// The line as text, with an ellipsis if it is too long; bytes that are not UTF-8 are replaced.
    #[cfg(feature = "files")]
    pub fn in_text(&self) -> String {
        let text = String::from_utf8_lossy(self.bytes);
        if self.too_long { format!("{text}…") } else { text.into_owned() }
    }

    /// Whether the row was torn and the next writer struck it out.
    pub fn is_struck(&self) -> bool {
        self.bytes.last() == Some(&STRUCK)
    }
}

/// Reads a file line by line. It keeps a partial last line until the rest is written. Its buffer
/// has room for the longest row, and does not grow beyond twice that.
#[derive(Debug)]
pub(crate) struct Lines<R> {
    source: R,
    buffer: Vec<u8>,
    /// The index in the buffer at which the next line begins.
    next: usize,
    /// The index up to which the buffer has been searched for that line's end.
    searched: usize,
    /// The index up to which the buffer is filled.
    filled: usize,
    /// The byte of the file at which the next line begins.
    begin: u64,
    /// The number of bytes of the next line that were skipped because no row is that long.
    skipped: u64,
    number: u64,
}

/// The first size of the buffer: room for the few rows that most reads find.
const LEAST_ROOM: usize = 1024;
/// The size beyond which the buffer grows for a long row alone: many readers take little memory.
const ENOUGH_ROOM: usize = 32 * 1024;
/// The largest size of the buffer: twice the longest row.
const MOST_ROOM: usize = 2 * LONGEST_ROW;

impl<R: Read> Lines<R> {
    pub fn of(source: R) -> Lines<R> {
        Lines::beginning_at(0, source)
    }

    /// Reads the lines of a file from byte `begin`, at which `source` starts. Line numbers count
    /// from there.
    pub fn beginning_at(begin: u64, source: R) -> Lines<R> {
        let buffer = vec![0; LEAST_ROOM];
        let (next, searched, filled) = (0, 0, 0);
        Lines { source, buffer, next, searched, filled, begin, skipped: 0, number: 0 }
    }

    /// Reads the next line that has its line end; `None` if there is none yet.
    pub fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        loop {
            if let Some(end) = memchr::memchr(b'\n', &self.buffer[self.searched..self.filled]) {
                self.searched += end + 1;
                return Ok(Some(self.take()));
            }
            self.searched = self.filled;
            if !self.fill()? {
                return Ok(None);
            }
        }
    }

    /// The partial line after the last line end, if there is one.
    pub fn tail(&self) -> Option<Line<'_>> {
        let bytes = &self.buffer[self.next..self.searched];
        (!bytes.is_empty()).then(|| self.line(self.begin, self.skipped, bytes, true))
    }

    /// The number of bytes read.
    pub fn position(&self) -> u64 {
        self.begin + self.skipped + (self.searched - self.next) as u64
    }

    /// The number of lines read that have their line end.
    #[cfg(feature = "files")]
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Returns the line that was found and moves on to the next.
    fn take(&mut self) -> Line<'_> {
        let (begin, skipped, first) = (self.begin, self.skipped, self.next);
        self.begin = self.position();
        (self.next, self.skipped) = (self.searched, 0);
        let line = self.line(begin, skipped, &self.buffer[first..self.searched - 1], false);
        self.number += 1;
        line
    }

    /// Reads more bytes into the buffer; false if there are none yet.
    fn fill(&mut self) -> io::Result<bool> {
        let was_full = self.filled == self.buffer.len();
        self.buffer.copy_within(self.next..self.filled, 0);
        (self.filled, self.next) = (self.filled - self.next, 0);
        let too_much = self.filled.saturating_sub(LONGEST_ROW + 2);
        self.skipped += too_much as u64;
        self.filled -= too_much;
        self.searched = self.filled;
        let room = self.buffer.len();
        // Room is left for the next read, however long the row is.
        let is_long = self.filled > room / 2;
        if was_full && room < ENOUGH_ROOM || is_long && room < MOST_ROOM {
            self.buffer.resize(2 * room, 0);
        }
        let read = loop {
            match self.source.read(&mut self.buffer[self.filled..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read?,
            }
        };
        self.filled += read;
        Ok(read > 0)
    }

    fn line<'a>(&self, offset: u64, skipped: u64, bytes: &'a [u8], torn: bool) -> Line<'a> {
        let bytes = if torn { bytes } else { bytes.strip_suffix(b"\r").unwrap_or(bytes) };
        let too_long = skipped > 0 || bytes.len() > LONGEST_ROW;
        let bytes = &bytes[..bytes.len().min(LONGEST_ROW)];
        Line { offset, number: self.number + 1, bytes, too_long, torn }
    }
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
    fn lines_of_every_length_are_read_whole() {
        let around = |room: usize| (room - 3..room + 3).chain([room / 3]);
        let lengths = [10, LEAST_ROOM, 2 * LEAST_ROOM, ENOUGH_ROOM, LONGEST_ROW - 3]
            .into_iter()
            .flat_map(around);
        let lines: Vec<Vec<u8>> = lengths.map(|length| vec![b'x'; length]).collect();
        let (mut text, mut expected) = (Vec::new(), Vec::new());
        for (i, line) in lines.into_iter().enumerate() {
            expected.push((text.len() as u64, i as u64 + 1, line.clone(), false));
            text.extend([line, b"\n".to_vec()].concat());
        }
        assert_eq!(all(&text), expected);
    }

    #[test]
    fn a_very_long_line_takes_bounded_memory_and_the_next_is_read() {
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
