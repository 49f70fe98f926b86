//! The words of a script, each at its line and column, and the errors that name them.

use std::fmt;

/// The longest script, in bytes.
pub const LONGEST_SCRIPT: usize = 1 << 20;
/// The most commands of a script.
pub const MOST_COMMANDS: usize = 2000;

/// Why a script does not play on, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ScriptError {
    /// The line, from 1.
    pub line: usize,
    /// The column, in characters, from 1.
    pub column: usize,
    /// The fault, the rule, and the repair.
    pub what: String,
}

impl fmt::Display for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ScriptError { line, column, what } = self;
        write!(f, "line {line}, column {column}: {what}")
    }
}

impl std::error::Error for ScriptError {}

/// A place in a script: line and column, from 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column, in characters.
    pub column: usize,
}

impl Place {
    /// An error here.
    pub(crate) fn says(self, what: impl Into<String>) -> ScriptError {
        ScriptError { line: self.line, column: self.column, what: what.into() }
    }
}

/// Whether a command is written in words or in its short form.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Form {
    Long,
    Short,
}

/// One word.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    pub(crate) text: String,
    pub(crate) place: Place,
}

/// The words of one command, read one after another.
pub(crate) struct Words {
    words: Vec<Word>,
    next: usize,
    pub(crate) form: Form,
    /// Where the command begins.
    pub(crate) start: Place,
    end: Place,
}

/// A text of a script as an error shows it.
pub(crate) fn shown(text: &str) -> String {
    const MOST: usize = 40;
    let mut chars = text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c });
    let start: String = chars.by_ref().take(MOST).collect();
    if chars.next().is_some() { format!("`{start}…`") } else { format!("`{start}`") }
}

impl Words {
    /// The words of a command in words: separated by spaces, or in quotation marks.
    pub(crate) fn long(line: &str, start: Place) -> Result<Words, ScriptError> {
        let mut words = Vec::new();
        let at = |column| Place { line: start.line, column };
        let mut chars = (start.column..).zip(line.chars()).peekable();
        while let Some(&(column, c)) = chars.peek() {
            if c.is_whitespace() {
                chars.next();
                continue;
            }
            let (mut text, mut quoted) = (String::new(), None);
            while let Some(&(here, c)) = chars.peek() {
                if c.is_whitespace() && quoted.is_none() {
                    break;
                }
                chars.next();
                match c {
                    '"' => quoted = if quoted.is_some() { None } else { Some(here) },
                    '\\' if quoted.is_some() => text.extend(chars.next().map(|(_, c)| c)),
                    c => text.push(c),
                }
            }
            if let Some(opened) = quoted {
                return Err(
                    at(opened).says("this quotation mark is never closed; write another `\"`")
                );
            }
            words.push(Word { text, place: at(column) });
        }
        let end = at(start.column + line.chars().count());
        Ok(Words { words, next: 0, form: Form::Long, start, end })
    }

    /// The words of a command in its short form: separated by full stops.
    pub(crate) fn short(text: &str, start: Place) -> Words {
        let (mut words, mut column) = (Vec::new(), start.column);
        for part in text.split('.') {
            let place = Place { line: start.line, column };
            words.push(Word { text: decoded(part), place });
            column += part.chars().count() + 1;
        }
        let end = Place { line: start.line, column: column - 1 };
        Words { words, next: 0, form: Form::Short, start, end }
    }

    /// Where the next word stands, or would stand.
    pub(crate) fn here(&self) -> Place {
        self.words.get(self.next).map_or(self.end, |word| word.place)
    }

    /// The next word, which stays.
    pub(crate) fn peek(&self) -> Option<&str> {
        self.words.get(self.next).map(|word| word.text.as_str())
    }

    /// The next word.
    pub(crate) fn take(&mut self) -> Option<Word> {
        let word = self.words.get(self.next).cloned();
        self.next += usize::from(word.is_some());
        word
    }

    /// The next word, or an error that says what was expected.
    pub(crate) fn expect(&mut self, what: &str) -> Result<Word, ScriptError> {
        let here = self.here();
        self.take()
            .filter(|word| !word.text.is_empty())
            .ok_or_else(|| here.says(format!("expected {what}, and found the end of the command")))
    }

    /// All that is left, as one text.
    pub(crate) fn rest(&mut self, what: &str) -> Result<Word, ScriptError> {
        let first = self.expect(what)?;
        let mut text = first.text;
        let between = if self.form == Form::Short { '.' } else { ' ' };
        while let Some(word) = self.take() {
            text.push(between);
            text += &word.text;
        }
        if self.form == Form::Short {
            text = text.replace('_', " ");
        }
        Ok(Word { text, place: first.place })
    }

    /// An error if a word is left.
    pub(crate) fn end(&mut self) -> Result<(), ScriptError> {
        match self.take() {
            Some(word) => Err(word.place.says(format!(
                "expected the end of the command, and found {}; take it away",
                shown(&word.text)
            ))),
            None => Ok(()),
        }
    }
}

/// `%CE%B1` read as `α`; what is no such code stays as it is.
fn decoded(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    let digit = |at: usize| bytes.get(at).and_then(|&b| char::from(b).to_digit(16));
    while at < bytes.len() {
        match (bytes[at], digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                at += 3;
            }
            (byte, ..) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

/// The word that was probably meant: at most two letters away.
pub(crate) fn nearest<'a>(word: &str, among: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word: Vec<char> = word.chars().take(41).flat_map(char::to_lowercase).collect();
    let distance = |other: &str| {
        let other: Vec<char> = other.chars().flat_map(char::to_lowercase).collect();
        let mut row: Vec<usize> = (0..=other.len()).collect();
        for (i, a) in word.iter().enumerate() {
            let mut corner = std::mem::replace(&mut row[0], i + 1);
            for (j, b) in other.iter().enumerate() {
                let change = corner + usize::from(a != b);
                corner = row[j + 1];
                row[j + 1] = change.min(row[j].min(row[j + 1]) + 1);
            }
        }
        row[other.len()]
    };
    let near = among.into_iter().map(|other| (distance(other), other));
    near.filter(|&(far, other)| far <= 2 && far < other.chars().count())
        .min_by_key(|&(far, _)| far)
        .map(|(_, other)| other)
}
