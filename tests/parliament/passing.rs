//! §3.1, §3.2, §3.3.6: passing decree after decree.

use std::collections::BTreeSet;
use std::sync::Arc;

use parliament::parliament::{Legislator, OLIVE_DAY};
use parliament::synod::{Decree, Deed, Entry, Letter, Message, Minutes, Mortal, Name};
use parliament::words::step::Act;

use super::chamber::{Chamber, ORDERLY, QUICK, World, decree, letter, name, petition};
use super::judge::judge;

const FIVE: &str = "Dwork Fischer Gray Lynch Oki alpha=10";

#[test]
fn section_3_1_each_petition_gets_the_lowest_free_number() {
    let mut chamber = Chamber::seated(FIVE, QUICK, 1);
    for id in 1..=25 {
        chamber.petition(name("Oki"), petition(id));
    }
    chamber.sit(100);
    for who in ["Dwork", "Fischer", "Gray", "Lynch", "Oki"] {
        for id in 1..=25 {
            let law = chamber.law(who, id);
            assert_eq!(law, Some(format!("The sale of goat {id} is permitted")), "{who} {id}");
        }
    }
    judge(&chamber, 1);
}

/// Oki, who has sat for a while and presides.
fn president() -> Legislator {
    let mut chamber = Chamber::seated(FIVE, QUICK, 1);
    chamber.sit(50);
    chamber.legislator("Oki").clone()
}

/// The ballots that a deed begins.
fn begun(deed: &Deed) -> Vec<(u64, &str)> {
    let begun = deed.rows().iter().filter_map(|row| match row {
        Entry::BeginBallot { number, decree, .. } => Some((*number, decree.text())),
        _ => None,
    });
    begun.collect()
}

#[test]
fn section_3_2_1_a_petition_gets_no_number_below_a_decree() {
    let (mut oki, now) = (president(), Minutes::whole(60));
    let decree = decree("Cheese is fit for sale");
    let passed = Message::Success { ballot: None, number: 2, decree };
    let deed = oki.receive(now, name("Lynch"), passed).then(oki.petition(now, petition(1)));
    assert_eq!(begun(&deed), [(1, OLIVE_DAY), (3, "The sale of goat 1 is permitted")]);
}

#[test]
fn section_3_1_a_petition_that_loses_its_number_gets_the_next() {
    let (mut oki, now) = (president(), Minutes::whole(60));
    let first = oki.petition(now, petition(1));
    assert_eq!(begun(&first), [(1, "The sale of goat 1 is permitted")]);
    let decree = decree("Cheese is fit for sale");
    let passed = Message::Success { ballot: None, number: 1, decree };
    let second = oki.receive(now, name("Lynch"), passed);
    assert_eq!(begun(&second), [(2, "The sale of goat 1 is permitted")]);
}

#[test]
fn section_3_1_the_gap_at_decree_125_gets_the_olive_day() {
    let mut chamber = Chamber::founded("Alkis Bion Dwork Lynch Oki alpha=10", QUICK, 2);
    for who in ["Bion", "Lynch", "Oki"] {
        chamber.enter(name(who));
    }
    chamber.sit(60);
    for id in 1..=124 {
        chamber.petition(name("Oki"), petition(id));
    }
    chamber.sit(10);
    assert_eq!(chamber.legislator("Bion").pages().complete_through(), 124);

    // Late Friday: 125 reaches only its president and Lynch; 126 is passed, and Bion learns it.
    chamber.censor = Box::new(|_, letter| {
        letter.to == name("Bion")
            && matches!(letter.message, Message::BeginBallot { number: 125, .. })
    });
    chamber.petition(name("Oki"), decree("Cheese is fit for sale").petitioned("Gouda/1").unwrap());
    chamber.petition(name("Oki"), decree("Fleeces are taxed").petitioned("Liskov/1").unwrap());
    chamber.sit(5);
    assert_eq!(chamber.law("Bion", 126).as_deref(), Some("Fleeces are taxed"));
    assert_eq!(chamber.law("Oki", 125), None, "125 was never passed");
    for who in ["Bion", "Lynch", "Oki"] {
        chamber.leave(name(who));
    }

    // Monday: Dwork is elected among those who know nothing of 125.
    chamber.censor = Box::new(|_, _| false);
    chamber.sit(2 * 24 * 120);
    for who in ["Alkis", "Bion", "Dwork"] {
        chamber.enter(name(who));
    }
    chamber.petition(name("Bion"), decree("Work begins on Monday").petitioned("Ellis/1").unwrap());
    chamber.sit(90);
    for who in ["Alkis", "Bion", "Dwork"] {
        assert_eq!(chamber.law(who, 125).as_deref(), Some(OLIVE_DAY), "{who}");
        assert_eq!(chamber.law(who, 126).as_deref(), Some("Fleeces are taxed"), "{who}");
        assert_eq!(chamber.law(who, 127).as_deref(), Some("Work begins on Monday"), "{who}");
    }
    assert_eq!(chamber.presidents(), [name("Dwork")]);
    judge(&chamber, 2);
}

