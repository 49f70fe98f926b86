//! A class of phones that come, sleep, answer in any order, and come back.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

use proptest::prelude::*;

use super::asked::{Asked, Choice, Own};
use super::hour::{Class, Deed};
use super::moment::Moment;
use super::poll::{MOST_CHANGES, Stage};
use super::seats::{Key, MOST_PHONES};
use super::{beliefs, ready};

const BEGUN: &str = "convene Dwork Gray Oki\ntry 1.Oki\n";

fn class() -> Class {
    Class::begin(Moment::of(BEGUN).unwrap())
}

fn address(of: u8) -> IpAddr {
    IpAddr::V4(Ipv4Addr::new(192, 168, 1, of))
}

fn with_phones(many: u8) -> Class {
    let mut class = class();
    for n in 1..=many {
        class.come(Key(n.into()), address(n)).unwrap();
    }
    class
}

fn ask(class: &mut Class, number: usize) {
    class.obey(Deed::Ask(ready::ready(number).unwrap(), None)).unwrap();
}

fn csv(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(Into::into).collect()).collect()
}

#[test]
fn every_misconception_has_one_ready_question_that_shows_it() {
    for (number, belief) in beliefs::all() {
        let asked = ready::ready(number.into()).unwrap();
        let right = asked.right.unwrap();
        assert_eq!(asked.choices[right].belief, None, "{belief}: the right answer shows nothing");
        let shows = |choice: &Choice| choice.belief == Some(number);
        assert!(asked.choices.iter().any(shows), "{number}: {belief}");
        let own = Own::new(&asked);
        assert!(Asked::own(own).is_ok(), "{number}: it would not fit on a phone");
        assert!(asked.because.contains('§'));
    }
    assert!(ready::ready(0).is_err() && ready::ready(14).is_err());
    assert_eq!(beliefs::all().count(), 13);
}

#[test]
fn a_question_goes_from_answers_to_talk_to_answers_to_reason() {
    let mut class = with_phones(3);
    ask(&mut class, 5);
    class.answer(Key(1), 1, 1, 0).unwrap();
    class.answer(Key(2), 1, 1, 1).unwrap();
    let seen = class.for_phones();
    assert_eq!(seen["question"]["stage"], "first");
    assert!(seen["question"]["first"].is_null(), "nobody sees counts before all have answered");
    assert_eq!(class.for_teacher()["question"]["answered"], 2);
    class.obey(Deed::Close).unwrap();
    assert_eq!(class.for_phones()["question"]["first"], serde_json::json!([1, 1, 0]));
    assert!(class.for_phones()["question"]["right"].is_null());
    class.obey(Deed::AskAgain).unwrap();
    assert!(class.for_phones()["question"]["first"].is_null());
    class.answer(Key(1), 1, 2, 1).unwrap();
    class.obey(Deed::Close).unwrap();
    assert_eq!(class.for_phones()["question"]["second"], serde_json::json!([0, 1, 0]));
    class.obey(Deed::Reveal).unwrap();
    let seen = class.for_phones();
    assert_eq!(seen["question"]["right"], 1);
    assert!(seen["question"]["because"].as_str().unwrap().contains("within one ballot"));
}

#[test]
fn what_comes_late_or_early_is_refused_and_says_why() {
    let mut class = with_phones(2);
    let refused = |class: &mut Class, number, round, answer, why: &str| {
        let told = class.answer(Key(1), number, round, answer).unwrap_err();
        assert!(told.contains(why), "{told}");
    };
    refused(&mut class, 1, 1, 0, "no question is open");
    ask(&mut class, 1);
    refused(&mut class, 2, 1, 0, "the class is at 1");
    refused(&mut class, 1, 2, 0, "round 1 is open");
    refused(&mut class, 1, 1, 3, "no answer 3");
    refused(&mut class, 1, 0, 0, "round 1 is open");
    class.obey(Deed::Close).unwrap();
    refused(&mut class, 1, 1, 0, "closed");
    class.obey(Deed::AskAgain).unwrap();
    refused(&mut class, 1, 1, 0, "round 2 is open");
    let unknown = class.answer(Key(9), 1, 2, 0).unwrap_err();
    assert!(unknown.contains("not in the class"), "{unknown}");
    class.obey(Deed::End).unwrap();
    refused(&mut class, 1, 2, 0, "over");
    assert!(class.come(Key(3), address(3)).unwrap_err().contains("over"));
}

#[test]
fn a_phone_that_answers_a_thousand_times_counts_once() {
    let mut class = with_phones(2);
    ask(&mut class, 1);
    let mut taken = 0;
    for i in 0..1000 {
        taken += u64::from(class.answer(Key(1), 1, 1, i % 3).is_ok());
    }
    assert_eq!(taken, u64::from(MOST_CHANGES));
    class.answer(Key(2), 1, 1, 2).unwrap();
    class.obey(Deed::Close).unwrap();
    assert_eq!(class.for_phones()["question"]["first"], serde_json::json!([0, 1, 1]));
}

