//! What comes of an audit: B, ballot by ballot, and the findings.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::finding::{Finding, Findings};
use super::heard::Records;
use super::rule::{Rule, Severity};
use crate::words::{BallotNumber, DecreeNumber, Name};

/// B and the findings.
#[derive(Debug)]
pub struct Judgment {
    records: Records,
    findings: Vec<Finding>,
    counts: BTreeMap<(Rule, Severity), u64>,
}

/// A ballot of B with what the auditor makes of it. `[PTP §2.1, Figure 1]`
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct JudgedBallot {
    /// B.bal.
    pub number: BallotNumber,
    /// B.dec.
    pub decree: String,
    /// B.qrm; `None` if the row that named it is lost.
    pub quorum: Option<BTreeSet<Name>>,
    /// B.vot.
    pub voters: BTreeSet<Name>,
    /// Whether every member of the quorum voted; where it is unknown, whether a majority did.
    pub successful: bool,
    /// No other ballot has its number.
    pub b1: bool,
    /// Its quorum meets every other.
    pub b2: Option<bool>,
    /// Its decree is that of the latest earlier ballot in which a member of its quorum voted.
    pub b3: Option<bool>,
}

impl Judgment {
    pub(super) fn new(records: Records, findings: Findings) -> Judgment {
        let (findings, counts) = findings.into_parts();
        Judgment { records, findings, counts }
    }

    /// Whether every rule is kept. Facts lost and things said are no fault.
    #[must_use]
    pub fn is_consistent(&self) -> bool {
        !self.counts.keys().any(|(_, severity)| *severity == Severity::Broken)
    }

    /// The findings, the worst first; of each rule the first thousand.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// How many findings of each rule and severity there were in all.
    #[must_use]
    pub fn counts(&self) -> &BTreeMap<(Rule, Severity), u64> {
        &self.counts
    }

    /// The decree numbers that ledgers speak of, the founding decree's apart, in order.
    pub fn numbers(&self) -> impl DoubleEndedIterator<Item = DecreeNumber> + '_ {
        self.records.archive.numbers().filter(|&number| number != crate::words::Founding::NUMBER)
    }

    /// Who sat in Parliament by decree 0, and with what weight.
    #[must_use]
    pub fn weights(&self) -> &BTreeMap<Name, u64> {
        &self.records.members.first().weights
    }

    /// Who votes, and with what weight: each number from which on it holds, in order.
    /// `[PTP §3.3.6]`
    pub fn sittings(&self) -> impl Iterator<Item = (DecreeNumber, &BTreeMap<Name, u64>)> {
        self.records.members.sittings()
    }

    /// Everyone whom decree 0 or any decree since seated in Parliament, in alphabetical order.
    #[must_use]
    pub fn members(&self) -> BTreeSet<Name> {
        self.records.members.ever()
    }

    /// B for one decree number, in the order of ballot numbers.
    #[must_use]
    pub fn ballots(&self, number: DecreeNumber) -> Vec<JudgedBallot> {
        let records = &self.records;
        let ballots = records.ballots(number);
        let sitting = records.members.voting_on(number);
        let conditions = records.conditions(number, &ballots);
        let judged = ballots.iter().zip(conditions).map(|(ballot, conditions)| JudgedBallot {
            number: ballot.number,
            decree: records.archive.text(ballot.decree).into(),
            quorum: ballot.quorum.cloned(),
            voters: ballot.voters.clone(),
            successful: ballot.is_successful(sitting),
            b1: conditions.b1.is_none(),
            b2: ballot.quorum.map(|_| conditions.b2.is_none()),
            b3: match conditions.b3 {
                Some(_) => Some(false),
                None => ballot.quorum.map(|_| true),
            },
        });
        judged.collect()
    }
}
