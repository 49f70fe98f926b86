//! Judges a run from its rows alone: consistency, B1 to B3, and Appendix A1's guards, each decree
//! number being a Synod of its own.

use std::collections::{BTreeMap, BTreeSet};

use parliament::parliament::OLIVE_DAY;
use parliament::synod::conditions::{b1, b2, b3};
use parliament::synod::{Ballot, BallotNumber, Decree, DecreeNumber, Entry, Name};

use super::chamber::Chamber;

type Begun = BTreeMap<(DecreeNumber, BallotNumber), (Decree, BTreeSet<Name>)>;
type Votes = BTreeMap<DecreeNumber, BTreeMap<Name, Option<(BallotNumber, Decree)>>>;

/// Everything that must hold of every run.
pub fn judge(chamber: &Chamber, seed: u64) {
    judge_ballots(chamber, seed);
    decrees_are_ordered(chamber, seed, |_, _| true);
}

/// Everything that must hold of every run, but of the order of decrees only what §3.2.1 promises:
/// of those that stand. Where one legislator alone outweighs all others, a president who has not
/// heard of him may still propose, without success, what he is free to by an older ballot.
pub fn judge_what_stands(chamber: &Chamber, seed: u64) {
    judge_ballots(chamber, seed);
    let mut standing = BTreeSet::new();
    for (_, _, entry) in &chamber.chronicle.inked {
        if let Entry::Outcome { number, decree, .. } = entry {
            standing.insert((*number, decree.clone()));
        }
    }
    let stands = |number, decree: &Decree| standing.contains(&(number, decree.clone()));
    decrees_are_ordered(chamber, seed, stands);
}

fn judge_ballots(chamber: &Chamber, seed: u64) {
    let begun = begun(chamber, seed);
    let voters = voters(chamber);
    no_two_ledgers_contradict_each_other(chamber, seed);
    each_number_keeps_b1_b2_b3(&begun, &voters, seed);
    each_outcome_has_a_successful_ballot(chamber, &begun, &voters, seed);
    for &priest in chamber.papers.keys() {
        rows_are_allowed_actions(chamber, priest, &begun, seed);
    }
    each_choice_is_the_one_b3_leaves(chamber, &begun, seed);
}

/// B: also the ballots whose row a crash took, since their letters may have left.
fn begun(chamber: &Chamber, seed: u64) -> Begun {
    let mut begun = Begun::new();
    for (_, priest, entry) in &chamber.chronicle.inked {
        if let Entry::BeginBallot { number, ballot, decree, quorum } = entry {
            assert_eq!(ballot.owner, *priest, "seed {seed}: began another's ballot");
            let before = begun.insert((*number, *ballot), (decree.clone(), (**quorum).clone()));
            assert!(before.is_none(), "seed {seed}: {ballot} begun twice for {number}");
        }
    }
    begun
}

/// The voters: only votes that are in a ledger still.
fn voters(chamber: &Chamber) -> BTreeMap<(DecreeNumber, BallotNumber), BTreeSet<Name>> {
    let mut voters: BTreeMap<_, BTreeSet<Name>> = BTreeMap::new();
    for (&priest, paper) in &chamber.papers {
        for row in &paper.rows {
            if let Entry::PrevVote { number, ballot, .. } = row {
                voters.entry((*number, *ballot)).or_default().insert(priest);
            }
        }
    }
    voters
}

fn no_two_ledgers_contradict_each_other(chamber: &Chamber, seed: u64) {
    let mut law: BTreeMap<DecreeNumber, &Decree> = BTreeMap::new();
    for (_, priest, entry) in &chamber.chronicle.inked {
        if let Entry::Outcome { number, decree, .. } = entry {
            let inked = law.entry(*number).or_insert(decree);
            assert_eq!(*inked, decree, "seed {seed}: {priest} contradicts decree {number}");
        }
    }
}

fn each_number_keeps_b1_b2_b3(
    begun: &Begun,
    voters: &BTreeMap<(DecreeNumber, BallotNumber), BTreeSet<Name>>,
    seed: u64,
) {
    let mut ballots: BTreeMap<DecreeNumber, Vec<Ballot>> = BTreeMap::new();
    for (&(number, ballot), (decree, quorum)) in begun {
        ballots.entry(number).or_default().push(Ballot {
            number: ballot,
            decree: decree.clone(),
            quorum: quorum.clone(),
            voters: voters.get(&(number, ballot)).cloned().unwrap_or_default(),
        });
    }
    for (number, ballots) in &ballots {
        assert!(b1(ballots), "seed {seed}: B1 of decree {number}");
        assert!(b2(ballots), "seed {seed}: B2 of decree {number}");
        assert!(b3(ballots), "seed {seed}: B3 of decree {number}: {ballots:?}");
    }
}

