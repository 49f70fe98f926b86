//! `parliament office`: who holds an office, from when until when. `[PTP §3.3.3]`

use clap::Args;
use serde_json::json;

use crate::chamber::{Chamber, wall_clock};
use crate::law::calendar::LONGEST_TERM;
use crate::law::{Meaning, Moment, Offices, Phrase};
use crate::words::{Decree, Name};

use super::arguments::Clock;
use super::page::Page;
use super::petition::Asking;
use super::shelf::Shelved;
use super::shelf::inquiry::Whom;
use super::shelf::inquiry::{View, as_of};
use super::shelf::refusals::refuse_far_dates;
use super::{Failure, Verdict};

const EXAMPLES: &str = "\
Examples:
  parliament office \"cheese inspector\"
  parliament office \"cheese inspector\" --at \"8:30 15 Jan 72\"
  parliament office \"cheese inspector\" --may Dikstra
  parliament office \"cheese inspector\" --appoint Dikstra --months 3
  parliament office \"cheese inspector\" --resign Dikstra
  parliament office \"specialist on olive\" --take Oki";

/// Who holds an office, until when; whether somebody may act in it; or appoint somebody.
#[derive(Args)]
#[command(before_help = EXAMPLES)]
pub struct Office {
    /// The office: `cheese inspector`.
    #[arg(value_parser = Phrase::naming)]
    office: Phrase,
    #[command(flatten)]
    clock: Clock,
    /// Whether he may act in it, by a clock that shows this time and may err.
    #[arg(long, value_name = "NAME")]
    may: Option<Name>,
    /// Pass a decree that appoints him, from now or the end of the last term.
    #[arg(long, value_name = "NAME", requires = "months", conflicts_with_all = ["may", "resign"])]
    appoint: Option<Name>,
    /// For how many months he is appointed.
    #[arg(long, value_name = "N", requires = "appoint", value_parser = clap::value_parser!(u32).range(1..=i64::from(LONGEST_TERM)))]
    months: Option<u32>,
    /// Pass a decree by which he resigns.
    #[arg(long, value_name = "NAME", conflicts_with = "may")]
    resign: Option<Name>,
    /// Pass a decree by which he takes office, if he may act in it: before a specialist answers.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["may", "appoint", "resign"])]
    take: Option<Name>,
    /// Pass even a decree dated more than 31 days ahead of this machine's clock: no later term of
    /// office can begin before its date.
    #[arg(long)]
    ahead: bool,
    #[command(flatten)]
    asking: Asking,
    #[command(flatten)]
    view: View,
}

impl Office {
    /// Runs the command in this chamber.
    ///
    /// # Errors
    /// When there is no Parliament here, or its ledgers cannot be read.
    pub fn run(self, chamber: &Chamber) -> Result<Verdict, Failure> {
        let clock = self.clock.shows()?;
        let answer = self.view.inquiry.answer(chamber, self.asking.minute, |_, _| {})?;
        let Shelved { whose, book, .. } = match answer {
            Ok(shelved) => shelved,
            Err(not_now) => {
                crate::commands::page::aside!("parliament: {not_now}");
                return Ok(Verdict::Wanting);
            }
        };
        let (office, offices) = (&self.office, &book.state().offices);
        let may = |name| offices.may_act(office, name, clock, self.clock.clock_error);
        if let Some(name) = self.take.filter(|&name| !may(name)) {
            crate::commands::page::aside!("parliament: {name} may not act as {office} at {clock}");
            return Ok(Verdict::Wanting);
        }
        if let Some(meaning) = self.decree(clock, offices) {
            let decree = Decree::new(&meaning.to_string())?;
            refuse_far_dates(chamber, &[decree], wall_clock(), self.ahead)?;
            if let Some(latest) = offices.latest().filter(|&latest| latest > clock) {
                crate::commands::page::aside!(
                    "An earlier decree is dated {latest}, later than {clock}: this one counts as proposed then (PTP §3.3.3)."
                );
            }
            return self.view.pass(chamber, &self.asking, &meaning, &Whom::MostComplete);
        }
        let term = offices.term_at(office, clock);
        let may = self.may.map(may);
        if self.view.json {
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
            crate::commands::page::aside!("{}", as_of(&whose, &book));
        }
        Ok(if may.unwrap_or(term.is_some()) { Verdict::Done } else { Verdict::Wanting })
    }

    /// The decree that is to be passed, if one is.
    fn decree(&self, clock: Moment, offices: &Offices) -> Option<Meaning> {
        let office = self.office.clone();
        if let Some(name) = self.take {
            return Some(Meaning::TakesOffice { proposed: clock, name, office });
        }
        // Times rise with decree numbers, whoever's clock is slow.
        let proposed = clock.max(offices.latest().unwrap_or(clock));
        if let Some(name) = self.resign {
            return Some(Meaning::Resigns { proposed, name, office });
        }
        let (name, months) = (self.appoint?, self.months?);
        Some(Meaning::Appoints { proposed, name, office, months })
    }
}
