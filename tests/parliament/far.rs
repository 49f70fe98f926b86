//! One letter by hand costs little, whatever it says: it neither stops the Parliament nor buries it
//! in rows, and decrees go on passing. `[PTP §2.2, §3.1]`

use parliament::parliament::{FAR_BEHIND, LONGEST_ANSWER};
use parliament::synod::{
    BallotNumber, Decree, Entry, FARTHEST_AHEAD, Heading, Letter, Message, Minutes, Mortal, Name,
    Vote,
};
use parliament::words::book::BookRow;

use super::chamber::{Chamber, ORDERLY, QUICK, decree, letter, name, petition, proclaim};
use super::wild::runs;

const FOUNDING: &str = "Dwork Gray Oki";

/// The cost that a letter may have, over all ledgers and messagebooks, beyond what goes on without
/// it.
const ROWS: u64 = 1_000;
const BYTES: u64 = 1 << 19;

/// Any letter, to anyone, in anyone's name.
fn by_hand(chamber: &mut Chamber) -> (Name, Letter) {
    let names = ["Dwork", "Gray", "Oki", "Skeen"];
    let from = name(names[chamber.draw(4) as usize]);
    let to = names[chamber.draw(3) as usize];
    let far = [0, 1, 2, 4, 7, 40, 900, 1002, 1003, 1004, 5000, 1 << 40, 1 << 53];
    let number = |chamber: &mut Chamber| far[chamber.draw(far.len() as u64) as usize];
    let ballot = |chamber: &mut Chamber| {
        let rounds = [0, 1, 2, 3, 9, 1000, FARTHEST_AHEAD, FARTHEST_AHEAD + 90, 1 << 53];
        let round = rounds[chamber.draw(9) as usize];
        let tried = chamber.inside.get(&name(to)).and_then(|l| l.notes().last_tried());
        match (tried, chamber.draw(3)) {
            // Otherwise hardly any letter would concern the ballot under way.
            (Some(tried), 0) => tried,
            (_, owner) => BallotNumber { round, owner: [from, name(to)][owner as usize % 2] },
        }
    };
    let said = decree("The sale of cows by hand is permitted");
    let vote = |chamber: &mut Chamber| {
        let (number, ballot) = (number(chamber), ballot(chamber));
        (number, Vote { priest: from, ballot, decree: said.clone() })
    };
    let message = match chamber.draw(10) {
        0 => Message::NextBallot { ballot: ballot(chamber), complete_through: number(chamber) },
        1 => {
            let (vote, of) = (Some(vote(chamber)), 1 + chamber.draw(3));
            Message::LastVote { ballot: ballot(chamber), vote, of }
        }
        2 => Message::LastVote { ballot: ballot(chamber), vote: None, of: number(chamber) },
        3 => Message::BeginBallot {
            ballot: ballot(chamber),
            number: number(chamber),
            decree: said.clone(),
        },
        4 => Message::Voted { ballot: ballot(chamber), number: number(chamber) },
        5 => Message::Success {
            ballot: Some(ballot(chamber)),
            number: number(chamber),
            decree: said.clone(),
        },
        6 => Message::Refused { ballot: ballot(chamber), next_bal: ballot(chamber) },
        7 => Message::Presence {
            last_tried: Some(ballot(chamber)),
            complete_through: number(chamber),
            presides: (chamber.draw(2) == 0).then(|| ballot(chamber)),
        },
        8 => Message::Inquiry { above: number(chamber), through: Some(number(chamber)) },
        _ => {
            let through = number(chamber);
            let row = BookRow::of(Heading::Bound, through, "");
            Message::LawBook { through, row, of: 1 }
        }
    };
    (from, letter(to, message))
}

/// Rows of ledgers and messagebooks so far, and their bytes.
fn cost(chamber: &Chamber) -> (u64, u64) {
    let letters: u64 = chamber.chronicle.sent.values().sum();
    (chamber.chronicle.inked.len() as u64 + letters, chamber.chronicle.bytes)
}

