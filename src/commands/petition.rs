//! `parliament petition`: a citizen asks for a decree, and learns the number it got. `[PTP §3.1]`

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::time::Duration;

use clap::Args;
use serde_json::json;

use crate::chamber::regular::is_closed;
use crate::chamber::{Chamber, Following};
use crate::god::citizen::{Citizen, Passed};
use crate::god::errand::{Errand, Lookout};
use crate::god::hour::Hour;
use crate::synod::{Decree, DecreeNumber, Entry, Founding, Minutes, Name};

use super::admission::refuse_inadmissible;
use super::arguments::{self, Length};
use super::near_miss::say_what_resembles;
use super::page::Page;
use super::sailors::refuse_to_drown;
use super::{Failure, Verdict};

/// How often a citizen looks at the ledgers.
pub const LOOK: Duration = Duration::from_millis(2);

const EXAMPLES: &str = "\
Examples:
  parliament petition \"The sale of brown goats is permitted\"
  parliament petition --citizen Dolf --id Dolf/3 \"Dolf may keep a cow\"
  echo \"The olive tax is 3 drachmas per ton\" | parliament petition -";

/// Ask the Parliament that sits for a decree; print the number it got.
#[derive(Args)]
#[command(before_help = EXAMPLES)]
pub struct Petition {
    /// The decree asked for; `-` reads it from standard input.
    #[arg(allow_hyphen_values = true)]
    decree: String,
    #[command(flatten)]
    asking: Asking,
    /// Ask even for a decree that would leave no majority of legislators inside the Chamber.
    #[arg(long)]
    drown: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// How a citizen asks for a decree.
#[derive(Args)]
pub struct Asking {
    /// Who asks.
    #[arg(long, value_name = "NAME", default_value = "Citizen")]
    pub citizen: Name,
    /// The petition's id: sent again under the same id, it counts once. Made up when not given.
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    /// To which legislator; by default whoever inked last, and in time the others.
    #[arg(long, value_name = "NAME")]
    to: Option<Name>,
    /// How long to wait: Paxon minutes, or wall time such as `5s`.
    #[arg(long, value_name = "MINUTES", default_value = "500")]
    within: Length,
    /// How long a Paxon minute lasts.
    #[arg(long, value_name = "DURATION", default_value = "20ms", value_parser = arguments::minute)]
    pub minute: Duration,
}

/// No Parliament to petition.
#[derive(Debug, thiserror::Error)]
#[error("nobody has founded this chamber; `parliament sit` founds it and sits")]
pub struct NotFounded;

impl Petition {
    /// Runs the command in this chamber.
    ///
    /// # Errors
    /// When there is no Parliament here, or its files cannot be used.
    pub fn run(self, chamber: &Chamber) -> Result<Verdict, Failure> {
        let text = arguments::text_or_stdin(&self.decree)?;
        let decrees = [Decree::proposed(&text)?];
        if !self.drown {
            refuse_to_drown(chamber, &decrees, || Ok(chamber.inside()?))?;
        }
        say_what_resembles(&decrees);
        match self.asking.ask(chamber, &text)? {
            Ok((number, decree)) => self.passed(number, &decree),
            Err(unpassed) => Ok(unpassed),
        }
    }

    fn passed(&self, number: DecreeNumber, decree: &Decree) -> Result<Verdict, Failure> {
        let id = decree.petition();
        let line = if self.json {
            json!({ "version": 1, "number": number, "decree": decree.text(), "petition": id })
                .to_string()
        } else {
            number.to_string()
        };
        Page::open().line(&line)?;
        Ok(Verdict::Done)
    }
}

impl Asking {
    /// Asks for a decree and waits until it is seen in a ledger; yields it and its number, or how
    /// the command ends without it, which has been said: under his own id another may be found.
    ///
    /// # Errors
    /// When there is no Parliament here, or its files cannot be used.
    pub fn ask(
        &self,
        chamber: &Chamber,
        text: &str,
    ) -> Result<Result<(DecreeNumber, Decree), Verdict>, Failure> {
        let id = self.id.clone().unwrap_or_else(|| arguments::fresh_id(self.citizen));
        let decree = Decree::new(text)?.petitioned(&id)?;
        let founding = chamber.founding()?.ok_or(NotFounded)?;
        refuse_inadmissible(chamber, std::slice::from_ref(&decree))?;
        let interrupted = super::catch_interrupts()?;
        let ledgers = Watched::all(chamber, &founding, self.id.is_some())?;
        let legislators = whom_to_ask(chamber, &founding, self.to)?;
        let mut errand = Errand {
            citizen: Citizen::new(self.citizen, chamber, &legislators),
            decrees: vec![decree],
            alpha: founding.alpha,
            within: self.within.in_minutes(self.minute),
            interrupted,
        };
        let hour = Hour::convene(self.minute);
        let passage = errand.run(&mut Outside::of(ledgers, hour, |_| {}))?;
        Ok(match passage.passed.into_iter().next() {
            Some((number, other)) if other.text() != text => Err(Self::used(&id, number, &other)),
            Some(passed) => Ok(passed),
            None if passage.interrupted => Err(Verdict::Interrupted),
            None => Err(Self::failed(&errand.citizen, &id)),
        })
    }

