//! A novice embodied: several processes of one program, each question asked once, and again of
//! others in another order.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::answers;
use super::process::Process;
use crate::examine::{Answer, Misconduct, Novice, Question, Trouble};
use crate::words::Minutes;

/// The first answer may take this many times as long as a later one to answer the first question: some languages take
/// their time to start.
const AT_FIRST: u32 = 4;
/// How many questions a process is asked at least, before another takes its place.
const LIFE: u64 = 500;
/// How many answers of an earlier search are asked for again before they are taken up.
const ASKED_AGAIN: usize = 1_000;
/// In how many parts answers are kept.
const PARTS: usize = 32;

/// An answer, as it stood and as it was read.
type Kept = (Arc<str>, Arc<Answer>);

/// A novice's program.
pub(super) struct Candidate {
    words: Vec<String>,
    seed: u64,
    /// How long a program may take to answer.
    patience: Duration,
    idle: Mutex<Vec<Process>>,
    /// Processes that were started before they are needed, and asked nothing yet.
    ready: Mutex<Vec<Process>>,
    kept: Vec<Mutex<HashMap<String, Kept>>>,
    /// Answers of an earlier search: they may be of another program.
    earlier: Mutex<answers::Kept>,
    /// Whether those count as his; otherwise he is asked himself.
    begins_with_earlier: AtomicBool,
    /// Whether he is asked though an answer is kept; it is noted whether he says another.
    compares: AtomicBool,
    /// Whether an answer of an earlier search is not his any more.
    is_misled: AtomicBool,
    misconduct: Mutex<Option<Misconduct>>,
    /// Becomes true when no more is to be asked.
    stop: &'static AtomicBool,
    started: AtomicU64,
    asked: AtomicU64,
    nanos: AtomicU64,
    /// Whether he has inked or sent anything of late.
    acted: AtomicBool,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Candidate {
    pub(super) fn new(
        words: Vec<String>,
        seed: u64,
        patience: Duration,
        stop: &'static AtomicBool,
    ) -> Candidate {
        let kept = (0..PARTS).map(|_| Mutex::default()).collect();
        let (idle, ready, misconduct, earlier) = Default::default();
        let (started, asked, nanos, acted) = Default::default();
        let (begins_with_earlier, compares, is_misled) = Default::default();
        Candidate {
            words,
            seed,
            patience,
            idle,
            ready,
            kept,
            earlier,
            begins_with_earlier,
            compares,
            is_misled,
            misconduct,
            stop,
            started,
            asked,
            nanos,
            acted,
        }
    }

    /// Whether he has inked or sent anything since this was asked.
    pub(super) fn has_acted(&self) -> bool {
        self.acted.swap(false, Ordering::Relaxed)
    }

    /// His first fault of manners, if there was one.
    pub(super) fn misconduct(&self) -> Option<Misconduct> {
        lock(&self.misconduct).clone()
    }

    /// How many questions he was asked.
    pub(super) fn asked(&self) -> u64 {
        self.asked.load(Ordering::Relaxed)
    }

    /// For how long somebody waited for him, all processes together.
    pub(super) fn spent(&self) -> Duration {
        Duration::from_nanos(self.nanos.load(Ordering::Relaxed))
    }

    /// Asks one question of a process, and reads the answer.
    pub(super) fn ask(
        &self,
        process: &mut Process,
        question: &Question<'_>,
        line: &str,
    ) -> Result<Kept, Misconduct> {
        let answer = self.ask_line(process, line)?;
        match Answer::read(&answer, question) {
            Ok(read) => Ok((answer.into(), Arc::new(read))),
            Err(mistake) => Err(misconduct(process, Trouble::Mistake(mistake), line, &answer)),
        }
    }

    /// Asks one question of a process.
    fn ask_line(&self, process: &mut Process, line: &str) -> Result<String, Misconduct> {
        let patience = self.patience * if process.asked == 0 { AT_FIRST } else { 1 };
        let begun = Instant::now();
        let answered = process.ask(line, patience);
        self.nanos.fetch_add(begun.elapsed().as_nanos() as u64, Ordering::Relaxed);
        self.asked.fetch_add(1, Ordering::Relaxed);
        answered.map_err(|trouble| {
            let answer = process.begun();
            misconduct(process, trouble, line, &answer)
        })
    }

    /// A process of his, started now.
    ///
    /// # Errors
    /// Why it cannot be started.
    pub(super) fn start(&self) -> Result<Process, Misconduct> {
        self.started.fetch_add(1, Ordering::Relaxed);
        Process::start(&self.words).map_err(|trouble| {
            let (question, answer, stderr) = Default::default();
            Misconduct { trouble: Box::new(trouble), nth: 0, question, answer, stderr }
        })
    }

    /// Notes what he did, the first of all, and asks no more.
    pub(super) fn note(&self, misconduct: Misconduct) {
        lock(&self.misconduct).get_or_insert(misconduct);
        self.stop.store(true, Ordering::Relaxed);
    }

    /// A process that is free, or another one. Now and then one is let go, so that nothing that it
    /// remembers lasts.
    fn take(&self) -> Result<Process, Misconduct> {
        let free = lock(&self.idle).pop();
        let nth = self.started.load(Ordering::Relaxed);
        let life = LIFE + (nth + 1).wrapping_mul(self.seed | 1) % (4 * LIFE);
        match free.filter(|process| process.asked < life) {
            Some(process) => Ok(process),
            None => lock(&self.ready).pop().map_or_else(|| self.start(), Ok),
        }
    }

    /// Has this many processes ready. While a program is being started it holds the locks of this
    /// one for a moment, so nothing is started while ledgers are opened.
    ///
    /// # Errors
    /// Why it cannot be started.
    pub(super) fn prepare(&self, many: usize) -> Result<(), Misconduct> {
        while lock(&self.ready).len() < many {
            let process = self.start()?;
            lock(&self.ready).push(process);
        }
        Ok(())
    }

    fn part(&self, line: &str) -> &Mutex<HashMap<String, Kept>> {
        let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one(line);
        &self.kept[hash as usize % PARTS]
    }

    /// Asks fresh processes all questions once more, in another order; how many there were, or none
    /// if an answer of an earlier search is another one now.
    pub(super) fn ask_again(&self, hands: usize) -> Option<usize> {
        let hash =
            |line: &str| BuildHasherDefault::<DefaultHasher>::default().hash_one((self.seed, line));
        let mut all: Vec<(u64, String, Arc<str>)> = Vec::new();
        for part in &self.kept {
            let part = lock(part);
            all.extend(part.iter().map(|(line, (raw, _))| (hash(line), line.clone(), raw.clone())));
        }
        all.sort();
        let share = all.len().div_ceil(hands).max(1);
        std::thread::scope(|scope| {
            for run in all.chunks(share) {
                scope.spawn(|| {
                    if let Err(misconduct) = self.ask_run_again(run) {
                        self.note(misconduct);
                    }
                });
            }
        });
        (!self.is_misled.load(Ordering::Relaxed)).then_some(all.len())
    }

    fn ask_run_again(&self, run: &[(u64, String, Arc<str>)]) -> Result<(), Misconduct> {
        let mut process = self.start()?;
        for (_, line, before) in run {
            if self.stop.load(Ordering::Relaxed) || self.is_misled.load(Ordering::Relaxed) {
                break;
            }
            let answer = self.ask_line(&mut process, line)?;
            if !is_the_same(before, &answer) {
                if lock(&self.earlier).get(line).is_some_and(|it| **it == **before) {
                    self.is_misled.store(true, Ordering::Relaxed);
                    break;
                }
                let trouble = Trouble::Otherwise(before.to_string());
                return Err(misconduct(&process, trouble, line, &answer));
            }
        }
        Ok(())
    }
}

/// Whether two answers say the same: letters leave in no order.
fn is_the_same(one: &str, other: &str) -> bool {
    let sorted = |answer: &str| {
        let mut answer: serde_json::Value = serde_json::from_str(answer).unwrap_or_default();
        if let Some(serde_json::Value::Array(sent)) = answer.get_mut("send") {
            sent.sort_by_cached_key(ToString::to_string);
        }
        answer
    };
    one == other || sorted(one) == sorted(other)
}

/// A process's fault of manners.
pub(super) fn misconduct(
    process: &Process,
    trouble: Trouble,
    question: &str,
    answer: &str,
) -> Misconduct {
    let (nth, stderr) = (process.asked, process.take_errors());
    let trouble = Box::new(trouble);
    Misconduct { trouble, nth, question: question.into(), answer: answer.into(), stderr }
}

impl Candidate {
    /// Takes up answers of an earlier search, if he answers some of them as he did then. How many,
    /// or none if he does not.
    pub(super) fn take_up(&self, earlier: answers::Kept) -> Result<Option<usize>, Misconduct> {
        let mut some: Vec<(&String, &String)> = earlier.iter().collect();
        some.sort();
        let step = some.len().div_ceil(ASKED_AGAIN).max(1);
        if !some.is_empty() {
            let mut process = self.start()?;
            for (question, before) in some.into_iter().step_by(step) {
                if !is_the_same(before, &self.ask_line(&mut process, question)?) {
                    return Ok(None);
                }
            }
        }
        let many = earlier.len();
        *lock(&self.earlier) = earlier;
        Ok(Some(many))
    }

