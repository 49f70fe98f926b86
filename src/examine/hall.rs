//! The worlds in which a novice is searched: he sits among sound priests, or with others of his
//! kind. `[PTP §2]`

use std::sync::Arc;

use super::answer::Answer;
use super::question::{Level, Question};
use crate::creeds::{Event, Orthodox, novice};
use crate::explore::conduct::{Situation, Upshot};
use crate::explore::pages::Power;
use crate::explore::story::{Ballots, Chapter};
use crate::explore::synod::{Seen, Synod};
use crate::explore::world::{Accord, Own, World, Worlds};
use crate::explore::{Exploration, Scope, ScopeError};
use crate::invariants::{Breach, Invariant};
use crate::synod::Priest;
use crate::words::{BallotNumber, Entry, Founding, Message, Minutes, Name};

/// Somebody else's priest, of whom nothing is known but what he answers.
pub trait Novice: Sync {
    /// His answer to a question. He is taken to do nothing where there is no answer: he broke
    /// the manners, and the one who embodies him has noted that.
    fn answer(&self, question: &Question<'_>) -> Option<Arc<Answer>>;

    /// He leaves the Chamber: whatever remembers for him is ended. The default does nothing.
    fn leave(&self) {}
}

/// A priest in a searched world: one of the house, or a novice.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Member {
    /// His ledger; of a priest of the house his slip too.
    pub(super) seat: Situation,
    /// Whether the novice sits here.
    pub(super) is_novice: bool,
    /// A novice's slip, in JSON.
    pub(super) slip: Option<Arc<str>>,
}

/// The ballot numbers of a world, and their owners.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Numbers {
    /// The owner of each, by index.
    pub(super) owners: Vec<usize>,
    /// The integer of each.
    pub(super) rounds: Vec<u64>,
}

/// One part of a search: who is a novice, and whose ballots there are.
pub struct Part<'a> {
    novice: &'a dyn Novice,
    synod: Exploration<'static>,
    founding: Founding,
    /// Where a novice sits, by index.
    seats: Vec<usize>,
    numbers: Vec<Numbers>,
}

impl<'a> Part<'a> {
    /// A part of a search within this scope.
    pub(super) fn new(
        novice: &'a dyn Novice,
        scope: Scope,
        seats: &[usize],
        numbers: Vec<Numbers>,
    ) -> Part<'a> {
        let watch = Invariant::OF_SYNOD.to_vec();
        let (symmetry, same_integer, by_deeds) = (false, false, false);
        let creed = &Orthodox;
        let synod = Exploration { scope, creed, watch, symmetry, same_integer, by_deeds };
        Part { novice, synod, founding: scope.founding(), seats: seats.to_vec(), numbers }
    }

    /// This part, founded otherwise: as many priests as its scope has, with weights of their own.
    pub(super) fn founded(self, founding: Founding) -> Part<'a> {
        Part { founding, ..self }
    }

    /// A world in which ballots belong to those who try them.
    pub(super) fn stage(&self) -> Hall<'_> {
        self.hall(&Numbers { owners: Vec::new(), rounds: Vec::new() })
    }

    /// The owners of the numbers in each world.
    #[cfg(test)]
    pub(super) fn owners(&self) -> Vec<Vec<usize>> {
        self.numbers.iter().map(|numbers| numbers.owners.clone()).collect()
    }

    /// Where a novice sits.
    #[must_use]
    pub fn novices(&self) -> Vec<Name> {
        let names: Vec<Name> = self.founding.membership.names().collect();
        self.seats.iter().map(|&seat| names[seat]).collect()
    }

    pub(super) fn hall(&self, Numbers { owners, rounds }: &Numbers) -> Hall<'_> {
        let names: Vec<Name> = self.founding.membership.names().collect();
        let number = |(&owner, &round): (&usize, &u64)| {
            let owner = names[owner];
            BallotNumber { round, owner }
        };
        let numbers = owners.iter().zip(rounds).map(number).collect();
        let seats = self.seats.iter().map(|&seat| names[seat]).collect();
        let synod = self.synod.world_of(self.founding.clone(), owners.clone(), numbers);
        Hall { novice: self.novice, synod, seats }
    }
}

impl Worlds for Part<'_> {
    type World<'b>
        = Hall<'b>
    where
        Self: 'b;

    fn worlds(&self) -> Result<Vec<Hall<'_>>, ScopeError> {
        self.synod.scope.checked()?;
        Ok(self.numbers.iter().map(|numbers| self.hall(numbers)).collect())
    }
}

/// One world, in which it is settled who owns which number.
pub struct Hall<'a> {
    novice: &'a dyn Novice,
    synod: Synod<'a>,
    seats: Vec<Name>,
}

