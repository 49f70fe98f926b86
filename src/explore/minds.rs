//! Each priest's reaction in each situation, computed once.
//!
//! A world of three priests has millions of states, and in all of them together each priest is in
//! a few thousand situations. So every situation and every letter is given a number, the priest's
//! real code is run once for each event he meets in each situation, and what came of it is kept.
//! Where a priest stands is his situation and the letters he has sent.

use std::collections::HashMap;

use super::conduct::Upshot;
use super::letters::{LetterSet, Sets};
use super::moves::{Answer, Code, Comes, InOrder, Move, NOTHING, UNASKED};
use super::pages::Power;
use super::visited::{Fold, FoldHash, pair};
use super::world::{ADOPTED, OWN, RETURNED, World};
use crate::creeds::Event;
use crate::synod::Letter;
use crate::words::step::Act;
use crate::words::{Entry, Name, Step};

/// A situation of one priest.
struct Situation<M> {
    mind: M,
    who: usize,
    /// By code.
    answers: Vec<u32>,
}

/// The reaction of a priest to an event, and the hash of his mind after it.
pub(super) struct Met<M> {
    pub(super) upshot: Upshot<M>,
    hash: u64,
}

/// Where a priest stands: his situation, and the letters he has sent.
struct Position {
    situation: u32,
    sent: u32,
    /// The moves that are known to follow from events there, in the order of their codes.
    moves: Vec<Move>,
}

/// Letters, situations, positions and moves, each by number.
pub(super) struct Minds<W: World> {
    pub(super) world: W,
    /// As the world says, asked of it once.
    pub(super) is_by_deeds: bool,
    pub(super) forgets_bygones: bool,
    pub(super) names: Vec<Name>,
    letters: Vec<(Name, Letter)>,
    letter_ids: HashMap<(Name, Letter), u32, FoldHash>,
    /// The letters to each priest.
    addressed: Vec<LetterSet>,
    /// The letters that no priest has sent.
    given: LetterSet,
    sets: Sets,
    situations: Vec<Situation<W::Mind>>,
    briefs: Vec<u8>,
    /// In each situation, the letters of which nothing comes.
    deaf: Vec<LetterSet>,
    /// In each situation, the other codes of which nothing comes.
    idle: Vec<LetterSet>,
    /// Situations by the hash of what they say.
    ids: HashMap<u64, Vec<u32>, FoldHash>,
    answers: Vec<Answer>,
    positions: Vec<Position>,
    position_ids: HashMap<u64, u32, FoldHash>,
    /// Which priest was seen to do which acts; entry 0 is that nothing was seen.
    sightings: Vec<(usize, Vec<Entry>)>,
    sighting_ids: HashMap<(usize, Vec<Entry>), u32, FoldHash>,
    /// Sets without the letters that have come too late forever to one in a situation.
    pruned: HashMap<u64, u32, FoldHash>,
}

impl<W: World> Minds<W> {
    /// The priests as they enter, whose positions are 0, 1, 2 and so on.
    pub(super) fn new(world: W) -> Minds<W> {
        let names: Vec<Name> = world.founding().membership.names().collect();
        let mut all = Minds {
            addressed: vec![LetterSet::default(); names.len()],
            names: names.clone(),
            letters: Vec::new(),
            letter_ids: HashMap::default(),
            given: LetterSet::default(),
            sets: Sets::new(),
            situations: Vec::new(),
            briefs: Vec::new(),
            deaf: Vec::new(),
            idle: Vec::new(),
            ids: HashMap::default(),
            answers: Vec::new(),
            positions: Vec::new(),
            position_ids: HashMap::default(),
            sightings: vec![(0, Vec::new())],
            sighting_ids: HashMap::default(),
            pruned: HashMap::default(),
            is_by_deeds: world.is_by_deeds(),
            forgets_bygones: world.forgets_bygones(),
            world,
        };
        for (who, &name) in names.iter().enumerate() {
            let mind = all.world.enter(name);
            let hash = Fold::of(&mind);
            let situation = all.situation_id(who, mind, hash);
            let mut sent = LetterSet::default();
            for letter in all.world.sent_before(name) {
                let id = all.letter_id(name, letter);
                sent.put(id);
            }
            let sent = all.sets.id(sent);
            all.position_id(situation, sent);
        }
        for (from, letter) in all.world.on_their_way() {
            let id = all.letter_id(from, letter);
            all.given.put(id);
        }
        all
    }

    pub(super) fn situation(&self, position: u32) -> u32 {
        self.positions[position as usize].situation
    }

    pub(super) fn sent_id(&self, position: u32) -> u32 {
        self.positions[position as usize].sent
    }

    pub(super) fn sent(&self, position: u32) -> &LetterSet {
        self.sets.get(self.sent_id(position))
    }

    pub(super) fn mind(&self, situation: u32) -> &W::Mind {
        &self.situations[situation as usize].mind
    }

    pub(super) fn brief(&self, situation: u32) -> u8 {
        self.briefs[situation as usize]
    }

