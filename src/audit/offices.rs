//! Who holds which office, worked out from the decrees for the auditor alone. `[PTP §3.3.3]`
//!
//! He reads the decrees that bear a time by himself, so that he shares no fault with those he
//! judges. No priest is accused: anyone may petition for a time that is past, or say that he took
//! an office that is another's, and the law gives neither any force.

use std::collections::BTreeMap;

use chrono::{Datelike, Months, NaiveDate, NaiveDateTime};

use super::fact::{Archive, Fact};
use super::finding::Findings;
use super::rule::{Rule, Severity};
use crate::synod::Name;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// What a decree that bears a time says of its office.
#[derive(Debug)]
enum Says {
    /// For so many months.
    Appoints(u32),
    Resigns,
    TakesOffice,
}

/// A decree that bears a time.
#[derive(Debug)]
struct Dated {
    at: NaiveDateTime,
    name: Name,
    says: Says,
    office: String,
}

/// One after another in office.
#[derive(Debug, PartialEq)]
struct Term {
    holder: Name,
    from: NaiveDateTime,
    until: NaiveDateTime,
}

/// Every office's terms, as the decrees so far make them.
#[derive(Default, Debug)]
struct Offices(BTreeMap<String, Vec<Term>>);

pub(super) fn judge(archive: &Archive, findings: &mut Findings) {
    let mut offices = Offices::default();
    let mut latest: Option<(NaiveDateTime, &Fact)> = None;
    // Beyond a gap nobody knows whose terms run.
    let certain = archive.complete_through(0);
    for passed in archive.passed().take_while(|passed| passed.number <= certain) {
        let Some(dated) = dated(archive.text(passed.decree)) else { continue };
        let shown = |other: Option<&Fact>| {
            [passed].into_iter().chain(other).map(|fact| archive.exhibit(fact)).collect()
        };
        let mut counts_as = dated.at;
        match latest {
            Some((time, before)) if time > dated.at => {
                let why = format!(
                    "decree {} bears an earlier time than decree {}, and counts as of that one's",
                    passed.number, before.number
                );
                findings.add(Rule::TimesRise, Severity::Said, shown(Some(before)), why);
                counts_as = time;
            }
            Some((time, _)) if time == dated.at => {}
            _ => latest = Some((dated.at, passed)),
        }
        if let Some(holder) = offices.apply(&dated, counts_as) {
            let why = format!(
                "{} takes office as {} while the term of {holder} runs; it has no force",
                dated.name, dated.office
            );
            findings.add(Rule::OneHolder, Severity::Said, shown(None), why);
        }
    }
}

impl Offices {
    /// Applies a decree; yields whose term runs when another takes the office.
    fn apply(&mut self, dated: &Dated, counts_as: NaiveDateTime) -> Option<Name> {
        let terms = self.0.entry(dated.office.clone()).or_default();
        match dated.says {
            Says::Appoints(months) => {
                let from = terms.last().map_or(counts_as, |last| last.until.max(counts_as));
                let until = from.checked_add_months(Months::new(months));
                if let Some(until) = until.filter(|until| until.year() <= 9999) {
                    terms.push(Term { holder: dated.name, from, until });
                }
            }
            Says::Resigns => {
                let his = terms.iter_mut().filter(|term| term.holder == dated.name);
                his.for_each(|term| term.until = term.until.min(counts_as));
                terms.retain(|term| term.from < term.until);
            }
            Says::TakesOffice => {
                let runs = |term: &&Term| term.from <= dated.at && dated.at < term.until;
                let holder = terms.iter().find(runs).map(|term| term.holder);
                return holder.filter(|holder| *holder != dated.name);
            }
        }
        None
    }
}

