//! §3.3.5: honest mistakes. Redundant decrees make spoilt law books agree again.

use std::collections::BTreeMap;

use parliament::law::{Law, LawBook, Meaning, StateMachine};
use parliament::synod::{DecreeNumber, Entry, Minutes, Name};

use super::chamber::{Chamber, QUICK, WILD, decree, name};
use super::judge::judge;

const THREE: &str = "Gray Lynch Oki alpha=9";

/// A Chamber in which the president restates a matter every half hour.
fn restating(seed: u64) -> Chamber {
    let mut chamber = Chamber::founded(THREE, QUICK, seed);
    chamber.restate = Some(Minutes::whole(30));
    chamber.names().into_iter().for_each(|who| chamber.enter(who));
    chamber.sit(1);
    chamber
}

/// A law book that one of them keeps, apart from his ledger.
fn book(chamber: &Chamber, who: Name) -> LawBook {
    let mut book = LawBook::opened(Law::founded(&chamber.founding));
    read_on(&mut book, chamber, who);
    book
}

fn read_on(book: &mut LawBook, chamber: &Chamber, who: Name) {
    for row in &chamber.papers[&who].rows {
        if let Entry::Outcome { number, decree, .. } = row {
            book.learn(*number, decree.clone());
        }
    }
}

/// A book that says otherwise of some matters than the decrees it is complete through.
fn spoilt(book: &LawBook, mistakes: &[&str]) -> LawBook {
    let mut law = book.state().clone();
    for mistake in mistakes {
        law.apply(0, &decree(mistake));
    }
    let mut spoilt = LawBook::opened(law);
    (1..=book.complete_through()).for_each(|n| drop(spoilt.learn(n, decree("A mistake"))));
    spoilt
}

fn matters(book: &LawBook) -> BTreeMap<String, String> {
    let matters = book.state().matters.iter();
    matters.map(|(matter, statute)| (matter.to_string(), statute.value.to_string())).collect()
}

fn redundant(chamber: &Chamber, above: DecreeNumber) -> Vec<String> {
    let pages = chamber.legislator("Oki").pages();
    pages.inked(above, 1000).map(|(_, page)| page.decree.text().to_owned()).collect()
}

#[test]
fn section_3_3_5_a_spoilt_law_book_agrees_again_after_one_cycle() {
    let mut chamber = restating(1);
    for (id, text) in ["The olive tax is 9 drachmas", "The goat tax is 2", "The toll is 5"]
        .into_iter()
        .enumerate()
    {
        chamber.petition(name("Oki"), decree(text).petitioned(&format!("Dolf/{id}")).unwrap());
    }
    chamber.sit(5);
    let honest = book(&chamber, name("Gray"));
    let mut spoilt =
        spoilt(&honest, &["The olive tax is 6 drachmas", "The law on toll is repealed"]);
    assert_ne!(matters(&spoilt), matters(&honest));
    chamber.sit(2 * 30 - 5);
    read_on(&mut spoilt, &chamber, name("Lynch"));
    assert_ne!(matters(&spoilt), matters(&honest), "the cycle is not over");
    chamber.sit(30 + 5);
    read_on(&mut spoilt, &chamber, name("Lynch"));
    assert_eq!(matters(&spoilt), matters(&honest));
    let cycle = ["The goat tax is 2", "The olive tax is 9 drachmas", "The toll is 5"];
    assert_eq!(redundant(&chamber, 3), cycle);
    judge(&chamber, 1);
}

