//! The law as the auditor reads it, from decrees and from law books, to compare them.
//! `[PTP §3.3.2]`
//!
//! `members` finds the members, since votes depend on them.

use std::collections::{BTreeMap, BTreeSet};

use super::ids::Petitions;
use super::offices::Offices;
use super::reading::{self, Statute};
use crate::words::{BookRow, DecreeNumber, Heading, Name};

/// The law on a matter: its value, the decree that set it, and the last decree that restated it.
type Value = (String, DecreeNumber, DecreeNumber);

/// The law without its members.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Enacted {
    matters: BTreeMap<String, Value>,
    offices: Offices,
    petitions: Petitions,
}

impl Enacted {
    /// Applies decree `number`, unless its petition took effect before.
    pub fn enact(&mut self, number: DecreeNumber, text: &str, petition: &str) {
        if !petition.is_empty() && !self.petitions.insert(petition) {
            return;
        }
        if let Some(statute) = statute(text) {
            self.declare(number, statute);
        } else if let Some(dated) = reading::dated(text) {
            self.offices.apply(number, &dated);
        }
    }

    /// Reads a row of a law book; false if it cannot be read.
    pub fn read(&mut self, row: &BookRow) -> bool {
        match row.heading {
            Heading::Law => match statute(&row.words) {
                Some(Statute::Declares { clauses, provided: None }) if clauses.len() == 1 => {
                    self.declare(row.number, Statute::Declares { clauses, provided: None });
                    true
                }
                _ => false,
            },
            Heading::Office => self.offices.read(row.number, &row.words).is_some(),
            Heading::Time => self.offices.read_time(row.number, &row.words).is_some(),
            Heading::PetitionId => self.petitions.insert_run(&row.petition, &row.words),
            Heading::LawBook | Heading::Member | Heading::Bound => true,
        }
    }

    /// The first difference between a law book and this law, in words.
    pub fn differs_from(&self, book: &Enacted) -> Option<String> {
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
        if self.offices != book.offices {
            return Some("the offices are not as the decrees filled them".into());
        }
        (self.petitions != book.petitions)
            .then(|| "the ids of petitions are not those of the decrees".into())
    }

    /// Applies a statute. A sweeping change applies as a whole or not at all: all areas that it
    /// touches must have the same specialist, or none. `[PTP §3.3.4]`
    fn declare(&mut self, number: DecreeNumber, statute: Statute) {
        let (clauses, provided) = match statute {
            Statute::Repeals(matter) => {
                self.matters.remove(&matter);
                return;
            }
            Statute::Declares { clauses, provided } => (clauses, provided),
        };
        let matters = || clauses.iter().map(|(matter, _)| matter);
        let is = |matter| self.matters.get(matter).map(|(value, ..)| value);
        let as_provided = |matter| provided.is_none() || is(matter) == provided.as_ref();
        let specialists: BTreeSet<Option<Name>> =
            matters().map(|matter| self.specialist(matter)).collect();
        if specialists.len() > 1 || !matters().all(as_provided) {
            return;
        }
        for (matter, value) in clauses {
            let was = self.matters.get(&matter).filter(|was| was.0 == value);
            let since = was.map_or(number, |was| was.1);
            self.matters.insert(matter, (value, since, number));
        }
    }

    /// The last who took office as specialist for a matter's area, which is its first word.
    fn specialist(&self, matter: &str) -> Option<Name> {
        let area = matter.split_whitespace().next().unwrap_or(matter);
        self.offices.last_to_take(&format!("specialist on {area}"))
    }
}

/// The statute in a decree's text; none for the olive day.
fn statute(text: &str) -> Option<Statute> {
    super::reading::is_important(text).then(|| reading::statute(text))?
}

fn said(matter: &str, statute: Option<&Value>) -> String {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;
    use crate::law;
    use crate::words::Decree;

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
            "The \"ides of February\" is national olive day",
            "The olive tax is 5; the goat tax is 6",
            "The olive tax is 5; the goat tax is \"6\"; the \"; the \" is 7",
            "The olive tax is 5; the olive press is 6",
            "The olive tax is 5; the olive tax is 6",
            "The olive tax is 5; the law on lamps is repealed",
            "The olive tax is 5; the goat tax is 6, provided it is 2",
            "The olive tax is 4, provided it is 3; the goat tax is 6",
            "The olive tax is 4, provided it is \"3; the \"",
            "8:30 15 Jan 72: Dikstra is cheese inspector for 3 months",
            "9:00 1 Feb 72—Gouda is cheese inspector for 1 month",
            "9:00 1 Feb 72: Gouda is cheese inspector for 1 months",
            "9:00 31 Dec 9999: Gouda is \" until \" for 1 month",
            "9:00 31 Dec 72: Gouda is \" until \" for 1200 months",
            "9:15 3 Mar 72: Dikstra resigns as cheese inspector",
            "7:00 1 Jan 72: Gouda resigns as cheese inspector",
            "8:30 15 Jan 72: Dikstra is specialist on olive for 3 months",
            "8:30 15 Jan 72: Dikstra is specialist on goat for 3 months",
            "8:30 15 Feb 72: Gouda is specialist on olive for 3 months",
            "8:45 15 Jan 72: Dikstra takes office as specialist on olive",
            "8:45 15 Jan 72: Dikstra takes office as \"specialist on goat\"",
            "8:45 15 May 72—Gouda takes office as specialist on olive",
            "8:45 15 Jan 72: Gouda takes office as specialist on olive",
            "8:45 15 Jan 72: Dikstra takes office as \"\"",
            "8:30 15 Jan 72: Gouda is \"x takes office as y\" for 3 months",
            "8:45 15 Jan 72: Gouda takes office as \"x takes office as y\"",
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
        fn the_auditor_reads_the_decrees_of_the_paper(
            decrees in prop::collection::vec(decree(), 0..40)
        ) {
            let mut book = law::LawBook::opened(law::Law::founded(&"Dwork Gray".parse().unwrap()));
            let mut mine = Enacted::default();
            for (number, decree) in (1..).zip(&decrees) {
                book.learn(number, decree.clone());
                mine.enact(number, decree.text(), decree.petition().unwrap_or_default());
            }
            let mut told = Enacted::default();
            for row in book.rows() {
                prop_assert!(told.read(&row), "{}", row.in_a_line());
            }
            prop_assert_eq!(mine.differs_from(&told), None);
        }
    }
}
