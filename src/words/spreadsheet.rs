//! Names that a spreadsheet, or a reader of tables, takes for something else, and saves changed.
//!
//! A name stands in a cell of its own, and in ballot numbers such as `1.Gray`. So a new legislator
//! may not be called `E3`: its ballot `1.E3` is read as 1000.

use std::fmt;

/// The kind of value that a name, or a ballot number with it, is taken for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Misread {
    /// `E3`: with a number and a dot before it, a number in powers of ten.
    Number,
    /// `MARCH1`, and in some countries `1.Jan`.
    Date,
    /// `True`.
    Truth,
    /// `NaN`, `NULL`: a cell without a value.
    Missing,
}

/// The months, from the shortest form that is read as one to the whole word.
const MONTHS: [(&str, &str); 12] = [
    ("jan", "january"),
    ("feb", "february"),
    ("mar", "march"),
    ("apr", "april"),
    ("may", "may"),
    ("jun", "june"),
    ("jul", "july"),
    ("aug", "august"),
    ("sep", "september"),
    ("oct", "october"),
    ("nov", "november"),
    ("dec", "december"),
];

impl Misread {
    /// The value that this name is taken for; `None` if it is taken for a name.
    #[must_use]
    pub fn of(name: &str) -> Option<Misread> {
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let lower = name.to_ascii_lowercase();
        if let Some(power) = lower.strip_prefix('e')
            && is_number(power.strip_prefix('-').unwrap_or(power))
        {
            return Some(Misread::Number);
        }
        if matches!(&*lower, "true" | "false") {
            return Some(Misread::Truth);
        }
        if matches!(name, "NaN" | "nan" | "NA" | "NULL" | "null" | "None") {
            return Some(Misread::Missing);
        }
        let letters = lower.trim_end_matches(|c: char| c.is_ascii_digit());
        let month = letters.strip_suffix('-').unwrap_or(letters);
        let is_month = MONTHS.iter().any(|(short, long)| [*short, long].contains(&month));
        let is_date = is_month || month == "sept";
        // `May-` alone is a word.
        let goes_on = letters.len() == month.len() || letters.len() < lower.len();
        (is_date && goes_on).then_some(Misread::Date)
    }
}

impl fmt::Display for Misread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Misread::Number => "after a number and a dot, as in a ballot number, a power of ten",
            Misread::Date => "a date, alone or in a ballot number",
            Misread::Truth => "a truth value",
            Misread::Missing => "a value that is missing",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_as_numbers_dates_or_values_are_found() {
        for name in ["E3", "e10", "E-3", "e0"] {
            assert_eq!(Misread::of(name), Some(Misread::Number), "{name}");
        }
        for name in ["MARCH1", "Sept2", "Jan", "dec-7", "May", "June"] {
            assert_eq!(Misread::of(name), Some(Misread::Date), "{name}");
        }
        for name in ["True", "FALSE"] {
            assert_eq!(Misread::of(name), Some(Misread::Truth), "{name}");
        }
        for name in ["NaN", "NULL", "None"] {
            assert_eq!(Misread::of(name), Some(Misread::Missing), "{name}");
        }
    }

    #[test]
    fn names_that_a_spreadsheet_keeps_are_not_misread() {
        let names = ["E", "Ed3", "E3a", "E-", "E--3", "F3", "A", "Γ", "Marcha", "Mar-x", "May-"];
        let others = ["Janet", "Na", "Nan", "Null", "Truex", "Paxon018", "Dwork", "E٣", "Augusta"];
        for name in names.into_iter().chain(others) {
            assert_eq!(Misread::of(name), None, "{name}");
        }
    }
}
