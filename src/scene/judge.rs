//! The rules broken in a scene, and the rows that break them: the clauses of [`invariants`], each asked
//! of what it speaks of.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::moves::row_in_words;
use super::seat::{Mind, Seat};
use super::setting::{Level, Setting};
use super::stage::Scene;
use crate::explore::parliament::conduct::Member;
use crate::explore::parliament::rules;
use crate::invariants::{self, Breach, Invariant, View};
use crate::synod::Priest;
use crate::words::ballot::SYNODS_DECREE;
use crate::words::{DecreeNumber, Entry, Membership, Name};

/// A rule that is broken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Broken {
    /// The rule.
    pub rule: Invariant,
    /// The values that break it.
    pub why: String,
    /// The rows that do, each with its owner.
    pub rows: Vec<(Name, Arc<Entry>)>,
}

/// The rules of a scene: all of its level, but for clauses that do not fit what a heretic of it does.
pub(super) fn watched(setting: &Setting) -> Vec<Invariant> {
    let all = match setting.level {
        Level::Parliament => Invariant::OF_PARLIAMENT,
        Level::Basic | Level::Synod => Invariant::OF_SYNOD,
    };
    let mut all = all.to_vec();
    for heresy in setting.heretics.values() {
        let fit = heresy.watched();
        all.retain(|rule| fit.contains(rule));
    }
    all
}

/// Collects what is broken, each once.
struct Judge<'a> {
    scene: &'a Scene,
    watched: Vec<Invariant>,
    found: Vec<Broken>,
}

impl Scene {
    /// The broken rules, and the rows that break them.
    #[must_use]
    pub fn broken(&self) -> Vec<Broken> {
        judge(self)
    }
}

fn judge(scene: &Scene) -> Vec<Broken> {
    let mut judge = Judge { scene, watched: watched(&scene.setting), found: Vec::new() };
    let all: Vec<Name> = scene.seats.keys().copied().collect();
    judge.take(scene.history.judge(|number| members_of(scene, number)), &all);
    let minds: Vec<Who> = scene.seats.values().filter_map(|seat| Who::of(seat)).collect();
    for (at, one) in minds.iter().enumerate() {
        judge.take(one.alone(scene), &[one.name()]);
        for other in &minds[at + 1..] {
            judge.take(one.beside(other), &[one.name(), other.name()]);
        }
    }
    for carried in &scene.bag {
        let (from, message) = (carried.from, &carried.letter.message);
        let ballots = &scene.history.ballots;
        let breaches = match minds.iter().find(|who| who.name() == from) {
            Some(Who::Priest(sender)) => {
                let ballots = ballots.get(&SYNODS_DECREE).map_or(&[][..], Vec::as_slice);
                let mut breaches = invariants::of_letter(from, message, ballots);
                breaches.extend(invariants::of_sender(message, &View::of(sender)));
                breaches
            }
            _ => rules::of_letter_under_way(from, message, ballots),
        };
        judge.take(breaches, &[from]);
    }
    judge.found
}

/// The voters on a decree number: those of the founding through the first α numbers; after them, as
/// the law says that is known furthest. `[PTP §3.3.6]`
fn members_of(scene: &Scene, number: DecreeNumber) -> &Membership {
    let legislators = scene.seats.values().filter_map(|seat| match &seat.mind {
        Mind::Parliament(legislator) => Some(legislator),
        _ => None,
    });
    let furthest = legislators.max_by_key(|legislator| legislator.pages().complete_through());
    match furthest.filter(|_| number > scene.founding.alpha) {
        Some(legislator) => legislator.membership_for(number),
        None => &scene.founding.membership,
    }
}

