//! §2.4, §3.3.1: picking a president.

use std::sync::Arc;

use parliament::parliament::{FAR_BEHIND, Legislator};
use parliament::synod::{BallotNumber, Deed, Entry, Message, Minutes, Mortal};
use parliament::words::ballot::LARGEST_NUMBER;
use parliament::words::step::Act;

use super::chamber::{Chamber, ORDERLY, QUICK, World, letter, name, petition, proclaim};
use super::judge::judge;

const FIVE: &str = "Dwork Fischer Gray Lynch Oki alpha=100";

/// Passes petitions `from..=through` through Lynch, a window at a time.
fn busy(chamber: &mut Chamber, from: u64, through: u64) {
    for id in from..=through {
        chamber.petition(name("Lynch"), petition(id));
    }
    let done = |chamber: &Chamber| {
        chamber.legislator("Lynch").pages().has_passed(&format!("Dolf/{through}"))
    };
    assert!(chamber.sit_until(200, done).is_some(), "{through} not passed");
}

#[test]
fn section_2_4_the_last_name_presides_at_once_when_all_enter() {
    let mut chamber = Chamber::seated(FIVE, QUICK, 1);
    chamber.sit(1);
    assert_eq!(chamber.presidents(), [name("Oki")]);
    assert_eq!(chamber.chronicle.tried.len(), 1, "one ballot, one president");
}

#[test]
fn section_3_3_1_a_slow_writer_back_after_months_halts_nothing() {
    let mut chamber = Chamber::founded(FIVE, QUICK, 2);
    for who in ["Dwork", "Fischer", "Gray", "Lynch"] {
        chamber.enter(name(who));
    }
    chamber.sit(60);
    let six_months = 10 * FAR_BEHIND;
    busy(&mut chamber, 1, six_months);
    assert_eq!(chamber.presidents(), [name("Lynch")]);

    chamber.enter(name("Oki"));
    let mut id = six_months;
    let mut worst = Minutes::ZERO;
    while chamber.legislator("Oki").pages().complete_through() < six_months {
        assert_eq!(chamber.presidents(), [name("Lynch")], "a name alone unseats nobody");
        let oki = chamber.legislator("Oki").notes().last_tried();
        assert_eq!(oki, None, "he tries no ballot before he has copied");
        id += 1;
        chamber.petition(name("Lynch"), petition(id));
        let passed =
            move |c: &Chamber| c.legislator("Lynch").pages().has_passed(&format!("Dolf/{id}"));
        worst = worst.max(chamber.sit_until(50, passed).expect("work has come to a halt"));
    }
    assert!(worst <= Minutes::whole(1), "a decree took {worst} min while Oki copied");
    assert!(id > six_months + 5, "he was seen copying");
    chamber.sit(60);
    assert_eq!(chamber.presidents(), [name("Oki")], "up to date, he takes over");
    chamber.petition(name("Gray"), petition(id + 1));
    chamber.sit(5);
    assert!(chamber.everyone_has(id + 1));
    judge(&chamber, 2);
}

#[test]
fn section_3_3_1_one_who_lacks_a_decree_unseats_no_president() {
    let mut chamber = Chamber::founded(FIVE, QUICK, 8);
    for who in ["Dwork", "Gray", "Lynch"] {
        chamber.enter(name(who));
    }
    chamber.sit(60);
    busy(&mut chamber, 1, 1);
    chamber.sit(1);
    // Oki comes back, but nobody's copy of the decree reaches him.
    chamber.censor = Box::new(|_, letter| {
        letter.to == name("Oki") && matches!(letter.message, Message::Success { .. })
    });
    chamber.enter(name("Oki"));
    chamber.sit(100);
    assert_eq!(chamber.presidents(), [name("Lynch")]);
    assert_eq!(chamber.legislator("Oki").notes().last_tried(), None);
    chamber.censor = Box::new(|_, _| false);
    chamber.sit(60);
    assert_eq!(chamber.presidents(), [name("Oki")]);
}

