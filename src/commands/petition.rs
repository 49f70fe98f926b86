//! `parliament petition`: a citizen asks for a decree, and learns the number it got. `[PTP §3.1]`

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::time::Duration;

use clap::Args;
use serde_json::json;

use crate::chamber::regular::is_closed;
use crate::chamber::{Chamber, Following, wall_clock};
use crate::god::citizen::{Citizen, Passed};
use crate::god::errand::{Errand, Lookout, Passage};
use crate::god::hour::Hour;
use crate::words::{Decree, DecreeNumber, Entry, Founding, Minutes, Name};

use super::arguments::{self, Length};
use super::awaited::{self, ShutOut};
use super::page::Page;
use super::shelf::refusals::{
    refuse_far_dates, refuse_inadmissible, refuse_to_drown, say_what_resembles,
};
use super::shelf::residents::Residents;
use super::shelf::{LOOK, NotFounded};
use super::{Failure, Verdict};

const EXAMPLES: &str = "\
Examples:
  parliament pass \"Goats may graze\"           # founds the chamber
  parliament sit --quiet &                    # keeps it open
  parliament petition \"The sale of brown goats is permitted\"
  parliament petition --citizen Dolf --id Dolf/3 \"Dolf may keep a cow\"
  echo \"The olive tax is 3 drachmas per ton\" | parliament petition -
  kill $!                                     # closes it";

/// Ask the Parliament that sits for a decree; print the number it got.
///
/// A petition that was handed in may pass after this command has ended: unless it was seen to
/// pass, the exit code is 1, and the command that asks again under the same id is told.
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
    /// Ask even for a decree dated more than 31 days ahead of this machine's clock: no later term
    /// of office can begin before its date.
    #[arg(long)]
    ahead: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// How a citizen asks for a decree.
#[derive(Args)]
pub struct Asking {
    /// The citizen who asks.
    #[arg(long, value_name = "NAME", default_value = "Citizen")]
    pub citizen: Name,
    /// The petition's id: sent again under the same id, it counts once. Default: a new id.
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    /// Ask this legislator only. Default: the one who inked last; then the others, if his
    /// messagebook cannot be written or no answer comes.
    #[arg(long, value_name = "NAME")]
    to: Option<Name>,
    /// How long to wait: Paxon minutes, or wall time such as `5s`.
    #[arg(long, value_name = "MINUTES", default_value = "500")]
    within: Length,
    /// How long a Paxon minute lasts.
    #[arg(long, value_name = "DURATION", default_value = "20ms", value_parser = arguments::minute)]
    pub minute: Duration,
}

impl Petition {
    /// Runs the command in this chamber.
    ///
    /// # Errors
    /// When there is no Parliament here, or its files cannot be used.
    pub fn run(self, chamber: &Chamber) -> Result<Verdict, Failure> {
        let chamber =
            &chamber.clone().waiting_at_most(self.asking.within.lasts(self.asking.minute));
        let text = arguments::text_or_stdin(&self.decree)?;
        let decrees = [Decree::proposed(&text)?];
        refuse_inadmissible(chamber, &decrees)?;
        if !self.drown {
            refuse_to_drown(chamber, &decrees, || Ok(chamber.inside()?))?;
        }
        refuse_far_dates(chamber, &decrees, wall_clock(), self.ahead)?;
        say_what_resembles(&decrees);
        match self.asking.ask(chamber, &text)? {
            Ok((number, decree)) => self.passed(number, &decree),
            Err(unpassed) => self.unpassed(&text, unpassed),
        }
    }

    fn passed(&self, number: DecreeNumber, decree: &Decree) -> Result<Verdict, Failure> {
        let id = decree.petition();
        let line = if self.json {
            in_json(Some(number), decree.text(), id, false)
        } else {
            number.to_string()
        };
        if let Err(error) = Page::open().line(&line) {
            crate::commands::page::aside!(
                "parliament: it is passed as decree {number}; standard output cannot be written: {error}"
            );
            return Ok(Verdict::Wanting);
        }
        Ok(Verdict::Done)
    }

    /// The text for a person was printed already; a program reads the same.
    fn unpassed(&self, text: &str, unpassed: Unpassed) -> Result<Verdict, Failure> {
        let Unpassed { verdict, id, may_yet_pass } = unpassed;
        if self.json {
            Page::open().line(&in_json(None, text, Some(&id), may_yet_pass))?;
        }
        Ok(verdict)
    }
}

fn in_json(
    number: Option<DecreeNumber>,
    decree: &str,
    id: Option<&str>,
    may_yet_pass: bool,
) -> String {
    json!({
        "version": 1, "number": number, "decree": decree, "petition": id, "mayYetPass": may_yet_pass,
    })
    .to_string()
}

/// How asking ended where the decree was not seen to pass, which has been said.
pub struct Unpassed {
    /// How the command ends.
    pub verdict: Verdict,
    /// The petition's id.
    pub id: String,
    /// Whether a petition under that id may still pass.
    pub may_yet_pass: bool,
}

