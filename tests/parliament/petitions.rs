//! Petitions: from anyone, to anyone; none is lost, and each counts once.

use parliament::law::{Law, LawBook};
use parliament::synod::{Message, Mortal};

use super::chamber::{Chamber, QUICK, decree, letter, name, petition};
use super::judge::judge;

const FIVE: &str = "Dwork Fischer Gray Lynch Oki alpha=10";

/// Under how many numbers a petition is inked at `who`.
fn times(chamber: &Chamber, who: &str, id: u64) -> usize {
    let pages = chamber.legislator(who).pages();
    let id = format!("Dolf/{id}");
    pages.inked(0, u64::MAX).filter(|(_, p)| p.decree.petition() == Some(id.as_str())).count()
}

#[test]
fn section_3_1_any_legislator_hands_a_petition_on() {
    let mut chamber = Chamber::seated(FIVE, QUICK, 1);
    for (id, who) in (1..).zip(["Dwork", "Fischer", "Gray", "Lynch", "Oki"]) {
        chamber.petition(name(who), petition(id));
    }
    chamber.sit(5);
    for id in 1..=5 {
        assert!(chamber.everyone_has(id), "petition {id}");
    }
    assert!(chamber.inside.values().all(|l| l.waiting() == 0), "nothing waits once it is passed");
}

#[test]
fn section_3_2_2_a_stranger_may_only_petition() {
    let mut chamber = Chamber::seated(FIVE, QUICK, 2);
    chamber.sit(1);
    let tax = decree("The olive tax is 3 drachmas per ton").petitioned("Skeen/1").unwrap();
    chamber.post(name("Skeen"), letter("Gray", Message::Petition { decree: tax }));
    let forged = Message::Success { ballot: None, number: 1, decree: petition(9) };
    chamber.post(name("Skeen"), letter("Gray", forged));
    chamber.sit(2);
    for who in ["Dwork", "Gray", "Oki"] {
        assert_eq!(chamber.law(who, 1).as_deref(), Some("The olive tax is 3 drachmas per ton"));
    }
}

#[test]
fn a_petition_sent_again_counts_once_also_across_presidents() {
    let mut chamber = Chamber::seated(FIVE, QUICK, 3);
    chamber.sit(1);
    for who in ["Oki", "Oki", "Gray", "Dwork"] {
        chamber.petition(name(who), petition(1));
    }
    chamber.sit(1);
    chamber.petition(name("Oki"), petition(1));
    chamber.leave(name("Oki"));
    chamber.sit(60);
    for who in ["Lynch", "Gray"] {
        chamber.petition(name(who), petition(1));
    }
    chamber.petition(name("Lynch"), petition(2));
    chamber.sit(60);
    assert_eq!((times(&chamber, "Lynch", 1), times(&chamber, "Lynch", 2)), (1, 1));
    judge(&chamber, 3);
}

#[test]
fn a_petition_bound_by_b3_is_not_given_another_number() {
    let mut chamber = Chamber::seated("Gray Lynch Oki", QUICK, 4);
    chamber.sit(1);
    chamber.censor = Box::new(|_, letter| matches!(letter.message, Message::Voted { .. }));
    chamber.petition(name("Oki"), petition(1));
    chamber.sit(1);
    chamber.leave(name("Oki"));
    // The citizen hears nothing, and sends again, to both.
    chamber.censor = Box::new(|_, _| false);
    chamber.petition(name("Gray"), petition(1));
    chamber.petition(name("Lynch"), petition(1));
    chamber.sit(100);
    assert!(chamber.everyone_has(1));
    assert_eq!(times(&chamber, "Lynch", 1), 1);
    judge(&chamber, 4);
}

/// Lynch presides, bound by B3 to Dolf/1 under number 1; nobody else waits with it, and his ballot
/// does not end.
fn lynch_is_bound_to_a_petition(seed: u64) -> Chamber {
    let mut chamber = Chamber::seated("Gray Lynch Oki", QUICK, seed);
    chamber.sit(1);
    chamber.censor = Box::new(|_, letter| matches!(letter.message, Message::Voted { .. }));
    chamber.petition(name("Oki"), petition(1));
    chamber.sit(1);
    chamber.leave(name("Oki"));
    let begun = |c: &Chamber| c.presidents() == [name("Lynch")];
    assert!(chamber.sit_until(60, begun).is_some());
    chamber.petition(name("Lynch"), petition(1));
    assert_eq!(chamber.legislator("Lynch").waiting(), 0, "it stands under a number");
    chamber
}

#[test]
fn a_bound_petition_waits_again_when_a_decree_has_its_number() {
    let mut chamber = lynch_is_bound_to_a_petition(12);
    chamber.censor = Box::new(|_, _| false);
    let other = Message::Success { ballot: None, number: 1, decree: petition(2) };
    chamber.post(name("Gray"), letter("Lynch", other));
    chamber.sit(5);
    assert_eq!(times(&chamber, "Lynch", 1), 1);
}

