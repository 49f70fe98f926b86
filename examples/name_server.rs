//! A name server: the distributed database of §4.1, figure 2, on a Parliament that sits.
//!
//! A state assigns values to names. `update(name, val, client)` answers the client "ok", and
//! `read(name, client)` answers the value: the slow read, by a decree. A fast read looks into one
//! server's own copy, which may be behind. The servers are the legislators, each with the state
//! that the decrees in his own ledger make.
//!
//! Run it with `cargo run --example name_server`.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use parliament::chamber::messenger::Roads;
use parliament::chamber::{Chamber, Following};
use parliament::god::{Citizen, Convening, Curiosity, MINUTE, parliament as sitting};
use parliament::law::{LawBook, StateMachine};
use parliament::synod::{Decree, DecreeNumber, Entry, Founding, Minutes, Name};

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
    let directory = std::env::temp_dir().join(format!("name-server-{}", std::process::id()));
    let chamber = Chamber::at(&directory);
    let founding: Founding = "Gray Lynch Oki".parse()?;
    chamber.found(&founding)?;
    let servers: Vec<Name> = founding.membership.names().collect();
    let convening = Convening {
        chamber: chamber.clone(),
        priests: servers.clone(),
        roads: Roads { lose: 0.0, repeat: 0.0, delay_minutes: (Minutes::ZERO, Minutes::ZERO) },
        seed: 1,
        minute: MINUTE,
        poll: false,
        curiosity: Curiosity::Decrees,
        trace: None,
    };
    let commands =
        ["update printer 10.0.0.7", "read printer", "update printer 10.0.0.9", "read printer"];
    let decrees = (1..).zip(commands).map(|(n, command)| {
        Ok(Decree::new(&format!("Dolf: {command}"))?.petitioned(&format!("Dolf/{n}"))?)
    });
    let decrees = decrees.collect::<Result<_, Box<dyn std::error::Error>>>()?;
    let manner = sitting::Manner { silent: true, ..Default::default() };
    let assembly = sitting::Assembly::convene(&convening, founding, manner)?;
    let citizen = Citizen::new("Dolf".parse()?, &chamber, &servers);
    let (patience, never) = (Minutes::whole(1000), AtomicBool::new(false));
    sitting::pass(assembly, citizen, decrees, patience, &never, |_| None, |_, _| {});

    for server in servers {
        let mut book = LawBook::opened(Database::default());
        let mut answers = Vec::new();
        for row in Following::from_start(&chamber, server)?.look()? {
            let Entry::Outcome { number, decree, .. } = row.entry else { continue };
            answers.extend(book.learn(number, decree).into_iter().filter_map(|e| e.response?));
        }
        let told: Vec<&str> = answers.iter().map(|(_, answer)| answer.as_str()).collect();
        println!("{server} answered {told:?}, and holds {:?}", book.state());
        assert_eq!(told, ["ok", "10.0.0.7", "ok", "10.0.0.9"]);
        assert_eq!(book.at_least(4)?.0["printer"], "10.0.0.9");
    }
    std::fs::remove_dir_all(directory)?;
    Ok(())
}
