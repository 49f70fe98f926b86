//! `parliament watch`: the chronicle, live in the terminal or the browser, while a chamber sits.

use std::io::IsTerminal;
use std::time::Duration;

use clap::Args;

use crate::chamber::Chamber;

use super::arguments;
use super::watched::Watched;
use super::{Failure, Verdict};

const EXAMPLES: &str = "\
Examples:
  # In another terminal, so that there is something to see: parliament sit
  parliament pass \"Goats may graze\"
  parliament watch                            # until Ctrl-C
  parliament watch --web                      # until Ctrl-C: in the browser
  parliament watch --web --for 1s";

/// Watch a chamber while it sits: every message, every ledger, and why, in terminal or browser.
///
/// Nothing is written and nobody is disturbed: it is drawn from the records alone, as
/// `parliament chronicle` draws it. If the chamber is not founded yet, it waits.
#[derive(Args)]
#[command(before_help = EXAMPLES)]
pub struct Watch {
    /// How many events to keep for scrolling back.
    #[arg(long, value_name = "N", default_value = "5000", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    keep: u32,
    /// How long a Paxon minute lasts in the chamber.
    #[arg(long, value_name = "DURATION", default_value = "20ms", value_parser = arguments::minute)]
    minute: Duration,
    #[cfg(feature = "web")]
    #[command(flatten)]
    window: super::window::Window,
}

/// Nobody would see anything.
#[derive(Debug, thiserror::Error)]
#[error(
    "`parliament watch` needs a terminal; `parliament watch --web` shows it in the browser, and \
     `parliament chronicle` draws it as text, SVG or HTML"
)]
struct NoTerminal;

impl Watch {
    /// Runs the command in this chamber.
    ///
    /// # Errors
    /// When there is no terminal, or the records cannot be read.
    pub fn run(self, chamber: &Chamber) -> Result<Verdict, Failure> {
        let chamber = chamber.clone();
        let watched = move || Watched::of(&chamber, self.minute, self.keep as usize);
        #[cfg(feature = "web")]
        if self.window.is_open() {
            return self.window.run(watched);
        }
        if !(std::io::stdout().is_terminal() && std::io::stdin().is_terminal()) {
            return Err(NoTerminal.into());
        }
        in_the_terminal(watched())
    }
}

#[cfg(feature = "tui")]
fn in_the_terminal(watched: Watched) -> Result<Verdict, Failure> {
    super::watcher::show(watched, super::ending::catch_interrupts()?)
}

#[cfg(not(feature = "tui"))]
fn in_the_terminal(_: Watched) -> Result<Verdict, Failure> {
    Err("this program was built without the feature `tui`; `parliament watch --web` shows it in the browser".into())
}
