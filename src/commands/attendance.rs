//! The priests who come into a Chamber, and those for whom a new one is founded.

use std::collections::BTreeSet;

use clap::Args;

use crate::chamber::{Chamber, ChamberError, Roster};
use crate::god;
use crate::law::{Law, LawBook, Places};
use crate::words::{DecreeNumber, Founding, Membership, Name};

use super::Failure;
use super::arguments::{self, Names};
use super::shelf::Shelf;
use super::shelf::residents::Residents;
use super::world::{Misuse, in_words};

/// For whom the Chamber is founded if it is new.
#[derive(Args, Clone)]
pub struct Founders {
    /// Found the chamber for this many legislators, or for these: `7`, or `A,B:2,Γ` with weights.
    #[arg(long, value_name = "N|NAMES")]
    priests: Option<String>,
    /// Found the chamber with this α: how many decrees may be open at once (PTP §3.3.6).
    #[arg(long, value_name = "N")]
    alpha: Option<u64>,
    /// Found this machine's part of a Parliament that sits on several: only these legislators live
    /// here, and only their ledgers are inked. Each machine founds its own part, with the same
    /// --priests; something else must carry the rows of messagebooks between them.
    #[arg(long, value_name = "NAMES")]
    here: Option<Names>,
    /// How decrees name this machine: `Strong is now a legislator, on NAME`. No two machines may
    /// have one name. Default: the first of --here.
    #[arg(long, value_name = "NAME", requires = "here")]
    machine: Option<Name>,
}

/// The priests in the Chamber, and the founders if it is new.
#[derive(Args, Clone)]
pub struct Attendance {
    #[command(flatten)]
    founders: Founders,
    /// Legislators who are not in the Chamber.
    #[arg(long, value_name = "NAMES")]
    absent: Option<Names>,
}

impl Attendance {
    /// The priests to come in, and the founding. Nothing is changed yet.
    ///
    /// # Errors
    /// [`Misuse`], or a founding decree that cannot be read.
    pub fn invite(&self, chamber: &Chamber) -> Result<Invited, Failure> {
        let absent: BTreeSet<Name> =
            self.absent.iter().flat_map(|names| names.iter().copied()).collect();
        let mut invited = self.founders.invite(chamber)?;
        if let Some(&stranger) = absent.difference(&invited.sitting).next() {
            return Err(invited.stranger(stranger).into());
        }
        invited.inside.retain(|name| !absent.contains(name));
        if invited.inside.is_empty() {
            return Err(Misuse::Nobody.into());
        }
        Ok(invited)
    }
}

impl Founders {
    /// Everyone who sits, and the founding. Nothing is changed yet.
    ///
    /// # Errors
    /// As [`Attendance::invite`].
    pub fn invite(&self, chamber: &Chamber) -> Result<Invited, Failure> {
        let standing = chamber.founding()?;
        let founding = self.founding(standing.as_ref())?;
        let roster = self.roster(&founding)?;
        let Some(standing) = &standing else {
            let sitting: BTreeSet<Name> = founding.membership.names().collect();
            let inside = roster.as_ref().map_or(&sitting, Roster::here).iter().copied().collect();
            let (through, places) = (Founding::NUMBER, Law::founded(&founding).places);
            let (new, residents) = (Some(roster), None);
            return Ok(Invited { founding, sitting, through, inside, new, residents, places });
        };
        self.same_roster(chamber, roster)?;
        let book = book(chamber, standing)?;
        let (law, through) = (book.state(), book.complete_through());
        let window = law.seats.in_window_after(through);
        let sitting: BTreeSet<Name> = window.flat_map(Membership::names).collect();
        let residents = Residents::by(chamber, law)?;
        let is_here = |name: &Name| residents.as_ref().is_none_or(|it| it.live_here(*name));
        let inside: Vec<Name> = sitting.iter().copied().filter(is_here).collect();
        if inside.is_empty() {
            return Err(Misuse::NobodyHere.into());
        }
        let places = law.places.clone();
        Ok(Invited { founding, sitting, through, inside, new: None, residents, places })
    }

    /// The roster that is asked for.
    fn roster(&self, founding: &Founding) -> Result<Option<Roster>, Failure> {
        let Some(here) = &self.here else { return Ok(None) };
        let machine = self.machine.or(here.first().copied()).ok_or(Misuse::NobodyHere)?;
        let roster = Roster::new(machine, here.iter().copied(), founding);
        Ok(Some(roster.map_err(ChamberError::from)?))
    }

