//! What is wrong with a row, drawn so that a person can put it right.

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
    /// The last row has no line end: somebody was stopped while writing it.
    #[error("this row was torn: its line end is missing")]
    Torn,
    /// The row was torn, and the next writer struck it out.
    #[error("this row was torn before its line end, and struck out by whoever wrote after it")]
    Struck,
    /// Longer than [`LONGEST_ROW`].
    #[error("a row has at most {LONGEST_ROW} bytes, and this one has more")]
    TooLong,
    /// Bytes that are no text.
    #[error("a row is UTF-8, and this one is not")]
    NotText,
    /// A NUL byte, as a power failure leaves, or another control character.
    #[error("a row holds no control character, and this one holds {0:?}")]
    Control(char),
    /// The bytes of a row were damaged, in a way that no crash damages them.
    #[error("{0}, and no crash leaves that here")]
    Altered(Box<Flaw>),
    /// Bytes are lost of which a sound row says that they were dry.
    #[error("bytes were lost here, and the first {dry} bytes of this ledger were dry")]
    Lost {
        /// How many bytes were dry.
        dry: u64,
    },
    /// The row is sound, and another byte stands in place of its line end.
    #[error("this row is as it was inked, and another byte stands in place of its line end")]
    RunsOn,
    /// A quoted field runs past the end of the line.
    #[error("a quoted field ends on the line it begins on, and this one does not")]
    OpenQuote,
    /// More fields than columns.
    #[error("the header names {columns} columns, and this row has {fields} fields")]
    TooManyFields {
        /// How many the header names.
        columns: usize,
        /// How many the row has.
        fields: usize,
    },
    /// Columns are separated by semicolons.
    #[error("columns are separated by commas, and here by semicolons, as some spreadsheets save")]
    Semicolons,
    /// The first line is no header.
    #[error("the first line names the columns, `{0}`, and this one does not")]
    NoHeader(&'static str),
    /// The seal is not the seal of this row at this place.
    #[error("the seal does not fit: this row was changed or moved after it was inked")]
    BrokenSeal,
    /// An editor saved the whole file in another form, in which its rows stand elsewhere.
    #[error("the seal does not fit: this file was saved anew with {}, and its rows moved", form(*.mark, *.ends))]
    Resaved {
        /// With a byte order mark before its first row.
        mark: bool,
        /// With other line ends.
        ends: bool,
    },
    /// An entry of an unknown kind.
    #[error("{0:?} is no kind of entry")]
    UnknownEntry(String),
    /// A message with an unknown name.
    #[error("{0:?} is the name of no message")]
    UnknownMessage(String),
    /// A code that stands for no message.
    #[error("a code is a number from 1 to 8, and {0:?} is not")]
    UnknownCode(String),
    /// A row with neither name nor code of a message.
    #[error("a row gives a message's code or its name, and this one gives neither")]
    NoMessage,
    /// A row of a law book that says nothing.
    #[error(
        "a row of a law book is written like `law 155: The olive tax is 3 drachmas per ton`, and {0:?} is not"
    )]
    BookRow(String),
    /// A law book that does not end.
    #[error("a law book begins here, and no row `bound` ends it")]
    HalfABook,
    /// Code and name speak of two messages.
    #[error("code {code} is not the code of {message}")]
    Contradiction {
        /// The code.
        code: u8,
        /// The message's name.
        message: &'static str,
    },
    /// A field that the record needs is empty.
    #[error("{kind} fills `{}`, and here it is empty", column.name())]
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
    /// A number that is none.
    #[error("`{}` is an integer from 0 to {LARGEST_NUMBER}, and {text:?} is not", column.name())]
    Number {
        /// The column.
        column: Column,
        /// The text that stands there.
        text: String,
    },
    /// A time that is none.
    #[error("a time is written like 2026-03-01T08:00:00.000000Z, and {0:?} is not")]
    Time(String),
    /// A ballot number that is none.
    #[error(transparent)]
    Ballot(#[from] BallotNumberError),
    /// A name that is none.
    #[error(transparent)]
    Name(#[from] NameError),
    /// A decree that is none.
    #[error(transparent)]
    Decree(#[from] DecreeError),
    /// Decree 0 founds no Parliament.
    #[error("decree 0 is the founding decree, but {0}")]
    Founding(#[from] FoundingError),
    /// The sender could not have sent it.
    #[error(transparent)]
    Impostor(#[from] Impostor),
    /// He cannot have tried or begun a ballot of another's.
    #[error("a priest tries ballots of his own, and {0} is not: this ledger is another's")]
    NotHis(BallotNumber),
    /// A promise is never taken back.
    #[error("nextBal never goes back, and {promised} was promised on line {line}")]
    TakenBack {
        /// The earlier promise.
        promised: BallotNumber,
        /// Where.
        line: u64,
    },
    /// Decree `number` stands in the ledger already, and is another.
    #[error("decree {number} stands on line {line} already, and is another decree")]
    SecondDecree {
        /// The decree's number.
        number: u64,
        /// Where the first stands.
        line: u64,
    },
}

/// In which form a file was saved anew.
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
                "write a line end there, the one byte LF, in place of that byte: every row keeps its place"
            }
            Flaw::OpenQuote => "close the quote; a quote within a quoted field is written twice",
            Flaw::TooManyFields { .. } => {
                "put a field that holds a comma between double quotes, or remove what is too much"
            }
            Flaw::Semicolons => "save the file again with commas (CSV, comma separated, UTF-8)",
            Flaw::NoHeader(_) => "write that line at the top of the file",
            Flaw::TakenBack { .. } => "take the row out, or promise a ballot above that one",
            Flaw::NotHis(_) => "put each ledger back under the name of whoever wrote it",
            Flaw::Resaved { .. } => {
                "save it as UTF-8 without a byte order mark and with LF line ends: then its rows stand where they were inked"
            }
            Flaw::BrokenSeal | Flaw::SecondDecree { .. } => PUT_BACK,
            Flaw::UnknownEntry(_) => {
                "write outcome, lastTried, nextBal, prevVote, entered or beginBallot; ledgers/README.md tells of law books"
            }
            Flaw::UnknownMessage(_) | Flaw::UnknownCode(_) | Flaw::NoMessage => {
                "messagebooks/README.md lists the codes and names"
            }
            Flaw::BookRow(_) => "write it so, the id of a petition in its own column",
            Flaw::HalfABook => {
                "bring back the ledger from a copy that holds all his later rows too, or go on without him and seat another in his place: an older copy, and the ledger before it in ledgers/archive, may forget what he promised since, and then two decrees may pass under one number"
            }
            Flaw::Contradiction { .. } => "correct one of the two, or leave one of the two empty",
            Flaw::Missing { .. } => "fill it",
            Flaw::Unwanted { .. } => "empty it; a field that holds a comma stands in double quotes",
            Flaw::Number { .. } | Flaw::Time(_) | Flaw::Ballot(_) => "write it so",
            Flaw::Name(_) | Flaw::Decree(_) | Flaw::Founding(_) => "write one that keeps the rule",
            Flaw::Impostor(_) => "nobody need do anything: the row is passed over",
        }
    }

    /// Whether the bytes are at fault, and not what they say.
    pub(crate) const fn is_of_bytes(&self) -> bool {
        matches!(self, Flaw::Struck | Flaw::TooLong | Flaw::NotText | Flaw::Control(_))
    }
}

/// How damage is mended, and what each other way would risk.
const PUT_BACK: &str = "\
put back the bytes that stood here, from a copy that holds all his later rows too. Take no row out: \
those below it would move. A cut, or an older copy, may forget what he promised or voted, and then two \
decrees may pass under one number. Going on without him, and seating another in his place, risks neither. \
A last row that somebody wrote by hand, without a seal, is corrected where it stands";

/// A row that breaks a rule. It displays itself with a caret under the field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// Where the field stands that breaks the rule.
    pub place: Place,
    /// The row, at most its first [`LONGEST_ROW`] bytes; what is no text is replaced.
    pub row: String,
    /// The rule.
    pub flaw: Flaw,
}

impl std::error::Error for BadRow {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.flaw)
    }
}

/// How many characters of a row are shown on either side of the caret.
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
    /// The fault, if there is one.
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
   = write it so";
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
