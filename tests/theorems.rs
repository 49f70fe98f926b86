//! Outside witnesses: another checker over the same priests, and Lamport's own specification. And
//! what the paper proves of all runs, in random ones; `conditions` holds the same as mathematics.

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};
use std::sync::Arc;

use parliament::chance::Chance;
use parliament::creeds::{Creed, Event, Orthodox};
use parliament::explore::{Exploration, Gauge, Power, Scope, Situation, Upshot, explore};
use parliament::heresies;
use parliament::invariants::{Invariant, View, of_ballots, of_ledgers, of_priest};
use parliament::synod::conditions::{b1, b2, b3};
use parliament::synod::{
    Ballot, BallotNumber, Decree, Entry, Founding, Letter, Membership, Name, Priest, Vote,
};
use stateright::{Checker, Model, Property};

// ------------------------------------------------------------------ stateright

/// A world, written as plainly as can be: no numbers, no masks, no memory of answers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct World {
    numbers: Vec<BallotNumber>,
    priests: Vec<Situation>,
    /// By what they say, since a set must be told in one order.
    letters: BTreeMap<String, (Name, Letter)>,
    ballots: Vec<Ballot>,
    returns: u16,
}

struct Chamber {
    scope: Scope,
}

type Move = (usize, Event, Power);

impl Chamber {
    fn upshot(&self, world: &World, (who, event, power): &Move) -> Option<Upshot> {
        let before = &world.priests[*who];
        let upshot = before.meet(event, *power, &Orthodox)?;
        let idle = upshot.after == *before && upshot.letters.is_empty() && upshot.seen.is_empty();
        (!idle).then_some(upshot)
    }
}

impl Model for Chamber {
    type State = World;
    type Action = Move;

    fn init_states(&self) -> Vec<World> {
        let members = self.scope.members();
        let world = |roll: Vec<usize>| World {
            numbers: self.scope.numbers(&roll, false),
            priests: members.names().map(|name| Situation::first(name, &members)).collect(),
            letters: BTreeMap::new(),
            ballots: Vec::new(),
            returns: 0,
        };
        self.scope.rolls(false).into_iter().map(world).collect()
    }

    fn actions(&self, world: &World, moves: &mut Vec<Move>) {
        for (who, Situation { priest, .. }) in world.priests.iter().enumerate() {
            let name = priest.name();
            let own = world.numbers.iter().filter(|number| number.owner == name);
            let mut events: Vec<Event> = own.map(|&number| Event::Try(number)).collect();
            let mut wishes = self.scope.wishes().into_iter().map(Event::Begin);
            let first = wishes.next().expect("there is a wish");
            let same = |wish: &Event| {
                let told = |event: &Event| {
                    let upshot = world.priests[who].meet(event, Power::Holds, &Orthodox);
                    upshot.map(|upshot| (upshot.after, upshot.letters, upshot.seen))
                };
                told(wish) == told(&first)
            };
            events.extend(wishes.filter(|wish| !same(wish)));
            events.push(first);
            let his = world.letters.values().filter(|(_, letter)| letter.to == name);
            events.extend(his.map(|(from, letter)| Event::Read {
                from: *from,
                message: letter.message.clone(),
            }));
            moves.extend(events.iter().map(|event| (who, event.clone(), Power::Holds)));
            if world.returns < self.scope.restarts {
                moves.extend(events.into_iter().map(|event| (who, event, Power::Fails)));
                moves.push((who, Event::Return, Power::Holds));
            }
        }
    }

    fn next_state(&self, before: &World, deed: Move) -> Option<World> {
        let upshot = self.upshot(before, &deed)?;
        let (who, event, power) = deed;
        let mut world = before.clone();
        let name = world.priests[who].priest.name();
        world.priests[who] = upshot.after;
        let told = |letter: Letter| (format!("{name}: {letter:?}"), (name, letter));
        world.letters.extend(upshot.letters.into_iter().map(told));
        for row in upshot.seen {
            see(&mut world.ballots, name, row);
        }
        world.returns += u16::from(event == Event::Return || power == Power::Fails);
        (world != *before).then_some(world)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("the invariant", |model: &Chamber, world: &World| {
                let all = |check: &dyn Fn(&Priest) -> bool| {
                    world.priests.iter().all(|situation| check(&situation.priest))
                };
                of_ballots(&world.ballots, &model.scope.members()).is_empty()
                    && all(&|priest| of_priest(&View::of(priest), &world.ballots).is_empty())
                    && all(&|one| {
                        all(&|other| of_ledgers(&View::of(one), &View::of(other)).is_empty())
                    })
            }),
            Property::sometimes("a decree is in a ledger", |_, world: &World| {
                world.priests.iter().any(|situation| situation.priest.outcome().is_some())
            }),
        ]
    }
}

