//! §3.3.6: choosing new legislators. The law as of n − α says who votes on decree n.

use std::collections::BTreeSet;
use std::sync::Arc;

use parliament::law::{Law, LawBook, Meaning};
use parliament::parliament::{Legislator, OLIVE_DAY};
use parliament::synod::{
    BallotNumber, Decree, DecreeNumber, Entry, Founding, Message, Minutes, Mortal, Name,
};

use super::chamber::{Chamber, ORDERLY, QUICK, WILD, World, decree, letter, name, petition};
use super::judge::{judge, judge_what_stands};

/// A citizen's petition to change who sits.
pub fn change(text: &str, id: u64) -> Decree {
    decree(text).petitioned(&format!("Parnas/{id}")).unwrap()
}

/// The law that all ledgers together make.
pub fn law(chamber: &Chamber) -> LawBook {
    let mut book = LawBook::opened(Law::founded(&chamber.founding));
    for (_, _, entry) in &chamber.chronicle.inked {
        if let Entry::Outcome { number, decree, .. } = entry {
            book.learn(*number, decree.clone());
        }
    }
    book
}

/// Every quorum is a majority of those who vote on its number, and of nobody else.
pub fn judge_membership(chamber: &Chamber, seed: u64) {
    let book = law(chamber);
    let seats = &book.state().seats;
    for (_, priest, entry) in &chamber.chronicle.inked {
        let Entry::BeginBallot { number, ballot, quorum, .. } = entry else { continue };
        assert!(
            *number <= book.complete_through() + chamber.founding.alpha,
            "seed {seed}: {priest} proposed {number}, though nobody knows who votes on it"
        );
        let members = seats.voting_on(*number);
        assert!(
            members.is_majority(quorum.iter().copied()) && quorum.iter().all(|q| members.has(*q)),
            "seed {seed}: {priest} asked {quorum:?} in {ballot} for {number}, on which {members:?}"
        );
    }
    nobody_proposes_more_than_olive_days_after_a_change_he_knows(chamber, seed);
}

/// A decree proposed before, by one who knew of no change, may be bound by B3 and stand.
fn nobody_proposes_more_than_olive_days_after_a_change_he_knows(chamber: &Chamber, seed: u64) {
    let is_change = |decree: &Decree| Meaning::of_change_of_members(decree.text()).is_some();
    let mut known: BTreeSet<(Name, DecreeNumber)> = BTreeSet::new();
    let mut begun: BTreeSet<(BallotNumber, DecreeNumber)> = BTreeSet::new();
    let mut proposed = BTreeSet::new();
    for (_, priest, entry) in &chamber.chronicle.inked {
        match entry {
            // Rows that were not dry may be lost with his slip.
            Entry::Entered => known.retain(|(name, _)| name != priest),
            Entry::Outcome { number, decree, .. } if is_change(decree) => {
                known.insert((*priest, *number));
            }
            Entry::BeginBallot { number, decree, ballot, .. } => {
                let is_new = proposed.insert((*number, decree.clone()));
                let after = number.saturating_sub(chamber.founding.alpha - 1)..*number;
                let knows = |c| known.contains(&(*priest, c)) || begun.contains(&(*ballot, c));
                assert!(
                    !is_new || decree.text() == OLIVE_DAY || !after.into_iter().any(knows),
                    "seed {seed}: {priest} proposed {decree:?} as {number} soon after a change"
                );
                if is_change(decree) {
                    begun.insert((*ballot, *number));
                }
            }
            _ => {}
        }
    }
}

/// A seated Chamber, and ledgers from God for these others.
pub fn seated_with(founding: &str, others: &[&str], world: World, seed: u64) -> Chamber {
    let mut chamber = Chamber::seated(founding, world, seed);
    for other in others {
        chamber.papers.entry(name(other)).or_default();
    }
    chamber
}

