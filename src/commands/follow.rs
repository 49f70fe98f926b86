//! `parliament follow`: a machine that holds no priest and learns all decrees. `[PTP §3.3.4]`

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use clap::Args;
use serde_json::json;

use crate::chamber::Chamber;
use crate::law::Enacted;
use crate::words::{Decree, DecreeNumber};

use super::page::{Page, aside};
use super::sea::Carrying;
use super::shelf::{LOOK, Shelf};
use super::{Failure, Verdict};

const EXAMPLES: &str = "\
Example:
  parliament follow       # exit code 2, since no sea is here yet";

/// Follow all decrees on a machine that holds no priest, until Ctrl-C.
///
/// `parliament sea join TICKET --machine NAME` joins without a priest. Such a machine copies the
/// ledgers of the others and prints each decree when one of the copies is complete through it. It
/// sends no letters and has no vote. Meanwhile other commands read the copies: `parliament law
/// --chamber abroad`.
#[derive(Args)]
#[command(before_help = EXAMPLES)]
pub struct Follow {
    /// Begin with the decrees after this one; by default, with what is still to come.
    #[arg(long, value_name = "N")]
    after: Option<DecreeNumber>,
    /// Print one JSON object per line.
    #[arg(long)]
    json: bool,
}

/// How often it is looked whether copies of further ledgers have come.
const NEW_COPIES: Duration = Duration::from_millis(500);

impl Follow {
    /// Runs the command on this machine.
    ///
    /// # Errors
    /// When this machine has joined no Parliament or holds a priest, or does not carry.
    pub fn run(&self, chamber: &Chamber) -> Result<Verdict, Failure> {
        holds_no_priest(chamber)?;
        let interrupted = super::ending::catch_interrupts()?;
        let _carrying = Carrying::begin(chamber.root(), true)?;
        aside!("Following. Ctrl-C ends it; the copies stay: --chamber abroad reads them.");
        let mut told = Told { page: Page::open(), through: self.after, json: self.json };
        let copies = Chamber::at(chamber.abroad());
        let is_over = || interrupted.load(Ordering::Relaxed);
        while !is_over() && !told.page.is_closed() {
            match Copies::of(&copies)? {
                Some(copies) => copies.follow(&mut told, &is_over)?,
                None => std::thread::sleep(NEW_COPIES),
            }
        }
        Ok(Verdict::Done)
    }
}

/// Refuses a machine that holds a priest. One that has not joined is refused by its courier.
fn holds_no_priest(chamber: &Chamber) -> Result<(), Failure> {
    match chamber.names()?.first() {
        None => Ok(()),
        Some(name) => Err(format!(
            "{name} lives on this machine, whose own ledgers tell the law: `parliament law follow`"
        )
        .into()),
    }
}

/// Where decrees are printed, and through which one they are.
struct Told {
    page: Page,
    /// `None` until it is known what was here before.
    through: Option<DecreeNumber>,
    json: bool,
}

impl Told {
    /// Prints decrees that became known, and through which number all are.
    fn tell(
        &mut self,
        decrees: BTreeMap<DecreeNumber, Decree>,
        now: DecreeNumber,
    ) -> io::Result<()> {
        let from = *self.through.get_or_insert(now);
        if now <= from {
            return Ok(());
        }
        for (number, decree) in decrees.range(from + 1..=now) {
            if self.json {
                let told = json!({ "version": 1, "number": number, "decree": decree.text(), "completeThrough": now });
                self.page.line(&told.to_string())?;
            } else {
                self.page.line(&format!("{number}: {decree}"))?;
            }
        }
        if !self.json {
            self.page.line(&format!("complete through {now}"))?;
        }
        self.through = Some(now);
        Ok(())
    }
}

/// The copies of ledgers that are here now.
struct Copies<'a> {
    chamber: &'a Chamber,
    shelf: Shelf,
    known: usize,
}

impl Copies<'_> {
    /// `None` while there is no copy that says who sits.
    fn of(chamber: &Chamber) -> Result<Option<Copies<'_>>, Failure> {
        let known = chamber.names()?.len();
        if known == 0 || chamber.founding()?.is_none() {
            return Ok(None);
        }
        Ok(Some(Copies { chamber, shelf: Shelf::of(chamber, None, true)?, known }))
    }

    /// Follows them until it is over, or a copy of a further ledger has come.
    fn follow(mut self, told: &mut Told, is_over: &dyn Fn() -> bool) -> Result<(), Failure> {
        let mut looked = Instant::now();
        while !is_over() && !told.page.is_closed() {
            let mut decrees = BTreeMap::new();
            self.shelf.look(&mut |_, Enacted { number, decree, .. }| {
                decrees.insert(number, decree);
            })?;
            told.tell(decrees, self.shelf.complete_through())?;
            std::thread::sleep(LOOK);
            if looked.elapsed() > NEW_COPIES {
                looked = Instant::now();
                if self.chamber.names()?.len() > self.known {
                    break;
                }
            }
        }
        Ok(())
    }
}
