//! The auditor's own reading of decrees. `[PTP §3.3]`
//!
//! It is separate code from the law's grammar, so that the auditor shares no fault with the
//! priests. `members` reads the changes of members.

use chrono::{NaiveDate, NaiveDateTime};

use crate::words::Name;

const PROVIDED: &str = ", provided it is ";
const NEXT_CLAUSE: &str = "; the ";
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A decree about the law on one or several matters.
#[derive(Debug)]
pub(super) enum Statute {
    /// Sets each matter to a value; a sweeping change has several clauses.
    Declares {
        clauses: Vec<(String, String)>,
        /// The value that the law must have now, if there is such a condition.
        provided: Option<String>,
    },
    /// Removes the law on this matter.
    Repeals(String),
}

/// A decree with a time, which is about an office.
#[derive(Debug)]
pub(super) struct Dated {
    pub at: NaiveDateTime,
    pub name: Name,
    pub says: Says,
    pub office: String,
}

/// The meaning of a decree about an office.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Says {
    /// An appointment for this many months.
    Appoints(u32),
    Resigns,
    TakesOffice,
}

/// Reads `The M is V`, `The M is V, provided it is W`, `The M is V; the M2 is V2`, or
/// `The law on M is repealed`.
pub(super) fn statute(text: &str) -> Option<Statute> {
    const LAW_ON: &str = "law on ";
    let mut text = text.strip_prefix("The ")?;
    if let Some(rest) = text.strip_prefix(LAW_ON) {
        let (matter, rest) = before(rest, &[" is "])?;
        let repeals = !matter.is_empty() && rest?.1 == "repealed";
        return repeals.then_some(Statute::Repeals(matter));
    }
    let mut clauses: Vec<(String, String)> = Vec::new();
    loop {
        let (matter, rest) = before(text, &[" is "])?;
        let (value, rest) = before(rest?.1, &[PROVIDED, NEXT_CLAUSE])?;
        let is_new = clauses.iter().all(|(other, _)| *other != matter);
        if matter.is_empty() || !is_new || text.starts_with(LAW_ON) {
            return None;
        }
        clauses.push((matter, value));
        match rest {
            None => return Some(Statute::Declares { clauses, provided: None }),
            Some((NEXT_CLAUSE, rest)) => text = rest,
            Some((_, provided)) => {
                let (provided, rest) = before(provided, &[NEXT_CLAUSE])?;
                let alone = clauses.len() == 1 && rest.is_none();
                let provided = Some(provided);
                return alone.then_some(Statute::Declares { clauses, provided });
            }
        }
    }
}

/// Reads `8:30 15 Jan 72: N is OFFICE for 3 months`, `… N resigns as OFFICE`, or
/// `… N takes office as OFFICE`; a dash may stand in place of the colon.
pub(super) fn dated(text: &str) -> Option<Dated> {
    // Most decrees have no time.
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
        let months = digits(count, 4).filter(|months| (1..=1200).contains(months))?;
        (unit == if months == 1 { "month" } else { "months" }).then_some(())?;
        (Says::Appoints(months), office)
    };
    Some(Dated { at, name: name.parse().ok()?, says, office: office_named(office)? })
}

/// Reads an office, which is written plainly or as a JSON string, and is not empty.
pub(super) fn office_named(text: &str) -> Option<String> {
    let (office, _) = before(text, &[])?;
    (!office.is_empty()).then_some(office)
}

/// Reads a time such as `8:30 15 Jan 72`.
pub(super) fn moment(text: &str) -> Option<NaiveDateTime> {
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

/// Reads a phrase, which is a JSON string or ends at the first of these marks. Returns it with that
/// mark and the text after the mark.
fn before<'a>(
    text: &'a str,
    marks: &[&'static str],
) -> Option<(String, Option<(&'static str, &'a str)>)> {
    if text.starts_with('"') {
        let mut words = serde_json::Deserializer::from_str(text).into_iter::<String>();
        let phrase = words.next()?.ok()?;
        let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
        let rest = text.get(words.byte_offset()..)?;
        let after = |mark: &&'static str| Some((*mark, rest.strip_prefix(*mark)?));
        let marked = marks.iter().find_map(after);
        let sound = !phrase.chars().any(breaks) && (rest.is_empty() || marked.is_some());
        return sound.then_some((phrase, marked));
    }
    let splits = marks.iter().filter_map(|mark| Some((*mark, text.split_once(mark)?)));
    let first = splits.min_by_key(|(_, (phrase, _))| phrase.len());
    let phrase = first.map_or(text, |(_, (phrase, _))| phrase).trim();
    let plain = !phrase.is_empty() && !phrase.starts_with('"');
    plain.then(|| (phrase.to_owned(), first.map(|(mark, (_, rest))| (mark, rest))))
}

/// The decree that fills gaps and changes nothing. `[PTP §3.1]`
const OLIVE_DAY: &str = "The ides of February is national olive day";

/// Whether the order of this decree matters: it is not the olive day. `[PTP §3.2.1]`
pub(super) fn is_important(decree: &str) -> bool {
    decree != OLIVE_DAY
}
