//! Checks the letters against the ledgers: I7. `[PTP Appendix A2]`
//!
//! A letter states the notes in its sender's ledger when he sent it. Notes only grow. So the
//! present ledgers agree with every honest letter, even with one that came late or several times.

use std::collections::BTreeMap;

use super::books::SentBooks;
use super::fact::{Fact, Kind};
use super::finding::{Exhibit, Findings};
use super::heard::Records;
use super::petitions::Asked;
use super::rule::{Rule, Severity};
use super::testimony::{Standing, Testimony};
use crate::records::record::MessageRow;
use crate::words::{BallotNumber, Decree, DecreeNumber, Message, Name, Vote};

/// The facts from letters, and the findings about them.
#[derive(Debug, Default)]
pub struct Letters {
    pub(super) findings: Findings,
    /// For each ballot, the largest n in its NextBallot(b, n).
    pub(super) complete_through: BTreeMap<BallotNumber, DecreeNumber>,
    /// For each reply, the number of decrees that it says it reports on, and one of its rows.
    pub(super) replies: BTreeMap<(BallotNumber, Name), (u64, MessageRow)>,
    pub(super) books: SentBooks,
    pub(super) asked: Asked,
}

impl Letters {
    /// Adds what later letters told.
    pub(super) fn join(&mut self, later: Letters) {
        self.findings.join(later.findings);
        for (ballot, told) in later.complete_through {
            let through = self.complete_through.entry(ballot).or_default();
            *through = (*through).max(told);
        }
        for (reply, (of, row)) in later.replies {
            let known = self.replies.entry(reply).or_insert((of, row));
            known.0 = known.0.max(of);
        }
        self.books.join(later.books);
        self.asked.join(later.asked);
    }

    /// Hears of something in a messagebook that is no row.
    pub fn defect(&mut self, rule: Rule, severity: Severity, at: Exhibit, why: impl Into<String>) {
        self.findings.add(rule, severity, vec![at], why);
    }
}

/// Holds letters against the ledgers.
pub(super) struct Reader<'a> {
    pub records: &'a Records,
    pub letters: &'a mut Letters,
}

impl<'a> Reader<'a> {
    /// Hears a row of a messagebook.
    pub fn hear(&mut self, row: &MessageRow) {
        if let Some(why) = self.nobody_heeds(row) {
            self.letters.findings.add(
                Rule::Impostor,
                Severity::Said,
                vec![Exhibit::of_letter(row)],
                why,
            );
            return;
        }
        match &row.message {
            Message::NextBallot { ballot, complete_through } => {
                let through = self.letters.complete_through.entry(*ballot).or_default();
                *through = (*through).max(*complete_through);
                self.quotes_last_tried(row, *ballot, Rule::NextBallotTried);
                super::claims::hear(row, self.records, &mut self.letters.findings);
            }
            Message::LastVote { ballot, vote, of } => {
                self.hear_last_vote(row, *ballot, vote.as_ref(), *of);
            }
            Message::BeginBallot { ballot, number, decree } => {
                self.hear_begin_ballot(row, *ballot, *number, decree);
            }
            Message::Voted { ballot, number } => self.hear_voted(row, *ballot, *number),
            Message::Success { ballot, number, decree } => {
                let told = (*number, *ballot, decree);
                super::success::hear(row, told, self.records, &mut self.letters.findings);
            }
            Message::Refused { next_bal, .. } => self.quotes_next_bal(row, *next_bal),
            Message::Presence { last_tried, .. } => {
                if let Some(ballot) = last_tried {
                    self.quotes_last_tried(row, *ballot, Rule::NoteQuoted);
                }
                super::claims::hear(row, self.records, &mut self.letters.findings);
            }
            Message::Petition { decree } => {
                self.letters.asked.hear(row, decree, &self.records.archive)
            }
            Message::Failed { .. } | Message::Inquiry { .. } => {}
            Message::LawBook { through, row: book_row, of } => {
                self.letters.books.hear(row, (*through, *of), book_row);
            }
        }
    }

