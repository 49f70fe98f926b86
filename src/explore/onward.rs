//! The Synod's worlds from a given moment on: priests as they stand, letters under way, and B as it
//! is. `[PTP §2]`

use std::collections::BTreeMap;
use std::sync::Arc;

use super::conduct::{Situation, Upshot};
use super::pages::Power;
use super::parliament::history::History;
use super::scope::{MOST_BALLOTS, MOST_DECREES, MOST_PRIESTS, Scope, ScopeError};
use super::story::{Ballots, Chapter};
use super::synod;
use super::world::{Accord, Own, World, Worlds};
use crate::creeds::{Creed, Event, Orthodox};
use crate::invariants::{self, Breach, Invariant, View};
use crate::synod::Letter;
use crate::words::ballot::SYNODS_DECREE;
use crate::words::{Ballot, BallotNumber, Decree, Entry, Founding, Message, Name};

/// A search from a moment on.
#[derive(Clone)]
pub(crate) struct Onward {
    /// Those who sit.
    pub(crate) founding: Arc<Founding>,
    /// How each of them stands.
    pub(crate) minds: BTreeMap<Name, Situation>,
    /// The creeds of those who do not keep to the paper.
    pub(crate) creeds: BTreeMap<Name, &'static dyn Creed>,
    /// The letters under way.
    pub(crate) letters: Vec<(Name, Letter)>,
    /// B.
    pub(crate) history: Arc<History>,
    /// The decrees that presidents may wish for.
    pub(crate) wishes: Vec<Decree>,
    /// How many more ballots are tried, their numbers above all that are known.
    pub(crate) ballots: usize,
    /// Whether all of these have one integer, so that only their owners tell them apart.
    pub(crate) same_integer: bool,
    /// How many times a priest may leave, or lose power, and return.
    pub(crate) restarts: u16,
    /// The rules to watch for.
    pub(crate) watch: Vec<Invariant>,
}

impl Onward {
    fn scope(&self) -> Scope {
        Scope {
            priests: self.minds.len(),
            ballots: self.ballots,
            decrees: self.wishes.len(),
            restarts: self.restarts,
        }
    }

    /// The largest integer of a ballot that anybody knows of.
    fn largest(&self) -> u64 {
        let noted = self.minds.values().filter_map(|mind| mind.priest.notes().largest());
        let told = self.letters.iter().filter_map(|(_, letter)| letter.message.ballot());
        noted.chain(told).map(|ballot| ballot.round).max().unwrap_or(0)
    }
}

impl Worlds for Onward {
    type World<'a>
        = OnwardWorld<'a>
    where
        Self: 'a;

    fn worlds(&self) -> Result<Vec<OnwardWorld<'_>>, ScopeError> {
        ScopeError::within("priests", self.minds.len(), MOST_PRIESTS)?;
        ScopeError::within("ballots", self.ballots, MOST_BALLOTS)?;
        ScopeError::within("decrees", self.wishes.len(), MOST_DECREES)?;
        let (names, floor) = (self.minds.keys().copied().collect::<Vec<_>>(), self.largest());
        let round = |at: usize| floor + if self.same_integer { 1 } else { at as u64 + 1 };
        let number =
            |(at, owner): (usize, &usize)| BallotNumber { round: round(at), owner: names[*owner] };
        let world = |roll: Vec<usize>| OnwardWorld {
            of: self,
            numbers: roll.iter().enumerate().map(number).collect(),
        };
        let distinct = |roll: &Vec<usize>| {
            let mut owners = roll.clone();
            owners.sort_unstable();
            owners.dedup();
            !self.same_integer || owners.len() == roll.len()
        };
        Ok(self.scope().rolls(false).into_iter().filter(distinct).map(world).collect())
    }
}

/// One world, in which it is settled who owns which number.
pub(crate) struct OnwardWorld<'a> {
    of: &'a Onward,
    numbers: Vec<BallotNumber>,
}

/// B since that moment; `None` while nothing more was seen.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub(crate) struct Since(Option<History>);

