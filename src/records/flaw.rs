//! The flaws of a row, each with its rule and its repair.

use std::fmt;

use unicode_width::UnicodeWidthChar;

use super::column::Column;
use super::record::{LONGEST_ROW, Place, Seal};
use crate::words::BallotNumber;
use crate::words::ballot::{BallotNumberError, DecreeError, LARGEST_NUMBER};
use crate::words::members::FoundingError;
use crate::words::message::Impostor;
use crate::words::name::NameError;
use crate::words::shown::{is_hidden, written_out};

/// The rule that a row breaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Flaw {
    /// The last row has no line end: its writer was stopped.
    #[error("this row was torn: its line end is missing")]
    Torn,
    /// The row was torn, and the next writer struck it out.
    #[error("this row was torn before its line end, and the next writer struck it out")]
    Struck,
    /// Longer than [`LONGEST_ROW`].
    #[error("a row has at most {LONGEST_ROW} bytes, and this one has more")]
    TooLong,
    /// The bytes are not UTF-8.
    #[error("a row is UTF-8, and this one is not")]
    NotText,
    /// A control character, such as the NUL that a power failure leaves.
    #[error("a row holds no control character, and this one holds {0:?}")]
    Control(char),
    /// Damage that no crash leaves.
    #[error("{0}, and no crash leaves that here")]
    Altered(Box<Flaw>),
    /// Bytes are missing that a sound row says were dry.
    #[error("bytes are missing here, though the first {dry} bytes of this ledger were dry")]
    Lost {
        /// The number of bytes that were dry.
        dry: u64,
    },
    /// The row is sound, but another byte stands in place of its line end.
    #[error("this row is as it was inked, but another byte stands in place of its line end")]
    RunsOn,
    /// A quoted field runs past the end of the line.
    #[error("a quoted field ends on the line it begins on, and this one does not")]
    OpenQuote,
    /// More fields than columns.
    #[error("the header names {columns} columns, and this row has {fields} fields")]
    TooManyFields {
        /// The number of columns in the header.
        columns: usize,
        /// The number of fields in the row.
        fields: usize,
    },
    /// Semicolons between the columns.
    #[error("columns are separated by commas; this file has semicolons, as some spreadsheets save")]
    Semicolons,
    /// The first line is not the header.
    #[error("the first line names the columns, `{0}`, and this one does not")]
    NoHeader(&'static str),
    /// The seal is not the seal of this row at this place.
    #[error("the seal does not fit: this row was changed or moved after it was inked")]
    BrokenSeal,
    /// An editor saved the whole file in another form, so that its rows begin at other bytes.
    #[error("the seal does not fit: this file was saved anew with {}, and its rows moved", form(*.mark, *.ends))]
    Resaved {
        /// Whether it has a byte order mark before its first row.
        mark: bool,
        /// Whether it has other line ends.
        ends: bool,
    },
    /// An entry of an unknown kind.
    #[error("{0:?} is not a kind of entry")]
    UnknownEntry(String),
    /// A message with an unknown name.
    #[error("{0:?} is not the name of a message")]
    UnknownMessage(String),
    /// A code that stands for no message.
    #[error("a code is a number from 1 to 8, and {0:?} is not")]
    UnknownCode(String),
    /// A row with neither the name nor the code of a message.
    #[error("a row has a message's code or its name, and this one has neither")]
    NoMessage,
    /// A row of a law book that cannot be read.
    #[error(
        "a row of a law book is written like `law 155: The olive tax is 3 drachmas per ton`, and {0:?} is not"
    )]
    BookRow(String),
    /// A law book without its last row.
    #[error("a law book begins here, and no row `bound` ends it")]
    HalfABook,
    /// The code and the name of two different messages.
    #[error("code {code} is not the code of {message}")]
    Contradiction {
        /// The code.
        code: u8,
        /// The message's name.
        message: &'static str,
    },
    /// A field that the record needs is empty.
    #[error("{kind} needs `{}`, and here it is empty", column.name())]
    Missing {
        /// The kind of record.
        kind: &'static str,
        /// The empty column.
        column: Column,
    },
    /// A field that the record leaves empty is filled.
    #[error("{kind} leaves `{}` empty, and here it is filled", column.name())]
    Unwanted {
        /// The kind of record.
        kind: &'static str,
        /// The filled column.
        column: Column,
    },
    /// A text where a number must be.
    #[error("`{}` is an integer from 0 to {LARGEST_NUMBER}, and {text:?} is not", column.name())]
    Number {
        /// The column.
        column: Column,
        /// The text that stands there.
        text: String,
    },
    /// A text where a time must be.
    #[error("a time is written like 2026-03-01T08:00:00.000000Z, and {0:?} is not")]
    Time(String),
    /// A text where a ballot number must be.
    #[error(transparent)]
    Ballot(#[from] BallotNumberError),
    /// A text that is not a name.
    #[error(transparent)]
    Name(#[from] NameError),
    /// A text that is not a decree.
    #[error(transparent)]
    Decree(#[from] DecreeError),
    /// A decree 0 that is not a founding decree.
    #[error("decree 0 is the founding decree, but {0}")]
    Founding(#[from] FoundingError),
    /// A message that its sender could not have sent.
    #[error(transparent)]
    Impostor(#[from] Impostor),
    /// A ballot tried or begun that another priest owns.
    #[error("a priest tries ballots of his own, and {0} is not: this ledger is another's")]
    NotHis(BallotNumber),
    /// A promise below an earlier one.
    #[error("nextBal never goes back, and {promised} was promised on line {line}")]
    TakenBack {
        /// The earlier promise.
        promised: BallotNumber,
        /// The line of the earlier promise.
        line: u64,
    },
    /// A second, different decree under one number.
    #[error("decree {number} stands on line {line} already, and is another decree")]
    SecondDecree {
        /// The decree's number.
        number: u64,
        /// The line of the first decree.
        line: u64,
    },
}

/// Names the form in which a file was saved.
const fn form(mark: bool, ends: bool) -> &'static str {
    match (mark, ends) {
        (true, true) => "a byte order mark and CRLF line ends",
        (true, false) => "a byte order mark",
        (false, _) => "CRLF line ends",
    }
}

impl Flaw {
    /// The repair, for a person.
    #[must_use]
    pub fn repair(&self) -> &'static str {
        match self {
            Flaw::Torn => "complete the row and end the line, or remove it",
            Flaw::Struck => "if you wrote it, write it again at the end, with its line end",
            Flaw::TooLong | Flaw::NotText | Flaw::Control(_) => {
                "if you wrote it, write it again at the end, without that"
            }
            Flaw::Altered(_) | Flaw::Lost { .. } => PUT_BACK,
            Flaw::RunsOn => {
                "write a line end, the one byte LF, in place of that byte: then every row keeps its place"
            }
            Flaw::OpenQuote => "close the quote; a quote within a quoted field is written twice",
            Flaw::TooManyFields { .. } => {
                "put a field that holds a comma between double quotes, or remove the extra fields"
            }
            Flaw::Semicolons => "save the file again with commas (CSV, comma separated, UTF-8)",
            Flaw::NoHeader(_) => "write that line at the top of the file",
            Flaw::TakenBack { .. } => "take the row out, or promise a ballot above that one",
            Flaw::NotHis(_) => "give each ledger the name of the priest who wrote it",
            Flaw::Resaved { .. } => {
                "save it as UTF-8 without a byte order mark and with LF line ends: then its rows are back in their places"
            }
            Flaw::BrokenSeal | Flaw::SecondDecree { .. } => PUT_BACK,
            Flaw::UnknownEntry(_) => {
                "write outcome, lastTried, nextBal, prevVote, entered or beginBallot; those of law books are in `parliament help formats`"
            }
            Flaw::UnknownMessage(_) | Flaw::UnknownCode(_) | Flaw::NoMessage => {
                "parliament help formats lists the codes and names"
            }
            Flaw::BookRow(_) => "write it like that, with the id of a petition in its own column",
            Flaw::HalfABook => {
                "bring back the ledger from a copy that holds all his later rows too, or go on without him and seat another in his place. An older copy, and the ledger before it in ledgers/archive, may lack what he promised since, and then two decrees may pass under one number"
            }
            Flaw::Contradiction { .. } => "correct one of the two, or leave one of the two empty",
            Flaw::Missing { .. } => "fill it",
            Flaw::Unwanted { .. } => "empty it; a field that holds a comma stands in double quotes",
            Flaw::Number { .. } | Flaw::Time(_) | Flaw::Ballot(_) => "write it like that",
            Flaw::Name(_) | Flaw::Decree(_) | Flaw::Founding(_) => "write one that keeps the rule",
            Flaw::Impostor(_) => "nothing needs to be done: the row is skipped",
        }
    }

    /// Whether the bytes are damaged, rather than their meaning wrong.
    pub(crate) const fn is_of_bytes(&self) -> bool {
        matches!(self, Flaw::Struck | Flaw::TooLong | Flaw::NotText | Flaw::Control(_))
    }
}

/// The repair of damage, with the risk of each other way.
pub(crate) const PUT_BACK: &str = "\
put back the bytes that stood here, from a copy that holds all his later rows too. Take no row out: \
those below it would move. A cut, or an older copy, may lack what he promised or voted, and then two \
decrees may pass under one number. It is safe to go on without him and seat another in his place. \
A last row that somebody wrote by hand, without a seal, can be corrected in place";

/// A row that breaks a rule. Its display shows the row with a caret under the field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// The place of the field that breaks the rule.
    pub place: Place,
    /// The row, at most its first [`LONGEST_ROW`] bytes; bytes that are not UTF-8 are replaced.
    pub row: String,
    /// The rule that it breaks.
    pub flaw: Flaw,
}

impl std::error::Error for BadRow {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.flaw)
    }
}

