//! Splits a line into its fields.
//!
//! The CSV library handles quotes. Most lines have no quotation mark. They are split at their
//! commas without the library, which is several times as fast.

/// The reason why a line could not be split.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Unsplit {
    /// It holds a control character.
    Control,
    /// A quotation mark is opened and not closed.
    OpenQuote,
}

/// Splits lines.
pub(crate) struct Splitter {
    /// The CSV reader, made at the first line with quotation marks. Most tables have none, and
    /// making the reader takes longer than reading a hundred lines.
    csv: Option<csv_core::Reader>,
    /// The fields of a line with quotation marks, joined; `ends` says where each ends.
    text: String,
    ends: Vec<usize>,
    begins: Vec<usize>,
}

/// The fields of one line.
#[derive(Clone, Copy)]
pub(crate) enum Split<'a> {
    /// A line without quotation marks: the line, the index at which each field begins, and that at
    /// which one more would.
    Plain(&'a str, &'a [usize]),
    /// A line with quotation marks: its fields without them, joined, and the index at which each
    /// ends.
    Quoted(&'a str, &'a [usize]),
}

impl<'a> Split<'a> {
    /// The number of fields.
    pub fn len(&self) -> usize {
        match self {
            Split::Plain(_, begins) => begins.len() - 1,
            Split::Quoted(_, ends) => ends.len(),
        }
    }

    /// A field, without its quotation marks.
    #[inline(always)]
    pub fn get(&self, i: usize) -> Option<&'a str> {
        match *self {
            Split::Plain(line, begins) => line.get(*begins.get(i)?..begins.get(i + 1)? - 1),
            Split::Quoted(text, ends) => {
                let begin = i.checked_sub(1).map_or(Some(0), |before| ends.get(before).copied())?;
                text.get(begin..*ends.get(i)?)
            }
        }
    }

    /// All fields, in order.
    pub fn iter(self) -> impl Iterator<Item = &'a str> {
        (0..self.len()).filter_map(move |i| self.get(i))
    }
}

impl Splitter {
    pub fn new() -> Splitter {
        Splitter { csv: None, text: String::new(), ends: Vec::new(), begins: Vec::new() }
    }

    /// Splits a line.
    ///
    /// # Errors
    /// [`Unsplit`], the reason why it cannot be split.
    pub fn split<'a>(&'a mut self, line: &'a str) -> Result<Split<'a>, Unsplit> {
        let (words, rest) = line.as_bytes().as_chunks::<8>();
        let mut last = [b' '; 8];
        last[..rest.len()].copy_from_slice(rest);
        let begins = &mut self.begins;
        begins.clear();
        begins.push(0);
        let (mut quotes, mut controls) = (0, 0);
        let mut look_at = |i: usize, word: &[u8; 8]| {
            let word = u64::from_le_bytes(*word);
            quotes |= holds(b'"', word);
            controls |= holds_control(word);
            let mut commas = where_is(b',', word);
            while commas != 0 {
                begins.push(8 * i + commas.trailing_zeros() as usize / 8 + 1);
                commas &= commas - 1;
            }
        };
        words.iter().enumerate().for_each(|(i, word)| look_at(i, word));
        look_at(words.len(), &last);
        if controls != 0 {
            return Err(Unsplit::Control);
        }
        if quotes != 0 {
            return self.split_quoted(line).ok_or(Unsplit::OpenQuote);
        }
        if !line.is_empty() {
            self.begins.push(line.len() + 1);
        }
        Ok(Split::Plain(line, &self.begins))
    }

    fn split_quoted(&mut self, line: &str) -> Option<Split<'_>> {
        let csv = self.csv.get_or_insert_with(csv_reader);
        let mut text = std::mem::take(&mut self.text).into_bytes();
        // Fields are never longer than with their quotation marks, and the reader needs one more
        // byte.
        text.resize(line.len() + 1, 0);
        self.ends.resize(line.len() + 2, 0);
        let (_, _, written, fields) = csv.read_record(line.as_bytes(), &mut text, &mut self.ends);
        let (read, _, more, last) =
            csv.read_record(b"\n", &mut text[written..], &mut self.ends[fields..]);
        text.truncate(written + more);
        self.ends.truncate(fields + last);
        self.text = String::from_utf8(text).unwrap_or_default();
        if !matches!(read, csv_core::ReadRecordResult::Record) {
            // The reader now waits for a closing quotation mark, so it cannot be used again.
            self.csv = None;
            return None;
        }
        Some(Split::Quoted(&self.text, &self.ends))
    }
}

/// A reader that has read one line. From its first line the library removes a byte order mark, and
/// no row may lose one.
fn csv_reader() -> csv_core::Reader {
    let mut csv = csv_core::Reader::new();
    csv.read_record(b"first\n", &mut [0; 8], &mut [0; 2]);
    csv
}

const ONES: u64 = u64::from_ne_bytes([1; 8]);
const HIGHEST: u64 = ONES << 7;

/// Nonzero if one of the eight bytes of a word equals `byte`.
fn holds(byte: u8, word: u64) -> u64 {
    let differs = word ^ (ONES * u64::from(byte));
    differs.wrapping_sub(ONES) & !differs & HIGHEST
}

/// Nonzero if one of the eight bytes of a word is a control character.
fn holds_control(word: u64) -> u64 {
    word.wrapping_sub(ONES * 0x20) & !word & HIGHEST | holds(0x7f, word)
}

/// A mask with the highest bit of each byte of a word that equals `byte`.
fn where_is(byte: u8, word: u64) -> u64 {
    let differs = word ^ (ONES * u64::from(byte));
    !(((differs & !HIGHEST) + !HIGHEST) | differs) & HIGHEST
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_line_splits_at_its_commas_as_the_csv_reader_splits_it(line in "[a-zé ,]{1,30}") {
            let mut splitter = Splitter::new();
            let plain: Vec<String> = splitter.split(&line).unwrap().iter().map(Into::into).collect();
            let read = splitter.split_quoted(&line).unwrap();
            prop_assert_eq!(plain, read.iter().map(String::from).collect::<Vec<_>>());
        }
    }

    proptest! {
        #[test]
        fn a_control_character_is_seen_wherever_it_stands(line in "[ -~é\u{80}]{0,40}", at in 0..41usize) {
            let mut splitter = Splitter::new();
            let plain = line.replace('"', "'");
            prop_assert!(splitter.split(&plain).is_ok());
            for control in ('\0'..' ').chain(['\x7f']) {
                let mut line = plain.clone();
                let at = (0..=at.min(line.len())).rev().find(|&at| line.is_char_boundary(at));
                line.insert(at.unwrap_or(0), control);
                prop_assert_eq!(splitter.split(&line).err(), Some(Unsplit::Control));
            }
        }
    }

    #[test]
    fn quotes_are_kept_out_of_fields_and_must_be_closed() {
        let mut splitter = Splitter::new();
        let fields = |split: Split<'_>| split.iter().map(String::from).collect::<Vec<_>>();
        assert_eq!(
            splitter.split("a,\"b, \"\"c\"\"\",").map(fields).unwrap(),
            ["a", "b, \"c\"", ""]
        );
        assert_eq!(splitter.split("a,\"b").err(), Some(Unsplit::OpenQuote));
        assert_eq!(splitter.split("a,b").map(fields).unwrap(), ["a", "b"]);
        assert_eq!(splitter.split("").map(fields).unwrap(), [""; 0]);
        assert_eq!(splitter.split("\u{feff}a,\"b\"").map(fields).unwrap(), ["\u{feff}a", "b"]);
    }
}