#[test]
fn section_3_1_a_vote_without_outcome_binds_the_next_president() {
    let mut chamber = Chamber::seated("Gray Lynch Oki", QUICK, 3);
    chamber.sit(1);
    // Gray and Lynch vote, but no Voted reaches Oki, who then leaves for good.
    chamber.censor = Box::new(|_, letter| matches!(letter.message, Message::Voted { .. }));
    chamber.petition(name("Oki"), petition(1));
    chamber.sit(1);
    chamber.leave(name("Oki"));
    chamber.censor = Box::new(|_, _| false);
    chamber.petition(name("Gray"), petition(2));
    chamber.sit(60);
    let first = chamber.law("Gray", 1);
    assert_eq!(first.as_deref(), Some("The sale of goat 1 is permitted"), "B3 binds number 1");
    assert_eq!(chamber.law("Lynch", 2).as_deref(), Some("The sale of goat 2 is permitted"));
    judge(&chamber, 3);
}

/// Lynch's report to a NextBallot of Oki, when he has voted on numbers 1 to 5.
fn lynch_reports_five_votes() -> Vec<Message> {
    let mut chamber = Chamber::founded("Gray Lynch Oki alpha=10", QUICK, 4);
    for who in ["Lynch", "Oki"] {
        chamber.enter(name(who));
    }
    chamber.sit(60);
    chamber.censor = Box::new(|_, letter| matches!(letter.message, Message::Voted { .. }));
    for id in 1..=5 {
        chamber.petition(name("Oki"), petition(id));
    }
    chamber.sit(1);
    let ballot = "99.Oki".parse().unwrap();
    let asked = Message::NextBallot { ballot, complete_through: 0 };
    let now = chamber.now;
    let deed = chamber.inside.get_mut(&name("Lynch")).unwrap().receive(now, name("Oki"), asked);
    let mut letters: Vec<Letter> = Vec::new();
    deed.perform(chamber.papers.get_mut(&name("Lynch")).unwrap(), &mut letters).unwrap();
    letters.into_iter().map(|letter| letter.message).collect()
}

#[test]
fn section_3_1_a_reply_says_how_many_rows_it_has() {
    let numbers: Vec<(Option<u64>, u64)> = lynch_reports_five_votes()
        .iter()
        .map(|row| match row {
            Message::LastVote { vote, of, .. } => (vote.as_ref().map(|(n, _)| *n), *of),
            other => panic!("{other:?} is no part of the reply"),
        })
        .collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5].map(|n| (Some(n), 5)));
}

#[test]
fn section_3_1_partial_and_repeated_replies_do_no_harm() {
    // Oki tries; Gray's reply has two votes, and its rows come twice and in the wrong order.
    let mut chamber = Chamber::founded("Gray Lynch Oki", QUICK, 5);
    chamber.enter(name("Oki"));
    chamber.sit(40);
    let ballot = chamber.legislator("Oki").notes().last_tried().unwrap();
    let old = "1.Lynch".parse().unwrap();
    let row = |number: u64| Message::LastVote {
        ballot,
        vote: Some((
            number,
            parliament::synod::Vote { priest: name("Gray"), ballot: old, decree: petition(number) },
        )),
        of: 2,
    };
    for message in [row(2), row(2)] {
        chamber.post(name("Gray"), letter("Oki", message));
    }
    chamber.sit(1);
    assert_eq!(chamber.legislator("Oki").presides(), None, "one row of two is no reply");
    assert_eq!(chamber.sent("BeginBallot"), 0);
    for message in [row(2), row(1), row(2)] {
        chamber.post(name("Gray"), letter("Oki", message));
    }
    chamber.sit(1);
    assert_eq!(chamber.legislator("Oki").presides(), Some(ballot));
    let pages = chamber.legislator("Oki").pages();
    let votes: Vec<_> =
        pages.votes_above(0).map(|(n, vote)| (n, vote.decree.petition().unwrap())).collect();
    assert_eq!(votes, [(1, "Dolf/1"), (2, "Dolf/2")], "B3 binds both");
}