#[test]
fn the_phones_stay_at_a_question_until_its_answer_is_shown() {
    let mut class = with_phones(1);
    let moment = Moment::of(BEGUN).unwrap();
    let asked = moment.question("d.Oki.Gray.NB1").unwrap();
    class.obey(Deed::Ask(asked, Some(moment))).unwrap();
    let before = class.for_phones()["scene"].clone();
    let moved = format!("{BEGUN}deliver Oki Gray NextBallot 1.Oki\n");
    class.obey(Deed::Move(Moment::of(&moved).unwrap())).unwrap();
    assert_eq!(class.for_phones()["scene"], before);
    assert_eq!(class.for_teacher()["waits"], true);
    class.obey(Deed::Close).unwrap();
    class.obey(Deed::Reveal).unwrap();
    let after = class.for_phones()["scene"].clone();
    assert_eq!(after["step"], 2);
    class.obey(Deed::Move(Moment::of(&moved).unwrap())).unwrap();
    assert!(!class.for_phones()["question"].is_null(), "this is no move");
    // Moving on puts a question away whose answer was shown.
    class.obey(Deed::Move(Moment::of(BEGUN).unwrap())).unwrap();
    assert!(class.for_phones()["question"].is_null());
}

#[test]
fn no_phone_plays_on_its_own_before_the_answer_is_shown() {
    let mut class = with_phones(1);
    assert!(class.branch_off(Key(2)).unwrap_err().contains("not in the class"));
    let asked = Moment::of(BEGUN).unwrap().question("d.Oki.Gray.NB1").unwrap();
    class.obey(Deed::Ask(asked, None)).unwrap();
    for deed in [Deed::Close, Deed::AskAgain, Deed::Close, Deed::Reveal] {
        assert!(class.branch_off(Key(1)).unwrap_err().contains("your own scene waits"));
        class.obey(deed).unwrap();
    }
    class.branch_off(Key(1)).unwrap();
}

#[test]
fn a_wrong_answer_to_the_scene_shows_its_misconception() {
    let shows = |script: &str, key: &str| {
        let asked = Moment::of(script).unwrap().question(key).unwrap();
        asked.choices.iter().map(|choice| choice.belief).collect::<Vec<_>>()
    };
    assert_eq!(shows(BEGUN, "d.Oki.Gray.NB1"), [None, None, Some(1)]);
    let five = "convene Dwork Fischer Gray Lynch Oki\ntry 1.Oki\ndeliver all\nbegin Oki α\n";
    let voted = format!("{five}deliver Oki Gray BeginBallot 1.Oki\n");
    assert_eq!(shows(&voted, "d.Gray.Oki.V1"), [Some(6), None, None, Some(5)]);
    // Gray has voted for α, so B3 binds Oki.
    let bound = "convene Dwork Gray Oki\nwish α\nwish β\ngiven Gray prevVote 1 1.Gray α\n\
                 given Gray nextBal 1.Gray\ntry 2.Oki\ndeliver Oki Gray NextBallot 2.Oki\n\
                 deliver Oki Oki NextBallot 2.Oki\ndeliver all\n";
    assert_eq!(shows(bound, "b.Oki.α"), [None, Some(3)]);
    let asked = Moment::of(bound).unwrap().question("b.Oki.α").unwrap();
    assert!(asked.asks.contains("wishes for “β”"), "{}", asked.asks);
    let free = "convene Dwork Gray Oki\ntry 2.Oki\ndeliver all\n";
    assert_eq!(shows(free, "b.Oki.β"), [None, None]);
}

#[test]
fn no_phone_is_told_beforehand_whether_a_letter_is_ignored() {
    let script = format!("{BEGUN}try 1.Gray\ndeliver Oki Dwork NextBallot 1.Oki\n");
    let moment = Moment::of(&script).unwrap();
    let asked = moment.question("d.Gray.Dwork.NB1").unwrap();
    assert_eq!(asked.choices[asked.right.unwrap()].text, "he does nothing with it");
    let class = Class::begin(moment);
    let scene = class.for_phones()["scene"].to_string();
    assert!(
        scene.contains("NextBallot 1.Gray, Gray to Dwork") && !scene.contains("ignored"),
        "{scene}"
    );
}

