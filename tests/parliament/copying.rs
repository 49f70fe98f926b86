//! §3.1, §3.3.2: copying what one lacks; decrees beyond a gap.

use std::sync::Arc;

use parliament::parliament::{FAR_BEHIND, Legislator};
use parliament::synod::{BallotNumber, Deed, Entry, Message, Minutes, Mortal};

use super::chamber::{Chamber, QUICK, World, letter, name, petition};
use super::judge::judge;

#[test]
fn section_3_1_copying_ten_thousand_decrees_needs_no_new_ballot() {
    let mut chamber = Chamber::founded("Gray Lynch Oki alpha=1000", QUICK, 1);
    for who in ["Lynch", "Oki"] {
        chamber.enter(name(who));
    }
    chamber.sit(60);
    for id in 1..=10_000 {
        chamber.petition(name("Oki"), petition(id));
    }
    chamber.sit(30);
    assert_eq!(chamber.legislator("Lynch").pages().complete_through(), 10_000);
    let tried = chamber.chronicle.tried.len();
    chamber.enter(name("Gray"));
    let success = chamber.sent("Success");
    let asked =
        chamber.sit_until(50, |c| c.legislator("Gray").pages().complete_through() == 10_000);
    assert!(asked.is_some(), "Gray stays behind");
    assert_eq!(chamber.chronicle.tried.len(), tried, "no ballot was needed");
    assert_eq!(chamber.sent("Success") - success, 10_000, "nothing is sent twice");
    judge(&chamber, 1);
}

#[test]
fn section_3_1_copying_survives_messengers_who_lose_a_tenth() {
    let lossy = World { lost: 100, twice: 50, ..QUICK };
    let mut chamber = Chamber::founded("Gray Lynch Oki alpha=1000", QUICK, 2);
    for who in ["Lynch", "Oki"] {
        chamber.enter(name(who));
    }
    chamber.sit(60);
    for id in 1..=3_000 {
        chamber.petition(name("Oki"), petition(id));
    }
    chamber.sit(30);
    chamber.world = lossy;
    chamber.enter(name("Gray"));
    let done =
        chamber.sit_until(2000, |c| c.legislator("Gray").pages().complete_through() == 3_000);
    assert!(done.is_some(), "Gray stays behind");
}

#[test]
fn section_3_1_an_inquiry_is_answered_in_bounded_pieces() {
    let rows: Vec<Entry> = (1..=5000)
        .map(|number| Entry::Outcome { number, decree: petition(number), ballot: None })
        .collect();
    let founding = "Gray Oki".parse().unwrap();
    let mut oki = Legislator::from_ledger(name("Oki"), Arc::new(founding), &rows);
    let mut letters = Vec::new();
    let asked = Message::Inquiry { above: 7, through: Some(5000) };
    let deed = oki.receive(Default::default(), name("Gray"), asked);
    deed.perform(&mut super::chamber::Paper::default(), &mut letters).unwrap();
    let letters: Vec<Message> = letters.into_iter().map(|it| it.message).collect();
    assert_eq!(told_by(&letters), (8..=7 + FAR_BEHIND).collect::<Vec<_>>());
    let is_presence = |it: &Message| matches!(it, Message::Presence { complete_through: 5000, .. });
    assert!(letters.iter().any(is_presence));
}

/// The numbers of the decrees that these letters tell.
fn told_by(letters: &[Message]) -> Vec<u64> {
    let told = letters.iter().filter_map(|it| match it {
        Message::Success { number, .. } => Some(*number),
        _ => None,
    });
    told.collect()
}

#[test]
fn section_3_1_a_promise_tells_no_more_than_an_answer_holds() {
    // He knows all through 1500, and many beyond a gap.
    let known = (1..=1500).chain(1502..=2400);
    let rows: Vec<Entry> = known
        .map(|number| Entry::Outcome { number, decree: petition(number), ballot: None })
        .collect();
    let founding = Arc::new("Gray Lynch Oki alpha=1000".parse().unwrap());
    let mut gray = Legislator::from_ledger(name("Gray"), founding, &rows);
    let ballot = BallotNumber { round: 9, owner: name("Oki") };
    let asked = Message::NextBallot { ballot, complete_through: 600 };
    let letters = letters_of(gray.receive(Minutes::ZERO, name("Oki"), asked));
    let told = (601..=1500).chain(1502..=1501 + FAR_BEHIND - 900);
    assert_eq!(told_by(&letters), told.collect::<Vec<_>>());
    // So that the president asks for the rest.
    assert!(letters.iter().any(|it| matches!(it, Message::Presence { .. })));
}

