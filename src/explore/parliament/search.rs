//! The search: breadth first, so that the first run found is a shortest one.

use std::collections::HashSet;

use super::super::conduct::Upshot;
use super::super::hands::deepen_all;
use super::super::pages::Power;
use super::super::scope::ScopeError;
use super::super::search::Findings;
use super::super::story::{Chapter, Story};
use super::super::visited::{FoldHash, Visited};
use super::conduct::Member;
use super::histories::Histories;
use super::members::{Code, Mail, Members, send};
use super::rules;
use super::scope::Sitting;
use crate::creeds::Usual;
use crate::invariants::Breach;

/// A state of the world.
#[derive(Clone, Copy)]
struct World {
    mail: Mail,
    situations: [u16; 5],
    history: u32,
    tries: u8,
    returns: u8,
}

/// A state, packed into words.
type Packed = [u64; 6];

impl World {
    fn pack(&self) -> Packed {
        let [a, b, c, d, e] = self.situations.map(u64::from);
        let [w, x, y, z] = self.mail;
        let counts = u64::from(self.tries) << 8 | u64::from(self.returns);
        [
            w,
            x,
            y,
            z,
            a << 48 | b << 32 | c << 16 | d,
            u64::from(self.history) << 32 | e << 16 | counts,
        ]
    }

    fn unpack([w, x, y, z, members, rest]: Packed) -> World {
        World {
            mail: [w, x, y, z],
            situations: [
                (members >> 48) as u16,
                (members >> 32) as u16,
                (members >> 16) as u16,
                members as u16,
                (rest >> 16) as u16,
            ],
            history: (rest >> 32) as u32,
            tries: (rest >> 8) as u8,
            returns: rest as u8,
        }
    }
}

/// Where a state was first reached from.
#[derive(Clone, Copy)]
struct Came {
    from: u32,
    who: u8,
    code: Code,
    power: Power,
}

/// Why a search ends before its end.
enum Stop {
    Broken(Vec<Breach>),
    Scope(ScopeError),
}

impl From<ScopeError> for Stop {
    fn from(error: ScopeError) -> Stop {
        Stop::Scope(error)
    }
}

/// The search of one world, in which it is settled who tries when.
struct Search<'a> {
    of: &'a Sitting<'a>,
    /// Who tries the first ballot, who the second, and so on.
    roll: Vec<usize>,
    members: Members<'a>,
    histories: Histories,
    visited: Visited<6>,
    came: Vec<Came>,
    /// Where the states of the deepest level begin.
    level: usize,
    transitions: u64,
    clauses: u64,
    /// Situations and B, and pairs of situations, that were found to agree; each in one word.
    agreed: HashSet<u64, FoldHash>,
    paired: HashSet<u64, FoldHash>,
}

/// Searches every state within the scope, or until a rule is found broken; `watcher` is told of
/// the states so far, level by level.
///
/// # Errors
/// [`ScopeError`] when a state has no room for this scope.
pub fn explore(
    sitting: &Sitting<'_>,
    mut watcher: impl FnMut(&Findings),
) -> Result<Findings, ScopeError> {
    sitting.check()?;
    let rolls = sitting.rolls().into_iter();
    let mut searches: Vec<Search<'_>> =
        rolls.map(|roll| Search::new(sitting, roll)).collect::<Result<_, _>>()?;
    let mut depth = 0;
    loop {
        let mut grows = false;
        let deepened = deepen_all(&mut searches, Search::waiting, Search::deepen);
        for (at, deepened) in deepened.into_iter().enumerate() {
            match deepened {
                Ok(grown) => grows |= grown,
                Err(Stop::Scope(error)) => return Err(error),
                Err(Stop::Broken(breaches)) => {
                    let mut findings = count(&searches, depth + 1);
                    findings.breach = Some(searches[at].tell(breaches));
                    return Ok(findings);
                }
            }
        }
        depth += u32::from(grows);
        let findings = count(&searches, depth);
        if !grows {
            return Ok(findings);
        }
        watcher(&findings);
    }
}

