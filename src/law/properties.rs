//! Properties of the law, tested with random decrees.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::calendar::LONGEST_TERM;
use super::*;
use crate::words::{Decree, DecreeNumber, Founding, Membership, Name};

/// Phrases that a careless grammar would misread.
fn phrase() -> impl Strategy<Value = Phrase> {
    let pieces = select(vec![
        "olive tax",
        " is ",
        "is",
        "law on ",
        "repealed",
        ", provided it is ",
        "; the ",
        "; The ",
        "; tThe ",
        "; t",
        "The",
        "he ",
        ";",
        "provided",
        "\"",
        "\\",
        " ",
        "for",
        " for 3 months",
        "resigns as ",
        "takes office as ",
        "now a legislator",
        "3",
        ": ",
        "—",
        "λ",
        "ides of February",
        "national olive day",
        ",",
        "The ",
        "\u{202e}",
        "\u{200b}",
        "x",
    ]);
    let pieced = prop::collection::vec(pieces, 0..6).prop_map(|pieces| pieces.concat());
    prop_oneof![3 => pieced, 1 => "[^\\p{Cc}\u{2028}\u{2029}]{0,12}"]
        .prop_map(|text| Phrase::new(&text).unwrap())
}

fn nonempty() -> impl Strategy<Value = Phrase> {
    phrase().prop_filter("a matter has a name", |phrase| !phrase.as_str().is_empty())
}

fn name() -> impl Strategy<Value = Name> {
    select(vec!["The", "Citizen", "Dikstra", "Gouda", "Γραῐ", "is", "law"])
        .prop_map(|name| name.parse().unwrap())
}

fn moment() -> impl Strategy<Value = Moment> {
    (0..24u32, 0..60u32, 1..=28u32, select(vec!["Jan", "Feb", "Sep", "Dec"]), 1..9000u32).prop_map(
        |(hour, minute, day, month, year)| {
            format!("{hour}:{minute:02} {day} {month} {year}").parse().unwrap()
        },
    )
}

fn meaning() -> impl Strategy<Value = Meaning> {
    prop_oneof![
        (nonempty(), phrase(), prop::option::of(phrase()))
            .prop_map(|(matter, value, provided)| Meaning::Declares { matter, value, provided }),
        prop::collection::btree_map(nonempty(), phrase(), 2..5)
            .prop_map(|clauses| Meaning::Sweeps { clauses: clauses.into_iter().collect() }),
        nonempty().prop_map(|matter| Meaning::Repeals { matter }),
        (name(), 0..2_000_000u64, prop::option::of(name()))
            .prop_map(|(name, weight, machine)| Meaning::Seats { name, weight, machine }),
        name().prop_map(|name| Meaning::Unseats { name }),
        (moment(), name(), nonempty(), 1..=LONGEST_TERM).prop_map(
            |(proposed, name, office, months)| Meaning::Appoints { proposed, name, office, months }
        ),
        (moment(), name(), nonempty()).prop_map(|(proposed, name, office)| Meaning::Resigns {
            proposed,
            name,
            office
        }),
        (moment(), name(), nonempty()).prop_map(|(proposed, name, office)| Meaning::TakesOffice {
            proposed,
            name,
            office
        }),
        name().prop_map(|citizen| Meaning::Reads { citizen }),
        Just(Meaning::OliveDay),
    ]
}

/// Texts that nearly follow the grammar, and texts that do not.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        ".*",
        (meaning(), any::<Index>(), ".{0,2}").prop_map(|(meaning, at, smudge)| {
            let mut text: Vec<char> = meaning.to_string().chars().collect();
            let at = at.index(text.len());
            text.splice(at..(at + 1).min(text.len()), smudge.chars());
            text.into_iter().collect()
        }),
        prop::collection::vec(phrase(), 0..5)
            .prop_map(|phrases| phrases.iter().map(Phrase::as_str).collect()),
    ]
}

/// Decrees with few names, so that several are about the same matters, seats and offices.
fn decree() -> impl Strategy<Value = Decree> {
    let word = || select(vec!["olive tax", "lamp oil", "goats"]);
    let value = || select(vec!["3", "6", "9"]);
    let who = || select(vec!["Dwork", "Gray", "Oki", "Strong"]);
    let office = || select(vec!["wine taster", "specialist on olive"]);
    let text = prop_oneof![
        (word(), value()).prop_map(|(m, v)| format!("The {m} is {v}")),
        (word(), value(), value())
            .prop_map(|(m, v, w)| format!("The {m} is {v}, provided it is {w}")),
        (word(), word(), value(), value())
            .prop_map(|(m, n, v, w)| format!("The {m} is {v}; the {n} is {w}")),
        word().prop_map(|m| format!("The law on {m} is repealed")),
        (who(), 0..3u64).prop_map(|(n, w)| format!("{n} is now a legislator with weight {w}")),
        who().prop_map(|n| format!("{n} is no longer a legislator")),
        (0..50u32, who(), office(), 1..3u32).prop_map(|(minute, n, office, months)| {
            let s = if months == 1 { "" } else { "s" };
            format!("9:{minute:02} 9 Apr 78: {n} is {office} for {months} month{s}")
        }),
        (0..50u32, who(), office())
            .prop_map(|(m, n, office)| format!("9:{m:02} 9 Apr 78: {n} resigns as {office}")),
        (0..50u32, who(), office())
            .prop_map(|(m, n, office)| format!("9:{m:02} 9 Apr 78: {n} takes office as {office}")),
        Just("Lamps must use only olive oil".to_owned()),
    ];
    (text, prop::option::weighted(0.3, 0..5u8)).prop_map(|(text, petition)| {
        let decree = Decree::new(&text).unwrap();
        match petition {
            Some(count) => decree.petitioned(&format!("Dolf/{count}")).unwrap(),
            None => decree,
        }
    })
}