#[test]
fn section_3_1_an_answer_leaves_out_what_lies_far_ahead() {
    let known = (1..=5).chain(2000..=2005);
    let rows: Vec<Entry> = known
        .map(|number| Entry::Outcome { number, decree: petition(number), ballot: None })
        .collect();
    let founding = Arc::new("Gray Lynch Oki".parse().unwrap());
    let mut gray = Legislator::from_ledger(name("Gray"), founding, &rows);
    for through in [None, Some(5000)] {
        let asked = Message::Inquiry { above: 0, through };
        let letters = letters_of(gray.receive(Minutes::ZERO, name("Oki"), asked));
        assert_eq!(told_by(&letters), [1, 2, 3, 4, 5], "{through:?}");
    }
}

/// A legislator of three, with these many decrees in his ledger.
fn gray_with(decrees: u64) -> Legislator {
    let rows: Vec<Entry> = (1..=decrees)
        .map(|number| Entry::Outcome { number, decree: petition(number), ballot: None })
        .collect();
    let founding = Arc::new("Gray Lynch Oki".parse().unwrap());
    Legislator::from_ledger(name("Gray"), founding, &rows)
}

fn letters_of(deed: Deed) -> Vec<Message> {
    let mut letters = Vec::new();
    deed.perform(&mut super::chamber::Paper::default(), &mut letters).unwrap();
    letters.into_iter().map(|letter| letter.message).collect()
}

fn says(complete_through: u64) -> Message {
    Message::Presence { complete_through, last_tried: None, presides: None }
}

#[test]
fn section_3_1_an_inquiry_asks_for_no_more_than_an_answer_holds() {
    for (his, through) in [(1, 1), (FAR_BEHIND, FAR_BEHIND), (5_000, FAR_BEHIND)] {
        let mut gray = gray_with(0);
        letters_of(gray.enter(Minutes::ZERO));
        let letters = letters_of(gray.receive(Minutes::ZERO, name("Oki"), says(his)));
        let asks = Message::Inquiry { above: 0, through: Some(through) };
        assert!(letters.contains(&asks), "{his}: {letters:?}");
    }
}

#[test]
fn section_3_3_1_nobody_presides_while_an_answer_is_due() {
    let mut oki =
        Legislator::from_ledger(name("Oki"), Arc::new("Gray Lynch Oki".parse().unwrap()), &[]);
    letters_of(oki.enter(Minutes::ZERO));
    for who in ["Gray", "Lynch"] {
        letters_of(oki.receive(Minutes::ZERO, name(who), says(5)));
    }
    let due = parliament::words::time::REPLY;
    let mut tried = None;
    while let Some(now) = oki.alarm().filter(|&now| now < due) {
        let letters = letters_of(oki.look_at_hourglass(now));
        if letters.iter().any(|it| matches!(it, Message::NextBallot { .. })) {
            tried = Some(now);
            break;
        }
    }
    assert_eq!(tried, None, "he tries a ballot, and lacks decrees that he has asked for");
}

#[test]
fn what_could_not_pass_makes_nobody_ask() {
    // A ballot of another's, in a founder's name and a stranger's.
    let ballot = "5.Lynch".parse().unwrap();
    for from in ["Oki", "Skeen"] {
        let mut gray = gray_with(0);
        letters_of(gray.enter(Minutes::ZERO));
        let forged = Message::NextBallot { ballot, complete_through: 9 };
        let letters = letters_of(gray.receive(Minutes::ZERO, name(from), forged));
        assert!(letters.iter().all(|it| !matches!(it, Message::Inquiry { .. })), "{from}");
    }
}