#[test]
fn section_3_3_6_strong_sits_three_decrees_later() {
    let mut chamber = seated_with("Dwork Gray Oki", &["Strong"], QUICK, 1);
    chamber.petition(name("Oki"), petition(1));
    chamber.sit(5);
    chamber.petition(name("Oki"), change("Strong is now a legislator with weight 2", 1));
    chamber.petition(name("Oki"), petition(2));
    chamber.enter(name("Strong"));
    chamber.sit(100);
    assert_eq!(chamber.law("Gray", 3).as_deref(), Some(OLIVE_DAY));
    assert_eq!(chamber.law("Gray", 4).as_deref(), Some(OLIVE_DAY));
    assert_eq!(chamber.law("Gray", 5).as_deref(), Some("The sale of goat 2 is permitted"));
    let strong = BTreeSet::from([name("Strong")]);
    for number in 1..=4 {
        assert!(chamber.quorum_of(number).is_disjoint(&strong), "he voted on {number}");
    }
    assert!(chamber.quorum_of(5).is_superset(&strong), "without him there is no majority");
    assert_eq!(chamber.law("Strong", 1), chamber.law("Gray", 1), "he learnt the law");
    judge(&chamber, 1);
    judge_membership(&chamber, 1);
}

#[test]
fn section_3_3_6_the_new_member_carries_on_when_old_ones_leave() {
    let mut chamber = seated_with("Gray Oki", &["Strong"], QUICK, 2);
    chamber.petition(name("Oki"), change("Strong is now a legislator", 1));
    chamber.enter(name("Strong"));
    chamber.sit(100);
    chamber.leave(name("Oki"));
    chamber.petition(name("Gray"), petition(1));
    assert!(chamber.sit_until(200, |chamber| chamber.everyone_has(1)).is_some());
    judge_membership(&chamber, 2);
}

#[test]
fn section_3_3_6_one_removed_counts_no_longer_and_is_told() {
    let mut chamber = Chamber::seated("Gray Lynch Oki", QUICK, 3);
    chamber.sit(5);
    assert_eq!(chamber.presidents(), [name("Oki")]);
    chamber.petition(name("Oki"), change("Oki is no longer a legislator", 1));
    chamber.petition(name("Lynch"), petition(1));
    chamber.sit(200);
    assert_eq!(chamber.law("Oki", 1).as_deref(), Some("Oki is no longer a legislator"));
    assert_eq!(chamber.law("Lynch", 4).as_deref(), Some("The sale of goat 1 is permitted"));
    assert_eq!(chamber.presidents(), [name("Lynch")]);
    assert!(!chamber.quorum_of(4).contains(&name("Oki")));
    // Nor is he missed when he is gone.
    chamber.leave(name("Oki"));
    chamber.petition(name("Gray"), petition(2));
    assert!(chamber.sit_until(30, |chamber| chamber.everyone_has(2)).is_some());
    judge(&chamber, 3);
    judge_membership(&chamber, 3);
}

#[test]
fn a_petition_by_hand_that_commands_refuse_is_not_proposed() {
    let mut chamber = Chamber::seated("Dwork Gray \u{3a3}\u{3b1}\u{3c2}", QUICK, 3);
    chamber.sit(5);
    let president = chamber.presidents()[0];
    let refused = [
        "\u{3c3}\u{3b1}\u{3c3} is now a legislator",
        "The olive\u{202e} tax is 3",
        "The lamp is 1; the toll\u{200b} is 3",
    ];
    for (id, text) in (1..).zip(refused) {
        chamber.petition(president, change(text, id));
    }
    chamber.petition(president, petition(1));
    assert!(chamber.sit_until(200, |chamber| chamber.everyone_has(1)).is_some());
    assert_eq!(chamber.law("Dwork", 1).as_deref(), Some("The sale of goat 1 is permitted"));
    let declined = chamber.chronicle.told.iter().filter(|told| told.contains("does not propose"));
    assert_eq!(declined.count(), 3);
    judge(&chamber, 3);
}

