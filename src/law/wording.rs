//! A meaning to its text, so that the text reads back as that meaning.
//!
//! A phrase is written as it is where the reader of its place, given it and the mark that follows
//! it, finds just that phrase and just that mark. Elsewhere it is written in quotes, whose end no
//! mark within them can move. No reader looks beyond the mark that ends a phrase, so what is right
//! of each phrase is right of the whole text.

use std::fmt;

use super::grammar::{IS, LAW_ON, Meaning, NEXT_CLAUSE, OLIVE_DAY, PROVIDED, VALUE_ENDS};
use super::grammar::{length, phrase_before};
use super::phrase::Phrase;
use crate::words::shown::{first_hidden, shown};

impl fmt::Display for Meaning {
    /// The text whose meaning this is, with no more quotes than the grammar needs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&Pen { in_sight: false }.words(self))
    }
}

impl Meaning {
    /// The text whose meaning this is, for a person who types it again: a phrase that holds what
    /// nobody can see is in quotes, and there it is written out.
    #[must_use]
    pub fn in_sight(&self) -> String {
        Pen { in_sight: true }.words(self)
    }
}

/// How phrases are written.
struct Pen {
    /// With everything in sight.
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
            Meaning::Seats { name, weight: 1 } => format!("{name} is now a legislator"),
            Meaning::Seats { name, weight } => {
                format!("{name} is now a legislator with weight {weight}")
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

    /// A statute of one clause. One of them has the words of the olive day, and is not that.
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

    /// `M is V` after the article, and the mark that follows.
    fn clause(&self, matter: &Phrase, value: &Phrase, mark: &str) -> String {
        let mut words = self.ended_by(IS, &[IS], matter);
        if words.starts_with(LAW_ON) {
            words = format!("{}{IS}", self.quoted(matter));
        }
        words + &self.ended_by(mark, &VALUE_ENDS, value)
    }

    /// A phrase that stands before nothing, or before what is taken off first.
    fn in_full(&self, phrase: &Phrase) -> String {
        self.ended_by("", &[], phrase)
    }

    /// A phrase and the mark after it, where any of some marks would end the phrase; the empty mark is
    /// the end of the text.
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