    /// The reason why a letter is ignored, if it is: its sender could not have sent it.
    fn nobody_heeds(&self, row: &MessageRow) -> Option<String> {
        let (from, to, message) = (row.from, row.to, &row.message);
        let is_petition = matches!(message, Message::Petition { .. });
        if !is_petition && !self.records.members.ever_had(from) {
            return Some(format!("{from}, who sends it, does not sit in Parliament"));
        }
        let (ballot, must_be) = match message {
            Message::NextBallot { ballot, .. }
            | Message::BeginBallot { ballot, .. }
            | Message::Failed { ballot }
            | Message::Presence { presides: Some(ballot), .. } => (ballot, from),
            Message::LastVote { ballot, .. }
            | Message::Voted { ballot, .. }
            | Message::Refused { ballot, .. } => (ballot, to),
            _ => return None,
        };
        let verb = if must_be == from { "sent by" } else { "sent to" };
        (ballot.owner != must_be)
            .then(|| format!("{ballot} belongs to {}, and this is {verb} {must_be}", ballot.owner))
    }

    /// The sender's ledger; `None` if it is not here. Then his letters cannot be checked.
    fn sender(&self, row: &MessageRow) -> Option<&'a Testimony> {
        self.records.of(row.from)
    }

    fn accuse(&mut self, rule: Rule, row: &MessageRow, others: Vec<Exhibit>, why: String) {
        let shown = [Exhibit::of_letter(row)].into_iter().chain(others).collect();
        self.letters.findings.broken(rule, shown, why);
    }

    /// Whether the sender's vote in this ballot may be in an old ledger that is not here.
    fn has_forgotten(&self, row: &MessageRow, number: DecreeNumber, ballot: BallotNumber) -> bool {
        self.sender(row).is_some_and(|sender| sender.may_have_voted_in(number, ballot))
    }

    /// Checks a letter that quotes lastTried, which was dry before the letter left.
    fn quotes_last_tried(&mut self, row: &MessageRow, ballot: BallotNumber, rule: Rule) {
        let Some(sender) = self.sender(row) else { return };
        let last = sender.last_tried.as_ref();
        if last.is_none_or(|last| last.ballot < ballot) {
            let why = format!(
                "{} sends {} with {ballot}, and his lastTried is {}",
                row.from,
                row.message.kind(),
                last.map_or("−∞".into(), |it| it.ballot.to_string())
            );
            let shown = last.map(Standing::exhibit).into_iter().collect();
            self.accuse(rule, row, shown, why);
        }
    }

    /// Checks a letter that quotes nextBal, which was dry before the letter left.
    fn quotes_next_bal(&mut self, row: &MessageRow, next_bal: BallotNumber) {
        self.has_promised(row, next_bal, Rule::NoteQuoted);
    }

    fn has_promised(&mut self, row: &MessageRow, ballot: BallotNumber, rule: Rule) -> bool {
        let Some(sender) = self.sender(row) else { return false };
        let promised = sender.next_bal.as_ref();
        let has = promised.is_some_and(|it| it.ballot >= ballot);
        if !has {
            let why = format!(
                "{} sends {} with {ballot}, and his nextBal is {}",
                row.from,
                row.message.kind(),
                promised.map_or("−∞".into(), |it| it.ballot.to_string())
            );
            let shown = promised.map(Standing::exhibit).into_iter().collect();
            self.accuse(rule, row, shown, why);
        }
        has
    }

    /// Checks LastVote: nextBal ≥ b, and the vote is MaxVote(b, sender, B).
    fn hear_last_vote(
        &mut self,
        row: &MessageRow,
        ballot: BallotNumber,
        vote: Option<&(DecreeNumber, Vote)>,
        of: u64,
    ) {
        if !self.has_promised(row, ballot, Rule::LastVoteTrue) {
            return;
        }
        let of = of.max(u64::from(vote.is_some()));
        let reply = self.letters.replies.entry((ballot, row.from));
        let reply = reply.or_insert_with(|| (of, row.clone()));
        reply.0 = reply.0.max(of);
        let Some((number, vote)) = vote else { return };
        if self.has_forgotten(row, *number, vote.ballot) {
            return;
        }
        let last = last_vote(*number, row.from, ballot, self.records);
        let says = |it: &Fact| (self.records.archive.ballot(it), Some(it.decree));
        let told = (vote.ballot, self.records.archive.known(vote.decree.text()));
        if last.is_some_and(|last| says(last) == (Some(told.0), told.1)) {
            return;
        }
        let why = format!(
            "{} tells of a vote in {} for “{}” on decree {number}, and the largest below {ballot} in his ledger is {}",
            row.from,
            vote.ballot,
            vote.decree,
            self.describe(last)
        );
        let shown = last.map(|fact| self.records.archive.exhibit(fact)).into_iter().collect();
        self.accuse(Rule::LastVoteTrue, row, shown, why);
    }

    fn describe(&self, vote: Option<&Fact>) -> String {
        match vote.and_then(|fact| Some((fact, self.records.archive.ballot(fact)?))) {
            Some((fact, ballot)) => {
                format!("{ballot} for “{}”", self.records.archive.text(fact.decree))
            }
            None => "null".into(),
        }
    }

    /// Checks BeginBallot: a ballot with this decree is in B. Its row may be lost, but not
    /// lastTried.
    fn hear_begin_ballot(
        &mut self,
        row: &MessageRow,
        ballot: BallotNumber,
        number: DecreeNumber,
        decree: &Decree,
    ) {
        let Some(sender) = self.sender(row) else { return };
        let archive = &self.records.archive;
        let begun = |fact: &&Fact| fact.kind == Kind::Begun && archive.ballot(fact) == Some(ballot);
        let mut beginnings = archive.of(number).iter().filter(begun).peekable();
        let first = beginnings.peek().copied();
        if beginnings.any(|fact| archive.text(fact.decree) == decree.text()) {
            return;
        }
        if let Some(first) = first {
            let why = format!(
                "{} sends BeginBallot for “{decree}”, and {ballot} is for “{}”",
                row.from,
                archive.text(first.decree)
            );
            let shown = vec![archive.exhibit(first)];
            self.accuse(Rule::BeginBallotBegun, row, shown, why);
        } else if sender.progress.may_have_begun(ballot) {
            // The row that began it may be in the ledger that a law book replaced.
        } else if sender.progress.has_tried(ballot) {
            let why = format!(
                "BeginBallot {ballot} was sent and its row is not in {}'s ledger: it may leave while the row dries, so a power failure may have taken it",
                row.from
            );
            let shown = vec![Exhibit::of_letter(row)];
            self.letters.findings.add(Rule::BeginBallotBegun, Severity::Lost, shown, why);
        } else {
            let why = format!("{} sends BeginBallot {ballot}, which he never tried", row.from);
            self.accuse(Rule::BeginBallotBegun, row, Vec::new(), why);
        }
    }

    /// Checks Voted: the sender is one of the ballot's voters.
    fn hear_voted(&mut self, row: &MessageRow, ballot: BallotNumber, number: DecreeNumber) {
        let Some(sender) = self.sender(row) else { return };
        if sender.may_have_voted_in(number, ballot) {
            return;
        }
        let archive = &self.records.archive;
        let voted = |fact: &Fact| {
            (fact.kind, fact.ledger) == (Kind::Vote, sender.ledger)
                && archive.ballot(fact) == Some(ballot)
        };
        if !archive.of(number).iter().any(voted) {
            let why = format!(
                "{} says that he voted in {ballot} on decree {number}, and his ledger has no such vote",
                row.from
            );
            self.accuse(Rule::VotedInked, row, Vec::new(), why);
        }
    }
}

/// MaxVote(b, p, B) on one number: the largest vote below `ballot` in `priest`'s ledger.
fn last_vote(
    number: DecreeNumber,
    priest: Name,
    ballot: BallotNumber,
    records: &Records,
) -> Option<&Fact> {
    let ledger = records.of(priest)?.ledger;
    let mut facts = records.archive.of(number).iter();
    // The rows are in the order of ballots.
    facts.rfind(|fact| {
        (fact.kind, fact.ledger) == (Kind::Vote, ledger)
            && records.archive.ballot(fact) < Some(ballot)
    })
}
