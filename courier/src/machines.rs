//! The machines of a Parliament: which key each has, and which founding legislators live there.
//!
//! Only the founder binds a name to a key: first come, and for good. It writes the binding down
//! durably before it answers, and only then does the other machine ink a ledger. So two students
//! who both join as Ben make one Ben.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use parliament::words::{Founding, Name};

use crate::key::Key;

/// A machine of this Parliament.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Machine {
    /// Its name in decrees.
    pub name: Name,
    /// Its key.
    pub key: Key,
    /// The founding legislators who live on it; none on one that only follows.
    pub priests: Vec<Name>,
    /// Where it was reached last.
    pub addresses: Vec<SocketAddr>,
}

/// All machines, by name.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Machines {
    all: BTreeMap<Name, Machine>,
}

/// Why a machine is not admitted.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refusal {
    /// He lives on another machine.
    #[error(
        "{name} came before, from another machine ({words}); a priest lives on one machine for good"
    )]
    Taken {
        /// The legislator.
        name: Name,
        /// The words of that machine's key.
        words: String,
    },
    /// The founding decree does not name him.
    #[error("{name} is no founding legislator; these are: {all}")]
    Stranger {
        /// The one who is none.
        name: Name,
        /// All who are.
        all: String,
    },
    /// Another machine has this name.
    #[error("another machine is called {name}; choose a name with --machine")]
    Called {
        /// The name.
        name: Name,
    },
    /// This machine came before, as another.
    #[error(
        "this machine's key is that of {machine}, where {priests} live; it cannot join again as another"
    )]
    Known {
        /// The machine.
        machine: Name,
        /// The priests who live there.
        priests: String,
    },
    /// As many follow as may.
    #[error("{FOLLOWERS} machines follow this Parliament already, which is the most")]
    Crowded,
}

/// The most machines without a priest.
pub const FOLLOWERS: usize = 256;

/// The first line of `sea/machines.csv`.
const HEADER: &str = "machine,key,priests,addresses";

impl Machines {
    /// All machines, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = &Machine> {
        self.all.values()
    }

    /// The machine with this key.
    #[must_use]
    pub fn with_key(&self, key: Key) -> Option<&Machine> {
        self.all.values().find(|it| it.key == key)
    }

    /// The machine with this name.
    #[must_use]
    pub fn called(&self, name: Name) -> Option<&Machine> {
        self.all.get(&name)
    }

    /// The machine on which this founding legislator lives.
    #[must_use]
    pub fn home_of(&self, name: Name) -> Option<&Machine> {
        self.all.values().find(|it| it.priests.contains(&name))
    }

    /// The founding legislators whom no machine has joined as.
    #[must_use]
    pub fn awaited(&self, founding: &Founding) -> Vec<Name> {
        founding.membership.names().filter(|&name| self.home_of(name).is_none()).collect()
    }

    /// Binds a machine to its key and its priests. Returns whether it is new: one that asks again
    /// is told the same again.
    ///
    /// # Errors
    /// [`Refusal`]: then nothing has changed.
    pub fn bind(&mut self, asks: Machine, founding: &Founding) -> Result<bool, Refusal> {
        if let Some(known) = self.with_key(asks.key) {
            let same = known.name == asks.name && known.priests == asks.priests;
            return if same { Ok(false) } else { Err(known_as(known)) };
        }
        for &name in &asks.priests {
            if !founding.membership.has(name) {
                let all = founding.membership.names().map(|it| it.as_str());
                return Err(Refusal::Stranger { name, all: all.collect::<Vec<_>>().join(", ") });
            }
            if let Some(home) = self.home_of(name) {
                return Err(Refusal::Taken { name, words: home.key.in_words() });
            }
        }
        // Two names that differ in their case alone would be one machine to most people.
        if self.all.keys().any(|it| it.folded() == asks.name.folded()) {
            return Err(Refusal::Called { name: asks.name });
        }
        let following = self.all.values().filter(|it| it.priests.is_empty()).count();
        if asks.priests.is_empty() && following >= FOLLOWERS {
            return Err(Refusal::Crowded);
        }
        self.all.insert(asks.name, asks);
        Ok(true)
    }

    /// Adds a machine that was bound, or puts it in the place of the one with its name.
    pub(crate) fn put(&mut self, machine: Machine) {
        self.all.insert(machine.name, machine);
    }

    /// Notes where a machine says that it can be reached now. Returns whether that is new.
    pub fn moved(&mut self, name: Name, addresses: &[SocketAddr]) -> bool {
        let Some(machine) = self.all.get_mut(&name) else { return false };
        let is_new = !addresses.is_empty() && machine.addresses != addresses;
        if is_new {
            machine.addresses = addresses.to_vec();
        }
        is_new
    }

    /// As the rows of `sea/machines.csv`.
    #[must_use]
    pub fn in_rows(&self) -> String {
        let mut text = format!("{HEADER}\n");
        for Machine { name, key, priests, addresses } in self.all.values() {
            let priests: Vec<&str> = priests.iter().map(Name::as_str).collect();
            let addresses: Vec<String> = addresses.iter().map(ToString::to_string).collect();
            text += &format!("{name},{key},{},{}\n", priests.join(" "), addresses.join(" "));
        }
        text
    }

    /// Reads the rows of `sea/machines.csv`. No name, key or legislator may stand in two of them.
    ///
    /// # Errors
    /// The line that cannot be read.
    pub fn of_rows(text: &str) -> Result<Machines, usize> {
        let mut machines = Machines::default();
        let mut lines = (1..).zip(text.lines());
        if lines.next().is_none_or(|(_, line)| line != HEADER) || !text.ends_with('\n') {
            return Err(1);
        }
        for (number, line) in lines {
            let machine = of_row(line).ok_or(number)?;
            let is_double = machines.with_key(machine.key).is_some()
                || machine.priests.iter().any(|&name| machines.home_of(name).is_some());
            if is_double || machines.all.insert(machine.name, machine).is_some() {
                return Err(number);
            }
        }
        Ok(machines)
    }
}

