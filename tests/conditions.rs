//! §2.1 as mathematics: what follows from B1, B2 and B3, over random sets of ballots.
//!
//! Nothing here is known of priests, letters or time: a set B is any that keeps the conditions.
//! The numbers, quorums and voters are drawn; then each ballot, the lowest first, gets the decree
//! that B3 asks for, or any where B3 leaves the choice free. So every B that keeps them can be
//! drawn.

use std::collections::BTreeSet;

use parliament::chance::Chance;
use parliament::synod::conditions::{b1, b2, b3, max_vote_below};
use parliament::synod::{Ballot, BallotNumber, Decree, Name};

const PRIESTS: [&str; 5] = ["A", "B", "Γ", "Δ", "E"];
const CASES: u64 = 5_000;

fn decree(chance: &mut Chance) -> Decree {
    Decree::new(["α", "β", "γ"][chance.below(3) as usize]).unwrap()
}

/// Any set of priests; each priest is a member with probability 1/n.
fn some(of: &BTreeSet<Name>, once_in: u64, chance: &mut Chance) -> BTreeSet<Name> {
    of.iter().copied().filter(|_| chance.below(once_in) == 0).collect()
}

/// A quorum that meets all of these, if one is drawn.
fn quorum(ballots: &[Ballot], chance: &mut Chance) -> Option<BTreeSet<Name>> {
    let all = PRIESTS.iter().map(|name| name.parse().unwrap()).collect();
    let drawn = some(&all, 2, chance);
    let meets = |ballot: &Ballot| !ballot.quorum.is_disjoint(&drawn);
    (!drawn.is_empty() && ballots.iter().all(meets)).then_some(drawn)
}

/// Gives a ballot the decree that B3 asks for. `[PTP §2.3 (3)]`
fn bind(ballot: &mut Ballot, ballots: &[Ballot], chance: &mut Chance) {
    let earlier = max_vote_below(ballot.number, &ballot.quorum, ballots);
    ballot.decree = earlier.map_or_else(|| decree(chance), |earlier| earlier.decree.clone());
}

/// A set of ballots that keeps B1, B2 and B3.
fn set_of_ballots(chance: &mut Chance) -> Vec<Ballot> {
    let mut ballots: Vec<Ballot> = Vec::new();
    for _ in 0..chance.below(7) {
        let owner = PRIESTS[chance.below(5) as usize].parse().unwrap();
        let number = BallotNumber { round: chance.below(9), owner };
        let Some(quorum) = quorum(&ballots, chance) else { continue };
        if ballots.iter().any(|ballot| ballot.number == number) {
            continue;
        }
        // All vote in some ballots, few in others.
        let voters = some(&quorum, 1 + chance.below(3), chance);
        ballots.push(Ballot { number, decree: decree(chance), quorum, voters });
    }
    ballots.sort_by_key(|ballot| ballot.number);
    for i in 0..ballots.len() {
        let (earlier, later) = ballots.split_at_mut(i);
        bind(&mut later[0], earlier, chance);
    }
    assert!(b1(&ballots) && b2(&ballots) && b3(&ballots), "{ballots:?}");
    ballots
}

/// Draws many sets; in how many of them the check says that it had something to look at.
fn check(mut it: impl FnMut(Vec<Ballot>, &mut Chance) -> bool) -> u64 {
    let looks = (0..CASES).map(|seed| {
        let mut chance = Chance::new(seed, 0);
        it(set_of_ballots(&mut chance), &mut chance)
    });
    looks.map(u64::from).sum()
}

/// If B is successful and B′ is later, they are for one decree. `[PTP §2.1, Lemma]`
#[test]
fn lemma() {
    let looked = check(|ballots, _| {
        let mut later = 0;
        for (i, one) in ballots.iter().enumerate().filter(|(_, one)| one.is_successful()) {
            for other in &ballots[i + 1..] {
                assert_eq!(one.decree, other.decree, "{ballots:?}");
                later += 1;
            }
        }
        later > 0
    });
    assert!(looked > CASES / 10, "{looked}");
}

/// Two successful ballots are for one decree. `[PTP §2.1, Theorem 1]`
#[test]
fn theorem_1() {
    let looked = check(|ballots, _| {
        let successful: Vec<&Ballot> = ballots.iter().filter(|it| it.is_successful()).collect();
        assert!(successful.windows(2).all(|two| two[0].decree == two[1].decree), "{ballots:?}");
        successful.len() > 1
    });
    assert!(looked > CASES / 20, "{looked}");
}

/// From any B a ballot can be added that has a higher number than all and a quorum that meets all,
/// and in which everyone votes; B1, B2 and B3 still hold. So nothing passed or tried before can
/// keep a decree from passing. `[PTP §2.1, Theorem 2]`
#[test]
fn theorem_2() {
    let looked = check(|mut ballots, chance| {
        let highest = ballots.last().map_or(0, |last| last.number.round);
        let owner = PRIESTS[chance.below(5) as usize].parse().unwrap();
        let number = BallotNumber { round: highest + 1 + chance.below(3), owner };
        let everyone = PRIESTS.iter().map(|name| name.parse().unwrap()).collect();
        let quorum = quorum(&ballots, chance).unwrap_or(everyone);
        let mut fresh = Ballot { number, decree: decree(chance), voters: quorum.clone(), quorum };
        bind(&mut fresh, &ballots, chance);
        assert!(fresh.is_successful());
        ballots.push(fresh);
        assert!(b1(&ballots) && b2(&ballots) && b3(&ballots), "{ballots:?}");
        ballots.iter().any(|ballot| !ballot.voters.is_empty())
    });
    assert!(looked > CASES / 2, "{looked}");
}