#[test]
fn section_3_3_1_one_far_behind_lets_a_lower_name_preside() {
    let mut chamber = Chamber::founded(FIVE, QUICK, 3);
    for who in ["Dwork", "Gray", "Lynch"] {
        chamber.enter(name(who));
    }
    chamber.sit(60);
    busy(&mut chamber, 1, 3 * FAR_BEHIND);
    for who in ["Dwork", "Gray", "Lynch"] {
        chamber.leave(name(who));
    }
    // Nobody answers Oki's inquiries, so he stays behind.
    chamber.censor = Box::new(|_, letter| {
        letter.to == name("Oki") && matches!(letter.message, Message::Success { .. })
    });
    for who in ["Dwork", "Gray", "Oki"] {
        chamber.enter(name(who));
    }
    chamber.chronicle.told.clear();
    chamber.sit(60);
    assert_eq!(chamber.presidents(), [name("Gray")]);
    assert_eq!(chamber.legislator("Oki").notes().last_tried(), None);
    let why = "Gray takes the chair: Oki, who stands above him, is far behind";
    assert!(chamber.chronicle.told.iter().any(|told| told == why), "{:?}", chamber.chronicle.told);
}

#[test]
fn a_president_is_announced_when_a_majority_has_answered() {
    let mut chamber = Chamber::founded("Dwork Gray Oki", QUICK, 1);
    let told = |chamber: &Chamber, what: &str| {
        chamber.chronicle.told.iter().filter(|told| told.starts_with(what)).count()
    };
    chamber.enter(name("Gray"));
    chamber.sit(40);
    assert!(told(&chamber, "Gray takes the chair") > 0, "{:?}", chamber.chronicle.told);
    assert_eq!(told(&chamber, "Gray presides"), 0, "{:?}", chamber.chronicle.told);
    chamber.enter(name("Dwork"));
    chamber.sit(40);
    assert_eq!(chamber.presidents(), [name("Gray")]);
    let ballot = chamber.legislator("Gray").presides().unwrap();
    let presides = format!("Gray presides in {ballot}: {{Dwork, Gray}} is a majority");
    assert_eq!(told(&chamber, &presides), 1, "{:?}", chamber.chronicle.told);
}

#[test]
fn section_2_4_after_a_kill_a_decree_passes_within_t_plus_99() {
    let mut worst = Minutes::ZERO;
    for seed in 0..200 {
        let mut chamber = Chamber::seated(FIVE, ORDERLY, seed);
        let minutes = chamber.draw(120);
        chamber.petition(name("Oki"), petition(1));
        chamber.sit(minutes);
        chamber.petition(name("Oki"), petition(2));
        let minutes = chamber.draw(30);
        chamber.sit(minutes);
        chamber.leave(name("Oki"));
        chamber.petition(name("Fischer"), petition(3));
        let took = chamber.sit_until(1000, |c| c.everyone_has(3)).expect("never passed");
        worst = worst.max(took);
        judge(&chamber, seed);
    }
    proclaim(&format!("right after a kill, the worst: {worst} min of T + 99 = 132"));
    assert!(worst <= Minutes::whole(33 + 99), "took {worst}");
}

#[test]
fn section_2_4_a_duel_of_presidents_who_cannot_hear_ends() {
    let mut worst = Minutes::ZERO;
    for seed in 0..20 {
        let slow = World { soonest: 10_900, latest: 11_000, ..QUICK };
        let mut chamber = Chamber::seated(FIVE, slow, seed);
        let duel = [name("Lynch"), name("Oki")];
        chamber.censor =
            Box::new(move |from, letter| duel.contains(&from) && duel.contains(&letter.to));
        chamber.sit(100);
        chamber.petition(name("Lynch"), petition(1));
        chamber.petition(name("Oki"), petition(2));
        let both = |c: &Chamber| {
            let gray = c.legislator("Gray").pages();
            gray.has_passed("Dolf/1") || gray.has_passed("Dolf/2")
        };
        let took = chamber.sit_until(2000, both).expect("the duel goes on forever");
        worst = worst.max(took);
        judge(&chamber, seed);
    }
    println!("the longest duel: {worst} min");
    assert!(worst <= Minutes::whole(400), "took {worst}");
}

#[test]
fn section_2_4_a_president_deposed_by_a_lower_name_returns() {
    let mut chamber = Chamber::seated(FIVE, QUICK, 6);
    chamber.sit(1);
    // For an hour Lynch hears nothing of Oki.
    chamber.censor = Box::new(|from, letter| from == name("Oki") && letter.to == name("Lynch"));
    chamber.sit(60);
    chamber.censor = Box::new(|_, _| false);
    chamber.sit(60);
    assert_eq!(chamber.presidents(), [name("Oki")]);
    chamber.petition(name("Lynch"), petition(1));
    chamber.sit(2);
    assert!(chamber.everyone_has(1));
}

