//! §3.3.2: long ledgers become law books, and one who was long away copies the book.

use std::sync::Arc;

use parliament::law::{Law, LawBook};
use parliament::parliament::Legislator;
use parliament::synod::{Entry, Letter, Message, Mortal};

use super::chamber::{Chamber, ORDERLY, Paper, QUICK, WILD, World, name, petition};
use super::judge::judge;
use super::wild::{live_wildly, runs};

/// Gray is away while this many decrees are passed by the others, whose ledgers become law books.
fn while_gray_is_away(decrees: u64, every: u64, seed: u64) -> Chamber {
    let mut chamber = Chamber::founded("Gray Lynch Oki alpha=50", QUICK, seed);
    chamber.law_book_every = Some(every);
    for who in ["Lynch", "Oki"] {
        chamber.enter(name(who));
    }
    chamber.sit(60);
    for id in 1..=decrees {
        chamber.petition(name("Oki"), petition(id));
    }
    chamber.sit(60);
    assert_eq!(chamber.legislator("Lynch").pages().complete_through(), decrees);
    assert!(chamber.legislator("Oki").pages().in_book_through() + every >= decrees);
    chamber
}

/// The book that decrees make which were inked one by one.
fn book_of_decrees(chamber: &Chamber, through: u64) -> LawBook {
    let mut book = LawBook::opened(Law::founded(&chamber.founding));
    for (_, _, entry) in &chamber.chronicle.inked {
        if let Entry::Outcome { number: number @ 1.., decree, .. } = entry
            && *number <= through
        {
            book.learn(*number, decree.clone());
        }
    }
    assert_eq!(book.complete_through(), through);
    book
}

#[test]
fn theorem_1_no_wild_run_with_law_books_is_inconsistent() {
    let mut bound = 0;
    for seed in 0..runs(300) {
        let founding =
            ["Gray Lynch Oki", "Dwork Fischer Gray Lynch Oki alpha=4"][seed as usize % 2];
        let mut chamber =
            Chamber::founded(founding, [WILD, ORDERLY, QUICK][seed as usize % 3], seed);
        chamber.law_book_every = Some(seed % 7);
        for who in chamber.names() {
            chamber.enter(who);
        }
        let chamber = live_wildly(chamber, 60);
        judge(&chamber, seed);
        for legislator in chamber.inside.values() {
            let book = legislator.pages().book();
            bound += book.complete_through();
            let decrees = book_of_decrees(&chamber, book.complete_through());
            assert!(*book == decrees, "seed {seed}: a book differs from its decrees");
        }
    }
    assert!(bound > 0, "no ledger ever became a law book");
}

#[test]
fn section_3_3_2_a_priest_long_away_copies_the_book() {
    let mut chamber = while_gray_is_away(500, 20, 1);
    let (success, tried) = (chamber.sent("Success"), chamber.chronicle.tried.len());
    chamber.enter(name("Gray"));
    let came = chamber.sit_until(50, |c| c.legislator("Gray").pages().complete_through() == 500);
    assert!(came.is_some(), "Gray stays behind");
    assert_eq!(chamber.chronicle.tried.len(), tried, "no ballot was needed");
    assert!(chamber.sent("Success") - success <= 20, "the decrees in the book were sent");
    chamber.sit(1);
    let gray = chamber.legislator("Gray");
    let through = gray.pages().in_book_through();
    assert_eq!(gray.pages().book(), &book_of_decrees(&chamber, through));
    assert!(gray.pages().knows(7) && gray.outcome(7).is_none(), "known, its words not at hand");
    let read = chamber.papers[&name("Gray")].read();
    let again = Legislator::from_ledger(name("Gray"), Arc::clone(&chamber.founding), &read);
    assert_eq!((again.pages(), again.notes()), (gray.pages(), gray.notes()));
    judge(&chamber, 1);
}

#[test]
fn section_3_3_2_a_book_is_copied_though_a_tenth_is_lost() {
    let mut chamber = while_gray_is_away(300, 20, 2);
    chamber.world = World { lost: 100, twice: 50, ..QUICK };
    chamber.enter(name("Gray"));
    let came = chamber.sit_until(2000, |c| c.legislator("Gray").pages().complete_through() == 300);
    assert!(came.is_some(), "Gray stays behind");
}

#[test]
fn section_3_3_2_a_book_with_a_missing_row_does_not_count() {
    let mut chamber = while_gray_is_away(100, 20, 3);
    let is_law_5 = |letter: &Letter| matches!(&letter.message, Message::LawBook { row, .. } if row.in_a_line().starts_with("law 5:"));
    chamber.censor = Box::new(move |_, letter| is_law_5(letter));
    chamber.enter(name("Gray"));
    chamber.sit(100);
    assert_eq!(chamber.legislator("Gray").pages().in_book_through(), 0);
    chamber.leave(name("Gray"));
    assert!(chamber.papers[&name("Gray")].book.is_none(), "half a book was bound");
    chamber.censor = Box::new(|_, _| false);
    chamber.enter(name("Gray"));
    chamber.sit(30);
    assert_eq!(chamber.legislator("Gray").pages().complete_through(), 100);
}

