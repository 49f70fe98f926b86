//! What each priest does in each situation, asked of him once.
//!
//! A world of three priests has millions of states, and in all of them together each priest is in
//! a few thousand situations. So every situation and every letter is given a number, the priest's
//! real code is run once for each event he meets in each situation, and what came of it is kept.

use std::collections::HashMap;

use super::conduct::{Situation, Upshot};
use super::pages::Power;
use super::scope::ScopeError;
use crate::creeds::{Creed, Event, creed::is_bygone};
use crate::synod::{Letter, Status};
use crate::words::step::Act;
use crate::words::{BallotNumber, Decree, Entry, Membership, Name};

/// Room for letters in a state.
const MOST_LETTERS: usize = 128;
/// Room for situations of one priest.
const MOST_SITUATIONS: usize = u16::MAX as usize;
/// An answer not yet asked for.
const UNASKED: u32 = u32::MAX;
/// Nothing comes of it.
const NOTHING: u32 = u32::MAX - 1;

/// The codes of events: a try per ballot number, a beginning per wish, the return, the letters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Code(pub(super) u16);

const WISHES: u16 = 8;
const RETURN: u16 = 15;
const LETTERS: u16 = 16;
const CODES: u16 = LETTERS + MOST_LETTERS as u16;

impl Code {
    pub(super) fn trying(number: usize) -> Code {
        Code(number as u16)
    }
    pub(super) fn beginning(wish: usize) -> Code {
        Code(WISHES + wish as u16)
    }
    pub(super) const RETURN: Code = Code(RETURN);
    pub(super) fn reading(letter: u32) -> Code {
        Code(LETTERS + letter as u16)
    }
    /// The same event, and the power fails.
    pub(super) fn in_the_dark(self) -> Code {
        Code(self.0 + CODES)
    }
    pub(super) fn power(self) -> Power {
        if self.0 < CODES { Power::Holds } else { Power::Fails }
    }
    /// Whether nothing read bears on it: a try, or the return.
    pub(super) fn is_own_time(self) -> bool {
        self.0 % CODES < WISHES || self.0 % CODES == RETURN
    }
    /// Whether a return is part of it.
    pub(super) fn returns(self) -> bool {
        self.0 == RETURN || self.power() == Power::Fails
    }
}

/// What comes of an event in a situation, in numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) after: u16,
    pub(super) letters: u128,
    /// The number of what the gods saw; 0 if nothing.
    pub(super) sighting: u32,
    pub(super) sights: u16,
    /// Whether it is a letter read that changes his slip alone.
    pub(super) is_quiet: bool,
}

/// A ballot was begun for a decree that B3 demanded.
pub(super) const ADOPTED: u16 = 1;
/// Power failed, or a priest returned.
pub(super) const RETURNED: u16 = 1 << 4;

/// What is asked of a situation most often.
#[derive(Clone, Copy)]
pub(super) struct Brief {
    /// He has a ballot under way.
    pub(super) busy: bool,
    /// He collects promises.
    pub(super) trying: bool,
    /// His ledger has a decree.
    pub(super) knows: bool,
}

#[derive(Default)]
struct Person {
    situations: Vec<Situation>,
    ids: HashMap<Situation, u16>,
    answers: Vec<Vec<u32>>,
    /// Letters of which nothing comes, by situation.
    deaf: Vec<u128>,
    /// Letters that have come too late for ever, and those of which that was asked, by situation.
    bygone: Vec<(u128, u128)>,
    briefs: Vec<Brief>,
}

/// Letters, situations and answers, each by number.
pub(super) struct Situations<'a> {
    creed: &'a dyn Creed,
    pub(super) names: Vec<Name>,
    pub(super) numbers: Vec<BallotNumber>,
    wishes: Vec<Decree>,
    letters: Vec<(Name, Letter)>,
    letter_ids: HashMap<(Name, Letter), u32>,
    /// The letters to each priest, and from each.
    addressed: Vec<u128>,
    sent: Vec<u128>,
    people: Vec<Person>,
    answers: Vec<Answer>,
    /// What the gods saw of whom; the first is that they saw nothing.
    sightings: Vec<(usize, Vec<Entry>)>,
}

