//! The law as the auditor reads it, from decrees or from a law book, to hold one against the other.
//! `[PTP §3.3.2]`
//!
//! He reads the grammar by himself, so that he shares no fault with those he judges. Members he
//! works out elsewhere, since votes depend on them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Months, NaiveDate, NaiveDateTime};

use crate::synod::{BookRow, DecreeNumber, Heading, Name};

/// What the law says of a matter: its value, the decree that set it, the last that said so.
type Statute = (String, DecreeNumber, DecreeNumber);

/// A term of office: who, from when, until when, and the decree that appointed him.
type Term = (Name, NaiveDateTime, NaiveDateTime, DecreeNumber);

/// The law, its members apart.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Law {
    matters: BTreeMap<String, Statute>,
    offices: BTreeMap<String, Vec<Term>>,
    latest: Option<(NaiveDateTime, DecreeNumber)>,
    petitions: Petitions,
}

impl Law {
    /// Decree `number` takes effect, unless its petition did so before.
    pub fn enact(&mut self, number: DecreeNumber, text: &str, petition: &str) {
        if !petition.is_empty() && !self.petitions.insert(petition) {
            return;
        }
        if super::order::is_important(text) && !self.declare(number, text) {
            self.appoint(number, text);
        }
    }

    /// Reads a row of a law book; false if it says nothing of the law.
    pub fn read(&mut self, row: &BookRow) -> bool {
        match row.heading {
            Heading::Law => self.declare(row.number, &row.words),
            Heading::Office => match term(row.number, &row.words) {
                Some((office, term)) => {
                    self.offices.entry(office).or_default().push(term);
                    true
                }
                None => false,
            },
            Heading::Time => {
                self.latest = moment(&row.words).map(|at| (at, row.number));
                self.latest.is_some()
            }
            Heading::PetitionId => self.petitions.insert_run(&row.petition, &row.words),
            Heading::LawBook | Heading::Member | Heading::Bound => true,
        }
    }

    /// The first thing in which a law book differs from this law.
    pub fn differs_from(&self, book: &Law) -> Option<String> {
        let matters: BTreeSet<&String> = self.matters.keys().chain(book.matters.keys()).collect();
        for matter in matters {
            let (is, told) = (self.matters.get(matter), book.matters.get(matter));
            if is != told {
                return Some(format!(
                    "by the decrees {}, and by the book {}",
                    said(matter, is),
                    said(matter, told)
                ));
            }
        }
        if self.offices != book.offices || self.latest != book.latest {
            return Some("the offices are not as the decrees filled them".into());
        }
        (self.petitions != book.petitions)
            .then(|| "the ids of petitions are not those of the decrees".into())
    }

    fn declare(&mut self, number: DecreeNumber, text: &str) -> bool {
        let Some(rest) = text.strip_prefix("The ") else { return false };
        if let Some(rest) = rest.strip_prefix("law on ") {
            let matter = before(rest, " is ").filter(|(_, rest)| *rest == Some("repealed"));
            return matter.is_some_and(|(matter, _)| {
                self.matters.remove(&matter);
                !matter.is_empty()
            });
        }
        let Some((matter, Some(rest))) = before(rest, " is ") else { return false };
        let Some((value, provided)) = before(rest, ", provided it is ") else { return false };
        let provided = match provided.map(|rest| before(rest, "\0")) {
            Some(Some((provided, None))) => Some(provided),
            None => None,
            _ => return false,
        };
        if matter.is_empty() {
            return false;
        }
        let was = self.matters.get(&matter);
        if provided.is_some_and(|provided| was.is_none_or(|was| was.0 != provided)) {
            return true;
        }
        let since = was.filter(|was| was.0 == value).map_or(number, |was| was.1);
        self.matters.insert(matter, (value, since, number));
        true
    }

