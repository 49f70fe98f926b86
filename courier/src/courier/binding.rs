//! The machines that a courier believes in: the founder's list, those whom the founder admits, and
//! the keys that decrees change.

use parliament::words::Name;

use super::{Courier, CourierError, described};
use crate::engine::{Answer, Engine, Peer};
use crate::frame::Frame;
use crate::home::MACHINES;
use crate::joining::{self, Answered, Question};
use crate::key::Key;
use crate::keys;
use crate::machines::{Machine, Machines};

impl<E: Engine> Courier<E> {
    /// Takes the founder's list of machines. A binding that was made is never unmade.
    pub(super) fn learn_machines(
        &mut self,
        from: &Machine,
        rows: &str,
    ) -> Result<(), CourierError> {
        let told = Machines::of_rows(rows).ok().filter(|_| from.key == self.charter.founder);
        let is_bound = |it: &Machine| {
            told.as_ref()
                .and_then(|told| told.called(it.name))
                .is_some_and(|there| (there.key, &there.priests) == (it.key, &it.priests))
        };
        if !self.bound.iter().all(is_bound) {
            self.accounts.of(from.name).refused += 1;
            self.say_once(format!(
                "refused from {}: a list of machines that is not the founder's, or lacks some that were on it",
                from.name
            ));
            return Ok(());
        }
        let Some(mut told) = told else { return Ok(()) };
        for known in self.bound.iter() {
            // Each machine says where it is better than the founder does.
            told.moved(known.name, &known.addresses);
        }
        if told != self.bound {
            self.home.keep(MACHINES, &told.in_rows())?;
            self.bound = told;
            self.believe();
        }
        Ok(())
    }

    /// Answers one who asks to be admitted. Only the founder does; the binding is durable before
    /// the answer leaves.
    pub(super) fn answer(
        &mut self,
        key: Key,
        question: &[u8],
        answer: Answer,
    ) -> Result<(), CourierError> {
        let answered = self.admit(key, question)?;
        answer(joining::in_bytes(&answered));
        Ok(())
    }

    fn admit(&mut self, key: Key, question: &[u8]) -> Result<Answered, CourierError> {
        let Some(question) = Question::of_bytes(question) else {
            return Ok(Err(
                "the question cannot be read; both machines need the same release".into()
            ));
        };
        if question.identity != self.identity || self.key != self.charter.founder {
            return Ok(Err(
                "this machine did not found that Parliament; take the ticket anew".into()
            ));
        }
        // One whose key a decree changed is the same machine.
        let asks = question.machine(key);
        let is_known = |it: &Machine| (it.name, &it.priests) == (asks.name, &asks.priests);
        if self.machines.with_key(key).is_some_and(is_known) {
            return Ok(Ok(self.bound.clone()));
        }
        if self.bound.with_key(key).is_some() && self.machines.with_key(key).is_none() {
            let why = "a decree put another key in the place of this one, or took it back";
            self.say_once(format!("turned away: {}: {why}", key.in_words()));
            return Ok(Err(why.into()));
        }
        let mut machines = self.bound.clone();
        match machines.bind(question.machine(key), &self.charter.founding) {
            Err(why) => {
                self.say_once(format!("turned away: {}: {why}", key.in_words()));
                return Ok(Err(why.to_string()));
            }
            Ok(false) => drop(machines.moved(question.machine, &question.addresses)),
            Ok(true) => {}
        }
        if machines != self.bound {
            self.home.keep(MACHINES, &machines.in_rows())?;
            self.bound = machines;
            self.believe();
            self.tell_of_arrival(key);
        }
        for other in self.connected.clone() {
            self.send(other, &Frame::Machines(self.bound.in_rows()));
        }
        Ok(Ok(self.bound.clone()))
    }

    fn tell_of_arrival(&mut self, key: Key) {
        let Some(machine) = self.machines.with_key(key) else { return };
        let awaited = self.bound.awaited(&self.charter.founding);
        let awaited: Vec<&str> = awaited.iter().map(Name::as_str).collect();
        let rest = match &awaited[..] {
            _ if machine.priests.is_empty() => "it has no vote".to_owned(),
            [] => "all are here, and nobody else is let in".to_owned(),
            names => format!("awaited: {}", names.join(", ")),
        };
        self.say_once(format!(
            "{} came, with the key {}; {rest}",
            described(machine),
            key.in_words()
        ));
    }

    /// Believes the founder's list and what decrees say of the keys in it.
    pub(super) fn believe(&mut self) {
        let machines =
            keys::as_decreed(&self.bound, self.charter.founder, |it| self.law.key_of(it));
        if machines == self.machines {
            return;
        }
        let changed: Vec<String> = self
            .machines
            .iter()
            .filter_map(|was| {
                let key = machines.called(was.name).map(|it| it.key);
                (key != Some(was.key)).then(|| match key {
                    Some(key) => format!("a decree gives {} the key {}", was.name, key.in_words()),
                    None => format!("a decree takes the key of {} back", was.name),
                })
            })
            .collect();
        changed.into_iter().for_each(|it| self.say(it));
        self.connected.retain(|&key| machines.with_key(key).is_some());
        self.machines = machines;
        self.keep_connections();
    }

    /// Whether a decree has put another key in the place of the one with which this courier runs.
    #[must_use]
    pub fn is_rekeyed(&self) -> bool {
        self.is_listed && self.machines.with_key(self.key).is_none()
    }

    pub(super) fn keep_connections(&mut self) {
        let others = self.machines.iter().filter(|it| it.key != self.key);
        let peers = others.map(|it| Peer { key: it.key, addresses: it.addresses.clone() });
        self.engine.keep(peers.collect());
    }
}