fn see(ballots: &mut Vec<Ballot>, who: Name, row: Entry) {
    match row {
        Entry::BeginBallot { ballot: number, decree, quorum, .. } => {
            let quorum = (*quorum).clone();
            ballots.push(Ballot { number, decree, quorum, voters: BTreeSet::new() });
            ballots.sort_by_key(|ballot| ballot.number);
        }
        Entry::PrevVote { ballot, .. } => {
            let voted = ballots.iter_mut().filter(|b| b.number == ballot);
            voted.for_each(|ballot| {
                ballot.voters.insert(who);
            });
        }
        _ => {}
    }
}

#[test]
fn stateright_reaches_as_many_states_by_as_many_transitions() {
    for (ballots, decrees, restarts) in [(1, 2, 0), (1, 2, 1), (2, 1, 0)] {
        let scope = Scope { priests: 3, ballots, decrees, restarts };
        let (creed, watch) = (&Orthodox, Invariant::OF_SYNOD.to_vec());
        let (symmetry, same_integer, by_deeds) = (false, false, false);
        let exploration = Exploration { scope, creed, watch, symmetry, same_integer, by_deeds };
        let ours = explore(&exploration, &Gauge::default()).unwrap();
        let theirs = Chamber { scope }.checker().spawn_bfs().join();
        theirs.assert_properties();
        // Stateright counts the first states among those generated.
        let generated = theirs.state_count() as u64 - ours.worlds as u64;
        assert_eq!(
            (ours.states, ours.transitions),
            (theirs.unique_state_count() as u64, generated),
            "{scope:?}"
        );
    }
}

// ------------------------------------------------ the Lemma and Theorem 2, in random runs

/// A Synod in which anything may happen at any time: letters are lost, repeated and late, priests
/// leave and return, the power fails, several preside.
struct Run {
    chance: Chance,
    members: Arc<Membership>,
    priests: Vec<Situation>,
    letters: Vec<(Name, Letter)>,
    ballots: Vec<Ballot>,
}

const PLENTY: u64 = 400;

impl Run {
    fn of(seed: u64, founding: &str, events: u32, creed: &dyn Creed) -> Run {
        let members = Arc::new(founding.parse::<Founding>().unwrap().membership);
        let priests = members.names().map(|name| Situation::first(name, &members)).collect();
        let (chance, letters, ballots) = (Chance::new(seed, 0), Vec::new(), Vec::new());
        let mut run = Run { chance, members, priests, letters, ballots };
        for _ in 0..events {
            let (who, event) = run.draw();
            let power = if run.one_in(40) { Power::Fails } else { Power::Holds };
            let sent = run.happen(who, &event, power, creed);
            run.letters.extend(sent);
        }
        run
    }

    fn one_in(&mut self, draws: u64) -> bool {
        self.chance.below(draws) == 0
    }

    fn below(&mut self, end: usize) -> usize {
        self.chance.below(end as u64) as usize
    }

    /// Mostly somebody reads one of the last letters.
    fn draw(&mut self) -> (usize, Event) {
        let who = self.below(self.priests.len());
        match self.chance.below(20) {
            0 => (who, Event::Try(self.fresh(who))),
            1 if self.one_in(4) => (who, Event::Return),
            1..4 => (who, Event::Begin(self.wish())),
            _ if self.letters.is_empty() => (who, Event::Try(self.fresh(who))),
            _ => {
                let late = self.below(self.letters.len().min(12)) + 1;
                let (from, Letter { to, message }) =
                    self.letters[self.letters.len() - late].clone();
                let who = self.priests.iter().position(|it| it.priest.name() == to).unwrap();
                (who, Event::Read { from, message })
            }
        }
    }

    fn wish(&mut self) -> Decree {
        Decree::new(["α", "β", "γ"][self.below(3)]).unwrap()
    }

    /// A number of his that is above all that anybody knows.
    fn fresh(&self, who: usize) -> BallotNumber {
        let known = self.priests.iter().filter_map(|it| it.priest.notes().largest());
        BallotNumber::next(self.priests[who].priest.name(), known.max()).unwrap()
    }