#[test]
fn section_3_1_silence_is_asked_again_of_the_one_furthest_ahead() {
    let founding = Arc::new("Gray Lynch Oki".parse().unwrap());
    let mut gray = Legislator::from_ledger(name("Gray"), founding, &[]);
    let asked = |deed: Deed| {
        let mut letters = Vec::new();
        deed.perform(&mut super::chamber::Paper::default(), &mut letters).unwrap();
        letters.retain(|it| matches!(it.message, Message::Inquiry { .. }));
        letters.iter().map(|it| it.to).collect::<Vec<_>>()
    };
    let says =
        |complete_through| Message::Presence { complete_through, last_tried: None, presides: None };
    let begin = Minutes::ZERO;
    asked(gray.enter(begin));
    assert_eq!(asked(gray.receive(begin, name("Oki"), says(5))), [name("Oki")]);
    // Lynch is further ahead, and he inquires of one at a time.
    assert_eq!(asked(gray.receive(begin, name("Lynch"), says(9))), []);
    let mut asked_again = Vec::new();
    while asked_again.is_empty() {
        let now = gray.alarm().expect("he waits for Oki");
        assert!(now < Minutes::whole(60), "he asks nobody again");
        asked_again = asked(gray.look_at_hourglass(now));
        asked(gray.receive(now, name("Lynch"), says(9)));
    }
    assert_eq!(asked_again, [name("Lynch")]);
}

#[test]
fn section_3_3_2_a_decree_beyond_a_gap_is_inked_and_waits() {
    let mut chamber = Chamber::founded("Gray Lynch Oki", QUICK, 3);
    chamber.enter(name("Gray"));
    let success = |number| Message::Success { ballot: None, number, decree: petition(number) };
    for number in [3, 2, 3] {
        chamber.post(name("Oki"), letter("Gray", success(number)));
    }
    chamber.sit(1);
    let pages = chamber.legislator("Gray").pages();
    assert_eq!((pages.complete_through(), pages.last()), (0, 3));
    assert_eq!(chamber.law("Gray", 3).as_deref(), Some("The sale of goat 3 is permitted"));
    assert!(!pages.counts(3), "not in order yet");
    chamber.post(name("Oki"), letter("Gray", success(1)));
    chamber.sit(1);
    let pages = chamber.legislator("Gray").pages();
    assert!(pages.complete_through() == 3 && pages.counts(3));
}

#[test]
fn a_stray_row_far_ahead_fills_no_gap_with_olive_days() {
    let mut chamber = Chamber::seated("Gray Lynch Oki", QUICK, 8);
    chamber.sit(1);
    let far = Message::Success { ballot: None, number: 9_007_199_254_740_000, decree: petition(9) };
    for who in ["Gray", "Oki"] {
        let inquiries = chamber.sent("Inquiry");
        chamber.post(name(who), letter("Oki", far.clone()));
        chamber.sit(1);
        let asked = chamber.sent("Inquiry") - inquiries;
        assert_eq!(asked, u64::from(who == "Gray"), "he asks its sender, but not himself");
    }
    chamber.petition(name("Oki"), petition(1));
    chamber.sit(40);
    assert!(chamber.everyone_has(1));
    let pages = chamber.legislator("Oki").pages();
    assert_eq!((pages.complete_through(), pages.last()), (1, 1));
    judge(&chamber, 8);
}

#[test]
fn a_ballot_far_ahead_gets_no_vote_and_costs_no_olive_days() {
    let mut chamber = Chamber::seated("Gray Lynch Oki", QUICK, 8);
    chamber.sit(40);
    let ballot = chamber.legislator("Oki").notes().last_tried().unwrap();
    let stray = Message::BeginBallot { ballot, number: 500_000, decree: petition(9) };
    let inquiries = chamber.sent("Inquiry");
    chamber.post(name("Oki"), letter("Gray", stray));
    chamber.sit(1);
    assert_eq!(chamber.sent("Inquiry") - inquiries, 1, "he asks for what he would lack");
    chamber.leave(name("Oki"));
    chamber.petition(name("Lynch"), petition(1));
    chamber.sit(60);
    assert!(chamber.everyone_has(1));
    assert_eq!(chamber.legislator("Gray").pages().last(), 1);
    judge(&chamber, 8);
}

#[test]
fn one_far_behind_votes_for_a_president_who_said_his_number() {
    let mut chamber = Chamber::founded("Gray Lynch Oki", QUICK, 9);
    chamber.enter(name("Gray"));
    let ballot = "7.Oki".parse().unwrap();
    let (through, number) = (5 * FAR_BEHIND, 5 * FAR_BEHIND + 1);
    let next_ballot = Message::NextBallot { ballot, complete_through: through };
    let begin_ballot = Message::BeginBallot { ballot, number, decree: petition(1) };
    for message in [next_ballot, begin_ballot] {
        chamber.post(name("Oki"), letter("Gray", message));
        chamber.sit(1);
    }
    assert!(chamber.legislator("Gray").pages().prev_vote(number).is_some());
}