fn known_as(known: &Machine) -> Refusal {
    let priests: Vec<&str> = known.priests.iter().map(Name::as_str).collect();
    Refusal::Known { machine: known.name, priests: priests.join(", ") }
}

fn of_row(line: &str) -> Option<Machine> {
    let fields: Vec<&str> = line.split(',').collect();
    let [name, key, priests, addresses] = fields[..] else { return None };
    let priests: Result<Vec<Name>, _> = priests.split_whitespace().map(str::parse).collect();
    let addresses: Result<Vec<SocketAddr>, _> =
        addresses.split_whitespace().map(str::parse).collect();
    Some(Machine {
        name: name.parse().ok()?,
        key: key.parse().ok()?,
        priests: priests.ok()?,
        addresses: addresses.ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn machine(name: &str, key: u8, priests: &[&str]) -> Machine {
        let priests = priests.iter().map(|it| it.parse().unwrap()).collect();
        let addresses = vec!["127.0.0.1:7".parse().unwrap()];
        Machine { name: name.parse().unwrap(), key: Key([key; 32]), priests, addresses }
    }

    #[test]
    fn a_name_is_bound_to_the_first_key_that_asks() {
        let founding: Founding = "Ada Ben Cid".parse().unwrap();
        let mut machines = Machines::default();
        assert_eq!(machines.bind(machine("hill", 1, &["Ada"]), &founding), Ok(true));
        assert_eq!(machines.bind(machine("isle", 2, &["Ben"]), &founding), Ok(true));
        let refused = |machine| machines.clone().bind(machine, &founding).unwrap_err();
        let second = refused(machine("port", 3, &["Ben"]));
        assert!(second.to_string().starts_with("Ben came before"), "{second}");
        assert!(matches!(refused(machine("isle", 3, &["Cid"])), Refusal::Called { .. }));
        assert!(matches!(refused(machine("Isle", 3, &["Cid"])), Refusal::Called { .. }));
        assert!(matches!(refused(machine("port", 3, &["Dan"])), Refusal::Stranger { .. }));
        assert!(matches!(refused(machine("isle", 2, &["Cid"])), Refusal::Known { .. }));
        assert!(matches!(refused(machine("port", 2, &["Ben"])), Refusal::Known { .. }));
        assert_eq!(
            machines.bind(machine("isle", 2, &["Ben"]), &founding),
            Ok(false),
            "asked again"
        );
        assert_eq!(machines.awaited(&founding), ["Cid".parse::<Name>().unwrap()]);
        assert_eq!(Machines::of_rows(&machines.in_rows()), Ok(machines));
    }

    #[test]
    fn no_more_machines_follow_than_may() {
        let founding: Founding = "Ada".parse().unwrap();
        let mut machines = Machines::default();
        for i in 0..FOLLOWERS {
            let mut key = [0; 32];
            key[..8].copy_from_slice(&i.to_be_bytes());
            let follower = Machine { key: Key(key), ..machine(&format!("f{i}"), 0, &[]) };
            assert_eq!(machines.bind(follower, &founding), Ok(true));
        }
        assert_eq!(machines.bind(machine("more", 255, &[]), &founding), Err(Refusal::Crowded));
        assert_eq!(machines.bind(machine("hill", 255, &["Ada"]), &founding), Ok(true));
    }

    #[test]
    fn rows_that_name_anything_twice_are_refused() {
        let row = |machine: Machine| {
            let mut one = Machines::default();
            one.all.insert(machine.name, machine);
            one.in_rows().lines().nth(1).unwrap().to_owned() + "\n"
        };
        let first = format!("{HEADER}\n{}", row(machine("hill", 1, &["Ada"])));
        assert!(Machines::of_rows(&first).is_ok());
        for second in [
            machine("isle", 1, &["Ben"]),
            machine("isle", 2, &["Ada"]),
            machine("hill", 2, &["Ben"]),
        ] {
            assert_eq!(Machines::of_rows(&(first.clone() + &row(second))), Err(3));
        }
        assert_eq!(Machines::of_rows(first.trim_end()), Err(1), "cut short");
    }

    #[test]
    fn an_address_that_changes_is_followed() {
        let founding: Founding = "Ada".parse().unwrap();
        let mut machines = Machines::default();
        machines.bind(machine("hill", 1, &["Ada"]), &founding).unwrap();
        let there = ["10.0.0.9:9".parse().unwrap()];
        let [hill, isle] = ["hill", "isle"].map(|it| it.parse().unwrap());
        assert!(machines.moved(hill, &there));
        assert!(!machines.moved(hill, &there));
        assert!(!machines.moved(hill, &[]), "no address is no news");
        assert!(!machines.moved(isle, &there), "a stranger");
    }
}