    pub(super) fn letter(&self, id: u32) -> (Name, &Letter) {
        let (from, letter) = &self.letters[id as usize];
        (*from, letter)
    }

    pub(super) fn sighting(&self, id: u32) -> (Name, &[Entry]) {
        let (who, rows) = &self.sightings[id as usize];
        (self.names[*who], rows)
    }

    /// How many places there are where a priest may stand.
    pub(super) fn positions(&self) -> usize {
        self.positions.len()
    }

    /// How many situations there are.
    pub(super) fn situations(&self) -> usize {
        self.situations.len()
    }

    /// All letters under way where the priests stand so.
    pub(super) fn under_way(&self, positions: &[u32], all: &mut LetterSet) {
        all.copy(&self.given);
        positions.iter().for_each(|&position| all.add(self.sent(position)));
    }

    /// The letters under way that may move this priest where he stands.
    pub(super) fn news(
        &self,
        who: usize,
        position: u32,
        mail: &LetterSet,
    ) -> impl Iterator<Item = u32> {
        mail.picked(&self.addressed[who], self.deaf(position))
    }

    /// The event of this code.
    pub(super) fn event(&self, code: Code) -> Event {
        match code.event() {
            own if own < OWN => self.world.own(own),
            letter => {
                let (from, letter) = self.letter(letter - OWN);
                Event::Read { from, message: letter.message.clone() }
            }
        }
    }

