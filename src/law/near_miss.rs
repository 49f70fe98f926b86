//! The form that a text of no form resembles, for a warning to the citizen.

use std::fmt;

use memchr::memmem;

use super::grammar::{Meaning, OLIVE_DAY};

/// A form of decree that the grammar knows.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
#[non_exhaustive]
pub enum Form {
    /// `The M is V`.
    Statute,
    /// `The M is V, provided it is W`.
    Conditional,
    /// `The M is V; the M2 is V2`.
    Sweep,
    /// `The law on M is repealed`.
    Repeal,
    /// `N is now a legislator`.
    Seating,
    /// `N is no longer a legislator`.
    Unseating,
    /// `8:30 15 Jan 72: N is OFFICE for 3 months`.
    Appointment,
    /// `9:15 3 Mar 72: N resigns as OFFICE`.
    Resignation,
    /// `8:45 15 Jan 72: N takes office as OFFICE`.
    TakingOffice,
    /// `Citizen N is reading the law`.
    Reading,
    /// The olive day.
    OliveDay,
}

impl Form {
    /// Every form, in the order of `docs/law.md`.
    pub const ALL: [Form; 11] = [
        Form::Statute,
        Form::Conditional,
        Form::Sweep,
        Form::Repeal,
        Form::Seating,
        Form::Unseating,
        Form::Appointment,
        Form::Resignation,
        Form::TakingOffice,
        Form::Reading,
        Form::OliveDay,
    ];

    /// The pattern of this form, with placeholders in capitals.
    #[must_use]
    pub const fn pattern(self) -> &'static str {
        match self {
            Form::Statute => "The M is V",
            Form::Conditional => "The M is V, provided it is W",
            Form::Sweep => "The M is V; the M2 is V2",
            Form::Repeal => "The law on M is repealed",
            Form::Seating => "N is now a legislator [with weight W]",
            Form::Unseating => "N is no longer a legislator",
            Form::Appointment => "TIME: N is OFFICE for 3 months",
            Form::Resignation => "TIME: N resigns as OFFICE",
            Form::TakingOffice => "TIME: N takes office as OFFICE",
            Form::Reading => "Citizen N is reading the law",
            Form::OliveDay => OLIVE_DAY,
        }
    }

    /// An example of this form.
    #[must_use]
    pub const fn example(self) -> &'static str {
        match self {
            Form::Statute => "The olive tax is 3 drachmas per ton",
            Form::Conditional => "The olive tax is 6 drachmas, provided it is 3 drachmas",
            Form::Sweep => "The olive tax is 3 drachmas; the tariff on fleeces is 4 drachmas",
            Form::Repeal => "The law on olive tax is repealed",
            Form::Seating => "Strong is now a legislator",
            Form::Unseating => "Parnas is no longer a legislator",
            Form::Appointment => "8:30 15 Jan 72: Dikstra is cheese inspector for 3 months",
            Form::Resignation => "9:15 3 Mar 72: Dikstra resigns as cheese inspector",
            Form::TakingOffice => "8:45 15 Jan 72: Dikstra takes office as cheese inspector",
            Form::Reading => "Citizen Schneider is reading the law",
            Form::OliveDay => OLIVE_DAY,
        }
    }

    /// The form that a text of no form resembles, if any. It is a guess, used only for warnings.
    #[must_use]
    pub fn resembled_by(text: &str) -> Option<Form> {
        match Meaning::of(text) {
            Meaning::Words(words) => Form::resembled_by_words(&words),
            _ => None,
        }
    }

    /// The same, for a text that is known to have no form.
    pub(super) fn resembled_by_words(words: &str) -> Option<Form> {
        let text = words.trim().to_lowercase();
        let has = |word: &str| memmem::find(text.as_bytes(), word.as_bytes()).is_some();
        let form = if has("olive day") {
            Form::OliveDay
        } else if has("reading the law") || text.starts_with("citizen ") {
            Form::Reading
        } else if has("resign") {
            Form::Resignation
        } else if has(" office") && (has("take") || has("taking")) {
            Form::TakingOffice
        } else if has("legislator") {
            if has("no longer") || has(" not ") { Form::Unseating } else { Form::Seating }
        } else if has(" is the new ") || starts_with_a_time(&text) {
            Form::Appointment
        } else if text.starts_with("the ") && has("; the ") {
            Form::Sweep
        } else if text.starts_with("the law on ") || has("repeal") {
            Form::Repeal
        } else if !text.starts_with("the ") {
            return None;
        } else if has("provided") {
            Form::Conditional
        } else if [" is", " are ", "=", ":"].into_iter().any(has) {
            Form::Statute
        } else {
            return None;
        };
        Some(form)
    }
}

/// Whether a text starts like `8:30 …` or `15 Jan …`.
fn starts_with_a_time(text: &str) -> bool {
    let digits = text.trim_start_matches(|c: char| c.is_ascii_digit());
    digits.len() < text.len() && digits.starts_with([':', ' ']) && text.contains(" is ")
}

impl fmt::Display for Form {
    /// Writes the pattern and an example.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Form::OliveDay => write!(f, "`{}`", self.pattern()),
            _ => write!(f, "`{}`, as in `{}`", self.pattern(), self.example()),
        }
    }
}

impl serde::Serialize for Form {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.pattern())
    }
}
