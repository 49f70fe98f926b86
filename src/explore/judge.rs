//! Whether every rule holds in a new state, as far as it speaks of what has changed.

use std::collections::HashSet;

use super::letters::{LetterSet, bits};
use super::minds::{Minds, pair};
use super::moments::Moments;
use super::visited::{FoldHash, Key};
use super::world::{ALL_KNOW, BUSY, KNOWS, TRYING, TWO_PRESIDENTS, World};
use crate::invariants::Breach;

/// Findings of one hand that it need not compute again.
#[derive(Default)]
pub(super) struct Judge {
    /// Situations and histories.
    agreed: HashSet<u64, FoldHash>,
    /// Situations of two priests.
    paired: HashSet<u64, FoldHash>,
    /// The letters that each history bears out.
    borne_out: Vec<LetterSet>,
    /// The letters that each situation bears out.
    vouched: Vec<LetterSet>,
    mail: LetterSet,
    /// How many clauses were asked.
    pub(super) asked: u64,
    pub(super) sights: u16,
}

/// A state in which `who` has just done something, and the state before.
pub(super) struct Case<'a, W: World> {
    pub(super) minds: &'a Minds<W>,
    pub(super) moments: &'a Moments<W>,
    pub(super) who: usize,
    pub(super) before: Key,
    pub(super) now: Key,
}

impl<W: World> Case<'_, W> {
    fn priests(&self) -> usize {
        self.minds.names.len()
    }
    fn histories(&self) -> (u32, u32) {
        let history = |key: &Key| self.moments.get(key[self.priests()]).history;
        (history(&self.before), history(&self.now))
    }
    fn situation(&self, who: usize) -> u32 {
        self.minds.situation(self.now[who])
    }
    /// Whether this priest is judged with B: the priest who acted, or any if B has changed.
    fn concerns(&self, other: usize) -> bool {
        let (was, history) = self.histories();
        !self.minds.forgets_bygones && (other == self.who || history != was)
    }
    /// Whether this priest is judged with the one who acted.
    fn opposes(&self, other: usize) -> bool {
        let (mine, minds) = (self.situation(self.who), self.minds);
        let has_changed = minds.forgets_bygones || minds.situation(self.before[self.who]) != mine;
        let (one, two) = (minds.brief(mine), minds.brief(self.situation(other)));
        let is_silent = (one | two) & TRYING == 0 && one & two & KNOWS == 0;
        other != self.who && has_changed && !is_silent
    }
}

/// Findings about a state that were made before: of priests and B, and of pairs of priests; a bit
/// for each priest.
struct Held {
    agreed: u8,
    paired: u8,
}

