//! The Synod's worlds: one decree, tried under ballot numbers that belong to priests. `[PTP §2]`

use std::collections::BTreeMap;
use std::sync::Arc;

use super::conduct::{Situation, Upshot};
use super::pages::Power;
use super::scope::{Scope, ScopeError, appears_in_order};
use super::story::{Ballots, Chapter};
use super::world::{
    ADOPTED, ALL_KNOW, Accord, BEGUN_LATE, BUSY, KNOWS, Own, RETURN, RETURNED, SUCCESSFUL_TWICE,
    TRYING, TWO_PRESIDENTS, VOTED_TWICE, World, Worlds,
};
use crate::creeds::creed::is_bygone;
use crate::creeds::{Creed, Event};
use crate::invariants::{self, Breach, Invariant, View};
use crate::synod::Status;
use crate::words::ballot::SYNODS_DECREE;
use crate::words::{Ballot, BallotNumber, Decree, Entry, Founding, Membership, Message, Name};

/// A search of the Synod: how much of it, and for what.
#[derive(Clone)]
pub struct Exploration<'a> {
    /// How much of the world.
    pub scope: Scope,
    /// The creed of the priests.
    pub creed: &'a dyn Creed,
    /// The rules to watch for.
    pub watch: Vec<Invariant>,
    /// Whether worlds that differ only by names, of priests and of decrees, are searched once.
    /// Sound where the creed takes no notice of names and uses no number twice.
    pub symmetry: bool,
    /// Whether all ballot numbers have one integer, so that only their owners tell them apart.
    pub same_integer: bool,
    /// Whether a priest reads LastVotes and Voteds only at the moment when he acts on them. Nobody
    /// sees his slip meanwhile, and letters wait, so this loses no outcome; it
    /// looks at fewer states, and counts deeds instead of events.
    ///
    /// If besides ledgers alone are watched, states do not tell apart what no ledger can come to
    /// depend on: what B was, and letters that came too late forever.
    pub by_deeds: bool,
}

impl Worlds for Exploration<'_> {
    type World<'a>
        = Synod<'a>
    where
        Self: 'a;

    fn worlds(&self) -> Result<Vec<Synod<'_>>, ScopeError> {
        let scope = self.scope.checked()?;
        let distinct = |roll: &Vec<usize>| {
            let mut owners = roll.clone();
            owners.sort_unstable();
            owners.dedup();
            !self.same_integer || owners.len() == roll.len()
        };
        let rolls = scope.rolls(self.symmetry).into_iter().filter(distinct);
        let world = |roll: Vec<usize>| {
            let numbers = scope.numbers(&roll, self.same_integer);
            self.world(roll, numbers)
        };
        Ok(rolls.map(world).collect())
    }
}

impl Exploration<'_> {
    /// The world in which these numbers belong to these priests, by index.
    pub(crate) fn world(&self, roll: Vec<usize>, numbers: Vec<BallotNumber>) -> Synod<'_> {
        self.world_of(self.scope.founding(), roll, numbers)
    }

    /// That world, founded otherwise: as many priests as the scope has, with weights of their own.
    pub(crate) fn world_of(
        &self,
        founding: Founding,
        roll: Vec<usize>,
        numbers: Vec<BallotNumber>,
    ) -> Synod<'_> {
        let (wishes, members) = (self.scope.wishes(), Arc::new(founding.membership.clone()));
        Synod { of: self, roll, numbers, wishes, founding, members }
    }
}

/// One world, in which it is settled who owns which number.
pub struct Synod<'a> {
    of: &'a Exploration<'a>,
    roll: Vec<usize>,
    numbers: Vec<BallotNumber>,
    wishes: Vec<Decree>,
    founding: Founding,
    members: Arc<Membership>,
}

/// B, as the gods have seen it.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct Seen {
    ballots: Vec<Ballot>,
    /// Whether a ballot was begun, where no more is remembered of B.
    is_begun: bool,
}

/// The number of the first wish; those below are tries.
const WISHES: Own = 8;

