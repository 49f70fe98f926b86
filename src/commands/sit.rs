//! `parliament sit` and `parliament priest`: the Parliament sits until Ctrl-C. `[PTP §3]`

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use std::time::Duration;

use clap::Args;

use crate::chamber::{Chamber, LedgerError, read_ledger, wall_clock};
use crate::god::news::{Curiosity, News, Tiding};
use crate::god::parliament::{Assembly, Manner};
use crate::god::{Convening, Counts, GodError};
use crate::law::Meaning;
use crate::story;
use crate::words::shown::counted;
use crate::words::{Decree, DecreeNumber, Founding, Minutes, Name};

use super::arguments::Length;
use super::attendance::{Attendance, Founders, Invited};
use super::chair::Chair;
use super::crier::Crier;
use super::output::Output;
use super::page::story_line;
use super::repeats::Repeats;
use super::sea::Carrying;
use super::shelf::residents::Residents;
use super::world::{Circumstances, LongLedgers};
use super::{Failure, Verdict};

const EXAMPLES: &str = "\
Examples:
  parliament sit                              # until Ctrl-C
  parliament sit --chamber three --priests 3 --alpha 1000   # until Ctrl-C
  parliament sit --restate 500                # until Ctrl-C
  parliament sit --chamber hill --priests A,B,C --here A    # until Ctrl-C
  # Lynch comes in from another terminal: parliament priest Lynch
  parliament sit --absent Lynch               # until Ctrl-C";

/// Keep the Chamber open until Ctrl-C; citizens hand in petitions meanwhile.
#[derive(Args)]
#[command(before_help = EXAMPLES)]
pub struct Sit {
    #[command(flatten)]
    attendance: Attendance,
    /// While an absent legislator owes an answer to a NextBallot or BeginBallot, nobody's hourglass
    /// runs, for `--within` at most: so you may play him by hand, in an editor.
    #[arg(long, conflicts_with = "delay")]
    patient: bool,
    /// For how long in all hourglasses may stand still: Paxon minutes, or wall time such as `5m`.
    #[arg(long, value_name = "MINUTES", default_value = "10m", requires = "patient")]
    within: Length,
    #[command(flatten)]
    how: How,
}

/// Bring in only this priest, in a process of his own.
///
/// Any number of these, and of Gods with other priests, may share a chamber.
#[derive(Args)]
#[command(
    before_help = "Examples:\n  parliament priest Lynch          # until Ctrl-C\n  parliament priest Lynch --poll   # until Ctrl-C"
)]
pub struct Alone {
    /// The priest.
    name: Name,
    #[command(flatten)]
    founders: Founders,
    #[command(flatten)]
    how: How,
}

/// How a sitting is told.
#[derive(Args)]
struct How {
    #[command(flatten)]
    world: Circumstances,
    /// As president, restate a matter of the law every this many Paxon minutes, in a cycle: so law
    /// books that were spoilt agree again (PTP §3.3.5). One at least.
    #[arg(long, value_name = "MINUTES")]
    restate: Option<Length>,
    #[command(flatten)]
    long: LongLedgers,
    /// Carry letters between this machine and the others meanwhile: docs/sea.md.
    #[arg(long)]
    sea: bool,
    /// Print errors only.
    #[arg(long, short)]
    quiet: bool,
    /// Print every act, with its section of the paper.
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
        let patience = self.patient.then(|| self.within.lasts(self.how.world.minute));
        self.how.sit(chamber, self.attendance.invite(chamber)?, patience)
    }
}

impl Alone {
    /// Runs the command in this chamber.
    ///
    /// # Errors
    /// Whatever keeps the priest from entering: exit code 2.
    pub fn run(self, chamber: &Chamber) -> Result<Verdict, Failure> {
        let mut invited = self.founders.invite(chamber)?;
        if !invited.sitting.contains(&self.name) {
            return Err(invited.stranger(self.name).into());
        }
        if let Some(elsewhere) = invited.lives_elsewhere(self.name) {
            return Err(elsewhere.into());
        }
        invited.inside = vec![self.name];
        self.how.sit(chamber, invited, None)
    }
}