    /// The letters he sends when this happens to him.
    fn happen(
        &mut self,
        who: usize,
        event: &Event,
        power: Power,
        creed: &dyn Creed,
    ) -> Vec<(Name, Letter)> {
        let name = self.priests[who].priest.name();
        let Some(upshot) = self.priests[who].meet(event, power, creed) else { return Vec::new() };
        self.priests[who] = upshot.after;
        upshot.seen.into_iter().for_each(|row| see(&mut self.ballots, name, row));
        upshot.letters.into_iter().map(|letter| (name, letter)).collect()
    }

    /// One of a majority set tries a fresh ballot, and all of the set act on what they read, and
    /// nobody else: the ballot that comes of it.
    fn add_ballot(&mut self, creed: &dyn Creed) -> Ballot {
        let mut set: Vec<usize> = (0..self.priests.len()).collect();
        let names = |run: &Run, set: &[usize]| -> Vec<Name> {
            set.iter().map(|&who| run.priests[who].priest.name()).collect()
        };
        for _ in 0..self.below(set.len()) {
            let without: usize = self.below(set.len());
            let mut smaller = set.clone();
            smaller.remove(without);
            if self.members.is_majority(names(self, &smaller)) {
                set = smaller;
            }
        }
        let president = set[self.below(set.len())];
        let (number, wish) = (self.fresh(president), self.wish());
        for event in [Event::Try(number), Event::Begin(wish)] {
            let sent = self.happen(president, &event, Power::Holds, creed);
            let mut roads = VecDeque::from(sent);
            while let Some((from, Letter { to, message })) = roads.pop_front() {
                let who = set.iter().find(|&&who| self.priests[who].priest.name() == to);
                let event = Event::Read { from, message };
                if let Some(&who) = who {
                    roads.extend(self.happen(who, &event, Power::Holds, creed));
                }
            }
        }
        let added = self.ballots.iter().find(|ballot| ballot.number == number).cloned();
        added.unwrap_or_else(|| panic!("{number} was not begun: {:?}", self.ballots))
    }

    fn keeps_the_conditions(&self) -> bool {
        b1(&self.ballots) && b2(&self.ballots) && b3(&self.ballots)
    }
}

/// In how many of these runs of three priests a ballot follows a successful one; and the first
/// whose decree is another.
fn look_at_the_lemma(creed: &dyn Creed) -> (u64, Option<String>) {
    let (mut looked, mut broken) = (0, None);
    for seed in 0..PLENTY {
        let Run { ballots, .. } = Run::of(seed, "A B C", 150, creed);
        let first = ballots.iter().position(Ballot::is_successful);
        let Some((one, later)) = first.and_then(|at| ballots[at..].split_first()) else { continue };
        looked += u64::from(!later.is_empty());
        if let Some(other) = later.iter().find(|other| other.decree != one.decree) {
            broken.get_or_insert_with(|| format!("seed {seed}: {one:?}, {other:?}"));
        }
    }
    (looked, broken)
}

/// If B is successful and B′ is later, they are for one decree. `[PTP §2.1, Lemma]`
#[test]
fn the_lemma_holds_in_random_runs() {
    let (looked, broken) = look_at_the_lemma(&Orthodox);
    assert_eq!(broken, None);
    assert!(looked > PLENTY / 4, "{looked}");
}

#[test]
fn heretics_break_the_lemma_in_random_runs() {
    for name in ["own-decree", "vote-below-a-promise", "promise-lowered", "vote-forgotten"] {
        let creed = heresies::find(name).unwrap().creed().unwrap();
        let (_, broken) = look_at_the_lemma(creed);
        assert!(broken.is_some(), "{name}");
    }
}

/// Wherever a run has come to, any majority set can pass a decree, and B1, B2 and B3 still hold:
/// nothing that was tried, promised or voted before keeps it from that. Looks at the ballot that a
/// president of this creed adds; returns in how many runs he was bound by a vote, and the first in
/// which he breaks a condition.
fn look_at_theorem_2(creed: &dyn Creed) -> (u64, Option<String>) {
    let (mut bound, mut broken) = (0, None);
    for seed in 0..PLENTY {
        let mut run = Run::of(seed, "A B Γ Δ E", 80, &Orthodox);
        assert!(run.keeps_the_conditions(), "seed {seed}: {:?}", run.ballots);
        let voted: BTreeSet<Name> =
            run.ballots.iter().flat_map(|ballot| ballot.voters.iter().copied()).collect();
        let added = run.add_ballot(creed);
        assert!(added.is_successful(), "seed {seed}: not all voted in {added:?}");
        let president = run.priests.iter().find(|it| it.priest.name() == added.number.owner);
        assert!(president.unwrap().priest.outcome().is_some(), "seed {seed}: {added:?}");
        bound += u64::from(!voted.is_disjoint(&added.quorum));
        if !run.keeps_the_conditions() {
            broken.get_or_insert_with(|| format!("seed {seed}: {:?}", run.ballots));
        }
    }
    (bound, broken)
}