#[test]
fn section_3_2_2_a_decree_costs_three_delays_and_3n_messages() {
    let mut chamber = Chamber::seated(FIVE, QUICK, 6);
    chamber.sit(30);
    let before = chamber.chronicle.sent.clone();
    chamber.petition(name("Oki"), petition(1));
    let took = chamber.sit_until(10, |chamber| chamber.everyone_has(1)).unwrap();
    assert_eq!(took, Minutes::thousandths(300), "BeginBallot, Voted, Success");
    let sent = |kind: &str| chamber.sent(kind) - before.get(kind).copied().unwrap_or(0);
    assert_eq!(
        (sent("BeginBallot"), sent("Voted"), sent("Success")),
        (2, 3, 4),
        "a quorum of three; Oki's own Voted waits for his ink"
    );
    assert_eq!((sent("NextBallot"), sent("LastVote")), (0, 0), "phase one is done once");
}

#[test]
fn section_3_2_2_success_travels_with_the_next_begin_ballot() {
    let mut chamber = Chamber::seated("Gray Lynch Oki alpha=1", QUICK, 7);
    chamber.sit(1);
    chamber.petition(name("Oki"), petition(1));
    chamber.petition(name("Oki"), petition(2));
    let ballot = chamber.legislator("Oki").presides().unwrap();
    let quorum = chamber.quorum_of(1);
    let other = *quorum.iter().find(|&&q| q != name("Oki")).unwrap();
    let now = chamber.now;
    let oki = chamber.inside.get_mut(&name("Oki")).unwrap();
    let mut deed = Deed::nothing();
    for from in [name("Oki"), other] {
        deed.absorb(oki.receive(now, from, Message::Voted { ballot, number: 1 }));
    }
    let mut letters: Vec<Letter> = Vec::new();
    deed.perform(chamber.papers.get_mut(&name("Oki")).unwrap(), &mut letters).unwrap();
    let kinds: BTreeSet<(Name, &str)> =
        letters.iter().map(|l| (l.to, l.message.kind().as_str())).collect();
    assert!(kinds.contains(&(other, "Success")) && kinds.contains(&(other, "BeginBallot")));
}

#[test]
fn section_3_3_6_at_most_alpha_numbers_are_open() {
    let mut chamber = Chamber::seated("Gray Lynch Oki alpha=3", QUICK, 8);
    chamber.sit(1);
    chamber.censor = Box::new(|_, letter| matches!(letter.message, Message::Voted { .. }));
    let now = chamber.now;
    let oki = chamber.inside.get_mut(&name("Oki")).unwrap();
    let mut deed = Deed::nothing();
    for id in 1..=10 {
        deed.absorb(oki.petition(now, petition(id)));
    }
    let held =
        deed.steps().iter().filter(|s| matches!(s.act, Act::HeldBack { number: 4, alpha: 3 }));
    assert_eq!(held.count(), 1, "held back, and said once");
    assert!(oki.holds_back() && oki.waiting() == 7);
    chamber.perform(name("Oki"), deed);
    chamber.sit(5);
    assert_eq!(chamber.quorum_of(4), BTreeSet::new(), "decree 1 is not known, so 4 is not begun");
    chamber.censor = Box::new(|_, _| false);
    chamber.sit(100);
    assert!(chamber.everyone_has(10) && !chamber.legislator("Oki").holds_back());
    judge(&chamber, 8);
}

#[test]
fn section_1_3_lost_letters_are_made_good_in_the_same_sitting() {
    let lossy = World { lost: 200, twice: 100, ..QUICK };
    for seed in 0..20 {
        let mut chamber = Chamber::seated("Gray Lynch Oki alpha=100", lossy, seed);
        for id in 1..=300 {
            chamber.petition(name("Oki"), petition(id));
        }
        let took = chamber.sit_until(3000, |c| (1..=300).all(|id| c.everyone_has(id)));
        assert!(took.is_some(), "seed {seed}: not passed in 3000 min");
        judge(&chamber, seed);
    }
}

