//! The Parliament's worlds: decree after decree, tried in an order that is settled. `[PTP §3]`

use std::sync::Arc;

use super::super::conduct::Upshot;
use super::super::pages::Power;
use super::super::scope::{Scope, ScopeError};
use super::super::story::{Ballots, Chapter};
use super::super::world::{Accord, Own, RETURN, TRYING, World, Worlds};
use super::conduct::Member;
use super::history::History;
use super::rules;
use super::scope::ParliamentSearch;
use crate::creeds::{Event, Usual};
use crate::invariants::{Breach, Invariant};
use crate::synod::{Letter, Mortal};
use crate::trace::Happening;
use crate::words::{Entry, Founding, Message, Name};

impl Worlds for ParliamentSearch<'_> {
    type World<'a>
        = Parliament<'a>
    where
        Self: 'a;

    fn worlds(&self) -> Result<Vec<Parliament<'_>>, ScopeError> {
        self.check()?;
        let founding = self.founding();
        let world = |roll| Parliament { of: self, founding: Arc::clone(&founding), roll };
        Ok(self.rolls().into_iter().map(world).collect())
    }
}

/// One world, in which it is settled who tries when.
pub struct Parliament<'a> {
    of: &'a ParliamentSearch<'a>,
    founding: Arc<Founding>,
    /// The legislators who try the first ballot, the second, and so on.
    roll: Vec<usize>,
}

/// The number of a look at the hourglass.
const HOURGLASS: Own = 0;

impl World for Parliament<'_> {
    type Mind = Member;
    type History = History;

    const SOMETIMES: &'static [(&'static str, u16)] = &[];
    const JUDGES_LETTERS_AGAIN: bool = false;

    fn scope(&self) -> Scope {
        self.of.scope
    }

    fn watch(&self) -> &[Invariant] {
        &self.of.watch
    }

    fn founding(&self) -> Founding {
        (*self.founding).clone()
    }

    fn enter(&self, name: Name) -> Member {
        Member::entering(name, &self.founding, Vec::new(), self.of.custom)
    }

    fn on_their_way(&self) -> Vec<(Name, Letter)> {
        let letters = self.founding.membership.names().flat_map(|to| {
            let citizen = self.of.citizen();
            let petition = move |decree| {
                Some((citizen?, Letter { to, message: Message::Petition { decree } }))
            };
            self.of.petitions().into_iter().filter_map(petition)
        });
        letters.collect()
    }

    fn accord(&self, who: usize, tries: u16) -> Accord {
        let tries_now = self.roll.get(usize::from(tries)) == Some(&who);
        let first = tries_now.then_some(HOURGLASS).into_iter().collect();
        Accord { first, upon_reading: Vec::new(), last: vec![RETURN] }
    }

    fn own(&self, own: Own) -> Event {
        if own == RETURN { Event::Return } else { Event::Hourglass }
    }

    /// Nothing comes of what would begin a ballot beyond the scope.
    fn meet(&self, mind: &Member, event: &Event, power: Power) -> Option<Upshot<Member>> {
        let upshot = mind.meet(event, power, self.of.custom, &self.founding)?;
        let is_beyond = |row: &Entry| matches!(row, Entry::BeginBallot { number, .. } if *number > self.of.numbers);
        (!upshot.seen.iter().any(is_beyond)).then_some(upshot)
    }

    fn has_same_ledger(&self, one: &Member, other: &Member) -> bool {
        one.rows == other.rows
    }

    fn tries(&self, upshot: &Upshot<Member>) -> u16 {
        let is_try = |happening: &&Happening| {
            matches!(happening, Happening::Ink { entry: Entry::LastTried { .. }, .. })
        };
        upshot.course.iter().filter(is_try).count() as u16
    }

    /// Two legislators are always compared.
    fn brief(&self, _: &Member) -> u8 {
        TRYING
    }

    fn see(&self, before: &History, who: Name, rows: &[Entry]) -> Option<(History, u16)> {
        let mut next = before.clone();
        rows.iter().for_each(|row| next.see(who, row));
        Some((next, 0))
    }

    fn judge(&self, history: &History) -> Vec<Breach> {
        history.judge(|_| &self.founding.membership)
    }

    fn judge_mind(&self, mind: &Member, history: &History) -> Vec<Breach> {
        rules::of_member(mind, &history.ballots)
    }

    fn judge_pair(&self, one: &Member, other: &Member) -> Vec<Breach> {
        rules::of_pair(one, other)
    }

    fn judge_letter(&self, from: Name, letter: &Message, history: &History) -> Vec<Breach> {
        rules::of_letter_under_way(from, letter, &history.ballots)
    }

    fn chapter(&self, mind: &Member, event: Event, power: Power) -> Chapter {
        let meet = |custom| mind.meet(&event, power, custom, &self.founding);
        let (upshot, honest) = (self.meet(mind, &event, power), meet(&Usual));
        let name = mind.mind.name();
        // Nobody sees his thoughts; others see only his deeds.
        let deeds = |upshot: &Option<Upshot<Member>>| {
            let told = |it: &Upshot<Member>| {
                (it.letters.clone(), it.seen.clone(), it.stays.clone(), it.steps.len())
            };
            upshot.as_ref().map(told)
        };
        let heresy = (deeds(&upshot) != deeds(&honest)).then(|| {
            let steps = honest.map(|honest| honest.steps).unwrap_or_default();
            let acts: Vec<String> = steps.iter().map(|step| step.act.to_string()).collect();
            let does = if acts.is_empty() { "does nothing here".into() } else { acts.join("; ") };
            let fails =
                if power == Power::Fails { ", and of what is not dry nothing is left" } else { "" };
            format!("by the paper {name} {does}{fails}")
        });
        Chapter::of(name, event, power, upshot, heresy)
    }

    fn ballots(&self, seen: &[(Name, Vec<Entry>)]) -> Ballots {
        let mut history = History::default();
        for (who, rows) in seen {
            rows.iter().for_each(|row| history.see(*who, row));
        }
        history.ballots
    }
}