    fn appoint(&mut self, number: DecreeNumber, text: &str) -> Option<()> {
        let (time, rest) = text.split_once(": ").or_else(|| text.split_once('—'))?;
        let (time, (name, rest)) = (moment(time.trim())?, rest.trim().split_once(' ')?);
        let name: Name = name.parse().ok()?;
        if let Some(office) = rest.strip_prefix("resigns as ") {
            let (office, at) = (office_named(office)?, self.not_before_the_latest(number, time));
            self.resign(name, &office, at);
            return Some(());
        }
        let (office, length) = rest.strip_prefix("is ")?.rsplit_once(" for ")?;
        let (count, unit) = length.split_once(' ')?;
        let months = digits(count, 4).filter(|n| (1..=1200).contains(n))?;
        let office = office_named(office)?;
        if unit != if months == 1 { "month" } else { "months" } {
            return None;
        }
        let at = self.not_before_the_latest(number, time);
        let last = self.offices.get(&office).and_then(|terms| terms.last());
        let from = last.map_or(at, |last| last.2.max(at));
        let until = from.checked_add_months(Months::new(months)).filter(|it| it.year() <= 9999)?;
        self.offices.entry(office).or_default().push((name, from, until, number));
        Some(())
    }

    fn resign(&mut self, name: Name, office: &str, at: NaiveDateTime) {
        let Some(terms) = self.offices.get_mut(office) else { return };
        let mut any = false;
        for term in terms.iter_mut().filter(|term| term.0 == name && term.2 > at) {
            (term.2, any) = (at, true);
        }
        if any {
            terms.retain(|term| term.1 < term.2);
        }
        if terms.is_empty() {
            self.offices.remove(office);
        }
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

fn said(matter: &str, statute: Option<&Statute>) -> String {
    match statute {
        Some((value, since, last)) if since == last => {
            format!("the {matter} is {value} since decree {since}")
        }
        Some((value, since, last)) => {
            format!("the {matter} is {value} since decree {since}, restated by {last}")
        }
        None => format!("there is no law on {matter}"),
    }
}

/// A phrase, quoted as JSON or up to the first mark, and what comes after the mark.
fn before<'a>(text: &'a str, mark: &str) -> Option<(String, Option<&'a str>)> {
    if text.starts_with('"') {
        let mut words = serde_json::Deserializer::from_str(text).into_iter::<String>();
        let phrase = words.next()?.ok()?;
        let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
        let rest = text.get(words.byte_offset()..)?;
        return match rest {
            _ if phrase.chars().any(breaks) => None,
            "" => Some((phrase, None)),
            _ => Some((phrase, Some(rest.strip_prefix(mark)?))),
        };
    }
    let (phrase, rest) = text.split_once(mark).map_or((text, None), |(it, rest)| (it, Some(rest)));
    let phrase = phrase.trim();
    let plain = !phrase.is_empty() && !phrase.starts_with('"');
    plain.then(|| (phrase.to_owned(), rest))
}

fn office_named(text: &str) -> Option<String> {
    let (office, rest) = before(text, "\0")?;
    (rest.is_none() && !office.is_empty()).then_some(office)
}

/// `8:30 15 Jan 72: Dikstra is cheese inspector until 8:30 15 Apr 72`.
fn term(number: DecreeNumber, words: &str) -> Option<(String, Term)> {
    let (from, rest) = words.split_once(": ")?;
    let (holder, rest) = rest.split_once(" is ")?;
    let (office, until) = rest.rsplit_once(" until ")?;
    Some((office_named(office)?, (holder.parse().ok()?, moment(from)?, moment(until)?, number)))
}

fn digits(text: &str, at_most: usize) -> Option<u32> {
    let sound = (1..=at_most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if sound { text.parse().ok() } else { None }
}

/// `8:30 15 Jan 72`.
fn moment(text: &str) -> Option<NaiveDateTime> {
    let words: Vec<&str> = text.split(' ').collect();
    let [time, day, month, year] = words[..] else { return None };
    let (hour, minute) = time.split_once(':').filter(|(_, minute)| minute.len() == 2)?;
    let months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    let month = (0..12).find(|i| months[3 * i..3 * i + 3] == *month)?;
    let year = i32::try_from(digits(year, 4)?).ok().filter(|&year| year > 0)?;
    let date = NaiveDate::from_ymd_opt(year, month as u32 + 1, digits(day, 2)?)?;
    date.and_hms_opt(digits(hour, 2)?, digits(minute, 2)?, 0)
}

/// Ids of petitions, as runs of the integers they end in.
#[derive(Debug, Default, PartialEq, Eq)]
struct Petitions {
    runs: BTreeMap<String, BTreeMap<u64, u64>>,
    others: BTreeSet<String>,
}

impl Petitions {
    /// Remembers an id; false if it is known.
    fn insert(&mut self, id: &str) -> bool {
        let Some((stem, count)) = stem_and_count(id) else {
            return self.others.insert(id.into());
        };
        let runs = match self.runs.get_mut(stem) {
            Some(runs) => runs,
            None => self.runs.entry(stem.into()).or_default(),
        };
        let below = runs.range(..=count).next_back().map(|(&first, &last)| (first, last));
        if below.is_some_and(|(_, last)| count <= last) {
            return false;
        }
        let last = runs.remove(&(count + 1)).unwrap_or(count);
        let first = below.filter(|(_, last)| last + 1 == count).map_or(count, |(first, _)| first);
        runs.insert(first, last);
        true
    }

    /// Remembers a run that a law book tells of, which overlaps no other.
    fn insert_run(&mut self, first: &str, last: &str) -> bool {
        if last.is_empty() {
            return self.insert(first);
        }
        match (stem_and_count(first), stem_and_count(last)) {
            (Some((stem, from)), Some((same, to))) if stem == same && from <= to => {
                let runs = self.runs.entry(stem.into()).or_default();
                runs.insert(from, to).is_none()
            }
            _ => false,
        }
    }
}

fn stem_and_count(id: &str) -> Option<(&str, u64)> {
    let stem = id.trim_end_matches(|c: char| c.is_ascii_digit());
    let count = &id[stem.len()..];
    let counts = (1..=18).contains(&count.len()) && (count == "0" || !count.starts_with('0'));
    if counts { count.parse().ok().map(|count| (stem, count)) } else { None }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;
    use crate::law;
    use crate::synod::Decree;

    fn decree() -> impl Strategy<Value = Decree> {
        let text = select(vec![
            "The olive tax is 3",
            "The olive tax is 4",
            "The olive tax is 4, provided it is 3",
            "The olive tax is \"4\", provided it is \"3\"",
            "The \"olive tax\" is 3",
            "The \"\" is 3",
            "The olive tax is",
            "The \"a\\nb\" is 3",
            "The law on olive tax is repealed",
            "The law on olive tax is strict",
            "The  olive tax  is  3 ",
            "The \" is \" is \", provided it is \"",
            "The ides of February is national olive day",
            "8:30 15 Jan 72: Dikstra is cheese inspector for 3 months",
            "9:00 1 Feb 72—Gouda is cheese inspector for 1 month",
            "9:00 1 Feb 72: Gouda is cheese inspector for 1 months",
            "9:00 31 Dec 9999: Gouda is \" until \" for 1 month",
            "9:00 31 Dec 72: Gouda is \" until \" for 1200 months",
            "9:15 3 Mar 72: Dikstra resigns as cheese inspector",
            "7:00 1 Jan 72: Gouda resigns as cheese inspector",
            "Strong is now a legislator",
            "Strong is no longer a legislator",
            "Citizen Dikstra is reading the law",
        ]);
        (text, select(vec!["Dolf/1", "Dolf/2", "Dolf/3", "Dolf/03", "x", "", "", "", ""])).prop_map(
            |(text, petition)| {
                let decree = Decree::new(text).unwrap();
                if petition.is_empty() { decree } else { decree.petitioned(petition).unwrap() }
            },
        )
    }

    proptest! {
        #[test]
        fn the_auditor_reads_of_decrees_what_the_paxons_wrote_in_their_book(
            decrees in prop::collection::vec(decree(), 0..40)
        ) {
            let mut book = law::LawBook::opened(law::Law::founded(&"Dwork Gray".parse().unwrap()));
            let mut mine = Law::default();
            for (number, decree) in (1..).zip(&decrees) {
                book.learn(number, decree.clone());
                mine.enact(number, decree.text(), decree.petition().unwrap_or_default());
            }
            let mut told = Law::default();
            for row in book.rows() {
                prop_assert!(told.read(&row), "{}", row.in_a_line());
            }
            prop_assert_eq!(mine.differs_from(&told), None);
        }
    }
}