#[test]
fn section_2_4_an_idle_parliament_sends_only_presence() {
    let mut chamber = Chamber::seated(FIVE, ORDERLY, 9);
    chamber.petition(name("Gray"), petition(1));
    chamber.sit(200);
    let before = chamber.chronicle.sent.clone();
    chamber.sit(1000);
    for (kind, sent) in &chamber.chronicle.sent {
        let more = sent - before.get(kind).copied().unwrap_or(0);
        assert!(more == 0 || *kind == "Presence", "{more} {kind}");
    }
}

#[test]
fn section_2_4_a_lost_letter_is_asked_for_in_the_same_ballot() {
    for (lost, kind) in [("Voted", "BeginBallot"), ("BeginBallot", "BeginBallot")] {
        let mut chamber = Chamber::seated("Gray Lynch Oki", QUICK, 10);
        chamber.sit(1);
        chamber.censor = Box::new(move |_, letter| letter.message.kind().as_str() == lost);
        chamber.petition(name("Oki"), petition(1));
        chamber.sit(2);
        chamber.censor = Box::new(|_, _| false);
        let sent = chamber.sent(kind);
        chamber.sit(40);
        assert!(chamber.everyone_has(1), "{lost} lost");
        assert_eq!(chamber.chronicle.tried.len(), 1, "{lost} lost: no new ballot");
        assert_eq!(chamber.sent(kind) - sent, 1);
    }
    // A priest of the quorum who leaves is not waited for.
    let mut chamber = Chamber::seated("Gray Lynch Oki", QUICK, 11);
    chamber.sit(1);
    chamber.petition(name("Oki"), petition(1));
    let other = chamber.quorum_of(1).into_iter().find(|&q| q != name("Oki")).unwrap();
    chamber.leave(other);
    chamber.sit(60);
    assert!(chamber.everyone_has(1));
    assert_eq!(chamber.chronicle.tried.len(), 2);
}

#[test]
fn section_2_2_weights_make_the_majority() {
    let mut chamber = Chamber::founded("Gray Lynch Oki:3", QUICK, 12);
    chamber.enter(name("Oki"));
    chamber.petition(name("Oki"), petition(1));
    chamber.sit(1);
    assert!(chamber.everyone_has(1), "Oki alone is a majority set");
    assert_eq!(chamber.quorum_of(1).len(), 1);
    let mut chamber = Chamber::founded("Gray Lynch Oki:3", QUICK, 13);
    chamber.enter(name("Gray"));
    chamber.enter(name("Lynch"));
    chamber.petition(name("Gray"), petition(1));
    chamber.sit(200);
    assert!(!chamber.everyone_has(1) && chamber.presidents().is_empty(), "two thin ones are not");
}

#[test]
fn a_silent_legislator_acts_the_same_and_reports_only_office() {
    let founding = Arc::new("Oki".parse().unwrap());
    let oki = || Legislator::from_ledger(name("Oki"), Arc::clone(&founding), []);
    let (mut tells, mut silent) = (oki(), oki().silent());
    let told = tells.enter(Minutes::ZERO);
    let untold = silent.enter(Minutes::ZERO);
    assert_eq!((told.rows(), told.steps()), (untold.rows(), untold.steps()));
    assert!(!told.steps().is_empty() && told.steps().iter().all(|step| step.act.concerns_office()));
    let vote = |oki: &mut Legislator| {
        let ballot = oki.notes().last_tried().unwrap();
        let decree = Decree::new("α").unwrap();
        let promise = Message::NextBallot { ballot, complete_through: 0 };
        let promised = oki.receive(Minutes::ZERO, name("Oki"), promise);
        let vote = Message::BeginBallot { ballot, number: 1, decree };
        promised.then(oki.receive(Minutes::ZERO, name("Oki"), vote))
    };
    let (told, untold) = (vote(&mut tells), vote(&mut silent));
    assert_eq!(told.rows(), untold.rows());
    assert!(!told.steps().is_empty() && untold.steps().is_empty());
}
