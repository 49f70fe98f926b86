//! Short passages of the Parliament, one rule each, in which Gray is the novice and the two others are
//! legislators of the house. `[PTP §3]`
//!
//! They stand in `passages.txt`. The auditor judges the records after each move.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use super::bench::{Bench, Benches};
use super::hall::Novice;
use super::laid::{Ran, rows};
use super::sittings::SatFault;
use crate::chance::Chance;
use crate::creeds::Event;
use crate::scene::Script;
use crate::scene::commands::Command;
use crate::scene::moves::{Move, Which};
use crate::simulator::{Cast, Legislators, Raised, Soul};
use crate::synod::Letter;
use crate::trace::Happening;
use crate::words::{Decree, Entry, Message, Minutes, Name};

const PASSAGES: &str = include_str!("passages.txt");
/// The members in each of them.
const PARLIAMENT: &str = "convene Dwork Fischer Gray level=parliament\n";
/// The novice.
const HE: &str = "Gray";
/// How many letters are delivered at most where all are.
const LETTERS: usize = 100;

/// Title and moves of each passage.
fn passages() -> impl Iterator<Item = (&'static str, String)> {
    let passages = PASSAGES.split("## ").filter_map(|passage| passage.split_once('\n'));
    passages.map(|(title, moves)| (title, [PARLIAMENT, moves].concat()))
}

/// The decree as a citizen asks for it: each text has one petition.
fn petitioned(decree: &Decree) -> Decree {
    let id = format!("Dolf/{}", decree.text());
    Decree::of_petition(decree.text(), &id).unwrap_or_else(|_| decree.clone())
}

/// A row, its decree with the petition.
fn row_petitioned(row: &Entry) -> Entry {
    let mut row = row.clone();
    if let Entry::PrevVote { decree, .. }
    | Entry::BeginBallot { decree, .. }
    | Entry::Outcome { decree, .. } = &mut row
    {
        *decree = petitioned(decree);
    }
    row
}

/// A letter, its decree with the petition.
fn letter_petitioned(letter: &Letter) -> Letter {
    let mut letter = letter.clone();
    if let Message::BeginBallot { decree, .. } = &mut letter.message {
        *decree = petitioned(decree);
    }
    letter
}

/// A passage as far as it has gone.
struct Passage {
    bench: Bench,
    others: BTreeMap<Name, Box<dyn Soul>>,
    bag: Vec<(Name, Letter)>,
    ran: Ran,
    now: Minutes,
}

impl Passage {
    /// All three enter with their ledgers, and letters are under way.
    fn begin(script: &Script, benches: &Benches, he: Name) -> Passage {
        let founding = Arc::new(script.setting.founding.clone());
        let founders = Arc::new(founding.membership.clone());
        let given = script.setting.rows.iter().map(|(name, row)| (*name, row_petitioned(row)));
        let given: Vec<(Name, Entry)> = given.collect();
        let ledger = |of: Name| -> Vec<Entry> {
            let his = given.iter().filter(|(name, _)| *name == of);
            his.map(|(_, row)| row.clone()).collect()
        };
        let raise = |name: Name| {
            let (founding, founders, rows) = (&founding, &founders, &ledger(name)[..]);
            let (chance, is_asked_why) = (Chance::new(0, 0), false);
            Legislators.raise(Raised { name, founding, founders, rows, chance, is_asked_why })
        };
        let names: Vec<Name> = founding.membership.names().collect();
        let mut others: BTreeMap<Name, Box<dyn Soul>> =
            names.iter().filter(|&&name| name != he).map(|&name| (name, raise(name))).collect();
        let mut events = Vec::new();
        for &name in &names {
            let entered = Happening::Ink { priest: name, entry: Entry::Entered };
            events.extend([Happening::Enter(name), entered]);
            if let Some(soul) = others.get_mut(&name) {
                // He sends his name too, which nobody reads here.
                let _ = soul.enter(Minutes::ZERO);
            }
        }
        let letters = script.setting.letters.iter();
        let bag: Vec<(Name, Letter)> =
            letters.map(|(from, letter)| (*from, letter_petitioned(letter))).collect();
        events.extend(bag.iter().map(|(from, letter)| send(*from, letter)));
        let events = events.into_iter().map(|it| (Minutes::ZERO, it)).collect();
        let bench = Bench::new(benches, he, &founding, &ledger(he));
        let ran = Ran { founding, given, events, records: None };
        Passage { bench, others, bag, ran, now: Minutes::ZERO }
    }

