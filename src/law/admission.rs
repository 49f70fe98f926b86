//! Petitions that are refused, though the law accepts the same decree once it has passed.
//! `[PTP §3.3.6]`
//!
//! Ledgers keep decrees forever, and the meaning of a decree never changes. So these rules bind
//! those who ask for a decree, not the law. They refuse two names that look alike, names with
//! invisible characters, and names that a spreadsheet changes.

use super::enactment::Law;
use super::grammar::Meaning;
use super::membership::Seats;
use super::phrase::Phrase;
use crate::words::members::FoundingError;
use crate::words::shown::first_hidden;
use crate::words::{Decree, Name, shown};

/// The reason why a petition is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Inadmissible {
    /// A matter or an office with an invisible character.
    #[error(
        "“{}” has an invisible character; a matter or an office has none, since two that look alike would be different; write it without", shown(.0.as_str())
    )]
    Hidden(Phrase),
    /// A petition id with an invisible character.
    #[error("the petition id “{}” has an invisible character; choose another", shown(.0))]
    HiddenId(String),
    /// A name that nobody may be seated under: another's in another spelling, one with an invisible
    /// character, or one that a spreadsheet changes.
    #[error("{0}; choose another name")]
    Name(#[from] FoundingError),
}

impl Meaning {
    /// The matters and offices that this meaning names.
    fn topics(&self) -> Vec<&Phrase> {
        match self {
            Meaning::Declares { matter, .. } | Meaning::Repeals { matter } => vec![matter],
            Meaning::Sweeps { clauses } => clauses.iter().map(|(matter, _)| matter).collect(),
            Meaning::Appoints { office, .. }
            | Meaning::Resigns { office, .. }
            | Meaning::TakesOffice { office, .. } => vec![office],
            Meaning::Seats { .. }
            | Meaning::Unseats { .. }
            | Meaning::Reads { .. }
            | Meaning::OliveDay
            | Meaning::Words(_) => Vec::new(),
        }
    }
}

/// Checks a decree for invisible characters. A matter or an office that the law `knows` already may
/// have one, so that it can still be changed and repealed.
///
/// # Errors
/// [`Inadmissible`] names the text with the invisible character.
pub fn admit(decree: &Decree, knows: impl Fn(&Phrase) -> bool) -> Result<(), Inadmissible> {
    if let Some(id) = decree.petition().filter(|id| first_hidden(id).is_some()) {
        return Err(Inadmissible::HiddenId(id.into()));
    }
    if first_hidden(decree.text()).is_none() && !decree.text().contains('\\') {
        return Ok(());
    }
    let meaning = Meaning::of(decree.text());
    if matches!(meaning, Meaning::Repeals { .. } | Meaning::Resigns { .. }) {
        return Ok(());
    }
    let hidden = |it: &&Phrase| first_hidden(it.as_str()).is_some() && !knows(it);
    match meaning.topics().into_iter().find(hidden) {
        Some(phrase) => Err(Inadmissible::Hidden(phrase.clone())),
        None => Ok(()),
    }
}

/// Checks whether somebody may be seated under this name by this law.
///
/// # Errors
/// [`Inadmissible::Name`] if the name is another's in another spelling, has an invisible character,
/// or is changed by a spreadsheet.
pub fn admit_name(name: Name, seats: &Seats) -> Result<(), Inadmissible> {
    if seats.latest().has(name) {
        return Ok(());
    }
    Ok(FoundingError::of_names(
        seats
            .latest()
            .names()
            .chain([name])
            .filter(|it| *it == name || it.folded() == name.folded()),
    )?)
}

/// Checks whether the president may propose a petition from his messagebook. A person may have
/// written it by hand, so the president refuses the same petitions as a command does. `law` is
/// called only if the decree has an invisible character.
///
/// # Errors
/// As [`admit`] and [`admit_name`].
pub fn admit_petition(
    decree: &Decree,
    seats: &Seats,
    law: impl FnOnce() -> Law,
) -> Result<(), Inadmissible> {
    if admit(decree, |_| false).is_err() {
        let law = law();
        admit(decree, |it| law.knows(it))?;
    }
    match Meaning::of_change_of_members(decree.text()) {
        Some(Meaning::Seats { name, .. }) => admit_name(name, seats),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> bool {
        admit(&Decree::new(text).unwrap(), |_| false).is_err()
    }

    #[test]
    fn a_matter_with_an_invisible_character_is_refused() {
        for bad in [
            "The olive\u{202e} tax is 3",
            "The olive\u{200b} tax is 3, provided it is 4",
            "The \"olive\\u200btax\" is 3",
            "The lamp is 1; the olive\u{2066} tax is 3",
            "8:30 15 Jan 72: Dikstra is chee\u{ad}se inspector for 3 months",
            "8:45 15 Jan 72: Dikstra takes office as cheese\u{feff}",
        ] {
            assert!(refused(bad), "{bad:?}");
        }
        for good in [
            "The olive tax is 3\u{202e}",
            "Lamps\u{200b} must use only olive oil",
            "The law on olive\u{202e} tax is repealed",
            "The می\u{200c}شود is 3",
            "The a\\b is c",
        ] {
            assert!(!refused(good), "{good:?}");
        }
        let old = Decree::new("The olive\u{202e} tax is 3").unwrap();
        assert!(admit(&old, |matter| matter.as_str() == "olive\u{202e} tax").is_ok());
        let id = Decree::new("x").unwrap().petitioned("Dolf/\u{200b}3").unwrap();
        assert!(matches!(admit(&id, |_| true), Err(Inadmissible::HiddenId(_))));
    }

    #[test]
    fn nobody_is_seated_under_anothers_name_in_another_spelling() {
        let seats = Seats::founded(&"Γρα\u{1fd6} Ren\u{e9} Σωκράτης Dwork".parse().unwrap());
        let admitted = |name: &str| admit_name(name.parse().unwrap(), &seats).is_ok();
        let twins = ["Γραι\u{342}", "Rene\u{301}", "RENE\u{301}", "ΣΩΚΡΆΤΗΣ", "Σωκράτησ", "dwork"];
        for twin in twins.into_iter().chain(["Dwo\u{34f}rk", "Stro\u{3164}ng"]) {
            assert!(!admitted(twin), "{twin}");
        }
        assert!(admitted("Dwork") && admitted("Strong") && admitted("Σωκράτη"));
    }
}
