//! A question put to a class, and its two rounds of answers.

use std::collections::BTreeMap;

use super::asked::Asked;
use super::seats::Key;
use crate::words::shown::counted;

/// As many times a phone may send an answer in one round; the last counts.
pub(crate) const MOST_CHANGES: u8 = 20;

/// How far a question has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The first answers are taken.
    First,
    /// The first answers are shown; people talk.
    Talk,
    /// The second answers are taken.
    Second,
    /// The second answers are shown.
    Closed,
    /// The right answer is shown.
    Revealed,
}

impl Stage {
    /// The word for it in JSON.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Stage::First => "first",
            Stage::Talk => "talk",
            Stage::Second => "second",
            Stage::Closed => "closed",
            Stage::Revealed => "revealed",
        }
    }
}

/// The answers of one round: the latest of each phone, and how often it has sent one.
type Round = BTreeMap<Key, (usize, u8)>;

/// A question and its answers.
#[derive(Clone, Debug)]
pub(crate) struct Poll {
    /// Which question of the class it is, from 1.
    pub(crate) number: usize,
    pub(crate) asked: Asked,
    pub(crate) stage: Stage,
    /// Whether there was a second round.
    pub(crate) was_asked_again: bool,
    rounds: [Round; 2],
}

/// A question that was put away: how often each answer was given, and no longer from which phone.
#[derive(Clone, Debug)]
pub(crate) struct Past {
    pub(crate) number: usize,
    pub(crate) asked: Asked,
    pub(crate) first: Vec<u64>,
    /// The second answers, where it was asked again.
    pub(crate) second: Option<Vec<u64>>,
    /// How many went from a wrong answer to the right one, and from the right one to a wrong one.
    pub(crate) turned: (u64, u64),
}

impl Poll {
    pub(crate) fn open(number: usize, asked: Asked) -> Poll {
        let rounds = [Round::new(), Round::new()];
        Poll { number, asked, stage: Stage::First, was_asked_again: false, rounds }
    }

    /// The round that is open: 1 or 2.
    pub(crate) fn round(&self) -> Option<usize> {
        match self.stage {
            Stage::First => Some(1),
            Stage::Second => Some(2),
            Stage::Talk | Stage::Closed | Stage::Revealed => None,
        }
    }

    /// Takes an answer; an earlier one of this phone in this round no longer counts.
    ///
    /// # Errors
    /// Why it does not count.
    pub(crate) fn answer(&mut self, key: Key, round: usize, answer: usize) -> Result<(), String> {
        let many = self.asked.choices.len();
        if answer >= many {
            return Err(format!("there is no answer {answer}; they are 0 to {}", many - 1));
        }
        match self.round() {
            None => return Err("answers are no longer taken: this question is closed".into()),
            Some(open) if open != round => {
                return Err(format!("this was for round {round}; round {open} is open now"));
            }
            Some(_) => {}
        }
        let times = self.rounds[round - 1].get(&key).map_or(0, |(_, times)| *times);
        if times >= MOST_CHANGES {
            return Err(format!(
                "this phone has answered {} times in this round; the last counts",
                MOST_CHANGES
            ));
        }
        self.rounds[round - 1].insert(key, (answer, times + 1));
        Ok(())
    }

    /// Forgets what this phone answered in the open round.
    pub(crate) fn withdraw(&mut self, key: Key) {
        if let Some(round) = self.round() {
            self.rounds[round - 1].remove(&key);
        }
    }

    /// The answers of this phone in the two rounds.
    pub(crate) fn mine(&self, key: Key) -> [Option<usize>; 2] {
        [0, 1].map(|round: usize| self.rounds[round].get(&key).map(|(answer, _)| *answer))
    }

    /// How many have answered in the open round, or in the last.
    pub(crate) fn answered(&self) -> usize {
        self.rounds[usize::from(self.was_asked_again)].len()
    }

    /// Whether it is about the scene, and its answer is not shown yet: nobody may see there what comes.
    pub(crate) fn hides_what_comes(&self) -> bool {
        self.asked.about.is_some() && self.stage != Stage::Revealed
    }

    /// How often each answer was given in a round: 0 or 1.
    pub(crate) fn histogram(&self, round: usize) -> Vec<u64> {
        let mut counts = vec![0; self.asked.choices.len()];
        for (answer, _) in self.rounds[round].values() {
            counts[*answer] += 1;
        }
        counts
    }

    /// Takes no more answers in this round.
    ///
    /// # Errors
    /// Why that cannot be done now.
    pub(crate) fn close(&mut self) -> Result<(), String> {
        self.stage = match self.stage {
            Stage::First => Stage::Talk,
            Stage::Second => Stage::Closed,
            _ => return Err("no answers are taken now: there is nothing to close".into()),
        };
        Ok(())
    }

    /// Takes answers a second time.
    ///
    /// # Errors
    /// Why that cannot be done now.
    pub(crate) fn again(&mut self) -> Result<(), String> {
        match self.stage {
            Stage::Talk => {
                self.stage = Stage::Second;
                self.was_asked_again = true;
            }
            Stage::First => return Err("close the first round before you ask again".into()),
            Stage::Second | Stage::Closed => {
                return Err("it was asked twice already; reveal the answer".into());
            }
            Stage::Revealed => return Err("the answer was shown; ask another question".into()),
        }
        Ok(())
    }

    /// Shows the right answer.
    ///
    /// # Errors
    /// Why that cannot be done now.
    pub(crate) fn reveal(&mut self) -> Result<(), String> {
        if self.asked.right.is_none() {
            return Err("no right answer was given with this question; put it away".into());
        }
        match self.stage {
            Stage::Talk | Stage::Closed => self.stage = Stage::Revealed,
            Stage::First | Stage::Second => {
                let many = counted(self.answered() as u64, "answer");
                return Err(format!("answers are still taken ({many}); close the round first"));
            }
            Stage::Revealed => return Err("the answer is shown already".into()),
        }
        Ok(())
    }

    /// The part of it that is kept.
    pub(crate) fn put_away(&self) -> Past {
        let right = self.asked.right;
        let turned = |from_right: bool| {
            let both = self.rounds[0].iter().filter_map(|(key, (first, _))| {
                self.rounds[1].get(key).map(|(second, _)| (Some(*first), Some(*second)))
            });
            let turned = both.filter(|(first, second)| {
                first != second && *(if from_right { first } else { second }) == right
            });
            turned.count() as u64
        };
        Past {
            number: self.number,
            asked: self.asked.clone(),
            first: self.histogram(0),
            second: self.was_asked_again.then(|| self.histogram(1)),
            turned: (turned(false), turned(true)),
        }
    }
}