#[test]
fn a_bound_petition_waits_again_when_a_book_has_its_number() {
    let mut chamber = lynch_is_bound_to_a_petition(13);
    chamber.censor = Box::new(|_, _| false);
    let mut book = LawBook::opened(Law::founded(&chamber.founding));
    book.learn(1, petition(2));
    let rows = book.rows();
    let of = rows.len() as u64;
    for row in rows {
        let message = Message::LawBook { through: 1, row, of };
        chamber.post(name("Gray"), letter("Lynch", message));
    }
    chamber.sit(5);
    assert_eq!(chamber.legislator("Lynch").pages().in_book_through(), 1);
    assert_eq!(times(&chamber, "Lynch", 1), 1);
}

#[test]
fn a_petition_at_another_legislator_outlives_the_president() {
    let mut chamber = Chamber::seated(FIVE, QUICK, 5);
    chamber.sit(1);
    // Gray hands it on to Oki, who leaves before anyone hears of it.
    chamber.censor = Box::new(|from, _| from == name("Oki"));
    chamber.petition(name("Gray"), petition(1));
    chamber.sit(1);
    chamber.leave(name("Oki"));
    chamber.censor = Box::new(|_, _| false);
    chamber.sit(100);
    assert!(chamber.everyone_has(1));
}

#[test]
fn a_petition_at_an_unseated_president_goes_to_the_next() {
    let mut chamber = Chamber::founded(FIVE, QUICK, 6);
    for who in ["Dwork", "Fischer", "Gray", "Lynch"] {
        chamber.enter(name(who));
    }
    chamber.sit(60);
    assert_eq!(chamber.presidents(), [name("Lynch")]);
    // Lynch begins a ballot that reaches nobody, and Oki comes back.
    chamber.censor = Box::new(|_, letter| matches!(letter.message, Message::BeginBallot { .. }));
    chamber.petition(name("Lynch"), petition(1));
    chamber.sit(1);
    chamber.censor = Box::new(|_, _| false);
    chamber.enter(name("Oki"));
    chamber.sit(10);
    assert_eq!(chamber.presidents(), [name("Oki")]);
    assert!(chamber.everyone_has(1), "handed on by Lynch");
    judge(&chamber, 6);
}

#[test]
fn a_petition_that_a_messenger_lost_is_handed_on_again() {
    let mut chamber = Chamber::seated(FIVE, QUICK, 7);
    chamber.sit(1);
    chamber.censor = Box::new(|_, letter| matches!(letter.message, Message::Petition { .. }));
    chamber.petition(name("Gray"), petition(1));
    chamber.sit(1);
    chamber.censor = Box::new(|_, _| false);
    chamber.sit(60);
    assert!(chamber.everyone_has(1));
}

#[test]
fn a_petition_without_an_id_passes_each_time_it_is_handed_in() {
    let mut chamber = Chamber::seated(FIVE, QUICK, 8);
    chamber.sit(1);
    for who in ["Gray", "Oki", "Gray"] {
        chamber.petition(name(who), decree("Lamps must use only olive oil"));
    }
    chamber.sit(10);
    let pages = chamber.legislator("Dwork").pages();
    assert_eq!(pages.complete_through(), 3);
    assert!((1..=3).all(|number| pages.counts(number)));
}

#[test]
fn two_numbers_of_one_petition_count_once() {
    let mut chamber = Chamber::founded("Gray Lynch Oki", QUICK, 9);
    chamber.enter(name("Gray"));
    for number in [3, 1, 2] {
        let decree = petition(if number == 3 { 1 } else { number });
        let message = Message::Success { ballot: None, number, decree };
        chamber.post(name("Oki"), letter("Gray", message));
        chamber.sit(1);
    }
    let gray = chamber.legislator("Gray");
    assert!(gray.outcome(3).is_some());
    let counts: Vec<bool> = (0..=4).map(|number| gray.pages().counts(number)).collect();
    assert_eq!(counts, [false, true, true, false, false]);
    assert_eq!(chamber.counted_ids(name("Gray")), ["Dolf/1", "Dolf/2"]);
}

#[test]
fn a_passed_petition_is_neither_kept_nor_handed_on_again() {
    let mut chamber = Chamber::seated(FIVE, QUICK, 10);
    chamber.sit(1);
    chamber.petition(name("Gray"), petition(1));
    chamber.sit(5);
    let sent = chamber.sent("Petition");
    chamber.petition(name("Gray"), petition(1));
    chamber.sit(5);
    assert_eq!((chamber.sent("Petition"), chamber.legislator("Gray").waiting()), (sent, 0));
}

#[test]
fn a_petition_goes_to_the_president_not_to_a_failed_ballot() {
    let mut chamber = Chamber::seated("Gray Lynch Oki", QUICK, 11);
    chamber.sit(1);
    // Oki is not heard by Lynch for an hour, and Lynch's own ballots reach nobody.
    chamber.censor = Box::new(|from, letter| {
        from == name("Oki") && letter.to == name("Lynch") || from == name("Lynch")
    });
    chamber.sit(60);
    assert!(chamber.legislator("Lynch").notes().next_bal() > chamber.legislator("Oki").presides());
    chamber.leave(name("Lynch"));
    chamber.censor = Box::new(|_, _| false);
    chamber.enter(name("Lynch"));
    chamber.petition(name("Lynch"), petition(1));
    chamber.sit(60);
    assert!(chamber.everyone_has(1));
}