#[test]
fn the_teachers_steps_out_of_order_change_nothing() {
    let mut class = with_phones(1);
    let refuses = |class: &mut Class, deed: Deed, why: &str| {
        let before = class.for_phones();
        let told = class.obey(deed).unwrap_err();
        assert!(told.contains(why), "{told}");
        assert_eq!(class.for_phones(), before);
    };
    for deed in [Deed::Close, Deed::AskAgain, Deed::Reveal, Deed::PutAway] {
        refuses(&mut class, deed, "no question");
    }
    ask(&mut class, 1);
    refuses(&mut class, Deed::AskAgain, "close");
    refuses(&mut class, Deed::Reveal, "close the round first");
    refuses(&mut class, Deed::Ask(ready::ready(2).unwrap(), None), "a question is open");
    class.obey(Deed::Close).unwrap();
    class.obey(Deed::AskAgain).unwrap();
    class.obey(Deed::Close).unwrap();
    refuses(&mut class, Deed::AskAgain, "twice");
    class.obey(Deed::Reveal).unwrap();
    refuses(&mut class, Deed::AskAgain, "shown");
    class.obey(Deed::End).unwrap();
    refuses(&mut class, Deed::Close, "over");
}

#[test]
fn one_who_takes_every_seat_keeps_nobody_out() {
    let mut class = class();
    for n in 0..10_000 {
        let _ = class.come(Key(n), address(1));
    }
    assert_eq!(class.for_teacher()["asleep"], MOST_PHONES);
    for n in 2..=200_u8 {
        class.come(Key(100_000 + u128::from(n)), address(n)).unwrap();
    }
    for n in 2..=200_u8 {
        assert!(class.seats().has(Key(100_000 + u128::from(n))));
    }
    assert_eq!(class.for_teacher()["ofOneAddress"], MOST_PHONES - 199);
}

#[test]
fn a_phone_that_lost_its_seat_takes_its_open_answer_along() {
    let mut class = class();
    for n in 0..MOST_PHONES as u128 {
        class.come(Key(n), address(1)).unwrap();
        class.seats().listens(Key(n)).unwrap();
    }
    ask(&mut class, 1);
    let last = Key(MOST_PHONES as u128 - 1);
    class.answer(last, 1, 1, 0).unwrap();
    class.come(Key(1 << 100), address(2)).unwrap();
    assert!(!class.seats().has(last));
    assert_eq!(class.for_teacher()["question"]["answered"], 0);
}

#[test]
fn only_the_latest_stream_of_a_phone_goes_on() {
    let mut class = with_phones(1);
    let first = class.seats().listens(Key(1)).unwrap();
    let second = class.seats().listens(Key(1)).unwrap();
    assert!(!class.seats().is_latest(Key(1), first));
    class.seats().sleeps(Key(1), first);
    assert_eq!(class.for_teacher()["phones"], 1, "the older one's end says nothing");
    class.seats().sleeps(Key(1), second);
    assert_eq!(class.for_teacher()["asleep"], 1);
    assert!(class.seats().listens(Key(2)).is_none());
}

#[test]
fn the_totals_of_misconceptions_are_those_of_the_answers() {
    let mut class = with_phones(4);
    ask(&mut class, 4);
    for (phone, answer) in [(1, 0), (2, 0), (3, 1), (4, 2)] {
        class.answer(Key(phone), 1, 1, answer).unwrap();
    }
    class.obey(Deed::Close).unwrap();
    class.obey(Deed::AskAgain).unwrap();
    class.answer(Key(1), 1, 2, 1).unwrap();
    let rows = csv(&class.misconceptions());
    assert_eq!(rows[3][2..], ["1", "4", "2", "1", "0"]);
    assert_eq!(rows[7][2..], ["1", "4", "1", "1", "0"]);
    assert_eq!(rows[0][2..], ["0", "0", "0", "", ""], "it was not asked again");
    assert!(class.in_lines().contains(&"   1 turned right, 0 turned wrong".to_owned()));
}

#[test]
fn a_question_of_the_teachers_own_is_bounded() {
    let own = |text: &str, answers: &[&str], right| {
        let answers = answers.iter().map(ToString::to_string).collect();
        Asked::own(Own { text: text.into(), answers, right })
    };
    let asked = own("  May goats\n graze? ", &["yes", "no"], Some(1)).unwrap();
    assert_eq!(asked.asks, "May goats graze?");
    for (text, answers, right, why) in [
        ("", &["a", "b"][..], None, "empty"),
        ("q", &["a"], None, "2 to 6"),
        ("q", &["a"; 7], None, "2 to 6"),
        ("q", &["a", "a"], None, "twice"),
        ("q", &["a", "b"], Some(2), "0 to 1"),
        (&"q".repeat(401), &["a", "b"], None, "at most 400"),
        ("q", &["a", &"b".repeat(121)], None, "at most 120"),
        ("q\u{7}", &["a", "b"], None, "nobody sees"),
    ] {
        let told = own(text, answers, right).unwrap_err();
        assert!(told.contains(why), "{told}");
    }
    let mut class = with_phones(1);
    class.obey(Deed::Ask(own("=1+1", &["@a", "b"], None).unwrap(), None)).unwrap();
    assert!(class.answers().contains("1,'=1+1,1,'@a,,,0,\n"), "{}", class.answers());
    class.obey(Deed::Close).unwrap();
    assert!(class.obey(Deed::Reveal).unwrap_err().contains("no right answer"));
}