/// The number of characters shown on each side of the caret.
const SHOWN: usize = 60;

impl fmt::Display for BadRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let before = usize::try_from(self.place.column).unwrap_or(usize::MAX).saturating_sub(1);
        let first = before.saturating_sub(SHOWN);
        let mut shown = String::from(if first > 0 { "…" } else { "" });
        let mut indent = usize::from(first > 0);
        for (i, c) in self.row.chars().enumerate().skip(first).take(2 * SHOWN) {
            let drawn = if is_hidden(c) { written_out(c) } else { c.into() };
            indent += if i < before {
                drawn.chars().filter_map(UnicodeWidthChar::width).sum()
            } else {
                0
            };
            shown.push_str(&drawn);
        }
        if self.row.chars().count() > first + 2 * SHOWN {
            shown.push('…');
        }
        let line = self.place.line.to_string();
        let gutter = " ".repeat(line.len());
        writeln!(f, "{}: {}", self.place, self.flaw)?;
        writeln!(f, "{gutter} |")?;
        writeln!(f, "{line} | {shown}")?;
        writeln!(f, "{gutter} | {}^", " ".repeat(indent))?;
        write!(f, "{gutter} = {}", self.flaw.repair())
    }
}

impl Seal {
    /// The flaw that this state of a seal is, if it is one.
    #[must_use]
    pub const fn flaw(self) -> Option<Flaw> {
        match self {
            Seal::Sound | Seal::ByHand => None,
            Seal::Moved { mark, ends } => Some(Flaw::Resaved { mark, ends }),
            Seal::Broken => Some(Flaw::BrokenSeal),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn a_bad_row_is_drawn_with_a_caret_under_the_field() {
        let file = Arc::new("ledgers/Γραῐ.csv".into());
        let row = "nextBal,,4Γραῐ,\u{0}".to_owned();
        let flaw = Flaw::from("4Γραῐ".parse::<crate::words::BallotNumber>().unwrap_err());
        let bad = BadRow { place: Place { file, line: 12, column: 10 }, row, flaw };
        let expected = "\
ledgers/Γραῐ.csv:12:10: a ballot number is written `13.Gray`, an integer, a dot and a name, and \"4Γραῐ\" is not
   |
12 | nextBal,,4Γραῐ,\\u0000
   |          ^
   = write it like that";
        assert_eq!(bad.to_string(), expected);
    }

    #[test]
    fn a_long_row_is_shown_around_its_caret() {
        let file = Arc::new("ledgers/Gray.csv".into());
        let row = format!("{}!{}", "a".repeat(500), "b".repeat(500));
        let place = Place { file, line: 1, column: 501 };
        let drawn = BadRow { place, row, flaw: Flaw::OpenQuote }.to_string();
        let lines: Vec<&str> = drawn.lines().collect();
        let caret = lines[3].chars().position(|c| c == '^').unwrap();
        assert_eq!(lines[2].chars().nth(caret), Some('!'), "{drawn}");
        assert!(lines[2].chars().count() < 140);
    }
}