/// `8:30 15 Jan 72: N is OFFICE for 3 months`, `… N resigns as OFFICE`, `… N takes office as
/// OFFICE`; a dash may stand for the colon.
fn dated(text: &str) -> Option<Dated> {
    // Most decrees bear no time.
    text.trim_start().starts_with(|c: char| c.is_ascii_digit()).then_some(())?;
    let (time, rest) = text.split_once(": ").or_else(|| text.split_once('—'))?;
    let at = moment(time.trim())?;
    let (name, rest) = rest.trim().split_once(' ')?;
    let (says, office) = if let Some(office) = rest.strip_prefix("resigns as ") {
        (Says::Resigns, office)
    } else if let Some(office) = rest.strip_prefix("takes office as ") {
        (Says::TakesOffice, office)
    } else {
        let (office, length) = rest.strip_prefix("is ")?.rsplit_once(" for ")?;
        let (count, unit) = length.split_once(' ')?;
        let months: u32 = digits(count, 4)?;
        let is_term = (1..=1200).contains(&months);
        (is_term && unit == if months == 1 { "month" } else { "months" }).then_some(())?;
        (Says::Appoints(months), office)
    };
    Some(Dated { at, name: name.parse().ok()?, says, office: office_of(office)? })
}

/// An office is written plainly or as a JSON string; it is one line, and not empty.
fn office_of(text: &str) -> Option<String> {
    let office = match text.starts_with('"') {
        true => serde_json::from_str(text).ok()?,
        false => text.trim().to_owned(),
    };
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    (!office.is_empty() && !office.contains(breaks)).then_some(office)
}

fn moment(text: &str) -> Option<NaiveDateTime> {
    let [time, day, month, year] = text.split(' ').collect::<Vec<_>>().try_into().ok()?;
    let (hour, minute) = time.split_once(':').filter(|(_, minute)| minute.len() == 2)?;
    let month = MONTHS.iter().position(|name| *name == month)?;
    let year: i32 = digits(year, 4).and_then(|year| i32::try_from(year).ok())?;
    let date = NaiveDate::from_ymd_opt(year, u32::try_from(month).ok()? + 1, digits(day, 2)?)?;
    date.and_hms_opt(digits(hour, 2)?, digits(minute, 2)?, 0).filter(|_| year > 0)
}

fn digits(text: &str, at_most: usize) -> Option<u32> {
    let sound = (1..=at_most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    sound.then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;
    use crate::law::{Law, Phrase, StateMachine};
    use crate::synod::Decree;

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
        /// Two who share no rule come to the same terms.
        #[test]
        fn the_auditor_and_the_law_agree_on_terms_and_times(
            decrees in prop::collection::vec(decree(), 0..24),
        ) {
            let mut law = Law::founded(&"Dwork".parse().unwrap());
            let (mut offices, mut latest) = (Offices::default(), None::<NaiveDateTime>);
            for (number, decree) in (1..).zip(&decrees) {
                let response = law.apply(number, decree);
                let Some(dated) = dated(decree.text()) else { continue };
                latest = latest.max(Some(dated.at));
                let other = offices.apply(&dated, latest.unwrap());
                let took = matches!(response, crate::law::Response::TookOffice { .. });
                prop_assert!(!(took && other.is_some()), "{response} while {other:?} holds it");
            }
            let written = |at: NaiveDateTime| crate::law::Moment::of(at).unwrap().to_string();
            prop_assert_eq!(latest.map(written), law.offices.latest().map(|at| at.to_string()));
            for office in ["taster", "a \" b", "a is b"] {
                let by_law = law.offices.terms(&Phrase::new(office).unwrap()).iter();
                let by_law: Vec<(Name, String, String)> = by_law
                    .map(|term| (term.holder, term.from.to_string(), term.until.to_string()))
                    .collect();
                let mine = offices.0.get(office).into_iter().flatten();
                let mine: Vec<(Name, String, String)> =
                    mine.map(|term| (term.holder, written(term.from), written(term.until))).collect();
                prop_assert_eq!(mine, by_law);
            }
        }
    }
}