#[test]
fn a_decree_ahead_within_an_answer_and_the_window_is_inked() {
    let mut chamber = Chamber::founded("Gray Lynch Oki", QUICK, 9);
    chamber.enter(name("Gray"));
    for number in [FAR_BEHIND + 3, FAR_BEHIND + 4] {
        let success = Message::Success { ballot: None, number, decree: petition(number) };
        chamber.post(name("Oki"), letter("Gray", success));
        chamber.sit(1);
    }
    assert_eq!(chamber.legislator("Gray").pages().last(), FAR_BEHIND + 3);
}

#[test]
fn section_1_2_a_second_decree_under_one_number_is_not_inked() {
    let mut chamber = Chamber::founded("Gray Lynch Oki", QUICK, 4);
    chamber.enter(name("Gray"));
    for decree in [petition(1), petition(2)] {
        let message = Message::Success { ballot: None, number: 1, decree };
        chamber.post(name("Oki"), letter("Gray", message));
        chamber.sit(1);
    }
    assert_eq!(chamber.law("Gray", 1).as_deref(), Some("The sale of goat 1 is permitted"));
    let rows = &chamber.papers[&name("Gray")].rows;
    assert_eq!(rows.iter().filter(|r| matches!(r, Entry::Outcome { .. })).count(), 1);
}

#[test]
fn section_2_2_a_legislator_is_what_his_ledger_says() {
    let mut chamber = Chamber::seated("Gray Lynch Oki alpha=50", QUICK, 5);
    for id in 1..=200 {
        chamber.petition(name("Oki"), petition(id));
    }
    chamber.sit(50);
    for (&who, legislator) in &chamber.inside {
        let rows = &chamber.papers[&who].rows;
        let again = Legislator::from_ledger(who, chamber.founding.clone(), rows);
        assert_eq!(again.notes(), legislator.notes(), "{who}");
        assert_eq!(again.pages(), legislator.pages(), "{who}");
    }
}

#[test]
fn votes_are_kept_only_while_somebody_may_ask_for_them() {
    let mut chamber = Chamber::seated("Gray Lynch Oki alpha=100", QUICK, 6);
    for id in 1..=5_000 {
        chamber.petition(name("Oki"), petition(id));
    }
    chamber.sit(60);
    for legislator in chamber.inside.values() {
        assert_eq!(legislator.pages().complete_through(), 5_000);
        let votes = legislator.pages().votes_above(0).count() as u64;
        assert!(votes <= FAR_BEHIND, "{} keeps {votes} votes", legislator.name());
    }
}

#[test]
fn section_3_1_a_known_decree_is_told_to_a_polling_president() {
    let rows = [Entry::Outcome { number: 1, decree: petition(1), ballot: None }];
    let founding = Arc::new("Gray Lynch Oki".parse().unwrap());
    let ballot = "5.Oki".parse().unwrap();
    let asks = [
        Message::NextBallot { ballot, complete_through: 0 },
        Message::BeginBallot { ballot, number: 1, decree: petition(1) },
    ];
    for asked in asks {
        let mut gray = Legislator::from_ledger(name("Gray"), Arc::clone(&founding), &rows);
        let mut letters = Vec::new();
        let deed = gray.receive(Default::default(), name("Oki"), asked.clone());
        deed.perform(&mut super::chamber::Paper::default(), &mut letters).unwrap();
        let told = letters.iter().any(|l| matches!(l.message, Message::Success { number: 1, .. }));
        assert!(told, "{asked:?}");
    }
}

#[test]
fn section_3_1_a_learnt_outcome_ends_the_poll_on_it() {
    let mut chamber = Chamber::seated("Gray Lynch Oki", QUICK, 7);
    chamber.sit(1);
    chamber.censor = Box::new(|_, letter| matches!(letter.message, Message::Voted { .. }));
    chamber.petition(name("Oki"), petition(1));
    chamber.sit(1);
    let learnt = Message::Success { ballot: None, number: 1, decree: petition(1) };
    chamber.post(name("Gray"), letter("Oki", learnt));
    let asked = chamber.sent("BeginBallot");
    chamber.sit(100);
    assert_eq!((chamber.sent("BeginBallot"), chamber.chronicle.tried.len()), (asked, 1));
}
