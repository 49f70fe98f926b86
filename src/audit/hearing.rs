//! The letters are heard, and then the records are asked what they show, question by question.
//!
//! The questions rest on nothing but the records, so that several may be asked at once; what the
//! answers find is told in the order of the questions.

use std::collections::BTreeMap;
use std::ops::Range;

use super::fact::{Fact, Kind};
use super::finding::{Exhibit, Findings};
use super::heard::Records;
use super::judgment::Judgment;
use super::letters::{Letters, Reader};
use super::rule::{Rule, Severity};
use super::testimony::Standing;
use crate::records::record::MessageRow;
use crate::words::shown::counted;
use crate::words::{DecreeNumber, Name};

/// Receives the messagebooks row by row, in any order, after the ledgers.
#[derive(Debug)]
pub struct Hearing {
    records: Records,
    letters: Letters,
    /// Whether the records tell of seals.
    hears_seals: bool,
}

/// A question to the records, after all rows have come.
#[derive(Clone, Debug)]
pub(crate) enum Question {
    /// The replies.
    Replies,
    /// The decrees whose numbers stand at these places in the order of all.
    Decrees(Range<usize>),
    Order,
    Alpha,
    Offices,
    Petitions,
    LawBooks,
    /// Promises, and rows written by hand.
    Promises,
}

impl Hearing {
    pub(super) fn new(records: Records, findings: Findings, hears_seals: bool) -> Hearing {
        Hearing { records, letters: Letters { findings, ..Letters::default() }, hears_seals }
    }

    /// Adds a finding about something in a messagebook that is no row.
    pub fn defect(&mut self, rule: Rule, severity: Severity, at: Exhibit, why: impl Into<String>) {
        self.letters.defect(rule, severity, at, why);
    }

    /// Receives a row of a messagebook.
    pub fn message_row(&mut self, row: &MessageRow) {
        Reader { records: &self.records, letters: &mut self.letters }.hear(row);
    }

    /// Holds a row of a messagebook against the ledgers; what it tells is added to `letters`, to be
    /// heard later.
    pub fn read(&self, row: &MessageRow, letters: &mut Letters) {
        Reader { records: &self.records, letters }.hear(row);
    }

    /// Hears letters that have been read, as if they had come one after the other.
    pub fn join(&mut self, letters: Letters) {
        self.letters.join(letters);
    }

    /// Notes that some messagebooks or archived volumes are missing.
    pub fn letters_are_missing(&mut self) {
        self.letters.asked.may_lack_some();
    }

    /// Judges everything, after all rows have come.
    #[must_use]
    pub fn judge(self) -> Judgment {
        let answers: Vec<Findings> =
            self.questions(1).iter().map(|question| self.ask(question)).collect();
        self.conclude(answers)
    }

    /// The questions to ask, in order, with the decrees in this many parts.
    pub(crate) fn questions(&self, parts: usize) -> Vec<Question> {
        let (all, parts) = (self.records.archive.numbers().len(), parts.max(1));
        let part = |i: usize| Question::Decrees(all * i / parts..all * (i + 1) / parts);
        let first = std::iter::once(Question::Replies).chain((0..parts).map(part));
        let rest = [
            Question::Order,
            Question::Alpha,
            Question::Offices,
            Question::Petitions,
            Question::LawBooks,
            Question::Promises,
        ];
        first.chain(rest).collect()
    }

    /// The findings for one question.
    pub(crate) fn ask(&self, question: &Question) -> Findings {
        let (records, mut findings) = (&self.records, Findings::default());
        let found = &mut findings;
        match question {
            Question::Replies => self.judge_replies(found),
            Question::Decrees(range) => {
                let numbers = records.archive.numbers().skip(range.start).take(range.len());
                numbers.for_each(|number| super::decrees::judge(number, records, found));
            }
            Question::Order => super::order::judge(records, found),
            Question::Alpha => super::claims::judge_alpha(records, found),
            Question::Offices => super::offices::judge(records, found),
            Question::Petitions => self.letters.asked.judge(records, found),
            Question::LawBooks => super::books::judge(self.letters.books.whole(), records, found),
            Question::Promises => {
                self.judge_promises(found);
                self.say_what_is_by_hand(found);
            }
        }
        findings
    }

    /// The judgment that rests on these answers to all questions, in their order.
    pub(crate) fn conclude(self, answers: Vec<Findings>) -> Judgment {
        let mut findings = self.letters.findings;
        answers.into_iter().for_each(|answer| findings.join(answer));
        Judgment::new(self.records, findings)
    }

    /// Checks that each reply reports every number above n on which its sender had voted.
    /// `[PTP §3.1]`
    fn judge_replies(&self, findings: &mut Findings) {
        let mut complete: BTreeMap<Name, DecreeNumber> = BTreeMap::new();
        for (&(ballot, from), (of, row)) in &self.letters.replies {
            let Some(sender) = self.records.of(from) else { continue };
            let through =
                self.letters.complete_through.get(&ballot).copied().unwrap_or_else(|| {
                    let owner = ballot.owner;
                    *complete.entry(owner).or_insert_with(|| self.records.complete_through(owner))
                });
            let range = (through, sender.voted_through(ballot));
            let voted = self.records.archive.between(range).filter_map(|facts| {
                facts.iter().find(|fact| {
                    (fact.kind, fact.ledger) == (Kind::Vote, sender.ledger)
                        && self.records.archive.ballot(fact) < Some(ballot)
                })
            });
            let limit = usize::try_from(*of).unwrap_or(usize::MAX).saturating_add(1);
            let voted: Vec<&Fact> = voted.take(limit).collect();
            if voted.len() == limit {
                let kept_back = voted[limit - 1];
                let why = format!(
                    "{from}'s reply to {ballot} speaks of {} above {through}, and he had voted on at least {limit}: {} among them",
                    counted(*of, "number"),
                    kept_back.number
                );
                let shown = vec![Exhibit::of_letter(row), self.records.archive.exhibit(kept_back)];
                findings.broken(Rule::LastVoteTrue, shown, why);
            }
        }
    }

    /// Checks each promise: it answers NextBallot(b), and its owner's lastTried ≥ b was dry before
    /// that.
    fn judge_promises(&self, findings: &mut Findings) {
        for ledger in &self.records.ledgers {
            for (&owner, promise) in &ledger.promises {
                let Some(asked_by) = self.records.of(owner) else { continue };
                let last = asked_by.last_tried.as_ref();
                if last.is_none_or(|last| last.ballot < promise.ballot) {
                    let why = format!(
                        "{} promised {}, and {owner}'s lastTried is {}: his ledger was cut or never said so",
                        ledger.owner,
                        promise.ballot,
                        last.map_or("−∞".into(), |it| it.ballot.to_string())
                    );
                    let last = last.map(Standing::exhibit);
                    let shown = [promise.exhibit()].into_iter().chain(last).collect();
                    findings.broken(Rule::PromiseOfTriedBallot, shown, why);
                }
            }
        }
    }

    fn say_what_is_by_hand(&self, findings: &mut Findings) {
        for ledger in self.records.ledgers.iter().filter(|_| self.hears_seals) {
            let (count, shown) = ledger.by_hand();
            if count > 0 {
                let (rows, bear) = match count {
                    1 => ("one row".into(), "bears"),
                    many => (format!("{many} rows"), "bear"),
                };
                let why =
                    format!("{rows} of {}'s ledger {bear} no seal: written by hand", ledger.owner);
                findings.add(Rule::ByHand, Severity::Said, shown.to_vec(), why);
            }
        }
    }
}