#[test]
fn section_3_3_6_the_sailors_decree_ends_government_in_paxos() {
    let mut chamber = Chamber::seated("Dwork Gray Oki", QUICK, 4);
    chamber.petition(name("Oki"), petition(1));
    chamber.sit(5);
    let honour = "Elpenor is now a legislator with weight 1000000";
    chamber.petition(name("Oki"), change(honour, 1));
    chamber.sit(5);
    chamber.petition(name("Oki"), change("Elpenor is no longer a legislator", 2));
    chamber.petition(name("Gray"), petition(2));
    chamber.sit(1000);
    assert_eq!(chamber.law("Oki", 2).as_deref(), Some(honour));
    for who in ["Dwork", "Gray", "Oki"] {
        let complete = chamber.legislator(who).pages().complete_through();
        assert_eq!(complete, 4, "{who}: two olive days, and nothing more, ever");
    }
    judge(&chamber, 4);
    judge_membership(&chamber, 4);
    // General Lampson stages a coup: another founding decree, and no law of the old.
    let mut junta = Chamber::seated("Lampson", QUICK, 4);
    junta.petition(name("Lampson"), decree("Long live the general").petitioned("L/1").unwrap());
    junta.sit(5);
    assert_eq!(junta.law("Lampson", 1).as_deref(), Some("Long live the general"));
    assert_eq!(junta.law("Lampson", 2), None);
}

#[test]
fn section_3_3_6_proposing_n_needs_decree_n_minus_alpha() {
    let mut chamber = Chamber::seated("Gray Lynch Oki", QUICK, 5);
    chamber.sit(5);
    chamber.censor = Box::new(|_, letter| matches!(letter.message, Message::Voted { .. }));
    for id in 1..=9 {
        chamber.petition(name("Oki"), petition(id));
    }
    chamber.sit(10);
    let begun = |entry: &Entry| match entry {
        Entry::BeginBallot { number, .. } => Some(*number),
        _ => None,
    };
    let last = chamber.chronicle.inked.iter().filter_map(|(_, _, entry)| begun(entry)).max();
    assert_eq!(last, Some(3));
}

#[test]
fn strangers_are_not_heard_until_the_law_seats_them() {
    let mut chamber = seated_with("Gray Oki", &["Strong"], QUICK, 6);
    chamber.sit(5);
    let ballot = "99.Strong".parse().unwrap();
    let next_ballot = Message::NextBallot { ballot, complete_through: 0 };
    chamber.post(name("Strong"), letter("Gray", next_ballot.clone()));
    chamber.sit(5);
    assert_ne!(chamber.legislator("Gray").notes().next_bal(), Some(ballot));
    chamber.petition(name("Oki"), change("Strong is now a legislator", 1));
    chamber.sit(50);
    chamber.post(name("Strong"), letter("Gray", next_ballot));
    chamber.sit(1);
    assert_eq!(chamber.legislator("Gray").notes().next_bal(), Some(ballot));
}

pub const POOL: [&str; 6] = ["Dwork", "Gray", "Lynch", "Oki", "Strong", "Toueg"];

/// A wild run in which anyone may be seated, weighted anew, or unseated.
fn wild(founding: &str, world: World, seed: u64, moves: u64) -> Chamber {
    let mut chamber = seated_with(founding, &POOL, world, seed);
    let mut next_id = 0;
    for _ in 0..moves {
        let who = name(POOL[chamber.draw(6) as usize]);
        match chamber.draw(12) {
            0..=3 => {
                let id = if chamber.draw(4) == 0 { chamber.draw(next_id + 1) } else { next_id };
                next_id = next_id.max(id + 1);
                chamber.petition(who, petition(id));
            }
            4 | 5 => {
                let whom = POOL[chamber.draw(6) as usize];
                let id = chamber.draw(200);
                let text = match chamber.draw(4) {
                    0 => format!("{whom} is no longer a legislator"),
                    weight => format!("{whom} is now a legislator with weight {weight}"),
                };
                chamber.petition(who, change(&text, id));
            }
            6 => chamber.leave(who),
            7..=9 if !chamber.inside.contains_key(&who) => chamber.enter(who),
            _ => {}
        }
        let minutes = chamber.draw(25);
        chamber.sit(minutes);
    }
    chamber
}

