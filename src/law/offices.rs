//! Bureaucrats: the holders of offices, and their terms. `[PTP §3.3.3]`

use std::collections::BTreeMap;

use serde::Serialize;

use super::calendar::{Moment, Term};
use super::phrase::Phrase;
use super::response::Refusal;
use crate::words::{DecreeNumber, Minutes, Name};

/// The largest error of a clock: Paxons told time by the sun and stars to within 15 minutes.
/// `[PTP §3.3.3]`
pub const CLOCK_ERROR: Minutes = Minutes::whole(15);

/// A decree in which somebody took office. `[PTP §3.3.4]` Ours.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, Serialize)]
pub struct Taken {
    /// The bureaucrat.
    pub by: Name,
    /// The time, by his own clock.
    pub at: Moment,
    /// The decree's number.
    pub decree: DecreeNumber,
}

/// Every office with its terms, which never overlap.
#[derive(Clone, PartialEq, Eq, Debug, Default, Hash)]
pub struct Offices {
    terms: BTreeMap<Phrase, Vec<Term>>,
    /// The last decree in which each office was taken.
    taken: BTreeMap<Phrase, Taken>,
    /// The latest time in any decree, and the first decree with that time.
    latest: Option<(Moment, DecreeNumber)>,
}

impl Offices {
    /// Every office that has or had a term, in alphabetical order, with its terms in order of time.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Phrase, &[Term])> {
        self.terms.iter().map(|(office, terms)| (office, terms.as_slice()))
    }

    /// The terms of an office, in order of time.
    #[must_use]
    pub fn terms(&self, office: &Phrase) -> &[Term] {
        self.terms.get(office).map_or(&[], Vec::as_slice)
    }

    /// The term of an office that runs at this true time. A bureaucrat knows only his own clock,
    /// and uses [`Offices::may_act`] instead.
    #[must_use]
    pub fn term_at(&self, office: &Phrase, at: Moment) -> Option<&Term> {
        self.terms(office).iter().find(|term| term.holds(at))
    }

    /// Whether somebody may act in an office when his own clock shows `clock`, with an error of at
    /// most `clock_error`. `[PTP §3.3.3]`
    ///
    /// He waits out the error before he begins: appointed from 8:30, he begins when his clock shows
    /// 8:45. **Departure:** he also ends that much before his term does, which the paper does not
    /// mention. With a slow clock he would otherwise be in office together with his successor. If
    /// his own next term follows, neither wait is needed.
    #[must_use]
    pub fn may_act(
        &self,
        office: &Phrase,
        name: Name,
        clock: Moment,
        clock_error: Minutes,
    ) -> bool {
        let (Some(earliest), Some(latest)) = (clock.minus(clock_error), clock.plus(clock_error))
        else {
            return false;
        };
        self.holds(office, name, earliest, latest)
    }

    /// Whether somebody holds an office from one moment through another, without a gap.
    pub(super) fn holds(&self, office: &Phrase, name: Name, from: Moment, through: Moment) -> bool {
        let mut uncovered = from;
        for term in self.terms(office).iter().filter(|term| term.holder == name) {
            if term.holds(uncovered) {
                uncovered = term.until;
            }
        }
        uncovered > through
    }

    /// The last decree in which an office was taken. That term may have ended since.
    #[must_use]
    pub fn taken(&self, office: &Phrase) -> Option<&Taken> {
        self.taken.get(office)
    }

    /// The latest time in any decree. The next president writes no earlier time, so that times rise
    /// with decree numbers, even from one president to the next. `[PTP §3.3.3]`
    #[must_use]
    pub fn latest(&self) -> Option<Moment> {
        self.latest.map(|(moment, _)| moment)
    }

    /// The last decree in which each office was taken, in alphabetical order of the offices.
    pub(super) fn all_taken(&self) -> impl Iterator<Item = (&Phrase, &Taken)> {
        self.taken.iter()
    }

    /// The latest time, and the first decree with that time.
    pub(super) fn latest_with_number(&self) -> Option<(Moment, DecreeNumber)> {
        self.latest
    }

    /// Adds a term from a law book after the other terms of its office.
    pub(super) fn enter(&mut self, office: Phrase, term: Term) {
        self.terms.entry(office).or_default().push(term);
    }

    /// Sets the last decree in which an office was taken, from a law book.
    pub(super) fn enter_taken(&mut self, office: Phrase, taken: Taken) {
        self.taken.insert(office, taken);
    }

    /// Notes the time in decree `number`, and returns the time that counts: the later of it and the
    /// latest time before.
    pub(super) fn proposed(&mut self, number: DecreeNumber, time: Moment) -> Moment {
        match self.latest {
            Some((latest, _)) if latest >= time => latest,
            _ => {
                self.latest = Some((time, number));
                time
            }
        }
    }

    /// Appoints `holder` by decree `number` for this many months, from `proposed` or the end of the
    /// last term, whichever is later.
    pub(super) fn appoint(
        &mut self,
        number: DecreeNumber,
        proposed: Moment,
        holder: Name,
        office: Phrase,
        months: u32,
    ) -> Result<Term, Refusal> {
        let last = self.terms(&office).last();
        let from = last.map_or(proposed, |last| last.until.max(proposed));
        let until = from.plus_months(months).ok_or(Refusal::CalendarEnds)?;
        let term = Term { holder, from, until, appointed_by: number };
        self.terms.entry(office).or_default().push(term);
        Ok(term)
    }

    /// Ends `name`'s present term of an office now, and removes his later ones.
    pub(super) fn resign(
        &mut self,
        proposed: Moment,
        name: Name,
        office: &Phrase,
    ) -> Result<(), Refusal> {
        let refusal = || Refusal::NoOffice { name, office: office.clone() };
        let terms = self.terms.get_mut(office).ok_or_else(refusal)?;
        let is_his = |term: &Term| term.holder == name && term.until > proposed;
        if !terms.iter().any(is_his) {
            return Err(refusal());
        }
        for term in terms.iter_mut().filter(|term| is_his(term)) {
            term.until = proposed;
        }
        // Terms that had not begun now end before they begin. They are removed.
        terms.retain(|term| term.from < term.until);
        if terms.is_empty() {
            self.terms.remove(office);
        }
        Ok(())
    }

    /// Notes by decree `number` that `by` takes an office, `at` the time of his own clock.
    ///
    /// The time counts as written. If it counted as the latest time before, a clock that showed a
    /// time before the term could seem to show one within it.
    pub(super) fn take(
        &mut self,
        number: DecreeNumber,
        at: Moment,
        by: Name,
        office: &Phrase,
    ) -> Result<(), Refusal> {
        if !self.holds(office, by, at, at) {
            return Err(Refusal::NotNow { name: by, office: office.clone(), at });
        }
        self.taken.insert(office.clone(), Taken { by, at, decree: number });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Moment {
        text.parse().unwrap()
    }

    fn name(text: &str) -> Name {
        text.parse().unwrap()
    }

    fn inspector() -> Phrase {
        Phrase::new("cheese inspector").unwrap()
    }

    /// Offices after these appointments as cheese inspector, by decrees 1, 2 and so on.
    fn appointing(appointments: &[(&str, &str, u32)]) -> Offices {
        let mut offices = Offices::default();
        for (number, (proposed, holder, months)) in (1..).zip(appointments) {
            let proposed = offices.proposed(number, at(proposed));
            offices.appoint(number, proposed, name(holder), inspector(), *months).unwrap();
        }
        offices
    }

    #[test]
    fn dikstra_inspects_no_cheese_before_his_clock_shows_8_45() {
        let offices = appointing(&[("8:30 15 Jan 72", "Dikstra", 3)]);
        let may = |clock| offices.may_act(&inspector(), name("Dikstra"), at(clock), CLOCK_ERROR);
        assert!(!may("8:44 15 Jan 72") && may("8:45 15 Jan 72"));
        assert!(may("8:14 15 Apr 72") && !may("8:15 15 Apr 72"), "near the end");
        let nobodys = Phrase::new("wine taster").unwrap();
        let clock = at("8:45 15 Feb 72");
        assert!(!offices.may_act(&nobodys, name("Dikstra"), clock, CLOCK_ERROR));
        assert!(!offices.may_act(&inspector(), name("Gouda"), clock, CLOCK_ERROR));
    }

    #[test]
    fn a_successor_waits_for_the_end_of_the_term_and_for_the_clocks() {
        let offices =
            appointing(&[("8:30 15 Jan 72", "Dikstra", 3), ("9:00 1 Feb 72", "Gouda", 1)]);
        let holder = |moment| offices.term_at(&inspector(), at(moment)).map(|term| term.holder);
        assert_eq!(holder("8:29 15 Apr 72"), Some(name("Dikstra")));
        assert_eq!(holder("8:30 15 Apr 72"), Some(name("Gouda")));
        assert_eq!(holder("8:30 15 May 72"), None);
        let may = |who: &str, clock: &str| {
            offices.may_act(&inspector(), name(who), at(clock), CLOCK_ERROR)
        };
        for minute in 15..=44 {
            let clock = format!("8:{minute} 15 Apr 72");
            assert!(!may("Dikstra", &clock) && !may("Gouda", &clock), "{clock}");
        }
        assert!(may("Gouda", "8:45 15 Apr 72"));
    }

    #[test]
    fn in_a_vacant_office_a_term_begins_when_it_is_proposed() {
        let offices =
            appointing(&[("8:30 15 Jan 72", "Dikstra", 3), ("9:00 1 Dec 72", "Gouda", 1)]);
        assert_eq!(offices.terms(&inspector())[1].from, at("9:00 1 Dec 72"));
        assert_eq!(offices.term_at(&inspector(), at("8:59 1 Dec 72")), None);
    }

    #[test]
    fn a_term_extended_has_no_gap() {
        let offices =
            appointing(&[("8:30 15 Jan 72", "Dikstra", 3), ("8:00 10 Apr 72", "Dikstra", 3)]);
        for clock in ["8:15 15 Apr 72", "8:30 15 Apr 72", "8:44 15 Apr 72"] {
            assert!(offices.may_act(&inspector(), name("Dikstra"), at(clock), CLOCK_ERROR));
        }
    }

    #[test]
    fn a_time_that_goes_back_counts_as_the_latest_before_it() {
        let offices =
            appointing(&[("9:45 9 Apr 78", "Francez", 2), ("9:20 9 Apr 78", "Pnueli", 1)]);
        assert_eq!(offices.latest(), Some(at("9:45 9 Apr 78")));
        let mut other = offices.clone();
        let resigned = other.proposed(3, at("9:30 9 Apr 78"));
        other.resign(resigned, name("Francez"), &inspector()).unwrap();
        assert_eq!(other.term_at(&inspector(), at("9:44 9 Apr 78")), None, "it never began");
        assert_eq!(other.terms(&inspector()).len(), 1);
    }

    #[test]
    fn resigning_ends_later_terms_too() {
        let mut offices = appointing(&[
            ("8:30 15 Jan 72", "Dikstra", 3),
            ("9:00 1 Feb 72", "Gouda", 1),
            ("9:00 2 Feb 72", "Dikstra", 1),
        ]);
        offices.resign(at("9:15 3 Mar 72"), name("Dikstra"), &inspector()).unwrap();
        let left: Vec<(Name, Moment)> =
            offices.terms(&inspector()).iter().map(|term| (term.holder, term.until)).collect();
        assert_eq!(
            left,
            [(name("Dikstra"), at("9:15 3 Mar 72")), (name("Gouda"), at("8:30 15 May 72"))]
        );
        let again = offices.resign(at("9:15 3 Mar 72"), name("Dikstra"), &inspector());
        assert_eq!(again.unwrap_err().to_string(), "Dikstra is not cheese inspector");
    }

    #[test]
    fn no_term_outlasts_the_calendar() {
        let mut offices = Offices::default();
        let late = at("8:30 15 Jan 9999");
        let appointed = offices.appoint(1, late, name("Gouda"), inspector(), 12);
        assert_eq!(appointed, Err(Refusal::CalendarEnds));
        assert!(offices.terms(&inspector()).is_empty());
    }
}