    /// Every answer that is known, by its question.
    pub(super) fn known(&self) -> answers::Kept {
        let mut known = lock(&self.earlier).clone();
        for part in &self.kept {
            let part = lock(part);
            known.extend(part.iter().map(|(line, (raw, _))| (line.clone(), raw.to_string())));
        }
        known
    }

    /// From now on the answers of an earlier search count as his, or do not.
    pub(super) fn begin_with_earlier(&self, does: bool) {
        self.begins_with_earlier.store(does, Ordering::Relaxed);
    }

    /// Whether there are answers of an earlier search.
    pub(super) fn has_earlier(&self) -> bool {
        !lock(&self.earlier).is_empty()
    }

    /// Forgets every answer, those of an earlier search too, and all that came of them.
    pub(super) fn forget(&self) {
        lock(&self.earlier).clear();
        self.kept.iter().for_each(|part| lock(part).clear());
        self.is_misled.store(false, Ordering::Relaxed);
        // The misconduct has stopped the search, and it goes on.
        if lock(&self.misconduct).take().is_some() {
            self.stop.store(false, Ordering::Relaxed);
        }
    }

    /// Whether he gives the answers that are kept, where there are some of an earlier search: all
    /// those that are asked for in this walk.
    pub(super) fn says_the_same(&self, walk: impl FnOnce()) -> bool {
        if !self.has_earlier() {
            return true;
        }
        self.compares.store(true, Ordering::Relaxed);
        walk();
        self.compares.store(false, Ordering::Relaxed);
        !self.is_misled.load(Ordering::Relaxed) && lock(&self.misconduct).is_none()
    }