impl Asking {
    /// Asks for a decree and waits until it is seen in a ledger; yields it and its number, or how
    /// that ended without it: under his own id another may be found.
    ///
    /// # Errors
    /// When there is no Parliament here, or its files cannot be used: then nothing was handed in.
    pub fn ask(
        &self,
        chamber: &Chamber,
        text: &str,
    ) -> Result<Result<(DecreeNumber, Decree), Unpassed>, Failure> {
        let id = self.id.clone().unwrap_or_else(|| arguments::fresh_id(self.citizen));
        let decree = Decree::new(text)?.petitioned(&id)?;
        let founding = chamber.founding()?.ok_or(NotFounded)?;
        refuse_inadmissible(chamber, std::slice::from_ref(&decree))?;
        let interrupted = super::ending::catch_interrupts()?;
        let inside = chamber.inside()?;
        if inside.is_empty() {
            let within = self.within.told(self.minute);
            crate::commands::page::aside!(
                "parliament: nobody is seen to sit in this chamber, and only those who sit pass decrees; `parliament sit` sits.\nWaiting for at most {within}."
            );
        }
        if !inside.is_empty() && !inside.iter().any(|&name| chamber.has_ledger(name)) {
            crate::commands::page::aside!(
                "parliament: nobody is seen to sit on this machine, and a decree that passes elsewhere is seen when somebody here has inked it; `parliament sit` sits."
            );
        }
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
        let passage = errand.run(&mut Outside::of(ledgers, hour, |_| {}));
        let ended = |id, verdict, may_yet_pass| Ok(Err(Unpassed { verdict, id, may_yet_pass }));
        match passage.passed.first() {
            Some((number, other)) if other.text() != text => {
                return ended(id.clone(), Self::used(&id, *number, other), false);
            }
            Some(passed) if passage.contradiction.is_none() => return Ok(Ok(passed.clone())),
            _ => {}
        }
        let has_left = !passage.awaited.is_empty() || !passage.passed.is_empty();
        // Under his own id it may have been handed in before.
        if !has_left && self.id.is_none() {
            return match passage.interrupted {
                true => ended(id, Verdict::Interrupted, false),
                false => Err(ShutOut(passage.shut).into()),
            };
        }
        self.not_passed(chamber, &id, &passage);
        ended(id, Verdict::Wanting, true)
    }

    fn used(id: &str, number: DecreeNumber, other: &Decree) -> Verdict {
        crate::commands::page::aside!(
            "parliament: this is not passed: under the id {id} another decree was petitioned, and is decree {number}: {other}\n\
             A petition counts once under its id; ask for another decree under another --id, or under none."
        );
        Verdict::Wanting
    }

    /// Says what is known of a petition that was not seen to pass: never that it failed.
    fn not_passed(&self, chamber: &Chamber, id: &str, passage: &Passage) {
        if let Some(contradiction) = &passage.contradiction {
            crate::commands::page::aside!("parliament: {contradiction}");
        }
        let within = self.within.told(self.minute);
        crate::commands::page::aside!("{}", awaited::told(chamber, self.citizen, passage, &within));
        if passage.awaited.is_empty() && passage.passed.is_empty() {
            crate::commands::page::aside!(
                "If a petition was handed in before under the id {id}, that one may yet pass."
            );
        }
    }
}

/// The ledgers, looked at for what is new.
pub struct Watched {
    ledgers: BTreeMap<Name, Following>,
    /// The ledgers that could not be read at the last look, and why.
    unread: BTreeMap<Name, String>,
}

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
        Ok(Watched { ledgers: watched, unread: BTreeMap::new() })
    }

    /// The rows inked since the last look; a ledger that cannot be read is looked at again.
    fn look(&mut self) -> Vec<(Name, Vec<Passed>)> {
        let Watched { ledgers, unread } = self;
        let mut inked = Vec::new();
        for (&name, following) in ledgers {
            let rows = match following.look() {
                Ok(rows) => rows,
                Err(error) => {
                    unread.insert(name, error.to_string());
                    continue;
                }
            };
            unread.remove(&name);
            let passed = rows.into_iter().filter_map(|row| match row.entry {
                Entry::Outcome { number, decree, .. } => Some((number, decree)),
                _ => None,
            });
            let passed: Vec<Passed> = passed.collect();
            if !passed.is_empty() {
                inked.push((name, passed));
            }
        }
        inked
    }
}

/// A citizen outside, who sees the Chamber only through the ledgers. Those inside owe him
/// nothing until one of them has inked his decree.
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

    fn look(&mut self, passed: usize) -> Vec<(Name, Vec<Passed>)> {
        (self.show)(passed);
        let inked = self.ledgers.look();
        if inked.is_empty() {
            std::thread::sleep(LOOK);
        }
        inked
    }

    fn unread(&self) -> BTreeMap<Name, String> {
        self.ledgers.unread.clone()
    }

    fn inside(&self) -> &BTreeSet<Name> {
        &self.inside
    }
}

/// One who is asked has no ledger here.
#[derive(Debug, thiserror::Error)]
#[error("{0} has no ledger in this chamber, and so cannot be asked; those who have one: {1}")]
struct NobodyToAsk(Name, String);

/// The legislators to ask, the likeliest to be inside first: the one who inked last.
///
/// # Errors
/// When the one he wishes to ask has no ledger here.
pub fn whom_to_ask(
    chamber: &Chamber,
    founding: &Founding,
    to: Option<Name>,
) -> Result<Vec<Name>, Failure> {
    let legislators = chamber.legislators(founding)?;
    if let Some(name) = to {
        // A letter to one who lives elsewhere waits in his messagebook here to be carried there.
        if Residents::of(chamber)?.is_some_and(|it| it.live_elsewhere(name)) {
            return Ok(vec![name]);
        }
        if !legislators.contains(&name) {
            let names: Vec<&str> = legislators.iter().map(Name::as_str).collect();
            return Err(NobodyToAsk(name, names.join(", ")).into());
        }
        return Ok(vec![name]);
    }
    let mut names: Vec<Name> = legislators.into_iter().rev().collect();
    names.sort_by_key(|name| std::cmp::Reverse(chamber.inked_last(*name)));
    Ok(names)
}