/// `[PTP §2.1, Theorem 2]`
#[test]
fn theorem_2_a_ballot_can_be_added_in_random_runs() {
    let (bound, broken) = look_at_theorem_2(&Orthodox);
    assert_eq!(broken, None);
    assert!(bound > PLENTY / 4, "{bound}");
}

#[test]
fn heretics_break_theorem_2_in_random_runs() {
    for name in ["own-decree", "lowest-vote"] {
        let creed = heresies::find(name).unwrap().creed().unwrap();
        let (_, broken) = look_at_theorem_2(creed);
        assert!(broken.is_some(), "{name}");
    }
}

// ------------------------------------------------------------------ Paxos.tla

/// A message of Paxos.tla. Here, and only here, priests go by that specification's name,
/// acceptors. −1 is no ballot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Msg {
    OneA { bal: i8 },
    OneB { acceptor: usize, bal: i8, mbal: i8, mval: i8 },
    TwoA { bal: i8, val: i8 },
    TwoB { acceptor: usize, bal: i8, val: i8 },
}

/// A state of Paxos.tla: maxBal, maxVBal and maxVal of each acceptor, and all messages ever sent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Tla {
    acceptors: [(i8, i8, i8); 3],
    msgs: BTreeSet<Msg>,
}

/// How an acceptor votes.
#[derive(Clone, Copy, PartialEq)]
enum Phase2b {
    /// As our priests do: b = nextBal. [PTP §2.3 (4)]
    ByThePaper,
    /// As Paxos.tla does: bal ≥ maxBal, which then rises. A rule of this test's.
    ByTheSpecification,
}

struct Tlc {
    members: Arc<Membership>,
    names: Vec<Name>,
    ballots: i8,
    phase_2b: Phase2b,
}

impl Tlc {
    fn number(&self, bal: i8) -> BallotNumber {
        BallotNumber { round: bal as u64 + 1, owner: self.names[0] }
    }

    fn bal(number: BallotNumber) -> i8 {
        number.round as i8 - 1
    }

    fn decree(val: i8) -> Decree {
        Decree::new(["α", "β"][val as usize]).unwrap()
    }

    fn val(decree: &Decree) -> i8 {
        i8::from(decree.text() == "β")
    }

    /// The real priest who has this acceptor's notes.
    fn priest(&self, acceptor: usize, (max_bal, max_vbal, max_val): (i8, i8, i8)) -> Priest {
        let mut rows = Vec::new();
        if max_bal >= 0 {
            rows.push(Entry::NextBal { ballot: self.number(max_bal) });
        }
        if max_vbal >= 0 {
            let (ballot, decree) = (self.number(max_vbal), Tlc::decree(max_val));
            rows.push(Entry::PrevVote { number: 1, ballot, decree });
        }
        Priest::from_ledger(self.names[acceptor], self.members.clone(), &rows)
    }

    fn notes(priest: &Priest) -> (i8, i8, i8) {
        let vote = priest.prev_vote();
        (
            priest.notes().next_bal().map_or(-1, Tlc::bal),
            vote.map_or(-1, |vote| Tlc::bal(vote.ballot)),
            vote.map_or(-1, |vote| Tlc::val(&vote.decree)),
        )
    }

    /// Every successor that TLC would generate, one for each way to generate it.
    fn successors(&self, state: &Tla) -> Vec<Tla> {
        let mut all = Vec::new();
        let send = |msg: Msg| {
            let mut next = state.clone();
            next.msgs.insert(msg);
            next
        };
        for bal in 0..self.ballots {
            all.push(send(Msg::OneA { bal }));
            for val in 0..2 {
                all.extend(self.phase_2a(state, bal, val).map(&send));
            }
        }
        for acceptor in 0..3 {
            for &msg in &state.msgs {
                let moved = match msg {
                    Msg::OneA { bal } => self.phase_1b(state, acceptor, bal),
                    Msg::TwoA { bal, val } => self.phase_2b(state, acceptor, bal, val),
                    _ => None,
                };
                all.extend(moved.map(|(notes, msg)| {
                    let mut next = send(msg);
                    next.acceptors[acceptor] = notes;
                    next
                }));
            }
        }
        all
    }

    fn phase_1b(&self, state: &Tla, acceptor: usize, bal: i8) -> Option<((i8, i8, i8), Msg)> {
        let before = state.acceptors[acceptor];
        let mut priest = self.priest(acceptor, before);
        let _promise = priest.answer_next_ballot(self.number(bal)).ok()?;
        let (_, mbal, mval) = before;
        Some((Tlc::notes(&priest), Msg::OneB { acceptor, bal, mbal, mval }))
    }