/// Something that happens in a class.
#[derive(Clone, Debug)]
enum Event {
    Comes(u8),
    Answers { phone: u8, number: usize, round: usize, answer: usize },
    Ask(usize),
    Close,
    Again,
    Reveal,
    PutAway,
    Moves(bool),
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        2 => (1_u8..12).prop_map(Event::Comes),
        10 => (1_u8..12, 0_usize..4, 0_usize..4, 0_usize..5).prop_map(
            |(phone, number, round, answer)| Event::Answers { phone, number, round, answer }
        ),
        2 => (1_usize..=13).prop_map(Event::Ask),
        3 => Just(Event::Close),
        2 => Just(Event::Again),
        1 => Just(Event::Reveal),
        1 => Just(Event::PutAway),
        1 => any::<bool>().prop_map(Event::Moves),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// One phone, one answer in a round, and only while that round is open; totals are the sum.
    #[test]
    fn whatever_happens_the_totals_are_what_was_taken(events in prop::collection::vec(event(), 0..120)) {
        let mut class = class();
        // The answers taken, by question, round and phone: the model.
        let mut taken: BTreeMap<(usize, usize, u8), usize> = BTreeMap::new();
        let mut come = std::collections::BTreeSet::new();
        for event in events {
            let version = class.version();
            match event {
                Event::Comes(phone) => {
                    class.come(Key(phone.into()), address(phone)).unwrap();
                    come.insert(phone);
                }
                Event::Answers { phone, number, round, answer } => {
                    let open = class.poll.as_ref().map(|poll| (poll.number, poll.round(), poll.asked.choices.len()));
                    let was = class.answer(Key(phone.into()), number, round, answer);
                    let may = come.contains(&phone)
                        && open.is_some_and(|(n, r, many)| n == number && r == Some(round) && answer < many);
                    if was.is_ok() {
                        prop_assert!(may);
                        taken.insert((number, round, phone), answer);
                    } else {
                        prop_assert!(!may || was.unwrap_err().contains("times"));
                    }
                    prop_assert_eq!(class.version(), version, "no phone sees another's answer");
                }
                Event::Ask(number) => {
                    let _ = class.obey(Deed::Ask(ready::ready(number).unwrap(), None));
                }
                Event::Close => drop(class.obey(Deed::Close)),
                Event::Again => drop(class.obey(Deed::AskAgain)),
                Event::Reveal => drop(class.obey(Deed::Reveal)),
                Event::PutAway => drop(class.obey(Deed::PutAway)),
                Event::Moves(on) => {
                    let script = if on { BEGUN } else { "convene Dwork Gray Oki\n" };
                    class.obey(Deed::Move(Moment::of(script).unwrap())).unwrap();
                }
            }
            // A phone that comes back sees what the others see, and its own latest answers.
            if let Some(poll) = &class.poll {
                for phone in &come {
                    let mine = poll.mine(Key((*phone).into()));
                    let known = [1, 2].map(|round| taken.get(&(poll.number, round, *phone)).copied());
                    prop_assert_eq!(mine, known);
                }
                let is_hidden = !matches!(poll.stage, Stage::Revealed);
                prop_assert_eq!(class.for_phones()["question"]["right"].is_null(), is_hidden);
            }
        }
        for row in csv(&class.answers()) {
            let number: usize = row[0].parse().unwrap();
            let answer: usize = row[2].parse::<usize>().unwrap() - 1;
            for (round, column) in [(1, 6), (2, 7)] {
                let many = taken.iter().filter(|((n, r, _), a)| (*n, *r, **a) == (number, round, answer));
                prop_assert_eq!(row[column].parse::<usize>().unwrap_or(0), many.count());
            }
        }
        let by_answer: u64 = csv(&class.answers()).iter().filter(|row| !row[5].is_empty())
            .map(|row| row[6].parse::<u64>().unwrap() + row[7].parse::<u64>().unwrap_or(0)).sum();
        let by_belief: u64 = csv(&class.misconceptions()).iter()
            .map(|row| row[4].parse::<u64>().unwrap() + row[6].parse::<u64>().unwrap_or(0)).sum();
        prop_assert_eq!(by_answer, by_belief);
    }
}