fn a_run(seed: u64, by_hand_too: bool) -> (Chamber, Option<(Name, Letter)>, (u64, u64)) {
    let mut chamber = Chamber::seated(FOUNDING, [ORDERLY, QUICK][seed as usize % 2], seed);
    let decrees = chamber.draw(12);
    for id in 0..decrees {
        chamber.petition(name(["Dwork", "Gray", "Oki"][id as usize % 3]), petition(id));
        let minutes = chamber.draw(14);
        chamber.sit(minutes);
    }
    let drawn = by_hand(&mut chamber);
    let before = cost(&chamber);
    let told = by_hand_too.then(|| {
        let (from, Letter { to, message }) = drawn.clone();
        if let Some(legislator) = chamber.inside.get_mut(&to) {
            let deed = legislator.receive(chamber.now, from, message);
            chamber.perform(to, deed);
        }
        drawn
    });
    chamber.petition(name("Gray"), petition(1_000));
    let bound = Minutes::whole(33 + 99 + 3 * 22);
    let has = |id: u64| {
        let id = format!("Dolf/{id}");
        move |chamber: &Chamber| {
            chamber.inside.values().filter(|l| l.pages().has_passed(&id)).count() > 1
        }
    };
    let took = chamber.sit_until(1_000, has(1_000));
    assert!(took.is_some_and(|took| took <= bound), "seed {seed}: took {took:?} after {told:?}");
    chamber.petition(name("Oki"), petition(1_001));
    let took = chamber.sit_until(1_000, has(1_001));
    assert!(took.is_some_and(|took| took <= bound), "seed {seed}: then {took:?} after {told:?}");
    chamber.sit(200);
    let after = cost(&chamber);
    (chamber, told, (after.0 - before.0, after.1 - before.1))
}

#[test]
fn one_letter_by_hand_costs_few_rows_and_stops_nothing() {
    let only = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok());
    let (mut worst, mut far) = ((0, 0), 0);
    for seed in only.map_or(0..runs(400), |seed: u64| seed..seed + 1) {
        let (_, _, without) = a_run(seed, false);
        let (_, told, with) = a_run(seed, true);
        let (rows, bytes) = (with.0.saturating_sub(without.0), with.1.saturating_sub(without.1));
        assert!(
            rows <= ROWS && bytes <= BYTES,
            "seed {seed}: {rows} rows, {bytes} bytes: {told:?}"
        );
        worst = (rows.max(worst.0), bytes.max(worst.1));
        let ballots = told.map(|(_, letter)| letter.message.ballots_to_heed());
        let is_far = |ballot: BallotNumber| ballot.round > FARTHEST_AHEAD;
        far += u64::from(ballots.into_iter().flatten().flatten().any(is_far));
    }
    proclaim(&format!("by hand: at the worst {worst:?} rows and bytes; {far} letters far ahead"));
    assert!(far > 0 || only.is_some(), "no letter was far ahead");
}

#[test]
fn the_largest_number_by_hand_leaves_everyone_a_number_to_try() {
    let mut chamber = Chamber::seated(FOUNDING, QUICK, 1);
    chamber.sit(5);
    let ballot: BallotNumber = "9007199254740992.Dwork".parse().unwrap();
    for to in ["Gray", "Oki"] {
        let next_ballot = Message::NextBallot { ballot, complete_through: 0 };
        chamber.post(name("Dwork"), letter(to, next_ballot));
    }
    chamber.petition(name("Oki"), petition(1));
    assert!(chamber.sit_until(100, |chamber| chamber.everyone_has(1)).is_some());
    assert!(chamber.legislator("Gray").notes().next_bal() < Some(ballot));
}

