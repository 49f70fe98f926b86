//! Whether every rule holds in a new state, as far as it speaks of what has changed.

use std::collections::HashSet;

use super::letters::{LetterSet, bits};
use super::minds::Minds;
use super::moments::Moments;
use super::scope::MOST_PRIESTS;
use super::visited::{FoldHash, Key, pair};
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

/// A state in which `who` has just done something, the state before, and what is asked about it.
pub(super) struct Case<'a, W: World> {
    minds: &'a Minds<W>,
    moments: &'a Moments<W>,
    who: usize,
    before: Key,
    now: Key,
    /// The histories before and now.
    histories: (u32, u32),
    /// Each priest's, now.
    situations: [u32; MOST_PRIESTS],
    /// The priests to judge with B: the priest who acted, or all of them if B has changed; nobody
    /// where B is forgotten.
    concerned: Bits,
    /// The priests to judge with the one who acted, if he is in another situation than before:
    /// those with whom he may disagree.
    opposed: Bits,
}

/// Some of the priests, a bit for each.
type Bits = u8;

fn bit(who: usize) -> Bits {
    1 << who
}

impl<'a, W: World> Case<'a, W> {
    pub(super) fn new(
        (minds, moments): (&'a Minds<W>, &'a Moments<W>),
        who: usize,
        before: Key,
        now: Key,
    ) -> Case<'a, W> {
        let priests = minds.names.len();
        let history = |key: &Key| moments.get(key[priests]).history;
        let histories = (history(&before), history(&now));
        let mut situations = [0; MOST_PRIESTS];
        for (situation, &position) in situations.iter_mut().zip(&now[..priests]) {
            *situation = minds.situation(position);
        }
        let concerned = match histories {
            _ if minds.forgets_bygones => 0,
            (was, is) if was == is => bit(who),
            _ => bit(priests) - 1,
        };
        let (mine, mut opposed) = (situations[who], 0);
        if minds.forgets_bygones || minds.situation(before[who]) != mine {
            let one = minds.brief(mine);
            for other in (0..priests).filter(|&other| other != who) {
                let two = minds.brief(situations[other]);
                let is_silent = (one | two) & TRYING == 0 && one & two & KNOWS == 0;
                opposed |= if is_silent { 0 } else { bit(other) };
            }
        }
        Case { minds, moments, who, before, now, histories, situations, concerned, opposed }
    }

    fn priests(&self) -> usize {
        self.minds.names.len()
    }

    /// The situation of a priest and the history.
    fn beside_history(&self, other: usize) -> u64 {
        pair(self.situations[other], self.histories.1)
    }

    /// The situations of the priest who acted and of another.
    fn beside(&self, other: usize) -> u64 {
        pair(self.situations[self.who], self.situations[other])
    }
}

impl Judge {
    /// The first of these cases in which a rule is broken, and every rule that is broken there.
    pub(super) fn first_broken<W: World>(
        &mut self,
        mut cases: Vec<Case<'_, W>>,
    ) -> Option<(usize, Vec<Breach>)> {
        // All of them are asked for at once: each alone would be waited for.
        cases.iter_mut().for_each(|case| self.leave_out_known(case));
        let found = cases.iter().map(|case| self.judge(case));
        found.enumerate().find(|(_, breaches)| !breaches.is_empty())
    }

    /// Takes away the questions that were answered before: no rule was broken.
    fn leave_out_known<W: World>(&self, case: &mut Case<'_, W>) {
        for other in 0..case.priests() {
            if case.concerned & bit(other) != 0 && self.agreed.contains(&case.beside_history(other))
            {
                case.concerned &= !bit(other);
            }
            if case.opposed & bit(other) != 0 && self.paired.contains(&case.beside(other)) {
                case.opposed &= !bit(other);
            }
        }
    }

    /// Every rule that is found broken.
    fn judge<W: World>(&mut self, case: &Case<'_, W>) -> Vec<Breach> {
        let forgets = case.minds.forgets_bygones;
        let mut found = Vec::new();
        let (was, history) = case.histories;
        if history != was && !forgets {
            self.sights |= case.moments.sights(history);
            found.extend_from_slice(case.moments.breaches(history));
        }
        if case.concerned | case.opposed != 0 {
            for other in 0..case.priests() {
                if case.concerned & bit(other) != 0 {
                    self.of_mind(case, other, &mut found);
                }
                if case.opposed & bit(other) != 0 {
                    self.of_pair(case, other, &mut found);
                }
            }
        }
        if !forgets {
            self.of_letters(case, &mut found);
            self.look(case);
        }
        found
    }

    fn of_mind<W: World>(&mut self, case: &Case<'_, W>, other: usize, found: &mut Vec<Breach>) {
        if self.agreed.contains(&case.beside_history(other)) {
            return;
        }
        self.asked += 1;
        let mind = case.minds.mind(case.situations[other]);
        let seen = case.moments.history(case.histories.1);
        let breaches = watched(&case.minds.world, case.minds.world.judge_mind(mind, seen));
        if breaches.is_empty() {
            self.agreed.insert(case.beside_history(other));
        }
        found.extend(breaches);
    }

    fn of_pair<W: World>(&mut self, case: &Case<'_, W>, other: usize, found: &mut Vec<Breach>) {
        if self.paired.contains(&case.beside(other)) {
            return;
        }
        self.asked += 1;
        let (minds, of) = (case.minds, |who: usize| case.minds.mind(case.situations[who]));
        let breaches = minds.world.judge_pair(of(case.who), of(other));
        let breaches = watched(&minds.world, breaches);
        if breaches.is_empty() {
            self.paired.insert(case.beside(other));
        }
        found.extend(breaches);
    }

    /// I7, up to the first letter that says what is not so. Letters that were judged where he comes
    /// from are not judged again.
    fn of_letters<W: World>(&mut self, case: &Case<'_, W>, found: &mut Vec<Breach>) {
        let (minds, who, (was, history)) = (case.minds, case.who, case.histories);
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
        let situation = case.situations[who];
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
        const SOUGHT: u16 = TWO_PRESIDENTS | ALL_KNOW;
        if self.sights & SOUGHT == SOUGHT {
            return;
        }
        let situations = &case.situations[..case.priests()];
        let briefs = situations.iter().map(|&situation| case.minds.brief(situation));
        if briefs.clone().filter(|brief| brief & BUSY != 0).count() > 1 {
            self.sights |= TWO_PRESIDENTS;
        }
        if briefs.clone().all(|brief| brief & KNOWS != 0) {
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