    fn used(id: &str, number: DecreeNumber, other: &Decree) -> Verdict {
        crate::commands::page::aside!(
            "parliament: this is not passed: under the id {id} another decree was petitioned, and is decree {number}: {other}\n\
             A petition counts once under its id; ask for another decree under another --id, or under none."
        );
        Verdict::Wanting
    }

    fn failed(citizen: &Citizen, id: &str) -> Verdict {
        let last = citizen.turned_to().map_or_else(String::new, |name| name.to_string());
        crate::commands::page::aside!(
            "parliament: not passed in time; the petition lies in {last}'s messagebook and may yet pass.\n\
             Does a majority sit? `parliament sit` sits. To ask again, so that it counts once: --id {id}"
        );
        Verdict::Wanting
    }
}

/// The ledgers, looked at for what is new.
pub struct Watched(BTreeMap<Name, Following>);

impl Watched {
    /// Every ledger that may be read, from its first row or from now on.
    ///
    /// # Errors
    /// When a ledger that may be read cannot be.
    pub fn all(
        chamber: &Chamber,
        founding: &Founding,
        from_start: bool,
    ) -> Result<Watched, Failure> {
        let mut watched = BTreeMap::new();
        for name in chamber.legislators(founding)? {
            let follow = if from_start { Following::from_archive } else { Following::from_now };
            match follow(chamber, name) {
                Ok(following) => drop(watched.insert(name, following)),
                Err(error) if error.kind() == io::ErrorKind::NotFound || is_closed(&error) => {}
                Err(error) => {
                    return Err(format!("{}: {error}", chamber.ledger(name).display()).into());
                }
            }
        }
        Ok(Watched(watched))
    }

    fn look(&mut self) -> io::Result<Vec<(Name, Passed)>> {
        let mut inked = Vec::new();
        for (&name, following) in &mut self.0 {
            for row in following.look()? {
                if let Entry::Outcome { number, decree, .. } = row.entry {
                    inked.push((name, (number, decree)));
                }
            }
        }
        Ok(inked)
    }
}

/// A citizen outside, who sees the Chamber only through the ledgers; whoever is inside owes him
/// nothing but that one of them inks his decree.
pub struct Outside<S> {
    ledgers: Watched,
    hour: Hour,
    inside: BTreeSet<Name>,
    show: S,
}

impl<S: FnMut(usize)> Outside<S> {
    /// Looks at these ledgers, by this clock, and shows how many decrees are passed.
    pub fn of(ledgers: Watched, hour: Hour, show: S) -> Outside<S> {
        Outside { ledgers, hour, inside: BTreeSet::new(), show }
    }
}

impl<S: FnMut(usize)> Lookout for Outside<S> {
    fn now(&self) -> Minutes {
        self.hour.now()
    }

    fn look(&mut self, passed: usize) -> io::Result<Vec<(Name, Passed)>> {
        (self.show)(passed);
        let inked = self.ledgers.look()?;
        if inked.is_empty() {
            std::thread::sleep(LOOK);
        }
        Ok(inked)
    }

    fn inside(&self) -> &BTreeSet<Name> {
        &self.inside
    }
}

/// Whom a citizen asks, the likeliest to be inside first: whoever inked last.
///
/// # Errors
/// When the one he wishes to ask does not sit here.
pub fn whom_to_ask(
    chamber: &Chamber,
    founding: &Founding,
    to: Option<Name>,
) -> Result<Vec<Name>, Failure> {
    let legislators = chamber.legislators(founding)?;
    if let Some(name) = to {
        if !legislators.contains(&name) {
            return Err(super::world::Misuse::Stranger(name, founding.clone()).into());
        }
        return Ok(vec![name]);
    }
    let mut names: Vec<Name> = legislators.into_iter().rev().collect();
    names.sort_by_key(|name| std::cmp::Reverse(chamber.inked_last(*name)));
    Ok(names)
}