    /// An answer of an earlier search.
    fn earlier(&self, question: &Question<'_>, line: &str) -> Option<Kept> {
        if !self.begins_with_earlier.load(Ordering::Relaxed) {
            return None;
        }
        let raw = lock(&self.earlier).get(line)?.clone();
        let read = Answer::read(&raw, question).ok()?;
        Some((raw.into(), Arc::new(read)))
    }
}

impl Novice for Candidate {
    fn leave(&self) {
        let idle = std::mem::take(&mut *lock(&self.idle));
        drop(idle);
    }

    fn answer(&self, question: &Question<'_>) -> Option<Arc<Answer>> {
        let answer = self.known_or_asked(question)?;
        if !answer.ink.is_empty() || !answer.send.is_empty() {
            self.acted.store(true, Ordering::Relaxed);
        }
        Some(answer)
    }
}

impl Candidate {
    fn known_or_asked(&self, question: &Question<'_>) -> Option<Arc<Answer>> {
        let line = question.line();
        let part = self.part(&line);
        let known = lock(part).get(&line).cloned();
        let compares = self.compares.load(Ordering::Relaxed);
        if let Some((_, answer)) = known.as_ref().filter(|_| !compares) {
            return Some(answer.clone());
        }
        if self.stop.load(Ordering::Relaxed) {
            return None;
        }
        if let Some((raw, answer)) = self.earlier(question, &line).filter(|_| !compares) {
            lock(part).insert(line, (raw, answer.clone()));
            return Some(answer);
        }
        let asked = self.take().and_then(|mut process| {
            let kept = self.ask(&mut process, question, &line)?;
            lock(&self.idle).push(process);
            Ok(kept)
        });
        match asked {
            Ok((raw, answer)) => {
                if known.is_some_and(|(before, _)| !is_the_same(&before, &raw)) {
                    self.is_misled.store(true, Ordering::Relaxed);
                }
                // In a chamber of files no hour comes twice.
                if question.now == Minutes::ZERO {
                    lock(part).insert(line, (raw, answer.clone()));
                }
                Some(answer)
            }
            Err(misconduct) => {
                self.note(misconduct);
                None
            }
        }
    }
}
