//! What each legislator does in each situation, asked of him once; and letters by number.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::super::conduct::Upshot;
use super::super::pages::Power;
use super::super::scope::ScopeError;
use super::super::visited::{Fold, FoldHash};
use super::conduct::Member;
use super::scope::Sitting;
use crate::creeds::{Custom, Event};
use crate::synod::Letter;
use crate::words::{Entry, Founding, Message, Name};

/// Room for letters in a state.
pub(super) const MOST_LETTERS: usize = 256;
/// Room for situations of one legislator.
const MOST_SITUATIONS: usize = u16::MAX as usize;

/// Letters sent, by number.
pub(super) type Mail = [u64; MOST_LETTERS / 64];

fn has(mail: &Mail, letter: usize) -> bool {
    mail[letter / 64] >> (letter % 64) & 1 == 1
}

fn put(mail: &mut Mail, letter: usize) {
    mail[letter / 64] |= 1 << (letter % 64);
}

/// An event, in numbers.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Code {
    Hourglass,
    Return,
    Read(u16),
}

/// An event and the power, in one word.
fn asked(situation: u16, code: Code, power: Power) -> u64 {
    let code = match code {
        Code::Hourglass => 0,
        Code::Return => 1,
        Code::Read(letter) => 2 + u64::from(letter),
    };
    u64::from(situation) << 32 | code << 1 | u64::from(power == Power::Fails)
}

/// What comes of an event, in numbers.
#[derive(Clone)]
pub(super) struct Answer {
    pub(super) after: u16,
    pub(super) letters: Vec<usize>,
    /// The number of what the gods saw; 0 if nothing.
    pub(super) sighting: u32,
    pub(super) tries: u8,
}

#[derive(Default)]
struct Person {
    situations: Vec<Member>,
    /// Situations by the hash of what they say.
    ids: HashMap<u64, Vec<u16>>,
    /// By situation, code and power, as [`asked`] puts them into one word.
    answers: HashMap<u64, Option<Arc<Answer>>, FoldHash>,
    /// The letters to him.
    addressed: Mail,
    /// Letters of which nothing comes, by situation.
    deaf: Vec<Mail>,
}

/// Letters, situations and answers, each by number.
pub(super) struct Members<'a> {
    of: &'a Sitting<'a>,
    pub(super) founding: Arc<Founding>,
    pub(super) names: Vec<Name>,
    letters: Vec<(Name, Letter)>,
    letter_ids: HashMap<(Name, Letter), usize>,
    people: Vec<Person>,
    /// What the gods saw of whom; the first is that they saw nothing.
    sightings: Vec<(usize, Vec<Entry>)>,
    sighting_ids: HashMap<(usize, Vec<Entry>), u32>,
}

impl<'a> Members<'a> {
    /// The legislators of this scope as they enter, and the petitions on their way to them.
    pub(super) fn new(of: &'a Sitting<'a>) -> Result<(Members<'a>, Mail), ScopeError> {
        let founding = of.founding();
        let names: Vec<Name> = founding.membership.names().collect();
        let mut all = Members {
            of,
            names: names.clone(),
            letters: Vec::new(),
            letter_ids: HashMap::new(),
            people: Vec::new(),
            sightings: vec![(0, Vec::new())],
            sighting_ids: HashMap::new(),
            founding: Arc::clone(&founding),
        };
        for &name in &names {
            let mut person = Person::default();
            person.id(Member::entering(name, &founding, Vec::new(), of.custom))?;
            all.people.push(person);
        }
        let mut mail = Mail::default();
        for (&to, citizen) in names.iter().zip(std::iter::repeat(of.citizen())) {
            for decree in of.petitions() {
                let letter = Letter { to, message: Message::Petition { decree } };
                if let Some(from) = citizen {
                    put(&mut mail, all.letter_id(from, letter)?);
                }
            }
        }
        Ok((all, mail))
    }

    pub(super) fn member(&self, who: usize, situation: u16) -> &Member {
        &self.people[who].situations[usize::from(situation)]
    }

    pub(super) fn letter(&self, id: usize) -> (Name, &Letter) {
        let (from, letter) = &self.letters[id];
        (*from, letter)
    }

    pub(super) fn sighting(&self, id: u32) -> (Name, &[Entry]) {
        let (who, rows) = &self.sightings[id as usize];
        (self.names[*who], rows)
    }

    /// How many situations there are.
    pub(super) fn len(&self) -> usize {
        self.people.iter().map(|person| person.situations.len()).sum()
    }