    fn go(&mut self, by: &Move) {
        self.now = self.now + Minutes::whole(1);
        match by {
            Move::Try(ballot) => self.meet(&Event::Try(*ballot)),
            Move::Begin { wish, .. } => self.meet(&Event::Begin(petitioned(wish))),
            Move::Deliver(which) => {
                if let Some(at) = self.find(which) {
                    self.deliver(at);
                }
            }
            Move::DeliverAll => {
                for _ in 0..LETTERS {
                    if self.bag.is_empty() {
                        break;
                    }
                    self.deliver(0);
                }
            }
            Move::Repeat(which) => {
                if let Some(at) = self.find(which) {
                    let (from, letter) = self.bag[at].clone();
                    let (to, message) = (letter.to, letter.message.clone());
                    self.tell(Happening::Repeat { from, to, message });
                    self.bag.insert(at, (from, letter));
                }
            }
            Move::Lose(which) => {
                if let Some(at) = self.find(which) {
                    let (from, Letter { to, message }) = self.bag.remove(at);
                    self.tell(Happening::Lose { from, to, message });
                }
            }
            _ => {}
        }
    }

    fn tell(&mut self, happening: Happening) {
        self.ran.events.push((self.now, happening));
    }

    /// Where a letter lies in the bag.
    fn find(&self, which: &Which) -> Option<usize> {
        which.find(self.bag.iter().map(|(from, letter)| (*from, letter)))
    }

    fn deliver(&mut self, at: usize) {
        let (from, Letter { to, message }) = self.bag.remove(at);
        let (rows, letters) = match self.others.get_mut(&to) {
            Some(soul) => {
                let deed = soul.receive(self.now, from, message.clone());
                (deed.rows().to_vec(), deed.letters().cloned().collect())
            }
            None => self.ask(&Event::Read { from, message: message.clone() }),
        };
        self.tell(if rows.is_empty() && letters.is_empty() {
            Happening::Ignore { from, to, message }
        } else {
            Happening::Receive { from, to, message }
        });
        self.does(to, rows, letters);
    }

    /// The novice meets an event that is no letter.
    fn meet(&mut self, event: &Event) {
        let (rows, letters) = self.ask(event);
        self.does(self.he(), rows, letters);
    }

    fn he(&self) -> Name {
        crate::synod::Mortal::name(&self.bench)
    }

    /// His rows and letters; none if he broke the manners.
    fn ask(&mut self, event: &Event) -> (Vec<Entry>, Vec<Letter>) {
        // At one hour, so that the same question has the same answer in each passage.
        let answer = self.bench.answer(Minutes::ZERO, event);
        answer.map(|it| (it.ink.clone(), it.send.clone())).unwrap_or_default()
    }

    fn does(&mut self, priest: Name, rows: Vec<Entry>, letters: Vec<Letter>) {
        rows.into_iter().for_each(|entry| self.tell(Happening::Ink { priest, entry }));
        for letter in letters {
            self.tell(send(priest, &letter));
            self.bag.push((priest, letter));
        }
    }
}

fn send(from: Name, letter: &Letter) -> Happening {
    Happening::Send { from, to: letter.to, message: letter.message.clone() }
}

/// Plays every passage with a novice: how many, or the first in which a rule is broken, and its title.
///
/// # Errors
/// That fault.
pub fn play_passages(
    novice: &Arc<dyn Novice + Send>,
) -> Result<u64, (&'static str, Box<SatFault>)> {
    let mut many = 0;
    for (title, text) in passages() {
        let (Ok(script), Ok(he)) = (Script::read(&text), HE.parse::<Name>()) else { continue };
        let last = Arc::new(Mutex::new(None));
        let (seats, novice) = (BTreeSet::from([he]), Arc::clone(novice));
        let benches = Benches { novice, seats, last: Arc::clone(&last) };
        let mut passage = Passage::begin(&script, &benches, he);
        for (_, command) in &script.commands {
            let Command::Move(by) = command else { continue };
            passage.go(by);
            if let Some(finding) = passage.ran.fault() {
                let last = last.lock().unwrap_or_else(PoisonError::into_inner).clone();
                let section = finding.rule.section().map(|it| format!(" ({it})"));
                let fault = SatFault {
                    rule: format!("{}{}", finding.rule, section.unwrap_or_default()),
                    rows: rows(&finding),
                    why: finding.why,
                    at: None,
                    novices: vec![he],
                    last,
                    ran: passage.ran,
                };
                return Err((title, Box::new(fault)));
            }
        }
        many += 1;
    }
    Ok(many)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examine::{Answer, Question};

    /// He does nothing.
    struct Silent;
    impl Novice for Silent {
        fn answer(&self, _: &Question<'_>) -> Option<Arc<Answer>> {
            None
        }
    }

    #[test]
    fn every_passage_reads_and_begins_with_sound_records() {
        let all: Vec<(&str, String)> = passages().collect();
        for (title, text) in &all {
            let script = Script::read(text).unwrap_or_else(|error| panic!("{title}: {error}"));
            assert!(!script.commands.is_empty(), "{title}");
        }
        let silent: Arc<dyn Novice + Send> = Arc::new(Silent);
        let played = play_passages(&silent);
        let told =
            played.map_err(|(title, fault)| format!("{title}: {}: {}", fault.rule, fault.why));
        assert_eq!(told, Ok(all.len() as u64));
    }
}