impl Judge<'_> {
    fn take(&mut self, breaches: Vec<Breach>, owners: &[Name]) {
        for Breach { rule, why } in breaches {
            if !self.watched.contains(&rule) {
                continue;
            }
            let rows = self.rows(rule, &why, owners);
            // The Synod has one decree, whose number nobody asks for.
            let why = match self.scene.setting.level {
                Level::Parliament => why,
                _ => why.replace("of decree 1, ", ""),
            };
            if !self.found.iter().any(|it| it.rule == rule && it.why == why) {
                self.found.push(Broken { rule, why, rows });
            }
        }
    }

    /// The rows of these owners of which a rule speaks; of those, the ones whose values are named.
    fn rows(&self, rule: Invariant, why: &str, owners: &[Name]) -> Vec<(Name, Arc<Entry>)> {
        let kinds: &[&str] = match rule {
            Invariant::Consistency | Invariant::I1 | Invariant::Law | Invariant::Once => {
                &["outcome"]
            }
            Invariant::I2 => &["lastTried", "beginBallot"],
            Invariant::I3 => &["prevVote", "nextBal"],
            Invariant::I4 => &["nextBal", "prevVote"],
            Invariant::I5 => &["beginBallot", "prevVote"],
            Invariant::B1 | Invariant::B2 | Invariant::B3 | Invariant::I6 | Invariant::Order => {
                &["beginBallot"]
            }
            Invariant::I7 => &["lastTried", "nextBal", "prevVote", "outcome"],
            _ => &[],
        };
        let of = |name: &Name| {
            let rows = self.scene.seats.get(name).map(|seat| seat.rows.as_slice());
            let name = *name;
            rows.unwrap_or_default().iter().map(move |row| (name, Arc::clone(row)))
        };
        let mut rows: Vec<(Name, Arc<Entry>)> =
            owners.iter().flat_map(of).filter(|(_, row)| kinds.contains(&row.kind())).collect();
        // A later note supersedes an earlier one.
        let mut seen = BTreeSet::new();
        rows.reverse();
        rows.retain(|(name, row)| seen.insert((*name, note(row))));
        rows.reverse();
        let named = |row: &Entry| {
            let words = row_in_words(row);
            let mut values = words.split(' ').filter(|word| word.contains('.'));
            values.next().is_some_and(|ballot| why.contains(ballot))
        };
        if rows.iter().any(|(_, row)| named(row)) {
            rows.retain(|(_, row)| named(row));
        }
        rows
    }
}

/// A note, of which only the last row counts; any other row is one by itself.
fn note(row: &Entry) -> String {
    match row {
        Entry::LastTried { .. } | Entry::NextBal { .. } => row.kind().into(),
        Entry::PrevVote { number, .. } => format!("prevVote {number}"),
        _ => row_in_words(row),
    }
}

/// A priest or a legislator, as the rules ask for him.
enum Who {
    Priest(Box<Priest>),
    Member(Box<Member>),
}

impl Who {
    fn of(seat: &Seat) -> Option<Who> {
        Some(match &seat.mind {
            Mind::Basic(situation) => Who::Priest(Box::new(situation.priest.clone())),
            Mind::Synod(initiator) => Who::Priest(Box::new(initiator.priest().clone())),
            Mind::Parliament(legislator) => {
                let rows = seat.rows.iter().map(|row| (**row).clone());
                Who::Member(Box::new(Member::with_rows((***legislator).clone(), rows)))
            }
        })
    }

    fn name(&self) -> Name {
        use crate::synod::Mortal as _;
        match self {
            Who::Priest(priest) => priest.name(),
            Who::Member(member) => member.mind.name(),
        }
    }

    fn alone(&self, scene: &Scene) -> Vec<Breach> {
        let ballots = &scene.history.ballots;
        match self {
            Who::Priest(priest) => {
                let ballots = ballots.get(&SYNODS_DECREE).map_or(&[][..], Vec::as_slice);
                invariants::of_priest(&View::of(priest), ballots)
            }
            Who::Member(member) => rules::of_member(member, ballots),
        }
    }

    fn beside(&self, other: &Who) -> Vec<Breach> {
        match (self, other) {
            (Who::Priest(one), Who::Priest(other)) => {
                invariants::of_pair(&View::of(one), &View::of(other))
            }
            (Who::Member(one), Who::Member(other)) => rules::of_pair(one, other),
            _ => Vec::new(),
        }
    }
}