fn each_outcome_has_a_successful_ballot(
    chamber: &Chamber,
    begun: &Begun,
    voters: &BTreeMap<(DecreeNumber, BallotNumber), BTreeSet<Name>>,
    seed: u64,
) {
    for (_, priest, entry) in &chamber.chronicle.inked {
        let Entry::Outcome { number, decree, ballot: Some(ballot) } = entry else {
            continue;
        };
        let (voted_on, quorum) = &begun[&(*number, *ballot)];
        assert_eq!(voted_on, decree, "seed {seed}: {priest} inked what was not voted on");
        let who = voters.get(&(*number, *ballot)).cloned().unwrap_or_default();
        assert!(quorum.is_subset(&who), "seed {seed}: {ballot} of {number} was no success");
    }
}

/// Each row of a ledger is an action whose guard of Appendix A1 held, for its decree number.
fn rows_are_allowed_actions(chamber: &Chamber, priest: Name, begun: &Begun, seed: u64) {
    let (mut last_tried, mut next_bal) = (None, None);
    let mut prev_bal: BTreeMap<DecreeNumber, BallotNumber> = BTreeMap::new();
    for row in &chamber.papers[&priest].rows {
        match row {
            Entry::LastTried { ballot } => {
                assert!(ballot.owner == priest && Some(*ballot) > last_tried, "seed {seed}: try");
                last_tried = Some(*ballot);
            }
            Entry::NextBal { ballot } => {
                assert!(Some(*ballot) > next_bal, "seed {seed}: {priest} promised {ballot}");
                next_bal = Some(*ballot);
            }
            Entry::PrevVote { number, ballot, decree } => {
                assert_eq!(Some(*ballot), next_bal, "seed {seed}: {priest} broke his promise");
                let before = prev_bal.insert(*number, *ballot);
                assert!(Some(*ballot) > before, "seed {seed}: {priest} voted twice");
                assert_eq!(
                    &begun[&(*number, *ballot)].0,
                    decree,
                    "seed {seed}: voted for another decree"
                );
            }
            Entry::BeginBallot { ballot, .. } => {
                assert_eq!(Some(*ballot), last_tried, "seed {seed}: {priest} began an old ballot");
            }
            Entry::Outcome { .. } | Entry::Entered | Entry::Book(_) => {}
        }
    }
}

/// For each ballot, every member of its quorum had promised it, and its decree is that of the
/// largest vote they had cast when they promised. `[PTP §2.3 (2), (3)]`
fn each_choice_is_the_one_b3_leaves(chamber: &Chamber, begun: &Begun, seed: u64) {
    let mut reported: BTreeMap<BallotNumber, Votes> = BTreeMap::new();
    for (&priest, paper) in &chamber.papers {
        let mut prev: BTreeMap<DecreeNumber, (BallotNumber, Decree)> = BTreeMap::new();
        for row in &paper.rows {
            match row {
                Entry::PrevVote { number, ballot, decree } => {
                    prev.insert(*number, (*ballot, decree.clone()));
                }
                Entry::NextBal { ballot } => {
                    let numbers: BTreeSet<DecreeNumber> =
                        begun.keys().filter(|(_, b)| b == ballot).map(|(n, _)| *n).collect();
                    for number in numbers {
                        let votes = reported.entry(*ballot).or_default().entry(number).or_default();
                        votes.insert(priest, prev.get(&number).cloned());
                    }
                }
                _ => {}
            }
        }
    }
    for ((number, ballot), (decree, quorum)) in begun {
        let votes = reported.get(ballot).and_then(|votes| votes.get(number));
        let heard: Vec<_> = quorum.iter().map(|q| votes.and_then(|v| v.get(q))).collect();
        assert!(heard.iter().all(Option::is_some), "seed {seed}: {ballot} asked one not bound");
        let largest = heard.into_iter().flatten().flatten().max_by_key(|(b, _)| *b);
        if let Some((_, bound)) = largest {
            assert_eq!(bound, decree, "seed {seed}: B3 of {ballot} for decree {number}");
        }
    }
}

/// If decrees A and B are important and A was passed before B was proposed, then A has a lower
/// number than B. `[PTP §3.2.1]`
fn decrees_are_ordered(
    chamber: &Chamber,
    seed: u64,
    counts: impl Fn(DecreeNumber, &Decree) -> bool,
) {
    let mut largest_passed = 0;
    let mut proposed = BTreeSet::new();
    for (_, priest, entry) in &chamber.chronicle.inked {
        match entry {
            Entry::Outcome { number, decree, .. } if decree.text() != OLIVE_DAY => {
                largest_passed = largest_passed.max(*number);
            }
            Entry::BeginBallot { number, decree, ballot, .. }
                if decree.text() != OLIVE_DAY
                    && counts(*number, decree)
                    && proposed.insert((*number, decree.clone())) =>
            {
                assert!(
                    *number > largest_passed,
                    "seed {seed}: {priest} proposed {decree:?} as {number} in {ballot}, though \
                     {largest_passed} had passed"
                );
            }
            _ => {}
        }
    }
}