/// A priest's own events, of whom these numbers are: he tries them and returns at any time, and
/// begins with one of this many wishes upon reading.
pub(super) fn accord(numbers: impl Iterator<Item = Own>, wishes: usize) -> Accord {
    let upon_reading = (0..wishes as Own).map(|wish| WISHES + wish).collect();
    Accord { first: numbers.chain([RETURN]).collect(), upon_reading, last: Vec::new() }
}

/// The event of this number.
pub(super) fn event(own: Own, numbers: &[BallotNumber], wishes: &[Decree]) -> Event {
    match own {
        RETURN => Event::Return,
        number if number < WISHES => Event::Try(numbers[number as usize]),
        wish => Event::Begin(wishes[(wish - WISHES) as usize].clone()),
    }
}

/// The wish that makes this one needless, if it comes to nothing.
pub(super) fn wish_before(own: Own) -> Option<Own> {
    (WISHES + 1..RETURN).contains(&own).then_some(WISHES)
}

/// The part of a priest's state that others may depend on, in a few bits.
pub(super) fn brief(mind: &Situation) -> u8 {
    let status = match mind.priest.status() {
        Status::Idle => 0,
        Status::Trying { .. } => BUSY | TRYING,
        Status::Polling(_) => BUSY,
    };
    status | if mind.priest.outcome().is_some() { KNOWS } else { 0 }
}

impl World for Synod<'_> {
    type Mind = Situation;
    type History = Seen;

    const SOMETIMES: &'static [(&'static str, u16)] = &[
        ("a ballot took over an earlier decree, as B3 demands", ADOPTED),
        ("two presidents were at work at once", TWO_PRESIDENTS),
        ("a ballot was begun after a higher one", BEGUN_LATE),
        ("a priest voted in two ballots", VOTED_TWICE),
        ("two ballots were successful, with one decree", SUCCESSFUL_TWICE),
        ("every ledger had the decree", ALL_KNOW),
        ("a priest returned to his ledger", RETURNED),
    ];
    const JUDGES_LETTERS_AGAIN: bool = true;

    fn scope(&self) -> Scope {
        self.of.scope
    }

    fn watch(&self) -> &[Invariant] {
        &self.of.watch
    }

    fn founding(&self) -> Founding {
        self.founding.clone()
    }

    fn enter(&self, name: Name) -> Situation {
        Situation::first(name, &self.members)
    }

    fn accord(&self, who: usize, _tries: u16) -> Accord {
        let owned = self.roll.iter().zip(0..).filter(|(owner, _)| **owner == who);
        accord(owned.map(|(_, number)| number), self.wishes.len())
    }

    fn own(&self, own: Own) -> Event {
        event(own, &self.numbers, &self.wishes)
    }

    fn made_needless_by(&self, own: Own) -> Option<Own> {
        wish_before(own)
    }

    fn meet(&self, mind: &Situation, event: &Event, power: Power) -> Option<Upshot<Situation>> {
        mind.meet(event, power, self.of.creed)
    }

    fn has_same_ledger(&self, one: &Situation, other: &Situation) -> bool {
        one.pages == other.pages
    }

    fn brief(&self, mind: &Situation) -> u8 {
        brief(mind)
    }

    fn is_by_deeds(&self) -> bool {
        self.of.by_deeds
    }

    fn forgets_bygones(&self) -> bool {
        self.of.by_deeds && self.of.watch == [Invariant::Consistency]
    }

    fn is_bygone(&self, mind: &Situation, letter: &Message) -> bool {
        self.of.creed.lets_bygones_be(letter) && is_bygone(&mind.priest, letter)
    }

    fn see(&self, before: &Seen, who: Name, rows: &[Entry]) -> Option<(Seen, u16)> {
        let begun = begun(rows);
        if self.of.symmetry && begun.is_some_and(|begun| !self.is_first_of_its_kind(before, begun))
        {
            return None;
        }
        if self.forgets_bygones() {
            let is_begun = before.is_begun || begun.is_some();
            return Some((Seen { is_begun, ..before.clone() }, 0));
        }
        let mut seen = before.clone();
        let sights = rows.iter().fold(0, |sights, row| sights | see(&mut seen.ballots, who, row));
        seen.ballots.sort_by(|a, b| {
            (a.number, &a.decree, &a.quorum).cmp(&(b.number, &b.decree, &b.quorum))
        });
        Some((seen, sights))
    }

    fn judge(&self, history: &Seen) -> Vec<Breach> {
        invariants::of_ballots(&history.ballots, &self.members)
    }

    fn judge_mind(&self, mind: &Situation, history: &Seen) -> Vec<Breach> {
        invariants::of_priest(&View::of(&mind.priest), &history.ballots)
    }

    fn judge_pair(&self, one: &Situation, other: &Situation) -> Vec<Breach> {
        invariants::of_pair(&View::of(&one.priest), &View::of(&other.priest))
    }

    fn judge_letter(&self, from: Name, letter: &Message, history: &Seen) -> Vec<Breach> {
        invariants::of_letter(from, letter, &history.ballots)
    }

    fn judge_sender(&self, letter: &Message, sender: &Situation) -> Vec<Breach> {
        invariants::of_sender(letter, &View::of(&sender.priest))
    }

    fn chapter(&self, mind: &Situation, event: Event, power: Power) -> Chapter {
        Chapter::tell(mind, event, power, self.of.creed)
    }

    fn ballots(&self, seen: &[(Name, Vec<Entry>)]) -> Ballots {
        let mut ballots = Vec::new();
        for (who, rows) in seen {
            for row in rows {
                see(&mut ballots, *who, row);
            }
        }
        ballots.sort_by(|a, b| {
            (a.number, &a.decree, &a.quorum).cmp(&(b.number, &b.decree, &b.quorum))
        });
        BTreeMap::from([(SYNODS_DECREE, ballots)])
    }
}