    /// Whether the chamber that stands has the roster that is asked for, if one is.
    fn same_roster(&self, chamber: &Chamber, asked: Option<Roster>) -> Result<(), Failure> {
        let standing = chamber.roster().map_err(ChamberError::from)?;
        if asked.is_none() || asked == standing {
            return Ok(());
        }
        let live = |it: &Roster| {
            let (machine, here) = (it.machine(), in_words(it.here()));
            format!("this machine is {machine}, and here live {here}")
        };
        let one = || "this chamber lies on one machine, and all live here".into();
        let standing = standing.as_ref().map_or_else(one, live);
        Err(Misuse::FoundedElsewhere { standing }.into())
    }

    /// The founding that stands, or that is asked for.
    fn founding(&self, standing: Option<&Founding>) -> Result<Founding, Failure> {
        let Some(standing) = standing else {
            let default = if self.priests.is_some() { "" } else { "5" };
            let mut founding = founding(self.priests.as_deref().unwrap_or(default))?;
            founding.alpha = self.alpha.unwrap_or(founding.alpha);
            return Ok(Founding::new(founding.membership.weights(), founding.alpha)?);
        };
        let mut asked = match &self.priests {
            Some(text) => Founding { alpha: standing.alpha, ..founding(text)? },
            None => standing.clone(),
        };
        asked.alpha = self.alpha.unwrap_or(asked.alpha);
        if asked == *standing {
            return Ok(asked);
        }
        Err(Misuse::FoundedForOthers { standing: standing.clone(), asked }.into())
    }
}

/// Those who are to come into a Chamber.
pub struct Invited {
    /// The founding decree that stands, or is to stand.
    pub founding: Founding,
    /// The members of the Parliament, by the law.
    pub sitting: BTreeSet<Name>,
    /// Through which decree that law is complete.
    through: DecreeNumber,
    /// The priests to come in.
    pub inside: Vec<Name>,
    /// The roster of a chamber that nobody has founded yet: none, if it lies on one machine.
    new: Option<Option<Roster>>,
    /// The priests who live here and elsewhere, if the Parliament sits on several machines.
    pub residents: Option<Residents>,
    /// The machines of those whom decrees seated on one.
    places: Places,
}

impl Invited {
    /// Why this one, who does not sit here, cannot be meant.
    #[must_use]
    pub fn stranger(&self, name: Name) -> Misuse {
        Misuse::Stranger { name, sitting: self.sitting.clone(), through: self.through }
    }

    /// Why this one does not come in here, if he lives on another machine.
    #[must_use]
    pub fn lives_elsewhere(&self, name: Name) -> Option<Misuse> {
        if let Some(Some(roster)) = &self.new {
            let (machine, place) = (roster.machine(), "on another machine".into());
            let is_here = roster.here().contains(&name);
            return (!is_here).then_some(Misuse::LivesElsewhere { name, place, machine });
        }
        let residents = self.residents.as_ref().filter(|it| it.live_elsewhere(name))?;
        let (place, machine) = (residents.place_of(name), residents.machine());
        Some(Misuse::LivesElsewhere { name, place, machine })
    }

    /// Founds a new chamber; in one that stands, gives those whom a decree seated their ledgers,
    /// and checks the ledgers of all who are to come in.
    ///
    /// # Errors
    /// When the chamber cannot be founded, or a ledger cannot be trusted.
    pub fn make_ready(&self, chamber: &Chamber) -> Result<(), Failure> {
        if let Some(roster) = &self.new {
            if let Some(aside) = god::found(chamber, &self.founding, roster.as_ref())? {
                crate::commands::page::aside!(
                    "parliament: no ledger was here; the messagebooks and archives of an earlier chamber were moved to {}",
                    aside.display()
                );
            }
            return Ok(());
        }
        for &name in &self.inside {
            if !self.founding.membership.has(name) {
                chamber.seat_on(name, self.places.of(name))?;
            }
            chamber.check(name)?;
        }
        Ok(())
    }
}

/// The law of the most complete ledger; that of decree 0 where no ledger can be read.
fn book(chamber: &Chamber, founding: &Founding) -> Result<LawBook, Failure> {
    let mut shelf = Shelf::of(chamber, None, false)?;
    shelf.look(&mut |_, _| {})?;
    let founded = || LawBook::opened(Law::founded(founding));
    Ok(shelf.most_complete(Founding::NUMBER).map_or_else(|_| founded(), |it| it.book))
}

/// The founding that `--priests` asks for: a number, or names with weights.
fn founding(text: &str) -> Result<Founding, Failure> {
    if let Ok(how_many) = text.parse::<u64>() {
        let names = arguments::paxons(how_many).ok_or(Misuse::HowMany(how_many))?;
        let alike = names.into_iter().map(|name| (name, 1));
        return Ok(Founding::new(alike, crate::words::members::PAPERS_ALPHA)?);
    }
    if text.contains(',') && text.split(',').any(|name| name.trim().is_empty()) {
        return Err(Misuse::Nameless(text.into()).into());
    }
    Ok(text.replace(',', " ").parse::<Founding>()?)
}