    fn phase_2b(
        &self,
        state: &Tla,
        acceptor: usize,
        bal: i8,
        val: i8,
    ) -> Option<((i8, i8, i8), Msg)> {
        let before = state.acceptors[acceptor];
        let voted = Msg::TwoB { acceptor, bal, val };
        if self.phase_2b == Phase2b::ByTheSpecification {
            return (bal >= before.0).then_some(((bal, bal, val), voted));
        }
        let mut priest = self.priest(acceptor, before);
        let _vote = priest.answer_begin_ballot(self.number(bal), Tlc::decree(val)).ok()?;
        Some((Tlc::notes(&priest), voted))
    }

    /// One message for each quorum, and each highest vote in it, that allows it.
    fn phase_2a(&self, state: &Tla, bal: i8, val: i8) -> impl Iterator<Item = Msg> {
        let begun = |msg: &Msg| matches!(msg, Msg::TwoA { bal: b, .. } if *b == bal);
        let mut ways = 0;
        if !state.msgs.iter().any(begun) {
            for quorum in [[0, 1], [0, 2], [1, 2]] {
                ways += self.ways(state, bal, val, quorum);
            }
        }
        std::iter::repeat_n(Msg::TwoA { bal, val }, ways)
    }

    /// A president of ours hears these two, and begins the ballot: for this value?
    fn ways(&self, state: &Tla, bal: i8, val: i8, quorum: [usize; 2]) -> usize {
        let mut president =
            Priest::from_ledger(self.names[0], self.members.clone(), std::iter::empty());
        let _tried = president.try_new_ballot(self.number(bal)).unwrap();
        let mut reported = Vec::new();
        for &msg in &state.msgs {
            let Msg::OneB { acceptor, bal: b, mbal, mval } = msg else { continue };
            if b == bal && quorum.contains(&acceptor) {
                let vote = (mbal >= 0).then(|| Vote {
                    priest: self.names[acceptor],
                    ballot: self.number(mbal),
                    decree: Tlc::decree(mval),
                });
                let heard =
                    president.receive_last_vote(self.names[acceptor], self.number(bal), vote);
                assert!(heard.is_ok());
                reported.push(mbal);
            }
        }
        let Ok(begun) = president.start_polling_majority_set(&Tlc::decree(val)) else { return 0 };
        let chosen = |row: &Entry| matches!(row, Entry::BeginBallot { decree, .. } if *decree == Tlc::decree(val));
        if !begun.rows().iter().any(chosen) {
            return 0;
        }
        // ∃ m ∈ Q1bv is true once for each highest vote; with none, Q1bv = {} is true.
        let highest = reported.iter().max().copied().unwrap_or(-1);
        if highest < 0 { 1 } else { reported.iter().filter(|&&mbal| mbal == highest).count() }
    }

    /// Distinct and generated states, as TLC counts them.
    fn run(ballots: i8, phase_2b: Phase2b) -> (usize, usize) {
        let founding: Founding = "A B C".parse().unwrap();
        let names = founding.membership.names().collect();
        let tlc = Tlc { members: Arc::new(founding.membership), names, ballots, phase_2b };
        let first = Tla { acceptors: [(-1, -1, -1); 3], msgs: BTreeSet::new() };
        let mut distinct = HashSet::from([first.clone()]);
        let (mut queue, mut generated) = (VecDeque::from([first]), 1);
        while let Some(state) = queue.pop_front() {
            for next in tlc.successors(&state) {
                generated += 1;
                if distinct.insert(next.clone()) {
                    queue.push_back(next);
                }
            }
        }
        (distinct.len(), generated)
    }
}

#[test]
fn lamports_paxos_tla_has_the_states_that_tlc_counts() {
    assert_eq!(Tlc::run(2, Phase2b::ByTheSpecification), (3_921, 23_563));
    assert_eq!(Tlc::run(2, Phase2b::ByThePaper).0, 1_977);
}

#[test]
#[ignore = "prints counts for three ballots; a minute in release"]
fn counts_for_three_ballots() {
    for (rule, phase_2b) in
        [("b = nextBal", Phase2b::ByThePaper), ("bal ≥ maxBal", Phase2b::ByTheSpecification)]
    {
        let (distinct, generated) = Tlc::run(3, phase_2b);
        println!("ballots 0..2, {rule}: {distinct} distinct, {generated} generated");
    }
}
