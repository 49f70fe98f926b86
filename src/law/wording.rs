//! Writes a meaning as a text that reads back as that meaning.
//!
//! A phrase is written without quotes if the reader of its place, given the phrase and the mark
//! after it, finds exactly that phrase and that mark. Otherwise it is written in quotes; a mark
//! within quotes does not end a phrase. No reader looks beyond the mark that ends a phrase. So if
//! each phrase reads back, the whole text does.

use std::fmt;

use super::grammar::{IS, LAW_ON, Meaning, NEXT_CLAUSE, OLIVE_DAY, ON, PROVIDED, VALUE_ENDS};
use super::grammar::{length, phrase_before};
use super::phrase::Phrase;
use crate::words::shown::{first_hidden, shown};

impl fmt::Display for Meaning {
    /// Writes the text of this meaning, with no more quotes than the grammar needs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&Pen { in_sight: false }.words(self))
    }
}

impl Meaning {
    /// The text of this meaning, for a person who types it again. A phrase with invisible
    /// characters is in quotes, with these characters written out.
    #[must_use]
    pub fn in_sight(&self) -> String {
        Pen { in_sight: true }.words(self)
    }
}

/// Writes phrases.
struct Pen {
    /// Whether invisible characters are written out.
    in_sight: bool,
}

impl Pen {
    fn words(&self, meaning: &Meaning) -> String {
        match meaning {
            Meaning::Declares { matter, value, provided: None } => self.declared(matter, value),
            Meaning::Declares { matter, value, provided: Some(provided) } => {
                let clause = self.clause(matter, value, PROVIDED);
                format!("The {clause}{}", self.ended_by("", &[NEXT_CLAUSE], provided))
            }
            Meaning::Sweeps { clauses } => self.sweeping(clauses),
            Meaning::Repeals { matter } => {
                format!("The {LAW_ON}{}repealed", self.ended_by(IS, &[IS], matter))
            }
            Meaning::Seats { name, weight, machine } => {
                let weight =
                    if *weight == 1 { String::new() } else { format!(" with weight {weight}") };
                let machine = machine.map_or_else(String::new, |machine| format!("{ON}{machine}"));
                format!("{name} is now a legislator{weight}{machine}")
            }
            Meaning::Unseats { name } => format!("{name} is no longer a legislator"),
            Meaning::Appoints { proposed, name, office, months } => {
                format!("{proposed}: {name} is {} for {}", self.in_full(office), length(*months))
            }
            Meaning::Resigns { proposed, name, office } => {
                format!("{proposed}: {name} resigns as {}", self.in_full(office))
            }
            Meaning::TakesOffice { proposed, name, office } => {
                format!("{proposed}: {name} takes office as {}", self.in_full(office))
            }
            Meaning::Reads { citizen } => format!("Citizen {citizen} is reading the law"),
            Meaning::OliveDay => OLIVE_DAY.into(),
            Meaning::Words(words) => words.clone(),
        }
    }

    /// A statute of one clause. If its text would be that of the olive day, the matter is in
    /// quotes.
    fn declared(&self, matter: &Phrase, value: &Phrase) -> String {
        let declared = format!("The {}", self.clause(matter, value, ""));
        if declared == OLIVE_DAY {
            return format!("The {}{IS}{value}", self.quoted(matter));
        }
        declared
    }

    fn sweeping(&self, clauses: &[(Phrase, Phrase)]) -> String {
        let last = clauses.len().saturating_sub(1);
        let mark = |at: usize| if at < last { NEXT_CLAUSE } else { "" };
        let clauses = clauses.iter().enumerate();
        let words = clauses.map(|(at, (matter, value))| self.clause(matter, value, mark(at)));
        format!("The {}", words.collect::<String>())
    }

    /// `M is V` after the article, with the mark after it.
    fn clause(&self, matter: &Phrase, value: &Phrase, mark: &str) -> String {
        let mut words = self.ended_by(IS, &[IS], matter);
        if words.starts_with(LAW_ON) {
            words = format!("{}{IS}", self.quoted(matter));
        }
        words + &self.ended_by(mark, &VALUE_ENDS, value)
    }

    /// A phrase at the end of the text, or before an ending that the reader removes first.
    fn in_full(&self, phrase: &Phrase) -> String {
        self.ended_by("", &[], phrase)
    }

    /// A phrase with the mark after it, in a place where any of `marks` ends a phrase. The empty
    /// mark is the end of the text.
    fn ended_by(&self, mark: &str, marks: &[&'static str], phrase: &Phrase) -> String {
        let plain = format!("{phrase}{mark}");
        let reads_back = phrase_before(&plain, marks).is_some_and(|(again, end)| {
            let (found, rest) = end.unwrap_or_default();
            again == *phrase && found == mark && rest.is_empty()
        });
        let hides = self.in_sight && first_hidden(phrase.as_str()).is_some();
        if reads_back && !hides { plain } else { self.quoted(phrase) + mark }
    }

    fn quoted(&self, phrase: &Phrase) -> String {
        let quoted = phrase.in_quotes();
        if self.in_sight { shown(&quoted).into_owned() } else { quoted }
    }
}