impl Synod<'_> {
    /// Whether the decrees put to the vote appear in order, ballots taken by number; if not, this
    /// world is another one with the decrees' names exchanged.
    fn is_first_of_its_kind(&self, before: &Seen, (begun, put): (BallotNumber, &Decree)) -> bool {
        if self.forgets_bygones() {
            return before.is_begun || self.wishes.first() == Some(put);
        }
        appears_in_order(self.numbers.iter().map(|&number| {
            let earlier = before.ballots.iter().find(|ballot| ballot.number == number);
            let decree = if number == begun { Some(put) } else { earlier.map(|b| &b.decree) }?;
            self.wishes.iter().position(|wish| wish == decree)
        }))
    }
}

/// The ballot begun, and its decree.
fn begun(rows: &[Entry]) -> Option<(BallotNumber, &Decree)> {
    match rows.first()? {
        Entry::BeginBallot { ballot, decree, .. } => Some((*ballot, decree)),
        _ => None,
    }
}

/// Adds to B what one row says.
fn see(ballots: &mut Vec<Ballot>, who: Name, row: &Entry) -> u16 {
    match row {
        Entry::BeginBallot { ballot, decree, quorum, .. } => {
            let (number, decree, quorum) = (*ballot, decree.clone(), (**quorum).clone());
            let known = |b: &Ballot| b.number == number && b.decree == decree && b.quorum == quorum;
            let late = ballots.iter().any(|other| other.number > number);
            if !ballots.iter().any(known) {
                ballots.push(Ballot { number, decree, quorum, voters: Default::default() });
            }
            if late { BEGUN_LATE } else { 0 }
        }
        Entry::PrevVote { ballot, decree, .. } => {
            for voted in ballots.iter_mut().filter(|b| b.number == *ballot && b.decree == *decree) {
                voted.voters.insert(who);
            }
            let votes = ballots.iter().filter(|b| b.voters.contains(&who)).count();
            let successes = ballots.iter().filter(|b| b.is_successful()).count();
            (if votes > 1 { VOTED_TWICE } else { 0 })
                | (if successes > 1 { SUCCESSFUL_TWICE } else { 0 })
        }
        _ => 0,
    }
}
