//! Rows of a law book, which stands in a ledger for the decrees of many years. `[PTP §3.3.2]`
//!
//! Here they are only words that can be inked and sent. [`crate::law`] says what they mean.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use super::ballot::DecreeNumber;

/// The subject of a row of a law book.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Heading {
    /// Here a law book begins, complete through decree `number`.
    LawBook,
    /// The law on a matter, in the words of a decree; `number` set it.
    Law,
    /// The change of members that decree `number` made. `[PTP §3.3.6]`
    Member,
    /// A term of office, by decree `number`, or its holder, who took it by that decree.
    /// `[PTP §3.3.3, §3.3.4]`
    Office,
    /// The latest time in a decree, and the first decree with that time. `[PTP §3.3.3]`
    Time,
    /// The id of a petition that took effect. If words follow, they are the last of a range of ids
    /// that begins with it.
    PetitionId,
    /// The end of a whole book, with the notes and recent decrees that were copied into it.
    Bound,
}

impl Heading {
    /// Every heading, in the order in which they stand in a book.
    pub const ALL: [Heading; 7] = [
        Heading::LawBook,
        Heading::Law,
        Heading::Member,
        Heading::Office,
        Heading::Time,
        Heading::PetitionId,
        Heading::Bound,
    ];

    /// The heading as the records write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Heading::LawBook => "lawBook",
            Heading::Law => "law",
            Heading::Member => "member",
            Heading::Office => "office",
            Heading::Time => "time",
            Heading::PetitionId => "petitionId",
            Heading::Bound => "bound",
        }
    }

    /// The heading whose text in the records is this.
    #[must_use]
    pub fn of(text: &str) -> Option<Heading> {
        Heading::ALL.into_iter().find(|heading| heading.as_str() == text)
    }

    /// Whether a row of this heading gives a number.
    #[must_use]
    pub const fn has_number(self) -> bool {
        !matches!(self, Heading::PetitionId)
    }

    /// Whether a row of this heading needs words.
    #[must_use]
    pub const fn has_words(self) -> bool {
        matches!(self, Heading::Law | Heading::Member | Heading::Office | Heading::Time)
    }
}

impl fmt::Display for Heading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A row of a law book. `[PTP §3.3.2]`
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
pub struct BookRow {
    /// The heading.
    pub heading: Heading,
    /// The decree it is about; 0 if it is about none.
    pub number: DecreeNumber,
    /// The words; empty if the heading says all.
    pub words: Arc<str>,
    /// The id of a petition; empty in every other row.
    pub petition: Arc<str>,
}

impl BookRow {
    /// A row about a decree.
    #[must_use]
    pub fn of(heading: Heading, number: DecreeNumber, words: &str) -> BookRow {
        BookRow { heading, number, words: words.into(), petition: "".into() }
    }

    /// A row for every id from the first through the last.
    #[must_use]
    pub fn of_petitions(first: &str, last: &str) -> BookRow {
        let words = if first == last { "" } else { last };
        let (words, petition) = (words.into(), first.into());
        BookRow { heading: Heading::PetitionId, number: 0, words, petition }
    }

    /// The row in one line, without its petition: `law 155: The olive tax is 3 drachmas per ton`.
    #[must_use]
    pub fn in_a_line(&self) -> String {
        let BookRow { heading, number, words, .. } = self;
        let about =
            if heading.has_number() { format!("{heading} {number}") } else { heading.to_string() };
        if words.is_empty() { about } else { format!("{about}: {words}") }
    }

    /// Reads a line that [`BookRow::in_a_line`] wrote, and the id beside it.
    #[must_use]
    pub fn read(line: &str, petition: &str) -> Option<BookRow> {
        let (about, words) = line.split_once(": ").unwrap_or((line, ""));
        let (heading, number) = about.split_once(' ').unwrap_or((about, ""));
        let heading = Heading::of(heading)?;
        let digits = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
        if digits != heading.has_number() {
            return None;
        }
        let number = if digits { number.parse().ok()? } else { 0 };
        let row = BookRow { heading, number, words: words.into(), petition: petition.into() };
        row.is_whole().then_some(row)
    }

    /// Whether it has exactly the fields that its heading requires.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        let of_petition = self.heading == Heading::PetitionId;
        of_petition != self.petition.is_empty()
            && (of_petition || self.heading.has_words() != self.words.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_reads_back_from_its_line() {
        for row in [
            BookRow::of(Heading::LawBook, 1000, ""),
            BookRow::of(Heading::Law, 155, "The olive tax is 3: no, 4"),
            BookRow::of(Heading::Member, 0, "Strong is now a legislator"),
            BookRow::of(Heading::Time, 7, "8:30 15 Jan 72"),
            BookRow::of_petitions("Dolf/3", "Dolf/3"),
            BookRow::of_petitions("Dolf/3", "Dolf/9"),
            BookRow::of(Heading::Bound, 1000, ""),
        ] {
            assert_eq!(BookRow::read(&row.in_a_line(), &row.petition), Some(row));
        }
    }

    #[test]
    fn a_line_that_is_not_a_row_is_not_read() {
        for (line, petition) in [
            ("", ""),
            ("law: x", ""),
            ("law 155", ""),
            ("law x: The tax is 3", ""),
            ("lawBook 3: words", ""),
            ("lawBook", ""),
            ("petitionId 3", "Dolf/3"),
            ("petitionId", ""),
            ("law 155: The tax is 3", "Dolf/3"),
            ("outcome 3: x", ""),
        ] {
            assert_eq!(BookRow::read(line, petition), None, "{line:?} passed for a row");
        }
    }
}