fn count(searches: &[Search<'_>], depth: u32) -> Findings {
    let mut sum = Findings { depth, worlds: searches.len(), ..Findings::default() };
    for search in searches {
        sum.states += search.visited.len() as u64;
        sum.transitions += search.transitions;
        sum.situations += search.members.len();
        sum.histories += search.histories.len();
        sum.clauses += search.clauses;
        sum.bytes += search.visited.bytes() + search.came.capacity() * size_of::<Came>();
    }
    sum
}

impl<'a> Search<'a> {
    fn new(of: &'a Sitting<'a>, roll: Vec<usize>) -> Result<Search<'a>, ScopeError> {
        let (members, mail) = Members::new(of)?;
        let mut visited = Visited::new();
        let first = World { mail, situations: [0; 5], history: 0, tries: 0, returns: 0 };
        visited.insert(first.pack());
        Ok(Search {
            of,
            roll,
            histories: Histories::new((*members.founding).clone()),
            members,
            visited,
            came: vec![Came { from: 0, who: 0, code: Code::Return, power: Power::Holds }],
            level: 0,
            transitions: 0,
            clauses: 0,
            agreed: HashSet::default(),
            paired: HashSet::default(),
        })
    }

    fn waiting(&self) -> usize {
        self.visited.len() - self.level
    }

    /// Goes one event further; false when there is nothing further.
    fn deepen(&mut self) -> Result<bool, Stop> {
        let (from, to) = (self.level, self.visited.len());
        self.level = to;
        (from..to).try_for_each(|at| self.visit(at))?;
        Ok(self.visited.len() > to)
    }

    /// Everything that may happen next.
    fn visit(&mut self, at: usize) -> Result<(), Stop> {
        let world = World::unpack(self.visited.get(at));
        for who in 0..self.of.scope.priests {
            let mut codes = Vec::new();
            if self.roll.get(usize::from(world.tries)) == Some(&who) {
                codes.push(Code::Hourglass);
            }
            let news = self.members.news(who, world.situations[who], &world.mail);
            codes.extend(news.into_iter().map(Code::Read));
            for code in codes {
                self.happen(at, &world, who, code, Power::Holds)?;
                if u16::from(world.returns) < self.of.scope.restarts {
                    self.happen(at, &world, who, code, Power::Fails)?;
                }
            }
            if u16::from(world.returns) < self.of.scope.restarts {
                self.happen(at, &world, who, Code::Return, Power::Holds)?;
            }
        }
        Ok(())
    }

    fn happen(
        &mut self,
        at: usize,
        world: &World,
        who: usize,
        code: Code,
        power: Power,
    ) -> Result<(), Stop> {
        let answer = self.members.ask(who, world.situations[who], code, power)?;
        let Some(answer) = answer else { return Ok(()) };
        let mut next = *world;
        next.situations[who] = answer.after;
        next.tries += answer.tries;
        next.returns += u8::from(code == Code::Return || power == Power::Fails);
        if usize::from(next.tries) > self.of.scope.ballots {
            return Ok(());
        }
        let new = send(&mut next.mail, &answer.letters);
        if answer.sighting != 0 {
            let (name, rows) = self.members.sighting(answer.sighting);
            next.history = self.histories.after(world.history, answer.sighting, name, rows);
        }
        if next.pack() == world.pack() {
            return Ok(());
        }
        self.transitions += 1;
        if !self.visited.insert(next.pack()) {
            return Ok(());
        }
        self.came.push(Came { from: at as u32, who: who as u8, code, power });
        let breaches = self.judge(world, &next, who, &new);
        if breaches.is_empty() { Ok(()) } else { Err(Stop::Broken(breaches)) }
    }

    /// Every rule that speaks of what has changed, as far as it is watched.
    fn judge(&mut self, before: &World, now: &World, who: usize, new: &[usize]) -> Vec<Breach> {
        let mut found = Vec::new();
        if now.history != before.history {
            found.extend_from_slice(self.histories.breaches(now.history));
        }
        let ballots = self.histories.ballots(now.history);
        for other in 0..self.of.scope.priests {
            let (mine, his) = (now.situations[who], now.situations[other]);
            let member = self.members.member(other, his);
            let changed = other == who || now.history != before.history;
            let seen = (other as u64) << 48 | u64::from(his) << 32 | u64::from(now.history);
            if changed && self.agreed.insert(seen) {
                self.clauses += 1;
                found.extend(rules::of_member(member, ballots));
            }
            let pair = (who as u64) << 48 | u64::from(mine) << 32 | (other as u64) << 16;
            if other != who && self.paired.insert(pair | u64::from(his)) {
                self.clauses += 1;
                found.extend(rules::of_pair(self.members.member(who, mine), member));
            }
        }
        for &letter in new {
            self.clauses += 1;
            let (from, letter) = self.members.letter(letter);
            found.extend(rules::of_letter_under_way(from, &letter.message, ballots));
        }
        found.retain(|breach| self.of.watch.contains(&breach.rule));
        found
    }

    /// The run that led to the last state met, in which these rules are broken.
    fn tell(&self, breaches: Vec<Breach>) -> Story {
        let mut path = vec![self.came.len() - 1];
        while let Some(&at) = path.last()
            && at != 0
        {
            path.push(self.came[at].from as usize);
        }
        path.reverse();
        let chapter = |hop: &[usize]| {
            let Came { who, code, power, .. } = self.came[hop[1]];
            let situation = World::unpack(self.visited.get(hop[0])).situations[usize::from(who)];
            self.chapter(usize::from(who), situation, code, power)
        };
        let chapters = path.windows(2).map(chapter).collect();
        let last = World::unpack(self.visited.get(self.came.len() - 1));
        let ballots = self.histories.ballots(last.history).clone();
        let founding = (*self.members.founding).clone();
        Story { founding, chapters, breaches, ballots }
    }

    fn chapter(&self, who: usize, situation: u16, code: Code, power: Power) -> Chapter {
        let meet = |custom| self.members.meet(who, situation, code, power, custom);
        let (upshot, honest) = (meet(self.of.custom), meet(&Usual));
        let name = self.members.names[who];
        // What goes on in his mind is his own; to others his deeds tell.
        let deeds = |upshot: &Option<Upshot<Member>>| {
            let told = |it: &Upshot<Member>| {
                (it.letters.clone(), it.seen.clone(), it.stays.clone(), it.steps.len())
            };
            upshot.as_ref().map(told)
        };
        let heresy = (deeds(&upshot) != deeds(&honest)).then(|| {
            let steps = honest.map(|honest| honest.steps).unwrap_or_default();
            let acts: Vec<String> = steps.iter().map(|step| step.act.to_string()).collect();
            let does = if acts.is_empty() { "does nothing here".into() } else { acts.join("; ") };
            let fails =
                if power == Power::Fails { ", and of what is not dry nothing is left" } else { "" };
            format!("by the paper {name} {does}{fails}")
        });
        Chapter::of(name, self.members.event(code), power, upshot, heresy)
    }
}