#[test]
fn section_3_3_1_one_who_is_far_behind_gets_no_promise() {
    let mut chamber = Chamber::founded(FIVE, QUICK, 7);
    for who in ["Dwork", "Gray", "Lynch"] {
        chamber.enter(name(who));
    }
    chamber.sit(60);
    busy(&mut chamber, 1, FAR_BEHIND + 1);
    chamber.sit(1);
    let before = chamber.legislator("Gray").notes().next_bal();
    let ballot = "77.Oki".parse().unwrap();
    let gray = chamber.inside.get_mut(&name("Gray")).unwrap();
    let now = chamber.now;
    let ask = |complete_through| Message::NextBallot { ballot, complete_through };
    assert!(gray.receive(now, name("Oki"), ask(0)).rows().is_empty());
    assert_eq!(gray.notes().next_bal(), before);
    assert!(!gray.receive(now, name("Oki"), ask(1)).rows().is_empty(), "a little behind is near");
    assert_eq!(gray.notes().next_bal(), Some(ballot));
}

#[test]
fn section_2_4_a_president_who_promises_higher_presides_no_more() {
    let mut chamber = Chamber::founded(FIVE, QUICK, 9);
    for who in ["Dwork", "Gray", "Lynch"] {
        chamber.enter(name(who));
    }
    chamber.sit(60);
    assert_eq!(chamber.presidents(), [name("Lynch")]);
    let message = Message::NextBallot { ballot: "9.Oki".parse().unwrap(), complete_through: 0 };
    chamber.post(name("Oki"), letter("Lynch", message));
    chamber.sit(1);
    assert!(!chamber.presidents().contains(&name("Lynch")));
}

#[test]
fn section_2_4_a_president_who_hears_a_higher_one_stops() {
    let mut chamber = Chamber::founded(FIVE, QUICK, 10);
    for who in ["Dwork", "Gray", "Lynch"] {
        chamber.enter(name(who));
    }
    chamber.sit(60);
    let presides = Some("9.Oki".parse().unwrap());
    let message = Message::Presence { last_tried: presides, complete_through: 0, presides };
    chamber.post(name("Oki"), letter("Lynch", message));
    chamber.sit(1);
    assert!(!chamber.presidents().contains(&name("Lynch")));
}

#[test]
fn section_2_4_refused_twice_he_lets_the_rival_finish() {
    let mut chamber = Chamber::founded(FIVE, QUICK, 11);
    chamber.enter(name("Gray"));
    chamber.sit(50);
    let refuse = |chamber: &mut Chamber, round: u64| {
        let ballot = chamber.legislator("Gray").notes().last_tried().unwrap();
        let next_bal = format!("{round}.Oki").parse().unwrap();
        chamber.post(name("Dwork"), letter("Gray", Message::Refused { ballot, next_bal }));
        let tried = chamber.chronicle.tried.len();
        chamber.sit(1);
        chamber.chronicle.tried.len() - tried
    };
    assert_eq!(refuse(&mut chamber, 20), 1, "the paper's rule: a higher ballot at once");
    assert_eq!(refuse(&mut chamber, 30), 0, "two names stand above his: he waits 14 minutes");
    let tried = chamber.chronicle.tried.len();
    chamber.sit(14);
    assert_eq!(chamber.chronicle.tried.len() - tried, 1);
}

#[test]
fn section_2_2_a_president_says_that_the_numbers_are_used_up() {
    let says =
        |deed: &Deed| deed.steps().iter().any(|step| matches!(step.act, Act::OutOfNumbers { .. }));
    let founding = Arc::new("Gray Lynch Oki".parse().unwrap());
    let raise =
        |rows: &[Entry]| Legislator::from_ledger(name("Lynch"), Arc::clone(&founding), rows);
    for (round, none_follows) in [(LARGEST_NUMBER - 1, false), (LARGEST_NUMBER, true)] {
        let ballot = BallotNumber { round, owner: name("Oki") };
        let asked = Message::NextBallot { ballot, complete_through: 0 };
        let before = Entry::LastTried { ballot: "9007000000000000.Lynch".parse().unwrap() };
        let promised = raise(&[before]).receive(Minutes::ZERO, name("Oki"), asked);
        assert_eq!(says(&promised), none_follows, "he promised {ballot}");
        let entered = raise(&[Entry::NextBal { ballot }]).enter(Minutes::ZERO);
        assert_eq!(says(&entered), none_follows, "his ledger says {ballot}");
    }
}
