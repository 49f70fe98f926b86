//! `parliament office`: who holds an office, from when until when. `[PTP §3.3.3]`

use clap::Args;
use serde_json::json;

use crate::chamber::{Chamber, wall_clock};
use crate::law::calendar::{LONGEST_TERM, Term};
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
  parliament pass \"Cheese is inspected\"       # founds the chamber
  parliament sit --quiet &                    # keeps it open
  parliament office \"cheese inspector\" --appoint Dikstra --months 3
  parliament office \"cheese inspector\"
  parliament office \"cheese inspector\" --at \"8:30 15 Jan 72\"   # exit code 1
  parliament office \"cheese inspector\" --may Dikstra --clock-error 0
  parliament office \"cheese inspector\" --resign Dikstra
  parliament office \"specialist on olive\" --appoint Oki --months 3
  parliament office \"specialist on olive\" --take Oki --clock-error 0
  parliament law get \"olive tax\" --specialist --clock-error 0  # exit code 1
  kill $!                                     # closes it";

/// Show who holds an office, and until when; ask if somebody may act in it; or appoint somebody.
#[derive(Args)]
#[command(before_help = EXAMPLES)]
pub struct Office {
    /// The office: `cheese inspector`.
    #[arg(value_parser = Phrase::naming)]
    office: Phrase,
    #[command(flatten)]
    clock: Clock,
    /// Ask whether he may act in it, by a clock that shows this time and may err.
    #[arg(long, value_name = "NAME")]
    may: Option<Name>,
    /// Pass a decree that appoints him, from now or the end of the last term.
    #[arg(long, value_name = "NAME", requires = "months", conflicts_with_all = ["may", "resign"])]
    appoint: Option<Name>,
    /// For how many months he is appointed.
    #[arg(long, value_name = "N", requires = "appoint", value_parser = clap::value_parser!(u32).range(1..=i64::from(LONGEST_TERM)))]
    months: Option<u32>,
    /// Pass a decree for his resignation.
    #[arg(long, value_name = "NAME", conflicts_with = "may")]
    resign: Option<Name>,
    /// Pass a decree for him to take office, if he may act in it: before a specialist answers.
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
            let why = self.why(offices, name, clock);
            crate::commands::page::aside!(
                "parliament: {name} may not act as {office} at {clock}: {why}"
            );
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
        let why = self.may.map(|name| self.why(offices, name, clock));
        let may = self.may.map(may);
        if self.view.json {
            let told = json!({
                "version": 1, "office": office, "at": clock, "term": term, "mayAct": may,
                "why": why,
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
            let line = why.map_or(line.clone(), |why| format!("{line}: {why}"));
            Page::open().line(&line)?;
            crate::commands::page::aside!("{}", as_of(&whose, &book));
        }
        Ok(if may.unwrap_or(term.is_some()) { Verdict::Done } else { Verdict::Wanting })
    }

    /// Why somebody may act in the office at this time, or may not: his terms, and what a clock
    /// that errs takes from both of their ends. `[PTP §3.3.3]`
    fn why(&self, offices: &Offices, name: Name, clock: Moment) -> String {
        let (office, errs) = (&self.office, self.clock.clock_error);
        let is_his = |term: &Term| term.holder == name;
        let term = match offices.term_at(office, clock) {
            Some(term) if is_his(term) => term,
            other => {
                let mut his = offices.terms(office).iter().filter(|term| is_his(term));
                return match (his.clone().find(|term| term.from > clock), his.next_back(), other) {
                    (Some(next), ..) => format!("his term begins at {}", next.from),
                    (None, Some(last), _) => format!("his term ended at {}", last.until),
                    (_, None, Some(Term { holder, until, .. })) => {
                        format!("no decree appointed him, and {holder} holds it until {until}")
                    }
                    (_, None, None) => "no decree appointed him".into(),
                };
            }
        };
        let Term { from, until, appointed_by, .. } = term;
        if offices.may_act(office, name, clock, errs) {
            return format!("decree {appointed_by} appointed him from {from} until {until}");
        }
        let earliest = clock.minus(errs).and_then(|at| offices.term_at(office, at));
        let shown = |at: Option<Moment>| at.map_or("never".into(), |at| at.to_string());
        if earliest.is_some_and(is_his) {
            let ends = shown(until.minus(errs));
            return format!(
                "his term ends at {until}, and his clock may err by {errs} min: he stops when it shows {ends}"
            );
        }
        let begins = shown(from.plus(errs));
        format!(
            "his term began at {from}, and his clock may err by {errs} min: he begins when it shows {begins}"
        )
    }

    /// The decree that is to be passed, if one is.
    fn decree(&self, clock: Moment, offices: &Offices) -> Option<Meaning> {
        let office = self.office.clone();
        if let Some(name) = self.take {
            return Some(Meaning::TakesOffice { proposed: clock, name, office });
        }
        // Times rise with decree numbers, even if somebody's clock is slow.
        let proposed = clock.max(offices.latest().unwrap_or(clock));
        if let Some(name) = self.resign {
            return Some(Meaning::Resigns { proposed, name, office });
        }
        let (name, months) = (self.appoint?, self.months?);
        Some(Meaning::Appoints { proposed, name, office, months })
    }
}