/// The law in his book he reads there, and nobody has the words of its decrees any more.
#[test]
fn section_3_3_5_a_president_restates_the_law_in_his_law_book() {
    let mut chamber = Chamber::founded(THREE, QUICK, 3);
    chamber.law_book_every = Some(4);
    chamber.names().into_iter().for_each(|who| chamber.enter(who));
    chamber.sit(1);
    let law = ["The olive tax is 9 drachmas", "The goat tax is 2", "The toll is 5"];
    for (id, text) in law.into_iter().chain(["A word"; 20]).enumerate() {
        chamber.petition(name("Oki"), decree(text).petitioned(&format!("Dolf/{id}")).unwrap());
    }
    chamber.sit(30);
    chamber.names().into_iter().for_each(|who| chamber.leave(who));
    chamber.restate = Some(Minutes::whole(30));
    // Nobody writes another book, so that what is restated is seen.
    chamber.law_book_every = None;
    chamber.names().into_iter().for_each(|who| chamber.enter(who));
    chamber.sit(60);
    let through = chamber.legislator("Oki").pages().in_book_through();
    assert!(through > 3, "the law stands in single decrees");
    chamber.sit(3 * 30 + 5);
    let mut restated = redundant(&chamber, 23);
    restated.truncate(3);
    assert_eq!(restated, ["The goat tax is 2", "The olive tax is 9 drachmas", "The toll is 5"]);
    judge(&chamber, 3);
}

#[test]
fn section_3_3_5_a_busy_president_restates_too() {
    let mut chamber = restating(2);
    for id in 0..200 {
        let text = format!("The toll at gate {} is {id}", id % 3);
        chamber.petition(name("Oki"), decree(&text).petitioned(&format!("Dolf/{id}")).unwrap());
        chamber.sit(1);
        chamber.petition(name("Lynch"), decree("A word").petitioned(&format!("Ann/{id}")).unwrap());
    }
    chamber.sit(10);
    let pages = chamber.legislator("Oki").pages();
    let all = |who| (0..200).all(|id| pages.has_passed(&format!("{who}/{id}")));
    assert!(all("Dolf") && all("Ann"));
    let without_id = |text: &String| text.starts_with("The toll");
    let tolls = redundant(&chamber, 0).into_iter().filter(without_id).count();
    assert!((204..=208).contains(&tolls), "{} restated in 210 minutes", tolls - 200);
    judge(&chamber, 2);
}

/// A redundant decree changes nothing, even if a president dies, or does not know that he is
/// deposed.
#[test]
fn section_3_3_5_what_is_restated_is_the_law_in_every_run() {
    let (mut restated, mut changes) = (0, 0);
    for seed in 0..super::wild::runs(200) {
        let mut chamber = restating(seed);
        chamber.world = WILD;
        // Some of the ledgers become law books meanwhile.
        chamber.law_book_every = (seed % 3 == 0).then_some(seed % 8);
        let names = chamber.names();
        for id in 0..60 {
            let who = names[chamber.draw(3) as usize];
            match chamber.draw(8) {
                0..=3 => {
                    let text = format!("The toll at gate {} is {id}", chamber.draw(3));
                    let petition = decree(&text).petitioned(&format!("Dolf/{id}")).unwrap();
                    chamber.petition(who, petition);
                }
                4 => chamber.leave(who),
                5 | 6 if !chamber.inside.contains_key(&who) => chamber.enter(who),
                _ => {}
            }
            let minutes = chamber.draw(25);
            chamber.sit(minutes);
        }
        judge(&chamber, seed);
        let mut law = LawBook::opened(Law::founded(&chamber.founding));
        for (_, _, entry) in &chamber.chronicle.inked {
            let Entry::Outcome { number, decree, .. } = entry else { continue };
            for enacted in law.learn(*number, decree.clone()) {
                let changed = enacted.response.is_some_and(|response| response.changed_the_law());
                let is_statute = Meaning::of(enacted.decree.text()) != Meaning::OliveDay;
                if enacted.decree.petition().is_some() {
                    changes += u64::from(changed);
                } else if is_statute {
                    restated += 1;
                    assert!(!changed, "seed {seed}: {} was not redundant", enacted.decree);
                }
            }
        }
    }
    assert!(restated > 100 && changes > 100, "{restated} restated, {changes} changes");
}
