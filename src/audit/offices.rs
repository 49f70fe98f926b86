//! The holders of offices, found from the decrees for the auditor alone. `[PTP §3.3.3]`
//!
//! No priest is accused here. Anyone may petition with a time that is past, or say that he takes
//! another's office, and the law gives neither any effect.

use std::collections::BTreeMap;

use chrono::{Datelike, Months, NaiveDateTime};

use super::archive::Archive;
use super::bound::Book;
use super::fact::{Fact, Kind};
use super::finding::{Exhibit, Findings};
use super::heard::Records;
use super::reading::{Dated, Says, dated, moment, office_named};
use super::rule::{Rule, Severity};
use super::testimony::Testimony;
use crate::words::{DecreeNumber, Heading, Name};

/// A term of office.
#[derive(Debug, PartialEq, Eq)]
struct Term {
    holder: Name,
    from: NaiveDateTime,
    until: NaiveDateTime,
    appointed_by: DecreeNumber,
}

/// All offices after the decrees so far.
#[derive(Default, Debug, PartialEq, Eq)]
pub(super) struct Offices {
    terms: BTreeMap<String, Vec<Term>>,
    /// The last taking of each office: name, time by his own clock, decree. `[PTP §3.3.4]`
    taken: BTreeMap<String, (Name, NaiveDateTime, DecreeNumber)>,
    /// The latest time in any decree, and the first decree with it.
    latest: Option<(NaiveDateTime, DecreeNumber)>,
}

pub(super) fn judge(records: &Records, findings: &mut Findings) {
    let mut offices = Offices::default();
    // Beyond a gap the terms are unknown, until a law book gives them again.
    let mut books: Vec<&Book> = records.ledgers.iter().flat_map(Testimony::books).collect();
    books.sort_by_key(|book| book.through);
    let mut next_books = books.into_iter().peekable();
    let mut certain = records.archive.complete_through(0);
    let mut passed = records.archive.passed().peekable();
    let mut book_read = None;
    loop {
        while let Some(decree) = passed.next_if(|passed| passed.number <= certain) {
            judge_decree(decree, &mut offices, book_read, &records.archive, findings);
        }
        while next_books.next_if(|book| book.through <= certain).is_some() {}
        let Some(book) = next_books.next() else { return };
        let Some(told) = Offices::in_book(book) else { continue };
        while passed.next_if(|passed| passed.number <= book.through).is_some() {}
        (offices, book_read) = (told, Some(book));
        certain = records.archive.complete_through(book.through);
    }
}

fn judge_decree(
    passed: &Fact,
    offices: &mut Offices,
    book_read: Option<&Book>,
    archive: &Archive,
    findings: &mut Findings,
) {
    let Some(dated) = dated(archive.text(passed.decree)) else { return };
    if let Some((_, before)) = offices.latest.filter(|(latest, _)| *latest > dated.at) {
        let why = format!(
            "decree {} has an earlier time than decree {before}, and counts with that one's time",
            passed.number
        );
        let in_book = || book_read.map(|book| book.at.clone());
        let other = exhibit(archive, before).or_else(in_book);
        let shown = [archive.exhibit(passed)].into_iter().chain(other).collect();
        findings.add(Rule::TimesRise, Severity::Said, shown, why);
    }
    if let Some(holder) = offices.apply(passed.number, &dated) {
        let why = format!(
            "{} takes office as {} while the term of {holder} runs: this has no effect",
            dated.name, dated.office
        );
        findings.add(Rule::OneHolder, Severity::Said, vec![archive.exhibit(passed)], why);
    }
}

/// The first row that shows a decree as passed.
fn exhibit(archive: &Archive, number: DecreeNumber) -> Option<Exhibit> {
    let passed = archive.of(number).iter().find(|fact| fact.kind == Kind::Outcome);
    passed.map(|fact| archive.exhibit(fact))
}

impl Offices {
    /// The offices in a law book; `None` if a row of them cannot be read.
    fn in_book(book: &Book) -> Option<Offices> {
        let mut offices = Offices::default();
        for row in &book.rows {
            match row.heading {
                Heading::Office => offices.read(row.number, &row.words)?,
                Heading::Time => offices.read_time(row.number, &row.words)?,
                _ => {}
            }
        }
        Some(offices)
    }

    /// Applies a decree; returns the holder if another tries to take his office.
    pub fn apply(&mut self, number: DecreeNumber, dated: &Dated) -> Option<Name> {
        let (office, counts_as) = (&dated.office, self.not_before_the_latest(number, dated.at));
        match dated.says {
            Says::Appoints(months) => {
                let last = self.terms.get(office).and_then(|terms| terms.last());
                let from = last.map_or(counts_as, |last| last.until.max(counts_as));
                let until = from.checked_add_months(Months::new(months));
                if let Some(until) = until.filter(|until| until.year() <= 9999) {
                    let term = Term { holder: dated.name, from, until, appointed_by: number };
                    self.terms.entry(office.clone()).or_default().push(term);
                }
            }
            Says::Resigns => {
                if let Some(terms) = self.terms.get_mut(office) {
                    let his = terms.iter_mut().filter(|term| term.holder == dated.name);
                    his.for_each(|term| term.until = term.until.min(counts_as));
                    terms.retain(|term| term.from < term.until);
                    if terms.is_empty() {
                        self.terms.remove(office);
                    }
                }
            }
            Says::TakesOffice => {
                let runs = |term: &&Term| term.from <= dated.at && dated.at < term.until;
                let running = self.terms.get(office).and_then(|terms| terms.iter().find(runs));
                let holder = running.map(|term| term.holder)?;
                if holder != dated.name {
                    return Some(holder);
                }
                self.taken.insert(office.clone(), (holder, dated.at, number));
            }
        }
        None
    }