/// The letters that Lynch, in whose ledger a law book stands for decrees 1 to 10 of 12, sends upon
/// this.
fn lynch_answers(message: Message) -> Vec<Message> {
    let founding = Arc::new("Gray Lynch Oki".parse().unwrap());
    let outcome = |number| Entry::Outcome { number, decree: petition(number), ballot: None };
    let rows: Vec<Entry> = (1..=12).map(outcome).collect();
    let long = Legislator::from_ledger(name("Lynch"), Arc::clone(&founding), &rows);
    let mut long = long.with_law_book_every(4);
    let mut paper = Paper::default();
    long.look_at_hourglass(Default::default()).perform(&mut paper, &mut Vec::new()).unwrap();
    let mut lynch = Legislator::from_ledger(name("Lynch"), founding, &paper.read());
    assert_eq!((lynch.pages().in_book_through(), lynch.pages().complete_through()), (10, 12));
    let mut letters = Vec::new();
    let deed = lynch.receive(Default::default(), name("Oki"), message);
    deed.perform(&mut paper, &mut letters).unwrap();
    letters.into_iter().map(|letter| letter.message).collect()
}

#[test]
fn section_3_3_2_no_promise_to_one_without_the_books_decrees() {
    let ballot = "9.Oki".parse().unwrap();
    let asks = |complete_through| Message::NextBallot { ballot, complete_through };
    let promises = |told: &[Message]| told.iter().any(|m| matches!(m, Message::LastVote { .. }));
    let told = lynch_answers(asks(9));
    assert!(!promises(&told), "{told:?}");
    assert!(matches!(told[..], [Message::Presence { complete_through: 12, .. }]), "{told:?}");
    assert!(promises(&lynch_answers(asks(10))));
}

#[test]
fn section_3_3_2_no_vote_on_a_decree_in_the_book() {
    let ballot = "9.Oki".parse().unwrap();
    let told = lynch_answers(Message::BeginBallot { ballot, number: 3, decree: petition(99) });
    assert!(matches!(told[..], [Message::Presence { complete_through: 12, .. }]), "{told:?}");
}

#[test]
fn section_3_3_2_an_inquiry_for_old_numbers_gets_the_book() {
    let told = lynch_answers(Message::Inquiry { above: 3, through: Some(12) });
    let rows = told.iter().filter(|m| matches!(m, Message::LawBook { through: 10, of: 12, .. }));
    assert_eq!(rows.count(), 12, "{told:?}");
    let numbers: Vec<u64> = told
        .iter()
        .filter_map(|m| if let Message::Success { number, .. } = m { Some(*number) } else { None })
        .collect();
    assert_eq!(numbers, [11, 12]);
    let about_nothing = lynch_answers(Message::Inquiry { above: 0, through: Some(0) });
    assert!(matches!(about_nothing[..], [Message::Presence { .. }]), "{about_nothing:?}");
}

#[test]
fn section_3_3_2_a_petition_of_the_book_counts_once() {
    let mut chamber = while_gray_is_away(100, 20, 4);
    chamber.enter(name("Gray"));
    chamber.sit(30);
    for who in ["Gray", "Lynch", "Oki"] {
        chamber.leave(name(who));
    }
    for who in ["Gray", "Lynch", "Oki"] {
        chamber.enter(name(who));
    }
    chamber.sit(60);
    for who in ["Gray", "Lynch", "Oki"] {
        chamber.petition(name(who), petition(3));
    }
    chamber.petition(name("Oki"), petition(101));
    chamber.sit(60);
    assert!(chamber.everyone_has(101));
    assert_eq!(chamber.legislator("Oki").pages().complete_through(), 101, "3 was passed again");
}

#[test]
fn section_3_3_2_a_list_may_hold_the_book_at_its_end() {
    let chamber = while_gray_is_away(100, 20, 5);
    let oki = &chamber.papers[&name("Oki")];
    let (book, from) = oki.book.clone().unwrap();
    let list: Vec<Entry> =
        oki.rows[..from].iter().chain(&book).chain(&oki.rows[from..]).cloned().collect();
    let read =
        |rows: &[Entry]| Legislator::from_ledger(name("Oki"), Arc::clone(&chamber.founding), rows);
    let (listed, bound) = (read(&list), read(&oki.read()));
    assert_eq!(listed.notes(), bound.notes());
    assert!(listed.pages() == bound.pages());
}
