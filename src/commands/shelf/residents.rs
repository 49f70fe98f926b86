//! The priests who live on this machine, if a Parliament sits on several. The roster tells it for
//! those of decree 0, and their decrees for those seated since.

use std::collections::{BTreeMap, BTreeSet};

use crate::chamber::{Chamber, Roster};
use crate::commands::Failure;
use crate::law::{Law, Meaning, Places};
use crate::words::{Founding, Name};

use super::Shelf;

/// The priests who live on this machine, and those who live elsewhere.
pub struct Residents {
    roster: Roster,
    places: Places,
    /// Everybody who ever sat, by the most complete ledger here.
    all: BTreeSet<Name>,
}

impl Residents {
    /// The residents of a chamber by this law; `None` where it lies on one machine.
    ///
    /// # Errors
    /// When the roster cannot be believed.
    pub fn by(chamber: &Chamber, law: &Law) -> Result<Option<Residents>, Failure> {
        let Some(roster) = chamber.roster().map_err(crate::chamber::ChamberError::from)? else {
            return Ok(None);
        };
        let all = law.seats.changes().flat_map(|(_, members)| members.names()).collect();
        Ok(Some(Residents { roster, places: law.places.clone(), all }))
    }

    /// As [`Residents::by`], by the law of the most complete ledger here.
    ///
    /// # Errors
    /// When the roster cannot be believed, or the ledgers cannot be read.
    pub fn of(chamber: &Chamber) -> Result<Option<Residents>, Failure> {
        if chamber.roster().map_err(crate::chamber::ChamberError::from)?.is_none() {
            return Ok(None);
        }
        let mut shelf = Shelf::of(chamber, None, false)?;
        shelf.look(&mut |_, _| {})?;
        Residents::by(chamber, shelf.most_complete(Founding::NUMBER)?.book.state())
    }

    /// This machine, as decrees name it.
    pub fn machine(&self) -> Name {
        self.roster.machine()
    }

    /// Whether his ledger is, or is to be, on this machine.
    pub fn live_here(&self, name: Name) -> bool {
        self.roster.here().contains(&name) || self.places.of(name) == Some(self.machine())
    }

    /// Whether he sat and his ledger is on another machine, or nowhere.
    pub fn live_elsewhere(&self, name: Name) -> bool {
        self.all.contains(&name) && !self.live_here(name)
    }

    /// Everybody who ever sat and does not live here.
    pub fn elsewhere(&self) -> impl Iterator<Item = Name> {
        self.all.iter().copied().filter(|&name| !self.live_here(name))
    }

    /// Where he lives, after a verb: `on harbour`.
    pub fn place_of(&self, name: Name) -> String {
        match self.places.of(name) {
            Some(machine) => format!("on {machine}"),
            None if self.roster.here().contains(&name) => format!("on {}", self.machine()),
            None if self.roster.elsewhere().contains(&name) => "on another machine".into(),
            None => "on no machine, since the decree that seated him names none".into(),
        }
    }

    /// That these live elsewhere, in a sentence; `None` if nobody does.
    pub fn told(&self) -> Option<String> {
        let names: Vec<&str> = self.elsewhere().map(|name| name.as_str()).collect();
        let (last, others) = names.split_last()?;
        Some(match others {
            [] => format!("{last} lives elsewhere: his ledger is on another machine."),
            _ => format!(
                "{} and {last} live elsewhere: their ledgers are on other machines.",
                others.join(", ")
            ),
        })
    }
}

/// Somebody's ledger is on another machine.
#[derive(Debug, thiserror::Error)]
#[error("{name} lives {place}, so his ledger is not here; this machine is {here}")]
struct NotHere {
    name: Name,
    place: String,
    here: Name,
}

/// Refuses to look for the ledger of one who lives on another machine and of whom no copy is here.
///
/// # Errors
/// When he does, or the roster cannot be believed.
pub fn refuse_elsewhere(chamber: &Chamber, name: Name) -> Result<(), Failure> {
    if chamber.has_ledger(name) {
        return Ok(());
    }
    match Residents::of(chamber)?.filter(|it| it.live_elsewhere(name)) {
        Some(it) => {
            let (place, here) = (it.place_of(name), it.machine());
            Err(NotHere { name, place, here }.into())
        }
        None => Ok(()),
    }
}

/// A decree that seats somebody where he cannot live, or nowhere.
#[derive(Debug, thiserror::Error)]
enum Misplaced {
    /// A machine is named where there is one.
    #[error(
        "this Parliament lies on one machine, so its decrees name none: `{name} is now a legislator`, without “, on {machine}”"
    )]
    OneMachine {
        /// The legislator to be seated.
        name: Name,
        /// The machine.
        machine: Name,
    },
    /// No machine is named where there are several.
    #[error(
        "this Parliament sits on several machines, and a legislator lives on one of them: `{name} is now a legislator, on MACHINE`; this machine is {here}"
    )]
    NoMachine {
        /// The legislator to be seated.
        name: Name,
        /// This machine.
        here: Name,
    },
    /// He lives elsewhere already.
    #[error(
        "{name} sat before and lives {place}, for good: leave “, on {machine}” out, or seat another, under a name that nobody had"
    )]
    Settled {
        /// The legislator to be seated.
        name: Name,
        /// The machine on which he lives.
        place: String,
        /// The machine that the decree names.
        machine: Name,
    },
}

/// Refuses decrees that seat somebody on a machine on which he cannot live, or on none.
///
/// # Errors
/// The first such decree; or when the roster cannot be believed.
pub fn refuse_misplaced(chamber: &Chamber, law: &Law, changes: &[Meaning]) -> Result<(), Failure> {
    let residents = Residents::by(chamber, law)?;
    let mut settled: BTreeMap<Name, Option<Name>> = BTreeMap::new();
    for change in changes {
        let Meaning::Seats { name, machine, .. } = *change else { continue };
        let Some(residents) = &residents else {
            match machine {
                Some(machine) => return Err(Misplaced::OneMachine { name, machine }.into()),
                None => continue,
            }
        };
        let before = law.seats.ever_had(name).then(|| law.places.of(name));
        match (before.or_else(|| settled.get(&name).copied()), machine) {
            (None, None) => {
                return Err(Misplaced::NoMachine { name, here: residents.machine() }.into());
            }
            (Some(lives), Some(machine)) if lives != Some(machine) => {
                let place = residents.place_of(name);
                return Err(Misplaced::Settled { name, place, machine }.into());
            }
            (None, Some(_)) => drop(settled.insert(name, machine)),
            _ => {}
        }
    }
    Ok(())
}