fn decrees() -> impl Strategy<Value = Vec<Decree>> {
    prop::collection::vec(decree(), 0..24)
}

fn young_law() -> Law {
    Law::founded(&"Dwork Gray Oki".parse().unwrap())
}

fn book_of(decrees: &[Decree]) -> LawBook {
    let mut book = LawBook::opened(young_law());
    for (number, decree) in (1..).zip(decrees) {
        book.learn(number, decree.clone());
    }
    book
}

proptest! {
    #[test]
    fn no_text_panics_the_grammar_and_each_meaning_reads_back(text in text()) {
        let meaning = Meaning::of(&text);
        let _ = Form::resembled_by(&text);
        let again = meaning.to_string();
        prop_assert_eq!(&Meaning::of(&again), &meaning);
        let in_sight = meaning.in_sight();
        prop_assert_eq!(&Meaning::of(&in_sight), &meaning);
        let is_form = !matches!(meaning, Meaning::Words(_));
        prop_assert!(!is_form || crate::words::shown(&in_sight) == in_sight, "{}", in_sight);
        prop_assert!(Decree::new(&text).is_err() || Decree::new(&again).is_ok(), "{}", again);
    }

    #[test]
    fn every_meaning_printed_reads_back(meaning in meaning()) {
        prop_assert_eq!(Meaning::of(&meaning.to_string()), meaning);
    }

    #[test]
    fn a_law_book_in_writing_is_the_law_book(decrees in decrees()) {
        let book = book_of(&decrees);
        let again = LawBook::of_rows(&"Dwork Gray Oki".parse().unwrap(), &book.rows());
        prop_assert_eq!(again, Some(book));
    }

    #[test]
    fn a_decree_that_has_a_form_resembles_none(meaning in meaning()) {
        prop_assert_eq!(Form::resembled_by(&meaning.to_string()), None);
    }

    #[test]
    fn response_and_state_are_functions_of_decree_and_state(
        decrees in decrees(), next in decree(),
    ) {
        let book = book_of(&decrees);
        let (mut one, mut other) = (book.state().clone(), book_of(&decrees).state().clone());
        prop_assert_eq!(one.apply(99, &next), other.apply(99, &next));
        prop_assert_eq!(one, other);
    }

    #[test]
    fn a_response_says_whether_the_law_changed(decrees in decrees(), next in decree()) {
        let book = book_of(&decrees);
        let mut after = book.state().clone();
        let changed = after.apply(99, &next).changed_the_law();
        let said = |law: &Law| {
            let matters = law.matters.iter().map(|(m, s)| (m.clone(), s.value.clone()));
            let terms = law.offices.iter().map(|(_, terms)| terms.to_vec());
            let taken = law.offices.all_taken().map(|(office, taken)| (office.clone(), *taken));
            let offices = (terms.collect::<Vec<_>>(), taken.collect::<Vec<_>>());
            (matters.collect::<Vec<_>>(), law.seats.latest().clone(), offices)
        };
        let same = said(&after) == said(book.state());
        prop_assert_eq!(changed, !same);
    }

    #[test]
    fn decrees_learnt_in_any_order_and_again_make_the_same_book(
        decrees in decrees(), seed in prop::collection::vec(any::<Index>(), 0..60),
    ) {
        let kept = book_of(&decrees);
        let mut book = LawBook::opened(young_law());
        let numbered: Vec<(DecreeNumber, &Decree)> = (1..).zip(&decrees).collect();
        let shuffled = seed.iter().filter(|_| !numbered.is_empty());
        let shuffled = shuffled.map(|index| *index.get(&numbered)).collect::<Vec<_>>();
        let mut told = Vec::new();
        for (number, decree) in shuffled.into_iter().chain(numbered) {
            told.extend(book.learn(number, decree.clone()).into_iter().map(|e| e.number));
        }
        prop_assert_eq!(&book, &kept);
        prop_assert_eq!(told, (1..=decrees.len() as DecreeNumber).collect::<Vec<_>>());
    }

    #[test]
    fn a_book_complete_through_less_is_a_book_of_fewer_decrees(
        decrees in decrees(), gap in any::<Index>(),
    ) {
        let gap = gap.index(decrees.len() + 1);
        let mut book = LawBook::opened(young_law());
        for (number, decree) in (1..).zip(&decrees).filter(|(number, _)| *number != gap + 1) {
            book.learn(number as DecreeNumber, decree.clone());
        }
        let fewer = book_of(&decrees[..gap]);
        prop_assert_eq!(book.state(), fewer.state());
        prop_assert_eq!(book.complete_through(), gap as DecreeNumber);
        prop_assert_eq!(book.waiting(), decrees.len().saturating_sub(gap + 1));
        prop_assert!(book.at_least(gap as DecreeNumber).is_ok());
        prop_assert!(book.at_least(gap as DecreeNumber + 1).is_err());
    }

    #[test]
    fn the_later_of_two_decrees_on_one_matter_holds(
        decrees in decrees(), one in "[a-z]{1,3}", other in "[a-z]{1,3}",
    ) {
        let tax = |value: &str| Decree::new(&format!("The olive tax is {value}")).unwrap();
        let mut law = book_of(&decrees).state().clone();
        law.apply(90, &tax(&one));
        law.apply(91, &tax(&other));
        let now = law.matters.get(&Phrase::new("olive tax").unwrap()).unwrap();
        prop_assert_eq!(now.value.as_str(), &*other);
        prop_assert_eq!((now.since, now.declared), (if one == other { now.since } else { 91 }, 91));
    }
}

