//! `parliament office`: who holds an office, from when until when. `[PTP §3.3.3]`

use clap::Args;
use serde_json::json;

use crate::chamber::Chamber;
use crate::god::hour::MINUTE;
use crate::law::offices::CLOCK_ERROR;
use crate::law::{Moment, Phrase};
use crate::synod::{Minutes, Name};

use super::arguments;
use super::inquiry::{Inquiry, Shelved};
use super::page::Page;
use super::{Failure, Verdict};

const EXAMPLES: &str = "\
Examples:
  parliament office \"cheese inspector\"
  parliament office \"cheese inspector\" --at \"8:30 15 Jan 72\"
  parliament office \"cheese inspector\" --may Dikstra";

/// Who holds an office, until when; or whether somebody may act in it.
#[derive(Args)]
#[command(before_help = EXAMPLES)]
pub struct Office {
    /// The office: `cheese inspector`.
    #[arg(value_parser = Phrase::naming)]
    office: Phrase,
    /// At this time, not now; the time of decrees, like that of all records, is UTC.
    #[arg(long, value_name = "TIME")]
    at: Option<Moment>,
    /// Whether he may act in it, by a clock that shows this time and may err.
    #[arg(long, value_name = "NAME")]
    may: Option<Name>,
    /// By how much a clock errs at most, in minutes.
    #[arg(long, value_name = "MINUTES", default_value_t = CLOCK_ERROR, value_parser = arguments::minutes)]
    clock_error: Minutes,
    #[command(flatten)]
    inquiry: Inquiry,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

impl Office {
    /// Runs the command in this chamber.
    ///
    /// # Errors
    /// When there is no Parliament here, or its ledgers cannot be read.
    pub fn run(self, chamber: &Chamber) -> Result<Verdict, Failure> {
        let clock = self.at.or_else(|| Moment::of(chrono::Utc::now().naive_utc()));
        let clock = clock.ok_or("this machine's clock shows no year from 1 to 9999; give --at")?;
        let Shelved { whose, book, .. } = match self.inquiry.answer(chamber, MINUTE, |_, _| {})? {
            Ok(shelved) => shelved,
            Err(not_yet) => {
                anstream::eprintln!("parliament: {not_yet}");
                return Ok(Verdict::Wanting);
            }
        };
        let (office, offices) = (&self.office, &book.state().offices);
        let term = offices.term_at(office, clock);
        let may = self.may.map(|name| offices.may_act(office, name, clock, self.clock_error));
        if self.json {
            let told = json!({
                "version": 1, "office": office, "at": clock, "term": term, "mayAct": may,
                "terms": offices.terms(office), "ledger": whose,
                "completeThrough": book.complete_through(),
            });
            Page::open().line(&told.to_string())?;
        } else {
            let held = match term {
                Some(term) => format!("{} is {office} until {}", term.holder, term.until),
                None => format!("Nobody is {office} at {clock}"),
            };
            let line = match (self.may, may) {
                (Some(name), Some(true)) => format!("{name} may act as {office} at {clock}"),
                (Some(name), _) => format!("{name} may not act as {office} at {clock}"),
                (None, _) => held,
            };
            Page::open().line(&line)?;
        }
        Ok(if may.unwrap_or(term.is_some()) { Verdict::Done } else { Verdict::Wanting })
    }
}
