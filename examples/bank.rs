//! A bank whose total never changes: another state machine on the same Parliament. `[PTP §4.1]`
//!
//! The founding decree of the bank gives every account its drachmas; `Dolf pays Skeen 30` moves
//! some, and is refused if there are too few. A payment that was sent twice, and passed twice,
//! is made once: its petition's id tells.
//!
//! Run it with `cargo run --example bank`.

use std::collections::BTreeMap;

use parliament::law::{LawBook, StateMachine};
use parliament::synod::{Decree, DecreeNumber};

/// Every account and its drachmas.
#[derive(Clone, Debug, PartialEq)]
struct Bank(BTreeMap<String, u64>);

/// The response of a decree.
#[derive(Debug, PartialEq)]
enum Answer {
    Paid,
    TooFew { has: u64 },
    NoAccount,
    NoPayment,
}

impl Bank {
    fn total(&self) -> u64 {
        self.0.values().sum()
    }
}

/// `Dolf pays Skeen 30`.
fn payment(text: &str) -> Option<(&str, &str, u64)> {
    let (from, rest) = text.split_once(" pays ")?;
    let (to, amount) = rest.split_once(' ')?;
    Some((from, to, amount.parse().ok()?))
}

impl StateMachine for Bank {
    type Response = Answer;

    fn apply(&mut self, _: DecreeNumber, decree: &Decree) -> Answer {
        let Some((from, to, amount)) = payment(decree.text()) else {
            return Answer::NoPayment;
        };
        let (Some(&has), true) = (self.0.get(from), self.0.contains_key(to)) else {
            return Answer::NoAccount;
        };
        if has < amount {
            return Answer::TooFew { has };
        }
        // Taken first, then given: a person who pays himself keeps what he has.
        self.0.insert(from.into(), has - amount);
        *self.0.entry(to.into()).or_default() += amount;
        Answer::Paid
    }
}

pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    let accounts = [("Dolf", 100), ("Skeen", 20), ("Lisk", 0)];
    let accounts = accounts.map(|(name, drachmas)| (name.to_owned(), drachmas));
    let bank = Bank(BTreeMap::from(accounts));
    let total = bank.total();
    let mut book = LawBook::opened(bank);
    let goats = Decree::new("Dolf pays Skeen 30")?.petitioned("Dolf/1")?;
    let decrees = [
        goats.clone(),
        Decree::new("Skeen pays Lisk 60")?,
        goats,
        Decree::new("Skeen pays Lisk 50")?,
        Decree::new("Lisk pays Lisk 50")?,
        Decree::new("Lisk pays Stranger 1")?,
        Decree::new("The ides of February is national olive day")?,
    ];
    let mut answers = Vec::new();
    for (number, decree) in (1..).zip(decrees) {
        for enacted in book.learn(number, decree) {
            println!("{number}: {}  →  {:?}", enacted.decree, enacted.response);
            answers.push(enacted.response);
        }
        assert_eq!(book.state().total(), total, "drachmas came or went at decree {number}");
    }
    let too_few = Some(Answer::TooFew { has: 50 });
    let (paid, once, stranger) = (Some(Answer::Paid), None, Some(Answer::NoAccount));
    let (again, olive_day) = (Some(Answer::Paid), Some(Answer::NoPayment));
    let expected = [Some(Answer::Paid), too_few, once, paid, again, stranger, olive_day];
    assert_eq!(answers, expected);
    println!("{:?}, {total} drachmas as ever", book.state().0);
    Ok(())
}