/// Others have gone far while Gray was away: he asks before he judges, and the decrees he copies
/// name the ballots that passed them. So he heeds what follows on those, and nothing beyond.
#[test]
fn one_long_away_copies_and_heeds_ballots_near_those_copied() {
    for seed in 0..60 {
        let world = [ORDERLY, QUICK][seed as usize % 2];
        let mut chamber = Chamber::founded(FOUNDING, world, seed);
        let round = FARTHEST_AHEAD + 1 + chamber.draw(1 << 50);
        let ballot = BallotNumber { round, owner: name("Oki") };
        let passed = 1 + chamber.draw(40);
        let outcome = |number| Entry::Outcome { number, decree: decree("x"), ballot: Some(ballot) };
        let mut rows = vec![Entry::LastTried { ballot }, Entry::NextBal { ballot }];
        rows.extend((1..=passed).map(outcome));
        chamber.papers.get_mut(&name("Oki")).unwrap().rows = rows;
        chamber.enter(name("Gray"));
        chamber.enter(name("Oki"));
        chamber.petition(name("Oki"), petition(1));
        let took = chamber.sit_until(33 + 99 + 22, |chamber| chamber.everyone_has(1));
        assert!(took.is_some(), "seed {seed}: nothing passes at {ballot}");
        let promised = chamber.legislator("Gray").notes().next_bal();
        assert!(promised > Some(ballot), "seed {seed}: {promised:?}");
        // Again blank notes: all that Gray knows of ballots stands beside the decrees.
        let papers = chamber.papers.get_mut(&name("Gray")).unwrap();
        papers.rows.retain(|row| matches!(row, Entry::Outcome { .. }));
        papers.dry = papers.rows.len();
        let largest = papers.rows.iter().filter_map(|row| match row {
            Entry::Outcome { ballot, .. } => *ballot,
            _ => None,
        });
        let (largest, complete_through) = (largest.max().unwrap(), passed + 1);
        for (ahead, heeded) in [(FARTHEST_AHEAD, true), (FARTHEST_AHEAD + 1, false)] {
            chamber.inside.clear();
            chamber.enter(name("Gray"));
            let ballot = BallotNumber { round: largest.round + ahead, owner: name("Oki") };
            let next_ballot = Message::NextBallot { ballot, complete_through };
            chamber.post(name("Oki"), letter("Gray", next_ballot));
            chamber.sit(12);
            let promised = chamber.legislator("Gray").notes().next_bal();
            assert_eq!(promised == Some(ballot), heeded, "seed {seed}: {ahead} ahead");
            chamber.papers.get_mut(&name("Gray")).unwrap().rows.truncate(passed as usize + 1);
        }
    }
}

#[test]
fn the_owner_of_a_ballot_far_ahead_is_asked_what_has_passed() {
    let ballot = BallotNumber { round: FARTHEST_AHEAD + 1, owner: name("Oki") };
    let complete_through = 5;
    for message in [
        Message::NextBallot { ballot, complete_through },
        Message::Presence { last_tried: Some(ballot), complete_through, presides: None },
        Message::Presence { last_tried: None, complete_through, presides: Some(ballot) },
    ] {
        let mut chamber = Chamber::founded(FOUNDING, QUICK, 1);
        chamber.enter(name("Gray"));
        let asked = chamber.sent("Inquiry");
        chamber.post(name("Oki"), letter("Gray", message.clone()));
        chamber.sit(5);
        assert_eq!(chamber.sent("Inquiry"), asked + 1, "{message:?}");
        assert_eq!(chamber.legislator("Gray").notes().next_bal(), None, "{message:?}");
    }
}

#[test]
fn a_success_far_ahead_costs_no_olive_day() {
    let mut chamber = Chamber::seated(FOUNDING, QUICK, 2);
    chamber.sit(5);
    let said = || decree("x");
    let success = Message::Success { ballot: None, number: 1_002, decree: said() };
    chamber.post(name("Gray"), letter("Oki", success));
    chamber.sit(5);
    chamber.leave(name("Oki"));
    chamber.enter(name("Oki"));
    chamber.petition(name("Oki"), petition(1));
    chamber.sit(300);
    assert_eq!(chamber.number_of(name("Oki"), 1), 1, "no olive day before it");
    assert!(chamber.everyone_has(1));
}

#[test]
fn an_answer_of_many_bytes_is_paged_by_asking_again() {
    let mut chamber = Chamber::founded(FOUNDING, QUICK, 3);
    let long = |number| Decree::new(&format!("{number} {}", "x".repeat(4_000))).unwrap();
    let decrees = 3 * LONGEST_ANSWER as u64 / 4_000;
    assert!(decrees < FAR_BEHIND);
    let ballot = Some(BallotNumber { round: 1, owner: name("Oki") });
    let rows: Vec<Entry> = (1..=decrees)
        .map(|number| Entry::Outcome { number, decree: long(number), ballot })
        .collect();
    chamber.papers.get_mut(&name("Oki")).unwrap().rows = rows;
    for who in ["Dwork", "Oki"] {
        chamber.enter(name(who));
    }
    let knows = |c: &Chamber| c.legislator("Dwork").pages().complete_through() == decrees;
    let took = chamber.sit_until(60, knows);
    assert!(took.is_some_and(|took| took < Minutes::whole(10)), "{took:?}");
    // Each asks both others how things stand, and Dwork asks for three pages.
    assert!(chamber.sent("Inquiry") >= 4 + 3, "{}", chamber.sent("Inquiry"));
}
