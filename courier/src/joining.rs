//! The question of a machine that asks to be admitted, and the founder's answer.

use std::net::SocketAddr;

use parliament::words::Name;

use crate::charter::Identity;
use crate::key::Key;
use crate::machines::{Machine, Machines};

/// What a machine asks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Question {
    /// The Parliament, by its charter.
    pub identity: Identity,
    /// The name of the machine.
    pub machine: Name,
    /// The founding legislators who are to live on it.
    pub priests: Vec<Name>,
    /// Where it can be reached.
    pub addresses: Vec<SocketAddr>,
}

impl Question {
    /// As bytes.
    #[must_use]
    pub fn in_bytes(&self) -> Vec<u8> {
        let priests: Vec<&str> = self.priests.iter().map(Name::as_str).collect();
        let addresses: Vec<String> = self.addresses.iter().map(ToString::to_string).collect();
        let rest = format!("{}\n{}\n{}", self.machine, priests.join(" "), addresses.join(" "));
        [&self.identity.0[..], rest.as_bytes()].concat()
    }

    /// Reads a question.
    #[must_use]
    pub fn of_bytes(bytes: &[u8]) -> Option<Question> {
        let (identity, rest) = bytes.split_first_chunk::<32>()?;
        let lines: Vec<&str> = std::str::from_utf8(rest).ok()?.split('\n').collect();
        let [machine, priests, addresses] = lines[..] else { return None };
        let priests: Result<_, _> = priests.split_whitespace().map(str::parse).collect();
        let addresses: Result<_, _> = addresses.split_whitespace().map(str::parse).collect();
        Some(Question {
            identity: Identity(*identity),
            machine: machine.parse().ok()?,
            priests: priests.ok()?,
            addresses: addresses.ok()?,
        })
    }

    /// The machine that asks, by its key.
    #[must_use]
    pub fn machine(&self, key: Key) -> Machine {
        let Question { machine, priests, addresses, .. } = self.clone();
        Machine { name: machine, key, priests, addresses }
    }
}

/// The founder's answer: the machines, or why not.
pub type Answered = Result<Machines, String>;

/// An answer as bytes.
#[must_use]
pub fn in_bytes(answer: &Answered) -> Vec<u8> {
    match answer {
        Ok(machines) => format!("yes\n{}", machines.in_rows()).into_bytes(),
        Err(why) => format!("no\n{why}").into_bytes(),
    }
}

/// Reads an answer.
#[must_use]
pub fn of_bytes(bytes: &[u8]) -> Option<Answered> {
    match std::str::from_utf8(bytes).ok()?.split_once('\n')? {
        ("yes", rows) => Some(Ok(Machines::of_rows(rows).ok()?)),
        ("no", why) => Some(Err(why.to_owned())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_and_answers_read_back() {
        let question = Question {
            identity: Identity([5; 32]),
            machine: "hill".parse().unwrap(),
            priests: vec!["Ada".parse().unwrap(), "Ben".parse().unwrap()],
            addresses: vec!["127.0.0.1:7".parse().unwrap()],
        };
        let bytes = question.in_bytes();
        assert_eq!(Question::of_bytes(&bytes), Some(question.clone()));
        for cut in 0..bytes.len() {
            assert_ne!(Question::of_bytes(&bytes[..cut]), Some(question.clone()));
        }
        let mut machines = Machines::default();
        let founding = "Ada Ben".parse().unwrap();
        machines.bind(question.machine(Key([1; 32])), &founding).unwrap();
        for answer in [Ok(machines), Err("no".to_owned())] {
            assert_eq!(of_bytes(&in_bytes(&answer)), Some(answer));
        }
        assert_eq!(of_bytes(b"maybe\n"), None);
    }
}