impl How {
    /// Sits until Ctrl-C, with this much patience for those who are played by hand.
    fn sit(
        &self,
        chamber: &Chamber,
        invited: Invited,
        patience: Option<Duration>,
    ) -> Result<Verdict, Failure> {
        let trace = self.world.traced()?;
        let interrupted = super::ending::catch_interrupts()?;
        let is_quiet = self.quiet || self.json;
        let carrying = self.sea.then(|| Carrying::begin(chamber.root(), is_quiet)).transpose()?;
        invited.make_ready(chamber)?;
        let curiosity = if self.verbose { Curiosity::Acts } else { Curiosity::Decrees };
        let convening = self.world.convening(chamber, invited.inside.clone(), curiosity);
        let convening = Convening { trace: trace.map(Output::paper), ..convening };
        let least = |every: Length| every.in_minutes(self.world.minute).max(Minutes::whole(1));
        let manner = Manner {
            silent: curiosity < Curiosity::Acts,
            restate: self.restate.map(least),
            law_book_every: self.long.law_book_every(),
        };
        let mut assembly = convene(&convening, &invited.founding, manner)?;
        if let Some(at_most) = patience {
            assembly.be_patient(chamber, at_most)?;
        }
        let residents = Residents::of(chamber)?;
        let inside = invited.inside;
        let mut teller = Teller {
            how: self,
            crier: Crier::begin(self.world.page())?,
            told: BTreeSet::new(),
            told_through: 0,
            chair: Chair::default(),
            repeats: Repeats::default(),
            inside,
            residents,
        };
        teller.announce();
        while !interrupted.load(Ordering::Relaxed) {
            if let Some(news) = assembly.hear() {
                teller.tell(&news);
            }
        }
        let outside: Vec<&Name> =
            teller.inside.iter().filter(|name| !assembly.inside().contains(name)).collect();
        let outside: Vec<&str> = outside.into_iter().map(Name::as_str).collect();
        let by_hand = assembly.by_hand();
        let (counts, _, living) = assembly.close();
        drop(carrying);
        teller.close(&counts, &by_hand);
        if !outside.is_empty() {
            let names = outside.join(", ");
            teller.crier.aside(format!("Not in the Chamber when it was closed: {names}."));
        }
        for path in teller.inside.iter().map(|&name| chamber.ledger(name)) {
            if let Err(error) = read_ledger(&path) {
                teller.crier.aside(format!("{}: {error}", path.display()));
            }
        }
        teller.crier.end();
        match living {
            Ok(()) => Ok(Verdict::Done),
            Err(dead) => Err(format!("a fault in this program ended {dead:?}").into()),
        }
    }
}

/// Convenes the Chamber.
fn convene(
    convening: &Convening,
    founding: &Founding,
    manner: Manner,
) -> Result<Assembly, GodError> {
    once_more_if_taken(
        || Assembly::convene(convening, founding.clone(), manner),
        || std::thread::sleep(Duration::from_millis(300)),
    )
}

/// A ledger that another body holds is asked for once more a little later: one who only came to
/// hand in petitions lays it down at once.
fn once_more_if_taken<T>(
    convene: impl Fn() -> Result<T, GodError>,
    wait: impl FnOnce(),
) -> Result<T, GodError> {
    match convene() {
        Err(GodError::Ledger(LedgerError::Taken { .. })) => {
            wait();
            convene()
        }
        convened => convened,
    }
}

/// How many of the numbers told last are remembered: decrees may be inked out of order, but only
/// within the window of α numbers, and those who catch up.
const REMEMBERED: usize = 100_000;

/// Tells a sitting as it goes.
struct Teller<'a> {
    how: &'a How,
    /// The thread that prints, so that a reader who does not read delays nobody.
    crier: Crier,
    /// The numbers told last: each decree is told once, when the first ledger has it.
    told: BTreeSet<DecreeNumber>,
    /// Through this number all were told, or are too old to be told.
    told_through: DecreeNumber,
    /// The presidents who got no majority.
    chair: Chair,
    /// The errors, and how often each came.
    repeats: Repeats,
    /// The priests whom this God brought in.
    inside: Vec<Name>,
    /// The priests who live on this machine, if the Parliament sits on several.
    residents: Option<Residents>,
}