impl Judge {
    /// The first of these cases in which a rule is broken, and every rule that is broken there.
    pub(super) fn first_broken<W: World>(
        &mut self,
        cases: &[Case<'_, W>],
    ) -> Option<(usize, Vec<Breach>)> {
        // All of them are asked for at once: each alone would be waited for.
        let held: Vec<Held> = cases.iter().map(|case| self.held(case)).collect();
        let found = cases.iter().zip(held).map(|(case, held)| self.judge(case, &held));
        found.enumerate().find(|(_, breaches)| !breaches.is_empty())
    }

    fn held<W: World>(&self, case: &Case<'_, W>) -> Held {
        let mut held = Held { agreed: 0, paired: 0 };
        let ((_, history), mine) = (case.histories(), case.situation(case.who));
        for other in 0..case.priests() {
            let his = case.situation(other);
            let agreed = case.concerns(other) && self.agreed.contains(&pair(his, history));
            let paired = case.opposes(other) && self.paired.contains(&pair(mine, his));
            held.agreed |= u8::from(agreed) << other;
            held.paired |= u8::from(paired) << other;
        }
        held
    }

    /// Every rule that is found broken.
    fn judge<W: World>(&mut self, case: &Case<'_, W>, held: &Held) -> Vec<Breach> {
        let forgets = case.minds.forgets_bygones;
        let mut found = Vec::new();
        let (was, history) = case.histories();
        if history != was && !forgets {
            self.sights |= case.moments.sights(history);
            found.extend_from_slice(case.moments.breaches(history));
        }
        for other in 0..case.priests() {
            if held.agreed >> other & 1 == 0 && case.concerns(other) {
                self.of_mind(case, other, history, &mut found);
            }
            if held.paired >> other & 1 == 0 && case.opposes(other) {
                self.of_pair(case, other, &mut found);
            }
        }
        if !forgets {
            self.of_letters(case, (was, history), &mut found);
            self.look(case);
        }
        found
    }

    fn of_mind<W: World>(
        &mut self,
        case: &Case<'_, W>,
        other: usize,
        history: u32,
        found: &mut Vec<Breach>,
    ) {
        let situation = case.situation(other);
        if self.agreed.contains(&pair(situation, history)) {
            return;
        }
        self.asked += 1;
        let (mind, seen) = (case.minds.mind(situation), case.moments.history(history));
        let breaches = watched(&case.minds.world, case.minds.world.judge_mind(mind, seen));
        if breaches.is_empty() {
            self.agreed.insert(pair(situation, history));
        }
        found.extend(breaches);
    }

    fn of_pair<W: World>(&mut self, case: &Case<'_, W>, other: usize, found: &mut Vec<Breach>) {
        let (mine, his) = (case.situation(case.who), case.situation(other));
        if self.paired.contains(&pair(mine, his)) {
            return;
        }
        self.asked += 1;
        let minds = case.minds;
        let breaches = minds.world.judge_pair(minds.mind(mine), minds.mind(his));
        let breaches = watched(&minds.world, breaches);
        if breaches.is_empty() {
            self.paired.insert(pair(mine, his));
        }
        found.extend(breaches);
    }

    /// I7, up to the first letter that says what is not so. Letters that were judged where he comes
    /// from are not judged again.
    fn of_letters<W: World>(
        &mut self,
        case: &Case<'_, W>,
        (was, history): (u32, u32),
        found: &mut Vec<Breach>,
    ) {
        let (minds, who) = (case.minds, case.who);
        let (sent, sent_before) = (minds.sent(case.now[who]), minds.sent(case.before[who]));
        let has_sent = minds.sent_id(case.now[who]) != minds.sent_id(case.before[who]);
        let is_again = W::JUDGES_LETTERS_AGAIN && history != was;
        let mut mail = std::mem::take(&mut self.mail);
        if is_again {
            minds.under_way(&case.now[..case.priests()], &mut mail);
        } else if has_sent {
            mail.copy(sent);
            mail.remove(sent_before);
        }
        let asked = &mut self.asked;
        if is_again || has_sent {
            let against = |letter: u32| {
                let (from, letter) = minds.letter(letter);
                let history = case.moments.history(history);
                watched(&minds.world, minds.world.judge_letter(from, &letter.message, history))
            };
            let borne_out = at(&mut self.borne_out, history as usize);
            judge_letters(&mail, borne_out, asked, against, found);
        }
        self.mail = mail;
        let situation = case.situation(who);
        if W::JUDGES_LETTERS_AGAIN && (has_sent || situation != minds.situation(case.before[who])) {
            let against = |letter: u32| {
                let (_, letter) = minds.letter(letter);
                let sender = minds.mind(situation);
                watched(&minds.world, minds.world.judge_sender(&letter.message, sender))
            };
            let vouched = at(&mut self.vouched, situation as usize);
            judge_letters(sent, vouched, asked, against, found);
        }
    }

    fn look<W: World>(&mut self, case: &Case<'_, W>) {
        let briefs = (0..case.priests()).map(|who| case.minds.brief(case.situation(who)));
        if self.sights & TWO_PRESIDENTS == 0
            && briefs.clone().filter(|brief| brief & BUSY != 0).count() > 1
        {
            self.sights |= TWO_PRESIDENTS;
        }
        if self.sights & ALL_KNOW == 0 && briefs.clone().all(|brief| brief & KNOWS != 0) {
            self.sights |= ALL_KNOW;
        }
    }
}

/// Those breaches for which the gods watch.
fn watched<W: World>(world: &W, mut breaches: Vec<Breach>) -> Vec<Breach> {
    breaches.retain(|breach| world.watch().contains(&breach.rule));
    breaches
}

/// Judges letters of which it is not known yet that they are borne out.
fn judge_letters(
    letters: &LetterSet,
    borne_out: &mut LetterSet,
    asked: &mut u64,
    against: impl Fn(u32) -> Vec<Breach>,
    found: &mut Vec<Breach>,
) {
    for word in 0..letters.words() {
        for letter in bits(word, letters.word(word) & !borne_out.word(word)) {
            *asked += 1;
            let breaches = against(letter);
            if !breaches.is_empty() {
                found.extend(breaches);
                return;
            }
            borne_out.put(letter);
        }
    }
}

fn at(sets: &mut Vec<LetterSet>, at: usize) -> &mut LetterSet {
    if sets.len() <= at {
        sets.resize(at + 1, LetterSet::default());
    }
    &mut sets[at]
}