fn names(pool: &[&str]) -> Vec<Name> {
    pool.iter().map(|name| name.parse().unwrap()).collect()
}

/// Every set of these names that is a majority set.
fn majorities(members: &Membership, names: &[Name]) -> Vec<BTreeSet<Name>> {
    let of = |bits: usize| names.iter().enumerate().filter(move |(n, _)| bits >> n & 1 == 1);
    let sets = (0..1 << names.len()).map(|bits| of(bits).map(|(_, name)| *name).collect());
    sets.filter(|set: &BTreeSet<Name>| members.is_majority(set.iter().copied())).collect()
}

fn meet(one: &[BTreeSet<Name>], other: &[BTreeSet<Name>]) -> bool {
    one.iter().all(|set| other.iter().all(|with| !set.is_disjoint(with)))
}

proptest! {
    /// B2 for every number, after any decrees before it.
    #[test]
    fn any_two_majorities_for_one_number_meet(decrees in decrees(), number in 0..30u64) {
        let book = book_of(&decrees);
        let pool = names(&["Dwork", "Gray", "Oki", "Strong"]);
        let sets = majorities(book.state().seats.voting_on(number), &pool);
        prop_assert!(!sets.is_empty() && meet(&sets, &sets));
    }

    /// Decrees above n − α do not change who votes on n. So anybody who knows the decrees through
    /// n − α knows who votes.
    #[test]
    fn who_votes_is_known_alpha_decrees_before(decrees in decrees(), number in 0..30u64) {
        let known = usize::try_from(number.saturating_sub(3)).unwrap().min(decrees.len());
        let (early, late) = (book_of(&decrees[..known]), book_of(&decrees));
        let voting_on = |book: &LawBook| book.state().seats.voting_on(number).clone();
        prop_assert_eq!(voting_on(&early), voting_on(&late));
        let seats = &early.state().seats;
        let window = seats.in_window_after(known as DecreeNumber).collect::<Vec<_>>();
        for open in known + 1..=known + 3 {
            prop_assert!(window.contains(&seats.voting_on(open as DecreeNumber)));
        }
    }

    /// If a decree changes one weight by one, old majorities meet new ones. If it changes more they
    /// need not, so olive days follow.
    #[test]
    fn a_change_by_one_leaves_majorities_that_meet(
        weights in prop::collection::vec(1..4u64, 1..5), at in any::<Index>(), up in any::<bool>(),
    ) {
        let pool = names(&["A", "B", "C", "D", "E"]);
        let founding = Founding::new(pool.iter().copied().zip(weights.iter().copied()), 3).unwrap();
        let seats = Seats::founded(&founding);
        let name = *at.get(&pool[..=weights.len().min(4)]);
        let had = seats.latest().weight_of([name]);
        let meaning = match (up || had == 0, had) {
            (true, _) => Meaning::Seats { name, weight: had + 1, machine: None },
            (false, 1) => Meaning::Unseats { name },
            (false, _) => Meaning::Seats { name, weight: had - 1, machine: None },
        };
        if let Ok(Some(after)) = seats.after(&meaning) {
            prop_assert!(meet(&majorities(seats.latest(), &pool), &majorities(&after, &pool)));
        }
    }

    /// If a number is not an olive day, the last change before it is in force.
    #[test]
    fn olive_days_last_until_the_change_is_in_force(decrees in decrees(), number in 1..40u64) {
        let book = book_of(&decrees);
        let seats = &book.state().seats;
        let in_force = seats.voting_on(number) == seats.as_of(number - 1);
        let mut before = seats.changes().map(|(change, _)| change).filter(|change| *change > 0);
        prop_assert!(in_force || before.any(|change| seats.is_olive_day(number, change)));
    }
}
