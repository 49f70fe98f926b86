//! A citizen: hands in petitions under ids, insists, and keeps the history of what came of them.
//! `[PTP §1.2, §3.2.1]`

use std::collections::{BTreeMap, VecDeque};

use super::report::Fault;
use crate::words::time::REPLY;
use crate::words::{Decree, DecreeNumber, Minutes, Name};

/// A citizen and the history of his petitions.
#[derive(Debug)]
pub struct Citizen {
    /// His name.
    pub name: Name,
    history: Vec<Turn>,
    by_id: BTreeMap<String, usize>,
    /// When each was last handed in, the longest ago first.
    waiting: VecDeque<(Minutes, usize)>,
}

/// One petition.
#[derive(Debug)]
struct Turn {
    decree: Decree,
    handed_in: Minutes,
    /// When a ledger first had it.
    passed: Option<Minutes>,
    /// Its least number.
    number: Option<DecreeNumber>,
}

/// The citizen's name.
#[must_use]
pub fn dolf() -> Name {
    Name::ours("Dolf").expect("Dolf is a name")
}

impl Default for Citizen {
    fn default() -> Citizen {
        let (history, by_id, waiting) = (Vec::new(), BTreeMap::new(), VecDeque::new());
        Citizen { name: dolf(), history, by_id, waiting }
    }
}

impl Citizen {
    /// A new petition, handed in at this hour.
    pub fn petition(&mut self, now: Minutes) -> Option<Decree> {
        let goat = self.history.len() + 1;
        self.petition_for(now, &format!("The sale of goat {goat} is permitted"))
    }

    /// A new petition for this decree, handed in at this hour.
    pub fn petition_for(&mut self, now: Minutes, text: &str) -> Option<Decree> {
        let turn = self.history.len();
        let id = format!("Dolf/{}", turn + 1);
        let decree = Decree::new(text).ok()?.petitioned(&id).ok()?;
        self.by_id.insert(id, turn);
        let made = decree.clone();
        self.history.push(Turn { decree, handed_in: now, passed: None, number: None });
        self.waiting.push_back((now, turn));
        Some(made)
    }

    /// The petitions that have waited for longer than a reply takes: they are handed in anew.
    pub fn insist(&mut self, now: Minutes) -> Vec<Decree> {
        let mut again = Vec::new();
        while let Some(&(handed_in, turn)) = self.waiting.front()
            && handed_in + REPLY <= now
        {
            self.waiting.pop_front();
            if self.history[turn].passed.is_none() {
                self.waiting.push_back((now, turn));
                again.push(self.history[turn].decree.clone());
            }
        }
        again
    }

    /// How many have not been seen in any ledger.
    #[must_use]
    pub fn waiting(&self) -> u64 {
        self.history.iter().filter(|turn| turn.passed.is_none()).count() as u64
    }

    /// A ledger has this decree, dry. True if the petition stands under another number too.
    pub fn learn(&mut self, now: Minutes, number: DecreeNumber, decree: &Decree) -> bool {
        let Some(&turn) = decree.petition().and_then(|id| self.by_id.get(id)) else { return false };
        let turn = &mut self.history[turn];
        turn.passed.get_or_insert(now);
        let twice = turn.number.is_some_and(|known| known != number);
        turn.number = Some(turn.number.map_or(number, |known| known.min(number)));
        twice
    }

    /// Judges the whole history: a petition that was seen passed before another was handed in has
    /// the lower number. With numbers as the order, that is linearizability.
    ///
    /// # Errors
    /// [`Fault::OutOfOrder`].
    pub fn judge(&self) -> Result<(), Fault> {
        let mut passed: Vec<(DecreeNumber, Minutes, &Turn)> = self
            .history
            .iter()
            .filter_map(|turn| Some((turn.number?, turn.passed?, turn)))
            .collect();
        passed.sort_by_key(|(number, ..)| *number);
        let mut latest: Option<(DecreeNumber, &Turn)> = None;
        for (number, told, turn) in passed {
            if let Some((below, earlier)) = latest.filter(|(_, it)| told < it.handed_in) {
                let id = |turn: &Turn| turn.decree.petition().unwrap_or_default().to_owned();
                let (later, earlier) = (id(turn), id(earlier));
                return Err(Fault::OutOfOrder { later, number, earlier, below });
            }
            if latest.is_none_or(|(_, it)| it.handed_in < turn.handed_in) {
                latest = Some((number, turn));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(turns: &[(u64, u64, u64)]) -> Result<(), Fault> {
        let mut citizen = Citizen::default();
        for &(handed_in, passed, number) in turns {
            let decree = citizen.petition(Minutes::whole(handed_in)).unwrap();
            citizen.learn(Minutes::whole(passed), number, &decree);
        }
        citizen.judge()
    }

    #[test]
    fn a_decree_passed_before_another_is_asked_has_a_lower_number() {
        assert_eq!(history(&[(0, 5, 1), (6, 9, 2)]), Ok(()));
        assert!(matches!(
            history(&[(0, 5, 2), (6, 9, 1)]),
            Err(Fault::OutOfOrder { number: 2, below: 1, .. })
        ));
    }

    #[test]
    fn petitions_under_way_at_once_may_pass_in_either_order() {
        assert_eq!(history(&[(0, 9, 2), (6, 9, 1)]), Ok(()));
        assert_eq!(history(&[(0, 9, 1), (6, 9, 2)]), Ok(()));
    }
}
