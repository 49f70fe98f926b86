//! Why: one sentence for each event, with the guard's real values and the section.
//!
//! The values are those the records show at that moment. They explain, and accuse nobody: it is the
//! auditor who judges ([`judged`](super::judged)).

mod ink;
mod letters;
mod said;

pub use letters::named;
#[cfg(any(feature = "tui", feature = "web"))]
pub use said::or_minus_infinity;
pub use said::{Before, Why};

use crate::trace::Happening;

/// Why this happened, given what was before.
#[must_use]
pub fn why(happening: &Happening, before: &Before<'_>) -> Why {
    match happening {
        Happening::Founded(founding) => Why::new(
            "2.2",
            "founded".into(),
            format!("God founds the Parliament: decree 0 names {founding}."),
        ),
        Happening::Enter(name) => Why::new(
            "2.2",
            "enters".into(),
            format!(
                "{name} enters the Chamber: he knows what his ledger says, and his slip is blank."
            ),
        ),
        Happening::Leave(name) => {
            let slip = before.desk(*name).slip.written();
            let lost = slip
                .map_or("his slip was blank".into(), |slip| format!("his slip is lost: {slip}"));
            Why::new("2.2", "leaves".into(), format!("{name} leaves the Chamber; {lost}."))
        }
        Happening::Ink { priest, entry } => ink::why(*priest, entry, before),
        Happening::Send { from, to, message } => letters::send(*from, *to, message, before),
        Happening::Receive { from, to, message } => letters::receive(*from, *to, message, before),
        Happening::Ignore { from, to, message } => letters::ignore(*from, *to, message, before),
        Happening::Lose { from, to, message } => letters::lose(*from, *to, message, before),
        Happening::Repeat { from, to, message } => letters::repeat(*from, *to, message),
    }
}