    /// The letters under way that may move this legislator in this situation.
    pub(super) fn news(&self, who: usize, situation: u16, mail: &Mail) -> Vec<u16> {
        let person = &self.people[who];
        let deaf = &person.deaf[usize::from(situation)];
        let mut news = Vec::new();
        for at in 0..mail.len() {
            let mut word = mail[at] & person.addressed[at] & !deaf[at];
            while word != 0 {
                news.push((at as u32 * 64 + word.trailing_zeros()) as u16);
                word &= word - 1;
            }
        }
        news
    }

    /// The event of this code.
    pub(super) fn event(&self, code: Code) -> Event {
        match code {
            Code::Hourglass => Event::Hourglass,
            Code::Return => Event::Return,
            Code::Read(letter) => {
                let (from, letter) = self.letter(usize::from(letter));
                Event::Read { from, message: letter.message.clone() }
            }
        }
    }

    /// What comes of an event, told in full.
    pub(super) fn meet(
        &self,
        who: usize,
        situation: u16,
        code: Code,
        power: Power,
        custom: &dyn Custom,
    ) -> Option<Upshot<Member>> {
        let event = self.event(code);
        self.member(who, situation).meet(&event, power, custom, &self.founding)
    }

    /// What comes of an event, if anything: from memory, or from the legislator himself.
    pub(super) fn ask(
        &mut self,
        who: usize,
        situation: u16,
        code: Code,
        power: Power,
    ) -> Result<Option<Arc<Answer>>, ScopeError> {
        if let Some(known) = self.people[who].answers.get(&asked(situation, code, power)) {
            return Ok(known.clone());
        }
        let upshot = self.meet(who, situation, code, power, self.of.custom);
        let answer = match upshot {
            Some(upshot) => self.number(who, situation, upshot)?.map(Arc::new),
            None => None,
        };
        let person = &mut self.people[who];
        if let (None, Code::Read(letter), Power::Holds) = (&answer, code, power) {
            put(&mut person.deaf[usize::from(situation)], usize::from(letter));
        }
        person.answers.insert(asked(situation, code, power), answer.clone());
        Ok(answer)
    }

    fn number(
        &mut self,
        who: usize,
        situation: u16,
        upshot: Upshot<Member>,
    ) -> Result<Option<Answer>, ScopeError> {
        let beyond = |row: &Entry| matches!(row, Entry::BeginBallot { number, .. } if *number > self.of.numbers);
        if upshot.seen.iter().any(beyond) {
            return Ok(None);
        }
        let tried = |row: &&Entry| matches!(row, Entry::LastTried { .. });
        let tries = upshot.course.iter().filter(|happening| {
            matches!(happening, crate::trace::Happening::Ink { entry, .. } if tried(&entry))
        });
        let tries = tries.count() as u8;
        let mut letters = Vec::new();
        for letter in upshot.letters {
            letters.push(self.letter_id(self.names[who], letter)?);
        }
        let sighting = self.sighting_id(who, upshot.seen);
        let after = self.people[who].id(upshot.after)?;
        let nothing = after == situation && letters.is_empty() && sighting == 0;
        Ok((!nothing).then_some(Answer { after, letters, sighting, tries }))
    }

    fn letter_id(&mut self, from: Name, letter: Letter) -> Result<usize, ScopeError> {
        let key = (from, letter);
        if let Some(&id) = self.letter_ids.get(&key) {
            return Ok(id);
        }
        let id = self.letters.len();
        if id == MOST_LETTERS {
            return Err(ScopeError::TooMany { what: "letters", most: MOST_LETTERS });
        }
        if let Some(to) = self.names.iter().position(|&name| name == key.1.to) {
            put(&mut self.people[to].addressed, id);
        }
        self.letters.push(key.clone());
        self.letter_ids.insert(key, id);
        Ok(id)
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
}

impl Person {
    fn id(&mut self, situation: Member) -> Result<u16, ScopeError> {
        let mut hasher = Fold::default();
        situation.hash(&mut hasher);
        let alike = self.ids.entry(hasher.finish()).or_default();
        let same = |&&id: &&u16| self.situations[usize::from(id)] == situation;
        if let Some(&id) = alike.iter().find(same) {
            return Ok(id);
        }
        let id = self.situations.len();
        if id == MOST_SITUATIONS {
            return Err(ScopeError::TooMany { what: "situations", most: MOST_SITUATIONS });
        }
        alike.push(id as u16);
        self.situations.push(situation);
        self.deaf.push(Mail::default());
        Ok(id as u16)
    }
}

/// Adds letters to those under way; returns those that are new.
pub(super) fn send(mail: &mut Mail, letters: &[usize]) -> Vec<usize> {
    let new: Vec<usize> = letters.iter().copied().filter(|&letter| !has(mail, letter)).collect();
    new.iter().for_each(|&letter| put(mail, letter));
    new
}