impl OnwardWorld<'_> {
    fn ballots_of<'b>(&'b self, since: &'b Since) -> &'b [Ballot] {
        let history = since.0.as_ref().unwrap_or(&self.of.history);
        history.ballots.get(&SYNODS_DECREE).map_or(&[], Vec::as_slice)
    }

    fn creed(&self, who: Name) -> &'static dyn Creed {
        self.of.creeds.get(&who).copied().unwrap_or(&Orthodox)
    }
}

impl World for OnwardWorld<'_> {
    type Mind = Situation;
    type History = Since;

    const SOMETIMES: &'static [(&'static str, u16)] = &[];
    const JUDGES_LETTERS_AGAIN: bool = true;

    fn scope(&self) -> Scope {
        self.of.scope()
    }

    fn watch(&self) -> &[Invariant] {
        &self.of.watch
    }

    fn founding(&self) -> Founding {
        (*self.of.founding).clone()
    }

    fn enter(&self, name: Name) -> Situation {
        let first = || Situation::first(name, &Arc::new(self.of.founding.membership.clone()));
        self.of.minds.get(&name).cloned().unwrap_or_else(first)
    }

    fn sent_before(&self, name: Name) -> Vec<Letter> {
        let his = self.of.letters.iter().filter(|(from, _)| *from == name);
        his.map(|(_, letter)| letter.clone()).collect()
    }

    fn accord(&self, who: usize, _tries: u16) -> Accord {
        let name = self.of.minds.keys().nth(who);
        let owned = self.numbers.iter().zip(0..).filter(|(number, _)| Some(&number.owner) == name);
        synod::accord(owned.map(|(_, number)| number), self.of.wishes.len())
    }

    fn own(&self, own: Own) -> Event {
        synod::event(own, &self.numbers, &self.of.wishes)
    }

    fn made_needless_by(&self, own: Own) -> Option<Own> {
        synod::wish_before(own)
    }

    fn meet(&self, mind: &Situation, event: &Event, power: Power) -> Option<Upshot<Situation>> {
        mind.meet(event, power, self.creed(mind.priest.name()))
    }

    fn has_same_ledger(&self, one: &Situation, other: &Situation) -> bool {
        one.pages == other.pages
    }

    fn brief(&self, mind: &Situation) -> u8 {
        synod::brief(mind)
    }

    fn see(&self, before: &Since, who: Name, rows: &[Entry]) -> Option<(Since, u16)> {
        let mut next = before.0.clone().unwrap_or_else(|| (*self.of.history).clone());
        rows.iter().for_each(|row| next.see(who, row));
        Some((Since(Some(next)), 0))
    }

    fn judge(&self, history: &Since) -> Vec<Breach> {
        let members = &self.of.founding.membership;
        let mut found = invariants::of_ballots(self.ballots_of(history), members);
        found.retain(|breach| self.of.watch.contains(&breach.rule));
        found
    }

    fn judge_mind(&self, mind: &Situation, history: &Since) -> Vec<Breach> {
        invariants::of_priest(&View::of(&mind.priest), self.ballots_of(history))
    }

    fn judge_pair(&self, one: &Situation, other: &Situation) -> Vec<Breach> {
        invariants::of_pair(&View::of(&one.priest), &View::of(&other.priest))
    }

    fn judge_letter(&self, from: Name, letter: &Message, history: &Since) -> Vec<Breach> {
        invariants::of_letter(from, letter, self.ballots_of(history))
    }

    fn judge_sender(&self, letter: &Message, sender: &Situation) -> Vec<Breach> {
        invariants::of_sender(letter, &View::of(&sender.priest))
    }

    fn chapter(&self, mind: &Situation, event: Event, power: Power) -> Chapter {
        Chapter::tell(mind, event, power, self.creed(mind.priest.name()))
    }

    fn ballots(&self, seen: &[(Name, Vec<Entry>)]) -> Ballots {
        let mut history = (*self.of.history).clone();
        for (who, rows) in seen {
            rows.iter().for_each(|row| history.see(*who, row));
        }
        history.ballots
    }
}