impl Hall<'_> {
    /// The novice's answers.
    pub(super) fn answer(&self, question: &Question<'_>) -> Option<Arc<Answer>> {
        self.novice.answer(question)
    }
}

impl Member {
    /// His name.
    pub(super) fn name(&self) -> Name {
        self.seat.priest.name()
    }

    /// The question that a novice is asked at this event.
    pub(super) fn question<'q>(&'q self, event: &'q Event) -> Question<'q> {
        Question {
            level: Level::Synod,
            you: self.name(),
            members: self.seat.priest.members(),
            ledger: self.seat.pages.rows(),
            slip: self.slip.as_deref(),
            now: Minutes::ZERO,
            event,
        }
    }

    /// The consequence of an event, if it has one.
    fn meet(&self, event: &Event, power: Power, novice: &dyn Novice) -> Option<Upshot<Member>> {
        if !self.is_novice || *event == Event::Return {
            let upshot = self.seat.meet(event, power, &Orthodox)?;
            return Some(upshot.of(|seat| Member { seat, slip: None, ..*self }));
        }
        let answer = novice.answer(&self.question(event))?;
        if answer.is_idle(self.slip.as_deref()) {
            return None;
        }
        let deed = novice::deed(answer.ink.clone(), answer.send.clone());
        let priest = self.seat.priest.clone();
        let upshot = self.seat.perform(deed, priest, (event, power), &Orthodox)?;
        let slip = answer.slip.clone().filter(|_| power == Power::Holds);
        Some(upshot.of(|seat| Member { seat: by_ledger(seat), slip, is_novice: true }))
    }
}

/// The priest as his ledger tells him: nobody reads a novice's slip.
fn by_ledger(seat: Situation) -> Situation {
    let Situation { priest, pages } = seat;
    let priest = Priest::from_ledger(priest.name(), priest.members().clone(), pages.rows());
    Situation { priest, pages }
}

impl World for Hall<'_> {
    type Mind = Member;
    type History = Seen;

    const SOMETIMES: &'static [(&'static str, u16)] = Synod::SOMETIMES;
    const JUDGES_LETTERS_AGAIN: bool = Synod::JUDGES_LETTERS_AGAIN;

    fn scope(&self) -> Scope {
        self.synod.scope()
    }
    fn watch(&self) -> &[Invariant] {
        self.synod.watch()
    }
    fn founding(&self) -> Founding {
        self.synod.founding()
    }
    fn enter(&self, name: Name) -> Member {
        let (seat, is_novice) = (self.synod.enter(name), self.seats.contains(&name));
        Member { seat, is_novice, slip: None }
    }
    fn accord(&self, who: usize, tries: u16) -> Accord {
        self.synod.accord(who, tries)
    }
    fn own(&self, own: Own) -> Event {
        self.synod.own(own)
    }
    fn made_needless_by(&self, own: Own) -> Option<Own> {
        self.synod.made_needless_by(own)
    }
    fn meet(&self, mind: &Member, event: &Event, power: Power) -> Option<Upshot<Member>> {
        mind.meet(event, power, self.novice)
    }
    fn has_same_ledger(&self, one: &Member, other: &Member) -> bool {
        self.synod.has_same_ledger(&one.seat, &other.seat)
    }
    fn brief(&self, mind: &Member) -> u8 {
        self.synod.brief(&mind.seat)
    }
    fn see(&self, before: &Seen, who: Name, rows: &[Entry]) -> Option<(Seen, u16)> {
        self.synod.see(before, who, rows)
    }
    fn judge(&self, history: &Seen) -> Vec<Breach> {
        self.synod.judge(history)
    }
    fn judge_mind(&self, mind: &Member, history: &Seen) -> Vec<Breach> {
        self.synod.judge_mind(&mind.seat, history)
    }
    fn judge_pair(&self, one: &Member, other: &Member) -> Vec<Breach> {
        self.synod.judge_pair(&one.seat, &other.seat)
    }
    fn judge_letter(&self, from: Name, letter: &Message, history: &Seen) -> Vec<Breach> {
        self.synod.judge_letter(from, letter, history)
    }
    fn judge_sender(&self, letter: &Message, sender: &Member) -> Vec<Breach> {
        self.synod.judge_sender(letter, &sender.seat)
    }
    fn chapter(&self, mind: &Member, event: Event, power: Power) -> Chapter {
        if !mind.is_novice {
            return self.synod.chapter(&mind.seat, event, power);
        }
        let upshot = self.meet(mind, &event, power);
        Chapter::of(mind.name(), event, power, upshot, None)
    }
    fn ballots(&self, seen: &[(Name, Vec<Entry>)]) -> Ballots {
        self.synod.ballots(seen)
    }
}
