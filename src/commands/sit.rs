//! `parliament sit` and `parliament priest`: the Parliament sits until Ctrl-C. `[PTP §3]`

use std::sync::atomic::Ordering;

use clap::Args;

use crate::chamber::Chamber;
use crate::god::news::{Curiosity, News, Tiding};
use crate::god::parliament::Assembly;
use crate::law::Meaning;
use crate::story;
use crate::synod::{Decree, DecreeNumber, Name};

use super::page::{Page, dim_section};
use super::world::{Attendance, Invited, Misuse, World};
use super::{Failure, Verdict};

const EXAMPLES: &str = "\
Examples:
  parliament sit
  parliament sit --priests 3 --alpha 1000
  parliament sit --absent Lynch        # and in another terminal: parliament priest Lynch";

/// Keep the Chamber open until Ctrl-C; citizens hand in petitions meanwhile.
#[derive(Args)]
#[command(before_help = EXAMPLES)]
pub struct Sit {
    #[command(flatten)]
    attendance: Attendance,
    #[command(flatten)]
    how: How,
}

/// Bring in only this priest, in a process of his own.
///
/// Any number of these, and of Gods with other priests, may share a chamber.
#[derive(Args)]
#[command(before_help = "Examples:\n  parliament priest Lynch\n  parliament priest Lynch --poll")]
pub struct Alone {
    /// Who.
    name: Name,
    #[command(flatten)]
    attendance: Attendance,
    #[command(flatten)]
    how: How,
}

/// How a sitting is told.
#[derive(Args)]
struct How {
    #[command(flatten)]
    world: World,
    /// Tell nothing but what goes wrong.
    #[arg(long, short)]
    quiet: bool,
    /// Tell every act, with its section.
    #[arg(long, short, conflicts_with = "quiet")]
    verbose: bool,
    /// Print one JSON object per line.
    #[arg(long)]
    json: bool,
}

impl Sit {
    /// Runs the command in this chamber.
    ///
    /// # Errors
    /// Whatever keeps the Parliament from sitting: exit code 2.
    pub fn run(self, chamber: &Chamber) -> Result<Verdict, Failure> {
        self.how.sit(chamber, self.attendance.invite(chamber)?)
    }
}

impl Alone {
    /// Runs the command in this chamber.
    ///
    /// # Errors
    /// Whatever keeps the priest from entering: exit code 2.
    pub fn run(self, chamber: &Chamber) -> Result<Verdict, Failure> {
        let mut invited = self.attendance.invite(chamber)?;
        if !invited.sitting.contains(&self.name) {
            return Err(Misuse::Stranger(self.name, invited.founding).into());
        }
        invited.inside = vec![self.name];
        self.how.sit(chamber, invited)
    }
}

impl How {
    fn sit(&self, chamber: &Chamber, invited: Invited) -> Result<Verdict, Failure> {
        invited.make_ready(chamber)?;
        let curiosity = if self.verbose { Curiosity::Acts } else { Curiosity::Decrees };
        let convening = self.world.convening(chamber, invited.inside.clone(), curiosity);
        let interrupted = super::catch_interrupts()?;
        let mut assembly =
            Assembly::convene(&convening, invited.founding, curiosity < Curiosity::Acts)?;
        let inside = invited.inside;
        let mut teller = Teller { how: self, page: Page::open(), told_through: 0, inside };
        teller.announce()?;
        while !interrupted.load(Ordering::Relaxed) {
            if let Some(news) = assembly.hear() {
                teller.tell(&news)?;
            }
        }
        let (counts, _, living) = assembly.close();
        teller.say(&format!(
            "\nThe Chamber is closed; every ledger is whole. {} letters sent, {} rows inked in {} dryings.",
            counts.sent, counts.inked, counts.dried
        ))?;
        match living {
            Ok(()) => Ok(Verdict::Done),
            Err(dead) => Err(format!("a fault in this program ended {dead:?}").into()),
        }
    }
}

/// Tells a sitting as it goes.
struct Teller<'a> {
    how: &'a How,
    page: Page,
    /// Each decree is told once, by whoever inks it first.
    told_through: DecreeNumber,
    /// Whom this God brought in.
    inside: Vec<Name>,
}

impl Teller<'_> {
    fn announce(&mut self) -> std::io::Result<()> {
        let names: Vec<&str> = self.inside.iter().map(Name::as_str).collect();
        self.say(&format!("In the Chamber: {}. Ctrl-C closes it.", names.join(", ")))?;
        self.say(
            "From another terminal: parliament petition \"The sale of brown goats is permitted\"\n",
        )
    }

    fn say(&mut self, line: &str) -> std::io::Result<()> {
        if self.how.quiet || self.how.json { Ok(()) } else { self.page.line(line) }
    }

    /// Tells how one whom a decree seats comes in. `[PTP §3.3.6]`
    fn welcome(&mut self, decree: &Decree) -> std::io::Result<()> {
        match Meaning::of_change_of_members(decree.text()) {
            Some(Meaning::Seats { name, .. }) if !self.inside.contains(&name) => self.say(&format!(
                "           `parliament priest {name}` brings {name} in; God has a ledger for him"
            )),
            _ => Ok(()),
        }
    }

    fn tell(&mut self, news: &News) -> std::io::Result<()> {
        if let Tiding::Knows(decrees) = &news.what {
            let first_told = |number: &DecreeNumber| *number > self.told_through;
            let new: Vec<_> = decrees.iter().filter(|(number, _)| first_told(number)).collect();
            for (number, decree) in new {
                self.told_through = self.told_through.max(*number);
                if self.how.json {
                    let told = serde_json::json!({ "event": "passed", "at": news.at, "number": number, "decree": decree.text(), "petition": decree.petition() });
                    self.page.line(&told.to_string())?;
                } else {
                    self.say(&format!("{:>9}  decree {number}: {decree}", news.at.to_string()))?;
                    self.welcome(decree)?;
                }
            }
            return Ok(());
        }
        if self.how.json {
            let told = story::json(news, chrono::Utc::now());
            return told.map_or(Ok(()), |told| self.page.line(&told.to_string()));
        }
        match (story::line(news), &news.what) {
            (Some(line), Tiding::Left { why: Some(_) } | Tiding::Noticed(_)) => {
                anstream::eprintln!("{line}");
                Ok(())
            }
            (Some(line), _) => self.say(&dim_section(&line)),
            (None, _) => Ok(()),
        }
    }
}