#[test]
fn section_3_3_6_consistency_holds_while_members_change() {
    let (mut changes, mut passed) = (0, 0);
    for seed in 0..super::wild::runs(400) {
        let founding = ["Gray Lynch Oki", "Dwork Gray Lynch Oki alpha=6"][seed as usize % 2];
        let world = [WILD, ORDERLY, QUICK][seed as usize % 3];
        let chamber = wild(founding, world, seed, 80);
        judge_what_stands(&chamber, seed);
        judge_membership(&chamber, seed);
        let book = law(&chamber);
        changes += book.state().seats.changes().count() - 1;
        passed += book.complete_through();
    }
    assert!(changes > 400, "only {changes} changes in {passed} decrees: these runs try nothing");
}

#[test]
fn section_3_3_6_decrees_pass_when_all_are_inside() {
    for seed in 0..super::wild::runs(150) {
        let mut chamber = wild("Gray Lynch Oki", WILD, seed, 60);
        chamber.lock_the_doors();
        let all: Vec<Name> = POOL.map(name).to_vec();
        for &who in &all {
            if !chamber.inside.contains_key(&who) {
                chamber.enter(who);
            }
        }
        // A citizen who was never seated is not told anything.
        chamber.sit(400);
        chamber.petition(all[seed as usize % 6], petition(9_999));
        let everyone = |chamber: &Chamber| {
            let book = law(chamber);
            let members = book.state().seats.latest();
            members.names().all(|n| chamber.inside[&n].pages().has_passed("Dolf/9999"))
        };
        let sits = law(&chamber).state().seats.latest().has(all[seed as usize % 6]);
        let took = chamber.sit_until(1500, everyone);
        assert!(took.is_some() || !sits, "seed {seed}: not passed in 1500 minutes");
        judge_what_stands(&chamber, seed);
        judge_membership(&chamber, seed);
    }
}

#[test]
fn a_change_of_members_that_was_petitioned_twice_counts_once() {
    let founding: Arc<Founding> = Arc::new("Gray Oki".parse().unwrap());
    let seat = change("Strong is now a legislator", 1);
    let unseat = change("Strong is no longer a legislator", 2);
    let rows: Vec<Entry> = (1..)
        .zip([seat.clone(), unseat, seat])
        .map(|(number, decree)| Entry::Outcome { number, decree, ballot: None })
        .collect();
    let gray = Legislator::from_ledger(name("Gray"), founding, &rows);
    let sits = |number| gray.membership_for(number).has(name("Strong"));
    assert_eq!([3, 4, 5, 6].map(sits), [false, true, false, false]);
}

/// It may be that nobody he knows of is inside: he may have come after they have gone.
#[test]
fn section_3_3_6_a_newcomer_learns_from_an_unknown_president() {
    let founding = Arc::new("Dwork".parse::<Founding>().unwrap());
    let mut gray = Legislator::from_ledger(name("Gray"), founding, []);
    let reads = |who: &mut Legislator, from, message| {
        let _deed = who.receive(Minutes::whole(9), from, message);
    };
    let lynch = name("Lynch");
    let success = |number, text| Message::Success { number, decree: decree(text), ballot: None };
    let first = || success(1, "Lynch is now a legislator");
    reads(&mut gray, lynch, first());
    assert_eq!(gray.pages().complete_through(), 0, "nobody has asked him");
    let ballot = BallotNumber { round: 5, owner: lynch };
    reads(&mut gray, lynch, Message::NextBallot { ballot, complete_through: 2 });
    assert_eq!(gray.notes().next_bal(), None, "a stranger gets no promise");
    reads(&mut gray, name("Skeen"), first());
    assert_eq!(gray.pages().complete_through(), 0, "it is Lynch who was asked");
    reads(&mut gray, lynch, first());
    reads(&mut gray, lynch, success(2, "Gray is now a legislator"));
    assert_eq!(gray.pages().complete_through(), 2);
    reads(&mut gray, lynch, Message::NextBallot { ballot, complete_through: 2 });
    assert_eq!(gray.notes().next_bal(), Some(ballot));
}