    /// The last who took an office, if anybody did.
    pub fn last_to_take(&self, office: &str) -> Option<Name> {
        self.taken.get(office).map(|(name, ..)| *name)
    }

    /// Reads a row of a law book: a term, such as
    /// `8:30 15 Jan 72: Dikstra is cheese inspector until 8:30 15 Apr 72`, or the taking of an
    /// office, in the words of its decree.
    pub fn read(&mut self, number: DecreeNumber, words: &str) -> Option<()> {
        if let Some(Dated { at, name, says: Says::TakesOffice, office }) = dated(words) {
            self.taken.insert(office, (name, at, number));
            return Some(());
        }
        let (from, rest) = words.split_once(": ")?;
        let (holder, rest) = rest.split_once(" is ")?;
        let (office, until) = rest.rsplit_once(" until ")?;
        let (holder, from, until) = (holder.parse().ok()?, moment(from)?, moment(until)?);
        let term = Term { holder, from, until, appointed_by: number };
        self.terms.entry(office_named(office)?).or_default().push(term);
        Some(())
    }

    /// Reads the row of a law book that gives the latest time.
    pub fn read_time(&mut self, number: DecreeNumber, words: &str) -> Option<()> {
        self.latest = Some((moment(words)?, number));
        Some(())
    }

    /// A time that goes back counts as the latest before it.
    fn not_before_the_latest(
        &mut self,
        number: DecreeNumber,
        time: NaiveDateTime,
    ) -> NaiveDateTime {
        match self.latest {
            Some((latest, _)) if latest >= time => latest,
            _ => {
                self.latest = Some((time, number));
                time
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;
    use crate::law::{Law, Phrase, StateMachine};
    use crate::words::Decree;

    fn decree() -> impl Strategy<Value = Decree> {
        let time = prop_oneof![
            4 => (0..3u32, 1..29u32, select(vec!["Jan", "Feb", "Dec"]), 70..74u32)
                .prop_map(|(hour, day, month, year)| format!("{hour}:05 {day} {month} {year}")),
            1 => select(vec!["8:30 30 Feb 72", "8:3 1 Jan 72", "8:30 31 Dec 9999", "24:00 1 Jan 72"])
                .prop_map(String::from),
        ];
        let office =
            select(vec!["taster", "\"taster\"", " taster", "\"a \\\" b\"", "\"\"", "a is b"]);
        let what = select(vec![
            "is O for 1 month",
            "is O for 3 months",
            "is O for 1 months",
            "is O for 1201 months",
            "resigns as O",
            "takes office as O",
        ]);
        let who = select(vec!["Gouda", "Dikstra", "No Name"]);
        let mark = select(vec![": ", "—", ":"]);
        (time, mark, who, what, office).prop_map(|(time, mark, who, what, office)| {
            Decree::new(&format!("{time}{mark}{who} {}", what.replace('O', office))).unwrap()
        })
    }

    proptest! {
        /// The auditor and the law share no code, and find the same terms.
        #[test]
        fn the_auditor_and_the_law_agree_on_terms_and_times(
            decrees in prop::collection::vec(decree(), 0..24),
        ) {
            let mut law = Law::founded(&"Dwork".parse().unwrap());
            let mut offices = Offices::default();
            for (number, decree) in (1..).zip(&decrees) {
                let response = law.apply(number, decree);
                let Some(dated) = dated(decree.text()) else { continue };
                let other = offices.apply(number, &dated);
                let took = matches!(response, crate::law::Response::TookOffice { .. });
                prop_assert!(!(took && other.is_some()), "{response} while {other:?} holds it");
            }
            let written = |at: NaiveDateTime| crate::law::Moment::of(at).unwrap().to_string();
            prop_assert_eq!(offices.latest.map(|(at, _)| written(at)), law.offices.latest().map(|at| at.to_string()));
            for office in ["taster", "a \" b", "a is b"] {
                let by_law = law.offices.terms(&Phrase::new(office).unwrap()).iter();
                let by_law: Vec<(Name, String, String)> = by_law
                    .map(|term| (term.holder, term.from.to_string(), term.until.to_string()))
                    .collect();
                let mine = offices.terms.get(office).into_iter().flatten();
                let mine: Vec<(Name, String, String)> =
                    mine.map(|term| (term.holder, written(term.from), written(term.until))).collect();
                prop_assert_eq!(mine, by_law);
            }
        }
    }
}
