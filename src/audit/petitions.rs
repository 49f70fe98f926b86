//! Checks petitions against the decrees that have their ids.
//!
//! A president proposes a petition in its own words. Messagebooks are not dried and may be
//! archived, so a missing letter proves nothing. If every letter with an id asks for another
//! decree, either the words were changed, or a citizen gave one id to two petitions and the other
//! letter is gone. If the letter was there before the decree, the words were probably changed.

use std::collections::{BTreeMap, BTreeSet};

use super::archive::Archive;
use super::fact::{Fact, NEVER};
use super::finding::{Exhibit, Findings};
use super::heard::Records;
use super::rule::{Rule, Severity};
use crate::records::record::MessageRow;
use crate::words::Decree;

/// A letter that asks for another decree than the first with its id.
#[derive(Debug)]
struct Another {
    row: Exhibit,
    text: String,
    /// Microseconds since 1970; [`NEVER`] if no time is written.
    at: i64,
}

/// The decrees that letters ask for, for petitions that have a decree in a ledger.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// By the id of the petition's text, whether a letter asks for the first decree that ledgers
    /// hold of it; empty as long as none does.
    for_first: Vec<bool>,
    /// Other decrees that letters ask for: petition and decree.
    besides: BTreeSet<(u32, u32)>,
    /// For each petition, the first letter that asks for another decree.
    others: BTreeMap<u32, Another>,
    /// The petition in the latest letter. Citizens count, so the next one is probably beside it.
    latest: u32,
    may_lack_some: bool,
}

impl Asked {
    /// Notes that some letters may be missing.
    pub fn may_lack_some(&mut self) {
        self.may_lack_some = true;
    }

    pub fn hear(&mut self, letter: &MessageRow, decree: &Decree, archive: &Archive) {
        let petition = decree.petition().and_then(|id| archive.known_after(self.latest, id));
        let Some(petition) = petition.filter(|&id| id != 0) else { return };
        self.latest = petition;
        let Some(first) = archive.first_under(petition) else { return };
        if archive.text(first) == decree.text() {
            self.for_first.resize(archive.texts(), false);
            self.for_first[petition as usize] = true;
            return;
        }
        self.besides.extend(archive.known(decree.text()).map(|decree| (petition, decree)));
        self.others.entry(petition).or_insert_with(|| Another {
            row: Exhibit::of_letter(letter),
            text: decree.text().into(),
            at: letter.at.map_or(NEVER, |at| at.timestamp_micros()),
        });
    }

    /// Adds what later letters ask for.
    pub fn join(&mut self, later: Asked) {
        let count = self.for_first.len().max(later.for_first.len());
        self.for_first.resize(count, false);
        let both = self.for_first.iter_mut().zip(later.for_first);
        both.for_each(|(is_asked, too)| *is_asked |= too);
        self.besides.extend(later.besides);
        for (petition, another) in later.others {
            self.others.entry(petition).or_insert(another);
        }
        self.may_lack_some |= later.may_lack_some;
    }

    /// Judges every decree whose petition was asked for only in other words.
    pub fn judge(&self, records: &Records, findings: &mut Findings) {
        if self.others.is_empty() {
            return;
        }
        // The first row of each, and the time of the earliest.
        let mut found: BTreeMap<(u32, u32), (&Fact, i64)> = BTreeMap::new();
        for fact in records.archive.facts().filter(|fact| self.is_unasked(fact, &records.archive)) {
            let entry = found.entry((fact.petition, fact.decree)).or_insert((fact, fact.at));
            entry.1 = entry.1.min(fact.at);
        }
        for ((petition, _), (fact, since)) in found {
            let another = &self.others[&petition];
            let was_there = another.at <= since && since != NEVER && !self.may_lack_some;
            let severity = if was_there { Severity::Broken } else { Severity::Said };
            let why = format!(
                "decree {} is “{}” under petition {}, and every letter here of that petition asks for “{}”: the words were changed, or the id was given twice",
                fact.number,
                records.archive.text(fact.decree),
                records.archive.text(petition),
                another.text
            );
            let shown = vec![records.archive.exhibit(fact), another.row.clone()];
            findings.add(Rule::PetitionText, severity, shown, why);
        }
    }

    /// Whether letters with this petition ask for other decrees, and none asks for this one.
    fn is_unasked(&self, fact: &Fact, archive: &Archive) -> bool {
        let is_asked = match archive.first_under(fact.petition) {
            Some(first) if first == fact.decree => {
                self.for_first.get(fact.petition as usize).is_some_and(|is_asked| *is_asked)
            }
            _ => self.besides.contains(&(fact.petition, fact.decree)),
        };
        !is_asked && self.others.contains_key(&fact.petition)
    }
}