    /// The moves known to follow from events where a priest stands.
    pub(super) fn moves(&self, position: u32) -> InOrder<'_> {
        InOrder(&self.positions[position as usize].moves)
    }

    /// The result of an event where a priest stands, as far as it is known.
    pub(super) fn known(&self, position: u32, code: Code) -> Comes<'_> {
        match self.moves(position).of(code) {
            Some(by) => Comes::Move(by),
            None if self.is_nothing(position, code) => Comes::Nothing,
            None => Comes::Unknown,
        }
    }

    /// Whether it is known that nothing comes of an event where a priest stands.
    fn is_nothing(&self, position: u32, code: Code) -> bool {
        match code.letter() {
            Some(letter) => self.deaf(position).has(letter),
            None => self.idle[self.situation(position) as usize].has(code.0),
        }
    }

    /// The letters of which it is known that nothing comes where a priest stands.
    fn deaf(&self, position: u32) -> &LetterSet {
        &self.deaf[self.situation(position) as usize]
    }

    /// The codes of his own events of which it is known that nothing comes where a priest stands, a
    /// bit for each.
    pub(super) fn idle(&self, position: u32) -> u64 {
        const { assert!(OWN * 2 <= u64::BITS) };
        self.idle[self.situation(position) as usize].word(0)
    }

    /// Whether the priest himself has to be asked.
    pub(super) fn is_unasked(&self, position: u32, code: Code) -> bool {
        self.answer(self.situation(position), code) == UNASKED
    }

    fn answer(&self, situation: u32, code: Code) -> u32 {
        let answers = &self.situations[situation as usize].answers;
        answers.get(code.0 as usize).copied().unwrap_or(UNASKED)
    }

    /// The priest's own reaction, unless nothing comes of it.
    pub(super) fn meet(&self, position: u32, code: Code) -> Option<Met<W::Mind>> {
        let mind = self.mind(self.situation(position));
        let upshot = self.world.meet(mind, &self.event(code), code.power())?;
        let is_unnoticed = upshot.letters.is_empty() && upshot.seen.is_empty();
        if is_unnoticed && upshot.after == *mind {
            return None;
        }
        Some(Met { hash: Fold::of(&upshot.after), upshot })
    }

    /// Keeps what comes of an event where a priest stands; `met` is what he did, if he was asked.
    pub(super) fn keep(&mut self, position: u32, code: Code, met: Option<Option<Met<W::Mind>>>) {
        if !matches!(self.known(position, code), Comes::Unknown) {
            return;
        }
        let Position { situation, sent, .. } = self.positions[position as usize];
        let mut answer = self.answer(situation, code);
        if answer == UNASKED {
            let met = met.unwrap_or_else(|| self.meet(position, code));
            answer = met.map_or(NOTHING, |met| self.number(situation, code, met));
            put(&mut self.situations[situation as usize].answers, code.0 as usize, answer);
        }
        if answer == NOTHING {
            match code.letter() {
                Some(letter) => self.deaf[situation as usize].put(letter),
                None => self.idle[situation as usize].put(code.0),
            }
        } else {
            let by = self.moved(sent, code, answer);
            let moves = &mut self.positions[position as usize].moves;
            moves.insert(moves.partition_point(|earlier| earlier.code < code), by);
            debug_assert!(
                moves.is_sorted_by_key(|by| by.code),
                "a move out of order is never found"
            );
        }
    }

    fn moved(&mut self, sent: u32, code: Code, answer: u32) -> Move {
        let Answer { after, ref letters, sighting, sights, tries, is_quiet } =
            self.answers[answer as usize];
        let mut now = self.sets.get(sent).clone();
        now.add(letters);
        let sent = self.sets.id(now);
        let position = self.position_id(after, sent);
        Move { code, position, sighting, sights, tries, is_quiet }
    }

    fn number(&mut self, situation: u32, code: Code, met: Met<W::Mind>) -> u32 {
        let Met { upshot, hash } = met;
        let Situation { who, ref mind, .. } = self.situations[situation as usize];
        let same_ledger = self.world.has_same_ledger(mind, &upshot.after);
        let bound = |step: &Step| matches!(step.act, Act::Begins { bound_by: Some(_), .. });
        let sights = if upshot.steps.iter().any(bound) { ADOPTED } else { 0 }
            | if code.returns() { RETURNED } else { 0 };
        let tries = self.world.tries(&upshot).min(u8::MAX.into()) as u8;
        let mut letters = LetterSet::default();
        let sends = !upshot.letters.is_empty();
        for letter in upshot.letters {
            letters.put(self.letter_id(self.names[who], letter));
        }
        let sighting = self.sighting_id(who, upshot.seen);
        let is_quiet = code.is_reading()
            && code.power() == Power::Holds
            && same_ledger
            && !sends
            && sighting == 0;
        let after = self.situation_id(who, upshot.after, hash);
        let answer = Answer { after, letters, sighting, sights, tries, is_quiet };
        if self.is_needless(situation, code, &answer) {
            return NOTHING;
        }
        self.answers.push(answer);
        self.answers.len() as u32 - 1
    }

    /// Whether another event comes to the same: where B3 left no choice, every wish does.
    fn is_needless(&self, situation: u32, code: Code, answer: &Answer) -> bool {
        if code.is_reading() || code.power() == Power::Fails {
            return false;
        }
        let first = self.world.made_needless_by(code.event()).map(Code::own);
        let first = first.map(|first| self.answer(situation, first));
        first.and_then(|id| self.answers.get(id as usize)).is_some_and(|first| first == answer)
    }

    fn letter_id(&mut self, from: Name, letter: Letter) -> u32 {
        let key = (from, letter);
        if let Some(&id) = self.letter_ids.get(&key) {
            return id;
        }
        let id = self.letters.len() as u32;
        if let Some(to) = self.names.iter().position(|&name| name == key.1.to) {
            self.addressed[to].put(id);
        }
        self.letters.push(key.clone());
        self.letter_ids.insert(key, id);
        id
    }

    fn sighting_id(&mut self, who: usize, seen: Vec<Entry>) -> u32 {
        if seen.is_empty() {
            return 0;
        }
        let next = self.sightings.len() as u32;
        let id = *self.sighting_ids.entry((who, seen.clone())).or_insert(next);
        if id == next {
            self.sightings.push((who, seen));
        }
        id
    }

    fn situation_id(&mut self, who: usize, mind: W::Mind, hash: u64) -> u32 {
        let alike = self.ids.entry(hash).or_default();
        let same = |&&id: &&u32| self.situations[id as usize].mind == mind;
        if let Some(&id) = alike.iter().find(same) {
            return id;
        }
        let id = self.situations.len() as u32;
        alike.push(id);
        self.briefs.push(self.world.brief(&mind));
        self.deaf.push(LetterSet::default());
        self.idle.push(LetterSet::default());
        self.situations.push(Situation { mind, who, answers: Vec::new() });
        id
    }

    fn position_id(&mut self, situation: u32, sent: u32) -> u32 {
        let next = self.positions.len() as u32;
        let id = *self.position_ids.entry(pair(situation, sent)).or_insert(next);
        if id == next {
            self.positions.push(Position { situation, sent, moves: Vec::new() });
        }
        id
    }

    // ------------------------------------------------------------ letters that are let go

    /// Where a priest stands once letters are let go that move nobody in `situation`; `None` where
    /// that is not known yet.
    pub(super) fn known_without(&self, position: u32, situation: u32) -> Option<u32> {
        self.pruned.get(&pair(position, situation)).copied()
    }

    /// Finds out where a priest stands without letters that move nobody in `situation`.
    pub(super) fn prune(&mut self, position: u32, situation: u32) {
        let Situation { who, ref mind, .. } = self.situations[situation as usize];
        let mut bygone = LetterSet::default();
        for id in self.sent(position).iter() {
            let letter = &self.letters[id as usize].1;
            if letter.to == self.names[who] && self.world.is_bygone(mind, &letter.message) {
                bygone.put(id);
            }
        }
        let sent = self.sent(position).clone().without(&bygone);
        let sent = self.sets.id(sent);
        let without = self.position_id(self.situation(position), sent);
        self.pruned.insert(pair(position, situation), without);
    }
}

fn put(row: &mut Vec<u32>, at: usize, id: u32) {
    if row.len() <= at {
        row.resize(at + 1, UNASKED);
    }
    row[at] = id;
}
