//! A name server: the distributed database of §4.1, figure 2, as a state machine.
//!
//! A state assigns values to names. `update(name, val, client)` answers the client "ok", and
//! `read(name, client)` answers the value: the slow read, by a decree. A fast read looks into one
//! server's own copy, which may be behind.
//!
//! Run it with `cargo run --example name_server`.

use std::collections::BTreeMap;

use parliament::law::{LawBook, StateMachine};
use parliament::synod::{Decree, DecreeNumber};

/// A state of the database: an assignment of values to names.
#[derive(Default, Debug, PartialEq)]
struct Database(BTreeMap<String, String>);

/// `Dolf: update printer 10.0.0.7` or `Skeen: read printer`.
fn command(text: &str) -> Option<(&str, &str, &str, &str)> {
    let (client, command) = text.split_once(": ")?;
    let (verb, rest) = command.split_once(' ')?;
    let (name, value) = rest.split_once(' ').unwrap_or((rest, ""));
    Some((client, verb, name, value))
}

impl StateMachine for Database {
    /// The client, and what he is told.
    type Response = Option<(String, String)>;

    fn apply(&mut self, _: DecreeNumber, decree: &Decree) -> Self::Response {
        let (client, verb, name, value) = command(decree.text())?;
        let answer = match verb {
            "update" => {
                self.0.insert(name.into(), value.into());
                "ok"
            }
            "read" => self.0.get(name).map_or("no such name", String::as_str),
            _ => return None,
        };
        Some((client.into(), answer.into()))
    }
}

pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    let decrees = [
        "Dolf: update printer 10.0.0.7",
        "Skeen: read printer",
        "The ides of February is national olive day",
        "Dolf: update printer 10.0.0.9",
        "Skeen: read printer",
    ];
    let [mut gray, mut oki] =
        [LawBook::opened(Database::default()), LawBook::opened(Database::default())];
    let mut answers = Vec::new();
    for (number, text) in (1..).zip(decrees) {
        for enacted in gray.learn(number, Decree::new(text)?) {
            println!("{number}: {text}  →  {:?}", enacted.response);
            answers.extend(enacted.response.flatten());
        }
        // Oki hears of no decree after the third, and of that one twice.
        if number <= 3 {
            oki.learn(number, Decree::new(text)?);
            oki.learn(number, Decree::new(text)?);
        }
    }
    let told: Vec<&str> = answers.iter().map(|(_, answer)| answer.as_str()).collect();
    assert_eq!(told, ["ok", "10.0.0.7", "ok", "10.0.0.9"]);

    // A fast read asks one server; whoever knows of decree 4 quotes it, and is not misled.
    println!("Oki's own copy, complete through {}: {:?}", oki.complete_through(), oki.state());
    let not_yet = oki.at_least(4).expect_err("Oki has not learnt decree 4");
    println!("Oki, asked for the state through decree 4: {not_yet}");
    for (number, text) in (4..).zip(&decrees[3..]) {
        oki.learn(number, Decree::new(text)?);
    }
    assert_eq!(oki.at_least(4)?, gray.state());
    println!("Oki, who has copied what he lacked, answers as Gray does: {:?}", oki.state());
    Ok(())
}
