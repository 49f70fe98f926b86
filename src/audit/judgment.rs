//! The result of an audit: B, ballot by ballot, and the findings.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::finding::{Finding, Findings};
use super::heard::Records;
use super::rule::{Rule, Severity};
use crate::words::{BallotNumber, DecreeNumber, Name};

/// The result of an audit: B and the findings.
#[derive(Debug)]
pub struct Judgment {
    records: Records,
    findings: Vec<Finding>,
    counts: BTreeMap<(Rule, Severity), u64>,
}

/// A ballot of B, with the auditor's judgment of it. `[PTP §2.1, Figure 1]`
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
    /// Whether every member of the quorum voted; if it is unknown, whether a majority did.
    pub successful: bool,
    /// Whether no other ballot has its number.
    pub b1: bool,
    /// Whether its quorum meets every other; `None` if the quorum is unknown.
    pub b2: Option<bool>,
    /// Whether its decree is that of the latest earlier ballot in which a member of its quorum
    /// voted; `None` if that is unknown.
    pub b3: Option<bool>,
}

impl Judgment {
    pub(super) fn new(records: Records, findings: Findings) -> Judgment {
        let (findings, counts) = findings.into_parts();
        Judgment { records, findings, counts }
    }

    /// Whether no rule is broken. Facts lost and remarks are no fault.
    #[must_use]
    pub fn is_consistent(&self) -> bool {
        !self.counts.keys().any(|(_, severity)| *severity == Severity::Broken)
    }

    /// The findings, the worst first; only the first thousand of each rule.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The number of findings of each rule and severity, including those not kept.
    #[must_use]
    pub fn counts(&self) -> &BTreeMap<(Rule, Severity), u64> {
        &self.counts
    }

    /// The decree numbers in the ledgers, in order, without the founding decree's.
    pub fn numbers(&self) -> impl DoubleEndedIterator<Item = DecreeNumber> + '_ {
        self.records.archive.numbers().filter(|&number| number != crate::words::Founding::NUMBER)
    }

    /// The legislators of decree 0, with their weights.
    #[must_use]
    pub fn weights(&self) -> &BTreeMap<Name, u64> {
        &self.records.members.first().weights
    }

    /// The voters with their weights, each list with the first decree number for which it holds.
    /// `[PTP §3.3.6]`
    pub fn sittings(&self) -> impl Iterator<Item = (DecreeNumber, &BTreeMap<Name, u64>)> {
        self.records.members.sittings()
    }

    /// All whom decree 0 or a later decree seated, in alphabetical order.
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