impl<'a> Situations<'a> {
    pub(super) fn new(
        members: &std::sync::Arc<Membership>,
        numbers: Vec<BallotNumber>,
        wishes: Vec<Decree>,
        creed: &'a dyn Creed,
    ) -> Situations<'a> {
        let names: Vec<Name> = members.names().collect();
        let nobody = || names.iter().map(|_| 0).collect();
        let mut all = Situations {
            creed,
            numbers,
            wishes,
            letters: Vec::new(),
            letter_ids: HashMap::new(),
            addressed: nobody(),
            sent: nobody(),
            people: Vec::new(),
            answers: Vec::new(),
            sightings: vec![(0, Vec::new())],
            names: names.clone(),
        };
        for name in names {
            let mut person = Person::default();
            // The first situation of all finds room.
            let _zero = person.id(Situation::first(name, members));
            all.people.push(person);
        }
        all
    }

    pub(super) fn situation(&self, who: usize, situation: u16) -> &Situation {
        &self.people[who].situations[usize::from(situation)]
    }

    pub(super) fn brief(&self, who: usize, situation: u16) -> Brief {
        self.people[who].briefs[usize::from(situation)]
    }

    pub(super) fn letter(&self, bit: u32) -> (Name, &Letter) {
        let (from, letter) = &self.letters[bit as usize];
        (*from, letter)
    }

    pub(super) fn sent_by(&self, who: usize) -> u128 {
        self.sent[who]
    }

    pub(super) fn answer(&self, id: u32) -> Answer {
        self.answers[id as usize]
    }

    pub(super) fn sighting(&self, id: u32) -> (Name, &[Entry]) {
        let (who, rows) = &self.sightings[id as usize];
        (self.names[*who], rows)
    }

    pub(super) fn wishes(&self) -> &[Decree] {
        &self.wishes
    }

    /// How many situations and letters there are.
    pub(super) fn sizes(&self) -> (usize, usize) {
        (self.people.iter().map(|person| person.situations.len()).sum(), self.letters.len())
    }

    /// The letters under way that may move this priest in this situation.
    pub(super) fn news(&self, who: usize, situation: u16, letters: u128) -> u128 {
        letters & self.addressed[who] & !self.people[who].deaf[usize::from(situation)]
    }

    /// Of these letters, those that have not come too late for ever for this priest.
    pub(super) fn still_of_use(&mut self, who: usize, situation: u16, letters: u128) -> u128 {
        let person = &mut self.people[who];
        let (bygone, asked) = &mut person.bygone[usize::from(situation)];
        let mut unasked = letters & self.addressed[who] & !*asked;
        let priest = &person.situations[usize::from(situation)].priest;
        while unasked != 0 {
            let bit = unasked.trailing_zeros();
            let letter = &self.letters[bit as usize].1.message;
            if self.creed.lets_bygones_be(letter) && is_bygone(priest, letter) {
                *bygone |= 1 << bit;
            }
            unasked &= unasked - 1;
        }
        *asked |= letters & self.addressed[who];
        letters & !*bygone
    }

    /// The event of this code.
    pub(super) fn event(&self, code: Code) -> Event {
        match code.0 % CODES {
            RETURN => Event::Return,
            at if at < WISHES => Event::Try(self.numbers[usize::from(at)]),
            at if at < RETURN => Event::Begin(self.wishes[usize::from(at - WISHES)].clone()),
            at => {
                let (from, letter) = &self.letters[usize::from(at - LETTERS)];
                Event::Read { from: *from, message: letter.message.clone() }
            }
        }
    }

    /// What comes of an event, if anything: from memory, or from the priest himself.
    pub(super) fn ask(
        &mut self,
        who: usize,
        situation: u16,
        code: Code,
    ) -> Result<Option<u32>, ScopeError> {
        let known = self.people[who].answers[usize::from(situation)]
            .get(usize::from(code.0))
            .copied()
            .unwrap_or(UNASKED);
        match known {
            NOTHING => Ok(None),
            UNASKED => self.find_out(who, situation, code),
            id => Ok(Some(id)),
        }
    }

    #[cold]
    fn find_out(
        &mut self,
        who: usize,
        situation: u16,
        code: Code,
    ) -> Result<Option<u32>, ScopeError> {
        let event = self.event(code);
        let now = &self.people[who].situations[usize::from(situation)];
        let answer = match now.meet(&event, code.power(), self.creed) {
            None => NOTHING,
            Some(upshot) => self.number(who, situation, code, upshot)?,
        };
        let person = &mut self.people[who];
        if answer == NOTHING && (LETTERS..CODES).contains(&code.0) {
            person.deaf[usize::from(situation)] |= 1 << (code.0 - LETTERS);
        }
        let answers = &mut person.answers[usize::from(situation)];
        if answers.len() <= usize::from(code.0) {
            answers.resize(usize::from(code.0) + 1, UNASKED);
        }
        answers[usize::from(code.0)] = answer;
        Ok((answer != NOTHING).then_some(answer))
    }

    fn number(
        &mut self,
        who: usize,
        situation: u16,
        code: Code,
        upshot: Upshot,
    ) -> Result<u32, ScopeError> {
        let mut letters = 0;
        for letter in upshot.letters {
            letters |= 1 << self.letter_id(who, letter)?;
        }
        let bound =
            |step: &crate::words::Step| matches!(step.act, Act::Begins { bound_by: Some(_), .. });
        let sights = if upshot.steps.iter().any(bound) { ADOPTED } else { 0 }
            | if code.returns() { RETURNED } else { 0 };
        let sighting = self.sighting_id(who, upshot.seen);
        let is_reading = (LETTERS..CODES).contains(&code.0);
        let same_ledger = upshot.after.pages == self.situation(who, situation).pages;
        let is_quiet = is_reading && same_ledger && letters == 0 && sighting == 0;
        let after = self.people[who].id(upshot.after)?;
        if after == situation && letters == 0 && sighting == 0 {
            return Ok(NOTHING);
        }
        let answer = Answer { after, letters, sighting, sights, is_quiet };
        if self.is_an_idle_wish(who, situation, code, answer) {
            return Ok(NOTHING);
        }
        self.answers.push(answer);
        Ok(self.answers.len() as u32 - 1)
    }

    /// Whether B3 left no choice, so that this wish comes to the same as the first.
    fn is_an_idle_wish(&self, who: usize, situation: u16, code: Code, answer: Answer) -> bool {
        let first = usize::from(WISHES);
        let is_later_wish = (WISHES + 1..RETURN).contains(&code.0);
        is_later_wish
            && self.people[who].answers[usize::from(situation)]
                .get(first)
                .and_then(|&id| self.answers.get(id as usize))
                .is_some_and(|&of_first| of_first == answer)
    }

    fn letter_id(&mut self, from: usize, letter: Letter) -> Result<u32, ScopeError> {
        let key = (self.names[from], letter);
        if let Some(&id) = self.letter_ids.get(&key) {
            return Ok(id);
        }
        let id = self.letters.len();
        if id == MOST_LETTERS {
            return Err(ScopeError::TooMany { what: "letters", most: MOST_LETTERS });
        }
        self.sent[from] |= 1 << id;
        if let Some(to) = self.names.iter().position(|&name| name == key.1.to) {
            self.addressed[to] |= 1 << id;
        }
        self.letters.push(key.clone());
        self.letter_ids.insert(key, id as u32);
        Ok(id as u32)
    }

    fn sighting_id(&mut self, who: usize, seen: Vec<Entry>) -> u32 {
        if seen.is_empty() {
            return 0;
        }
        let seen = (who, seen);
        let known = self.sightings.iter().position(|known| *known == seen);
        known.unwrap_or_else(|| {
            self.sightings.push(seen);
            self.sightings.len() - 1
        }) as u32
    }
}

impl Person {
    fn id(&mut self, situation: Situation) -> Result<u16, ScopeError> {
        if let Some(&id) = self.ids.get(&situation) {
            return Ok(id);
        }
        let id = self.situations.len();
        if id == MOST_SITUATIONS {
            return Err(ScopeError::TooMany { what: "situations", most: MOST_SITUATIONS });
        }
        let status = situation.priest.status();
        self.briefs.push(Brief {
            busy: !matches!(status, Status::Idle),
            trying: matches!(status, Status::Trying { .. }),
            knows: situation.priest.outcome().is_some(),
        });
        self.ids.insert(situation.clone(), id as u16);
        self.situations.push(situation);
        self.answers.push(Vec::new());
        self.deaf.push(0);
        self.bygone.push((0, 0));
        Ok(id as u16)
    }
}