impl Teller<'_> {
    fn announce(&mut self) {
        let names: Vec<&str> = self.inside.iter().map(Name::as_str).collect();
        self.say(&format!("In the Chamber: {}. Ctrl-C closes it.", names.join(", ")));
        if let Some(told) = self.residents.as_ref().and_then(Residents::told) {
            self.say(&told);
        }
        self.say(
            "From another terminal: parliament petition \"The sale of brown goats is permitted\"\n",
        );
    }

    fn say(&mut self, line: &str) {
        if !self.how.quiet && !self.how.json {
            self.crier.tell(line);
        }
    }

    /// Whether a decree is told now for the first time.
    fn is_new(&mut self, number: DecreeNumber) -> bool {
        let is_new = number > self.told_through && self.told.insert(number);
        if self.told.len() > REMEMBERED {
            self.told_through = self.told.pop_first().unwrap_or(self.told_through);
        }
        is_new
    }

    /// Tells how one whom a decree seats comes in. `[PTP §3.3.6]`
    fn welcome(&mut self, decree: &Decree) {
        match Meaning::of_change_of_members(decree.text()) {
            Some(Meaning::Seats { name, machine, .. }) if !self.inside.contains(&name) => {
                let here = self.residents.as_ref().map(Residents::machine);
                let there = machine.filter(|_| here.is_some() && machine != here);
                let where_to = there.map_or_else(String::new, |it| format!(" on {it}"));
                self.say(&format!(
                    "           `parliament priest {name}`{where_to} brings {name} in; God has a ledger for him"
                ));
            }
            _ => {}
        }
    }

    /// Tells the counts of the whole sitting, and where rows were written by hand.
    fn close(&mut self, counts: &Counts, by_hand: &[String]) {
        self.say(&format!(
            "\nThe Chamber is closed. {} sent, {} inked in {}.",
            counted(counts.sent, "letter"),
            counted(counts.inked, "row"),
            counted(counts.dried, "drying"),
        ));
        if self.how.json {
            let told = serde_json::json!({ "event": "closed", "sent": counts.sent, "inked": counts.inked, "byHand": by_hand });
            self.crier.tell(&told.to_string());
        } else if !by_hand.is_empty() {
            self.say(&format!("Written by hand: {}.", by_hand.join(", ")));
        }
    }

    /// Prints a piece of news. The sitting goes on even if the printing fails.
    fn tell(&mut self, news: &News) {
        self.chair.hear(news);
        if let Tiding::Knows(decrees) = &news.what {
            for (number, decree) in decrees {
                if !self.is_new(*number) {
                    continue;
                }
                if self.how.json {
                    let told = serde_json::json!({ "event": "passed", "at": news.at, "number": number, "decree": decree.text(), "petition": decree.petition() });
                    self.crier.tell(&told.to_string());
                } else {
                    self.say(&format!("{:>9}  decree {number}: {decree}", news.at.to_string()));
                    self.welcome(decree);
                }
            }
            return;
        }
        if self.how.json {
            if let Some(told) = story::json(news, wall_clock()) {
                self.crier.tell(&told.to_string());
            }
            return;
        }
        let line = if self.how.verbose { story::line(news) } else { self.chair.tell(news) };
        match (line.and_then(|line| self.repeats.tell(news, line)), &news.what) {
            (Some(line), what)
                if matches!(what, Tiding::Left { why: Some(_) } | Tiding::Noticed(_))
                    || news.contradiction().is_some() =>
            {
                self.crier.aside(line);
            }
            (Some(line), _) => self.say(&story_line(&line)),
            (None, _) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chamber::LedgerFile;

    #[test]
    fn only_a_ledger_locked_for_long_keeps_its_priest_out() {
        let root = tempfile::tempdir().unwrap();
        let chamber = Chamber::at(root.path());
        chamber.found(&"Dwork Gray Oki".parse().unwrap()).unwrap();
        let open = || LedgerFile::open(&chamber, "Gray".parse().unwrap()).map_err(GodError::from);
        let held = open().unwrap();
        let refused = once_more_if_taken(open, || {});
        assert!(matches!(refused, Err(GodError::Ledger(LedgerError::Taken { .. }))), "{refused:?}");
        once_more_if_taken(open, || drop(held)).unwrap();
    }
}
